"""What the sections of a deviation report say: the event, what was done, its data, its history and the cause on record. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from drafting.drafters import cause_lines, late_lines, rate_lines
from drafting.drafters.wording import Line, cell, counted, is_zero, named, of_kind, record, told_of
from drafting.model import EvidencePack

FAR = 3  # standard deviations from the batches before, from which a result within its limit is told all the same


def subject(pack: EvidencePack) -> str | None:
    """Return the key of the event's own record: its fields stand in the table of the header, earlier events stand elsewhere."""
    refs = next((t.refs for t in pack.tables if t.id == "header"), ())
    found = [ref.removeprefix("record:") for ref in refs] or of_kind(pack, "deviation")
    return found[0] if found else None


def event(pack: EvidencePack) -> Iterator[Line]:
    """Say what the record tells of the event: the requirement, what happened, when and to which batch."""
    key = subject(pack)
    if key is None:
        return
    fields = pack.records[key].fields
    if fields.get("sop"):
        yield f"The requirement is stated in {cell(key, 'sop')}.", told_of(pack, fields["sop"], 2)
    if fields.get("description"):
        yield f"As recorded in {record(key)}: {cell(key, 'description')}", told_of(pack, pack.records[key].identifier, 3)
    times = [
        (n, w)
        for n, w in (("occurred_at", "occurred"), ("detected_at", "was detected"), ("reported_at", "was reported"))
        if fields.get(n)
    ]
    if times:
        said = ", ".join(f"{word} at {cell(key, name)}" for name, word in times)
        yield f"The event {said}.", ()
    if fields.get("batch"):
        where = f" at stage {cell(key, 'stage')}" if fields.get("stage") else ""
        line = named("line", fields.get("line"), cell(key, "line"))
        yield f"It concerns batch {cell(key, 'batch')}{where}{line}.", ()


def event_summary(pack: EvidencePack) -> Iterator[Line]:
    """Say in short what happened, and what the source system links to it."""
    key = subject(pack)
    if key is None:
        return
    yield f"{record(key)}: {cell(key, 'title')}.", ()
    yield from list(event(pack))[-2:]
    capas, oos = counted(pack, "linked.capa", "CAPA", "CAPAs"), counted(pack, "linked.oos", "OOS record", "OOS records")
    yield f"The source system links {capas} and {oos} to it.", ()
    yield from _repeats(pack, key)


def _repeats(pack: EvidencePack, key: str) -> Iterator[Line]:
    """Say which event is recorded as the one that this repeats."""
    if pack.records[key].fields.get("recurring_of"):
        yield f"{record(key)} is recorded as a recurrence of {cell(key, 'recurring_of')}.", ()


def immediate(pack: EvidencePack) -> Iterator[Line]:
    """Say what was done at once."""
    key = subject(pack)
    if key and pack.records[key].fields.get("immediate_action"):
        yield f"Immediate action as recorded: {cell(key, 'immediate_action')}", ()
    yield f"The event log holds {counted(pack, 'event_log.count', 'entry', 'entries')}.", ()


def background(pack: EvidencePack) -> Iterator[Line]:
    """Say under which record the batch was made, and in which state the equipment was."""
    key = subject(pack)
    if key and pack.records[key].fields.get("mbr_version"):
        yield f"The batch was made under master batch record {cell(key, 'mbr_version')}.", ()
    for item in of_kind(pack, "equipment"):
        fields = pack.records[item].fields
        due = f", calibration due {cell(item, 'calibration_due')}" if fields.get("calibration_due") else ""
        state = f", qualification status {cell(item, 'qualification_status')}" if fields.get("qualification_status") else ""
        yield f"Equipment {record(item)}: {cell(item, 'name')}{state}{due}.", ()


