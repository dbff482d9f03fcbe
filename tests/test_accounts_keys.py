"""How a person comes to a signing key: asked for, attested by a second person, sealed anew, replaced."""

from pathlib import Path

import pytest
from alembic import command
from desk import PASSPHRASE, Desk, set_up
from sqlalchemy import Connection, insert, select, text
from staff import (
    NEW,
    OTHER,
    NewId,
    ask,
    attest,
    empty_home,
    release,
    second_administrator,
    settle,
    written,
)

from audit import enrolment, signatures
from audit.actions import Action
from audit.canonical import canonical
from audit.clock import FixedClock, utc_text
from audit.database import Database
from audit.errors import Invalid, NotFound, NotPermitted, Problem, WrongCredentials
from audit.identity import Account
from audit.passwords import CHEAPEST
from audit.tables import key_seals, signing_keys
from audit.verify import State, verify_database
from drafting import accounts, own_account
from drafting.migrations.runner import config, upgrade


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: NewId, tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def test_a_key_waits_until_the_administrator_who_verified_the_identity_attests_it(desk: Desk) -> None:
    ann = settle(desk)
    key_id = ask(desk, ann)
    with pytest.raises(NotPermitted, match="no signing key"):
        release(desk, ann, OTHER)
    bob = second_administrator(desk)
    bob_key = ask(desk, bob, "bob has his own words")
    attest(desk, bob, bob_key)
    with pytest.raises(NotPermitted, match="verified by admin, not by you"):
        accounts.attest_key(
            desk.ctx, ann.id, key_id, user_id="bob", passphrase="bob has his own words", actor=bob.actor()
        )  # fmt: skip
    attest(desk, ann, key_id)
    assert release(desk, ann, OTHER).key_id == key_id
    with pytest.raises(NotFound, match="does not wait"):
        attest(desk, ann, key_id)
    with desk.ctx.database.read() as conn:
        assert enrolment.keys_of(conn, ann.id)[0].attested_by == "admin"
        assert verify_database(conn).integrity is State.INTACT
    assert [e.actor.user_id for e in written(desk, Action.KEY_REQUESTED)][:1] == ["ann"]
    assert written(desk, Action.KEY_ENROLLED)[-1].actor.user_id == "admin"


def test_a_key_is_not_attested_for_an_unverified_person_or_with_a_wrong_passphrase(desk: Desk) -> None:
    ann = settle(desk, verified=False)
    key_id = ask(desk, ann)
    with pytest.raises(NotPermitted, match="not verified"):
        attest(desk, ann, key_id)
    accounts.verify_identity(desk.ctx, ann.id, on="2026-03-02", how="passport", actor=desk.actor("admin"))
    with pytest.raises(WrongCredentials):
        attest(desk, ann, key_id, passphrase="wrong words here")
    with pytest.raises(NotPermitted, match="no signing key"):
        release(desk, ann, OTHER)
    attest(desk, ann, key_id)
    assert release(desk, ann, OTHER).account.user_id == "ann"


def test_nobody_attests_the_own_key(desk: Desk) -> None:
    admin = desk.people["admin"]
    key_id = ask(desk, admin)
    with pytest.raises(NotPermitted, match="own account"):
        attest(desk, admin, key_id)


def test_a_refused_or_replaced_request_cannot_be_attested(desk: Desk) -> None:
    ann = settle(desk)
    first = ask(desk, ann)
    second = ask(desk, ann, "a third set of words")
    with pytest.raises(NotFound):
        attest(desk, ann, first)
    with pytest.raises(Invalid, match="reason"):
        accounts.refuse_key(desk.ctx, ann.id, second, reason="", actor=desk.actor("admin"))
    accounts.refuse_key(desk.ctx, ann.id, second, reason="another fingerprint", actor=desk.actor("admin"))
    with pytest.raises(NotFound):
        attest(desk, ann, second)
    assert written(desk, Action.KEY_REFUSED)[-1].reason == "another fingerprint"
    assert _seals(desk, ann) == []


