"""Judge what was used in what: "lot A was used in batches 1 and 2", "was not used in any batch", by the rows that name both. Pure."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.scope import owners
from drafting.checks.foreign.states import coded_word
from drafting.checks.foreign.subjecthood import members, ranged
from drafting.checks.foreign.verdicts import Judged, Verdict

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

Key = tuple[str, str]
_USES = frozenset(("used", "consumed", "processed"))
_NOT = frozenset(("not", "never"))
SHOWN = 5
LEAST_PARTS = 2  # columns that together name one thing


def judge_uses(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return a verdict for each name that is said to be used, or not, in another."""
    low = [w.text.casefold() for w in reading.words]
    for at, word in enumerate(low):
        if word not in _USES or low[at + 1 : at + 2] not in (["in"], ["for"]):
            continue
        before = [m for m in reading.entities if m.last < at and low[m.first - 1 : m.first] not in (["from"], ["by"])]
        nearer = any(before and before[-1].last < m.first and m.last < at and coded_word(reading, m) for m in reading.values)
        if before and len(before[-1].what) == 1 and not nearer:  # a code without a table of its own is what is used
            yield from _used(reading, at, before[-1].what[0], text.index)


def _used(reading: Reading, at: int, thing: Key, index: Index) -> Iterator[Judged]:
    words = reading.words
    denied = bool(_NOT & {w.text.casefold() for w in words[max(0, at - 3) : at]})
    for mention in (m for m in reading.entities if m.first > at and len(m.what) == 1):
        noun, key = mention.what[0]
        if users(index, thing[0], noun):
            held = users(index, thing[0], noun).get(thing[1], frozenset())
            keys = {e.key for e in members(reading, mention, index)} if _ends_range(reading, mention) else {key}
            right = not keys & held if denied else keys <= held
            yield _told(reading, mention.first, mention, right=right, users_of=held, thing=thing)
    noun = next((n for k, n in reading.nouns if at < k <= at + 4), "")
    if denied and noun and not any(m.first > at for m in reading.entities) and users(index, thing[0], noun):
        held = users(index, thing[0], noun).get(thing[1], frozenset())
        yield _told(reading, at - 1, Mention(at - 1, at + 3), right=not held, users_of=held, thing=thing)


def _ends_range(reading: Reading, mention: Mention) -> bool:
    """Tell whether a name is the last of a range: "batches 9 to 13"."""
    at = reading.entities.index(mention)
    return at > 0 and ranged(reading, reading.entities[at - 1], mention)


def users(index: Index, noun: str, by: str) -> Mapping[str, frozenset[str]]:
    """Return for each thing of a noun the names of another noun whose rows name it; worked out once."""
    key = ("users", noun, by)
    if key not in index.evidence.kept:
        found: dict[str, set[str]] = {}
        for number, table in enumerate(index.evidence.tables):
            if table.noun == noun and table.key is not None:
                continue
            for row in range(len(table.rows)):
                things = {*_direct(index, number, row, noun), *_composed(index, number, row, noun)}
                for name in owners(index.evidence, number, row, by) if things else ():
                    for thing in things:
                        found.setdefault(thing, set()).add(name)
        index.evidence.kept[key] = {thing: frozenset(names) for thing, names in found.items()}
    return cast("Mapping[str, frozenset[str]]", index.evidence.kept[key])


def _direct(index: Index, table: int, row: int, noun: str) -> Iterator[str]:
    for (t, column), referred in index.evidence.references.items():
        if t == table and referred == noun:
            yield from (part.strip() for part in index.evidence.cell(t, row, column).split("|") if part.strip())


def _composed(index: Index, table: int, row: int, noun: str) -> Iterator[str]:
    """Return names that several columns make together: "api_code" 7 and "api_batch" 9 are lot API-7-9."""
    groups: dict[str, list[str]] = {}
    for column in index.evidence.tables[table].columns:
        stems = stems_of(column.header)
        if len(stems) > 1:
            groups.setdefault(stems[0], []).append(index.evidence.cell(table, row, column.index))
    for lead, cells in groups.items():
        name = "-".join((lead.upper(), *cells))
        if len(cells) >= LEAST_PARTS and (noun, name) in index.evidence.entities:
            yield name


def _told(reading: Reading, first: int, mention: Mention, *, right: bool, users_of: frozenset[str], thing: Key) -> Judged:
    words = reading.words[first : min(mention.last, len(reading.words) - 1) + 1]
    quote = " ".join(w.text for w in words)
    names = ", ".join(sorted(users_of)[:SHOWN])
    evidence = f"{thing[1]} in {len(users_of)}{': ' if names else ''}{names}"
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    message = "" if right else f"'{quote}' is contradicted: the evidence has {evidence}."
    return Judged(words[0].start, words[-1].end, quote, "word", verdict, "use", message, evidence)
