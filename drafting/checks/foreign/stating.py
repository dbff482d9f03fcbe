"""Judge a limit that a text names: it must be a limit of what the sentence speaks of, in force for what it names, and of the side said. Pure."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign import alternates
from drafting.checks.foreign.aggregates import column_cells
from drafting.checks.foreign.attributes import relation_before
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.limits import applies, in_force, limits_meant, said_of
from drafting.checks.foreign.lookup import Cell, matching, shown
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.pointed import unit_of_number
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.rowlimits import limited_tables
from drafting.checks.foreign.scope import Scope, date_columns, days_in, related
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import cut

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_OTHER_LEVELS = frozenset(("alert", "action", "warning", "trend"))  # levels that are no specification
_OTHER_TIMES = frozenset((
    "new", "current", "present", "revised", "tightened", "widened", "old", "former", "previous", "earlier", "later", "future",
))  # fmt: skip
_LOWER, _UPPER = frozenset(("lower", "low", "min", "minimum")), frozenset(("upper", "high", "max", "maximum"))
_SIDES = {"<=": "an upper", ">=": "a lower"}
_NEAR = 5  # words before a limit that say which it is


def named(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on a limit that a text names; None where the evidence holds no limits of the attribute."""
    index, word = text.index, reading.words[at].text
    levels = {w.text.casefold() for w in reading.words[max(0, at - _NEAR) : at]} & _OTHER_LEVELS
    cells = _of_level(levels, _held(reading, at, text))
    if levels:
        agreed = matching(said, cells)
        return said_of(reading, at, Verdict.SUPPORTED, "", agreed, index) if agreed else None
    cells = _in_unit(reading, at, _in_force(reading, at, cells, index), index)
    cells = _graded(reading, at, cells, index)
    if not cells:
        return alternates.other_limit(reading, at, said, text, whole=True)
    side = _side_said(reading, at)
    agreed = matching(said, [c for c in cells if not side or side_of(c, index) in ("", side)])
    if agreed:
        return said_of(reading, at, Verdict.SUPPORTED, "", agreed, index)
    other = matching(said, cells)
    kind = alternates.of_kind(reading, at, list(cells), index)
    alternate = alternates.other_limit(reading, at, said, text, whole=kind, beside=kind) if other is None else None
    if alternate is not None or (other is None and not kind):
        return alternate  # a figure of another kind of unit is of another limit
    if other is None and {c.table for c in cells} <= {one.table for one in limited_tables(index)}:
        elsewhere = _elsewhere(reading, at, said, {c.table for c in cells}, text)
        if elsewhere is not None:
            return elsewhere
    against = other or next((c for c in cells if side and side_of(c, index) == side), cells[0])
    what = f"this is {_SIDES[side_of(other, index)]} limit" if other else "the limit is"
    message = f"'{word}' is contradicted: {what}{':' if other else ''} {shown(against, index)}."
    return said_of(reading, at, Verdict.CONTRADICTED, message, against, index)


def side_of(cell: Cell, index: Index) -> str:
    """Return which side a limit is of, by its column or as it is written: "<=" of an upper one, ">=" of a lower one, "" where it is open."""
    header = set(stems_of(index.evidence.tables[cell.table].columns[cell.column].header))
    literal = cell.literal.casefold()
    upper = header & _UPPER or literal.startswith(("not more", "nmt", "≤", "<"))
    lower = header & _LOWER or literal.startswith(("not less", "nlt", "≥", ">"))
    return "<=" if upper else ">=" if lower else ""


def _of_level(levels: AbstractSet[str], cells: Sequence[Cell]) -> Sequence[Cell]:
    """Return the limits that are of a level as their cells write it, "alert 35 µm"; without a level those that are of none."""
    said = {c: _OTHER_LEVELS & {w.text.casefold() for w in cut(c.literal)} for c in cells}
    return [c for c, words in said.items() if (words & levels if levels else not words)]


def _elsewhere(reading: Reading, at: int, said: Decimal, tables: AbstractSet[int], text: "Text") -> Judged | None:
    """Return the verdict on a limit that another table states of the attribute: of results with their own limits there may be several."""
    index = text.index
    meant = [a for a in limits_meant(reading, at, text, near=1.0) if a.table not in tables]
    cells = _in_unit(reading, at, [c for a in meant for c in column_cells(index, a, Scope())], index)
    if matching(said, cells) is None:
        return None
    named = bool(reading.entities)
    agreed = matching(said, _in_force(reading, at, cells, index)) if named else None
    message = "" if agreed else f"'{reading.words[at].text}' is another limit of this: which is meant is open."
    shown_cell = agreed or matching(said, cells)
    verdict = Verdict.SUPPORTED if agreed else Verdict.NOT_FOUND
    return said_of(reading, at, verdict, message, shown_cell, index) if shown_cell else None


