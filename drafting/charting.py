"""One attribute over one period as a control chart, for reading: the chart, its signals, its limits and where they come from.

The chart is the one that a report draws. What a report would not draw from, because the source contradicts itself, is drawn here
with that said: a reader looks for the cause.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from audit.errors import Invalid
from corpus import records
from corpus.model import Measurement
from corpus.plausibility import Contradiction
from corpus.records import natural
from drafting import tables
from drafting.chart_decisions import ApprovedBaseline, PracticalLimit
from drafting.context import Context
from drafting.evidence import drawn, measured, practical, reading
from drafting.evidence.attributes import alarm_chance
from drafting.evidence.control import SMALLEST_BASELINE, Control, Together, by_lot, control, fired, positions, together
from drafting.evidence.measured import Limit
from drafting.evidence.reading import Reading
from drafting.evidence.scope import Loaded, ReportScope
from drafting.model import Chart
from drafting.present import read
from drafting.statistics.rules import Rule, RuleSet


@dataclass(frozen=True)
class Product:
    """A product of which batches were imported: months of its first and last batch, its strengths."""

    code: str
    batches: int
    first: str
    last: str
    strengths: tuple[str, ...]


@dataclass(frozen=True)
class Period:
    """Which batches are charted: product, first and last day, strength ("": every one)."""

    product: str
    period_from: str
    period_to: str
    strength: str = ""


@dataclass(frozen=True)
class Attribute:
    """A measured attribute in the period, as people call it and as its source names it."""

    name: str
    title: str
    group: str
    values: int
    limited: bool  # a specification states limits


@dataclass(frozen=True)
class LimitLine:
    """A specification that was in force for batches of the period."""

    specification: str
    limit: str
    valid: str
    place: str
    batches: int
    drawn: bool
    synthetic: bool


@dataclass(frozen=True)
class Signal:
    """A point outside the control limits, and the cell that it is drawn from."""

    batch: str
    month: str
    value: str
    rule: str
    place: str
    document_id: str
    row: int


@dataclass(frozen=True)
class ChartView:
    """Everything that the screen of one chart says."""

    attribute: Attribute
    chart: Chart | None
    signals: tuple[Signal, ...]
    limits: tuple[LimitLine, ...]
    batches: int
    missing: int
    censored: int
    outside: int  # results outside the specification in force on their batch's month of manufacture
    contradictions: tuple[Contradiction, ...]
    limits_from: str = ""  # on which values the control limits rest, as a sentence
    rules: str = ""  # run rules in force
    alarm: str = ""  # per cent of processes in control that signal by them in so many values
    practical: PracticalLimit | None = None
    held: str = "-"  # how the difference to the period before lies to the practical limit
    alerted: tuple[str, ...] = ()  # batches beyond an alert limit
    baseline: ApprovedBaseline | None = None  # approved for this attribute, whether or not it is earlier than this period
    otherwise: tuple[str, ...] = ()  # what rules that are not in force would mark, a sentence for each set
    limit_changed: bool = False  # the limits themselves, and not only the version that states them


def products(conn: Connection) -> list[Product]:
    """List the products of which there are batches, the one with the most batches first."""
    by_code: dict[str, list[tuple[str, str]]] = {}
    for batch in records.current_records(conn, kind="batch"):
        if batch.product and batch.date:
            by_code.setdefault(batch.product, []).append((batch.date, batch.strength or ""))
    made = [
        Product(
            code, len(found), min(d for d, _ in found), max(d for d, _ in found), tuple(sorted({s for _, s in found if s}))
        )
        for code, found in by_code.items()
    ]
    return sorted(made, key=lambda p: (-p.batches, natural(p.code)))


def reviewed(conn: Connection, product: str) -> dict[str, Period]:
    """Return the periods that reports of a product review, by the number of the report, the last one first."""
    table = tables.reports.c
    query = select(tables.reports).where(table.product == product, table.subject.is_(None)).order_by(table.seq.desc())
    return {r.number: Period(product, r.period_from, r.period_to, r.strength or "") for r in conn.execute(query)}


def loaded_for(ctx: Context, *, product: str, period_from: str, period_to: str, strength: str | None) -> Loaded:
    """Read what the charts of a product and period rest on."""
    if period_from > period_to:
        raise Invalid("The period ends before it begins.", remedy="Choose a later end.")
    with ctx.database.read() as conn:
        return read(conn, ReportScope("", "apr_us", product, period_from, period_to, strength))


def loaded_of(ctx: Context, chosen: Period) -> Loaded:
    """Read what the charts of a period rest on."""
    return loaded_for(
        ctx,
        product=chosen.product,
        period_from=chosen.period_from,
        period_to=chosen.period_to,
        strength=chosen.strength or None,
    )


def groups(loaded: Loaded) -> list[Together]:
    """Return the groups of signals of every attribute that the source does not contradict, those that wait for a person first. Pure."""
    left_out = measured.contradicted(loaded)
    charts = (control(loaded, a, lots=by_lot(loaded, a)) for a in loaded.measurements if a not in left_out)
    return together(loaded, [chart for chart in charts if chart and chart.limits])


def attributes(loaded: Loaded) -> list[Attribute]:
    """List the attributes that were measured in the period, those with a specification first. Pure."""
    stated = loaded.specifications
    found = [
        Attribute(name, loaded.title(name), loaded.groups.get(name, ""), len(measured.known_values(values)), name in stated)
        for name, values in loaded.measurements.items()
    ]
    return sorted((a for a in found if a.values), key=lambda a: (not a.limited, a.group, a.title.casefold()))


def chart_view(loaded: Loaded, attribute: Attribute) -> ChartView:
    """Return the chart of an attribute with everything that belongs to it. Pure."""
    every = loaded.measurements.get(attribute.name, ())
    present = {m.batch: m for m in every if m.value is not None}
    found = reading.read(loaded, attribute.name, lots=by_lot(loaded, attribute.name))
    chart = drawn.charted(loaded, found) if found else None
    by_batch = {b.identifier: b for b in loaded.batches}
    in_force = {batch: measured.limit_for(loaded, attribute.name, by_batch[batch]) for batch in present}
    outside = sum(failed for _, _, failed in measured.verdicts(loaded, attribute.name))
    return ChartView(
        attribute=attribute,
        chart=chart,
        signals=_signals(found.control, chart, present) if chart and found else (),
        limits=_limits(in_force, chart),
        batches=len(loaded.batches),
        missing=sum(m.state == "missing" for m in every),
        censored=sum(m.state == "censored" for m in every),
        outside=outside,
        contradictions=tuple(c for c in loaded.contradictions if attribute.name in c.attributes),
        limits_from=_limits_from(found),
        rules=str(loaded.charts.rules_for(attribute.name)),
        alarm=alarm_chance(len(found.values), found.control.rules) if found else "",
        practical=found.practical if found else None,
        held=practical.held(found) if found else "-",
        alerted=tuple(
            b for b, v in zip(found.batches, found.values, strict=True) if found.practical and found.practical.alerted(v)
        )
        if found
        else (),
        baseline=loaded.charts.baselines.get(attribute.name),
        otherwise=_otherwise(found.control) if found else (),
        limit_changed=bool(found and found.limit_changed),
    )


def _otherwise(found: Control) -> tuple[str, ...]:
    """Say which points rules that are not in force would mark on the chart that is drawn, and from which batch on."""
    limits = found.frozen.limits if found.frozen else found.limits
    told = []
    for rules in RuleSet if limits else ():
        if rules in (RuleSet.ONE, found.rules):
            continue
        signals = fired(found.values, limits, rules) if limits else ()
        marked = positions(signals)
        points = f"{len(marked)} point{'' if len(marked) == 1 else 's'}"
        by_rule = Counter(str(signal.rule) for signal in signals)
        how = (
            f", the first at batch {found.batches[marked[0]]} ({'; '.join(f'{rule}: {n}' for rule, n in by_rule.items())})"
            if marked
            else ""
        )
        told.append(f"{rules} are not in force: they would mark {points}{how}.")
    return tuple(told)


def _limits_from(found: Reading | None) -> str:
    if found is None or found.frozen is None:
        few = f"The 12 months before hold fewer than {SMALLEST_BASELINE} values."
        return f"Control limits are computed from the values shown. {few}"
    own = f"limits of the values shown would give {len(found.beyond)} signals"
    if found.frozen.baseline:
        changed = " Its records changed since: approve it anew." if found.frozen.changed else ""
        return f"Control limits: {found.frozen.baseline.told}; {own}.{changed}"
    first, last = found.frozen.period
    return f"Control limits are frozen on {found.frozen.n} batches from {first} to {last}; {own}."


def _signals(found: Control, chart: Chart, present: Mapping[str, Measurement]) -> tuple[Signal, ...]:
    """Name each point that signals with its rules; a point beyond a limit lies away from the centre, so that its side tells which one."""
    by_place: dict[int, list[str]] = {}
    for signal in found.signals:
        side = "above the upper" if signal.side > 0 else "below the lower"
        rule = f"1: {side} control limit" if signal.rule is Rule.BEYOND_LIMITS else str(signal.rule)
        by_place.setdefault(signal.position, []).append(rule)
    listed = []
    for place, told in sorted(by_place.items()):
        point = chart.points[place]
        cell = present[point.batch]
        listed.append(
            Signal(point.batch, point.date, point.value, "; ".join(told), str(cell.locator), cell.document_id, cell.row)
        )
    return tuple(listed)


def _limits(in_force: Mapping[str, Limit | None], chart: Chart | None) -> tuple[LimitLine, ...]:
    """List each specification that was in force for a batch of the chart; the last batch's is the one drawn."""
    by_record: dict[str, list[Limit]] = {}
    for limit in in_force.values():
        if limit:
            by_record.setdefault(limit.record.id, []).append(limit)
    last = in_force.get(chart.points[-1].batch) if chart else None
    lines = []
    for key, found in by_record.items():
        record = found[0].record
        valid = f"{record.get('effective_from')} to {record.get('effective_until') or 'today'}"
        lines.append(
            LimitLine(
                f"{record.get('specification_id')} version {record.get('version')}", found[0].printed, valid, str(record.locator()),
                len(found), last is not None and last.record.id == key, record.document.synthetic,
            )
        )  # fmt: skip
    return tuple(lines)
