"""Batches that were released with a result outside its specification, and results invalidated without an assignable cause. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Measurement, Record
from drafting.evidence import listed, measured
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.measured import Limit
from drafting.evidence.scope import Loaded
from drafting.model import Fact

RELEASED = "released"


@dataclass(frozen=True)
class Outside:
    """A result outside its limit: as measured with the limit that it fails, or as an OOS record states it that nobody invalidated."""

    batch: str
    attribute: str
    result: str
    unit: str
    limit: Limit | None = None
    record: Record | None = None


def released_outside(loaded: Loaded, failing: Sequence[tuple[Measurement, Limit]], into: Collected) -> None:
    """Count the released batches with a result outside, and take each of those results in.

    A measured result stands for its OOS record; one whose record is invalidated with a cause is no result of the batch.
    """
    disposed = {r.get("batch"): r for r in listed.shown(loaded, "batch_disposition")}
    oos = listed.shown(loaded, "oos")
    settled = {
        (r.get("batch"), loaded.attribute_of(r))
        for r in oos
        if _is(r.fields, "invalidated") and not is_without_cause(r.fields)
    }
    as_measured = [
        Outside(m.batch, m.attribute, m.written, m.unit, limit)
        for m, limit in failing
        if (m.batch, m.attribute) not in settled
    ]
    known = {(one.batch, one.attribute) for one in as_measured}
    as_recorded = [
        Outside(r.get("batch"), loaded.attribute_of(r), r.get("result"), r.get("unit"), record=r)
        for r in oos
        if r.get("invalidated").lower() == "no" and (r.get("batch"), loaded.attribute_of(r)) not in known
    ]
    found = [
        one
        for one in (*as_measured, *as_recorded)
        if one.batch in disposed and disposed[one.batch].get("disposition") == RELEASED
    ]
    found.sort(key=lambda one: (one.batch, one.attribute))
    query = "released batches with a result outside the specification in force at manufacture, or an OOS record not invalidated; without results whose OOS record is invalidated with a cause"
    into.add_facts([count_fact("oos.released_outside", len({one.batch for one in found}), len(disposed), query)])
    for i, one in enumerate(found, start=1):
        record = disposed[one.batch]
        against = one.limit.record if one.limit else one.record
        into.add_records(
            [record, *([against] if against else []), *(b for b in loaded.batches if b.identifier == one.batch)]
        )
        inputs = {
            "batch": one.batch, "attribute": one.attribute, "disposition": f"batch_disposition/{record.identifier}",
            "against": f"{against.kind}/{against.identifier}" if against else "",
        }  # fmt: skip
        result = Fact(f"oos.released_{i}.result", one.result, one.result, one.unit, 1, "as written", inputs)
        into.add_facts([result, measured.name_fact(loaded, one.attribute)])


def without_cause(loaded: Loaded, into: Collected) -> None:
    """Count the OOS records that were invalidated with no assignable cause on record."""
    found = listed.shown(loaded, "oos")
    number = sum(map(is_without_cause, (r.fields for r in found)))
    into.add_facts(
        [count_fact("oos.without_cause", number, len(found), "OOS records invalidated, without an assignable cause")]
    )


def is_without_cause(fields: Mapping[str, str | None]) -> bool:
    """Tell whether the fields of an OOS record say that it was invalidated, and name no assignable cause."""
    return _is(fields, "invalidated") and not (fields.get("assignable_cause") or "").strip()


def _is(fields: Mapping[str, str | None], name: str) -> bool:
    return (fields.get(name) or "").lower() == "yes"
