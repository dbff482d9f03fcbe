"""Accounts, roles, qualifications, passwords, lock-out and sessions.

User ids are unique after case folding and never reissued; accounts are deactivated, not deleted. Each change of an
account is an immutable version whose hash stands in a trail entry. Permission is decided from the account as it is now
in the database, not as it was at sign-in. A failed sign-in is logged, also for unknown users, without saying which part was wrong.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, func, insert, select, update

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import Clock, utc_text
from audit.database import Database
from audit.errors import Conflict, Invalid, LockedOut, NotFound, NotPermitted, WrongCredentials
from audit.tables import account_versions, sessions, sign_in_attempts

FAILURES_TO_LOCK = 5
SHORTEST_PASSWORD = 12
COMMON = frozenset({"password1234", "123456789012", "qwertyuiopas", "letmein12345", "administrator", "changeme1234"})
IDLE = timedelta(minutes=30)


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


def _matches(stored: str, password: str) -> bool:
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


def failures(conn: Connection, user_id: str) -> int:
    """Count failed attempts of a user id since its last success or release."""
    rows = conn.scalars(
        select(sign_in_attempts.c.succeeded)
        .where(sign_in_attempts.c.folded == fold(user_id))
        .order_by(sign_in_attempts.c.id.desc())
        .limit(FAILURES_TO_LOCK + 1)
    ).all()
    return next((index for index, succeeded in enumerate(rows) if succeeded), len(rows))


def note_attempt(
    conn: Connection, user_id: str, *, succeeded: bool, at: datetime, zone: str, actor: Actor, action: Action
) -> None:
    """Log an attempt to authenticate; the fifth failure in a row locks the account and raises an alarm."""
    conn.execute(insert(sign_in_attempts).values(folded=fold(user_id)[:200], at=utc_text(at), succeeded=succeeded))
    trail.append(
        conn, at=at, zone=zone, actor=actor, action=action, object_kind="account", object_id=actor.id or "unknown",
        new={"user_id": user_id[:200]},
    )  # fmt: skip
    if not succeeded and failures(conn, user_id) == FAILURES_TO_LOCK:
        for step in (Action.LOCKED_OUT, Action.ALARM_RAISED):
            trail.append(
                conn, at=at, zone=zone, actor=actor, action=step, object_kind="account",
                object_id=actor.id or "unknown", new={"user_id": user_id[:200], "failures": FAILURES_TO_LOCK},
            )  # fmt: skip


def unlock(conn: Connection, account: Account, *, by: Actor, at: datetime, zone: str, reason: str) -> None:
    """Release a locked account."""
    conn.execute(insert(sign_in_attempts).values(folded=fold(account.user_id), at=utc_text(at), succeeded=True))
    trail.append(
        conn, at=at, zone=zone, actor=by, action=Action.UNLOCKED, object_kind="account", object_id=account.id,
        reason=reason,
    )  # fmt: skip


def authenticate(
    database: Database,
    clock: Clock,
    *,
    user_id: str,
    password: str,
    zone: str,
    failed: Action = Action.SIGN_IN_FAILED,
) -> Account:
    """Return the account of a right user id and password; log and count every wrong try."""
    with database.read() as conn:
        account = account_named(conn, user_id)
        tries = failures(conn, user_id)
    known = account is not None and account.active and bool(account.password_hash)
    if tries < FAILURES_TO_LOCK and known and account is not None and _matches(account.password_hash, password):
        return account
    if not known:  # spend the same time as a real check, so that timing names no user
        hash_password(password, KeyCost())
    actor = account.actor() if account else Actor("", user_id[:200], "unknown", "none")
    database.write(
        lambda conn: note_attempt(conn, user_id, succeeded=False, at=clock.now(), zone=zone, actor=actor, action=failed)
    )
    if tries + 1 > FAILURES_TO_LOCK:
        raise LockedOut("This account is locked after five failed attempts.", remedy="Ask an administrator to release it.")
    raise WrongCredentials("User id or password is wrong.", remedy="Check both; five failures lock the account.")


def sign_in(database: Database, clock: Clock, new_id: Callable[[], str], *, user_id: str, password: str, zone: str) -> str:
    """Authenticate and open a session; return its opaque token, of which only the hash is kept."""
    account = authenticate(database, clock, user_id=user_id, password=password, zone=zone)
    token = secrets.token_urlsafe(32)
    session = new_id()

    def work(conn: Connection) -> None:
        now = clock.now()
        note_attempt(
            conn,
            user_id,
            succeeded=True,
            at=now,
            zone=zone,
            actor=account.actor(session=session),
            action=Action.SIGNED_IN,
        )
        conn.execute(
            insert(sessions).values(
                token_hash=_token_hash(token), id=session, account_id=account.id, started_at=utc_text(now),
                seen_at=utc_text(now),
            )
        )  # fmt: skip

    database.write(work)
    return token


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def resolve(database: Database, clock: Clock, token: str, *, idle: timedelta = IDLE) -> tuple[Account, Actor] | None:
    """Return the account and actor of a live session, or None where it ended, idled out or the account was deactivated."""
    now = clock.now()
    with database.read() as conn:
        row = conn.execute(select(sessions).where(sessions.c.token_hash == _token_hash(token))).first()
        account = account_by_id(conn, row.account_id) if row else None
    if row is None or account is None or row.ended_at or not account.active:
        return None
    seen = datetime.fromisoformat(row.seen_at)
    if now - seen > idle:
        return None
    if now - seen > idle / 10:  # not at each rerun: a page must not wait for the writer
        database.write(
            lambda conn: conn.execute(
                update(sessions).where(sessions.c.token_hash == row.token_hash).values(seen_at=utc_text(now))
            )
        )
    return account, account.actor(session=row.id)


def sign_out(database: Database, clock: Clock, token: str, *, zone: str) -> None:
    """End a session."""
    found = resolve(database, clock, token)
    if found is None:
        return

    def work(conn: Connection) -> None:
        now = clock.now()
        ended = update(sessions).where(sessions.c.token_hash == _token_hash(token)).values(ended_at=utc_text(now))
        conn.execute(ended)
        trail.append(
            conn,
            at=now,
            zone=zone,
            actor=found[1],
            action=Action.SIGNED_OUT,
            object_kind="account",
            object_id=found[0].id,
        )

    database.write(work)


def required(conn: Connection, user_id: str) -> Account:
    """Return the account of a user id; raise NotFound where there is none."""
    account = account_named(conn, user_id)
    if account is None:
        raise NotFound(f"There is no account {user_id}.", remedy="`verascribe user list` shows them.")
    return account
