"""Propose an import profile from a sample of a file's table: for each guess how it was reached and how sure it is. Pure.

Promise: a proposal is never applied. It is text that a person reads, corrects and confirms; what cannot be told apart (day and
month, a decimal mark and grouped digits, the key) is asked, not chosen.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.guessing import Guess, figures, guess_column, unit_of_header
from corpus.identifiers import Identifiers
from corpus.importprofile import GROUPS_TOLD, NUMBERS, ColumnRule, ImportProfile, Layout
from corpus.literals import PER_CENT
from corpus.locating import begins, filled, trimmed
from corpus.profile_toml import written
from corpus.proposing_kinds import KindTold, by_identifier, dated, fields_of, kind_of_rows, kind_told
from corpus.proposing_long import LongColumns, long_columns, long_keys
from corpus.proposing_told import Told
from corpus.readers.contents import LINE_END, Grid, PercentCell, one_line, stripped
from corpus.table_roles import Column, keys, kind_of, roles, slug
from corpus.table_rows import header_position, not_records, second_header, unit_row

SAMPLE_ROWS, SHOWN = 5_000, 5
NO_RESULT = re.compile(r"(?:^|_)(?:id|no|nr|number|code|size|count|year|month|day|week|line|version|lot|batch)(?:_|$)")
YIELD = re.compile(r"(?:^|_)yield(?:_|$)")
STANDARD = {"batch": "batch", "product": "product_code", "strength": "strength"}  # fields that reports ask for by name


@dataclass(frozen=True)
class Proposal:
    """A profile as it could be, and what stands behind each part: `notes` by column header ("" for the file as a whole)."""

    profile: ImportProfile
    notes: Mapping[str, tuple[str, ...]]
    questions: tuple[str, ...]
    part: str = ""
    rows: int = 0
    keys: tuple[tuple[str, ...], ...] = ()  # candidates, the first one is proposed

    @property
    def text(self) -> str:
        """Return the proposal as a profile's text, each guess with its basis as a comment above it."""
        asked = tuple(f"TO DECIDE: {question}" for question in self.questions)
        return written(self.profile, {**self.notes, "": (*self.notes.get("", ()), *asked)})


def propose(
    grid: Grid,
    *,
    name: str,
    identifiers: Identifiers,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
    found: Sequence[str] = (),
) -> Proposal | None:
    """Propose a profile for a table; None where no row of it can be a header. `found` is told of the file as a whole."""
    grid = _with_whole_lines(grid)
    position = header_position(grid)
    if position is None:
        return None
    told = Told()
    told.tell("", *found, *_told_header(grid, position))
    header = trimmed(grid.rows[position]) if grid.part else grid.rows[position]
    data, units, starts = _data(grid, position, header, told)
    every = [_column(h, i, data, identifiers, inherited=h in grid.inherited) for i, h in enumerate(header)]
    given = roles(every)
    role_of = {h: role for h, (role, _) in given.items()}
    named = kind_told(every, name) if by_identifier(every, identifiers) is None else None
    long = None if named else long_columns(every, role_of)
    if long is not None:
        every = [_by_figures(c) if c.header == long.value else c for c in every]
    columns, mark = _under_one_mark(every, told)
    candidates = _candidates(columns, identifiers, role_of, long, named)
    _tell_long(long, told)
    told.questions += _without_batch(columns, role_of)
    key = candidates[0] if candidates else ()
    told.questions += [] if key else ["Which columns identify a row? No column, and no pair of columns, is unique."]
    fielded = fields_of(columns, named.kind, {h: role for h, role in role_of.items() if role in STANDARD}) if named else {}
    if named:
        given = dated(given, named.kind, columns, fielded, told)
        role_of = {h: role for h, (role, _) in given.items()}
    rules = _rules(columns, role_of, key, units, told, long, fielded=fielded, measures=named is None)
    _tell_roles(given, told)
    fields = {role: rules[h].target for h, (role, _) in given.items()}
    profile = ImportProfile(
        name=slug(name) or "table", version=1, title=name, kind=kind_of_rows(named, columns, key, {role: h for h, role in role_of.items()}, identifiers, name, told),
        key=tuple(rules[h].target for h in key), columns=tuple(rules.values()), delimiter=delimiter, encoding=encoding,
        decimal_mark=mark, missing=_missing(columns, told), units_row=units is not None, skip_rows_starting=starts,
        product=fields.get("product"), strength=fields.get("strength"),
        date=(fields["date"],) if "date" in fields else (), months=_months(columns),
        layout=Layout.LONG if long else Layout.ROWS, attribute=(rules[long.parameter].target,) if long else (),
        value=rules[long.value].target if long else None, unit=rules[long.unit].target if long and long.unit else None,
    )  # fmt: skip
    told.questions += _groups_asked(profile)
    return Proposal(profile, told.notes, tuple(told.questions), grid.part, len(data), candidates)


