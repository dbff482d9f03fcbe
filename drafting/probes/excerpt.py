"""Cut a section down to what a qualification shows: a few sentences, or a few rows of one table, around a place. Pure."""

from dataclasses import replace

from drafting.model import Table
from drafting.probes.model import Probe, RowEdit, TextEdit
from drafting.readmodel import SectionView

SENTENCES, ROWS = 6, 12


def excerpt(view: SectionView, place: str, row: int = 0) -> SectionView:
    """Return the picture with the sentences about a sentence and no table, or the rows about a row and no sentence.

    The picture keeps its hash: faults are made for the section and put in before it is cut.
    """
    bare = replace(view, fields=(), charts=(), missing=(), findings=(), said=(), added=(), notes=(), table_decisions={})
    if place.startswith("table:"):
        table = next(t for t in view.tables if f"table:{t.id}" == place)
        return replace(bare, sentences=(), tables=(_rows(table, row),))
    at = next((i for i, s in enumerate(view.sentences) if s.id == place), 0)
    first = max(0, min(at - SENTENCES // 2, len(view.sentences) - SENTENCES))
    shown = tuple(replace(s, state="open", author=None, reviewer=None) for s in view.sentences[first : first + SENTENCES])
    return replace(bare, sentences=shown, tables=())


def first_row(table: Table, row: int) -> int:
    """Return the row of a table, counted from 0, with which the excerpt around a row begins."""
    return max(0, min(row - ROWS // 2, len(table.rows) - ROWS))


def _rows(table: Table, row: int) -> Table:
    first = first_row(table, row)
    return replace(table, rows=table.rows[first : first + ROWS], refs=table.refs[first : first + ROWS])


def place_of(probe: Probe) -> tuple[str, int] | None:
    """Return where a fault stands, as a sentence or as a table and a row; None where it stands in both, or leaves a whole sentence out."""
    if probe.gone:
        return None
    places = {edit.subject for edit in probe.edits} or {probe.subject}
    if len({place.startswith("table:") for place in places}) > 1:
        return None
    first = probe.edits[0] if probe.edits else None
    if isinstance(first, RowEdit):
        return first.subject, first.row
    return (first.subject if isinstance(first, TextEdit) else probe.subject), 0
