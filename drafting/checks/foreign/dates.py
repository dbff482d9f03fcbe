"""Judge dates, and whatever else of a text no other check took: each identifier, date and number is accounted for. Pure."""

import re
from collections.abc import Iterator, Sequence

from drafting.checks.foreign import spans
from drafting.checks.foreign.binding import Focus, owners_of
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import score
from drafting.checks.foreign.periods import Period
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import day_of, same_day, within
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.tokens import Token, enumerate_tokens

LONGEST_HEADING = 10  # words
SURE = 0.85  # how well a date must be named to contradict it
LEAST_LABEL = 0.45
WHOLE_DAY = 10
_TAG, LONGEST_TAG = re.compile(r"(?<![\w-])[A-Z]{1,4}-$"), 6
_TERM = re.compile(r"[a-z]{1,2}\d{1,2}")  # a quantity by its symbol, as the size "x50": no record is called so
_VERBS = {
    "opened": "open",
    "closed": "close",
    "detected": "detect",
    "reported": "report",
    "started": "start",
    "occurred": "occur",
    **dict.fromkeys(("made", "produced", "manufactured", "mfg", "mfd"), "manufactur"),
}


def judge_dates(reading: Reading, focus: Focus, index: Index) -> Iterator[Judged]:
    """Return a verdict for each day that is said of an entity."""
    for period in reading.periods:
        if period.start == period.end and len(period.start) == WHOLE_DAY:
            judged = _date(reading, period, focus, index)
            if judged is not None:
                yield judged


