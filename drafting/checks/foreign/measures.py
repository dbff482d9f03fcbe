"""Hold the unit of a number against the unit of its cell, exactly: "0.5 g" is "500 mg", and "0.36 mg" is not "0.36 %". Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from drafting.checks.atoms import Kind, Quantity
from drafting.checks.foreign import suffixes
from drafting.checks.foreign.attributes import relation_before
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.values import Number, bounded, holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import Word, cut
from drafting.checks.quantities import quantities
from drafting.checks.units import Unit, converted, read_unit

_WHEN = re.compile(r"\b(?:up to|over|for|within|after|until|through|throughout|during|at) (?:the first )?$", re.IGNORECASE)
_TIMES = ((("s", 1),), (("mo", 1),))
PERCENT, _POINTS = "%", "%{points}"  # points are of a difference
REACH = 60  # characters before a number within which words compare it
_TEMPERATURES = frozenset(("temp", "temperature"))
_RATIOS = {(("ratio", 1),), (("w/w", 1),)}
_SCALE = re.compile(r"10\^(\d{1,2})/")
_POWER = re.compile(r"(?:[x×*]\s?10\s?\^?|(?<=\d)[eE])\s?([\d⁰¹²³⁴-⁹]{1,2})")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_BY = re.compile(r"\bby\s+(?:\w+\s+)?$")
_DIFFERS = re.compile(
    r"\s+(?:higher|lower|more|less|greater|smaller|larger|better|worse|longer|shorter|faster|slower|above|below|of|up|down)\b"
)


def with_units(text: str, judged: Iterable[Judged], index: Index) -> Iterator[Judged]:
    """Return the verdicts with each number's unit in its place, and another verdict where the unit changes it."""
    readings = {part.start: part for reading in quantities(text) for part in (reading.parts or (reading,))}
    for one in judged:
        reading = readings.get(one.start)
        if one.kind == "number" and reading is not None and reading.kind is Kind.NUMBER and reading.end >= one.end:
            yield replace(_held(one, reading, text, index), end=reading.end)
        else:
            yield one


def _held(judged: Judged, reading: Quantity, text: str, index: Index) -> Judged:
    if judged.measured is not None:
        return _of_statistic(judged, judged.measured, reading, text, index)
    return judged if judged.cell is None or reading.low is None else _of_cell(judged, judged.cell, reading, text, index)


def _of_cell(judged: Judged, cell: tuple[int, int, int], reading: Quantity, text: str, index: Index) -> Judged:
    """Return the verdict on a number of one cell, in the unit of that."""
    table, row, column = cell
    unit, scale = unit_of(cell, index), scale_of(index.evidence.tables[table].columns[column].unit)
    literal = index.evidence.cell(table, row, column)
    number = number_of(literal)
    if number is None or (not scale and (unit is None or reading.unit is None or reading.unit == unit)):
        return judged
    if scale:
        return _scaled(judged, reading, scale)
    place = f"{index.evidence.tables[table].place(row, column)}: '{literal}' {unit.code if unit else ''}"
    theirs = _converted(Fraction(number.value), unit, reading.unit) if unit and reading.unit else None
    if theirs is None:
        return _elsewhere(judged, reading, cell, index) or _otherwise(judged, reading, text, place, unit)
    low = reading.low or Fraction(0)
    said = Decimal(low.numerator) / Decimal(low.denominator)
    before = cut(text[max(0, reading.start - REACH) : reading.start])
    right = _holds(said, Number(Decimal(theirs.numerator) / Decimal(theirs.denominator), number.sign), before)
    if right is None:
        return replace(judged, verdict=Verdict.NOT_FOUND, message=f"The evidence has a bound only: {place}.", evidence=place)
    message = "" if right else f"'{reading.text}' is contradicted: {place}."
    return replace(judged, verdict=Verdict.SUPPORTED if right else Verdict.CONTRADICTED, message=message, evidence=place)


def _holds(said: Decimal, held: Number, before: tuple[Word, ...]) -> bool | None:
    """Tell whether a number is so as the words before it compare it; None where a bound leaves it open."""
    relation = relation_before(before, len(before))
    return bounded(said, held, relation) if held.sign else holds(said, held.value, relation)


def _converted(value: Fraction, unit: Unit, into: Unit) -> Fraction | None:
    """Return a value in another unit of its kind, a bare ratio and one of masses among them."""
    same = converted(value, unit, into)
    return value * unit.factor / into.factor if same is None and alike(unit, into) else same


