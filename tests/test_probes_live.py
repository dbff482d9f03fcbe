"""Oversight checks in routine work: what a reviewer sees, what is kept, and that no act of review or signature rests on a probed view."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up_submitted
from staff import written

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import NotPermitted, Stale, Tampered
from audit.oversight.model import Outcome
from audit.oversight.schedule import assignment
from drafting import review, reviewing, tables
from drafting.overseeing import switches
from drafting.overseeing.outcomes import results
from drafting.overseeing.switches import Switch
from drafting.probes import live
from drafting.probes.aftermath import ENDED_VOID
from drafting.probes.overlay import whole_text
from drafting.probes.seal import KEY_FILE, site_keys
from drafting.probes.store import checks_of
from drafting.probes.workflow import Noted
from drafting.readmodel import SectionView
from drafting.shown import section_view
from drafting.store import load_report

BASE = 0.03


def with_key(desk: Desk, wanted: Callable[[str], bool]) -> None:
    """Give the home a key that draws exactly the sections that are wanted, in the first round."""
    home = desk.ctx.settings.home
    for number in count():
        (home / KEY_FILE).write_bytes(number.to_bytes(32, "big"))
        keys = site_keys(home)
        drawn = {
            key: assignment(keys.drawing, f"{REPORT}/1/a-reviewer", key, BASE)[0] for key in ("quality", "cause", "census")
        }
        if all(drawn[key] is wanted(key) for key in drawn):
            return


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report on a site with live checks, whose first section is drawn."""
    return drawn(set_up_submitted(database, clock, new_id, tmp_path))


def drawn(desk: Desk) -> Desk:
    """Draw the first section on a site with live checks."""
    with_key(desk, lambda key: key == "quality")
    turn_on(desk)
    return desk


def turn_on(desk: Desk) -> None:
    asked = switches.request(
        desk.ctx, name=Switch.LIVE, text=switches.ON, reason="Trained and agreed", actor=desk.actor("lead")
    )
    switches.decide(desk.ctx, request_id=asked, approve=True, reason="SOP-9 in force", actor=desk.actor("approver"))


def planted_in(desk: Desk, view: SectionView) -> str:
    """Return the sentence whose text is not what the store holds."""
    real = {s.id: s.text for s in section_view(desk.ctx, view.summary.id, None).sentences}
    return next(s.id for s in view.sentences if s.text != real[s.id] or s.findings)


def decide(desk: Desk, view: SectionView, subject: str, decision: str, text: str = "") -> object:
    return live.decide(desk.ctx, seen=view.view_id, note=Noted(subject, decision, text), actor=desk.actor("reviewer"))


def test_a_probed_view_shows_a_fault_that_is_stored_nowhere(desk: Desk) -> None:
    """The picture differs from the section; the store, other readers and the database's bytes hold nothing of it."""
    view = desk.see("quality", "reviewer")
    subject = planted_in(desk, view)
    shown = next(s.text for s in view.sentences if s.id == subject)
    assert shown not in whole_text(section_view(desk.ctx, "quality", None))
    assert whole_text(desk.see("quality", "approver")) == whole_text(section_view(desk.ctx, "quality", None))
    with desk.ctx.database.read() as conn:
        bodies = "".join(row.sealed for row in conn.execute(tables.oversight_checks.select()))
    assert shown not in bodies
    assert [e.object_kind for e in written(desk, Action.OVERSIGHT_ASSIGNED)] == ["oversight_check"]


def test_the_page_shows_the_same_fault_at_every_run_and_at_the_next_opening(desk: Desk) -> None:
    """A rerun under the view, and a new view of the same session, are the same to the eye."""
    view = desk.see("quality", "reviewer")
    again = section_view(desk.ctx, "quality", desk.people["reviewer"], seen=view.view_id)
    assert [s.text for s in again.sentences] == [s.text for s in view.sentences]
    assert [s.text for s in desk.see("quality", "reviewer").sentences] == [s.text for s in view.sentences]


def test_a_caught_fault_is_revealed_restored_and_reviewed_again(desk: Desk) -> None:
    """The outcome, the reveal with the sealed content, a clean view, decisions anew, and the signature that says so."""
    view = desk.see("quality", "reviewer")
    subject = planted_in(desk, view)
    revealed = decide(desk, view, subject, "question", "Where does this come from?")
    assert isinstance(revealed, live.Reveal)
    assert revealed.outcome in (Outcome.CAUGHT, Outcome.MISSED)  # a false finding is caught by confirming
    clean = desk.see("quality", "reviewer")
    assert whole_text(clean) == whole_text(section_view(desk.ctx, "quality", None))
    assert all(s.reviewer is None for s in clean.sentences)
    for key in ("quality", "cause", "census"):
        desk.check(key)
    desk.sign("reviewer", "quality", "cause", "census")
    entry = written(desk, Action.OVERSIGHT_REVEALED)[0]
    assert isinstance(entry.new, dict)
    assert entry.new["sealed"]["probe"]["subject"] == subject
    with desk.ctx.database.read() as conn:
        stored = checks_of(conn, desk.ctx, tables.oversight_checks.c.section_id == "quality")[0]
        assert stored.commitment == entry.new["commitment"]
        assert [one.outcome for one in results(conn, desk.ctx)] == [revealed.outcome]