def judge_spans(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return a verdict for each year, month or span of time in which the evidence has a day: it says of when a sentence speaks."""
    for period in reading.periods:
        if period.start == period.end and len(period.start) == WHOLE_DAY:
            continue
        words = reading.words[period.first : period.last + 1]
        quote = " ".join(w.text for w in words)
        if spans.short(period):
            place = spans.stands(period, index)
            verdict = Verdict.SUPPORTED if place else Verdict.NOT_FOUND
            message = "" if place else f"'{quote}' is no span of days that the evidence has."
            nowhere = not place and not any(index.stands(day) for day in (period.start, period.end))
            yield Judged(words[0].start, words[-1].end, quote, "date", verdict, "span", message, place, nowhere)
        elif any(within(day, period.start, period.end) for day in index.days) or period.start in index.headed:
            yield Judged(words[0].start, words[-1].end, quote, "date", Verdict.SUPPORTED, "period", "", "days in this time")


def _date(reading: Reading, period: Period, focus: Focus, index: Index) -> Judged | None:
    label = _label(reading, period) | _valued(reading, period, index)
    found = (date_of(reading, period, owners[0], label, index) for owners in owners_of(reading, period.first, focus, index))
    told = [judged for judged in found if judged is not None]
    return next((judged for judged in told if judged.verdict is not Verdict.NOT_FOUND), told[0] if told else None)


def date_of(reading: Reading, period: Period, owner: Entity, label: frozenset[str], index: Index) -> Judged | None:
    """Return the verdict on a day said of an entity under a label; None where it has no dates."""
    dates = [
        (t, r, c.index, c.labels)
        for t, r in owner.rows
        for c in index.evidence.tables[t].columns
        if c.kind == "date" and index.evidence.cell(t, r, c.index)
    ]
    if not dates:
        return None
    ranked = sorted(((_score(labels, label), (t, r, c)) for t, r, c, labels in dates), key=lambda x: (-x[0], x[1]))
    best = [place for value, place in ranked if value >= LEAST_LABEL and value == ranked[0][0]]
    agree = next((p for p in best or [p for _, p in ranked] if _agrees(index, p, period.start)), None)
    if agree is not None:
        return _told(reading, period, Verdict.SUPPORTED, owner, index, agree)
    if best and ranked[0][0] >= SURE:
        return _told(reading, period, Verdict.CONTRADICTED, owner, index, best[0])
    return _open(reading, period)


def _open(reading: Reading, period: Period) -> Judged:
    """Return the verdict on a date that is none of its owner's: which one it should be is not said plainly enough."""
    words = reading.words[period.first : period.last + 1]
    quote = " ".join(w.text for w in words)
    message = f"'{quote}' is no date that the evidence has of what the sentence speaks of."
    return Judged(words[0].start, words[-1].end, quote, "date", Verdict.NOT_FOUND, "", message)


def _agrees(index: Index, place: tuple[int, int, int], said: str) -> bool:
    day = day_of(index.evidence.cell(*place))
    return day is not None and same_day(day, said)


def _label(reading: Reading, period: Period) -> frozenset[str]:
    """Return the words that say which date it is: "was opened on", "closed"; those since the last other date."""
    first = max((p.last + 1 for p in reading.periods if p.last < period.first), default=0)
    return label_of([w.text for w in reading.words[first : period.first]][-8:])


def _valued(reading: Reading, period: Period, index: Index) -> frozenset[str]:
    """Return the header of the value that a date is said of, where a date bears its name: "rejected on" is "disposition_date"."""
    first = max((p.last + 1 for p in reading.periods if p.last < period.first), default=0)
    said = next((m for m in reversed(reading.values) if first <= m.first and m.last == period.first - 2), None)
    for table, column, _ in said.values if said else ():
        columns = index.evidence.tables[table].columns
        header = set(stems_of(columns[column].header))
        if any(c.kind == "date" and header < set(stems_of(c.header)) for c in columns):
            return frozenset(header)
    return frozenset()


def said_under(labels: Sequence[tuple[str, ...]], said: frozenset[str]) -> bool:
    """Tell whether words say one of the labels of a date: "closed" says "closed_on"."""
    return _score(labels, said) >= SURE


def label_of(words: Sequence[str]) -> frozenset[str]:
    """Return the words of a label of a date as they are compared: "opened on" and "opened_on" say the same."""
    parts = [part for word in words for part in word.casefold().split("_")]
    return frozenset(_VERBS.get(w, w.removesuffix("ed")) for w in parts if len(w) > 2)  # noqa: PLR2004 - no preposition


def _score(labels: Sequence[tuple[str, ...]], said: frozenset[str]) -> float:
    kept = [tuple(_VERBS.get(s, s.removesuffix("ed")) for s in label if s not in ("on", "at", "date")) for label in labels]
    return max((score(label, said & set(label)) if said & set(label) else 0.0 for label in kept if label), default=0.0)


def _told(
    reading: Reading, period: Period, verdict: Verdict, owner: Entity, index: Index, place: tuple[int, int, int]
) -> Judged:
    words = reading.words[period.first : period.last + 1]
    quote = " ".join(w.text for w in words)
    table, row, column = place
    evidence = f"{index.evidence.tables[table].place(row, column)}: '{index.evidence.cell(table, row, column)}'"
    about = f"{owner.key}: {index.evidence.tables[table].columns[column].header}"
    message = f"'{quote}' is contradicted: {evidence}." if verdict is Verdict.CONTRADICTED else ""
    return Judged(words[0].start, words[-1].end, quote, "date", verdict, about, message, evidence)


def _numbers_heading(text: str, start: int, end: int) -> bool:
    """Tell whether a token only numbers a heading: "3 Starting materials" on a line of its own, without a stop."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)].strip(" #*")
    titled = text[first:start].strip(" #*") == "" and re.match(r"[\d.]+\s+[A-Z]", line) is not None
    return titled and len(line.split()) <= LONGEST_HEADING and line[-1] not in ".!?:|" and "|" not in line


def judge_rest(text: str, judged: Sequence[Judged], index: Index) -> Iterator[Judged]:
    """Return a verdict for every number, date and identifier that nothing else judged: whether it stands in the evidence at all."""
    taken = bytearray(len(text))
    for j in judged:
        taken[j.start : j.end] = b"\x01" * (j.end - j.start)
    for token in enumerate_tokens(text):
        if token.kind is Token.WORD or _numbers_heading(text, token.start, token.end) or any(taken[token.start : token.end]):
            continue
        lead = _TAG.search(text[max(0, token.start - LONGEST_TAG) : token.start]) if token.kind is Token.NUMBER else None
        if lead is not None and index.stands(lead[0] + token.text):  # "R-302" is a name
            yield _name(text, token.start - len(lead[0]), token.end)
            continue
        kind = {Token.IDENTIFIER: "name", Token.DATE: "date", Token.TIME: "date"}.get(token.kind, "number")
        stands = index.stands(token.text)
        sure = stands and kind != "number"
        verdict = Verdict.SUPPORTED if sure else Verdict.NOT_FOUND
        message = f"The {token.kind} '{token.text}' stands nowhere in the evidence given."
        if stands:
            message = f"'{token.text}' stands in the evidence, but not where the text says."
        nowhere = not stands and not _TERM.fullmatch(token.text)
        yield Judged(token.start, token.end, token.text, kind, verdict, "", "" if sure else message, "", nowhere=nowhere)


def _name(text: str, start: int, end: int) -> Judged:
    return Judged(start, end, text[start:end], "name", Verdict.SUPPORTED)
