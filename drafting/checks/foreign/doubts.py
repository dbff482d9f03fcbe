"""Withdraw a contradiction that the sentence itself speaks against: its number is of a part, a moment, other records, or someone unknown. Pure.

What supports a number stays. A figure is contradicted only where nothing beside it says that the cell which it was held against is not what it means.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import cast

from drafting.checks.foreign import uncounted
from drafting.checks.foreign.attributes import relation_of
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import RESULTS
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.tables import names_in
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import cut

Place = tuple[int, int]
MANIFOLD = Decimal("1.4")  # how many times less than a whole a figure may be one of its parts
NEAR = 4  # signs between the two numbers of a score
FAR = 9  # signs between the two numbers of a pair: "8 - for - 12"
SHORT = 6  # words behind a number within which "shy of" says that so much is missing
PARTS = 3  # columns of parts that make another one a whole
_LEADS = frozenset(("in", "at", "after", "during", "through", "by", "into", "entering", "before", "over", "since", "until"))
_SMALL = frozenset(("the", "a", "an", "his", "her", "their", "its", "-", "–", "just", "only"))
_CUTS = frozenset((
    ";", "while", "whereas", "but", "as", "who", "which", "when", "to", "with", "despite", "than", "(", ")", ".", "include", "including",
))  # fmt: skip
_LISTS = frozenset((",", "and"))
_BEHIND = frozenset(
    (
        ",",
        ".",
        ";",
        ")",
        "(",
        "and",
        "alone",
        "but",
        "while",
        "as",
        "on",
        "to",
        "with",
        "for",
        "from",
        "by",
        "before",
        "after",
    )
)
_DENIALS = frozenset(("no", "neither", "nobody", "none", "nor"))
_ORDINAL = frozenset(("first", "second", "third", "fourth", "one", "two", "three", "final"))
_SHORT = frozenset(("shy", "short", "away"))
_MISSING = frozenset(
    ("of", "from", ".", ",", ";", ")", "and", "but")
)  # behind these words; "from short range" misses nothing


def undoubted(found: Sequence[Judged], reading: Reading, index: Index) -> list[Judged]:
    """Return the verdicts on the numbers of a sentence, each contradiction that it speaks against as not found."""
    places = {w.start: at for at, w in enumerate(reading.words)}
    scores, guessed = _scores(found), _guessed(found, reading)
    return [
        _withdrawn(j, "It is open whose these are.") if j in guessed
        else j if j in scores else _undoubted(j, reading, places.get(j.start), index)
        for j in found
    ]  # fmt: skip


def _withdrawn(judged: Judged, why: str, *, nowhere: bool = False) -> Judged:
    return replace(judged, verdict=Verdict.NOT_FOUND, message=why, evidence="", cell=None, nowhere=nowhere)


def _guessed(found: Sequence[Judged], reading: Reading) -> set[Judged]:
    """Return the verdicts on two numbers said together of which neither agrees with one whom their sentence does not name: someone else may be meant."""
    named = {key for m in reading.entities for key in m.what}
    return {
        j
        for one, other in pairwise(found)
        if one.cell and other.cell and one.owner == other.owner and one.owner not in named
        if other.start - one.end <= FAR
        if one.verdict is other.verdict is Verdict.CONTRADICTED
        for j in (one, other)
    }


def _scores(found: Sequence[Judged]) -> set[Judged]:
    """Return the verdicts on scores, which are held against what their own words say: one column of two rows, right behind each other."""
    return {
        j
        for one, other in pairwise(found)
        if one.cell and other.cell and one.cell[::2] == other.cell[::2] and one.cell != other.cell
        if other.start - one.end <= NEAR
        for j in (one, other)
    }


def _undoubted(judged: Judged, reading: Reading, at: int | None, index: Index) -> Judged:
    if at is None or judged.kind != "number" or judged.verdict is not Verdict.CONTRADICTED or judged.cell is None:
        return judged
    nowhere = uncounted.elsewhere(reading, at, index)
    why = _why(reading, at, judged.cell, index)
    if nowhere:
        why = "The evidence does not cover what this speaks of."
    why = why or _recorded(judged, reading, at, index)
    return _withdrawn(judged, why, nowhere=nowhere) if why else judged


def _recorded(judged: Judged, reading: Reading, at: int, index: Index) -> str:
    """Return what is to be said of a figure that a record about its owner has of the same attribute: "the initial assay was 93.8 %"."""
    said, spoken = value_of(reading.words[at]), {s for one in reading.said for s in one.stems} - RESULTS
    for table, row in _about(judged, index) if judged.owner and judged.cell else ():
        held = index.evidence.tables[table]
        named = {s for c in held.columns if c.kind == "text" for s in stems_of(index.evidence.cell(table, row, c.index))}
        for column in held.columns if spoken & named else ():
            if any(word.value == said for word in cut(index.evidence.cell(table, row, column.index))):
                return f"It may be what stands in {held.place(row, column.index)}."
    return ""


def _about(judged: Judged, index: Index) -> Iterator[Place]:
    """Yield the rows of other tables than that of a number's cell in which its owner is named."""
    for number, table in enumerate(index.evidence.tables):
        if judged.owner and judged.cell and number != judged.cell[0]:
            yield from (
                (number, at) for at, row in enumerate(table.rows) if any(judged.owner[1] in names_in(c) for c in row)
            )


