"""What has a date by which it is due: overdue at the end of the period, due soon, in order of that date. Pure.

What is due on the last day of the period has that day still: it is due soon, and not overdue.
"""

from collections.abc import Sequence

from corpus.model import Record
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.kinds import LISTINGS, label
from drafting.evidence.scope import Loaded, months_before
from drafting.model import Fact, Table

DUE: dict[str, tuple[str, ...]] = {  # kind: the fields that say by when
    "equipment": ("requalification_due", "calibration_due"), "validation": ("next_due",), "agreement": ("expires_on",),
    "commitment": ("due_on",), "previous_action": ("due_on",),
}  # fmt: skip
SETTLED = (
    "done",
    "fulfilled",
    "closed",
    "completed",
    "withdrawn",
    "retired",
    "terminated",
    "cancelled",
)  # states to which no date applies
SOON_MONTHS = 3


def due(loaded: Loaded, kind: str, found: Sequence[Record], into: Collected) -> None:
    """Count what was overdue at the end of the period and what is due soon after, and list both."""
    end = loaded.scope.period_to
    later = months_before(end, -SOON_MONTHS)
    states: dict[str, list[tuple[str, str, Record]]] = {"overdue": [], "due_soon": []}
    for name in DUE.get(kind, ()):
        late: list[tuple[str, str, Record]] = []
        soon: list[tuple[str, str, Record]] = []
        for r in found:
            day = r.get(name)[:10]
            if day and not _settled(r) and day <= later:
                (late if day < end else soon).append((day, name, r))
        states["overdue"] += late
        states["due_soon"] += soon
        if len(DUE[kind]) > 1:
            query = f"{name} before the last day of the period, and not settled"
            into.add_facts([count_fact(f"{kind}.{name.removesuffix('_due')}_overdue", len(late), len(found), query)])
    for state, listed in states.items():
        query = f"not settled, by its date: {'before' if state == 'overdue' else 'from'} {end}" + (
            "" if state == "overdue" else f" until {later}"
        )
        into.add_facts([count_fact(f"{kind}.{state}", len(listed), len(found), query)])
    days = (("report.period_to", end, "as asked"), (f"{kind}.soon_until", later, f"{SOON_MONTHS} months after the period"))
    into.add_facts([Fact(name, day, day, "", 0, method, {}) for name, day, method in days])
    rows = [
        (day, name, r, state)
        for state, listed in states.items()
        for day, name, r in sorted(listed, key=lambda x: (x[0], x[2].identifier))
    ]
    if rows:
        columns = (label(f"{kind}_id"), "What is due", "By", f"On {end}")
        texts = tuple((r.identifier, label(name), day, state.replace("_", " ")) for day, name, r, state in rows)
        note = f"Overdue: due before {end}. Due soon: due from {end} until {later}."
        refs = tuple(f"record:{kind}/{r.identifier}" for _, _, r, _ in rows)
        into.tables.append(Table(f"due.{kind}", f"{LISTINGS[kind].title}: overdue and due soon", columns, texts, refs, note))


def _settled(record: Record) -> bool:
    status = record.get("status").lower()
    return any(status.startswith(state) for state in SETTLED)
