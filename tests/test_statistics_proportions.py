"""Proportions: published intervals, exact ends, and what is refused."""

from decimal import Decimal

import pytest
from scipy.stats import binomtest

from drafting.statistics.basis import NotGiven
from drafting.statistics.exact import rounded
from drafting.statistics.proportions import Proportion, difference, proportion


def made(found: int, presented: int) -> Proportion:
    answer = proportion(found, presented)
    assert isinstance(answer, Proportion)
    return answer


def test_published_exact_intervals() -> None:  # Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 5
    for found, presented, low, high in (
        (81, 263, "0.2527", "0.3676"),
        (15, 148, "0.0578", "0.1617"),
        (0, 20, "0.0000", "0.1684"),
    ):
        share = made(found, presented).share
        assert share.low is not None
        assert share.high is not None
        assert (str(rounded(share.low, 4)), str(rounded(share.high, 4))) == (low, high)


def test_published_difference() -> None:  # Newcombe 1998, Statistics in Medicine 17: 873-890, table II (a), method 10
    found = difference(made(56, 70), made(48, 80)).difference
    assert found.value == Decimal("0.2")
    assert found.low is not None
    assert found.high is not None
    assert (str(rounded(found.low, 4)), str(rounded(found.high, 4))) == ("0.0524", "0.3339")


@pytest.mark.parametrize(("found", "presented"), [(0, 1), (1, 1), (3, 250), (221, 250), (1905, 2000)])
def test_exact_intervals_equal_those_of_another_library(found: int, presented: int) -> None:
    share = made(found, presented).share
    other = binomtest(found, presented).proportion_ci(method="exact")
    assert float(share.low or 0) == pytest.approx(other.low, abs=1e-9)
    assert float(share.high or 0) == pytest.approx(other.high, abs=1e-9)


@pytest.mark.parametrize(("found", "presented"), [(0, 0), (3, 2), (-1, 2)])
def test_what_cannot_be_a_share_gives_none(found: int, presented: int) -> None:
    assert isinstance(proportion(found, presented), NotGiven)
