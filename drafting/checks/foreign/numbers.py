"""Judge the numbers of a sentence: each is tied to what it is about, looked up or recomputed, and compared. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from drafting.checks.foreign import aggregates, counting, pairs, swaps
from drafting.checks.foreign.binding import BEHIND, Focus, attribute_of, owners_of, relation_before
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lookup import Cell, cells_about, content, matching, shown
from drafting.checks.foreign.reading import Reading, Said, value_of
from drafting.checks.foreign.scope import Scope
from drafting.checks.foreign.tables import MISSING, Entity
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS

_LIMIT_WORDS = frozenset(("limit", "limits", "specification", "criterion", "nmt", "nlt", "level", "requirement", "requires"))
REACH = 8  # words around a number within which others say that it speaks of other records
_BACK = frozenset(("it", "its", "he", "she", "his", "her", "they", "their"))
_SPANS = frozenset(("last", "past", "previous", "next", "final"))


@dataclass(frozen=True)
class Text:
    """What is known of a text while its sentences are read in order."""

    index: Index
    scope: Scope
    focus: Focus = field(default_factory=Focus)


def judge_numbers(reading: Reading, text: Text) -> list[Judged]:
    """Return a verdict for each number of a sentence."""
    done: set[int] = set()
    found: list[Judged] = []
    for judged, used in pairs.judge_pairs(reading, text.focus, text.index):
        done |= used
        found += judged
    for at in reading.numbers:
        if at not in done and not _spans(reading, at) and not _idiom(reading, at, text.index):
            found.append(_judge(reading, at, text))
    found.sort(key=lambda j: j.start)
    return swaps.renamed(found, reading, text.index)


def _spans(reading: Reading, at: int) -> bool:
    """Tell whether a number only says how long a span is: "their last five games"."""
    return at > 0 and reading.words[at - 1].text.casefold() in _SPANS


def _idiom(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether a number word counts nothing: "in this one", and the field's own idioms."""
    words = reading.words
    near = " ".join(w.text.casefold() for w in words[max(0, at - 2) : at + 3])
    if words[at].text.casefold() == "one" and at and words[at - 1].text.casefold() in ("this", "that", "which", "another"):
        return True
    return any(f" {idiom} " in f" {near} " for idiom in index.evidence.lexicon.idioms)


def _judge(reading: Reading, at: int, text: Text) -> Judged:
    index, words = text.index, reading.words
    said, relation = value_of(words[at]), relation_before(words, at)
    unchecked = _uncovered(reading, at, index)
    if unchecked is not None:
        return unchecked
    attribute = attribute_of(reading, at, index)
    limit = aggregates.limit(reading, at, said, text) if limited(reading, at) else None
    if limit is not None:
        return limit
    counted = counting.count(reading, at, said, relation, text)
    if counted is not None and (
        attribute is None or attribute.first > at + BEHIND or attribute.last < at or counts(attribute, index)
    ):
        return counted
    stems = attribute.stems if attribute else text.focus.stems
    computed = aggregates.aggregate(reading, at, said, relation, stems, text) if stems and not reading.entities else None
    found = _owned(reading, at, said, relation, stems, text) if stems else None
    if computed is not None and _over_many(reading, attribute):  # of the rows in scope, not of the batch before
        return found if found and found.verdict is Verdict.SUPPORTED else computed
    over_rows = aggregates.aggregate(reading, at, said, relation, stems, text) if stems and not (found or counted) else None
    return found or counted or over_rows or _literal(reading, at, said, index)


def _uncovered(reading: Reading, at: int, index: Index) -> Judged | None:
    """Return the verdict on a number that speaks of records which are not evidence, as the lexicon's words tell."""
    averaged = any(f" {phrase} " in f" {clause(reading, at)} " for phrase in index.evidence.lexicon.uncheckable)
    if not averaged and not elsewhere(reading, at, index):
        return None
    judged = told(reading, at, Verdict.NOT_FOUND, "The evidence does not cover what this speaks of.", nowhere=True)
    return replace(judged, kind="uncheckable") if averaged else judged


def counts(attribute: Said, index: Index) -> bool:
    """Tell whether the words of an attribute are only what rows are called."""
    return all(s in index.row_nouns for s in content(attribute.stems))


def _over_many(reading: Reading, attribute: Said | None) -> bool:
    """Tell whether a sentence without a name speaks of many rows: it says a statistic and refers back to nothing."""
    words = [w.text.casefold() for w in reading.words]
    back = _BACK & set(words) or any(words[k - 1] in ("the", "this", "that") for k, _ in reading.nouns if k)
    return attribute is not None and bool(attribute.stems & set(STATISTICS)) and not back


