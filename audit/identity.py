"""Accounts, roles, qualifications and passwords; sessions and lock-out have their own room, `audit.sessions`.

User ids are unique after case folding and never reissued; accounts are deactivated, not deleted. Each change of an
account is an immutable version whose hash stands in a trail entry. Permission is decided from the account as it is now
in the database, not as it was at sign-in.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, func, insert, select, update

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from audit.tables import account_versions, sessions

SHORTEST_PASSWORD = 12
COMMON = frozenset({"password1234", "123456789012", "qwertyuiopas", "letmein12345", "administrator", "changeme1234"})


class Role(StrEnum):
    """What an account may do; the administrator holds none of the others."""

    WRITER = "writer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    TRAINING_LEAD = "training_lead"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


@dataclass(frozen=True)
class KeyCost:
    """How much work a password guess costs (argon2id); tests use the cheapest."""

    time: int = 3
    memory_kib: int = 65536
    lanes: int = 4


CHEAPEST = KeyCost(time=1, memory_kib=8, lanes=1)


@dataclass(frozen=True)
class Qualification:
    """The right to sign a kind of section with a meaning, and what it rests on; `*` covers all."""

    section_kind: str
    meaning: str
    valid_from: str
    valid_until: str
    basis: str


@dataclass(frozen=True)
class Account:
    """One account version; `identity_verified` is who verified the person, on which day, and how."""

    id: str
    version: int
    user_id: str
    printed_name: str
    roles: tuple[str, ...]
    active: bool
    must_change_password: bool
    password_hash: str
    identity_verified: tuple[str, str, str] | None = None
    qualifications: tuple[Qualification, ...] = ()

    def has(self, *roles: Role) -> bool:
        """Tell whether the account is active and holds one of the roles."""
        return self.active and any(str(role) in self.roles for role in roles)

    def actor(self, *, role: str = "", session: str = "") -> Actor:
        """Return the account as the actor of an act."""
        return Actor(self.id, self.user_id, self.printed_name, role or "+".join(self.roles), session)


def fold(user_id: str) -> str:
    """Return the form in which user ids must be unique."""
    return user_id.strip().casefold()


def permit(account: Account, *roles: Role) -> None:
    """Raise NotPermitted unless the account is active and holds one of the roles."""
    if not account.has(*roles):
        wanted = " or ".join(str(role).replace("_", " ") for role in roles)
        raise NotPermitted(f"{account.printed_name} may not do this.", remedy=f"It needs the role {wanted}.")


def check_roles(roles: tuple[str, ...]) -> None:
    """Raise Invalid unless the roles exist and the administrator holds no other."""
    unknown = [role for role in roles if role not in set(Role)]
    if unknown or not roles:
        raise Invalid(f"Unknown role: {', '.join(unknown) or 'none given'}.", remedy=f"Roles are {', '.join(Role)}.")
    for alone in (Role.ADMINISTRATOR, Role.SERVICE):
        if alone in roles and len(roles) > 1:
            raise Invalid(f"The role {alone} stands alone.", remedy="Use a second account for the other roles.")


def check_password(password: str, user_id: str) -> None:
    """Raise Invalid unless the password is long enough, not common and not the user id."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("The password is too short.", remedy=f"Use at least {SHORTEST_PASSWORD} characters.")
    if password.casefold() in COMMON or fold(user_id) == password.casefold():
        raise Invalid("The password is too easy to guess.", remedy="Use a passphrase of several words.")


def hash_password(password: str, cost: KeyCost) -> str:
    """Hash a password with argon2id."""
    return PasswordHasher(time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=cost.lanes).hash(password)


def matches(stored: str, password: str) -> bool:
    """Tell whether a password is the one of an argon2id hash."""
    try:
        return PasswordHasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def accounts(conn: Connection) -> list[Account]:
    """Return the current version of every account, by user id."""
    newest = select(func.max(account_versions.c.version)).where(
        account_versions.c.account_id == (outer := account_versions.alias()).c.account_id
    )
    query = select(outer.c.body).where(outer.c.version == newest.scalar_subquery()).order_by(outer.c.folded)
    return [_account(body) for body in conn.scalars(query)]


def account_named(conn: Connection, user_id: str) -> Account | None:
    """Return the account of a user id, whatever its case."""
    return _newest(conn, account_versions.c.folded == fold(user_id))


def account_by_id(conn: Connection, account_id: str) -> Account | None:
    """Return the account of an id."""
    return _newest(conn, account_versions.c.account_id == account_id)


def _newest(conn: Connection, condition: Any) -> Account | None:
    query = select(account_versions.c.body).where(condition).order_by(account_versions.c.version.desc()).limit(1)
    body = conn.scalar(query)
    return None if body is None else _account(body)


def _account(body: str) -> Account:
    tree = json.loads(body)
    verified = tree["identity_verified"]
    return Account(
        **{
            **tree,
            "roles": tuple(tree["roles"]),
            "identity_verified": tuple(verified) if verified else None,
            "qualifications": tuple(Qualification(**q) for q in tree["qualifications"]),
        }
    )


