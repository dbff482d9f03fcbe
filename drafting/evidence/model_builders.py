"""Builders of the section on models in use, by name: predictions of digital twins, inspection runs, changes of version. Pure.

The limits of control charts are those of the first version on record (phase I), where it has enough runs: what a later version does is held
against what was there before it. Models are reported on from their records alone.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from corpus.model import Record
from drafting.evidence import listed, model_errors, model_inspections
from drafting.evidence.collected import Builder, Collected, count_fact
from drafting.evidence.model_records import (
    DAYS,
    INSPECTION,
    PREDICTION,
    SUBJECTS,
    Prediction,
    Run,
    VersionChange,
    in_order,
    prediction,
    run,
    text,
    trouble,
    version_changes,
)
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Table

Read = TypeVar("Read", Prediction, Run)
MOST_NAMED = 10


def predictions(loaded: Loaded, into: Collected) -> None:
    """Prediction errors by model, attribute and version: statistics, charts, drift, share within the stated limit of error."""
    shown = _counted(loaded, PREDICTION, into)
    read = _read(_history(loaded, PREDICTION), prediction, into, shown)
    by_key: dict[str, list[Prediction]] = {}
    for one in read:
        by_key.setdefault(one.key, []).append(one)
    rows: list[tuple[str, ...]] = []
    refs: list[str] = []
    for key, found in by_key.items():
        units = {text(p.record, "unit") for p in found}
        if len(units) > 1:
            into.notes.append(
                f"{key}: predictions are stated in several units ({', '.join(sorted(units))}); none is counted."
            )
            continue
        inside = [p for p in found if p.record.identifier in shown]
        if inside:
            model_errors.add(loaded, into, key, found, inside)
            rows += model_errors.rows(into, key, inside)
            refs += model_errors.refs(key, inside)
    if rows:
        into.tables.append(
            Table("model_prediction.versions", "Errors of prediction by version", model_errors.COLUMNS, tuple(rows), tuple(refs),
                  model_errors.NOTE, _synthetic(shown.values()))
        )  # fmt: skip
    _beyond(loaded, into, shown)
    into.notes += _measured_elsewhere(loaded, [p for p in read if p.record.identifier in shown])


def inspections(loaded: Loaded, into: Collected) -> None:
    """Inspection runs by machine and version: rejects, false rejects on re-inspection, seeded defects found beside people."""
    shown = _counted(loaded, INSPECTION, into)
    read = _read(_history(loaded, INSPECTION), run, into, shown)
    by_key: dict[str, list[Run]] = {}
    for one in read:
        by_key.setdefault(one.key, []).append(one)
    for key, found in by_key.items():
        inside = [r for r in found if r.record.identifier in shown]
        if inside:
            model_inspections.add(loaded, into, key, found, inside)
    model_inspections.add_tables(
        into, [r for r in read if r.record.identifier in shown], synthetic=_synthetic(shown.values())
    )
    kit_runs = [r for r in shown.values() if text(r, "kit_presented")]
    _list(loaded, into, INSPECTION, "kit_runs", "Runs with seeded defects", kit_runs)


def model_changes(loaded: Loaded, into: Collected) -> None:
    """Versions that came into use in the period, each with its change control; the check blocks where one has none."""
    found = changes_of_period(loaded)
    controls = {r.identifier: r for r in loaded.of("change_control")}
    rows, refs, without = [], [], 0
    for change in found:
        first, named = change.after.first, change.after.change
        control = controls.get(named)
        into.add_records([r for r in (change.before.records[-1], first, control) if r])
        told = trouble(change, controls)
        without += bool(told)
        rows.append(
            (change.after.subject, change.before.version, change.after.version, text(first, DAYS[first.kind]), text(first, "batch"),
             named or "none", control.get("title") if control else "", control.get("effective_on") if control else "",
             f"Its record {told}." if told else "in order")
        )  # fmt: skip
        refs.append(f"record:{first.kind}/{first.identifier}")
    query = f"records of models of product {loaded.scope.product} by day: a version that follows another in the period"
    into.add_facts(
        [
            count_fact("model_versions.changed", len(found), len(found), query),
            count_fact("model_versions.without_control", without, len(found), "changes of version whose change control is not in order"),
        ]
    )  # fmt: skip
    if rows:
        columns = ("Model or machine", "Before", "Version", "First used", "Batch", "Change control", "Title", "Effective on", "State")  # fmt: skip
        synthetic = _synthetic(r for c in found for r in c.after.records)
        into.tables.append(
            Table("model_changes", "Changes of version", columns, tuple(rows), tuple(refs), synthetic=synthetic)
        )


def changes_of_period(loaded: Loaded) -> list[VersionChange[Record]]:
    """Return the changes of version whose first use lies in the period."""
    held = [r for kind in SUBJECTS for r in _history(loaded, kind)]
    inside = {(r.kind, r.identifier) for kind in SUBJECTS for r in listed.shown(loaded, kind)}
    return [c for c in version_changes(held) if (c.after.first.kind, c.after.first.identifier) in inside]


def _history(loaded: Loaded, kind: str) -> list[Record]:
    """Return what is on record up to the end of the period, in order of its day; excluded and undecidable records are left out."""
    usable = [
        r for r in loaded.of(kind)
        if span_of(r)[1] <= loaded.scope.period_to and not loaded.undecidable(r) and f"{kind}/{r.identifier}" not in loaded.scope.exclusions
    ]  # fmt: skip
    return in_order(usable)


def _counted(loaded: Loaded, kind: str, into: Collected) -> dict[str, Record]:
    """Take in the records of the period with their counts, and say which versions are not locked."""
    found = listed.shown(loaded, kind)
    into.add_records(found)
    into.add_facts(listed.counts(loaded, kind, found))
    unlocked: dict[tuple[str, str], int] = {}
    for r in found:
        if text(r, "locked") != "yes":
            version = (text(r, SUBJECTS[kind]), text(r, "model_version"))
            unlocked[version] = unlocked.get(version, 0) + 1
    query = f"versions of {kind} records in scope that are not recorded as locked"
    into.add_facts([count_fact(f"{kind}.unlocked_versions", len(unlocked), len(found), query)])
    into.notes += [
        f"{subject} version {version} is not recorded as locked ({number} records): it may have changed between them."
        for (subject, version), number in sorted(unlocked.items())
    ]
    return {r.identifier: r for r in found}


def _read(
    history: Iterable[Record], reader: Callable[[Record], Read | str], into: Collected, shown: dict[str, Record]
) -> list[Read]:
    read: list[Read] = []
    for record in history:
        made = reader(record)
        if not isinstance(made, str):
            read.append(made)
        elif record.identifier in shown:
            into.notes.append(f"{made} It is counted in no figure.")
    return read


def _beyond(loaded: Loaded, into: Collected, shown: dict[str, Record]) -> None:
    """List the predictions of the period whose error exceeds the limit stated with them."""
    read = [p for p in map(prediction, shown.values()) if isinstance(p, Prediction)]
    far = [shown[p.record.identifier] for p in read if model_errors.beyond(p)]
    _list(loaded, into, PREDICTION, "beyond", "Predictions in error beyond the stated limit", far)


def _list(loaded: Loaded, into: Collected, kind: str, name: str, title: str, found: Sequence[Record]) -> None:
    if found:
        made = listed.table(kind, found, loaded.labels)
        into.tables.append(Table(f"{kind}.{name}", title, made.columns, made.rows, made.refs, made.note, made.synthetic))


def _measured_elsewhere(loaded: Loaded, read: Sequence[Prediction]) -> list[str]:
    """Say where a prediction calls measured what the batch's own result is not."""
    own = {(m.batch, m.attribute): m for found in loaded.measurements.values() for m in found if m.value is not None}
    differing = []
    for p in read:
        measurement = own.get((text(p.record, "batch"), text(p.record, "attribute")))
        if measurement and p.error is not None and measurement.value != Decimal(text(p.record, "measured")):
            differing.append(
                f"{p.record.identifier} ({text(p.record, 'measured')}; {measurement.locator}: {measurement.literal})"
            )
    if not differing:
        return []
    rest = f" and {len(differing) - MOST_NAMED} more" if len(differing) > MOST_NAMED else ""
    return [f"Predictions state another measured result than the batch's own: {'; '.join(differing[:MOST_NAMED])}{rest}."]


def _synthetic(found: Iterable[Record]) -> bool:
    held = list(found)
    return bool(held) and all(r.document.synthetic for r in held)


MODEL_BUILDERS: dict[str, Builder] = {
    "predictions": predictions,
    "inspections": inspections,
    "model_changes": model_changes,
}