def _graded(reading: Reading, at: int, cells: Sequence[Cell], index: Index) -> Sequence[Cell]:
    """Return the limits in whose rows the size stands that is said behind a number: "50 N for the 20 mg tablets"; all where none does."""
    words, end = reading.words, next((n for n in reading.numbers if n > at), at)
    size = "".join(w.text for w in words[end : end + 2]).casefold()
    if end == at or "for" not in [w.text.casefold() for w in words[max(at, end - 2) : end]]:
        return cells
    lines = {c: index.evidence.tables[c.table].rows[c.row] for c in cells}
    return [c for c, line in lines.items() if size in {cell.casefold().replace(" ", "") for cell in line}] or cells


def _in_unit(reading: Reading, at: int, cells: Sequence[Cell], index: Index) -> Sequence[Cell]:
    """Return the limits of the unit of a number where there are any, else all: a limit of another material is not meant."""
    unit = unit_of_number(reading, at)
    same = [c for c in cells if unit is not None and unit_of((c.table, c.row, c.column), index) == unit]
    return same or cells


def _side_said(reading: Reading, at: int) -> str:
    """Return the side of a limit that the words before it say: "NMT 2.0 %", "the lower limit of 95.0 %"."""
    stated = relation_before(reading.words, at)
    before = [w.stem for w in reading.words[max(0, at - _NEAR) : at]]
    beside = before[before.index("limit") - 1] if "limit" in before[1:] else ""
    return stated if stated in _SIDES else ">=" if beside in _LOWER else "<=" if beside in _UPPER else ""


def _held(reading: Reading, at: int, text: "Text") -> Sequence[Cell]:
    """Return the limits of the attribute in the first scope that has any."""
    meant = limits_meant(reading, at, text)
    for scope in (*scopes(reading, text), Scope()):
        found = [(c, a) for a in meant for c in column_cells(text.index, a, Scope(scope.entities))]
        cells = [c for c, a in found if applies(text.index, c, a, scope)]
        if cells:
            return cells
    return ()


def _in_force(reading: Reading, at: int, cells: Sequence[Cell], index: Index) -> Sequence[Cell]:
    """Return those limits that are in force for what the sentence names; all where it names nothing, or says that it means another version."""
    before = [m for m in reading.entities if m.last < at]
    owner = before[-1] if before else next(iter(reading.entities), None)
    other = {w.text.casefold() for w in reading.words[max(0, at - _NEAR) : at]} & _OTHER_TIMES
    entity = index.evidence.entities.get(owner.what[0]) if owner is not None and len(owner.what) == 1 else None
    if entity is None or other:
        return cells
    return [c for c in cells if _binds(c, entity, index)] or cells


def _binds(cell: Cell, entity: Entity, index: Index) -> bool:
    """Tell whether a limit is that of an entity: of the version that its rows name, else in force on the day on which it began."""
    table = index.evidence.tables[cell.table]
    line = table.rows[cell.row]
    version = next((c.index for c in table.columns if stems_of(c.header)[-1:] == ("version",)), None)
    if version is not None:
        named_there = _versions(entity, frozenset(row[version].strip() for row in table.rows), index)
        if named_there:
            return line[version].strip() in named_there
    days = {
        day
        for t, r in entity.rows
        for day in days_in(index.evidence, t, date_columns(index.evidence, t)[0])[r]
        if day is not None
    }
    return not days or any(in_force(table, line, day, day) for day in days)


def _versions(entity: Entity, known: frozenset[str], index: Index) -> frozenset[str]:
    """Return the versions of limits that the rows of an entity name; else those of the rows that these and others refer to."""
    around = (place for t, r in entity.rows for place in related(index.evidence, t, r))
    for places in (entity.rows, (*around, *index.evidence.referring.get((entity.noun, entity.key), ()))):
        found = frozenset(
            index.evidence.cell(t, r, c.index)
            for t, r in places
            for c in index.evidence.tables[t].columns
            if stems_of(c.header)[-1:] == ("version",)
        )
        if found & known:
            return found & known
    return frozenset()
