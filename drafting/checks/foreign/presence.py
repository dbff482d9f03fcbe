"""Judge whether a thing is there at all: "an assignable cause was found", "was confirmed and closed", of a cell that is empty or filled. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from drafting.checks.foreign.dates import label_of, said_under
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import MISSING, Column, Entity
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS

_THERE = frozenset((
    "found", "identified", "recorded", "established", "determined", "documented", "stated", "known", "given", "assigned", "confirmed",
    "reported", "named",
))  # fmt: skip
_OPEN = frozenset(("confirmed",))  # what is there may still not be confirmed
_ABSENT = frozenset(("no", "without", "not", "never", "neither"))
_COPULAS = frozenset(("was", "is", "were", "are", "been", "be", "has", "had", "and"))
_CUTS = frozenset((",", ";", "while", "but", "whereas"))
_CLOSES = frozenset((".", ",", ";", ")", "and", "yet", "but", "so"))
REACH = 6  # words behind a label, or around a participle, that belong to it


@dataclass(frozen=True)
class _Cell:
    owner: Entity
    table: int
    row: int
    column: Column


def judge_presence(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return a verdict for each label that is said to be there or absent, and each participle whose cell is empty."""
    done: set[int] = set()
    participles = [at for at, word in enumerate(reading.words) if word.text.endswith("ed")]
    for cell in _cells(reading, text):
        label = tuple(s for s in stems_of(cell.column.header) if s not in STATISTICS)
        if cell.column.kind == "text" and len(label) > 1:
            for at in _runs(reading, label):
                judged = None if at in done else _labelled(reading, at, at + len(label) - 1, cell, text)
                if judged is not None:
                    done.add(at)
                    yield judged
        for at in participles:
            judged = None if at in done else _participle(reading, at, cell, text)
            if judged is not None:
                done.add(at)
                yield judged


def _cells(reading: Reading, text: Text) -> Iterator[_Cell]:
    """Return the cells of what a sentence names alone, else of what the one before named last."""
    named = [m.what for m in reading.entities] or list(text.focus.entities[-1:])
    for what in named:
        for owner in (text.index.evidence.entities[key] for key in what[:1] if key in text.index.evidence.entities):
            for table, row in owner.rows:
                for column in text.index.evidence.tables[table].columns:
                    yield _Cell(owner, table, row, column)


def _runs(reading: Reading, label: tuple[str, ...]) -> Iterator[int]:
    stems = [w.stem for w in reading.words]
    yield from (k for k in range(len(stems) - len(label) + 1) if tuple(stems[k : k + len(label)]) == label)


def _labelled(reading: Reading, first: int, last: int, cell: _Cell, text: Text) -> Judged | None:
    words = reading.words
    lead = {w.text.casefold() for w in words[max(0, first - 2) : first]}
    tail = [w.text.casefold() for w in words[last + 1 : last + 1 + REACH]]
    verb = next((k for k, w in enumerate(tail) if w in _THERE), None)
    absent = bool(_ABSENT & (lead | set(tail[:verb] if verb is not None else ())))
    if verb is None and "without" not in lead:
        return None
    empty = text.index.evidence.cell(cell.table, cell.row, cell.column.index).casefold() in MISSING
    said = tail[verb] if verb is not None else ""
    if not empty and said in _OPEN:
        return None
    right = absent == empty
    end = last + 1 + verb if verb is not None else last
    return _told(reading, first, end, cell, text, Verdict.SUPPORTED if right else _against(cell, text, empty=empty))


def _participle(reading: Reading, at: int, cell: _Cell, text: Text) -> Judged | None:
    """Judge "was confirmed", "has not been closed" by an empty or filled cell: of yes and no, or of the date of that act."""
    words = reading.words
    before = [w.text.casefold() for w in words[max(0, at - 4) : at]]
    if not _COPULAS & set(before) or any(p.first > at and p.first <= at + 2 for p in reading.periods):
        return None
    neither = "neither" in {w.text.casefold() for w in words[:at]}
    denied, literal = (
        neither or bool(_ABSENT & set(before)),
        text.index.evidence.cell(cell.table, cell.row, cell.column.index),
    )
    empty = literal.casefold() in MISSING
    table = text.index.evidence.tables[cell.table]
    held = {row[cell.column.index].strip().casefold() for row in table.rows} - MISSING
    if stems_of(cell.column.header) == (words[at].stem,) and held and held <= {"yes", "no", "y", "n", "true", "false"}:
        return _told(reading, at, at, cell, text, Verdict.NOT_FOUND) if empty and not denied else None
    own = label_of([words[at].text])
    about = cell.column.kind == "date" and any(own & label_of(label) for label in cell.column.labels)
    if not about or not said_under(cell.column.labels, label_of(_clause(reading, at))):
        return None
    behind = {w.text.casefold() for w in words[at + 1 : at + 2]}
    if not behind <= _CLOSES and not empty:
        return None  # what follows may be all that is denied: "not made in March"
    right = empty == denied
    return _told(reading, at, at, cell, text, Verdict.SUPPORTED if right else Verdict.CONTRADICTED)


def _clause(reading: Reading, at: int) -> list[str]:
    """Return the words of a clause up to a participle: "the effectiveness of CAPA-5 has been checked"."""
    words = reading.words
    first = max((k + 1 for k in range(at) if words[k].text in _CUTS), default=0)
    return [w.text for w in words[first : at + 1]]


def _against(cell: _Cell, text: Text, *, empty: bool) -> Verdict:
    """Return how sure it is that a thing is not there: an empty cell tells it where other rows fill that column."""
    rows = text.index.evidence.tables[cell.table].rows
    used = any(row[cell.column.index].strip().casefold() not in MISSING for row in rows)
    return Verdict.CONTRADICTED if used or not empty else Verdict.NOT_FOUND


def _told(reading: Reading, first: int, last: int, cell: _Cell, text: Text, verdict: Verdict) -> Judged:
    words = reading.words[first : last + 1]
    quote = " ".join(w.text for w in words)
    literal = text.index.evidence.cell(cell.table, cell.row, cell.column.index)
    evidence = f"{text.index.evidence.tables[cell.table].place(cell.row, cell.column.index)}: '{literal}'"
    message = {
        Verdict.SUPPORTED: "",
        Verdict.CONTRADICTED: f"'{quote}' is contradicted: {evidence}.",
        Verdict.NOT_FOUND: f"The evidence has no value there: {evidence}.",
    }[verdict]
    about = f"{cell.owner.key}: {cell.column.header}"
    return Judged(words[0].start, words[-1].end, quote, "word", verdict, about, message, evidence)
