"""What of oversight waits for a person: changes to approve, names and disputes to decide, runs to certify, alarms to answer; what they may not do is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.identity import Account, Role
from drafting.context import Context
from drafting.overseeing.pages import lead
from drafting.overseeing.pseudonyms import to_decide
from drafting.overseeing.switches import open_requests

CHANGES = "Changes of oversight to approve"


@dataclass(frozen=True)
class Wait:
    """Things of one kind that wait for a person; `due` is the first's ISO day, or ""."""

    what: str
    number: int
    due: str = ""


def waits(ctx: Context, account: Account) -> tuple[Wait, ...]:
    """Return what of oversight waits for an account, by its roles; nothing that it asked for, took or reviewed itself."""
    found = []
    if account.has(Role.APPROVER) and not account.has(Role.REVIEWER):
        asked = [one for one in open_requests(ctx) if one.account_id != account.id]
        found.append(Wait(CHANGES, len(asked)))
    found.append(Wait("Names behind pseudonyms to decide", len(to_decide(ctx, account))))
    if account.has(Role.APPROVER, Role.TRAINING_LEAD):
        held = lead(ctx, account)
        due = [one.due for one, _ in held.disputes if one.check.account != account.id]
        found.append(Wait("Disputes to decide", len(due), min(due, default="")))
        if account.has(Role.TRAINING_LEAD):
            found.append(
                Wait("Qualification runs to certify", _others(account, [run.account_id for run in held.to_certify]))
            )
            open_ = [one.alarm.entry.object_id for one in held.alarms if one.alarm.acknowledged is None]
            found.append(Wait("Alarms to acknowledge", _others(account, open_)))
    return tuple(one for one in found if one.number)


def _others(account: Account, of: Sequence[str]) -> int:
    return sum(one != account.id for one in of)
