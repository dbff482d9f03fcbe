"""Use cases of accounts, and the home's own marks: the service account, whether it is a demo.

Each reads the acting administrator anew inside its write. What people do to their own account stands in `drafting.own_account`.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection, insert, select

from audit import enrolment, identity, sessions, signatures, trail
from audit.actions import Action
from audit.chain import Actor
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from audit.identity import Account, Qualification, Role
from audit.signatures import Meaning, SigningKey
from drafting import tables
from drafting.context import Context

T = TypeVar("T")


class State(StrEnum):
    """What stands between an account and its use."""

    ACTIVE = "active"
    LOCKED = "locked"
    FIRST_PASSWORD = "first password"  # noqa: S105 - a state, not a secret
    DEACTIVATED = "deactivated"


SERVICE = "service"
CERTIFICATE = "oversight qualification"  # begins what a certificate of a qualification run rests on
ON_THE_MACHINE = "released on the machine itself"
SETUP = Actor("setup", "setup", "Set-up of this home", "service")


def mark(conn: Connection, key: str) -> str | None:
    """Return a mark of the home."""
    return conn.scalar(select(tables.home.c.value).where(tables.home.c.key == key))


def is_demo(conn: Connection) -> bool:
    """Tell whether this is a demo home; it stays one for ever."""
    return mark(conn, "demo") == "yes"


def set_mark(conn: Connection, ctx: Context, key: str, value: str) -> None:
    """Mark the home once."""
    conn.execute(insert(tables.home).values(key=key, value=value))
    trail.append(
        conn,
        at=ctx.clock.now(),
        zone=ctx.zone,
        actor=SETUP,
        action=Action.HOME_CREATED,
        object_kind="home",
        object_id=key,
        new=value,
    )


def service_account(ctx: Context) -> Account:
    """Return the home's service account, made at first use; it may import, draft, check and export, never decide or sign."""

    def work(conn: Connection) -> Account:
        found = identity.account_named(conn, SERVICE)
        return found or identity.create_account(
            conn, account_id=ctx.new_id(), user_id=SERVICE, printed_name="Service account", roles=(Role.SERVICE,), password=None,
            by=SETUP, at=ctx.clock.now(), zone=ctx.zone, cost=ctx.settings.key_cost,
        )  # fmt: skip

    with ctx.database.read() as conn:
        found = identity.account_named(conn, SERVICE)
    return found or ctx.database.write(work)


def administrator(conn: Connection, actor: Actor, about: Account | None = None) -> Account:
    """Return the acting administrator as they are now; nobody administers the own account."""
    account = identity.check_usable(identity.account_by_id(conn, actor.id))
    identity.permit(account, Role.ADMINISTRATOR)
    if about is not None and about.id == account.id:
        raise NotPermitted("Nobody administers their own account.", remedy="Another administrator does it.")
    return account


def _administer(ctx: Context, account_id: str, actor: Actor, work: Callable[[Connection, Account, datetime], T]) -> T:
    def write(conn: Connection) -> T:
        account = identity.account_by_id(conn, account_id)
        administrator(conn, actor, account)
        if account is None or account.user_id == SERVICE:
            raise NotFound("There is no such account of a person.", remedy="Load the page again.")
        return work(conn, account, ctx.clock.now())

    return ctx.database.write(write)


