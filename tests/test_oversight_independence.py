"""Who reviews decides neither that reviews carry checks nor that a report they review carries none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up_submitted

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import NotPermitted
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch, excluded, is_on


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up_submitted(sqlite_database, clock, new_id, tmp_path)


def test_a_reviewer_who_is_an_approver_too_refuses_and_does_not_approve(desk: Desk) -> None:
    asked = switches.request(desk.ctx, name=Switch.LIVE, text=switches.ON, reason="Agreed", actor=desk.actor("lead"))
    with pytest.raises(NotPermitted, match="Who reviews does not approve"):
        switches.decide(desk.ctx, request_id=asked, approve=True, reason="SOP-9", actor=desk.actor("many"))
    switches.decide(desk.ctx, request_id=asked, approve=False, reason="Not yet", actor=desk.actor("many"))
    with desk.ctx.database.read() as conn:
        assert not is_on(conn, Switch.LIVE)


def test_a_reviewer_of_a_report_does_not_exclude_it(desk: Desk) -> None:
    with pytest.raises(NotPermitted, match="does not decide whether it carries checks"):
        switches.exclude(desk.ctx, report_id=REPORT, exclude=True, reason="Urgent", actor=desk.actor("many"))
    switches.exclude(desk.ctx, report_id=REPORT, exclude=True, reason="Urgent", actor=desk.actor("approver"))
    with pytest.raises(NotPermitted):
        switches.exclude(desk.ctx, report_id=REPORT, exclude=False, reason="Over", actor=desk.actor("many"))
    with desk.ctx.database.read() as conn:
        assert excluded(conn, REPORT) == "Urgent"
