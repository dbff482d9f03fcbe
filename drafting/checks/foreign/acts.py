"""Find the date of an act by the word that says it: "closed" of "Closed on", "rejection" of the date beside a decision, "deadline". Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.scope import date_columns
from drafting.checks.foreign.tables import Column, Table
from drafting.checks.foreign.values import day_of
from drafting.checks.foreign.words import Word

LEAST, ENDING = 4, 2  # letters that two forms of a word share at least, and that the shorter may have beside them
WHOLE_DAY = 10
_SHORT = {
    "mfg": "manufactur",
    "mfd": "manufactur",
    "made": "manufactur",
    "produced": "manufactur",
    "production": "manufactur",
}
GENERIC = frozenset(("date", "day", "on", "at", "of", "by", "no", "id", "the", "actual"))
BEGINS = frozenset((
    "manufactured", "manufacture", "made", "produced", "production", "opened", "opening", "raised", "received", "receipt", "reported",
    "recorded", "initiated", "occurred", "started", "registered", "logged", "submitted", "registration", "arrival", "detection",
))  # fmt: skip
DUE = frozenset(("due", "deadline", "target", "planned", "scheduled"))
_NEXT = frozenset(("next", "requalification", "recalibration", "retest", "expiry"))


def alike(one: str, other: str) -> bool:
    """Tell whether two words are forms of one: "rejection" and "rejected", "filling" and "filled"."""
    one, other = _SHORT.get(one, one), _SHORT.get(other, other)
    if one == other:
        return True
    least = max(LEAST, min(len(one), len(other)) - ENDING)
    return len(one) >= least and one[:least] == other[:least]


def content_of(header: str) -> tuple[str, ...]:
    """Return the words of a header that say which of several it is: "closed" of "Date Closed"."""
    return tuple(s for s in stems_of(header) if s not in GENERIC)


def dates_of(table: Table) -> tuple[Column, ...]:
    """Return the columns of dates of a table."""
    return tuple(column for column in table.columns if column.kind == "date")


def due_column(table: Table) -> Column | None:
    """Return the one column of dates by which something is to be done."""
    found = [c for c in dates_of(table) if DUE & set(stems_of(c.header)) and not _NEXT & set(stems_of(c.header))]
    return found[0] if len(found) == 1 else None


def act_column(words: Sequence[Word], table: int, index: Index) -> Column | None:
    """Return the column of the date of the last act that words say of the rows of a table; None where they say none plainly."""
    for word in reversed(words):
        found = list(_columns(word, table, index))
        if len(found) == 1:
            return found[0]
    return None


def elsewhere(words: Sequence[Word], table: int, index: Index) -> bool:
    """Tell whether words say an act whose date only other tables have: "cooled" is nothing of a table that has "Fired"."""
    said = {w.text.casefold() for w in words if w.kind == "word" and w.text.casefold() not in GENERIC | BEGINS}
    tables = [t for number, t in enumerate(index.evidence.tables) if number != table]
    return any(alike(word, s) for t in tables for c in dates_of(t) for s in content_of(c.header) for word in said)


def _columns(word: Word, table: int, index: Index) -> Iterator[Column]:
    held, said = index.evidence.tables[table], word.text.casefold()
    dates = dates_of(held)
    own = [c for c in dates if any(alike(said, s) for s in content_of(c.header))]
    if len(own) > 1 and said.endswith("ed"):  # "audited" says no next audit
        own = [c for c in own if not (DUE | _NEXT) & set(stems_of(c.header))]
    if own:
        yield from own
        return
    valued = {
        column.header
        for column in held.columns
        if column.kind == "text" and any(alike(said, s) for value in categories(held, column) for s in stems_of(value)[:1])
    }
    beside = [c for c in dates for header in valued if set(content_of(header)) & set(content_of(c.header))]
    if beside:
        yield from beside
    elif said in BEGINS and (first := beginning(table, index)) is not None:
        yield first


def categories(table: Table, column: Column) -> frozenset[str]:
    """Return the different cells of a column that is a category; none of one with as many values as rows."""
    return (
        frozenset(row[column.index].strip() for row in table.rows)
        if column.distinct <= max(2, len(table.rows) // 2)
        else frozenset()
    )


def beginning(table: int, index: Index) -> Column | None:
    """Return the column of the day on which the rows of a table began."""
    first = date_columns(index.evidence, table)[0]
    return None if first is None else index.evidence.tables[table].columns[first]


def day_in(table: Table, row: int, column: Column) -> date | None:
    """Return the whole day in a cell."""
    day = day_of(table.rows[row][column.index].strip())
    try:
        return date.fromisoformat(day[:WHOLE_DAY]) if day and len(day) >= WHOLE_DAY else None
    except ValueError:  # 31 February
        return None
