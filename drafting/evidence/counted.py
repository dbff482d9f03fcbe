"""What happened in the period as rates with a named denominator: exact intervals, by month, by category, and time to close. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median

from corpus.model import Record
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.kinds import LISTINGS, label
from drafting.evidence.listed import NOT_RECORDED
from drafting.evidence.scope import Loaded, span_of, titled
from drafting.model import Chart, Fact, Point, Table
from drafting.statistics.basis import VERSION, NotGiven
from drafting.statistics.charts import ControlChart
from drafting.statistics.counts import u_chart
from drafting.statistics.exact import rounded
from drafting.statistics.rates import rate
from drafting.statistics.rules import RuleSet, of_counts, signals

PARETO = {"deviation": "category", "complaint": "category", "oos": "attribute", "return": "reason"}
CLOSING = {
    "deviation": "opened_on",
    "complaint": "received_on",
    "capa": "opened_on",
}  # from when the days to `closed_on` count
FEWEST_MONTHS = 3  # below it a chart over time says nothing
MONTH = 7  # letters of YYYY-MM


def interval(name: str, events: int, denominator: Decimal, what: str, *, per: int, unit: str, places: int) -> list[Fact]:
    """Return the ends of the exact interval of a rate; no event gives its upper bound alone."""
    found = rate(events, denominator, what, per=Decimal(per))
    if isinstance(found, NotGiven):
        return []
    ends = (("low", found.rate.low), ("high", found.rate.high))
    level = Fact(f"{name}_level", "95", "95", "%", events, "confidence of the interval, as set", {})
    told, inputs = f"{found.basis.stated}, {unit}", {"denominator": what}
    return [
        level,
        *(
            Fact(f"{name}_{end}", str(rounded(value, places)), str(value), "", events, told, inputs)
            for end, value in ends
            if value is not None
        ),
    ]


def by_batches(loaded: Loaded, kind: str, found: Sequence[Record], into: Collected) -> None:
    """Say how many records of a kind there were for the batches made, with the interval, and month by month."""
    made = len(loaded.batches)
    into.add_facts([count_fact("census.made", made, made, "batches whose month of start overlaps the period")])
    into.add_facts(
        interval(f"{kind}.rate", len(found), Decimal(made), "batches made", per=100, unit="per 100 batches", places=1)
    )
    months = Counter(b.date[:MONTH] for b in loaded.batches if b.date)
    by_month(loaded, kind, found, {m: Decimal(n) for m, n in months.items()}, "batch", into)


def by_month(
    loaded: Loaded, kind: str, found: Sequence[Record], sizes: Mapping[str, Decimal], unit: str, into: Collected
) -> None:
    """Chart the events of each month for each unit of the month's denominator; by quarter where a month of events has none."""
    dated = [span_of(r)[0][:MONTH] for r in found if r.date and r.date_precision != "year"]
    length = "Month" if set(dated) <= {m for m, n in sizes.items() if n} else "Quarter"
    named = str if length == "Month" else quarter_of
    events, weights = Counter(map(named, dated)), dict[str, Decimal]()
    for month, size in sizes.items():
        weights[named(month)] = weights.get(named(month), Decimal(0)) + size
    periods = sorted(p for p, size in weights.items() if size)
    without = sum(number for p, number in events.items() if not weights.get(p))
    if len(periods) < FEWEST_MONTHS:
        return
    chart = u_chart([events[p] for p in periods], [weights[p] for p in periods], unit)
    n = str(len(periods))
    into.add_facts([Fact(f"{kind}.periods", n, n, f"{length.lower()}s", len(periods), "with a denominator", {})])
    if isinstance(chart, NotGiven):
        return
    chosen = loaded.charts.site_rules
    rules, why = of_counts(chart.location, [weights[p] for p in periods], chosen)
    marked = {s.position for s in signals(chart.location, rules.rules)}
    query = f"{rules} on the u chart by {length.lower()}"
    into.add_facts([count_fact(f"{kind}.chart.signals", len(marked), len(periods), query)])
    if chosen is not RuleSet.ONE:
        into.add_facts([Fact(f"{kind}.chart.rules", str(rules), str(rules), "", len(periods), "run rules in force", {})])
    if why:
        into.add_facts([Fact(f"{kind}.chart.withheld", why, why, "", len(periods), "run rules on counts", {})])
    noted = f" by {rules}{f' only: {why}' if why else ''}; events by their date, denominators by the same {length.lower()}"
    noted += f"; {without} event(s) of a {length.lower()} without denominator left out" if without else ""
    into.charts.append(_chart(kind, chart, periods, marked, (unit, length, noted)))


