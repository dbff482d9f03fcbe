"""Signals put together for a person to dispose of: what signals at the same batches is one statement, with what persons found of it. Pure."""

from collections.abc import Sequence

from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.control import Together, together
from drafting.evidence.reading import Reading
from drafting.evidence.scope import Loaded
from drafting.model import Fact, Table
from drafting.statistics.basis import VERSION

MOST_ROWS = 20  # of groups that are open, and of groups that are not
MOST_FACTS, MOST_SAID = 5, 3  # groups that are facts, and those that a sentence names
MOST_TITLES = 4  # attributes that a row names
COLUMNS = ("First batch", "Last batch", "Attributes", "Signals", "Side", "Disposition")
SIDES = {1: "above", -1: "below"}


def grouped(loaded: Loaded, name: str, found: Sequence[Reading], into: Collected) -> None:
    """List groups of signals on the charts as drawn, those that wait for a person and of these the largest first."""
    groups = together(loaded, [r.control for r in found])
    n = len(loaded.batches)
    waiting = [g for g in groups if g.open]
    done = [g for g in groups if not g.open]
    into.add_facts(
        [
            count_fact(f"{name}.groups", len(groups), n, "groups of signals on the charts as drawn"),
            count_fact(f"{name}.groups_open", len(waiting), n, "groups of signals that nobody disposed of as they now are"),
            count_fact(f"{name}.groups_disposed", len(done), n, "groups of signals that persons disposed of"),
        ]
    )
    if not groups:
        return
    largest = sorted(groups, key=lambda g: -g.shared.signals)[:MOST_FACTS]
    into.add_facts([_fact(f"{name}.group_{i}", group, n) for i, group in enumerate(largest, start=1)])
    as_large = [
        g for g in groups if g.shared.signals == largest[:MOST_SAID][-1].shared.signals and g not in largest[:MOST_SAID]
    ]
    if as_large:
        query = "groups that are not named and have as many points as the last one that is"
        into.add_facts([count_fact(f"{name}.groups_tied", len(as_large), len(groups), query)])
    _disposed(loaded, name, done, into)
    first, rest = [*waiting[:MOST_ROWS], *done[:MOST_ROWS]], [*waiting[MOST_ROWS:], *done[MOST_ROWS:]]
    rows = tuple(_row(loaded, group) for group in first)
    note = "Groups of signals that cover much the same batches, on the charts as drawn; a person disposes of each, under Control charts. Those that are open stand first, of these the one with the most signals."
    note += f" {len(waiting)} of {len(groups)} are open." if waiting else " None is open."
    if rest:
        note += f" {len(rest)} more groups hold {sum(g.shared.signals for g in rest)} signals; {sum(bool(g.open) for g in rest)} of them are open."
    refs = tuple(f"record:batch/{group.shared.first}" for group in first)
    into.tables.append(Table(f"groups.{name}", "Groups of signals", COLUMNS, rows, refs, note))
    edges = {edge for group in (*first, *largest, *done[:MOST_FACTS]) for edge in (group.shared.first, group.shared.last)}
    into.add_records([b for b in loaded.batches if b.identifier in edges])


def _disposed(loaded: Loaded, name: str, done: Sequence[Together], into: Collected) -> None:
    """Take in what persons found of the largest groups, with the records that they refer to."""
    for i, group in enumerate(done[:MOST_FACTS], start=1):
        made = list(dict.fromkeys(run.disposition for run in group.runs if run.disposition))
        inputs = {**_inputs(group), "records": [d.record for d in made if d.record]}
        inputs |= {"told": [f"{d.user_id} {d.at}: {d.reason}" for d in made]}
        found = " and ".join(dict.fromkeys(str(d.outcome) for d in made))
        into.add_facts(
            [Fact(f"{name}.disposed_{i}", found, found, "", group.shared.signals, "as a person disposed", inputs)]
        )
        named = {d.record for d in made if d.record}
        into.add_records(
            [
                r
                for kind in {key.partition("/")[0] for key in named}
                for r in loaded.of(kind)
                if f"{kind}/{r.identifier}" in named
            ]
        )


def _fact(name: str, group: Together, n: int) -> Fact:
    number = str(group.shared.signals)
    inputs = _inputs(group) | {"open": bool(group.open)}
    return Fact(name, number, number, "", n, f"signals of a group v{VERSION}, the largest first", inputs)


def _inputs(group: Together) -> dict[str, object]:
    return {"first": group.shared.first, "last": group.shared.last, "attributes": list(group.shared.attributes)}


def _row(loaded: Loaded, group: Together) -> tuple[str, ...]:
    sides = " and ".join(sorted({SIDES.get(g.side, "both") for g in group.shared.groups}))
    return (group.shared.first, group.shared.last, titles(loaded, group), str(group.shared.signals), sides, group.told)


def titles(loaded: Loaded, group: Together) -> str:
    """Return the attributes of a group, the first few by name."""
    named = [loaded.title(a) for a in group.shared.attributes]
    rest = len(named) - MOST_TITLES
    return ", ".join(named) if rest <= 0 else f"{', '.join(named[:MOST_TITLES])} and {rest} more"
