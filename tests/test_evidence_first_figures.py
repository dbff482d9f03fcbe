"""What figures stated before the draft tell: every measure on a hand-counted example, what does not count, who sees it, and runs of qualification."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from first_desk import First, first_desk
from hypothesis import given
from hypothesis import strategies as st
from oversight_desk import alarm, turn_on

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.oversight.model import Estimate
from audit.oversight.reliance import Decision
from drafting import authoring, review, reviewing
from drafting.evidence_first import outcomes
from drafting.evidence_first.askings import KIND
from drafting.evidence_first.figures import CANNOT_TELL
from drafting.evidence_first.outcomes import REVIEWS, RUNS, measured, of_site
from drafting.overseeing import pages, switches
from drafting.overseeing.access import TABLE, Reader, Thing, When
from drafting.overseeing.sight import hidden
from drafting.overseeing.switches import Switch
from drafting.oversight import measures
from drafting.probes import live
from drafting.probes.workflow import Noted
from drafting.trail_reading import Chosen, chosen_entries

D = Decimal
EVERYBODY = ("admin", "writer", "reviewer", "approver", "auditor", "lead", "many")


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> First:
    return first_desk(database, clock, new_id, tmp_path)


def reviews(desk: First) -> list[Decision]:
    with desk.ctx.database.read() as conn:
        return outcomes.decisions(conn, desk.ctx)[REVIEWS]


def confirm(desk: First, sentence: str, version: int = 1) -> str:
    seen = desk.see("measured", "reviewer").view_id
    return reviewing.confirm(
        desk.ctx, sentence_id=sentence, version=version, seen=seen, actor=desk.actor("reviewer")
    )  # fmt: skip


def question(desk: First, sentence: str) -> str:
    seen = desk.see("measured", "reviewer").view_id
    return reviewing.question(
        desk.ctx, sentence_id=sentence, version=1, reason="I count otherwise", seen=seen, actor=desk.actor("reviewer")
    )


def ends(desk: First) -> list[tuple[Decimal | None, Decimal | str]]:
    return [(one.initial, one.final) for one in reviews(desk)]


def test_nothing_is_made_of_what_was_not_decided_yet(desk: First) -> None:
    desk.answer("measured", mean="98.9")
    assert reviews(desk) == []


def test_a_confirmed_draft_is_taken_and_a_questioned_one_is_not(desk: First) -> None:
    desk.answer("measured", mean="98.9", n="5")
    confirm(desk, "measured-1")
    question(desk, "measured-2")
    made = reviews(desk)
    assert [(d.truth, d.advice, d.initial, d.final) for d in made] == [
        (D("99.2"), D("99.2"), D("98.9"), D("99.2")),
        (D("4"), D("4"), D("5"), D("5")),
        (D("100.4"), D("100.4"), D("100.4"), D("100.4")),
    ]
    assert {d.reviewer for d in made} == {"a-reviewer"}


def test_the_last_decision_counts_and_an_undone_one_does_not(desk: First) -> None:
    desk.answer("measured", n="5")
    asked = question(desk, "measured-2")
    assert ends(desk)[-2:] == [(D("5"), D("5")), (D("100.4"), D("100.4"))]
    seen = desk.see("measured", "reviewer").view_id
    review.undo(desk.ctx, decision_id=asked, reason="Counted anew", seen=seen, actor=desk.actor("reviewer"))
    assert ends(desk) == []
    confirm(desk, "measured-2")
    assert ends(desk)[-2] == (D("5"), D("4"))


def test_a_proposal_is_the_own_figure_and_who_could_not_tell_has_none(desk: First) -> None:
    desk.answer("measured", mean="98.9", n=CANNOT_TELL)
    seen = desk.see("measured", "reviewer").view_id
    reviewing.propose(
        desk.ctx, sentence_id="measured-1", version=1, text="The mean was 98.9 %.", category="corrected against the evidence",
        reason="By my count", seen=seen, actor=desk.actor("reviewer"),
    )  # fmt: skip
    question(desk, "measured-2")
    assert ends(desk) == [(D("98.9"), D("98.9")), (D("100.4"), D("100.4"))]  # nothing of the one that could not be told
    confirm(desk, "measured-2")
    assert (None, D("4")) in ends(desk)


def test_a_text_that_was_changed_and_confirmed_counts_as_it_then_reads(desk: First) -> None:
    """Where it no longer prints the figure, the own one stood."""
    desk.answer("measured", mean="98.9")
    question(desk, "measured-1")
    seen = desk.see("measured", "writer").view_id
    authoring.edit(
        desk.ctx, sentence_id="measured-1", version=1, text="The assay was measured.", category="said more than the evidence supports",
        reason="The mean is not needed", seen=seen, actor=desk.actor("writer"),
    )  # fmt: skip
    confirm(desk, "measured-1", version=2)
    assert ends(desk) == [(D("98.9"), D("98.9"))]


def test_who_had_seen_the_draft_is_asked_and_counts_for_nothing(desk: First) -> None:
    switches.turn_off(desk.ctx, switch=Switch.EVIDENCE_FIRST, reason="Pause", actor=desk.actor("lead"))
    desk.see("measured", "reviewer")
    turn_on(desk, Switch.EVIDENCE_FIRST)
    desk.answer("measured")
    confirm(desk, "measured-1")
    assert reviews(desk) == []


def test_a_section_in_which_a_check_was_shown_counts_for_nothing(desk: First) -> None:
    """The check comes as if nothing had been asked, and what was read then may have been altered."""
    desk.draws("measured", checks=("measured",))
    turn_on(desk, Switch.LIVE)
    view = desk.answer("measured")
    notes = [*(Noted(one.id, "confirm") for one in view.sentences), Noted("section", "return", "No", "incomplete")]
    told = (live.decide(desk.ctx, seen=view.view_id, note=note, actor=desk.actor("reviewer")) for note in notes)
    assert any(isinstance(one, live.Reveal) for one in told)
    confirm(desk, "measured-1")
    assert reviews(desk) == []
    with desk.ctx.database.read() as conn:
        stated = [e for e in chosen_entries(conn, Chosen(object_kind=KIND)) if e.action is Action.EVIDENCE_FIRST_STATED]
    assert len(stated) == 1  # the answers hold the draft's own figure, not the planted one
    assert "'advice': '99.2'" in str(stated[0].new)


EXAMPLE = (
    # own, draft, truth, end: counted by hand below
    *[("10", "12", "12", "12")] * 6,  # own wrong, draft right: taken up
    *[("10", "12", "12", "10")] * 4,  # and not
    *[("12", "15", "12", "12")] * 9,  # own right, draft wrong: withstood
    *[("12", "15", "12", "15")] * 3,  # and followed
    *[("12", "12", "12", "12")] * 8,  # alike
)


def decisions(rows: tuple[tuple[str, ...], ...], people: int = 1) -> list[Decision]:
    return [
        Decision(f"p{n % people}", truth=D(truth), advice=D(advice), final=D(end), initial=D(own))
        for n, (own, advice, truth, end) in enumerate(rows)
    ]


def shares(found: dict[str, Estimate]) -> dict[str, tuple[float | None, int]]:
    return {name: (None if e.value is None else round(e.value, 4), e.n) for name, e in found.items()}


def test_every_measure_of_a_hand_counted_example() -> None:
    assert shares(measured(decisions(EXAMPLE))) == {
        "rair": (0.6, 10),  # 6 of 10
        "rsr": (0.75, 12),  # 9 of 12
        "switch_fraction": (round(9 / 22, 4), 22),  # 6 + 3 of 22 that differed
        "agreement": (round(17 / 30, 4), 30),  # 6 + 3 + 8 of 30
        "weight_of_advice": (round(9 / 22, 4), 22),  # each end is the own figure (0) or the draft's (1)
    }


def test_few_figures_tell_nothing_and_say_why() -> None:
    found = measured(decisions(EXAMPLE[:3]))
    assert all(e.value is None for e in found.values())
    assert found["rair"].reason == "3 decisions: withheld below 10"
    assert {e.reason for e in measured([]).values()} == {outcomes.NONE_STATED}


def test_the_site_s_measures_need_five_reviewers_and_thirty_figures() -> None:
    assert of_site(decisions(EXAMPLE, people=4))["rair"].reason == "4 reviewers and 30 figures: withheld below 5 and 30"
    assert of_site(decisions(EXAMPLE[:29], people=5))["rair"].reason == "5 reviewers and 29 figures: withheld below 5 and 30"
    assert shares(of_site(decisions(EXAMPLE, people=5)))["rsr"] == (0.75, 12)


small = st.integers(0, 3).map(str)


@given(st.lists(st.tuples(small, small, small, small), max_size=60))
def test_measures_are_counts_of_those_that_they_are_of(rows: list[tuple[str, str, str, str]]) -> None:
    """Against a count of its own: n is how many there were to judge, and the value is the share of them."""
    found = measured(decisions(tuple(rows)))
    of = {
        "rair": [r for r in rows if r[0] != r[2] and r[1] == r[2]],
        "rsr": [r for r in rows if r[0] == r[2] and r[1] != r[2]],
        "switch_fraction": [r for r in rows if r[0] != r[1]],
        "agreement": rows,
    }
    good = {"rair": 2, "rsr": 2, "switch_fraction": 1, "agreement": 1}  # the end is the truth, or the draft
    for name, held in of.items() if rows else ():
        assert found[name].n == len(held)
        if len(held) >= 10:
            assert found[name].value == sum(r[3] == r[good[name]] for r in held) / len(held)
        else:
            assert found[name].value is None


def test_stated_figures_are_the_person_s_and_reach_others_after_an_alarm(desk: First) -> None:
    """That something was asked everybody may know."""
    desk.answer("measured")

    def seen(name: str) -> list[Action]:
        with desk.ctx.database.read() as conn:
            out = hidden(conn, desk.people[name])
            return [e.action for e in chosen_entries(conn, Chosen(object_kind=KIND), hidden=out)]

    asked, both = {Action.EVIDENCE_FIRST_ASKED}, {Action.EVIDENCE_FIRST_ASKED, Action.EVIDENCE_FIRST_STATED}
    for name in EVERYBODY:
        assert set(seen(name)) == (both if name == "reviewer" else asked), name
    alarm(desk, "a-reviewer")
    for name in EVERYBODY:
        assert set(seen(name)) == (both if name in ("reviewer", "lead", "auditor") else asked), name
    assert TABLE[Thing.STATED] == {Reader.SELF: When.ALWAYS, Reader.LEAD: When.ALARMED, Reader.AUDITOR: When.ALARMED}


def test_reports_of_oversight_tell_the_own_measures_and_the_site_s(desk: First) -> None:
    desk.answer("measured", mean="98.9")
    confirm(desk, "measured-1")
    told = measures(desk.ctx, account=desk.people["reviewer"])
    (mine,) = [row for row in told["reviewers"] if row["capacity"] == "evidence first"]
    assert mine[REVIEWS]["agreement"] == {"value": None, "n": 1, "reason": "1 decision: withheld below 10"}
    site = measures(desk.ctx, account=desk.people["lead"], site_only=True)["site"]
    assert site["evidence_first"][REVIEWS]["rair"]["reason"] == "1 reviewer and 1 figure: withheld below 5 and 30"
    for other in ("lead", "auditor", "approver"):
        rows = measures(desk.ctx, account=desk.people[other])["reviewers"]
        assert not [row for row in rows if row["capacity"] == "evidence first"], other
    alarm(desk, "a-reviewer")
    rows = measures(desk.ctx, account=desk.people["lead"])["reviewers"]
    assert [row["reviewer"] for row in rows if row["capacity"] == "evidence first"] == ["reviewer"]
    assert pages.own(desk.ctx, desk.people["reviewer"]).reliance[REVIEWS]["agreement"].n == 1
    assert pages.site(desk.ctx, desk.people["auditor"]).reliance[RUNS]["rsr"].value is None