def _why(reading: Reading, at: int, held: tuple[int, int, int], index: Index) -> str:
    """Return what speaks against holding a number against a cell; "" where nothing does."""
    first, last = _behind(reading, at)
    behind, before = ([w.text.casefold() for w in words] for words in (reading.words[first:last], reading.words[:at]))
    doubts = (
        (lambda: behind[:1] in (["percent"], ["%"]) and index.in_percent and held[0] not in index.in_percent, "It is in percent, and the cell is not."),
        (lambda: _may_be_part(value_of(reading.words[at]), held, index), "It may be of a part: the cell is of the whole, and far from it."),
        (lambda: _of_part(reading, at, held[::2], index), "It is said of a part, of which this cell is not."),
        (lambda: {("each", "of"), ("in", "each")} & set(pairwise(behind)), "It is said of each of several."),
        (lambda: relation_of(reading.words, at) in (">", ">=") and _DENIALS & set(before), "It is denied of more."),
        (lambda: _of_run(reading, at, index), "It is said of a moment."),
        (lambda: any(w in _SHORT and then in _MISSING for w, then in pairwise([*behind, "."][: SHORT + 1])), "It says how much is missing."),
        (lambda: not _apposed(reading, at) and uncounted.passing(reading, at, index), "It is said of a time or mark on the way, not of the whole."),
    )  # fmt: skip
    return next((why for doubt, why in doubts if doubt()), "")


def _may_be_part(said: Decimal, held: tuple[int, int, int], index: Index) -> bool:
    """Tell whether a number is far below a cell whose column is the whole of others: "44 points" that may be those of a quarter."""
    table = index.evidence.tables[held[0]]
    own = frozenset(stems_of(table.columns[held[2]].header))
    number = number_of(index.evidence.cell(*held))
    parted = sum(own < frozenset(stems_of(c.header)) for c in table.columns if c.kind == "number")
    return parted >= PARTS and number is not None and said * MANIFOLD < number.value


def _apposed(reading: Reading, at: int) -> bool:
    """Tell whether a number stands in brackets right behind a name: nothing else of its sentence is said of it."""
    open_at = next((k for k in range(at - 1, max(-1, at - 4), -1) if reading.words[k].text == "("), None)
    return open_at is not None and any(m.last == open_at - 1 for m in reading.entities)


