"""Judge the participle that is said of an entity, "OOS-1 was confirmed", by the outcomes that begin with it: "confirmed, batch rejected". Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import MISSING, MOST_VALUES, Entity
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import cut

LEAST_ROWS = 2  # that must begin with a participle before it is the name of an outcome
_COPULAS = frozenset(("was", "is", "were", "are"))


def judge_outcomes(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return a verdict for each participle that stands right behind a name and its "was"."""
    words = reading.words
    for mention in reading.entities:
        at = mention.last + 2
        if at >= len(words) or words[at - 1].text.casefold() not in _COPULAS or not words[at].text.endswith("ed"):
            continue
        owner = index.evidence.entities.get(mention.what[0]) if len(mention.what) == 1 else None
        tables = {t for t, _ in owner.rows} if owner else set()
        judged_already = any(m.first <= at <= m.last and any(v[0] in tables for v in m.values) for m in reading.values)
        if owner is not None and not judged_already:
            yield from _outcome(reading, at, owner, index)


def _outcome(reading: Reading, at: int, owner: Entity, index: Index) -> Iterator[Judged]:
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
            right = said in {w.text.casefold() for w in cut(cell)}
            evidence = f"{held.place(row, column.index)}: '{cell}'"
            verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
            message = "" if right else f"'{word.text}' is contradicted: {evidence}."
            about = f"{owner.key}: {column.header}"
            yield Judged(word.start, word.end, word.text, "word", verdict, about, message, evidence)
            return


def _lead(cell: str) -> str:
    """Return the first word of a cell."""
    return cell.strip().split(" ")[0].rstrip(",;").casefold()
