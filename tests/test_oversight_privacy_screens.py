"""The access table on screens: what stands behind an alarm, who answers it, what an administrator and an auditor find, own summaries."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, set_up_submitted
from ended import ended, probes_of
from oversight_desk import alarm, later, turn_on
from staff import written
from streamlit.testing.v1 import AppTest

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.oversight.model import Outcome
from drafting.overseeing import activity
from drafting.overseeing.switches import Switch
from review_ui.frame import Visit

TOLD = {"visible_ms": 50_000, "active_ms": 40_000, "blurs": 1, "scroll_min": 0, "scroll_max": 90}


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up_submitted(sqlite_database, clock, new_id, tmp_path)


def page(desk: Desk, user: str, module: str) -> AppTest:
    def run(visit: object, module: str) -> None:  # runs alone, without this file's names
        import importlib

        from review_ui import frame

        to = [lambda: None] if module == "oversight" else []
        frame.heading(visit)  # type: ignore[arg-type]
        importlib.import_module(f"review_ui.screens.{module}").show(visit, *to)

    account = desk.people[user]
    visit = Visit(desk.ctx, account, account.actor(session="s"), "", demo=False)
    made = AppTest.from_function(run, kwargs={"visit": visit, "module": module}, default_timeout=60)
    return ran(made.run())


def ran(shown: AppTest) -> AppTest:
    assert not shown.exception
    return shown


def text(shown: AppTest) -> str:
    said = [e.value for e in (*shown.markdown, *shown.caption)] + [table.value.to_string() for table in shown.dataframe]
    return "\n".join(said).replace("\\", "")


def missed(desk: Desk) -> None:
    ended(desk.ctx, desk.people["reviewer"], probes_of(desk.ctx, "quality")[0], Outcome.MISSED)


def test_the_training_lead_opens_what_stands_behind_an_alarm_and_answers_it(desk: Desk) -> None:
    missed(desk)
    alarm(desk, "a-reviewer")
    shown = page(desk, "lead", "oversight")
    assert "not noticed" not in text(shown)
    shown.toggle[0].set_value(True)
    shown = ran(shown.run())
    assert "not noticed" in text(shown)
    assert "withheld" in text(shown)  # one check gives no figure
    shown.text_input[0].input("We went through it together")
    next(b for b in shown.button if b.label == "Acknowledge").click()
    shown = ran(shown.run())
    assert "We went through it together" in text(shown)
    assert [e.actor.user_id for e in written(desk, Action.ALARM_ACKNOWLEDGED)] == ["lead"]


def test_administration_tells_of_the_sites_alarm_and_names_nobody(desk: Desk) -> None:
    missed(desk)
    alarm(desk, "a-reviewer")
    shown = page(desk, "admin", "administration")
    assert "Oversight checks raised an alarm" not in text(shown)
    assert "open alarms" not in text(shown)
    alarm(desk)
    shown = page(desk, "admin", "administration")
    assert text(shown).count("Oversight checks raised an alarm") == 1
    assert "open alarms: 1" in text(shown)
    assert "Acknowledge" not in [b.label for b in shown.button]


def test_the_trail_screen_leaves_out_and_says_how_much(desk: Desk) -> None:
    missed(desk)
    for user, sees in (("reviewer", True), ("auditor", False), ("writer", False)):
        shown = page(desk, user, "trail")
        assert ("Oversight: revealed" in text(shown)) is sees, user
        assert ("entries in this home are not shown to you" in text(shown)) is (user == "auditor"), user
    alarm(desk, "a-reviewer")
    assert "Oversight: revealed" in text(page(desk, "auditor", "trail"))


def test_a_reviewer_reads_what_is_kept_of_the_own_views(desk: Desk) -> None:
    assert "reports these of each view" not in text(page(desk, "reviewer", "oversight"))
    turn_on(desk, Switch.ACTIVITY)
    view = desk.see("quality", "reviewer").view_id
    activity.keep(later(desk, minutes=2).ctx, view_id=view, told=TOLD, actor=desk.actor("reviewer"))
    shown = page(desk, "reviewer", "oversight")
    assert "reports these of each view" in text(shown)
    assert "0 to 90 %" in text(shown)
    assert "0 to 90 %" not in text(page(desk, "lead", "oversight"))
