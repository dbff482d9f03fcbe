"""How the values of one attribute read: its control chart, its index and what the index rests on, and the period before. Pure.

- Control limits come from the period's own values (phase I). Where the 12 months before hold enough values, limits are frozen on them as well and
  held against this period (phase II); both are counted, and each figure says on which limits it rests.
- The index rests on the chart of the period's own limits: while that one signals, it is printed as not valid while unstable.
- Whatever is not given has a reason in words; nothing is left out silently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Measurement
from drafting.chart_decisions import PracticalLimit
from drafting.evidence.control import Control, Frozen, control, known, positions
from drafting.evidence.measured import CENSORED, Limit, censored_outside, inputs_of, known_values, limits_of, one_limit
from drafting.evidence.scope import Loaded
from drafting.model import Fact
from drafting.statistics.basis import VERSION, Basis, Interval, NotGiven
from drafting.statistics.capability import Capability, Display, capability
from drafting.statistics.exact import Summary, as_decimal, p_shown, places_of, rounded, summarise
from drafting.statistics.individuals import ControlLimits, ranges_beyond
from drafting.statistics.preconditions import Autocorrelation, Normality, autocorrelation
from drafting.statistics.shift import Against, Shift, shift

MOST_PLACES = 6
WITHOUT = "no index: "
METHOD = "I-MR {} v{}, limits frozen on {} values of {} to {}"


@dataclass(frozen=True)
class Reading:
    """Everything that is computed of one attribute beside its summary; `index` and `moved` are None where nothing is to be compared."""

    control: Control
    limit: Limit | None
    limit_changed: bool
    index: Capability | NotGiven | None
    before: Summary | None
    moved: Shift | NotGiven | None
    correlation: Autocorrelation | NotGiven
    practical: PracticalLimit | None = None

    @property
    def attribute(self) -> str:
        """Return the attribute."""
        return self.control.attribute

    @property
    def batches(self) -> tuple[str, ...]:
        """Return the batches in order."""
        return self.control.batches

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Return the values in order."""
        return self.control.values

    @property
    def lots(self) -> bool:
        """Tell whether a value is that of a lot."""
        return self.control.lots

    @property
    def limits(self) -> ControlLimits | None:
        """Return the limits of the period's own values."""
        return self.control.limits

    @property
    def beyond(self) -> tuple[int, ...]:
        """Return the positions of points that signal against the period's own limits."""
        return positions(self.control.own)

    @property
    def frozen(self) -> Frozen | None:
        """Return the limits that were frozen before the period, with the signals against them."""
        return self.control.frozen

    @property
    def charted(self) -> ControlLimits | None:
        """Return the limits that are drawn: the frozen ones where there are any."""
        return self.frozen.limits if self.frozen else self.limits

    @property
    def marked(self) -> tuple[int, ...]:
        """Return the positions of points that signal on the chart that is drawn."""
        return positions(self.control.signals)

    @property
    def ranges(self) -> tuple[int, ...]:
        """Return the positions of values whose moving range lies above its limit, by the period's own values."""
        return tuple(ranges_beyond(self.values, self.limits)) if self.limits else ()

    @property
    def ranges_marked(self) -> tuple[int, ...]:
        """Return the positions of values whose moving range lies above its limit on the chart that is drawn."""
        return tuple(ranges_beyond(self.values, self.charted)) if self.charted else ()

    @property
    def correlated(self) -> bool:
        """Tell whether neighbouring values are correlated beyond chance."""
        return isinstance(self.correlation, Autocorrelation) and self.correlation.exceeded

    @property
    def without_lower(self) -> bool:
        """Tell whether the lower limit that is drawn would lie below zero, where no value of the period or of the limits does."""
        there = (*self.values, *([self.before.smallest] if self.before else ()))
        return self.charted is not None and self.charted.lower < 0 <= min(there)

    @property
    def shifted(self) -> bool:
        """Tell whether the interval of the difference to the period before excludes zero."""
        return isinstance(self.moved, Shift) and excludes_zero(self.moved.difference)

    @property
    def spread_changed(self) -> bool:
        """Tell whether the interval of the ratio of deviations to the period before excludes one."""
        return isinstance(self.moved, Shift) and excludes_one(self.moved.ratio)

    @property
    def immaterial(self) -> bool:
        """Tell whether the mean moved beyond chance, and by less than the smallest difference that matters."""
        return self.shifted and isinstance(self.moved, Shift) and self.moved.against is Against.WITHIN


