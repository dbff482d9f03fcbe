"""Figures of the site move by the checks of several reviewers at once: two views of them, one check apart, say nothing of a person."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from audit.oversight.model import Family, Mode, Outcome, ProbeResult, Severity
from audit.oversight.reliance import Decision
from drafting.evidence_first import outcomes
from drafting.overseeing import figures

DAY = datetime(2026, 1, 1, tzinfo=UTC)
BOTH = (Outcome.CAUGHT, Outcome.MISSED)


def result(number: int, reviewer: str, outcome: Outcome = Outcome.CAUGHT, family: Family = Family.WRONG) -> ProbeResult:
    at = (DAY + timedelta(hours=number)).isoformat()
    return ProbeResult(
        f"p{number}", reviewer, family, "altered number", Severity.MAJOR, Mode.BASE, outcome, 0.1, math.log(1 / 9), at
    )


def of_people(people: int, checks: int, family: Family = Family.WRONG) -> list[ProbeResult]:
    return [result(number, f"r{number % people}", family=family) for number in range(checks)]


def site(found: Sequence[ProbeResult]) -> dict[str, object]:
    return figures.site(found, figures.Clean(), figures.Natural())


@pytest.mark.parametrize("outcome", BOTH)
def test_one_check_more_changes_no_figure_of_the_site(outcome: Outcome) -> None:
    before = of_people(5, 40)
    after = [*before, result(40, "r0", outcome)]
    assert site(after) == site(before)
    assert figures.pooled_rate(after) == figures.pooled_rate(before)


def test_a_step_is_taken_with_the_checks_of_five_reviewers() -> None:
    """Four reviewers may go on for as long as they like; the fifth takes in what all of them did."""
    before = of_people(5, 40)
    four = [result(40 + number, f"r{number % 4}", BOTH[number % 2]) for number in range(20)]
    assert figures.pooled_rate([*before, *four]).n == 40
    assert figures.pooled_rate([*before, *four, result(60, "r4")]).n == 61


@pytest.mark.parametrize("outcome", BOTH)
def test_own_figures_of_a_reviewer_tell_nothing_of_one_check_of_another(outcome: Outcome) -> None:
    everybody = of_people(6, 60)
    mine = [one for one in everybody if one.reviewer == "r0"]
    before = figures.own(mine, everybody, figures.Clean())
    assert figures.own(mine, [*everybody, result(60, "r1", outcome)], figures.Clean()) == before


def test_a_family_of_one_reviewer_is_no_figure_nor_to_be_worked_out_of_the_others() -> None:
    wrong, missing = str(Family.WRONG), str(Family.MISSING)
    alone = [result(30 + number, "r0", family=Family.MISSING) for number in range(20)]
    families = site([*of_people(5, 30), *alone, *of_people(5, 5)])["families"]
    assert families[missing]["value"] is None  # type: ignore[index]
    assert "1 reviewer and 20 checks" in families[missing]["reason"]  # type: ignore[index]
    assert (families[wrong]["value"], families[wrong]["reason"]) == (None, figures.WOULD_TELL)  # type: ignore[index]
    both = site([*of_people(5, 30), *of_people(5, 10, Family.MISSING)])["families"]
    assert (both[wrong]["value"], both[missing]["value"]) == (1.0, None)  # type: ignore[index]


@pytest.mark.parametrize("final", [12, 13])
def test_reliance_of_the_site_moves_by_several_reviewers_too(final: int) -> None:
    def stated(reviewer: str, end: int) -> Decision:
        return Decision(reviewer, truth=Decimal(12), advice=Decimal(13), final=Decimal(end), initial=Decimal(12))

    before = [stated(f"r{number % 5}", 12) for number in range(40)]
    assert outcomes.of_site([*before, stated("r0", final)]) == outcomes.of_site(before)
