"""An alarm of the site is of several reviewers' checks and names nobody: neither by who raised it nor by when."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, set_up
from ended import ended, probes_of
from staff import written
from test_oversight_arms import hired

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.oversight.model import Family, Outcome

REVIEWERS = 5


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(sqlite_database, clock, new_id, tmp_path)


def test_an_alarm_of_the_site_waits_for_five_reviewers_and_is_raised_by_nobody_of_them(desk: Desk) -> None:
    """It is reached by a miss: raised with it, by whose it was, it would tell of a person about whom there is no alarm."""
    probe = next(p for p in probes_of(desk.ctx, "quality") if p.family is Family.WRONG)
    people = [hired(desk, f"r{who}") for who in range(REVIEWERS)]
    for number in range(1, 4):
        for account in people[:-1]:
            ended(desk.ctx, account, probe, Outcome.MISSED, number=number)
    assert not written(desk, Action.ALARM_RAISED)
    ended(desk.ctx, people[-1], probe, Outcome.CAUGHT)
    raised = written(desk, Action.ALARM_RAISED)
    assert raised
    assert {entry.object_kind for entry in raised} == {"site"}
    assert not {entry.actor.id for entry in raised} & {account.id for account in people}
    assert not {entry.actor.user_id for entry in raised} & {account.user_id for account in people}
