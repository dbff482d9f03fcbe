"""Tell a wrong name from wrong numbers: where the numbers said of one entity are those of another, the name is what is wrong.

Of the ways to mark what is wrong the one with the fewest mistakes is taken: a name that makes half of the mistakes its numbers would be, or fewer. Pure.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal

from drafting.checks.foreign.binding import belongs
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.opposed import rival
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import cut

Cell = tuple[int, int, int]  # table, row, column

FEWER = 2  # times fewer mistakes than wrong numbers, before a name is what is wrong


def renamed(found: Sequence[Judged], reading: Reading, index: Index) -> list[Judged]:
    """Return the verdicts with a wrong name in place of the numbers that it explains."""
    out: list[Judged] = []
    group: list[Judged] = []
    for judged in (*found, None):
        if group and (
            judged is None
            or judged.owner != group[0].owner
            or mention_of(reading, judged) is not mention_of(reading, group[0])
        ):
            out += _one(group, reading, index)
            group = []
        if judged is not None:
            group.append(judged)
    return out


def mention_of(reading: Reading, judged: Judged) -> Mention | None:
    """Return the last mention of a claim's owner before it."""
    words = reading.words
    named = [m for m in reading.entities if judged.owner in m.what and words[m.last].start < judged.start]
    return named[-1] if named else None


def _one(group: list[Judged], reading: Reading, index: Index) -> list[Judged]:
    mention = mention_of(reading, group[0])
    owner = index.evidence.entities.get(group[0].owner) if group[0].owner else None
    wrong = [j for j in group if j.verdict is Verdict.CONTRADICTED]
    if (
        owner is None
        or mention is None
        or any(j.verdict is Verdict.NOT_FOUND or j.cell is None for j in group)
        or len(wrong) * 2 <= len(group)
    ):
        return group
    repeated = sum(1 for m in reading.entities if group[0].owner in m.what) > 1
    other = _other(owner, group, index, wrong, repeated=repeated)
    named = {key for m in reading.entities for key in m.what}
    if other is None or (other.noun, other.key) in named or _affirmed(owner, named, index):  # figures said of itself
        return group
    words = reading.words[mention.first : mention.last + 1]
    quote = " ".join(w.text for w in words)
    message = f"'{quote}' is contradicted: what is said of it holds for {other.key}."
    name = Judged(words[0].start, words[-1].end, quote, "name", Verdict.CONTRADICTED, owner.key, message, group[0].evidence)
    return [name, *(moved(j, owner, other, index) for j in group)]


def _affirmed(owner: Entity, named: AbstractSet[tuple[str, str]], index: Index) -> bool:
    """Tell whether what a sentence names besides an owner belongs to it, so that its name is meant."""
    entities = index.evidence.entities
    return any(belongs(entities[key], owner, index) for key in named if key in entities)


def moved(judged: Judged, owner: Entity, other: Entity, index: Index) -> Judged:
    """Return a number as what is said of another than its sentence names."""
    cell = _cell_of(other, judged, index)
    assert cell is not None
    table, row, column = cell
    evidence = f"{index.evidence.tables[table].place(row, column)}: '{index.evidence.cell(*cell)}'"
    about = judged.about.replace(owner.key, other.key, 1)
    right = _agrees(cell, judged, index)
    return replace(
        judged,
        verdict=Verdict.SUPPORTED if right else Verdict.CONTRADICTED,
        about=about,
        message="" if right else f"{about} '{judged.quote}' is contradicted: {evidence}.",
        evidence=evidence,
        owner=(other.noun, other.key),
        cell=cell,
    )


def _other(
    owner: Entity, group: Sequence[Judged], index: Index, wrong: Sequence[Judged], *, repeated: bool
) -> Entity | None:
    """Return the one other entity of the same table whose name, with the numbers that it leaves wrong, makes mistakes enough fewer.

    Where there is only one other, a name that is repeated in its sentence is wrong by one number already.
    """
    only = rival(owner, index)
    tables = {t for t, _ in owner.rows}
    others = (
        [only]
        if only is not None
        else [e for e in index.evidence.entities.values() if e.noun == owner.noun and e.key != owner.key]
    )
    mistakes = {
        e.key: 1 + sum(not holds(e, j, index) for j in group)
        for e in others
        if {t for t, _ in e.rows} & tables and all(_cell_of(e, j, index) is not None for j in group)
    }
    least = min(mistakes.values(), default=0)
    fits = [e for e in others if mistakes.get(e.key) == least]
    if len(fits) != 1 or (FEWER * least > len(wrong) and not (only is not None and repeated and least == 1)):
        return None
    return fits[0] if only is not None or not _chance([j for j in wrong if holds(fits[0], j, index)]) else None


def _chance(group: Sequence[Judged]) -> bool:
    """Tell whether numbers are so small, or so few, that they agree with some row by chance."""
    return sum(1 for j in group if (_value(j) or 0) >= 3) < 2  # noqa: PLR2004 - as above


def _value(judged: Judged) -> Decimal | None:
    words = cut(judged.quote)
    return words[0].value if words and words[0].value is not None else Decimal(1)


def holds(entity: Entity, judged: Judged, index: Index) -> bool:
    """Tell whether a number that was held against another's cell is that of an entity."""
    cell = _cell_of(entity, judged, index)
    return cell is not None and _agrees(cell, judged, index)


def _agrees(cell: Cell, judged: Judged, index: Index) -> bool:
    said, held = _value(judged), number_of(index.evidence.cell(*cell))
    return said is not None and held is not None and equal(said, held.value)


def _cell_of(entity: Entity, judged: Judged, index: Index) -> Cell | None:
    """Return the cell of an entity in the column of a number that was held against another's: one that agrees, where one does."""
    if judged.cell is None:
        return None
    table, _, column = judged.cell
    cells = [(t, r, column) for t, r in entity.rows if t == table]
    return next((cell for cell in cells if _agrees(cell, judged, index)), cells[0] if cells else None)
