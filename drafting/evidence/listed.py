"""Tables and counts of listed records: every record in scope, counted by query, with the zero said as zero. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from audit.canonical import canonical, digest
from corpus.model import Record
from drafting.evidence.kinds import LISTINGS, label
from drafting.evidence.scope import Loaded, titled
from drafting.model import Fact, Table
from drafting.statistics.basis import VERSION
from drafting.statistics.exact import rounded

NOT_RECORDED = "not recorded"  # the part of a breakdown whose records leave the category empty
IN_EVALUATION = "in evaluation"  # the part of complaints that nobody has decided on yet


def shown(loaded: Loaded, kind: str) -> list[Record]:
    """Return the records of a kind in scope that were neither excluded nor left to a person by a coarse date."""
    return [
        r
        for r in used(loaded, kind)
        if f"{kind}/{r.identifier}" not in loaded.scope.exclusions and not loaded.undecidable(r)
    ]


def used(loaded: Loaded, kind: str) -> list[Record]:
    """Return the records of a kind in scope; dispositions follow their batches, lots the batches that used them."""
    batches = {b.identifier for b in loaded.batches}
    if kind == "batch_disposition":
        return [r for r in loaded.of(kind) if r.get("batch") in batches]
    if kind == "material_lot":
        lots = {lot for b in loaded.batches for lot in lots_of(b)}
        return [r for r in loaded.of(kind) if r.identifier in lots]
    if kind == "specification":
        strengths = {b.strength for b in loaded.batches}
        mine = [r for r in loaded.of(kind) if r.get("strength") in strengths or r.get("strength") in ("", "*")]
        return [r for r in mine if _in_force(r, loaded.scope.period_from, loaded.scope.period_to)]
    return list(loaded.in_scope(kind))


def _in_force(specification: Record, first: str, last: str) -> bool:
    """Tell whether a specification was in force on any day of a period."""
    since, until = specification.get("effective_from")[:10], specification.get("effective_until")[:10]
    return since <= last and (not until or until >= first)


LOTS = {  # material, as its attributes begin -> how its lots are named, and the fields of a batch that name one
    "api": ("API", ("api_code", "api_batch")), "smcc": ("SMCC", ("smcc_batch",)), "lactose": ("LAC", ("lactose_batch",)),
    "starch": ("STA", ("starch_batch",)),
}  # fmt: skip


def lots_of(batch: Record) -> list[str]:
    """Return the material lots that a batch says went into it, by their lot numbers: that of the active substance first."""
    return [lot for material in LOTS if (lot := lot_of(batch, material))]


def lot_of(batch: Record, material: str) -> str:
    """Return the lot of a material that went into a batch; "" where the batch does not name it whole."""
    prefix, fields = LOTS[material]
    parts = [batch.get(field) for field in fields]
    return "-".join((prefix, *parts)) if all(parts) else ""


def table(kind: str, found: Sequence[Record], labels: Mapping[str, str]) -> Table:
    """Return the table of a kind's records; `labels` says how people call the attributes that they name."""
    listing = LISTINGS[kind]
    synthetic = bool(found) and all(r.document.synthetic for r in found)
    note = f"{len(found)} record{'' if len(found) == 1 else 's'} in scope." + (" Synthetic records." if synthetic else "")
    return Table(
        id=kind,
        title=listing.title,
        columns=tuple(_heading(c, found) for c in listing.columns),
        rows=tuple(tuple(_shown(r, c, labels) for c in listing.columns) for r in found),
        refs=tuple(f"record:{kind}/{r.identifier}" for r in found),
        note=note,
        synthetic=synthetic,
    )


def _heading(column: str, found: Sequence[Record]) -> str:
    """Return a column's heading, with the unit that its source states for all of it."""
    units = {r.document.units.get(column, "") for r in found}
    unit = units.pop() if len(units) == 1 else ""
    return f"{label(column)} ({unit})" if unit else label(column)


def _shown(record: Record, column: str, labels: Mapping[str, str]) -> str:
    written = record.get(column)
    return titled(labels.get(written, ""), written) if column == "attribute" else written


def _category(loaded: Loaded, record: Record, column: str) -> str:
    """Return the part that a record counts in; a complaint that is not closed is neither confirmed nor not, unless it says that it is."""
    written = (loaded.attribute_of(record) if column == "attribute" else record.get(column)) or NOT_RECORDED
    undecided = record.kind == "complaint" and column == "confirmed" and "closed_on" in record.fields
    return IN_EVALUATION if undecided and not record.get("closed_on") and written != "yes" else written


def counts(loaded: Loaded, kind: str, found: Sequence[Record]) -> list[Fact]:
    """Return the number of records of a kind, and by each counted category: those that state none too, so that the parts add up."""
    inputs = {
        "query": f"{kind} of product {loaded.scope.product}, {loaded.scope.period_from} to {loaded.scope.period_to}",
        "hash": digest(canonical([r.identifier for r in found])),
    }

    def fact(name: str, number: int) -> Fact:
        return Fact(f"{kind}.{name}", str(number), str(number), "", len(found), f"count v{VERSION}", inputs)

    made = [fact("count", len(found))]
    for column in LISTINGS[kind].counted:
        for value, number in sorted(Counter(_category(loaded, r, column) for r in found).items()):
            made.append(fact(f"{column}.{value.replace(' ', '_')}", number))
    return made


def rate(loaded: Loaded, kind: str, found: Sequence[Record]) -> list[Fact]:
    """Return the rate of a kind per hundred batches made; nothing where no batch was made."""
    if not loaded.batches:
        return []
    value = Decimal(100 * len(found)) / Decimal(len(loaded.batches))
    inputs = {"numerator": f"{kind}.count", "denominator": "census.made"}
    return [
        Fact(
            f"{kind}.rate",
            str(rounded(value, 1)),
            str(value),
            "per 100 batches",
            len(loaded.batches),
            f"rate v{VERSION}",
            inputs,
        )
    ]


def overdue(loaded: Loaded, found: Sequence[Record]) -> list[Record]:
    """Return CAPAs that were open past their due date at the end of the period; what is due on its last day is not past it."""
    end = loaded.scope.period_to
    return [r for r in found if r.get("due_on") and r.get("due_on") < end and (r.get("closed_on") or "9999") > end]
