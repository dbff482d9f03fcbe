"""Accounts in use: first passwords, and administration by administrators only, each act one write with one entry."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import PASSPHRASE, Desk, set_up
from staff import (
    NEW,
    OTHER,
    NewId,
    ask,
    count,
    hire,
    now,
    release,
    resolve,
    second_administrator,
    settle,
    sign_in,
    written,
)

from audit import alarms, enrolment, identity
from audit.actions import Action
from audit.alarms import Alarm
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, LockedOut, NotFound, NotPermitted, Problem, WrongCredentials
from audit.identity import Qualification
from audit.passwords import first_password
from audit.verify import State, verify_database
from drafting import accounts, own_account
from drafting.alarms import acknowledge, verify_trail
from drafting.generate import draft_report


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: NewId, tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def test_a_first_password_opens_nothing_but_its_own_change(desk: Desk) -> None:
    ann = hire(desk)
    token = sign_in(desk, "ann", PASSPHRASE)
    assert resolve(desk, token) is None
    waiting = resolve(desk, token, first=True)
    assert waiting is not None
    actor = waiting[1]
    refused: tuple[Callable[[], object], ...] = (
        lambda: draft_report(
            desk.ctx, kind="apr_us", product="17", period_from="2025-01-01", period_to="2025-12-31", actor=actor
        ),
        lambda: own_account.ask_for_key(desk.ctx, passphrase=OTHER, again=OTHER, actor=actor),
        lambda: verify_trail(desk.ctx, actor=actor),
        lambda: release(desk, ann, PASSPHRASE),
        lambda: identity.permit(ann, identity.Role.WRITER),
    )
    for act in refused:
        with pytest.raises(NotPermitted, match="first password"):
            act()
    own_account.change_password(desk.ctx, current=PASSPHRASE, new=NEW, again=NEW, actor=actor)
    assert resolve(desk, token) is not None
    changed = written(desk, Action.PASSWORD_CHANGED)[-1]
    assert changed.actor.user_id == "ann"
    assert (changed.old["must_change_password"], changed.new["must_change_password"]) == (True, False)
    assert NEW not in changed.text()


@pytest.mark.parametrize(
    ("current", "new", "again", "says"),
    [
        (PASSPHRASE, NEW, OTHER, "twice"),
        (PASSPHRASE, "short", "short", "too short"),
        (PASSPHRASE, "letmein12345", "letmein12345", "too easy"),
        (PASSPHRASE, "x" * 501, "x" * 501, "too long"),
        (PASSPHRASE, PASSPHRASE, PASSPHRASE, "present password"),
        ("wrong words here", NEW, NEW, "present password is wrong"),
    ],
)
def test_a_password_that_breaks_the_rules_changes_nothing(desk: Desk, current: str, new: str, again: str, says: str) -> None:
    ann = hire(desk)
    with pytest.raises(Problem, match=says):
        own_account.change_password(desk.ctx, current=current, new=new, again=again, actor=ann.actor())
    assert now(desk, ann) == ann
    assert len(written(desk, Action.SIGN_IN_FAILED)) == (1 if current != PASSPHRASE else 0)


def test_a_wrong_present_password_counts_to_the_lock_out(desk: Desk) -> None:
    ann = hire(desk)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            own_account.change_password(desk.ctx, current="wrong words here", new=NEW, again=NEW, actor=ann.actor())
    with pytest.raises(LockedOut):
        own_account.change_password(desk.ctx, current=PASSPHRASE, new=NEW, again=NEW, actor=ann.actor())


def test_changing_the_password_ends_the_other_sessions_only(desk: Desk) -> None:
    settle(desk)
    here, there = sign_in(desk, "ann", NEW), sign_in(desk, "ann", NEW)
    found = resolve(desk, here)
    assert found is not None
    own_account.change_password(desk.ctx, current=NEW, new=OTHER, again=OTHER, actor=found[1])
    assert resolve(desk, here) is not None
    assert resolve(desk, there) is None


def test_a_reset_ends_the_sessions_releases_the_lock_and_must_be_changed(desk: Desk) -> None:
    ann = settle(desk)
    token = sign_in(desk, "ann", NEW)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            sign_in(desk, "ann", "wrong words here")
    given = first_password()
    accounts.reset_password(desk.ctx, ann.id, password=given, reason="forgotten", actor=desk.actor("admin"))
    assert resolve(desk, token, first=True) is None
    again = sign_in(desk, "ann", given)
    assert resolve(desk, again) is None
    assert written(desk, Action.PASSWORD_CHANGED)[-1].reason == "forgotten"
    assert len(written(desk, Action.UNLOCKED)) == 1


def test_first_passwords_are_long_and_differ() -> None:
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(p) == 24 and p.count("-") == 4 for p in made)


TARGET = "a-unqualified"
GIVEN = Qualification("*", "review", "2026-01-01", "2026-12-31", "training 7")
ACTS: dict[str, Callable[[Desk, str], object]] = {
    "create": lambda d, by: accounts.add_person(
        d.ctx, user_id="new", printed_name="New", roles=("writer",), password=PASSPHRASE, actor=d.actor(by)
    ),
    "deactivate": lambda d, by: accounts.deactivate(d.ctx, TARGET, reason="left", actor=d.actor(by)),
    "roles": lambda d, by: accounts.change_roles(d.ctx, TARGET, ("reviewer",), reason="moved", actor=d.actor(by)),
    "identity": lambda d, by: accounts.verify_identity(d.ctx, TARGET, on="2026-03-01", how="passport", actor=d.actor(by)),
    "qualify": lambda d, by: accounts.qualify(d.ctx, TARGET, GIVEN, actor=d.actor(by)),
    "end qualification": lambda d, by: accounts.end_qualification(
        d.ctx, "a-writer", d.people["writer"].qualifications[0], reason="lapsed", actor=d.actor(by)
    ),
    "reset": lambda d, by: accounts.reset_password(d.ctx, TARGET, password=NEW, reason="forgotten", actor=d.actor(by)),
    "release": lambda d, by: accounts.release_lock(d.ctx, "a-reviewer", reason="called", actor=d.actor(by)),
    "attest": lambda d, by: accounts.attest_key(
        d.ctx, TARGET, _waiting(d), user_id=by, passphrase=PASSPHRASE, actor=d.actor(by)
    ),
    "refuse key": lambda d, by: accounts.refuse_key(d.ctx, TARGET, _waiting(d), reason="unknown", actor=d.actor(by)),
    "acknowledge": lambda d, by: acknowledge(d.ctx, _alarm(d), comment="looked into", actor=d.actor(by)),
}


def _waiting(desk: Desk) -> str:
    with desk.ctx.database.read() as conn:
        return enrolment.requests(conn)[TARGET].key_id


def _alarm(desk: Desk) -> str:
    with desk.ctx.database.read() as conn:
        return next(a.entry.id for a in alarms.raised(conn) if a.kind is Alarm.LOCK_OUT)


def _prepare(desk: Desk) -> None:
    ask(desk, desk.people["unqualified"])
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            sign_in(desk, "reviewer", "wrong words here")


def test_only_an_administrator_administers_and_each_act_is_one_write_with_one_entry(desk: Desk) -> None:
    _prepare(desk)
    for name, act in ACTS.items():
        before = count(desk)
        for by in ("writer", "reviewer", "approver", "auditor", "many", "unqualified"):
            with pytest.raises(NotPermitted, match="role administrator"):
                act(desk, by)
        assert count(desk) == before, name
    order = [n for n in ACTS if n not in ("refuse key", "deactivate")]
    for name in (*order, "deactivate"):
        before = count(desk)
        ACTS[name](desk, "admin")
        assert count(desk) == before + 1, name
    with desk.ctx.database.read() as conn:
        assert verify_database(conn).integrity is State.INTACT


OWN: dict[str, Callable[[Desk], object]] = {
    "deactivate": lambda d: accounts.deactivate(d.ctx, "a-admin", reason="x", actor=d.actor("admin")),
    "roles": lambda d: accounts.change_roles(d.ctx, "a-admin", ("writer",), reason="x", actor=d.actor("admin")),
    "identity": lambda d: accounts.verify_identity(d.ctx, "a-admin", on="2026-03-01", how="x", actor=d.actor("admin")),
    "qualify": lambda d: accounts.qualify(d.ctx, "a-admin", GIVEN, actor=d.actor("admin")),
    "reset": lambda d: accounts.reset_password(d.ctx, "a-admin", password=NEW, reason="x", actor=d.actor("admin")),
    "release": lambda d: accounts.release_lock(d.ctx, "a-admin", reason="x", actor=d.actor("admin")),
}


@pytest.mark.parametrize("name", OWN)
def test_nobody_administers_the_own_account(desk: Desk, name: str) -> None:
    before = count(desk)
    with pytest.raises(NotPermitted, match="own account"):
        OWN[name](desk)
    assert count(desk) == before


def test_an_administrator_who_is_deactivated_or_changed_role_loses_the_right_at_once(desk: Desk) -> None:
    bob = second_administrator(desk)
    accounts.change_roles(desk.ctx, bob.id, ("writer",), reason="moved", actor=desk.actor("admin"))
    with pytest.raises(NotPermitted, match="role administrator"):
        accounts.deactivate(desk.ctx, "a-writer", reason="x", actor=bob.actor())
    accounts.deactivate(desk.ctx, bob.id, reason="left", actor=desk.actor("admin"))
    with pytest.raises(NotPermitted, match="not active"):
        accounts.deactivate(desk.ctx, "a-writer", reason="x", actor=bob.actor())


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda d: accounts.deactivate(d.ctx, "a-writer", reason="  ", actor=d.actor("admin")), "reason"),
        (lambda d: accounts.deactivate(d.ctx, "a-writer", reason="x" * 2001, actor=d.actor("admin")), "2000"),
        (lambda d: accounts.deactivate(d.ctx, "nobody", reason="x", actor=d.actor("admin")), "no such account"),
        (lambda d: accounts.change_roles(d.ctx, "a-writer", ("writer",), reason="x", actor=d.actor("admin")), "not changed"),
        (lambda d: accounts.change_roles(d.ctx, "a-writer", (), reason="x", actor=d.actor("admin")), "Unknown role"),
        (lambda d: accounts.change_roles(d.ctx, "a-writer", ("service",), reason="x", actor=d.actor("admin")), "home's own"),
        (
            lambda d: accounts.change_roles(
                d.ctx, "a-writer", ("administrator", "writer"), reason="x", actor=d.actor("admin")
            ),
            "stands alone",
        ),
        (lambda d: accounts.release_lock(d.ctx, "a-writer", reason="x", actor=d.actor("admin")), "not locked"),
        (
            lambda d: accounts.verify_identity(d.ctx, "a-writer", on="2027-01-01", how="x", actor=d.actor("admin")),
            "later day",
        ),
        (lambda d: accounts.verify_identity(d.ctx, "a-writer", on="", how="x", actor=d.actor("admin")), "day is missing"),
        (lambda d: accounts.verify_identity(d.ctx, "a-writer", on="2026-03-01", how="", actor=d.actor("admin")), "How the"),
    ],
)
def test_an_incomplete_act_is_refused(desk: Desk, act: Callable[[Desk], object], says: str) -> None:
    before = count(desk)
    with pytest.raises(Problem, match=says):
        act(desk)
    assert count(desk) == before


@pytest.mark.parametrize(
    ("user", "name", "says"),
    [
        ("", "A", "user id"),
        ("a b", "A", "no spaces"),
        ("x" * 65, "A", "64"),
        ("a\u202eb", "A", "do not print"),
        ("abc", " ", "printed name"),
    ],
)
def test_a_user_id_and_a_name_can_be_printed(desk: Desk, user: str, name: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        accounts.add_person(
            desk.ctx, user_id=user, printed_name=name, roles=("writer",), password=PASSPHRASE, actor=desk.actor("admin")
        )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Qualification("nowhere", "review", "2026-01-01", "2026-12-31", "t"), "no section"),
        (Qualification("quality", "blessing", "2026-01-01", "2026-12-31", "t"), "no meaning"),
        (Qualification("quality", "review", "2026-12-31", "2026-01-01", "t"), "ends before"),
        (Qualification("quality", "review", "soon", "2026-12-31", "t"), "not a day"),
        (Qualification("quality", "review", "2026-01-01", "2026-12-31", " "), "rests on"),
    ],
)
def test_a_qualification_names_section_meaning_days_and_basis(desk: Desk, given: Qualification, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        accounts.qualify(desk.ctx, "a-writer", given, actor=desk.actor("admin"))


@pytest.mark.parametrize("basis", ["oversight qualification OQ-0001", " Oversight  qualification: 20 of 20"])
def test_an_administrator_gives_no_certificate_of_a_run(desk: Desk, basis: str) -> None:
    forged = Qualification("*", "review", "2026-01-01", "2026-12-31", basis)
    with pytest.raises(NotPermitted, match="by the training lead"):
        accounts.qualify(desk.ctx, "a-reviewer", forged, actor=desk.actor("admin"))


def test_a_qualification_is_given_once_and_ended_with_a_reason(desk: Desk) -> None:
    given = accounts.qualify(desk.ctx, TARGET, GIVEN, actor=desk.actor("admin"))
    assert given.qualifications == (GIVEN,)
    with pytest.raises(Conflict, match="holds this"):
        accounts.qualify(desk.ctx, TARGET, GIVEN, actor=desk.actor("admin"))
    ended = accounts.end_qualification(desk.ctx, TARGET, GIVEN, reason="audit finding", actor=desk.actor("admin"))
    assert ended.qualifications == ()
    assert written(desk, Action.QUALIFICATION_ENDED)[-1].reason == "audit finding"
    with pytest.raises(NotFound):
        accounts.end_qualification(desk.ctx, TARGET, GIVEN, reason="twice", actor=desk.actor("admin"))


def test_a_home_begins_with_an_administrator_and_only_once(
    database: Database, clock: FixedClock, new_id: NewId, tmp_path: Path
) -> None:
    ctx = set_up(database, clock, new_id, tmp_path).ctx
    with pytest.raises(NotPermitted, match="has accounts"):
        accounts.add_person(
            ctx, user_id="x", printed_name="X", roles=("administrator",), password=PASSPHRASE, actor=None
        )  # fmt: skip
