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
from drafting.evidence.listed import LOTS, lot_of
from drafting.evidence.measured import Limit, known_values, limits_of, one_limit
from drafting.evidence.scope import Loaded
from drafting.model import Fact
from drafting.statistics.basis import VERSION, Interval, NotGiven
from drafting.statistics.capability import Capability, Display, capability
from drafting.statistics.exact import Summary, as_decimal, p_shown, places_of, rounded, summarise
from drafting.statistics.individuals import ControlLimits, beyond_limits, individuals
from drafting.statistics.preconditions import Autocorrelation, Normality, autocorrelation
from drafting.statistics.shift import Shift, shift

SMALLEST_BASELINE = 20  # limits from fewer moving ranges are too uncertain to hold another period against
METHOD = "I-MR rule 1 v{}, limits frozen on {} values of {} to {}"


@dataclass(frozen=True)
class Frozen:
    """Control limits of the 12 months before, and the positions of this period's values outside them."""

    limits: ControlLimits
    n: int
    beyond: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """Everything that is computed of one attribute beside its summary; `index` and `moved` are None where nothing is to be compared."""

    attribute: str
    batches: tuple[str, ...]
    values: tuple[Decimal, ...]
    limits: ControlLimits | None
    beyond: tuple[int, ...]
    frozen: Frozen | None
    limit: Limit | None
    limit_changed: bool
    index: Capability | NotGiven | None
    before: Summary | None
    moved: Shift | NotGiven | None
    correlation: Autocorrelation | NotGiven
    lots: bool = False  # one value a lot of material, at the first batch that used it

    @property
    def charted(self) -> ControlLimits | None:
        """Return the limits that are drawn: the frozen ones where there are any."""
        return self.frozen.limits if self.frozen else self.limits

    @property
    def marked(self) -> tuple[int, ...]:
        """Return the positions of signals on the chart that is drawn."""
        return self.frozen.beyond if self.frozen else self.beyond

    @property
    def correlated(self) -> bool:
        """Tell whether neighbouring values are correlated beyond chance."""
        return isinstance(self.correlation, Autocorrelation) and self.correlation.exceeded

    @property
    def without_lower(self) -> bool:
        """Tell whether the lower limit that is drawn would lie below zero, where no value of the period or of the limits does."""
        known = (*self.values, *([self.before.smallest] if self.before else ()))
        return self.charted is not None and self.charted.lower < 0 <= min(known)

    @property
    def shifted(self) -> bool:
        """Tell whether the interval of the difference to the period before excludes zero."""
        return isinstance(self.moved, Shift) and excludes_zero(self.moved.difference)


def excludes_zero(found: Interval) -> bool:
    """Tell whether an interval lies on one side of zero."""
    return found.low is not None and found.high is not None and (found.low > 0 or found.high < 0)


def read(loaded: Loaded, attribute: str, *, lots: bool = False) -> Reading | None:
    """Read an attribute over the batches in scope, or over the `lots` that went into them; None without values."""
    measured, before = loaded.measurements.get(attribute, ()), loaded.earlier.get(attribute, ())
    if lots:
        measured, before = _once(loaded, attribute, measured), _once(loaded, attribute, before)
    present = [m for m in measured if m.value is not None]
    values = known_values(present)
    if not values:
        return None
    control = individuals(values, summarise(values))
    beyond = tuple(beyond_limits(values, control)) if control else ()
    in_force = limits_of(loaded, attribute, present)
    limit = one_limit(in_force)
    stated = any(in_force)
    earlier = known_values(before)
    return Reading(
        attribute,
        tuple(m.batch for m in present),
        tuple(values),
        control,
        beyond,
        _frozen(earlier, values),
        limit,
        stated and limit is None,
        _index(values, limit, len(beyond), measured) if limit else None,
        summarise(earlier) if earlier else None,
        shift(earlier, values) if earlier else None,
        autocorrelation(values),
        lots,
    )


