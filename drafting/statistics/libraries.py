"""The libraries that do the distribution work, loaded at first use: `verascribe --help` must not wait a second for them."""

from typing import Any


def numpy() -> Any:
    """Return numpy."""
    import numpy as np  # noqa: PLC0415 - see above

    return np


def special() -> Any:
    """Return the special functions of scipy."""
    import scipy.special  # noqa: PLC0415 - see above

    return scipy.special


def stats() -> Any:
    """Return the distributions of scipy."""
    import scipy.stats  # noqa: PLC0415 - see above

    return scipy.stats


def optimize() -> Any:
    """Return the root finders of scipy."""
    import scipy.optimize  # noqa: PLC0415 - see above

    return scipy.optimize


def models() -> Any:
    """Return the regression models of statsmodels."""
    import statsmodels.api as sm  # noqa: PLC0415 - see above

    return sm


def proportions() -> Any:
    """Return the intervals of proportions of statsmodels."""
    import statsmodels.stats.proportion  # noqa: PLC0415 - see above

    return statsmodels.stats.proportion
