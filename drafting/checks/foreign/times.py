"""Judge the month, year or span in which something is said to have happened to a named thing, by the date of that act. Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.dates import WHOLE_DAY, label_of, said_under
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.periods import Period
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.subjecthood import between, members, stated_of
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import day_of, within
from drafting.checks.foreign.verdicts import Judged, Verdict

_IN = frozenset(("in", "within", "during"))
_NOT = frozenset(("not", "never"))
_BREAKS = frozenset((";", "while", "whereas", "but", "."))
_REVIEWED = (("review", "period"), ("reporting", "period"), ("period", "under", "review"), ("year", "under", "review"))


def judge_times(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return a verdict for each time but a day, the review period among them, in which an act on named things is said to fall."""
    for period in (*reading.periods, *_review(reading, text)):
        if period.start == period.end and len(period.start) == WHOLE_DAY:
            continue
        named, said = _subject(reading, period)
        owners = members(reading, named, text.index) if named is not None else ()
        days = [_days(owner, said, text.index) for owner in owners]
        if not days or not all(days):
            continue
        denied = bool(_NOT & set(said))
        judged = [_judged(reading, period, owner, held, denied=denied) for owner, held in zip(owners, days, strict=True)]
        yield next((j for j in judged if j.verdict is Verdict.CONTRADICTED), judged[0])


def _review(reading: Reading, text: Text) -> Iterator[Period]:
    """Return the period of the document where a sentence speaks of it: "in the review period"."""
    low = [w.text.casefold() for w in reading.words]
    for at in range(len(low)):
        run = next((r for r in _REVIEWED if tuple(low[at : at + len(r)]) == r), ())
        if run and text.scope.period and _IN & set(low[max(0, at - 2) : at]):
            yield Period(at, at + len(run) - 1, *text.scope.period)


def _subject(reading: Reading, period: Period) -> tuple[Mention | None, list[str]]:
    """Return the name that a time is said of, the last before it or else the first behind it in its clause, and what is said of it."""
    words = reading.words
    clause = max((k + 1 for k in range(period.first) if words[k].text in _BREAKS), default=0)
    before = [m for m in reading.entities if clause <= m.first and m.last < period.first]
    before = stated_of(reading, before, period.first)
    last = next((p for p in reversed(reading.periods) if p.last < period.first), None)
    if before:
        from_last = before[-1] if last is None or last.first < before[-1].first else None
        return before[-1], between(reading, before[-1], period.first) if from_last else _tail(reading, last, period)
    end = next((k for k in range(period.last + 1, len(words)) if words[k].text in _BREAKS), len(words))
    after = [m for m in reading.entities if period.last < m.first < end]
    if not after or any(n < after[0].first for n in reading.numbers):
        return None, []
    return after[0], [w.text.casefold() for w in words[after[0].last + 1 : end]]


def _tail(reading: Reading, last: Period | None, period: Period) -> list[str]:
    """Return the words between two times: "was opened in May 2024 and closed in June 2024"."""
    return [w.text.casefold() for w in reading.words[last.last + 1 if last else 0 : period.first]]


def _days(owner: Entity, said: list[str], index: Index) -> list[tuple[str, str, str]]:
    """Return the days of an owner under a header that words say plainly: (day, header, place)."""
    label = label_of(said)
    return [
        (day, column.header, f"{index.evidence.tables[table].place(row, column.index)}: '{day}'")
        for table, row in owner.rows
        for column in index.evidence.tables[table].columns
        if column.kind == "date" and said_under(column.labels, label)
        for day in [day_of(index.evidence.cell(table, row, column.index))]
        if day
    ]


def _judged(reading: Reading, period: Period, owner: Entity, days: list[tuple[str, str, str]], *, denied: bool) -> Judged:
    words = reading.words[period.first : period.last + 1]
    quote = " ".join(w.text for w in words)
    held = next((one for one in days if within(one[0], period.start, period.end)), None)
    right = (held is not None) != denied
    _, header, place = held or days[0]
    message = "" if right else f"'{quote}' is contradicted: {place}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    kind = "word" if denied else "date"  # a denial is a statement that something must judge as one
    return Judged(words[0].start, words[-1].end, quote, kind, verdict, f"{owner.key}: {header}", message, place)
