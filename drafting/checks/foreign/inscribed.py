"""Tell which numbers are part of what the evidence calls something: a size in a header ("particles >= 10 um"), a condition ("25C/60%RH"). Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.tables import MOST_VALUES, Table, stems_of
from drafting.checks.foreign.verdicts import Judged, Verdict

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(um|nm|mm)\b")
_AT = frozenset(("at", "under", "for"))  # before a condition; "was 25 °C" is a figure
_CONDITION = re.compile(r"(\d+(?:\.\d+)?)\s*(?:° ?)?(c)(?![a-z])")


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
    unit = _plain("".join(w.text for w in words[at + 1 : at + 3]))
    said = {w.stem for w in words}
    placed = at > 0 and words[at - 1].text.casefold() in _AT
    known = (k for k in _known(index) if k.number == value_of(words[at]) and unit.startswith(k.unit))
    found = next((k for k in known if (k.stems & said if k.stems else placed)), None)
    if found is None:
        return None
    word = words[at]
    return Judged(word.start, word.end, word.text, "number", Verdict.SUPPORTED, "part of a name", "", found.place)


def _plain(text: str) -> str:
    return text.casefold().replace("µ", "u").replace("μ", "u").replace("°", "")


def _known(index: Index) -> tuple[_Inscribed, ...]:
    """Return the sizes of headers and the conditions that columns of few values hold; worked out once."""
    kept = index.evidence.kept
    if ("inscribed",) not in kept:
        kept["inscribed",] = tuple(one for table in index.evidence.tables for one in _of(table))
    return cast("tuple[_Inscribed, ...]", kept["inscribed",])


def _of(table: Table) -> Iterator[_Inscribed]:
    for column in table.columns:
        place = f"{table.file}, column {column.header}"
        stems = frozenset(s for s in stems_of(column.header) if s.isalpha())
        yield from (_Inscribed(Decimal(n), unit, place, stems) for n, unit in _SIZE.findall(_plain(column.header)))
        if column.kind == "text" and column.distinct <= MOST_VALUES:
            cells = sorted({row[column.index] for row in table.rows})
            yield from (
                _Inscribed(Decimal(n), unit, place) for cell in cells for n, unit in _CONDITION.findall(_plain(cell))
            )
