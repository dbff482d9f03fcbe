"""The oversight pages: what each person finds there, what is withheld, and what their acts leave in the trail."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from desk import PASSPHRASE, REPORT, Desk, set_up_submitted
from ended import ended, probes_of
from oversight_desk import alarm
from staff import written
from streamlit.testing.v1 import AppTest
from test_probes_live import turn_on, with_key

from audit import identity
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Invalid, NotFound, NotPermitted
from audit.identity import Account
from audit.oversight.model import Family, Outcome
from audit.passwords import CHEAPEST
from drafting.overseeing import disputes, pages, switches
from drafting.overseeing.comments import comment
from drafting.overseeing.switches import Switch
from drafting.overseeing.waits import waits
from drafting.probes.model import RowEdit
from drafting.probes.store import Stored, assign, checks_of
from drafting.shown import section_view
from review_ui.frame import DISCLOSURE, WAITS, Visit

WORDS_NEVER_SAID = ("failed", "score", "rank", "worst", "best reviewer")


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report with its people."""
    return set_up_submitted(sqlite_database, clock, new_id, tmp_path)


def page(desk: Desk, user: str, module: str = "oversight", *, account: Account | None = None) -> AppTest:
    def run(visit: object, module: str, opened: list) -> None:  # type: ignore[type-arg] # runs alone, without this file's names
        import importlib

        from review_ui import frame

        to = [lambda *_: opened.append("there")] * {"account": 0, "administration": 0, "inbox": 2}.get(module, 1)
        importlib.import_module(f"review_ui.screens.{module}").show(visit, *to)
        frame.foot(visit)  # type: ignore[arg-type]

    account = account or desk.people[user]
    visit = Visit(desk.ctx, account, account.actor(session="s"), "", demo=False)
    made = AppTest.from_function(run, kwargs={"visit": visit, "module": module, "opened": []}, default_timeout=60)
    return ran(made.run())


def ran(shown: AppTest) -> AppTest:
    assert not shown.exception
    said = text(shown).casefold()
    assert not [word for word in WORDS_NEVER_SAID if word in said]
    return shown


def text(shown: AppTest) -> str:
    elements = [*shown.markdown, *shown.caption, *shown.info, *shown.warning, *shown.error, *shown.subheader]
    said = [e.value for e in elements] + [m.label + " " + m.value for m in shown.metric] + [b.label for b in shown.button]
    return "\n".join(said).replace("\\", "").replace("\u00a0", " ")


def tab(shown: AppTest, name: str) -> AppTest:
    shown.session_state["tab.oversight"] = name
    return ran(shown.run())


def press(shown: AppTest, label: str) -> AppTest:
    next(b for b in shown.button if b.label == label).click()
    return ran(shown.run())


def missed(desk: Desk) -> Stored:
    probe = next(p for p in probes_of(desk.ctx, "quality") if p.family is Family.WRONG)
    return ended(desk.ctx, desk.people["reviewer"], probe, Outcome.MISSED)


def test_a_reviewer_sees_what_was_planted_what_the_evidence_says_and_comments(desk: Desk) -> None:
    check = missed(desk)
    assert check.probe is not None
    shown = page(desk, "reviewer")
    said = text(shown)
    assert "APR-1 › 1 Quality" in said
    assert "not noticed" in said
    assert check.probe.proof in said
    assert "My catch rate in reviews withheld" in said
    assert "1 check: withheld below 10" in said
    shown.text_area(key=f"comment.words.{check.id}").input("The unit was *not* shown")
    shown = press(shown, "Comment")
    assert "The unit was *not* shown" in text(shown)
    entry = written(desk, Action.OVERSIGHT_COMMENTED)[0]
    assert (entry.object_id, entry.actor.user_id) == (check.id, "reviewer")


def test_only_the_reviewer_comments_and_only_on_an_ended_check(desk: Desk) -> None:
    check = missed(desk)
    with pytest.raises(NotPermitted):
        comment(desk.ctx, check_id=check.id, text="Mine?", actor=desk.actor("many"))
    with pytest.raises(NotFound):
        comment(desk.ctx, check_id="none", text="Which?", actor=desk.actor("reviewer"))
    assert not written(desk, Action.OVERSIGHT_COMMENTED)


