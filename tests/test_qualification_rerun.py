"""What a qualification run does not do: restart a reviewer's statistic by itself, carry a certificate past a later run or a year, count what a dispute took out."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from qualifying import account_of, run_of, work_through

from audit.clock import FixedClock
from audit.errors import Conflict
from audit.identity import Account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context
from drafting.overseeing import disputes, pages
from drafting.overseeing.outcomes import coached
from drafting.probes import qualification
from drafting.probes.qualification import MOST_MISSED, VALID, Run

REVIEWER, LEAD = "demo.reviewer", "demo.lead"


@pytest.fixture
def ctx(filled_home: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(filled_home, tmp_path / "home")
    opened = open_context(settings_from({}, home=str(tmp_path / "home")))
    yield opened
    close_context(opened)


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


def test_an_item_that_a_dispute_took_out_counts_in_no_rule(ctx: Context) -> None:
    run = work_through(ctx, REVIEWER, missed=MOST_MISSED + 1)
    missed = next(item for item in run.counted if item.probe is not None and str(item.check.outcome) == "missed")
    disputes.raise_dispute(
        ctx, check_id=missed.id, reason="Both are right", actor=account_of(ctx, REVIEWER).actor(session="s")
    )
    assert not run_of(ctx, run.id).passed
    disputes.decide(ctx, check_id=missed.id, upheld=True, reason="So it is", actor=account_of(ctx, LEAD).actor(session="s"))
    after = run_of(ctx, run.id)
    assert (after.missed, after.faults, after.passed) == (MOST_MISSED, 19, True)
