"""Judge of how many results a comparison holds: "below 10 in nine batches", "not less than 83 % in any batch", "all but one were at or below 2". Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from drafting.checks.foreign.aggregates import column_cells
from drafting.checks.foreign.bounds import bound, limited, turned
from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.coverage import widest
from drafting.checks.foreign.excepting import hinted
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.labels import LIMITS
from drafting.checks.foreign.limitbounds import limit_bound
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, is_limit, shown
from drafting.checks.foreign.measures import unit_of
from drafting.checks.foreign.quantified import Quantified, quantified, unsure
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.scope import Scope, date_columns, one_row_each, owners, reaches
from drafting.checks.foreign.states import narrowed
from drafting.checks.foreign.values import bounded, equal, holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against
from drafting.checks.units import converted

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

RATES = frozenset(("rate", "share", "proportion", "percentage"))
_STATED = frozenset(("<=", ">="))  # "not more than" holds its own denial


@dataclass(frozen=True)
class Condition:
    """A comparison of results with a number, and of how many it is said."""

    threshold: int
    relation: str
    said: Quantified
    limit: bool = False  # the number is a limit, which is held against those of the evidence as well


@dataclass(frozen=True)
class _Held:
    """Of whom a result is, its cell, and whether the comparison holds of it."""

    name: str
    cell: Cell
    keeps: bool | None


def judge_conditioned(reading: Reading, at: int, text: "Text") -> Judged | None:
    """Return the verdict on a number that is the count or the bound of a condition; None where it is neither, or nothing tells."""
    one = _condition(reading, text)
    if one is None or at not in (one.threshold, one.said.part, one.said.whole) or (at == one.threshold and one.limit):
        return None
    held = _held(reading, one, text)
    if not held:
        return None
    if at == one.said.whole:
        verdict, message, evidence = _among(value_of(reading.words[at]), one, held, text.index)
        if verdict is Verdict.CONTRADICTED and unsure(reading, one.said, held[0].cell.table, text.index):
            verdict, message = Verdict.NOT_FOUND, "is open: the sentence narrows it by what the evidence does not hold."
    else:
        verdict, message, evidence = _outcome(reading, one, held, text)
    if at == one.threshold and one.said.kind in ("count", "butting", "times", "only") and verdict is Verdict.CONTRADICTED:
        verdict = Verdict.SUPPORTED  # the count is what is wrong
    word = reading.words[at]
    said = f"'{word.text}' {message}" if message and verdict is not Verdict.SUPPORTED else ""
    return Judged(word.start, word.end, word.text, "number", verdict, f"results of {one.said.noun}", said, evidence)


def judge_all(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return the verdict on a statement that a comparison holds of all results, of none, of all but some, or so many times."""
    one = _condition(reading, text)
    held = _held(reading, one, text) if one is not None and (one.limit or one.said.kind != "count") else ()
    if one is None or not held:
        return
    verdict, message, evidence = _outcome(reading, one, held, text)
    words = reading.words[one.said.words[0] : one.said.words[1] + 1]
    quote = " ".join(w.text for w in words)
    said = f"'{quote}' {message}" if message else ""
    yield Judged(words[0].start, words[-1].end, quote, "word", verdict, f"results of {one.said.noun}", said, evidence)


def judge_excepted(rest: Reading, reading: Reading, within: tuple[int, int], text: "Text") -> Iterator[Judged]:
    """Return the verdict on the numbers of what a sentence excepts (the words from and to `within`): results of that, of what the rest compares."""
    one = _condition(rest, text)
    cells = (
        [c for a in _meant(rest, one, text.index) for c in column_cells(text.index, a, Scope(rest.excepted))] if one else []
    )
    inside = [n for n in reading.numbers if within[0] <= reading.words[n].start < within[1]]
    if len(inside) != 1 or len(cells) != 1:
        return
    word = reading.words[inside[0]]
    number = number_of(cells[0].literal)
    if number is None or number.sign:
        return
    place = (cells[0].table, cells[0].row, cells[0].column)
    yield replace(
        held_against([word], "results", shown(cells[0], text.index), right=equal(value_of(word), number.value)), cell=place
    )


def _condition(reading: Reading, text: "Text") -> Condition | None:
    """Return the one comparison of a sentence that says of how many it holds, where it names none of these."""
    bounds = [(at, *bound(reading, at)) for at in reading.numbers if not limited(reading, at)]
    bounds = [one for one in bounds if one[1]]
    limits = [n for n in reading.numbers if limited(reading, n)]
    limit = not bounds and len(limits) == 1
    if limit:
        bounds = [(limits[0], *limit_bound(reading, limits[0], text))]
    if len(bounds) != 1 or not bounds[0][1]:
        return None
    threshold, relation, first = bounds[0]
    said = quantified(reading, threshold, first, text.index, stated=relation in _STATED and not limit)
    others = {n for n in reading.numbers if n != threshold and not limited(reading, n) and not _bracketed_share(reading, n)}
    if said is None or others - {said.part, said.whole, *said.idle}:
        return None
    return Condition(threshold, turned(relation) if said.kind == "none" else relation, said, limit)


