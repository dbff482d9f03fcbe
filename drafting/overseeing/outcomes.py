"""From ended checks to results, and from a new result to the alarms that it raises, in the write of the outcome."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from audit import trail
from audit.actions import Action
from audit.alarms import Alarm, raise_alarm
from audit.chain import Actor
from audit.oversight import detector
from audit.oversight.model import Arm, Level, Mode, Outcome, ProbeResult
from audit.tables import trail_entries
from drafting import tables
from drafting.accounts import SETUP
from drafting.context import Context
from drafting.overseeing.figures import routine, stepped
from drafting.probes.store import Stored, checks_of

NOTICE = "oversight_notice"  # told to the reviewer alone
REVIEWER = "oversight_reviewer"  # restarts of a reviewer's statistic


def results(conn: Connection, ctx: Context, account: str = "", *, arm: Arm = Arm.MACHINE) -> tuple[ProbeResult, ...]:
    """Return the ended checks of a reviewer, or of everybody, of one arm, in the order in which they ended.

    An item that asked for a figure before it showed is no result: its fault is noticed more easily.
    """
    columns = tables.oversight_checks.c
    found = [one for one in checks_of(conn, ctx, *([columns.account_id == account] if account else [])) if one.asked is None]
    ended = [
        one for one in found if one.probe is not None and one.check.ended_at is not None and one.check.outcome is not None
    ]
    ended.sort(key=lambda one: (one.check.ended_at, one.id))
    made = (result_of(one) for one in ended)
    return tuple(one for one in made if one.arm is arm)


def result_of(stored: Stored) -> ProbeResult:
    """Return the result of an ended check."""
    probe, check = stored.probe, stored.check
    if probe is None or check.ended_at is None:
        msg = "only a check that held a probe and ended has a result"
        raise ValueError(msg)
    return ProbeResult(
        stored.id, stored.account, probe.family, str(probe.fault), probe.severity, Mode(stored.content["mode"]),
        check.outcome or Outcome.VOID, probe.p_ok, probe.difficulty, check.ended_at.isoformat(), stored.arm,
    )  # fmt: skip


def coached(conn: Connection) -> dict[str, str]:
    """Return since when each reviewer's results count again: since the training lead last certified a run of theirs."""
    entries = trail.entries(conn, object_kind=REVIEWER, action=str(Action.QUALIFIED))
    return {entry.object_id: entry.at for entry in entries}


def alarmed(conn: Connection) -> frozenset[str]:
    """Return the accounts about whom an alarm was ever raised by name."""
    table = trail_entries.c
    query = select(table.object_id).where(table.object_kind == REVIEWER, table.action == str(Action.ALARM_RAISED))
    return frozenset(conn.scalars(query))


def after_outcome(conn: Connection, ctx: Context, stored: Stored, actor: Actor, at: datetime) -> None:
    """Raise what a check that just ended gives rise to: a notice to the reviewer, a named alarm, an alarm of the site."""
    everything, since = results(conn, ctx), coached(conn)
    before = [result for result in everything if result.probe != stored.id]
    for alarm in _fresh(_alarms(before, since), _alarms(everything, since)):
        new = {
            "level": str(alarm.level), "statistic": f"{alarm.statistic:.1f}", "threshold": f"{alarm.threshold:.0f}",
            "checks_used": alarm.probes, "family": str(alarm.family or ""),
        }  # fmt: skip
        if alarm.level is Level.SELF:
            trail.append(
                conn, at=at, zone=ctx.zone, actor=actor, action=Action.OVERSIGHT_NOTICED, object_kind=NOTICE, object_id=alarm.reviewer, new=new
            )  # fmt: skip
            continue
        raise_alarm(
            conn, Alarm.OVERSIGHT, at=at, zone=ctx.zone, actor=actor if alarm.reviewer else SETUP, object_kind=REVIEWER if alarm.reviewer else "site",
            object_id=alarm.reviewer or "site", told=new,
        )  # fmt: skip


def _alarms(found: Sequence[ProbeResult], since: Mapping[str, str]) -> list[detector.Alarm]:
    """Return the alarms of results; those of the site rest on checks of several reviewers at once, as its figures do.

    The last check before an alarm was missed: raised with that check, and by its reviewer, an alarm of the site would say of whom.
    """
    of_people = [alarm for alarm in detector.alarms(found, coached=since) if alarm.reviewer]
    return of_people + [alarm for alarm in detector.alarms(stepped(routine(found))) if not alarm.reviewer]


def _fresh(before: Iterable[detector.Alarm], after: Iterable[detector.Alarm]) -> list[detector.Alarm]:
    known = set(before)
    return [alarm for alarm in after if alarm not in known]
