"""Judge the numbers of a sentence: each is tied to what it is about, looked up or recomputed, and compared. Pure."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice

from drafting.checks.foreign import (
    aggregates,
    apart,
    besides,
    conditions,
    contained,
    counting,
    doubts,
    elapsed,
    elided,
    inscribed,
    lists,
    narrowing,
    pairs,
    pointed,
    populations,
    portions,
    ranged,
    rates,
    reaches,
    revisions,
    rowmates,
    scores,
    selecting,
    shares,
    specranges,
    states,
    stating,
    statistic,
    successive,
    swaps,
    uses,
    yearly,
)
from drafting.checks.foreign.attributes import BEHIND, attribute_of, content_less, has_number, of_whole, outer, relation_of
from drafting.checks.foreign.binding import COMBINED, Focus, belongs, joined, owners_of
from drafting.checks.foreign.comparing import SURE, compared, literal, together, told, unit_behind
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import RESULTS
from drafting.checks.foreign.lookup import Cell, cells_about, content, matching, whole_said
from drafting.checks.foreign.measures import alike, unit_of
from drafting.checks.foreign.reading import Reading, Said, value_of
from drafting.checks.foreign.scope import Scope
from drafting.checks.foreign.superlatives import held_by
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.uncounted import (
    clause,
    counts_unknown,
    elsewhere,
    idiom,
    numbering,
    part_of_more,
    sequential,
    spans,
)
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS
from drafting.checks.units import Unit

_LIMIT_WORDS = frozenset(("limit", "limits", "specification", "criterion", "nmt", "nlt", "level", "requirement", "requires"))
MOST_CANDIDATES = 4  # that a sentence without a name may go on about
PLAIN = 0.8  # how well words must say an attribute for a number of another unit to contradict it
REACH = 8  # words around a number within which others say that it speaks of other records
_REPORTED = frozenset(("reported", "recorded", "measured", "obtained", "observed", "detected", "determined"))
TIES = frozenset(
    ("in", "for", "of", "from", "by", "at", "on", "to", "against", "with")
)  # between a number and its owner behind
_BACK = frozenset(("it", "its", "he", "she", "his", "her", "they", "their"))


@dataclass(frozen=True)
class Text:
    """What is known of a text while its sentences are read in order."""

    index: Index
    scope: Scope
    focus: Focus = field(default_factory=Focus)
    title: frozenset[str] = frozenset()  # the words of the lines before the first sentence


def judge_numbers(reading: Reading, text: Text) -> list[Judged]:
    """Return a verdict for each number of a sentence."""
    done: set[int] = set()
    found: list[Judged] = []
    for judged, used in pairs.judge_pairs(reading, text.focus, text.index):
        done |= used
        found += judged
    for at in reading.numbers:
        if at not in done and not numbering(reading, at) and not spans(reading, at) and not idiom(reading, at, text.index):
            found.append(judge_number(reading, at, text))
    found = portions.held(elided.held(contained.held(found, reading, text), reading, text), reading, text)
    found = rowmates.held(successive.held(found, reading, text), reading, text)
    found = populations.held(shares.held(sorted(found, key=lambda j: j.start), text.index), reading)
    return swaps.renamed(doubts.undoubted(found, reading, text.index), reading, text.index)


def judge_number(reading: Reading, at: int, text: Text) -> Judged:
    """Return the verdict on one number of a sentence."""
    reading = besides.alone(reading, at)
    index, words = text.index, reading.words
    said, relation = value_of(words[at]), relation_of(words, at)
    unchecked = _uncovered(reading, at, index) or specranges.judge_range(reading, at, text)
    unchecked = unchecked or ranged.judge_ranged(reading, at, said, text)
    if unchecked is None and (not limited(reading, at) or pointed.of_result(reading, at)):
        unchecked = pointed.judge_pointed(reading, at, said, relation, text)
    unchecked = unchecked or conditions.judge_conditioned(reading, at, text)
    if unchecked is not None:
        return unchecked
    judged = (
        inscribed.judge_inscribed(reading, at, index)
        or yearly.judge_yearly(reading, at, said, relation, text)
        or states.judge_sized(reading, at, index)
    )
    judged = judged or statistic.judge_statistic(reading, at, said, text)
    judged = judged or elapsed.judge_elapsed(reading, at, said, text) or apart.judge_apart(reading, at, said, text)
    judged = (
        judged or shares.judge_share(reading, at) or scores.judge_difference(reading, at, said, relation, text.focus, index)
    )
    rated = rates.judge_rate(reading, at, said, relation, text.focus, index)
    judged = judged or (rated if rated is not None and rated.verdict is Verdict.SUPPORTED else None)
    judged = judged or reaches.judge_reached(reading, at, said, relation, text.focus, index)
    judged = judged or _of_limit(reading, at, said, text) or uses.judge_spread(reading, at, said, text)
    if judged is not None:
        return judged
    attribute = attribute_of(reading, at, index)
    reached = "" if attribute is not None and attribute.first > at else reaches.column_reached(reading, at, index)
    if reached:
        attribute = Said(at, at, frozenset(stems_of(reached)))
    if part_of_more(reading, at):
        return told(reading, at, Verdict.NOT_FOUND, "It is open of what this is a part or difference.")
    if counts_unknown(reading, at, attribute, index):
        return literal(reading, at, said, index)
    selected = selecting.judge_selected(reading, at, said, relation, text)
    if selected is not None:
        open_ = selected.verdict is Verdict.NOT_FOUND and not selecting.says_time(reading, text.index)
        own = _tied(reading, at, said, relation, attribute, text) if open_ else None
        return own if own is not None and own.verdict is Verdict.SUPPORTED else selected
    judged = _tied(reading, at, said, relation, attribute, text)
    judged = lists.settled(judged, reading, at, attribute, text) or literal(reading, at, said, index)
    return rated if rated is not None and judged.verdict is not Verdict.SUPPORTED else judged


def _of_limit(reading: Reading, at: int, said: Decimal, text: Text) -> Judged | None:
    """Return the verdict on a number that is said as a limit, or as one side of its change; None where it is none."""
    end = revisions.side(reading, at)
    if end is not None:
        return revisions.judge_revision(reading, at, said, end, text) or literal(reading, at, said, text.index)
    before = [w.text.casefold() for w in reading.words[max(0, at - 6) : at]]
    if _says_which(before) and _LIMIT_WORDS & set(before):
        return literal(reading, at, said, text.index)
    if limited(reading, at):
        return stating.named(reading, at, said, text) or literal(reading, at, said, text.index)
    return None


def _tied(reading: Reading, at: int, said: Decimal, relation: str, attribute: Said | None, text: Text) -> Judged | None:
    """Return the verdict on a number by the likeliest of what it may be about: a count, a cell of an owner, a statistic of rows."""
    index, words = text.index, reading.words
    counted = counting.count(reading, at, said, relation, text) if of_whole(reading, at) is None else None
    if counted is not None and (
        counting.directly(reading, at)
        or attribute is None
        or attribute.first > at + BEHIND
        or attribute.last < at
        or counts(attribute, index)
    ):
        return counted
    spoken = attribute is None and any(s.stems & index.numeric_tokens for s in reading.said)
    stems = attribute.stems if attribute else frozenset[str]() if spoken else text.focus.stems
    if attribute is not None and content_less(stems) and not counting.directly(reading, at):  # "1.5 events per batch"
        stems |= content(text.focus.stems)
    spread = aggregates.range_end(reading, at)
    stems = (stems - set(STATISTICS)) | spread if spread and stems else stems
    computed = aggregates.aggregate(reading, at, said, relation, stems, text) if stems and not reading.entities else None
    own = stems - outer(reading, attribute) if attribute else stems
    found = _joined(reading, at, said, relation, attribute, own, text)
    if found is None and attribute is not None and attribute.last < at and words[at - 1].text.casefold() == "including":
        return told(reading, at, Verdict.NOT_FOUND, "It is open of what this is a part.")
    found = found or (_owned(reading, at, said, relation, own, text) if stems else None)
    if found is None and attribute is not None and stems:  # "dissolution was 83 %, lowest unit 80 %"
        found = _owned(reading, at, said, relation, stems | _before(reading, attribute, at), text)
    if computed is not None and _over_many(reading, attribute, spread):  # of the rows in scope, not of the batch before
        return found if found and found.verdict is Verdict.SUPPORTED else computed
    unsaid = attribute is None or content_less(attribute.stems)
    if unsaid and not counted and (found is None or found.verdict is Verdict.NOT_FOUND):
        found = _only(reading, at, said, relation, text) or found
    over_rows = aggregates.aggregate(reading, at, said, relation, stems, text) if stems and not (found or counted) else None
    guessed = attribute is None and not (_BACK | _REPORTED | RESULTS) & {w.stem for w in words[:at]}
    if guessed and over_rows is not None and over_rows.verdict is Verdict.CONTRADICTED:
        return None  # the sentence has words of its own for what it speaks of
    return found or counted or over_rows


def _only(reading: Reading, at: int, said: Decimal, relation: str, text: Text) -> Judged | None:
    """Judge a number of which a sentence only says whose it is: "OOS-2020-017 reports 5.91 %". Its owner must have one such number."""
    index = text.index
    unit = unit_behind(reading, at)
    for owners in owners_of(reading, at, text.focus, index):
        held = tuple(
            Cell(t, r, c.index, index.evidence.cell(t, r, c.index))
            for t, r in owners[0].rows
            for c in index.evidence.tables[t].columns
            if c.kind == "number"
            and c.index != index.evidence.tables[t].key
            and (t, c.index) not in index.evidence.references
            if unit is None or _is_unit(unit, unit_of((t, r, c.index), index))
        )
        if unit is not None and len({cell.numbers for cell in held}) == 1:
            judged = compared(reading, at, said, relation, owners[:1], (held,), index)
            acted = judged.verdict is Verdict.CONTRADICTED and _acted(reading, at)
            return told(reading, at, Verdict.NOT_FOUND, "It is open of what this is.") if acted else judged
    return None


def _acted(reading: Reading, at: int) -> bool:
    """Tell whether a participle behind a number says what was done with so much of it: "216 kg of batch 7 were destroyed"."""
    behind = [w.text.casefold() for w in reading.words[at + 1 :]]
    return any(w.endswith("ed") and w not in _REPORTED for w in behind)


def _is_unit(unit: Unit, held: Unit | None) -> bool:
    return held is not None and (unit == held or (unit.dimension != held.dimension and alike(unit, held)))


def _of_unit(cells: tuple[Cell, ...], unit: Unit | None, index: Index) -> tuple[Cell, ...]:
    """Return the cells that a number of this unit may be about: another kind of unit only where the attribute is plainly said."""
    if unit is None or not cells or cells[0].score >= PLAIN:
        return cells
    units = {cell: unit_of((cell.table, cell.row, cell.column), index) for cell in cells}
    return tuple(cell for cell, held in units.items() if held is None or alike(held, unit))


def _before(reading: Reading, attribute: Said, at: int) -> frozenset[str]:
    """Return what a sentence spoke of before the words of an attribute."""
    earlier = [content(s.stems) for s in reading.said if s.last < attribute.first and not has_number(reading, s, at)]
    return next((stems for stems in reversed(earlier) if stems), frozenset())


def _uncovered(reading: Reading, at: int, index: Index) -> Judged | None:
    """Return the verdict on a number that speaks of records which are not evidence, as the lexicon's words tell."""
    said = index.evidence.lexicon.uncheckable
    averaged = any(f" {phrase} " in f" {clause(reading, at)} " for phrase in said)
    if not averaged and not elsewhere(reading, at, index):
        return None
    judged = told(reading, at, Verdict.NOT_FOUND, "The evidence does not cover what this speaks of.", nowhere=True)
    behind = f" {' '.join(w.text.casefold() for w in reading.words[at + 1 : at + 1 + REACH])} "
    itself = any(
        f" {phrase} " in behind for phrase in said
    )  # "five of their last six", in whatever a sequence is said before
    return replace(judged, kind="uncheckable") if itself or (averaged and not sequential(reading, at, index)) else judged


