"""Read which records a statistic is of where words narrow them: "the released batches", "study ST-2", "batches of 220 kg". Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from drafting.checks.foreign.comparing import LONGEST_UNIT, told, unit_behind
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.kinds import is_kind
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.pointed import unit_words
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.scope import Scope
from drafting.checks.foreign.series import is_place
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import Word

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

Value = tuple[int, int, str]
_TIES = frozenset(("in", "at", "for", "of", "on"))
_OF = frozenset(("of", "with"))
_CUTS = frozenset((";", "while", "whereas", "but"))


def narrowed(reading: Reading, at: int, text: "Text") -> Iterator[Scope]:
    """Return the scopes that a sentence may mean, each narrowed by the words that say which records a number is of."""
    values = states(reading, at, text.index)
    yield from (replace(scope, values=(*scope.values, *values)) for scope in scopes(reading, text))


def states(reading: Reading, at: int, index: Index) -> tuple[Value, ...]:
    """Return the values that narrow the records of a number: a state or size of what is spoken of, and codes of a column."""
    stated = [(m.last, v) for m in reading.values for v in _state(reading, m, index)[:1]]
    stated += [(n, v) for n in reading.numbers if n != at for v in sized(reading, n, index)]
    units = {n + 1 for n in reading.numbers}  # "2 CFU/10 mL" is a value in a column of units as well
    coded = [(m.last, v) for m in reading.values for v in m.values[:1] if coded_word(reading, m) and m.first not in units]
    coded += [(m.last, v) for m in reading.values for v in m.values if is_place(v, index) and not coded_word(reading, m)]
    tied = [v for m in reading.values for v in m.values[:1] if coded_word(reading, m) and m.first in _behind(reading, at)]
    return tuple(dict.fromkeys((*_nearest(reading, at, stated), *(tied or _nearest(reading, at, coded)))))


def _behind(reading: Reading, at: int) -> range:
    """Return the words at which what a number is of may stand right behind it: "4.88 g/L in BR-2"; each of a list has its own."""
    low = [w.text.casefold() for w in reading.words]
    tie = next((k for k in range(at + 1, min(len(low), at + 2 + LONGEST_UNIT)) if low[k] in _TIES), None)
    plain = tie == at + 1 or (unit_behind(reading, at) is not None and not {",", "and"} & set(low[at + 1 : tie]))
    listed = len(reading.numbers) > 1
    return range(tie + 1, tie + 3) if tie is not None and plain and listed else range(0)


def coded_word(reading: Reading, mention: Mention) -> bool:
    """Tell whether a value is a code: letters and digits, as of a study or a storage condition."""
    words = reading.words[mention.first : mention.last + 1]
    return any(_is_code(word) for word in words) or (words[0].kind == "number" and len(words) > 1)


def _is_code(word: Word) -> bool:
    mixed = any(ch.isdigit() for ch in word.text) and any(ch.isalpha() for ch in word.text)
    return word.kind in ("code", "word") and mixed


def sized(reading: Reading, at: int, index: Index) -> tuple[Value, ...]:
    """Return the value that a number says of the things it stands behind or before: "batches of 220 kg", "the 20 mg batches"; as the cells write it."""
    words, unit = reading.words, unit_behind(reading, at)
    of = at - 2 if words[at - 1].text.casefold() in _OF else -1
    behind = at + 1 + unit_words(reading, at)
    noun = next((n for k, n in reading.nouns if k in (of, behind) and words[k].text.casefold() != words[k].stem), "")
    if unit is None or not noun:
        return ()
    return tuple(
        (table, column.index, cell)
        for table in index.row_nouns.get(noun, ())
        for column in index.evidence.tables[table].columns
        if column.kind == "number" and unit_of((table, 0, column.index), index) == unit
        for cell in sorted({row[column.index].strip() for row in index.evidence.tables[table].rows})
        for held in [number_of(cell)]
        if held is not None and not held.sign and held.value == value_of(words[at])
    )[:1]


def judge_sized(reading: Reading, at: int, index: Index) -> Judged | None:
    """Return the verdict on a number that only says of which things others are: there are some of that size."""
    found = sized(reading, at, index)
    if not found:
        return None
    table, column, cell = found[0]
    place = f"{index.evidence.tables[table].file}, column {index.evidence.tables[table].columns[column].header}: '{cell}'"
    return told(reading, at, Verdict.SUPPORTED, about="size", evidence=place)


def _state(reading: Reading, mention: Mention, index: Index) -> tuple[Value, ...]:
    """Return what a word says of the things right behind it, "released batches": a value of their own table, or of one about them."""
    words = reading.words
    kind = bool(mention.values) and is_kind(mention.values[0][2])
    plural = (n for k, n in reading.nouns if k == mention.last + 1 and (kind or words[k].text.casefold() != words[k].stem))
    noun = next(plural, "")
    tables = index.row_nouns.get(noun, ()) if noun else ()
    same = {index.evidence.tables[t].noun for t in tables}
    own = tuple(v for v in mention.values if v[0] in tables)
    return own or tuple(v for v in mention.values if index.evidence.tables[v[0]].noun in same)


def _nearest(reading: Reading, at: int, found: list[tuple[int, Value]]) -> tuple[Value, ...]:
    """Return the last value said before a number, else the first one behind it in its clause."""
    before = [value for place, value in found if place < at]
    end = next((k for k in range(at, len(reading.words)) if reading.words[k].text.casefold() in _CUTS), len(reading.words))
    return tuple(before[-1:] or [value for place, value in found if at < place < end][:1])
