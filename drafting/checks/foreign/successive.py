"""Hold "fell from 0.19 % to 0.06 %" of two things, the second of which was made of the first, against each: "7 was reworked as 7R, and". Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from drafting.checks.foreign.attributes import attribute_of
from drafting.checks.foreign.comparing import SURE, compared, told
from drafting.checks.foreign.lookup import cells_about, content, matching
from drafting.checks.foreign.pointed import unit_words
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.remade import made_again
from drafting.checks.foreign.subjecthood import ranged
from drafting.checks.foreign.verdicts import Judged, Verdict

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

TWO = 2  # things that are named before the change


def held(found: Sequence[Judged], reading: Reading, text: "Text") -> list[Judged]:
    """Return verdicts in which the ends of such a change are each held against its own thing; open where they are the other's."""
    told_of = {j.start: j for pair in _changes(reading) for j in _ends(reading, pair, text)}
    return [_remade(told_of.get(j.start, j), reading, text) for j in found]


def _remade(judged: Judged, reading: Reading, text: "Text") -> Judged:
    """Support a number that is none of a thing but of the one that was made of it, or of which it was made, where both are named."""
    if judged.verdict is not Verdict.CONTRADICTED or judged.owner is None or judged.cell is None:
        return judged
    noun, key = judged.owner
    at = next(k for k, w in enumerate(reading.words) if w.start == judged.start)
    others = [k for m in reading.entities for n, k in m.what if n == noun and k != key]
    said = attribute_of(reading, at, text.index)
    for other in (k for k in others if said is not None and (made_again(k, {key}) or made_again(key, {k}))):
        entity = text.index.evidence.entities[noun, other]
        cells = cells_about(text.index, entity, content(said.stems)) if said is not None else ()
        if cells and cells[0].column == judged.cell[2] and matching(value_of(reading.words[at]), cells):
            return compared(reading, at, value_of(reading.words[at]), "", (entity,), (cells,), text.index)
    return judged


def _changes(reading: Reading) -> Iterator[tuple[int, int]]:
    """Return each pair of numbers from which and to which something is said to change."""
    low = [w.text.casefold() for w in reading.words]
    for one, other in pairwise(reading.numbers):
        between = low[one + 1 + unit_words(reading, one) : other]
        if one and low[one - 1] == "from" and between == ["to"]:
            yield one, other


def _ends(reading: Reading, pair: tuple[int, int], text: "Text") -> Iterator[Judged]:
    index = text.index
    named = [m for m in reading.entities if m.last < pair[0]]
    things = [index.evidence.entities.get(m.what[0]) for m in named if len(m.what) == 1]
    said = attribute_of(reading, pair[0], index)
    if len(named) != TWO or len(things) != TWO or said is None or ranged(reading, *named):
        return
    both = [e for e in things if e is not None]
    if len({e.noun for e in both}) != 1 or len({e.key for e in both}) != TWO:
        return
    cells = [cells_about(index, e, content(said.stems)) for e in both]
    if not all(cells) or min(c[0].score for c in cells) < SURE:
        return
    for at, own, held_by in zip(pair, both, cells, strict=True):
        value = value_of(reading.words[at])
        elsewhere = not matching(value, held_by) and any(matching(value, other) for other in cells)
        yield _open(reading, at) if elsewhere else compared(reading, at, value, "", (own,), (held_by,), index)


def _open(reading: Reading, at: int) -> Judged:
    return told(reading, at, Verdict.NOT_FOUND, "It is open of which of the two this is.")
