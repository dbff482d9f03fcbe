"""Tell which numbers are part of what the evidence calls something: a size in a header ("particles >= 10 um"), a condition ("25C/60%RH"). Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from drafting.checks.foreign import storage
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.tables import MOST_VALUES, MOSTLY, Table
from drafting.checks.foreign.verdicts import Judged, Verdict

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(um|nm|mm)\b")
_AT = frozenset(("at", "under", "for", "("))  # before a condition; "was 25 °C" is a figure
_CONDITION = re.compile(r"(\d+(?:\.\d+)?)\s*(?:° ?)?(c)(?![a-z])|(\d+(?:\.\d+)?)\s*%\s*(rh)")
_JOINS = frozenset(("and", "or", "/", ",", "to", "-", "–"))  # between a condition and the next one
_CLAUSES = frozenset((",", ";", "and", "while", "whereas", "but"))
_TIMES = ("month", "week", "day", "hour", "year")
NEXT = 6  # words from one condition to the next


@dataclass(frozen=True)
class _Inscribed:
    """A number with its unit in what the evidence calls something, and the words of that, where it is a header."""

    number: Decimal
    unit: str
    place: str
    stems: frozenset[str] = frozenset()


def judge_inscribed(reading: Reading, at: int, index: Index) -> Judged | None:
    """Support a size that stands in a header which the sentence names, or a condition at which something is said to be; None where a number is none."""
    words = reading.words
    unit = _unit(reading, at)
    said = {w.stem for w in words}
    placed = _placed(reading, at)
    known = (k for k in _known(index) if k.number == value_of(words[at]) and unit.startswith(k.unit))
    found = next((k for k in known if (k.stems & said if k.stems else placed)), None)
    if found is None:
        return None
    word = words[at]
    return Judged(word.start, word.end, word.text, "number", Verdict.SUPPORTED, "part of a name", "", found.place)


def conditioned(reading: Reading, at: int, table: Table, rows: Sequence[int]) -> tuple[int, ...]:
    """Return of the rows of a table those under the condition that is said nearest to a number: "2.1 % at 25 °C"."""
    wanted = temperature(reading, at)
    columns = [
        c for c in table.columns if wanted and c.kind == "text" and c.distinct <= MOST_VALUES and _conditions(table, c.index)
    ]
    return tuple(r for r in rows if all(wanted & _numbers(table.rows[r][c.index], "c") for c in columns))


def temperature(reading: Reading, at: int) -> frozenset[Decimal]:
    """Return the temperature under which a number is, as the nearest condition says; none where a sentence says none."""
    said = [n for n in reading.numbers if n != at and _unit(reading, n).startswith("c") and _placed(reading, n)]
    idle = {n for n in reading.numbers if _unit(reading, n).startswith(("%rh", *_TIMES))}
    others = [n for n in reading.numbers if n > at and n not in said and n not in idle]
    near = (
        [n for n in said if at < n < min(others, default=n + 1) and not _cut(reading, at, n)]
        or [n for n in reversed(said) if n < at]
        or said
    )
    return frozenset(value_of(reading.words[n]) for n in near[:1])


def _cut(reading: Reading, at: int, condition: int) -> bool:
    """Tell whether a condition behind a number is of what follows, as another one stands before the number in its own clause."""
    between = {w.text.casefold() for w in reading.words[at + 1 : condition]}
    return bool(between & _CLAUSES) and any(n < at and is_condition(reading, n) for n in reading.numbers)


def is_condition(reading: Reading, at: int) -> bool:
    """Tell whether a number is a temperature or humidity under which something is said to be."""
    return _unit(reading, at).startswith(("c", "%rh")) and _placed(reading, at)


def _conditions(table: Table, column: int) -> bool:
    """Tell whether a column holds conditions: nearly each of its cells."""
    cells = [row[column] for row in table.rows if row[column].strip()]
    return bool(cells) and sum(bool(_numbers(cell, "c")) for cell in cells) >= MOSTLY * len(cells)


def _numbers(cell: str, unit: str) -> frozenset[Decimal]:
    return frozenset(Decimal(n or m) for n, c, m, _ in _CONDITION.findall(_plain(cell)) if c == unit)


def _unit(reading: Reading, at: int) -> str:
    return _plain("".join(w.text for w in reading.words[at + 1 : at + 3]))


def _placed(reading: Reading, at: int) -> bool:
    """Tell whether a number says a condition under which something is: "at 25 °C", "at 25 °C / 60 % RH", "at 18 months and 5 °C"."""
    before = reading.words[at - 1].text.casefold() if at else ""
    joined = before in _JOINS and [n for n in reading.numbers if at - NEXT <= n < at]
    return before in _AT or bool(joined and _placed(reading, joined[-1]))


def _plain(text: str) -> str:
    return text.casefold().replace("µ", "u").replace("μ", "u").replace("°", "")


def _known(index: Index) -> tuple[_Inscribed, ...]:
    """Return the sizes of headers and the conditions that columns of few values hold; worked out once."""
    kept = index.evidence.kept
    if ("inscribed",) not in kept:
        kept["inscribed",] = tuple(one for table in index.evidence.tables for one in _of(table))
    return cast("tuple[_Inscribed, ...]", kept["inscribed",])


def _of(table: Table) -> Iterator[_Inscribed]:
    named = f"{table.file}, {table.part}" if table.part else table.file
    yield from (_Inscribed(number, unit, named) for number, unit in storage.conditions(table))
    for column in table.columns:
        place = f"{table.file}, column {column.header}"
        stems = frozenset(s for s in stems_of(column.header) if s.isalpha())
        yield from (_Inscribed(Decimal(n), unit, place, stems) for n, unit in _SIZE.findall(_plain(column.header)))
        if column.kind == "text" and column.distinct <= MOST_VALUES:
            cells = sorted({row[column.index] for row in table.rows})
            yield from (
                _Inscribed(Decimal(n or m), unit or f"%{humid}", place)
                for cell in cells
                for n, unit, m, humid in _CONDITION.findall(_plain(cell))
            )
