"""Make planted faults of one section from its structured claims, and choose one; what cannot be proven wrong is not made. Pure."""

import random
from collections.abc import Sequence
from itertools import chain

from audit.oversight.difficulty import Difficulty
from audit.oversight.model import Family, Severity
from drafting.model import EvidencePack
from drafting.probes import flags, missing, wrong
from drafting.probes.claims import Material
from drafting.probes.making import Maker
from drafting.probes.model import Probe
from drafting.probes.oracle import proven
from drafting.readmodel import SectionView
from prompts.outline import SectionOutline

CRITICAL_SHARE = 0.2  # of the faults that are planted, at most
WEIGHTS = {Family.WRONG: 0.5, Family.MISSING: 0.3, Family.TOOL_MISS: 0.1, Family.TOOL_FALSE: 0.1}


def candidates(
    view: SectionView, pack: EvidencePack, outline: SectionOutline, difficulty: Difficulty | None = None
) -> list[Probe]:
    """Return every fault that is eligible in a section as it reads, in a fixed order; each is proven wrong a second time."""
    material = Material(view, pack, outline)
    maker = Maker(material, difficulty or Difficulty())
    made = chain(wrong.faults(maker), missing.faults(maker), flags.faults(maker))
    return [probe for probe in made if proven(material, probe)]


def choose(probes: Sequence[Probe], rng: random.Random) -> Probe:
    """Return one of the faults: a family first, then a type, then an instance, so that what is frequent in a text is not frequent here."""
    critical = rng.random() < CRITICAL_SHARE
    fitting = [p for p in probes if (p.severity is Severity.CRITICAL) is critical] or list(probes)
    families = sorted({p.family for p in fitting}, key=str)
    family = rng.choices(families, [WEIGHTS[f] for f in families])[0]
    fault = rng.choice(sorted({p.fault for p in fitting if p.family is family}, key=str))
    return rng.choice([p for p in fitting if p.fault is fault])
