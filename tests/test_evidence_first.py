"""Evidence-first sections: what is drawn and asked, what is refused until it is stated, and what an inspector can reproduce of it."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from first_desk import KEYS, PACKS, REPORT, First, first_desk
from oversight_desk import turn_on
from staff import written

from audit import trail
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotPermitted, Problem, Stale
from audit.oversight.schedule import Rates, assignment, draw
from drafting import authoring, review, reviewing
from drafting.evidence_first import asking
from drafting.evidence_first.askings import KIND
from drafting.evidence_first.challenges import texts
from drafting.evidence_first.figures import CANNOT_TELL, asked
from drafting.evidence_first.picture import FIRST
from drafting.examine import findings_told
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch
from drafting.probes.overlay import whole_text
from drafting.probes.seal import KEY_FILE, site_keys
from drafting.shown import section_view
from drafting.signing import signable


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> First:
    return first_desk(database, clock, new_id, tmp_path)


def entries(desk: First) -> list[Action]:
    with desk.ctx.database.read() as conn:
        return [entry.action for entry in trail.entries(conn, object_kind=KIND)]


def test_figures_are_asked_and_nothing_says_them(desk: First) -> None:
    """Counts and means first; the values are there, and neither a sentence, a computed table nor what was computed from the values."""
    view = desk.see("measured", "reviewer")
    assert view.hidden
    assert [(f.label, f.unit, f.places) for f in view.asked] == [
        ("assay: mean", "%", 1), ("assay: number of values", "", 0), ("assay: highest value", "%", 1),
    ]  # fmt: skip
    assert [point.value for point in view.charts[0].points] == ["98.1", "99.0", "99.1", "100.4"]
    shown = repr(replace(view, report=replace(view.report, scorecard={})))
    for secret in ("99.2", "99.15", "standard deviation of", "0.9 %", "n = 4"):
        assert secret not in shown
    assert view.missing == (FIRST,)
    assert entries(desk) == [Action.EVIDENCE_FIRST_ASKED]


def test_a_section_that_is_not_drawn_is_shown_at_once(desk: First) -> None:
    assert "3, of them 2 major" in whole_text(desk.see("events", "reviewer"))
    assert entries(desk) == []


def test_the_count_of_a_section_is_found_in_the_table_that_lists_its_records(desk: First) -> None:
    desk.draws("events")
    view = desk.see("events", "reviewer")
    assert [f.label for f in view.asked] == ["Deviations: number", "Deviations: class major", "Deviations: class minor"]
    assert [t.id for t in view.tables] == ["deviation"]


def test_others_read_the_section_meanwhile(desk: First) -> None:
    desk.see("measured", "reviewer")
    for name in ("writer", "approver", "auditor"):
        assert "99.2" in whole_text(desk.see("measured", name)), name


def acts(desk: First, view_id: str) -> dict[str, Callable[[], object]]:
    """Return every act of a review, as the reviewer, and every other way to the text."""
    on = {"sentence_id": "measured-1", "version": 1, "seen": view_id, "actor": desk.actor("reviewer")}
    section = {"section_id": "measured", "actor": desk.actor("reviewer")}
    return {
        "confirm": lambda: reviewing.confirm(desk.ctx, **on),
        "question": lambda: reviewing.question(desk.ctx, reason="Why?", **on),
        "propose": lambda: reviewing.propose(
            desk.ctx, text="It was 1 %.", category="clearer wording, same meaning", reason="", **on
        ),
        "return": lambda: reviewing.return_section(desk.ctx, category="incorrect", reason="Wrong", seen=view_id, **section),
        "table": lambda: review.confirm_table(desk.ctx, table_id="summary", seen=view_id, **section),
        "source of a sentence": lambda: review.open_source(desk.ctx, subject="measured-1", ref="fact:assay.mean", **section),
        "source of a computed row": lambda: review.open_source(
            desk.ctx, subject="table:summary", ref="fact:assay.mean", **section
        ),
        "sign": lambda: desk.sign_seen("reviewer", {"measured": view_id}),
    }


def test_every_act_of_the_review_is_refused_until_the_figures_are_stated(desk: First) -> None:
    """In the use cases, whatever a screen does; and another capacity of nobody helps."""
    view = desk.see("measured", "reviewer")
    before = len(written(desk, Action.SOURCE_VIEWED))
    for name, act in acts(desk, view.view_id).items():
        with pytest.raises((Conflict, Stale)) as refused:
            act()
        assert "figures" in str(refused.value), name
    assert len(written(desk, Action.SOURCE_VIEWED)) == before
    assert not [e for e in written(desk, Action.SENTENCE_CONFIRMED) if e.actor.user_id == "reviewer"]


def test_what_else_shows_text_holds_it_back_too(desk: First) -> None:
    """The page at a rerun, and the findings of a report."""
    view = desk.see("measured", "reviewer")
    account = desk.people["reviewer"]
    assert section_view(desk.ctx, "measured", account, seen=view.view_id).sentences == ()
    assert not [t for t in findings_told(desk.ctx, REPORT, account) if t.section == "measured"]


def test_a_view_from_before_the_answers_carries_no_review(desk: First) -> None:
    """What was shown then was no draft: decisions and the signature rest on a view that came after."""
    held = desk.see("measured", "reviewer").view_id
    desk.answer("measured")
    for name in ("confirm", "question", "sign"):
        with pytest.raises(Stale, match="before you stated"):
            acts(desk, held)[name]()
    acts(desk, desk.see("measured", "reviewer").view_id)["confirm"]()


def test_answers_are_one_entry_and_the_draft_shows_beside_them(desk: First) -> None:
    view = desk.answer("measured", mean="98.9", n=CANNOT_TELL)
    assert "99.2 %" in whole_text(view)
    assert [(s.answer, s.advice, s.truth) for s in view.stated] == [
        ("98.9", "99.2", "99.2"), (CANNOT_TELL, "4", "4"), ("100.4", "100.4", "100.4"),
    ]  # fmt: skip
    assert entries(desk) == [Action.EVIDENCE_FIRST_ASKED, Action.EVIDENCE_FIRST_STATED]
    with pytest.raises(Conflict, match="No figures"):
        desk_state(desk, {"fact:assay.mean": "1"})


def desk_state(desk: First, answers: dict[str, str], who: str = "reviewer") -> object:
    return asking.state(desk.ctx, section_id="measured", answers=answers, actor=desk.actor(who))


ALL = {"fact:assay.mean": "99.2", "fact:assay.n": "4", "fact:assay.max": "100.4"}


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({**ALL, "fact:assay.mean": ""}, Invalid),
        ({**ALL, "fact:assay.mean": "about 99"}, Invalid),
        ({**ALL, "fact:assay.mean": "99,2"}, Invalid),
        ({**ALL, "fact:assay.mean": "99.15"}, Invalid),  # more places than are asked
        ({**ALL, "fact:assay.n": "4.0"}, Invalid),
        ({**ALL, "fact:assay.n": "1" * 30}, Invalid),
        ({**ALL, "fact:assay.n": "NaN"}, Invalid),
        ({**ALL, "fact:assay.n": "1e3"}, Invalid),
        ({"fact:assay.mean": "99.2"}, Stale),
        ({**ALL, "fact:assay.sd": "1"}, Stale),
    ],
)
def test_answers_that_are_none_are_refused_whole(desk: First, answers: dict[str, str], error: type[Problem]) -> None:
    desk.see("measured", "reviewer")
    with pytest.raises(error):
        desk_state(desk, answers)
    assert entries(desk) == [Action.EVIDENCE_FIRST_ASKED]


def test_nobody_states_for_another(desk: First) -> None:
    desk.see("measured", "reviewer")
    with pytest.raises(NotPermitted):
        desk_state(desk, ALL, "writer")
    with pytest.raises(Conflict):
        desk_state(desk, ALL, "many")


def test_who_stated_reviews_and_signs_as_ever(desk: First) -> None:
    view = desk.answer("measured")
    desk.open_sources("measured", "reviewer")
    for sentence in view.sentences:
        reviewing.confirm(
            desk.ctx, sentence_id=sentence.id, version=1, seen=view.view_id, actor=desk.actor("reviewer")
        )  # fmt: skip
    desk.sign_seen("reviewer", {"measured": desk.see("measured", "reviewer").view_id})
    assert section_view(desk.ctx, "measured", None).summary.state == "reviewed"


def test_openings_while_asked_are_no_behaviour(desk: First) -> None:
    """A source that is opened to find an asked figure was not opened of the own accord; it is refused only where it gives the figure away."""
    desk.draws("events")
    desk.see("events", "reviewer")
    with pytest.raises(Problem) as refused:  # allowed, but this desk has no file behind its records
        review.open_source(
            desk.ctx,
            section_id="events",
            subject="table:deviation",
            ref="record:deviation/DEV-1",
            actor=desk.actor("reviewer"),
        )
    assert "figures" not in str(refused.value)


def test_switched_off_nothing_is_asked_and_nothing_held_back(desk: First) -> None:
    desk.see("measured", "reviewer")
    switches.turn_off(desk.ctx, switch=Switch.EVIDENCE_FIRST, reason="Pause", actor=desk.actor("lead"))
    assert "99.2" in whole_text(desk.see("measured", "reviewer"))
    assert entries(desk) == [Action.EVIDENCE_FIRST_ASKED]


def test_an_excluded_report_is_not_asked_about_and_the_reason_is_kept(desk: First) -> None:
    switches.exclude(desk.ctx, report_id=REPORT, exclude=True, reason="Recall", actor=desk.actor("approver"))
    for _ in range(2):
        assert "99.2" in whole_text(desk.see("measured", "reviewer"))
    (entry,) = written(desk, Action.EVIDENCE_FIRST_LEFT_OUT)
    assert isinstance(entry.new, dict)
    assert entry.new["left_out"] == ["quality assurance has excluded the document"]


def test_a_section_without_figures_of_its_own_sources_is_left_out(desk: First) -> None:
    desk.draws("plain")
    assert "7" in whole_text(desk.see("plain", "reviewer"))
    (entry,) = written(desk, Action.EVIDENCE_FIRST_LEFT_OUT)
    assert isinstance(entry.new, dict)
    assert entry.new["left_out"] == [asking.NO_FIGURES]


def test_a_report_is_asked_about_once_by_a_reviewer(desk: First) -> None:
    """The cap is that of oversight checks: one a document, where it is not very long."""
    desk.draws("measured", "events")
    desk.answer("measured")
    assert "3, of them" in whole_text(desk.see("events", "reviewer"))
    assert entries(desk)[-1] is Action.EVIDENCE_FIRST_LEFT_OUT


def test_it_takes_two_people_to_turn_it_on_and_the_rate_has_bounds(desk: First) -> None:
    switches.turn_off(desk.ctx, switch=Switch.EVIDENCE_FIRST, reason="Pause", actor=desk.actor("admin"))
    asked_for = switches.request(
        desk.ctx, name=Switch.EVIDENCE_FIRST, text=switches.ON, reason="Agreed", actor=desk.actor("lead")
    )
    with pytest.raises(NotPermitted):
        switches.decide(desk.ctx, request_id=asked_for, approve=True, reason="Mine", actor=desk.actor("lead"))
    for rate in (0.01, 0.06):
        with pytest.raises(Invalid, match="evidence-first"):
            Rates(evidence_first=rate)
    assert switches.rates_in(switches.rates_text(Rates(evidence_first=0.05))).evidence_first == 0.05
    assert (
        switches.rates_in("base = 0.03\nburst = 0.2\nlong_run = 0.08\n").evidence_first == 0.03
    )  # approved before there was one


def test_an_inspector_who_has_the_key_reproduces_the_draw_and_what_was_asked(desk: First) -> None:
    view = desk.see("measured", "reviewer")
    (entry,) = written(desk, Action.EVIDENCE_FIRST_ASKED)
    assert isinstance(entry.new, dict)
    key = site_keys(desk.ctx.settings.home).drawing
    proof = hmac.new(key, f"evidence first/{REPORT}/1/a-reviewer|measured".encode(), hashlib.sha256).hexdigest()
    assert entry.new["proof"] == proof
    assert draw(proof) < float(str(entry.new["rate"]))
    said = texts(section_view(desk.ctx, "measured", None))
    assert asked(said, PACKS["measured"], proof) == view.asked


def test_the_draw_says_nothing_of_oversight_checks(tmp_path: Path) -> None:
    """Over 20,000 sections the two draws agree as often as independent ones do, and the share asked is the rate."""
    (tmp_path / KEY_FILE).write_bytes(bytes(range(32)))
    key = site_keys(tmp_path).drawing
    n, rate = 20_000, 0.05
    drawn = [
        (assignment(key, "r/1/a", f"s{i}", rate)[0], assignment(key, "evidence first/r/1/a", f"s{i}", rate)[0])
        for i in range(n)
    ]
    share, both = sum(first for _, first in drawn) / n, sum(check and first for check, first in drawn) / n
    assert abs(share - rate) < 4 * (rate * (1 - rate) / n) ** 0.5
    assert abs(both - rate**2) < 4 * (rate**2 / n) ** 0.5


def test_a_section_that_was_returned_is_not_asked_about_again(desk: First) -> None:
    desk.answer("measured")
    reviewing.return_section(
        desk.ctx,
        section_id="measured",
        category="incorrect",
        reason="Again",
        seen=desk.see("measured", "reviewer").view_id,
        actor=desk.actor("reviewer"),
    )
    assert "99.2" in whole_text(desk.see("measured", "reviewer"))
    assert entries(desk) == [Action.EVIDENCE_FIRST_ASKED, Action.EVIDENCE_FIRST_STATED]


def test_what_the_author_changes_meanwhile_is_asked_as_it_then_stands(desk: First) -> None:
    """A figure that the section no longer states is not asked any more, so that nobody waits for what is gone."""
    view = desk.see("measured", "reviewer")
    seen = desk.see("measured", "writer")
    sentence = next(s for s in seen.sentences if s.id == "measured-2")
    authoring.reject(
        desk.ctx, sentence_id=sentence.id, version=1, category="does not belong here", reason="Elsewhere", seen=seen.view_id,
        actor=desk.actor("writer"),
    )  # fmt: skip
    with pytest.raises(Stale, match="Other figures"):
        desk_state(desk, {f.ref: "4" for f in view.asked})
    assert [f.ref for f in desk.see("measured", "reviewer").asked] == ["fact:assay.mean"]


def test_a_report_that_is_asked_about_is_listed_as_waiting(desk: First) -> None:
    desk.see("measured", "reviewer")
    found = {one.section_id: one for one in signable(desk.ctx, REPORT, desk.people["reviewer"])}
    assert found["measured"].missing == (FIRST,)
    assert set(found) == set(KEYS)


def test_later_the_same_figures_are_asked(desk: First) -> None:
    """Another session and another day change nothing of what is asked."""
    first = desk.see("measured", "reviewer").asked
    later = replace(desk.ctx, clock=FixedClock(desk.ctx.clock.now() + timedelta(days=2)))
    again = review.open_section(
        later, report_id=REPORT, section_key="measured", actor=desk.people["reviewer"].actor(session="other")
    )
    assert again.asked == first
    assert entries(desk) == [Action.EVIDENCE_FIRST_ASKED]


def test_turned_on_after_a_section_was_opened_with_a_check_nothing_is_asked_of_it(desk: First) -> None:
    """The first look was before: an open check goes on as it stands, and what is asked later tells nothing of it."""
    switches.turn_off(desk.ctx, switch=Switch.EVIDENCE_FIRST, reason="Pause", actor=desk.actor("lead"))
    desk.draws("measured", checks=("measured",))
    turn_on(desk, Switch.LIVE)
    planted = desk.see("measured", "reviewer")
    turn_on(desk, Switch.EVIDENCE_FIRST)
    again = desk.see("measured", "reviewer")
    assert not again.asked
    assert whole_text(again) == whole_text(planted) != whole_text(section_view(desk.ctx, "measured", None))


def test_asked_again_while_a_check_is_open_neither_the_draft_nor_the_check_is_shown(desk: First) -> None:
    """Asked, switched off, opened with a check, switched on: the view is that of the question, also under the view that held the check."""
    desk.draws("measured", checks=("measured",))
    asked_first = desk.see("measured", "reviewer").asked
    switches.turn_off(desk.ctx, switch=Switch.EVIDENCE_FIRST, reason="Pause", actor=desk.actor("lead"))
    turn_on(desk, Switch.LIVE)
    planted = desk.see("measured", "reviewer")
    assert whole_text(planted) != whole_text(section_view(desk.ctx, "measured", None))
    turn_on(desk, Switch.EVIDENCE_FIRST)
    assert desk.see("measured", "reviewer").asked == asked_first
    held = section_view(desk.ctx, "measured", desk.people["reviewer"], seen=planted.view_id)
    assert held.asked == asked_first
    assert held.sentences == ()
    assert desk.answer("measured").sentences
