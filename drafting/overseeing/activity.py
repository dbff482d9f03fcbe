"""How a reviewer's view was looked at: one summary a view, reported by the browser, kept for ninety days and then deleted.

No record and no entry; nothing that was typed or read is in it. It is off until the site has approved it, belongs to a pseudonym, and serves
one end: to ask for more oversight checks for a while. What the server knows better it says itself: when the view was opened and ended, and
which sources were opened of one's own accord; those that the section's tier demanded are left out.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from audit import trail
from audit.actions import Action
from audit.canonical import canonical
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Invalid, NotFound, NotPermitted
from audit.identity import Role, account_named, permit, said
from audit.oversight.behaviour import Activity
from drafting import lifecycle, tables
from drafting.accounts import service_account
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.overseeing.pseudonyms import of_account
from drafting.overseeing.switches import Switch, is_on
from drafting.queries import Loaded, load
from drafting.report_rows import SectionRow
from drafting.review_store import person
from drafting.store import report_of_section

OBJECT = "activity"
KEPT = timedelta(days=90)
LONGEST_MS = 24 * 3600 * 1000
MOST_BLURS = 100_000
PERCENT = 100
LATE_MS = 5_000  # a browser's stop-watch against the server's clock
_kept = tables.activity_summaries


@dataclass(frozen=True)
class Reported:
    """What the browser says of one view; whole numbers, and nothing else is taken."""

    visible_ms: int
    active_ms: int  # visible, focused, with input within a minute
    blurs: int
    scroll_min: int  # per cent of the page
    scroll_max: int

    @staticmethod
    def of(told: Mapping[str, Any]) -> "Reported":
        """Read what a browser sent; raise Invalid where it is anything else."""
        names = [field.name for field in fields(Reported)]
        if set(told) != set(names) or any(type(told[name]) not in (int, float) for name in names):
            raise Invalid("That is no summary of a view.", remedy="Load the page again.")
        numbers = {name: told[name] for name in names}
        if not all(0 <= value <= LONGEST_MS and value == int(value) for value in numbers.values()):
            raise Invalid("A summary of a view is out of bounds.", remedy="Load the page again.")
        made = Reported(**{name: int(value) for name, value in numbers.items()})
        in_order = made.active_ms <= made.visible_ms and made.scroll_min <= made.scroll_max
        if not in_order or made.scroll_max > PERCENT or made.blurs > MOST_BLURS:
            raise Invalid("A summary of a view contradicts itself.", remedy="Load the page again.")
        return made


@dataclass(frozen=True)
class Summary:
    """One stored summary: of which view of which section, what was reported, and what the server put to it."""

    view: str
    section: str
    opened_at: str
    at: str
    reported: Reported
    words: int
    claims: int
    tables: int
    cited: int
    opened: int

    def activity(self, active_ms: int) -> Activity:
        """Return the section's activity after so much active time in all of a review's views."""
        return Activity(active_ms / 1000, self.words, self.claims, self.tables, self.cited, self.opened)


def keep(ctx: Context, *, view_id: str, told: Mapping[str, Any], actor: Actor) -> bool:
    """Keep what a browser reports of a reviewer's own view, once; return whether it was kept."""
    reported = Reported.of(told)

    def write(conn: Connection) -> bool:
        account, at = person(conn, actor), ctx.clock.now()
        row = conn.execute(select(tables.views).where(tables.views.c.id == view_id)).first()
        if row is None or row.account_id != account.id:
            raise NotPermitted("This view was not shown to you.", remedy="Load the page again.")
        done = conn.scalar(select(_kept.c.view_id).where(_kept.c.view_id == view_id))
        if done is not None or not is_on(conn, Switch.ACTIVITY):
            return False
        elapsed = (at - datetime.fromisoformat(row.at)) / timedelta(milliseconds=1)
        if reported.visible_ms > elapsed + LATE_MS:
            raise Invalid("A view was not shown for so long.", remedy="Load the page again.")
        loaded = load(conn, ctx, report_of_section(conn, row.section_id), only=row.section_id)
        body = {**asdict(reported), **_measured(loaded, loaded.report.section(row.section_id), account.id)}
        values = {"view_id": view_id, "pseudonym": of_account(ctx, account.id), "body": canonical(body), "at": utc_text(at)}
        conn.execute(insert(_kept).values(**values))
        return True

    return ctx.database.write(write)


