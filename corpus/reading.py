"""From the bytes of one file to what will be stored of it. Pure: no store, no ids, no time.

Promise: every cell of every data row ends as imported, refused (with file, row, column, literal and reason) or declared
missing, and the three add up to the cells that were in the file. A refused cell does not stop the rest of its row, unless
the row cannot be placed without it (key, product, strength, date): then all its cells are refused, each by name. A row with
more or fewer cells than the header is refused whole, because no cell of it can be placed with certainty.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.cells import Reader, cell_reader
from corpus.chunking import passages as chunked
from corpus.dates import date_reader
from corpus.importprofile import NUMBERS, ColumnRule, ImportProfile, Layout
from corpus.literals import Parsed, Unreadable
from corpus.longtable import NO_BATCH, LongTable, LongValue
from corpus.model import Balance
from corpus.readers.narrative import Narrative

SHOWN = 200  # characters of a refused literal that are kept in the list; the file itself is kept whole
ORIGINS = ("synthetic",)


@dataclass(frozen=True)
class ReadRecord:
    """A record before it is stored."""

    kind: str
    identifier: str
    product: str | None
    strength: str | None
    date: str | None
    precision: str | None
    row: int | None
    fields: Mapping[str, str | None]


@dataclass(frozen=True)
class ReadPassage:
    """A passage before it is stored."""

    place: str
    text: str
    kind: str
    product: str | None
    record_identifier: str | None


@dataclass(frozen=True)
class ReadRefusal:
    """A refused cell, by its place in the file."""

    place: str
    literal: str
    reason: str


# row, header, batch, product, attribute, literal, value, state, unit, primary: a tuple, because there are tens of thousands
ReadMeasurement = tuple[int, str, str, str | None, str, str, str | None, str, str, bool]


@dataclass
class ReadFile:
    """Everything that one file holds."""

    records: list[ReadRecord] = field(default_factory=list)
    measurements: list[ReadMeasurement] = field(default_factory=list)
    refusals: list[ReadRefusal] = field(default_factory=list)
    passages: list[ReadPassage] = field(default_factory=list)
    balance: Balance = field(default_factory=Balance)
    rows: int = 0  # of the table, taken or refused
    notes: list[str] = field(default_factory=list)  # of what was kept otherwise than its column suggests

    def moved(self, where: Callable[[str], str]) -> None:
        """Say where cells stand in the file that was read as another table than it is."""
        self.refusals = [replace(r, place=where(r.place)) for r in self.refusals]
        self.passages = [replace(p, place=where(p.place)) for p in self.passages]


@dataclass(frozen=True)
class _Row:
    """One data row: its number as a spreadsheet shows it, its literals, and what each was read as."""

    number: int
    cells: Sequence[str]
    parsed: dict[str, Parsed | None]
    refused: dict[str, str]


def read_table(
    profile: ImportProfile,
    rows: Sequence[Sequence[str]],
    *,
    product: str | None = None,
    numbers: Sequence[int] | None = None,
    doubtful: Mapping[int, str] | None = None,
) -> ReadFile:
    """Turn the rows of a table (header first) into records, measurements, refusals and their balance.

    `numbers` are the rows' numbers in the file; without them the header is row 1. `doubtful` are rows that are refused whole, and why.
    """
    refused_whole = doubtful or {}
    readers = tuple((rule, cell_reader(profile, rule)) for rule in profile.columns)
    result = ReadFile()
    seen: dict[str, int] = {}
    long = LongTable(profile) if profile.layout is Layout.LONG else None
    cells_in = missing = 0
    counted = numbers[1:] if numbers else range(2, len(rows) + 1)
    for number, cells in zip(counted, rows[1:], strict=True):
        cells_in += len(cells)
        result.rows += bool(cells)
        if len(cells) != len(readers):
            if cells:
                reason = f"the row has {len(cells)} cells, the header {len(readers)}: none of them can be placed"
                result.refusals.extend(_all_refused(profile, number, cells, reason))
            continue
        row = _read_row(readers, number, cells)
        obstacle = refused_whole.get(number) or _unplaceable(profile, row, seen)
        if obstacle:
            result.refusals.extend(_all_refused(profile, number, cells, obstacle, row.refused))
            continue
        measured = _long_value(long, profile, row) if long else None
        _refuse_without_batch(profile, row)
        for rule, literal in zip(profile.columns, cells, strict=True):
            if rule.header in row.refused:
                result.refusals.append(_refusal(number, rule.header, literal, row.refused[rule.header]))
        missing += sum(parsed is None for parsed in row.parsed.values())
        _keep(profile, row, product, measured, result)
    result.notes = long.notes() if long else []
    refused = len(result.refusals)
    result.balance = Balance(cells_in, cells_in - refused - missing, refused, missing)
    return result


def _read_row(readers: Sequence[tuple[ColumnRule, Reader]], number: int, cells: Sequence[str]) -> _Row:
    parsed: dict[str, Parsed | None] = {}
    refused: dict[str, str] = {}
    for (rule, read), literal in zip(readers, cells, strict=True):
        try:
            parsed[rule.header] = read(literal)
        except Unreadable as problem:
            refused[rule.header] = str(problem)
    return _Row(number, cells, parsed, refused)


def _unplaceable(profile: ImportProfile, row: _Row, seen: dict[str, int]) -> str | None:
    """Say why a row cannot be placed, or note its identifier and return None."""
    for rule in profile.fielded:
        if rule.field in profile.anchors and rule.header in row.refused:
            return f"the row cannot be placed: its {rule.field} was refused"
        if rule.field in profile.key and row.parsed[rule.header] is None:
            return f"the row cannot be placed: its {rule.field} is missing"
    identifier = _identifier(profile, _texts(profile, row))
    if identifier in seen:
        return f"{profile.kind} {identifier} stands already in row {seen[identifier]}"
    seen[identifier] = row.number
    return None


def _texts(profile: ImportProfile, row: _Row) -> dict[str, str]:
    """Return the parsed text of each field that has one."""
    found = ((rule.field, row.parsed.get(rule.header)) for rule in profile.fielded)
    return {name: parsed.text for name, parsed in found if name and parsed is not None}


def _identifier(profile: ImportProfile, texts: Mapping[str, str]) -> str:
    return "/".join(texts[name] for name in profile.key)


def _long_value(long: LongTable, profile: ImportProfile, row: _Row) -> LongValue | None:
    """Return what a row of a long table measures; note why its value is refused where it is."""
    header = long.rule.header
    if header in row.refused:
        return None
    try:
        return long.value(row.number, row.cells[profile.header.index(header)], _texts(profile, row))
    except Unreadable as problem:
        row.refused[header] = str(problem)
        row.parsed.pop(header)
        return None


def _refuse_without_batch(profile: ImportProfile, row: _Row) -> None:
    """Refuse what a row measured where its batch is empty: no other column's text may stand for it."""
    if profile.measured and "batch" not in _texts(profile, row):
        for rule in profile.measured:
            if row.parsed.get(rule.header) is not None:
                row.refused[rule.header] = NO_BATCH
                row.parsed.pop(rule.header)


