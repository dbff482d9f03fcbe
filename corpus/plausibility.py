"""Values that cannot all be true, found inside the records themselves. Pure.

Promise: a contradiction names every cell that takes part in it; it says neither which cell is wrong nor what the true value
is. Nothing is drafted from such values: they are shown, and a person decides. Compared are decimals as written, without
tolerance; missing and censored cells are not compared.

Between sources, everything that two documents say of one subject is compared, by its name: the yield of a batch in two files, the
date of a deviation. Numbers are compared as numbers and days as days, where each literal can be read in one way only.

Rules within measurements, by the attributes' names: min <= average <= max (`tbl_min_hardness`, `tbl_av_hardness`, `tbl_max_hardness`;
`dissolution_min`, `dissolution_av`), a part <= its total (`impurity_o`, `impurities_total`), and one value for one attribute
of one batch where a second source repeats it. Between batches: an attribute has one unit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from corpus.datewords import same_day
from corpus.literals import Unreadable, decimal
from corpus.model import Locator, Measurement, Record

_PARTS_OF = {  # total: what its parts' names look like
    "impurities_total": re.compile(r"impurity_[a-z0-9]+"),
    "api_total_impurities": re.compile(r"api_[a-z0-9]+_impurity"),
}
OF_THE_RECORD = frozenset(  # what a record says of itself, not of its batch
    {
        "id",
        "kind",
        "status",
        "origin",
        "title",
        "reason",
        "remark",
        "remarks",
        "comment",
        "description",
        "date",
        "version",
        "source",
    }
)
_EXTREME = re.compile(r"(?P<before>(?:.+_)?)(?P<which>min|av|max)(?P<after>(?:_.+)?)")


@dataclass(frozen=True)
class Contradiction:
    """Cells of one batch that cannot all be true."""

    rule: str
    """ "min <= average <= max", "part <= total", "one value" or "one unit"."""
    batch: str
    attributes: tuple[str, ...]
    cells: tuple[Measurement, ...]
    """The cells that contradict one another, in the order of `message`."""
    message: str

    @property
    def locators(self) -> tuple[Locator, ...]:
        """Return the places of the cells."""
        return tuple(cell.locator for cell in self.cells)


@dataclass(frozen=True)
class Statement:
    """What one cell says of a subject (kind and identifier)."""

    subject: tuple[str, str]
    name: str
    literal: str
    locator: Locator
    document_id: str
    measured: bool = False


@dataclass(frozen=True)
class Disagreement:
    """Cells of different documents that say different things of one subject: each literal, each place."""

    subject: tuple[str, str]
    name: str
    statements: tuple[Statement, ...]

    @property
    def message(self) -> str:
        """Say what disagrees, with both literals and where they stand."""
        kind, identifier = self.subject
        said = "; ".join(f"'{one.literal}' ({one.locator})" for one in self.statements)
        return f"{kind.replace('_', ' ').capitalize()} {identifier}: sources disagree on {self.name}: {said}"


def disagreements(statements: Iterable[Statement]) -> list[Disagreement]:
    """Find what different documents say differently, in the order in which subjects come."""
    said: dict[tuple[tuple[str, str], str], list[Statement]] = defaultdict(list)
    for statement in statements:
        said[statement.subject, statement.name].append(statement)
    found = []
    for (subject, name), cells in said.items():
        if len({cell.document_id for cell in cells}) > 1 and any(
            not same_literal(cells[0].literal, cell.literal) for cell in cells[1:]
        ):
            found.append(Disagreement(subject, name, tuple(cells)))
    return found


def statements(records: Iterable[Record], measurements: Iterable[Measurement]) -> Iterator[Statement]:
    """Yield everything that records and measurements say of their subjects, missing values left out.

    A record that is keyed by its batch speaks of the batch too, in the words that mean the same in every kind of record.
    """
    for record in records:
        batch = record.kind != "batch" and record.get("batch") == record.identifier
        for name, literal in record.fields.items():
            if literal:
                where = record.locator(name)
                yield Statement((record.kind, record.identifier), name, literal, where, record.document.id)
                if batch and name not in OF_THE_RECORD:
                    yield Statement(("batch", record.identifier), name, literal, where, record.document.id)
    for m in measurements:
        if m.state == "value":
            yield Statement(("batch", m.batch), m.attribute, m.written, m.locator, m.document_id, measured=True)


def same_literal(one: str, other: str) -> bool:
    """Tell whether two literals say the same: letter for letter, as numbers, or as days that can be read in one way only."""
    if one.strip() == other.strip():
        return True
    numbers = [_number(one), _number(other)]
    if None not in numbers:
        return numbers[0] == numbers[1]
    return same_day(one.strip(), other.strip())


def _number(literal: str) -> Decimal | None:
    try:
        return decimal(literal).value
    except Unreadable:
        return None


def contradictions(measurements: Iterable[Measurement]) -> list[Contradiction]:
    """Find every contradiction in the measurements given, in the order of batches as they come."""
    by_batch: dict[str, dict[str, list[Measurement]]] = defaultdict(lambda: defaultdict(list))
    for measurement in measurements:
        if measurement.value is not None and measurement.state == "value":
            by_batch[measurement.batch][measurement.attribute].append(measurement)
    found: list[Contradiction] = []
    units: dict[str, Measurement] = {}
    for attributes in by_batch.values():
        first = {name: _leading(cells) for name, cells in attributes.items()}
        found += _units(first, units)
        found += _extremes(first)
        found += _totals(first)
        found += _repeats(attributes)
    return found


def _leading(cells: list[Measurement]) -> Measurement:
    return next((cell for cell in cells if cell.primary), cells[0])  # that in force comes first


def _units(cells: Mapping[str, Measurement], known: dict[str, Measurement]) -> Iterator[Contradiction]:
    """Compare each unit with that of the first batch; a long table's files may give one attribute several."""
    for name, cell in cells.items():
        first = known.setdefault(name, cell)
        if cell.unit != first.unit:
            yield _made("one unit", [cell, first])


