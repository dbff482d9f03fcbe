"""The evidence as tables of rows, what a row is about, and how tables hang together. Pure.

A column whose values are all different names the rows: its values are entities. A column of another table that holds the same
names refers to them. Rows of several tables under one name are one entity with the columns of all.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

from drafting.checks.foreign.headers import NAMES, NOTHING, bracketed, filed, identifies, nouns_of, stems_of
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.suffixes import parted
from drafting.checks.foreign.values import day_of, number_of
from drafting.checks.foreign.words import stem
from drafting.checks.units import read_unit

TRUTHS, FALSEHOODS = frozenset(("yes", "true", "y")), frozenset(("no", "false", "n"))
MISSING = frozenset(("", "#n/a", "n/a", "na", "nan", "null", "-"))
MOST_VALUES = 40  # different values of a column that is a category
LONGEST_VALUE = 60
MOSTLY = 0.8  # part of a column's cells that make it one of numbers or dates
LONGEST_KEY = 80
LEAST_WIDTH = 2
REFERS = 0.9  # part of a column's values that must be names of another table
MOST_UNITS = 12  # different units of a column
_UNIT_HEADERS = (("unit",), ("uom",), ("unit", "of", "measure"), ("result", "unit"))
_BOUNDS = frozenset((
    "limit", "lower", "upper", "specification", "criterion", "acceptance", "result", "value", "measured", "spec", "low", "high",
))  # fmt: skip
_CODE = re.compile(r"(?=[^\d\s]*\d)(?=\S*[A-Za-z])\S{4,20}")


@dataclass(frozen=True)
class Column:
    """One column: its header, how prose may name it (each a tuple of stems) and what its cells are."""

    table: int
    index: int
    header: str
    labels: tuple[tuple[str, ...], ...]
    kind: str  # number, date, text
    distinct: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of literals under headers, with the file and the numbers of its rows."""

    file: str
    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    key: int | None  # the column that names the rows
    noun: str  # what a row is: the stem of its key's header
    part: str = ""
    spread: bool = False  # the last column stood in several, whose headers are the cells of the one before it

    @cached_property
    def headings(self) -> frozenset[str]:
        """Return the words of the headers, but for those of columns that say yes or no: such a header, said of rows, narrows them."""
        told = TRUTHS | FALSEHOODS | MISSING
        flags = {
            c.index
            for c in self.columns
            if c.distinct <= len(("yes", "no")) and all(row[c.index].strip().casefold() in told for row in self.rows)
        }
        return frozenset(s for c in self.columns if c.index not in flags for s in stems_of(c.header))

    @cached_property
    def unit_columns(self) -> tuple[int, ...]:
        """Return the columns that say a unit of each row: by their header, or as all that they hold are units."""
        return tuple(c.index for c in self.columns if stems_of(c.header) in _UNIT_HEADERS or self._all_units(c))

    def _all_units(self, column: Column) -> bool:
        cells = {row[column.index].strip() for row in self.rows} - {""}
        return column.kind == "text" and 0 < len(cells) <= MOST_UNITS and all(read_unit(cell) is not None for cell in cells)

    @cached_property
    def unit_beside(self) -> tuple[int | None, ...]:
        """Return for each column the one that says the unit of its cells: where it has none of its own, the one behind its run of numbers.

        Where no number stands before a column of units, it is of all numbers; limits have the unit of the result.
        """
        return tuple(None if column.unit else self._beside(column) for column in self.columns)

    def _beside(self, column: Column) -> int | None:
        for saying in self.unit_columns:
            before = (self.columns[k] for k in range(saying - 1, -1, -1))
            run = {c.index for c in takewhile(lambda c: c.kind == "number" and not c.unit, before)}
            if not run or column.index in run or _BOUNDS & set(stems_of(column.header)):
                return saying
        return None

    def place(self, row: int, column: int) -> str:
        """Return where a cell stands, for a person."""
        part = f", {self.part}" if self.part else ""
        spread = self.spread and column >= len(self.columns) - 2
        header = self.rows[row][-2].removeprefix("year ") if spread else self.columns[column].header
        return f"{self.file}{part}, row {self.numbers[row]}, column {header}"


@dataclass(frozen=True)
class Entity:
    """Something that the evidence knows by name, and the rows that are about it."""

    noun: str
    key: str
    rows: tuple[tuple[int, int], ...]  # (table, row)


@dataclass(frozen=True)
class Passage:
    """A sentence of a narrative of the evidence."""

    file: str
    place: str
    text: str


