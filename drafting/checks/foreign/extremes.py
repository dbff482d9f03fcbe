"""Judge which of many has the highest or lowest value: "the highest assay was found in batch 7 and the second highest in batch 9". Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from drafting.checks.foreign.aggregates import column_cells
from drafting.checks.foreign.attributes import BEHIND
from drafting.checks.foreign.coverage import covered
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, Cell, content, is_limit
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.ranged import in_range
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.scope import date_columns, owners, reaches
from drafting.checks.foreign.states import narrowed
from drafting.checks.foreign.superlatives import Superlative, holder_of, superlatives
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict

_PLAIN = (["value"], ["result"], ["of"])
_BELOW, _ABOVE = frozenset(("<", "<=", "≤")), frozenset((">", ">=", "≥"))
LEAST = 3  # rows among which one is the highest


def judge_extremes(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return a verdict for each "highest", "second lowest" that is said of a named thing."""
    ranks = superlatives(reading)
    for at, rank in enumerate(ranks):
        named = holder_of(reading, rank)
        stems = _attribute(reading, rank, ranks[:at], text.index)
        if named is not None and stems and len(named.what) == 1 and not in_range(reading, named):
            yield from _judge(reading, rank, named, stems, text)


def _attribute(reading: Reading, rank: Superlative, earlier: Sequence[Superlative], index: Index) -> frozenset[str]:
    """Return the words of what is ranked: those right behind, else of the rank before."""
    if [w.stem for w in reading.words[rank.last + 1 : rank.last + 2]] in _PLAIN:  # "was 98 %, the highest value of all"
        before = [
            content(s.stems) & index.numeric_tokens - frozenset(index.row_nouns) for s in reading.said if s.last < rank.first
        ]
        return next((stems for stems in reversed(before) if stems), frozenset())
    firsts = [rank.last, *(one.last for one in reversed(earlier))]
    for first in firsts:
        for said in reading.said:
            if said.last + 1 in reading.numbers and said.last + 1 < rank.end:
                continue  # "stage 3 yield": the number says which
            stems = content(said.stems) & index.numeric_tokens - frozenset(index.row_nouns)
            if first <= said.last <= min(rank.end, first + BEHIND) and stems:
                return stems
    return frozenset()


def _judge(reading: Reading, rank: Superlative, named: Mention, stems: frozenset[str], text: Text) -> Iterator[Judged]:
    noun, key = named.what[0]
    index = text.index
    attribute = _column(stems, noun, index)
    if attribute is None:
        return
    for scope in narrowed(reading, rank.first, text):
        others = type(scope)(tuple(e for e in scope.entities if e[0] != noun), scope.values, scope.period)
        dated = date_columns(index.evidence, attribute.table)[0] if scope.period else None
        held, open_ = _values(attribute, noun, column_cells(index, attribute, others, dated), index, high=rank.high)
        if key in held and len(held) >= LEAST and not open_:
            header = index.evidence.tables[attribute.table].columns[attribute.column].header
            yield _told(reading, rank, key, held, attribute.where[1] if attribute.where else header)
            return


def _values(
    attribute: Attribute, noun: str, cells: Sequence[Cell], index: Index, *, high: bool
) -> tuple[dict[str, Decimal], bool]:
    """Return the value of each thing, of several results the outermost; and whether a bound ("<5") may be the outermost of all."""
    table = index.evidence.tables[attribute.table]
    found: dict[str, Decimal] = {}
    signs: set[str] = set()
    for cell in cells:
        number = number_of(cell.literal)
        own = table.rows[cell.row][table.key or 0].strip() if attribute.where is None else ""
        name = own or next(iter(owners(index.evidence, attribute.table, cell.row, noun)), "")
        if number is not None and number.sign:
            signs.add(number.sign)
        elif number is not None and name:
            found[name] = (max if high else min)(number.value, found.get(name, number.value))
    return found, bool(signs & (_ABOVE if high else _BELOW)) and attribute.where is not None


def _column(stems: frozenset[str], noun: str, index: Index) -> Attribute | None:
    """Return the one column of a table with a row for each thing that words say best."""
    tables = index.evidence.tables
    ranked = [
        (s, a)
        for s, a in index.ranked(stems)
        if s >= LEAST_SCORE and index.numeric(a) and not is_limit(index, a) and a.where is None
        if tables[a.table].key is not None and tables[a.table].noun == noun
    ]
    best = [a for s, a in ranked if s >= ranked[0][0] - NEAR]
    return best[0] if len(best) == 1 else None if best else _named(stems, noun, index)


def _named(stems: frozenset[str], noun: str, index: Index) -> Attribute | None:
    """Return the one attribute of a table that names them in a column, and of which most things have a result."""
    ranked = [
        (s, a)
        for s, a in index.ranked(stems)
        if s >= LEAST_SCORE and a.where is not None and index.numeric(a) and not is_limit(index, a)
        if reaches(index.evidence, a.table, noun)
    ]
    every = sum(1 for one, _ in index.evidence.entities if one == noun)
    best = [a for s, a in ranked if s >= ranked[0][0] - NEAR and 2 * len(covered(a, (noun,), index)) >= every]
    return best[0] if len(best) == 1 else None


def _told(reading: Reading, rank: Superlative, key: str, held: dict[str, Decimal], header: str) -> Judged:
    words = reading.words[rank.first : rank.last + 1]
    quote = " ".join(w.text for w in words)
    mine = held[key]
    better = sum(1 for v in held.values() if (v > mine if rank.high else v < mine))
    tied = sum(1 for v in held.values() if v == mine)
    right = better < rank.place <= better + tied
    ordered = sorted(held.items(), key=lambda one: (-one[1] if rank.high else one[1], one[0]))
    at_place = ordered[min(rank.place, len(ordered)) - 1]
    evidence = f"{key} has {mine}, number {better + 1} of {len(held)}; {quote} is {at_place[1]} ({at_place[0]})"
    message = "" if right else f"'{quote}' is contradicted: {evidence}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return Judged(words[0].start, words[-1].end, quote, "word", verdict, f"{key}: {header}", message, evidence)
