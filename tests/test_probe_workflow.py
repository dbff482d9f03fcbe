"""No workflow of oversight checks, in whatever order, signs planted words or rests on a view that held them: on the pure model."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.errors import Conflict
from audit.oversight.model import Outcome
from benchmarks.interlock import ACTS, SECTIONS, Act, Workflow, interlock
from drafting.probes.workflow import Event, Noted, Step, fold, outcome_of, timed_out

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def events(*steps: tuple[Step, str, dict[str, str]]) -> list[Event]:
    """Return events a minute apart, after the assignment."""
    made = [Event(Step.ASSIGNED, START)]
    return made + [Event(step, START + timedelta(minutes=i + 1), view, body) for i, (step, view, body) in enumerate(steps)]


def test_a_check_that_was_caught_ends_restored_and_keeps_its_outcome() -> None:
    """The whole life: shown twice, noted, revealed, restored."""
    check = fold(
        events(
            (Step.SHOWN, "v1", {}),
            (Step.SHOWN, "v2", {}),
            (Step.NOTED, "v2", {"subject": "s1", "decision": "question", "text": "Why?"}),
            (Step.REVEALED, "v2", {"outcome": str(Outcome.CAUGHT)}),
            (Step.RESTORED, "v3", {}),
        )
    )
    assert (check.state, check.outcome, check.views, check.clean) == (Step.RESTORED, Outcome.CAUGHT, ("v1", "v2"), "v3")
    assert check.ended
    assert not check.open


@pytest.mark.parametrize("step", [Step.NOTED, Step.REVEALED, Step.RESTORED])
def test_nothing_is_decided_on_what_was_not_shown(step: Step) -> None:
    """An outcome without a view cannot be stored."""
    with pytest.raises(Conflict):
        fold(events((step, "v1", {"outcome": str(Outcome.MISSED)})))


def test_a_view_that_stands_too_long_is_timed_out() -> None:
    """Thirty minutes, from the first time it was shown."""
    check = fold(events((Step.SHOWN, "v1", {}), (Step.SHOWN, "v2", {})))
    assert not timed_out(check, START + timedelta(minutes=31))
    assert timed_out(check, START + timedelta(minutes=32))


@pytest.mark.parametrize(
    ("noted", "planted", "outcome"),
    [
        ([("s1", "confirm")], "s1", Outcome.MISSED),
        ([("s2", "confirm")], "s1", None),
        ([("s2", "question")], "s1", None),
        ([("s1", "confirm"), ("s1", "question")], "s1", Outcome.CAUGHT),
        ([("s1", "propose")], "s1", Outcome.CAUGHT),
        ([("section", "return")], "s1", Outcome.UNLOCATED),
        ([("s2", "question"), ("section", "return")], "s1", Outcome.UNLOCATED),
        ([("s1", "confirm"), ("s2", "confirm")], "section", Outcome.MISSED),
        ([("s1", "confirm"), ("s2", "question")], "section", Outcome.UNLOCATED),
        ([("section", "question")], "section", Outcome.CAUGHT),
        ([("s1", "confirm")], "section", None),
    ],
)
def test_the_outcome_is_what_the_decisions_amount_to(
    noted: list[tuple[str, str]], planted: str, outcome: Outcome | None
) -> None:
    """Rejecting everything is not a catch; an omission is found by saying that something is missing."""
    made = [Noted(subject, decision) for subject, decision in noted]
    assert outcome_of(made, planted=planted, subjects=("s1", "s2")) == outcome


ACT = st.tuples(st.sampled_from(ACTS), st.sampled_from(SECTIONS))


@given(st.lists(ACT, max_size=30))
@settings(max_examples=500, deadline=None)
def test_no_order_of_acts_signs_planted_words_or_rests_on_a_view_that_held_them(acts: list[Act]) -> None:
    """People, crashes, time and edits in any order; the workflow keeps its own account and compares."""
    Workflow().run(acts)


def test_random_workflows_sign_and_refuse() -> None:
    """Twenty thousand seeded workflows: many are signed, many refused, none wrongly."""
    row = interlock(20_000)[0]
    assert row["signed"] > 1000
    assert row["refused"] > 1000
