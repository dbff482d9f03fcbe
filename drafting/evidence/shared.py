"""What other batches share with the affected ones: lots, by genealogy over every product, equipment and time. Pure.

Those that share the lot of the active substance, of this product or another, are candidates that a person decides on; what shares an
excipient, equipment or the month is counted and listed beside them.
"""

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Record
from drafting.evidence import listed
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.listed import LOTS, lot_of
from drafting.evidence.scope import Loaded, months_before, span_of
from drafting.model import Table

MONTHS = 3  # on each side of the event, in which another event on the same equipment is looked for
CANDIDATES = ("Batch", "Product", "Month", "API lot", "Disposition")
GENEALOGY = ("Material", "Lot", "Affected batches", "Other batches of the product", "Batches of other products")


def candidates(loaded: Loaded, mine: Sequence[Record], into: Collected) -> None:
    """List the batches of every product that were made from the same lot of the active substance."""
    api = {lot_of(b, "api") for b in mine}
    own = [b for b in loaded.of("batch") if b not in mine and lot_of(b, "api") in api]
    others = [b for b in loaded.elsewhere if lot_of(b, "api") in api]
    disposed = {r.get("batch"): r for r in loaded.of("batch_disposition")}
    into.add_records([*mine, *own, *others, *(disposed[b.identifier] for b in own if b.identifier in disposed)])
    into.add_facts(
        [
            count_fact("extent.sharing_api_lot", len(own), len(own), "batches of the product made from the same API lot"),
            count_fact(
                "extent.other_products", len(others), len(others), "batches of other products made from the same API lot"
            ),
        ]
    )
    rows = tuple(
        (
            b.identifier,
            b.product or "-",
            b.date or "",
            lot_of(b, "api"),
            _disposition(disposed.get(b.identifier), own=b in own),
        )
        for b in (*own, *others)
    )
    if rows:
        refs = tuple(f"record:batch/{row[0]}" for row in rows)
        into.tables.append(Table("sharing", "Batches from the same API lot", CANDIDATES, rows, refs))


def _disposition(record: Record | None, *, own: bool) -> str:
    return record.get("disposition") if record else "no record" if own else "see the other product"


def genealogy(loaded: Loaded, mine: Sequence[Record], into: Collected) -> None:
    """Say of each lot of the affected batches into how many others it went."""
    rows: list[tuple[str, ...]] = []
    refs: list[str] = []
    for material in LOTS:
        for lot in dict.fromkeys(lot_of(b, material) for b in mine):
            shares = [
                [b.identifier for b in found if lot_of(b, material) == lot]
                for found in (mine, [b for b in loaded.of("batch") if b not in mine], loaded.elsewhere)
            ]
            name = f"extent.lot_{material}_{len(rows) + 1}"
            query = f"batches of the product that used lot {lot}"
            into.add_facts([count_fact(name, len(shares[1]), len(shares[1]), query)])
            rows.append((material, lot, ", ".join(shares[0]), _many(shares[1]), _many(shares[2])))
            refs.append(f"fact:{name}")
    if rows:
        into.tables.append(
            Table("genealogy", "Lots of the affected batches, and where else they went", GENEALOGY, tuple(rows), tuple(refs))
        )


def _many(found: Sequence[str]) -> str:
    return f"{len(found)}: {found[0]} to {found[-1]}" if len(found) > 1 else ", ".join(found) or "0"


def other_events(loaded: Loaded, subject: Record, first: str, last: str) -> list[Record]:
    """Return the deviations of every product that began on these days, without the one reported on, in order of their days."""
    found = [r for r in (*loaded.of("deviation"), *loaded.events_elsewhere) if r.identifier != subject.identifier]
    return sorted((r for r in found if first <= span_of(r)[0] <= last), key=lambda r: (span_of(r)[0], r.identifier))


def equipment_of(record: Record) -> set[str]:
    """Return the equipment that a deviation names."""
    return set(filter(None, record.get("equipment_id").split("|")))


def events_table(loaded: Loaded, events: Sequence[Record]) -> Table:
    """Return the table of deviations of several products, each with its product."""
    made = listed.table("deviation", events, loaded.labels)
    rows = tuple((row[0], r.product or "-", *row[1:]) for r, row in zip(events, made.rows, strict=True))
    return replace(made, columns=(made.columns[0], "Product", *made.columns[1:]), rows=rows)


def equipment_and_time(loaded: Loaded, subject: Record, mine: Sequence[Record], into: Collected) -> None:
    """List other events on the same equipment near the event, and count the batches started in the same months."""
    day = span_of(subject)[0]
    first, last = months_before(day, MONTHS), months_before(day, -MONTHS)
    named = equipment_of(subject)
    events = [r for r in other_events(loaded, subject, first, last) if named & equipment_of(r)]
    months = {b.date for b in mine}
    same = [b for b in loaded.of("batch") if b.date in months and b not in mine]
    into.add_records(events)
    into.add_facts(
        [
            count_fact("extent.same_equipment", len(events), len(events), f"other deviations of any product on {', '.join(sorted(named)) or 'no equipment'} from {first} to {last}"),
            count_fact("extent.same_month", len(same), len(same), "other batches of the product started in the same month"),
        ]
    )  # fmt: skip
    if events:
        made = events_table(loaded, events)
        title = f"Deviations of any product on the same equipment, {first} to {last}"
        into.tables.append(Table("same_equipment", title, made.columns, made.rows, made.refs, made.note, made.synthetic))
    if same:
        rows = tuple((b.identifier, b.date or "", lot_of(b, "api")) for b in same)
        refs = tuple(f"record:batch/{b.identifier}" for b in same)
        into.add_records(same)
        into.tables.append(
            Table("same_month", "Batches started in the same month", ("Batch", "Month", "API lot"), rows, refs)
        )