@dataclass(frozen=True)
class Evidence:
    """Everything given as evidence."""

    tables: tuple[Table, ...]
    passages: tuple[Passage, ...] = ()
    lexicon: Lexicon = field(default_factory=Lexicon)
    titled: frozenset[str] = frozenset()  # what a title calls by the cells of a column that no table lists

    @cached_property
    def kept(self) -> dict[tuple[object, ...], object]:
        """Return what was worked out of this evidence once: answers that depend on nothing else."""
        return {}

    @cached_property
    def entities(self) -> Mapping[tuple[str, str], Entity]:
        """Return every entity by noun and name."""
        rows: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for number, table in enumerate(self.tables):
            if table.key is not None:
                for at, row in enumerate(table.rows):
                    if row[table.key].strip():
                        rows.setdefault((table.noun, row[table.key].strip()), []).append((number, at))
        coded = {key: Entity(*key, ()) for key in (*self._coded({n for n, _ in rows}), *self._unlisted(rows.keys()))}
        return coded | {key: Entity(*key, tuple(found)) for key, found in rows.items()}

    def _unlisted(self, known: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Return the names, of letters and digits, that a column lists of things which a table lists others of: a batch of the year before."""
        nouns, names = {noun for noun, _ in known}, {name for _, name in known}
        for table in self.tables:
            for column in table.columns:
                noun = nouns_of(column.header)
                if len(noun) == 1 and noun[0] in nouns and column.kind == "text" and column.index != table.key:
                    listed = {name for row in table.rows for name in names_in(row[column.index])}
                    coded = {n for n in listed - names if _CODE.fullmatch(n)}
                    yield from ((noun[0], name) for name in sorted(coded) if listed & names)

    def _coded(self, nouns: set[str]) -> Iterator[tuple[str, str]]:
        """Return the things without a table of their own that columns name: by numeric codes ("product_code"), or as the title does."""
        for table in self.tables:
            for column in table.columns:
                noun = " ".join(nouns_of(column.header))
                if noun in self.titled and column.index != table.key and column.kind != "date":
                    yield from ((noun, row[column.index].strip()) for row in table.rows if row[column.index].strip())
                    continue
                if column.kind != "number" or column.index == table.key or noun in nouns or not identifies(column.header):
                    continue
                if noun not in NAMES:
                    yield from (
                        (noun, row[column.index].strip()) for row in table.rows if row[column.index].strip().isdigit()
                    )

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Return what the rows of the tables are."""
        return frozenset(noun for noun, _ in self.entities)

    @cached_property
    def references(self) -> Mapping[tuple[int, int], str]:
        """Return for each column that refers to entities, (table, column), the noun of these."""
        keys: dict[str, set[str]] = {}
        for noun, key in self.entities:
            keys.setdefault(noun, set()).add(key)
        return {
            (number, column.index): noun
            for number, table in enumerate(self.tables)
            for column in table.columns
            if column.index != table.key
            for noun in [_referred(table, column, keys)]
            if noun
        }

    @cached_property
    def ties(self) -> tuple[tuple[int, int, str], ...]:
        """Return (table, column, noun) of each reference; a column of names of several kinds, "batch or lot", refers to each of these."""
        owned: dict[str, set[str]] = {}
        for noun, key in self.entities:
            owned.setdefault(key, set()).add(noun)
        single = ((t, c, noun) for (t, c), noun in self.references.items())
        mixed = (
            (number, column.index, noun)
            for number, table in enumerate(self.tables)
            for column in table.columns
            if column.index != table.key and column.kind == "text" and (number, column.index) not in self.references
            for noun in _mixed(table, column, owned)
        )
        return (*single, *mixed)

    @cached_property
    def referring(self) -> Mapping[tuple[str, str], tuple[tuple[int, int], ...]]:
        """Return for each (noun, name) the rows of other tables that refer to it."""
        found: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for number, column, noun in self.ties:
            for at, row in enumerate(self.tables[number].rows):
                for name in names_in(row[column]):
                    found.setdefault((noun, name), []).append((number, at))
        return {key: tuple(dict.fromkeys(rows)) for key, rows in found.items()}

    def cell(self, table: int, row: int, column: int) -> str:
        """Return a literal."""
        return self.tables[table].rows[row][column].strip()

    def named(self, table: int, row: int) -> Entity | None:
        """Return the entity that a row is about."""
        held = self.tables[table]
        return None if held.key is None else self.entities.get((held.noun, held.rows[row][held.key].strip()))


def names_in(cell: str) -> tuple[str, ...]:
    """Return the names that a cell lists."""
    return tuple(part.strip() for part in re.split(r"[|,;]", cell) if part.strip())


def _referred(table: Table, column: Column, keys: Mapping[str, set[str]]) -> str:
    values = [name for row in table.rows for name in names_in(row[column.index])]
    if not values:
        return ""
    numeric = column.kind == "number"
    for noun, known in sorted(keys.items()):
        if nouns_of(column.header) == (noun,) and any(v in known for v in values):
            return noun  # of what the rows are named after, though other years' are among them
        same = nouns_of(column.header) == (noun,) if numeric else noun in nouns_of(column.header)
        if (same or (not numeric and column.kind == "text")) and sum(v in known for v in values) >= REFERS * len(values):
            return noun
    if numeric and nouns_of(column.header) == ("code",):  # "code" beside a table of product codes
        coded = [noun for noun, known in sorted(keys.items()) if noun != table.noun and all(v in known for v in values)]
        return coded[0] if len(coded) == 1 else ""
    return ""


def _mixed(table: Table, column: Column, owned: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return the kinds of things that a column names, each by names that no other kind has; none where it holds much else."""
    values = [name for row in table.rows for name in names_in(row[column.index]) if name.casefold() not in MISSING]
    held = [owned.get(name, set()) for name in values]
    if not values or any(len(nouns) > 1 for nouns in held) or sum(map(bool, held)) < REFERS * len(values):
        return ()
    return tuple(sorted({noun for nouns in held for noun in nouns} - {table.noun}))


def table_of(
    number: int,
    rows: Sequence[Sequence[str]],
    *,
    file: str,
    name: str,
    lexicon: Lexicon,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    numbers: Sequence[int] | None = None,
    part: str = "",
    spread: bool = False,
) -> Table | None:
    """Make a table of a grid whose first row is its header; None where it has no rows."""
    header = [cell.strip() for cell in rows[0]] if rows else []
    width = len(header)
    body = [tuple(row) for row in rows[1:] if len(row) == width and any(cell.strip() for cell in row)]
    if not body or width < LEAST_WIDTH:
        return None
    counted = numbers or range(1, len(rows) + 1)
    kept = tuple(
        n for n, row in zip(list(counted)[1:], rows[1:], strict=False) if len(row) == width and any(c.strip() for c in row)
    )
    columns = tuple(
        _column(
            number,
            index,
            title,
            [row[index].strip() for row in body],
            (*lexicon.labels(name, title), *_label(labels, title)),
            (units or {}).get(title, ""),
        )
        for index, title in enumerate(header)
    )
    key = _key(columns, body)
    said = lexicon.rows.get(name)
    noun = stem(said[0]) if said else " ".join(nouns_of(header[key])) if key is not None else " ".join(stems_of(name))
    if key is not None and not said and noun in NOTHING and len(filed(name)) == 1:
        noun = next(iter(filed(name)))
    return Table(file, name, columns, tuple(body), kept, key, noun, part, spread)


def _label(labels: Mapping[str, str] | None, header: str) -> Iterator[str]:
    if labels and header in labels:
        yield labels[header]


def _column(table: int, index: int, header: str, cells: Sequence[str], said: Iterable[str], unit: str) -> Column:
    present = [cell for cell in cells if cell.casefold() not in MISSING]
    kind = "text"
    if present and sum(number_of(cell) is not None for cell in present) >= MOSTLY * len(present):
        kind = "number"
    elif present and sum(day_of(cell) is not None for cell in present) >= MOSTLY * len(present):
        kind = "date"
    also = tuple(said)
    bare, ending = parted(header) if kind == "number" and not also else (header, "")  # a field's own words go before
    labels = tuple(dict.fromkeys(stems for label in (bare, *also) for stems in [stems_of(label)] if stems))
    return Column(table, index, header, labels, kind, len(set(present)), unit or bracketed(header) or ending)


def _key(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the first column, or the next one, whose values are all there and all different; no column of decimals or dates."""
    for column in columns[:2]:
        cells = [row[column.index].strip() for row in rows]
        decimal = column.kind == "number" and any("." in cell or "," in cell for cell in cells)
        if (
            column.kind != "date"
            and not decimal
            and all(cells)
            and max(Counter(cells).values()) == 1
            and max(map(len, cells)) < LONGEST_KEY
        ):
            return column.index
    return None
