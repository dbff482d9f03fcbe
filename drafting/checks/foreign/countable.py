"""Tell what a count may be held against: the values before it, and names that its rows cannot be tied to, or not surely. Pure."""

from itertools import pairwise

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.scope import open_of, reaches

_CLAUSES = frozenset((",", ";", ":", "(", "while", "whereas", "but", "and"))
LEAST_INITIALS = 2


def leading(reading: Reading, at: int, noun: str, index: Index) -> tuple[Mention, ...]:
    """Return the values of the rows' own columns that stand before a count in its clause: "customers in Germany filed seven complaints"."""
    words, tables = reading.words, index.row_nouns.get(noun, ())
    found = tuple(m for m in reading.values if m.first < at and any(v[0] in tables for v in m.values))
    listed = {k for a, b in pairwise(found) for k in range(a.last + 1, b.first)}
    clause = any(words[k].text in _CLAUSES and k not in listed for k in range(at))
    return () if clause or any(n < at for n in reading.numbers) else found


def untied(reading: Reading, at: int, noun: str, index: Index) -> bool:
    """Tell whether the clause of a count names what the rows that it counts cannot be tied to."""
    ends = [k for k, w in enumerate(reading.words) if w.text.casefold() in _CLAUSES]
    first, last = max((k for k in ends if k < at), default=-1), min((k for k in ends if k > at), default=len(reading.words))
    return any(_beyond(m, noun, index) for m in reading.entities if first < m.first < last)


def unsure(reading: Reading, noun: str, index: Index) -> bool:
    """Tell whether a sentence names what the rows that it counts cannot be tied to, or not surely."""
    tables = index.row_nouns.get(noun, ())
    either = (key for m in reading.entities for key in m.what)
    return any(_beyond(m, noun, index) for m in reading.entities) or any(
        open_of(index.evidence, t, *key) for key in either for t in tables
    )


def _beyond(mention: Mention, noun: str, index: Index) -> bool:
    tables = index.row_nouns.get(noun, ())
    return not any(reaches(index.evidence, t, n) for n, _ in mention.what for t in tables)


def narrowing(values: tuple[Mention, ...], reading: Reading, noun: str, index: Index) -> tuple[Mention, ...]:
    """Return values but for those whose initials are what the file of the counted rows is named by: "drug substance" of "DS_batches"."""
    short = {stems_of(index.evidence.tables[t].name)[0] for t in index.row_nouns.get(noun, ())}
    initials = {m: "".join(w.text[0].casefold() for w in reading.words[m.first : m.last + 1]) for m in values}
    return tuple(m for m in values if len(initials[m]) < LEAST_INITIALS or initials[m] not in short)
