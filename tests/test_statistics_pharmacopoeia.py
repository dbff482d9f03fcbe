"""Stages of the pharmacopoeias, by vectors at each edge: dissolution (USP <711>) and uniformity of dosage units (USP <905>)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.statistics.basis import NotGiven
from drafting.statistics.exact import rounded
from drafting.statistics.pharmacopoeia import Acceptance, acceptance_value, content_uniformity, dissolution

Q = Decimal(80)


def units(*values: float | str) -> list[Decimal]:
    return [Decimal(str(v)) for v in values]


def accepted(found: Acceptance | NotGiven) -> Acceptance:
    assert isinstance(found, Acceptance), found
    return found


@pytest.mark.parametrize(
    ("tested", "met", "stages", "more"),
    [
        (units(*[85] * 6), True, 1, 0),  # each at Q + 5
        (units(*[85] * 5, 84), None, 1, 6),
        (units(*[85] * 5, "84.5"), True, 1, 0),  # rounds to 85, as the limit is written
        (units(*[85] * 5, "84.4"), None, 1, 6),
        (units(*[84] * 6, *[76] * 6), True, 2, 0),  # mean 80, none below 65
        (units(*[84] * 6, *[75] * 5, "74.8"), None, 2, 12),  # mean 79.48 rounds to 79
        (units(*[84] * 6, *[75] * 6), True, 2, 0),  # mean 79.5 rounds half up to 80
        (units(64, *[95] * 11), None, 2, 12),  # one below Q - 15
        (units(65, *[95] * 11), True, 2, 0),
        (units(64, 60, *[95] * 22), True, 3, 0),  # two below Q - 15, none below Q - 25
        (units(64, 64, 64, *[95] * 21), False, 3, 0),
        (units(64, *[95] * 22, 54), False, 3, 0),  # one below Q - 25
        (units(64, *[95] * 22, 55), True, 3, 0),
        (units(*[79] * 24), False, 3, 0),
    ],
)
def test_dissolution_by_stages(tested: list[Decimal], *, met: bool | None, stages: int, more: int) -> None:
    found = accepted(dissolution(tested, Q))
    assert (found.met, len(found.stages), found.next_units) == (met, stages, more)
    assert [s.name for s in found.stages] == ["S1", "S2", "S3"][:stages]


def test_criteria_keep_what_was_found_before_rounding() -> None:
    found = accepted(dissolution(units(*[85] * 5, "84.5"), Q))
    (only,) = found.stages[0].criteria
    assert (only.name, only.found, only.limit, only.met) == (
        "each unit not less than Q + 5",
        Decimal("84.5"),
        Decimal(85),
        True,
    )
    mean = accepted(dissolution(units(*[84] * 6, *[76] * 5, "75.9"), Q)).stages[1].criteria[0]
    assert rounded(mean.found, 3) == Decimal("79.992")
    assert mean.met


def test_units_tested_after_a_stage_was_met_are_told() -> None:
    found = accepted(dissolution(units(*[85] * 6, *[10] * 6), Q))
    assert (found.met, found.surplus) == (True, 6)
    assert accepted(dissolution(units(*[85] * 6), Q)).surplus == 0
    assert accepted(content_uniformity(spread(30, "1"))).surplus == 20


def test_units_that_end_no_stage_are_refused() -> None:
    for tested, why in ((units(85), "1 units: a stage ends at 6, 12 or 24"), ([], "0 units: a stage ends at 6, 12 or 24")):
        found = dissolution(tested, Q)
        assert isinstance(found, NotGiven)
        assert found.reason == why
    uniform = content_uniformity(units(*[100] * 11))
    assert isinstance(uniform, NotGiven)
    assert uniform.reason == "11 units: a stage ends at 10 or 30"


@pytest.mark.parametrize(
    ("mean", "target", "reference"),
    [
        ("100", "100", "100"),  # 98.5 to 101.5: M is the mean
        ("97.0", "100", "98.5"),
        ("103.0", "100", "101.5"),
        ("103.0", "105", "103"),  # target above 101.5: M is the mean up to the target
        ("106.0", "105", "105"),
        ("97.0", "105", "98.5"),
    ],
)
def test_acceptance_value_by_case(mean: str, target: str, reference: str) -> None:
    """Ten units one above and one below the mean alternate: s = sqrt(10 / 9)."""
    centre = Decimal(mean)
    tested = [centre + (1 if i % 2 else -1) for i in range(10)]
    value, found = acceptance_value(tested, Decimal(target))
    assert found == Decimal(reference)
    expected = abs(float(reference) - float(mean)) + 2.4 * (10 / 9) ** 0.5
    assert float(value) == pytest.approx(expected, rel=1e-12)


def spread(n: int, half: str, mean: int = 100) -> list[Decimal]:
    return [mean + (Decimal(half) if i % 2 else -Decimal(half)) for i in range(n)]


@pytest.mark.parametrize(
    ("tested", "met", "more"),
    [
        (spread(10, "5.9"), True, 0),  # 2.4 x 5.9 x sqrt(10/9) = 14.93, rounds to 14.9
        (spread(10, "5.95"), None, 20),  # 15.05, rounds half up to 15.1
        (spread(30, "7.3"), True, 0),  # ten units 18.5; thirty: 2.0 x 7.3 x sqrt(30/29) = 14.85
        (spread(30, "7.5"), False, 0),
        ([*spread(10, "7"), *spread(19, "3"), Decimal("75.0")], True, 0),  # at (1 - .25) M: mean 98.9 is M ... 74.2
        ([*spread(10, "7"), *spread(19, "3"), Decimal("70.0")], False, 0),
        ([*spread(10, "7"), *spread(19, "3"), Decimal("130.0")], False, 0),
    ],
)
def test_uniformity_by_stages(tested: list[Decimal], *, met: bool | None, more: int) -> None:
    found = accepted(content_uniformity(tested))
    assert (found.met, found.next_units) == (met, more)
    assert found.stages[0].criteria[0].limit == Decimal("15.0")


@given(st.lists(st.decimals(50, 110, places=1), min_size=24, max_size=24), st.integers(0, 40))
def test_more_dissolved_never_makes_it_worse(tested: list[Decimal], more: int) -> None:
    before, after = accepted(dissolution(tested, Q)), accepted(dissolution([v + more for v in tested], Q))
    assert not (before.met and not after.met)
