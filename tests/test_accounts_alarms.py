"""Alarms: what raises one, and that a named person acknowledges it once, with a comment."""

from datetime import timedelta
from pathlib import Path

import pytest
from desk import Desk, set_up
from sqlalchemy import Connection, text
from staff import NewId, count, release, second_administrator, sign_in, written

from audit import alarms, trail
from audit.actions import Action
from audit.alarms import Alarm
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotFound, NotPermitted, WrongCredentials
from audit.verify import State
from corpus import identifiers
from drafting import configuration
from drafting.alarms import acknowledge, check_configuration, verify_trail


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: NewId, tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def kinds(desk: Desk) -> list[tuple[Alarm, bool]]:
    with desk.ctx.database.read() as conn:
        return [(a.kind, a.acknowledged is not None) for a in alarms.raised(conn)]


def test_lock_out_and_failed_signing_raise_alarms_that_name_what_they_are(desk: Desk) -> None:
    with pytest.raises(WrongCredentials):
        release(desk, desk.people["writer"], "wrong words here")
    assert kinds(desk) == [(Alarm.FAILED_SIGNING, False)]
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            sign_in(desk, "reviewer", "wrong words here")
    assert kinds(desk) == [(Alarm.LOCK_OUT, False), (Alarm.FAILED_SIGNING, False)]


def test_a_clock_that_steps_back_is_listed_as_an_alarm(desk: Desk) -> None:
    def step(conn: Connection) -> None:
        for at in (desk.ctx.clock.now(), desk.ctx.clock.now() - timedelta(hours=1)):
            trail.append(
                conn, at=at, zone="UTC", actor=desk.actor("writer"), action=Action.TEXT_CHECKED, object_kind="text",
                object_id="t",
            )  # fmt: skip

    desk.ctx.database.write(step)
    assert kinds(desk) == [(Alarm.CLOCK_STEP, False)]


def test_an_alarm_is_acknowledged_once_with_a_comment_by_somebody_else(desk: Desk) -> None:
    with pytest.raises(WrongCredentials):
        release(desk, desk.people["admin"], "wrong words here")
    with desk.ctx.database.read() as conn:
        alarm = alarms.raised(conn)[0].entry
    with pytest.raises(NotPermitted, match="own account"):
        acknowledge(desk.ctx, alarm.id, comment="it was me", actor=desk.actor("admin"))
    bob = second_administrator(desk)
    for comment in ("", "x" * 2001):
        with pytest.raises(Invalid, match="comment"):
            acknowledge(desk.ctx, alarm.id, comment=comment, actor=bob.actor())
    with pytest.raises(NotFound):
        acknowledge(desk.ctx, "no-such-alarm", comment="looked into", actor=bob.actor())
    before = count(desk)
    acknowledge(desk.ctx, alarm.id, comment="a slip of the finger", actor=bob.actor())
    assert count(desk) == before + 1
    with pytest.raises(Conflict, match="acknowledged by Bob"):
        acknowledge(desk.ctx, alarm.id, comment="again", actor=bob.actor())
    entry = written(desk, Action.ALARM_ACKNOWLEDGED)[-1]
    assert (entry.actor.user_id, entry.reason, entry.object_id) == ("bob", "a slip of the finger", alarm.id)
    assert kinds(desk) == [(Alarm.FAILED_SIGNING, True)]


def test_faults_in_the_trail_raise_one_alarm_until_it_is_acknowledged(desk: Desk) -> None:
    assert verify_trail(desk.ctx, actor=desk.actor("auditor")).integrity is State.INTACT
    assert kinds(desk) == []
    off = (
        "DROP TRIGGER account_versions_no_update"
        if desk.ctx.database.dialect_name == "sqlite"
        else "ALTER TABLE account_versions DISABLE TRIGGER ALL"
    )
    desk.ctx.database.write(lambda conn: conn.execute(text(off)))
    spoil = "UPDATE account_versions SET body = replace(body, 'Approver', 'Improver') WHERE account_id = 'a-approver'"
    desk.ctx.database.write(lambda conn: conn.execute(text(spoil)))
    for _ in range(2):
        assert verify_trail(desk.ctx, actor=desk.actor("auditor")).integrity is State.BROKEN
    assert kinds(desk) == [(Alarm.TRAIL_BROKEN, False)]
    with desk.ctx.database.read() as conn:
        alarm = alarms.raised(conn)[0].entry
    assert "a-approver" in alarm.new["first"] or "approver" in alarm.new["first"]
    acknowledge(desk.ctx, alarm.id, comment="restored from the backup", actor=desk.actor("admin"))
    verify_trail(desk.ctx, actor=desk.actor("auditor"))
    assert kinds(desk) == [(Alarm.TRAIL_BROKEN, False), (Alarm.TRAIL_BROKEN, True)]


def test_a_configuration_that_is_not_the_confirmed_one_raises_one_alarm_at_the_start(desk: Desk) -> None:
    desk.ctx.database.write(
        lambda conn: configuration.activate(
            conn, desk.ctx, kind=configuration.Configured.IDENTIFIERS, name=configuration.IDENTIFIERS, version=2,
            text=identifiers.shipped_text(), replaces="", reason="our numbers", account=desk.people["admin"],
            actor=desk.actor("admin"),
        )
    )  # fmt: skip
    assert check_configuration(desk.ctx) == []
    assert kinds(desk) == []
    off = (
        "DROP TRIGGER configuration_versions_no_update"
        if desk.ctx.database.dialect_name == "sqlite"
        else "ALTER TABLE configuration_versions DISABLE TRIGGER ALL"
    )
    desk.ctx.database.write(lambda conn: conn.execute(text(off)))
    desk.ctx.database.write(lambda conn: conn.execute(text("UPDATE configuration_versions SET version = 7")))
    for _ in range(2):
        assert check_configuration(desk.ctx) == ["identifiers identifiers version 7 is not what was confirmed"]
    assert kinds(desk) == [(Alarm.CONFIGURATION, False)]
    (entry,) = written(desk, Action.CONFIG_MISMATCH)
    assert entry.new == {"differs": ["identifiers identifiers version 7 is not what was confirmed"], "findings": 1}
    with desk.ctx.database.read() as conn:
        assert alarms.raised(conn)[0].entry.seq == entry.seq + 1
