"""What a qualification run does not do: restart a reviewer's statistic by itself, carry a certificate past a later run or a year, count what a dispute took out."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import Desk, set_up
from ended import probes_of
from qualifying import account_of, run_of, work_through
from streamlit.testing.v1 import AppTest

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict
from audit.identity import Account
from audit.oversight.model import Family, Outcome
from drafting.bootstrap import close_context, open_context
from drafting.context import Context
from drafting.model import Table
from drafting.overseeing import disputes, pages
from drafting.overseeing.outcomes import coached
from drafting.overseeing.run_items import run_items
from drafting.overseeing.waits import waits as waiting
from drafting.probes import qualification
from drafting.probes.kits import kit, sources
from drafting.probes.marking import marked
from drafting.probes.model import RowEdit
from drafting.probes.qualification import CLEAN, FAULTS, MOST_MISSED, VALID, Run
from drafting.shown import section_view
from review_ui.frame import Visit

REVIEWER, LEAD = "demo.reviewer", "demo.lead"


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(sqlite_database, clock, new_id, tmp_path)


def certify(ctx: Context, run: Run) -> Account:
    return qualification.certify(
        ctx, run_id=run.id, reason="Within the rule", actor=account_of(ctx, LEAD).actor(session="s")
    )


def restarted(ctx: Context) -> bool:
    with ctx.database.read() as conn:
        return account_of(ctx, REVIEWER).id in coached(conn)


def test_only_a_certified_run_restarts_a_reviewers_statistic_and_a_later_bad_one_takes_the_certificate(ctx: Context) -> None:
    """Else whoever has the private notice ends a run, in whatever way, and no alarm ever names them."""
    bad = work_through(ctx, REVIEWER, missed=MOST_MISSED + 1)
    assert not bad.passed
    good = work_through(ctx, REVIEWER)
    assert good.passed
    assert good.before == 1
    assert not restarted(ctx)
    worse = work_through(ctx, REVIEWER, missed=MOST_MISSED + 1)
    assert worse.before == 1  # a run within the rule is none of them
    assert run_of(ctx, good.id).outdone
    with pytest.raises(Conflict, match="later run"):
        certify(ctx, good)
    assert not pages.lead(ctx, account_of(ctx, LEAD)).to_certify
    again = work_through(ctx, REVIEWER)
    assert again.before == 2
    certify(ctx, again)
    assert restarted(ctx)


def test_a_certificate_counts_from_its_run_and_none_rests_on_a_run_of_a_year_ago(ctx: Context) -> None:
    run = work_through(ctx, REVIEWER)
    ended = ctx.clock.now()
    clock = FixedClock(ended + VALID / 2)
    later = open_context(ctx.settings, clock=clock)
    try:
        held = next(q for q in certify(later, run).qualifications if run.number in q.basis)
        assert (held.valid_from, held.valid_until) == (clock.now().date().isoformat(), (ended + VALID).date().isoformat())
    finally:
        close_context(later)


def said(ctx: Context, module: str) -> str:
    """Return what one of the reviewer's pages says."""

    def run(visit: object, module: str) -> None:  # runs alone, without this file's names
        import importlib

        importlib.import_module(f"review_ui.screens.{module}").show(visit, lambda: None)

    account = account_of(ctx, REVIEWER)
    visit = Visit(ctx, account, account.actor(session="s"), "", demo=False)
    shown = AppTest.from_function(run, kwargs={"visit": visit, "module": module}, default_timeout=60).run()
    assert not shown.exception
    return "\n".join(e.value for e in (*shown.markdown, *shown.caption, *shown.warning)).replace("\\", "")


NEXT, OVER = "the training lead certifies it next", "ended a year ago or earlier and carries no certificate any more"


