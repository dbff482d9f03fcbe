"""Run rules: which points of a chart signal, and by which rule. Pure.

Nine rules; two published sets choose among them: Western Electric (1956) 1-4 and Nelson (1984) 1-8. Conventions, where libraries differ: "beyond" and "on
one side" are strict, a point on the centre line ends a run, and equal neighbours end a trend. A pattern is marked at the
point that completes it and belongs to it: "two of three" may be complete at the second point. Nelson's rule 8 asks for both sides of the centre line, as he wrote it.
A longer run marks each further point. Panels without zones (ranges, weighted averages) know rule 1 only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

from drafting.statistics.charts import Panel
from drafting.statistics.exact import WORKING
from drafting.statistics.libraries import numpy


class Rule(StrEnum):
    """One rule, in words."""

    BEYOND_LIMITS = "one point beyond a control limit"
    TWO_OF_THREE = "two of three points beyond 2 sigma on one side"
    FOUR_OF_FIVE = "four of five points beyond 1 sigma on one side"
    EIGHT_ON_ONE_SIDE = "eight points in a row on one side of the centre line"
    NINE_ON_ONE_SIDE = "nine points in a row on one side of the centre line"
    SIX_TREND = "six points in a row rising or falling"
    FOURTEEN_ALTERNATING = "fourteen points in a row alternating up and down"
    FIFTEEN_NEAR = "fifteen points in a row within 1 sigma"
    EIGHT_AWAY = "eight points in a row beyond 1 sigma, on both sides"


RULE_ONE = (Rule.BEYOND_LIMITS,)
WESTERN_ELECTRIC = (Rule.BEYOND_LIMITS, Rule.TWO_OF_THREE, Rule.FOUR_OF_FIVE, Rule.EIGHT_ON_ONE_SIDE)
NELSON = (
    Rule.BEYOND_LIMITS,
    Rule.NINE_ON_ONE_SIDE,
    Rule.SIX_TREND,
    Rule.FOURTEEN_ALTERNATING,
    Rule.TWO_OF_THREE,
    Rule.FOUR_OF_FIVE,
    Rule.FIFTEEN_NEAR,
    Rule.EIGHT_AWAY,
)


class RuleSet(StrEnum):
    """A set of rules that a site chooses, as it is printed."""

    ONE = "rule 1"
    WESTERN_ELECTRIC = "Western Electric rules 1 to 4"
    NELSON = "Nelson rules 1 to 8"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the set."""
        return {RuleSet.ONE: RULE_ONE, RuleSet.WESTERN_ELECTRIC: WESTERN_ELECTRIC, RuleSet.NELSON: NELSON}[self]


LEAST_EXPECTED = 5  # events at each point: below it counts are too skew for halves and zones of a normal distribution


def of_counts(panel: Panel, sizes: Sequence[int | Decimal], chosen: RuleSet) -> tuple[RuleSet, str]:
    """Return the rules that hold on a chart of events or of shares (u, p), and why these are not the chosen ones ("" where they are).

    The Western Electric handbook (1956) and Nelson (1984) apply runs to counts by their standardised values. Both take the two sides of the centre as
    alike: of a Poisson count with a mean of .5 six in ten lie below it, so that eight in a row are no signal; with 5 the sides hold .44 and .38.
    """
    if chosen is RuleSet.ONE or not panel.points:
        return chosen, ""
    least = min(centre * Decimal(size) for centre, size in zip(panel.centre, sizes, strict=True))
    if least >= LEAST_EXPECTED:
        return chosen, ""
    return RuleSet.ONE, f"a point expects {least:.1f} events, and {chosen} hold from {LEAST_EXPECTED} on"


@dataclass(frozen=True)
class Signal:
    """A rule that fires: the place of the point that completes the pattern, where the pattern starts, its side (1 high, -1 low, 0 none)."""

    rule: Rule
    position: int
    first: int
    side: int


@dataclass(frozen=True)
class Places:
    """Where points lie, as arrays (any shape, time last): side of the centre, whole sigmas passed (signed), beyond a limit, step from the point before."""

    side: Any
    zone: Any
    beyond: Any
    step: Any


