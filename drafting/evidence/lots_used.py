"""Into which batches of the period each lot went, and which went in though they were rejected or of a supplier that is not approved. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.model import Record
from drafting.evidence import listed
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.scope import Loaded
from drafting.model import Table

KIND = "material_lot"
MOST_LISTED = 6  # batches of one lot in a cell of the table
REFUSED = ("not ", "un", "rejected", "blocked", "suspended", "disqualified", "expired", "withdrawn")  # how a status begins


def is_rejected(lot: Record) -> bool:
    """Tell whether a lot was rejected."""
    return lot.get("disposition").lower().startswith("reject")


def is_not_approved(lot: Record) -> bool:
    """Tell whether the supplier of a lot is recorded as anything that says not approved."""
    return lot.get("supplier_status").strip().lower().startswith(REFUSED)


def used(loaded: Loaded, into: Collected) -> None:
    """Link the lots of the table to their batches, and count those that should not have gone into one."""
    lots = listed.shown(loaded, KIND)
    batches = {lot.identifier: [b for b in loaded.batches if lot.identifier in listed.lots_of(b)] for lot in lots}
    into.tables[:] = [_linked(t, batches) if t.id == KIND else t for t in into.tables]
    unfit = [lot for lot in lots if is_rejected(lot) or is_not_approved(lot)]
    whole = "lots that went into batches of the period, {}"
    into.add_facts(
        [
            count_fact("lots.rejected_used", sum(map(is_rejected, lots)), len(lots), whole.format("with disposition rejected")),
            count_fact("lots.not_approved_used", sum(map(is_not_approved, lots)), len(lots), whole.format("of a supplier recorded as not approved")),
        ]
    )  # fmt: skip
    disposed = {r.get("batch"): r for r in listed.shown(loaded, "batch_disposition")}
    for i, lot in enumerate(unfit, start=1):
        mine = batches[lot.identifier]
        released = [b for b in mine if b.identifier in disposed and disposed[b.identifier].get("disposition") == "released"]
        decided = {b.identifier: disposed[b.identifier] for b in mine if b.identifier in disposed}
        into.add_records([*mine, *decided.values()])
        told = {batch: f"batch_disposition/{r.identifier}" for batch, r in decided.items() if r.get("disposition")}
        query = f"batches of the period that used lot {lot.identifier}"
        for stat, found in (("batches", mine), ("released", released)):
            made = count_fact(f"lots.used_{i}.{stat}", len(found), len(mine), query)
            inputs = {
                **made.inputs,
                "lot": f"{KIND}/{lot.identifier}",
                "batches": [b.identifier for b in found],
                "disposed": told,
            }
            into.add_facts([replace(made, inputs=inputs)])


def _linked(table: Table, batches: Mapping[str, Sequence[Record]]) -> Table:
    """Return the table of lots with the batches of each."""
    rows = tuple(
        (*row, _told([b.identifier for b in batches.get(ref.rpartition("/")[2], ())]))
        for row, ref in zip(table.rows, table.refs, strict=True)
    )
    return replace(table, columns=(*table.columns, "Batches"), rows=rows)


def _told(found: Sequence[str]) -> str:
    return f"{len(found)}: {found[0]} to {found[-1]}" if len(found) > MOST_LISTED else ", ".join(found) or "-"
