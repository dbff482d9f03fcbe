"""What a reviewer typed while a check stood: it comes back at the end, on the server, and no planted word of it is kept or signed over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up_submitted
from streamlit.testing.v1 import AppTest
from test_probes_live import drawn, planted_in

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict
from drafting import authoring, review, reviewing, working
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch
from drafting.probes import live
from drafting.probes.live import Reveal
from drafting.probes.workflow import Noted
from drafting.readmodel import SectionView
from drafting.working import QUESTION, RETURN
from review_ui.frame import Visit

LONG = "Where is the calculation of the number of batches kept?"


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report on a site with live checks, whose first section is drawn."""
    return drawn(set_up_submitted(sqlite_database, clock, new_id, tmp_path))


def kept(desk: Desk, key: str = "quality") -> dict[str, str]:
    return {s: one.text for s, one in working.kept(desk.ctx, section_id=key, actor=desk.actor("reviewer")).items()}


def typing(desk: Desk, subject: str, text: str, key: str = "quality") -> None:
    working.keep(desk.ctx, section_id=key, subject=subject, version=1, text=text, actor=desk.actor("reviewer"))


def note(desk: Desk, view: SectionView, *notes: Noted) -> Reveal | Noted | None:
    done: Reveal | Noted | None = None
    for one in notes:
        done = live.decide(desk.ctx, seen=view.view_id, note=one, actor=desk.actor("reviewer"))
    return done


def places(view: SectionView, desk: Desk) -> tuple[str, str, str]:
    """Return the faulty sentence, the other one, and what the faulty one says."""
    bad = planted_in(desk, view)
    good = next(s.id for s in view.sentences if s.id != bad)
    return bad, good, next(s.text for s in view.sentences if s.id == bad)


def ends(desk: Desk, view: SectionView, bad: str, how: str) -> Desk:
    """End the check: by its outcome, by time, in another session, or by the switch."""
    if how == "reveal":
        note(desk, view, Noted(bad, "question", "Is that so?"))
        return desk
    if how == "time":
        later = replace(desk, ctx=replace(desk.ctx, clock=FixedClock(desk.ctx.clock.now() + timedelta(minutes=31))))
        later.see("quality", "reviewer")
        return later
    if how == "session":
        actor = desk.people["reviewer"].actor(session="another")
        review.open_section(desk.ctx, report_id=REPORT, section_key="quality", actor=actor)
        return desk
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Recall", actor=desk.actor("admin"))
    return desk


@pytest.mark.parametrize("how", ["reveal", "time", "session", "switch"])
def test_what_was_noted_elsewhere_comes_back_and_planted_words_are_not_kept(desk: Desk, how: str) -> None:
    """However the check ends, a reload finds the question, and what was typed on the faulty place is deleted from the store."""
    view = desk.see("quality", "reviewer")
    bad, good, said = places(view, desk)
    note(desk, view, Noted(good, "question", LONG))
    typing(desk, bad, f"{said} Really?")
    typing(desk, good, f"Above it says: {said}")
    typing(desk, "somewhere", "Nothing of it.", key="census")
    desk = ends(desk, view, bad, how)
    assert kept(desk) == {QUESTION + good: LONG}
    assert kept(desk, "census") == {"somewhere": "Nothing of it."}


def test_what_is_typed_later_is_not_written_over_and_what_was_undone_stays_so(desk: Desk) -> None:
    view = desk.see("quality", "reviewer")
    bad, good, _ = places(view, desk)
    proposal = Noted(good, "propose", "Twelve batches were made.", "added context or judgement", "Clearer.")
    note(desk, view, proposal)
    typing(desk, good, "Twelve batches were made and tested.")
    ends(desk, view, bad, "reveal")
    assert kept(desk) == {good: "Twelve batches were made and tested."}


def test_an_undone_question_does_not_come_back(desk: Desk) -> None:
    view = desk.see("quality", "reviewer")
    bad, good, _ = places(view, desk)
    note(desk, view, Noted(good, "question", LONG), Noted(good, "undo"))
    ends(desk, view, bad, "reveal")
    assert kept(desk) == {}


