"""What a writer says of a report as a whole: which records are left out or taken in, and that it goes to review."""

from sqlalchemy import Connection, func, select

from audit import governed
from audit.actions import Action
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, NotFound
from audit.identity import Role, permit
from drafting import lifecycle, tables
from drafting.context import Context
from drafting.lifecycle import ExcludeReason
from drafting.queries import load
from drafting.review_store import chosen, person, refuse_closed, words
from drafting.store import load_report


def submit(ctx: Context, *, report_id: str, actor: Actor) -> None:
    """Submit a report for review; every section carries authorship."""

    def write(conn: Connection) -> None:
        account = person(conn, actor)
        permit(account, Role.WRITER)
        report = load_report(conn, report_id)
        outline = ctx.outline_of(report.kind, report.outline)
        left = [outline.section(s.key).title for s in report.sections if lifecycle.state(s) == "drafted"]
        if left:
            raise Conflict(f"{len(left)} section(s) carry no authorship: {', '.join(left[:3])}.", remedy="Sign them first.")
        if "submitted" in report.events:
            raise Conflict("The report is in review.", remedy="Its reviewer goes on.")
        at = ctx.clock.now()
        event = {
            "report_id": report_id, "number": len(report.history) + 1, "event": "submitted", "account_id": account.id,
            "user_id": account.user_id, "at": utc_text(at),
        }  # fmt: skip
        governed.record(
            conn, [(tables.report_events, event)], at=at, zone=ctx.zone, actor=actor, action=Action.REPORT_SUBMITTED,
            object_kind="report", object_id=report_id,
        )  # fmt: skip

    ctx.database.write(write)


def exclude(ctx: Context, *, report_id: str, record: str, category: str, reason: str, actor: Actor) -> None:
    """Leave a record in scope out of a report, with the reason; a writer's act."""
    _say(ctx, report_id, record, category, reason, actor, excluded=True)


def include(ctx: Context, *, report_id: str, record: str, category: str, reason: str, actor: Actor) -> None:
    """Take a record in scope into a report, with the reason; a writer's act."""
    _say(ctx, report_id, record, category, reason, actor, excluded=False)


def _say(ctx: Context, report_id: str, record: str, category: str, reason: str, actor: Actor, *, excluded: bool) -> None:
    def write(conn: Connection) -> None:
        account = person(conn, actor)
        permit(account, Role.WRITER)
        loaded = load(conn, ctx, report_id, only="none")
        report = loaded.report
        refuse_closed(loaded)
        kind, _, identifier = record.partition("/")
        if not any(line.kind == kind and identifier in line.in_scope for line in report.ledger):
            raise NotFound(f"{record} is not in the scope of {report.number}.", remedy="Choose a record from its ledger.")
        why, said = chosen(category, ExcludeReason), words(reason, "A reason in your own words")
        if report.decided.get(record) is excluded:
            raise Conflict(f"{record} is already decided this way.", remedy="Load the page again.")
        at = ctx.clock.now()
        action = Action.RECORD_EXCLUDED if excluded else Action.RECORD_INCLUDED
        table = tables.exclusions.c
        last = conn.scalar(select(func.max(table.version)).where(table.report_id == report_id, table.record == record))
        decided = {
            "report_id": report_id, "record": record, "version": (last or 0) + 1, "excluded": excluded, "category": why,
            "reason": said, "account_id": account.id, "user_id": account.user_id, "at": utc_text(at),
        }  # fmt: skip
        governed.record(
            conn, [(tables.exclusions, decided)], at=at, zone=ctx.zone, actor=actor, action=action, object_kind="report",
            object_id=report_id, field=record, reason=f"{why}: {said}",
        )  # fmt: skip

    ctx.database.write(write)
