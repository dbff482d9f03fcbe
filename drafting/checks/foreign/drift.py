"""Judge which way a result of one thing went over a time: "the viscosity of batch 2 increased during six months at 40 °C". Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drafting.checks.foreign.selecting import course
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text
    from drafting.checks.foreign.reading import Reading

UP = frozenset(("increased", "increase", "increases", "rose", "grew", "climbed"))
DOWN = frozenset(("decreased", "decrease", "decreases", "fell", "dropped", "declined", "sank"))
_NOT = frozenset(("not", "never", "no", "neither", "nor", "hardly", "barely", "without"))


def judge_drift(reading: "Reading", text: "Text") -> Iterator[Judged]:
    """Return the verdict on the one word that says which way a result of the one named thing went from the first of its times to the one said."""
    low = [w.text.casefold() for w in reading.words]
    verbs = [k for k, w in enumerate(low) if w in UP | DOWN]
    named = [m for m in reading.entities if verbs and m.last < verbs[0]]
    if len(verbs) != 1 or len(named) != 1 or len(named[0].what) != 1 or _NOT & set(low):
        return
    found = list(course(reading, verbs[0], text))
    ends = [[number_of(cell.literal) for cell in pair] for pair, _ in found]
    if len(found) != 1 or any(n is None or n.sign for n in ends[0]):
        return
    first, last = (n.value for n in ends[0] if n is not None)
    right = last > first if low[verbs[0]] in UP else last < first
    yield held_against(reading.words[verbs[0] : verbs[0] + 1], "direction", found[0][1], right=right, kind="word")
