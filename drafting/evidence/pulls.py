"""Pulls of stability studies that have no row, and results whose own limit is looser than the specification in force. Pure.

A study is held against others at the same condition: what they have at a month at which it has no row counts as without a row only where
both went by one schedule so far, since a batch that is tested once a year has none in between.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from corpus.model import Record
from drafting.evidence import listed, measured
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.measured import Limit
from drafting.evidence.scope import Loaded, months_before, span_of
from drafting.model import Fact, Table
from drafting.statistics.basis import VERSION

KIND = "stability_result"
MOST_DIGITS = 12  # before the decimal mark
LONGEST = 240  # months of a study; more is no month
LOOSER = ("Attribute", "Limit of the rows", "Specification", "In force from", "Results", "Outside the specification")
ABSENT = ("Study", "Batch", "Condition", "Month", "Due", "Other studies with that month")


class Absent(NamedTuple):
    """A month of a study without a row: a row of the study, the month, the day on which it was due, and how many others have it."""

    row: Record
    month: int
    due: str
    others: int


def number(text: str) -> Decimal | None:
    """Return a number as written; None for anything else, and for one that no study can have."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value.adjusted() < MOST_DIGITS else None


def without_a_row(loaded: Loaded, into: Collected) -> None:
    """Count the pulls that were due in the period and have no row, and list them."""
    found = absent(loaded)
    query = "pulls due in the period without a row, at a month that another study at the same condition has"
    into.add_facts([count_fact("pulls.absent", len(found), len(found), query)])
    if not found:
        return
    into.add_records([one.row for one in found])
    for i, one in enumerate(found, start=1):
        name, inputs = f"pulls.absent_{i}", {"row": f"{KIND}/{one.row.identifier}", "query": query}
        into.add_facts(
            [
                Fact(f"{name}.month", str(one.month), str(one.month), "months", one.others, f"month v{VERSION}", inputs),
                Fact(f"{name}.due", one.due, one.due, "", one.others, "by the dates of the study's own pulls", inputs),
            ]
        )
    rows = tuple(
        (*(one.row.get(field) for field in ("study_id", "batch", "condition")), str(one.month), one.due, str(one.others))
        for one in found
    )
    refs = tuple(f"record:{KIND}/{one.row.identifier}" for one in found)
    note = (
        "Whether a pull was planned stands in the protocol of the study; the reference of a row is another row of the study."
    )
    into.tables.append(Table("stability.absent", "Pulls without a row", ABSENT, rows, refs, note))
    into.notes += [
        f"Study {r.get('study_id')}, batch {r.get('batch')}, has no row for month {month} (due {due}), which {others} other stud{'ies' if others > 1 else 'y'} at the same condition {'have' if others > 1 else 'has'}."
        for r, month, due, others in found
    ]


def absent(loaded: Loaded) -> list[Absent]:
    """Return the pulls that were due in the period and have no row, not even one that says that they were missed."""
    studies: dict[tuple[str, str, str], list[Record]] = {}
    for r in loaded.of(KIND):
        if f"{KIND}/{r.identifier}" not in loaded.scope.exclusions:
            studies.setdefault((r.get("study_id"), r.get("batch"), r.get("condition")), []).append(r)
    months = {key: sorted({m for r in rows if (m := _month(r)) is not None}) for key, rows in studies.items()}
    made = []
    for key, rows in studies.items():
        others = [ms for other, ms in months.items() if other != key and other[2] == key[2]]
        for month in sorted({m for ms in others for m in ms} - set(months[key])):
            having = sum(_expects(ms, months[key], month) for ms in others)
            due = _due(rows, month)
            if having and loaded.scope.period_from <= due <= loaded.scope.period_to:
                made.append(Absent(rows[0], month, due, having))
    return sorted(made, key=lambda one: (one.due, one.row.identifier))


def _month(result: Record) -> int | None:
    """Return the whole month at which a result was pulled; None for any other text."""
    month = number(result.get("month"))
    return int(month) if month is not None and 0 <= month <= LONGEST and month == int(month) else None