def test_a_dispute_is_raised_decided_by_another_and_told_to_the_reviewer(desk: Desk) -> None:
    check = missed(desk)
    shown = page(desk, "reviewer")
    shown.text_area(key=f"dispute.words.{check.id}").input("The source says both")
    press(shown, "Dispute")
    lead = page(desk, "approver")
    assert "due 2026-03-09" in text(lead)  # five working days after a Monday
    assert "The source says both" in text(lead)
    assert "Reviewer" not in text(lead)  # a dispute is decided without a name
    lead.text_input(key=f"settle.words.{check.id}").input("Two sources differ")
    press(lead, "Uphold: it does not count")
    told = text(page(desk, "reviewer"))
    assert "upheld, so it does not count: Two sources differ" in told
    assert "0 checks: withheld" in told
    assert "Dispute" not in [b.label for b in page(desk, "reviewer").button]


def test_who_decides_a_dispute_opens_the_source_of_the_fault_on_its_card(desk: Desk) -> None:
    check = missed(desk)
    disputes.raise_dispute(desk.ctx, check_id=check.id, reason="Both", actor=desk.actor("reviewer"))
    viewed = written(desk, Action.SOURCE_VIEWED)
    for user in ("approver", "reviewer"):  # the reviewer on the card of the own check
        shown = page(desk, user)
        assert "Evidence:" not in text(shown)
        shown.session_state[f"source.{check.id}"] = True
        assert "**Evidence: assay.mean = 99.1 %**" in text(ran(shown.run()))
    assert written(desk, Action.SOURCE_VIEWED) == viewed  # reading it here carries no review


def test_the_catch_rate_stands_with_its_interval_from_ten_checks_on(desk: Desk) -> None:
    probe = next(p for p in probes_of(desk.ctx, "quality") if p.family is Family.WRONG)
    for number in range(1, 11):
        outcome = Outcome.MISSED if number == 5 else Outcome.CAUGHT
        ended(desk.ctx, desk.people["reviewer"], probe, outcome, number=number)
    figure = pages.own(desk.ctx, desk.people["reviewer"]).routine
    assert (figure.value, figure.n) == (0.9, 10)
    said = text(page(desk, "reviewer"))
    assert "My catch rate in reviews 90 %" in said
    assert "95 % interval" in said
    assert "n = 10" in said


def missed_until(desk: Desk, action: Action, level: str, numbers: Iterator[int]) -> None:
    probe = next(p for p in probes_of(desk.ctx, "quality") if p.family is Family.WRONG)
    while not [e for e in written(desk, action) if isinstance(e.new, dict) and e.new["level"] == level]:
        ended(desk.ctx, desk.people["reviewer"], probe, Outcome.MISSED, number=next(numbers))


def test_a_notice_is_private_and_an_alarm_is_named_to_the_training_lead_alone(desk: Desk) -> None:
    numbers = iter(range(1, 40))
    missed_until(desk, Action.OVERSIGHT_NOTICED, "self", numbers)
    assert "more planted faults went by" in text(page(desk, "reviewer"))
    for user in ("lead", "approver", "admin", "auditor"):
        assert "Reviewer" not in text(page(desk, user)).replace("5 reviewers", "")
        assert "more planted faults went by" not in text(page(desk, user))
    missed_until(desk, Action.ALARM_RAISED, "named", numbers)
    assert ":material/notification_important: **Reviewer**" in text(page(desk, "lead"))
    for user in ("approver", "admin", "auditor", "many"):
        assert ":material/notification_important:" not in text(page(desk, user))
    alarm(desk)  # one of the site takes the checks of several reviewers
    told = text(page(desk, "admin", "administration"))
    assert "the training lead sees what it is about" in told
    assert "**Oversight**" in told


