"""Judge the participle that is said of an entity, "OOS-1 was confirmed", by the outcomes that begin with it: "confirmed, batch rejected". Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.subjecthood import between, members, stated_of
from drafting.checks.foreign.tables import MISSING, MOST_VALUES, Entity
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import cut

LEAST_ROWS = 2  # that must begin with a participle before it is the name of an outcome
_COPULAS = frozenset(("was", "is", "were", "are"))
_BESIDE = frozenset(("both", "all", "also", "not", "later", "then", "finally"))  # between a copula and its participle


def judge_outcomes(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return a verdict for each participle that stands right behind a name, or several, and the "was" of it."""
    words = reading.words
    for at, word in enumerate(words):
        named = stated_of(reading, [m for m in reading.entities if m.last < at], at)
        said = between(reading, named[-1], at) if named and word.text.endswith("ed") else []
        if not said or said[0] not in _COPULAS or not set(said[1:]) <= _BESIDE:
            continue
        several = members(reading, named[-1], index) if len(named[-1].what) == 1 else ()
        told = [judged for owner in several for judged in _of(reading, at, owner, denied="not" in said, index=index)]
        against = next((judged for judged in told if judged.verdict is Verdict.CONTRADICTED), None)
        if against or (told and len(told) == len(several)):
            yield against or told[0]


def _of(reading: Reading, at: int, owner: Entity, *, denied: bool, index: Index) -> Iterator[Judged]:
    tables = {t for t, _ in owner.rows}
    if not any(m.first <= at <= m.last and any(v[0] in tables for v in m.values) for m in reading.values):
        yield from _outcome(reading, at, owner, denied=denied, index=index)


def _outcome(reading: Reading, at: int, owner: Entity, *, denied: bool, index: Index) -> Iterator[Judged]:
    word = reading.words[at]
    said = word.text.casefold()
    for table, row in owner.rows:
        held = index.evidence.tables[table]
        for column in held.columns:
            cell = index.evidence.cell(table, row, column.index)
            repeated = column.distinct <= min(MOST_VALUES, len(held.rows) // 2)
            if column.kind != "text" or not repeated or cell.casefold() in MISSING:
                continue
            if sum(1 for line in held.rows if _lead(line[column.index]) == said) < LEAST_ROWS:
                continue
            told = [w.text.casefold() for w in cut(cell)]
            right = (said in told and "not" not in told[: told.index(said)]) != denied
            evidence = f"{held.place(row, column.index)}: '{cell}'"
            verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
            message = "" if right else f"'{word.text}' is contradicted: {evidence}."
            about = f"{owner.key}: {column.header}"
            yield Judged(word.start, word.end, word.text, "word", verdict, about, message, evidence)
            return


def _lead(cell: str) -> str:
    """Return the first word of a cell."""
    return cell.strip().split(" ")[0].rstrip(",;").casefold()
