"""What people decided about control charts, as it stands in the store: baselines, practical limits, run rules, dispositions of signals.

Baselines, limits and rules are versions of their product, strength and attribute: the last one counts, unless it was withdrawn. A
disposition counts for the signals that it was made on, word for word: where they change, they wait for a person again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select

from drafting import tables
from drafting.context import Context
from drafting.statistics.individuals import ControlLimits, limits_about
from drafting.statistics.rules import RuleSet

_versions, _dispositions = tables.chart_decisions, tables.signal_dispositions


class ChartKind(StrEnum):
    """What is decided of the charts of an attribute."""

    BASELINE = "baseline"
    LIMIT = "practical_limit"
    RULES = "run_rules"


class Outcome(StrEnum):
    """What a person found of a group of signals."""

    CAUSE = "cause known"
    NO_CAUSE = "no assignable cause found"
    CHANGE = "process change"
    MEASUREMENT = "measurement"
    INVESTIGATE = "to be investigated"


@dataclass(frozen=True)
class ChartVersion:
    """One version of a decision, with who made it, when and why; `withdrawn` ends it."""

    kind: ChartKind
    product: str
    strength: str
    attribute: str
    version: int
    withdrawn: bool
    body: Mapping[str, Any]
    reason: str
    user_id: str
    at: str

    @property
    def on(self) -> str:
        """Return the day on which it was decided."""
        return self.at[:10]


@dataclass(frozen=True)
class ApprovedBaseline:
    """Centre and sigma of a period, frozen by a person; `data` is the hash of the values that they were computed from."""

    stated: ChartVersion
    period_from: str
    period_to: str
    excluded: tuple[tuple[str, str], ...]
    centre: Decimal
    sigma: Decimal
    n: int
    first_batch: str
    last_batch: str
    data: str

    @property
    def limits(self) -> ControlLimits:
        """Return the limits that later periods are held against."""
        return limits_about(self.centre, self.sigma)

    @property
    def told(self) -> str:
        """Return where the limits come from."""
        left_out = f", {len(self.excluded)} left out with a reason" if self.excluded else ""
        return (
            f"limits of the baseline approved on {self.stated.on} by {self.stated.user_id} (version {self.stated.version}), "
            f"from {self.n} batches, {self.first_batch} to {self.last_batch}{left_out}, of {self.period_from} to {self.period_to}"
        )


@dataclass(frozen=True)
class PracticalLimit:
    """The smallest difference of means that matters, and alert limits of single values, as written; an empty one was not set."""

    stated: ChartVersion
    difference: str
    alert_lower: str
    alert_upper: str

    @property
    def smallest(self) -> Decimal | None:
        """Return the smallest difference that matters."""
        return Decimal(self.difference) if self.difference else None

    @property
    def alerts(self) -> str:
        """Return the alert limits as people write them; "" where there are none."""
        low, high = self.alert_lower, self.alert_upper
        return f"{low} to {high}" if low and high else f"NLT {low}" if low else f"NMT {high}" if high else ""

    def alerted(self, value: Decimal) -> bool:
        """Tell whether a value lies beyond an alert limit."""
        low, high = self.alert_lower, self.alert_upper
        return bool((low and value < Decimal(low)) or (high and value > Decimal(high)))


@dataclass(frozen=True)
class Disposition:
    """What a person found of one run of signals; `batches` are those of its signals, `record` what it refers to ("" for nothing)."""

    attribute: str
    content: str
    batches: frozenset[str]
    outcome: Outcome
    record: str
    reason: str
    user_id: str
    at: str

    @property
    def told(self) -> str:
        """Return the outcome with the record it refers to."""
        return f"{self.outcome} ({self.record.partition('/')[2]})" if self.record else str(self.outcome)


@dataclass(frozen=True)
class ChartDecisions:
    """What counts for the charts of a product and strength."""

    baselines: Mapping[str, ApprovedBaseline] = field(default_factory=dict)
    practical: Mapping[str, PracticalLimit] = field(default_factory=dict)
    rules: Mapping[str, RuleSet] = field(default_factory=dict)  # by attribute; "": of the site
    dispositions: Mapping[str, tuple[Disposition, ...]] = field(default_factory=dict)  # by attribute, the last one first

    @property
    def periods(self) -> frozenset[tuple[str, str]]:
        """Return the first and last day of the periods of the approved baselines."""
        return frozenset((b.period_from, b.period_to) for b in self.baselines.values())

    def rules_for(self, attribute: str) -> RuleSet:
        """Return the run rules of an attribute: its own choice, else that of the site, else rule 1."""
        return self.rules.get(attribute) or self.site_rules

    @property
    def site_rules(self) -> RuleSet:
        """Return the run rules of attributes without a choice of their own."""
        return self.rules.get("", RuleSet.ONE)


def versions(conn: Connection, *, kind: ChartKind | None = None, product: str | None = None) -> list[ChartVersion]:
    """List the versions that were decided, the oldest first; those of the site belong to every product."""
    query = select(_versions).order_by(_versions.c.seq)
    query = query if kind is None else query.where(_versions.c.kind == str(kind))
    query = query if product is None else query.where(_versions.c.product.in_(("", product)))
    return [_version(row) for row in conn.execute(query)]


def in_force(found: Sequence[ChartVersion]) -> list[ChartVersion]:
    """Return the last version of each decision that was not withdrawn. Pure."""
    last = {(v.kind, v.product, v.strength, v.attribute): v for v in found}
    return [version for version in last.values() if not version.withdrawn]


def decisions_of(conn: Connection, product: str, strength: str) -> ChartDecisions:
    """Return what counts for the charts of a product and strength ("": every strength together)."""
    found = in_force(versions(conn, product=product))
    mine = [v for v in found if v.strength == strength]
    query = select(_dispositions).where(_dispositions.c.product == product, _dispositions.c.strength == strength)
    disposed: dict[str, list[Disposition]] = {}
    for row in conn.execute(query.order_by(_dispositions.c.seq.desc())):
        disposed.setdefault(row.attribute, []).append(_disposition(row))
    return ChartDecisions(
        {v.attribute: _baseline(v) for v in mine if v.kind is ChartKind.BASELINE},
        {v.attribute: PracticalLimit(v, **v.body) for v in mine if v.kind is ChartKind.LIMIT},
        {v.attribute: RuleSet(v.body["rules"]) for v in found if v.kind is ChartKind.RULES},
        {attribute: tuple(made) for attribute, made in disposed.items()},
    )


def rules_of(ctx: Context) -> dict[str, str]:
    """Return the run rules that persons chose, by product and attribute ("/": those of the site)."""
    with ctx.database.read() as conn:
        chosen = in_force(versions(conn, kind=ChartKind.RULES))
    return {f"{v.product}/{v.attribute}": v.body["rules"] for v in chosen}


def shown(version: ChartVersion) -> str:
    """Return what a version says, in a line. Pure."""
    body = version.body
    if version.kind is ChartKind.BASELINE:
        left_out = f" without {', '.join(batch for batch, _ in body['excluded'])}" if body["excluded"] else ""
        return (
            f"{body['n']} batches of {body['period_from']} to {body['period_to']}{left_out}, centre {Decimal(body['centre']):.6g}, "
            f"sigma {Decimal(body['sigma']):.6g}"
        )
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in body.items() if value)


def mark(conn: Connection, product: str) -> int:
    """Return the number of the last decision that may concern a product; what was built at another one may be out of date."""
    decided = select(func.max(_versions.c.seq)).where(_versions.c.product.in_(("", product)))
    disposed = select(func.max(_dispositions.c.seq)).where(_dispositions.c.product == product)
    return max(conn.scalar(decided) or 0, conn.scalar(disposed) or 0)


def _version(row: Row[Any]) -> ChartVersion:
    return ChartVersion(
        ChartKind(row.kind), row.product, row.strength, row.attribute, row.version, row.withdrawn, json.loads(row.body), row.reason,
        row.user_id, row.at,
    )  # fmt: skip


def _baseline(version: ChartVersion) -> ApprovedBaseline:
    body = dict(version.body)
    excluded = tuple((batch, reason) for batch, reason in body.pop("excluded"))
    return ApprovedBaseline(
        version, excluded=excluded, centre=Decimal(body.pop("centre")), sigma=Decimal(body.pop("sigma")), **body
    )


def _disposition(row: Row[Any]) -> Disposition:
    batches = frozenset(signal[0] for signal in json.loads(row.content))
    return Disposition(
        row.attribute, row.content, batches, Outcome(row.outcome), row.record, row.reason, row.user_id, row.at
    )
