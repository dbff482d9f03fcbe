"""What somebody sees by now of what reviewers decided: the one rule that every read of a report goes by, screens, inbox and documents.

In a section with an oversight check nothing is decided until the check is over. So, while live checks are on, the decisions of a reviewer on any section
show to others when no check can stand in it any more: half an hour after the act, or when the section is signed with them.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from audit.clock import utc_text
from audit.identity import Account
from drafting import lifecycle
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.overseeing.switches import Switch, is_on
from drafting.probes.workflow import LONGEST
from drafting.queries import Loaded, load
from drafting.report_rows import SectionRow


def load_for(conn: Connection, ctx: Context, report_id: str, account: Account | None, *, only: str = "") -> Loaded:
    """Load a report as an account may see it by now; None: as a document tells it, whoever takes it."""
    return as_seen(conn, load(conn, ctx, report_id, only=only), account, ctx.clock.now())


def as_seen(conn: Connection, loaded: Loaded, account: Account | None, at: datetime) -> Loaded:
    """Return a loaded report without what other reviewers decided of late."""
    if not is_on(conn, Switch.LIVE):
        return loaded
    since, own = utc_text(at - LONGEST), account.id if account else ""
    sections = tuple(_without(section, own, since) for section in loaded.report.sections)
    return replace(loaded, report=replace(loaded.report, sections=sections))


def _without(section: SectionRow, own: str, since: str) -> SectionRow:
    fresh = [d for d in section.decisions if d.capacity == Capacity.REVIEWER and d.account_id != own and d.at >= since]
    if not fresh:
        return section
    later = [lifecycle.made_since(section, signed) for signed in section.signatures]
    unsigned = min((made for made in later if made is not None), key=len, default=section.decisions)
    left_out = {d.id for d in fresh} & {d.id for d in unsigned}
    return replace(section, decisions=tuple(d for d in section.decisions if d.id not in left_out)) if left_out else section
