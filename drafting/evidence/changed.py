"""What a change did: results of the batches before and after its first batch, with the interval of the difference. Pure.

Each comparison has its own interval of 95 %, so that of many comparisons some exclude zero by chance: their number is stated.
"""

from decimal import Decimal

from corpus.model import Record
from drafting.evidence import listed, measured
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.reading import excludes_zero
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Fact, Table
from drafting.statistics.basis import NotGiven
from drafting.statistics.exact import places_of, rounded
from drafting.statistics.shift import Shift, shift

MOST_BATCHES = 30  # on each side
FEWEST_BATCHES = 10
COLUMNS = (
    "Change",
    "First batch",
    "Attribute",
    "Unit",
    "n before",
    "n after",
    "Difference (95 % interval)",
    "Beyond chance",
)


def effects(loaded: Loaded, into: Collected) -> None:
    """Compare what has a limit before and after each change that names its first batch."""
    order = {b.identifier: i for i, b in enumerate(loaded.of("batch"))}
    limited = [a for a in loaded.measurements if any(r.get("attribute") == a for r in loaded.of("specification"))]
    chosen = [a for a in limited if a not in measured.contradicted(loaded) and loaded.groups.get(a) != "raw material"]
    rows: list[tuple[str, ...]] = []
    refs: list[str] = []
    without, beyond = [], 0
    for change in listed.shown(loaded, "change_control"):
        at = _place(loaded, change, order)
        compared = [(a, c) for a in chosen if (c := _compare(loaded, a, at, order))] if at is not None else []
        if not compared:
            without.append(change.identifier)
        for attribute, (before, after, found) in compared:
            told = _told(loaded, change, attribute, (before, after), found)
            into.add_facts([*told, *_label(loaded, attribute, into)])
            differs = excludes_zero(found.difference)
            beyond += differs
            text = f"{told[0].value} ({told[1].value} to {told[2].value})"
            unit = told[0].unit or "-"
            rows.append(
                (
                    change.identifier,
                    change.get("first_batch"),
                    loaded.title(attribute),
                    unit,
                    str(before),
                    str(after),
                    text,
                    "yes" if differs else "no",
                )
            )
            refs.append(f"fact:{told[0].id}")
    query = (
        f"the {MOST_BATCHES} values before and after the first batch of each change, at least {FEWEST_BATCHES} on each side"
    )
    into.add_facts(
        [
            count_fact("effect.compared", len(rows), len(rows), query),
            count_fact("effect.beyond", beyond, len(rows), "comparisons whose interval of the difference excludes zero"),
            count_fact(
                "effect.without",
                len(without),
                len(without),
                "changes without a first batch, or with too few values beside it",
            ),
        ]
    )
    if rows:
        by_chance = rounded(Decimal(len(rows)) / 20, 1)
        note = f"Of {len(rows)} comparisons about {by_chance} exclude zero by chance. Where neighbouring values are correlated the intervals are too narrow, and other causes of the same weeks are not told apart."
        if without:
            note += f" Not compared: {', '.join(without)}."
        into.tables.append(Table("effects", "Results before and after each change", COLUMNS, tuple(rows), tuple(refs), note))


def _place(loaded: Loaded, change: Record, order: dict[str, int]) -> int | None:
    """Return the place of the first batch that a change names, else of the first batch started after its day."""
    named = order.get(change.get("first_batch"))
    if named is not None or change.get("first_batch"):
        return named
    day = change.get("effective_on")
    later = [order[b.identifier] for b in loaded.of("batch") if day and span_of(b)[0] >= day]
    return min(later, default=None)


def _compare(loaded: Loaded, attribute: str, at: int, order: dict[str, int]) -> tuple[int, int, Shift] | None:
    every = [m for m in (*loaded.earlier.get(attribute, ()), *loaded.measurements[attribute]) if m.value is not None]
    before = measured.known_values([m for m in every if order[m.batch] < at])[-MOST_BATCHES:]
    after = measured.known_values([m for m in every if order[m.batch] >= at])[:MOST_BATCHES]
    if min(len(before), len(after)) < FEWEST_BATCHES:
        return None
    found = shift(before, after)
    return None if isinstance(found, NotGiven) else (len(before), len(after), found)


def _told(loaded: Loaded, change: Record, attribute: str, n: tuple[int, int], found: Shift) -> list[Fact]:
    name = f"effect.{change.identifier}.{attribute}"
    inputs = {"change": change.identifier, "attribute": attribute, "n": list(n), "beyond": excludes_zero(found.difference)}
    present = [m for m in loaded.measurements[attribute] if m.value is not None]
    places = min(places_of(measured.known_values(present)) + 2, 4)
    ends = (
        ("difference", found.difference.value),
        ("difference_low", found.difference.low),
        ("difference_high", found.difference.high),
    )
    return [
        Fact(
            f"{name}.{stat}",
            str(rounded(value, places) + 0),
            str(value),
            present[0].unit,
            sum(n),
            found.basis.stated,
            inputs,
        )
        for stat, value in ends
        if value is not None
    ]


def _label(loaded: Loaded, attribute: str, into: Collected) -> list[Fact]:
    if f"{attribute}.attribute" in into.facts:
        return []
    n = len(loaded.measurements[attribute])
    return [
        Fact(f"{attribute}.attribute", loaded.label(attribute), attribute, "", n, measured.NAMED, {"attribute": attribute})
    ]
