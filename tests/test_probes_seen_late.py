"""What others see of a reviewer's acts while live checks are on: the same with a fault in the section and without, until no check can stand."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import REPORT, Desk
from test_probes_live import planted_in
from test_probes_signing import CHECKED, WITHOUT, confirm, desk_with, other_of

from audit.clock import FixedClock
from audit.database import Database
from drafting import reviewing
from drafting.exporting import export_report
from drafting.inbox import every_report, tasks_of
from drafting.overseeing import switches
from drafting.overseeing.sight import counted, withheld
from drafting.overseeing.switches import Switch
from drafting.probes import live
from drafting.probes.workflow import Noted
from drafting.readmodel import SectionView
from drafting.shown import report_shown, reports, section_view
from drafting.signing import signable
from drafting.trail_reading import Chosen, chosen_entries

OTHERS = ("writer", "many", "approver", "auditor", "lead")
Places = tuple[Database, FixedClock, Callable[[], str], Path]


@pytest.fixture
def places(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Places:
    return (sqlite_database, clock, new_id, tmp_path)


def later(desk: Desk, minutes: int) -> Desk:
    return replace(desk, ctx=replace(desk.ctx, clock=FixedClock(desk.ctx.clock.now() + timedelta(minutes=minutes))))


def questioned(desk: Desk) -> None:
    """Question a sentence that holds no fault, as the page does."""
    view = desk.see(CHECKED, "reviewer")
    subject, actor = other_of(view, desk), desk.actor("reviewer")
    if live.decide(desk.ctx, seen=view.view_id, note=Noted(subject, "question", "Why 12?"), actor=actor) is None:
        reviewing.question(desk.ctx, sentence_id=subject, version=1, reason="Why 12?", seen=view.view_id, actor=actor)


def of(view: SectionView) -> list[object]:
    return [(s.id, s.state, s.reviewer, s.waits_for_author) for s in view.sentences] + list(view.missing)


def exported(desk: Desk) -> list[object]:
    """Return the report as JSON and the Word document's own time."""
    tree, _ = export_report(desk.ctx, REPORT, fmt="json", actor=desk.actor("auditor"))
    word, _ = export_report(desk.ctx, REPORT, fmt="docx", actor=desk.actor("auditor"))
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        return [json.loads(tree), parts.read("docProps/core.xml")]


def told(desk: Desk) -> dict[str, object]:
    """Return everything that others are shown of the report."""
    found: dict[str, object] = {"export": exported(desk), "reports": every_report(desk.ctx)}
    for name in OTHERS:
        account = desk.people[name]
        found[name] = [
            of(section_view(desk.ctx, CHECKED, account)), of(desk.see(CHECKED, name)), tasks_of(desk.ctx, account),
            report_shown(desk.ctx, REPORT, account), reports(desk.ctx, account),
            [(one.section_id, one.missing, one.signed) for one in signable(desk.ctx, REPORT, account)],
        ]  # fmt: skip
    return found


def trail_of(desk: Desk, name: str) -> tuple[object, ...]:
    """Return what somebody reads of the trail, and how many entries they are told are not shown."""
    account = desk.people[name]
    with desk.ctx.database.read() as conn:
        out = withheld(conn, account, desk.ctx.clock.now())
        found = chosen_entries(conn, Chosen(), hidden=out)
        return [(str(e.action), e.actor.user_id) for e in found], counted(account, out)


@pytest.mark.parametrize("drawn", [CHECKED, WITHOUT])
def test_nobody_else_sees_what_was_decided_of_late(places: Places, drawn: str) -> None:
    """Cards, missing, inbox, lists and documents are as before the act; the reviewer's own page has it."""
    desk = later(desk_with(drawn, *places), 120)
    desk.see(CHECKED, "reviewer")
    before = told(desk)
    desk = later(desk, 2)
    questioned(desk)
    assert told(desk) == before
    own = desk.see(CHECKED, "reviewer")
    assert [(s.reviewer.reason, s.waits_for_author) for s in own.sentences if s.reviewer] == [("Why 12?", True)]


def test_half_an_hour_later_everybody_sees_it(places: Places) -> None:
    desk = later(desk_with(WITHOUT, *places), 120)
    questioned(desk)
    desk = later(desk, 31)
    for name in OTHERS:
        assert [s.reviewer.reason for s in desk.see(CHECKED, name).sentences if s.reviewer] == ["Why 12?"], name
    assert "question" in {task.kind for task in tasks_of(desk.ctx, desk.people["writer"])}
    assert "Why 12?" in json.dumps(exported(desk)[0])


def test_a_signed_review_is_seen_at_once_with_its_decisions(places: Places) -> None:
    """The signature covers them: without them it would not be valid."""
    desk = later(desk_with(WITHOUT, *places), 120)
    desk.check(CHECKED)
    desk.sign("reviewer", CHECKED)
    seen = desk.see(CHECKED, "approver")
    assert seen.summary.state == "reviewed"
    assert {s.state for s in seen.sentences} == {"confirmed"}


def test_without_live_checks_everything_is_seen_at_once(places: Places) -> None:
    desk = later(desk_with(WITHOUT, *places), 120)
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Pause", actor=desk.actor("admin"))
    questioned(desk)
    assert "question" in {task.kind for task in tasks_of(desk.ctx, desk.people["writer"])}


def test_an_auditors_trail_tells_no_open_check(tmp_path: Path, places: Places) -> None:
    """Entries and the number of those not shown are the same with a fault and without, while a check stands."""
    made = desk_with(CHECKED, *places)
    desk = later(made, 120)
    view = desk.see(CHECKED, "reviewer")
    assert planted_in(desk, view)
    count_before = trail_of(desk, "auditor")[1]
    confirm(desk, view, other_of(view, desk))
    entries, count_after = trail_of(desk, "auditor")
    assert not [one for one in entries if one[1] == "reviewer" and one[0].startswith(("sentence.", "oversight."))]
    assert (count_before, count_after) == (3, 4)  # assigned, shown and opened; then one act, whatever the section holds
    switched = trail_of(later(desk, 31), "auditor")[0]
    assert ("section.opened", "reviewer") in switched
