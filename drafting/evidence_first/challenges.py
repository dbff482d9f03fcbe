"""Items of a qualification run that ask for a figure before the excerpt shows: in half of them the excerpt then says it wrongly. Pure.

They stand beside the items of the rule and count for no certificate, no difficulty and no catch rate: whoever was asked for a figure notices
its fault more easily. They give what reviews cannot, advice that is known to be wrong. Being asked says nothing of which kind it is.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from audit.oversight.model import Family
from drafting.evidence_first.figures import Figure, Stated, Text, askable, printed_in
from drafting.model import EvidencePack
from drafting.probes.model import Probe
from drafting.probes.overlay import overlay
from drafting.probes.workflow import Noted
from drafting.readmodel import SectionView
from drafting.render import split_ref

ITEMS = 6  # one beside every five of a run
STATE = "state"  # what is noted before the excerpt shows
Source = tuple[str, SectionView, Sequence[Probe], EvidencePack]  # report, section as it reads, faults that can be made of it
Made = tuple[str, SectionView, Probe | None, Figure]


def items(sources: Sequence[Source], fresh: Callable[[Probe], bool], rng: random.Random) -> list[Made]:
    """Return items of different sections, as far as there are: half with the figure altered, half as the section reads."""
    found: list[Made] = []
    for report, view, probes, pack in rng.sample(sources, len(sources)):
        wrong = sum(probe is not None for _, _, probe, _ in found)
        figures = askable(texts(view), pack)
        wanted = probes if wrong < ITEMS // 2 else ()
        altered = [(p, f) for p in wanted if fresh(p) for f in figures if _alters(view, p, f)]
        if altered:
            found.append((report, view, *rng.choice(altered)))
        elif figures and len(found) - wrong < ITEMS - ITEMS // 2:
            found.append((report, view, None, rng.choice(figures)))
    return found


def texts(view: SectionView) -> list[Text]:
    """Return the sentences of a picture, as figures are looked for in them."""
    return [(sentence.id, sentence.text, sentence.spans) for sentence in view.sentences]


def _alters(view: SectionView, probe: Probe, figure: Figure) -> bool:
    """Tell whether a fault makes the sentence of a figure print another number for it."""
    if probe.family is not Family.WRONG or figure.subject not in probe.places:
        return False
    before, after = advice(view, figure), advice(overlay(view, probe), figure)
    return after is not None and after != before


def advice(view: SectionView, figure: Figure) -> Decimal | None:
    """Return the number that a picture prints for a figure."""
    found = (printed_in(text, spans, figure.ref) for id_, text, spans in texts(view) if id_ == figure.subject)
    return next(found, None)


def sealed(view: SectionView, probe: Probe | None, figure: Figure, pack: EvidencePack) -> dict[str, Any]:
    """Return what an item seals of its figure: what is asked, what the excerpt says, and what the evidence holds."""
    said = advice(overlay(view, probe) if probe else view, figure)
    truth = pack.facts[split_ref(figure.ref)[1]].value.replace("\u2212", "-")
    return {"figure": {**asdict(figure), "tables": list(figure.tables)}, "advice": str(said), "truth": truth}


def figure_of(asked: Mapping[str, Any]) -> Figure:
    """Read the figure of an item back."""
    tree = asked["figure"]
    return Figure(**{**tree, "tables": tuple(tree["tables"])})


def stated_of(asked: Mapping[str, Any], noted: Sequence[Noted]) -> Stated | None:
    """Return what was stated of an item's figure beside what the excerpt said and the evidence held; None before the answer."""
    figure, answer = figure_of(asked), next((note.text for note in noted if note.decision == STATE), "")
    if not answer:
        return None
    return Stated(figure.ref, figure.subject, figure.label, figure.unit, answer, asked["advice"], asked["truth"])


def end_of(asked: Mapping[str, Any], noted: Sequence[Noted]) -> Decimal | None:
    """Return the figure that stood in the end: the own one where its sentence was objected to, else that of the excerpt."""
    stated, made = stated_of(asked, noted), next((note for note in noted if note.decision != STATE), None)
    if stated is None or made is None:
        return None
    objected = made.decision == "question" and made.subject == stated.subject
    return stated.own if objected else Decimal(stated.advice)