def test_a_run_of_a_year_ago_waits_for_nobody_and_its_reviewer_reads_that_a_new_one_is_needed(ctx: Context) -> None:
    run, ended = work_through(ctx, REVIEWER), ctx.clock.now()
    for passed, waits in ((VALID - timedelta(days=1), True), (VALID, False)):
        later = open_context(ctx.settings, clock=FixedClock(ended + passed))
        try:
            lead = account_of(later, LEAD)
            assert [one.id for one in pages.lead(later, lead).to_certify] == [run.id] * waits
            assert [one.what for one in waiting(later, lead)] == ["Qualification runs to certify"] * waits
            for module in ("oversight_own", "oversight_run"):
                told = said(later, module)
                assert (NEXT in told.replace("The", "the"), OVER in told) == (waits, not waits), module
                assert ("a new run is needed" in told) is not waits
        finally:
            close_context(later)
    later = open_context(ctx.settings, clock=FixedClock(ended + VALID))
    try:
        with pytest.raises(Conflict, match="a year ago"):
            certify(later, run)
    finally:
        close_context(later)


def test_whose_certificate_has_ended_is_not_told_to_hold_one(ctx: Context) -> None:
    certify(ctx, work_through(ctx, REVIEWER))
    for passed, holds in ((VALID, True), (VALID + timedelta(days=1), False)):
        later = open_context(ctx.settings, clock=FixedClock(ctx.clock.now() + passed))
        try:
            told = said(later, "oversight_run")
            assert ("You hold the certificate." in told, "Its certificate has ended" in told) == (holds, not holds)
            assert OVER not in said(later, "oversight_own")
        finally:
            close_context(later)


def test_an_item_that_a_dispute_took_out_counts_in_no_rule(ctx: Context) -> None:
    run = work_through(ctx, REVIEWER, missed=MOST_MISSED + 1)
    missed = next(item for item in run.counted if item.probe is not None and str(item.check.outcome) == "missed")
    disputes.raise_dispute(
        ctx, check_id=missed.id, reason="Both are right", actor=account_of(ctx, REVIEWER).actor(session="s")
    )
    assert not run_of(ctx, run.id).passed
    items = {one.check_id: one for one in run_items(ctx, account_of(ctx, REVIEWER), run_of(ctx, run.id))}
    assert items[missed.id].dispute == "disputed: another person decides"
    assert (
        sum(one.disputable for one in items.values()) == MOST_MISSED
    )  # what the rule counts against the reviewer, and is not disputed
    disputes.decide(ctx, check_id=missed.id, upheld=True, reason="So it is", actor=account_of(ctx, LEAD).actor(session="s"))
    after = run_of(ctx, run.id)
    assert (after.missed, after.faults, after.passed) == (MOST_MISSED, 19, True)
    told = {one.check_id: one.dispute for one in run_items(ctx, account_of(ctx, REVIEWER), after)}
    assert told[missed.id] == "disputed, and taken out of the rule"


def test_a_table_is_no_sign_of_a_fault(ctx: Context) -> None:
    """Clean excerpts are cut where a fault could stand: whoever objects to every table objects to correct ones as often."""
    with ctx.database.read() as conn:
        found = list(sources(conn, ctx))
    faulty, clean = [], []
    for seed in range(10):
        for _, content in kit(found, set(), random.Random(seed), faults=FAULTS, clean=CLEAN):
            (faulty if content["probe"] else clean).append(content["place"].startswith("table:"))
    assert 0.7 < (sum(clean) / len(clean)) / (sum(faulty) / len(faulty)) < 1.4


@pytest.mark.parametrize(
    ("column", "row", "found"), [(1, 2, True), (1, 3, False), (1, None, True), (-1, 1, True), (-1, 2, True), (-1, 3, False)]
)
def test_the_altered_row_or_the_gap_that_a_row_left_is_where_a_fault_stands(
    desk: Desk, column: int, row: int | None, *, found: bool
) -> None:
    rows = tuple((f"B{number}", "b") for number in range(5))
    table = Table("t9", "Batches", ("batch", "state"), rows, tuple(f"record:{number}" for number in range(5)))
    made = replace(
        probes_of(desk.ctx, "quality")[0], subject="table:t9", edits=(RowEdit("table:t9", 2, column, "b", "c"),), flag=None
    )
    view = replace(section_view(desk.ctx, "quality", None), tables=(table,))
    told = marked(replace(made, family=Family.WRONG), "table:t9", row, view, 2)
    assert (told is Outcome.CAUGHT) is found
