"""Dates as files write them, to ISO text of the same precision.

Promise: a date is read only by the pattern that the profile declares, with the month names that it declares; what the
literal does not say (the day of "nov.18") is not added. Pattern letters: `YYYY`, `YY` (with the profile's century), `MM`,
`DD`, `M` and `D` (one digit or two), `MON` (a declared name), `hh`, `mm`, `ss`; every other character stands for itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_LETTERS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MON": r"(?P<name>[^\W\d_]+)",
    "MM": r"(?P<month>[0-9]{2})",
    "DD": r"(?P<day>[0-9]{2})",
    "hh": r"(?P<hour>[0-9]{2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "D": r"(?P<day>[0-9]{1,2})",
}
_SPLIT = re.compile("(" + "|".join(_LETTERS) + ")")


@dataclass(frozen=True)
class When:
    """A date as far as it was written; `iso` is "2018-11", "2020-05-01" or "2020-05-01T09:12"."""

    iso: str
    precision: str
    """ "day", "month" or "year"."""

    @property
    def day(self) -> str:
        """The date without a time of day."""
        return self.iso[:10]


def date_reader(
    pattern: str, *, months: Mapping[str, int] | None = None, century: int = 2000
) -> Callable[[str], When | None]:
    """Make a function from literal to date (None where it does not match); ValueError for an unusable pattern."""
    parts = _SPLIT.split(pattern)
    letters = [part for part in parts if part in _LETTERS]
    groups = [_LETTERS[part].partition(">")[0] for part in letters]
    if len(set(groups)) != len(groups) or not {"YYYY", "YY"} & set(letters):
        msg = f'"{pattern}" needs YYYY or YY, and each letter group once'
        raise ValueError(msg)
    if "MON" in letters and not months:
        msg = f'"{pattern}" has MON, but no [months] names them'
        raise ValueError(msg)
    regex = re.compile("".join(_LETTERS.get(part, re.escape(part)) for part in parts))
    names = {name.casefold(): number for name, number in (months or {}).items()}

    def read(literal: str) -> When | None:
        found = regex.fullmatch(literal)
        return None if found is None else _when(found.groupdict(), names, century)

    return read


def _when(parts: Mapping[str, str | None], names: Mapping[str, int], century: int) -> When | None:
    year = int(parts.get("year") or century + int(parts.get("short") or 0))
    name = parts.get("name")
    month = names.get(name.casefold()) if name else (int(parts["month"] or 0) if parts.get("month") else None)
    if month is None:
        return None if name else When(f"{year:04}", "year")
    day, hour, minute, second = (parts.get(key) for key in ("day", "hour", "minute", "second"))
    try:
        moment = datetime(year, month, int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None
    if day is None:
        return When(moment.date().isoformat()[:7], "month")
    if hour is None:
        return When(moment.date().isoformat(), "day")
    return When(moment.replace(tzinfo=None).isoformat(timespec="minutes" if second is None else "seconds"), "day")
