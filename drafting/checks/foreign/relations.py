"""Judge two names that words tie together: "OOS-2 concerned batch 3", "CAPA-4 for DEV-1": the evidence says which rows refer to which. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafting.checks.foreign.binding import group_of
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.subjecthood import COPULAS, stated_of
from drafting.checks.foreign.subjects import without_brackets
from drafting.checks.foreign.tables import Entity, names_in
from drafting.checks.foreign.verdicts import Judged, Verdict

ROOT = 5  # letters by which words of one root are known
_CAUSES = (["because", "of"], ["due", "to"], ["owing", "to"], ["as", "a", "result", "of"])
_NOT = frozenset(("not", "never"))
_CONCERNS = frozenset((
    "concerned", "concerns", "concerning", "concern", "affected", "affects", "affecting", "affect", "involved", "involves", "involving",
    "involve",
))  # fmt: skip
_ARISES = frozenset((
    "reported", "raised", "opened", "found", "observed", "recorded", "detected", "occurred", "occurs", "arose", "assigned", "related",
    "relates", "relating", "linked", "attributed", "initiated", "logged", "obtained", "registered", "belongs", "belonged", "issued",
    "seen", "noted", "started", "received", "filed", "made", "addressed", "addresses", "corrects", "corrected",
))  # fmt: skip
_TIES = frozenset(("of", "in", "for", "on", "from", "to", "against", "with", "by", "during"))
_BESIDE = COPULAS | _NOT | {"did", "does", "do", "been", "which", "that", "also", "only", ",", "as"}

Column = tuple[int, int]


@dataclass(frozen=True)
class _Tie:
    column: Column  # in which the rows of what refers name the other
    referring: Mention
    denied: bool


def judge_relations(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return a verdict for each name that the words before it tie to another."""
    for at, other in enumerate(reading.entities):
        before = list(reading.entities[:at])
        nearest = [before[-1:], stated_of(reading, before, other.first)[-1:]]
        for one in dict.fromkeys(m for some in nearest for m in some):
            tied = _tied(reading, one, other, one, index) or _tied(reading, other, one, one, index)
            if tied is not None:
                yield from _judge(reading, one, other, tied, index)
                break


def _judge(reading: Reading, one: Mention, other: Mention, tie: _Tie, index: Index) -> Iterator[Judged]:
    """Judge each name of the list that is referred to, against every one of what refers to it."""
    first, second = group_of(reading, one), _listed(reading, other)
    referring, referred = (first, second) if tie.referring is one else (second, first)
    owners = [index.evidence.entities[m.what[0]] for m in referring]
    for mention in referred:
        having = [_holds(entity, tie.column, mention, index) for entity in owners]
        crossed = len(referred) > 1 and len(owners) > 1  # "1 and 2 concerned A and B": each has one of them
        right = (any(having) if crossed else all(having)) != tie.denied
        against = next((e for e, has in zip(owners, having, strict=True) if has == tie.denied), owners[0])
        yield _told(reading, mention, against, tie.column, right=right, index=index)


def _listed(reading: Reading, first: Mention) -> list[Mention]:
    """Return the names of the list that begins with one."""
    later = reading.entities[reading.entities.index(first) :]
    return [m for m in later if first in group_of(reading, m)]


def _holds(owner: Entity, column: Column, referred: Mention, index: Index) -> bool:
    """Tell whether the rows of an entity name another: in a column, or list it anywhere, "batch" and "batches" of a deviation."""
    held = [c for t, r in owner.rows if t == column[0] for c in names_in(index.evidence.cell(t, r, column[1]))]
    return any(key in held or _tells_of(owner, key, index) for _, key in referred.what)


def _told(reading: Reading, mention: Mention, owner: Entity, column: Column, *, right: bool, index: Index) -> Judged:
    words = reading.words[mention.first : mention.last + 1]
    quote = " ".join(w.text for w in words)
    row = next(r for t, r in owner.rows if t == column[0])
    evidence = (
        f"{index.evidence.tables[column[0]].place(row, column[1])}: '{index.evidence.cell(column[0], row, column[1])}'"
    )
    message = "" if right else f"'{quote}' is contradicted: {evidence}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return Judged(words[0].start, words[-1].end, quote, "name", verdict, owner.key, message, evidence)


