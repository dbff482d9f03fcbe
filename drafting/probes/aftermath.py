"""What remains of an oversight check that is over: what its reviewer is told, and which openings of sources no longer count.

Read from the plain events, without the key: only a check that held a fault is ever revealed or made void, so nothing here tells of another.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from drafting import tables
from drafting.probes.workflow import Step

ENDED_VOID = "This section held an oversight check that was ended without an outcome; it counts for nothing; please review the section anew."
Look = tuple[str, str]  # when the check was assigned and shown, and when it ended


def notices(conn: Connection, view_id: str, section_id: str, account_id: str) -> tuple[str, ...]:
    """Return what a view says above its section: that a check of the person became void since the view before it.

    It goes by times alone, so that it is the same whether or not the view holds the fault of another round.
    """
    checks, events, views = tables.oversight_checks.c, tables.check_events.c, tables.views.c
    voided = conn.scalar(
        select(func.max(events.at))
        .join_from(tables.check_events, tables.oversight_checks, events.check_id == checks.id)
        .where(checks.section_id == section_id, checks.account_id == account_id, checks.run_id == "", events.step == str(Step.VOID))
    )  # fmt: skip
    if voided is None:
        return ()
    this = conn.scalar(select(views.at).where(views.id == view_id))  # None while the view is being issued
    earlier = [views.section_id == section_id, views.account_id == account_id, *([views.at < this] if this else [])]
    before = conn.scalar(select(func.max(views.at)).where(*earlier))
    return (ENDED_VOID,) if before is None or voided > before else ()


def checked_looks(conn: Connection, report_id: str) -> dict[tuple[str, str], list[Look]]:
    """Return for sections and accounts of a report from when to when a fault stood in the picture, of checks that are over."""
    checks, events = tables.oversight_checks.c, tables.check_events.c
    query = (
        select(checks.section_id, checks.account_id, checks.at, func.min(events.at).label("ended"))
        .join_from(tables.oversight_checks, tables.check_events, events.check_id == checks.id)
        .where(checks.report_id == report_id, checks.run_id == "", events.step.in_([str(Step.REVEALED), str(Step.VOID)]))
        .group_by(checks.id, checks.section_id, checks.account_id, checks.at)
    )
    found: dict[tuple[str, str], list[Look]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.section_id, row.account_id].append((row.at, row.ended))
    return found


def was_checked(at: str, looks: Sequence[Look]) -> bool:
    """Tell whether a source was opened while a fault stood in the picture: that is no opening of the section as it reads."""
    return any(since <= at <= until for since, until in looks)
