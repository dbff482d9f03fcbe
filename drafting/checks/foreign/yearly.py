"""Judge a figure of a table whose columns are years, by the year that is said beside it: "rose from 27 in 2022 to 31 in 2023". Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.covering import labelled, plain
from drafting.checks.foreign.periods import YEAR, Period
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.rowsets import Rows, narrowed, parts_of
from drafting.checks.foreign.values import day_of, holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

BEHIND = 4  # words within which a year stands behind its figure
_CHANGES = frozenset((
    "rose", "fell", "increased", "decreased", "dropped", "grew", "went", "climbed", "declined", "doubled", "halved", "remained", "stayed", "up", "down", "still",
    "about", "only", "just",
))  # fmt: skip


def judge_yearly(reading: Reading, at: int, said: Decimal, relation: str, text: "Text") -> Judged | None:
    """Return the verdict on a figure with a year beside it; None where no table has such figures of what the sentence names."""
    year = _year(reading, at)
    tables = [n for n, table in enumerate(text.index.evidence.tables) if table.spread and year]
    for number in tables:
        table = text.index.evidence.tables[number]
        parts = [part for part in parts_of(reading, number, text, own=True) if not part.timed]
        spoken = {k for part in parts for k in range(part.first, part.last + 1)} | {
            k for period in reading.periods for k in range(period.first, period.last + 1)
        }
        words = reading.words
        named = any(
            labelled(w.text, number, text.index) for k, w in enumerate(words) if w.kind == "word" and k not in spoken
        )
        rows = narrowed(frozenset(r for r, row in enumerate(table.rows) if day_of(row[-2]) == year), parts)
        if not rows or not (named or any(isinstance(part.column, tuple) and part.column[0] == number for part in parts)):
            continue
        total = _total(rows, number, text)
        where = f"{total} ({', '.join(table.place(row, len(table.columns) - 1) for row in sorted(rows)[:3])})"
        covered = all(
            k in spoken or k in reading.numbers or w.text.casefold() in _CHANGES or plain(reading, k, number, text.index)
            for k, w in enumerate(words)
        )
        right = holds(said, total, relation)
        word = words[at]
        verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED if covered else Verdict.NOT_FOUND
        message = (
            ""
            if right
            else f"'{word.text}' is contradicted: {where}."
            if covered
            else "It is open of what part of these figures this is."
        )
        return Judged(word.start, word.end, word.text, "number", verdict, table.name, message, where)
    return None


def _year(reading: Reading, at: int) -> str:
    """Return the whole year that is said right behind a number, else the last one before it with no number between; "" where there is none."""
    years = [p for p in reading.periods if p.start == p.end and len(p.start) == YEAR]

    def between(first: int, last: int) -> bool:
        return any(first < n < last for n in reading.numbers if not _in(n, years))

    behind = next((p for p in years if at < p.first <= at + BEHIND and not between(at, p.first)), None)
    before = next((p for p in reversed(years) if p.last < at and not between(p.last, at)), None)
    found = behind or before
    return found.start if found else ""


def _in(at: int, periods: Iterable[Period]) -> bool:
    return any(p.first <= at <= p.last for p in periods)


def _total(rows: Rows, table: int, text: "Text") -> Decimal:
    cells = (number_of(text.index.evidence.tables[table].rows[row][-1]) for row in rows)
    return sum((cell.value for cell in cells if cell), Decimal(0))
