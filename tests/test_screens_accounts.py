"""Administration and My account as people use them: what each role sees, and that a form does what it says."""

import datetime as dt
from pathlib import Path

import pytest
from desk import PASSPHRASE, Desk, set_up
from staff import NEW, OTHER, NewId, ask, hire, now, release, settle, sign_in
from streamlit.testing.v1 import AppTest

from audit import alarms, enrolment, identity
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import WrongCredentials
from drafting import accounts

DAY = dt.date(2026, 3, 1)


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: NewId, tmp_path: Path) -> Desk:
    return set_up(sqlite_database, clock, new_id, tmp_path)


def _page(ctx: object, name: str, user: str) -> None:  # names of its module are not known where Streamlit runs it
    import importlib

    import streamlit as st

    from audit.errors import Problem
    from audit.identity import account_named
    from review_ui import session, widgets
    from review_ui.frame import Visit

    with ctx.database.read() as conn:
        account = account_named(conn, user)
    if notice := session.take_notice():
        st.toast(notice)
    try:
        importlib.import_module(f"review_ui.screens.{name}").show(
            Visit(ctx, account, account.actor(session="s"), "", demo=False)
        )
    except Problem as problem:
        widgets.problem(problem)


def page(desk: Desk, name: str, user: str) -> AppTest:
    shown = AppTest.from_function(_page, kwargs={"ctx": desk.ctx, "name": name, "user": user}, default_timeout=30).run()
    assert not shown.exception
    return shown


def press(shown: AppTest, label: str) -> AppTest:
    next(button for button in shown.button if button.label == label).click()
    shown.run()
    assert not shown.exception
    return shown


def named(desk: Desk, user: str) -> identity.Account:
    with desk.ctx.database.read() as conn:
        return identity.required(conn, user)


def choose(shown: AppTest, account: identity.Account, act: str) -> AppTest:
    shown.selectbox(key="accounts.chosen").set_value(account.id).run()
    next(group for group in shown.button_group if group.label == "Act").set_value(act).run()
    return shown


@pytest.mark.parametrize("user", ["writer", "reviewer", "approver", "many"])
def test_the_administration_screen_refuses_everybody_else(desk: Desk, user: str) -> None:
    shown = page(desk, "administration", user)
    assert "administrator or auditor" in shown.error[0].value.replace("\\", "")
    assert not shown.dataframe
    assert not shown.button


def test_an_auditor_reads_and_has_nothing_to_press(desk: Desk) -> None:
    ask(desk, desk.people["unqualified"])
    with pytest.raises(WrongCredentials):
        release(desk, desk.people["writer"], "wrong words here")
    shown = page(desk, "administration", "auditor")
    assert not shown.button
    assert list(shown.dataframe[0].value["user id"]) == sorted(desk.people)
    assert any("asks for a signing key" in m.value for m in shown.markdown)
    assert any("Failed signing" in m.value for m in shown.markdown)


def test_an_account_is_created_and_its_first_password_shown_until_it_is_put_away(desk: Desk) -> None:
    shown = page(desk, "administration", "admin")
    number = len(desk.people) + 1
    shown.text_input(key=f"accounts.new.user.{number}").set_value("ann")
    shown.text_input(key=f"accounts.new.name.{number}").set_value("Ann Writer")
    shown.multiselect(key=f"accounts.new.roles.{number}").set_value(["writer"])
    shown.date_input(key=f"accounts.new.on.{number}").set_value(DAY)
    shown.text_input(key=f"accounts.new.how.{number}").set_value("passport seen")
    press(shown, "Create account")
    password = shown.code[0].value
    assert sign_in(desk, "ann", password)
    made = named(desk, "ann")
    assert made.must_change_password
    assert made.identity_verified == ("admin", "2026-03-01", "passport seen")
    assert "ann" in list(shown.dataframe[0].value["user id"])
    press(shown, "Put away")
    assert not shown.code


def test_an_incomplete_account_is_refused_and_keeps_what_was_typed(desk: Desk) -> None:
    shown = page(desk, "administration", "admin")
    number = len(desk.people) + 1
    shown.text_input(key=f"accounts.new.user.{number}").set_value("ann")
    press(shown, "Create account")
    assert "Unknown role" in shown.error[0].value
    assert shown.text_input(key=f"accounts.new.user.{number}").value == "ann"
    assert not shown.code


