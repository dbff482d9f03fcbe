"""Judge in how many things one was used, and in which: "lot A was used in ten batches", "also went into six other batches". Pure.

What is used may have a table of its own, or be only a code of a column ("material lot") of rows that say in what it went.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign import links
from drafting.checks.foreign.attributes import relation_of
from drafting.checks.foreign.counting import SHOWN
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.kinds import is_kind
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.scope import Scope, owners, reaches, rows_in
from drafting.checks.foreign.states import coded_word
from drafting.checks.foreign.values import holds
from drafting.checks.foreign.verdicts import Judged, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_INTO = (
    ("used", "in"), ("used", "for"), ("used", "to", "produce"), ("used", "to", "make"), ("used", "to", "manufacture"),
    ("consumed", "in"), ("went", "into"), ("processed", "in"), ("incorporated", "into"), ("charged", "into"),
)  # fmt: skip
_MADE, _WITH = frozenset(("made", "produced", "manufactured", "prepared")), frozenset(("with", "from", "using"))
_ENDS = frozenset((",", ";", ".", "(", "but", "while"))
_OTHERS = frozenset(("other", "further", "more", "additional"))
_NOT = frozenset(("not", "never"))
_CUTS = frozenset((",", ";", ":", "(", "and", "but", "while", "whereas"))
_QUALIFIES = frozenset(("product", "production", "drug", "substance", "different", "of", "the"))


def judge_spread(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on the number of things in which one was used; None where a number says none."""
    low = [w.text.casefold() for w in reading.words]
    verb = next(
        (k + len(run) for k in range(at) for run in _INTO if tuple(low[k : k + len(run)]) == run and k + len(run) <= at),
        None,
    )
    noun = next(((k, n) for k, n in reading.nouns if at < k <= at + 4), None)
    described = [m for m in reading.values if noun and at < m.first and m.last < noun[0] and is_kind(m.values[0][2])]
    between = set(low[at + 1 : noun[0]]) - {low[m.first] for m in described} if noun else set()
    thing = _thing(reading, verb) if verb is not None and noun else None
    if (
        thing is None
        or noun is None
        or verb is None
        or verb < at - 1
        or not between <= _OTHERS | _QUALIFIES
        or _narrowed(reading, noun[0])
    ):
        return None
    for table in text.index.row_nouns[noun[1]]:
        held = _users(thing, text.index.evidence.tables[table].noun, text.index)
        named = {key for m in reading.entities for n, key in m.what if n == text.index.evidence.tables[table].noun}
        rest = held - named if between & _OTHERS else held
        for mention in described:  # "in eleven cream batches"
            rest &= _of_kind(mention, table, text.index)
        if held:
            place = f"{_name(reading, thing)} in {len(rest)}: {', '.join(sorted(rest)[:SHOWN])}"
            right = holds(said, Decimal(len(rest)), relation_of(reading.words, at))
            return held_against(reading.words[at : at + 1], "use", place, right=right)
    return None


def judge_used(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return a verdict for each name in which a code without a table of its own is said to be used, or of which it is made."""
    yield from judge_made(reading, text)
    low = [w.text.casefold() for w in reading.words]
    for at in range(len(low)):
        run = next((r for r in _INTO if tuple(low[at : at + len(r)]) == r), None)
        thing = _thing(reading, at) if run else None
        if run is None or thing is None or thing.what:
            continue
        denied = bool(_NOT & set(low[max(0, at - 3) : at]))
        begin = at + len(run)
        for mention in (m for m in reading.entities if m.first >= begin and len(m.what) == 1):
            held = _users(thing, mention.what[0][0], text.index)
            told = mention.what[0][1] in held or _covered(thing, *mention.what[0], text.index)
            if held and told and not {";", "but", "while"} & set(low[begin : mention.first]):
                place = f"{_name(reading, thing)} in {len(held)}: {', '.join(sorted(held)[:SHOWN])}"
                words = reading.words[mention.first : mention.last + 1]
                yield held_against(words, "use", place, right=(mention.what[0][1] in held) != denied, kind="word")


def judge_made(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return a verdict for each code with which a named thing is said to be made: "batch 3 was made with resin lot RS-10"."""
    low = [w.text.casefold() for w in reading.words]
    for at in range(1, len(low) - 1):
        if low[at] not in _MADE or low[at + 1] not in _WITH or low[at - 1] not in ("was", "were"):
            continue
        before = [m for m in reading.entities if m.last == at - 2 and len(m.what) == 1]
        end = next((k for k in range(at + 2, len(low)) if low[k] in _ENDS), len(low))
        for thing in (m for m in reading.values if before and at < m.first < end and coded_word(reading, m)):
            noun, key = before[0].what[0]
            held = _users(thing, noun, text.index)
            if held and (key in held or _covered(thing, noun, key, text.index)):
                place = f"{_name(reading, thing)} in {len(held)}: {', '.join(sorted(held)[:SHOWN])}"
                yield held_against(reading.words[thing.first : thing.last + 1], "use", place, right=key in held, kind="word")


def _thing(reading: Reading, verb: int) -> Mention | None:
    """Return what is said to be used: the name or code nearest before the verb, in its clause, or that a "which" takes up."""
    coded = [m for m in reading.values if coded_word(reading, m)]
    before = sorted((m for m in (*reading.entities, *coded) if m.last < verb), key=lambda m: m.last)
    if not before or (before[-1].what and len(before[-1].what) != 1):
        return None
    since = [w.text.casefold() for w in reading.words[before[-1].last + 1 : verb]]
    cut = [w for w in since if w in _CUTS]
    return before[-1] if not cut or since[:2] in ([",", "which"], [",", "that"]) else None


def _users(thing: Mention, noun: str, index: Index) -> frozenset[str]:
    """Return the names of a noun whose rows name a thing, or have a code."""
    if thing.what:
        return links.users(index, thing.what[0][0], noun).get(thing.what[0][1], frozenset())
    found: set[str] = set()
    for place in thing.values:
        if reaches(index.evidence, place[0], noun):
            rows = rows_in(index.evidence, place[0], Scope((), (place,)))
            found |= {name for row in rows for name in owners(index.evidence, place[0], row, noun)}
    return frozenset(found)


def _of_kind(mention: Mention, table: int, index: Index) -> frozenset[str]:
    """Return the names of the rows of a table whose description has a word."""
    held = index.evidence.tables[table]
    return frozenset(held.rows[r][held.key or 0].strip() for r in rows_in(index.evidence, table, Scope((), mention.values)))


def _covered(thing: Mention, noun: str, key: str, index: Index) -> bool:
    """Tell whether the rows that say in what a code was used speak of a thing at all."""
    tables = {table for table, _, _ in thing.values if reaches(index.evidence, table, noun)}
    return any(rows_in(index.evidence, table, Scope(((noun, key),))) for table in tables)


def _narrowed(reading: Reading, noun: int) -> bool:
    """Tell whether what was counted is narrowed behind its noun: "in ten batches of May"."""
    behind = [w.text.casefold() for w in reading.words[noun + 1 : noun + 2]]
    return behind not in ([], ["."], [","], [";"], [")"], ["("], ["and"])


def _name(reading: Reading, thing: Mention) -> str:
    return " ".join(w.text for w in reading.words[thing.first : thing.last + 1])
