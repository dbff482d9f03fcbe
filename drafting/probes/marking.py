"""What a mark in a challenge section finds: the sentence of a fault, the altered row of a table, or the gap that a row left. Pure."""

from audit.oversight.model import Family, Outcome
from drafting.probes.excerpt import first_row
from drafting.probes.model import Probe, RowEdit
from drafting.probes.overlay import overlay
from drafting.readmodel import SectionView


def marked(probe: Probe | None, subject: str, row: int | None, view: SectionView, place: int) -> Outcome:
    """Return the outcome of one decision: `view` is the section as it reads, `place` the row around which the excerpt of a table was cut.

    `row` counts from 0 within that excerpt; None marks the table as a whole. A mark elsewhere finds nothing; a false finding is caught by
    not following it.
    """
    if probe is None or probe.family is Family.TOOL_FALSE:
        return Outcome.MISSED if subject else Outcome.CAUGHT
    if not subject or subject not in probe.places:
        return Outcome.MISSED
    edits = [edit for edit in probe.edits if isinstance(edit, RowEdit) and edit.subject == subject]
    if row is None or not edits:
        return Outcome.CAUGHT
    table = next(t for t in overlay(view, probe).tables if f"table:{t.id}" == subject)
    return Outcome.CAUGHT if first_row(table, place) + row in _rows(edits) else Outcome.MISSED


def _rows(edits: list[RowEdit]) -> set[int]:
    """Return the rows of the picture that locate a fault: an altered one, or those beside one that was left out."""
    out = {edit.row for edit in edits if edit.column < 0}
    kept = [edit.row - sum(gone < edit.row for gone in out) for edit in edits]
    return {
        at for edit, shown in zip(edits, kept, strict=True) for at in ((shown - 1, shown) if edit.column < 0 else (shown,))
    }
