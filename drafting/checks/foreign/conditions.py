"""Judge of how many results a comparison holds: "below 10 in nine batches", "not less than 83 % in any batch", "no result was above 0.2 %". Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from drafting.checks.foreign.aggregates import column_cells
from drafting.checks.foreign.attributes import relation_before
from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, is_limit, shown
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.scope import date_columns, owners
from drafting.checks.foreign.states import narrowed
from drafting.checks.foreign.tables import stems_of
from drafting.checks.foreign.values import bounded, holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.units import converted

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_EXCEEDS = frozenset(("exceed", "exceeds", "exceeded", "exceeding"))
_DENIALS = frozenset(("not", "never", "no", "none"))
_ALL = frozenset(("all", "every", "each", "any"))
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_STATED = frozenset(("<=", ">="))  # "not more than" holds its own denial
_LIMITS = frozenset(("limit", "specification", "criterion", "requirement", "nmt", "nlt", "require"))
REACH = 3  # words between a denial and what it denies, or a quantifier and its noun


@dataclass(frozen=True)
class Condition:
    """A comparison of results with a number, and of how many it is said: a counting number, or all (`words` say so)."""

    threshold: int
    relation: str
    noun: str
    count: int | None
    words: tuple[int, int]  # first and last that say it of all


def judge_conditioned(reading: Reading, at: int, text: "Text") -> Judged | None:
    """Return the verdict on a number that is the count or the bound of a condition; None where it is neither, or nothing tells."""
    one = _condition(reading)
    if one is None or at not in (one.threshold, one.count):
        return None
    held = _held(reading, one, text)
    if not held:
        return None
    verdict, message, evidence = _counted(reading, one, held) if one.count is not None else _of_all(held, text.index)
    if one.count is not None and at == one.threshold and verdict is Verdict.CONTRADICTED:
        verdict = Verdict.SUPPORTED  # the count is what is wrong
    word = reading.words[at]
    said = f"'{word.text}' {message}" if message and verdict is not Verdict.SUPPORTED else ""
    return Judged(word.start, word.end, word.text, "number", verdict, f"results of {one.noun}", said, evidence)


def judge_all(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return the verdict on a statement that a comparison holds of all results, or of none."""
    one = _condition(reading)
    held = _held(reading, one, text) if one is not None and one.count is None else ()
    if one is None or not held:
        return
    verdict, message, evidence = _of_all(held, text.index)
    words = reading.words[one.words[0] : one.words[1] + 1]
    quote = " ".join(w.text for w in words)
    said = f"'{quote}' {message}" if message else ""
    yield Judged(words[0].start, words[-1].end, quote, "word", verdict, f"results of {one.noun}", said, evidence)


def _condition(reading: Reading) -> Condition | None:
    """Return the one comparison of a sentence that says of how many it holds, where it names none of these."""
    bounds = [(at, *_relation(reading, at)) for at in reading.numbers]
    bounds = [one for one in bounds if one[1]]
    if len(bounds) != 1 or _LIMITS & {w.stem for w in reading.words}:
        return None
    threshold, relation, first = bounds[0]
    others = [n for n in reading.numbers if n != threshold]
    counted = next((n for n in others if any(k == n + 1 for k, _ in reading.nouns)), None)
    if others and (counted is None or len(others) > 1):
        return None
    if counted is not None:
        noun = next(n for k, n in reading.nouns if k == counted + 1)
        named = any(n == noun for m in reading.entities for n, _ in m.what)
        return None if named else Condition(threshold, relation, noun, counted, (counted, counted))
    return _quantified(reading, threshold, relation, first)


def _quantified(reading: Reading, threshold: int, relation: str, first: int) -> Condition | None:
    low = [w.text.casefold() for w in reading.words]
    for at, word in enumerate(low):
        noun_at, noun = next(((k, n) for k, n in reading.nouns if at < k <= at + REACH), (at, ""))
        if any(n == noun for m in reading.entities for n, _ in m.what):
            continue
        if word == "no" and at < first and (noun or {"result", "value"} & {w.stem for w in reading.words[at:first]}):
            return Condition(threshold, _OPPOSITE[relation], noun or "result", None, (at, threshold))
        denied = relation in _STATED or bool(_DENIALS & set(low[max(0, first - REACH) : first]))
        if word in _ALL and noun and (word != "any" or denied):
            return Condition(threshold, relation, noun, None, (min(at, first), max(noun_at, threshold)))
    return None


def _relation(reading: Reading, at: int) -> tuple[str, int]:
    """Return the comparison before a number, denials counted in, and the word at which it begins."""
    low = [w.text.casefold() for w in reading.words]
    if at and low[at - 1] in _EXCEEDS:
        denied = bool(_DENIALS & set(low[max(0, at - 1 - REACH) : at - 1]) - {"no"})
        return ("<=" if denied else ">"), at - 1 - 2 * denied
    said = relation_before(reading.words, at)
    if said not in _OPPOSITE:
        return "", at
    denied = said == "<" and bool({"not", "never"} & set(low[max(0, at - 1 - REACH) : at - 1])) and low[at - 1] != "than"
    return (_OPPOSITE[said] if denied else said), max(0, at - REACH)


