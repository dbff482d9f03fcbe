"""Which entries of the trail an account may read: those of oversight by the access table, all others as ever.

What is hidden is told to an auditor as one number for the whole home, never for a search: the number of hits would tell what they say.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from audit.actions import Action
from audit.alarms import Raised, raised
from audit.clock import utc_text
from audit.errors import NotPermitted
from audit.identity import Account, Role
from audit.tables import trail_entries
from drafting import tables
from drafting.evidence_first.askings import KIND
from drafting.overseeing.access import Thing, may
from drafting.overseeing.bursts import BURST
from drafting.overseeing.outcomes import NOTICE, REVIEWER, alarmed
from drafting.overseeing.pseudonyms import UNMASK
from drafting.overseeing.switches import Switch, is_on
from drafting.probes.store import OBJECT
from drafting.probes.workflow import LONGEST, Step

RUN = "oversight_run"
SITE = "site"
ALARM = "alarm"
KINDS = (OBJECT, NOTICE, REVIEWER, BURST, UNMASK, RUN, SITE, ALARM, KIND)
_DISPUTED = (Action.OVERSIGHT_DISPUTED, Action.OVERSIGHT_DISPUTE_DECIDED)
_OF_KIND = {NOTICE: Thing.ALARM_SELF, BURST: Thing.BURST}


class _Line(NamedTuple):
    """What tells of an entry, without its text."""

    seq: int
    id: str
    action: str
    object_kind: str
    object_id: str
    actor_id: str


@dataclass(frozen=True)
class _Known:
    """What tells about whom an entry is: checks with their person and run, those that ended, people of runs, alarms, people alarmed about."""

    checks: Mapping[str, tuple[str, str]]
    ended: frozenset[str]
    runs: Mapping[str, str]
    alarms: Mapping[str, tuple[str, str]]  # entry id -> kind and id of what it is about
    alarmed: frozenset[str]


def hidden(conn: Connection, account: Account) -> frozenset[int]:
    """Return the numbers of the entries that an account may not read."""
    table = trail_entries.c
    columns = (table.seq, table.id, table.action, table.object_kind, table.object_id, table.actor_id)
    rows = [_Line(*row) for row in conn.execute(select(*columns).where(table.object_kind.in_(KINDS)))]
    if not rows:
        return frozenset()
    known = _known(conn, rows)
    return frozenset(row.seq for row in rows if not _seen(known, row, account))


def _known(conn: Connection, rows: Iterable[_Line]) -> _Known:
    held, happened = tables.oversight_checks.c, tables.check_events.c
    checks = {row.id: (row.account_id, row.run_id) for row in conn.execute(select(held.id, held.account_id, held.run_id))}
    over = select(happened.check_id).where(happened.step.in_([str(Step.REVEALED), str(Step.VOID)]))
    alarms = {row.id: (row.object_kind, row.object_id) for row in rows if row.action == str(Action.ALARM_RAISED)}
    runs = {run: who for who, run in checks.values() if run}
    return _Known(checks, frozenset(conn.scalars(over)), runs, alarms, alarmed(conn))


def _seen(known: _Known, row: _Line, account: Account) -> bool:
    kind, object_id = row.object_kind, row.object_id
    if kind == KIND:  # that figures are asked is no secret; what was stated is the person's
        stated = row.action == str(Action.EVIDENCE_FIRST_STATED)
        return not stated or may(account, Thing.STATED, row.actor_id, alarmed=row.actor_id in known.alarmed)
    if kind == ALARM:  # its acknowledgement is seen by whoever sees the alarm; those of other matters by everybody
        kind, object_id = known.alarms.get(object_id, (ALARM, object_id))
    if kind in (ALARM, SITE):
        return kind == ALARM or may(account, Thing.ALARM_SITE)
    if kind == UNMASK:
        return may(account, Thing.UNMASKING)
    thing, about = _of(known, kind, row.action, object_id)
    return may(account, thing, about, alarmed=about in known.alarmed)


def _of(known: _Known, kind: str, action: str, object_id: str) -> tuple[Thing, str]:
    """Return what an entry tells of whom."""
    if kind == RUN:
        return Thing.QUALIFICATIONS, known.runs.get(object_id, "")
    if kind == REVIEWER:
        requalified = action in (str(Action.QUALIFIED), str(Action.REQUALIFICATION_ENDED))
        return Thing.QUALIFICATIONS if requalified else Thing.ALARM_NAMED, object_id
    return _of_check(known, action, object_id) if kind == OBJECT else (_OF_KIND[kind], object_id)


def _of_check(known: _Known, action: str, check_id: str) -> tuple[Thing, str]:
    about, run = known.checks.get(check_id, ("", ""))
    if action == str(Action.OVERSIGHT_ASSIGNED) and not run:
        return Thing.ASSIGNED, ""
    if check_id not in known.ended:
        return Thing.UNREVEALED, about
    if action in _DISPUTED:
        return Thing.DISPUTES, about
    return Thing.QUALIFICATIONS if run else Thing.OUTCOMES, about


def alarms_for(conn: Connection, account: Account) -> list[Raised]:
    """Return the alarms that an account may see, the newest first."""
    out = hidden(conn, account)
    return [alarm for alarm in raised(conn) if alarm.entry.seq not in out]


def withheld(conn: Connection, account: Account, at: datetime) -> frozenset[int]:
    """Return the numbers of the entries that the trail does not show to an account now.

    While live checks are on, the acts of reviewers come with the half hour after which no check can stand open, to themselves and to
    everybody: a gap in their numbers, or an act that left no entry, would give a check away before it is revealed.
    """
    out = hidden(conn, account)
    if not is_on(conn, Switch.LIVE):
        return out
    table, checks = trail_entries.c, tables.oversight_checks.c
    reviewers = {account.id, *conn.scalars(select(checks.account_id).where(checks.run_id == "").distinct())}
    if not account.has(Role.REVIEWER):
        reviewers.discard(account.id)
    fresh = select(table.seq).where(table.actor_id.in_(reviewers), table.at >= utc_text(at - LONGEST))
    return out | frozenset(conn.scalars(fresh))


def counted(account: Account, out: Collection[int]) -> int | None:
    """Return how many entries are not shown, to an auditor; to others the number itself would tell of a check."""
    return len(out) if account.has(Role.AUDITOR) else None


def not_shown(account: Account, out: Collection[int]) -> str:
    """Return that somebody does not see all, and why; "" where they do."""
    if not out:
        return ""
    if account.has(Role.AUDITOR):
        return (
            f"{len(out)} entries in this home are not shown to you. They are of oversight, which an alarm that names the reviewer opens, "
            "or acts of reviewers of the last half hour."
        )
    return "Entries of oversight that concern others or are not revealed, and acts of reviewers of the last half hour, are not shown."


def refuse_partial(account: Account, out: Collection[int]) -> None:
    """Raise NotPermitted where a copy of the whole trail would hold entries that its taker may not read, unless an auditor takes it.

    One who reviews as well would read in it whether a check stands open in a section of theirs.
    """
    if out and (account.has(Role.REVIEWER) or not account.has(Role.AUDITOR)):
        raise NotPermitted(
            f"The whole trail holds entries of oversight that {account.printed_name} may not read.",
            remedy="An auditor who does not review takes this copy (on the command line with --user); the table (CSV), on the page Trail, holds what you may read.",
        )
