"""Runs of automated visual inspection: false rejects by version and on a p chart, seeded defects found by machine and by people. Pure."""

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

from audit.canonical import canonical, digest
from drafting.evidence.collected import Collected
from drafting.evidence.model_errors import began, chart_method, frozen, labels, outside, phase_one
from drafting.evidence.model_records import INSPECTION, Run, kits, name_of, text
from drafting.evidence.scope import Loaded
from drafting.model import Chart, Fact, Point, Table
from drafting.statistics.basis import VERSION, Interval, NotGiven
from drafting.statistics.charts import Baseline, ControlChart
from drafting.statistics.counts import p_chart
from drafting.statistics.exact import WORKING, rounded
from drafting.statistics.proportions import Proportion, difference, proportion

RATE_PLACES, SHARE_PLACES = 4, 1  # of percentages: false rejects are rare, seeded defects few
RUNS = ("Machine", "Version", "Locked", "Runs", "Units inspected", "Rejected", "False rejects", "False-reject rate, %", "p-chart signals")  # fmt: skip
KITS = (
    "Machine", "Version", "Kits", "Machine: found of presented", "Share, % (95 %)", "People: found of presented", "Share, % (95 %)",
    "Difference, percentage points (95 %)",
)  # fmt: skip
NOTE = "False rejects: units rejected and found good on re-inspection; the rate is of the units inspected."
KIT_NOTE = (
    "Shares with exact binomial intervals; each presentation of a defect counts once, also of a defect shown before. The human baseline of a "
    "kit counts once. Difference: machine less people, Newcombe's interval of independent samples."
)


def add(loaded: Loaded, into: Collected, key: str, found: Sequence[Run], inside: Sequence[Run]) -> None:
    """Add the figures and the chart of one machine: `found` is everything up to the end of the period, `inside` the period's."""
    machine, inputs = text(inside[0].record, "machine"), _inputs(loaded, inside)
    into.add_facts(
        [
            Fact(f"{key}.machine", machine, machine, "", len(inside), "as recorded", inputs),
            _count(f"{key}.n", len(inside), len(inside), inputs),
        ]
    )
    judged = [r for r in inside if r.numbers["false_rejects"] is not None]
    at = _charted(loaded, into, key, [r for r in found if r.numbers["false_rejects"] is not None], judged)
    human, several = kits(inside)
    into.notes += [
        f"{machine}: kit {kit} is recorded with several human baselines; it is compared with none." for kit in several
    ]
    for version in dict.fromkeys(r.version for r in inside):
        chosen = [r for r in inside if r.version == version]
        _version(loaded, into, name_of(key, version), version, chosen)
        if at is not None:
            signals = sum(judged[i].version == version for i in at)
            into.add_facts([_count(f"{name_of(key, version)}.signals", signals, len(chosen), _inputs(loaded, chosen))])
        _detection(loaded, into, name_of(key, version), chosen, human)


def add_tables(into: Collected, inside: Sequence[Run], *, synthetic: bool) -> None:
    """Add the tables by machine and version."""
    versions = list(dict.fromkeys((r.key, r.version) for r in inside))
    rows = [_row(into, key, version, inside) for key, version in versions]
    refs = [f"fact:{name_of(key, version)}.n" for key, version in versions]
    if rows:
        into.tables.append(
            Table(
                "inspection_run.versions",
                "Automated visual inspection by version",
                RUNS,
                tuple(rows),
                tuple(refs),
                NOTE,
                synthetic,
            )
        )
    challenged = [name_of(key, version) for key, version in versions if f"{name_of(key, version)}.kit_found" in into.facts]
    if challenged:
        told = tuple(_kit_row(into, name) for name in challenged)
        cited = tuple(f"fact:{name}.kit_found" for name in challenged)
        into.tables.append(
            Table(
                "inspection_run.kits",
                "Seeded defects: machine beside people on the same kits",
                KITS,
                told,
                cited,
                KIT_NOTE,
                synthetic,
            )
        )