def _held(reading: Reading, one: Condition, text: "Text") -> tuple[tuple[str, Cell, bool | None], ...]:
    """Return (name, cell, whether the comparison holds of it) for each result in the first scope that has any."""
    index = text.index
    for attribute in _meant(reading, one, index):
        said = _in_unit(reading, one.threshold, attribute, index)
        for scope in narrowed(reading, one.threshold, text):
            dated = date_columns(index.evidence, attribute.table)[0] if scope.period else None
            cells = [c for c in column_cells(index, attribute, scope, dated) if number_of(c.literal)]
            if cells:
                return tuple((_name(c, one.noun, index), c, _keeps(said, c, one.relation)) for c in cells)
    return ()


def _meant(reading: Reading, one: Condition, index: Index) -> Sequence[Attribute]:
    """Return the columns of results that the words nearest before a bound say: those of a table that is named first, wide ones before long ones."""
    spoken = [content(s.stems) for s in (*reversed([s for s in reading.said if s.first < one.threshold]), *reading.said)]
    stems = next((s for s in spoken if s & index.numeric_tokens and s - set(index.row_nouns)), frozenset[str]())
    statistics = frozenset(w.stem for w in reading.words) & {"min", "max", "mean"}
    ranked = [
        (score, a)
        for score, a in index.ranked(stems | statistics)
        if score >= LEAST_SCORE and index.numeric(a) and not is_limit(index, a)
    ]
    best = [a for score, a in ranked if score >= ranked[0][0] - NEAR]
    spoken_of = {w.stem for w in reading.words} - {"batch", "result"}
    named = [a for a in best if spoken_of & set(stems_of(index.evidence.tables[a.table].name))]
    wide = [a for a in named or best if a.where is None]
    own = [
        a for a in wide if index.evidence.tables[a.table].noun == one.noun and index.evidence.tables[a.table].key is not None
    ]
    kept = named or own or wide or best  # of batches the results that have one row for each
    return kept if len({(a.table, a.column, a.where) for a in kept}) == 1 else ()


def _in_unit(reading: Reading, at: int, attribute: Attribute, index: Index) -> Decimal:
    """Return a bound in the unit of its results; as it is where that is of another kind, which is judged elsewhere."""
    said, unit = value_of(reading.words[at]), unit_behind(reading, at)
    rows = index.evidence.tables[attribute.table].rows
    held = unit_of((attribute.table, 0, attribute.column), index) if rows else None
    if unit is None or held is None or unit == held or reading.words[at + 1].text == "%":
        return said
    same = converted(Fraction(said), unit, held)
    return said if same is None else Decimal(same.numerator) / Decimal(same.denominator)


def _name(cell: Cell, noun: str, index: Index) -> str:
    return next(iter(owners(index.evidence, cell.table, cell.row, noun)), f"row {cell.row}")


def _keeps(said: Decimal, cell: Cell, relation: str) -> bool | None:
    number = number_of(cell.literal)
    if number is None:
        return None
    return bounded(said, number, relation) if number.sign else holds(said, number.value, relation)


def _counted(reading: Reading, one: Condition, held: Sequence[tuple[str, Cell, bool | None]]) -> tuple[Verdict, str, str]:
    said = value_of(reading.words[one.count]) if one.count is not None else Decimal(0)
    broken = {name for name, _, keeps in held if keeps is False}
    unsure = {name for name, _, keeps in held if keeps is None} - broken
    kept = {name for name, _, _ in held} - broken - unsure
    evidence = f"{len(kept)} of {len(kept | broken | unsure)}: {', '.join(sorted(kept)[:5])}"
    if len(kept) <= said <= len(kept) + len(unsure):
        if not unsure:
            return Verdict.SUPPORTED, "", evidence
        return Verdict.NOT_FOUND, "cannot be counted: of some results only a bound is known.", evidence
    return Verdict.CONTRADICTED, f"is contradicted: it holds of {evidence}.", evidence


def _of_all(held: Sequence[tuple[str, Cell, bool | None]], index: Index) -> tuple[Verdict, str, str]:
    against = next((cell for _, cell, keeps in held if keeps is False), None)
    if against is not None:
        return Verdict.CONTRADICTED, f"is contradicted: {shown(against, index)}.", shown(against, index)
    if any(keeps is None for _, _, keeps in held):
        return Verdict.NOT_FOUND, "is open: of some results only a bound is known.", ""
    return Verdict.SUPPORTED, "", f"{len(held)} results"
