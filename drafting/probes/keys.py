"""Under which oversight key this home draws and seals: the trail names it from the first draw on, and another one draws nothing.

Whoever can write the key file could else put keys in until one draws, or spares, whom they like, and nothing would tell. A lost key is
replaced by an administrator, with a reason: every check that is not over ends with it.
"""

from datetime import datetime

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from audit.errors import Tampered
from drafting.accounts import SETUP
from drafting.context import Context
from drafting.probes.seal import KEY_FILE, SiteKeys, site_keys

KIND = "oversight_key"


def named(conn: Connection) -> str:
    """Return the name of the key under which this home draws, as its trail says; "" before the first draw."""
    found = trail.entries(conn, object_kind=KIND, action=str(Action.OVERSIGHT_KEY), limit=1, newest_first=True)
    return found[0].object_id if found else ""


def differs(conn: Connection, ctx: Context) -> bool:
    """Tell whether the home's key file is not there, or not the one that the trail names."""
    known = named(conn)
    return bool(known) and (not (ctx.settings.home / KEY_FILE).exists() or site_keys(ctx.settings.home).known_as != known)


def drawing(conn: Connection, ctx: Context, at: datetime) -> SiteKeys:
    """Return the keys that draw and seal, named in the trail at their first use; raise Tampered where the file holds another key."""
    if differs(conn, ctx):
        raise Tampered(
            f"{KEY_FILE} is not the key under which the checks of this home are drawn.",
            remedy="Restore it from the home's backup. Where it is lost, an administrator begins a new one: `verascribe oversight new-key`.",
        )
    keys = site_keys(ctx.settings.home)
    if not named(conn):
        note(conn, ctx, keys, SETUP, at)
    return keys


def note(conn: Connection, ctx: Context, keys: SiteKeys, actor: Actor, at: datetime, reason: str | None = None) -> None:
    """Name a key in the trail, from now on the one under which this home draws."""
    trail.append(
        conn, at=at, zone=ctx.zone, actor=actor, action=Action.OVERSIGHT_KEY, object_kind=KIND, object_id=keys.known_as, reason=reason
    )  # fmt: skip
