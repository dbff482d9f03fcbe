"""Alarms: entries that a named person must acknowledge with a comment; raised and acknowledged once.

An alarm is its entry in the trail, its acknowledgement another; which are open is a query. Nobody acknowledges an alarm about their own
account.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from audit import trail
from audit.actions import Action
from audit.chain import Actor, Entry, entry_of
from audit.errors import Conflict, NotFound, NotPermitted, Tampered
from audit.identity import Account, said
from audit.tables import trail_entries


class Alarm(StrEnum):
    """What an alarm is about."""

    LOCK_OUT = "lock-out"
    FAILED_SIGNING = "failed signing"
    TRAIL_BROKEN = "trail broken"
    CLOCK_STEP = "clock stepped back"
    CONFIGURATION = "configuration mismatch"
    OVERSIGHT = "oversight"


@dataclass(frozen=True)
class Raised:
    """An alarm as raised, and its acknowledgement once there is one."""

    entry: Entry
    acknowledged: Entry | None = None

    @property
    def kind(self) -> Alarm:
        """Return what the alarm is about."""
        if isinstance(self.entry.new, dict) and "alarm" in self.entry.new:
            return Alarm(self.entry.new["alarm"])
        return Alarm.CLOCK_STEP if self.entry.object_id == "clock" else Alarm.LOCK_OUT  # neither names its kind


def raise_alarm(
    conn: Connection,
    kind: Alarm,
    *,
    at: datetime,
    zone: str,
    actor: Actor,
    object_kind: str,
    object_id: str,
    told: dict[str, Any],
) -> None:
    """Write an alarm, inside the write of the act that gave rise to it."""
    trail.append(
        conn, at=at, zone=zone, actor=actor, action=Action.ALARM_RAISED, object_kind=object_kind, object_id=object_id,
        new={"alarm": str(kind), **told},
    )  # fmt: skip


def raised(conn: Connection) -> list[Raised]:
    """Return every alarm, newest first."""
    answered = {entry.object_id: entry for entry in _entries(conn, Action.ALARM_ACKNOWLEDGED)}
    return [Raised(entry, answered.get(entry.id)) for entry in _entries(conn, Action.ALARM_RAISED)]


def _entries(conn: Connection, action: Action) -> list[Entry]:
    table = trail_entries.c
    query = select(table.body).where(table.action == str(action)).order_by(table.seq.desc())
    try:
        return [entry_of(body) for body in conn.scalars(query)]
    except (ValueError, KeyError, TypeError) as error:
        raise Tampered("An alarm's entry was altered and cannot be read.", remedy="Verify the trail and tell QA.") from error


def acknowledge(
    conn: Connection, alarm_id: str, *, comment: str, account: Account, by: Actor, at: datetime, zone: str
) -> None:
    """Acknowledge an alarm with a comment; refuse a second time, and an alarm about the own account."""
    comment = said(comment, "A comment on the alarm")
    found = next((alarm for alarm in raised(conn) if alarm.entry.id == alarm_id), None)
    if found is None:
        raise NotFound("There is no such alarm.", remedy="Load the page again.")
    if found.acknowledged is not None:
        who = found.acknowledged.actor.printed_name
        raise Conflict(f"This alarm was acknowledged by {who}.", remedy="Nothing was changed; load the page again.")
    if found.entry.object_kind == "account" and found.entry.object_id == account.id:
        raise NotPermitted("This alarm is about your own account.", remedy="Another administrator acknowledges it.")
    trail.append(
        conn, at=at, zone=zone, actor=by, action=Action.ALARM_ACKNOWLEDGED, object_kind="alarm", object_id=alarm_id,
        new={"alarm": str(found.kind), "entry": found.entry.seq}, reason=comment,
    )  # fmt: skip
