"""A deviation, its cause and its CAPAs as the source links them, the effect that was found, and what happened again all the same. Pure."""

from collections.abc import Sequence

from corpus.model import Record
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Fact, Table

COLUMNS = ("Deviation", "Root cause as recorded", "CAPA", "Closed on", "Effect as recorded", "Repeats")
AGAIN = ("Deviation", "Repeats", "CAPA completed before it", "Closed on", "Effect as recorded")
NONE = "-"


def actions_for(loaded: Loaded, deviation: Record) -> list[Record]:
    """Return the CAPAs that name a deviation, or that it names."""
    named = set(deviation.get("capa_ids").split("|")) - {""}
    return [r for r in loaded.of("capa") if r.get("deviation_id") == deviation.identifier or r.identifier in named]


def earlier_events(loaded: Loaded, deviation: Record) -> list[Record]:
    """Return the events that a deviation repeats: the one that it names, the one that this names, and so on."""
    by_name = {r.identifier: r for r in loaded.of("deviation")}
    found: list[Record] = []
    name = deviation.get("recurring_of")
    while name in by_name and by_name[name] not in found and name != deviation.identifier:
        found.append(by_name[name])
        name = by_name[name].get("recurring_of")
    return found


def completed_before(loaded: Loaded, deviation: Record) -> list[Record]:
    """Return the CAPAs for the events that a deviation repeats which were closed before it."""
    day = span_of(deviation)[0]
    return [
        action
        for earlier in earlier_events(loaded, deviation)
        for action in actions_for(loaded, earlier)
        if "" < action.get("closed_on") < day
    ]


def linked(loaded: Loaded, deviations: Sequence[Record], into: Collected) -> None:
    """Add the table of causes with their CAPAs, the CAPAs themselves, and the events that came again after one was completed."""
    without = sum(not actions_for(loaded, d) for d in deviations)
    query = "deviations of the period without a CAPA on record"
    into.add_facts([count_fact("linked.without", without, len(deviations), query)])
    causes(loaded, deviations, into)
    recurred(loaded, deviations, into)


def causes(loaded: Loaded, deviations: Sequence[Record], into: Collected) -> None:
    """Add the table of causes with their CAPAs, and the CAPAs themselves."""
    rows: list[tuple[str, ...]] = []
    refs: list[str] = []
    for deviation in deviations:
        actions = actions_for(loaded, deviation)
        into.add_records(actions)
        told = [_action(action) for action in actions] or [("no CAPA on record", NONE, NONE)]
        rows += [_row(deviation, action) for action in told]
        refs += [f"record:deviation/{deviation.identifier}"] * len(told)
    if rows:
        note = "A CAPA is linked where it names the deviation or is named by it."
        into.tables.append(Table("linked_actions", "Causes and their CAPAs", COLUMNS, tuple(rows), tuple(refs), note))


def recurred(loaded: Loaded, deviations: Sequence[Record], into: Collected) -> None:
    """Count and list the deviations that repeat an event for which a CAPA had been completed, and those where it had been found effective."""
    found = [(d, actions) for d in deviations if (actions := completed_before(loaded, d))]
    effective = [d for d, actions in found if any(is_effective(a) for a in actions)]
    query = "deviations of the period that repeat, by one or more steps, an event for which a CAPA was closed before them"
    into.add_facts(
        [
            count_fact("recurred.count", len(found), len(found), query),
            count_fact(
                "recurred.effective",
                len(effective),
                len(found),
                "of these, after a CAPA whose effect was recorded as effective",
            ),
        ]
    )
    into.add_records([r for d, actions in found for r in (d, *actions)])
    into.add_facts(
        [
            Fact(f"recurred.after_{number}", d.identifier, d.identifier, "", len(actions), "as recorded", {"deviation": d.identifier, "actions": [a.identifier for a in actions]})
            for number, (d, actions) in enumerate(found, start=1)
        ]
    )  # fmt: skip
    if found:
        pairs = [(d, a) for d, actions in found for a in actions]
        rows = tuple(
            (d.identifier, a.get("deviation_id"), a.identifier, a.get("closed_on"), a.get("effectiveness_result") or NONE)
            for d, a in pairs
        )
        into.tables.append(
            Table(
                "recurred",
                "Recorded again after a completed CAPA",
                AGAIN,
                rows,
                tuple(f"record:deviation/{d.identifier}" for d, _ in pairs),
            )
        )


def is_effective(action: Record) -> bool:
    """Tell whether the effect of a CAPA was recorded as effective."""
    result = action.get("effectiveness_result").lower()
    return result.startswith("effective")


def _action(action: Record) -> tuple[str, str, str]:
    return (action.identifier, action.get("closed_on") or "open", action.get("effectiveness_result") or "not on record")


def _row(deviation: Record, action: tuple[str, str, str]) -> tuple[str, ...]:
    return (
        deviation.identifier,
        deviation.get("root_cause") or "not on record",
        *action,
        deviation.get("recurring_of") or NONE,
    )