def _without_batch(columns: Sequence[Column], role_of: Mapping[str, str]) -> list[str]:
    """Ask for the batch of rows that name none, where other rows of the file do."""
    return [
        f"{without:,} rows have no '{c.header}': whose are they? What such a row measured is refused."
        for c in columns if role_of.get(c.header) == "batch" and (without := sum(not cell for cell in c.cells))
    ]  # fmt: skip


def _tell_roles(given: Mapping[str, tuple[str, str]], told: Told) -> None:
    """Tell how each role was given, and ask for the date that decides the period where several could."""
    for header, (role, why) in given.items():
        told.tell(header, why)
        if role == "date" and "first of" in why and "first of 1 " not in why:
            told.questions.append(f"Which date decides the period? '{header}' is {why}.")


def _candidates(
    columns: Sequence[Column],
    identifiers: Identifiers,
    role_of: Mapping[str, str],
    long: LongColumns | None,
    named: KindTold | None,
) -> tuple[tuple[str, ...], ...]:
    """Return the columns, or sets of columns, that may be the key, the likeliest first."""
    found = keys(columns, identifiers)
    if long is not None:
        found = long_keys(columns, long, next(h for h, role in role_of.items() if role == "batch"), found)
    own = (named.key,) if named and named.key else None
    return (own, *(many for many in found if many != own)) if own else found


