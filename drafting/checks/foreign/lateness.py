"""Read that something was done late or in time: "after its target date", "later than due", "on time", by two dates of each row. Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.acts import DUE, act_column, beginning, dates_of, day_in, due_column
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import Column, Table

ARTICLES = frozenset(("a", "an", "any", "the", "its", "their"))
_LATE = (("late",), ("too", "late"), ("later", "than", "due"), ("later", "than", "planned"), ("later", "than", "scheduled"))
_FINISHED = frozenset(
    ("completed", "finished", "concluded", "finalised", "finalized", "closed", "done")
)  # of whatever has one date of its end
_TIMELY = (("on", "time"), ("in", "time"), ("in", "due", "time"))
_PAST, _BY = (
    frozenset(("after", "beyond", "past", "missed", "exceeded", "overran")),
    frozenset(("within", "before", "by", "met", "kept")),
)
LONGEST_LATE = 5  # words from "after" to "date"


def late(reading: Reading, table: int, index: Index) -> Iterator[tuple[int, int, frozenset[int], str]]:
    """Return (first word, last word, rows, what) of the words that say that something was done after the day on which it was due, or by then."""
    low = [w.text.casefold() for w in reading.words]
    held, due = index.evidence.tables[table], due_column(index.evidence.tables[table])
    for first in range(len(low)) if due else ():
        last, after = _lateness(low, first)
        done = _done(reading, first, held, table, index) if last else None
        if last and due and done:
            days = {row: (day_in(held, row, due), day_in(held, row, done)) for row in range(len(held.rows))}
            rows = frozenset(row for row, (by, at) in days.items() if by and at and (at > by) == after)
            begin = first - (first > 0 and low[first - 1] in _FINISHED)
            yield begin, last, rows, f"{done.header} {'after' if after else 'by'} {due.header}"
            return


def _lateness(low: list[str], first: int) -> tuple[int, bool]:
    """Return the last word of what says from a word on that something was late or in time, and which; 0 where nothing does."""
    for phrases, late in ((_LATE, True), (_TIMELY, False)):
        for said in phrases:
            if tuple(low[first : first + len(said)]) == said:
                return first + len(said) - 1, late
    run = low[first + 1 : first + 1 + LONGEST_LATE]
    at = next((k for k, w in enumerate(run) if w in DUE or w.rstrip("s") in DUE), None)
    if low[first] not in _PAST | _BY or at is None or not set(run[:at]) <= ARTICLES:
        return 0, False
    tail = run[at + 1 : at + 2]
    return first + 1 + at + (tail in (["date"], ["dates"])), low[first] in _PAST


def _done(reading: Reading, at: int, held: Table, table: int, index: Index) -> Column | None:
    """Return the date by which something was done: of the act said before a word, else the only one that is neither due nor the beginning."""
    rest = [c for c in dates_of(held) if c not in (due_column(held), beginning(table, index))]
    said = act_column(reading.words[:at], table, index)
    return said if said in rest else rest[0] if len(rest) == 1 else None