def parts(index: Index) -> Mapping[tuple[str, ...], frozenset[Place]]:
    """Return the words by which labels of a column narrow another ("first half" of "points first half"), and the columns so narrowed; worked out once."""
    if ("parts",) not in index.evidence.kept:
        found: dict[tuple[str, ...], set[Place]] = {}
        for number, table in enumerate(index.evidence.tables):
            stems = {c.index: frozenset(stems_of(c.header)) for c in table.columns if c.kind == "number"}
            for attribute in (a for a in index.attributes if a.table == number and a.where is None):
                own = stems.get(attribute.column, frozenset())
                bases = [base for base in stems.values() if base and base < own]
                for label in attribute.labels:
                    for base in bases:
                        rest = tuple(s for s in label if s not in base and s not in _LEADS)
                        if rest and base <= set(label) and rest not in index.values:
                            found.setdefault(rest, set()).add((number, attribute.column))
        index.evidence.kept["parts",] = {rest: frozenset(places) for rest, places in found.items()}
    return cast("Mapping[tuple[str, ...], frozenset[Place]]", index.evidence.kept["parts",])


def _of_part(reading: Reading, at: int, cell: Place, index: Index) -> bool:
    """Tell whether the phrase of a number says a part, and its cell is of no part that it says."""
    behind, before = _behind(reading, at), _before(reading, at)
    said = [places for first, last in (behind, before) for places in _parts_said(reading, first, last, index)]
    return bool(said) and not any(cell in places for places in said)


def _behind(reading: Reading, at: int) -> tuple[int, int]:
    """Return the words behind a number that are of its phrase: up to a clause, across the list that it stands in."""
    words = reading.words
    for k in range(at + 1, len(words)):
        low = words[k].text.casefold()
        follows = words[k + 1] if k + 1 < len(words) else None
        goes_on = follows is not None and (
            k + 1 in reading.numbers or follows.stem in ("a", "an", "and", "in", "at", "during")
        )
        if low in _CUTS or (low in _LISTS and not goes_on):
            return at + 1, k
    return at + 1, len(words)


def _before(reading: Reading, at: int) -> tuple[int, int]:
    """Return the words before a number that narrow it: those of its own phrase, or all of its clause where that begins with them."""
    words = [w.text.casefold() for w in reading.words]
    begin = max((k + 1 for k in range(at) if words[k] in (";", "while", "whereas", "but", ".")), default=0)
    own = max((k + 1 for k in range(begin, at) if words[k] in _CUTS | _LISTS | {"before", "after"}), default=begin)
    opened = words[begin] in _LEADS and "," in words[begin:at]  # "In the first half , ..."
    return (begin if opened else own), at


def _parts_said(reading: Reading, first: int, last: int, index: Index) -> list[frozenset[Place]]:
    """Return the columns of each part that words say behind a preposition: "in the first half", "at halftime"; not "the first meeting"."""
    words = reading.words
    plain = [
        (k, words[k]) for k in range(max(0, first - 1), min(len(words), last)) if words[k].text.casefold() not in _SMALL
    ]
    found = []
    for rest, places in parts(index).items():
        for n in range(1, len(plain) - len(rest) + 1):
            run = plain[n : n + len(rest)]
            lead = plain[n - 1][1].text.casefold()
            led = lead in _LEADS or (lead == "of" and plain[n - 2][1].text.casefold() == "end")
            end = words[run[-1][0] + 1].text.casefold() if run[-1][0] + 1 < len(words) else "."
            closed = len(rest) > 1 or end in _BEHIND or run[0][1].stem not in _ORDINAL
            if led and closed and tuple(w.stem for _, w in run) == rest:
                found.append(places)
    return found


def _of_run(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether what a number measures is one of a moment, as the word behind it says: "a 13 - point run"."""
    behind = [w.text.casefold() for w in reading.words[at + 1 : at + 4] if w.text != "-"]
    return bool(set(behind[:2]) & set(index.evidence.lexicon.passing)) and not {",", "and"} & set(behind[:2])