def _bracketed_share(reading: Reading, at: int) -> bool:
    """Tell whether a number is a percentage in brackets, which is recomputed of the two before it: "10 of 15 (66.7 %)"."""
    words = reading.words
    return (
        at > 0 and words[at - 1].text == "(" and [w.text.casefold() for w in words[at + 1 : at + 2]] in (["%"], ["percent"])
    )


def _outcome(reading: Reading, one: Condition, held: Sequence[_Held], text: "Text") -> tuple[Verdict, str, str]:
    kind, index = one.said.kind, text.index
    if kind in ("count", "butting", "times"):
        told = _counted(reading, one, held)
    elif kind == "only":
        told = _alone(one, held)
    else:
        told = _of_all(held, index)
        same = _of_excepted(reading, one, text) if reading.differing and told[0] is Verdict.SUPPORTED else None
        if same is not None:
            return Verdict.CONTRADICTED, f"is contradicted: of what is excepted it holds as well, {shown(same, index)}.", ""
    left_out = kind in ("all", "none") and hinted(reading)
    if told[0] is Verdict.CONTRADICTED and (left_out or unsure(reading, one.said, held[0].cell.table, index)):
        return Verdict.NOT_FOUND, "is open: the sentence narrows it by what the evidence does not hold.", told[2]
    return told


def _held(reading: Reading, one: Condition, text: "Text", without: bool = True) -> tuple[_Held, ...]:  # noqa: FBT001, FBT002
    """Return the results that a comparison is said of, in the first scope that has any."""
    index = text.index
    plain = replace(reading, excepted=reading.excepted if without and one.said.kind != "butting" else ())
    if one.said.kind == "only":
        plain = replace(plain, entities=tuple(m for m in plain.entities if not set(m.what) & set(one.said.names)))
        others = tuple(e for e in text.scope.entities if e[0] != one.said.noun)
        text = replace(text, scope=replace(text.scope, entities=others))
    if one.said.kind == "times":  # what stands behind says when and where it was
        plain = replace(plain, entities=tuple(m for m in plain.entities if m.first < one.threshold), periods=())
    for attribute in _meant(reading, one, index):
        said = _in_unit(reading, one.threshold, attribute, index)
        own = _own(plain, one, attribute, index)
        for one_scope in narrowed(plain, one.threshold, text):
            scope = replace(one_scope, values=tuple(dict.fromkeys((*one_scope.values, *own))))
            dated = date_columns(index.evidence, attribute.table)[0] if scope.period else None
            cells = [c for c in column_cells(index, attribute, scope, dated) if number_of(c.literal)]
            if cells:
                return tuple(_Held(_name(c, one, index), c, _keeps(said, c, one.relation)) for c in cells)
    return ()


def _own(reading: Reading, one: Condition, attribute: Attribute, index: Index) -> tuple[tuple[int, int, str], ...]:
    """Return the values of the results' own table that a sentence says before a bound: "in the ante room"; none that names what was measured."""
    return tuple(
        v
        for m in reading.values
        if m.first < one.threshold and m.first - 1 not in reading.numbers
        for v in m.values
        if v[0] == attribute.table and (attribute.where is None or v[1] != attribute.where[0])
        if v[1] not in index.evidence.tables[attribute.table].unit_columns
    )


def _of_excepted(reading: Reading, one: Condition, text: "Text") -> Cell | None:
    """Return a result of what a sentence excepts of which the comparison holds all the same."""
    index = text.index
    for attribute in _meant(reading, one, index):
        said = _in_unit(reading, one.threshold, attribute, index)
        cells = column_cells(index, attribute, Scope(reading.excepted))
        every = [c for c in cells if number_of(c.literal)]
        if every and all(_keeps(said, c, one.relation) for c in every):
            return every[0]
    return None


def _meant(reading: Reading, one: Condition, index: Index) -> Sequence[Attribute]:
    """Return the columns of results that the words nearest before a bound say: those of a table that is named first, wide ones before long ones."""
    tables = index.evidence.tables
    spoken = [content(s.stems) for s in (*reversed([s for s in reading.said if s.first < one.threshold]), *reading.said)]
    counted = {w.stem for w in reading.words[one.said.phrase[0] : one.said.phrase[1] + 1]}
    alone = {label[0] for a in index.attributes if index.numeric(a) for label in a.labels if len(label) == 1}
    nouns = counted | ({part for noun in (*index.row_nouns, *index.evidence.nouns) for part in noun.split()} - alone)
    stems = next((s - LIMITS - counted for s in spoken if s & index.numeric_tokens and s - nouns - LIMITS), frozenset[str]())
    statistics = frozenset(w.stem for w in reading.words[: one.said.words[0]]) & {"min", "max", "mean"}
    ranked = [
        (score, a)
        for score, a in index.ranked(stems | statistics)
        if score >= LEAST_SCORE and index.numeric(a) and not is_limit(index, a)
    ]
    theirs = [(s, a) for s, a in ranked if any(reaches(index.evidence, a.table, n) for n in _kinds(one, index))]
    rates = RATES & {w.stem for w in reading.words}  # "reject rate" is no number of rejects
    theirs, ranked = (
        [(s, a) for s, a in some if rates <= {t for label in a.labels for t in label}] for some in (theirs, ranked)
    )
    best = [a for score, a in theirs or ranked if score >= (theirs or ranked)[0][0] - NEAR]
    spoken_of = {w.stem for w in reading.words} - {"batch", "result"}
    best = widest(best, sorted(_kinds(one, index)), reading, index)
    named = [a for a in best if spoken_of & set(stems_of(tables[a.table].name))]
    wide = [a for a in named or best if a.where is None]
    own = [a for a in wide if one_row_each(index.evidence, a.table, one.said.noun)]
    kept = own or named or wide or best  # of batches the results that have one row for each
    return kept if len({(a.table, a.column, a.where) for a in kept}) == 1 else ()


