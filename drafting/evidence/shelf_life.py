"""What stability results support: lines over months by ICH Q1E for each attribute and condition, results out of trend, pulls missed. Pure.

Results of a study count from its start, not from the start of the period: a line needs its early points. Those after the end of the period do not.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from corpus.literals import bound, without_sign
from corpus.model import Record
from drafting.evidence import failing_pulls, listed
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.measured import Limit
from drafting.evidence.pulls import KIND, in_force, looser, looser_side, number, tighter_side, without_a_row
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Fact, Table
from drafting.statistics.basis import Exclusion, NotGiven
from drafting.statistics.exact import p_shown, places_of, rounded
from drafting.statistics.out_of_trend import Expectation, by_interval
from drafting.statistics.stability import POOLABLE, Pull, ShelfLife, shelf_life

COLUMNS = (
    "Attribute", "Condition", "Limit", "Batches", "Results", "Months", "p of slopes", "p of intercepts", "Model", "Error of the bound",
    "Bound meets limit, months", "Batch that governs", "Reading",
)  # fmt: skip
OUT = ("Study", "Batch", "Attribute", "Month", "Result", "Expected from earlier results", "Rule")
FEWEST_BEFORE = 3  # results of the batch before the one that is judged
Series = tuple[str, str, list[Record]]  # attribute, condition, results


def studied(loaded: Loaded, into: Collected) -> None:
    """Add what the results of each attribute and condition support, what lies out of trend, and what was missed."""
    failing_pulls.reviewed(loaded, into)
    every = _until_the_end(loaded)
    missed = [r for r in listed.shown(loaded, KIND) if "missed" in r.get("status").lower()]
    if not every and not missed:
        return
    pulls_missed = {tuple(r.get(name) for name in ("study_id", "batch", "condition", "month")) for r in missed}
    query = "pulls of the period recorded as missed: study, batch, condition and month, whatever the number of attributes"
    into.add_facts([count_fact("pulls.missed", len(pulls_missed), len(missed), query)])
    without_a_row(loaded, into)
    into.add_records(every)
    rows, refs = [], []
    for place, (attribute, condition, found) in enumerate(_series(loaded, every), start=1):
        name = f"shelf_life.{place}"
        pulls, left = _pulls(found)
        into.add_facts(_left_out(loaded, name, (attribute, condition), left))
        held, other = _limits(loaded, found[-1])
        result = shelf_life(pulls, held.lower, held.upper, excluded=left)
        into.add_facts(_facts(loaded, name, (attribute, condition, found), result, held))
        told = (
            _shorter(name, result, shelf_life(pulls, other.lower, other.upper, excluded=left), other, into) if other else ""
        )
        row = _row(pulls, result)
        rows.append((loaded.title(attribute), condition, held.printed, *row[:-1], row[-1] + told))
        refs.append(f"fact:{name}.attribute")
    if rows:
        note = f"Regression by ICH Q1E: slopes, then intercepts, may be pooled where p is not below {POOLABLE}; 95 % bound of the mean (one-sided for one limit). Beyond the data an extrapolation rests on supporting data and no significant change at accelerated conditions (ICH Q1E 2.4). A verdict on the shelf life is a person's."
        into.tables.append(Table("shelf_life", "What the results support", COLUMNS, tuple(rows), tuple(refs), note))
    looser(loaded, into)
    _out_of_trend(loaded, every, into)


def _until_the_end(loaded: Loaded) -> list[Record]:
    return [r for r in loaded.of(KIND) if _is_in(loaded, r) and number(r.get("result")) is not None]


def _is_in(loaded: Loaded, r: Record) -> bool:
    """Tell whether a result was pulled by the end of the period, and nobody excluded it."""
    until = bool(r.date) and span_of(r)[1] <= loaded.scope.period_to
    return until and f"{KIND}/{r.identifier}" not in loaded.scope.exclusions


def _left_out(loaded: Loaded, name: str, series: tuple[str, str], left: Sequence[Exclusion]) -> list[Fact]:
    """Count the results that no line rests on: given as less or more than a number, and of batches tested too seldom."""
    censored = [
        r
        for r in loaded.of(KIND)
        if (loaded.attribute_of(r), r.get("condition")) == series
        and _is_in(loaded, r)
        and bound(without_sign(r.get("result")))
    ]
    counted = {
        "censored": (len(censored), "results given as less or more than a number, until the end of the period"),
        "seldom": (sum(e.count for e in left), f"results of batches tested fewer than {FEWEST_BEFORE} times"),
    }
    return [count_fact(f"{name}.{stat}", n, n, query) for stat, (n, query) in counted.items() if n]


def _series(loaded: Loaded, found: Sequence[Record]) -> list[Series]:
    def key(r: Record) -> tuple[str, str]:
        return (loaded.attribute_of(r), r.get("condition"))

    return [(a, c, list(rs)) for (a, c), rs in groupby(sorted(found, key=key), key=key)]


def _pulls(found: Sequence[Record]) -> tuple[list[Pull], tuple[Exclusion, ...]]:
    """Return the results of batches that were tested often enough for a line, and those left out."""
    pulls = [
        Pull(r.get("batch"), m, v)
        for r in found
        if (m := number(r.get("month"))) is not None and (v := number(r.get("result"))) is not None
    ]
    months: dict[str, set[Decimal]] = {}
    for p in pulls:
        months.setdefault(p.batch, set()).add(p.months)
    few = tuple(b for b, times in months.items() if len(times) < FEWEST_BEFORE)
    kept = [p for p in pulls if p.batch not in few]
    left = (
        (Exclusion(len(pulls) - len(kept), f"batches tested fewer than {FEWEST_BEFORE} times", few),) if few and kept else ()
    )
    return (kept or pulls), left


def _limits(loaded: Loaded, last: Record) -> tuple[Limit, Limit | None]:
    """Return the limit that the shelf life is held against, and a tighter one beside it: a row states one, and the specification in force."""
    own, specified = Limit(last, number(last.get("lower_limit")), number(last.get("upper_limit"))), in_force(loaded, last)
    if specified is None:
        return own, None
    if tighter_side(last, specified):  # a site's internal limit: what must hold until the end is the specification
        return specified, own
    return own, specified if looser_side(last, specified) else None


def _shorter(name: str, found: ShelfLife | NotGiven, shorter: ShelfLife | NotGiven, limit: Limit, into: Collected) -> str:
    """Add what the tighter limit would support, where that is less, and return it in few words."""
    if isinstance(found, NotGiven) or isinstance(shorter, NotGiven) or shorter.whole_months is None:
        return ""
    if found.whole_months is not None and shorter.whole_months >= found.whole_months:
        return ""
    kind = "specification" if limit.record.kind == "specification" else KIND
    key = f"{kind}/{limit.record.identifier}"
    side = "upper_limit" if limit.upper is not None else "lower_limit"
    inputs = {"limit": key, "side": side, "own": kind == KIND}
    months, basis = str(shorter.whole_months), shorter.basis
    into.add_records([limit.record])
    into.add_facts([Fact(f"{name}.tighter", months, str(shorter.supported), "months", basis.n, basis.stated, inputs)])
    return f"; {months} months by the tighter limit {limit.printed}"


def _row(pulls: Sequence[Pull], found: ShelfLife | NotGiven) -> tuple[str, ...]:
    counts = (str(len({p.batch for p in pulls})), str(len(pulls)), str(max((p.months for p in pulls), default="-")))
    if isinstance(found, NotGiven):
        return (*counts, "-", "-", "-", "-", "-", "-", f"not computed: {found.reason}")
    p = tuple("not tested" if x is None else p_shown(x) for x in (found.slopes_p, found.intercepts_p))
    met = "never" if found.supported is None else str(rounded(found.supported, 1))
    error = f"{found.error}, {found.residual_degrees} degrees of freedom"
    return (*counts, *p, str(found.pooling), error, met, _governing(found), _reading(found))


def _reading(found: ShelfLife) -> str:
    """Return in few words where the bound meets the limit beside the data; the note says on what an extrapolation rests."""
    if found.supported is None or not found.supported:
        return "; ".join(found.remarks)
    if found.supported <= found.longest:
        return "within the data"
    return f"beyond the data: to {found.extrapolation_ends} months at most"


def _governing(found: ShelfLife) -> str:
    """Return the batch whose bound meets the limit first; of one line all batches have the same."""
    return found.limiting or ("all alike" if found.supported is not None else "-")


def _facts(loaded: Loaded, name: str, series: Series, found: ShelfLife | NotGiven, held: Limit) -> list[Fact]:
    attribute, condition, results = series
    inputs: dict[str, object] = {
        "attribute": attribute,
        "condition": condition,
        "results": [r.identifier for r in results],
        "limit": held.record.identifier,  # the last one stated, or the specification where that is looser
    }
    n, method = found.basis.n, found.basis.stated
    known = [v for r in results if (v := number(r.get("result"))) is not None]

    def fact(stat: str, value: str, exact: str = "", unit: str = "") -> Fact:
        return Fact(f"{name}.{stat}", value, exact or value, unit, n, method, inputs)

    made = [fact("attribute", loaded.label(attribute), attribute), fact("condition", condition), fact("results", str(n))]
    if isinstance(found, NotGiven):
        return [*made, fact("reason", found.reason)]
    for stat, p in (("slopes_p", found.slopes_p), ("intercepts_p", found.intercepts_p)):
        made += [] if p is None else [fact(stat, p_shown(p), str(p))]
    places = min(places_of(known), 4) + 1
    unit = results[-1].get("unit")
    made.append(fact("poolable", str(POOLABLE)))
    made.append(fact("model", str(found.pooling)))
    made.append(fact("error", found.error))
    made.append(fact("error_size", str(rounded(found.residual_sd, places)), str(found.residual_sd), unit))
    made.append(fact("error_degrees", str(found.residual_degrees), unit="degrees of freedom"))
    if found.limiting:
        inputs["governs"] = next(r.identifier for r in results if r.get("batch") == found.limiting)
    made.append(fact("longest", str(found.longest), unit="months"))
    if found.supported is not None:
        made.append(fact("supported", str(found.whole_months), str(found.supported), "months"))
        made.append(fact("extrapolation_ends", str(found.extrapolation_ends), unit="months"))
    return made


def _out_of_trend(loaded: Loaded, every: Sequence[Record], into: Collected) -> None:
    """Hold each result of the period against the line through the earlier results of its batch."""
    inside = {r.identifier for r in listed.shown(loaded, KIND)}
    rows, refs, judged = [], [], 0
    for _, _, found in _series(loaded, every):
        for r in found:
            expected = _expected(found, r) if r.identifier in inside else None
            judged += isinstance(expected, Expectation)
            if isinstance(expected, Expectation) and expected.fired:
                ends = [str(rounded(x, 3)) for x in (expected.expected.low, expected.expected.high) if x is not None]
                shown = (
                    loaded.title(r.get("attribute")),
                    r.get("month"),
                    f"{r.get('result')} {r.get('unit')}",
                    " to ".join(ends),
                )
                rows.append((r.get("study_id"), r.get("batch"), *shown, expected.basis.stated))
                refs.append(f"record:{KIND}/{r.identifier}")
    query = "results of the period outside the interval of the line through the earlier results of their batch"
    into.add_facts(
        [
            count_fact("pulls.trend.n", judged, judged, query),
            count_fact("pulls.trend.outside", len(rows), judged, query),
        ]
    )
    if rows:
        note = "A firing is a question for a person and no verdict."
        into.tables.append(
            Table("stability.trend", "Stability results out of trend by rule", OUT, tuple(rows), tuple(refs), note)
        )


def _expected(found: Sequence[Record], result: Record) -> Expectation | NotGiven | None:
    month, value = number(result.get("month")), number(result.get("result"))
    if month is None or value is None:
        return None
    same = [r for r in found if r.get("batch") == result.get("batch") and r.get("study_id") == result.get("study_id")]
    points = [
        (m, v)
        for r in same
        if (m := number(r.get("month"))) is not None and (v := number(r.get("result"))) is not None and m < month
    ]
    if len({m for m, _ in points}) < FEWEST_BEFORE:
        return None
    return by_interval([m for m, _ in points], [v for _, v in points], month, value)
