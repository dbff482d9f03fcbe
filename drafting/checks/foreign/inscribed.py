"""Tell which numbers are part of what the evidence calls something: a size in a header ("particles >= 10 um"), a condition ("25C/60%RH"). Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.tables import MOST_VALUES
from drafting.checks.foreign.verdicts import Judged, Verdict

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(um|nm|mm)\b")
_CONDITION = re.compile(r"(\d+(?:\.\d+)?)\s*(?:° ?)?(c)(?![a-z])")


def judge_inscribed(reading: Reading, at: int, index: Index) -> Judged | None:
    """Support a number that stands with its unit in a header or in the values of a column of conditions; None where it is none."""
    words = reading.words
    behind = "".join(w.text for w in words[at + 1 : at + 3]).casefold()
    unit = _plain(behind)
    place = next((where for number, of, where in _known(index) if number == value_of(words[at]) and unit.startswith(of)), "")
    if not place:
        return None
    word = words[at]
    return Judged(word.start, word.end, word.text, "number", Verdict.SUPPORTED, "part of a name", "", place)


def _plain(text: str) -> str:
    return text.casefold().replace("µ", "u").replace("μ", "u").replace("°", "")


def _known(index: Index) -> Iterator[tuple[Decimal, str, str]]:
    """Return the sizes of headers and the conditions that columns of few values hold, with where they stand; worked out once."""
    kept = index.evidence.kept
    if ("inscribed",) not in kept:
        found = []
        for table in index.evidence.tables:
            for column in table.columns:
                at = f"{table.file}, column {column.header}"
                found += [(Decimal(n), unit, at) for n, unit in _SIZE.findall(_plain(column.header))]
                if column.kind == "text" and column.distinct <= MOST_VALUES:
                    cells = {row[column.index] for row in table.rows}
                    found += [
                        (Decimal(n), unit, at) for cell in sorted(cells) for n, unit in _CONDITION.findall(_plain(cell))
                    ]
        kept["inscribed",] = tuple(found)
    yield from kept["inscribed",]  # type: ignore[misc] # what was kept under this name