def _measured(loaded: Loaded, section: SectionRow, account_id: str) -> dict[str, int]:
    """Return what there is to read in a section, and what of its sources a reviewer opened that no rule demanded."""
    said_here = [row.sentence for row in lifecycle.current(section)]
    shown = loaded.packs[section.id].tables
    cites = {ref for sentence in said_here for ref in sentence.cites}
    mine = [o for o in section.openings if (o.account_id, o.capacity) == (account_id, str(Capacity.REVIEWER))]
    free = cites - {o.ref for o in mine if o.demanded}
    return {
        "words": sum(len(s.text.split()) for s in said_here) + sum(len(" ".join(r).split()) for t in shown for r in t.rows),
        "claims": sum(len(sentence.spans) for sentence in said_here),
        "tables": len(shown),
        "cited": len(free),
        "opened": len(free & {o.ref for o in mine if not o.demanded}),
    }


def of_person(conn: Connection, ctx: Context, account_id: str) -> tuple[Summary, ...]:
    """Return the summaries of a person's views, in the order in which these were opened."""
    view = tables.views.c
    query = (
        select(_kept.c.view_id, view.section_id, view.at.label("opened_at"), _kept.c.at, _kept.c.body)
        .join_from(_kept, tables.views, _kept.c.view_id == view.id)
        .where(_kept.c.pseudonym == of_account(ctx, account_id))
        .order_by(view.at, view.id)
    )
    return tuple(_summary(*row) for row in conn.execute(query))


def _summary(view: str, section: str, opened_at: str, at: str, text: str) -> Summary:
    body = json.loads(text)
    reported = {field.name: body.pop(field.name) for field in fields(Reported)}
    return Summary(view, section, opened_at, at, Reported(**reported), **body)


def readers(conn: Connection) -> list[str]:
    """Return the accounts of which there are summaries."""
    query = select(tables.views.c.account_id).join_from(_kept, tables.views, _kept.c.view_id == tables.views.c.id)
    return sorted(set(conn.scalars(query)))


def expire(ctx: Context, *, actor: Actor | None = None) -> int:
    """Delete the summaries whose time is over; return how many. A day's leave together, with one entry."""
    over = (ctx.clock.now() - KEPT).replace(hour=0, minute=0, second=0, microsecond=0)
    gone = _kept.c.at < utc_text(over)
    if ctx.database.read_only:
        return 0
    with ctx.database.read() as conn:
        if conn.scalar(select(func.count()).select_from(_kept).where(gone)) == 0:
            return 0
    by = actor or service_account(ctx).actor()
    return ctx.database.write(lambda conn: _delete(conn, ctx, gone, f"older than {KEPT.days} days", by))


def forget(ctx: Context, *, user_id: str, reason: str, actor: Actor) -> int:
    """Delete the summaries of a person, or of everybody ("" as the user id), as the training lead; return how many."""

    def write(conn: Connection) -> int:
        permit(person(conn, actor), Role.TRAINING_LEAD)
        account = account_named(conn, user_id) if user_id else None
        if user_id and account is None:
            raise NotFound("There is no such account.", remedy="Give a person's user id.")
        which = _kept.c.pseudonym == of_account(ctx, account.id) if account else _kept.c.view_id != ""
        return _delete(conn, ctx, which, said(reason, "A reason"), actor)

    return ctx.database.write(write)


def _delete(conn: Connection, ctx: Context, which: ColumnElement[bool], reason: str, actor: Actor) -> int:
    """Delete summaries; the entry says how many and of which time, and not whose."""
    first, last, count = conn.execute(select(func.min(_kept.c.at), func.max(_kept.c.at), func.count()).where(which)).one()
    if count:
        conn.execute(delete(_kept).where(which))
        trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.ACTIVITY_DELETED, object_kind=OBJECT, object_id=OBJECT,
            new={"summaries": count, "from": first, "until": last}, reason=reason,
        )  # fmt: skip
    return int(count)
