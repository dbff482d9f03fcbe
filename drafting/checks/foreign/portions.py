"""Recompute what portion of all records those of a value are: "minor faults made up 58.3 % of all faults", "accounting for 13 cases or 40 %". Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowsets import Part, bases, narrowed, parts_of
from drafting.checks.foreign.values import equal
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_VERBS = (
    ("made", "up"),
    ("accounted", "for"),
    ("accounting", "for"),
    ("represented",),
    ("constituted",),
    ("represent",),
    ("make", "up"),
)
_ENDS: tuple[list[str], ...] = ([], ["."], [","], [";"])  # "of all faults of March" is another whole
_CASES = frozenset(("case", "record", "entry"))
_JOINS = frozenset(("or", "and", "(", "i.e", ","))
REACH = 6  # words from the verb to the percentage


def held(found: Sequence[Judged], reading: Reading, text: "Text") -> list[Judged]:
    """Return verdicts in which a portion of all records, and how many these are, are held against the rows of the values before them."""
    starts = {j.start for j in found if j.verdict is Verdict.NOT_FOUND}
    told = {j.start: j for j in _portions(reading, text)} if starts and not reading.entities else {}
    return [told.get(j.start, j) if j.start in starts else j for j in found]


def _portions(reading: Reading, text: "Text") -> Iterator[Judged]:
    low = [w.text.casefold() for w in reading.words]
    for at in reading.numbers:
        noun = next((n for k, n in reading.nouns if at + 4 <= k <= at + 5 and low[k + 1 : k + 2] in _ENDS), "")
        verb = next(
            (k for k in range(max(0, at - REACH), at) for run in _VERBS if tuple(low[k : k + len(run)]) == run), None
        )
        if low[at + 1 : at + 4] != ["%", "of", "all"] or not noun or verb is None:
            continue
        for table in text.index.row_nouns.get(noun, ()):
            every = parts_of(reading, table, text)
            parts = [p for p in every if p.last < verb]
            if not parts or any(p.open or p.timed for p in every) or any(p.first > at for p in every):
                continue
            base = bases(reading, table, text, timed=False)[0]
            count, whole = len(narrowed(base, parts)), len(base)
            place = f"{count} of {whole} ({text.index.evidence.tables[table].file}: {', '.join(p.what for p in parts)})"
            right = whole > 0 and equal(value_of(reading.words[at]), 100 * Decimal(count) / Decimal(whole))
            if right or _plain(reading, parts, verb):
                yield held_against(reading.words[at : at + 1], "share", place, right=right)
                cases = [
                    n
                    for n in reading.numbers
                    if verb < n < at and reading.words[n + 1].stem in _CASES and low[n + 2] in _JOINS
                ]
                for n in cases[:1]:
                    same = value_of(reading.words[n]) == count
                    yield held_against(reading.words[n : n + 1], "count", place, right=same)
            return


def _plain(reading: Reading, parts: Sequence[Part], verb: int) -> bool:
    """Tell whether the subject is a value with its noun and nothing else: "minor faults"."""
    inside = {k for p in parts for k in range(p.first, p.last + 1)} | {k for k, _ in reading.nouns}
    return all(k in inside or reading.words[k].text.casefold() in STOP for k in range(verb))
