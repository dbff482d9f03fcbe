"""Hold results against the limit that a sentence states with its figure: "exceeded the 500 ppb limit in May", "the limit of 10 was never exceeded". Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from drafting.checks.foreign import pointed, stating
from drafting.checks.foreign.aggregates import column_cells
from drafting.checks.foreign.binding import owners_of
from drafting.checks.foreign.comparing import SURE
from drafting.checks.foreign.conclusions import LIMIT_SAID, WITHIN
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import LIMITS
from drafting.checks.foreign.lookup import (
    LEAST_SCORE,
    NEAR,
    Cell,
    cells_about,
    content,
    is_limit,
    left_open,
    matching,
    shown,
)
from drafting.checks.foreign.measures import alike, unit_of
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.scope import Scope
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against
from drafting.checks.units import Unit

_ABOVE = frozenset(("exceeded", "exceeds", "exceed", "exceeding", "above", "over"))
_BELOW = frozenset(("below", "under"))
_DENIALS = frozenset(("no", "none", "not", "never", "neither", "without"))
_ALL = frozenset(("all", "every", "each", "always", "throughout", "consistently"))
_STOPS = frozenset((",", ";", "(", "but", "while", "whereas"))
_TURNED = {">": "<=", "<": ">=", "<=": ">", ">=": "<"}
BEHIND = 4  # words from a figure to the "and" behind it, its unit between them
LEAD = 3  # words between a limit and its figure


def judge_crossed(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return the verdict on what results are said to do to a limit whose figure is stated."""
    limits = [n for n in reading.numbers if stated_limit(reading, n)]
    if len(limits) != 1:
        return
    at, low = limits[0], [w.text.casefold() for w in reading.words]
    verb = next((k for k in _around(low, at) if low[k] in _ABOVE | _BELOW | WITHIN), None)
    if verb is None or any(n for n in reading.numbers if n != at and abs(n - verb) < abs(at - verb)):
        return
    begun = max((k for k in range(verb) if low[k] == "and" and any(0 < k - n <= BEHIND for n in reading.numbers)), default=0)
    denied = _DENIALS & set(low[begun : max(verb, at)])  # "did not exceed 1.1 ng/mg and thus stayed below" denies the first
    said = ">" if low[verb] in _ABOVE else "<" if low[verb] in _BELOW else _side(reading, at, text)
    if not said:
        return
    relation = _TURNED[said] if denied else said
    judged = _held(reading, at, relation, text, every=bool(denied or _ALL & set(low)))
    marks = [k for k in range(begun, max(verb, at)) if low[k] in _DENIALS | _ALL]
    words = reading.words[min(verb, at, *marks) : max(verb, at) + 1]
    if judged is not None and judged[0] is not Verdict.NOT_FOUND:
        yield held_against(words, "limit", judged[1], right=judged[0] is Verdict.SUPPORTED, kind="word")
    elif reading.entities and low[verb] not in WITHIN:
        quote = " ".join(w.text for w in words)
        message = f"'{quote}' could not be held against a result."
        yield Judged(words[0].start, words[-1].end, quote, "word", Verdict.NOT_FOUND, "limit", message)


def stated_limit(reading: Reading, at: int) -> bool:
    """Tell whether a number is the figure of a limit: "limit of 500 ppb", "the 500 ppb limit"."""
    stems = [w.stem for w in reading.words]
    return bool(LIMIT_SAID & set(stems[max(0, at - LEAD) : at])) or pointed.limit_behind(reading, at)


def _around(low: Sequence[str], at: int) -> Iterator[int]:
    """Return the words before a limit in its clause, the nearest first, then those behind it."""
    first = max((k for k in range(at) if low[k] in _STOPS), default=-1)
    last = next((k for k in range(at, len(low)) if low[k] in _STOPS), len(low))
    yield from range(at - 1, first, -1)
    yield from range(at + 1, last)


def _side(reading: Reading, at: int, text: Text) -> str:
    """Return how a value lies within a limit, by the limit of the evidence; "" where that does not tell."""
    judged = stating.named(reading, at, value_of(reading.words[at]), text)
    cell = judged.cell if judged is not None and judged.verdict is Verdict.SUPPORTED else None
    return stating.side_of(Cell(*cell, text.index.evidence.cell(*cell)), text.index) if cell else ""


def _held(reading: Reading, at: int, relation: str, text: Text, *, every: bool) -> tuple[Verdict, str] | None:
    """Return the verdict on the results of a place and time, of what is named, or of all; None where it is open which are meant."""
    index, said = text.index, value_of(reading.words[at])
    placed = pointed.compared(reading, at, said, relation, text)
    if placed is not None:
        return placed.verdict, placed.evidence
    stems = _attribute(reading, at)
    if reading.entities:
        owned = next((cells_about(index, o[0], stems) for o in owners_of(reading, at, text.focus, index) if len(o) == 1), ())
        cells = [c for c in owned if number_of(c.literal)]
        return _told(said, relation, cells, reading, at, index) if len(cells) == 1 and cells[0].score >= SURE else None
    nouns = {k for k, _ in reading.nouns if reading.words[k].stem not in LIMIT_SAID}
    if not every or reading.periods or any(m.last + 1 in nouns for m in reading.values):
        return None
    return _told(said, relation, _column(reading, at, stems, index), reading, at, index)


def _attribute(reading: Reading, at: int) -> frozenset[str]:
    """Return the stems of what a sentence speaks of beside limits."""
    spoken = (content(s.stems) - LIMITS for s in (*reversed([s for s in reading.said if s.first < at]), *reading.said))
    return next((stems for stems in spoken if stems), frozenset())


def _column(reading: Reading, at: int, stems: frozenset[str], index: Index) -> list[Cell]:
    """Return the results of the one attribute that words say best in the unit of a number."""
    unit = pointed.unit_of_number(reading, at)
    ranked = [(s, a) for s, a in index.ranked(stems) if s >= LEAST_SCORE and index.numeric(a) and not is_limit(index, a)]
    best = [a for s, a in ranked if s >= max(SURE, ranked[0][0] - NEAR)]
    cells = [[c for c in column_cells(index, a, Scope()) if number_of(c.literal)] for a in best]
    fitting = [c for c in cells if c and _fits(unit_of((c[0].table, c[0].row, c[0].column), index), unit)]
    return fitting[0] if len(fitting) == 1 else []


def _fits(held: Unit | None, unit: Unit | None) -> bool:
    """Tell whether results may be compared with a limit as they stand."""
    return held is None or unit is None or (alike(held, unit) and held.factor == unit.factor)


def _told(
    said: Decimal, relation: str, cells: Sequence[Cell], reading: Reading, at: int, index: Index
) -> tuple[Verdict, str] | None:
    unit = pointed.unit_of_number(reading, at)
    held = [unit_of((c.table, c.row, c.column), index) for c in cells]
    if not cells or not all(_fits(h, unit) for h in held):
        return None
    if any(left_open(said, (c,), relation) for c in cells):
        return None
    against = next((c for c in cells if matching(said, (c,), relation) is None), None)
    if against is not None:
        return Verdict.CONTRADICTED, shown(against, index)
    return Verdict.SUPPORTED, f"{len(cells)} results, {shown(cells[0], index)}"
