"""What a reviewer reads of a report under review in its sections alone: its exports, its findings and its figures.

While oversight checks or evidence-first sections may stand, a document beside the section would tell what was planted in it or is asked of it. The rule
goes by the review alone, so that it is the same whether or not a section holds a check.
"""

from dataclasses import replace

from sqlalchemy import Connection

from audit.chain import Actor
from audit.errors import NotPermitted
from audit.identity import Account, account_by_id
from drafting import lifecycle
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.overseeing.switches import Switch, excluded, is_on
from drafting.readmodel import ReportView
from drafting.report_rows import ReportRow, SectionRow
from drafting.store import load_report


def refuse_before_review(conn: Connection, report: ReportRow, actor: Actor) -> None:
    """Raise NotPermitted where the actor is a reviewer of a submitted report and has sections of it still to review."""
    why = _why(conn, report, account_by_id(conn, actor.id))
    if why:
        raise NotPermitted(
            why, remedy="Review and sign them first, or ask the author, an approver or an auditor for the document."
        )


def why_reserved(ctx: Context, report_id: str, account: Account) -> str:
    """Return why a person takes no document of a report before their review is signed; "" where they may."""
    with ctx.database.read() as conn:
        return _why(conn, load_report(conn, report_id), account) if _drawn(conn) else ""


def _drawn(conn: Connection) -> bool:
    return is_on(conn, Switch.LIVE) or is_on(conn, Switch.EVIDENCE_FIRST)


def _why(conn: Connection, report: ReportRow, account: Account | None) -> str:
    if not _drawn(conn) or "submitted" not in report.events or excluded(conn, report.id):
        return ""
    left = len(_left(report, account))
    waits = f"{left} of its sections wait for your review: it is read in its sections until then."
    return f"{report.number} is under review, and {waits}" if left else ""


def _left(report: ReportRow, account: Account | None) -> list[SectionRow]:
    """Return the sections that wait for a person's review."""
    waiting = [s for s in report.sections if lifecycle.state(s) == "authored"]
    return [s for s in waiting if lifecycle.capacity_of(s, account) is Capacity.REVIEWER]


def without_scores(conn: Connection, view: ReportView, report: ReportRow, account: Account) -> ReportView:
    """Return a report without its head of figures for a reviewer who may yet be asked for one of them."""
    asked = is_on(conn, Switch.EVIDENCE_FIRST) and "submitted" in report.events and _left(report, account)
    return replace(view, scorecard={}) if asked else view
