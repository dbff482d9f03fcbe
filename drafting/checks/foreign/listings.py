"""Judge what is said of things by name, all of whose words are understood: which those of a kind are, and what each of them did. Pure."""

from collections.abc import Iterator
from itertools import pairwise

from drafting.checks.foreign.acts import alike, content_of, dates_of
from drafting.checks.foreign.counting import SHOWN
from drafting.checks.foreign.covering import TURNS, plain
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.verdicts import Judged, held_against

_COPULAS = frozenset(("was", "were", "is", "are"))
_JOINS = frozenset((",", "and", "or"))
_IDLE = frozenset(("namely", "only", "neither", "nor"))
_REFUSED = TURNS | {"exception", "then"}


def judge_listing(reading: Reading, text: Text) -> tuple[Judged, ...]:
    """Return the verdict on a sentence that lists all of a kind: "the rejected lots were 1 and 3", "only 2 and 5 missed their deadline"; else none."""
    for table, names in _named(reading, text.index):
        parts = parts_of(reading, table, text)
        if not parts or not _lists(reading, names) or not _understood(reading, table, names, parts, text.index):
            continue
        for base in bases(reading, table, text, timed=any(p.timed for p in parts)):
            held, said = narrowed(base, parts), _rows(names, table, text.index)
            if said and said <= base:  # else the list is of more than the text is about
                place = f"{_keys(held, table, text.index)} ({', '.join(p.what for p in parts)})"
                last = max(*(p.last for p in parts), names[-1].last)
                return (
                    held_against(
                        reading.words[min(parts[0].first, names[0].first) : last + 1],
                        "listing",
                        place,
                        right=held == said,
                        kind="word",
                    ),
                )
    return ()


def judge_each(reading: Reading, text: Text) -> tuple[Judged, ...]:
    """Return the verdict on what is said of each thing that a sentence names: "7 was closed on time", "1 and 3 were made on line 2"; else none."""
    for table, names in _named(reading, text.index):
        parts = parts_of(reading, table, text)
        staged = [p for p in parts if _dated(reading, p, table, text.index)]
        if any(p.column == "lateness" for p in parts):
            parts, staged = tuple(p for p in parts if p not in staged), []  # the act is judged by its date
        if (
            not parts
            or staged
            or any(p.open for p in parts)
            or _predicated(reading, names, parts)
            or any(isinstance(p.column, tuple) and _of_others(p.column[0], table, text.index) for p in parts)
            or _lists(reading, names)
            or not _understood(reading, table, names, parts, text.index)
        ):
            continue
        rows = _rows(names, table, text.index)
        denied = any(w.text.casefold() == "neither" for w in reading.words)
        kept = narrowed(rows, parts)
        against = kept if denied else rows - kept
        place = f"{_keys(against or rows, table, text.index)} ({', '.join(p.what for p in parts)})"
        if rows:
            return (
                held_against(
                    reading.words[parts[0].first : max(p.last for p in parts) + 1],
                    "listing",
                    place,
                    right=not against,
                    kind="word",
                ),
            )
    return ()


def _of_others(held: int, table: int, index: Index) -> bool:
    """Tell whether a table is about other things than the rows of one: what they belong to may be open when they are not."""
    return index.evidence.tables[held].noun != index.evidence.tables[table].noun


def _predicated(reading: Reading, names: list[Mention], parts: tuple[Part, ...]) -> bool:
    """Tell whether something is said of another thing before the names: "lot 7 was pending DR-2" says nothing of DR-2."""
    before = [m for m in reading.entities if m.last < names[0].first]
    return any(not isinstance(p.column, str) and m.last < p.first and p.last < names[0].first for m in before for p in parts)


def _dated(reading: Reading, part: Part, table: int, index: Index) -> bool:
    """Tell whether a value is the name of an act with a date of its own: a later state may hide it, "implemented" of what is closed."""
    said, dates = reading.words[part.first].text.casefold(), dates_of(index.evidence.tables[table])
    return not part.timed and part.column != "lateness" and any(alike(said, s) for c in dates for s in content_of(c.header))


def _named(reading: Reading, index: Index) -> Iterator[tuple[int, list[Mention]]]:
    """Return the tables whose rows are named in a sentence, with the names: one of each thing, in one list."""
    for number, table in enumerate(index.evidence.tables):
        names = [m for m in reading.entities if table.key is not None and any(n == table.noun for n, _ in m.what)]
        if names and all(_joined(reading, a, b) for a, b in pairwise(names)):
            yield number, names


def _joined(reading: Reading, one: Mention, other: Mention) -> bool:
    return {w.text.casefold() for w in reading.words[one.last + 1 : other.first]} <= _JOINS | {"nor"}


def _lists(reading: Reading, names: list[Mention]) -> bool:
    """Tell whether names are told as all of a kind: behind "only", or behind the copula that ends what the kind is."""
    low = [w.text.casefold() for w in reading.words]
    lead = low[max(0, names[0].first - 2) : names[0].first]
    behind = all(w in (".", "!") for w in low[names[-1].last + 1 :])
    return "only" in lead or (bool(_COPULAS & set(lead)) and low[0] == "the" and behind)


def _understood(reading: Reading, table: int, names: list[Mention], parts: tuple[Part, ...], index: Index) -> bool:
    """Tell whether every word of a sentence is a name, narrows the rows, or says nothing that would."""
    low = [w.text.casefold() for w in reading.words]
    spoken = {k for p in parts for k in range(p.first, p.last + 1)} | {k for m in names for k in range(m.first, m.last + 1)}
    if low[-1:] not in (["."], ["!"]) or _REFUSED & set(low):
        return False
    many = {n for n in reading.numbers if low[n - 1 : n] == ["the"] and value_of(reading.words[n]) == len(names)}
    return all(k in spoken | many or w in _IDLE or plain(reading, k, table, index) for k, w in enumerate(low))


def _rows(names: list[Mention], table: int, index: Index) -> Rows:
    held = index.evidence.tables[table]
    keys = {key for m in names for noun, key in m.what if noun == held.noun}
    return frozenset(r for r, row in enumerate(held.rows) if held.key is not None and row[held.key].strip() in keys)


def _keys(rows: Rows, table: int, index: Index) -> str:
    held = index.evidence.tables[table]
    return f"{held.file}: {', '.join(held.rows[r][held.key or 0] for r in sorted(rows)[:SHOWN]) or 'none'}"