def _groups_asked(profile: ImportProfile) -> list[str]:
    """Ask for the stage of manufacture of what is measured: no cell of a file says it."""
    if not profile.ungrouped:
        return []
    more = len(profile.ungrouped) - SHOWN
    names = ", ".join(f"'{header}'" for header in profile.ungrouped[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")
    which = (
        f"have the values in {names} (one for the whole table)" if profile.layout is Layout.LONG else f"has each of {names}"
    )
    return [f"Which group {which}? A review speaks only of attributes with a group: {GROUPS_TOLD}."]


def _tell_long(long: LongColumns | None, told: Told) -> None:
    if long is None:
        return
    unit = f", its unit '{long.unit}'" if long.unit else ""
    told.tell("", f"a long table: '{long.parameter}' names what a row measured, its value is '{long.value}'{unit}")
    if not long.sure:
        told.questions.append(
            f"Does each row name in '{long.parameter}' what it measured, with the value in '{long.value}'{unit}?"
        )


def _with_whole_lines(grid: Grid) -> Grid:
    """Join the lines of cells that a page broke, as the import will."""
    if not any(LINE_END in cell for row in grid.rows for cell in row):
        return grid
    return replace(grid, rows=tuple(tuple(one_line(cell.split(LINE_END)) for cell in row) for row in grid.rows))


def _told_header(grid: Grid, position: int) -> list[str]:
    above = [grid.numbers[i] for i in range(position) if filled(grid.rows[i])]
    titles = [f"what stands above it (row {', '.join(map(str, above))}) are titles"] if above else []
    return [f"the header is row {grid.numbers[position]}", *titles]


def _data(
    grid: Grid, position: int, header: Sequence[str], told: Told
) -> tuple[list[tuple[str, ...]], tuple[str, ...] | None, tuple[str, ...]]:
    """Return the sample's rows that are records, the units below the header, and how rows begin that are no records."""
    second = second_header(grid, position)
    end, below = second or (None, None)
    numbered = zip(grid.numbers[position + 1 : end], grid.rows[position + 1 : end], strict=True)
    numbers, rows = _apart([(number, row) for number, row in numbered if filled(row)])
    if below is not None:
        cells = ", ".join(f"'{cell}'" for cell in trimmed(grid.rows[below])[:SHOWN])
        told.questions.append(
            f"Row {grid.numbers[below]} reads as the header of a second table ({cells}): the columns were guessed from the rows above it. "
            "An import reads every row as one table and refuses what does not fit: should the second table be a file of its own?"
        )
    units = unit_row(header, rows[0]) if rows else None
    if units is not None:
        told.tell("", "the row below the header holds units")
        numbers, rows = numbers[1:], rows[1:]
    starts, unsure = not_records(rows)
    told.questions += [f"Are the rows that begin with '{word}' records, or totals and notes?" for word in unsure]
    if starts:
        left_out = [number for number, row in zip(numbers, rows, strict=True) if begins(row, starts) is not None]
        words, more = ", ".join(map(repr, starts)), ", ..." if len(left_out) > SHOWN else ""
        told.tell("", f"rows that begin with {words} are taken for totals or notes")
        told.questions.append(
            f"Rows that begin with {words} (row {', '.join(map(str, left_out[:SHOWN]))}{more}) are left out as totals or notes: are they?"
        )
    width = len(header)
    if grid.part:
        rows = [row + ("",) * (width - len(row)) for row in rows]
    kept = [row for row in rows if len(row) >= width and begins(row, starts) is None]
    if len(kept) > SAMPLE_ROWS:
        told.tell("", f"the first {SAMPLE_ROWS:,} of {len(kept):,} rows were looked at")
    return kept[:SAMPLE_ROWS], units, starts


def _apart(numbered: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[list[int], list[tuple[str, ...]]]:
    return [number for number, _ in numbered], [row for _, row in numbered]


def _column(
    header: str, position: int, data: Sequence[Sequence[str]], identifiers: Identifiers, *, inherited: bool
) -> Column:
    cells = tuple(stripped(row[position]) for row in data)
    column = Column(header, cells, guess_column(cells), inherited)
    if inherited:
        told = (
            *column.guess.basis,
            f"identifies the {header.partition('/')[0]} that the row stands in: links it to that record",
        )
        column = replace(column, guess=replace(column.guess, basis=told))
    kind = kind_of(column, identifiers)
    if kind is None:
        return column
    basis = (*column.guess.basis, f"every filled cell is an identifier of the kind {kind.name}")
    return replace(column, guess=replace(column.guess, type="text", values=(), basis=basis))


def _by_figures(column: Column) -> Column:
    """Guess how a column of values is written by its figures, whatever texts stand among them."""
    left = figures(column.cells)
    if not any(left) or len(left) == len(column.cells):
        return column
    guess = guess_column(left)
    told = f"{len(left):,} of {len(column.cells):,} cells are figures or empty; the others stay text, or are refused where they have a unit"
    return replace(column, guess=replace(guess, basis=(*guess.basis, told)))


def _under_one_mark(columns: Sequence[Column], told: Told) -> tuple[list[Column], str]:
    """Settle the decimal mark by the columns that can be read in no other way; take back the numbers that it does not read."""
    marks = Counter(c.guess.mark for c in columns if c.guess.mark in (".", ","))
    mark = max(marks, key=lambda m: marks[m]) if marks else "."
    if marks:
        told.tell("", f"decimal mark '{mark}': {marks[mark]:,} columns can be read in no other way")
    if len(marks) > 1:
        told.questions.append("Columns of one file write decimals with '.' and with ',': a profile has one decimal mark.")
    return [replace(c, guess=_read_with(mark, c, settled=bool(marks), told=told)) for c in columns], mark


def _read_with(mark: str, column: Column, *, settled: bool, told: Told) -> Guess:
    guess = column.guess
    if guess.mark in ("", mark) or (settled and (guess.mark, guess.maybe) == ("?", mark)):
        return guess
    why = (
        f"its decimals are not written with '{mark}' as those of the file"
        if settled
        else "its mark may group digits (1,234), and no column settles the decimal mark"
    )
    told.questions.append(f"'{column.header}': {why}; until a person says it, the column is text.")
    return replace(guess, type="text", basis=(*guess.basis, why), mark="", exponent=False)


def _rules(
    columns: Sequence[Column],
    given: Mapping[str, str],
    key: tuple[str, ...],
    units: tuple[str, ...] | None,
    told: Told,
    long: LongColumns | None = None,
    *,
    fielded: Mapping[str, str],
    measures: bool,
) -> dict[str, ColumnRule]:
    """Make a rule for each column: numbers of a batch that are no codes or counts are measurements; the rest are fields."""
    results = measures and long is None and "batch" in given.values() and any(c.guess.type == "decimal" for c in columns)
    as_text = long.headers if long else frozenset()
    taken = {STANDARD[role] for role in given.values() if role in STANDARD} | set(fielded.values())
    made = {}
    for position, column in enumerate(columns):
        h, guess, role = column.header, column.guess, given.get(column.header)
        unit = (units[position] if units else "") or unit_of_header(h)[1]
        if unit:
            told.tell(h, f"its unit '{unit}' stands {'below' if units and units[position] else 'in'} the header")
        elif _in_per_cent(column):
            unit = PER_CENT
            told.tell(h, "its unit '%': every number is shown as per cent, and is read as it is shown (98.5 % as 98.5)")
        free = role is None and h not in key
        counted = guess.type == "integer" and not unit and NO_RESULT.search(column.word) is not None
        measured = free and results and guess.type in ("decimal", "integer") and not counted
        target = STANDARD.get(role or "") or fielded.get(h) or _unused(column.word or f"column_{position + 1}", taken)
        way = guess.date.way if guess.date and guess.type in ("date", "month", "datetime") else None
        alone = guess.type == "integer" and guess.of == 1 and not measured
        type_ = "text" if h in as_text or alone else guess.type
        if alone:
            told.tell(h, "one cell does not say that every value is a whole number: read as text")
        yielded = measured and YIELD.search(column.word) is not None
        if yielded:
            told.tell(h, "its group 'yield', by its name")
        if measured and guess.type == "integer":
            told.tell(h, "taken for a result, which may have decimals in other files")
        made[h] = ColumnRule(
            header=h, field=None if measured else target, attribute=target if measured else None,
            type="decimal" if measured else type_, unit=unit, group="yield" if yielded else "", values=guess.values if type_ == "enum" else (),
            exponent=guess.exponent, format=way.pattern if way else None, passage=guess.prose and free and h not in as_text,
        )  # fmt: skip
        told.tell(h, *guess.basis)
        told.questions += [f"'{h}': {question}" for question in guess.questions]
    return made


def _in_per_cent(column: Column) -> bool:
    """Tell whether a column holds numbers, and its file shows each of them as per cent."""
    found = [cell for cell in column.cells if cell and cell not in column.guess.missing]
    return column.guess.type in NUMBERS and bool(found) and all(isinstance(cell, PercentCell) for cell in found)


def _missing(columns: Sequence[Column], told: Told) -> tuple[str, ...]:
    """Return the literals that mean "no value"; one that is also written in a column of words is asked."""
    words = tuple(dict.fromkeys(word for c in columns for word in c.guess.missing if word))
    for c in columns:
        shared = [word for word in words if c.guess.type in ("enum", "text") and word in c.cells]
        told.questions += [f"'{word}' stands for no value elsewhere: does it in '{c.header}' too?" for word in shared]
    return ("", *words)


def _months(columns: Sequence[Column]) -> dict[str, int]:
    dated = [c.guess.date for c in columns if c.guess.date and c.guess.date.way]
    return {name: number for date in dated for name, number in date.months.items()}


def _unused(name: str, taken: set[str]) -> str:
    free = name if name not in taken else next(f"{name}_{n}" for n in range(2, 10_000) if f"{name}_{n}" not in taken)
    taken.add(free)
    return free