def counts(attribute: Said, index: Index) -> bool:
    """Tell whether the words of an attribute are only what rows are called."""
    return all(s in index.row_nouns for s in content(attribute.stems))


def _over_many(reading: Reading, attribute: Said | None, spread: frozenset[str]) -> bool:
    """Tell whether a sentence without a name speaks of many rows: it says a statistic or range and refers back to nothing."""
    words = [w.text.casefold() for w in reading.words]
    back = _BACK & set(words) or any(words[k - 1] in ("the", "this", "that") for k, _ in reading.nouns if k)
    return attribute is not None and bool(spread or attribute.stems & set(STATISTICS)) and not back


def _joined(
    reading: Reading, at: int, said: Decimal, relation: str, attribute: Said | None, stems: frozenset[str], text: Text
) -> Judged | None:
    """Judge a number by an attribute that two places of its sentence say together."""
    if attribute is None:
        return None
    held = (
        narrowing.narrowed(reading, at, stems, text)
        if attribute.first > at
        else narrowing.continued(reading, at, attribute, text)
    )
    return compared(reading, at, said, relation, *held, text.index) if held else None


def _others(reading: Reading, at: int, said: Decimal, relation: str, stems: frozenset[str], text: Text) -> bool:
    """Tell whether a number of a sentence that has named no owner yet, not even by "its", is right of another that it may go on about."""
    if any(m.last < at for m in reading.entities) or _BACK & {w.text.casefold() for w in reading.words[:at]}:
        return False
    candidates = islice(owners_of(reading, at, text.focus, text.index), MOST_CANDIDATES)
    every = ([cells_about(text.index, owner, stems) for owner in owners] for owners in candidates)
    return any(all(matching(said, cells, relation) for cells in held) for held in every if all(held))