def test_the_reason_of_a_return_comes_back(desk: Desk) -> None:
    """The return itself was of the checked view; its words wait where it is returned again."""
    view = desk.see("quality", "reviewer")
    revealed = note(desk, view, Noted("section", "return", "The method is not described.", "incorrect"))
    assert isinstance(revealed, Reveal)
    assert [one.text for one in revealed.kept] == ["The method is not described."]
    assert kept(desk) == {RETURN: "The method is not described."}


def test_words_of_the_faulty_place_are_shown_once(desk: Desk) -> None:
    view = desk.see("quality", "reviewer")
    bad, _, said = places(view, desk)
    typing(desk, bad, f"{said} Really?")
    revealed = note(desk, view, Noted(bad, "question", "A long question on it."))
    assert isinstance(revealed, Reveal)
    assert [one.text for one in revealed.kept] == ["A long question on it."]
    assert revealed.taken == (f"{said} Really?",)


def quoted(desk: Desk) -> tuple[Reveal, str]:
    """Quote the planted sentence in an own view and a question elsewhere while the check is open; then end it."""
    view = desk.see("quality", "reviewer")
    bad, _, said = places(view, desk)
    review.record_own_view(desk.ctx, section_id="cause", text=f"Section 1 says: {said}", actor=desk.actor("reviewer"))
    other = desk.see("cause", "reviewer")
    words = f"Why is it that {said}"
    asked = reviewing.question(
        desk.ctx, sentence_id=other.sentences[0].id, version=1, reason=words, seen=other.view_id, actor=desk.actor("reviewer")
    )  # fmt: skip
    revealed = note(desk, view, Noted(bad, "question", "Is that so?"))
    assert isinstance(revealed, Reveal)
    return revealed, asked


def test_what_quotes_the_fault_elsewhere_is_told_at_the_reveal(desk: Desk) -> None:
    revealed, asked = quoted(desk)
    assert {(one.section, one.what) for one in revealed.quoting} == {("cause", "own view"), ("cause", "question")}
    assert [one.decision for one in revealed.quoting if one.what == "question"] == [asked]


def test_nothing_is_signed_over_a_question_that_quotes_the_fault(desk: Desk) -> None:
    """Also once it was answered and the sentence confirmed; undone, the section is signed."""
    _, asked = quoted(desk)
    seen = desk.see("cause", "writer")
    authoring.answer(
        desk.ctx, decision_id=asked, reason="It does not say so.", seen=seen.view_id, actor=desk.actor("writer")
    )
    desk.check("quality")
    desk.check("cause")
    with pytest.raises(Conflict, match=r"Your question in section cause says words that an oversight check had planted"):
        desk.sign("reviewer", "cause")
    view = desk.see("cause", "reviewer")
    review.undo(desk.ctx, decision_id=asked, reason="Quoted a check.", seen=view.view_id, actor=desk.actor("reviewer"))
    desk.check("cause")
    desk.sign("reviewer", "quality")
    desk.sign("reviewer", "cause")


def test_a_page_loaded_anew_shows_the_question_where_it_was_typed(desk: Desk) -> None:
    """In its form, with no sentence chosen and nothing of the session left; cancelled, it is let go."""

    def run(visit, seen) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - runs alone, without this file's names
        from drafting import working
        from drafting.shown import section_view
        from review_ui import cards
        from review_ui.room import Room

        view = section_view(visit.ctx, "quality", visit.account, seen=seen)
        cards.show(Room(visit, view, seen, working.kept(visit.ctx, section_id="quality", actor=visit.actor)))

    view = desk.see("quality", "reviewer")
    bad, good, _ = places(view, desk)
    note(desk, view, Noted(good, "question", LONG))
    ends(desk, view, bad, "reveal")
    clean, reviewer = desk.see("quality", "reviewer"), desk.people["reviewer"]
    visit = Visit(desk.ctx, reviewer, reviewer.actor(session="s"), "", demo=False)
    page = AppTest.from_function(run, kwargs={"visit": visit, "seen": clean.view_id}, default_timeout=60).run()
    assert not page.exception
    assert page.text_area(key=f"asked.{good}").value == LONG
    next(b for b in page.button if b.label == "Cancel").click()
    page.run()
    assert not page.exception
    assert kept(desk) == {}
