"""Cells to values: a strict grammar for each type, and a reason for each refusal. Pure; nothing is guessed."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

LONGEST_CELL = 100_000  # characters; a narrative cell is far below
PER_CENT = "%"
NOT_DECIMAL = "not a decimal number"

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)")
_EXPONENT = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d{1,2}")
_INTEGER = re.compile(r"[+-]?\d+")
_CENSORED = re.compile(r"([<>≤≥])\s*([0-9]+(?:\.[0-9]+)?)")
_FIGURES = re.compile(r"[<>≤≥]?\s*[+-]?[\d.,' ]*\d[\d.,' ]*(?:[eE][+-]?\d+)?\s*%?")  # digits and marks, whatever they mean
_LONGEST_NUMBER = 40  # digits; longer is no measurement


class Unreadable(ValueError):  # noqa: N818 - the word in the refusal
    """A cell that does not parse; the text is the reason a person reads."""


class Parsed(NamedTuple):
    """A parsed cell: canonical text, the decimal where it is a number, and whether it is censored ("<0.05")."""

    text: str
    value: Decimal | None = None
    censored: bool = False


class Bound(NamedTuple):
    """What a censored result leaves open: it lies below a number or above it, and may be that number or not."""

    below: bool
    value: Decimal
    reached: bool

    def fails(self, lower: Decimal | None, upper: Decimal | None) -> bool | None:
        """Tell whether the result lies outside limits wherever it lies; None where it may lie on both sides of one.

        Only numbers without a sign are censored results, so that none of them lies below zero.
        """
        near, far = (lower, upper) if self.below else (upper, lower)
        beyond = -1 if self.below else 1
        if near is not None:
            distance = (self.value - near) * beyond
            if distance > 0 or (distance == 0 and not self.reached):
                return True
            if not self.below or near > 0:
                return None
        return False if far is None or (self.value - far) * beyond >= 0 else None


def bound(literal: str) -> Bound | None:
    """Return what a censored literal says, whatever its decimal mark; None for any other."""
    found = _CENSORED.fullmatch(literal.strip().replace(",", "."))
    return Bound(found[1] in "<≤", Decimal(found[2]), found[1] in "≤≥") if found else None


def without_sign(literal: str) -> str:
    """Return a literal without the per cent sign at its end: under the unit per cent it says nothing more."""
    return literal.strip().removesuffix(PER_CENT).rstrip()


def decimal(literal: str, *, mark: str = ".", exponent: bool = False) -> Parsed:
    """Parse a decimal as written; refuse thousands separators, a foreign decimal mark, and an exponent not declared."""
    body = point = literal.strip()
    if len(body) > _LONGEST_NUMBER:
        raise Unreadable(f"number of more than {_LONGEST_NUMBER} characters")
    if mark != ".":
        if "." in body:
            why = f"'.' in a file whose decimal mark is '{mark}'" if _FIGURES.fullmatch(body) else NOT_DECIMAL
            raise Unreadable(why)
        point = body.replace(mark, ".")
    if point.isascii() and (_DECIMAL.fullmatch(point) or (exponent and _EXPONENT.fullmatch(point))):
        return Parsed(body, Decimal(point))
    if _CENSORED.fullmatch(point):
        return Parsed(body, None, censored=True)
    raise Unreadable(_why_not_decimal(body, mark))


def _why_not_decimal(body: str, mark: str) -> str:
    if re.fullmatch(r"\d{1,3}([.,' ]\d{3})+([.,]\d+)?", body) or body.count(".") > 1 or body.count(",") > 1:
        return "grouped digits: the decimal mark cannot be told, as after a spreadsheet's locale conversion"
    if mark == "." and "," in body:
        return "decimal comma in a file whose decimal mark is '.'"
    if re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+", body):
        return "an exponent, which the profile does not declare for this column"
    return NOT_DECIMAL


def integer(literal: str) -> Parsed:
    """Parse an integer as written."""
    body = literal.strip()
    if _INTEGER.fullmatch(body) and body.isascii() and len(body) <= _LONGEST_NUMBER:
        return Parsed(body, Decimal(body))
    raise Unreadable("not a whole number")


def day(literal: str) -> Parsed:
    """Parse a calendar date `YYYY-MM-DD`."""
    body = literal.strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", body):
        raise Unreadable("not a date of the form YYYY-MM-DD")
    try:
        date.fromisoformat(body)
    except ValueError as error:
        raise Unreadable("no such day in the calendar") from error
    return Parsed(body)


def moment(literal: str) -> Parsed:
    """Parse a date and time `YYYY-MM-DDThh:mm`."""
    body = literal.strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", body):
        raise Unreadable("not a date and time of the form YYYY-MM-DDThh:mm")
    try:
        datetime.fromisoformat(body)
    except ValueError as error:
        raise Unreadable("no such moment in the calendar") from error
    return Parsed(body)


def month(literal: str, names: Mapping[str, int]) -> Parsed:
    """Parse a month: `YYYY-MM`, or `name.YY` with the month names of the profile (years 20YY)."""
    body = literal.strip()
    iso = re.fullmatch(r"(\d{4})-(\d{2})", body)
    if iso and 1 <= int(iso[2]) <= 12:  # noqa: PLR2004 - months
        return Parsed(body)
    named = re.fullmatch(r"([^\W\d_]+)\.(\d{2})", body)
    if named and named[1].casefold() in names:
        return Parsed(f"20{named[2]}-{names[named[1].casefold()]:02d}")
    raise Unreadable("not a month that the profile can read")
