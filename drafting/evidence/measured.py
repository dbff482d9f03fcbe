"""Facts of measured attributes: n, mean, sd, RSD, extremes, Ppk where it may be shown, results outside limits. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from audit.canonical import canonical, digest
from corpus.literals import bound, without_sign
from corpus.model import Measurement, Record
from drafting.evidence.control import fired, positions
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Fact
from drafting.statistics.basis import VERSION
from drafting.statistics.capability import performance
from drafting.statistics.exact import DIGITS, Summary, as_decimal, places_of, rounded, summarise
from drafting.statistics.individuals import individuals, ranges_beyond

CENSORED = "censored"  # the state of a result that is given as less or more than a number
NAMED = "label of the import profile; the inputs hold the source column"


def name_fact(loaded: Loaded, attribute: str) -> Fact:
    """Return how people call an attribute, for a section that speaks of it and computes nothing of it."""
    n = len(loaded.measurements.get(attribute, ()))
    return Fact(f"{attribute}.attribute", loaded.label(attribute), attribute, "", n, NAMED, {"attribute": attribute})


@dataclass(frozen=True)
class Limit:
    """A specification in force: limits as written, unit, and the record that states it."""

    record: Record
    lower: Decimal | None
    upper: Decimal | None

    @property
    def printed(self) -> str:
        """Return the limit as people write it."""
        return printed(self.record)

    def fails(self, value: Decimal) -> bool:
        """Tell whether a value lies outside."""
        return (self.lower is not None and value < self.lower) or (self.upper is not None and value > self.upper)

    def judges(self, m: Measurement) -> bool | None:
        """Tell whether a result lies outside; None where it is missing, or censored so that it may lie on both sides."""
        if m.value is not None:
            return self.fails(m.value)
        left_open = bound(without_sign(m.literal)) if m.state == CENSORED else None
        return left_open.fails(self.lower, self.upper) if left_open else None


def printed(record: Record) -> str:
    """Return the limits that a record states as people write them; "-" where it states none."""
    low, high = record.get("lower_limit"), record.get("upper_limit")
    body = f"{low} to {high}" if low and high else f"NLT {low}" if low else f"NMT {high}" if high else "-"
    return f"{body} {record.get('unit')}".strip()


def limit_for(loaded: Loaded, attribute: str, batch: Record) -> Limit | None:
    """Return the specification of an attribute that was in force when the batch was made."""
    return limit_between(loaded, attribute, batch.strength, *span_of(batch))


def limit_between(loaded: Loaded, attribute: str, strength: str | None, first: str, last: str) -> Limit | None:
    """Return the specification of an attribute that was in force on any of these days."""
    for record in loaded.specifications.get(attribute, ()):
        if record.get("strength") not in ("*", "", strength or ""):
            continue
        if record.get("effective_from") <= last and (record.get("effective_until") or "9999") >= first:
            low, high = record.get("lower_limit"), record.get("upper_limit")
            return Limit(record, Decimal(low) if low else None, Decimal(high) if high else None)
    return None


def limits_of(loaded: Loaded, attribute: str, measured: Sequence[Measurement]) -> list[Limit | None]:
    """Return for each value the specification in force when its batch was made."""
    if attribute not in loaded.specifications:
        return [None] * len(measured)
    by_batch = {b.identifier: b for b in loaded.batches}
    return [limit_for(loaded, attribute, by_batch[m.batch]) for m in measured]


def verdicts(loaded: Loaded, attribute: str) -> list[tuple[Measurement, Limit, bool]]:
    """Return each result of an attribute that a specification in force surely judges, and whether it lies outside."""
    measured = loaded.measurements.get(attribute, ())
    judged = [
        (m, limit, limit.judges(m))
        for m, limit in zip(measured, limits_of(loaded, attribute, measured), strict=True)
        if limit
    ]
    return [(m, limit, outside) for m, limit, outside in judged if outside is not None]


def one_limit(limits: Sequence[Limit | None]) -> Limit | None:
    """Return the specification of all values; None where there is none, or where the limit changed between them."""
    ends = {(limit.lower, limit.upper) if limit else None for limit in limits}
    return limits[-1] if len(ends) == 1 else None


def contradicted(loaded: Loaded) -> dict[str, int]:
    """Return, for each attribute with internal contradictions in scope, how many batches contradict."""
    found: dict[str, set[str]] = {}
    for contradiction in loaded.contradictions:
        for attribute in map(loaded.harmonised.name, contradiction.attributes):
            found.setdefault(attribute, set()).add(contradiction.batch)
    return {attribute: len(batches) for attribute, batches in found.items()}


def known_values(measurements: Sequence[Measurement]) -> list[Decimal]:
    """Return the values that are there: neither missing nor censored."""
    return [m.value for m in measurements if m.value is not None]


def facts(loaded: Loaded, attribute: str) -> list[Fact]:
    """Compute every statistic of one attribute over the batches in scope."""
    measured = loaded.measurements.get(attribute, ())
    present = [m for m in measured if m.value is not None]
    if not present:
        return []
    values = known_values(present)
    summary = summarise(values)
    unit = present[0].unit
    inputs = inputs_of(loaded, attribute, measured, (loaded.scope.period_from, loaded.scope.period_to))
    if count := contradicted(loaded).get(attribute, 0):
        inputs["contradicted_batches"] = count
    places = places_of(values)
    method = f"{{}} v{VERSION}, exact sums of decimals, rounded half up"

    def fact(name: str, value: Decimal, digits: int, unit: str = unit) -> Fact:
        return Fact(
            f"{attribute}.{name}", str(rounded(value, digits)), str(value), unit, summary.n, method.format(name), inputs
        )

    made = [
        Fact(f"{attribute}.attribute", loaded.label(attribute), attribute, "", summary.n, NAMED, inputs),
        Fact(f"{attribute}.n", str(summary.n), str(summary.n), "", summary.n, method.format("n"), inputs),
        fact("mean", as_decimal(summary.mean), min(places + 1, 3)),
        fact("min", summary.smallest, places),
        fact("max", summary.largest, places),
    ]
    if summary.sd is not None:
        made.append(fact("sd", summary.sd, min(places + 1, 4)))
        if summary.mean:
            with localcontext(Context(prec=DIGITS)):
                made.append(fact("rsd", 100 * summary.sd / abs(as_decimal(summary.mean)), 2, "%"))
    return made + _judged(loaded, attribute, present, summary, inputs)


def inputs_of(loaded: Loaded, attribute: str, measured: Sequence[Measurement], period: tuple[str, str]) -> dict[str, object]:
    """Return what figures of an attribute rest on: the values of a period, of which at least one is there, and how many are not."""
    present = [m for m in measured if m.value is not None]
    listed = [
        [m.batch, m.column, m.literal] for m in present
    ]  # values, wherever they stand: a new version that says the same is the same
    missing = [m.batch for m in measured if m.state == "missing"]
    tree: dict[str, object] = {
        "columns": sorted({f"{m.document_name}: {m.column}" for m in present}),
        "attribute": attribute,
        "query": f"product {loaded.scope.product}, {period[0]} to {period[1]}, by start of manufacture, then batch",
        "missing": len(missing),
        "censored": len([m for m in measured if m.state == "censored"]),
        "hash": digest(canonical(listed)),
        "lowest_batch": min(present, key=lambda m: m.value or Decimal(0)).batch,
        "highest_batch": max(present, key=lambda m: m.value or Decimal(0)).batch,
    }
    if names := loaded.harmonised.joined(attribute):
        tree |= {"joined": names, "attribute_map": f"version {loaded.harmonised.version}"}
    return tree


def _judged(
    loaded: Loaded, attribute: str, present: Sequence[Measurement], summary: Summary, inputs: dict[str, object]
) -> list[Fact]:
    """Facts that need a specification or a chart: results outside it, rule-1 signals, Ppk with interval."""
    values = known_values(present)
    made: list[Fact] = []
    control = individuals(values, summary)
    rules = loaded.charts.rules_for(attribute)
    signals = len(positions(fired(values, control, rules))) if control else 0
    n = len(values)
    if control:
        method = f"I-MR {rules} v{VERSION}, sigma = mean moving range / 1.1284"
        made.append(Fact(f"{attribute}.signals", str(signals), str(signals), "", n, method, inputs))
    limits = limits_of(loaded, attribute, present)
    if not any(limits):
        return made
    sources = sorted({limit.record.identifier for limit in limits if limit})
    against = {**inputs, "specifications": sources}
    made += conformity(loaded, attribute, against)
    limit = one_limit(limits)
    if limit is None or censored_outside(limit, loaded.measurements[attribute]):
        return made  # one index over two limits would mean nothing, nor one without the results that fail
    index = performance(summary, limit.lower, limit.upper)
    if index is not None:
        unstable = signals or (control and ranges_beyond(values, control))
        note = "; not valid while unstable" if unstable else ""
        method = f"Ppk v{VERSION} from overall sd, approximate normal interval{note}"
        for name, value in (("ppk", index.ppk), ("ppk_low", index.low), ("ppk_high", index.high)):
            made.append(Fact(f"{attribute}.{name}", str(rounded(value, 2)), str(value), "", n, method, against))
    return made


def conformity(loaded: Loaded, attribute: str, against: dict[str, object]) -> list[Fact]:
    """Count the results that a specification surely judges, censored ones too, and those that lie outside; none without a specification."""
    judged = verdicts(loaded, attribute)
    if not any(limits_of(loaded, attribute, loaded.measurements.get(attribute, ()))):
        return []
    counted = (("outside", sum(outside for _, _, outside in judged)), ("judged", len(judged)))
    method = "count {} specification v" + VERSION + ", with what is censored and surely on one side of its limit"
    words = {"outside": "outside", "judged": "held against the"}
    return [
        Fact(f"{attribute}.{name}", str(number), str(number), "", len(judged), method.format(words[name]), against)
        for name, number in counted
    ]


def censored_outside(limit: Limit, found: Sequence[Measurement]) -> int:
    """Count the results that are given as less or more than a number and surely lie outside a limit."""
    return sum(limit.judges(m) is True for m in found if m.state == CENSORED)
