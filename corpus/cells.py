"""One reader a column: from the literal of a cell to its parsed value, None where declared missing, or a reason. Pure.

`cell_reader` settles once a column what its type, pattern and missing literals are, so that a cell costs one call. A number of a
spreadsheet or of JSON is a number already, and a day a day: the profile's decimal mark and form of dates say how texts are written.
Under the unit "%" a number may carry the sign: "98.5 %" is 98.5.
"""

import re
from collections.abc import Callable, Mapping

from corpus import literals
from corpus.dates import date_reader
from corpus.importprofile import ColumnRule, ImportProfile
from corpus.literals import Parsed, Unreadable
from corpus.readers.contents import LINE_END, DayCell, NumberCell, PercentCell, ShownPercent

Reader = Callable[[str], Parsed | None]


def cell_reader(profile: ImportProfile, rule: ColumnRule) -> Reader:
    """Make the function that reads a column's cells; it raises Unreadable with the reason of a refusal."""
    missing = frozenset(profile.missing)
    read = _typed(profile, rule)
    known = _of_kind(rule)

    def reader(literal: str) -> Parsed | None:
        body = literal.strip()
        if body in missing:
            return None
        if len(literal) > literals.LONGEST_CELL:
            raise Unreadable(f"cell of more than {literals.LONGEST_CELL} characters")
        if "\x00" in literal:
            raise Unreadable("NUL character")
        return known.get(literal.__class__, read)(body)

    return reader


def _typed(profile: ImportProfile, rule: ColumnRule) -> Callable[[str], Parsed]:
    if rule.format is not None:
        return _dated(rule.format, profile)
    said = literals.without_sign if rule.unit == literals.PER_CENT else str
    readers: dict[str, Callable[[str], Parsed]] = {
        "decimal": lambda body: literals.decimal(said(body), mark=profile.decimal_mark, exponent=rule.exponent),
        "integer": lambda body: literals.integer(said(body)),
        "date": literals.day,
        "datetime": literals.moment,
        "month": lambda body: literals.month(body, profile.months),
        "enum": _enum(rule),
        "list": _text(rule, separator="|"),
        "text": _text(rule, separator=None),
    }
    return readers[rule.type]


def _of_kind(rule: ColumnRule) -> Mapping[type, Callable[[str], Parsed]]:
    """Return how cells are read that are no texts, where that differs."""
    days: dict[str, Callable[[str], Parsed]] = {
        "date": literals.day,
        "datetime": literals.moment,
        "month": lambda body: literals.month(body[:7], {}),
    }
    numbers: dict[str, Callable[[str], Parsed]] = {
        "decimal": lambda body: literals.decimal(body, exponent=rule.exponent),
        "integer": literals.integer,
    }
    if rule.type in numbers:
        read = numbers[rule.type]
        return {NumberCell: read, PercentCell: read, ShownPercent: lambda body: read(literals.without_sign(body))}
    return {DayCell: days[rule.type]} if rule.type in days else {}


def _dated(pattern: str, profile: ImportProfile) -> Callable[[str], Parsed]:
    read = date_reader(pattern, months=profile.months)

    def dated(body: str) -> Parsed:
        when = read(body)
        if when is None:
            raise Unreadable(f"not a date of the form {pattern}")
        return Parsed(when.iso)

    return dated


def _enum(rule: ColumnRule) -> Callable[[str], Parsed]:
    allowed = frozenset(rule.values)

    def enum(body: str) -> Parsed:
        if body not in allowed:
            raise Unreadable(f"not one of {', '.join(rule.values)}")
        return Parsed(body)

    return enum


def _text(rule: ColumnRule, *, separator: str | None) -> Callable[[str], Parsed]:
    pattern = re.compile(rule.pattern) if rule.pattern is not None else None

    def text(body: str) -> Parsed:
        if LINE_END in body:
            raise Unreadable("its page ends a line within it: whether a space belongs there cannot be told")
        if pattern is not None:
            for item in body.split(separator) if separator else [body]:
                if not pattern.fullmatch(item.strip()):
                    raise Unreadable(f"'{item[:60]}' is not of the form {rule.pattern}")
        return Parsed(body)

    return text