def _keep(profile: ImportProfile, row: _Row, product: str | None, measured: LongValue | None, result: ReadFile) -> None:
    texts = _texts(profile, row)
    fields: dict[str, str | None] = {}
    scope = texts.get(profile.product, product) if profile.product else product
    identifier = _identifier(profile, texts)
    batch = texts.get("batch")
    for rule, literal in zip(profile.columns, row.cells, strict=True):
        if rule.header in row.refused:
            continue
        parsed = row.parsed[rule.header]
        if rule.field:
            said = parsed.text if parsed is not None and rule.type in NUMBERS else literal.strip()  # "98.5" of 98.5 %
            fields[rule.field] = None if parsed is None else said
            if rule.passage and parsed is not None:
                place = f"row {row.number}, {rule.header}"
                result.passages.append(ReadPassage(place, literal.strip(), profile.kind, scope, identifier))
            continue
        if batch is not None:
            found = LongValue(rule.attribute or "", parsed, literal.strip(), rule.unit)
            result.measurements.append(_measurement(row, rule, batch, scope, found))
    if measured is not None and batch is not None:
        rule = next(rule for rule in profile.fielded if rule.field == profile.value)
        result.measurements.append(_measurement(row, rule, batch, scope, measured))
    date, precision = _period(profile, texts)
    strength = texts.get(profile.strength) if profile.strength else None
    result.records.append(
        ReadRecord(profile.kind, identifier, scope, strength, date, precision, row.number, fields)
    )  # fmt: skip


