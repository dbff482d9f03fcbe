"""Hold "60 L instead of 40 L" against the record that a sentence names, whose text says which of both was done. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.pointed import unit_words
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.verdicts import Judged, held_against
from drafting.checks.foreign.words import Word, cut

_INSTEAD = (["instead", "of"], ["rather", "than"], ["in", "place", "of"])
FAR = 3  # words of a unit before "instead"


def judge_instead(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return the verdicts on two numbers, the one instead of the other, that a record which the sentence names holds in its text."""
    for one, other in zip(reading.numbers, reading.numbers[1:], strict=False):
        between = [w.text.casefold() for w in reading.words[one + 1 + unit_words(reading, one) : other]]
        if between not in _INSTEAD:
            continue
        said = (value_of(reading.words[one]), value_of(reading.words[other]))
        for place, held in _held(reading, index):
            if set(held) == set(said):
                yield from (
                    held_against([reading.words[n]], "text", place, right=v == h)
                    for n, v, h in zip((one, other), said, held, strict=True)
                )
                return


def _held(reading: Reading, index: Index) -> Iterator[tuple[str, tuple[Decimal, Decimal]]]:
    """Return the numbers that the texts of the named records say to be the one instead of the other."""
    known = (index.evidence.entities.get(key) for m in reading.entities for key in m.what)
    for entity in (e for e in known if e is not None):
        for table, row in _rows(entity, index):
            for column in index.evidence.tables[table].columns:
                cell = index.evidence.cell(table, row, column.index)
                for pair in _pairs(cut(cell)) if " " in cell else ():
                    yield f"{index.evidence.tables[table].place(row, column.index)}: '{cell}'", pair


def _rows(entity: Entity, index: Index) -> tuple[tuple[int, int], ...]:
    return (*entity.rows, *index.evidence.referring.get((entity.noun, entity.key), ()))


def _pairs(words: tuple[Word, ...]) -> Iterator[tuple[Decimal, Decimal]]:
    numbers = [(k, w.value) for k, w in enumerate(words) if w.value is not None]
    for (one, value), (other, instead) in pairwise(numbers):
        between = [w.text.casefold() for w in words[one + 1 : other]]
        if any(between[-len(said) :] == said and len(between) - len(said) <= FAR for said in _INSTEAD):
            yield value, instead