def _tells_of(owner: Entity, key: str, index: Index) -> bool:
    return any(
        key in names_in(index.evidence.cell(t, r, c))
        for t, r in owner.rows
        for table, c, _ in index.evidence.ties
        if table == t
    )


def _tied(reading: Reading, referring: Mention, referred: Mention, first: Mention, index: Index) -> _Tie | None:
    """Return how the rows of one name the other in a column, where the words between them say that relation; None where they do not."""
    if len(referring.what) != 1:
        return None
    owner, last = index.evidence.entities[referring.what[0]], referred if first is referring else referring
    dated = {k for p in reading.periods for k in range(p.first, p.last + 1)}
    between = [w.text.casefold() for k, w in enumerate(reading.words) if first.last < k < last.first and k not in dated]
    said = " ".join(w.text.casefold() for w in reading.words[first.last + 1 : last.first])
    nouns = {noun for noun, _ in referred.what}
    for table, _ in owner.rows:
        held = index.evidence.tables[table]
        for column in held.columns:
            noun = next((n for t, c, n in index.evidence.ties if (t, c) == (table, column.index) and n in nouns), "")
            if not noun or not _tells(owner, (table, column.index), noun, index):
                continue
            words = tuple(
                w for k in index.evidence.lexicon.links if (k.table, k.column) == (held.name, column.header) for w in k.words
            )
            plain = (
                _plain(said, held.noun, noun) or any(f" {w} " in f" {said} " for w in words) or _says(said, column.header)
            )
            if plain or _apposed(reading, last, between, held.noun, noun) or _related(between, held.noun, noun):
                return _Tie((table, column.index), referring, denied=bool(_NOT & set(between)))
    return None


def _tells(owner: Entity, column: Column, noun: str, index: Index) -> bool:
    """Tell whether a column may say which of a kind the rows of an entity refer to: not where it names another kind there."""
    if column in index.evidence.references:
        return True
    named = [c for t, r in owner.rows if t == column[0] for c in names_in(index.evidence.cell(t, r, column[1]))]
    return any((noun, name) in index.evidence.entities for name in named)


def _says(said: str, header: str) -> bool:
    """Tell whether words between two names say a header by its root: "is a recurrence of" says "recurring_of"."""
    roots = {s[:ROOT] for s in stems_of(header) if len(s) > ROOT}
    return any(word[:ROOT] in roots for word in said.split() if len(word) > ROOT)


def _bare(words: Sequence[str], noun: str, other: str) -> list[str]:
    """Return words without articles and without what the two names are called."""
    named = {form for one in (noun, other) for form in (one, f"{one}s", f"{one}es")}
    return [w for w in words if w not in named and w not in ("the", "a", "an")]


def _plain(said: str, noun: str, other: str) -> bool:
    """Tell whether words between two names only tie them: "DEV-2020-014 (batch 825)", "CAPA-2020-003 for deviation DEV-2020-003"."""
    words = [w for w in said.split() if w not in ("the", noun, other, f"{other}s", f"{other}es")]
    if any(words[-len(cause) :] == cause for cause in _CAUSES):
        return True
    return words in (["("], ["of"], ["for"], ["in"], ["on"], ["from"], ["concerns"], ["against"], ["from", "supplier"])


def _related(between: Sequence[str], noun: str, other: str) -> bool:
    """Tell whether words say that one thing concerns another, or arose in it: "was reported in", "did not affect", ", of"."""
    words = _bare(without_brackets(list(between)), noun, other)
    if words in ([",", "of"], [",", "in"], [",", "for"], [",", "from"]):
        return True
    said = bool(words) and set(words) <= _CONCERNS | _ARISES | _TIES | _BESIDE
    return said and (words[-1] in _CONCERNS or (words[-1] in _TIES and bool((_CONCERNS | _ARISES) & set(words))))


def _apposed(reading: Reading, last: Mention, between: Sequence[str], noun: str, other: str) -> bool:
    """Tell whether a name with its noun stands between commas right behind another: "OOS-2, batch 3, was confirmed"."""
    tail = [w.text.casefold() for w in reading.words[last.last + 1 : last.last + 3]]
    closed = tail[:1] == [","] and bool(tail[1:]) and (tail[1] in COPULAS or tail[1].endswith("ed"))
    return closed and len(between) > 1 and _bare(between, noun, other) == [","]
