"""Read "by the end of the period" in a sentence: what was done by then, and whether later acts may hide how things stood. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drafting.checks.foreign.acts import alike, beginning, content_of, dates_of, due_column
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import MISSING, Column
from drafting.checks.foreign.values import day_of

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

YEAR = 4  # characters of a date
_LEADS = (["the", "end", "of"], ["the", "close", "of"])
_COVERED = frozenset(("period", "year"))
_BESIDE = frozenset(("the", "this", "review", "reporting", "annual"))
LONGEST = 8  # words of "by the end of the annual reporting period"


def end_said(reading: Reading) -> range | None:
    """Return the words that say the end of what a document covers: "by the end of the review period", "at the close of the year"."""
    low = [w.text.casefold() for w in reading.words]
    for at in range(len(low) - LONGEST // 2):
        last = next((k for k in range(at + 4, min(len(low), at + LONGEST)) if low[k] in _COVERED), None)
        if (
            low[at] in ("by", "at")
            and low[at + 1 : at + 4] in _LEADS
            and last is not None
            and set(low[at + 4 : last]) <= _BESIDE
        ):
            return range(at, last + 1)
    return None


def until_said(reading: Reading, text: "Text") -> str:
    """Return the last day of a document that a sentence says the end of; "" where it says none."""
    return text.scope.period[1] if text.scope.period and end_said(reading) else ""


def done_by(rows: tuple[tuple[str, ...], ...], column: Column, until: str) -> frozenset[int]:
    """Return the rows with a date in a column, no later than a day where there is one."""
    days = [cells[column.index].strip() for cells in rows]
    later = [bool(until) and (day_of(day) or "")[: len(until)] > until for day in days]
    return frozenset(r for r, day in enumerate(days) if day.casefold() not in MISSING and not later[r])


def ended(reading: Reading, table: int, text: "Text") -> Iterator[int]:
    """Return the words of the end of a period where the rows of a table tell how things stood then: by the date of the act, or because none is later."""
    said, held = end_said(reading), text.index.evidence.tables[table]
    if said is None:
        return
    acts = [c for c in dates_of(held) if c not in (due_column(held), beginning(table, text.index))]
    days = {day_of(cells[c.index].strip()) or "" for c in acts for cells in held.rows} - {""}
    until = text.scope.period[1] if text.scope.period else max(days, default="")[:YEAR]
    words = (w.text.casefold() for w in reading.words)
    acted = any(alike(w, s) for w in words if w.endswith("ed") for c in acts for s in content_of(c.header))
    if days and (acted or all(day[: len(until)] <= until for day in days)):
        yield from said
