"""Lots received in the period, and how many of them were rejected: exact shares where lots are enough, else counts, and a p chart. Pure.

The other figures of materials are of the lots that went into the batches; a rejected lot goes into none, and counts by the day it was received.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from corpus.model import Record
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.counted import quarter_of
from drafting.evidence.lots_used import KIND, is_rejected, used
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Chart, Fact, Point, Table
from drafting.statistics.basis import NotGiven
from drafting.statistics.charts import ControlChart
from drafting.statistics.counts import p_chart
from drafting.statistics.exact import rounded
from drafting.statistics.proportions import Proportion, proportion
from drafting.statistics.rules import RuleSet, of_counts, signals

FEWEST_LOTS = 10  # of a supplier: below it a share says less than its count
FEWEST_PERIODS = 3
COLUMNS = (
    "Material",
    "Supplier",
    "Received",
    "Released",
    "Rejected",
    "Without a decision",
    "Share rejected (95 % interval), %",
)
Key = tuple[str, str]  # material, supplier


def reviewed(loaded: Loaded, into: Collected) -> None:
    """Link the lots that were used to their batches, and count those received in the period."""
    used(loaded, into)
    received(loaded, into)


def received(loaded: Loaded, into: Collected) -> None:
    """Count the lots received in the period and those rejected, over all and by supplier, and chart the shares where there are enough."""
    lots = [r for r in loaded.in_scope(KIND) if r.date and f"{KIND}/{r.identifier}" not in loaded.scope.exclusions]
    lots = [r for r in lots if not loaded.coarse(r)]
    rejected = [r for r in lots if is_rejected(r)]
    query = "lots received in the period, whether or not a batch of the period used them"
    into.add_facts(
        [
            count_fact("lots.received", len(lots), len(lots), query),
            count_fact("lots.rejected", len(rejected), len(lots), f"{query}, with disposition rejected"),
            *_share("lots", len(rejected), len(lots)),
        ]
    )
    if not lots:
        return
    into.add_records(rejected)
    groups: dict[Key, list[Record]] = {}
    for r in lots:
        groups.setdefault((r.get("material"), r.get("supplier") or "not recorded"), []).append(r)
    rows = tuple(_row(key, found) for key, found in sorted(groups.items()))
    note = f"Lots by the day they were received, whether or not a batch used them. A share with its exact interval is given from {FEWEST_LOTS} lots on."
    into.tables.append(Table("lots_received", "Lots received in the period", COLUMNS, rows, ("",) * len(rows), note))
    enough = [(key, found) for key, found in sorted(groups.items()) if len(found) >= FEWEST_LOTS]
    for number, ((_, supplier), found) in enumerate(enough, start=1):
        name, refused = f"lots.supplier_{number}", sum(map(is_rejected, found))
        into.add_facts(
            [
                Fact(f"{name}.supplier", supplier, supplier, "", len(found), "as recorded", {}),
                count_fact(f"{name}.received", len(found), len(found), f"lots of {supplier} received in the period"),
                count_fact(f"{name}.rejected", refused, len(found), f"of these, with disposition rejected, of {supplier}"),
                *_share(name, refused, len(found)),
            ]
        )
    drawing = _chart(lots, loaded.charts.site_rules)
    if drawing:
        into.charts.append(drawing)


def _per_cent(value: Decimal) -> str:
    return str(rounded(100 * value, 1))


def _share(name: str, rejected: int, lots: int) -> list[Fact]:
    found = proportion(rejected, lots)
    if not isinstance(found, Proportion):
        return []
    ends = (("share", found.share.value), ("share_low", found.share.low), ("share_high", found.share.high))
    return [
        Fact(
            f"{name}.{end}",
            _per_cent(value),
            str(100 * value),
            "%",
            lots,
            found.basis.stated,
            {"denominator": "lots received"},
        )
        for end, value in ends
        if value is not None and (rejected or end == "share_high")
    ]


def _row(key: Key, lots: Sequence[Record]) -> tuple[str, ...]:
    rejected, undecided = sum(map(is_rejected, lots)), sum(not r.get("disposition") for r in lots)
    released = sum(r.get("disposition").lower().startswith("release") for r in lots)
    found = proportion(rejected, len(lots))
    share = "-"
    if (
        len(lots) >= FEWEST_LOTS
        and isinstance(found, Proportion)
        and found.share.low is not None
        and found.share.high is not None
    ):
        share = f"{_per_cent(found.share.value)} ({_per_cent(found.share.low)} to {_per_cent(found.share.high)})"
    return (*key, str(len(lots)), str(released), str(rejected), str(undecided), share)


def _chart(lots: Sequence[Record], chosen: RuleSet) -> Chart | None:
    """Chart the share rejected by quarter; None where fewer than one rejection a quarter is expected, or quarters are few."""
    made = Counter(quarter_of(span_of(r)[0][:7]) for r in lots)
    refused = Counter(quarter_of(span_of(r)[0][:7]) for r in lots if is_rejected(r))
    quarters = sorted(made)
    if len(quarters) < FEWEST_PERIODS or refused.total() < len(quarters):
        return None
    chart = p_chart([refused[q] for q in quarters], [made[q] for q in quarters])
    if isinstance(chart, NotGiven):
        return None
    rules, why = of_counts(chart.location, [made[q] for q in quarters], chosen)
    return _drawn(chart, quarters, rules, f" only: {why}" if why else "")


def _drawn(chart: ControlChart, quarters: Sequence[str], rules: RuleSet, why: str) -> Chart:
    panel, marked = chart.location, {s.position for s in signals(chart.location, rules.rules)}

    def text(value: Decimal) -> str:
        return str(rounded(value, 3))

    points = tuple(
        Point(q, q, text(panel.points[i]), i in marked, text(panel.lower[i]), text(panel.upper[i]))
        for i, q in enumerate(quarters)
    )
    return Chart(
        id="p.lots", title="Lots rejected of the lots received, by quarter", attribute=KIND, label="Share rejected", unit="", points=points,
        centre=text(panel.centre[0]), lower_control="", upper_control="", kind="p", points_are="Quarter",
        method=f"{chart.basis.method}, n = {len(quarters)}, {len(marked)} signal(s) by {rules}{why}; lots by the day they were received",
    )  # fmt: skip
