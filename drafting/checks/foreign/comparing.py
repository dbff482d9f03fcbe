"""Hold a number against the cells that it is about, or the sum of several; say what is told of it. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from drafting.checks.foreign.attributes import relation_of
from drafting.checks.foreign.derived import derived
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lookup import Cell, left_open, matching, shown
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import MISSING, Entity
from drafting.checks.foreign.uncounted import passing
from drafting.checks.foreign.values import equal
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.units import Unit, read_unit

LONGEST_UNIT = 3  # words of a unit that a stroke joins
SURE = 0.72  # how well words must say an attribute for its cell to contradict them


def unit_behind(reading: Reading, at: int) -> Unit | None:
    """Return the unit that the word behind a number says, or the words that a stroke joins to it: "mg/mL"."""
    behind = reading.words[at + 1 : at + 1 + LONGEST_UNIT]
    if not behind or behind[0].text in (",", ".", "(", ")", "-"):
        return None
    texts = [w.text for w in behind]
    if texts[1:2] == ["/"] and len(texts) == LONGEST_UNIT and behind[0].end == behind[1].start:
        joined = read_unit("".join(texts))
        if joined is not None:
            return joined
    both = read_unit(" ".join(texts[:2])) if "/" in texts[0] and len(texts) > 1 else None  # "CFU/10 mL"
    return both or read_unit(texts[0])


def compared(
    reading: Reading,
    at: int,
    said: Decimal,
    relation: str,
    owners: Sequence[Entity],
    held: Sequence[tuple[Cell, ...]],
    index: Index,
) -> Judged:
    """Hold a number against the cells of its owners; each of several owners must have it."""
    empty = next((cells[0] for cells in held if all(c.literal.casefold() in MISSING for c in cells)), None)
    if empty is not None:
        return told(reading, at, Verdict.NOT_FOUND, f"The evidence has no value there: {shown(empty, index)}.")
    if held[0][0].score < SURE and any(matching(said, cells, relation) is None for cells in held):
        return literal(reading, at, said, index)
    bound = next((c for c in held if matching(said, c, relation) is None and left_open(said, c, relation)), None)
    if bound is not None:
        return told(reading, at, Verdict.NOT_FOUND, f"The evidence has a bound only: {shown(bound[0], index)}.")
    against = [cells[0] for cells in held if matching(said, cells, relation) is None]
    about = (
        f"{' and '.join(o.key for o in owners)}: {index.evidence.tables[held[0][0].table].columns[held[0][0].column].header}"
    )
    if against and passing(reading, at, index):
        return told(
            reading, at, Verdict.NOT_FOUND, "It is said of a time or mark on the way, not of the whole.", about=about
        )
    if against:
        message = f"'{reading.words[at].text}' is contradicted: {shown(against[0], index)}."
        judged = told(reading, at, Verdict.CONTRADICTED, message, about=about, evidence=shown(against[0], index))
        alone = owners[0] if len(owners) == 1 else None
        return replace(
            judged,
            owner=(alone.noun, alone.key) if alone else None,
            cell=(against[0].table, against[0].row, against[0].column),
        )
    found = matching(said, held[0], relation)
    judged = told(reading, at, Verdict.SUPPORTED, about=about, evidence=shown(found, index) if found else "")
    return replace(
        judged, owner=(owners[0].noun, owners[0].key), cell=(found.table, found.row, found.column) if found else None
    )


def together(
    reading: Reading, at: int, said: Decimal, owners: Sequence[Entity], held: Sequence[tuple[Cell, ...]], index: Index
) -> Judged:
    """Hold a number against the sum over its owners: "A and B combined for 45 points"."""
    total = sum((cells[0].numbers[0] for cells in held if cells[0].numbers), Decimal(0))
    evidence = f"{total}, from {'; '.join(shown(cells[0], index) for cells in held)}"
    about = " and ".join(owner.key for owner in owners)
    if equal(said, total):
        return told(reading, at, Verdict.SUPPORTED, about=about, evidence=evidence)
    message = f"'{reading.words[at].text}' is contradicted: the sum is {evidence}."
    return told(reading, at, Verdict.CONTRADICTED, message, about=about, evidence=evidence)


def literal(reading: Reading, at: int, said: Decimal, index: Index) -> Judged:
    """Say whether a number that could not be tied stands in the evidence at all; a bound ("above 98 %") and what is derived need not."""
    if said not in index.literals and derived(reading, at, index):
        return told(reading, at, Verdict.NOT_FOUND, f"'{reading.words[at].text}' is derived, and could not be recomputed.")
    somewhere = said in index.literals or bool(relation_of(reading.words, at))
    message = (
        f"'{reading.words[at].text}' stands in the evidence, but not where the text says."
        if somewhere
        else f"The number '{reading.words[at].text}' stands nowhere in the evidence given."
    )
    return told(reading, at, Verdict.NOT_FOUND, message, nowhere=not somewhere and reading.words[at].kind == "number")


def told(
    reading: Reading,
    at: int,
    verdict: Verdict,
    message: str = "",
    *,
    about: str = "",
    evidence: str = "",
    nowhere: bool = False,
) -> Judged:
    """Return what is said of one word of a sentence."""
    word = reading.words[at]
    return Judged(word.start, word.end, word.text, "number", verdict, about, message, evidence, nowhere)