def test_to_confirm_what_is_wrong_is_missed_and_no_review(desk: Desk) -> None:
    """The confirmation of a planted sentence is the outcome, not a decision of the review."""
    view = desk.see("quality", "reviewer")
    subject = planted_in(desk, view)
    told = decide(desk, view, subject, "confirm")
    assert isinstance(told, live.Reveal)
    assert not written(desk, Action.SENTENCE_CONFIRMED)


def test_other_decisions_are_noted_and_shown_as_taken(desk: Desk) -> None:
    """Nothing gives the check away: what was decided in the view shows as decided."""
    view = desk.see("quality", "reviewer")
    subject = planted_in(desk, view)
    other = next(s.id for s in view.sentences if s.id != subject)
    assert not isinstance(decide(desk, view, other, "confirm"), live.Reveal)
    again = section_view(desk.ctx, "quality", desk.people["reviewer"], seen=view.view_id)
    assert next(s.state for s in again.sentences if s.id == other) == "confirmed"


def test_no_act_of_review_rests_on_a_probed_view(desk: Desk) -> None:
    """A caller that goes past the check is refused: it fails closed."""
    view = desk.see("quality", "reviewer")
    sentence = view.sentences[0]
    with pytest.raises(Stale):
        reviewing.confirm(
            desk.ctx, sentence_id=sentence.id, version=sentence.version, seen=view.view_id, actor=desk.actor("reviewer")
        )


def test_a_view_that_stood_too_long_is_void(desk: Desk) -> None:
    """After half an hour nothing of it counts, and the section is shown as it reads."""
    view = desk.see("quality", "reviewer")
    later = replace(desk.ctx, clock=FixedClock(desk.ctx.clock.now() + timedelta(minutes=40)))
    with pytest.raises(Stale):
        live.decide(later, seen=view.view_id, note=Noted(view.sentences[0].id, "confirm"), actor=desk.actor("reviewer"))
    assert [e.action for e in written(desk, Action.OVERSIGHT_VOID)] == [Action.OVERSIGHT_VOID]
    shown = desk.see("quality", "reviewer")
    assert whole_text(shown) == whole_text(section_view(desk.ctx, "quality", None))


def test_another_session_makes_it_void(desk: Desk) -> None:
    """Signed out, or crashed: at the next opening the section is shown as it reads."""
    desk.see("quality", "reviewer")

    actor = desk.people["reviewer"].actor(session="another")
    shown = review.open_section(desk.ctx, report_id=REPORT, section_key="quality", actor=actor)
    assert whole_text(shown) == whole_text(section_view(desk.ctx, "quality", None))


def test_turned_off_everything_ends_at_once(desk: Desk) -> None:
    """The kill switch takes one person and a reason; the reviewer then reads the section as it is."""
    view = desk.see("quality", "reviewer")
    assert switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Recall", actor=desk.actor("admin")) == 1
    with pytest.raises(Stale):
        decide(desk, view, view.sentences[0].id, "confirm")
    assert whole_text(desk.see("quality", "reviewer")) == whole_text(section_view(desk.ctx, "quality", None))


def test_who_asks_does_not_approve(desk: Desk) -> None:
    """Turning on takes two people; without the second nothing is on."""
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Pause", actor=desk.actor("lead"))
    asked = switches.request(desk.ctx, name=Switch.LIVE, text=switches.ON, reason="Again", actor=desk.actor("lead"))
    with pytest.raises(NotPermitted):
        switches.decide(desk.ctx, request_id=asked, approve=True, reason="Mine", actor=desk.actor("lead"))
    desk.see("quality", "reviewer")
    assert not written(desk, Action.OVERSIGHT_ASSIGNED)


def test_an_excluded_report_carries_nothing(desk: Desk) -> None:
    """Quality assurance keeps a report free; the draw is kept with the reason."""
    switches.exclude(desk.ctx, report_id=REPORT, exclude=True, reason="Pending recall", actor=desk.actor("approver"))
    view = desk.see("quality", "reviewer")
    assert whole_text(view) == whole_text(section_view(desk.ctx, "quality", None))
    with desk.ctx.database.read() as conn:
        stored = checks_of(conn, desk.ctx, tables.oversight_checks.c.section_id == "quality")[0]
    assert stored.content["drawn"] is True
    assert stored.content["left_out"] == ["quality assurance has excluded the document"]


def test_a_section_that_is_not_drawn_leaves_the_same_trace(desk: Desk) -> None:
    """Assigned and sealed as well, so that the trail does not tell which section is probed."""
    desk.check("census")
    assert len(written(desk, Action.OVERSIGHT_ASSIGNED)) == 1
    desk.sign("reviewer", "census")


def test_a_sealed_check_that_was_altered_stops_the_section(desk: Desk) -> None:
    """Another key, or altered bytes: a clear error that names the way out, no silent check."""
    desk.see("quality", "reviewer")
    (desk.ctx.settings.home / KEY_FILE).write_bytes(bytes(32))
    with pytest.raises(Tampered, match="cannot be opened"):
        desk.see("quality", "reviewer")


