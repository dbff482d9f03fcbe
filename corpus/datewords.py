"""Which ways of writing dates there are, and which of them a column of literals can be. Pure.

Promise: day and month are never told apart by habit. Where more than one order of day, month and year reads every literal, or where
no single one does, the answer names them all and proposes none.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice

from corpus.dates import When, date_reader
from corpus.literals import LONGEST_CELL

LONGEST_DATE = 40
PACKED = "YYYYMMDD"
_TIMES = ("", " hh:mm", "Thh:mm", " hh:mm:ss", "Thh:mm:ss")
_ORDERS = {
    "day, month, year": (("DD{0}MM{0}{1}", "D{0}M{0}{1}"), (".", "/", "-", " ", ". ")),
    "month, day, year": (("MM{0}DD{0}{1}", "M{0}D{0}{1}"), (".", "/", "-")),
    "year, month, day": (("{1}{0}MM{0}DD", "{1}{0}M{0}D"), (".", "/", "-", " ")),
}
_NAMED = ("D{0}MON{0}{1}", "D{0}MON. {1}", "D. MON{0}{1}", "D. MON. {1}")
_MONTHS = ("MON{0}{1}", "MON.{0}{1}")
_BY_NUMBER = ("YYYY-MM", "YYYY/MM", "MM/YYYY", "MM.YYYY", "MM-YYYY", "M/YYYY", "M.YYYY")


@dataclass(frozen=True)
class Way:
    """One way of writing dates: its pattern, in which order day, month and year stand, and how exact it is."""

    pattern: str
    order: str
    type: str  # of a column: date, month or datetime


@dataclass(frozen=True)
class DateGuess:
    """What a column of dates can be: `ways` read every literal that is a date at all; one proposes itself, several do not."""

    ways: tuple[Way, ...] = ()
    months: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    read: int = 0
    odd: tuple[str, ...] = ()  # literals that are no date in any way
    reason: str = ""  # why nothing is proposed although they are dates

    @property
    def way(self) -> Way | None:
        """Return the only way, where nothing speaks against it."""
        return self.ways[0] if len(self.ways) == 1 and not self.reason else None


@cache
def languages() -> dict[str, dict[str, int]]:
    """Return the names of months, by the language's name."""
    tree = tomllib.loads((files("corpus") / "months.toml").read_text(encoding="utf-8"))
    return {
        one["name"]: {name: number for number, names in enumerate(one["months"], start=1) for name in names}
        for one in tree.values()
    }


@cache
def ways() -> tuple[Way, ...]:
    """Return every way of writing dates that is looked for, the stricter of two alike first."""
    made = []
    for order, (shapes, separators) in _ORDERS.items():
        for time in _TIMES:
            kind = "datetime" if time else "date"
            for year in ("YYYY", "YY"):
                made += [
                    Way(shape.format(separator, year) + time, order, kind) for separator in separators for shape in shapes
                ]
    made.append(Way(PACKED, "year, month, day", "date"))
    for year in ("YYYY", "YY"):
        made += [Way(shape.format(s, year), "named month", "date") for shape in _NAMED for s in (" ", "-", ".", "/")]
        made.append(Way(f"MON D, {year}", "named month", "date"))
        made += [Way(shape.format(s, year), "named month", "month") for shape in _MONTHS for s in (".", "-", " ", "/")]
    made += [Way(pattern, "month of a year", "month") for pattern in _BY_NUMBER]
    unique: dict[str, Way] = {}
    for way in made:
        unique.setdefault(way.pattern, way)
    return tuple(unique.values())


@cache
def _every_name() -> dict[str, int]:
    return {name: number for names in languages().values() for name, number in names.items()}


@lru_cache(maxsize=1024)
def _reader(pattern: str) -> Callable[[str], When | None]:
    return date_reader(pattern, months=_every_name())


