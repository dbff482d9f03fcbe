"""People who join a desk: hired with a first password, settled with their own, asking for keys."""

from collections.abc import Callable
from pathlib import Path

from desk import PASSPHRASE, Desk

from audit import enrolment, identity, sessions, signatures, trail
from audit.actions import Action
from audit.chain import Actor
from audit.clock import FixedClock
from audit.database import Database
from audit.identity import Account
from audit.passwords import CHEAPEST
from corpus.profiles import ProfileSet
from drafting import accounts, own_account
from drafting.context import Context, Settings
from drafting.drafters.deterministic import DeterministicDrafter

NEW, OTHER = "seven grey geese fly", "quiet rivers bend slowly"
NewId = Callable[[], str]


def hire(desk: Desk, user: str = "ann", role: str = "writer", *, verified: bool = True) -> Account:
    """Create an account with the first password PASSPHRASE."""
    return accounts.add_person(
        desk.ctx, user_id=user, printed_name=user.title(), roles=(role,), password=PASSPHRASE, actor=desk.actor("admin"),
        verified=("2026-03-01", "passport seen") if verified else None,
    )  # fmt: skip


def settle(desk: Desk, user: str = "ann", role: str = "writer", *, verified: bool = True) -> Account:
    """Create an account and have its owner change the first password to NEW."""
    account = hire(desk, user, role, verified=verified)
    own_account.change_password(desk.ctx, current=PASSPHRASE, new=NEW, again=NEW, actor=account.actor())
    return now(desk, account)


def now(desk: Desk, account: Account) -> Account:
    with desk.ctx.database.read() as conn:
        found = identity.account_by_id(conn, account.id)
    assert found is not None
    return found


def sign_in(desk: Desk, user: str, password: str) -> str:
    return sessions.sign_in(desk.ctx.database, desk.ctx.clock, desk.ctx.new_id, user_id=user, password=password, zone="UTC")


def resolve(desk: Desk, token: str, *, first: bool = False) -> tuple[Account, Actor] | None:
    return sessions.resolve(desk.ctx.database, desk.ctx.clock, token, first_password=first)


def written(desk: Desk, action: Action) -> list[trail.Entry]:
    with desk.ctx.database.read() as conn:
        return trail.entries(conn, action=str(action))


def ask(desk: Desk, account: Account, passphrase: str = OTHER) -> str:
    assert own_account.ask_for_key(desk.ctx, passphrase=passphrase, again=passphrase, actor=account.actor()) is False
    with desk.ctx.database.read() as conn:
        return enrolment.requests(conn)[account.id].key_id


def attest(desk: Desk, account: Account, key_id: str, by: str = "admin", passphrase: str = PASSPHRASE) -> None:
    accounts.attest_key(desk.ctx, account.id, key_id, user_id=by, passphrase=passphrase, actor=desk.actor(by))


def release(desk: Desk, account: Account, passphrase: str) -> signatures.SigningKey:
    return signatures.release(
        desk.ctx.database, desk.ctx.clock, actor=account.actor(), user_id=account.user_id, passphrase=passphrase, zone="UTC"
    )


def second_administrator(desk: Desk) -> Account:
    return settle(desk, "bob", "administrator")


def count(desk: Desk) -> int:
    with desk.ctx.database.read() as conn:
        return trail.count(conn)


def empty_home(database: Database, clock: FixedClock, new_id: NewId, tmp_path: Path) -> Context:
    settings = Settings(home=tmp_path, database_url="", key_cost=CHEAPEST)
    return Context(database, clock, new_id, DeterministicDrafter(), ProfileSet(()), {}, settings)
