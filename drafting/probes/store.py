"""Oversight checks as stored: the sealed assignment and its events, unsealed in memory and folded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from audit import governed, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Tampered
from audit.oversight.model import Arm, Mode
from drafting import tables
from drafting.context import Context
from drafting.probes.keys import keys_in_force
from drafting.probes.model import Probe
from drafting.probes.seal import SiteKeys, seal, site_keys, unseal
from drafting.probes.workflow import Check, Event, Step, Why, fold

OBJECT = "oversight_check"  # its entries belong to the check: a section's history tells of them only once it is revealed
ACTION = {
    Step.SHOWN: Action.OVERSIGHT_SHOWN,
    Step.NOTED: Action.OVERSIGHT_NOTED,
    Step.REVEALED: Action.OVERSIGHT_REVEALED,
    Step.RESTORED: Action.OVERSIGHT_RESTORED,
    Step.VOID: Action.OVERSIGHT_VOID,
    Step.DISPUTED: Action.OVERSIGHT_DISPUTED,
    Step.DECIDED: Action.OVERSIGHT_DISPUTE_DECIDED,
}


@dataclass(frozen=True)
class Stored:
    """One check: whose, where, what is sealed in it, and its events."""

    id: str
    run: str
    report: str
    section: str
    account: str
    round: int
    content: Mapping[str, Any]
    commitment: str
    at: str
    events: tuple[Event, ...]

    @cached_property
    def probe(self) -> Probe | None:
        """Return what is planted; None of a check that holds nothing."""
        planted = self.content["probe"]
        return Probe.of(planted) if planted else None

    @property
    def asked(self) -> Mapping[str, Any] | None:
        """Return the figure that an item of a run asks for before it shows anything; None of every other check."""
        found: Mapping[str, Any] | None = self.content.get("asked")
        return found

    @property
    def lost(self) -> bool:
        """Tell whether nobody can know any more what it held, a fault or nothing."""
        return bool(self.content.get("lost"))

    @property
    def arm(self) -> Arm:
        """Return whose text the check stands in; checks of before this was kept stood in a machine's."""
        return Arm(self.content.get("arm") or Arm.MACHINE)

    @cached_property
    def check(self) -> Check:
        """Return the check as it stands."""
        return fold(self.events)

    @property
    def session(self) -> str:
        """Return the session in which it was last shown."""
        return self._last_shown("session")

    @property
    def shown_as(self) -> str:
        """Return the hash of what the section really said when it was last shown."""
        return self._last_shown("canonical")

    def _last_shown(self, what: str) -> str:
        return next((str(e.body.get(what, "")) for e in reversed(self.events) if e.step is Step.SHOWN), "")


LOST: Mapping[str, Any] = {"probe": None, "planted": [], "mode": str(Mode.BASE), "lost": True}


def checks_of(conn: Connection, ctx: Context, *where: ColumnElement[bool], unread: bool = False) -> tuple[Stored, ...]:
    """Return the checks that a condition on `oversight_checks` names, the oldest first; with `unread` also open ones that the present key does not open.

    Of one that is over and that the present key does not open, the trail tells what it held where it was revealed; otherwise it is lost.
    Raise Tampered for an open one that the key does not open, and where what was revealed is not what was sealed.
    """
    rows = conn.execute(select(tables.oversight_checks).where(*where).order_by(tables.oversight_checks.c.seq)).all()
    if not rows:
        return ()
    happened: dict[str, list[Event]] = {row.id: [] for row in rows}
    columns = tables.check_events.c
    query = select(tables.check_events).where(columns.check_id.in_(happened)).order_by(columns.check_id, columns.number)
    for row in conn.execute(query):
        happened[row.check_id].append(_event(row))
    keys = site_keys(ctx.settings.home)
    return tuple(_stored(conn, keys, row, happened[row.id], unread=unread) for row in rows)


def _event(row: Row[Any]) -> Event:
    return Event(Step(row.step), datetime.fromisoformat(row.at), row.view_id, json.loads(row.body))