def _version(loaded: Loaded, into: Collected, name: str, version: str, chosen: Sequence[Run]) -> None:
    inputs = _inputs(loaded, chosen)
    n = len(chosen)
    into.add_facts(
        [Fact(f"{name}.version", version, version, "", n, "as recorded", inputs), _count(f"{name}.n", n, n, inputs)]
    )
    for stat, column in (("inspected", "units_inspected"), ("rejected_units", "units_rejected")):
        into.add_facts(
            [_count(f"{name}.{stat}", sum(r.numbers[column] or 0 for r in chosen), n, inputs, _unit(chosen, column))]
        )
    judged = [r for r in chosen if r.numbers["false_rejects"] is not None]
    if judged:
        false = sum(r.numbers["false_rejects"] or 0 for r in judged)
        units = sum(r.numbers["units_inspected"] or 0 for r in judged)
        with localcontext(WORKING):
            rate = 100 * Decimal(false) / Decimal(units)
        method = f"false rejects over units inspected of the same runs v{VERSION}"
        into.add_facts([
            _count(f"{name}.false_rejects", false, len(judged), inputs, _unit(chosen, "false_rejects")),
            Fact(f"{name}.false_rate", str(rounded(rate, RATE_PLACES)), str(rate), "%", len(judged), method, inputs),
        ])  # fmt: skip


def _detection(loaded: Loaded, into: Collected, name: str, chosen: Sequence[Run], human: dict[str, tuple[int, int]]) -> None:
    """Add what machine and people found of the same kits, with exact intervals, and the difference."""
    challenged = [r for r in chosen if r.numbers["kit_presented"] and r.numbers["kit_found"] is not None]
    if not challenged:
        return
    inputs = _inputs(loaded, challenged)
    used = list(dict.fromkeys(text(r.record, "kit_id") for r in challenged))
    into.add_facts([Fact(f"{name}.kits", ", ".join(used), ", ".join(used), "", len(challenged), "as recorded", inputs)])
    machine = proportion(
        sum(r.numbers["kit_found"] or 0 for r in challenged), sum(r.numbers["kit_presented"] or 0 for r in challenged)
    )
    baselines = [human[kit] for kit in used] if human.keys() >= set(used) else []  # the same kits, or no comparison
    people = proportion(sum(found for found, _ in baselines), sum(presented for _, presented in baselines))
    for prefix, made in (("kit", machine), ("human", people)):
        if isinstance(made, Proportion):
            n, method = len(challenged), f"seeded defects v{VERSION}"
            into.add_facts([
                _count(f"{name}.{prefix}_found", made.found, n, inputs), _count(f"{name}.{prefix}_presented", made.presented, n, inputs),
                *_interval(f"{name}.{prefix}_share", made.share, "%", made.basis.n, f"{made.basis.method}, {method}", inputs),
            ])  # fmt: skip
    if isinstance(machine, Proportion) and isinstance(people, Proportion):
        between = difference(machine, people)
        into.add_facts(
            _interval(
                f"{name}.difference", between.difference, "percentage points", between.basis.n, between.basis.stated, inputs
            )
        )


def _interval(name: str, interval: Interval, unit: str, n: int, method: str, inputs: dict[str, object]) -> list[Fact]:
    """Return a share in per cent with the ends of its interval."""
    ends = ((name, interval.value), (f"{name}_low", interval.low), (f"{name}_high", interval.high))
    return [
        Fact(i, str(rounded(100 * v, SHARE_PLACES)), str(100 * v), unit, n, method, inputs) for i, v in ends if v is not None
    ]


def _charted(loaded: Loaded, into: Collected, key: str, history: Sequence[Run], judged: Sequence[Run]) -> set[int] | None:
    """Chart the false-reject rates of the period against the first version on record; return the positions of signals."""
    if not judged:
        return None
    first = phase_one(history)
    made = _p_chart(first) if first else None
    baseline = frozen(made.parameters, first) if isinstance(made, ControlChart) else None
    chart = _p_chart(judged, baseline)
    if isinstance(chart, NotGiven):
        return None  # every run alike, as where none was false: the table says how many
    at = outside(chart.location)
    since = {"first": f"{INSPECTION}/{judged[min(at)].record.identifier}"} if at else {}
    inputs = _inputs(loaded, judged) | since
    into.add_facts([Fact(f"{key}.signals", str(len(at)), str(len(at)), "", len(judged), chart.basis.method, inputs)])
    into.charts.append(_chart(key, judged, began(judged, history), chart, at))
    return at