def _owned(reading: Reading, at: int, said: Decimal, relation: str, stems: frozenset[str], text: Text) -> Judged | None:
    index = text.index
    for owners in owners_of(reading, at, text.focus, index):
        held = [cells_about(index, owner, stems) for owner in owners]
        if all(held):
            return compared(reading, at, said, relation, owners, held, index)
    return None


def compared(
    reading: Reading,
    at: int,
    said: Decimal,
    relation: str,
    owners: Sequence[Entity],
    held: Sequence[tuple[Cell, ...]],
    index: Index,
) -> Judged:
    """Hold a number against the cells of its owners; each of several owners must have it."""
    empty = next((cells[0] for cells in held if all(c.literal.casefold() in MISSING for c in cells)), None)
    if empty is not None:
        return told(reading, at, Verdict.NOT_FOUND, f"The evidence has no value there: {shown(empty, index)}.")
    against = [cells[0] for cells in held if matching(said, cells, relation) is None]
    about = (
        f"{' and '.join(o.key for o in owners)}: {index.evidence.tables[held[0][0].table].columns[held[0][0].column].header}"
    )
    if against:
        message = f"'{reading.words[at].text}' is contradicted: {shown(against[0], index)}."
        judged = told(reading, at, Verdict.CONTRADICTED, message, about=about, evidence=shown(against[0], index))
        alone = owners[0] if len(owners) == 1 else None
        return replace(
            judged,
            owner=(alone.noun, alone.key) if alone else None,
            cell=(against[0].table, against[0].row, against[0].column),
        )
    found = matching(said, held[0], relation)
    judged = told(reading, at, Verdict.SUPPORTED, about=about, evidence=shown(found, index) if found else "")
    return replace(
        judged, owner=(owners[0].noun, owners[0].key), cell=(found.table, found.row, found.column) if found else None
    )


def elsewhere(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether a number speaks of what the evidence does not cover: such words stand near it; with a hyphen, right behind it."""
    words = reading.words
    near = " ".join(w.text.casefold() for w in words[max(0, at - REACH) : at + 1 + REACH] if w.text not in ("while", ";"))
    behind = " ".join(w.text.casefold() for w in words[at + 1 : at + 1 + REACH])
    return any(
        f"{behind} ".startswith(f"{phrase} ") if phrase.startswith("-") else f" {phrase} " in f" {near} "
        for phrase in index.evidence.lexicon.elsewhere
    )


def clause(reading: Reading, at: int) -> str:
    """Return the words of the clause around a word, in lower case."""
    words = reading.words
    first = max((k + 1 for k in range(at) if words[k].text in (";", "while", "but")), default=0)
    last = min((k for k in range(at, len(words)) if words[k].text in (";", "while", "but")), default=len(words))
    return " ".join(w.text.casefold() for w in words[first:last])


def limited(reading: Reading, at: int) -> bool:
    """Tell whether a number is said as a limit: "limit of 0.36 %", "not more than 0.36 %"."""
    before = [w.text.casefold() for w in reading.words[max(0, at - 6) : at]]
    cuts = [k for k, w in enumerate(before) if w in (",", ";", "and", ")")]
    return bool(_LIMIT_WORDS & set(before[cuts[-1] + 1 if cuts else 0 :]))


def _literal(reading: Reading, at: int, said: Decimal, index: Index) -> Judged:
    """Say whether a number that could not be tied stands in the evidence at all."""
    somewhere = said in index.literals
    message = (
        f"'{reading.words[at].text}' stands in the evidence, but not where the text says."
        if somewhere
        else f"The number '{reading.words[at].text}' stands nowhere in the evidence given."
    )
    return told(reading, at, Verdict.NOT_FOUND, message, nowhere=not somewhere and reading.words[at].kind == "number")


def told(
    reading: Reading,
    at: int,
    verdict: Verdict,
    message: str = "",
    *,
    about: str = "",
    evidence: str = "",
    nowhere: bool = False,
) -> Judged:
    """Return what is said of one word of a sentence."""
    word = reading.words[at]
    return Judged(word.start, word.end, word.text, "number", verdict, about, message, evidence, nowhere)


def statistics_near(reading: Reading, at: int) -> frozenset[str]:
    """Return the statistics that a sentence says before a number."""
    return frozenset(w.stem for w in reading.words[:at] if w.stem in STATISTICS)
