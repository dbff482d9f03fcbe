"""Signals put together for a person to dispose of: what signals at the same batches is one statement. Pure."""

from collections.abc import Sequence

from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.reading import Reading
from drafting.evidence.scope import Loaded
from drafting.model import Fact, Table
from drafting.statistics.basis import VERSION
from drafting.statistics.rules import Rule, Signal
from drafting.statistics.signal_groups import SharedGroup, foremost, group_signals, shared_groups

MOST_ROWS = 20
MOST_FACTS = 5
COLUMNS = ("First batch", "Last batch", "Attributes", "Signals", "Side")
SIDES = {1: "above", -1: "below"}


def grouped(loaded: Loaded, name: str, found: Sequence[Reading], into: Collected) -> None:
    """List groups of signals by rule 1 on the charts as drawn, those with the most signals first told by their records."""
    labels = [b.identifier for b in loaded.batches]
    by_attribute = {r.attribute: group_signals(_signals(r), r.batches, r.attribute) for r in found if r.marked}
    shared = shared_groups(by_attribute, labels)
    into.add_facts([count_fact(f"{name}.groups", len(shared), len(labels), "groups of signals on the charts as drawn")])
    if not shared:
        return
    largest = sorted(shared, key=lambda g: -g.signals)[:MOST_FACTS]
    into.add_facts([_fact(f"{name}.group_{i}", group, len(labels)) for i, group in enumerate(largest, start=1)])
    first, rest = foremost(shared, MOST_ROWS)
    rows = tuple(_row(loaded, group) for group in first)
    note = "Groups of signals that cover much the same batches, on the charts as drawn; a person disposes of each."
    if rest:
        note += f" {len(rest)} more groups hold {sum(g.signals for g in rest)} signals."
    refs = tuple(f"record:batch/{group.first}" for group in first)
    into.tables.append(Table(f"groups.{name}", "Groups of signals", COLUMNS, rows, refs, note))
    edges = {edge for group in first for edge in (group.first, group.last)}
    into.add_records([b for b in loaded.batches if b.identifier in edges])


def _fact(name: str, group: SharedGroup, n: int) -> Fact:
    inputs = {"first": group.first, "last": group.last, "attributes": list(group.attributes)}
    number = str(group.signals)
    return Fact(name, number, number, "", n, f"signals of a group v{VERSION}, the largest first", inputs)


def _signals(found: Reading) -> list[Signal]:
    """Return the points beyond the limits that are drawn."""
    limits = found.charted
    assert limits is not None
    return [Signal(Rule.BEYOND_LIMITS, i, i, 1 if found.values[i] > limits.upper else -1) for i in found.marked]


def _row(loaded: Loaded, group: SharedGroup) -> tuple[str, ...]:
    titles = ", ".join(loaded.title(a) for a in group.attributes)
    sides = " and ".join(sorted({SIDES.get(g.side, "both") for g in group.groups}))
    return (group.first, group.last, titles, str(group.signals), sides)
