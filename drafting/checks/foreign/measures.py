"""Hold the unit of a number against the unit of its cell, exactly: "0.5 g" is "500 mg", and "0.36 mg" is not "0.36 %". Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from drafting.checks.atoms import Kind, Quantity
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.tables import stems_of
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.quantities import quantities
from drafting.checks.units import Unit, converted, read_unit

PERCENT, _POINTS = "%", "%{points}"  # points are of a difference


def with_units(text: str, judged: Iterable[Judged], index: Index) -> Iterator[Judged]:
    """Return the verdicts with each number's unit in its place, and another verdict where the unit changes it."""
    readings = {part.start: part for reading in quantities(text) for part in (reading.parts or (reading,))}
    for one in judged:
        reading = readings.get(one.start)
        if one.kind == "number" and reading is not None and reading.kind is Kind.NUMBER and reading.end >= one.end:
            yield replace(_held(one, reading, index), end=reading.end)
        else:
            yield one


def _held(judged: Judged, reading: Quantity, index: Index) -> Judged:
    if judged.measured is not None:
        return _of_statistic(judged, judged.measured, reading, index)
    unit = unit_of(judged.cell, index) if judged.cell else None
    if judged.cell is None or unit is None or reading.unit is None or reading.unit == unit:
        return judged
    table, row, column = judged.cell
    literal = index.evidence.cell(table, row, column)
    number = number_of(literal)
    place = f"{index.evidence.tables[table].place(row, column)}: '{literal}' {unit.code}"
    if number is None or reading.low is None:
        return judged
    theirs = converted(Fraction(number.value), unit, reading.unit)
    if theirs is None and alike(unit, reading.unit):
        theirs = Fraction(number.value)
    if theirs is None:
        return replace(
            judged, verdict=Verdict.CONTRADICTED, message=f"'{reading.text}' has another unit than {place}.", evidence=place
        )
    said = Decimal(reading.low.numerator) / Decimal(reading.low.denominator)
    right = equal(said, Decimal(theirs.numerator) / Decimal(theirs.denominator))
    message = "" if right else f"'{reading.text}' is contradicted: {place}."
    return replace(judged, verdict=Verdict.SUPPORTED if right else Verdict.CONTRADICTED, message=message, evidence=place)


def _of_statistic(judged: Judged, cell: tuple[int, int, int], reading: Quantity, index: Index) -> Judged:
    """Return the verdict on a statistic: its figure says nothing in another unit than that of its values."""
    unit = unit_of(cell, index)
    if judged.verdict is not Verdict.SUPPORTED or unit is None or reading.unit is None or reading.unit == unit:
        return judged
    if alike(unit, reading.unit) and unit.factor == reading.unit.factor:
        return judged
    message = f"'{reading.text}' has another unit than {judged.evidence}, in {unit.code}."
    return replace(judged, verdict=Verdict.CONTRADICTED, message=message)


def alike(one: Unit, other: Unit) -> bool:
    """Tell whether two units are of one kind, a bare percentage with any that says of what it is: "%" is "% LC", "% w/w" is not."""
    bare = PERCENT in (one.code, other.code) and all(u.code.startswith(PERCENT) and u.code != _POINTS for u in (one, other))
    return one.dimension == other.dimension or bare


def unit_of(cell: tuple[int, int, int], index: Index) -> Unit | None:
    """Return the unit of a cell: what a unit column says of its row, else what its header or profile says."""
    table, row, column = cell
    held = index.evidence.tables[table]
    beside = next((c.index for c in held.columns if stems_of(c.header) == ("unit",)), None)
    said = held.rows[row][beside].strip() if beside is not None else held.columns[column].unit
    return read_unit(said) if said else None
