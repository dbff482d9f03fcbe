"""The control chart of one attribute: which limits it is held against, and which points signal by the rules in force. Pure.

- Limits of the period's own values (phase I) always stand beside those that are drawn. Drawn are, where there are any, the limits of a
  baseline that a person approved for earlier batches; else those of the 12 months before, where they hold enough values.
- A baseline whose records say something else now keeps the centre and sigma that were approved, and says that it waits to be approved anew.
- Rules are those that the site chose, for the attribute or for all; rule 1 where nobody chose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.canonical import canonical, digest
from corpus.model import Measurement
from drafting.chart_decisions import ApprovedBaseline, Disposition
from drafting.evidence.listed import LOTS, lot_of
from drafting.evidence.scope import Loaded
from drafting.statistics.charts import Panel
from drafting.statistics.exact import summarise
from drafting.statistics.individuals import ControlLimits, beyond_limits, individuals
from drafting.statistics.rules import Rule, RuleSet, Signal, signals
from drafting.statistics.signal_groups import SharedGroup, SignalGroup, group_signals, shared_groups

SMALLEST_BASELINE = 20  # limits from fewer moving ranges are too uncertain to hold another period against
BY_LOT = "raw material"  # the stage whose attributes are read once a lot


@dataclass(frozen=True)
class Frozen:
    """Limits that were frozen before the period, where they come from, and the signals of the period's values against them."""

    limits: ControlLimits
    n: int
    signals: tuple[Signal, ...]
    period: tuple[str, str]
    baseline: ApprovedBaseline | None = None  # None: the 12 months before, which nobody approved
    changed: bool = False  # records of the baseline say something else than when it was approved

    @property
    def beyond(self) -> tuple[int, ...]:
        """Return the positions of points that signal."""
        return positions(self.signals)


@dataclass(frozen=True)
class Control:
    """The values of one attribute in order of manufacture, their limits and their signals."""

    attribute: str
    batches: tuple[str, ...]
    values: tuple[Decimal, ...]
    rules: RuleSet
    limits: ControlLimits | None
    own: tuple[Signal, ...]
    frozen: Frozen | None
    lots: bool = False  # one value a lot of material, at the first batch that used it

    @property
    def signals(self) -> tuple[Signal, ...]:
        """Return the signals against the limits that are drawn."""
        return self.frozen.signals if self.frozen else self.own

    @property
    def groups(self) -> tuple[SignalGroup, ...]:
        """Return the runs into which the signals of the chart that is drawn fall."""
        return group_signals(self.signals, self.batches, self.attribute)

    def content(self, group: SignalGroup) -> str:
        """Return what a disposition of a run is made on: batch, value, rule and side of each signal."""
        return canonical(
            [[self.batches[s.position], str(self.values[s.position]), str(s.rule), s.side] for s in group.members]
        )


@dataclass(frozen=True)
class Run:
    """One run of signals with the disposition that holds for it; `before` is one that was made on other signals of its batches."""

    group: SignalGroup
    content: str
    disposition: Disposition | None
    before: Disposition | None


@dataclass(frozen=True)
class Together:
    """Runs of several attributes at much the same batches: what a person disposes of in one act."""

    shared: SharedGroup
    runs: tuple[Run, ...]

    @property
    def key(self) -> str:
        """Return the name under which the group is shown and disposed of: it changes with its signals."""
        listed = sorted([run.group.attribute, run.content] for run in self.runs)
        return digest(canonical(listed)).removeprefix("sha256:")[:12]

    @property
    def open(self) -> tuple[Run, ...]:
        """Return the runs that nobody disposed of as they now are."""
        return tuple(run for run in self.runs if run.disposition is None)

    @property
    def told(self) -> str:
        """Return what persons found; open where a run waits, and whether one was disposed of before its signals changed."""
        found = list(
            dict.fromkeys(f"{d.told}, {d.user_id} {d.at[:10]}: {d.reason}" for run in self.runs if (d := run.disposition))
        )
        if self.open:
            again = any(run.before for run in self.open)
            part = f" for {len(self.open)} of {len(self.runs)} attributes" if len(self.open) < len(self.runs) else ""
            found.insert(0, f"open{part}{', its signals changed since they were disposed of' if again else ''}")
        return "; ".join(found)


def control(loaded: Loaded, attribute: str, *, lots: bool = False) -> Control | None:
    """Return the chart of an attribute over the batches in scope, or over the `lots` that went into them; None without values."""
    present = known(loaded, attribute, loaded.measurements.get(attribute, ()), lots=lots)
    values = [m.value for m in present if m.value is not None]
    if not values:
        return None
    rules = loaded.charts.rules_for(attribute)
    own = individuals(values, summarise(values))
    return Control(
        attribute, tuple(m.batch for m in present), tuple(values), rules, own, fired(values, own, rules) if own else (),
        _frozen(loaded, attribute, values, rules, lots=lots), lots,
    )  # fmt: skip


