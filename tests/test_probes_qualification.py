"""Qualification runs: what they are made of, when they are passed, who certifies them, what the certificate opens, and what they leave alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, set_up
from qualifying import account_of, decide, next_excerpt, right, run_of, work_through, wrong
from sqlalchemy import func, select

from audit import identity, trail
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from audit.identity import Role
from audit.oversight.model import Mode, Outcome
from audit.signatures import Meaning
from drafting import tables
from drafting.accounts import CERTIFICATE
from drafting.context import Context
from drafting.evidence_first.challenges import ITEMS
from drafting.inbox import every_report
from drafting.overseeing import switches
from drafting.overseeing.outcomes import results
from drafting.overseeing.switches import Switch
from drafting.probes import qualification
from drafting.probes.live import instance
from drafting.probes.qualification import CLEAN, FAULTS, MOST_MISSED, MOST_OBJECTED, VALID
from review_ui.people import qualification_line

REVIEWER, LEAD = "demo.reviewer", "demo.lead"


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(sqlite_database, clock, new_id, tmp_path)


def certify(ctx: Context, run_id: str, user: str = LEAD) -> identity.Account:
    return qualification.certify(
        ctx, run_id=run_id, reason="Within the rule", actor=account_of(ctx, user).actor(session="s")
    )


def test_a_run_is_twenty_faults_and_ten_sections_without_one(ctx: Context) -> None:
    run_id = qualification.start(ctx, actor=account_of(ctx, REVIEWER).actor(session="s"))
    items = run_of(ctx, run_id).counted
    assert (sum(i.probe is not None for i in items), sum(i.probe is None for i in items)) == (FAULTS, CLEAN) == (20, 10)
    assert len({i.section for i in items if i.probe is not None}) > 10  # of many sections
    with ctx.database.read() as conn:
        assert trail.entries(conn, action=str(Action.OVERSIGHT_ASSIGNED))[0].object_kind == "oversight_check"


def test_nothing_is_given_to_a_reviewer_twice(ctx: Context) -> None:
    first, second = work_through(ctx, REVIEWER), work_through(ctx, REVIEWER)
    faults = [instance(i.probe) for run in (first, second) for i in run.items if i.probe is not None]
    assert len(faults) == len(set(faults)) == 2 * (FAULTS + ITEMS // 2)


def test_each_item_shows_its_fault_and_what_the_evidence_holds(ctx: Context) -> None:
    """Where the fault stands is in the excerpt; a record that was left out is among those that the evidence holds."""
    run_id = qualification.start(ctx, actor=account_of(ctx, REVIEWER).actor(session="s"))
    while (item := next_excerpt(ctx, run_id, REVIEWER)) is not None:
        probe = next(i.probe for i in run_of(ctx, run_id).items if i.id == item.check_id)
        shown = {s.id for s in item.view.sentences} | {f"table:{t.id}" for t in item.view.tables}
        assert shown
        assert len(shown) <= 6
        if probe is not None and probe.subject == "section" and probe.sources[0].startswith("record:"):
            assert probe.sources[0].partition("/")[2] in item.records
        elif probe is not None:
            assert shown & probe.places
        told = decide(ctx, REVIEWER, item.check_id, right(probe))
        assert (told.outcome, told.probe) == (Outcome.CAUGHT, probe)


@pytest.mark.parametrize(
    ("missed", "objected", "passed"),
    [
        (MOST_MISSED, MOST_OBJECTED, True),
        (MOST_MISSED + 1, 0, False),
        (0, MOST_OBJECTED + 1, False),
    ],
)
def test_the_rule_at_its_limits(ctx: Context, missed: int, objected: int, *, passed: bool) -> None:
    run = work_through(ctx, REVIEWER, missed=missed, objected=objected)
    assert (run.ended, run.missed, run.objected, run.passed) == (True, missed, objected, passed)
    if not passed:
        with pytest.raises(Conflict, match="not passed"):
            certify(ctx, run.id)


def test_passing_gives_no_right_before_the_training_lead_certifies(ctx: Context) -> None:
    run = work_through(ctx, REVIEWER, missed=2)
    assert not [q for q in account_of(ctx, REVIEWER).qualifications if q.basis.startswith(CERTIFICATE)]
    for user in (REVIEWER, "demo.approver", "demo.admin"):
        with pytest.raises(NotPermitted):
            certify(ctx, run.id, user)
    held = next(q for q in certify(ctx, run.id).qualifications if q.basis.startswith(CERTIFICATE))
    today = ctx.clock.now().date()
    assert (held.meaning, held.valid_until) == (Meaning.REVIEW, (today + VALID).isoformat())
    assert held.basis == f"{CERTIFICATE} {run.number}"  # read by whoever sees accounts: no result stands in it
    earlier = replace(
        held, basis=f"{CERTIFICATE} OQ-1: 18 of 20 faults located, 0 of 10 sections without a fault objected to"
    )
    line = qualification_line({}, earlier, held.valid_from)
    assert line["rests on"] == f"{CERTIFICATE} OQ-1"
    assert (line["from"], line["until"]) == (held.valid_from, held.valid_until)
    with pytest.raises(Conflict, match="certified already"):
        certify(ctx, run.id)


def test_nobody_certifies_the_own_run(ctx: Context) -> None:
    admin = account_of(ctx, "demo.admin").actor(session="s")
    both = (str(Role.REVIEWER), str(Role.TRAINING_LEAD))
    lead = account_of(ctx, LEAD)

    from drafting import accounts

    accounts.change_roles(ctx, lead.id, both, reason="Also reviews", actor=admin)
    run = work_through(ctx, LEAD)
    with pytest.raises(NotPermitted, match="own run"):
        certify(ctx, run.id)


def test_one_run_at_a_time_and_only_the_own_one(ctx: Context) -> None:
    actor = account_of(ctx, REVIEWER).actor(session="s")
    run_id = qualification.start(ctx, actor=actor)
    with pytest.raises(Conflict, match="not ended"):
        qualification.start(ctx, actor=actor)
    with pytest.raises(NotPermitted):
        qualification.next_item(ctx, run_id=run_id, actor=account_of(ctx, LEAD).actor(session="s"))
    with pytest.raises(NotPermitted):
        qualification.start(ctx, actor=account_of(ctx, "demo.writer").actor(session="s"))


def test_an_item_is_decided_once_and_an_objection_says_why(ctx: Context) -> None:
    actor = account_of(ctx, REVIEWER).actor(session="s")
    run_id = qualification.start(ctx, actor=actor)
    item = next_excerpt(ctx, run_id, REVIEWER)
    assert item is not None
    with pytest.raises(Invalid):
        qualification.decide(ctx, check_id=item.check_id, subject="section", text=" ", actor=actor)
    again = next_excerpt(ctx, run_id, REVIEWER)
    assert again is not None
    assert again.view == item.view  # the same picture at every opening
    probe = run_of(ctx, run_id).items[0].probe
    told = decide(ctx, REVIEWER, item.check_id, wrong(probe))
    assert told.outcome is Outcome.MISSED
    with pytest.raises(NotFound):
        decide(ctx, REVIEWER, item.check_id, right(probe))


def test_a_run_leaves_its_reports_alone(ctx: Context) -> None:
    """No view, no opening, no decision, no entry of a section; and the outcomes say nothing of routine work."""
    names = ("views", "openings", "decisions", "sections", "sentences", "report_events")
    counted = [select(func.count()).select_from(getattr(tables, name)) for name in names]
    with ctx.database.read() as conn:
        before = [conn.scalar(query) for query in counted]
        entries = len(trail.entries(conn, object_kind="section"))
    shown = every_report(ctx)
    work_through(ctx, REVIEWER, missed=1)
    with ctx.database.read() as conn:
        assert [conn.scalar(query) for query in counted] == before
        assert len(trail.entries(conn, object_kind="section")) == entries
        assert {r.mode for r in results(conn, ctx)} == {Mode.QUALIFY}
        assert not trail.entries(conn, action=str(Action.ALARM_RAISED))
    assert every_report(ctx) == shown


def test_outside_a_demo_only_closed_reports_are_used(desk: Desk) -> None:
    desk.submitted()
    with pytest.raises(Conflict, match=r"^0 of 20 faults") as refused:
        qualification.start(desk.ctx, actor=desk.actor("reviewer"))
    assert "closed report" in refused.value.remedy
    for key in ("quality", "cause", "census"):
        desk.check(key)
    desk.sign("reviewer", "quality", "cause", "census")
    desk.sign("approver", "quality", "cause", "census")
    with pytest.raises(Conflict, match=r"^[1-9]\d* of 20 faults"):  # of the report that is closed now; it is a small one
        qualification.start(desk.ctx, actor=desk.actor("reviewer"))


def demand_certificates(desk: Desk) -> None:
    asked = switches.request(desk.ctx, name=Switch.QUALIFIED, text=switches.ON, reason="SOP-9", actor=desk.actor("lead"))
    switches.decide(desk.ctx, request_id=asked, approve=True, reason="Agreed", actor=desk.actor("approver"))


def test_where_the_site_asks_for_it_a_review_is_signed_with_a_certificate_only(desk: Desk) -> None:
    desk.submitted()
    desk.check("census")
    demand_certificates(desk)
    with pytest.raises(NotPermitted, match="certificate of a qualification run") as refused:
        desk.sign("reviewer", "census")
    assert "Oversight" in refused.value.remedy
    give(desk, "2026-01-01", "2026-02-28")  # no longer current
    with pytest.raises(NotPermitted, match="certificate"):
        desk.sign("reviewer", "census")
    give(desk, "2026-03-01", "2026-12-31")
    assert f"{CERTIFICATE} OQ-1" in desk.sign("reviewer", "census").tree()["qualification"]


def test_authors_and_approvers_need_no_certificate(desk: Desk) -> None:
    demand_certificates(desk)
    desk.submitted()


def give(desk: Desk, since: str, until: str) -> None:
    held = identity.Qualification("*", str(Meaning.REVIEW), since, until, f"{CERTIFICATE} OQ-1: 20 of 20 faults located")
    reviewer = account_of(desk.ctx, "reviewer")
    at = desk.ctx.clock.now()
    desk.ctx.database.write(lambda conn: identity.qualify(conn, reviewer, held, by=desk.actor("lead"), at=at, zone="UTC"))
