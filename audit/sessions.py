"""Sessions, failed attempts and lock-out: who is signed in, and what happens after wrong tries.

Five failures in a row, at sign-in or signing, lock the account until an administrator releases it, and raise an alarm. A failed
attempt is logged, also for unknown users, without saying which part was wrong. A locked account answers like a wrong password; only
who gives the right one is told of the lock, and after TELL_LOCK_UNTIL failures nobody, so that a lock does not confirm guesses. Of a
session's token only the hash is kept.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from audit import trail
from audit.actions import Action
from audit.alarms import Alarm, raise_alarm
from audit.chain import Actor
from audit.clock import Clock, utc_text
from audit.database import Database
from audit.errors import Conflict, LockedOut, WrongCredentials
from audit.identity import Account, account_by_id, account_named, fold, said
from audit.passwords import KeyCost, hash_password, matches
from audit.tables import sessions, sign_in_attempts

FAILURES_TO_LOCK = 5
TELL_LOCK_UNTIL = 20
IDLE = timedelta(minutes=30)


def failures(conn: Connection, user_id: str) -> int:
    """Count failed attempts of a user id since its last success or release."""
    rows = conn.scalars(
        select(sign_in_attempts.c.succeeded)
        .where(sign_in_attempts.c.folded == fold(user_id))
        .order_by(sign_in_attempts.c.id.desc())
        .limit(TELL_LOCK_UNTIL + 1)
    ).all()
    return next((index for index, succeeded in enumerate(rows) if succeeded), len(rows))


def is_locked(conn: Connection, user_id: str) -> bool:
    """Tell whether a user id is locked out until an administrator releases it."""
    return failures(conn, user_id) >= FAILURES_TO_LOCK


def note_attempt(
    conn: Connection, user_id: str, *, succeeded: bool, at: datetime, zone: str, actor: Actor, action: Action
) -> None:
    """Log an attempt to authenticate: each failed signing raises an alarm, and the fifth failure in a row locks the account and raises one."""
    conn.execute(insert(sign_in_attempts).values(folded=fold(user_id)[:200], at=utc_text(at), succeeded=succeeded))
    trail.append(
        conn, at=at, zone=zone, actor=actor, action=action, object_kind="account", object_id=actor.id or "unknown",
        new={"user_id": user_id[:200]},
    )  # fmt: skip
    if succeeded:
        return
    about = actor.id or "unknown"
    told: dict[str, Any] = {"user_id": user_id[:200]}
    if action is Action.SIGNATURE_FAILED:
        raise_alarm(
            conn, Alarm.FAILED_SIGNING, at=at, zone=zone, actor=actor, object_kind="account", object_id=about, told=told
        )
    if failures(conn, user_id) == FAILURES_TO_LOCK:
        told["failures"] = FAILURES_TO_LOCK
        trail.append(
            conn, at=at, zone=zone, actor=actor, action=Action.LOCKED_OUT, object_kind="account", object_id=about, new=told
        )
        raise_alarm(conn, Alarm.LOCK_OUT, at=at, zone=zone, actor=actor, object_kind="account", object_id=about, told=told)


def unlock(conn: Connection, account: Account, *, by: Actor, at: datetime, zone: str, reason: str) -> None:
    """Release a locked account."""
    if not is_locked(conn, account.user_id):
        raise Conflict(f"The account {account.user_id} is not locked.", remedy="Nothing was changed.")
    reason = said(reason, "A reason for the release")
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
    if known and account is not None:
        right = matches(account.password_hash, password)  # of a locked account too, so that timing names no lock
        if right and tries < FAILURES_TO_LOCK:
            return account
    else:
        right = False
        hash_password(password, KeyCost())  # spend the same time as a real check, so that timing names no user
    actor = account.actor() if account else Actor("", user_id[:200], "unknown", "none")
    database.write(
        lambda conn: note_attempt(conn, user_id, succeeded=False, at=clock.now(), zone=zone, actor=actor, action=failed)
    )
    if right and tries < TELL_LOCK_UNTIL:
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


def resolve(
    database: Database, clock: Clock, token: str, *, idle: timedelta = IDLE, first_password: bool = False
) -> tuple[Account, Actor] | None:
    """Return the account and actor of a live session, or None where it ended, idled out or the account was deactivated.

    A session whose first password was not changed yet opens nothing; only the change of that password asks for it with
    `first_password=True`.
    """
    now = clock.now()
    with database.read() as conn:
        row = conn.execute(select(sessions).where(sessions.c.token_hash == _token_hash(token))).first()
        account = account_by_id(conn, row.account_id) if row else None
    if row is None or account is None or row.ended_at or not account.active:
        return None
    if account.must_change_password and not first_password:
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
    found = resolve(database, clock, token, first_password=True)
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