def _once(loaded: Loaded, attribute: str, measured: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Keep the first batch of each lot; an attribute of no known material stays as it is."""
    material = attribute.partition("_")[0]
    if material not in LOTS:
        return tuple(measured)
    by_batch = {b.identifier: b for b in loaded.of("batch")}
    first: dict[tuple[str, str], Measurement] = {}
    for m in measured:
        first.setdefault((lot_of(by_batch[m.batch], material), m.literal), m)
    return tuple(first.values())


def _frozen(earlier: Sequence[Decimal], values: Sequence[Decimal]) -> Frozen | None:
    if len(earlier) < SMALLEST_BASELINE:
        return None
    limits = individuals(earlier, summarise(earlier))
    assert limits is not None
    return Frozen(limits, len(earlier), tuple(beyond_limits(values, limits)))


def _index(values: Sequence[Decimal], limit: Limit, signals: int, measured: Sequence[Measurement]) -> Capability | NotGiven:
    censored = sum(m.state == "censored" for m in measured)
    return capability(values, limit.lower, limit.upper, signals=signals, censored=censored)


def facts(loaded: Loaded, reading: Reading, unit: str, inputs: dict[str, object]) -> list[Fact]:
    """Return the figures of a reading, each with the method it comes by."""
    n = len(reading.values)
    counted = (("lots.count", n), ("lots.signals", len(reading.beyond))) if reading.lots else ()
    told = f"one value a lot, I-MR rule 1 v{VERSION}"
    made = [Fact(f"{reading.attribute}.{k}", str(v), str(v), "", n, told, inputs) for k, v in counted]
    return [
        *made,
        *_frozen_facts(loaded, reading, unit, inputs),
        *_index_facts(reading, inputs),
        *_correlation(reading, inputs),
        *_moved(loaded, reading, unit, inputs),
    ]


def _frozen_facts(loaded: Loaded, reading: Reading, unit: str, inputs: dict[str, object]) -> list[Fact]:
    if reading.frozen is None:
        return []
    first, last = loaded.before
    places = min(places_of(reading.values) + 1, 4)
    n, limits = len(reading.values), reading.frozen.limits
    method = METHOD.format(VERSION, reading.frozen.n, first, last)
    number = str(len(reading.frozen.beyond))
    made = [Fact(f"{reading.attribute}.baseline_signals", number, number, "", n, method, inputs)]
    lower = () if reading.without_lower else (("lower", limits.lower),)
    for name, value in (("centre", limits.centre), *lower, ("upper", limits.upper)):
        found = Fact(
            f"{reading.attribute}.baseline_{name}", str(rounded(value, places)), str(value), unit, n, method, inputs
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
    if not isinstance(index, Capability):
        return made

    def figure(stat: str, value: Decimal, places: int = 2) -> None:
        made.append(Fact(f"{name}.{stat}", str(rounded(value, places)), str(value), "", n, method, inputs))

    shown = (("cpk", index.cpk), ("ppk_percentile", index.ppk if index.percentiles else None))
    for stat, found in shown:
        if found and found.low is not None and found.high is not None:
            figure(stat, found.value)
            figure(f"{stat}_low", found.low)
            figure(f"{stat}_high", found.high)
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
        return "no index: the limit changed within the period"
    if reading.index is None:
        return ""
    if isinstance(reading.index, NotGiven):
        return f"no index: {reading.index.reason}"
    return "; ".join(_preconditions(reading.index))


def _preconditions(index: Capability) -> list[str]:
    """Return how an index may be shown and what it lacks: the stable chart, enough values, normality, independence, every value."""
    told = [str(index.display)] if index.display is not Display.INDICATIVE else []
    if isinstance(index.normality, Normality) and index.normality.rejected:
        told.append("not normal")
    if isinstance(index.autocorrelation, Autocorrelation) and index.autocorrelation.exceeded:
        told.append("autocorrelated")
    return told + [remark for remark in index.remarks if "censored" in remark or "indicative" in remark]


def _moved(loaded: Loaded, reading: Reading, unit: str, inputs: dict[str, object]) -> list[Fact]:
    if reading.before is None:
        return []
    name, n = reading.attribute, len(reading.values)
    places = min(places_of(reading.values) + 1, 3)
    first, last = loaded.before
    earlier = {**inputs, "before": f"{first} to {last}"}
    mean = as_decimal(reading.before.mean)
    method = f"mean v{VERSION} of {first} to {last}"
    made = [
        Fact(f"{name}.previous_n", str(reading.before.n), str(reading.before.n), "", reading.before.n, method, earlier),
        Fact(f"{name}.previous_mean", str(rounded(mean, places)), str(mean), unit, reading.before.n, method, earlier),
    ]
    if not isinstance(reading.moved, Shift):
        return made
    state = str(int(reading.shifted))
    made.append(Fact(f"{name}.shifted", state, state, "", n, reading.moved.basis.stated, earlier))
    for stat, found, digits, of in (
        ("difference", reading.moved.difference, places + 1, unit),
        ("sd_ratio", reading.moved.ratio, 2, ""),
    ):
        if found is None:
            continue
        for end, value in (("", found.value), ("_low", found.low), ("_high", found.high)):
            if value is not None:
                text = str(rounded(value, digits) + 0)  # without the sign of a zero
                made.append(Fact(f"{name}.{stat}{end}", text, str(value), of, n, reading.moved.basis.stated, earlier))
    return made