def _p_chart(found: Sequence[Run], baseline: Baseline | None = None) -> ControlChart | NotGiven:
    counted = [(r.numbers["false_rejects"] or 0, r.numbers["units_inspected"] or 0) for r in found]
    return p_chart([false for false, _ in counted], [units for _, units in counted], baseline=baseline)


def _chart(key: str, judged: Sequence[Run], versions: Sequence[str], made: ControlChart, at: set[int]) -> Chart:
    panel = made.location

    def percent(value: Decimal) -> str:
        return str(rounded(100 * value, RATE_PLACES))

    points = tuple(
        Point(
            label,
            text(r.record, "run_on"),
            percent(panel.points[i]),
            i in at,
            percent(panel.lower[i]),
            percent(panel.upper[i]),
            versions[i],
        )
        for i, (r, label) in enumerate(zip(judged, labels(judged), strict=True))
    )
    machine = text(judged[0].record, "machine")
    return Chart(
        id=f"p.{key}", title=f"{machine}: false rejects of the units inspected, by run", attribute=key, label="False-reject rate", unit="%",
        points=points, centre=percent(panel.centre[0]), lower_control="", upper_control="",
        method=chart_method(made, at, judged), kind="p",
    )  # fmt: skip


def _row(into: Collected, key: str, version: str, inside: Sequence[Run]) -> tuple[str, ...]:
    value = _values(into, name_of(key, version))
    locked = {text(r.record, "locked") or "not recorded" for r in inside if (r.key, r.version) == (key, version)}
    return (
        into.facts[f"{key}.machine"].value, version, ", ".join(sorted(locked)), value("n"), value("inspected"), value("rejected_units"),
        value("false_rejects"), value("false_rate"), value("signals"),
    )  # fmt: skip


def _kit_row(into: Collected, name: str) -> tuple[str, ...]:
    value = _values(into, name)

    def share(stat: str) -> str:
        return (
            f"{value(stat)} ({value(f'{stat}_low')} to {value(f'{stat}_high')})" if f"{name}.{stat}" in into.facts else "-"
        )

    def found(prefix: str) -> str:
        return (
            f"{value(f'{prefix}_found')} of {value(f'{prefix}_presented')}"
            if f"{name}.{prefix}_found" in into.facts
            else "-"
        )

    machine = into.facts[f"{name.rpartition('.')[0]}.machine"].value
    return (
        machine,
        value("version"),
        value("kits"),
        found("kit"),
        share("kit_share"),
        found("human"),
        share("human_share"),
        share("difference"),
    )


def _values(into: Collected, name: str) -> Callable[[str], str]:
    return lambda stat: into.facts[f"{name}.{stat}"].value if f"{name}.{stat}" in into.facts else "-"


def _count(name: str, number: int, n: int, inputs: dict[str, object], unit: str = "") -> Fact:
    return Fact(name, str(number), str(number), unit, n, f"count v{VERSION}", inputs)


def _unit(chosen: Sequence[Run], column: str) -> str:
    return chosen[0].record.document.units.get(column, "")


def _inputs(loaded: Loaded, found: Sequence[Run]) -> dict[str, object]:
    columns = (
        "units_inspected",
        "units_rejected",
        "false_rejects",
        "kit_presented",
        "kit_found",
        "human_presented",
        "human_found",
    )
    return {
        "columns": [f"{name}: {', '.join(columns)}" for name in sorted({r.record.document.name for r in found})],
        "query": f"product {loaded.scope.product}, {loaded.scope.period_from} to {loaded.scope.period_to}, by day of run",
        "hash": digest(canonical([[r.record.identifier, *(text(r.record, c) for c in columns)] for r in found])),
    }