def test_a_locked_account_is_found_and_released_with_a_reason(desk: Desk) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            sign_in(desk, "reviewer", "wrong words here")
    shown = page(desk, "administration", "admin")
    states = dict(zip(shown.dataframe[0].value["user id"], shown.dataframe[0].value["state"], strict=True))
    assert (states["reviewer"], states["writer"]) == ("locked", "active")
    choose(shown, desk.people["reviewer"], "Release")
    press(shown, "Release")
    assert "reason for the release is needed" in shown.error[0].value
    key = f"accounts.release.a-reviewer.{desk.people['reviewer'].version}.reason"
    shown.text_input(key=key).set_value("called back")
    press(shown, "Release")
    assert sign_in(desk, "reviewer", PASSPHRASE)


def test_roles_change_identity_is_recorded_and_an_account_is_deactivated(desk: Desk) -> None:
    ann = hire(desk, verified=False)
    shown = choose(page(desk, "administration", "admin"), ann, "Roles")
    shown.multiselect(key=f"accounts.roles.chosen.{ann.id}.1").set_value(["reviewer"])
    shown.text_input(key=f"accounts.roles.{ann.id}.1.reason").set_value("moved")
    press(shown, "Change roles")
    assert named(desk, "ann").roles == ("reviewer",)
    choose(shown, ann, "Identity")
    shown.date_input(key=f"accounts.identity.{ann.id}.2.on").set_value(DAY)
    shown.text_input(key=f"accounts.identity.{ann.id}.2.how").set_value("passport")
    press(shown, "Record")
    assert named(desk, "ann").identity_verified == ("admin", "2026-03-01", "passport")
    choose(shown, ann, "Deactivate")
    shown.text_input(key=f"accounts.deactivate.{ann.id}.3.reason").set_value("left")
    press(shown, "Deactivate")
    assert not named(desk, "ann").active


def test_a_reset_shows_a_new_first_password(desk: Desk) -> None:
    ann = settle(desk)
    shown = choose(page(desk, "administration", "admin"), ann, "Reset password")
    shown.text_input(key=f"accounts.reset.{ann.id}.{ann.version}.reason").set_value("forgotten")
    press(shown, "Reset password")
    assert sign_in(desk, "ann", shown.code[0].value)
    assert now(desk, ann).must_change_password


def test_the_own_account_is_not_administered(desk: Desk) -> None:
    shown = page(desk, "administration", "admin")
    shown.selectbox(key="accounts.chosen").set_value("a-admin").run()
    assert any("Nobody administers their own account" in c.value for c in shown.caption)
    assert not [b for b in shown.button if b.label in ("Deactivate", "Change roles", "Reset password")]


def test_a_filter_narrows_the_accounts(desk: Desk) -> None:
    shown = page(desk, "administration", "admin")
    shown.text_input(key="accounts.filter").set_value("APPROVER").run()
    assert list(shown.dataframe[0].value["user id"]) == ["approver", "many"]
    shown.text_input(key="accounts.filter").set_value("nobody at all").run()
    assert any("No account matches" in m.value for m in shown.markdown)


def test_a_qualification_is_given_and_ended(desk: Desk) -> None:
    shown = page(desk, "administration", "admin")
    state = sum(a.version for user, a in desk.people.items() if user != "admin")
    shown.selectbox(key=f"qualifications.who.{state}").set_value("a-unqualified")
    shown.selectbox(key=f"qualifications.section.{state}").set_value("quality")
    shown.selectbox(key=f"qualifications.meaning.{state}").set_value("authorship")
    shown.date_input(key=f"qualifications.until.{state}").set_value(dt.date(2026, 12, 31))
    shown.text_input(key=f"qualifications.basis.{state}").set_value("training 9")
    press(shown, "Give")
    (held,) = named(desk, "unqualified").qualifications
    assert (held.section_kind, held.meaning, held.valid_from, held.basis) == (
        "quality",
        "authorship",
        "2026-03-02",
        "training 9",
    )
    shown.selectbox(key="qualifications.ended").set_value("a-unqualified.0")
    shown.text_input(key="qualifications.end.reason").set_value("withdrawn")
    press(shown, "End")
    assert named(desk, "unqualified").qualifications == ()


