"""A second reviewer of a section whose first has a check in it: they sign on their own views and decisions, whatever the check does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import PASSPHRASE, REPORT, Desk
from test_probes_live import planted_in
from test_probes_signing import CHECKED, WITHOUT, desk_with

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict
from audit.signatures import Meaning
from drafting import reviewing
from drafting.probes import live
from drafting.probes.workflow import Noted
from drafting.signing import Signable, sign_sections, signable


@pytest.fixture(params=[CHECKED, WITHOUT])
def desk(
    request: pytest.FixtureRequest, sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path
) -> Desk:
    """The same report twice: with a fault in the first reviewer's picture of its first section, and with none."""
    return desk_with(request.param, sqlite_database, clock, new_id, tmp_path)


def later(desk: Desk, minutes: int) -> Desk:
    return replace(desk, ctx=replace(desk.ctx, clock=FixedClock(desk.ctx.clock.now() + timedelta(minutes=minutes))))


def line_of(desk: Desk, who: str) -> Signable:
    return next(one for one in signable(desk.ctx, REPORT, desk.people[who]) if one.section_id == CHECKED)


def signs(desk: Desk, who: str = "many", meaning: Meaning = Meaning.REVIEW) -> None:
    """Sign the section with the view that the list names, where the list says that it is complete."""
    line = line_of(desk, who)
    assert line.complete, line.missing
    sign_sections(
        desk.ctx, report_id=REPORT, seen={CHECKED: line.view_id}, user_id=who, passphrase=PASSPHRASE, meaning=meaning,
        actor=desk.actor(who),
    )  # fmt: skip
    assert line_of(desk, who).signed


@pytest.mark.parametrize("minutes", [1, 31])
def test_who_walked_off_keeps_nobody(desk: Desk, minutes: int) -> None:
    """The first opens it and leaves: the second reviews and signs, while it stands open and once it lapsed unnoticed."""
    desk.see(CHECKED, "reviewer")
    desk = later(desk, minutes)
    desk.check(CHECKED, "many")
    signs(desk)


def test_who_decided_before_a_check_of_another_was_revealed_need_not_decide_again(desk: Desk) -> None:
    """The second decides while the first's check is open; its end takes nothing of that away."""
    view = desk.see(CHECKED, "reviewer")
    desk.check(CHECKED, "many")
    told = [s.id for s in view.sentences]
    for subject in [planted_in(desk, view), *told] if view.sentences[0].text != "The mean assay was 99.1 %." else told:
        noted = live.decide(
            desk.ctx, seen=view.view_id, note=Noted(subject, "question", "Why?"), actor=desk.actor("reviewer")
        )
        if noted is None:
            reviewing.question(
                desk.ctx, sentence_id=subject, version=1, reason="Why?", seen=view.view_id, actor=desk.actor("reviewer")
            )
        if isinstance(noted, live.Reveal):
            break
    desk = later(desk, 2)
    for sentence in desk.see(
        CHECKED, "many"
    ).sentences:  # the questions of the unchecked first reviewer are answered by a confirmation
        seen = desk.see(CHECKED, "many").view_id
        reviewing.confirm(desk.ctx, sentence_id=sentence.id, version=1, seen=seen, actor=desk.actor("many"))
    signs(desk)


def test_the_first_reviewer_still_signs_only_what_they_saw_as_it_reads(desk: Desk) -> None:
    """Their own look is not decided: nothing of theirs is signed, though the second's signature stands."""
    desk.open_all(CHECKED, "reviewer")
    view = desk.see(CHECKED, "reviewer")
    desk.check(CHECKED, "many")
    signs(desk)
    with pytest.raises(Conflict):
        sign_sections(
            desk.ctx, report_id=REPORT, seen={CHECKED: view.view_id}, user_id="reviewer", passphrase=PASSPHRASE,
            meaning=Meaning.REVIEW, actor=desk.actor("reviewer"),
        )  # fmt: skip


def test_approval_waits_for_the_first_reviewer_by_time_alone(desk: Desk) -> None:
    """Whether the look held a fault and whether that was revealed, the approver is told the same at the same time."""
    view = desk.see(CHECKED, "reviewer")
    desk.check(CHECKED, "many")
    signs(desk)
    for minutes in (1, 2):
        desk = later(desk, minutes)
        with pytest.raises(Conflict, match=r"is not decided: 1 Quality. Its reviewer signs it; otherwise sign half an hour"):
            signs(desk_seeing(desk, "approver"), "approver", Meaning.APPROVAL)
        first = view.sentences[0]
        if minutes == 1 and live.decide(
            desk.ctx, seen=view.view_id, note=Noted("section", "return", "Wrong", "incorrect"), actor=desk.actor("reviewer")
        ) is None:  # fmt: skip
            assert first.reviewer is None
    desk = later(desk, 40)
    signs(desk_seeing(desk, "approver"), "approver", Meaning.APPROVAL)


def desk_seeing(desk: Desk, who: str) -> Desk:
    desk.see(CHECKED, who)
    return desk


def test_the_list_names_the_view_in_both(desk: Desk) -> None:
    """The reviewer's own line of a look that is not decided: the last view that was shown, and what its page asks for."""
    view = desk.see(CHECKED, "reviewer")
    assert line_of(desk, "reviewer").view_id == view.view_id
