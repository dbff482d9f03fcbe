"""Judge how many days lie between two dates: "58 days later", "closed within 30 days", "took 58 days". Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.attributes import relation_of
from drafting.checks.foreign.binding import owners_of
from drafting.checks.foreign.dates import label_of, said_under
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.scope import begins
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import day_of, holds
from drafting.checks.foreign.verdicts import Judged, Verdict

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

WHOLE_DAY = 10  # characters of a date that says its day
_UNITS = {"day": 1, "week": 7}
_APART = frozenset(("later", "after", "before", "apart", "earlier"))
_TAKEN = frozenset(("within", "after", "took", "lasted", "in", "taken", "for", "than"))


def judge_duration(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on a number of days between two dates of a sentence or of what it speaks of; None where it is none."""
    words = reading.words
    unit = _UNITS.get(words[at + 1].stem) if at + 1 < len(words) else None
    if unit is None:
        return None
    tail = {w.text.casefold() for w in words[at + 2 : at + 4]}
    lead = [w.text.casefold() for w in words[max(0, at - 3) : at]]
    days = [p.start for p in reading.periods if p.start == p.end and len(p.start) == WHOLE_DAY and p.first < at]
    relation = "<=" if lead[-1:] == ["within"] else relation_of(words, at)
    if tail & _APART and len(days) > 1:
        apart = abs((_date(days[-1]) - _date(days[-2])).days)
        return _judged(reading, at, (apart,), unit * said, relation, f"{days[-2]} to {days[-1]}")
    if not tail & _APART and not _TAKEN & set(lead):
        return None
    for owners in owners_of(reading, at, text.focus, text.index):
        spans = list(_spans(owners[0], reading, at, text.index))
        if spans:
            return _judged(reading, at, tuple(n for n, _ in spans), unit * said, relation, spans[0][1])
    return None


def _spans(owner: Entity, reading: Reading, at: int, index: Index) -> Iterator[tuple[int, str]]:
    """Return the days from each beginning of an owner to the date that the words before a number say, and where they stand."""
    label = label_of([w.text for w in reading.words[max(0, at - 8) : at]])
    dated = [
        (table, column, day[:WHOLE_DAY], index.evidence.tables[table].place(row, column.index))
        for table, row in owner.rows
        for column in index.evidence.tables[table].columns
        if column.kind == "date"
        for day in [day_of(index.evidence.cell(table, row, column.index))]
        if day and len(day) >= WHOLE_DAY
    ]
    ends = [one for one in dated if said_under(one[1].labels, label)]
    for _, column, day, place in ends:
        for _, other, first, begun in dated:
            if other.index != column.index and first <= day and begins(other.header):
                yield (_date(day) - _date(first)).days, f"{begun}: '{first}' to {place}: '{day}'"


def _judged(reading: Reading, at: int, spans: tuple[int, ...], said: Decimal, relation: str, place: str) -> Judged:
    word = reading.words[at]
    right = any(holds(said, Decimal(n), relation) for n in spans)
    message = "" if right else f"'{word.text}' is contradicted: {spans[0]} days from {place}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return Judged(word.start, word.end, word.text, "number", verdict, "days between", message, place)


def _date(day: str) -> date:
    return date.fromisoformat(day)
