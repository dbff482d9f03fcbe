"""Hold what a sentence says beside a figure against the row of that figure: "analyst A. Berg found 118" of a row of another analyst. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from drafting.checks.foreign.acts import alike as same_word
from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.measures import alike, unit_of
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.tables import MISSING
from drafting.checks.foreign.unjudged import SUBJECT
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against
from drafting.checks.foreign.words import cut
from drafting.checks.units import read_unit

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_PERSONS = frozenset(("analyst", "operator", "technician", "inspector", "investigator", "chemist", "tester", "sampler"))
LONGEST = 40  # characters of a cell that a sentence may say whole


def held(found: Sequence[Judged], reading: Reading, text: "Text") -> list[Judged]:
    """Return verdicts in which a figure that nothing settled is supported by the row of a named thing of which the sentence says another cell whole."""
    return [_settled(judged, reading, text) for judged in found]


def judge_mates(reading: Reading, found: Sequence[Judged], text: "Text") -> Iterator[Judged]:
    """Return the verdict on who is said to have found the one figure of a sentence, behind what the column of its row is called."""
    index, places = text.index, {j.cell for j in found if j.kind == "number" and j.verdict is Verdict.SUPPORTED and j.cell}
    if len(places) != 1 or len(reading.numbers) != 1:
        return
    table, row, own = next(iter(places))
    held_in = index.evidence.tables[table]
    for column in (c for c in held_in.columns if c.kind == "text" and c.index not in (own, held_in.key)):
        mine, header = held_in.rows[row][column.index].strip(), stems_of(column.header)
        if not set(header) & _PERSONS or _said(reading, mine) is not None:
            continue
        others = {cells[column.index].strip() for cells in held_in.rows} - {mine}
        for value in sorted(v for v in others if v[:1].isupper() and len(v) <= LONGEST) if mine and header else ():
            at = _said(reading, value)
            if at is not None and at and reading.words[at - 1].stem == header[-1]:
                place = f"{held_in.place(row, column.index)}: '{mine}'"
                yield held_against(reading.words[at : at + len(cut(value))], "row", place, right=False, kind="word")


def _said(reading: Reading, value: str) -> int | None:
    """Return the word at which a sentence says a cell whole."""
    said, words = [w.text for w in cut(value)], [w.text for w in reading.words]
    return next((k for k in range(len(words) - len(said) + 1) if words[k : k + len(said)] == said), None)


def _settled(judged: Judged, reading: Reading, text: "Text") -> Judged:
    if judged.kind != "number" or judged.verdict is not Verdict.NOT_FOUND or judged.nowhere:
        return judged
    at = next((k for k, w in enumerate(reading.words) if w.start == judged.start), None)
    unit = unit_behind(reading, at) if at is not None else None
    if at is None or unit is None:
        return judged
    index = text.index
    for key in (key for m in reading.entities for key in m.what):
        for table, row in index.evidence.referring.get(key, ()):
            columns = index.evidence.tables[table].columns
            cells = [index.evidence.cell(table, row, c.index) for c in columns]
            acted = any(
                same_word(w.stem, s)
                for w in reading.words
                if w.kind == "word"
                for s in stems_of(index.evidence.tables[table].name)
            )
            told = acted and any(_names(cell, key[1], index) and _said(reading, cell) is not None for cell in cells)
            for column, cell in zip(columns, cells, strict=True) if told else ():
                number = number_of(cell)
                held_unit = unit_of((table, row, column.index), index) or (
                    read_unit(number.unit) if number and number.unit else None
                )
                if (
                    number
                    and not number.sign
                    and held_unit
                    and alike(held_unit, unit)
                    and number.value == value_of(reading.words[at])
                ):
                    place = f"{index.evidence.tables[table].place(row, column.index)}: '{cell}'"
                    return replace(judged, verdict=Verdict.SUPPORTED, about=SUBJECT, message="", evidence=place)
    return judged


def _names(cell: str, key: str, index: Index) -> bool:
    """Tell whether a cell is a name of several words, of a person or firm, that is no other thing of the evidence."""
    words = [w for w in cut(cell) if w.kind == "word"]
    known = cell == key or cell.casefold() in MISSING or any(name == cell for _, name in index.evidence.entities)
    return len(words) > 1 and all(w.text[:1].isupper() for w in words) and not known and len(cell) <= LONGEST