def test_a_person_asks_for_a_key_and_the_administrator_attests_it(desk: Desk) -> None:
    ann = settle(desk)
    mine = page(desk, "account", "ann")
    mine.text_input(key="account.ask.new").set_value(OTHER)
    mine.text_input(key="account.ask.again").set_value(OTHER)
    press(mine, "Ask for the key")
    with desk.ctx.database.read() as conn:
        waiting = enrolment.requests(conn)[ann.id]
    print_ = enrolment.fingerprint(waiting.public_key)
    assert any(print_ in part.proto.body for part in mine.get("html"))
    shown = page(desk, "administration", "admin")
    assert any(print_ in part.proto.body for part in shown.get("html"))
    shown.text_input(key=f"attest.user.{waiting.key_id}").set_value("admin")
    shown.text_input(key=f"attest.secret.{waiting.key_id}").set_value("wrong words here")
    press(shown, "Attest the key")
    assert "wrong" in shown.error[0].value
    shown.text_input(key=f"attest.user.{waiting.key_id}").set_value("admin")
    shown.text_input(key=f"attest.secret.{waiting.key_id}").set_value(PASSPHRASE)
    press(shown, "Attest the key")
    assert release(desk, ann, OTHER).key_id == waiting.key_id


def test_a_key_of_an_unverified_person_is_first_verified_then_attested(desk: Desk) -> None:
    ann = settle(desk, verified=False)
    key_id = ask(desk, ann)
    shown = page(desk, "administration", "admin")
    assert not [b for b in shown.button if b.label == "Attest the key"]
    shown.date_input(key=f"accounts.waiting.{ann.id}.{ann.version}.on").set_value(DAY)
    shown.text_input(key=f"accounts.waiting.{ann.id}.{ann.version}.how").set_value("passport")
    press(shown, "Record")
    assert [b for b in shown.button if b.label == "Attest the key"]
    shown.text_input(key=f"refuse.{key_id}.reason").set_value("another fingerprint")
    press(shown, "Refuse")
    with desk.ctx.database.read() as conn:
        assert enrolment.requests(conn) == {}


def test_an_alarm_is_acknowledged_with_a_comment_only(desk: Desk) -> None:
    with pytest.raises(WrongCredentials):
        release(desk, desk.people["writer"], "wrong words here")
    shown = page(desk, "administration", "admin")
    with desk.ctx.database.read() as conn:
        alarm = alarms.raised(conn)[0].entry
    press(shown, "Acknowledge")
    assert "comment on the alarm is needed" in shown.error[0].value
    shown.text_input(key=f"alarm.comment.{alarm.id}").set_value("a slip of the finger")
    press(shown, "Acknowledge")
    with desk.ctx.database.read() as conn:
        (raised,) = alarms.raised(conn)
    assert raised.acknowledged is not None
    assert raised.acknowledged.actor.user_id == "admin"
    assert not [b for b in shown.button if b.label == "Acknowledge"]


def test_my_account_changes_password_and_passphrase(desk: Desk) -> None:
    mine = page(desk, "account", "writer")
    for key, value in (("account.current", PASSPHRASE), ("account.new", NEW), ("account.again", NEW)):
        mine.text_input(key=key).set_value(value)
    press(mine, "Change password")
    assert sign_in(desk, "writer", NEW)
    secrets = (("account.sealed", PASSPHRASE), ("account.passphrase.new", OTHER), ("account.passphrase.again", OTHER))
    for key, value in secrets:
        mine.text_input(key=key).set_value(value)
    press(mine, "Change passphrase")
    assert release(desk, desk.people["writer"], OTHER)


@pytest.mark.parametrize(("user", "signs"), [("writer", True), ("auditor", False), ("admin", True)])
def test_my_account_offers_a_key_to_those_who_sign(desk: Desk, user: str, *, signs: bool) -> None:
    mine = page(desk, "account", user)
    labels = {button.label for button in mine.button}
    assert "Change password" in labels
    assert ("Change passphrase" in labels) is signs


def test_text_of_people_shows_as_written(desk: Desk) -> None:
    hire(desk, "mallory", verified=True)
    account = named(desk, "mallory")
    accounts.verify_identity(desk.ctx, account.id, on="2026-03-01", how="<img src=x> **bold**", actor=desk.actor("admin"))
    own = page(desk, "account", "mallory")
    assert not any("<img" in part.proto.body for part in own.get("html"))
