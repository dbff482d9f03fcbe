"""What waits of oversight stands in the inbox of whoever may act on it, and what a run held can be read again by its reviewer and the training lead."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, set_up_submitted
from ended import probes_of
from oversight_desk import alarm
from qualifying import WORDS, account_of, work_through
from test_screens_oversight import missed, page, press, ran, tab, text

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import NotPermitted
from audit.identity import Role
from drafting.context import Context
from drafting.inbox import every_report
from drafting.overseeing import disputes, pseudonyms, switches
from drafting.overseeing.run_items import run_items
from drafting.overseeing.switches import ON, Switch
from drafting.overseeing.waits import waits
from drafting.probes import qualification
from drafting.probes.model import Fault, TextEdit
from review_ui import revealed

REVIEWER, LEAD = "demo.reviewer", "demo.lead"


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report with its people."""
    return set_up_submitted(sqlite_database, clock, new_id, tmp_path)


def what(desk: Desk, user: str) -> list[tuple[str, int]]:
    return [(one.what, one.number) for one in waits(desk.ctx, desk.people[user])]


def test_a_change_waits_for_an_approver_who_may_approve_it_and_stands_in_the_inbox(desk: Desk) -> None:
    assert "Nothing waits for you." in text(page(desk, "approver", "inbox"))
    switches.request(desk.ctx, name=str(Switch.LIVE), text=ON, reason="Procedure 17", actor=desk.actor("lead"))
    assert what(desk, "approver") == [("Changes of oversight to approve", 1)]
    assert not what(desk, "many")  # who reviews does not approve it
    assert not what(desk, "lead")
    shown = page(desk, "approver", "inbox")
    said = text(shown)
    assert "Changes of oversight to approve: 1" in said
    assert "Nothing waits for you." not in said
    assert "My tasks (1)" in said.replace("**", "")
    next(b for b in shown.button if b.label == "Open Oversight").click()
    ran(shown.run())
    opened = page(desk, "approver")
    assert "Turn on live checks" in text(opened)  # the tab on which it is decided is open


def test_a_dispute_waits_with_its_day_for_those_who_did_not_raise_it(desk: Desk) -> None:
    check = missed(desk)
    disputes.raise_dispute(desk.ctx, check_id=check.id, reason="Two dates", actor=desk.actor("reviewer"))
    for user in ("lead", "approver"):
        assert [(one.what, one.due) for one in waits(desk.ctx, desk.people[user])] == [("Disputes to decide", "2026-03-09")]
    own = replace(desk.people["reviewer"], roles=(Role.REVIEWER, Role.APPROVER))
    assert not waits(desk.ctx, own)
    assert "due 2026-03-09" in text(page(desk, "lead", "inbox"))


NAMES = "Names behind pseudonyms to decide"
MY_CHECKS, LEAD_TAB, TO_DECIDE = "My checks", "Training lead", "To decide"


def wanted(desk: Desk, who: str) -> str:
    """Have the training lead ask for somebody's name after an alarm; return the request's id."""
    alarm(desk, f"a-{who}")
    masked = pseudonyms.of_account(desk.ctx, f"a-{who}")
    return pseudonyms.ask(desk.ctx, wanted=masked, reason="Coaching is *due*", actor=desk.actor("lead"))


@pytest.mark.parametrize(
    ("label", "told", "granted"),
    [("Grant", "Granted: lead is shown the name once", True), ("Refuse", "Refused: it stays a pseudonym", False)],
)
def test_a_request_for_a_name_waits_where_an_approver_decides_it(
    desk: Desk, label: str, told: str, *, granted: bool
) -> None:
    request, masked = wanted(desk, "reviewer"), pseudonyms.of_account(desk.ctx, "a-reviewer")
    assert f"{NAMES}: 1" in text(page(desk, "approver", "inbox"))
    shown = page(desk, "approver")
    said = text(shown)
    assert f"{NAMES}** (1)" in said
    assert f"Name behind {masked}" in said
    assert "Coaching is *due*" in said
    assert "a-reviewer" not in said
    assert "Reviewer" not in said  # whoever decides learns no name
    shown = press(shown, label)
    assert "A reason is needed." in text(shown)
    assert what(desk, "approver") == [(NAMES, 1)]
    shown.text_input(key=f"unmask.words.{request}").input("As agreed")
    shown = press(shown, label)
    assert shown.session_state["verascribe.notice"]["text"].startswith(told)
    assert masked not in text(shown)
    with desk.ctx.database.read() as conn:
        (one,) = pseudonyms.asked(conn)
    assert one.granted is granted
    assert not what(desk, "approver")


