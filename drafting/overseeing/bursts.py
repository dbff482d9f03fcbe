"""Bursts: a while of denser oversight checks for one reviewer, asked for by behaviour and ended by outcomes. A burst says nothing of a person."""

from datetime import datetime

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from audit.oversight.behaviour import BurstEnd, BurstRequest
from drafting.context import Context
from drafting.overseeing.reviews import wish
from drafting.overseeing.switches import Switch, is_on

BURST = "oversight_burst"


def settled(conn: Connection, ctx: Context, account_id: str, actor: Actor, at: datetime) -> bool:
    """Weigh the reviews that ended since, note a change that they ask for, and tell whether a reviewer's checks are denser now.

    Asked before a section is drawn, and nowhere else: by then every summary of an ended review has come. Without summaries there is no burst.
    """
    if not is_on(conn, Switch.ACTIVITY):
        return False
    entries = trail.entries(conn, object_kind=BURST, object_id=account_id)
    noted = [(entry.at, entry.action is Action.BURST_STARTED) for entry in entries]
    asked = wish(conn, ctx, account_id, noted)
    if asked is not None:
        change(conn, ctx, account_id, asked, actor, at)
    return isinstance(asked, BurstRequest) if asked is not None else bool(noted) and noted[-1][1]


def change(
    conn: Connection, ctx: Context, account_id: str, asked: BurstRequest | BurstEnd, actor: Actor, at: datetime
) -> None:
    """Note that a burst began or ended, with the statistic and the cause."""
    action = Action.BURST_STARTED if isinstance(asked, BurstRequest) else Action.BURST_ENDED
    trail.append(
        conn, at=at, zone=ctx.zone, actor=actor, action=action, object_kind=BURST, object_id=account_id,
        new={"cause": str(asked.cause), "statistic": f"{asked.statistic:.3f}"},
    )  # fmt: skip
