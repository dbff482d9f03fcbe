"""Long tables: a row names an attribute of a batch and gives its value and unit, so that it is a record and a measurement. Pure.

Promise: its cells are counted once, as the record's. A value that reads as a number is a measurement, with or without a unit (none, or a
dash, is a number without a dimension); what does not is text of its record, and a note says how many and where. Where the value's column
is one of numbers, or the row has a unit, what does not read as a number is refused. A profile with `numbers` reads files that say what
each value is: a value of which they say nothing stays text, since its digits may be an identifier or a code (a lot, a phase of a recipe),
and a note says how many. An attribute that a batch has several times keeps each: from the second on by a name with its number
("GRANULATE/speed #2"), in the order of the file. A file that gives one attribute two units has the second one refused, since no
statistic could be made of both.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from corpus.cells import cell_reader
from corpus.importprofile import NUMBERS, ImportProfile
from corpus.literals import Parsed, Unreadable
from corpus.locating import NO_UNIT

BETWEEN = "/"  # the parts of a name, as those of an identifier
LONGEST_NAME = 200
MOST_ATTRIBUTES = 5_000  # of one file: a table in which each row is an attribute of its own is no table of results
NO_BATCH = "it is a value of no batch: its batch is missing"
SHOWN, SHOWN_LITERAL = 3, 40  # of the values that did not measure, in a note


class LongValue(NamedTuple):
    """What a row measures: an attribute, its number (None where it is declared missing), its literal and its unit."""

    attribute: str
    number: Parsed | None
    literal: str
    unit: str


class LongTable:
    """Reads the values of one file, row by row: it knows which names and units came before, and what did not measure."""

    def __init__(self, profile: ImportProfile) -> None:
        self._profile = profile
        (self.rule,) = (rule for rule in profile.columns if rule.field == profile.value)
        self._always = self.rule.type in NUMBERS
        self._read = cell_reader(profile, replace(self.rule, type="decimal", pattern=None, passage=False))
        self._seen: Counter[tuple[str, str]] = Counter()
        self._units: dict[str, tuple[str, int]] = {}
        self._kept_as_text = 0
        self._first: list[tuple[int, str]] = []

    def value(self, number: int, literal: str, texts: Mapping[str, str]) -> LongValue | None:
        """Return what row `number` measures, None where its value is text; raise Unreadable where it is a number that cannot be taken.

        `texts` are the row's fields that are there.
        """
        said = texts.get(self._profile.unit or "", "") or self.rule.unit
        unit = "" if said in NO_UNIT else said
        if self._always or unit or self._is_number(texts):
            parsed = self._read(literal)
        elif (parsed := self._unasked(number, literal)) is None:
            return None
        name = self._name(texts)
        if name is None:
            return None
        batch = texts.get("batch")
        if batch is None:
            raise Unreadable(NO_BATCH)
        known, row = self._units.setdefault(name, (unit, number))
        if known != unit:
            raise Unreadable(f"its unit is '{unit}', that of {name} in row {row} is '{known}'")
        if len(self._units) > MOST_ATTRIBUTES:
            raise Unreadable(f"more than {MOST_ATTRIBUTES} different attributes in one file")
        self._seen[batch, name] += 1
        times = self._seen[batch, name]
        return LongValue(name if times == 1 else f"{name} #{times}", parsed, literal.strip(), unit)

    def notes(self) -> list[str]:
        """Say how many values did not measure, and where the first ones stand."""
        if not self._kept_as_text:
            return []
        why = (
            "digits without a unit or a type of numbers, which may be an identifier or a code"
            if self._profile.numbers
            else "no number, and without a unit"
        )
        places = ", ".join(f"row {row} '{literal[:SHOWN_LITERAL]}'" for row, literal in self._first)
        more = ", ..." if self._kept_as_text > SHOWN else ""
        return [f"column '{self.rule.header}': {self._kept_as_text:,} kept as text, not measured: {why} ({places}{more})"]

    def _unasked(self, number: int, literal: str) -> Parsed | None:
        """Read a value of which its row says nothing; None where it is missing, and where it stays text, which is counted."""
        try:
            parsed = self._read(literal)
        except Unreadable:
            parsed, as_text = None, not self._profile.numbers  # elsewhere a text among values that say what they are
        else:
            as_text = parsed is not None and bool(self._profile.numbers)
        if not as_text:
            return parsed
        self._kept_as_text += 1
        if len(self._first) < SHOWN:
            self._first.append((number, literal.strip()))
        return None

    def _is_number(self, texts: Mapping[str, str]) -> bool:
        return any(texts.get(field) in words for field, words in self._profile.numbers.items())

    def _name(self, texts: Mapping[str, str]) -> str | None:
        """Return the name that a row's fields make; None where it says none, so that the value is the record's only."""
        parts = [" ".join(texts[field].split()) for field in self._profile.attribute if field in texts]
        name = BETWEEN.join(part for part in parts if part)
        if len(name) > LONGEST_NAME or not name.isprintable() or any(c in "{}" for c in name):
            raise Unreadable(f"the name of what it measures cannot be printed, or is longer than {LONGEST_NAME} characters")
        return name or None