def guess(literals: Iterable[str]) -> DateGuess | None:
    """Say in which ways a column of literals can be dates; None where few of them are dates at all."""
    written = [literal.strip() for literal in literals]
    shapes = _shapes(written)
    if not shapes:
        return None
    reading = {way: {text for text in set(written) if _reads(way, text)} for way in shapes}
    dates = set().union(*reading.values())
    number = sum(text in dates for text in written)
    if 2 * number < len(written):
        return None
    odd = tuple(dict.fromkeys(text for text in written if text not in dates))
    full = _one_an_order([way for way in shapes if reading[way] == dates])
    if not full:
        seen = [f"{len(reading[way])} as {way.pattern}" for way in _one_an_order(list(reading)) if reading[way]]
        return DateGuess(read=number, odd=odd, reason=f"mixed ways of writing dates: {', '.join(seen[:4])}")
    if len(full) > 1:
        return DateGuess(full, read=number, odd=odd, reason=f"they read as {' and as '.join(w.pattern for w in full)}")
    if "MON" not in full[0].pattern:
        return DateGuess(full, read=number, odd=odd)
    return _with_months(full, dates, number, odd)


def _reads(way: Way, text: str) -> bool:
    return len(text) <= LONGEST_DATE and _reader(way.pattern)(text) is not None


def _shapes(written: Sequence[str]) -> list[Way]:
    """Return the ways that read one of the first literals of each length: most are out after a few."""
    first: dict[tuple[int, ...], str] = {}
    for text in written:
        if 4 <= len(text) <= LONGEST_DATE and any(c.isdigit() for c in text):  # noqa: PLR2004 - a year has four digits or a mark
            first.setdefault(tuple(0 if c.isdigit() else 1 if c.isalpha() else ord(c) for c in text), text)
    probes = list(islice(first.values(), 60))
    return [way for way in ways() if any(_reader(way.pattern)(text) for text in probes) or _late(way, written, probes)]


def _late(way: Way, written: Sequence[str], probes: Sequence[str]) -> bool:
    """Tell whether a way has the shape of a probe and reads a later literal ("13/05/2020" behind "05/13/2020")."""
    lengths = {len(text) for text in probes}
    return len(way.pattern) in lengths and any(_reads(way, text) for text in set(written))


def _one_an_order(found: Sequence[Way]) -> tuple[Way, ...]:
    """Keep the strictest way of each order: padded and unpadded digits are one reading."""
    kept: dict[tuple[str, str], Way] = {}
    for way in found:
        kept.setdefault((way.order, way.type), way)
    return tuple(kept.values())


def _with_months(full: tuple[Way, ...], dates: set[str], number: int, odd: tuple[str, ...]) -> DateGuess:
    """Name the language of the months: every one that knows all names, if they agree on what the names mean."""
    names = {_name(text) for text in dates}
    fitting = {language: known for language, known in languages().items() if names <= set(known)}
    if not fitting:
        return DateGuess(full, read=number, odd=odd, reason=f"no language has all of {', '.join(sorted(names)[:12])}")
    meant: dict[str, set[int]] = {}
    for known in fitting.values():
        for name, month in known.items():
            meant.setdefault(name, set()).add(month)
    unsure = sorted(name for name in names if len(meant[name]) > 1)
    if unsure:
        told = ", ".join(f"'{unsure[0]}' is month {known[unsure[0]]} in {language}" for language, known in fitting.items())
        return DateGuess(full, read=number, odd=odd, languages=tuple(fitting), reason=told)
    months = {name: next(iter(found)) for name, found in meant.items() if len(found) == 1}
    return DateGuess(full, dict(sorted(months.items(), key=lambda m: (m[1], m[0]))), tuple(fitting), number, odd)


def _name(text: str) -> str:
    return "".join(c for c in text if c.isalpha()).casefold()


def is_day(text: str) -> bool:
    """Tell whether eight digits are a day of the calendar."""
    return _reader(PACKED)(text) is not None


def same_day(one: str, other: str) -> bool:
    """Tell whether two literals are the same date in the only way that each can be read."""
    return _only(one) is not None and _only(one) == _only(other)


@lru_cache(maxsize=4096)
def _only(text: str) -> str | None:
    """Return a literal's date where every way that reads it gives the same one."""
    if len(text) > min(LONGEST_DATE, LONGEST_CELL) or not any(c.isdigit() for c in text):
        return None
    found = {when.iso for way in ways() if "MON" not in way.pattern and (when := _reader(way.pattern)(text)) is not None}
    return found.pop() if len(found) == 1 else None
