"""What rules cost: how likely a process in control signals all the same. Pure.

Rule 1 alone is exact: 1 - (1 - 2 F(-3))^n. Other sets are simulated with the same rules: 10,000 series of n independent standard normal
values, limits taken as known, from a stated seed; the 95 % interval of the simulated share is Wilson's. Limits estimated from few
points, autocorrelation and skewness make the true figure larger.
"""

from collections.abc import Sequence
from decimal import Decimal

from drafting.statistics.basis import Basis, Interval, NotGiven
from drafting.statistics.exact import of_float
from drafting.statistics.libraries import numpy, special
from drafting.statistics.rules import RULE_ONE, Places, Rule, fires

SERIES = 10_000
AT_ONCE = 500  # series in memory at one time
MOST_POINTS = 5_000
SEED = 20_251_125


def false_alarm(points: int, rules: Sequence[Rule] = RULE_ONE, *, seed: int = SEED) -> tuple[Interval | NotGiven, Basis]:
    """Return the chance of at least one signal among n points of a process in control, and how it was found."""
    if tuple(rules) == RULE_ONE:
        outside = 2 * float(special().ndtr(-3.0))
        chance = of_float(-float(numpy().expm1(points * numpy().log1p(-outside))))
        return Interval(chance, chance, chance), Basis("false-alarm chance of rule 1, exact, limits known", points)
    basis = Basis(f"false-alarm chance, {SERIES} simulated series, seed {seed}, limits known", points)
    if points > MOST_POINTS:
        return NotGiven(f"simulated up to {MOST_POINTS} points", basis), basis
    alarms = sum(_alarms(points, tuple(rules), seed, part) for part in range(SERIES // AT_ONCE))
    return _share(alarms), basis


def _alarms(points: int, rules: tuple[Rule, ...], seed: int, part: int) -> int:
    """Count the series of one part that signal."""
    np = numpy()
    values = np.random.default_rng([seed, part]).standard_normal((AT_ONCE, points))
    side = np.sign(values).astype(np.int8)
    away = np.abs(values)
    zone = side * sum((away > k).astype(np.int8) for k in (1, 2, 3))
    step = np.zeros(values.shape, np.int8)
    step[:, 1:] = np.sign(np.diff(values))
    places = Places(side, zone, away > 3, step)  # noqa: PLR2004 - the limits lie at three sigma
    alarmed = np.zeros(AT_ONCE, bool)
    for rule in rules:
        alarmed |= fires(rule, places).any(axis=-1)
    return int(alarmed.sum())


def _share(alarms: int) -> Interval:
    z = 1.959963984540054
    share, spread = alarms / SERIES, z * z / SERIES
    middle = (share + spread / 2) / (1 + spread)
    half = (z / (1 + spread)) * ((share * (1 - share) + spread / 4) / SERIES) ** 0.5
    return Interval(of_float(share), of_float(middle - half), min(Decimal(1), of_float(middle + half)))