def _scaled(judged: Judged, reading: Quantity, scale: int) -> Judged:
    """Return the verdict on a number with a power of ten, which must be that of its header: "21.3 x 10^6"."""
    power = _POWER.search(reading.text)
    if judged.verdict is not Verdict.SUPPORTED or power is None or int(power[1].translate(_RAISED)) == scale:
        return judged
    message = f"'{reading.text}' is contradicted: {judged.evidence} is of 10^{scale}."
    return replace(judged, verdict=Verdict.CONTRADICTED, message=message)


def _elsewhere(judged: Judged, reading: Quantity, cell: tuple[int, int, int], index: Index) -> Judged | None:
    """Leave a number open that another cell of the same row has in its unit: that one may be meant."""
    table, row, _ = cell
    for column in index.evidence.tables[table].columns:
        number, unit = number_of(index.evidence.cell(table, row, column.index)), unit_of((table, row, column.index), index)
        if number and unit and reading.unit and alike(unit, reading.unit) and Fraction(number.value) == reading.low:
            place = f"{index.evidence.tables[table].place(row, column.index)}: '{number.value}'"
            return replace(
                judged,
                verdict=Verdict.NOT_FOUND,
                message=f"It may be what stands elsewhere in this row, {place}.",
                cell=None,
            )
    return None


def _otherwise(judged: Judged, reading: Quantity, text: str, place: str, unit: Unit | None) -> Judged:
    """Return the verdict on a number of another unit than its cell: a percentage may be by how much that changed or differs, a time when it was."""
    lead = text[max(0, reading.start - REACH) : reading.start]
    if is_time(reading.unit) and _WHEN.search(lead) is not None and not is_time(unit):
        return replace(judged, verdict=Verdict.NOT_FOUND, message="It is open of what this time is.", cell=None)
    share = reading.unit is not None and reading.unit.code == PERCENT
    if share and (_BY.search(lead) or _DIFFERS.match(text, reading.end)):
        return replace(
            judged, verdict=Verdict.NOT_FOUND, message="It is open of what this is a part or difference.", cell=None
        )
    message = f"'{reading.text}' has another unit than {place}."
    return replace(judged, verdict=Verdict.CONTRADICTED, message=message, evidence=place)


def _of_statistic(judged: Judged, cell: tuple[int, int, int], reading: Quantity, text: str, index: Index) -> Judged:
    """Return the verdict on a statistic: its figure says nothing in another unit than that of its values."""
    unit = unit_of(cell, index)
    if judged.verdict is not Verdict.SUPPORTED or unit is None or reading.unit is None or reading.unit == unit:
        return judged
    if alike(unit, reading.unit) and unit.factor == reading.unit.factor:
        return judged
    return _otherwise(judged, reading, text, f"{judged.evidence}, in {unit.code}", unit)


def is_time(unit: Unit | None) -> bool:
    """Tell whether a unit is one of time."""
    return unit is not None and unit.dimension in _TIMES


def alike(one: Unit, other: Unit) -> bool:
    """Tell whether two units are of one kind, a bare percentage with any that says of what it is: "%" is "% LC", "% w/w" is not."""
    bare = PERCENT in (one.code, other.code) and all(u.code.startswith(PERCENT) and u.code != _POINTS for u in (one, other))
    ratio = {one.dimension, other.dimension} == _RATIOS and PERCENT not in (one.code, other.code)  # ng/mg are ppm
    return one.dimension == other.dimension or bare or ratio


def scale_of(unit: str) -> int:
    """Return the power of ten that a header's unit counts in: 6 of "10^6/mL"; 0 where it says none."""
    found = _SCALE.match(unit)
    return int(found[1]) if found else 0


def unit_of(cell: tuple[int, int, int], index: Index) -> Unit | None:
    """Return the unit of a cell: what a unit column says of its row, else what its header or profile says."""
    table, row, column = cell
    held = index.evidence.tables[table]
    beside = held.unit_beside[column]
    if beside is not None:
        return _ending(held.columns[column].header) or read_unit(held.rows[row][beside])
    return read_unit(held.columns[column].unit) or read_unit(suffixes.within(held.columns[column].header))


def _ending(header: str) -> Unit | None:
    """Return the unit of temperature or time that ends a header, which a column of units of something else does not change."""
    stems = stems_of(header)
    if stems[-1:] == ("c",) and _TEMPERATURES & set(stems):
        return read_unit("°C")
    return read_unit(stems[-1]) if len(stems) > 1 and "time" in stems and stems[-1] in ("min", "h", "s") else None
