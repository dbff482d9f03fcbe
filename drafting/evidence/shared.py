"""What other batches share with the affected ones: lots, by genealogy over every product, equipment and time. Pure.

Those of any product that share the lot of the active substance, or a lot, equipment or sampling point that the deviation names, are
candidates that a person decides on; what shares an excipient or the month is counted and listed beside them.
"""

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Record
from drafting.evidence import listed
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.concerned import LOT, MONTHS, NEAR, Concerned, concerned, held, named
from drafting.evidence.listed import LOTS, lot_of
from drafting.evidence.scope import Loaded, months_before, span_of
from drafting.model import Fact, Table

CANDIDATES = ("Batch", "Product", "Month", "Shares", "Disposition")
GENEALOGY = ("Material", "Lot", "Affected batches", "Other batches of the product", "Batches of other products")


def candidates(loaded: Loaded, subject: Record, mine: Sequence[Record], into: Collected) -> None:
    """List the batches of every product that share the API lot of the affected ones, or a lot, equipment or sampling point named."""
    found = concerned(loaded, subject, mine)
    own_code = {b.product for b in loaded.of("batch")}
    own = [one for one in found if one.batch.product in own_code]
    others = [one for one in found if one.batch.product not in own_code]
    listed_ones = [*own, *others]
    disposed = {r.get("batch"): r for r in (*loaded.of("batch_disposition"), *loaded.disposed_elsewhere)}
    shown = [one.batch for one in listed_ones]
    into.add_records([*mine, *shown, *(disposed[b.identifier] for b in shown if b.identifier in disposed)])
    api = {lot for b in mine if (lot := lot_of(b, "api"))}
    sharing = [one for one in own if api & set(held(one.batch, LOT))]
    into.add_facts(
        [
            count_fact(
                "extent.sharing_api_lot", len(sharing), len(sharing), "batches of the product made from the same API lot"
            ),
            count_fact(
                "extent.other_products",
                len(others),
                len(others),
                "batches of other products that share what concerns this one",
            ),
            *_by_what(subject, found),
        ]
    )
    rows = tuple(
        (
            one.batch.identifier,
            one.batch.product or "-",
            one.batch.date or "",
            one.told,
            _disposition(disposed.get(one.batch.identifier)),
        )
        for one in listed_ones
    )
    if rows:
        refs = tuple(f"record:batch/{row[0]}" for row in rows)
        products = sorted({row[1] for row in rows})
        note = f"{len(rows)} batches of {len(products)} product(s): {', '.join(products)}. Equipment and sampling points: {MONTHS} months on each side of the event."
        into.tables.append(Table("sharing", "Batches that may be concerned", CANDIDATES, rows, refs, note))


def _by_what(subject: Record, found: Sequence[Concerned]) -> list[Fact]:
    """Count the batches that share each lot, equipment and sampling point that a deviation names; none is a zero of a query."""
    made = []
    for what, names in named(subject).items():
        near = f", started within {MONTHS} months of the event" if what in NEAR else ""
        for number, name in enumerate(names, start=1):
            sharing = [one for one in found if (what, name) in one.by]
            query = f"other batches of every product with {what} {name}{near}"
            key = f"extent.{what.replace(' ', '_')}_named_{number}"
            into_products = {one.batch.product for one in sharing}
            made.append(count_fact(key, len(sharing), len(sharing), query))
            made.append(
                count_fact(f"{key}_products", len(into_products), len(sharing), f"products of these batches ({what} {name})")
            )
    return made


def _disposition(record: Record | None) -> str:
    return record.get("disposition") if record else "no record"


def genealogy(loaded: Loaded, mine: Sequence[Record], into: Collected) -> None:
    """Say of each lot of the affected batches into how many others it went."""
    rows: list[tuple[str, ...]] = []
    refs: list[str] = []
    for material in LOTS:
        for lot in dict.fromkeys(lot for b in mine if (lot := lot_of(b, material))):
            shares = [
                [b.identifier for b in found if lot_of(b, material) == lot]
                for found in (
                    mine,
                    *([b for b in every if b not in mine] for every in (loaded.of("batch"), loaded.elsewhere)),
                )
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
    on = equipment_of(subject)
    events = [r for r in other_events(loaded, subject, first, last) if on & equipment_of(r)]
    months = {b.date for b in mine}
    same = [b for b in loaded.of("batch") if b.date in months and b not in mine]
    into.add_records(events)
    into.add_facts(
        [
            count_fact("extent.same_equipment", len(events), len(events), f"other deviations of any product on {', '.join(sorted(on)) or 'no equipment'} from {first} to {last}"),
            count_fact("extent.same_month", len(same), len(same), "other batches of the product started in the same month"),
        ]
    )  # fmt: skip
    if events:
        made = events_table(loaded, events)
        title = f"Deviations of any product on the same equipment, {first} to {last}"
        into.tables.append(Table("same_equipment", title, made.columns, made.rows, made.refs, made.note, made.synthetic))
    if same:
        rows = tuple((b.identifier, b.date or "", lot_of(b, "api") or "-") for b in same)
        refs = tuple(f"record:batch/{b.identifier}" for b in same)
        into.add_records(same)
        into.tables.append(
            Table("same_month", "Batches started in the same month", ("Batch", "Month", "API lot"), rows, refs)
        )