def by_lot(loaded: Loaded, attribute: str) -> bool:
    """Tell whether an attribute is measured on a lot that goes into many batches."""
    return loaded.groups.get(attribute) == BY_LOT


def known(loaded: Loaded, attribute: str, measured: Sequence[Measurement], *, lots: bool) -> list[Measurement]:
    """Return the measurements that have a value, of each lot the first where they are read by lot."""
    chosen = _once(loaded, attribute, measured) if lots else measured
    return [m for m in chosen if m.value is not None]


def _once(loaded: Loaded, attribute: str, measured: Sequence[Measurement]) -> Sequence[Measurement]:
    """Keep the first batch of each lot; an attribute of no known material, and a batch that names no lot, stay as they are."""
    material = attribute.partition("_")[0]
    if material not in LOTS:
        return measured
    by_batch = {b.identifier: b for b in loaded.of("batch")}
    first: dict[tuple[str, str], Measurement] = {}
    for m in measured:
        first.setdefault((lot_of(by_batch[m.batch], material) or m.batch, m.literal), m)
    return tuple(first.values())


def fired(values: Sequence[Decimal], limits: ControlLimits, rules: RuleSet) -> tuple[Signal, ...]:
    """Return the signals of values against limits."""
    if rules is RuleSet.ONE:  # the common case loads no library
        return tuple(
            Signal(Rule.BEYOND_LIMITS, i, i, 1 if values[i] > limits.upper else -1) for i in beyond_limits(values, limits)
        )
    n = len(values)
    panel = Panel(
        "value", tuple(values), (limits.centre,) * n, (limits.lower,) * n, (limits.upper,) * n, (limits.sigma,) * n
    )
    return signals(panel, rules.rules)


def positions(found: Sequence[Signal]) -> tuple[int, ...]:
    """Return the places of the points that signal, each once."""
    return tuple(sorted({signal.position for signal in found}))


def baseline_values(
    loaded: Loaded, attribute: str, measured: Sequence[Measurement], excluded: Mapping[str, str]
) -> list[Measurement]:
    """Return the measurements that a baseline is computed from."""
    return [m for m in known(loaded, attribute, measured, lots=by_lot(loaded, attribute)) if m.batch not in excluded]


def data_hash(used: Sequence[Measurement]) -> str:
    """Return the hash over what the records of a baseline say."""
    return digest(canonical([[m.batch, m.literal] for m in used]))


def _frozen(loaded: Loaded, attribute: str, values: Sequence[Decimal], rules: RuleSet, *, lots: bool) -> Frozen | None:
    approved = loaded.charts.baselines.get(attribute)
    if approved is not None and approved.period_to < loaded.scope.period_from:
        period = (approved.period_from, approved.period_to)
        used = baseline_values(loaded, attribute, loaded.reference[period].get(attribute, ()), dict(approved.excluded))
        changed = data_hash(used) != approved.data
        return Frozen(approved.limits, approved.n, fired(values, approved.limits, rules), period, approved, changed)
    earlier = [
        m.value for m in known(loaded, attribute, loaded.earlier.get(attribute, ()), lots=lots) if m.value is not None
    ]
    if len(earlier) < SMALLEST_BASELINE:
        return None
    limits = individuals(earlier, summarise(earlier))
    assert limits is not None
    return Frozen(limits, len(earlier), fired(values, limits, rules), loaded.before)


def together(loaded: Loaded, charts: Sequence[Control]) -> list[Together]:
    """Put the runs of several charts together, those that wait for a person first and of these the one with the most signals."""
    by_attribute = {chart.attribute: chart for chart in charts}
    runs = {attribute: chart.groups for attribute, chart in by_attribute.items() if chart.signals}
    shared = shared_groups(runs, [b.identifier for b in loaded.batches])
    made = [Together(s, tuple(_run(loaded, by_attribute[g.attribute], g) for g in s.groups)) for s in shared]
    return sorted(made, key=lambda t: (not t.open, -t.shared.signals, t.shared.start))


def _run(loaded: Loaded, chart: Control, group: SignalGroup) -> Run:
    content, made = chart.content(group), loaded.charts.dispositions.get(chart.attribute, ())
    held = next((d for d in made if d.content == content), None)
    batches = {chart.batches[s.position] for s in group.members}
    before = next((d for d in made if d.batches & batches), None) if held is None else None
    return Run(group, content, held, before)
