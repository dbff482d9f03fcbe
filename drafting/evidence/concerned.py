"""Which batches of any product what a deviation names may concern: by lot, by equipment and by sampling point near the event. Pure.

A lot is followed wherever it went, whenever; equipment and sampling points are followed for some months on each side of the event, since
what they touched long before or after it is another state of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.model import Record
from drafting.evidence.listed import lot_of, lots_of
from drafting.evidence.scope import Loaded, months_before, span_of

MONTHS = 3  # on each side of the event
LOT, EQUIPMENT, POINT = "lot", "equipment", "sampling point"
NAMES = {  # what a deviation names, by the fields that may hold it (lists separated by "|")
    LOT: ("lot_id", "material_lot", "lots"), EQUIPMENT: ("equipment_id",), POINT: ("sampling_point", "utility_id"),
}  # fmt: skip
HOLDS = {  # and what a batch was made from, made on or sampled at
    LOT: ("lots", "material_lots", "lot_id"), EQUIPMENT: ("equipment_id", "equipment"), POINT: ("sampling_points", "sampling_point", "utility_id"),
}  # fmt: skip
NEAR = frozenset({EQUIPMENT, POINT})  # followed in time


@dataclass(frozen=True)
class Concerned:
    """A batch that may be concerned, and by what: ("lot", "API-1-3"), ("equipment", "TP-01")."""

    batch: Record
    by: tuple[tuple[str, str], ...]

    @property
    def told(self) -> str:
        """Return what it shares, as a table prints it."""
        return ", ".join(f"{what} {name}" for what, name in self.by)


def named(subject: Record) -> dict[str, list[str]]:
    """Return the lots, equipment and sampling points that a deviation names."""
    return {what: _listed(subject, fields) for what, fields in NAMES.items()}


def held(batch: Record, what: str) -> list[str]:
    """Return the lots that went into a batch, the equipment that it was made on, or the points that were sampled for it."""
    own = _listed(batch, HOLDS[what])
    if what == LOT:
        own += lots_of(batch)
    return list(dict.fromkeys(own))


def concerned(loaded: Loaded, subject: Record, mine: Sequence[Record]) -> list[Concerned]:
    """Return the batches of every product that share the affected batches' lot of the active substance, or what the deviation names."""
    names = {what: set(found) for what, found in named(subject).items()}
    names[LOT] |= {lot for b in mine if (lot := lot_of(b, "api"))}
    day = span_of(subject)[0]
    window = (months_before(day, MONTHS), months_before(day, -MONTHS)) if day else None
    affected = {b.identifier for b in mine}
    others = (b for b in (*loaded.of("batch"), *loaded.elsewhere) if b.identifier not in affected)
    made = (Concerned(b, tuple(_shares(b, names, window))) for b in others)
    return [one for one in made if one.by]


def _shares(batch: Record, names: dict[str, set[str]], window: tuple[str, str] | None) -> Iterable[tuple[str, str]]:
    for what, wanted in names.items():
        if wanted and (what not in NEAR or _near(batch, window)):
            yield from ((what, name) for name in held(batch, what) if name in wanted)


def _near(batch: Record, window: tuple[str, str] | None) -> bool:
    """Tell whether a batch may have been started within the window; one without a date may."""
    first, last = span_of(batch)
    return window is None or not first or (first <= window[1] and last >= window[0])


def _listed(record: Record, fields: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(part.strip() for name in fields for part in record.get(name).split("|") if part.strip()))