@pytest.mark.parametrize(("reviewers", "each", "given"), [(4, 20, False), (5, 5, False), (5, 6, True)])
def test_the_sites_figures_stand_from_five_reviewers_and_thirty_checks_on(
    desk: Desk, reviewers: int, each: int, *, given: bool
) -> None:
    probe = next(p for p in probes_of(desk.ctx, "quality") if p.family is Family.WRONG)
    people = [hired(desk, f"r{who}") for who in range(reviewers)]
    for number in range(each):  # in turn: figures of the site take checks in with those of five reviewers
        for account in people:
            ended(desk.ctx, account, probe, Outcome.CAUGHT if number else Outcome.MISSED, number=number)
    site = pages.site(desk.ctx, desk.people["auditor"])
    assert (site.catch.value is not None) is given
    said = text(page(desk, "auditor"))
    assert ("Catch rate, machine drafts 83 %" in said) is given
    assert ("withheld below 5 and 30" in said) is not given or "Withheld" in said
    assert not [f"R{who}" for who in range(reviewers) if f"R{who}" in said]


def hired(desk: Desk, user: str) -> Account:
    def write(conn: object) -> Account:
        return identity.create_account(
            conn, account_id=f"a-{user}", user_id=user, printed_name=user.upper(), roles=("reviewer",), password=PASSPHRASE,  # type: ignore[arg-type]
            by=desk.actor("admin"), at=desk.ctx.clock.now(), zone="UTC", cost=CHEAPEST, must_change_password=False,
        )  # fmt: skip

    return desk.ctx.database.write(write)


def test_the_natural_errors_of_the_machine_stand_beside_the_catch_rate(desk: Desk) -> None:
    said = text(page(desk, "auditor"))
    assert "Machine sentences wrong withheld" in said
    assert "3 sentences: withheld below 30" in said


def test_a_switch_is_asked_for_approved_and_turned_off_with_reasons(desk: Desk) -> None:
    lead = tab(page(desk, "lead"), "What is in force")
    assert DISCLOSURE not in text(lead)
    lead.text_input(key="ask.LIVE.words").input("Trained and agreed")
    lead = press(lead, "Ask for approval")
    assert "waits for approval" in text(lead)
    assert "Approve" not in [b.label for b in lead.button]
    request = switches.open_requests(desk.ctx)[0]
    for user in ("auditor", "reviewer"):
        assert not [b.label for b in tab(page(desk, user), "What is in force").button if b.label == "Approve"]
    approver = tab(page(desk, "approver"), "What is in force")
    approver.text_input(key=f"decide.words.{request.id}").input("SOP-9 in force")
    approver = press(approver, "Approve")
    assert DISCLOSURE in text(approver)
    assert DISCLOSURE in text(page(desk, "reviewer"))
    admin = tab(page(desk, "admin"), "What is in force")
    admin.text_input(key="off.LIVE.words").input("Recall")
    admin = press(admin, "Turn off")
    with desk.ctx.database.read() as conn:
        assert not switches.is_on(conn, Switch.LIVE)
    assert DISCLOSURE not in text(admin)


def test_an_approver_refuses_other_rates(desk: Desk) -> None:
    lead = tab(page(desk, "lead"), "What is in force")
    lead.number_input(key="rates.Live checks, %").set_value(5.0)
    lead.text_input(key="rates.reason").input("Small site")
    next(b for b in lead.button if b.label == "Ask for approval" and "ask.rates" in (b.form_id or "")).click()
    ran(lead.run())
    request = switches.open_requests(desk.ctx)[0]
    approver = tab(page(desk, "approver"), "What is in force")
    assert any("in a burst" in told.value and told.value.startswith("5") for told in approver.markdown)
    approver.text_input(key=f"decide.words.{request.id}").input("Not before the review of the year")
    press(approver, "Refuse")
    with desk.ctx.database.read() as conn:
        assert switches.rates(conn).base == 0.03


def test_who_asked_for_a_change_withdraws_it_and_may_ask_again(desk: Desk) -> None:
    lead = tab(page(desk, "lead"), "What is in force")
    lead.text_input(key="ask.LIVE.words").input("Trained and agreed")
    lead = press(lead, "Ask for approval")
    request = switches.open_requests(desk.ctx)[0]
    assert not [b for b in tab(page(desk, "approver"), "What is in force").button if b.label == "Withdraw"]
    lead.text_input(key=f"withdraw.{request.id}.words").input("The works council was not asked")
    lead = press(lead, "Withdraw")
    assert "Changes that wait for approval** (0)" in text(lead)
    assert not waits(desk.ctx, desk.people["approver"])
    (entry,) = written(desk, Action.SWITCH_WITHDRAWN)
    assert (entry.object_id, entry.field, entry.actor.user_id) == (request.id, Switch.LIVE, "lead")
    assert entry.reason == "The works council was not asked"
    lead.text_input(key="ask.LIVE.words").input("Asked now")
    press(lead, "Ask for approval")
    assert [r.reason for r in switches.open_requests(desk.ctx)] == ["Asked now"]


