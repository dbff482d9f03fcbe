"""Judge what named things are said to lack: "A has no completion date", "no root cause has been assigned to A or B", by the cells of that header. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from drafting.checks.foreign.acts import alike
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import MISSING, Column, Entity
from drafting.checks.foreign.verdicts import Judged, held_against

_JOINS = frozenset((",", "and", "or", "nor"))
_HAS = frozenset(("has", "have", "had", "with", "shows", "show", "still", "yet"))
_GIVEN = frozenset(
    (
        "assigned",
        "recorded",
        "entered",
        "given",
        "stated",
        "documented",
        "identified",
        "established",
        "determined",
        "found",
        "available",
        "filed",
    )
)
_BETWEEN = frozenset(("has", "have", "had", "was", "were", "is", "are", "been", "yet", "so", "far", "as", "still"))
_TIES = frozenset(("to", "for", "of", "in", "on", "with"))
_KINDS = frozenset(
    ("category", "code", "type", "no", "number", "ref", "reference", "id", "name", "text", "description")
)  # that end a header
MOST = 4  # words of a label


def judge_lacking(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return the verdict on each label behind "no" that a sentence says its names have, or were given."""
    names = [m for m in reading.entities if len(m.what) == 1]
    alone = len({m.what[0][0] for m in names}) == 1 and all(_joined(reading, a, b) for a, b in pairwise(names))
    owners = [index.evidence.entities[m.what[0]] for m in names] if alone else []
    low = [w.text.casefold() for w in reading.words]
    for at, word in enumerate(low if owners else ()):
        found = _labelled(reading, at + 1, owners[0], index) if word == "no" else None
        if found is None or not (_had(low, at, names) or _given(low, found[0], names)):
            continue
        last, table, column = found
        rows = [row for owner in owners for t, row in owner.rows if t == table]
        filled = [row for row in rows if index.evidence.cell(table, row, column.index).casefold() not in MISSING]
        place = index.evidence.tables[table].place((filled or rows)[0], column.index)
        cell = index.evidence.cell(table, (filled or rows)[0], column.index)
        yield held_against(reading.words[at : last + 1], "lack", f"{place}: '{cell}'", right=not filled, kind="word")


def _joined(reading: Reading, one: Mention, other: Mention) -> bool:
    return {w.text.casefold() for w in reading.words[one.last + 1 : other.first]} <= _JOINS


def _labelled(reading: Reading, first: int, owner: Entity, index: Index) -> tuple[int, int, Column] | None:
    """Return the last word of the longest label that begins at a word, with the one column of a thing's rows that it is of."""
    for length in range(MOST, 0, -1):
        words = [w.text.casefold() for w in reading.words[first : first + length]]
        found = [
            (t, c)
            for t, _ in owner.rows
            for c in index.evidence.tables[t].columns
            if says_header(words, c) and _used(t, c, index)
        ]
        if len(words) == length and len(found) == 1:
            return first + length - 1, *found[0]
    return None


def says_header(words: Sequence[str], column: Column) -> bool:
    """Tell whether words are a header, past what kind of entry it is: "completion date" of "Completed", "root cause" of "Root Cause Category"."""
    header = [s for s in stems_of(column.header) if s not in ("date", "on", "at", "of")]
    while len(header) > 1 and header[-1] in _KINDS:
        header = header[:-1]
    dated = [w for w in words if w not in ("date", "of")]
    whole = len(dated) == len(header) and all(alike(w, s) or w == f"{s}s" for w, s in zip(dated, header, strict=True))
    return bool(header) and whole and (len(dated) == len(words) or column.kind == "date")


def _used(table: int, column: Column, index: Index) -> bool:
    """Tell whether some rows fill a column and others do not: an empty cell then says that there is nothing."""
    return column.index != index.evidence.tables[table].key and column.distinct > 0


def _had(low: Sequence[str], at: int, names: Sequence[Mention]) -> bool:
    """Tell whether "has" stands before "no", behind the names."""
    return at > 0 and low[at - 1] in _HAS and names[-1].last < at


def _given(low: Sequence[str], last: int, names: Sequence[Mention]) -> bool:
    """Tell whether behind a label it is said to have been given to the names: "has yet been assigned to A"."""
    verb = next((k for k in range(last + 1, len(low)) if low[k] not in _BETWEEN), len(low))
    tied = low[verb + 1 : names[0].first] if low[verb : verb + 1] and low[verb] in _GIVEN else low[last + 1 : names[0].first]
    return names[0].first > last and bool(tied) and tied[0] in _TIES and len(tied) <= 3  # noqa: PLR2004 - "to", "the", a noun
