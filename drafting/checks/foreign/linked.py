"""Judge whether a thing is tied to another by the cell that names it: "is linked to a deviation", "led to no CAPA". Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.tables import MISSING, Column
from drafting.checks.foreign.verdicts import Judged, held_against

_TIES = (
    ("linked", "to"), ("tied", "to"), ("associated", "with"), ("related", "to"), ("led", "to"), ("resulted", "in"), ("triggered",), ("covered", "by"),
    ("followed", "by"), ("connected", "to"), ("assigned",),
)  # fmt: skip
_ARTICLES, _NONE = frozenset(("a", "an", "any")), frozenset(("no", "not", "never", "without"))
_REFERENCES = frozenset(("no", "number", "ref", "reference", "id", "record", "link", "linked"))
_ENDS = frozenset((".", ",", ";", ")", "and", "in", "by", "at", "of", "on", "but"))
REACH = 3  # words before a tie in which its denial stands


def judge_linked(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return the verdict on a thing of another kind to which the one that a sentence begins with is said to be tied, or not."""
    low = [w.text.casefold() for w in reading.words]
    owner = next(iter(reading.entities), None)
    entity = index.evidence.entities.get(owner.what[0]) if owner is not None and len(owner.what) == 1 else None
    if owner is None or entity is None:
        return
    for at in range(owner.last + 1, len(low)):
        tie = next((t for t in _TIES if tuple(low[at : at + len(t)]) == t), None)
        noun = at + len(tie) + 1 if tie else len(low)
        if tie is None or noun >= len(low) or low[noun - 1] not in _ARTICLES | {"no"}:
            continue
        if any(owner.last < m.first < at for m in reading.entities):
            continue
        denied = low[noun - 1] == "no" or bool(_NONE & set(low[max(0, at - REACH) : at]))
        for table, row in entity.rows:
            held = index.evidence.tables[table]
            for column, last in ((c, _said(reading, noun, c)) for c in held.columns if c.kind == "text"):
                if last is not None:
                    cell = index.evidence.cell(table, row, column.index)
                    right = (cell.casefold() not in MISSING) != denied
                    place = f"{held.place(row, column.index)}: '{cell}'"
                    yield held_against(reading.words[at : last + 1], "link", place, right=right, kind="word")


def _said(reading: Reading, noun: int, column: Column) -> int | None:
    """Return the last of the words from a noun that say what a column names, where nothing narrows it; None where they do not."""
    label = tuple(s for s in stems_of(column.header) if s not in _REFERENCES)
    words, last = reading.words, noun + len(label) - 1
    same = bool(label) and tuple(w.stem for w in words[noun : last + 1]) == label
    return last if same and (last + 1 == len(words) or words[last + 1].text.casefold() in _ENDS) else None
