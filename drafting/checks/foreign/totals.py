"""Recompute a total that a sentence says by its unit or by what it counts: "in total 7331 kg were produced", "84 units in total". Pure.

Which column is meant is often not said: a total is supported by one whose sum it is, and contradicted where it is the sum of none.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.acts import alike
from drafting.checks.foreign.attributes import relation_of
from drafting.checks.foreign.comparing import LONGEST_UNIT, unit_behind
from drafting.checks.foreign.counting import directly
from drafting.checks.foreign.covering import labelled, plain
from drafting.checks.foreign.headers import identifies, stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowsets import Part, bases, narrowed, parts_of
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_TOTALS = frozenset(("total", "altogether", "totalled", "totaled"))
_IDLE = frozenset(("total", "altogether", "totalled", "totaled", "sum", "in", "across", "all", "quantity", "amount"))


def judge_totals(reading: Reading, text: "Text") -> tuple[Judged, ...]:
    """Return the verdict on the one number of a sentence that says a total without a header; none where nothing tells."""
    words = reading.words
    if len(reading.numbers) != 1 or not _TOTALS & {w.text.casefold() for w in words}:
        return ()
    at = reading.numbers[0]
    if directly(reading, at) or relation_of(words, at) or words[-1].text not in (".", "!"):
        return ()
    sums = list(_sums(reading, at, text))
    said = value_of(words[at])
    right = next((place for total, place, _ in sums if equal(said, total)), None)
    if right is not None:
        return (held_against([words[at]], "sum", right, right=True),)
    if not sums or not all(sure for _, _, sure in sums):
        return ()
    return (held_against([words[at]], "sum", "; ".join(f"{total} ({place})" for total, place, _ in sums), right=False),)


def _sums(reading: Reading, at: int, text: "Text") -> Iterator[tuple[Decimal, str, bool]]:
    """Return the sum of each column that may be meant over the rows that a sentence speaks of, and whether it says no more than these."""
    index = text.index
    for table, column in _likeliest(reading, at, index):
        own = _header(reading, table, column, index)
        parts = tuple(p for p in parts_of(reading, table, text, own=True) if not own & set(range(p.first, p.last + 1)))
        rows = bases(reading, table, text, timed=any(p.timed for p in parts))[0]
        kept = narrowed(rows, parts)
        numbers = [n for r in kept for n in [number_of(index.evidence.cell(table, r, column))] if n is not None]
        if numbers and not any(n.sign for n in numbers):
            held = index.evidence.tables[table]
            place = f"{held.file}: {held.columns[column].header} of {len(kept)} rows"
            yield sum((n.value for n in numbers), Decimal(0)), place, _understood(reading, at, table, parts, index)


def _header(reading: Reading, table: int, column: int, index: Index) -> frozenset[int]:
    """Return the words of a sentence that are those of a header: they narrow nothing."""
    stems = stems_of(index.evidence.tables[table].columns[column].header)
    return frozenset(k for k, w in enumerate(reading.words) if w.kind == "word" and any(alike(w.stem, s) for s in stems))


def _likeliest(reading: Reading, at: int, index: Index) -> list[tuple[int, int]]:
    """Return of the columns that may be meant those of which most words of the header are said."""
    said = {place: len(_header(reading, *place, index)) for place in _columns(reading, at, index)}
    return [place for place, many in said.items() if many == max(said.values())]


def _columns(reading: Reading, at: int, index: Index) -> Iterator[tuple[int, int]]:
    """Return the columns of amounts with the unit of a number, or whose header says what it counts; of the rows that are named, where some are."""
    unit, behind = unit_behind(reading, at), reading.words[at + 1].stem if at + 1 < len(reading.words) else ""
    named = {t for _, noun in reading.nouns for t in index.row_nouns[noun]}
    for number, table in enumerate(index.evidence.tables):
        for column in table.columns if not named or number in named else ():
            if column.kind != "number" or column.index == table.key or identifies(column.header) or table.spread:
                continue
            same = unit is not None and bool(table.rows) and unit_of((number, 0, column.index), index) == unit
            if same or (behind and behind in stems_of(column.header)):
                yield number, column.index


def _understood(reading: Reading, at: int, table: int, parts: tuple[Part, ...], index: Index) -> bool:
    last = at + 1 if unit_behind(reading, at) is None or reading.words[at + 2].text != "/" else at + LONGEST_UNIT
    spoken = {k for p in parts for k in range(p.first, p.last + 1)} | set(range(at, last + 1))
    return all(
        k in spoken or w.text.casefold() in _IDLE or plain(reading, k, table, index) or labelled(w.text, table, index)
        for k, w in enumerate(reading.words)
    )
