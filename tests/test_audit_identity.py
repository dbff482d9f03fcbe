"""Accounts and signatures: who may sign in, who may sign, and what a signature is bound to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from audit import enrolment, identity, sessions, signatures, trail
from audit.actions import Action
from audit.chain import Actor
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, LockedOut, NotPermitted, WrongCredentials
from audit.identity import Account, Role
from audit.passwords import CHEAPEST
from audit.signatures import Meaning
from audit.verify import State, verify_database

SETUP = Actor("setup", "setup", "Set-up", "service")
PASSWORD = "correct horse battery"
VERIFIED = ("admin", "2026-03-01", "passport seen")
NewId = Callable[[], str]


def person(database: Database, clock: FixedClock, new_id: NewId, user: str, *roles: str, verified: bool = True) -> Account:
    return database.write(
        lambda conn: identity.create_account(
            conn, account_id=new_id(), user_id=user, printed_name=user.title(), roles=roles or ("writer",), password=PASSWORD,
            by=SETUP, at=clock.now(), zone="UTC", cost=CHEAPEST, identity_verified=VERIFIED if verified else None,
            must_change_password=False,
        )
    )  # fmt: skip


def sign_in(database: Database, clock: FixedClock, new_id: NewId, user: str, password: str = PASSWORD) -> str:
    return sessions.sign_in(database, clock, new_id, user_id=user, password=password, zone="UTC")


def enrol(database: Database, clock: FixedClock, new_id: NewId, who: Account, by: signatures.SigningKey | None) -> None:
    database.write(
        lambda conn: enrolment.enrol_key(
            conn,
            key_id=new_id(),
            account=who,
            passphrase=PASSWORD,
            attested_by=by,
            at=clock.now(),
            zone="UTC",
            cost=CHEAPEST,
        )
    )


def release(database: Database, clock: FixedClock, who: Account, passphrase: str = PASSWORD) -> signatures.SigningKey:
    return signatures.release(database, clock, actor=who.actor(), user_id=who.user_id, passphrase=passphrase, zone="UTC")


def test_user_ids_are_unique_after_case_folding_and_never_reissued(
    database: Database, clock: FixedClock, new_id: NewId
) -> None:
    ann = person(database, clock, new_id, "Ann")
    database.write(lambda conn: identity.deactivate(conn, ann, by=SETUP, at=clock.now(), zone="UTC", reason="left"))
    with pytest.raises(Conflict, match="never reissued"):
        person(database, clock, new_id, "ANN")


def test_the_administrator_holds_no_other_role(database: Database, clock: FixedClock, new_id: NewId) -> None:
    with pytest.raises(Invalid, match="stands alone"):
        person(database, clock, new_id, "root", "administrator", "reviewer")
    with pytest.raises(Invalid, match="Unknown role"):
        person(database, clock, new_id, "root", "owner")


@pytest.mark.parametrize("password", ["short", "password1234", "a.user-id.long"])
def test_a_weak_password_is_refused(database: Database, clock: FixedClock, new_id: NewId, password: str) -> None:
    with pytest.raises(Invalid):
        database.write(
            lambda conn: identity.create_account(
                conn, account_id=new_id(), user_id="a.user-id.long", printed_name="A", roles=("writer",), password=password, by=SETUP,
                at=clock.now(), zone="UTC", cost=CHEAPEST,
            )
        )  # fmt: skip


def test_five_failures_lock_the_account_until_an_administrator_releases_it(
    database: Database, clock: FixedClock, new_id: NewId
) -> None:
    ann = person(database, clock, new_id, "ann")
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            sign_in(database, clock, new_id, "ann", "wrong passphrase")
    with pytest.raises(LockedOut):
        sign_in(database, clock, new_id, "ann")
    with database.read() as conn:
        assert len(trail.entries(conn, action="auth.failed")) == 6
        assert [e.action for e in trail.entries(conn, action="alarm")] == [Action.ALARM_RAISED]
    database.write(lambda conn: sessions.unlock(conn, ann, by=SETUP, at=clock.now(), zone="UTC", reason="identity checked"))
    assert sign_in(database, clock, new_id, "ann")


def test_a_lock_is_told_to_who_knows_the_password_and_confirms_no_guess_without_end(
    database: Database, clock: FixedClock, new_id: NewId
) -> None:
    person(database, clock, new_id, "ann")
    for tries in range(19):
        with pytest.raises(WrongCredentials) as wrong:
            sign_in(database, clock, new_id, "ann", "wrong passphrase")
        assert "locked after" not in str(wrong.value), tries
    with pytest.raises(LockedOut):
        sign_in(database, clock, new_id, "ann")
    with pytest.raises(WrongCredentials) as right:
        sign_in(database, clock, new_id, "ann")
    assert str(right.value) == str(wrong.value)


def test_an_unknown_user_is_logged_and_told_the_same_words(database: Database, clock: FixedClock, new_id: NewId) -> None:
    person(database, clock, new_id, "ann")
    with pytest.raises(WrongCredentials) as unknown:
        sign_in(database, clock, new_id, "nobody")
    with pytest.raises(WrongCredentials) as known:
        sign_in(database, clock, new_id, "ann", "wrong passphrase")
    assert str(unknown.value) == str(known.value)
    with database.read() as conn:
        assert [e.new for e in trail.entries(conn, user="nobody")] == [{"user_id": "nobody"}]


def test_failures_under_a_user_id_that_nobody_had_do_not_lock_the_account_made_later(
    database: Database, clock: FixedClock, new_id: NewId
) -> None:
    for _ in range(6):
        with pytest.raises(WrongCredentials):
            sign_in(database, clock, new_id, "Ann")
    person(database, clock, new_id, "ann")
    assert sign_in(database, clock, new_id, "ann")
    for _ in range(5):  # its own failures count as before
        with pytest.raises(WrongCredentials):
            sign_in(database, clock, new_id, "ann", "wrong passphrase")
    with pytest.raises(LockedOut):
        sign_in(database, clock, new_id, "ann")


def test_a_session_ends_by_idling_signing_out_and_deactivation(database: Database, clock: FixedClock, new_id: NewId) -> None:
    ann = person(database, clock, new_id, "ann")
    token = sign_in(database, clock, new_id, "ann")
    found = sessions.resolve(database, clock, token)
    assert found is not None
    assert found[1].session
    assert sessions.resolve(database, FixedClock(clock.now() + timedelta(hours=1)), token) is None
    sessions.sign_out(database, clock, token, zone="UTC")
    assert sessions.resolve(database, clock, token) is None
    other = sign_in(database, clock, new_id, "ann")
    database.write(lambda conn: identity.deactivate(conn, ann, by=SETUP, at=clock.now(), zone="UTC", reason="left"))
    assert sessions.resolve(database, clock, other) is None
    with database.read() as conn:
        assert token not in "".join(trail.bodies(conn))


def test_permission_follows_the_account_as_it_is_now(database: Database, clock: FixedClock, new_id: NewId) -> None:
    ann = person(database, clock, new_id, "ann")
    identity.permit(ann, Role.WRITER)
    with pytest.raises(NotPermitted, match="reviewer"):
        identity.permit(ann, Role.REVIEWER)


def test_a_key_needs_a_verified_identity_and_a_second_person(database: Database, clock: FixedClock, new_id: NewId) -> None:
    admin = person(database, clock, new_id, "admin", "administrator")
    ann = person(database, clock, new_id, "ann")
    stranger = person(database, clock, new_id, "stranger", verified=False)
    enrol(database, clock, new_id, admin, None)
    key = release(database, clock, admin)
    with pytest.raises(NotPermitted, match="second person"):
        enrol(database, clock, new_id, ann, None)
    with pytest.raises(NotPermitted, match="not verified"):
        enrol(database, clock, new_id, stranger, key)
    with pytest.raises(NotPermitted, match="own key"):
        enrol(database, clock, new_id, admin, key)
    enrol(database, clock, new_id, ann, key)
    assert release(database, clock, ann).account.user_id == "ann"
    with database.read() as conn:
        assert verify_database(conn).integrity is State.INTACT


def test_a_wrong_passphrase_signs_nothing_and_counts_to_the_lock_out(
    database: Database, clock: FixedClock, new_id: NewId
) -> None:
    admin = person(database, clock, new_id, "admin", "administrator")
    enrol(database, clock, new_id, admin, None)
    for _ in range(5):
        with pytest.raises(WrongCredentials, match="Nothing was signed"):
            release(database, clock, admin, "wrong passphrase")
    with pytest.raises(LockedOut):
        release(database, clock, admin)
    with database.read() as conn:
        assert len(trail.entries(conn, action="signature.failed")) == 6


def test_a_signature_is_bound_to_what_was_signed(database: Database, clock: FixedClock, new_id: NewId) -> None:
    admin = person(database, clock, new_id, "admin", "administrator")
    enrol(database, clock, new_id, admin, None)
    key = release(database, clock, admin)
    item = {
        "kind": "section",
        "id": "s1",
        "version": "1",
        "text_hash": "sha256:t",
        "evidence_hash": "sha256:e",
        "decisions_hash": "sha256:d",
    }
    made = database.write(
        lambda conn: signatures.sign(
            conn, signature_id=new_id(), key=key, meaning=Meaning.APPROVAL, report="r1", items=[item], config_fingerprint="sha256:c",
            qualification="demo", role="approver", session="", at=clock.now(), zone="UTC",
        )
    )  # fmt: skip
    assert signatures.check(made.public_key, made.payload, made.signature)
    assert not signatures.check(made.public_key, made.payload.replace("s1", "s2"), made.signature)
    assert "approval" in signatures.manifestation(made.tree())
    with database.read() as conn:
        assert verify_database(conn).integrity is State.INTACT
    off = (
        "DROP TRIGGER signatures_no_update"
        if database.dialect_name == "sqlite"
        else "ALTER TABLE signatures DISABLE TRIGGER ALL"
    )
    database.write(lambda conn: conn.execute(text(off)))
    database.write(lambda conn: conn.execute(text("UPDATE signatures SET payload = replace(payload, '\"s1\"', '\"s2\"')")))
    with database.read() as conn:
        found = {f.check for f in verify_database(conn).findings}
    assert found == {"signature"}