def excludes_zero(found: Interval) -> bool:
    """Tell whether an interval lies on one side of zero."""
    return found.low is not None and found.high is not None and (found.low > 0 or found.high < 0)


def excludes_one(found: Interval | None) -> bool:
    """Tell whether an interval of a ratio lies on one side of one."""
    return found is not None and found.low is not None and found.high is not None and (found.low > 1 or found.high < 1)


def beyond_chance(found: Shift) -> str:
    """Return which of mean and spread differs beyond chance, as a table says it."""
    mean, spread = excludes_zero(found.difference), excludes_one(found.ratio)
    return "mean and spread" if mean and spread else "mean" if mean else "spread" if spread else "neither"


def places_that_show(found: Interval, places: int) -> int:
    """Return the places to print an interval with: more where an end of one that excludes zero would be printed as zero."""
    ends = [end for end in (found.low, found.high) if end]
    while excludes_zero(found) and places < MOST_PLACES and any(rounded(end, places) == 0 for end in ends):
        places += 1
    return places


def read(loaded: Loaded, attribute: str, *, lots: bool = False) -> Reading | None:
    """Read an attribute over the batches in scope, or over the `lots` that went into them; None without values."""
    chart = control(loaded, attribute, lots=lots)
    if chart is None:
        return None
    measured = loaded.measurements[attribute]
    in_force = limits_of(loaded, attribute, known(loaded, attribute, measured, lots=lots))
    limit = one_limit(in_force)
    earlier = known_values(known(loaded, attribute, loaded.earlier.get(attribute, ()), lots=lots))
    practical = loaded.charts.practical.get(attribute)
    signals = len(positions(chart.own)) + (len(ranges_beyond(chart.values, chart.limits)) if chart.limits else 0)
    return Reading(
        chart,
        limit,
        any(in_force) and limit is None,
        _index(chart.values, limit, signals, measured) if limit else None,
        summarise(earlier) if earlier else None,
        shift(earlier, chart.values, practical.smallest if practical else None) if earlier else None,
        autocorrelation(chart.values),
        practical,
    )


def _index(values: Sequence[Decimal], limit: Limit, signals: int, measured: Sequence[Measurement]) -> Capability | NotGiven:
    if beyond := censored_outside(limit, measured):
        are = (
            "result given as less or more than a number lies"
            if beyond == 1
            else "results given as less or more than a number lie"
        )
        return NotGiven(f"{beyond} {are} outside the limit", Basis("capability", len(values)))
    censored = sum(m.state == CENSORED for m in measured)
    return capability(values, limit.lower, limit.upper, signals=signals, censored=censored)


def facts(loaded: Loaded, reading: Reading, unit: str, inputs: dict[str, object]) -> list[Fact]:
    """Return the figures of a reading, each with the method it comes by."""
    n = len(reading.values)
    counted = (("lots.count", n), ("lots.signals", len(reading.beyond))) if reading.lots else ()
    told = f"one value a lot, I-MR {reading.control.rules} v{VERSION}"
    made = [Fact(f"{reading.attribute}.{k}", str(v), str(v), "", n, told, inputs) for k, v in counted]
    if reading.limits:
        ranges, method = str(len(reading.ranges)), f"moving ranges above D4 times their mean v{VERSION}, own limits"
        made.append(Fact(f"{reading.attribute}.range_signals", ranges, ranges, "", max(n - 1, 0), method, inputs))
    return [
        *made,
        *_frozen_facts(loaded, reading, unit, inputs),
        *_index_facts(reading, inputs),
        *_correlation(reading, inputs),
        *_moved(loaded, reading, unit, inputs),
        *_practical(reading, unit, inputs),
    ]


