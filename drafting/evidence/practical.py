"""What matters in practice, as persons set it beforehand: the smallest difference of means that does, and alert limits. Pure.

With many values or with neighbours that are correlated a difference beyond chance may matter to nobody: it is held against the limit.
"""

from collections.abc import Sequence

from drafting.evidence.collected import Collected
from drafting.evidence.reading import Reading
from drafting.evidence.scope import Loaded
from drafting.model import Table
from drafting.statistics.exact import places_of, rounded
from drafting.statistics.shift import Shift

COLUMNS = (
    "Attribute",
    "Smallest difference that matters",
    "Difference to before",
    "Held against it",
    "Alert limits",
    "Values beyond",
    "Set by",
)


def tabled(loaded: Loaded, group: str, found: Sequence[Reading], into: Collected) -> None:
    """List the attributes that have a practical limit, and how the period lies to it."""
    chosen = [r for r in found if r.practical]
    if not chosen:
        return
    refs = tuple(f"fact:{r.attribute}.mean" for r in chosen)
    rows = tuple(_row(loaded, r) for r in chosen)
    into.tables.append(Table(f"practical.{group}", "Practical limits set beforehand", COLUMNS, rows, refs))


def _row(loaded: Loaded, found: Reading) -> tuple[str, ...]:
    limit, moved = found.practical, found.moved
    assert limit is not None
    places = min(places_of(found.values) + 1, 3) + 1
    difference = str(rounded(moved.difference.value, places) + 0) if isinstance(moved, Shift) else "-"
    beyond = str(sum(map(limit.alerted, found.values))) if limit.alerts else "-"
    set_by = f"{limit.stated.user_id}, {limit.stated.on}, version {limit.stated.version}: {limit.stated.reason}"
    return (
        loaded.title(found.attribute),
        limit.difference or "-",
        difference,
        held(found),
        limit.alerts or "-",
        beyond,
        set_by,
    )


def held(found: Reading) -> str:
    """Return how the difference to the period before lies to the practical limit, and what weakens that."""
    if found.practical is None or not found.practical.difference or not isinstance(found.moved, Shift):
        return "-"
    told = f"beyond chance; {found.moved.against}" if found.shifted else str(found.moved.against)
    return told + ("; neighbouring values are correlated, so that the interval holds less" if found.correlated else "")
