"""Use cases of accounts, and the home's own marks: the service account, whether it is a demo."""

from sqlalchemy import Connection, insert, select

from audit import identity, signatures, trail
from audit.actions import Action
from audit.chain import Actor
from audit.identity import Account, Qualification, Role
from audit.signatures import SigningKey
from drafting import tables
from drafting.context import Context

SERVICE = "service"
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


def add_person(
    ctx: Context,
    *,
    user_id: str,
    printed_name: str,
    roles: tuple[str, ...],
    password: str,
    by: Account | None,
    verified: tuple[str, str, str] | None = None,
    must_change_password: bool = True,
) -> Account:
    """Create an account; only an administrator may, and the first account of a home is an administrator's."""
    if by is not None:
        identity.permit(by, Role.ADMINISTRATOR)
    actor = by.actor() if by else SETUP
    return ctx.database.write(
        lambda conn: identity.create_account(
            conn, account_id=ctx.new_id(), user_id=user_id, printed_name=printed_name, roles=roles, password=password, by=actor,
            at=ctx.clock.now(), zone=ctx.zone, cost=ctx.settings.key_cost, must_change_password=must_change_password,
            identity_verified=verified,
        )
    )  # fmt: skip


def enrol(ctx: Context, account: Account, *, passphrase: str, attested_by: SigningKey | None) -> None:
    """Give a person a signing key, attested by a second person."""
    ctx.database.write(
        lambda conn: signatures.enrol_key(
            conn, key_id=ctx.new_id(), account=account, passphrase=passphrase, attested_by=attested_by, at=ctx.clock.now(),
            zone=ctx.zone, cost=ctx.settings.key_cost,
        )
    )  # fmt: skip


def qualify(ctx: Context, account: Account, qualification: Qualification, *, by: Account) -> Account:
    """Give a person a qualification."""
    identity.permit(by, Role.ADMINISTRATOR)
    return ctx.database.write(
        lambda conn: identity.qualify(conn, account, qualification, by=by.actor(), at=ctx.clock.now(), zone=ctx.zone)
    )
