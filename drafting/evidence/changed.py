"""What a change did: results of the batches before and after its first batch, with the interval of the difference. Pure.

Each comparison has its own interval of 95 %, so that of many comparisons some exclude zero by chance: their number is stated. Changes that began
with the same batch are one comparison, since no result tells them apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Record
from drafting.evidence import listed, measured
from drafting.evidence.bearing import bears_on, intended, without_bearing
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.reading import beyond_chance, excludes_one, excludes_zero, places_that_show
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Fact, Table
from drafting.statistics.basis import NotGiven
from drafting.statistics.exact import places_of, rounded
from drafting.statistics.shift import Shift, shift

MOST_BATCHES = 30  # on each side
FEWEST_BATCHES = 10
COLUMNS = (
    "Change", "First batch", "Attribute", "Unit", "n before", "n after", "Difference (95 % interval)", "SD ratio (95 % interval)",
    "Differs beyond chance",
    "Began within these batches",
)  # fmt: skip
ENDS = ("", "_low", "_high")
NOT_COMPARED = ("Change", "Why its results are not compared")


@dataclass(frozen=True)
class _Comparison:
    """An attribute before and after the first batch of the changes that began with it; `within` began among the batches compared.

    `naming` are those of the changes whose own words name the attribute.
    """

    changes: tuple[str, ...]
    first: str
    attribute: str
    n: tuple[int, int]
    found: Shift
    within: tuple[str, ...]
    naming: tuple[str, ...]


def effects(loaded: Loaded, into: Collected) -> None:
    """Compare what has a limit, or what a change itself names, before and after each change that can bear on it; say why others are not compared."""
    order = {b.identifier: i for i, b in enumerate(loaded.of("batch"))}
    limited = [a for a in loaded.measurements if a in loaded.specifications]
    wrong = measured.contradicted(loaded)
    sound = [a for a in loaded.measurements if a not in wrong and loaded.groups.get(a) != "raw material"]
    chosen = [a for a in sound if a in limited]
    reasons: dict[str, str] = {}
    placed: dict[int, list[Record]] = {}
    for change in sorted(listed.shown(loaded, "change_control"), key=lambda c: c.identifier):
        reasons[change.identifier] = without_bearing(loaded, change)
        at = None if reasons[change.identifier] else _place(loaded, change, order)
        if at is not None:
            placed.setdefault(at, []).append(change)
        elif not reasons[change.identifier]:
            reasons[change.identifier] = "its first batch is not on record"
    made = [
        c
        for at, changes in sorted(placed.items())
        for a in sound
        if (c := _compared(loaded, a, (at, changes), placed, order, limited=a in limited))
    ]
    done = {identifier for c in made for identifier in c.changes}
    for change in (c for changes in placed.values() for c in changes if c.identifier not in done):
        later = not any(bears_on(loaded, change, a) for a in chosen)
        few = f"fewer than {FEWEST_BATCHES} values on one side"
        reasons[change.identifier] = f"after the last step that is measured: {change.get('area')}" if later else few
    _add(loaded, made, {identifier: why for identifier, why in reasons.items() if why}, into)


def _add(loaded: Loaded, made: Sequence[_Comparison], reasons: Mapping[str, str], into: Collected) -> None:
    """Add the comparisons as facts and a table, and the changes that are not compared, each with its reason."""
    rows, refs = [], []
    for comparison in made:
        told = _told(loaded, comparison)
        into.add_facts([measured.name_fact(loaded, comparison.attribute), *told])
        rows.append(_row(loaded, comparison, told))
        refs.append(f"fact:{told[0].id}")
    query = (
        f"the {MOST_BATCHES} values before and after the first batch of each change, at least {FEWEST_BATCHES} on each side"
    )
    by_chance = rounded(Decimal(len(rows)) / 20, 1)
    beyond = sum(excludes_zero(c.found.difference) for c in made)
    into.add_facts(
        [
            count_fact("effect.compared", len(rows), len(rows), query),
            count_fact("effect.beyond", beyond, len(rows), "comparisons whose interval of the difference excludes zero"),
            Fact("effect.by_chance", str(by_chance), str(by_chance), "", len(rows), "a twentieth of the comparisons", {}),
            count_fact(
                "effect.not_compared", len(reasons), len(reasons), "changes that are not compared, each with its reason"
            ),
        ]
    )
    told_why = [
        Fact(f"effect.why_{number}", why, why, "", 0, "reason not to compare", {"change": change})
        for number, (change, why) in enumerate(reasons.items(), start=1)
    ]
    into.add_facts(told_why)
    if rows:
        note = f"Each change is compared on what is measured at its own step or later. Of {len(rows)} comparisons about {by_chance} exclude zero by chance. Where neighbouring values are correlated the intervals are too narrow, and other causes of the same weeks are not told apart."
        into.tables.append(Table("effects", "Results before and after each change", COLUMNS, tuple(rows), tuple(refs), note))
    if reasons:
        listed_why = tuple(f"record:change_control/{change}" for change in reasons)
        into.tables.append(
            Table("not_compared", "Changes that are not compared", NOT_COMPARED, tuple(reasons.items()), listed_why)
        )


def _row(loaded: Loaded, made: _Comparison, told: Sequence[Fact]) -> tuple[str, ...]:
    return (
        ", ".join(made.changes), made.first, loaded.title(made.attribute), told[0].unit or "-", str(made.n[0]), str(made.n[1]),
        f"{told[0].value} ({told[1].value} to {told[2].value})",
        f"{told[3].value} ({told[4].value} to {told[5].value})" if len(told) > len(ENDS) else "-", beyond_chance(made.found),
        ", ".join(made.within) or "-",
    )  # fmt: skip


def _compared(
    loaded: Loaded,
    attribute: str,
    began: tuple[int, Sequence[Record]],
    placed: Mapping[int, Sequence[Record]],
    order: dict[str, int],
    *,
    limited: bool,
) -> _Comparison | None:
    """Compare an attribute before and after the changes that began with one batch; None where none bears on it or values are few."""
    at, changes = began
    naming = tuple(c.identifier for c in changes if attribute in intended(loaded, c))
    mine = tuple(c.identifier for c in changes if c.identifier in naming or (limited and bears_on(loaded, c, attribute)))
    if not mine:
        return None
    every = [m for m in (*loaded.earlier.get(attribute, ()), *loaded.measurements[attribute]) if m.value is not None]
    before = [m for m in every if order[m.batch] < at][-MOST_BATCHES:]
    after = [m for m in every if order[m.batch] >= at][:MOST_BATCHES]
    if min(len(before), len(after)) < FEWEST_BATCHES:
        return None
    found = shift(measured.known_values(before), measured.known_values(after))
    if isinstance(found, NotGiven):
        return None
    first, last = order[before[0].batch], order[after[-1].batch]
    within = tuple(
        c.identifier
        for place, others in sorted(placed.items())
        if first < place <= last and place != at
        for c in others
        if bears_on(loaded, c, attribute)
    )
    return _Comparison(mine, loaded.of("batch")[at].identifier, attribute, (len(before), len(after)), found, within, naming)


def _place(loaded: Loaded, change: Record, order: dict[str, int]) -> int | None:
    """Return the place of the first batch that a change names, else of the first batch started after its day."""
    named = order.get(change.get("first_batch"))
    if named is not None or change.get("first_batch"):
        return named
    day = change.get("effective_on")
    later = [order[b.identifier] for b in loaded.of("batch") if day and span_of(b)[0] >= day]
    return min(later, default=None)


def _told(loaded: Loaded, made: _Comparison) -> list[Fact]:
    name = f"effect.{made.changes[0]}.{made.attribute}"
    beyond = excludes_zero(made.found.difference)
    inputs = {
        "change": made.changes[0], "changes": list(made.changes), "within": list(made.within), "attribute": made.attribute,
        "n": list(made.n), "beyond": beyond, "spread": excludes_one(made.found.ratio), "naming": list(made.naming),
    }  # fmt: skip
    present = [m for m in loaded.measurements[made.attribute] if m.value is not None]
    places = places_that_show(made.found.difference, places_of(measured.known_values(present)) + 1)
    method, told = made.found.basis.stated, [("difference", made.found.difference, places, present[0].unit)]
    if made.found.ratio is not None:
        told.append(("sd_ratio", made.found.ratio, 2, ""))
    return [
        Fact(f"{name}.{stat}{end}", str(rounded(value, digits) + 0), str(value), unit, sum(made.n), method, inputs)
        for stat, found, digits, unit in told
        for end, value in zip(ENDS, (found.value, found.low, found.high), strict=True)
        if value is not None
    ]
