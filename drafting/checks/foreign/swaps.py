"""Tell a wrong name from wrong numbers: where all numbers said of one entity are those of another, the name is what is wrong. Pure."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal

from drafting.checks.foreign.binding import belongs
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.opposed import against_itself, rival
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import cut

Cell = tuple[int, int, int]  # table, row, column

LEAST_NUMBERS = 2  # that must agree with another entity before its name is taken to be meant


def renamed(found: Sequence[Judged], reading: Reading, index: Index, settled: AbstractSet[Cell]) -> list[Judged]:
    """Return the verdicts with a wrong name in place of the numbers that it explains; settled are the cells that numbers before agree with."""
    out: list[Judged] = []
    group: list[Judged] = []
    for judged in (*found, None):
        if group and (
            judged is None or judged.owner != group[0].owner or _mention(reading, judged) is not _mention(reading, group[0])
        ):
            out += _one(group, reading, index, settled)
            group = []
        if judged is not None:
            group.append(judged)
    return out


def _mention(reading: Reading, judged: Judged) -> Mention | None:
    """Return the last mention of a claim's owner before it."""
    words = reading.words
    named = [m for m in reading.entities if judged.owner in m.what and words[m.last].start < judged.start]
    return named[-1] if named else None


def _one(group: list[Judged], reading: Reading, index: Index, settled: AbstractSet[Cell]) -> list[Judged]:
    mention = _mention(reading, group[0])
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
    other = _other(owner, group, wrong, index, 1 if repeated else LEAST_NUMBERS)
    if (
        other is None
        or _itself(other, reading, group, index, settled)
        or (_bracketed(group, mention, reading) and _meant(owner, reading, index))
    ):
        return group
    words = reading.words[mention.first : mention.last + 1]
    quote = " ".join(w.text for w in words)
    message = f"'{quote}' is contradicted: what is said of it holds for {other.key}."
    name = Judged(words[0].start, words[-1].end, quote, "name", Verdict.CONTRADICTED, owner.key, message, group[0].evidence)
    return [name, *(_moved(j, owner, other, index) for j in group)]


def _moved(judged: Judged, owner: Entity, other: Entity, index: Index) -> Judged:
    """Return a number as what is right of another than its sentence names."""
    cell = _cell_of(other, judged, index)
    assert cell is not None
    table, row, column = cell
    held = index.evidence.tables[table]
    evidence = f"{held.place(row, column)}: '{index.evidence.cell(*cell)}'"
    about = judged.about.replace(owner.key, other.key, 1)
    return replace(
        judged,
        verdict=Verdict.SUPPORTED,
        about=about,
        message="",
        evidence=evidence,
        owner=(other.noun, other.key),
        cell=cell,
    )


def _bracketed(group: Sequence[Judged], mention: Mention, reading: Reading) -> bool:
    """Tell whether the numbers only stand in brackets right behind the name: they are its apposition."""
    words = reading.words
    end = next((w.start for w in words[mention.last + 1 :] if w.text == ")"), 0)
    return mention.last + 1 < len(words) and words[mention.last + 1].text == "(" and group[-1].start < end


def _meant(owner: Entity, reading: Reading, index: Index) -> bool:
    """Tell whether a sentence says more of an owner than its name: names it again, or what belongs to it."""
    keys = [key for m in reading.entities if not against_itself(reading, m, index) for key in m.what]
    named = (index.evidence.entities[key] for key in keys if key in index.evidence.entities)
    return keys.count((owner.noun, owner.key)) > 1 or any(belongs(one, owner, index) for one in named)


def _itself(other: Entity, reading: Reading, group: Sequence[Judged], index: Index, settled: AbstractSet[Cell]) -> bool:
    """Tell whether the other has these numbers said of itself: they were carried over to a name that is meant."""
    if any((other.noun, other.key) in m.what for m in reading.entities):
        return True
    return all(_cell_of(other, j, index) in settled for j in group)


def _other(owner: Entity, group: Sequence[Judged], wrong: Sequence[Judged], index: Index, least: int) -> Entity | None:
    """Return the one other entity of the same table of which everything holds: the only other one, or one that enough numbers tell."""
    only = rival(owner, index)
    if only is not None:
        return only if len(wrong) >= least and _holds(only, group, index) else None
    if len(group) < LEAST_NUMBERS or _chance(wrong):
        return None
    tables = {t for t, _ in owner.rows}
    fits = [
        e
        for e in index.evidence.entities.values()
        if e.noun == owner.noun and e.key != owner.key and {t for t, _ in e.rows} & tables and _holds(e, group, index)
    ]
    return fits[0] if len(fits) == 1 else None


def _chance(group: Sequence[Judged]) -> bool:
    """Tell whether numbers are so small that several of them agree with some row by chance."""
    return sum(1 for j in group if (_value(j) or 0) >= 3) < LEAST_NUMBERS  # noqa: PLR2004 - as above


def _value(judged: Judged) -> Decimal | None:
    words = cut(judged.quote)
    return words[0].value if words and words[0].value is not None else Decimal(1)


def _holds(entity: Entity, group: Sequence[Judged], index: Index) -> bool:
    return all(_cell_of(entity, judged, index) is not None for judged in group)


def _cell_of(entity: Entity, judged: Judged, index: Index) -> Cell | None:
    """Return the cell of an entity, in the column of a number that was held against another's, that is that number."""
    said = _value(judged)
    if said is None or judged.cell is None:
        return None
    table, _, column = judged.cell
    cells = ((t, r, column) for t, r in entity.rows if t == table)
    held = ((cell, number_of(index.evidence.cell(*cell))) for cell in cells)
    return next((cell for cell, n in held if n is not None and equal(said, n.value)), None)
