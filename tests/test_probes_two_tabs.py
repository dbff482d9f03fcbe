"""A view of before the look at a section: no act of a review rests on it, with a fault in the look or without, in the same words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up, set_up_submitted
from staff import written
from test_probes_live import turn_on, with_key

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Stale
from drafting import review, reviewing, scoping
from drafting.lifecycle import ReturnReason
from drafting.readmodel import SectionView

CHECKED, WITHOUT = "quality", "a key that draws nothing"
SAID = "This view of the section stands no longer. Load the section again, read it and decide."


@pytest.fixture(params=[CHECKED, WITHOUT])
def drawn(request: pytest.FixtureRequest) -> str:
    """The section that the key draws, or none."""
    return str(request.param)


@pytest.fixture
def place(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> tuple[object, ...]:
    return (sqlite_database, clock, new_id, tmp_path)


def later(desk: Desk, minutes: int) -> Desk:
    return replace(desk, ctx=replace(desk.ctx, clock=FixedClock(desk.ctx.clock.now() + timedelta(minutes=minutes))))


def acts(desk: Desk, view: SectionView, seen: str) -> dict[str, Callable[[], object]]:
    """Return every act of a review on a section, as resting on one view."""
    first = view.sentences[0]
    on = {"sentence_id": first.id, "version": first.version, "seen": seen, "actor": desk.actor("reviewer")}
    section = {"section_id": view.summary.id, "actor": desk.actor("reviewer")}
    return {
        "confirm": lambda: reviewing.confirm(desk.ctx, **on),
        "question": lambda: reviewing.question(desk.ctx, reason="Why 9.91?", **on),
        "propose": lambda: reviewing.propose(
            desk.ctx, text="The mean was 9.91 %.", category="clearer wording, same meaning", reason="", **on
        ),
        "return": lambda: reviewing.return_section(
            desk.ctx, category=str(ReturnReason.INCORRECT), reason="It says 9.91", seen=seen, **section
        ),
        "table": lambda: review.confirm_table(desk.ctx, table_id="t1", seen=seen, **section),
        "own view": lambda: review.record_own_view(desk.ctx, text="It says 9.91", **section),
    }


def refused(desk: Desk, view: SectionView, seen: str) -> None:
    before = len([e for e in written(desk, Action.SENTENCE_CONFIRMED) if e.actor.user_id == "reviewer"])
    for name, act in acts(desk, view, seen).items():
        with pytest.raises(Stale) as found:
            act()
        assert str(found.value) == SAID, name
    assert len([e for e in written(desk, Action.SENTENCE_CONFIRMED) if e.actor.user_id == "reviewer"]) == before


def test_a_tab_of_before_live_checks_carries_no_review(place: tuple[object, ...], drawn: str) -> None:
    desk = set_up_submitted(*place)  # type: ignore[arg-type]
    with_key(desk, lambda key: key == drawn)
    old = desk.see(CHECKED, "reviewer")
    turn_on(desk)
    desk = later(desk, 5)
    refused(desk, desk.see(CHECKED, "reviewer"), old.view_id)
    assert not written(desk, Action.SECTION_RETURNED)


def test_a_tab_of_before_submission_carries_no_review(place: tuple[object, ...], drawn: str) -> None:
    desk = set_up(*place)  # type: ignore[arg-type]
    desk.authored()
    with_key(desk, lambda key: key == drawn)
    turn_on(desk)
    old = desk.see(CHECKED, "reviewer")
    scoping.submit(desk.ctx, report_id=REPORT, actor=desk.actor("writer"))
    desk = later(desk, 5)
    refused(desk, desk.see(CHECKED, "reviewer"), old.view_id)


def test_nor_does_it_once_the_look_is_over(place: tuple[object, ...], drawn: str) -> None:
    """After the half hour, and after the section was opened anew."""
    desk = set_up_submitted(*place)  # type: ignore[arg-type]
    with_key(desk, lambda key: key == drawn)
    old = desk.see(CHECKED, "reviewer")
    turn_on(desk)
    desk = later(desk, 5)
    desk.see(CHECKED, "reviewer")
    desk = later(desk, 40)
    anew = desk.see(CHECKED, "reviewer")
    first = anew.sentences[0]
    with pytest.raises(Stale, match="stands no longer"):
        reviewing.confirm(desk.ctx, sentence_id=first.id, version=1, seen=old.view_id, actor=desk.actor("reviewer"))
    reviewing.confirm(desk.ctx, sentence_id=first.id, version=1, seen=anew.view_id, actor=desk.actor("reviewer"))


def test_a_section_is_returned_from_the_view_it_was_read_in(place: tuple[object, ...]) -> None:
    """As every other act: not from another person's view, nor from none."""
    desk = set_up_submitted(*place)  # type: ignore[arg-type]
    others = desk.see(CHECKED, "many").view_id
    for seen in ("", "no such view", others):
        with pytest.raises(Stale):
            reviewing.return_section(
                desk.ctx, section_id=CHECKED, category=str(ReturnReason.INCORRECT), reason="Wrong", seen=seen,
                actor=desk.actor("reviewer"),
            )  # fmt: skip
    assert not written(desk, Action.SECTION_RETURNED)
