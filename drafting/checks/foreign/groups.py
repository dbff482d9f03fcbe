"""Recompute what is said of groups of rows: rates of two columns and means, "line 1 rejected a larger share than line 2 (1.0 % versus 0.7 %)". Pure.

A rate is the sum of a column of parts over the sum of the column of its wholes; what a mean is of may be said by its unit alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from drafting.checks.foreign import groupmeans
from drafting.checks.foreign.acts import alike, content_of
from drafting.checks.foreign.aggregates import range_end
from drafting.checks.foreign.attributes import relation_of
from drafting.checks.foreign.covering import labelled, plain
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.superlatives import superlatives
from drafting.checks.foreign.values import equal, holds
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_RATES = frozenset(("share", "rate", "proportion", "percentage", "fraction", "ratio"))
_UP = frozenset(("higher", "larger", "greater", "bigger", "more"))
_DOWN = frozenset(("lower", "smaller", "less"))
_PERCENT = ("percent", "%")
_VERSUS = frozenset(("versus", "vs", "against", "and", "compared"))
_IDLE = frozenset((
    "below", "above", "under", "over", "more", "least", "most", "ranged", "range", "varied", "between", "which", "pooled", "taken", "across", "altogether", "than", "versus", "vs", "compared", "average", "mean", "sum", "those", "that", "one", "fill", "run", "with", "highest",
    "lowest", "largest", "smallest", "greatest", "max", "min", "line", "rate", "share", "proportion", "percentage", "fraction", "ratio", "percent", "inspection", "lot",
)) | _UP | _DOWN  # fmt: skip
LEAST = 3  # rows among which one has the highest rate


@dataclass(frozen=True)
class _Rate:
    """A table, its column of parts and that of wholes, and the words that say the parts."""

    table: int
    part: int
    whole: int
    said: frozenset[int]


def judge_groups(reading: Reading, text: "Text") -> tuple[Judged, ...]:
    """Return the verdicts on the rates and means that a sentence says of groups; none where nothing tells."""
    for rate in _rates(reading, text.index):
        told = tuple(_of_rate(reading, rate, text))
        if told:
            return told
    return (*groupmeans.judge_means(reading, text), *groupmeans.judge_ranked(reading, text))


def _rates(reading: Reading, index: Index) -> Iterator[_Rate]:
    """Return the columns of counts that words say beside the whole that they are parts of: "Units rejected" and "Units filled"."""
    words = reading.words
    percent = any(w.text.casefold() in _PERCENT for w in words)
    low = [w.text.casefold() for w in words]
    parted = any(low[k : k + 2] == ["of", "which"] for k in range(len(low)))
    if not (percent or parted or _RATES & {w.stem for w in words}):
        return
    for number, part, whole in _paired(index):
        columns = index.evidence.tables[number].columns
        own = set(content_of(columns[part].header)) - set(content_of(columns[whole].header))
        said = frozenset(k for k, w in enumerate(words) if w.kind == "word" and any(alike(w.stem, s) for s in own))
        if said:
            yield _Rate(number, part, whole, said)


def _paired(index: Index) -> tuple[tuple[int, int, int], ...]:
    """Return each table with a column of counts and the one column of which these are parts; worked out once."""
    if ("paired",) not in index.evidence.kept:
        found = []
        for number, table in enumerate(index.evidence.tables):
            numeric = (c.index for c in table.columns if c.kind == "number" and c.index != table.key)
            counts = [c for c in numeric if _whole(number, c, index)]
            for part in counts:
                wholes = [c for c in counts if c != part and _within(number, part, c, index)]
                found += [(number, part, wholes[0])] if len(wholes) == 1 else []
        index.evidence.kept["paired",] = tuple(found)
    return cast("tuple[tuple[int, int, int], ...]", index.evidence.kept["paired",])


def _whole(table: int, column: int, index: Index) -> bool:
    """Tell whether a column holds whole numbers that are no names."""
    cells = [row[column].strip() for row in index.evidence.tables[table].rows]
    return (table, column) not in index.evidence.references and all(cell.isdigit() for cell in cells if cell)


def _within(table: int, part: int, whole: int, index: Index) -> bool:
    """Tell whether a column is a part of another in each row, of the same things as their headers say."""
    held = index.evidence.tables[table]
    shared = set(content_of(held.columns[part].header)) & set(content_of(held.columns[whole].header))
    pairs = [(row[part].strip(), row[whole].strip()) for row in held.rows]
    return bool(shared) and all(int(a) <= int(b) for a, b in pairs if a and b) and any(a != b for a, b in pairs)


def _of_rate(reading: Reading, rate: _Rate, text: "Text") -> Iterator[Judged]:
    index = text.index
    parts = [p for p in parts_of(reading, rate.table, text, own=True) if not rate.said & set(range(p.first, p.last + 1))]
    known = _understood(reading, rate, parts, index)
    for base in bases(reading, rate.table, text, timed=any(p.timed for p in parts)):
        told = [*_pair(reading, rate, narrowed(base, parts), index), *_compared(reading, rate, base, parts, index)]
        told = told or [*_ranked(reading, rate, base, parts, index), *_single(reading, rate, narrowed(base, parts), index)]
        if told:
            yield from (j if known or j.verdict is Verdict.SUPPORTED else _open(j) for j in told)
            return


def _open(judged: Judged) -> Judged:
    message = f"'{judged.quote}' is not so of the rows that were understood: {judged.evidence}."
    return Judged(
        judged.start, judged.end, judged.quote, judged.kind, Verdict.NOT_FOUND, judged.about, message, judged.evidence
    )


def _understood(reading: Reading, rate: _Rate, parts: Sequence[Part], index: Index) -> bool:
    """Tell whether nothing remains in a sentence that may narrow its groups otherwise."""
    spoken = rate.said | {k for p in parts for k in range(p.first, p.last + 1)} | set(reading.numbers)
    headers = {s for c in (rate.part, rate.whole) for s in stems_of(index.evidence.tables[rate.table].columns[c].header)}
    words = reading.words
    spoken |= {
        k
        for n in range(len(words) - 1)
        for k in (n, n + 1)
        if f"{words[n].text[0]}{words[n + 1].text[0]}".casefold() in headers
    }  # "visual inspection" of "VI"
    return all(
        k in spoken or w.text.casefold() in _IDLE or w.stem in _IDLE or w.stem in headers or w.text.casefold() in ("all", "every")
        or plain(reading, k, rate.table, index) or labelled(w.text, rate.table, index)
        for k, w in enumerate(reading.words)
    )  # fmt: skip


def _sums(rows: Rows, rate: _Rate, index: Index) -> tuple[Decimal, Decimal]:
    """Return the sums of the parts and of the wholes of the rows that have both."""
    cells = [
        (index.evidence.cell(rate.table, r, rate.part), index.evidence.cell(rate.table, r, rate.whole)) for r in sorted(rows)
    ]
    both = [(Decimal(a), Decimal(b)) for a, b in cells if a and b]
    return sum((a for a, _ in both), Decimal(0)), sum((b for _, b in both), Decimal(0))


def _means(rows: Rows, rate: _Rate, index: Index) -> tuple[Decimal, ...]:
    """Return the rate of rows in percent, pooled and as the mean of their own: either may be meant."""
    part, whole = _sums(rows, rate, index)
    each = [_sums(frozenset((r,)), rate, index) for r in rows]
    own = [100 * a / b for a, b in each if b]
    return (100 * part / whole, sum(own, Decimal(0)) / len(own)) if whole and own else ()


def _percents(reading: Reading) -> list[int]:
    words = reading.words
    return [n for n in reading.numbers if n + 1 < len(words) and words[n + 1].text.casefold() in _PERCENT]


def _pair(reading: Reading, rate: _Rate, rows: Rows, index: Index) -> Iterator[Judged]:
    """Judge "so many of so many": the sum of the parts, and of the wholes."""
    low = [w.text.casefold() for w in reading.words]
    for at, then in zip(reading.numbers, reading.numbers[1:], strict=False):
        between, sums = low[at + 1 : then], _sums(rows, rate, index)
        led = between[-2:] == ["of", "which"] and between.count(",") <= 1
        if not rows or (not led and between not in (["of"], ["of", "the"], ["of", "a", "total", "of"], ["out", "of"])):
            continue
        place = f"{sums[0]} of {sums[1]} in {len(rows)} rows of {index.evidence.tables[rate.table].file}"
        pair = (then, at) if led else (at, then)
        said = [value_of(reading.words[n]) for n in pair]
        if said[1] < len(rows) or (said[0] != sums[0] and said[1] != sums[1]):
            continue  # so many of the rows, or of something else
        yield from (
            held_against([reading.words[n]], "sum", place, right=one == held)
            for n, one, held in zip(pair, said, sums, strict=True)
        )
        yield from (
            held_against(
                [reading.words[n]], "share", place, right=equal(value_of(reading.words[n]), 100 * sums[0] / sums[1])
            )
            for n in _percents(reading)
            if sums[1]
        )
        return


def _compared(reading: Reading, rate: _Rate, base: Rows, parts: Sequence[Part], index: Index) -> Iterator[Judged]:
    """Judge a rate of one group against that of another, and the figures of both."""
    low = [w.text.casefold() for w in reading.words]
    than = low.index("than") if low.count("than") == 1 else None
    word = next((k for k in range(than or 0) if low[k] in _UP | _DOWN), None)
    if than is None or word is None:
        return
    right = [p for p in parts if p.first > than]
    columns = {p.column for p in right}
    left = [p for p in parts if p.first < than and p.column in columns]
    common = [p for p in parts if p not in left and p not in right]
    if len(right) != 1 or len(left) != 1:
        return
    sides = [_means(narrowed(base, [*common, p]), rate, index) for p in (left[0], right[0])]
    if not all(sides):
        return
    place = "; ".join(f"{p.what}: {float(s[0]):.4g} %" for p, s in zip((left[0], right[0]), sides, strict=True))
    so = {(a > b) == (low[word] in _UP) and a != b for a, b in zip(*sides, strict=True)}
    if len(so) == 1:
        yield held_against(reading.words[word : than + 1], "comparison", place, right=so.pop())
    figures = _percents(reading)
    if len(figures) == len(sides):
        yield from (
            held_against(
                [reading.words[n]], "share", place, right=any(equal(value_of(reading.words[n]), one) for one in side)
            )
            for n, side in zip(figures, sides, strict=True)
        )


def _ranked(reading: Reading, rate: _Rate, base: Rows, parts: Sequence[Part], index: Index) -> Iterator[Judged]:
    """Judge the highest or lowest rate that one row is said to have, and how much it is."""
    held = index.evidence.tables[rate.table]
    ranks = superlatives(reading)
    named = [p for p in parts if p.column in (held.noun, (rate.table, held.key))]
    if len(ranks) != 1 or len(named) != 1 or held.key is None or not _RATES & {w.stem for w in reading.words}:
        return
    common = [p for p in parts if p not in named]
    rates = {r: _means(frozenset((r,)), rate, index) for r in narrowed(base, common)}
    known = {r: v[0] for r, v in rates.items() if v}
    own = [r for r in known if r in named[0].rows]
    if len(own) != 1 or len(known) < LEAST:
        return
    rank, mine = ranks[0], known[own[0]]
    ordered = sorted(known.items(), key=lambda one: -one[1] if rank.high else one[1])
    better = sum(1 for v in known.values() if (v > mine if rank.high else v < mine))
    first = held.rows[ordered[0][0]][held.key].strip()
    place = (
        f"{named[0].what}: {float(mine):.4g} %, number {better + 1} of {len(known)} ({first}: {float(ordered[0][1]):.4g} %)"
    )
    yield held_against(reading.words[rank.first : rank.last + 1], "rate", place, right=better < rank.place <= better + 1)
    yield from (
        held_against([reading.words[n]], "rate", place, right=equal(value_of(reading.words[n]), mine))
        for n in _percents(reading)
    )


def _single(reading: Reading, rate: _Rate, rows: Rows, index: Index) -> Iterator[Judged]:
    """Judge the one percentage that a sentence says as a rate of all rows in scope."""
    figures, low = _percents(reading), [w.text.casefold() for w in reading.words]
    of = len(figures) == 1 and low[figures[0] + 2 : figures[0] + 3] == ["of"]
    ways = _means(rows, rate, index)
    relation = relation_of(reading.words, figures[0]) if len(figures) == len(reading.numbers) == 1 else ""
    if relation and ways and _RATES & {w.stem for w in reading.words}:
        yield from _bounded(reading, rate, rows, relation, index)
    if superlatives(reading) or "than" in low or not ways or any(relation_of(reading.words, n) for n in figures):
        return
    if len(figures) == len(reading.numbers) == 2 and _RATES & {w.stem for w in reading.words}:  # noqa: PLR2004 - two ends
        yield from _ends(reading, rate, rows, index)
    if len(figures) != 1 or len(reading.numbers) != 1:
        return
    if of or _RATES & {w.stem for w in reading.words}:
        place = f"{float(ways[0]):.4g} % of {len(rows)} rows of {index.evidence.tables[rate.table].file}"
        word = reading.words[figures[0]]
        yield held_against([word], "rate", place, right=any(equal(value_of(word), one) for one in ways))


def _bounded(reading: Reading, rate: _Rate, rows: Rows, relation: str, index: Index) -> Iterator[Judged]:
    """Judge a bound that the rates of all rows are said to keep: "all lots had a reject rate below 2 %"."""
    at, low = reading.numbers[0], [w.text.casefold() for w in reading.words]
    first = next((k for k, w in enumerate(low) if w in ("all", "every", "each")), None)
    own = {r: ways[0] for r in sorted(rows) for ways in [_means(frozenset((r,)), rate, index)] if ways}
    if first is None or relation == "~" or not own:
        return
    against = next((r for r, held in own.items() if not holds(value_of(reading.words[at]), held, relation)), None)
    table = index.evidence.tables[rate.table]
    place = f"{len(own)} rows" if against is None else f"{table.place(against, rate.part)}: {float(own[against]):.4g} %"
    yield held_against(reading.words[min(first, at) : max(first, at) + 1], "rate", place, right=against is None)
    yield held_against([reading.words[at]], "rate", place, right=against is None)


def _ends(reading: Reading, rate: _Rate, rows: Rows, index: Index) -> Iterator[Judged]:
    """Judge the two ends of a range as the lowest and the highest rate of a row."""
    own = [ways[0] for r in rows for ways in [_means(frozenset((r,)), rate, index)] if ways]
    if range_end(reading, reading.numbers[0]) == {"min"} and own:
        for n, held in zip(reading.numbers, (min(own), max(own)), strict=True):
            yield held_against(
                [reading.words[n]],
                "rate",
                f"{float(held):.4g} % of {len(own)} rows",
                right=equal(value_of(reading.words[n]), held),
            )
