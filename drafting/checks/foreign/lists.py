"""Settle what a contradiction rests on: a list of numbers goes with a list of names, and what is only guessed contradicts nothing. Pure."""

from dataclasses import replace
from typing import TYPE_CHECKING

from drafting.checks.foreign import aggregates
from drafting.checks.foreign.binding import group_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lookup import cells_about, matching, shown
from drafting.checks.foreign.reading import Reading, Said, value_of
from drafting.checks.foreign.tables import Entity, names_in
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS
from drafting.checks.units import read_unit

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

LEAST = 2  # numbers that make a list


def settled(judged: Judged | None, reading: Reading, at: int, attribute: Said | None, text: "Text") -> Judged | None:
    """Return a verdict that stands: another reading that supports the number goes before a contradiction; None where nothing is sure."""
    if judged is None or judged.verdict is not Verdict.CONTRADICTED:
        return judged
    stems = attribute.stems if attribute else text.focus.stems
    listed = [] if aggregates.range_end(reading, at) else _list(reading, at)
    if len(listed) >= LEAST:
        owner = _paired(reading, listed, at, text)
        return _held(judged, reading, at, owner, stems, text.index) if owner else None
    if judged.owner is None or not reading.entities:
        for subject in _subjects(text):
            held = _held(judged, reading, at, subject, stems, text.index)
            if (
                held is not None
                and held.verdict is Verdict.SUPPORTED
                and not (stems & set(STATISTICS) and _refers(held, subject))
            ):
                return held
    measured = at + 1 < len(reading.words) and read_unit(reading.words[at + 1].text) is not None
    if reading.words[at].kind == "word" and attribute is not None and attribute.last < at and not measured:
        return judged if _stated(reading, at) else None  # "sample nine", "or one of the figures"
    return judged if attribute is not None or measured or reading.words[at].kind == "word" else None


def _refers(held: Judged, subject: Entity) -> bool:
    """Tell whether a verdict rests on a row that only refers to a subject: one of many is no statistic of them."""
    return held.cell is not None and held.cell[:2] not in subject.rows


def _stated(reading: Reading, at: int) -> bool:
    """Tell whether a spelled number behind its attribute is said of it: "were nine", "nine of their own"."""
    before = reading.words[at - 1].text.casefold() if at else ""
    behind = [w.text.casefold() for w in reading.words[at + 1 : at + 4]]
    return before in ("was", "were", "is", "are", "of", "to", "only", "just", "including") or (
        behind[:1] == ["of"] and "own" in behind
    )


def _list(reading: Reading, at: int) -> list[int]:
    """Return the numbers of the list that a number stands in: only commas, units and "and" stand between them."""
    numbers = list(reading.numbers)
    k = numbers.index(at)
    first = last = k
    while first > 0 and _joined(reading, numbers[first - 1], numbers[first]):
        first -= 1
    while last + 1 < len(numbers) and _joined(reading, numbers[last], numbers[last + 1]):
        last += 1
    return numbers[first : last + 1]


def _joined(reading: Reading, one: int, other: int) -> bool:
    between = [w.text for w in reading.words[one + 1 : other]]
    joins = [w for w in between if w in (",", "and")]
    return bool(joins) and all(w in (",", "and") or read_unit(w) is not None for w in between)


def _paired(reading: Reading, listed: list[int], at: int, text: "Text") -> Entity | None:
    """Return the name that stands in a list of names where a number stands in its list, in this sentence or the one before."""
    entities = text.index.evidence.entities
    for mention in reversed(reading.entities):
        group = group_of(reading, mention)
        if len(group) == len(listed):
            return entities.get(group[listed.index(at)].what[0])
    spoken = [what[0] for what in text.focus.entities]
    nouns = {noun for noun, _ in spoken[-len(listed) :]}
    same = not reading.entities and len(spoken) >= len(listed) and len(nouns) == 1
    return entities.get(spoken[-len(listed) :][listed.index(at)]) if same else None


def _held(judged: Judged, reading: Reading, at: int, owner: Entity, stems: frozenset[str], index: Index) -> Judged | None:
    cells = cells_about(index, owner, stems)
    if not cells:
        return None
    found = matching(value_of(reading.words[at]), cells)
    cell = found or cells[0]
    about = f"{owner.key}: {index.evidence.tables[cell.table].columns[cell.column].header}"
    message = "" if found else f"'{judged.quote}' is contradicted: {shown(cell, index)}."
    verdict = Verdict.SUPPORTED if found else Verdict.CONTRADICTED
    place = (cell.table, cell.row, cell.column)
    return replace(judged, verdict=verdict, about=about, message=message, evidence=shown(cell, index), cell=place)


def _subjects(text: "Text") -> list[Entity]:
    """Return what a text as a whole is about: what its title names, and what that refers to."""
    evidence = text.index.evidence
    found = [evidence.entities[key] for key in text.scope.entities if key in evidence.entities]
    for entity in tuple(found):
        for table, row in entity.rows:
            for (t, column), noun in evidence.references.items():
                if t == table:
                    found += [
                        evidence.entities[noun, name]
                        for name in names_in(evidence.cell(t, row, column))
                        if (noun, name) in evidence.entities
                    ]
    return found
