"""Use cases of alarms: an administrator acknowledges one, the training lead those of oversight; verifying the trail raises one where it finds a fault."""

from typing import Any

from sqlalchemy import Connection

from audit import alarms, identity, trail
from audit.actions import Action
from audit.alarms import Alarm
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.errors import NotPermitted
from audit.verify import State, Verdict
from drafting import configuration
from drafting.accounts import administrator, service_account
from drafting.context import Context
from drafting.projections import verify_home

NAMED = 20  # versions that differ, in an entry


def acknowledge(ctx: Context, alarm_id: str, *, comment: str, actor: Actor) -> None:
    """Acknowledge an alarm with a comment, once; nobody does so for an alarm about themselves."""
    from drafting.review_store import person  # noqa: PLC0415 - half a second, and every command imports this module

    def work(conn: Connection) -> None:
        found = next((alarm for alarm in alarms.raised(conn) if alarm.entry.id == alarm_id), None)
        if found is not None and found.kind is Alarm.OVERSIGHT:
            account = person(conn, actor)
            identity.permit(account, identity.Role.TRAINING_LEAD)
            if found.entry.object_id == account.id:
                raise NotPermitted("This alarm is about your own checks.", remedy="Another training lead acknowledges it.")
        else:
            account = administrator(conn, actor)
        alarms.acknowledge(
            conn, alarm_id, comment=comment, account=account, by=actor, at=ctx.clock.now(), zone=ctx.zone
        )  # fmt: skip

    ctx.database.write(work)


def verify_trail(ctx: Context, *, actor: Actor) -> Verdict:
    """Verify the home's trail and leave that in it; raise an alarm on findings, unless one on the same findings is open.

    A home that can only be read is verified as well; nothing is left in it.
    """
    with ctx.database.read() as conn:
        identity.check_usable(identity.account_by_id(conn, actor.id))
        verdict = verify_home(conn)
    if ctx.database.read_only:
        return verdict
    marks = digest(canonical([[f.check, f.entry, f.message] for f in verdict.findings]))

    def work(conn: Connection) -> None:
        at = ctx.clock.now()
        trail.append(
            conn, at=at, zone=ctx.zone, actor=actor, action=Action.TRAIL_VERIFIED, object_kind="trail", object_id="trail",
            new={"integrity": str(verdict.integrity), "entries": verdict.entries, "head": verdict.head},
        )  # fmt: skip
        if verdict.integrity is not State.BROKEN or _is_told(conn, Alarm.TRAIL_BROKEN, marks):
            return
        told = {"findings": len(verdict.findings), "first": verdict.findings[0].message, "digest": marks}
        alarms.raise_alarm(
            conn, Alarm.TRAIL_BROKEN, at=at, zone=ctx.zone, actor=actor, object_kind="trail", object_id="trail", told=told
        )

    ctx.database.write(work)
    return verdict


def check_configuration(ctx: Context) -> list[str]:
    """Note in the trail that configuration in force is not what was confirmed, and raise an alarm; return what differs.

    Screens and command line ask when they open the home. Nothing is written while an alarm on the same is open.
    """
    with ctx.database.read() as conn:
        differs = configuration.altered(conn)
    if not differs or ctx.database.read_only:
        return differs
    actor, marks = service_account(ctx).actor(), digest(canonical(differs))

    def work(conn: Connection) -> None:
        if _is_told(conn, Alarm.CONFIGURATION, marks):
            return
        on: dict[str, Any] = {
            "at": ctx.clock.now(), "zone": ctx.zone, "actor": actor, "object_kind": "configuration", "object_id": "configuration",
        }  # fmt: skip
        trail.append(conn, action=Action.CONFIG_MISMATCH, new={"differs": differs[:NAMED], "findings": len(differs)}, **on)
        alarms.raise_alarm(
            conn, Alarm.CONFIGURATION, told={"findings": len(differs), "first": differs[0], "digest": marks}, **on
        )

    ctx.database.write(work)
    return differs


def _is_told(conn: Connection, kind: Alarm, marks: str) -> bool:
    open_ones = [alarm for alarm in alarms.raised(conn) if alarm.acknowledged is None]
    return any(alarm.kind is kind and alarm.entry.new["digest"] == marks for alarm in open_ones)