def _extremes(cells: Mapping[str, Measurement]) -> Iterator[Contradiction]:
    families: dict[tuple[str, str], dict[str, Measurement]] = defaultdict(dict)
    for name, cell in cells.items():
        parts = _extreme(name)
        if parts:
            family, which = parts
            families[family][which] = cell
    for members in families.values():
        ordered = [members[which] for which in ("min", "av", "max") if which in members]
        values = [cell.value for cell in ordered if cell.value is not None]
        if values != sorted(values):
            yield _made("min <= average <= max", ordered)


@lru_cache(maxsize=1024)  # every batch has the same attributes
def _extreme(name: str) -> tuple[tuple[str, str], str] | None:
    parts = _EXTREME.fullmatch(name)
    return ((parts["before"], parts["after"]), parts["which"]) if parts else None


def _totals(cells: Mapping[str, Measurement]) -> Iterator[Contradiction]:
    for name, pattern in _PARTS_OF.items():
        total = cells.get(name)
        if total is None or total.value is None:
            continue
        for part_name, part in cells.items():
            if pattern.fullmatch(part_name) and part.value is not None and part.value > total.value:
                yield _made("part <= total", [part, total])


def _repeats(attributes: Mapping[str, list[Measurement]]) -> Iterator[Contradiction]:
    for cells in attributes.values():
        if len(cells) > 1 and len({cell.value for cell in cells}) > 1:
            yield _made("one value", cells)


def may_contradict(cells: Iterable[tuple[str, str]]) -> bool:
    """Tell, without reading decimals, whether values (attribute, value) of one batch may contradict each other.

    Never wrong where it says no: reading a decimal as a float keeps its order, and where two floats are equal the letters decide.
    """
    said: dict[str, str] = {}
    for name, value in cells:
        if said.setdefault(name, value) != value:
            return True
    for low, high in _orders(frozenset(said)):
        one, other = float(said[low]), float(said[high])
        if one > other or (one == other and said[low] != said[high]):
            return True
    return False


@lru_cache(maxsize=256)  # most batches have the same attributes
def _orders(names: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of attributes of which the first must not exceed the second."""
    families: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name in names:
        parts = _extreme(name)
        if parts:
            families[parts[0]][parts[1]] = name
    ordered = ([members[which] for which in ("min", "av", "max") if which in members] for members in families.values())
    pairs = [pair for members in ordered for pair in combinations(members, 2)]
    totals = ((total, pattern) for total, pattern in _PARTS_OF.items() if total in names)
    return (*pairs, *((name, total) for total, pattern in totals for name in names if pattern.fullmatch(name)))


def _made(rule: str, cells: list[Measurement]) -> Contradiction:
    names = tuple(dict.fromkeys(cell.attribute for cell in cells))
    shown = "; ".join(f"{cell.attribute} {cell.literal.strip()} ({cell.locator})" for cell in cells)
    return Contradiction(rule, cells[0].batch, names, tuple(cells), f"Batch {cells[0].batch} breaks {rule}: {shown}")