def _kinds(one: Condition, index: Index) -> set[str]:
    """Return the kinds of things that the noun of a condition may mean: "lots" the "dp lot" of a key."""
    return {n for n in index.evidence.nouns if one.said.noun and n.split()[-1] == one.said.noun.split()[-1]}


def _in_unit(reading: Reading, at: int, attribute: Attribute, index: Index) -> Decimal:
    """Return a bound in the unit of its results; as it is where that is of another kind, which is judged elsewhere."""
    said, unit = value_of(reading.words[at]), unit_behind(reading, at)
    rows = index.evidence.tables[attribute.table].rows
    held = unit_of((attribute.table, 0, attribute.column), index) if rows else None
    if unit is None or held is None or unit == held or reading.words[at + 1].text == "%":
        return said
    same = converted(Fraction(said), unit, held)
    return said if same is None else Decimal(same.numerator) / Decimal(same.denominator)


def _name(cell: Cell, one: Condition, index: Index) -> str:
    """Return of whom a result is; of how many times something was so, each row is its own."""
    if one.said.kind == "times":
        return f"row {cell.row}"
    names = (name for noun in sorted(_kinds(one, index)) for name in owners(index.evidence, cell.table, cell.row, noun))
    return next(names, f"row {cell.row}")


def _keeps(said: Decimal, cell: Cell, relation: str) -> bool | None:
    number = number_of(cell.literal)
    if number is None:
        return None
    return bounded(said, number, relation) if number.sign else holds(said, number.value, relation)


def _counted(reading: Reading, one: Condition, held: Sequence[_Held]) -> tuple[Verdict, str, str]:
    said = value_of(reading.words[one.said.part]) if one.said.part is not None else Decimal(one.said.times)
    broken = {h.name for h in held if h.keeps is False}
    open_ = {h.name for h in held if h.keeps is None} - broken
    kept = {h.name for h in held} - broken - open_
    counted = broken if one.said.kind == "butting" else kept
    evidence = f"{len(counted)} of {len(kept | broken | open_)}: {', '.join(sorted(counted)[:5])}"
    if len(counted) <= said <= len(counted) + len(open_):
        if open_:
            return Verdict.NOT_FOUND, "cannot be counted: of some results only a bound is known.", evidence
        left = {key for _, key in reading.excepted}
        if one.said.kind == "butting" and left - broken:
            return Verdict.CONTRADICTED, f"is contradicted: the exception is {evidence}.", evidence
        return Verdict.SUPPORTED, "", evidence
    return Verdict.CONTRADICTED, f"is contradicted: it holds of {evidence}.", evidence


def _alone(one: Condition, held: Sequence[_Held]) -> tuple[Verdict, str, str]:
    """Return the verdict on those of which alone a comparison is said to hold."""
    names = {key for _, key in one.said.names}
    kept = {h.name for h in held if h.keeps}
    evidence = f"{len(kept)} of {len({h.name for h in held})}: {', '.join(sorted(kept)[:5])}"
    if any(h.keeps is None for h in held):
        return Verdict.NOT_FOUND, "is open: of some results only a bound is known.", evidence
    if kept == names:
        return Verdict.SUPPORTED, "", evidence
    return Verdict.CONTRADICTED, f"is contradicted: it holds of {evidence}.", evidence


def _among(said: Decimal, one: Condition, held: Sequence[_Held], index: Index) -> tuple[Verdict, str, str]:
    """Return the verdict on how many there are of which some keep a bound: those with a result, or all."""
    names = {h.name for h in held}
    every = {key for noun, key in index.evidence.entities if noun in _kinds(one, index)}
    evidence = f"{len(names)} with a result"
    if said == len(names) or (one.said.whole is not None and said == len(every)):
        return Verdict.SUPPORTED, "", evidence
    return Verdict.CONTRADICTED, f"is contradicted: there are {evidence}.", evidence


def _of_all(held: Sequence[_Held], index: Index) -> tuple[Verdict, str, str]:
    against = next((h.cell for h in held if h.keeps is False), None)
    if against is not None:
        return Verdict.CONTRADICTED, f"is contradicted: {shown(against, index)}.", shown(against, index)
    if any(h.keeps is None for h in held):
        return Verdict.NOT_FOUND, "is open: of some results only a bound is known.", ""
    return Verdict.SUPPORTED, "", f"{len(held)} results"