def data(pack: EvidencePack) -> Iterator[Line]:
    """Say how many results of the affected batches lay outside; each of those by itself, the others by the table."""
    if "results.judged" not in pack.facts:
        return
    if is_zero(pack, "results.judged"):
        yield "Results of the affected batches that have a limit on record: {fact:results.judged}.", ()
        return
    judged = counted(
        pack,
        "results.judged",
        "result of the affected batches that has a limit",
        "results of the affected batches that have a limit",
    )
    yield f"Of {judged}, {{fact:results.outside}} lay outside it.", ()
    for fact in pack.facts.values():
        if not fact.id.startswith("result."):
            continue
        _, attribute, batch = fact.id.split(".")
        away, outside = pack.facts.get(f"recent.{attribute}.{batch}.away"), fact.inputs.get("against") == "outside"
        if not outside and (away is None or Decimal(away.exact) < FAR):
            continue
        specification = next((k for k in of_kind(pack, "specification") if k.endswith(f"/{attribute}")), None)
        limits = f" against the limit{_limit_words(pack, specification)}" if specification else ""
        yield (
            f"Batch {record(f'batch/{batch}')} gave {{fact:{fact.id}}} for {{fact:{attribute}.attribute}}{limits}{_before(pack, f'recent.{attribute}.{batch}')}.",
            (f"record:{specification}",) if specification else (),
        )


def impact(pack: EvidencePack) -> Iterator[Line]:
    """Say what the data of the affected batches and the complaints on them are."""
    yield from data(pack)
    yield from late_lines.on_the_batch(pack)


def _before(pack: EvidencePack, name: str) -> str:
    """Say where a result lies among those of the batches before it."""
    if f"{name}.away" not in pack.facts:
        return ""
    return f"; {{fact:{name}.n}} batches before it have a mean of {{fact:{name}.mean}}, from which it lies {{fact:{name}.away}} away"


def history(pack: EvidencePack) -> Iterator[Line]:
    """Say what the search for earlier events found, and what the event repeats, with the CAPAs that were to prevent it."""
    hits = counted(pack, "history.hits", "earlier deviation", "earlier deviations")
    yield (
        f"A search for the same category or the same equipment from {{fact:history.from}} to {{fact:history.to}} found {hits} of any product.",
        (),
    )
    if "history.own" in pack.facts:
        yield "Of these earlier deviations, {fact:history.own} concern the product of the event.", ()
    yield from rate_lines.rated(
        pack, "history.rate", "for {fact:history.batches} batches of the product started in that window"
    )
    for key in (ref.removeprefix("record:") for t in pack.tables if t.id == "deviation" for ref in t.refs):
        yield (
            f"{record(key)}: {cell(key, 'title')}{cause_lines.linked_to(pack, key)}.",
            told_of(pack, pack.records[key].identifier, 1),
        )
    if "history.event" in pack.facts:
        yield from _repeats(pack, f"deviation/{pack.facts['history.event'].exact}")
    yield from cause_lines.came_after(pack)


def cause(pack: EvidencePack) -> Iterator[Line]:
    """Say which cause is on record."""
    key = subject(pack)
    if key is None:
        return
    fields = pack.records[key].fields
    if fields.get("root_cause"):
        yield f"The source system records as root cause of {record(key)}: {cell(key, 'root_cause')}", ()
    if fields.get("cause_status"):
        yield f"The status of the cause is recorded as {cell(key, 'cause_status')}.", ()
    if linked := cause_lines.linked_to(pack, key):
        yield f"The event is {record(key)}{linked}.", ()
    yield from cause_lines.came_after(pack)
    hits = counted(pack, "history.hits", "earlier deviation", "earlier deviations")
    yield f"The search of the history found {hits} of the same category or equipment, of any product.", ()


def _limit_words(pack: EvidencePack, key: str) -> str:
    fields = pack.records[key].fields
    low, high = fields.get("lower_limit"), fields.get("upper_limit")
    if low and high:
        return f" ({cell(key, 'lower_limit')} to {cell(key, 'upper_limit')})"
    if low:
        return f" (not less than {cell(key, 'lower_limit')})"
    if high:
        return f" (not more than {cell(key, 'upper_limit')})"
    return ""