def add_person(
    ctx: Context,
    *,
    user_id: str,
    printed_name: str,
    roles: tuple[str, ...],
    password: str,
    actor: Actor | None,
    verified: tuple[str, str] | None = None,
    must_change_password: bool = True,
) -> Account:
    """Create an account; only an administrator may, and the first account of a home (`actor=None`) is an administrator's.

    `verified` is on which day and how the actor verified the person's identity.
    """
    if Role.SERVICE in roles:
        raise Invalid("The service account is the home's own.", remedy="Choose a person's role.")

    def work(conn: Connection) -> Account:
        at = ctx.clock.now()
        if actor is not None:
            administrator(conn, actor)
        elif people(conn):
            raise NotPermitted("This home has accounts.", remedy="An administrator creates the next one.")
        elif tuple(roles) != (str(Role.ADMINISTRATOR),):
            raise NotPermitted("The first account of a home is an administrator's.", remedy="Use the role administrator.")
        by = actor or SETUP
        checked = identity.verification(*verified, by=by, at=at) if verified else None
        return identity.create_account(
            conn, account_id=ctx.new_id(), user_id=user_id, printed_name=printed_name, roles=roles, password=password, by=by,
            at=at, zone=ctx.zone, cost=ctx.settings.key_cost, must_change_password=must_change_password,
            identity_verified=checked,
        )  # fmt: skip

    return ctx.database.write(work)


def people(conn: Connection) -> list[Account]:
    """Return the accounts of persons: all but the home's service account."""
    return [account for account in identity.accounts(conn) if account.user_id != SERVICE]


def states(conn: Connection) -> dict[str, State]:
    """Return the state of every account by its id."""
    return {account.id: _state(conn, account) for account in identity.accounts(conn)}


def _state(conn: Connection, account: Account) -> State:
    if not account.active:
        return State.DEACTIVATED
    if sessions.is_locked(conn, account.user_id):
        return State.LOCKED
    return State.FIRST_PASSWORD if account.must_change_password else State.ACTIVE


def change_roles(ctx: Context, account_id: str, roles: tuple[str, ...], *, reason: str, actor: Actor) -> Account:
    """Give an account other roles."""
    if Role.SERVICE in roles:
        raise Invalid("The service account is the home's own.", remedy="Choose a person's role.")

    def work(conn: Connection, account: Account, at: datetime) -> Account:
        if set(roles) == set(account.roles):
            raise Invalid("The roles were not changed.", remedy="Choose other roles.")
        why = identity.said(reason, "A reason for the change")
        return identity.change_account(conn, account, by=actor, at=at, zone=ctx.zone, reason=why, roles=tuple(roles))

    return _administer(ctx, account_id, actor, work)


def deactivate(ctx: Context, account_id: str, *, reason: str, actor: Actor) -> Account:
    """Deactivate an account for good; its user id is never issued again."""
    return _administer(
        ctx, account_id, actor,
        lambda conn, account, at: identity.deactivate(conn, account, by=actor, at=at, zone=ctx.zone, reason=reason),
    )  # fmt: skip


def verify_identity(ctx: Context, account_id: str, *, on: str, how: str, actor: Actor) -> Account:
    """Record that the acting administrator verified the person behind an account."""
    return _administer(
        ctx, account_id, actor,
        lambda conn, account, at: identity.verify_identity(conn, account, on=on, how=how, by=actor, at=at, zone=ctx.zone),
    )  # fmt: skip


def qualify(ctx: Context, account_id: str, qualification: Qualification, *, actor: Actor) -> Account:
    """Give a person a qualification."""
    sections = {"*"} | {section.key for outline in ctx.outlines.values() for section in outline.sections}
    if qualification.section_kind not in sections:
        raise Invalid(
            f"There is no section {qualification.section_kind[:60]}.", remedy="Give a section's key, or * for all."
        )
    if qualification.meaning not in set(Meaning):
        raise Invalid(
            f"'{qualification.meaning[:60]}' is no meaning of a signature.", remedy=f"One of {', '.join(Meaning)}."
        )
    if " ".join(qualification.basis.casefold().split()).startswith(CERTIFICATE):
        raise NotPermitted(
            "A certificate of a qualification run is given by the training lead, on the run.",
            remedy="Write what else the qualification rests on.",
        )
    return _administer(
        ctx, account_id, actor,
        lambda conn, account, at: identity.qualify(conn, account, qualification, by=actor, at=at, zone=ctx.zone),
    )  # fmt: skip


