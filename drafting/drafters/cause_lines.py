"""What a section says of a cause and its CAPAs, of their effect, and of what happened again after them. Pure."""

from collections.abc import Iterator

from drafting.drafters.wording import Line, counted
from drafting.model import EvidencePack

MOST_AGAIN = 10


def _cell(key: str, field: str) -> str:
    return "{cell:" + key + "#" + field + "}"


def caused(pack: EvidencePack, key: str) -> str:
    """Return the CAPAs that the records link to a deviation, and its root cause, as the end of a sentence on it."""
    fields = pack.records[key].fields
    linked = linked_to(pack, key) or "; a CAPA is not on record"
    cause = fields.get("root_cause") or ""
    if not cause:
        return f"{linked}; a root cause is not on record."
    status = f" ({_cell(key, 'cause_status')})" if fields.get("cause_status") else ""
    return f"{linked}; root cause as recorded{status}: {_cell(key, 'root_cause')}{'' if cause.endswith('.') else '.'}"


def linked_to(pack: EvidencePack, key: str) -> str:
    """Return the CAPAs that the records link to a deviation as a clause of a sentence on it; "" where they link none."""
    named = set(filter(None, (pack.records[key].fields.get("capa_ids") or "").split("|")))
    actions = [
        k
        for k, r in pack.records.items()
        if r.kind == "capa" and (r.fields.get("deviation_id") == pack.records[key].identifier or r.identifier in named)
    ]
    return f"; linked to it: {', '.join(_action(pack, k) for k in actions)}" if actions else ""


def _action(pack: EvidencePack, key: str) -> str:
    """Return a CAPA with its state at the end of the period and the effect that is on record."""
    fields, end = pack.records[key].fields, pack.facts.get("report.period_to")
    closed = fields.get("closed_on") or ""
    if not closed or (end and closed > end.exact):
        return f"{{record:{key}}} (not closed{' by the end of the period' if end else ''})"
    effect = (
        f"effect as recorded: {_cell(key, 'effectiveness_result')}"
        if fields.get("effectiveness_result")
        else "effect not on record"
    )
    return f"{{record:{key}}} (closed {_cell(key, 'closed_on')}, {effect})"


def for_deviation(pack: EvidencePack, key: str) -> str:
    """Return for which deviation and cause a CAPA is."""
    fields = pack.records[key].fields
    if not fields.get("deviation_id"):
        return ""
    cause = f", cause as recorded: {_cell(key, 'cause')}" if fields.get("cause") else ""
    return f" for {_cell(key, 'deviation_id')}{cause}"


def ineffective(pack: EvidencePack) -> Iterator[Line]:
    """Name each CAPA whose effect was recorded as not effective, with the deviation and the cause that it was for."""
    for key, record in pack.records.items():
        if record.kind == "capa" and "not effective" in (record.fields.get("effectiveness_result") or "").lower():
            yield (
                f"{{record:{key}}}{for_deviation(pack, key)}; effect as recorded: {_cell(key, 'effectiveness_result')}.",
                (),
            )


def unlinked(pack: EvidencePack) -> Iterator[Line]:
    """Say how many deviations have no CAPA on record."""
    if "linked.without" in pack.facts:
        yield "Deviations without a CAPA on record: {fact:linked.without}.", ()


def recurred(pack: EvidencePack) -> Iterator[Line]:
    """Say which deviations repeat an event for which a CAPA had been completed, and after which the effect was found effective."""
    if "recurred.count" not in pack.facts:
        return
    events = counted(pack, "recurred.count", "deviation repeats", "deviations repeat")
    lead = f"In the period {events} an event for which a CAPA had been completed"
    yield f"{lead}; after a CAPA recorded as effective: {{fact:recurred.effective}}.", ()


def came_after(pack: EvidencePack) -> Iterator[Line]:
    """Name each of these deviations with the CAPAs that were completed before it."""
    for fact in [f for key, f in pack.facts.items() if key.startswith("recurred.after_")][:MOST_AGAIN]:
        actions = [f"capa/{name}" for name in fact.inputs["actions"]]
        after = ", ".join(f"{_action(pack, k)}{_of(pack, k)}" for k in actions if k in pack.records)
        yield f"{{record:deviation/{fact.inputs['deviation']}}} came after {after}.", ()


def _of(pack: EvidencePack, key: str) -> str:
    return f" for {_cell(key, 'deviation_id')}" if pack.records[key].fields.get("deviation_id") else ""