def test_a_lost_passphrase_means_a_new_key_and_the_old_one_signs_no_more(desk: Desk) -> None:
    writer = desk.people["writer"]
    old = release(desk, writer, PASSPHRASE)
    key_id = ask(desk, writer)
    assert release(desk, writer, PASSPHRASE).key_id == old.key_id  # until the new one is attested
    attest(desk, writer, key_id)
    assert release(desk, writer, OTHER).key_id == key_id
    with pytest.raises(WrongCredentials):
        release(desk, writer, PASSPHRASE)
    with desk.ctx.database.read() as conn:
        new, before = enrolment.keys_of(conn, writer.id)
        assert (new.until, before.until) == ("", new.at)
        assert verify_database(conn).integrity is State.INTACT
    assert _seals(desk, writer) == [key_id]


def _seals(desk: Desk, account: Account) -> list[str]:
    with desk.ctx.database.read() as conn:
        return list(conn.scalars(select(key_seals.c.key_id).where(key_seals.c.account_id == account.id)))


def test_a_new_passphrase_seals_the_same_key_and_the_old_one_opens_nothing(desk: Desk) -> None:
    writer = desk.people["writer"]
    old = release(desk, writer, PASSPHRASE)
    own_account.change_passphrase(
        desk.ctx, user_id="writer", current=PASSPHRASE, new=OTHER, again=OTHER, actor=writer.actor()
    )  # fmt: skip
    new = release(desk, writer, OTHER)
    assert (new.key_id, new.sign("x")) == (old.key_id, old.sign("x"))
    with pytest.raises(WrongCredentials):
        release(desk, writer, PASSPHRASE)
    assert written(desk, Action.PASSPHRASE_CHANGED)[-1].new == {"key_id": old.key_id}


@pytest.mark.parametrize(
    ("current", "new", "again", "says"),
    [
        ("wrong words here", OTHER, OTHER, "wrong"),
        (PASSPHRASE, OTHER, NEW, "twice"),
        (PASSPHRASE, "short", "short", "signing passphrase is too short"),
        (PASSPHRASE, PASSPHRASE, PASSPHRASE, "present passphrase"),
    ],
)
def test_a_passphrase_that_breaks_the_rules_changes_nothing(
    desk: Desk, current: str, new: str, again: str, says: str
) -> None:
    writer = desk.people["writer"]
    with pytest.raises(Problem, match=says):
        own_account.change_passphrase(
            desk.ctx, user_id="writer", current=current, new=new, again=again, actor=writer.actor()
        )  # fmt: skip
    assert release(desk, writer, PASSPHRASE).account.user_id == "writer"


def test_a_signing_passphrase_is_not_the_password_and_only_signers_have_a_key(desk: Desk) -> None:
    ann = settle(desk)
    with pytest.raises(Invalid, match="your password"):
        own_account.ask_for_key(desk.ctx, passphrase=NEW, again=NEW, actor=ann.actor())
    for role in ("auditor", "training_lead"):
        other = settle(desk, f"a.{role}", role)
        with pytest.raises(NotPermitted):
            own_account.ask_for_key(desk.ctx, passphrase=OTHER, again=OTHER, actor=other.actor())


def test_a_swapped_seal_releases_nothing(desk: Desk) -> None:
    """Whoever owns the database may seal a key of their own for another; it is not the enrolled one."""
    writer = desk.people["writer"]
    forged = enrolment.make_key(writer, key_id="k-forged", passphrase=OTHER, cost=CHEAPEST)
    desk.ctx.database.write(
        lambda conn: conn.execute(key_seals.update().where(key_seals.c.key_id == "k-writer").values(sealed=forged.sealed))
    )
    with pytest.raises(Problem, match="not the enrolled one"):
        release(desk, writer, OTHER)


