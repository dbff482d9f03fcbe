"""The builder of a section that lists a record kind: its table and counts, and the statistics that belong to the kind. Pure."""

from collections.abc import Callable, Sequence

from corpus.model import Record
from drafting.evidence import changed, counted, late, listed, lots, measured, same_defect, shelf_life
from drafting.evidence.collected import Builder, Collected, count_fact
from drafting.evidence.due import DUE, due
from drafting.evidence.scope import Loaded

NAMING = ("oos", "oot")  # their sentences name an attribute
RATED = ("deviation", "oos", "complaint", "oot")  # for the batches made


def _excursions(loaded: Loaded, into: Collected) -> None:
    """Add up the excursions that the summaries of utilities record."""
    found = listed.shown(loaded, "utility")
    for level in ("alert", "action"):
        written = [r.get(f"{level}_excursions") for r in found]
        number = sum(int(text) for text in written if text.isdecimal())
        into.add_facts(
            [count_fact(f"excursions.{level}", number, len(found), f"{level}_excursions of the summaries, added up")]
        )


FURTHER: dict[str, Callable[[Loaded, Collected], None]] = {
    "capa": late.capas,
    "change_control": changed.effects,
    "complaint": same_defect.shared,
    "deviation": late.deviations,
    "utility": _excursions,
    "material_lot": lots.reviewed,
    "stability_result": shelf_life.studied,
}


def listing(kind: str) -> Builder:
    """Return the builder that lists a record kind: table, counts, rate, the records themselves, and what its statistics say."""

    def build(loaded: Loaded, into: Collected) -> None:
        found = listed.shown(loaded, kind)
        into.add_records(found)
        into.add_facts(listed.counts(loaded, kind, found))
        if kind in NAMING:
            into.add_facts([measured.name_fact(loaded, a) for r in found if (a := r.get("attribute"))])
        if kind in RATED:
            into.add_facts(listed.rate(loaded, kind, found))
        if found:
            into.tables.append(listed.table(kind, found, loaded.labels))
        _statistics(loaded, kind, found, into)

    return build


def _statistics(loaded: Loaded, kind: str, found: Sequence[Record], into: Collected) -> None:
    if kind in RATED and kind != "complaint":
        counted.by_batches(loaded, kind, found, into)
    counted.pareto(loaded, kind, found, into)
    counted.closing(loaded, kind, found, into)
    if kind in DUE:
        due(loaded, kind, found, into)
    if kind in FURTHER:
        FURTHER[kind](loaded, into)
