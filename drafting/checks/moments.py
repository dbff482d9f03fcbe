"""Dates and times of day as reports write them, read where they can be read in one way only. Pure."""

import calendar
import re

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SHORT = {name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)}
_MONTH = "|".join(
    (
        *_MONTHS,
        *(f"{name[:3]}\\.?" for name in _MONTHS if name != "May"),
        "Sept\\.?",
        *(name[:3].upper() for name in _MONTHS),
    )
)
TIME = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
CLOCK = rf"(?<![\w:.]){TIME}(?:\s?(?:am|pm|a\.m\.|p\.m\.|AM|PM)(?!\w))?(?![\w:]|\.[0-9])"
ISO = rf"(?<![\w.-])[0-9]{{4}}-[0-9]{{2}}(?:-[0-9]{{2}}(?:[T ]{TIME}(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?)?(?!\w|\.?[0-9]|-[0-9])"
DATES = (
    ISO,
    rf"(?<![\w.])[0-9]{{1,2}}(?:st|nd|rd|th)?(?:\s(?:of\s)?|-)?(?:{_MONTH})(?:,?\s|-)?(?:[0-9]{{4}})(?!\w)",
    rf"\b(?:{_MONTH})\s[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s[0-9]{{4}}(?!\w)",
    rf"\b(?:{_MONTH})[\s-](?:[0-9]{{4}})(?!\w|-)",
    rf"(?<![\w.])[0-9]{{1,2}}(?:st|nd|rd|th)?[\s-](?:{_MONTH})(?![\w])(?:-[0-9]{{2}}(?!\w))?",
    rf"\b(?:{_MONTH})\s[0-9]{{1,2}}(?:st|nd|rd|th)?(?!\w|[.,]?[0-9]|\s?[%°])",
    r"(?<![\w./-])[0-9]{1,2}(?P<mark>[./-])[0-9]{1,2}(?P=mark)(?:[0-9]{4}|[0-9]{2})(?![\w/-]|\.[0-9])",
    r"(?<![\w./-])[0-9]{4}(?P<stroke>[./])[0-9]{2}(?P=stroke)[0-9]{2}(?![\w/]|\.[0-9])",
    r"(?<![\w./-])(?:0[1-9]|1[0-2])/[0-9]{4}(?![\w/]|\.[0-9])",
    r"\bQ[1-4][\s/-][0-9]{4}(?!\w)",
    r"(?<=\b[Yy]ear )[12][09][0-9]{2}(?![\w.-]|/[0-9])",
    r"(?<=\b[Ii]n )(?:19|20)[0-9]{2}(?=[.,;:)]?(?:\s(?:and|to|the|was|were|is|as|by|with|for|on|at|a|an|of)\b|$|[.,;:)]\s|[.,;:)]$))",
    r"(?<=\b[Ss]ince )(?:19|20)[0-9]{2}(?![\w-]|\.[0-9])",
    r"(?<=\b[Dd]uring )(?:19|20)[0-9]{2}(?![\w-]|\.[0-9])",
)
LAST_DAY = 31
CENTURY = "the century is not written"


def read_date(text: str) -> tuple[str, str]:
    """Return a date in ISO form as far as it is written ("2020-03", "--03-04" without a year), and what is not certain about it."""
    named = re.search(_MONTH, text)
    if named:
        return _named(text, _SHORT[named[0][:3].lower()], named.start())
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    match numbers:
        case [_]:
            return text, ""
        case [quarter, year] if text.startswith("Q"):
            return f"{year}-Q{quarter}", ""
        case [month, year] if "/" in text:
            return _valid(f"{year:04d}-{month:02d}")
        case [first, second, third] if first <= LAST_DAY:
            return _day_and_month(text, first, second, third)
        case _:  # the year stands first
            return _valid(re.sub(r"(\d{4})[./](\d\d)[./]", r"\1-\2-", text).replace(" ", "T"))


def _named(text: str, month: int, at: int) -> tuple[str, str]:
    before, after = re.findall(r"\d+", text[:at]), re.findall(r"\d+", text[at:])
    year = next((n for n in after if len(n) == 4), "")  # noqa: PLR2004 - a year in full
    day = before[0] if before else next((n for n in after if len(n) < 4), "")  # noqa: PLR2004 - as above
    if before and after and not year:
        return "", CENTURY
    if not day:
        return f"{year}-{month:02d}", ""
    return _valid(f"{year or '-'}-{month:02d}-{int(day):02d}")


def _day_and_month(text: str, first: int, second: int, year: int) -> tuple[str, str]:
    if year < 100:  # noqa: PLR2004 - two digits
        return "", CENTURY
    if "." in text or first > 12 or first == second:  # noqa: PLR2004 - months; dots part day, month and year in that order only
        return _valid(f"{year:04d}-{second:02d}-{first:02d}")
    if second > 12:  # noqa: PLR2004 - as above
        return _valid(f"{year:04d}-{first:02d}-{second:02d}")
    return "", f"'{text}' does not tell day and month apart"


def _valid(iso: str) -> tuple[str, str]:
    parts = iso.lstrip("-").split("T")[0].split("-")
    whole = parts if iso[0] != "-" else ["2000", *parts]  # a leap year: 29 February may be meant
    year, month, day = int(whole[0]), int(whole[1]), int(whole[2]) if len(whole) > 2 else 1  # noqa: PLR2004 - with a day
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(max(year, 1), month)[1]:  # noqa: PLR2004 - months
        return "", f"there is no day {iso}"
    return iso, ""


def read_time(text: str) -> str:
    """Return a time of day as HH:MM or HH:MM:SS, on the clock of 24 hours."""
    clock = re.match(TIME, text)
    assert clock
    hour, rest = clock[0].split(":", 1)
    late = "p" in text[clock.end() :].lower()
    early = "a" in text[clock.end() :].lower()
    shown = int(hour) % 12 + 12 * late if late or early else int(hour)
    return f"{shown:02d}:{rest}"
