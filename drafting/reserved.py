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
from drafting.lifecycle import Capacity
from drafting.overseeing.switches import Switch, excluded, is_on
from drafting.readmodel import ReportView
from drafting.report_rows import ReportRow, SectionRow


def refuse_before_review(conn: Connection, report: ReportRow, actor: Actor) -> None:
    """Raise NotPermitted where the actor is a reviewer of a submitted report and has sections of it still to review."""
    drawn = is_on(conn, Switch.LIVE) or is_on(conn, Switch.EVIDENCE_FIRST)
    if not drawn or "submitted" not in report.events or excluded(conn, report.id):
        return
    left = _left(report, account_by_id(conn, actor.id))
    if left:
        raise NotPermitted(
            f"{report.number} is under review, and {len(left)} of its sections wait for your review: it is read in its sections until then.",
            remedy="Review and sign them first, or ask the author, an approver or an auditor for the document.",
        )


def _left(report: ReportRow, account: Account | None) -> list[SectionRow]:
    """Return the sections that wait for a person's review."""
    waiting = [s for s in report.sections if lifecycle.state(s) == "authored"]
    return [s for s in waiting if lifecycle.capacity_of(s, account) is Capacity.REVIEWER]


def without_scores(conn: Connection, view: ReportView, report: ReportRow, account: Account) -> ReportView:
    """Return a report without its head of figures for a reviewer who may yet be asked for one of them."""
    asked = is_on(conn, Switch.EVIDENCE_FIRST) and "submitted" in report.events and _left(report, account)
    return replace(view, scorecard={}) if asked else view