def test_a_key_that_was_put_into_the_database_is_found(desk: Desk) -> None:
    """Whoever owns the database may write a key that attests itself; no entry vouches for it."""
    writer = desk.people["writer"]
    forged = enrolment.make_key(writer, key_id="k-forged", passphrase=OTHER, cost=CHEAPEST)
    private = signatures.Ed25519PrivateKey.generate()
    public = signatures.encoded(private.public_key().public_bytes_raw())
    told = canonical({"key_id": "k-forged", "public_key": public, "attested_by": "admin"})
    row = {
        "key_id": forged.key_id, "account_id": writer.id, "public_key": public, "enrolled_at": "2026-03-03T00:00:00.000000Z",
        "enrolment": told, "attested_by_key": "k-forged", "attestation": signatures.encoded(private.sign(told.encode())),
    }  # fmt: skip
    desk.ctx.database.write(lambda conn: conn.execute(insert(signing_keys).values(row)))
    with desk.ctx.database.read() as conn:
        found = verify_database(conn).findings
    assert [(f.check, f.message) for f in found] == [("key", "the enrolment of key k-forged has no entry")]


def test_the_first_administrator_attests_the_own_key_and_nobody_after(
    database: Database, clock: FixedClock, new_id: NewId, tmp_path: Path
) -> None:
    ctx = empty_home(database, clock, new_id, tmp_path)
    root = accounts.add_person(
        ctx, user_id="root", printed_name="Root", roles=("administrator",), password=PASSPHRASE, actor=None,
        verified=("2026-03-01", "set-up of the home"),
    )  # fmt: skip
    own_account.change_password(ctx, current=PASSPHRASE, new=NEW, again=NEW, actor=root.actor())
    assert own_account.ask_for_key(ctx, passphrase=OTHER, again=OTHER, actor=root.actor()) is True
    assert own_account.ask_for_key(ctx, passphrase=OTHER, again=OTHER, actor=root.actor()) is False
    with ctx.database.read() as conn:
        assert [k.attested_by for k in enrolment.keys_of(conn, root.id)] == ["self (first key of this home)"]
        assert verify_database(conn).integrity is State.INTACT


def test_a_key_of_the_first_release_still_signs(
    empty_database: Database, clock: FixedClock, new_id: NewId, tmp_path: Path
) -> None:
    settings = config()

    def as_it_was(conn: Connection) -> None:
        settings.attributes["connection"] = conn
        command.upgrade(settings, "0001")

    empty_database.write(as_it_was)
    ctx = empty_home(empty_database, clock, new_id, tmp_path)
    root = accounts.add_person(
        ctx, user_id="root", printed_name="Root", roles=("administrator",), password=PASSPHRASE, actor=None,
        verified=("2026-03-01", "set-up of the home"), must_change_password=False,
    )  # fmt: skip
    key = enrolment.make_key(root, key_id="k1", passphrase=OTHER, cost=CHEAPEST)
    stored = {
        "key_id": "k1", "account_id": root.id, "public_key": key.public_key, "sealed": key.sealed,
        "enrolled_at": utc_text(clock.now()), "enrolment": canonical({"public_key": key.public_key, "attested_by": "self"}),
        "attested_by_key": "k1", "attestation": "x",
    }  # fmt: skip
    names = ", ".join(stored)
    values = ", ".join(f":{name}" for name in stored)
    empty_database.write(
        lambda conn: conn.execute(text(f"INSERT INTO signing_keys ({names}) VALUES ({values})"), stored)  # noqa: S608
    )
    upgrade(empty_database)
    released = signatures.release(empty_database, clock, actor=root.actor(), user_id="root", passphrase=OTHER, zone="UTC")
    assert signatures.check(key.public_key, "text", released.sign("text"))
    with pytest.raises(Problem, match="append-only"):
        empty_database.write(lambda conn: conn.execute(text("UPDATE signing_keys SET account_id = 'other'")))
    with pytest.raises(Problem):
        empty_database.write(lambda conn: conn.execute(insert(key_seals).values(key_id="k1", account_id="x", sealed="y")))
