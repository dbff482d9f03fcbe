"""Amend an approved report: open a new version of it, keep the one that was approved, sign again what changes.

The report is opened again in its place. What does not change keeps its text, decisions and signatures; a section that is drafted
again or edited loses its signatures by the rules of the life cycle and is authored, reviewed and approved anew. The approved version
was kept as it was printed (`drafting.exporting.keep_approved`).
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from audit import governed
from audit.actions import Action
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict
from audit.identity import Role, permit
from drafting import lifecycle, tables
from drafting.context import Context
from drafting.exporting import keep_approved
from drafting.queries import load
from drafting.report_rows import AMENDED, WITHDRAWN, ReportRow
from drafting.review_store import person, words
from drafting.store import load_report


@dataclass(frozen=True)
class Amended:
    """A version that was opened: its number, the version it amends, and the sections whose evidence changed since (key -> why)."""

    report_id: str
    number: str
    version: int
    stale: dict[str, str]


def amend(ctx: Context, *, report_id: str, reason: str, actor: Actor) -> Amended:
    """Open a new version of an approved report, as a writer, with the reason; raise Conflict while it is not approved."""
    said = words(reason, "The reason of the amendment")
    with ctx.database.read() as conn:
        permit(person(conn, actor), Role.WRITER)
        _refuse_open(load_report(conn, report_id))
    keep_approved(ctx, report_id, actor)

    def write(conn: Connection) -> Amended:
        loaded = load(conn, ctx, report_id)
        report = loaded.report
        _refuse_open(report)
        stale = {s.key: loaded.stale[s.id] for s in report.sections if loaded.stale[s.id]}
        approved = len(report.versions)
        _note(conn, ctx, report, AMENDED, Action.REPORT_AMENDED, said, actor,
              new={"version": approved + 1, "stale": sorted(stale)})  # fmt: skip
        return Amended(report.id, report.number, approved + 1, stale)

    return ctx.database.write(write)


def withdraw(ctx: Context, *, report_id: str, reason: str, actor: Actor) -> None:
    """Close an amendment in which nothing was changed: the approved version stands as it was."""
    said = words(reason, "The reason")

    def write(conn: Connection) -> None:
        permit(person(conn, actor), Role.WRITER)
        report = load_report(conn, report_id)
        if AMENDED not in report.events or "approved" in report.events:
            raise Conflict(f"{report.number} has no open amendment.", remedy="Load the report again.")
        changed = [s.key for s in report.sections if lifecycle.state(s) != "approved"]
        if changed:
            raise Conflict(
                f"{len(changed)} section(s) were changed: {', '.join(changed[:3])}.",
                remedy="Have them signed; nothing is lost.",
            )
        _note(
            conn, ctx, report, WITHDRAWN, Action.AMENDMENT_WITHDRAWN, said, actor, new={"version": len(report.versions) - 1}
        )

    ctx.database.write(write)


def _refuse_open(report: ReportRow) -> None:
    state = lifecycle.report_state(report)
    if state != "approved":
        raise Conflict(
            f"{report.number} is not approved: its state is '{state}'.",
            remedy="Only an approved report is amended; go on with this one.",
        )


def _note(
    conn: Connection, ctx: Context, report: ReportRow, event: str, action: Action, reason: str, actor: Actor, *, new: dict[str, object]
) -> None:  # fmt: skip
    at = ctx.clock.now()
    account = person(conn, actor)
    row = {
        "report_id": report.id, "number": len(report.history) + 1, "event": event, "reason": reason,
        "account_id": account.id, "user_id": account.user_id, "at": utc_text(at),
    }  # fmt: skip
    governed.record(
        conn, [(tables.report_events, row)], at=at, zone=ctx.zone, actor=actor, action=action, object_kind="report",
        object_id=report.id, object_version=str(new["version"]), new=new, reason=reason,
    )  # fmt: skip
