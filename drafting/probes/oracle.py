"""Prove each fault again, by other means than it was made with: what cannot be proven wrong from the evidence is not planted. Pure."""

from audit.oversight.model import Family
from drafting.checks.atoms import Quantity
from drafting.checks.quantities import quantities
from drafting.model import Severity
from drafting.probes.claims import Material
from drafting.probes.model import Fault, Probe, RowEdit, TextEdit
from drafting.probes.overlay import overlay
from drafting.render import known, printed

LONGER = 0.15  # of a sentence, up to which a fault may lengthen or shorten it
FREE = frozenset({Fault.OMITTED_RECORD, Fault.OMITTED_LIMITATION})  # what is left out shortens


def proven(material: Material, probe: Probe) -> bool:
    """Tell whether the evidence contradicts the planted section, and its sources can be opened from there."""
    if not probe.sources or not all(known(ref, material.pack) for ref in probe.sources):
        return False
    if probe.family is Family.TOOL_FALSE:
        flag, sentence = probe.flag, material.sentence(probe.subject)
        return flag is not None and not sentence.findings and sentence.text[flag.start : flag.end] == flag.quote
    if probe.family is Family.TOOL_MISS:
        sentence = material.sentence(probe.subject)
        return probe.silenced and any(f.severity is Severity.WARNS for f in sentence.findings)
    return bool(probe.edits) and _stands(material, probe) and all(_wrong(material, edit) for edit in probe.edits)


def _stands(material: Material, probe: Probe) -> bool:
    """Tell whether the overlay can be put on, changes the section, and leaves its sentences about as long as they were."""
    shown = overlay(material.view, probe)
    if (shown.sentences, shown.tables) == (material.view.sentences, material.view.tables):
        return False
    lengths = {s.id: len(s.text) for s in material.view.sentences}
    within = all(abs(len(s.text) - lengths[s.id]) <= max(4, LONGER * lengths[s.id]) for s in shown.sentences)
    return within or probe.fault in FREE


def _wrong(material: Material, edit: TextEdit | RowEdit) -> bool:
    """Tell whether an edit says something else than the evidence: not the same words, and not the same quantity."""
    if edit.replacement == edit.original:
        return False
    if isinstance(edit, RowEdit):
        table = next((t for t in material.view.tables if f"table:{t.id}" == edit.subject), None)
        if table is None or edit.row >= len(table.rows):
            return False
        return edit.column < 0 or (
            table.rows[edit.row][edit.column] == edit.original and not same(edit.original, edit.replacement)
        )
    sentence = material.sentence(edit.subject)
    if sentence.text[edit.start : edit.end] != edit.original:
        return False
    said = [span for span in sentence.spans if (span.start, span.end) == (edit.start, edit.end)]
    if said:
        holds = printed(said[0].ref, material.pack)
        return holds == edit.original and not same(holds, edit.replacement)
    return not any(span.start < edit.start < span.end or span.start < edit.end < span.end for span in sentence.spans)


def same(one: str, other: str) -> bool:
    """Tell whether two texts are the same words or the same quantities, after conversion of units."""
    if one.casefold().strip() == other.casefold().strip():
        return True
    first, second = quantities(one), quantities(other)
    if not first or len(first) != len(second):
        return False
    return all(_equal(a, b) for a, b in zip(first, second, strict=True))


def _equal(one: Quantity, other: Quantity) -> bool:
    if one.low is None or (one.unit is None) is not (other.unit is None) or one.comparator != other.comparator:
        return False
    if one.unit is None:
        return (one.low, one.high) == (other.low, other.high) and one.unknown == other.unknown
    return one.within(one.unit) == other.within(one.unit)
