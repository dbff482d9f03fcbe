"""Find another limit that a sentence may mean than that of the attribute which stands nearest: of its figure, its kind of unit and its words. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.acts import alike as one_word
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.labels import LIMITS, RESULTS, SIDES, STOP
from drafting.checks.foreign.limits import NOT_ATTRIBUTES, applies, said_of
from drafting.checks.foreign.lookup import Cell, is_limit
from drafting.checks.foreign.measures import alike, unit_of
from drafting.checks.foreign.pointed import unit_of_number
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.scope import Scope, rows_in
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.units import Unit, read_unit

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_NO_WORDS = LIMITS | SIDES | RESULTS | NOT_ATTRIBUTES | STOP | {"max", "min", "time", "spec"}


def of_kind(reading: Reading, at: int, cells: list[Cell], index: Index) -> bool:
    """Tell whether one of the limits may have the unit of a number: it has one of its kind, or says none."""
    unit = unit_of_number(reading, at)
    return any(_fits(unit, (c.table, c.row, c.column), index) for c in cells)


def other_limit(
    reading: Reading, at: int, said: Decimal, text: "Text", *, whole: bool, beside: bool = False
) -> Judged | None:
    """Return the support of a limit with this figure of which a sentence says the words, `whole` all of them; None where none has it.

    `beside` takes only limits that stand in the rows of results: those of a specification are chosen by their version and scope.
    """
    index, unit = text.index, unit_of_number(reading, at)
    scope = Scope(tuple(key for m in reading.entities for key in m.what))
    for attribute in index.attributes:
        if (
            (beside and attribute.where)
            or not is_limit(index, attribute)
            or not _says(reading, attribute, index, whole=whole)
        ):
            continue
        for cell in _cells(attribute, scope, index):
            number = number_of(cell.literal)
            same = number is not None and number.value == said and _fits(unit, (cell.table, cell.row, cell.column), index)
            if same and applies(index, cell, attribute, scope):
                return said_of(reading, at, Verdict.SUPPORTED, "", cell, index)
    return None


def _says(reading: Reading, attribute: Attribute, index: Index, *, whole: bool) -> bool:
    """Tell whether a sentence says what a limit is of: a word of it that no result has alone, `whole` every word."""
    header = index.evidence.tables[attribute.table].columns[attribute.column].header
    label = stems_of(attribute.where[1]) if attribute.where else stems_of(header)
    wanted = [s for s in label if s.isalpha() and s not in _NO_WORDS and read_unit(s) is None]
    spoken = {s for one in reading.said for s in one.stems} | {w.stem for w in reading.words if w.kind == "word"}
    found = [s for s in wanted if s in spoken or any(one_word(w, s) for w in spoken)]
    return bool(found) and (len(found) == len(wanted) or not whole)


def _cells(attribute: Attribute, scope: Scope, index: Index) -> Iterator[Cell]:
    table = index.evidence.tables[attribute.table]
    rows = range(len(table.rows)) if attribute.where else rows_in(index.evidence, attribute.table, scope)
    for row in rows:
        if attribute.where is None or table.rows[row][attribute.where[0]].strip() == attribute.where[1]:
            yield Cell(attribute.table, row, attribute.column, index.evidence.cell(attribute.table, row, attribute.column))


def _fits(unit: Unit | None, place: tuple[int, int, int], index: Index) -> bool:
    held = unit_of(place, index)
    return unit is None or held is None or alike(held, unit)
