"""Which oversight key is in force: the trail names it from the first draw on, and with another one in the key file nothing is drawn or sealed.

Otherwise whoever can write the key file could try keys until one draws, or spares, a chosen reviewer, and nothing would tell. Where the key
is lost an administrator begins a new one, with a reason: every check that is not over ends with it (`renewing`).
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
    """Tell whether the trail names a key, and the home's key file is missing or holds another one."""
    known = named(conn)
    return bool(known) and (not (ctx.settings.home / KEY_FILE).exists() or site_keys(ctx.settings.home).known_as != known)


def keys_in_force(conn: Connection, ctx: Context, at: datetime) -> SiteKeys:
    """Return the keys that draw and seal, and name them in the trail at their first use; raise Tampered where the trail names another key."""
    if differs(conn, ctx):
        raise Tampered(
            f"{KEY_FILE} is missing or does not hold the key under which this home draws its checks.",
            remedy="Restore it from the home's backup. If it is lost, an administrator begins a new key: `verascribe oversight new-key`.",
        )
    keys = site_keys(ctx.settings.home)
    if not named(conn):
        name_in_trail(conn, ctx, keys, SETUP, at)
    return keys


def name_in_trail(
    conn: Connection, ctx: Context, keys: SiteKeys, actor: Actor, at: datetime, reason: str | None = None
) -> None:
    """Append the entry that names a key: from now on this home draws and seals under it."""
    trail.append(
        conn, at=at, zone=ctx.zone, actor=actor, action=Action.OVERSIGHT_KEY, object_kind=KIND, object_id=keys.known_as, reason=reason
    )  # fmt: skip
