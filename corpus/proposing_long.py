"""Tell a long table by its columns: one names what was measured, one holds the value, one the unit. Pure; for proposals only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from corpus.guessing import KNOWN_UNITS
from corpus.importprofile import NUMBERS
from corpus.locating import NO_UNIT
from corpus.table_roles import Column

PARAMETER = (
    "parameter", "parameter_name", "test", "test_name", "attribute", "analyte", "characteristic", "property", "measurement", "component",
    "prufung", "merkmal", "pruefung", "parametr", "preskus", "lastnost",
)  # fmt: skip
VALUE = (
    "value",
    "result",
    "result_value",
    "measured_value",
    "reading",
    "wert",
    "ergebnis",
    "messwert",
    "vrednost",
    "rezultat",
    "valore",
)
UNIT = ("unit", "units", "uom", "unit_of_measure", "einheit", "enota", "unita", "unite")
_WORDS = ("text", "enum")
_KEYED = ("text", "integer", "enum", "date", "month", "datetime")
MOST_ADDED = 2  # columns beside batch and parameter that make a key


@dataclass(frozen=True)
class LongColumns:
    """The headers of a long table's columns; `sure` where each was told by its name."""

    parameter: str
    value: str
    unit: str | None
    sure: bool

    @property
    def headers(self) -> frozenset[str]:
        """Return the columns that are fields of text, whatever stands in them."""
        return frozenset(h for h in (self.parameter, self.value, self.unit) if h is not None)


def long_columns(columns: Sequence[Column], given: Mapping[str, str]) -> LongColumns | None:
    """Return the columns of a long table; None where a table is none. `given` are the roles of headers."""
    if "batch" not in given.values():
        return None
    free = [c for c in columns if c.header not in given]
    unit = _named(free, UNIT) or _only([c for c in free if _holds_units(c)])
    value = _named(free, VALUE)
    parameter = _named([c for c in free if c is not value], PARAMETER)
    sure = parameter is not None and value is not None
    if unit is not None:
        rest = [c for c in free if c is not unit]
        value = value or _only([c for c in rest if c.guess.type in NUMBERS])
        parameter = parameter or _only([c for c in rest if c is not value and _repeats(c)])
    if parameter is None or value is None:
        return None
    return LongColumns(parameter.header, value.header, unit.header if unit else None, sure)


def long_keys(
    columns: Sequence[Column], long: LongColumns, batch: str, others: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Return candidates for the key: a column that numbers the rows, else batch and parameter with what tells their repeats apart."""
    own = {batch, *long.headers}
    numbered = [key for key in others if len(key) == 1 and key[0] not in own]
    if numbered:
        return tuple(numbered)
    by_header = {c.header: c.cells for c in columns}
    able = [c.header for c in columns if c.header not in own and c.guess.type in _KEYED and all(c.cells)]
    added = chain.from_iterable(combinations(able, size) for size in range(MOST_ADDED + 1))
    tried = ((batch, long.parameter, *more) for more in added)
    unique = next((key for key in tried if _tells_apart([by_header[h] for h in key])), None)
    return () if unique is None else (unique,)


def _tells_apart(cells: Sequence[Sequence[str]]) -> bool:
    return len(set(zip(*cells, strict=True))) == len(cells[0])


def _named(columns: Sequence[Column], names: Collection[str]) -> Column | None:
    return next((c for name in names for c in columns if c.word == name), None)


def _only(columns: Sequence[Column]) -> Column | None:
    return columns[0] if len(columns) == 1 else None


def _holds_units(column: Column) -> bool:
    filled = [cell for cell in column.cells if cell not in NO_UNIT]
    return bool(filled) and all(cell in KNOWN_UNITS for cell in filled)


def _repeats(column: Column) -> bool:
    """Tell whether a column of words says the same few again and again."""
    return column.guess.type in _WORDS and len(set(column.cells)) * 2 <= len(column.cells)
