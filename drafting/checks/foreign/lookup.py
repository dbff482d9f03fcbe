"""Find the cells that a claim is about, and hold them against what it says. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.labels import LIMITS, bounding, weight
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import bounded, holds, number_of
from drafting.checks.foreign.words import STATISTICS

LEAST_SCORE = 0.5
MOST_REFERRING = (
    5  # rows of a table that refer to an entity and have the attribute: more are a series, which has no one value
)
MOST_ROWS = 1000  # that are looked through
FAR = 0.25  # how much worse than the best of all tables an attribute of the entity may be said
NEAR = 0.02  # attributes whose scores differ by less are said equally well
_NUMBERS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A place of the evidence, its literal, and how well the claim's words say it."""

    table: int
    row: int
    column: int
    literal: str
    score: float = 1.0

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """Return the numbers of the cell: the number that it is, or those that stand in its text."""
        whole = number_of(self.literal)
        return (whole.value,) if whole else tuple(Decimal(n) for n in _NUMBERS.findall(self.literal)[:4])


def shown(cell: Cell, index: Index) -> str:
    """Return a cell as people are told it: its literal and place."""
    return f"{index.evidence.tables[cell.table].place(cell.row, cell.column)}: '{cell.literal}'"


def cells_about(index: Index, entity: Entity, stems: frozenset[str], *, limits: bool = False) -> tuple[Cell, ...]:
    """Return the cells with numbers of an entity that stems say best, an empty one where it has no value; none where they say no attribute.

    Rows that only refer to the entity count where it has no such attribute itself and they are few.
    """
    referring = tuple(
        p for p in dict.fromkeys(index.evidence.referring.get((entity.noun, entity.key), ())) if p not in entity.rows
    )
    own = _best(index, entity.rows, stems, limits=limits)
    if len(referring) > MOST_ROWS:
        return own
    theirs = _best(index, referring, stems, limits=limits)
    many = Counter(cell.table for cell in theirs)
    theirs = tuple(cell for cell in theirs if many[cell.table] <= MOST_REFERRING)
    return theirs if theirs and (not own or theirs[0].score > own[0].score + NEAR) else own


def whole_said(index: Index, entity: Entity, stems: frozenset[str]) -> tuple[Cell, ...]:
    """Return the cells with numbers of an entity of which stems say a whole label, whatever else they say."""
    return tuple(
        Cell(t, r, a.column, index.evidence.cell(t, r, a.column))
        for _, a in index.ranked(stems)
        if a.where is None and index.numeric(a) and any(set(label) <= stems for label in a.labels)
        for t, r in entity.rows
        if t == a.table
    )


def _best(index: Index, places: Iterable[tuple[int, int]], stems: frozenset[str], *, limits: bool) -> tuple[Cell, ...]:
    by_table: dict[int, list[int]] = {}
    for table, row in places:
        by_table.setdefault(table, []).append(row)
    best: list[Cell] = []
    ranked = index.ranked(stems) if by_table else ()
    if "percent" in stems and any(t in index.in_percent for t in by_table):
        ranked = tuple(
            (v, a) for v, a in ranked if a.table not in index.in_percent or any("percent" in label for label in a.labels)
        )
    known = next((value for value, attribute in ranked if index.numeric(attribute)), 0.0)  # how well anything says it
    for value, attribute in ranked:
        if value < max(LEAST_SCORE, known - FAR) or (best and value < best[0].score - NEAR):
            break
        if attribute.table in by_table and index.numeric(attribute) and limits == is_limit(index, attribute):
            best += _cells(index, attribute, by_table[attribute.table], value)
    return tuple(best)


def _cells(index: Index, attribute: Attribute, rows: Iterable[int], score: float) -> Iterator[Cell]:
    for row in rows:
        if attribute.where is None or index.evidence.cell(attribute.table, row, attribute.where[0]) == attribute.where[1]:
            yield Cell(
                attribute.table, row, attribute.column, index.evidence.cell(attribute.table, row, attribute.column), score
            )


def is_limit(index: Index, attribute: Attribute) -> bool:
    """Tell whether an attribute's column holds limits, not results."""
    table = index.evidence.tables[attribute.table]
    header = {s for label in table.columns[attribute.column].labels for s in label}
    bound = header <= {"min", "max"} and bool(LIMITS & set(stems_of(table.name)))  # "Maximum" of a specification
    return bound or bounding(header)


def statistic_of(stems: frozenset[str], label: Sequence[str]) -> str:
    """Return the statistic that is asked of a column: what is said beyond its own label, else what its label is."""
    said = [s for s in STATISTICS if s in stems]
    beyond = [s for s in said if s not in label]
    return (beyond or said or [""])[0]


def matching(said: Decimal, cells: Iterable[Cell], relation: str = "") -> Cell | None:
    """Return the first cell for which what is said holds."""
    return next((cell for cell in cells if _holds(said, cell, relation)), None)


def _holds(said: Decimal, cell: Cell, relation: str) -> bool | None:
    whole = number_of(cell.literal)
    if whole is not None and whole.sign:
        return bounded(said, whole, relation)
    return any(holds(said, value, relation) for value in cell.numbers)


def left_open(said: Decimal, cells: Iterable[Cell], relation: str) -> Cell | None:
    """Return the first cell whose bound neither keeps nor breaks what is said: "below 0.02 %" of "<0.05"."""
    return next((cell for cell in cells if _holds(said, cell, relation) is None), None)


def content(stems: frozenset[str]) -> frozenset[str]:
    """Return the stems that name an attribute, without statistics and other words that many share."""
    return frozenset(s for s in stems if weight(s) == 1)
