"""Read the literals of cells: decimals with their unit and sign, days and months; compare them with what a text says. Pure."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from drafting.checks.units import read_unit

_CELL = re.compile(
    r"(?P<sign><=|>=|[<>≤≥])?\s*(?P<number>[+\-−]?(?:0,\d{3}|\d{1,15}(?:\.\d{1,15}|,(?:\d{1,2}|\d{4,15}))?))\s*(?P<unit>[%°µ]?[A-Za-z/%°]{0,12})"
)
_WHOLE_YEAR = re.compile(r"year (?:19|20)\d\d")
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?: \d{2}:\d{2}(?::\d{2})?)?")
_NAMED = re.compile(r"(?:(\d{1,2})[. -]\s*)?([^\W\d_]{3,10})[. -]\s*(\d{4}|\d{2})")
_DOTTED = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?: \d{2}:\d{2}(?::\d{2})?)?"
)  # with dots the day stands first everywhere
_AMERICAN = re.compile(r"([^\W\d_]{3,10})\s+(\d{1,2}),\s+(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ALSO = {"maj": 5, "mai": 5, "avg": 8, "okt": 10, "dez": 12}
LONGEST = 40  # characters of a cell that may be a number or a date
ABOUT = Decimal("0.02")  # how far from a number said a number held may be that is "nearly" so much
YEAR, MONTHS, DAYS = 4, 12, 31  # digits of a whole year; how many there are


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that is a number: its value, the sign before it and the unit behind it."""

    value: Decimal
    sign: str = ""
    unit: str = ""


@lru_cache(maxsize=200_000)
def number_of(literal: str) -> Number | None:
    """Return the number that a whole cell is; None where it is none."""
    found = _CELL.fullmatch(literal.strip()) if len(literal) < LONGEST else None
    if found is None or (found["unit"] and read_unit(found["unit"]) is None):
        return None
    try:
        number = (
            found["number"].replace("−", "-").replace(",", ".")
        )  # three places behind a comma may be thousands: no number
        return Number(Decimal(number), found["sign"] or "", found["unit"])
    except InvalidOperation:
        return None


def _month(name: str) -> int | None:
    low = name.casefold()[:3]
    return _MONTHS.index(low) + 1 if low in _MONTHS else _ALSO.get(low)


@lru_cache(maxsize=200_000)
def day_of(literal: str) -> str | None:
    """Return a date as far as it is written, "2020-05" or "2020-05-01", of "year 2020" the year; None where a cell is none, or its order is open."""
    text = literal.strip()
    if len(text) > LONGEST:
        return None
    if _WHOLE_YEAR.fullmatch(text):
        return text[-YEAR:]
    found, dotted = _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text), _DOTTED.fullmatch(text)
    if dotted:
        year, month, day = dotted[3], int(dotted[2]), dotted[1]
    elif found:
        year, month, day = found[1], int(found[2]), found[3]
    else:
        named, american = _NAMED.fullmatch(text), _AMERICAN.fullmatch(text)
        if american:
            year, name, day = american[3], american[1], american[2]
        elif named:
            year, name, day = named[3], named[2], named[1]
        else:
            return None
        known = _month(name)
        if known is None:
            return None
        month, year = known, year if len(year) == YEAR else f"20{year}"
    if not 1 <= month <= MONTHS or (day and not 1 <= int(day) <= DAYS):
        return None
    return f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")


def same_day(one: str, other: str) -> bool:
    """Tell whether two dates agree as far as both are written."""
    least = min(len(one), len(other))
    return one[:least] == other[:least]


def within(day: str, first: str, last: str) -> bool:
    """Tell whether a day or month lies in a period whose ends count; a month at the edge counts whole."""
    return first[: len(day)] <= day and day[: len(last)] <= last


def places(value: Decimal) -> int:
    """Return how many decimal places a number is written with."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def equal(said: Decimal, held: Decimal) -> bool:
    """Tell whether a number said is the number held, or that number rounded to the places that the text shows."""
    if said == held:
        return True
    step = Decimal(1).scaleb(-places(said))
    if places(held) <= places(said):
        return False
    return said in (held.quantize(step, ROUND_HALF_UP), held.quantize(step, ROUND_HALF_EVEN))


def bounded(said: Decimal, held: Number, relation: str) -> bool | None:
    """Tell whether what is said holds of a value of which only a bound is known, "<0.05"; None where the bound leaves it open."""
    bound, below = held.value, held.sign in ("<", "<=", "≤")
    if relation in ("", "~"):
        return False  # a figure is said where there is none
    strict = held.sign in ("<", ">") or relation in ("<=", ">=")
    if below == (relation in ("<", "<=")):
        inside = bound < said if below else bound > said
        return True if inside or (strict and bound == said) else None
    beyond = said > bound if below else said < bound
    return False if beyond or (held.sign in ("<", ">") and said == bound) else None


def holds(said: Decimal, held: Decimal, relation: str) -> bool:
    """Tell whether what is said ("more than 5") is so."""
    if relation == ">":
        return held > said
    if relation == ">=":
        return held >= said
    if relation == "<":
        return held < said
    if relation == "<=":
        return held <= said
    return equal(said, held) or (relation == "~" and abs(held - said) <= ABOUT * abs(said))