def _owned(reading: Reading, at: int, said: Decimal, relation: str, stems: frozenset[str], text: Text) -> Judged | None:
    index, unit = text.index, unit_behind(reading, at)
    wholes: set[str] = set()  # what owns the whole of what is said: another's part is not its
    passed: set[str] = set()  # kinds of what was named nearer and has no such thing
    for owners in owners_of(reading, at, text.focus, index):
        held = [_of_unit(cells_about(index, owner, stems), unit, index) for owner in owners]
        last = max((m.last for m in reading.entities if m.last < at), default=at - REACH)
        since = {w.text.casefold() for w in reading.words[max(0, last) : at]}
        several = owners if len(owners) > 1 else joined(reading, at, text.focus, index) if COMBINED & since else ()
        own = not several and since.isdisjoint(index.evidence.lexicon.parts) and _whole(owners, index)
        if all(held) and COMBINED & since and not own:
            return _summed(reading, at, said, several, stems, index)
        if all(held) and wholes and not wholes & {owner.noun for owner in owners}:
            return told(reading, at, Verdict.NOT_FOUND, "Of its owner the evidence has the whole only, not this part.")
        if all(held):
            judged = compared(reading, at, said, relation, owners, held, index)
            guessed = bool(passed - {owner.noun for owner in owners}) or _only_behind(reading, at, owners)
            return _sure(judged, reading, at, said, relation, owners, stems, text, guessed=guessed)
        passed |= {owner.noun for owner in owners}
        if last >= 0 and all(whole_said(index, owner, stems) for owner in owners):
            wholes |= {owner.noun for owner in owners}
    together_said = COMBINED & {w.text.casefold() for w in reading.words[:at]}
    several = joined(reading, at, text.focus, index) if together_said else ()
    return _summed(reading, at, said, several, stems, index) if several else None


