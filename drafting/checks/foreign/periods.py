"""Find the days, months, years and spans of time that a sentence mentions. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from drafting.checks.foreign.values import day_of
from drafting.checks.foreign.words import Word

YEAR, MONTH, WHOLE_DAY = 4, 7, 10  # characters of a date
_PARTS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "1st": 0, "2nd": 1, "3rd": 2, "4th": 3}
_IN = frozenset(("in", "during", "since", "until", "by", "of", "from", "for", "throughout", "between"))
QUARTERS = (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))
_HALVES = (("01-01", "06-30"), ("07-01", "12-31"))
_QUARTER = re.compile(r"[Qq]([1-4])")
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A day, month, year or span of time that is mentioned."""

    first: int
    last: int
    start: str
    end: str


def periods_in(words: tuple[Word, ...]) -> tuple[Period, ...]:
    """Return days, months, years and spans, "from May 2019 to April 2020" and "2019-05-01/2020-04-30" as one."""
    single: list[Period] = []
    joins = ("and", "to", "-", "–", "until", "through")
    at = 0
    while at < len(words):
        period = _date(words, at)
        month = words[at - 2].text if period and at > 1 and words[at - 1].text in joins else ""
        day = words[at - 3].text if month and at > 2 and words[at - 3].kind == "number" else ""  # noqa: PLR2004 - "4 July and"
        if day and period and _MONTH.fullmatch(month) and (begun := day_of(f"{day} {month} {period.start[:YEAR]}")):
            period = Period(at - 3, period.last, begun, period.end)  # "between 4 July and 11 August 2024"
        elif period and _MONTH.fullmatch(month) and (begun := day_of(f"{month} {period.start[:YEAR]}")):
            period = Period(at - 2, period.last, begun, period.end)  # "between January and May 2024"
        elif period and (first := _first_day(words, at, period)):
            period = Period(at - 2, period.last, first, period.end)
        if period:
            single.append(period)
        at = period.last + 1 if period else at + 1
    found: list[Period] = []
    for period in single:
        last = found[-1] if found else None
        between = [w.text for w in words[last.last + 1 : period.first]] if last else []
        if last and between in (["to"], ["-"], ["–"], ["and"], ["until"], ["/"], ["through"]) and last.start == last.end:
            before = words[last.first - 1].stem if last.first else ""
            if between != ["and"] or before == "between":
                found[-1] = Period(last.first, period.last, last.start, period.end)
                continue
        found.append(period)
    return tuple(found)


def bare_periods(words: tuple[Word, ...], within: tuple[str, str] | None, known: Sequence[Period]) -> tuple[Period, ...]:
    """Return months, quarters and halves that are said without a year where a document is of one year: "in April and July", "the second quarter"."""
    year = within[0][:YEAR] if within and within[0][:YEAR] == within[1][:YEAR] else ""
    taken = {at for p in known for at in range(p.first, p.last + 1)}
    found: list[Period] = []
    for at, word in enumerate(words if year else ()):
        low, before = word.text.casefold(), words[at - 1].text.casefold() if at else ""
        spans = {"quarter": QUARTERS, "half": _HALVES}.get(low)
        short = _QUARTER.fullmatch(word.text)
        place = int(short[1]) - 1 if short else _PARTS.get(before) if spans else None
        if at in taken:
            continue
        if place is not None and place < len(spans or QUARTERS):
            begins, ends = (spans or QUARTERS)[place]
            found.append(Period(at - (not short), at, f"{year}-{begins}", f"{year}-{ends}"))
        elif (
            word.text[:1].isupper()
            and _MONTH.fullmatch(word.text)
            and (found or before in _IN)
            and (month := day_of(f"{low} {year}"))
        ):
            found.append(Period(at, at, month, month))
    return tuple(found)


def _first_day(words: tuple[Word, ...], at: int, period: Period) -> str:
    """Return the first day of a span that borrows its month and year from the last: "from 21 to 23 May 2024", "21-23 May 2024"."""
    day = words[at - 2].text if at > 1 else ""
    join = words[at - 1].text if at else ""
    opened = words[at - 3].stem if at > 2 else ""  # noqa: PLR2004 - the word before the first day
    spans = join in ("to", "-", "–", "until", "through") or (join == "and" and opened == "between")
    if not spans or not re.fullmatch(r"\d{1,2}", day) or len(period.end) != WHOLE_DAY or not words[at].text.isdigit():
        return ""
    begun = day_of(f"{period.end[:MONTH]}-{int(day):02}")
    return begun if begun and begun < period.end else ""


def _date(words: tuple[Word, ...], at: int) -> Period | None:
    word = words[at]
    if word.kind == "date":
        return Period(at, at, word.text[:10], word.text[:10])
    for length in (4, 3, 2):
        run = words[at : at + length]
        if len(run) == length and any(_MONTH.fullmatch(w.text) for w in run) and run[-1].kind == "number":
            day = day_of(" ".join(w.text for w in run).replace(" ,", ","))
            if day and len(run[-1].text) == YEAR:
                return Period(at, at + length - 1, day, day)
    before = words[at - 1].stem if at else ""
    season = [w.text for w in words[at + 1 : at + 3]]
    if re.fullmatch(r"(?:19|20)\d\d", word.text) and season[:1] in (["-"], ["–"]) and re.fullmatch(r"\d\d", season[-1]):
        return Period(at, at + 2, word.text, f"{word.text[:2]}{season[-1]}")
    part = (_part(words, at) or _quarter_behind(words, at)) if re.fullmatch(r"(?:19|20)\d\d", word.text) else None
    if part is not None:
        return part
    if (
        word.kind == "number"
        and re.fullmatch(r"(?:19|20)\d\d", word.text)
        and before in ("in", "of", "during", "throughout", "year", "since", "from", "to", "and")
    ):
        return Period(at, at, word.text, word.text)
    return None


def _quarter_behind(words: tuple[Word, ...], at: int) -> Period | None:
    """Return the quarter that is written behind its year: "2025-Q1", "2025 Q1"."""
    joined = at + 1 < len(words) and words[at + 1].text in ("-", "/")
    last = at + 1 + joined
    short = _QUARTER.fullmatch(words[last].text) if last < len(words) else None
    if short is None:
        return None
    begins, ends = QUARTERS[int(short[1]) - 1]
    return Period(at, last, f"{words[at].text}-{begins}", f"{words[at].text}-{ends}")


def _part(words: tuple[Word, ...], at: int) -> Period | None:
    """Return the quarter or half of the year at `at`: "the first quarter of 2023", "Q1 2023", "the second half of 2023"."""
    low = [w.text.casefold() for w in words[max(0, at - 3) : at]]
    short = _QUARTER.fullmatch(low[-1]) if low else None
    if short:
        begins, ends = QUARTERS[int(short[1]) - 1]
        return Period(at - 1, at, f"{words[at].text}-{begins}", f"{words[at].text}-{ends}")
    spans = {"quarter": QUARTERS, "half": _HALVES}.get(low[1]) if len(low) == 3 and low[2] == "of" else None  # noqa: PLR2004
    place = _PARTS.get(low[0]) if spans else None
    if spans is None or place is None or place >= len(spans):
        return None
    begins, ends = spans[place]
    return Period(at - 3, at, f"{words[at].text}-{begins}", f"{words[at].text}-{ends}")