def _frozen_facts(loaded: Loaded, reading: Reading, unit: str, inputs: dict[str, object]) -> list[Fact]:
    if reading.frozen is None:
        return []
    frozen, places = reading.frozen, min(places_of(reading.values) + 1, 4)
    n, limits = len(reading.values), frozen.limits
    told: tuple[tuple[str, str], ...] = ()
    method = METHOD.format(reading.control.rules, VERSION, frozen.n, *frozen.period)
    if frozen.baseline:
        method = f"I-MR {reading.control.rules} v{VERSION}, {frozen.baseline.told}"
        inputs = {**inputs, "baseline": frozen.baseline.data, "changed": frozen.changed}
        approved = frozen.baseline
        told = (
            ("approved", approved.stated.on), ("from", approved.period_from), ("to", approved.period_to), ("n", str(approved.n)),
            ("changed", str(int(frozen.changed))),
        )  # fmt: skip
    number = str(len(frozen.beyond))
    made = [Fact(f"{reading.attribute}.baseline_signals", number, number, "", n, method, inputs)]
    made += [Fact(f"{reading.attribute}.baseline_{k}", v, v, "", frozen.n, method, inputs) for k, v in told]
    rests_on = (
        inputs if frozen.baseline else inputs_of(loaded, reading.attribute, loaded.earlier[reading.attribute], frozen.period)
    )
    lower = () if reading.without_lower else (("lower", limits.lower),)
    for name, value in (("centre", limits.centre), *lower, ("upper", limits.upper)):
        found = Fact(
            f"{reading.attribute}.baseline_{name}", str(rounded(value, places)), str(value), unit, frozen.n, method, rests_on
        )
        made.append(found)
    return made


def _index_facts(reading: Reading, inputs: dict[str, object]) -> list[Fact]:
    told = index_told(reading)
    if not told:
        return []
    name, n = reading.attribute, len(reading.values)
    index = reading.index
    method = index.basis.stated if index else f"capability v{VERSION}"
    made = [Fact(f"{name}.index", told, told, "", n, method, inputs)]
    if told.startswith(WITHOUT):
        why = told.removeprefix(WITHOUT)
        made.append(Fact(f"{name}.index_missing", why, why, "", n, method, inputs))
    if not isinstance(index, Capability):
        return made

    def figure(stat: str, value: Decimal, places: int = 2) -> None:
        made.append(Fact(f"{name}.{stat}", str(rounded(value, places)), str(value), "", n, method, inputs))

    by_lot = index.ppk if reading.lots and not index.percentiles else None  # of the lots, where `ppk` is that of the batches
    shown = (("cpk", index.cpk), ("ppk_percentile", index.ppk if index.percentiles else None), ("ppk_lots", by_lot))
    for stat, found in shown:
        if found and found.low is not None and found.high is not None:
            figure(stat, found.value)
            figure(f"{stat}_low", found.low)
            figure(f"{stat}_high", found.high)
    if index.percentiles and index.percentiles.reached is not None:
        reached, how = 100 * index.percentiles.reached, f"1 - (1 - 0.00135)^n v{VERSION}"
        made.append(Fact(f"{name}.tail_reached", str(rounded(reached, 0)), str(reached), "%", n, how, inputs))
    if isinstance(index.normality, Normality):
        p = index.normality.p
        made.append(Fact(f"{name}.normality_p", p_shown(p), str(p), "", n, index.normality.basis.stated, inputs))
    return made


