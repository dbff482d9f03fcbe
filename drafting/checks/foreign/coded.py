"""Judge what is said of a code that has no table of its own but stands in one row: "lot RM-103 was supplied by Serrano". Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.states import coded_word
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against

_COPULAS = frozenset(("was", "is"))
_IDLE = frozenset(("still", "finally", "therefore", "later", "also", "as", "the"))
_TIES = frozenset(("by", "from", "of"))
_NOT = frozenset(("not", "never"))
FAR = 4  # words between a code and what is said of it


def judge_coded(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return a verdict for a value that the sentence says of a code before it: that of its row, or open where only a verb ties them."""
    for owner in (m for m in reading.values if not m.what and coded_word(reading, m)):
        said = next((m for m in reading.values if m.first > owner.last), None)
        between = [w.text.casefold() for w in reading.words[owner.last + 1 : said.first]] if said else []
        if said is None or not 0 < len(between) <= FAR or between[0] not in _COPULAS:
            continue
        for table, row in _rows(owner, index):
            columns = dict.fromkeys(c for t, c, _ in said.values if t == table)
            cells = {index.evidence.cell(table, row, c).strip(): c for c in columns} if len(columns) == 1 else {}
            for cell, column in cells.items():
                right = any(v.casefold() == cell.casefold() for t, _, v in said.values if t == table) != bool(
                    _NOT & set(between)
                )
                place = f"{index.evidence.tables[table].place(row, column)}: '{cell}'"
                words = reading.words[said.first : said.last + 1]
                told = held_against(words, "code", place, right=right, kind="word")
                plain = set(between[1:]) <= _IDLE | _NOT
                if right or plain:
                    yield told
                elif _TIES & set(between):
                    message = f"'{told.quote}' is open: the evidence has {place}."
                    yield Judged(told.start, told.end, told.quote, "word", Verdict.NOT_FOUND, "statement", message, place)


def _rows(owner: Mention, index: Index) -> Iterator[tuple[int, int]]:
    """Return the row of each table in which a code stands in a column of different codes."""
    for table, column, value in owner.values:
        cells = [row[column].strip() for row in index.evidence.tables[table].rows]
        rows = [k for k, cell in enumerate(cells) if cell == value]
        if len(rows) == 1 and len(set(cells)) == len(cells):
            yield table, rows[0]
