"""Join what two places of a sentence say of one number: a part before it ("their bench scored 58"), a part behind it ("10 in the second"). Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from drafting.checks.foreign.attributes import BEHIND, STOPS
from drafting.checks.foreign.binding import owners_of
from drafting.checks.foreign.lookup import Cell, cells_about, content
from drafting.checks.foreign.reading import Reading, Said
from drafting.checks.foreign.tables import Entity

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

EXACT = 0.97  # how well words that stand apart must say an attribute together
_LEADS = frozenset(("in", "on", "from", "after", "at", "during", "over"))
Held = tuple[Sequence[Entity], Sequence[tuple[Cell, ...]]]


def narrowed(reading: Reading, at: int, stems: frozenset[str], text: "Text") -> Held | None:
    """Return the cells of an attribute of which a part is said before a number: "their bench scored 58 points" is the bench's points."""
    first = max((n for n in reading.numbers if n < at), default=-1)
    before = next((s.stems for s in reversed(reading.said) if first < s.first and s.last < at), None)
    for owners in owners_of(reading, at, text.focus, text.index) if before else ():
        held = [cells_about(text.index, owner, stems | (before or frozenset())) for owner in owners]
        plain = [cells_about(text.index, owner, stems) for owner in owners]
        if all(held) and held[0][0].score > EXACT and [c.column for c in held[0]] != [c.column for c in plain[0][:1]]:
            return owners, held
        if all(plain):
            return None
    return None


def continued(reading: Reading, at: int, attribute: Said, text: "Text") -> Held | None:
    """Return the cells of an attribute that was said before a number, narrowed by what stands behind: "35 points in the first and 10 in the second"."""
    behind = _behind(reading, at)
    if not behind or attribute.last > at:
        return None
    for owners in owners_of(reading, at, text.focus, text.index):
        for stem in sorted(content(attribute.stems)):
            held = [cells_about(text.index, owner, behind | {stem}) for owner in owners]
            if all(held) and held[0][0].score > EXACT and stem not in behind:
                return owners, held
    return None


def _behind(reading: Reading, at: int) -> frozenset[str]:
    """Return what a preposition right behind a number narrows it by."""
    words = reading.words
    if at + 1 >= len(words) or words[at + 1].text.casefold() not in _LEADS:
        return frozenset()
    said = next((s for s in reading.said if at < s.first <= at + BEHIND), None)
    between = {w.text.casefold() for w in words[at + 1 : said.first]} if said else set(STOPS)
    return said.stems if said is not None and not between & STOPS else frozenset()
