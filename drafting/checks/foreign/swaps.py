"""Tell a wrong name from wrong numbers: where all numbers said of one entity are those of another, the name is what is wrong. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from drafting.checks.foreign.binding import rival
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import cut

LEAST_NUMBERS = 2  # that must agree with another entity before its name is taken to be meant


def renamed(found: Sequence[Judged], reading: Reading, index: Index) -> list[Judged]:
    """Return the verdicts with a wrong name in place of the numbers that it explains."""
    out: list[Judged] = []
    group: list[Judged] = []
    for judged in (*found, None):
        if group and (
            judged is None or judged.owner != group[0].owner or _mention(reading, judged) is not _mention(reading, group[0])
        ):
            out += _one(group, reading, index)
            group = []
        if judged is not None:
            group.append(judged)
    return out


def _mention(reading: Reading, judged: Judged) -> Mention | None:
    """Return the last mention of a claim's owner before it."""
    words = reading.words
    named = [m for m in reading.entities if judged.owner in m.what and words[m.last].start < judged.start]
    return named[-1] if named else None


def _one(group: list[Judged], reading: Reading, index: Index) -> list[Judged]:
    mention = _mention(reading, group[0])
    owner = index.evidence.entities.get(group[0].owner) if group[0].owner else None
    if (
        owner is None
        or mention is None
        or _bracketed(group, mention, reading)
        or any(j.verdict is not Verdict.CONTRADICTED or j.cell is None for j in group)
    ):
        return group
    repeated = sum(1 for m in reading.entities if group[0].owner in m.what) > 1
    other = _other(owner, group, index, 1 if repeated else LEAST_NUMBERS)
    if other is None:
        return group
    words = reading.words[mention.first : mention.last + 1]
    quote = " ".join(w.text for w in words)
    message = f"'{quote}' is contradicted: what is said of it holds for {other.key}."
    name = Judged(words[0].start, words[-1].end, quote, "name", Verdict.CONTRADICTED, owner.key, message, group[0].evidence)
    return [
        name,
        *(replace(j, verdict=Verdict.SUPPORTED, about=j.about.replace(owner.key, other.key, 1), message="") for j in group),
    ]


def _bracketed(group: Sequence[Judged], mention: Mention, reading: Reading) -> bool:
    """Tell whether the numbers only stand in brackets right behind the name: they are its apposition, the name is meant."""
    words = reading.words
    end = next((w.start for w in words[mention.last + 1 :] if w.text == ")"), 0)
    return mention.last + 1 < len(words) and words[mention.last + 1].text == "(" and group[-1].start < end


def _other(owner: Entity, group: Sequence[Judged], index: Index, least: int) -> Entity | None:
    """Return the one other entity of the same table of which everything holds: the only other one, or one that enough numbers tell."""
    only = rival(owner, index)
    if only is not None:
        return only if len(group) >= least and _holds(only, group, index) else None
    if len(group) <= LEAST_NUMBERS or _chance(group):
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
    for judged in group:
        assert judged.cell is not None
        table, _, column = judged.cell
        held = [number_of(index.evidence.cell(t, r, column)) for t, r in entity.rows if t == table]
        said = _value(judged)
        if said is None or not any(n is not None and equal(said, n.value) for n in held):
            return False
    return True
