"""Judge a number of a table of places over time, by the place and the time that its sentence says: "TOC at POU-3 in March was 342 ppb". Pure."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from drafting.checks.foreign.attributes import attribute_of, relation_of
from drafting.checks.foreign.comparing import SURE, told
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, is_limit, left_open, matching, shown
from drafting.checks.foreign.measures import alike, unit_of
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.series import Picked, Series, all_series, mentions, picked
from drafting.checks.foreign.tables import MISSING
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.units import Unit, UnitFound, unit_at

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_HIGHEST = frozenset(("peaked", "peak", "peaking", "highest", "maximum", "max", "largest"))
_LOWEST = frozenset(("lowest", "minimum", "min", "smallest"))
_BOUNDS = frozenset(("<", ">", "<=", ">="))
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_RESULTS = frozenset(("result", "value", "count", "reading", "excursion", "exceedance", "finding"))
_OCCASIONS = frozenset(("occasion", "time"))
LONGEST_UNIT = 6  # words
_DENIALS = frozenset(("no", "none", "neither", "nor", "never", "not", "without"))
_ALWAYS = frozenset(("throughout", "always", "every", "each", "all", "consistently"))
_CLAUSES = frozenset((",", ";", "and", "but", "while", "whereas"))
_CHANGES = frozenset(("by", "than"))  # before what is no figure of the time that is said


def judge_pointed(reading: Reading, at: int, said: Decimal, relation: str, text: "Text") -> Judged | None:
    """Return the verdict on a number of the rows that a place and a time select; None where a sentence says neither, or nothing is sure."""
    denied = _denied(reading, at)
    multiple = [w.stem for w in reading.words[at + 1 : at + 2]] in (["time"], ["fold"])
    if denied and relation in ("", "~"):
        return None
    relation = {">": "<=", "<": ">="}.get(relation, relation) if denied else relation
    return _occasions(reading, at, text) or (None if multiple else compared(reading, at, said, relation, text))


def compared(reading: Reading, at: int, said: Decimal, relation: str, text: "Text") -> Judged | None:
    """Return the verdict on how the results that a place and a time select lie to a number; None where nothing is sure."""
    found = [
        (score, one, rows) for series in all_series(text.index) for score, one, rows in _meant(reading, at, series, text)
    ]
    if not found:
        return None
    score, attribute, rows = max(found, key=lambda one: (one[2].placed + one[2].timed, one[0]))
    cells = _cells(attribute, rows, text.index)
    if not cells:
        return None
    counted = _counted(reading, at, said, relation, attribute, text)
    if counted is not None or relation not in _BOUNDS:
        return counted or _figure(reading, at, said, (score, rows, attribute), cells, text.index)
    return _bounded(reading, at, said, relation, (score, rows), cells, text.index)


def _denied(reading: Reading, at: int) -> bool:
    """Tell whether the clause before a number denies what it says of that, by more than "not more than" alone."""
    low = [w.text.casefold() for w in reading.words]
    first = max((k for k in range(at) if low[k] in _CLAUSES), default=-1)
    return any(low[k] in _DENIALS and low[k + 1] not in ("more", "less", "only") for k in range(first + 1, at))


def _meant(reading: Reading, at: int, series: Series, text: "Text") -> list[tuple[float, Attribute, Picked]]:
    """Return the column of a series that the words or the unit of a number say, with the rows that they speak of."""
    rows = picked(reading, at, series, text)
    if not rows.placed and not (rows.timed and series.place is None):
        return []
    index, unit = text.index, unit_of_number(reading, at)
    own = [a for a in index.attributes if a.table == series.table and index.numeric(a) and not is_limit(index, a)]
    said = attribute_of(reading, at, index)
    stems = content(said.stems) if said else frozenset[str]()
    scored = [(s, a) for s, a in index.ranked(stems) if a in own and s >= LEAST_SCORE] if stems else []
    best = [(s, a) for s, a in scored if s >= scored[0][0] - NEAR and _fits(unit, a, index)]
    measured = [a for a in own if unit is not None and _fits(unit, a, index, sure=True)]
    if len(measured) == 1 and (not best or measured == [a for _, a in best]):
        best = [(1.0, a) for a in measured]
    return [(s, a, rows) for s, a in best] if len(best) == 1 else []


def unit_of_number(reading: Reading, at: int) -> Unit | None:
    """Return the unit behind a number, of one word or of several: "CFU/100 mL"."""
    found = _behind(reading, at)
    return found.unit if found else None


def limit_behind(reading: Reading, at: int) -> bool:
    """Tell whether a number is the figure of the limit that is said right behind it: "the 500 ppb limit"."""
    behind = at + 1 + unit_words(reading, at)
    return [w.stem for w in reading.words[behind : behind + 1]] == ["limit"]


def unit_words(reading: Reading, at: int) -> int:
    """Return how many words behind a number are its unit."""
    found, end = _behind(reading, at), len("1 ")
    for count, word in enumerate(reading.words[at + 1 : at + 1 + LONGEST_UNIT] if found and found.unit else ()):
        if found and end >= found.end:
            return count
        end += len(word.text) + (count > 0 and word.start > reading.words[at + count].end)
    return 0


def _behind(reading: Reading, at: int) -> UnitFound | None:
    said, end = "", reading.words[at].end
    for word in reading.words[at + 1 : at + 1 + LONGEST_UNIT]:
        said, end = said + " " * (word.start > end) + word.text, word.end
    return unit_at(f"1 {said.strip()}", 1) if said else None


def _fits(unit: Unit | None, attribute: Attribute, index: Index, *, sure: bool = False) -> bool:
    """Tell whether a column may have a unit: it has one of its kind, or says none."""
    held = unit_of((attribute.table, 0, attribute.column), index)
    if unit is None or held is None:
        return not sure
    return alike(unit, held)


def of_result(reading: Reading, at: int) -> bool:
    """Tell whether a number behind a word of limits is said of a result: "the alert-level result of 71"."""
    return bool(_RESULTS & {w.stem for w in reading.words[max(0, at - 3) : at]})


def _cells(attribute: Attribute, rows: Picked, index: Index) -> list[Cell]:
    table = attribute.table
    return [
        Cell(table, r, attribute.column, index.evidence.cell(table, r, attribute.column))
        for r in rows.rows
        if attribute.where is None or index.evidence.cell(table, r, attribute.where[0]) == attribute.where[1]
    ]


def _bounded(
    reading: Reading, at: int, said: Decimal, relation: str, meant: tuple[float, Picked], cells: Sequence[Cell], index: Index
) -> Judged | None:
    """Return the verdict on a bound: of one cell, or of all; one above which something is said to lie needs one only."""
    score, rows = meant
    held = [c for c in cells if number_of(c.literal)]
    if not held:
        return told(reading, at, Verdict.NOT_FOUND, f"The evidence has no value there: {shown(cells[0], index)}.")
    if any(left_open(said, (c,), relation) for c in held):
        return None
    kept = [c for c in held if matching(said, (c,), relation)]
    denied = _denied(reading, at)
    always = denied or bool(_ALWAYS & {w.text.casefold() for w in reading.words})
    if len(kept) == len(held) or (kept and relation in (">", ">=") and not always):
        return _at(reading, at, kept[0], index)
    sure = (denied or not kept) and score >= SURE and _alone(reading, index) and (rows.whole or len(held) == len(cells))
    against = next(c for c in held if c not in kept)
    return _at(reading, at, against, index, wrong=True) if sure else None


def _counted(reading: Reading, at: int, said: Decimal, relation: str, attribute: Attribute, text: "Text") -> Judged | None:
    """Return the verdict on a bound that is said to be crossed so many times: "exceeded 10 only once, at POU-3 in May"."""
    times, words = _times(reading), reading.words
    series = next((s for s in all_series(text.index) if s.table == attribute.table), None)
    if times is None or series is None or relation not in _BOUNDS:
        return None
    base = [c for c in _cells(attribute, picked(reading, at, series, text, before=True), text.index) if number_of(c.literal)]
    if any(left_open(said, (c,), relation) for c in base):
        return None
    kept = [c for c in base if matching(said, (c,), relation)]
    named = _cells(attribute, picked(reading, len(reading.words), series, text), text.index)
    if any(words[n + 1 : n + 2] and words[n + 1].text.casefold() == "of" for n in reading.numbers if n > at):
        return None  # "four times, three of them in room 2"
    right = len(kept) == times and all(c in named for c in kept)
    if not right and not (kept and _alone(reading, text.index)):
        return None
    return _at(reading, at, next((c for c in kept if c not in named), kept[0]), text.index, wrong=not right)


def _occasions(reading: Reading, at: int, text: "Text") -> Judged | None:
    """Return the verdict on how many times a bound is said to be crossed: that of the bound."""
    words = reading.words
    counts = at + 1 < len(words) and words[at + 1].stem in _OCCASIONS
    bounds = [n for n in reading.numbers if n != at and relation_of(words, n) in _BOUNDS] if counts else []
    judged = (
        judge_pointed(reading, bounds[0], value_of(words[bounds[0]]), relation_of(words, bounds[0]), text)
        if len(bounds) == 1
        else None
    )
    word = words[at]
    return replace(judged, start=word.start, end=word.end, quote=word.text, cell=None) if judged else None


def _times(reading: Reading) -> int | None:
    """Return how many times a sentence says that something was so: "only once", "on two occasions"."""
    words = reading.words
    counts = [_TIMES[w.text.casefold()] for w in words if w.text.casefold() in _TIMES]
    counts += [int(w.value) for w, then in pairwise(words) if w.value is not None and then.stem in _OCCASIONS]
    return counts[0] if len(counts) == 1 else None


def _figure(
    reading: Reading, at: int, said: Decimal, meant: tuple[float, Picked, Attribute], cells: Sequence[Cell], index: Index
) -> Judged | None:
    """Return the verdict on a figure: of the one cell, or of the highest or lowest of several where a sentence says so."""
    score, rows, attribute = meant
    held = [c for c in cells if number_of(c.literal)]
    if not rows.whole or (not held and cells[0].literal.casefold() not in MISSING):
        return None
    if not held:
        return told(reading, at, Verdict.NOT_FOUND, f"The evidence has no value there: {shown(cells[0], index)}.")
    end = _extreme(reading, attribute, index)
    before = reading.words[at - 1].text.casefold() if at else ""
    changed = before in _CHANGES or (before == "from" and not rows.behind)  # "rose from 41 to 47 in March"
    sure = score >= SURE and _alone(reading, index) and not changed
    if len(cells) == 1:
        right = matching(said, held) is not None
        if right and end and not _outermost(held[0], rows.series, attribute, end, index):
            return told(
                reading, at, Verdict.NOT_FOUND, f"This is not the {end} of what it may be of: {shown(held[0], index)}."
            )
        return _at(reading, at, held[0], index, wrong=not right) if right or sure else None
    return _of_several(reading, at, said, (rows, end), held, index, sure=sure)


def _of_several(
    reading: Reading, at: int, said: Decimal, meant: tuple[Picked, str], held: Sequence[Cell], index: Index, *, sure: bool
) -> Judged | None:
    """Return the verdict on a figure of several times of a place: the last of them, or the highest or lowest."""
    rows, end = meant
    if reading.words[at - 1].text.casefold() == "to":  # "fell to 218 from March to April"
        last = max(held, key=lambda c: rows.series.spans[c.row] or ("", ""))
        return _at(reading, at, last, index) if matching(said, (last,)) else _open(reading, at)
    if end and all(n and not n.sign for c in held for n in [number_of(c.literal)]):
        most = (max if end == "max" else min)(held, key=lambda c: c.numbers[0])
        right = matching(said, (most,)) is not None
        return _at(reading, at, most, index, wrong=not right) if right or sure else None
    return None


def _open(reading: Reading, at: int) -> Judged:
    return told(reading, at, Verdict.NOT_FOUND, "It is open of which time this is.")


def _extreme(reading: Reading, attribute: Attribute, index: Index) -> str:
    """Return which end of its rows a sentence says a number is; "" where a header says so of each row."""
    low = {w.text.casefold() for w in reading.words}
    header = set(stems_of(index.evidence.tables[attribute.table].columns[attribute.column].header))
    return "" if header & {"max", "min"} else "max" if low & _HIGHEST else "min" if low & _LOWEST else ""


def _outermost(cell: Cell, series: Series, attribute: Attribute, end: str, index: Index) -> bool:
    """Tell whether a cell is the highest or lowest of its place over time, or of its time over the places."""
    table = index.evidence.tables[series.table].rows
    column = [
        c for c in _cells(attribute, Picked(series, tuple(range(len(table))), placed=False, timed=False), index) if c.numbers
    ]
    place = series.place or 0
    over_time = [c for c in column if table[c.row][place] == table[cell.row][place]]
    over_places = [c for c in column if series.spans[c.row] == series.spans[cell.row]]
    outer = max if end == "max" else min
    return any(cell.numbers[0] == outer(c.numbers[0] for c in some) for some in (over_time, over_places, column))


def _alone(reading: Reading, index: Index) -> bool:
    """Tell whether a sentence names nothing else that its numbers may be of, a place that is a name as well left out."""
    said = {m.first for m in mentions(reading, index)}
    return all(m.first in said for m in reading.entities)


def _at(reading: Reading, at: int, cell: Cell, index: Index, *, wrong: bool = False) -> Judged:
    """Return the verdict of one cell on a number."""
    place = shown(cell, index)
    message = f"'{reading.words[at].text}' is contradicted: {place}." if wrong else ""
    about = index.evidence.tables[cell.table].columns[cell.column].header
    judged = told(reading, at, Verdict.CONTRADICTED if wrong else Verdict.SUPPORTED, message, about=about, evidence=place)
    return replace(judged, cell=(cell.table, cell.row, cell.column))
