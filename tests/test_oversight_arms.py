"""Two arms that are never counted together: faults in machine drafts, and in texts that people wrote alone; one reckoning for each figure."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up
from ended import ended, flagged, probes_of
from staff import written
from test_probes_live import turn_on, with_key
from test_screens_oversight import hired, page, text

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.oversight.model import Arm, Family, Outcome
from drafting import authoring, tables
from drafting.overseeing import pages
from drafting.oversight import CHECKED, measures
from drafting.probes.model import Probe, RowEdit
from drafting.probes.store import checks_of

OWN_WORDS = "The mean assay was 99.1 %."


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report in whose third section a person wrote the only sentence."""
    made = set_up(sqlite_database, clock, new_id, tmp_path)
    view = made.see("census", "writer")
    authoring.add(
        made.ctx, section_id="census", after="", text=OWN_WORDS, category="added context or judgement", reason="Said by the records.",
        picks={}, seen=view.view_id, actor=made.actor("writer"),
    )  # fmt: skip
    made.submitted()
    return made


def wrong(desk: Desk, key: str = "quality") -> Probe:
    return next(p for p in probes_of(desk.ctx, key) if p.family is Family.WRONG)


@pytest.mark.parametrize(("key", "arm"), [("census", Arm.HUMAN), ("quality", Arm.MACHINE)])
def test_a_section_that_people_wrote_is_drawn_into_an_arm_of_its_own(desk: Desk, key: str, arm: Arm) -> None:
    """Its sentences name evidence, so faults are made of them as of a machine's; the seal says whose text it was."""
    with_key(desk, lambda one: one == key)
    turn_on(desk)
    desk.see(key, "reviewer")
    with desk.ctx.database.read() as conn:
        stored = checks_of(conn, desk.ctx, tables.oversight_checks.c.report_id == REPORT)[0]
    assert stored.probe is not None
    assert stored.arm is arm


def test_a_rendered_table_and_a_drafted_sentence_are_a_machines(desk: Desk) -> None:
    """Even where people wrote every sentence, the rows of a table are rendered; one drafted sentence makes the section a machine's."""
    probe = wrong(desk, "census")
    assert probe.arm(drafted=False) is Arm.HUMAN
    assert probe.arm(drafted=True) is Arm.MACHINE
    assert replace(probe, edits=(RowEdit("table:t1", 0, 1, "12", "21"),)).arm(drafted=False) is Arm.MACHINE


def test_outcomes_in_peoples_texts_count_in_no_figure_and_no_alarm_of_the_other_arm(desk: Desk) -> None:
    """Missed again and again: no notice, no alarm, and the own catch rate does not move; the check itself says so."""
    reviewer, probe = desk.people["reviewer"], wrong(desk)
    for number in range(1, 11):
        ended(desk.ctx, reviewer, probe, Outcome.CAUGHT, number=number)
    before = pages.own(desk.ctx, reviewer).routine
    for number in range(11, 31):
        ended(desk.ctx, reviewer, probe, Outcome.MISSED, number=number, arm=Arm.HUMAN)
    assert pages.own(desk.ctx, reviewer).routine == before
    assert not written(desk, Action.OVERSIGHT_NOTICED)
    assert not written(desk, Action.ALARM_RAISED)
    assert "in a text of people alone, which your catch rate does not count" in text(page(desk, "reviewer"))


@pytest.mark.parametrize(("reviewers", "each", "given"), [(4, 8, False), (5, 5, False), (5, 6, True)])
def test_both_arms_stand_beside_each_other_each_under_the_same_limits(
    desk: Desk, reviewers: int, each: int, *, given: bool
) -> None:
    """With n and interval, or withheld with the reason, one whatever the other."""
    probe = wrong(desk)
    people = [hired(desk, f"r{who}") for who in range(5)]
    for number in range(1, 7):
        for account in people:
            ended(desk.ctx, account, probe, Outcome.CAUGHT if number > 2 else Outcome.MISSED, number=number)
    for number in range(7, 7 + each):
        for account in people[:reviewers]:
            ended(desk.ctx, account, probe, Outcome.CAUGHT if number > 7 else Outcome.MISSED, number=number, arm=Arm.HUMAN)
    said = text(page(desk, "auditor"))
    assert "Catch rate, machine drafts 67 %" in said
    assert "n = 30" in said
    assert ("Catch rate, human alone 83 %" in said) is given
    n = reviewers * each
    assert (f"{reviewers} reviewers and {n} checks: withheld below 5 and 30" in said) is not given
    told = measures(desk.ctx, account=desk.people["auditor"], site_only=True)["site"]
    assert told["human_alone"] == pages.site(desk.ctx, desk.people["auditor"]).alone.tree()
    assert told["checks"]["catch_rate_live"] == pages.site(desk.ctx, desk.people["auditor"]).catch.tree()


def test_page_and_command_tell_the_same_own_figure(desk: Desk) -> None:
    """Half catches, a false finding, a void check: one reckoning for both."""
    reviewer, probe = desk.people["reviewer"], wrong(desk)
    flag = flagged(probe)
    made = [Outcome.CAUGHT] * 8 + [Outcome.UNLOCATED] * 3 + [Outcome.MISSED]
    for number, outcome in enumerate(made, start=1):
        ended(desk.ctx, reviewer, probe, outcome, number=number)
    ended(desk.ctx, reviewer, flag, Outcome.MISSED, number=13)
    row = next(r for r in measures(desk.ctx, account=reviewer)["reviewers"] if r["capacity"] == CHECKED)
    figure = pages.own(desk.ctx, reviewer).routine
    assert figure.n == 12
    assert figure.tree() == row["catch_rate_live"]
