"""Every digit that NIST certifies: univariate sets, the four NumAcc sets, a regression, three analyses of variance."""

from decimal import Context, Decimal
from pathlib import Path

import pytest

from benchmarks import nist
from drafting.statistics.anova import OneWay, one_way
from drafting.statistics.basis import NotGiven
from drafting.statistics.exact import as_decimal, lag_one, summarise
from drafting.statistics.regression import Line, straight_line

FOLDER = Path(__file__).parent / "evidence" / "nist"


def certified(found: Decimal) -> Decimal:
    return Context(prec=nist.MOST_DIGITS).plus(found)


@pytest.mark.parametrize("name", nist.UNIVARIATE)
def test_univariate_sets(name: str) -> None:
    known = nist.univariate(FOLDER, name)
    found = summarise(known.values)
    assert certified(as_decimal(found.mean)) == known.mean
    assert found.sd is not None
    assert certified(found.sd) == known.sd
    lag = lag_one(known.values)
    assert lag is not None
    assert certified(lag) == known.lag_one


@pytest.mark.parametrize("name", nist.NUMACC)
def test_numacc_sets_are_exact(name: str) -> None:
    values, mean, sd = nist.NUMACC[name]
    found = summarise(values)
    assert as_decimal(found.mean) == mean
    assert found.sd == sd
    lag = lag_one(values)
    assert lag is not None
    assert certified(lag) == (Decimal("-0.5") if name == "NumAcc1" else Decimal("-0.999"))


def test_regression_norris() -> None:
    known = nist.norris(FOLDER)
    y, x = zip(*known.rows, strict=True)
    line = straight_line(x, y)
    assert isinstance(line, Line)
    assert {
        "B0": certified(as_decimal(line.intercept)),
        "B1": certified(as_decimal(line.slope)),
        "B0 error": certified(line.intercept_error),
        "B1 error": certified(line.slope_error),
        "R-Squared": certified(as_decimal(line.r_squared or line.slope)),
        "Standard": certified(line.residual_sd),
    } == known.figures


@pytest.mark.parametrize("name", nist.ANOVA)
def test_analysis_of_variance(name: str) -> None:
    known = nist.anova(FOLDER, name)
    levels: dict[Decimal, list[Decimal]] = {}
    for level, value in known.rows:
        levels.setdefault(level, []).append(value)
    found = one_way(list(levels.values()))
    assert isinstance(found, OneWay)
    assert {
        "between": certified(as_decimal(found.between)),
        "within": certified(as_decimal(found.within)),
        "f": certified(as_decimal(found.f)),
        "r squared": certified(as_decimal(found.r_squared)),
        "residual sd": certified(found.residual_sd),
    } == known.figures
    assert found.basis.n == len(known.rows)


def test_what_cannot_be_computed_says_why() -> None:
    one = [Decimal(1)]
    line, level, within = straight_line(one, one), one_way([one]), one_way([[Decimal(1)] * 2, [Decimal(2)] * 2])
    assert isinstance(line, NotGiven)
    assert isinstance(level, NotGiven)
    assert isinstance(within, NotGiven)
    assert (line.reason, level.reason) == ("a line needs 3 pairs", "two levels are needed, and more values than levels")
    flat = straight_line([Decimal(2)] * 3, [Decimal(1), Decimal(2), Decimal(3)])
    assert isinstance(flat, NotGiven)
    assert flat.reason == "x does not vary"
