"""Make planted faults of one section from its structured claims, and choose one; what cannot be proven wrong is not made. Pure."""

import random
from collections.abc import Sequence

from drafting.model import EvidencePack
from drafting.probes.model import Probe
from drafting.readmodel import SectionView
from prompts.outline import SectionOutline


def candidates(view: SectionView, pack: EvidencePack, outline: SectionOutline) -> list[Probe]:
    """Return every fault that is eligible in a section as it reads, in a fixed order."""
    raise NotImplementedError


def choose(probes: Sequence[Probe], rng: random.Random) -> Probe:
    """Return one of the faults, each family as likely as another."""
    raise NotImplementedError