def _stored(conn: Connection, keys: SiteKeys, row: Row[Any], happened: Sequence[Event], *, unread: bool) -> Stored:
    try:
        content: Mapping[str, Any] = unseal(keys, row.id, row.sealed, row.commitment)
    except Tampered:
        steps = {event.step for event in happened}
        if not unread and not steps & {Step.REVEALED, Step.VOID}:
            raise
        content = _revealed(conn, row) if Step.REVEALED in steps else LOST
    events = (Event(Step.ASSIGNED, datetime.fromisoformat(row.at)), *happened)
    return Stored(
        row.id, row.run_id, row.report_id, row.section_id, row.account_id, row.round, content, row.commitment, row.at, events
    )  # fmt: skip


def _revealed(conn: Connection, row: Row[Any]) -> Mapping[str, Any]:
    """Return what a check held, as its reveal told the trail; raise Tampered where that is not what was sealed."""
    for entry in trail.entries(conn, object_kind=OBJECT, object_id=row.id, action=str(Action.OVERSIGHT_REVEALED)):
        told: Mapping[str, Any] = entry.new["sealed"]
        if digest(canonical(dict(told))) == row.commitment:
            return told
    raise Tampered("A revealed oversight check is not what was sealed.", remedy="Verify the trail and tell QA.")


def not_over(conn: Connection, ctx: Context) -> tuple[Stored, ...]:
    """Return the checks that are neither revealed nor void, also those that the present key does not open."""
    events, columns = tables.check_events.c, tables.oversight_checks.c
    over = select(events.check_id).where(events.step.in_([str(Step.REVEALED), str(Step.VOID)]))
    return checks_of(conn, ctx, columns.id.not_in(over), unread=True)


def void(conn: Connection, ctx: Context, stored: Stored, why: Why, actor: Actor, at: datetime) -> Stored:
    """Make a check void for a reason, with its event and its entry; return it as it then is."""
    return happened(conn, ctx, stored, Event(Step.VOID, at, body={"why": str(why)}), actor=actor)


def of_view(conn: Connection, ctx: Context, view_id: str) -> Stored | None:
    """Return the check that a view showed; None where the view, as far as is known, showed the section as it reads."""
    columns = tables.check_events.c
    shown = select(columns.check_id).where(columns.view_id == view_id, columns.step == str(Step.SHOWN))
    found = checks_of(conn, ctx, tables.oversight_checks.c.id.in_(shown)) if view_id else ()
    return next((one for one in found if one.probe is not None or one.lost), None)


def assign(
    conn: Connection,
    ctx: Context,
    content: Mapping[str, Any],
    *,
    run: str = "",
    report: str,
    section: str,
    account: str,
    round_: int,
    actor: Actor,
    at: datetime,
) -> Stored:
    """Seal and store a check; its entry says that there is one, not what it holds."""
    check_id = ctx.new_id()
    sealed, commitment = seal(keys_in_force(conn, ctx, at), check_id, content)
    row = {
        "id": check_id, "run_id": run, "report_id": report, "section_id": section, "account_id": account, "round": round_,
        "sealed": sealed, "commitment": commitment, "at": utc_text(at),
    }  # fmt: skip
    governed.record(
        conn, [(tables.oversight_checks, row)], at=at, zone=ctx.zone, actor=actor, action=Action.OVERSIGHT_ASSIGNED, object_kind=OBJECT,
        object_id=check_id, new={"commitment": commitment},
    )  # fmt: skip
    return Stored(
        check_id, run, report, section, account, round_, content, commitment, utc_text(at), (Event(Step.ASSIGNED, at),)
    )


def happened(
    conn: Connection,
    ctx: Context,
    stored: Stored,
    event: Event,
    *,
    actor: Actor,
    told: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> Stored:
    """Store one more event with its entry; raise Conflict where it cannot follow. `told` goes to the trail beside the event's body."""
    after = (*stored.events, event)
    fold(after)
    row = {
        "check_id": stored.id, "number": len(stored.events), "step": str(event.step), "view_id": event.view,
        "body": canonical(dict(event.body)), "at": utc_text(event.at),
    }  # fmt: skip
    governed.record(
        conn, [(tables.check_events, row)], at=event.at, zone=ctx.zone, actor=actor, action=ACTION[event.step], object_kind=OBJECT,
        object_id=stored.id, field=event.view or None, new={**event.body, **(told or {})}, reason=reason,
    )  # fmt: skip
    return Stored(
        stored.id, stored.run, stored.report, stored.section, stored.account, stored.round, stored.content, stored.commitment,
        stored.at, after,
    )  # fmt: skip
