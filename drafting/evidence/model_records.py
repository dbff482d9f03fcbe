"""Records of models in use, read for counting: predictions of digital twins, runs of automated visual inspection, versions. Pure.

A record that cannot be true (more found than presented, more rejected than inspected) is told and counted nowhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby, pairwise
from typing import Generic, Protocol, TypeVar

from corpus.model import Record

PREDICTION, INSPECTION = "model_prediction", "inspection_run"
SUBJECTS = {PREDICTION: "model_id", INSPECTION: "machine"}  # field that names whose version it is
DAYS = {PREDICTION: "predicted_on", INSPECTION: "run_on"}
PARTS = (  # of an inspection run: what cannot exceed what
    ("units_rejected", "units_inspected"), ("false_rejects", "units_rejected"), ("kit_found", "kit_presented"),
    ("human_found", "human_presented"),
)  # fmt: skip


class Held(Protocol):
    """A record of the store, or one as evidence of a section."""

    @property
    def kind(self) -> str:
        """Return the record's kind."""

    @property
    def identifier(self) -> str:
        """Return the record's identifier."""

    @property
    def fields(self) -> Mapping[str, str | None]:
        """Return its fields as written."""


H = TypeVar("H", bound=Held)


@dataclass(frozen=True)
class Stretch(Generic[H]):
    """Consecutive records of one model or machine under one version, in order of their day."""

    subject: str
    version: str
    records: tuple[H, ...]

    @property
    def first(self) -> H:
        """Return the record of its first use."""
        return self.records[0]

    @property
    def change(self) -> str:
        """Return the change control that its records name, "" where none does."""
        return next((name for record in self.records if (name := text(record, "change_id"))), "")


@dataclass(frozen=True)
class VersionChange(Generic[H]):
    """A version that came in the place of another."""

    before: Stretch[H]
    after: Stretch[H]


@dataclass(frozen=True)
class Prediction:
    """A prediction with its error, predicted less measured; None while nothing was measured."""

    record: Record
    key: str  # of model and attribute
    version: str
    error: Decimal | None
    limit: Decimal | None


@dataclass(frozen=True)
class Run:
    """An inspection run in numbers; what the record leaves empty is None."""

    record: Record
    key: str  # of the machine
    version: str
    numbers: Mapping[str, int | None]


def text(record: Held, name: str) -> str:
    """Return a field, "" where it is empty."""
    return (record.fields.get(name) or "").strip()


def name_of(key: str, *parts: str) -> str:
    """Return the name below `key` under which figures of a model, machine or version are kept."""
    return ".".join([key, *(re.sub(r"[^\w-]+", "_", part) for part in parts)])


def in_order(records: Iterable[H]) -> list[H]:
    """Return records of one kind in order of their day, then of their identifier."""
    return sorted(records, key=lambda r: (text(r, DAYS[r.kind]), r.identifier))


def stretches(records: Iterable[H]) -> dict[str, list[Stretch[H]]]:
    """Return for each model or machine its versions in the order of their use; one that comes back is another stretch."""
    by_subject: dict[str, list[H]] = {}
    for record in in_order(records):
        by_subject.setdefault(text(record, SUBJECTS[record.kind]), []).append(record)
    return {
        subject: [
            Stretch(subject, version, tuple(run)) for version, run in groupby(found, lambda r: text(r, "model_version"))
        ]
        for subject, found in by_subject.items()
    }


def version_changes(records: Iterable[H]) -> Iterator[VersionChange[H]]:
    """Yield each version that followed another, of predictions and of runs."""
    held = [r for r in records if r.kind in SUBJECTS]
    for kind in SUBJECTS:
        for found in stretches(r for r in held if r.kind == kind).values():
            yield from (VersionChange(*pair) for pair in pairwise(found))


def trouble(change: VersionChange[H], controls: Mapping[str, Held]) -> str:
    """Say what is wrong with the change control of a version, by the change controls on record; "" where nothing is."""
    named, day = change.after.change, text(change.after.first, DAYS[change.after.first.kind])
    if not named:
        return "names no change control"
    if named not in controls:
        return f"names {named}, which is no change control on record"
    effective = text(controls[named], "effective_on")
    if not effective:
        return f"names {named}, which is not recorded as effective"
    return f"was used on {day}, before {named} was effective ({effective})" if day < effective else ""


def prediction(record: Record) -> Prediction | str:
    """Read a prediction; return what is wrong with it where it cannot be counted."""
    predicted, measured, limit = (_decimal(text(record, n)) for n in ("predicted", "measured", "error_limit"))
    if predicted is None:
        return f"{record.identifier} states no prediction that is a number."
    if text(record, "measured") and measured is None:
        return f"{record.identifier} states a measured result that is no number."
    if limit is not None and limit < 0:
        return f"{record.identifier} states a limit of error below zero."
    key = name_of("twin", text(record, "model_id"), text(record, "attribute"))
    error = None if measured is None else predicted - measured
    return Prediction(record, key, text(record, "model_version"), error, limit)


def run(record: Record) -> Run | str:
    """Read an inspection run; return what is wrong with it where it cannot be true."""
    names = dict.fromkeys(name for pair in PARTS for name in pair)
    numbers = {name: int(written) if (written := text(record, name)).isdecimal() else None for name in names}
    if not numbers["units_inspected"] or numbers["units_rejected"] is None:
        return f"{record.identifier} does not state how many units were inspected and rejected."
    for part, whole in PARTS:
        some, every = numbers[part], numbers[whole]
        if some is not None and (every is None or some > every):
            told = "none stated" if every is None else every
            return f"{record.identifier} cannot be true: {_words(part)} {some}, {_words(whole)} {told}."
    return Run(record, name_of("inspection", text(record, "machine")), text(record, "model_version"), numbers)


def kits(runs: Sequence[Run]) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Return the human baseline (found, presented) of each named kit, each once, and the kits of which the records state several."""
    said: dict[str, set[tuple[int, int]]] = {}
    for one in runs:
        found, presented = one.numbers["human_found"], one.numbers["human_presented"]
        if found is not None and presented and (kit := text(one.record, "kit_id")):
            said.setdefault(kit, set()).add((found, presented))
    several = sorted(kit for kit, baselines in said.items() if len(baselines) > 1)
    return {kit: next(iter(b)) for kit, b in said.items() if len(b) == 1}, several


def _words(name: str) -> str:
    return name.replace("_", " ")


def _decimal(written: str) -> Decimal | None:
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
