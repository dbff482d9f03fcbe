"""Other values that cannot be taken for the true one: altered numbers, shifted decimals, units, dates, statuses. Pure and seeded by nothing."""

import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")
SHARES = (Decimal("0.05"), Decimal("0.12"), Decimal("-0.08"), Decimal("0.20"), Decimal("-0.15"))
SMALL = 20  # counts up to here move by one
DAYS = (9, -18, 30, -1, -7, 14, 3, -31)
DAY = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?P<time>(?:[T ]\d{2}:\d{2}(?::\d{2})?)?)")
QUANTITY = re.compile(
    r"(?P<before>(?:[<>≤≥]|not (?:more|less) than |NMT |NLT )?\s?)(?P<number>[-+]?\d+(?:\.\d+)?)(?P<unit> \S.{0,20})?"
)
UNITS = {
    "mg": ("µg", "g"), "g": ("mg", "kg"), "kg": ("g",), "µg": ("mg",), "mL": ("L",), "L": ("mL",), "mm": ("cm", "µm"), "cm": ("mm",),
    "µm": ("mm",), "kN": ("N",), "N": ("kN",), "%": ("ppm",), "ppm": ("%",), "min": ("h",), "h": ("min",), "s": ("min",), "kPa": ("Pa",), "Pa": ("kPa",),
    "mg/tablet": ("µg/tablet",), "days": ("months",), "months": ("days",), "bar": ("mbar",), "mbar": ("bar",),
}  # fmt: skip
FLIPPED = (
    ("released", "rejected"), ("rejected", "released"), ("not effective", "effective"), ("effective", "not effective"),
    ("confirmed", "not confirmed"), ("open", "closed"), ("closed", "open"), ("critical", "major"), ("major", "minor"), ("minor", "major"),
    ("on time", "overdue"), ("overdue", "on time"), ("yes", "no"), ("no", "yes"), ("passed", "did not pass"), ("conforms", "does not conform"),
    ("above", "below"), ("below", "above"), ("outside", "inside"), ("beyond", "within"), ("most probable", "confirmed"),
    ("pending", "released"), ("terminated", "released"), ("invalidated", "confirmed"),
)  # fmt: skip


def numbers(text: str) -> Iterator[str]:
    """Yield other numbers of the same shape: two digits swapped, or off by 5 to 20 %; a small count off by one."""
    found = QUANTITY.fullmatch(text)
    if found is None:
        return
    literal = found["number"]
    others = (*_swapped(literal), *_shares(literal))
    for other in turned(others, text) if others else ():
        if Decimal(other) != Decimal(literal) and len(other) <= len(literal) + 1:
            yield found["before"] + other + (found["unit"] or "")


def _swapped(literal: str) -> Iterator[str]:
    for at in range(len(literal) - 1):
        one, two = literal[at], literal[at + 1]
        if one.isdigit() and two.isdigit() and one != two and not (at == 0 and two == "0"):
            yield literal[:at] + two + one + literal[at + 2 :]


def _shares(literal: str) -> Iterator[str]:
    value = Decimal(literal)
    if value == value.to_integral_value() and abs(value) <= SMALL and "." not in literal:
        if value >= 1:
            yield str(int(value) + 1)
        if value > 1:
            yield str(int(value) - 1)
        return
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    for share in SHARES:
        yield str((value * (1 + share)).quantize(step))


def shifted(text: str) -> Iterator[str]:
    """Yield numbers with the decimal point one place off."""
    found = QUANTITY.fullmatch(text)
    if found is None or "." not in found["number"]:
        return
    value, digits = Decimal(found["number"]), len(found["number"].partition(".")[2])
    for other, places in ((value * 10, digits - 1), (value / 10, digits + 1)):
        shown = f"{other:.{max(places, 0)}f}"
        if Decimal(shown) not in (value, Decimal(0)):
            yield found["before"] + shown + (found["unit"] or "")


def units(text: str) -> Iterator[str]:
    """Yield the same number with another unit of the same dimension."""
    found = QUANTITY.fullmatch(text)
    if found is not None and found["unit"] and Decimal(found["number"]) != 0:  # nothing is nothing in every unit
        yield from (found["before"] + found["number"] + f" {other}" for other in UNITS.get(found["unit"].strip(), ()))


def dates(text: str) -> Iterator[str]:
    """Yield other days, at the same time of day: days and months swapped where that is a day, or some days off."""
    found = DAY.fullmatch(text)
    if found is None:
        return
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        return
    if day.day != day.month and day.day <= 12 and zlib.crc32(text.encode()) % 3 == 0:  # noqa: PLR2004 - months, at times
        yield date(day.year, day.day, day.month).isoformat() + found["time"]
    yield from ((day + timedelta(days)).isoformat() + found["time"] for days in turned(DAYS, text))


def turned(ways: Sequence[T], text: str) -> tuple[T, ...]:
    """Return ways in an order that differs from text to text and is the same for one, so that faults have no pattern in common."""
    start = zlib.crc32(text.encode()) % len(ways)
    return (*ways[start:], *ways[:start])


def statuses(text: str) -> Iterator[str]:
    """Yield the opposite of a status or conclusion."""
    folded = text.casefold()
    for one, other in FLIPPED:
        if folded == one or folded.startswith(f"{one},"):
            yield (other.capitalize() if text[:1].isupper() else other) + text[len(one) :]
            return
