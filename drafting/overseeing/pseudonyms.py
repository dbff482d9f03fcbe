"""Pseudonyms of reviewers in analytics, and the way back to a name: two persons, both in the trail, after a named alarm only.

A pseudonym is an HMAC of the account under a key of the home that the database does not hold: what is told under pseudonyms alone names
nobody. The database itself does: its views and decisions stand under accounts, and an activity summary names its view.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.chain import Actor, Entry
from audit.errors import Conflict, NotFound, NotPermitted
from audit.identity import Account, Role, account_by_id, permit, said
from drafting.context import Context
from drafting.overseeing.outcomes import alarmed
from drafting.probes.seal import site_keys
from drafting.review_store import person

UNMASK = "oversight_unmask"
SIGNS = 10  # of base 32: 50 bits, no two people of a site alike


def pseudonym(key: bytes, account_id: str) -> str:
    """Return the pseudonym of an account under the site's naming key."""
    mac = hmac.new(key, account_id.encode(), hashlib.sha256).digest()
    return "P-" + base64.b32encode(mac).decode()[:SIGNS]


def of_account(ctx: Context, account_id: str) -> str:
    """Return the pseudonym of an account at this site."""
    return pseudonym(site_keys(ctx.settings.home).naming, account_id)


@dataclass(frozen=True)
class Asked:
    """A request for the name behind a pseudonym, as far as it went."""

    id: str
    pseudonym: str
    reason: str
    account_id: str  # of the training lead who asked
    user_id: str
    at: str
    granted: bool | None = None  # None while it waits
    shown: bool = False
    withdrawn: bool = False

    @property
    def waits(self) -> bool:
        """Tell whether nobody decided it yet, nor took it back."""
        return self.granted is None and not self.withdrawn


def asked(conn: Connection) -> tuple[Asked, ...]:
    """Return every request, the oldest first."""
    found: dict[str, list[Entry]] = {}
    for entry in trail.entries(conn, object_kind=UNMASK):
        found.setdefault(entry.object_id, []).append(entry)
    return tuple(_asked(first, later) for first, *later in found.values())


def _asked(first: Entry, later: list[Entry]) -> Asked:
    decided = next((entry.new["granted"] for entry in later if entry.field == "decision"), None)
    shown = any(entry.field == "shown" for entry in later)
    withdrawn = any(entry.action is Action.UNMASK_WITHDRAWN for entry in later)
    by = first.actor
    return Asked(
        first.object_id, first.new["pseudonym"], first.reason or "", by.id, by.user_id, first.at, decided, shown, withdrawn
    )


def to_decide(ctx: Context, account: Account) -> tuple[Asked, ...]:
    """Return the requests that wait for an approver's decision, neither their own nor about them, the oldest first."""
    if not account.has(Role.APPROVER):
        return ()
    with ctx.database.read() as conn:
        waiting = [one for one in asked(conn) if one.waits and one.account_id != account.id]
    return tuple(one for one in waiting if one.pseudonym != of_account(ctx, account.id))


def ask(ctx: Context, *, wanted: str, reason: str, actor: Actor) -> str:
    """Ask for the name behind a pseudonym, as the training lead, after a named alarm; return the request's id."""

    def write(conn: Connection) -> str:
        permit(person(conn, actor), Role.TRAINING_LEAD)
        _behind(conn, ctx, wanted.strip())
        request_id = ctx.new_id()
        _note(
            conn, ctx, request_id, Action.UNMASK_REQUESTED, actor, new={"pseudonym": wanted.strip()}, reason=said(reason, "A reason")
        )  # fmt: skip
        return request_id

    return ctx.database.write(write)


def decide(ctx: Context, *, request_id: str, grant: bool, reason: str, actor: Actor) -> None:
    """Grant a request or refuse it, as an approver who neither asked nor is the person concerned."""

    def write(conn: Connection) -> None:
        account = person(conn, actor)
        permit(account, Role.APPROVER)
        request = _request(conn, request_id)
        if request.account_id == account.id:
            raise NotPermitted("Who asks does not grant.", remedy="Another person decides.")
        if request.pseudonym == of_account(ctx, account.id):
            raise NotPermitted("Nobody decides who reads their own name.", remedy="Another approver decides.")
        _still_open(request)
        told = {"pseudonym": request.pseudonym, "granted": grant}
        _note(conn, ctx, request_id, Action.UNMASKED, actor, field="decision", new=told, reason=said(reason, "A reason"))

    ctx.database.write(write)


def withdraw(ctx: Context, *, request_id: str, reason: str, actor: Actor) -> None:
    """Take back a request that nobody decided yet, as the person who asked."""

    def write(conn: Connection) -> None:
        account, request = person(conn, actor), _request(conn, request_id)
        if request.account_id != account.id:
            raise NotPermitted("Who asked for a name withdraws the request.", remedy="An approver refuses it.")
        _still_open(request)
        told: dict[str, object] = {"pseudonym": request.pseudonym}
        _note(conn, ctx, request_id, Action.UNMASK_WITHDRAWN, actor, new=told, reason=said(reason, "A reason"))

    ctx.database.write(write)


def _still_open(request: Asked) -> None:
    if not request.waits:
        done = "withdrawn" if request.withdrawn else "decided"
        raise Conflict(f"This request is {done} already.", remedy="Nothing was changed.")


def name(ctx: Context, *, request_id: str, actor: Actor) -> Account:
    """Return whose pseudonym it is, once, to the person who asked and was granted it."""

    def write(conn: Connection) -> Account:
        account = person(conn, actor)
        permit(account, Role.TRAINING_LEAD)
        request = _request(conn, request_id)
        if request.account_id != account.id or not request.granted:
            raise NotPermitted("This name was not granted to you.", remedy="An approver decides on your request first.")
        if request.shown:
            raise Conflict("This name was shown already, once.", remedy="Ask again, with a reason.")
        found = _behind(conn, ctx, request.pseudonym)
        _note(conn, ctx, request_id, Action.UNMASKED, actor, field="shown", new={"pseudonym": request.pseudonym})
        return found

    return ctx.database.write(write)


def _behind(conn: Connection, ctx: Context, wanted: str) -> Account:
    """Return the account behind a pseudonym; a name that no alarm stands behind is refused like one that does not exist."""
    for account_id in alarmed(conn):
        found = account_by_id(conn, account_id)
        if found is not None and hmac.compare_digest(of_account(ctx, account_id).encode(), wanted.encode()):
            return found
    raise NotPermitted(
        "No alarm was raised by name about anybody with this pseudonym.", remedy="Without one, a pseudonym stays one."
    )


def _request(conn: Connection, request_id: str) -> Asked:
    found = next((one for one in asked(conn) if one.id == request_id), None)
    if found is None:
        raise NotFound("There is no such request.", remedy="Load the page again.")
    return found


def _note(
    conn: Connection,
    ctx: Context,
    request_id: str,
    action: Action,
    actor: Actor,
    *,
    new: dict[str, object],
    field: str | None = None,
    reason: str | None = None,
) -> None:
    trail.append(
        conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=action, object_kind=UNMASK, object_id=request_id, field=field,
        new=new, reason=reason,
    )  # fmt: skip