def create_account(
    conn: Connection,
    *,
    account_id: str,
    user_id: str,
    printed_name: str,
    roles: tuple[str, ...],
    password: str | None,
    by: Actor,
    at: datetime,
    zone: str,
    cost: KeyCost,
    must_change_password: bool = True,
    identity_verified: tuple[str, str, str] | None = None,
) -> Account:
    """Create an account; `password=None` makes one that cannot sign in (the service account)."""
    check_roles(roles)
    if not user_id.strip() or not printed_name.strip():
        raise Invalid("An account needs a user id and a printed name.", remedy="Give both.")
    if account_named(conn, user_id) is not None:
        raise Conflict(f"The user id {user_id} was issued before.", remedy="User ids are never reissued: choose another.")
    if password is not None:
        check_password(password, user_id)
    account = Account(
        id=account_id,
        version=1,
        user_id=user_id.strip(),
        printed_name=printed_name.strip(),
        roles=tuple(roles),
        active=True,
        must_change_password=must_change_password and password is not None,
        password_hash="" if password is None else hash_password(password, cost),
        identity_verified=identity_verified,
    )
    _store(conn, account, None, action=Action.ACCOUNT_CREATED, by=by, at=at, zone=zone)
    return account


def change_account(
    conn: Connection,
    account: Account,
    *,
    by: Actor,
    at: datetime,
    zone: str,
    action: Action = Action.ACCOUNT_CHANGED,
    reason: str | None = None,
    **changes: Any,
) -> Account:
    """Store a new version of an account with the given fields changed."""
    current = account_by_id(conn, account.id)
    if current is None or current.version != account.version:
        raise Conflict(f"The account {account.user_id} was changed meanwhile.", remedy="Load the page again.")
    changed = replace(current, version=current.version + 1, **changes)
    check_roles(changed.roles)
    _store(conn, changed, current, action=action, by=by, at=at, zone=zone, reason=reason)
    return changed


def deactivate(conn: Connection, account: Account, *, by: Actor, at: datetime, zone: str, reason: str) -> Account:
    """Deactivate an account and end its sessions; its user id stays taken for ever."""
    if not reason.strip():
        raise Invalid("Deactivating an account needs a reason.", remedy="Say why in your own words.")
    changed = change_account(
        conn, account, by=by, at=at, zone=zone, action=Action.ACCOUNT_DEACTIVATED, reason=reason, active=False
    )
    conn.execute(
        update(sessions)
        .where(sessions.c.account_id == account.id, sessions.c.ended_at.is_(None))
        .values(ended_at=utc_text(at))
    )
    return changed


def qualify(
    conn: Connection, account: Account, qualification: Qualification, *, by: Actor, at: datetime, zone: str
) -> Account:
    """Give an account a qualification."""
    if not qualification.basis.strip():
        raise Invalid("A qualification needs what it rests on.", remedy="Name the training record or certificate.")
    return change_account(
        conn, account, by=by, at=at, zone=zone, action=Action.QUALIFIED,
        qualifications=(*account.qualifications, qualification),
    )  # fmt: skip


def set_password(
    conn: Connection, account: Account, password: str, *, by: Actor, at: datetime, zone: str, cost: KeyCost
) -> Account:
    """Set a password: the owner's own is kept, one set by somebody else must be changed at the next sign-in."""
    check_password(password, account.user_id)
    return change_account(
        conn, account, by=by, at=at, zone=zone, action=Action.PASSWORD_CHANGED,
        password_hash=hash_password(password, cost), must_change_password=by.id != account.id,
    )  # fmt: skip


def _store(
    conn: Connection,
    account: Account,
    before: Account | None,
    *,
    action: Action,
    by: Actor,
    at: datetime,
    zone: str,
    reason: str | None = None,
) -> None:
    body = canonical(json.loads(json.dumps(asdict(account))))
    conn.execute(
        insert(account_versions).values(
            account_id=account.id,
            version=account.version,
            folded=fold(account.user_id),
            body=body,
            hash=digest(body),
        )
    )
    trail.append(
        conn, at=at, zone=zone, actor=by, action=action, object_kind="account", object_id=account.id,
        object_version=str(account.version), old=_public(before) if before else None,
        new={**_public(account), "hash": digest(body)}, reason=reason,
    )  # fmt: skip


def _public(account: Account) -> dict[str, Any]:
    """Return what the trail shows of an account: no password hash."""
    return {
        "user_id": account.user_id,
        "printed_name": account.printed_name,
        "roles": list(account.roles),
        "active": account.active,
        "identity_verified": list(account.identity_verified) if account.identity_verified else None,
        "qualifications": [f"{q.section_kind}: {q.meaning} until {q.valid_until}" for q in account.qualifications],
    }


def required(conn: Connection, user_id: str) -> Account:
    """Return the account of a user id; raise NotFound where there is none."""
    account = account_named(conn, user_id)
    if account is None:
        raise NotFound(f"There is no account {user_id}.", remedy="`verascribe user list` shows them.")
    return account