def signals(panel: Panel, rules: Sequence[Rule] = RULE_ONE) -> tuple[Signal, ...]:
    """Return every signal of a panel, by position and then in the order of the rules."""
    if not panel.points:
        return ()
    places = _places(panel)
    zones = bool(panel.sigma) and all(panel.sigma)
    found = []
    for rule in rules:
        if rule is Rule.BEYOND_LIMITS or zones:
            for position in fires(rule, places).nonzero()[0].tolist():
                first = _first(rule, places, position) + panel.offset
                found.append(Signal(rule, position + panel.offset, first, _side(rule, places, position)))
    return tuple(sorted(found, key=lambda signal: signal.position))


def fires(rule: Rule, places: Places) -> Any:
    """Return where a rule fires, in the shape of the places."""
    length, pattern = PATTERNS[rule]
    return pattern(places, length)


def _window_sums(marks: Any, length: int) -> Any:
    """Return, at each point, how many of the last `length` points are marked; before the start nothing is."""
    np = numpy()
    sums = np.cumsum(marks, axis=-1, dtype=np.int32)
    sums[..., length:] = sums[..., length:] - sums[..., :-length]
    return sums


def _all(marks: Any, length: int) -> Any:
    return _window_sums(marks, length) == length


def _beyond(zone: Any, sigmas: int, length: int) -> Any:
    """All but one of `length` points lie beyond so many sigmas on one side, the last among them."""
    high, low = zone >= sigmas, zone <= -sigmas
    return (high & (_window_sums(high, length) >= length - 1)) | (low & (_window_sums(low, length) >= length - 1))


def _one_side(side: Any, length: int) -> Any:
    return _all(side > 0, length) | _all(side < 0, length)


def _alternating(step: Any, length: int) -> Any:
    turns = numpy().zeros(step.shape, bool)
    turns[..., 1:] = step[..., 1:] * step[..., :-1] < 0
    return _all(turns, length - 2)


PATTERNS: dict[Rule, tuple[int, Callable[[Places, int], Any]]] = {
    Rule.BEYOND_LIMITS: (1, lambda at, _: at.beyond),
    Rule.TWO_OF_THREE: (3, lambda at, n: _beyond(at.zone, 2, n)),
    Rule.FOUR_OF_FIVE: (5, lambda at, n: _beyond(at.zone, 1, n)),
    Rule.EIGHT_ON_ONE_SIDE: (8, lambda at, n: _one_side(at.side, n)),
    Rule.NINE_ON_ONE_SIDE: (9, lambda at, n: _one_side(at.side, n)),
    Rule.SIX_TREND: (6, lambda at, n: _one_side(at.step, n - 1)),  # six points, five steps
    Rule.FOURTEEN_ALTERNATING: (14, lambda at, n: _alternating(at.step, n)),
    Rule.FIFTEEN_NEAR: (15, lambda at, n: _all(at.zone == 0, n)),
    Rule.EIGHT_AWAY: (8, lambda at, n: _all(at.zone != 0, n) & ~_one_side(at.side, n)),
}


def _places(panel: Panel) -> Places:
    np = numpy()
    side, zone, beyond, step = [], [], [], [0]
    sigma = panel.sigma or (Decimal(0),) * len(panel.points)
    with localcontext(WORKING):
        for x, c, low, high, s in zip(panel.points, panel.centre, panel.lower, panel.upper, sigma, strict=True):
            sign = (x > c) - (x < c)
            away = abs(x - c)
            side.append(sign)
            zone.append(sign * ((away > s) + (away > 2 * s) + (away > 3 * s)))
            beyond.append(x < low or x > high)
    step += [(b > a) - (b < a) for a, b in zip(panel.points, panel.points[1:], strict=False)]
    return Places(np.array(side), np.array(zone), np.array(beyond, bool), np.array(step))


def _first(rule: Rule, places: Places, position: int) -> int:
    """Return where a pattern starts: with the first point that belongs to it."""
    start = max(0, position - PATTERNS[rule][0] + 1)
    sigmas = {Rule.TWO_OF_THREE: 2, Rule.FOUR_OF_FIVE: 1}.get(rule)
    if sigmas is None:
        return start
    side = int(places.side[position])
    return next(i for i in range(start, position + 1) if side * places.zone[i] >= sigmas)


def _side(rule: Rule, places: Places, position: int) -> int:
    """Return the side that a pattern tells of; a trend has that of its direction."""
    if rule is Rule.SIX_TREND:
        return int(places.step[position])
    if rule in {Rule.FOURTEEN_ALTERNATING, Rule.FIFTEEN_NEAR, Rule.EIGHT_AWAY}:
        return 0
    return int(places.side[position])