def test_neither_entries_nor_lengths_nor_hashes_tell_which_section_is_checked(desk: Desk) -> None:
    """Opened twice each: the checked section and a clean one leave the same acts, seals of one length, and hashes that nobody can compare."""
    for key in ("quality", "census"):
        for _ in range(2):
            desk.see(key, "reviewer")
    with desk.ctx.database.read() as conn:
        sealed = {len(row.sealed) for row in conn.execute(tables.oversight_checks.select())}
        shown = [
            row.section_id for row in conn.execute(tables.views.select().where(tables.views.c.account_id == "a-reviewer"))
        ]
        hashes = [row.shown_hash for row in conn.execute(tables.views.select())]
    assert len(sealed) == 1
    assert len(set(hashes)) == len(hashes)
    acts = [e.action for e in written(desk, Action.OVERSIGHT_SHOWN)]
    assert len(acts) == len(shown) == 4
    assert len(written(desk, Action.OVERSIGHT_ASSIGNED)) == 2


def noticed(desk: Desk, key: str = "quality") -> tuple[str, ...]:
    return desk.see(key, "reviewer").notices


def test_a_check_made_void_is_told_once_at_the_next_opening(desk: Desk) -> None:
    """Told in the view after its end, at every run of the page under it, and in no later one; nobody else hears of it."""
    assert not noticed(desk)
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Recall", actor=desk.actor("admin"))
    assert not desk.see("quality", "approver").notices
    view = desk.see("quality", "reviewer")
    assert view.notices == (ENDED_VOID,)
    again = section_view(desk.ctx, "quality", desk.people["reviewer"], seen=view.view_id)
    assert again.notices == (ENDED_VOID,)
    assert not noticed(desk)


def test_the_page_that_stands_open_when_a_check_is_switched_off_says_so(desk: Desk) -> None:
    """The text changes under the reader's eyes: the page says why before anything is pressed."""
    view = desk.see("quality", "reviewer")
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Recall", actor=desk.actor("admin"))
    again = section_view(desk.ctx, "quality", desk.people["reviewer"], seen=view.view_id)
    assert again.notices == (ENDED_VOID,)


def test_nothing_is_told_of_a_look_that_held_no_fault(desk: Desk) -> None:
    """Assigned without a fault, and a check that had its outcome: no notice, whatever ends them."""
    desk.see("census", "reviewer")
    view = desk.see("quality", "reviewer")
    decide(desk, view, planted_in(desk, view), "confirm")
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Recall", actor=desk.actor("admin"))
    assert not noticed(desk, "census")
    assert not noticed(desk)


def test_a_check_that_stood_too_long_or_in_another_session_is_told_as_well(desk: Desk) -> None:
    """Crashed, or signed out: found at the opening itself, and told in that view."""
    desk.see("quality", "reviewer")
    actor = desk.people["reviewer"].actor(session="another")
    shown = review.open_section(desk.ctx, report_id=REPORT, section_key="quality", actor=actor)
    assert shown.notices == (ENDED_VOID,)


def to_open(view: SectionView) -> list[tuple[str, str]]:
    return [(m.target, m.ref) for m in view.missing if m.ref]


def test_sources_opened_in_a_checked_view_are_opened_again_before_signing(desk: Desk) -> None:
    """They count while the check is open, as in every section; once it is over, the section as it reads asks for them anew."""
    first = desk.see("quality", "reviewer")
    demanded = to_open(first)
    for subject, ref in demanded:
        review.open_source(desk.ctx, section_id="quality", subject=subject, ref=ref, actor=desk.actor("reviewer"))
    view = desk.see("quality", "reviewer")
    assert demanded
    assert not to_open(view)
    decide(desk, view, planted_in(desk, view), "confirm")
    assert to_open(desk.see("quality", "reviewer")) == demanded


def test_sources_opened_where_no_fault_stood_stay_opened(desk: Desk) -> None:
    """By the reviewer in another section, and by everybody else in the checked one."""
    desk.open_all("census", "reviewer")
    view = desk.see("quality", "reviewer")
    decide(desk, view, planted_in(desk, view), "confirm")
    assert not to_open(desk.see("census", "reviewer"))
    with desk.ctx.database.read() as conn:
        held = load_report(conn, REPORT).section("quality").openings
    assert not any(o.checked for o in held if o.account_id == "a-writer")


@pytest.mark.parametrize("drawn", [True, False])
def test_the_faults_of_a_section_are_made_whether_or_not_it_is_drawn(desk: Desk, *, drawn: bool) -> None:
    """In a long section that takes longer than to show it: a watch would tell which section is drawn."""
    with_key(desk, lambda key: drawn and key == "quality")
    desk.see("quality", "reviewer")
    with desk.ctx.database.read() as conn:
        (stored,) = checks_of(conn, desk.ctx, tables.oversight_checks.c.section_id == "quality")
    assert stored.content["drawn"] is drawn
    assert (stored.probe is not None) is drawn
    assert stored.content["eligible"] > 0