def test_a_request_for_a_name_is_shown_neither_to_who_asked_nor_to_who_is_concerned(desk: Desk) -> None:
    request, masked = wanted(desk, "many"), pseudonyms.of_account(desk.ctx, "a-many")
    both = replace(desk.people["lead"], roles=(Role.TRAINING_LEAD, Role.APPROVER))
    people = {**desk.people, "both": both}
    for user, tabs in {
        "lead": [LEAD_TAB],
        "both": [LEAD_TAB],
        "many": [MY_CHECKS, TO_DECIDE],
        "admin": [],
        "auditor": [],
    }.items():
        opened = page(desk, user, account=people[user])
        for shown in (page(desk, user, "inbox", account=people[user]), opened, *(tab(opened, name) for name in tabs)):
            assert NAMES not in text(shown), user
            assert masked not in text(shown), user
    with pytest.raises(NotPermitted, match="their own name"):
        pseudonyms.decide(desk.ctx, request_id=request, grant=False, reason="No", actor=desk.actor("many"))
    assert what(desk, "approver") == [(NAMES, 1)]
    about_another = wanted(desk, "reviewer")
    assert (NAMES, 1) in what(desk, "many")  # an approver who reviews, and is not concerned
    assert f"{NAMES}** (1)" in text(tab(page(desk, "many"), TO_DECIDE))
    pseudonyms.withdraw(desk.ctx, request_id=about_another, reason="We talked", actor=desk.actor("lead"))
    assert not what(desk, "many")


def test_a_switch_says_who_turned_it_on_or_off_when_and_why(desk: Desk) -> None:
    switches.request(desk.ctx, name=str(Switch.ACTIVITY), text=ON, reason="Procedure 17", actor=desk.actor("lead"))
    (asked,) = switches.open_requests(desk.ctx)
    switches.decide(desk.ctx, request_id=asked.id, approve=True, reason="Agreed", actor=desk.actor("approver"))
    said = text(tab(page(desk, "reviewer"), "What is in force"))
    assert "Turned on by approver" in said
    assert "Agreed (asked for by lead: Procedure 17)" in said
    switches.turn_off(desk.ctx, switch=Switch.ACTIVITY, reason="Works council", actor=desk.actor("admin"))
    said = text(tab(page(desk, "reviewer"), "What is in force"))
    assert "Turned off by admin" in said
    assert "Works council" in said


def test_what_is_kept_of_views_is_disclosed_on_every_page_while_it_is_on(desk: Desk) -> None:
    told = "shown to that reviewer alone"
    assert told not in text(page(desk, "reviewer"))
    switches.request(desk.ctx, name=str(Switch.ACTIVITY), text=ON, reason="Procedure 17", actor=desk.actor("lead"))
    (asked,) = switches.open_requests(desk.ctx)
    switches.decide(desk.ctx, request_id=asked.id, approve=True, reason="Agreed", actor=desk.actor("approver"))
    assert told in text(page(desk, "reviewer"))


def test_what_a_run_held_is_read_again_by_its_reviewer_and_without_words_by_the_training_lead(ctx: Context) -> None:
    run = work_through(ctx, REVIEWER, missed=5, objected=1)
    mine = run_items(ctx, account_of(ctx, REVIEWER), run)
    counted = [item for item in mine if item.counted]
    assert len(counted) == qualification.FAULTS + qualification.CLEAN
    assert sum(item.probe is not None and not item.found for item in counted) == 5
    assert sum(item.probe is None and not item.found for item in counted) == 1
    assert all("›" in item.place for item in mine)
    assert WORDS in {item.said for item in mine}
    assert {item.said for item in run_items(ctx, account_of(ctx, LEAD), run)} == {""}
    with pytest.raises(NotPermitted):
        run_items(ctx, account_of(ctx, "demo.approver"), run)


def test_words_that_were_left_out_are_said_once(ctx: Context) -> None:
    sections = [section.id for report in every_report(ctx) for section in report.sections]
    omitted = [
        (probe, edit)
        for section in sections
        for probe in probes_of(ctx, section)
        for edit in probe.edits[:1]
        if isinstance(edit, TextEdit) and not edit.replacement and probe.fault is not Fault.NEGATION
    ]
    assert {Fault.OMITTED_RECORD, Fault.OMITTED_LIMITATION} <= {probe.fault for probe, _ in omitted}
    for probe, edit in omitted:
        assert f"{revealed.what(probe)} {probe.proof}".count(edit.original.strip(" ,;.")) == 1


def test_nothing_of_a_run_that_goes_on_is_told(ctx: Context) -> None:
    actor = account_of(ctx, REVIEWER).actor(session="s")
    run_id = qualification.start(ctx, actor=actor)
    (run,) = qualification.runs(ctx)
    assert run.id == run_id
    assert run_items(ctx, account_of(ctx, REVIEWER), run) == ()
