"""The evidence of a section on measured attributes: statistics, control and capability, the year before, groups of signals. Pure.

Every figure of every attribute stands in a table and is a fact; the counts over all of them (`quality.signalling`) let a section say in
few sentences what a reader must know of many attributes.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from drafting.evidence import drawn, left_out, measured, practical, reading, strata
from drafting.evidence.collected import Builder, Collected, count_fact
from drafting.evidence.control import SMALLEST_BASELINE, fired, positions
from drafting.evidence.grouped import grouped
from drafting.evidence.reading import Reading
from drafting.evidence.scope import Loaded
from drafting.model import Fact, Table
from drafting.statistics.basis import NotGiven
from drafting.statistics.capability import SMALLEST_FOR_INDEX, SMALLEST_FOR_PERCENTILES, SMALLEST_NORMAL, Capability, Display
from drafting.statistics.exact import as_decimal, places_of, rounded, summarise
from drafting.statistics.false_alarms import false_alarm
from drafting.statistics.preconditions import Autocorrelation
from drafting.statistics.rules import RuleSet
from drafting.statistics.shift import Shift

MOST_TOLD = 6  # attributes in a note
CAPABLE, LEAST = "1.33", "1.00"  # custom, no regulation
EXTREMES = (
    "† So few values have no 0.135 percentile of their own: their extremes stand for it, the index is rather too high, and its interval, "
    "of resampled values, knows nothing beyond them."
)
STATISTICS = ("Attribute", "Unit", "n", "Mean", "SD", "RSD, %", "Min", "Max", "Limit", "Outside")
CONTROL = (
    "Attribute", "n", "Signals, own limits", "Frozen limits", "Signals, frozen limits", "Ppk (95 % interval)", "Cpk (95 % interval)",
    "Normality, p", "Lag 1", "How to read the index",
)  # fmt: skip
BEYOND = " (a point beyond three sigma)"
BEFORE = (
    "Attribute",
    "Unit",
    "n before",
    "n",
    "Mean before",
    "Mean",
    "Difference (95 % interval)",
    "SD ratio (95 % interval)",
    "Differs beyond chance",
)


def attributes(name: str, groups: Sequence[str], *, lots: bool = False) -> Builder:
    """Return the builder of a section on the attributes of these stages; its counts are facts under `name`.

    What is measured on a lot that goes into many batches (`lots`) is read once a lot, and not drawn by batch.
    """

    def build(loaded: Loaded, into: Collected) -> None:
        _period(loaded, into)
        contradictory = measured.contradicted(loaded)
        chosen = [a for a in loaded.measurements if loaded.groups.get(a, "") in groups]
        found: list[Reading] = []
        for attribute in chosen:
            made = _facts(loaded, attribute, into, lots=lots)
            if made is None:
                continue
            if attribute in contradictory:
                into.notes.append(
                    f"Of {loaded.label(attribute)} the source contradicts itself, in {contradictory[attribute]} batch{'es' if contradictory[attribute] > 1 else ''}; nothing is drafted from it."
                )
                continue
            found.append(made)
            drawing = drawn.charted(loaded, made) if not lots and (made.limit or made.limit_changed) else None
            if drawing:
                into.charts.append(drawing)
        sound = [a for a in chosen if a not in contradictory]
        only = [a for a in sound if left_out.censored_only(loaded, a)]
        if not found and not only:
            return
        left_out.tabled(loaded, groups[0], sound, into)
        into.add_facts(_counts(loaded, name, found, into.facts, [a for a in chosen if a in contradictory], only))
        if not found:
            return
        _tables(loaded, groups[0], found, into)
        grouped(loaded, name, found, into)
        strata.compared(loaded, name, found, into)

    return build


def _period(loaded: Loaded, into: Collected) -> None:
    """Say what is compared with what: the period and the 12 months before it."""
    scope, (first, last) = loaded.scope, loaded.before
    days = {
        "report.period_from": scope.period_from,
        "report.period_to": scope.period_to,
        "before.period_from": first,
        "before.period_to": last,
    }
    into.add_facts([Fact(key, day, day, "", 0, "as asked", {}) for key, day in days.items()])
    query = "batches whose month of start overlaps the period"
    into.add_facts(
        [
            Fact("report.product", scope.product, scope.product, "", 0, "as asked", {}),
            count_fact("census.made", len(loaded.batches), len(loaded.batches), query),
        ]
    )


def _facts(loaded: Loaded, attribute: str, into: Collected, *, lots: bool) -> Reading | None:
    """Take in the figures of an attribute, the records that they name, and return how it reads."""
    base = measured.facts(loaded, attribute)
    made = reading.read(loaded, attribute, lots=lots) if base else None
    if made is None:
        return None
    into.add_facts(base)
    into.add_facts(reading.facts(loaded, made, base[2].unit, dict(base[0].inputs)))
    edges = {str(base[0].inputs[edge]) for edge in ("lowest_batch", "highest_batch")}
    into.add_records([b for b in loaded.batches if b.identifier in edges])
    limit = made.limit or measured.limit_for(loaded, attribute, loaded.batches[-1])
    if limit:
        into.add_records([limit.record])
    return made


def _counts(
    loaded: Loaded,
    name: str,
    found: Sequence[Reading],
    facts: dict[str, Fact],
    contradictory: Sequence[str],
    only: Sequence[str],
) -> list[Fact]:
    charted = [r for r in found if r.limits]
    frozen = [r for r in found if r.frozen]
    judged = [a for a in (*(r.attribute for r in found), *only) if f"{a}.judged" in facts]
    outside = [Decimal(facts[f"{a}.outside"].exact) for a in judged]
    compared = [r for r in found if isinstance(r.moved, Shift)]
    tested = [r for r in found if isinstance(r.correlation, Autocorrelation)]
    counted = {
        "attributes": (len(found), "attributes with values and without contradictions"),
        "contradictory": (len(contradictory), "attributes whose source contradicts itself"),
        "charted": (len(charted), "attributes with a chart of their own limits"),
        "signalling": (sum(bool(r.beyond) for r in charted), "attributes with a signal by the rules in force, own limits"),
        "ranges.signalling": (sum(bool(r.ranges) for r in charted), "attributes with a moving range above its limit, own limits"),
        "ranges.signals": (sum(len(r.ranges) for r in charted), "moving ranges above their limit, own limits"),
        "all.signals": (sum(len(r.beyond) for r in charted), "points that signal by the rules in force, own limits"),
        "frozen": (len(frozen), "attributes with limits frozen before the period"),
        "frozen_signalling": (
            sum(bool(r.frozen.beyond) for r in frozen if r.frozen),
            "attributes with a signal by the rules in force, frozen limits",
        ),
        "frozen.signals": (sum(len(r.frozen.beyond) for r in frozen if r.frozen), "points that signal by the rules in force, frozen limits"),
        "approved": (sum(bool(r.frozen.baseline) for r in frozen if r.frozen), "attributes with limits of a baseline that a person approved"),
        "baselines_changed": (sum(r.frozen.changed for r in frozen if r.frozen), "approved baselines whose records changed since"),
        "shifted_within": (sum(r.immaterial for r in compared), "attributes whose mean differs beyond chance, by less than their practical limit"),
        "judged": (len(judged), "attributes with a specification in force at manufacture"),
        "failing": (sum(1 for n in outside if n), "attributes with a result outside the specification in force at manufacture"),
        "results.n": (sum(int(facts[f"{a}.judged"].exact) for a in judged), "results held against the specification in force at manufacture"),
        "results.outside": (int(sum(outside)), "results outside the specification in force at manufacture"),
        "correlation_tested": (len(tested), "attributes with a lag-1 autocorrelation"),
        "correlated": (sum(r.correlated for r in tested), "attributes whose neighbouring values are correlated beyond 1.96 / sqrt(n)"),
        "compared": (len(compared), "attributes compared with the 12 months before"),
        "shifted": (sum(r.shifted for r in compared), "attributes whose mean differs beyond chance from the 12 months before"),
        "spread": (sum(r.spread_changed for r in compared), "attributes whose standard deviation differs beyond chance from the 12 months before"),
    }  # fmt: skip
    made = [count_fact(f"{name}.{key}", number, len(found), query) for key, (number, query) in counted.items()]
    rules = str(loaded.charts.site_rules)
    own = sorted(r.attribute for r in found if r.control.rules is not loaded.charts.site_rules)
    made.append(Fact(f"{name}.rules", rules, rules, "", len(found), "run rules in force", {"otherwise": own} if own else {}))
    bands = (("capability.capable", CAPABLE), ("capability.least", LEAST))
    made.append(Fact("before.level", "95", "95", "%", len(compared), "confidence of each interval, as set", {}))
    return made + [Fact(key, value, value, "", 0, "band of the site, custom and no regulation", {}) for key, value in bands]


def _tables(loaded: Loaded, group: str, found: Sequence[Reading], into: Collected) -> None:
    facts, by_title = into.facts, [(loaded.title(r.attribute), r) for r in found]
    rows = tuple(_statistics(loaded, title, r, facts) for title, r in by_title)
    refs = tuple(f"fact:{r.attribute}.mean" for r in found)
    note = "n counts values that are there; SD with n - 1; each result is held against the specification in force when its batch was made."
    if any(r.lots for r in found):
        note += " A lot counts here as often as batches used it, and once in the tables of control and comparison."
    into.tables.append(Table(f"statistics.{group}", "Statistics by attribute", STATISTICS, rows, refs, note))
    practical.tabled(loaded, group, found, into)
    charted = [(title, r) for title, r in by_title if r.limits]
    if charted:
        rows = tuple(_control(title, r, facts) for title, r in charted)
        refs = tuple(f"fact:{r.attribute}.signals" for _, r in charted)
        into.tables.append(
            Table(
                f"control.{group}",
                "Control and capability by attribute",
                CONTROL,
                rows,
                refs,
                _control_note(loaded, found, facts),
            )
        )
    before = [(title, r) for title, r in by_title if r.before]
    if before:
        first, last = loaded.before
        refs = tuple(f"fact:{r.attribute}.previous_mean" for _, r in before)
        note = f"Difference of means by Welch, ratio of standard deviations by F. {_without_practical(found)}"
        number = sum(isinstance(r.moved, Shift) for _, r in before)
        note += f" Intervals are of 95 % each and not adjusted for the number of attributes: of {number} about {rounded(Decimal(number) / 20, 1)} differences exclude zero by chance, and as many ratios exclude one. Where neighbouring values are correlated they hold less."
        rows = tuple(_before(title, r, facts) for title, r in before)
        into.tables.append(Table(f"before.{group}", f"Compared with {first} to {last}", BEFORE, rows, refs, note))


def _statistics(loaded: Loaded, title: str, found: Reading, facts: dict[str, Fact]) -> tuple[str, ...]:
    def value(name: str) -> str:
        fact = facts.get(f"{found.attribute}.{name}")
        return fact.value if fact else "-"

    limit = found.limit or measured.limit_for(loaded, found.attribute, loaded.batches[-1])
    shown = (limit.printed + (" (changed)" if found.limit_changed else "")) if limit else "-"
    unit = facts[f"{found.attribute}.mean"].unit or "-"
    return (title, unit, *(value(n) for n in ("n", "mean", "sd", "rsd", "min", "max")), shown, value("outside"))


def _control(title: str, found: Reading, facts: dict[str, Fact]) -> tuple[str, ...]:
    def value(name: str) -> str:
        fact = facts.get(f"{found.attribute}.{name}")
        return fact.value if fact else "-"

    def index(name: str) -> str:
        return f"{value(name)} ({value(f'{name}_low')} to {value(f'{name}_high')}){mark}" if value(name) != "-" else "-"

    lower = "none" if found.without_lower else value("baseline_lower")
    limits = f"{lower} to {value('baseline_upper')}" if found.frozen else "-"
    frozen = str(len(found.frozen.beyond)) if found.frozen else "-"
    given = isinstance(found.index, Capability)
    mark = "*" if isinstance(found.index, Capability) and found.index.display is Display.UNSTABLE else ""
    extremes = "†" if value("tail_reached") != "-" else ""
    ppk = index(next(s for s in ("ppk_percentile", "ppk_lots", "ppk") if value(s) != "-")) if given else "-"
    ppk += extremes
    told = reading.index_told(found) or "no specification"
    return (
        title, str(len(found.values)), str(len(found.beyond)), limits, frozen, ppk, index("cpk"), value("normality_p"), value("lag_one"), told,
    )  # fmt: skip


def _control_note(loaded: Loaded, found: Sequence[Reading], facts: dict[str, Fact]) -> str:
    first, last = loaded.before
    rules = loaded.charts.site_rules
    approved = [r for r in found if r.frozen and r.frozen.baseline]
    without = sum(r.frozen is None for r in found)
    told = [
        f"Signals by {rules}{BEYOND if rules is RuleSet.ONE else ''}, I-MR, in order of manufacture; a point counts once."
    ]
    own = [f"{loaded.title(r.attribute)} by {r.control.rules}" for r in found if r.control.rules is not rules]
    if own:
        told.append(f"Otherwise chosen: {'; '.join(own)}.")
    if any(r.lots for r in found):
        told.append("What is measured on a lot counts once a lot, in the order of first use.")
    chance = alarm_chance(len(loaded.batches), rules)
    if chance:
        told.append(f"Of processes in control {chance} % show such a signal in {len(loaded.batches)} batches.")
    if rules is RuleSet.ONE:
        told.append(_not_in_force(loaded, found))
    told += [f"{loaded.title(r.attribute)}: {r.frozen.baseline.told}." for r in approved if r.frozen and r.frozen.baseline]
    told += [
        f"{loaded.title(r.attribute)}: records of that baseline changed since; it waits to be approved anew."
        for r in approved
        if r.frozen and r.frozen.changed
    ]
    told.append(
        f"{'Other frozen' if approved else 'Frozen'} limits are those of {first} to {last}, where at least {SMALLEST_BASELINE} values are there."
    )
    if without:
        told.append(f"{without} attribute(s) have none and are held against limits of the period's own values alone.")
    if any(r.without_lower for r in found):
        told.append("A lower limit that would lie below zero, where no value does, is given as none.")
    told.append("Ppk is the headline; * not valid while unstable.")
    told.append(f"Below {SMALLEST_FOR_INDEX} values there is no index, below {SMALLEST_NORMAL} it is indicative.")
    told.append(
        "Normality: Anderson-Darling; rejected below 0.05, Ppk rests on percentiles (0.135, 50, 99.865) and Cpk is not given; "
        f"below {SMALLEST_FOR_PERCENTILES} values neither is."
    )
    if any(f"{r.attribute}.tail_reached" in facts for r in found):
        told.append(EXTREMES)
    told.append(
        "Autocorrelated beyond 1.96 / sqrt(n): sigma within and intervals do not hold as stated. Limits on one side give Ppk of that side."
    )
    return " ".join(told)


@cache
def alarm_chance(points: int, rules: RuleSet) -> str:
    """Return the chance in per cent that a process in control signals at all among so many points; "" where it is not given."""
    chance, _ = false_alarm(points, rules.rules)
    return "" if isinstance(chance, NotGiven) else str(rounded(100 * chance.value, 0))


def _not_in_force(loaded: Loaded, found: Sequence[Reading]) -> str:
    """Say which points the Western Electric rules would mark, of which attributes and from which batch on."""
    other = RuleSet.WESTERN_ELECTRIC
    marked = [(r, positions(fired(r.values, r.limits, other))) for r in found if r.limits]
    marked = sorted(((r, places) for r, places in marked if places), key=lambda one: -len(one[1]))
    told = [f"{loaded.title(r.attribute)} {len(places)}, the first at batch {r.batches[places[0]]}" for r, places in marked]
    rest = [f"{len(told) - MOST_TOLD} more attributes"] if len(told) > MOST_TOLD else []
    listed = f": {'; '.join((*told[:MOST_TOLD], *rest))}" if told else ""
    number = sum(len(places) for _, places in marked)
    return f"{other} are not in force; on the charts of own limits they would mark {number} point{'' if number == 1 else 's'}{listed}."


def _without_practical(found: Sequence[Reading]) -> str:
    moved = [r for r in found if isinstance(r.moved, Shift)]
    without = [r for r in moved if r.practical is None or not r.practical.difference]
    which = "" if len(without) == len(moved) else f" for {len(without)} of {len(moved)} attributes"
    return f"No practical limit was set beforehand{which}, so that what matters is for a person to say." if without else ""


def _before(title: str, found: Reading, facts: dict[str, Fact]) -> tuple[str, ...]:
    def value(name: str) -> str:
        fact = facts.get(f"{found.attribute}.{name}")
        return fact.value if fact else "-"

    def interval(name: str) -> str:
        return f"{value(name)} ({value(f'{name}_low')} to {value(f'{name}_high')})" if value(name) != "-" else "-"

    told = reading.beyond_chance(found.moved) if isinstance(found.moved, Shift) else _reason(found.moved)
    told += ", mean by less than the practical limit" if found.immaterial else ""
    unit = facts[f"{found.attribute}.mean"].unit or "-"
    places = min(places_of(found.values) + 1, 3)
    mean = str(rounded(as_decimal(summarise(found.values).mean), places))  # of the lots, where a value is that of a lot
    n = (value("previous_n"), str(len(found.values)))
    return (title, unit, *n, value("previous_mean"), mean, interval("difference"), interval("sd_ratio"), told)


def _reason(moved: NotGiven | None) -> str:
    return moved.reason if moved else "-"
