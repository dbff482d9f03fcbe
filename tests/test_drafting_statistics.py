"""Sums of decimals lose no digit, whatever their places; canonical text says where a tree holds what it cannot write."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import canonical
from audit.errors import Invalid
from drafting.statistics.exact import root, summarise
from drafting.statistics.individuals import individuals

VALUES = st.lists(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12), min_size=2, max_size=40
)


@given(VALUES)
def test_mean_and_deviation_equal_those_of_exact_fractions(values: list[Decimal]) -> None:
    exact = [Fraction(v) for v in values]
    mean = sum(exact, Fraction(0)) / len(exact)
    deviations = sum(((x - mean) ** 2 for x in exact), Fraction(0))
    found = summarise(values)
    assert found.mean == mean
    assert found.sd == root(deviations / (len(exact) - 1))
    assert (found.smallest, found.largest) == (min(values), max(values))


def test_digits_that_a_double_would_lose_are_kept() -> None:
    values = [Decimal(text) for text in ("10000000000000.2", "10000000000000.1", "10000000000000.3")]
    found = summarise(values)
    assert found.mean == Fraction(100_000_000_000_002, 10)
    assert found.sd == Decimal("0.1")
    assert summarise([Decimal("1E+3"), Decimal("0.001")]).mean == Fraction(1_000_001, 2000)


def test_control_limits_need_two_values_and_rest_on_the_exact_mean() -> None:
    one, two = [Decimal("1.5")], [Decimal("1.5"), Decimal("2.5")]
    assert individuals(one, summarise(one)) is None
    limits = individuals(two, summarise(two))
    assert limits is not None
    assert limits.centre == Decimal(2)
    assert limits.moving_range == Decimal(1)


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        ({"a": [1, {"b": 1.5}]}, "$.a[1].b"),
        ({"a": "x\x00"}, "$.a"),
        (["ok", "\ud800"], "$[1]"),
        ({"n": 2**53}, "$.n"),
        ({1: "x"}, "$"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(tree: object, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        canonical(tree)
    assert refused.value.message.startswith(f"{place}:")


def test_keys_stand_in_the_order_of_utf_16() -> None:
    assert canonical({"\U0001f600": 1, "\ufb01": 2, "a": (True, None)}) == '{"a":[true,null],"\U0001f600":1,"\ufb01":2}'