def test_only_who_asked_withdraws_a_change_and_only_while_it_waits(desk: Desk) -> None:
    asked = switches.request(desk.ctx, name=Switch.LIVE, text=switches.ON, reason="SOP", actor=desk.actor("lead"))
    for user in ("approver", "admin", "reviewer"):
        with pytest.raises(NotPermitted):
            switches.withdraw(desk.ctx, request_id=asked, reason="Not now", actor=desk.actor(user))
    with pytest.raises(Invalid):
        switches.withdraw(desk.ctx, request_id=asked, reason=" ", actor=desk.actor("lead"))
    switches.decide(desk.ctx, request_id=asked, approve=True, reason="Agreed", actor=desk.actor("approver"))
    with pytest.raises(NotFound):
        switches.withdraw(desk.ctx, request_id=asked, reason="Too late", actor=desk.actor("lead"))
    with desk.ctx.database.read() as conn:
        assert switches.is_on(conn, Switch.LIVE)
    again = switches.request(desk.ctx, name=Switch.QUALIFIED, text=switches.ON, reason="SOP", actor=desk.actor("lead"))
    switches.withdraw(desk.ctx, request_id=again, reason="Not yet", actor=desk.actor("lead"))
    with pytest.raises(NotFound):
        switches.decide(desk.ctx, request_id=again, approve=True, reason="Agreed", actor=desk.actor("approver"))


def test_an_approver_keeps_a_report_free_of_checks(desk: Desk) -> None:
    shown = tab(page(desk, "approver"), "What is in force")
    shown.selectbox(key="exclude.report").select("APR-1")
    shown.text_input(key="exclude.reason").input("Pending recall")
    shown = press(shown, "Keep it free of checks")
    assert "APR-1: Pending recall" in text(shown)
    assert not [b for b in tab(page(desk, "auditor"), "What is in force").button if "free of checks" in b.label]


def test_who_does_not_review_has_no_page_of_their_own(desk: Desk) -> None:
    assert "Oversight checks concern reviews." in text(page(desk, "writer"))
    assert "My oversight checks" not in text(page(desk, "auditor"))
    with pytest.raises(NotPermitted):
        pages.own(desk.ctx, desk.people["lead"])
    with pytest.raises(NotPermitted):
        pages.lead(desk.ctx, desk.people["reviewer"])
    with pytest.raises(NotPermitted):
        pages.site(desk.ctx, desk.people["writer"])


def test_the_own_page_says_how_to_get_a_certificate(desk: Desk) -> None:
    assert "does not ask for a certificate" in text(page(desk, "reviewer"))
    asked = switches.request(desk.ctx, name=Switch.QUALIFIED, text=switches.ON, reason="SOP", actor=desk.actor("lead"))
    switches.decide(desk.ctx, request_id=asked, approve=True, reason="Agreed", actor=desk.actor("approver"))
    shown = page(desk, "reviewer")
    assert "This site asks for a certificate before a review is signed. Work through a run" in text(shown).replace("\n", " ")
    account = page(desk, "reviewer", "account")
    assert [w.value for w in account.warning if "asks for a certificate of a qualification run" in w.value]
    assert not page(desk, "writer", "account").warning
    run = page(desk, "reviewer", "oversight_run")
    run = press(run, "Begin a qualification run")  # the desk's report is not closed
    assert "approve one first" in text(run)


def test_a_decided_dispute_is_not_disputed_again(desk: Desk) -> None:
    check = missed(desk)
    disputes.raise_dispute(desk.ctx, check_id=check.id, reason="Both", actor=desk.actor("reviewer"))
    disputes.decide(desk.ctx, check_id=check.id, upheld=False, reason="One only", actor=desk.actor("lead"))
    said = text(page(desk, "reviewer"))
    assert "not upheld: One only" in said
    assert "not noticed" in said