def quarter_of(month: str) -> str:
    """Return the quarter that a month (YYYY-MM) lies in."""
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}"


def _chart(kind: str, chart: ControlChart, periods: Sequence[str], marked: set[int], told: tuple[str, str, str]) -> Chart:
    unit, length, noted = told
    panel = chart.location

    def text(value: Decimal) -> str:
        return str(rounded(value, 3))

    return Chart(
        id=f"u.{kind}", title=f"{LISTINGS[kind].title} per {unit}, by {length.lower()}", attribute=kind, label=LISTINGS[kind].title,
        unit=f"per {unit}", centre=text(panel.centre[0]), lower_control="", upper_control="", kind="u", points_are=length,
        points=tuple(
            Point(p, p, text(panel.points[i]), i in marked, text(panel.lower[i]), text(panel.upper[i])) for i, p in enumerate(periods)
        ),
        method=f"{chart.basis.method}, n = {len(periods)}, {len(marked)} signal(s){noted}",
    )  # fmt: skip


def pareto(loaded: Loaded, kind: str, found: Sequence[Record], into: Collected) -> None:
    """List the categories of a kind from the most frequent on, with shares added up."""
    column = PARETO.get(kind, "")
    counted = Counter((loaded.attribute_of(r) if column == "attribute" else r.get(column)) or NOT_RECORDED for r in found)
    if not column or len(counted) < 2:  # noqa: PLR2004 - one category has no order
        return
    rows, running = [], 0
    for name, number in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        running += number
        shown = titled(loaded.labels.get(name, ""), name) if column == "attribute" else name
        rows.append((shown, str(number), _share(number, len(found)), _share(running, len(found))))
    columns = (label(column), "Number", "Share, %", "Added up, %")
    title = f"{LISTINGS[kind].title} by {label(column).lower()}, most frequent first"
    into.tables.append(Table(f"pareto.{kind}", title, columns, tuple(rows), ("",) * len(rows)))


def _share(part: int, whole: int) -> str:
    return str(rounded(Decimal(100 * part) / whole, 1))


def closing(loaded: Loaded, kind: str, found: Sequence[Record], into: Collected) -> None:
    """Say how many records were closed by the end of the period, after how many days, and how long the oldest is open."""
    start, end = CLOSING.get(kind, ""), loaded.scope.period_to
    days, ages = [], []
    for r in found:
        opened, closed = r.get(start)[:10], r.get("closed_on")[:10]
        if not is_day(opened) or (closed and not is_day(closed)):
            continue
        if closed and closed <= end:
            days.append(days_between(opened, closed))
        elif opened <= end:
            ages.append(days_between(opened, end))
    if not days and not ages:
        return
    into.add_facts([count_fact(f"{kind}.closed", len(days), len(found), f"{kind} closed by the end of the period")])
    told = [("close.median", Decimal(median(days))), ("close.longest", Decimal(max(days)))] if days else []
    told += [("open_longest", Decimal(max(ages)))] if ages else []
    method = f"days from {start} to closed_on, or to the end of the period, v{VERSION}"
    into.add_facts(
        [
            Fact(f"{kind}.{name}", str(v.normalize() if v % 1 else int(v)), str(v), "days", len(days or ages), method, {})
            for name, v in told
        ]
    )


def is_day(text: str) -> bool:
    """Tell whether a text is a day as YYYY-MM-DD."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def days_between(first: str, last: str) -> int:
    """Return how many days lie between two days."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
