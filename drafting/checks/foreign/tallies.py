"""Judge which kind is the most or least frequent: "the second most common cause was", "most complaints came from", "the fewest". Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from drafting.checks.foreign.covering import heads, plain
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.scope import owners
from drafting.checks.foreign.tables import MISSING
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, held_against
from drafting.checks.foreign.words import ORDINALS

_ENDS = {
    "most": True,
    "least": False,
    "fewest": False,
    "largest": True,
    "highest": True,
    "greatest": True,
    "smallest": False,
    "lowest": False,
}
_HOW = frozenset(("frequent", "frequently", "common", "commonly", "often", "numerous", "reported", "affected", "prominent"))
_THOSE, _PLACED = frozenset(("those", "that")), frozenset(("in", "from", "of", "on", "at", "for", "by"))
_BETWEEN = 3  # words between "more" and "than": "more late actions than any other"
_IDLE = frozenset(
    (
        "with",
        "followed",
        "most",
        "received",
        "share",
        "time",
        "times",
        "often",
        "by",
        "way",
        "saw",
        "seen",
        "showed",
        "alone",
        "being",
        "also",
        "each",
    )
)
LEAST = 2  # kinds among which one is the most frequent


@dataclass(frozen=True)
class _Rank:
    """Words (first to last) that say the place of a kind among all, from the most or from the least."""

    first: int
    last: int
    place: int
    high: bool


def judge_tallies(reading: Reading, text: Text) -> tuple[Judged, ...]:
    """Return the verdicts on a sentence that says how often a kind is found against the others, all of whose words are understood; else none."""
    rank = _rank(reading)
    if rank is None or reading.words[-1].text not in (".", "!"):
        return ()
    tables = [(table, measure) for _, table, measure in heads(reading, text.index)]
    tables += [(t, None) for m in reading.values for t, _, _ in m.values if not text.index.evidence.tables[t].spread]
    for table, measure in dict.fromkeys(tables):
        judged = tuple(_judged(reading, rank, table, measure, text))
        if judged:
            return judged
    return ()


def _rank(reading: Reading) -> _Rank | None:
    """Return the one rank by frequency that a sentence says."""
    low = [w.text.casefold() for w in reading.words]
    every = _above_any(low)
    if every is not None:
        return every
    for at, word in enumerate(low[:-1]):
        if word not in _ENDS or (at and low[at - 1] == "at"):
            continue
        how = low[at + 1] in _HOW
        number = low[at + 1 : at + 3] == ["number", "of"] or low[at + 1 : at + 2] == ["share"]
        plural = word in ("most", "fewest") and any(k in (at + 1, at + 2, at + 3) for k in _counted(reading))
        if how or number or plural:
            first = at - (at > 0 and low[at - 1] in ORDINALS)
            return _Rank(first, at + how, ORDINALS[low[first]] if first < at else 1, _ENDS[word])
    return None


def _above_any(low: Sequence[str]) -> _Rank | None:
    """Return the first place, said as "more than any other", "more complaints than any other", "more than those in any other"."""
    for at, word in enumerate(low):
        than = next((k for k in range(at + 1, min(len(low), at + 2 + _BETWEEN)) if low[k] == "than"), None)
        if word not in ("more", "fewer") or than is None:
            continue
        last = than + 1
        while last < len(low) and low[last] in _THOSE | _PLACED:
            last += 1
        if list(low[last : last + 2]) == ["any", "other"]:
            return _Rank(at, last + 1, 1, high=word == "more")
    return None


def _counted(reading: Reading) -> frozenset[int]:
    """Return the words of a plural: what is counted."""
    return frozenset(k for k, w in enumerate(reading.words) if w.kind == "word" and w.text.casefold() != w.stem)


def _judged(reading: Reading, rank: _Rank, table: int, measure: int | None, text: Text) -> Iterator[Judged]:
    index = text.index
    parts = parts_of(reading, table, text)
    kinds = _kinds(reading, table, parts, rank, index)
    if not kinds:
        return
    kind = kinds[0]
    spoken = {k for p in (*parts, *kinds) for k in range(p.first, p.last + 1)} | set(range(rank.first, rank.last + 1))
    figures = [n for n in reading.numbers if n not in spoken]
    spoken |= set(figures) | {k for k in range(1, len(reading.words)) if _summing(reading, k)}
    if not all(
        k in spoken or w.text.casefold() in _IDLE or plain(reading, k, table, index) for k, w in enumerate(reading.words)
    ):
        return
    others = [p for p in parts if p not in kinds]
    tally: Counter[str] = Counter()
    for base in bases(reading, table, text, timed=any(p.timed for p in others)):
        tally = _tally(narrowed(base, others), table, kind, measure, index)
        if tally:
            break
    if len(tally) < LEAST or any(one.what not in tally for one in kinds):
        return
    if len(kinds) > 1:
        yield from _together(reading, rank, figures, [one.what for one in kinds], tally)
        return
    mine = tally[kind.what]
    better = sum(n > mine if rank.high else n < mine for n in tally.values())
    tied = sum(n == mine for n in tally.values())
    ordered = sorted(tally.items(), key=lambda one: (-one[1] if rank.high else one[1], one[0]))
    place = f"{kind.what}: {mine}, number {better + 1} of {len(tally)} ({index.evidence.tables[table].file}: {ordered[0][0]} {ordered[0][1]})"
    yield held_against(
        reading.words[rank.first : rank.last + 1], "frequency", place, right=better < rank.place <= better + tied
    )
    yield from (
        held_against(reading.words[n : n + 1], "frequency", place, right=_agrees(reading, n, mine, tally)) for n in figures
    )


def _summing(reading: Reading, at: int) -> bool:
    """Tell whether "all" only ends a sum: "six in all"."""
    low = [w.text.casefold() for w in reading.words[at - 1 : at + 1]]
    return low == ["in", "all"] and at > 1 and reading.words[at - 2].value is not None


def _together(
    reading: Reading, rank: _Rank, figures: Sequence[int], kinds: Sequence[str], tally: Counter[str]
) -> Iterator[Judged]:
    """Return the verdicts on several kinds that are said to be the first together, and on how many there are of each."""
    last = (min if rank.high else max)(tally[kind] for kind in kinds)
    better = [kind for kind, n in tally.items() if kind not in kinds and (n >= last if rank.high else n <= last)]
    place = ", ".join(f"{kind}: {n}" for kind, n in tally.most_common())
    yield held_against(reading.words[rank.first : rank.last + 1], "frequency", place, right=not better and rank.place == 1)
    each = "each" in [w.text.casefold() for w in reading.words]
    for n, kind in zip(figures, kinds, strict=False):
        held = kinds if each else (kind,)
        yield held_against(
            reading.words[n : n + 1], "frequency", place, right=all(tally[one] == value_of(reading.words[n]) for one in held)
        )


def _kinds(reading: Reading, table: int, parts: Sequence[Part], rank: _Rank, index: Index) -> Sequence[Part]:
    """Return the words that name the kind that is ranked, or several of one column: a value or a name, not what narrows the records that are counted."""
    held = index.evidence.tables[table]
    nouns = {k for k, _ in reading.nouns}
    named = [m for m in reading.entities if len(m.what) == 1 and m.what[0][0] == held.noun and held.key is not None]
    own = [Part(m.first, m.last, frozenset(), (table, held.key or 0), m.what[0][1]) for m in named]
    found = own or [p for p in parts if not p.timed and p.last + 1 not in nouns and not rank.first <= p.first <= rank.last]
    listed = all(
        {w.text.casefold() for w in reading.words[a.last + 1 : b.first]} <= {",", "and"} and a.column == b.column
        for a, b in pairwise(found)
    )
    return found if listed else ()


def _tally(rows: Rows, table: int, kind: Part, measure: int | None, index: Index) -> Counter[str]:
    """Return how many rows, or how much of a column, there is of each kind."""
    tally: Counter[str] = Counter()
    for row in rows:
        for name in _names(table, row, kind, index):
            number = number_of(index.evidence.cell(table, row, measure)) if measure is not None else None
            tally[name] += 1 if measure is None else int(number.value) if number else 0
    return tally


def _names(table: int, row: int, kind: Part, index: Index) -> Iterator[str]:
    if isinstance(kind.column, str):
        yield from owners(index.evidence, table, row, kind.column)
    elif kind.column[0] == table and index.evidence.cell(table, row, kind.column[1]).casefold() not in MISSING:
        yield index.evidence.cell(table, row, kind.column[1])


def _agrees(reading: Reading, at: int, mine: int, tally: Counter[str]) -> bool:
    """Tell whether a figure is how many there are of a kind, its share, or the whole that it is of."""
    said, total = value_of(reading.words[at]), sum(tally.values())
    low = [w.text.casefold() for w in reading.words]
    if low[at + 1 : at + 2] in (["%"], ["percent"]):
        return equal(said, 100 * Decimal(mine) / Decimal(total))
    whole = low[at - 1] == "of" or low[max(0, at - 2) : at] == ["of", "the"]
    return said == (total if whole else mine)
