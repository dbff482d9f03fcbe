"""What is asked stands nowhere else on its reviewer's screens, and an answer is a number in plain digits."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from first_desk import PACKS, REPORT, First, first_desk

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Invalid
from drafting.evidence_first.askings import said_here
from drafting.evidence_first.figures import Figure, askable, read
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch
from drafting.shown import report_shown, section_view
from drafting.store import load_report

FIGURE = Figure("fact:deviation.count", "events-1", "Deviations: number", "", 1)


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> First:
    return first_desk(sqlite_database, clock, new_id, tmp_path)


def test_the_head_of_the_report_says_nothing_to_who_may_be_asked(desk: First) -> None:
    """Before the section is opened and while it asks, whatever was drawn; to others, and where nothing is asked, as ever."""
    said = {"Deviations": "3"}
    desk.draws("events")
    assert report_shown(desk.ctx, REPORT, desk.people["reviewer"]).scorecard == {}
    view = desk.see("events", "reviewer")
    assert "Deviations: number" in [figure.label for figure in view.asked]
    assert view.report.scorecard == {}
    assert section_view(desk.ctx, "plain", desk.people["reviewer"]).report.scorecard == {}
    for name in ("writer", "approver", "auditor"):
        assert report_shown(desk.ctx, REPORT, desk.people[name]).scorecard == said, name
        assert desk.see("events", name).report.scorecard == said, name
    switches.turn_off(desk.ctx, switch=Switch.EVIDENCE_FIRST, reason="Pause", actor=desk.actor("lead"))
    assert report_shown(desk.ctx, REPORT, desk.people["reviewer"]).scorecard == said


def test_what_another_section_prints_is_not_asked(desk: First) -> None:
    with desk.ctx.database.read() as conn:
        report = load_report(conn, REPORT)
    assert FIGURE.ref in {f.ref for f in askable(said_here(report, "events"), PACKS["events"])}
    events = report.section("events")
    copied = tuple(replace(s, sentences=events.sentences) if s.id == "plain" else s for s in report.sections)
    assert askable(said_here(replace(report, sections=copied), "events"), PACKS["events"]) == ()


@pytest.mark.parametrize("typed", ["１２", "٣", "१", "1２", "1.٣", "−٣"])
def test_digits_that_only_look_like_figures_are_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="is no figure"):
        read(FIGURE, typed)


@pytest.mark.parametrize(
    ("typed", "kept"), [("-0", "0"), ("-0.0", "0.0"), ("+0", "0"), ("−0", "0"), ("-1", "-1"), ("+4", "4"), (" 12 ", "12")]
)
def test_an_answer_is_kept_as_one_decimal(typed: str, kept: str) -> None:
    assert read(FIGURE, typed) == kept
