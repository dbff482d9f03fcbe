"""What was closed late: CAPAs after their due date, deviations after theirs, or later than usual where none is on record. Pure.

A limit of the site stands in the records or nowhere; 30 days are what sites usually set themselves, and are said to be that.
"""

from collections.abc import Sequence
from datetime import date

from corpus.model import Record
from drafting.evidence import listed
from drafting.evidence.collected import Collected
from drafting.evidence.counted import days_between, is_day
from drafting.evidence.scope import Loaded
from drafting.model import Fact, Table
from drafting.statistics.basis import VERSION

USUAL_DAYS = 30
NO_LIMIT_OF_THE_SITE = "the usual limit; none of the site's is on record"
COLUMNS = ("Deviation", "Opened on", "Closed on", "Due on", "Days to closing, or to the end of the period")


def capas(loaded: Loaded, into: Collected) -> None:
    """List the CAPAs that were closed in the period or before, after their due date."""
    end = loaded.scope.period_to
    found = [r for r in listed.shown(loaded, "capa") if "" < r.get("due_on") < r.get("closed_on")[:10] <= end]
    if found:
        made = listed.table("capa", found, loaded.labels)
        into.tables.append(
            Table("late.capa", "Closed after their due date", made.columns, made.rows, made.refs, made.note, made.synthetic)
        )


def deviations(loaded: Loaded, into: Collected) -> None:
    """List the deviations that took longer than their limit, or than is usual, and give no justification of it."""
    late = [(r, days) for r in listed.shown(loaded, "deviation") if (days := _late(r, loaded.scope.period_to))]
    late.sort(key=lambda pair: (-pair[1], pair[0].identifier))
    if not late:
        return
    if not all(r.get("due_on") for r, _ in late):
        usual = str(USUAL_DAYS)
        into.add_facts([Fact("late.usual", usual, usual, "days", 0, NO_LIMIT_OF_THE_SITE, {})])
    into.add_facts([_took(number, r, days) for number, (r, days) in enumerate(late, start=1)])
    into.tables.append(_table(late, loaded.scope.period_to))


def _took(number: int, late: Record, days: int) -> Fact:
    method, of = f"days from opened_on to closed_on, or to the end of the period, v{VERSION}", {"deviation": late.identifier}
    return Fact(f"late.took_{number}", str(days), str(days), "days", 1, method, of)


def _table(late: Sequence[tuple[Record, int]], end: str) -> Table:
    rows = tuple(
        (r.identifier, r.get("opened_on"), _closed(r, end) or "-", r.get("due_on") or "-", str(days)) for r, days in late
    )
    note = f"Without a justification on record. Where no due date is on record: longer than {USUAL_DAYS} days, {NO_LIMIT_OF_THE_SITE}."
    refs = tuple(f"record:deviation/{r.identifier}" for r, _ in late)
    return Table("late.deviation", "Deviations that took long", COLUMNS, rows, refs, note)


def _late(deviation: Record, end: str) -> int:
    """Return how many days a deviation took, where that is beyond its limit and nothing says why; else none."""
    opened, until = deviation.get("opened_on")[:10], _closed(deviation, end) or end
    if not is_day(opened) or not is_day(until) or _is_justified(deviation):
        return 0
    days, due = days_between(opened, until), deviation.get("due_on")[:10]
    beyond = date.fromisoformat(until) > date.fromisoformat(due) if is_day(due) else days > USUAL_DAYS
    return days if beyond else 0


def _closed(deviation: Record, end: str) -> str:
    closed = deviation.get("closed_on")[:10]
    return closed if closed <= end else ""


def _is_justified(deviation: Record) -> bool:
    return any(deviation.get(name) for name in deviation.fields if "justif" in name or "extension" in name)