def _measurement(row: _Row, rule: ColumnRule, batch: str, product: str | None, found: LongValue) -> ReadMeasurement:
    number = found.number
    state = "missing" if number is None else "censored" if number.censored else "value"
    value = None if number is None or number.value is None else format(number.value, "f")
    return row.number, rule.header, batch, product, found.attribute, found.literal, value, state, found.unit, rule.primary


def _period(profile: ImportProfile, texts: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the first date present, without a time of day, and how exactly it is known."""
    written = next((texts[name] for name in profile.date if name in texts), None)
    if written is None:
        return None, None
    return written[:10], {4: "year", 7: "month"}.get(len(written), "day")


def _all_refused(
    profile: ImportProfile, number: int, cells: Sequence[str], reason: str, own: Mapping[str, str] | None = None
) -> Iterator[ReadRefusal]:
    for position, literal in enumerate(cells):
        header = profile.header[position] if position < len(profile.header) else f"column {position + 1}"
        yield _refusal(number, header, literal, (own or {}).get(header, reason))


def _refusal(number: int, header: str, literal: str, reason: str) -> ReadRefusal:
    shown = literal if len(literal) <= SHOWN else f"{literal[:SHOWN]} … ({len(literal)} characters)"
    visible = shown.replace("\x00", "\N{SYMBOL FOR NULL}")  # a NUL has no place in a database's text
    return ReadRefusal(f"row {number}, {header}", visible, reason)


_NAMED = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,5}(?:-[A-Z0-9]+)*-\d+(?![A-Za-z0-9])")
_KINDS = {"DEV": "deviation_narrative", "SOP": "sop", "APR": "previous_report", "PQR": "previous_report"}
_DATES = ("YYYY-MM-DD", "YYYY-MM", "YYYY")


def read_narrative(narrative: Narrative, *, file: str, product: str | None = None) -> ReadFile:
    """Turn a narrative into passages, and into a record where its description or its file's name identifies it.

    Where the description names no kind, the identifier's first letters do: DEV, SOP, APR or PQR, else it is a narrative.
    """
    about = narrative.about
    scope = about.get("product") or product
    named = _NAMED.search(file)
    identifier = about.get("id") or (named[0] if named else None)
    kind = about.get("kind") or _KINDS.get((identifier or "").partition("-")[0], "narrative")
    result = ReadFile()
    result.passages.extend(ReadPassage(place, text, kind, scope, identifier) for place, text in chunked(narrative.blocks))
    if identifier:
        effective = next((when for form in _DATES if (when := date_reader(form)(about.get("effective", "")))), None)
        date, precision = (effective.iso, effective.precision) if effective else (None, None)
        result.records.append(ReadRecord(kind, identifier, scope, None, date, precision, None, dict(about)))
    return result


def is_synthetic(narrative: Narrative) -> bool:
    """Tell whether a narrative's description says that it is synthetic."""
    return narrative.about.get("origin", "").strip().lower() in ORIGINS