def _whole(owners: tuple[Entity, ...], index: Index) -> bool:
    """Tell whether an owner is alone and has members: what it combines for is its own."""
    return len(owners) == 1 and any(belongs(other, owners[0], index) for other in index.evidence.entities.values())


def _sure(
    judged: Judged, reading: Reading, at: int, said: Decimal, relation: str, owners: tuple[Entity, ...],
    stems: frozenset[str], text: Text, *, guessed: bool,
) -> Judged:  # fmt: skip
    """Return a verdict that stands: what supports it, or contradicts it where nobody else may be meant."""
    if judged.verdict is not Verdict.CONTRADICTED:
        return judged
    theirs = _of_member(reading, at, said, relation, owners, stems, text.index)
    if theirs is None and (guessed or _others(reading, at, said, relation, stems, text)):
        return told(reading, at, Verdict.NOT_FOUND, "It is open whose this is.")
    return theirs or judged


def _of_member(
    reading: Reading, at: int, said: Decimal, relation: str, owners: tuple[Entity, ...], stems: frozenset[str], index: Index
) -> Judged | None:
    """Support a number by one that is named before it and belongs to its owner: "Leeds got a lift from A , who had 12"."""
    if len(owners) > 1:
        several = [cells_about(index, owner, stems) for owner in owners]
        judged = (
            together(reading, at, said, owners, several, index)
            if all(several) and len({c[0].row for c in several}) > 1
            else None
        )
        return judged if judged is not None and judged.verdict is Verdict.SUPPORTED else None
    for mention in (m for m in reversed(reading.entities) if m.last < at):
        for member in (index.evidence.entities[key] for key in mention.what if key in index.evidence.entities):
            cells = cells_about(index, member, stems) if belongs(member, owners[0], index) else ()
            if cells and cells[0].score > SURE and matching(said, cells, relation):
                return compared(reading, at, said, relation, (member,), (cells,), index)
    return None


