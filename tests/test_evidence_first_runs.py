"""Qualification runs that ask for figures first: half of them then said wrongly, beside the rule; what they tell, also on the command line."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from command import opened, run
from qualifying import WORDS, account_of, run_of

from audit.errors import Conflict, Invalid
from audit.oversight.model import Outcome
from drafting.context import Context
from drafting.evidence_first import outcomes
from drafting.evidence_first.challenges import ITEMS, figure_of
from drafting.evidence_first.outcomes import RUNS, measured
from drafting.overseeing import difficulties
from drafting.overseeing.outcomes import results
from drafting.probes import qualification
from drafting.probes.qualification import Feedback, Item
from drafting.probes.store import Stored

REVIEWER = "demo.reviewer"


@pytest.fixture
def home(filled_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled_home, tmp_path / "home"))


def first_items(ctx: Context, run_id: str) -> Iterator[tuple[Item, Stored]]:
    """Yield the items that ask for a figure as they come up; the others are decided, that nothing is wrong."""
    actor = account_of(ctx, REVIEWER).actor(session="s")
    while (item := qualification.next_item(ctx, run_id=run_id, actor=actor)) is not None:
        stored = next(i for i in run_of(ctx, run_id).items if i.id == item.check_id)
        if stored.asked is not None:
            yield item, stored
        else:
            qualification.decide(ctx, check_id=item.check_id, subject="", text="", actor=actor)


def state(ctx: Context, item: Item, answer: str) -> None:
    qualification.state(ctx, check_id=item.check_id, answer=answer, actor=account_of(ctx, REVIEWER).actor(session="s"))


def decide(ctx: Context, item: Item, subject: str) -> Feedback:
    actor = account_of(ctx, REVIEWER).actor(session="s")
    return qualification.decide(ctx, check_id=item.check_id, subject=subject, text=WORDS if subject else "", actor=actor)


def test_a_run_asks_for_figures_first_and_tells_how_advice_was_used(home: Path) -> None:
    """Each way once: a wrong draft withstood, one followed, a right draft taken up in the place of a wrong answer; nothing of it counts for the rule."""
    with opened(home) as ctx:
        run_id = qualification.start(ctx, actor=account_of(ctx, REVIEWER).actor(session="s"))
        asked = [item.asked for item in run_of(ctx, run_id).items if item.asked is not None]
        assert len(asked) == ITEMS
        assert sum(one["advice"] != one["truth"] for one in asked) == ITEMS // 2
        wrong = right = 0
        for item, stored in first_items(ctx, run_id):
            asked_for = stored.asked
            assert asked_for is not None
            truth, advice = asked_for["truth"], asked_for["advice"]
            shown_before(item, asked_for["advice"])
            with pytest.raises(Conflict, match="State the figure"):
                decide(ctx, item, "")
            with pytest.raises(Invalid):
                state(ctx, item, "some")
            faulty = truth != advice
            state(ctx, item, truth if faulty else "0" if truth != "0" else "1")
            with pytest.raises(Conflict, match="No figure"):
                state(ctx, item, truth)
            again = qualification.next_item(ctx, run_id=run_id, actor=account_of(ctx, REVIEWER).actor(session="s"))
            assert again is not None
            assert again.stated is not None
            assert figure_of(asked_for).subject in {s.id for s in again.view.sentences}
            objects = faulty and wrong == 0
            told = decide(ctx, item, figure_of(asked_for).subject if objects else "")
            assert told.stated == again.stated
            assert told.outcome is (Outcome.MISSED if faulty and not objects else Outcome.CAUGHT)
            wrong, right = wrong + faulty, right + (not faulty)
        with ctx.database.read() as conn:
            made = outcomes.decisions(conn, ctx)[RUNS]
            counted = results(conn, ctx)
            difficulties.of_site(conn, ctx)
        ended = run_of(ctx, run_id)
    assert (wrong, right) == (3, 3)
    assert sorted((d.initial == d.truth, d.advice == d.truth, d.final == d.truth) for d in made) == [
        (False, True, True), (False, True, True), (False, True, True), (True, False, False), (True, False, False), (True, False, True),
    ]  # fmt: skip
    found = measured(made)
    assert (found["rair"].n, found["rsr"].n) == (3, 3)
    assert ended.ended
    assert (ended.faults, ended.clean) == (qualification.FAULTS, qualification.CLEAN)
    assert {r.probe for r in counted} == {i.id for i in ended.counted if i.probe is not None}
    tree = run(home, "oversight", "report", "--json", user=REVIEWER)
    (mine,) = [row for row in tree["reviewers"] if row["capacity"] == "evidence first"]
    assert mine["qualification_runs"]["agreement"] == {"value": None, "n": 6, "reason": "6 decisions: withheld below 10"}
    assert mine["qualification_runs"]["rsr"]["n"] == 3
    assert "withheld" in run(home, "oversight", "report", user=REVIEWER)


def shown_before(item: Item, advice: str) -> None:
    """The item asks, holds the records or values that the answer is found in, and says nothing of the section."""
    assert item.figure is not None
    assert item.stated is None
    assert item.view.sentences == ()
    assert item.view.tables or item.view.charts
    assert item.figure.label
    assert Decimal(advice) is not None
