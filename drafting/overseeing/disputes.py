"""Disputes about ended checks: raised by the reviewer whose check it was, decided by another person; an upheld one does not count."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from audit.chain import Actor
from audit.errors import NotFound, NotPermitted
from audit.identity import Role, permit, said
from drafting import tables
from drafting.context import Context
from drafting.probes.store import Stored, checks_of, happened
from drafting.probes.workflow import Event, Step
from drafting.review_store import person

WORKING_DAYS = 5
FRIDAY = 4


@dataclass(frozen=True)
class Dispute:
    """A dispute that waits: the check as it was revealed, what its reviewer says, and by when it is to be decided."""

    check: Stored
    reason: str
    at: str
    due: str  # the day of the fifth working day after


def raise_dispute(ctx: Context, *, check_id: str, reason: str, actor: Actor) -> None:
    """Dispute an ended check, as the reviewer whose it was."""

    def allowed(conn: Connection, stored: Stored) -> None:
        if stored.account != person(conn, actor).id:
            raise NotPermitted("Only the reviewer whose check it was disputes it.", remedy="Nothing was changed.")

    _note(ctx, check_id, Step.DISPUTED, {"reason": said(reason, "A reason")}, actor, allowed)


def decide(ctx: Context, *, check_id: str, upheld: bool, reason: str, actor: Actor) -> None:
    """Decide a dispute, as an approver or training lead who is not the reviewer."""

    def allowed(conn: Connection, stored: Stored) -> None:
        account = person(conn, actor)
        permit(account, Role.APPROVER, Role.TRAINING_LEAD)
        if stored.account == account.id:
            raise NotPermitted("Nobody decides their own dispute.", remedy="Another person of the quality unit decides.")

    _note(ctx, check_id, Step.DECIDED, {"upheld": upheld, "reason": said(reason, "A reason")}, actor, allowed)


def _note(
    ctx: Context,
    check_id: str,
    step: Step,
    body: dict[str, object],
    actor: Actor,
    allowed: Callable[[Connection, Stored], None],
) -> None:
    def write(conn: Connection) -> None:
        found = checks_of(conn, ctx, tables.oversight_checks.c.id == check_id)
        if not found or not found[0].check.ended:
            raise NotFound("There is no ended oversight check of this id.", remedy="Load the page again.")
        allowed(conn, found[0])
        happened(conn, ctx, found[0], Event(step, ctx.clock.now(), body=body), actor=actor)

    ctx.database.write(write)


def waiting(conn: Connection, ctx: Context) -> list[Dispute]:
    """Return the disputes that nobody decided yet, the oldest first."""
    found = []
    for one in checks_of(conn, ctx):
        if one.check.disputed and not one.check.settled:
            event = next(e for e in one.events if e.step is Step.DISPUTED)
            found.append(Dispute(one, str(event.body["reason"]), event.at.isoformat(), _due(event.at.date()).isoformat()))
    return sorted(found, key=lambda dispute: dispute.at)


def _due(raised: date) -> date:
    day, left = raised, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() <= FRIDAY
    return day