def _correlation(reading: Reading, inputs: dict[str, object]) -> list[Fact]:
    """Return the lag-1 autocorrelation, of attributes without a specification too: control limits and intervals rest on it."""
    found, n = reading.correlation, len(reading.values)
    if not isinstance(found, Autocorrelation):
        return []
    told = {**inputs, "exceeded": found.exceeded}
    value = str(rounded(found.lag_one, 2) + 0)  # without the sign of a zero
    return [Fact(f"{reading.attribute}.lag_one", value, str(found.lag_one), "", n, found.basis.stated, told)]


def index_told(reading: Reading) -> str:
    """Return how the index of an attribute may be read, or why there is none; "" where no specification asks for one."""
    if reading.limit_changed:
        return f"{WITHOUT}the limit changed within the period"
    if reading.index is None:
        return ""
    if isinstance(reading.index, NotGiven):
        return f"{WITHOUT}{reading.index.reason}"
    return "; ".join(_preconditions(reading.index))


def _preconditions(index: Capability) -> list[str]:
    """Return how an index may be shown and what it lacks: the stable chart, enough values, normality, independence, every value."""
    told = [str(index.display)] if index.display is not Display.INDICATIVE else []
    if isinstance(index.normality, Normality) and index.normality.rejected:
        told.append("not normal")
    if index.percentiles and index.percentiles.reached is not None:
        told.append("percentiles are the extremes")
    if isinstance(index.autocorrelation, Autocorrelation) and index.autocorrelation.exceeded:
        told.append("autocorrelated")
    return told + [remark for remark in index.remarks if "censored" in remark or "indicative" in remark]


def _moved(loaded: Loaded, reading: Reading, unit: str, inputs: dict[str, object]) -> list[Fact]:
    if reading.before is None:
        return []
    name, n = reading.attribute, len(reading.values)
    places = min(places_of(reading.values) + 1, 3)
    first, last = loaded.before
    both = {**inputs, "before": f"{first} to {last}"}
    earlier = inputs_of(loaded, name, loaded.earlier[name], loaded.before)
    mean = as_decimal(reading.before.mean)
    method = f"mean v{VERSION} of {first} to {last}"
    made = [
        Fact(f"{name}.previous_n", str(reading.before.n), str(reading.before.n), "", reading.before.n, method, earlier),
        Fact(f"{name}.previous_mean", str(rounded(mean, places)), str(mean), unit, reading.before.n, method, earlier),
    ]
    if not isinstance(reading.moved, Shift):
        return made
    state = str(int(reading.shifted))
    made.append(Fact(f"{name}.shifted", state, state, "", n, reading.moved.basis.stated, both))
    for stat, found, digits, of in (
        ("difference", reading.moved.difference, places, unit),
        ("sd_ratio", reading.moved.ratio, 2, ""),
    ):
        if found is None:
            continue
        places = places_that_show(found, digits) if stat == "difference" else digits
        for end, value in (("", found.value), ("_low", found.low), ("_high", found.high)):
            if value is not None:
                text = str(rounded(value, places) + 0)  # without the sign of a zero
                made.append(Fact(f"{name}.{stat}{end}", text, str(value), of, n, reading.moved.basis.stated, both))
    return made


def _practical(reading: Reading, unit: str, inputs: dict[str, object]) -> list[Fact]:
    """Return what a person said beforehand matters, and how the period lies to it."""
    set_by = reading.practical
    if set_by is None:
        return []
    name, n = reading.attribute, len(reading.values)
    method = f"practical limit version {set_by.stated.version}, set by {set_by.stated.user_id} on {set_by.stated.on}"
    made = []
    if set_by.difference:
        made.append(Fact(f"{name}.practical", set_by.difference, set_by.difference, unit, n, method, inputs))
        state = str(int(reading.immaterial))
        made.append(Fact(f"{name}.within_practical", state, state, "", n, method, inputs))
    if set_by.alerts:
        number = str(sum(map(set_by.alerted, reading.values)))
        made.append(Fact(f"{name}.beyond_alert", number, number, "", n, f"{method}: alert limits {set_by.alerts}", inputs))
    return made