def _only_behind(reading: Reading, at: int, owners: tuple[Entity, ...]) -> bool:
    """Tell whether an owner is only named far behind a number, with no word that ties it to that: a guess."""
    keys = {(owner.noun, owner.key) for owner in owners}
    named = [m for m in reading.entities if keys & set(m.what)]
    if (
        held_by(reading, at) is not None
        or not named
        or named[0].first < at
        or _BACK & {w.text.casefold() for w in reading.words[:at]}
    ):
        return False  # "with his 20 points, A"
    between = {w.text.casefold() for w in reading.words[at + 1 : named[0].first]}
    return bool(between & {",", ";", "and", "while", "as", "but"}) or not between & TIES


def _summed(
    reading: Reading, at: int, said: Decimal, owners: tuple[Entity, ...], stems: frozenset[str], index: Index
) -> Judged:
    """Judge what several are said to have together; open where it is not said who, or not plainly of what."""
    held = [cells_about(index, owner, stems) for owner in owners]
    if owners and all(cells and cells[0].score > SURE for cells in held):
        return together(reading, at, said, owners, held, index)
    return told(reading, at, Verdict.NOT_FOUND, "It is open whose sum this is.")


def limited(reading: Reading, at: int) -> bool:
    """Tell whether a number is said as a limit: "limit of 0.36 %", "not more than 0.36 %"."""
    before = [w.text.casefold() for w in reading.words[max(0, at - 6) : at]]
    cuts = [k for k, w in enumerate(before) if w in (",", ";", "and", ")")]
    if _says_which(before):
        return False
    stated = before[-3:] in (["not", "more", "than"], ["not", "less", "than"])
    return stated or bool(_LIMIT_WORDS & set(before[cuts[-1] + 1 if cuts else 0 :])) or pointed.limit_behind(reading, at)


def _says_which(before: list[str]) -> bool:
    """Tell whether a number only says of what a limit before it is: "the limit of 80 N for the 40 mg tablets"."""
    return before[-1:] == ["for"] or before[-2:] in (["for", "the"], ["of", "the"])
