"""Complaints that share a batch and a category: whether they have one cause is for a person to say. Pure."""

from corpus.model import Record
from drafting.evidence import listed
from drafting.evidence.collected import Collected
from drafting.evidence.scope import Loaded
from drafting.model import Table

COLUMNS = ("Batch", "Category", "Complaint", "Received on", "Description as recorded", "Confirmed as recorded")


def shared(loaded: Loaded, into: Collected) -> None:
    """List the complaints of the period that have a batch and a category in common."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for r in listed.shown(loaded, "complaint"):
        if r.get("batch") and r.get("category"):
            groups.setdefault((r.get("batch"), r.get("category")), []).append(r)
    found = [r for _, mine in sorted(groups.items()) for r in mine if len(mine) > 1]
    if found:
        names = ("batch", "category", "complaint_id", "received_on", "description", "confirmed")
        rows = tuple(tuple(r.identifier if n == "complaint_id" else r.get(n) or "-" for n in names) for r in found)
        refs = tuple(f"record:complaint/{r.identifier}" for r in found)
        into.tables.append(Table("same_defect", "Complaints of one batch and one category", COLUMNS, rows, refs))
