"""Read the quantities of a text: what its tokens say together, with the words that compare. Pure.

`quantities(text)` is the one call: each reading has its place, kind, exact `low` and `high` (equal for a number), `unit`, `comparator`, and
`parts` where tokens were joined to a range, a value with its tolerance, a fraction or a rate. `reading.within(unit)` converts, exactly, and
only within one kind of unit. A reading without a value says why (`doubt`); `unknown` is the text of a unit that is not known.
"""

import re
from dataclasses import replace
from fractions import Fraction

from drafting.checks.atoms import Kind, Quantity, atoms, measured
from drafting.checks.units import Unit, converted, read_unit

_COMPARATORS = (
    (r"NLT|not less than|no less than|at least|minimum(?: of)?|min\.?|not lower than|not below", ">="),
    (r"NMT|not more than|no more than|at most|maximum(?: of)?|max\.?|up to|not exceeding|not to exceed|not higher than|not above|within", "<="),
    (r"LT|less than|lower than|fewer than|below", "<"), (r"MT|GT|more than|greater than|higher than|above|exceeding", ">"),
    (r"approximately|approx\.?|about|around|circa|ca\.|roughly|nearly", "~"),
)  # fmt: skip
_WORDED = re.compile("|".join(rf"(?P<c{n}>\b(?:{words}))" for n, (words, _) in enumerate(_COMPARATORS)))
_BEFORE = re.compile(rf"(?:{_WORDED.pattern})\s+(?:a\s+|an\s+|the\s+)?$", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:-|–|—|−|\.\.\.?|…)\s?|\s(?:to|through|and)\s")
_PLUS_MINUS = re.compile(r"\s?(?:±|\+/-|\+/−|\+-)\s?|\splus or minus\s")
_OVER = re.compile(r"/|\s(?:out\s)?of\s(?:the\s|a total of\s)?")


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the readings of a text in order, with what belongs together joined and comparing words read."""
    found = [measured(text, atom) if atom.kind is Kind.WORD else atom for atom in atoms(text)]
    made: list[Quantity] = []
    position = 0
    while position < len(found):
        joined = _joined(text, found[position : position + 2]) or found[position]
        made.append(_compared(text, joined))
        position += max(1, len(joined.parts))
    return tuple(made)


def _joined(text: str, found: list[Quantity]) -> Quantity | None:
    """Return what two tokens say together; None where they say nothing together."""
    if len(found) < 2 or any(atom.doubt for atom in found):  # noqa: PLR2004 - two are joined
        return None
    first, second = found
    gap = text[first.end : second.start]
    whole = replace(first, end=second.end, text=text[first.start : second.end], parts=(first, second))
    if first.kind is second.kind and _RANGE.fullmatch(gap) and _is_range(text, first, second, gap):
        return _ranged(whole, first, second)
    if first.kind is not Kind.NUMBER or first.low is None or second.low is None:
        return None
    if second.kind is Kind.NUMBER and _PLUS_MINUS.fullmatch(gap) and not second.comparator:
        return _tolerated(whole, first, second)
    bare = first.unit is None and not first.unknown
    if bare and gap == " per ":
        return _rate(text, whole, second)
    return _fraction(whole, first.low, second) if bare and second.kind is Kind.NUMBER and _OVER.fullmatch(gap) else None


def _rate(text: str, whole: Quantity, second: Quantity) -> Quantity:
    noun = re.compile(r"\s\w+").match(text, second.end) if second.unit is None else None
    code = f"/{second.text}{noun[0] if noun else ''}"
    return replace(whole, unit=Unit(code, ((code, 1),), Fraction(1)))


def _fraction(whole: Quantity, above: Fraction, second: Quantity) -> Quantity | None:
    """Read "3/134" and "2 of 134": both count, so that "5 of 98.5 kg" is none."""
    counted = second.unit is None or second.unit.code.startswith("{")
    if not second.low or not counted or above.denominator != 1 or second.low.denominator != 1:
        return None
    quotient = above / second.low
    return replace(whole, kind=Kind.FRACTION, low=quotient, high=quotient, unit=second.unit, unknown=second.unknown)


def _is_range(text: str, first: Quantity, second: Quantity, gap: str) -> bool:
    if "and" in gap and not re.search(r"\b[Bb]etween\s(?:the\s)?$", text[max(0, first.start - 12) : first.start]):
        return False
    if first.kind in (Kind.DATE, Kind.TIME):
        return True
    if first.kind is not Kind.NUMBER or first.comparator or second.comparator or first.unknown:
        return False
    if first.unit is None or second.unit is None:
        return first.unit is None or first.unit.code == "[pH]"
    return first.unit.dimension == second.unit.dimension


def _ranged(whole: Quantity, first: Quantity, second: Quantity) -> Quantity:
    if first.kind in (Kind.DATE, Kind.TIME):
        return replace(whole, kind=Kind.RANGE, iso=f"{first.iso}/{second.iso}")
    low = first.low
    if first.unit and second.unit and low is not None:
        low = converted(low, first.unit, second.unit)
    unit = second.unit or first.unit
    whole = replace(whole, kind=Kind.RANGE, unit=unit, unknown=second.unknown, places=max(first.places, second.places))
    if low is None or second.low is None or low > second.low:
        return replace(whole, low=None, high=None, doubt="the range ends below its start")
    return replace(whole, low=low, high=second.low)


def _tolerated(whole: Quantity, first: Quantity, second: Quantity) -> Quantity:
    """Read "5 °C ± 3 °C", "60 ± 5 % RH" and "100 mg ± 5 %"; a percentage of something else than a percentage is relative."""
    assert first.low is not None
    assert second.low is not None
    unit = first.unit or _base_of(second)
    low = first.low
    half: Fraction | None = second.low
    if second.unit and unit and second.unit.difference != unit.difference:
        relative = second.unit.code == "%"
        half = abs(low) * second.low / 100 if relative else converted(second.low, second.unit, unit.difference)
    if half is None or first.unknown or second.unknown:
        return replace(whole, kind=Kind.TOLERANCE, low=None, high=None, doubt="value and tolerance have different units")
    centre = replace(first, unit=unit)
    tolerance = replace(second, unit=unit.difference if unit and second.unit is None else second.unit)
    return replace(whole, kind=Kind.TOLERANCE, low=low - half, high=low + half, unit=unit, parts=(centre, tolerance))


def _base_of(second: Quantity) -> Unit | None:
    """Return the unit of the middle, where only the tolerance states one ("25 ± 2 °C")."""
    unit = second.unit
    return (
        read_unit(unit.code.removesuffix("{difference}").replace("Cel", "°C").replace("[degF]", "°F"))
        if unit and unit.difference is unit and "{difference}" in unit.code
        else unit
    )


def _compared(text: str, reading: Quantity) -> Quantity:
    """Read a comparing word before a number: "NLT", "not more than", "about"."""
    if reading.kind not in (Kind.NUMBER, Kind.WORD, Kind.RANGE, Kind.TOLERANCE, Kind.FRACTION) or reading.comparator:
        return reading
    before = _BEFORE.search(text[max(0, reading.start - 32) : reading.start])
    if before is None:
        return reading
    sign = next(symbol for n, (_, symbol) in enumerate(_COMPARATORS) if before[f"c{n}"])
    return replace(reading, comparator=sign)
