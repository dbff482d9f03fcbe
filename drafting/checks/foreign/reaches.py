"""Count the rows of one owner that reach a value: "six players in double figures", by the lexicon's words and columns. Pure."""

from decimal import Decimal

from drafting.checks.foreign.binding import Focus
from drafting.checks.foreign.cells import of_table
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Reach
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict

_OTHERS = frozenset(("other", "others", "more"))  # beside the one that was named
BEHIND = 4  # words within which what is counted stands behind its number


def judge_reached(reading: Reading, at: int, said: Decimal, relation: str, focus: Focus, index: Index) -> Judged | None:
    """Return the verdict on how many of an owner's rows reach a value; None where a number counts no such rows."""
    low = [w.text.casefold() for w in reading.words]
    line = f" {' '.join(low)} "
    for reach in index.evidence.lexicon.reaches:
        counted = any(n in low[at + 1 : at + BEHIND] for n in reach.nouns) or any(
            m.first == at + 1 and of_table(m, reach.owner, index)
            for m in reading.entities  # "six Reds in double figures"
        )
        owner = _owner(reading, focus, reach, index) if counted and any(f" {w} " in line for w in reach.words) else None
        if owner is not None and not {n for n in reading.numbers if at < n < at + BEHIND}:
            return _judged(reading, at, said, relation, owner, reach, index)
    return None


def column_reached(reading: Reading, at: int, index: Index) -> str:
    """Return the column whose value a number is that stands behind words of reaching: "in double figures with 11"; "" where none do."""
    low = [w.text.casefold() for w in reading.words[:at]]
    line = " ".join(low[max((k for k, w in enumerate(low) if w in (",", ";")), default=0) :])
    said = (r for r in index.evidence.lexicon.reaches if low[-1:] == ["with"] and any(f" {w} with" in line for w in r.words))
    return next((r.column for r in said), "")


def _owner(reading: Reading, focus: Focus, reach: Reach, index: Index) -> Entity | None:
    """Return whose rows are counted: one that the sentence names, else the last one that was spoken of."""
    spoken = (Mention(0, 0, (key,)) for what in reversed(focus.entities) for key in what)
    return next((e for m in (*reading.entities, *spoken) for e in of_table(m, reach.owner, index)), None)


def _judged(reading: Reading, at: int, said: Decimal, relation: str, owner: Entity, reach: Reach, index: Index) -> Judged:
    table = next(t for t in index.evidence.tables if t.name == reach.table)
    column = {c.header: c.index for c in table.columns}
    wanted = {owner.key}
    rows = [
        row
        for row in table.rows
        for number in [number_of(row[column[reach.column]])]
        if number is not None and number.value >= reach.least and row[column[reach.among]] in wanted
    ]
    word = reading.words[at]
    others = reading.words[at + 1].text.casefold() in _OTHERS if at + 1 < len(reading.words) else False
    right = holds(said + 1 if others else said, Decimal(len(rows)), relation)
    evidence = f"{len(rows)} in {table.file}: {', '.join(row[0] for row in rows)}"
    message = "" if right else f"'{word.text}' is contradicted: {evidence}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return Judged(word.start, word.end, word.text, "number", verdict, f"{owner.key}: {reach.column}", message, evidence)
