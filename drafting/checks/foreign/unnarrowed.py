"""Withdraw a contradiction by all rows where a word of the clause says which of them are meant, and was not followed. Pure."""

from dataclasses import replace

from drafting.checks.foreign.covering import idle, labelled, plain
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.pointed import unit_words
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.states import states
from drafting.checks.foreign.verdicts import Judged, Verdict

_OVER_ROWS = ("count of", "max of", "min of", "mean of", "sum of")
_OF_MANY = ("(mean of", "(longest of", "(shortest of")  # durations
_CUTS = frozenset((";", "while", "whereas", "but"))
_ACTS = frozenset(("was", "were", "been", "be", "being"))  # "was released" is said of what is named
_UNITS = frozenset(("unit", "units", "uom"))  # headers
COUNTED = 3  # words behind a count that may say of which rows it is


def withdrawn(judged: Judged, reading: Reading, index: Index) -> Judged:
    """Return a verdict on a number, open where it was held against more rows than its clause speaks of."""
    counted, lasted = judged.about.startswith("count of"), any(of in judged.message for of in _OF_MANY)
    words = reading.words
    if judged.verdict is Verdict.SUPPORTED and counted:
        strange = _strange(reading, range(len(words)), index)
        return _open(judged, strange) if strange else judged
    if judged.verdict is not Verdict.CONTRADICTED or not (judged.about.startswith(_OVER_ROWS) or lasted):
        return judged
    at = next((k for k, w in enumerate(words) if w.start == judged.start), 0)
    first = max((k + 1 for k in range(at) if words[k].text in _CUTS), default=0)
    last = min((k for k in range(at, len(words)) if words[k].text in _CUTS), default=len(words))
    followed = set() if counted or lasted else set(states(reading, at, index))
    units = {
        k for n in reading.numbers for k in range(n + 1, n + 1 + unit_words(reading, n))
    }  # "102.3 % of the label claim"
    for mention in (m for m in reading.values if first <= m.first < last and m.first not in units):
        near = counted and at < mention.first <= at + COUNTED
        within = lasted and any(f", {value}" in judged.evidence for _, _, value in mention.values)
        if not near and not within and not followed & set(mention.values) and _narrows(reading, mention, index):
            said = " ".join(w.text for w in words[mention.first : mention.last + 1])
            message = f"'{judged.quote}' is open: the evidence was not narrowed to what '{said}' says."
            return replace(judged, verdict=Verdict.NOT_FOUND, message=message, evidence="", cell=None, owner=None)
    clause = range(first, last)
    strange = _unknown(reading, clause, index) if counted else "" if lasted else _strange(reading, clause, index)
    return _open(judged, strange) if strange else judged


def _open(judged: Judged, strange: str) -> Judged:
    message = f"'{judged.quote}' is open: what '{strange}' says of these records is not known."
    return replace(judged, verdict=Verdict.NOT_FOUND, message=message, evidence="", cell=None, owner=None)


def _unknown(reading: Reading, clause: range, index: Index) -> str:
    """Return a word of a clause that counts rows which neither the evidence nor plain speech knows: it may say which are counted."""
    named = [(m.first, m.last) for m in (*reading.values, *reading.entities)]
    spoken = [*named, *((s.first, s.last) for s in reading.said), *((p.first, p.last) for p in reading.periods)]
    known = {k for first, last in spoken for k in range(first, last + 1)} | set(reading.taken)
    nouns = {part for noun in index.row_nouns for part in noun.split()}
    for at in clause:
        word = reading.words[at]
        said = word.kind == "word" and word.value is None and at not in known and not idle(word)
        if said and word.stem not in nouns and not index.meant(word.stem):
            return word.text
    return ""


def _strange(reading: Reading, clause: range, index: Index) -> str:
    """Return a word right before the plural of what rows are called that the evidence does not know: "the decaffeinated roasts"."""
    words = reading.words
    known = {k for m in (*reading.values, *reading.entities) for k in range(m.first, m.last + 1)}
    for at, noun in reading.nouns:
        before = words[at - 1] if at else None
        if before is None or at not in clause or words[at].text.casefold() == words[at].stem or at - 1 in known:
            continue
        unsaid = before.kind == "word" and before.value is None and at - 1 not in reading.taken
        unsaid = unsaid and before.stem not in STOP and not index.meant(before.stem)
        if unsaid and not any(plain(reading, at - 1, t, index) for t in index.row_nouns[noun]):
            return before.text
    return ""


def _narrows(reading: Reading, mention: Mention, index: Index) -> bool:
    """Tell whether a value says which rows are meant: it is no code, unit, act, word of an attribute or of a header."""
    words = reading.words
    place = range(mention.first, mention.last + 1)
    said = {k for s in reading.said for k in range(s.first, s.last + 1)}
    acted = mention.first > 0 and words[mention.first - 1].text.casefold() in _ACTS
    if acted or said & set(place) or any(ch.isdigit() for k in place for ch in words[k].text):
        return False
    columns = [(t, index.evidence.tables[t].columns[c].header) for t, c, _ in mention.values]
    units = all(_UNITS & set(stems_of(header)) for _, header in columns)
    return not units and not all(labelled(words[k].text, t, index) for k in place for t, _ in columns)