def end_qualification(ctx: Context, account_id: str, qualification: Qualification, *, reason: str, actor: Actor) -> Account:
    """Take a qualification back."""
    return _administer(
        ctx, account_id, actor,
        lambda conn, account, at: identity.end_qualification(
            conn, account, qualification, by=actor, at=at, zone=ctx.zone, reason=reason
        ),
    )  # fmt: skip


def reset_password(ctx: Context, account_id: str, *, password: str, reason: str, actor: Actor) -> Account:
    """Set a first password, which its owner must change, and release the account where it is locked."""

    def work(conn: Connection, account: Account, at: datetime) -> Account:
        why = identity.said(reason, "A reason for the reset")
        if not account.active:
            raise Conflict(f"The account {account.user_id} is not active any more.", remedy="Nothing was changed.")
        if sessions.is_locked(conn, account.user_id):
            sessions.unlock(conn, account, by=actor, at=at, zone=ctx.zone, reason=why)
        return identity.set_password(
            conn, account, password, by=actor, at=at, zone=ctx.zone, cost=ctx.settings.key_cost, reason=why
        )

    return _administer(ctx, account_id, actor, work)


def release_lock(ctx: Context, account_id: str, *, reason: str, actor: Actor) -> None:
    """Release a locked account; its password stays."""
    return _administer(
        ctx, account_id, actor,
        lambda conn, account, at: sessions.unlock(conn, account, by=actor, at=at, zone=ctx.zone, reason=reason),
    )  # fmt: skip


def release_on_machine(ctx: Context, user_id: str) -> None:
    """Release the locked account of an administrator from the machine itself, where no other administrator is left who could.

    Without it five wrong passwords from anybody shut the only administrator out for good. The lock-out's alarm stays open.
    """
    by = service_account(ctx).actor()

    def work(conn: Connection) -> None:
        account = identity.required(conn, user_id)
        if Role.ADMINISTRATOR not in account.roles or not account.active:
            raise NotPermitted(
                "Only an administrator's account is released on the machine itself.",
                remedy="An administrator releases this one: give --user and --reason.",
            )
        for other in people(conn):
            if other.id != account.id and other.has(Role.ADMINISTRATOR) and not sessions.is_locked(conn, other.user_id):
                raise NotPermitted(
                    f"{other.printed_name} is an administrator and can release it.", remedy="Give --user and --reason."
                )
        sessions.unlock(conn, account, by=by, at=ctx.clock.now(), zone=ctx.zone, reason=ON_THE_MACHINE)

    ctx.database.write(work)


def attest_key(ctx: Context, account_id: str, key_id: str, *, user_id: str, passphrase: str, actor: Actor) -> None:
    """Enrol the key that a person asked for: the administrator who verified their identity signs that with the own key."""
    with ctx.database.read() as conn:
        administrator(conn, actor, identity.account_by_id(conn, account_id))
    key = signatures.release(ctx.database, ctx.clock, actor=actor, user_id=user_id, passphrase=passphrase, zone=ctx.zone)
    return _administer(
        ctx, account_id, actor,
        lambda conn, account, at: enrolment.attest(
            conn, account, key_id, attested_by=key, by=actor, at=at, zone=ctx.zone
        ),
    )  # fmt: skip


def refuse_key(ctx: Context, account_id: str, key_id: str, *, reason: str, actor: Actor) -> None:
    """Refuse the key that a person asked for."""
    return _administer(
        ctx, account_id, actor,
        lambda conn, account, at: enrolment.refuse_request(
            conn, account, key_id, by=actor, at=at, zone=ctx.zone, reason=reason
        ),
    )  # fmt: skip


def enrol(ctx: Context, account: Account, *, passphrase: str, attested_by: SigningKey | None) -> None:
    """Make and enrol a key in one act, where the attesting person is present: set-up of a home."""
    ctx.database.write(
        lambda conn: enrolment.enrol_key(
            conn, key_id=ctx.new_id(), account=account, passphrase=passphrase, attested_by=attested_by, at=ctx.clock.now(),
            zone=ctx.zone, cost=ctx.settings.key_cost,
        )
    )  # fmt: skip
