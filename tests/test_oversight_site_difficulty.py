"""Faults are as hard as this site's qualification runs say they are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up_submitted
from ended import probes_of
from oversight_desk import turn_on, with_key
from sqlalchemy import Connection

from audit.clock import FixedClock
from audit.database import Database
from audit.oversight.difficulty import Difficulty
from audit.oversight.model import Mode, Outcome
from drafting import tables
from drafting.overseeing import difficulties
from drafting.overseeing.switches import Switch
from drafting.probes.model import Probe
from drafting.probes.store import assign, checks_of, happened
from drafting.probes.workflow import Event, Step


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up_submitted(sqlite_database, clock, new_id, tmp_path)


def qualified(desk: Desk, probe: Probe, outcome: Outcome, times: int) -> None:
    """Store items of a qualification run with their outcomes."""
    ctx, actor, at = desk.ctx, desk.actor("reviewer"), desk.ctx.clock.now()
    content = {"probe": probe.tree(), "planted": [], "mode": str(Mode.QUALIFY), "section": probe.section_id}

    def write(conn: Connection) -> None:
        for number in range(times):
            stored = assign(
                conn, ctx, content, run="run1", report=REPORT, section=probe.section_id, account=actor.id, round_=number, actor=actor, at=at
            )  # fmt: skip
            stored = happened(conn, ctx, stored, Event(Step.SHOWN, at, "v"), actor=actor)
            happened(conn, ctx, stored, Event(Step.REVEALED, at, "v", {"outcome": str(outcome)}), actor=actor)

    ctx.database.write(write)


def of_site(desk: Desk) -> Difficulty:
    with desk.ctx.database.read() as conn:
        return difficulties.of_site(conn, desk.ctx)


def test_without_a_run_faults_are_as_hard_as_guessed(desk: Desk) -> None:
    assert of_site(desk) == Difficulty()


@pytest.mark.parametrize(("outcome", "harder"), [(Outcome.MISSED, True), (Outcome.CAUGHT, False)])
def test_outcomes_of_runs_move_what_a_healthy_reviewer_is_expected_to_miss(
    desk: Desk, outcome: Outcome, harder: bool  # noqa: FBT001 - a case of the test
) -> None:  # fmt: skip
    with_key(desk, lambda draw: draw < 0.03)
    before = probes_of(desk.ctx, "quality")[0]
    qualified(desk, before, outcome, 12)
    found = of_site(desk)
    assert found.outcomes == 12
    turn_on(desk, Switch.LIVE)
    desk.see("quality", "reviewer")
    with desk.ctx.database.read() as conn:
        (check,) = checks_of(conn, desk.ctx, tables.oversight_checks.c.run_id == "")
    assert check.probe is not None
    guessed = {p.fault: p.p_ok for p in probes_of(desk.ctx, "quality")}
    assert (check.probe.p_ok > guessed[check.probe.fault]) is harder


def test_a_probe_is_read_back_with_what_made_it_hard(desk: Desk) -> None:
    for probe in probes_of(desk.ctx, "quality"):
        assert Probe.of(probe.tree()) == probe
        older = {key: value for key, value in probe.tree().items() if key not in ("subtlety", "words")}
        assert Probe.of(older).fault == probe.fault