def _expects(schedule: Sequence[int], own: Sequence[int], month: int) -> bool:
    """Tell whether a study with these months would have had this one too, if it goes by the schedule of another that has it."""
    if month not in schedule or not own:
        return False
    if month > own[-1]:
        return {m for m in schedule if m <= own[-1]} <= set(own)
    at = schedule.index(month)
    return at > 0 and set(schedule[at - 1 : at + 2 : 2]) <= set(own)


def _due(rows: Sequence[Record], month: int) -> str:
    """Return the day on which a pull was due, by the dates of the others; "" where none has one."""
    dated = [(m, span_of(r)[0]) for r in rows if r.date and (m := _month(r)) is not None]
    if not dated:
        return ""
    near, day = min(dated, key=lambda one: abs(one[0] - month))
    return months_before(day, near - month)


def looser(loaded: Loaded, into: Collected) -> None:
    """Hold the results whose own limit is looser than the specification in force on the day of their pull against that specification."""
    groups: dict[tuple[str, str, str], list[tuple[Record, Limit]]] = {}
    for r in listed.shown(loaded, KIND):
        limit = in_force(loaded, r)
        if limit and number(r.get("result")) is not None and looser_side(r, limit):
            key = (loaded.attribute_of(r), measured.printed(r), limit.record.identifier)
            groups.setdefault(key, []).append((r, limit))
    every = [pair for found in groups.values() for pair in found]
    query = "results of the period whose own limit is looser than the specification in force on the day of their pull"
    into.add_facts([count_fact("limits.looser", len(every), len(every), query)])
    rows = []
    for i, ((attribute, written, _), found) in enumerate(groups.items(), start=1):
        limit, name = found[0][1], f"limits.looser_{i}"
        failing = [r for r, in_force in found if in_force.fails(Decimal(r.get("result")))]
        inputs: dict[str, object] = {
            "attribute": attribute, "row": f"{KIND}/{found[0][0].identifier}", "specification": f"specification/{limit.record.identifier}",
            "side": looser_side(found[0][0], limit),
        }  # fmt: skip
        into.add_records([limit.record, *(r for r, _ in found)])
        into.add_facts([measured.name_fact(loaded, attribute)])
        for stat, count in (("results", len(found)), ("outside", len(failing))):
            into.add_facts([Fact(f"{name}.{stat}", str(count), str(count), "", len(found), f"count v{VERSION}", inputs)])
        since = limit.record.get("effective_from")
        rows.append((loaded.title(attribute), written, limit.printed, since, str(len(found)), str(len(failing))))
        into.notes.append(
            f"{loaded.label(attribute)}: stability results are given against {written}, where the specification in force from {since} says {limit.printed}; {len(failing)} of {len(found)} results lie outside that."
        )
    if rows:
        note = "What the results support rests on the limit that the rows state. Whether a limit of the shelf life may be looser than that of release is for a person to say."
        refs = tuple(f"fact:limits.looser_{i}.results" for i in range(1, len(rows) + 1))
        into.tables.append(
            Table("stability.looser", "Limits looser than the specification in force", LOOSER, tuple(rows), refs, note)
        )


def in_force(loaded: Loaded, result: Record) -> Limit | None:
    """Return the specification in force on the day of a pull."""
    first, last = span_of(result)
    batch = next((b for b in loaded.of("batch") if b.identifier == result.get("batch")), None)
    strength = result.strength or (batch.strength if batch else None)
    return measured.limit_between(loaded, loaded.attribute_of(result), strength, first, last) if first else None


def tighter_side(result: Record, limit: Limit) -> str:
    """Return the side on which a row states a tighter limit than the specification; "" where it does on none."""
    return _beyond(result, limit, -1)


def looser_side(result: Record, limit: Limit) -> str:
    """Return the side on which a row states a looser limit than the specification; "" where it does on none."""
    return _beyond(result, limit, 1)


def _beyond(result: Record, limit: Limit, way: int) -> str:
    for side, end, sign in (("upper_limit", limit.upper, 1), ("lower_limit", limit.lower, -1)):
        own = number(result.get(side))
        if own is not None and end is not None and (own - end) * sign * way > 0:
            return side
    return ""
