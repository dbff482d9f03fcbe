"""Recompute what a text says of many rows: mean, lowest, highest, total, spread; and the limits that it names. Pure, exact decimals."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from drafting.checks.foreign.comparing import SURE, unit_behind
from drafting.checks.foreign.derived import another_year, changes
from drafting.checks.foreign.excepting import hinted
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, is_limit, shown, statistic_of
from drafting.checks.foreign.measures import alike, unit_of
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.scope import Scope, date_columns, rows_in
from drafting.checks.foreign.states import narrowed
from drafting.checks.foreign.values import equal, holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS
from drafting.checks.units import Unit, converted, read_unit

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

MOST_ATTRIBUTES = 6
Rank = tuple[
    int, int
]  # which scope, and which date of it: what is said of many records is held against the first that has any
Computed = tuple[Decimal | None, str, str, Rank, tuple[int, int, int] | None]

_SOME = frozenset(("no", "none", "never", "neither", "nor", "only", "some", "several", "few", "one", "most", "half"))
_MOST = frozenset(("nearly", "almost", "mostly", "majority"))
_EXTREMES = {"<": "max", "<=": "max", ">": "min", ">=": "min"}  # which value decides a statement about all
SPAN = 6  # words from "within" to the upper end of a span
_EXCEEDED = frozenset(("exceeded", "exceeds", "exceed"))
_BELOW = frozenset(("<", "<=", "≤"))
_STATISTICS: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "mean": statistics.mean,
    "sum": lambda numbers: sum(numbers, Decimal(0)),
    "sd": statistics.stdev,
}


def aggregate(reading: Reading, at: int, said: Decimal, relation: str, stems: frozenset[str], text: "Text") -> Judged | None:
    """Return the verdict on a statistic over the rows in scope; None where the words name no attribute."""
    spread = range_end(reading, at)
    over_rows = bool(relation or set(STATISTICS) & ((stems | spread) - _labelled(stems, text.index)))
    some = relation == ">" and reading.words[at - 1].text.casefold() in _EXCEEDED  # of many one is enough
    values = list(computed(stems | spread, reading, at, text, "<" if some else relation))
    found = _measured(reading, at, said, values, stems, text)
    if not found:
        return None
    if spread and not relation and _inside(reading, at):
        relation = ">=" if "min" in spread else "<="  # "within 47 to 53" holds of values between
    value, place, what, first, _ = found[0]
    if value is None:
        message = f"cannot be recomputed: of some values only a bound is known ({place})."
        return _told(reading, at, Verdict.NOT_FOUND, what, message, place)
    agree = [
        one for one in found if one[0] is not None and (equal(said, one[0]) or (relation and holds(said, one[0], relation)))
    ]
    sure = next((one for one in agree if not over_rows or one[3] == first), None)
    if sure is not None:
        told = _told(reading, at, Verdict.SUPPORTED, sure[2], "", f"{sure[0]} ({sure[1]})")
        return replace(told, measured=None if sure[2].startswith("n of ") else sure[4])
    if agree:
        message = f"is {agree[0][2]} of other records ({agree[0][1]}), not of those that the text speaks of."
        return _told(reading, at, Verdict.NOT_FOUND, what, message, f"{value} ({place})")
    nearly = (
        relation and {w.text.casefold() for w in reading.words[:at]} & _MOST
    )  # of "nearly all" one that differs is no contradiction
    if nearly or not over_rows:  # one value among many: which one is open
        return None
    loose = _loosely(stems, text.index) or hinted(reading) or (bool(relation) and _of_some(reading, at))
    message = (
        "is open: the words say another attribute, or leave something out."
        if loose
        else f"is contradicted: {what} is {_short(value)} ({place})."
    )
    return _told(reading, at, Verdict.NOT_FOUND if loose else Verdict.CONTRADICTED, what, message, f"{value} ({place})")


def _of_some(reading: Reading, at: int) -> bool:
    """Tell whether a bound is said of none or of so many: "no lot was below 97 %", "in two lots"; it does not hold of all then."""
    low = [w.text.casefold() for w in reading.words]
    first = max((k + 1 for k in range(at) if low[k] in (";", "while", "whereas", "but")), default=0)
    counted = any(n + 1 <= k <= n + 3 for n in reading.numbers for k, _ in reading.nouns if n != at)
    return counted or bool(_SOME & set(low[first:at]))


def _measured(
    reading: Reading, at: int, said: Decimal, found: Sequence[Computed], stems: frozenset[str], text: "Text"
) -> Sequence[Computed]:
    """Return the statistics of values that may have the unit of a number; all where a figure of none is right, and no column of that unit is meant."""
    if changes(reading, at) or another_year(reading, at):
        return ()  # "improved by 5 %" is no value
    unit = unit_behind(reading, at)
    fitting = [one for one in found if unit is None or _fits(unit, one[4], text.index)]
    same = any(one[0] is not None and equal(said, one[0]) for one in found)
    return fitting or (found if same and not _elsewhere(stems, unit, text.index) else ())


def _labelled(stems: frozenset[str], index: Index) -> frozenset[str]:
    """Return "sum" where it is only a word of the header that is meant: "overall yield"."""
    best = next((a for _, a in index.ranked(stems) if index.numeric(a) and not is_limit(index, a)), None)
    return frozenset({"sum"} & {s for label in best.labels for s in label}) if best is not None else frozenset()


def _loosely(stems: frozenset[str], index: Index) -> bool:
    """Tell whether words say an attribute only in part, and a part of another one beside it: "protein A yield" of "overall yield"."""
    best = next(((s, a) for s, a in index.ranked(stems) if index.numeric(a) and not is_limit(index, a)), None)
    if best is None or best[0] >= SURE:
        return False
    nouns = {part for noun in (*index.row_nouns, *index.evidence.nouns) for part in noun.split()}
    return bool(content(stems) - nouns - {s for label in best[1].labels for s in label})


def _inside(reading: Reading, at: int) -> bool:
    """Tell whether a span is one within which values lie, not that of the values: "within 47.0 to 53.0 mg/mL"."""
    return "within" in [w.text.casefold() for w in reading.words[max(0, at - SPAN) : at]]


def _fits(unit: Unit, cell: tuple[int, int, int] | None, index: Index) -> bool:
    """Tell whether a number of a unit may be one of the values of a column."""
    held = unit_of(cell, index) if cell is not None else None
    return held is None or alike(held, unit)


def _elsewhere(stems: frozenset[str], unit: Unit | None, index: Index) -> bool:
    """Tell whether a column that words say less plainly has values of a unit."""
    meant = (a for s, a in index.ranked(stems) if s >= LEAST_SCORE - NEAR and index.numeric(a) and not is_limit(index, a))
    held = (unit_of((a.table, 0, a.column), index) for a in meant if index.evidence.tables[a.table].rows)
    return unit is not None and any(one is not None and alike(one, unit) for one in held)


def range_end(reading: Reading, at: int) -> frozenset[str]:
    """Return the statistic of an end of a range: "98.1 to 99.7", "between 98.1 and 99.7"."""
    words, numbers = reading.words, reading.numbers
    k = numbers.index(at)
    joins = ("to", "-", "–", "and")

    def joined(one: int, other: int) -> bool:
        between = [w.text.casefold() for w in words[one + 1 : other] if read_unit(w.text) is None]
        opened = "between" in [w.text.casefold() for w in words[max(0, one - 3) : one]]
        return len(between) == 1 and between[0] in joins and (between[0] != "and" or opened)

    if k + 1 < len(numbers) and joined(at, numbers[k + 1]):
        return frozenset(("min",))
    return frozenset(("max",)) if k and joined(numbers[k - 1], at) else frozenset()


def computed(stems: frozenset[str], reading: Reading, at: int, text: "Text", relation: str = "") -> Iterator[Computed]:
    """Return (value, place, what, rank, a cell) of each statistic that the words may mean, the likeliest first; a value of None where bounds leave it open."""
    index = text.index
    best = [(s, a) for s, a in index.ranked(stems) if s >= LEAST_SCORE and not is_limit(index, a) and index.numeric(a)]
    best = [(s, a) for s, a in best if s >= best[0][0] - NEAR or content(stems) <= {t for label in a.labels for t in label}]
    owners = {key for m in reading.entities for key in m.what}
    single = not relation and not stems & set(STATISTICS)
    for number, scope in enumerate(narrowed(reading, at, text)):
        if single and owners and not owners & set(scope.entities):
            continue  # a value of another row says nothing of what is named
        samples = [
            (a, cells, dated) for _, a in best[:MOST_ATTRIBUTES] for dated, cells in enumerate(_samples(index, a, scope))
        ]
        most = max((len(cells) for _, cells, _ in samples), default=0)
        for attribute, cells, dated in samples:
            if 2 * len(cells) >= most or _summary(index, attribute):  # events are no population
                made = _statistics(index, attribute, cells, stems, relation)
                yield from ((*one, (number, dated), _of_one_unit(index, cells)) for one in made)


def _of_one_unit(index: Index, cells: Sequence[Cell]) -> tuple[int, int, int] | None:
    """Return a cell whose unit is that of all; None where a column beside them says the unit of each."""
    beside = index.evidence.tables[cells[0].table].unit_beside[cells[0].column] is not None
    return None if beside else (cells[0].table, cells[0].row, cells[0].column)


def sampled(stems: frozenset[str], reading: Reading, at: int, text: "Text") -> Iterator[tuple[list[Decimal], str, Rank]]:
    """Return the values of the attribute that words say best, in each scope that a sentence may mean, and where they stand."""
    index = text.index
    best = [(s, a) for s, a in index.ranked(stems) if s >= LEAST_SCORE and not is_limit(index, a) and index.numeric(a)]
    owners = {key for m in reading.entities for key in m.what}
    for number, scope in enumerate(narrowed(reading, at, text)):
        for score, attribute in best[:MOST_ATTRIBUTES]:
            if score < best[0][0] - NEAR or (owners and not owners & set(scope.entities)):
                continue
            for dated, cells in enumerate(_samples(index, attribute, scope)):
                place = f"{index.evidence.tables[attribute.table].file}, {len(cells)} values"
                yield _values(index, cells), place, (number, dated)


def _samples(index: Index, attribute: Attribute, scope: Scope) -> Iterator[tuple[Cell, ...]]:
    for dated in date_columns(index.evidence, attribute.table) if scope.period else (None,):
        cells = column_cells(index, attribute, scope, dated)
        if scope.entities and len(cells) == len(column_cells(index, attribute, Scope())):
            continue  # the text is about something that these rows do not tell apart
        numbers = tuple(c for c in cells if number_of(c.literal))
        if numbers:
            yield numbers


def _values(index: Index, cells: Sequence[Cell]) -> list[Decimal]:
    """Return the values of cells in the unit that most of them have; none where only a bound is known of one."""
    numbers = [number_of(cell.literal) for cell in cells]
    if any(n is None or n.sign for n in numbers):
        return []
    values = [n.value for n in numbers if n is not None]
    table = index.evidence.tables[cells[0].table]
    beside = table.unit_beside[cells[0].column]
    if beside is None or len({table.rows[c.row][beside].strip() for c in cells}) == 1:
        return values
    units = [unit_of((c.table, c.row, c.column), index) for c in cells]
    most, _ = Counter(units).most_common(1)[0]
    if most is None:
        return values
    pairs = [(v, converted(Fraction(v), u, most) if u is not None else None) for v, u in zip(values, units, strict=True)]
    return [v if theirs is None else Decimal(theirs.numerator) / Decimal(theirs.denominator) for v, theirs in pairs]


def _summary(index: Index, attribute: Attribute) -> bool:
    """Tell whether a column holds a statistic of each row: the table is a summary."""
    header = stems_of(index.evidence.tables[attribute.table].columns[attribute.column].header)
    return attribute.where is not None and header[0] in STATISTICS


def _statistics(
    index: Index, attribute: Attribute, cells: Sequence[Cell], stems: frozenset[str], relation: str
) -> Iterator[tuple[Decimal | None, str, str]]:
    table = index.evidence.tables[attribute.table]
    name = attribute.where[1] if attribute.where else table.columns[attribute.column].header
    if len(cells) == 1 or _summary(index, attribute):
        yield from ((cell.numbers[0], shown(cell, index), name) for cell in cells)
        return
    own = tuple({s for label in attribute.labels for s in label})
    statistic = statistic_of(stems, own) or _EXTREMES.get(relation, "")
    values = _values(index, cells)
    if not statistic:
        yield from ((c.numbers[0], shown(c, index), name) for c in cells if c.numbers)
    elif statistic in ("min", "max"):
        extreme = _extreme(cells, statistic, values)
        place = shown(extreme, index) if extreme is not None else table.file
        yield extreme.numbers[0] if extreme is not None else None, place, f"{statistic} of {name}"
    elif statistic == "n":
        yield Decimal(len(cells)), f"{table.file}, {len(cells)} values", f"n of {name}"
    elif statistic != "sd" or len(cells) > 1:
        yield (
            _STATISTICS[statistic](values) if values else None,
            f"{table.file}, {len(cells)} values",
            f"{statistic} of {name}",
        )


def _extreme(cells: Sequence[Cell], statistic: str, values: list[Decimal]) -> Cell | None:
    """Return the cell of the lowest or highest value; None where a bound ("<0.05") may be it."""
    if values:
        return (min if statistic == "min" else max)(zip(values, cells, strict=True), key=lambda one: one[0])[1]
    last = (min if statistic == "min" else max)(cells, key=lambda c: c.numbers[0])
    bound = number_of(last.literal)
    reaching = [
        c for c in cells for n in [number_of(c.literal)] if n and n.sign and (n.sign in _BELOW) == (statistic == "min")
    ]
    return None if reaching or bound is None or bound.sign else last


def column_cells(index: Index, attribute: Attribute, scope: Scope, dated: int | None = None) -> tuple[Cell, ...]:
    """Return the cells of an attribute in a scope; worked out once."""
    key = ("cells", attribute, scope, dated)
    if key not in index.evidence.kept:
        index.evidence.kept[key] = _column_cells(index, attribute, scope, dated)
    return cast("tuple[Cell, ...]", index.evidence.kept[key])


def _column_cells(index: Index, attribute: Attribute, scope: Scope, dated: int | None) -> tuple[Cell, ...]:
    rows = rows_in(index.evidence, attribute.table, scope, dated=dated)
    return tuple(
        Cell(attribute.table, row, attribute.column, literal)
        for row in rows
        for literal in [index.evidence.cell(attribute.table, row, attribute.column)]
        if literal
        and (attribute.where is None or index.evidence.cell(attribute.table, row, attribute.where[0]) == attribute.where[1])
    )


def _short(value: Decimal) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if value != value.to_integral_value() else f"{value:f}"


def _told(reading: Reading, at: int, verdict: Verdict, about: str, message: str, evidence: str) -> Judged:
    word = reading.words[at]
    return Judged(
        word.start, word.end, word.text, "number", verdict, about, f"'{word.text}' {message}" if message else "", evidence
    )
