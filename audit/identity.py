"""Accounts, roles and qualifications; sessions and lock-out stand in `audit.sessions`.

User ids are unique after case folding and never reissued; accounts are deactivated, not deleted. Each change of an
account is an immutable version whose hash stands in a trail entry. Permission is decided from the account as it is now
in the database, not as it was at sign-in.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from audit.passwords import KeyCost, check_password, hash_password, matches
from audit.tables import account_versions, sessions, sign_in_attempts

LONGEST_USER_ID, LONGEST_NAME, LONGEST_REASON = 64, 120, 2000


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
        """Tell whether the account is in use (active, its first password changed) and holds one of the roles."""
        return self.active and not self.must_change_password and any(str(role) in self.roles for role in roles)

    def actor(self, *, role: str = "", session: str = "") -> Actor:
        """Return the account as the actor of an act."""
        return Actor(self.id, self.user_id, self.printed_name, role or "+".join(self.roles), session)


def fold(user_id: str) -> str:
    """Return the form in which user ids must be unique."""
    return user_id.strip().casefold()


def check_usable(account: Account | None) -> Account:
    """Return the account; raise NotPermitted where it is gone, not active, or its first password was not changed."""
    if account is None or not account.active:
        raise NotPermitted("This account is not active.", remedy="Ask an administrator.")
    if account.must_change_password:
        raise NotPermitted("The first password was not changed yet.", remedy="Sign in and choose a password of your own.")
    return account


def permit(account: Account, *roles: Role) -> None:
    """Raise NotPermitted unless the account is in use and holds one of the roles."""
    check_usable(account)
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


def said(text: str, what: str, *, most: int = LONGEST_REASON) -> str:
    """Return what a person typed, without the space around it; raise Invalid where it is empty or too long."""
    words = text.strip()
    if not words or len(words) > most:
        raise Invalid(f"{what} is needed.", remedy=f"Write it in your own words, at most {most} characters.")
    return words


def _name(text: str, what: str, *, most: int) -> str:
    name = said(text, what, most=most)
    if not name.isprintable():
        raise Invalid(f"{what} holds characters that do not print.", remedy="Use letters, digits and signs.")
    return name


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
    user_id = _name(user_id, "A user id", most=LONGEST_USER_ID)
    if any(sign.isspace() for sign in user_id):
        raise Invalid("A user id holds no spaces.", remedy="Use letters, digits, dots and dashes.")
    printed_name = _name(printed_name, "A printed name", most=LONGEST_NAME)
    if account_named(conn, user_id) is not None:
        raise Conflict(f"The user id {user_id} was issued before.", remedy="User ids are never reissued: choose another.")
    if password is not None:
        check_password(password, user_id)
    account = Account(
        id=account_id,
        version=1,
        user_id=user_id,
        printed_name=printed_name,
        roles=tuple(roles),
        active=True,
        must_change_password=must_change_password and password is not None,
        password_hash="" if password is None else hash_password(password, cost),
        identity_verified=identity_verified,
    )
    _store(conn, account, None, action=Action.ACCOUNT_CREATED, by=by, at=at, zone=zone)
    tried = sign_in_attempts.c.folded == fold(user_id)
    if conn.scalar(select(sign_in_attempts.c.id).where(tried).limit(1)) is not None:  # under a user id that nobody had
        conn.execute(insert(sign_in_attempts).values(folded=fold(user_id), at=utc_text(at), succeeded=True))
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
    if not account.active:
        raise Conflict(f"The account {account.user_id} is not active any more.", remedy="Nothing was changed.")
    reason = said(reason, "A reason for deactivating an account")
    changed = change_account(
        conn, account, by=by, at=at, zone=zone, action=Action.ACCOUNT_DEACTIVATED, reason=reason, active=False
    )
    _end_sessions(conn, account, at)
    return changed


def _end_sessions(conn: Connection, account: Account, at: datetime, *, but: str = "") -> None:
    live = (sessions.c.account_id == account.id, sessions.c.ended_at.is_(None), sessions.c.id != but)
    conn.execute(update(sessions).where(*live).values(ended_at=utc_text(at)))


def verify_identity(conn: Connection, account: Account, *, on: str, how: str, by: Actor, at: datetime, zone: str) -> Account:
    """Record that `by` verified the person behind an account, on which day and how."""
    checked = verification(on, how, by=by, at=at)
    return change_account(conn, account, by=by, at=at, zone=zone, identity_verified=checked)


def verification(on: str, how: str, *, by: Actor, at: datetime) -> tuple[str, str, str]:
    """Return who verified an identity, on which day and how; a later day is Invalid."""
    if _day(on) > utc_text(at + timedelta(days=1))[:10]:  # a day further: the site's calendar may be ahead of UTC
        raise Invalid("The identity cannot be verified on a later day.", remedy="Give the day on which it was done.")
    return by.user_id, _day(on), said(how, "How the identity was verified")


def qualify(
    conn: Connection, account: Account, qualification: Qualification, *, by: Actor, at: datetime, zone: str
) -> Account:
    """Give an account a qualification."""
    basis = said(qualification.basis, "What the qualification rests on")
    if _day(qualification.valid_from) > _day(qualification.valid_until):
        raise Invalid("The qualification ends before it begins.", remedy="Give the first day, then the last.")
    if qualification in account.qualifications:
        raise Conflict(f"{account.printed_name} holds this qualification.", remedy="Nothing was changed.")
    held = (*account.qualifications, replace(qualification, basis=basis))
    return change_account(conn, account, by=by, at=at, zone=zone, action=Action.QUALIFIED, qualifications=held)


def end_qualification(
    conn: Connection, account: Account, qualification: Qualification, *, by: Actor, at: datetime, zone: str, reason: str
) -> Account:
    """Take a qualification back; what was signed under it stays signed, its versions stay readable."""
    if qualification not in account.qualifications:
        raise NotFound(f"{account.printed_name} holds no such qualification.", remedy="Load the page again.")
    kept = tuple(held for held in account.qualifications if held != qualification)
    reason = said(reason, "A reason for ending a qualification")
    return change_account(
        conn, account, by=by, at=at, zone=zone, action=Action.QUALIFICATION_ENDED, reason=reason, qualifications=kept
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        told = f"'{text[:20]}' is not a day." if text else "A day is missing."
        raise Invalid(told, remedy="Give it as YYYY-MM-DD.") from error


def set_password(
    conn: Connection,
    account: Account,
    password: str,
    *,
    by: Actor,
    at: datetime,
    zone: str,
    cost: KeyCost,
    reason: str | None = None,
) -> Account:
    """Set a password and end every other session: the owner's own is kept, one set by somebody else must be changed."""
    check_password(password, account.user_id)
    if matches(account.password_hash, password):
        raise Invalid("That is the present password.", remedy="Choose another.")
    changed = change_account(
        conn, account, by=by, at=at, zone=zone, action=Action.PASSWORD_CHANGED, reason=reason,
        password_hash=hash_password(password, cost), must_change_password=by.id != account.id,
    )  # fmt: skip
    _end_sessions(conn, account, at, but=by.session)
    return changed


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
        "must_change_password": account.must_change_password,
        "identity_verified": list(account.identity_verified) if account.identity_verified else None,
        "qualifications": [
            f"{q.section_kind}: {q.meaning} from {q.valid_from} until {q.valid_until}, on {q.basis}"
            for q in account.qualifications
        ],
    }


def required(conn: Connection, user_id: str) -> Account:
    """Return the account of a user id; raise NotFound where there is none."""
    account = account_named(conn, user_id)
    if account is None:
        raise NotFound(f"There is no account {user_id}.", remedy="`verascribe user list` shows them.")
    return account