def section(desk: Desk, key: str) -> AppTest:
    def run(visit: object) -> None:  # runs alone, without this file's names
        from review_ui.screens import section

        section.show(visit, lambda *_: None, lambda _: None)  # type: ignore[arg-type]

    account = desk.people["reviewer"]
    visit = Visit(desk.ctx, account, account.actor(session="s"), "", demo=False)
    made = AppTest.from_function(run, kwargs={"visit": visit}, default_timeout=60)
    made.query_params["report"], made.query_params["section"] = REPORT, key
    return ran(made.run())


def controls(shown: AppTest) -> list[tuple[str, str]]:
    kinds = (shown.button, shown.selectbox, shown.text_input, shown.text_area, shown.tabs, shown.get("download_button"))
    return [(e.type, getattr(e, "label", "")) for kind in kinds for e in kind]


def test_a_probed_view_has_the_controls_of_every_view_and_the_reveal_stands_in_its_place(desk: Desk) -> None:
    with_key(desk, lambda key: key == "quality")
    turn_on(desk)
    probed = section(desk, "quality")
    with desk.ctx.database.read() as conn:
        planted = next(c.probe for c in checks_of(conn, desk.ctx) if c.probe is not None)
    before = controls(probed)
    probed.selectbox(key="return.quality.cat").select("incorrect")
    probed.text_input(key="return.quality.words").input("It is not what the source holds")
    told = press(probed, "Return the section")
    assert "This section held a planted fault." in text(told)
    assert planted.proof in text(told)
    assert not [label for _, label in controls(told) if label == "Return the section"]  # nothing of the section beside it
    clean = press(told, "Go on with the section")
    assert controls(clean) == before
    assert not written(desk, Action.SECTION_RETURNED)


def test_how_long_a_signature_waits_is_said_on_every_section_beforehand_whatever_it_holds(desk: Desk) -> None:
    with_key(desk, lambda key: key == "quality")
    assert WAITS["reviewer"] not in text(section(desk, "quality"))
    turn_on(desk)
    for key in ("quality", "census"):  # one holds a fault and one does not
        assert text(section(desk, key)).count(WAITS["reviewer"]) == 1
    exclude = partial(switches.exclude, desk.ctx, report_id=REPORT, reason="Recall", actor=desk.actor("approver"))
    exclude(exclude=True)
    assert WAITS["reviewer"] not in text(section(desk, "quality"))


def test_a_fault_of_a_table_is_located_by_saying_where(desk: Desk) -> None:
    turn_on(desk)
    real, account = section_view(desk.ctx, "census", None), desk.people["reviewer"]
    edit = RowEdit("table:t1", 0, 1, "99.1 %", "91.9 %")
    probe = replace(
        probes_of(desk.ctx, "quality")[0], family=Family.WRONG, section_id="census", canonical_hash=real.canonical_hash, subject=edit.subject, edits=(edit,)
    )  # fmt: skip
    content = {"probe": probe.tree(), "planted": [], "mode": "base", "section": "census"}
    desk.ctx.database.write(
        lambda conn: assign(
            conn, desk.ctx, content, report=REPORT, section="census", account=account.id, round_=1, actor=desk.actor("reviewer"), at=desk.ctx.clock.now()
        )
    )  # fmt: skip
    shown = section(desk, "census")
    assert shown.dataframe[0].value.iloc[0, 1] == "91.9 %"
    shown.selectbox(key="return.census.where").select("table:t1")
    shown.selectbox(key="return.census.cat").select("incorrect")
    shown.text_input(key="return.census.words").input("The mean differs")
    assert "You found it, and where it stood." in text(press(shown, "Return the section"))


def test_a_returned_section_says_where(desk: Desk) -> None:
    shown = section(desk, "census")
    shown.selectbox(key="return.census.where").select("table:t1")
    shown.selectbox(key="return.census.cat").select("incorrect")
    shown.text_input(key="return.census.words").input("The mean differs")
    press(shown, "Return the section")
    assert "Assay: The mean differs" in (written(desk, Action.SECTION_RETURNED)[0].reason or "")
