"""The default drafter: composes sentences from the evidence by explicit rules, in references, with no model and no network.

Each rule of a section reads the pack and yields templates; what the pack does not hold is not said. No rule writes a digit, a
date, an identifier or a verdict of its own: verdicts are human-only fields.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from drafting.drafters import rate_lines
from drafting.drafters.attribute_lines import attribute_lines
from drafting.drafters.models import models_in_use
from drafting.drafters.wording import Line, counted, named
from drafting.model import Draft, EvidencePack, Sentence
from drafting.render import render
from prompts.outline import SectionOutline

VERSION = "4"
FAR = 3  # standard deviations from the batches before, from which a result within its limit is told all the same
CONFIRMED = {"yes": "confirmed", "no": "not confirmed", "in evaluation": "still in evaluation"}
MATERIALS = {"api": "API", "smcc": "SMCC"}
Rule = Callable[[EvidencePack], Iterator[Line]]


class DeterministicDrafter:
    """Draft by rules; equal evidence gives equal text."""

    name = f"deterministic drafter v{VERSION}"
    at_once = 1

    @property
    def configuration(self) -> dict[str, str]:
        """Return what shapes its drafts."""
        return {"drafter": "deterministic", "version": VERSION}

    def draft(self, section: SectionOutline, pack: EvidencePack) -> Draft:
        """Return the sentences of a section; insufficient where the evidence supports none."""
        rule = RULES.get(section.key)
        sentences: list[Sentence] = []
        for template, cites in rule(pack) if rule else ():
            sentences.append(render(template, pack, cites))
        if not sentences:
            return Draft((), insufficient="No rule of this section found evidence to speak of; a person writes it.")
        return Draft(tuple(sentences))


def _zero(pack: EvidencePack, fact: str) -> bool:
    return fact in pack.facts and pack.facts[fact].exact == "0"


def _has(pack: EvidencePack, fact: str) -> bool:
    return fact in pack.facts and pack.facts[fact].exact != "0"


def _kind(pack: EvidencePack, kind: str) -> list[str]:
    return [key for key in pack.records if key.startswith(f"{kind}/")]


def _cell(key: str, field: str) -> str:
    return "{cell:" + key + "#" + field + "}"


def _record(key: str) -> str:
    return "{record:" + key + "}"


def _told(pack: EvidencePack, about: str | None, most: int) -> tuple[str, ...]:
    """Return passages of the document about one record or procedure, the nearest to the section first."""
    return tuple(f"passage:{p.id}" for p in pack.passages.values() if about and p.about == about)[:most]


def _listed(pack: EvidencePack, kind: str, one: str, many: str) -> Iterator[Line]:
    """Say how many records the query found, zero included."""
    if f"{kind}.count" in pack.facts:
        yield f"The query over the period found {counted(pack, f'{kind}.count', one, many)}.", ()


def _broken_down(
    pack: EvidencePack, kind: str, column: str, lead: str, words: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Line]:
    """Say how the records divide by a category; `words` says what a value such as "no" means."""
    prefix = f"{kind}.{column}."
    parts = [(f[len(prefix) :].replace("_", " "), f) for f in pack.facts if f.startswith(prefix)]
    worded = [(name, fact) for name, fact in parts if not any(c.isdigit() for c in name)]
    if len(worded) == len(parts) and parts and _has(pack, f"{kind}.count"):
        said = ", ".join(f"{words.get(name, name)} {{fact:{fact}}}" for name, fact in parts)
        yield f"{lead}: {said}.", ()


def _limit_words(pack: EvidencePack, key: str) -> str:
    fields = pack.records[key].fields
    low, high = fields.get("lower_limit"), fields.get("upper_limit")
    if low and high:
        return f" ({_cell(key, 'lower_limit')} to {_cell(key, 'upper_limit')})"
    if low:
        return f" (not less than {_cell(key, 'lower_limit')})"
    if high:
        return f" (not more than {_cell(key, 'upper_limit')})"
    return ""


def _summary(pack: EvidencePack) -> Iterator[Line]:
    if _zero(pack, "census.made"):
        yield (
            "The store holds {fact:census.made} batches of product {fact:report.product} from {fact:report.period_from} to {fact:report.period_to}.",
            (),
        )
    else:
        yield (
            (
                "From {fact:report.period_from} to {fact:report.period_to}, {fact:census.made} batches of product {fact:report.product} were made: "
                "{fact:census.released} released, {fact:census.rejected} rejected, {fact:census.pending} pending, {fact:census.terminated} terminated."
            ),
            (),
        )
    for kind, one, many in (
        ("oos", "OOS record", "OOS records"), ("deviation", "deviation", "deviations"), ("capa", "CAPA", "CAPAs"),
        ("change_control", "change", "changes"), ("complaint", "complaint", "complaints"), ("recall", "recall", "recalls"),
    ):  # fmt: skip
        yield from _listed(pack, kind, one, many)
    yield f"{_recomputed(pack)}.", ()
    if _has(pack, "capa.overdue"):
        late = counted(pack, "capa.overdue", "CAPA was past its due date", "CAPAs were past their due date")
        yield f"At the end of the period {late}.", ()


def _materials(pack: EvidencePack) -> Iterator[Line]:
    yield from _listed(
        pack,
        "material_lot",
        "lot of starting material used in the batches of the period",
        "lots of starting material used in the batches of the period",
    )
    yield from _broken_down(pack, "material_lot", "material", "Lots by material", MATERIALS)
    if _has(pack, "material_lot.new_source.yes"):
        yield "Lots from a new source: {fact:material_lot.new_source.yes}.", ()
    yield from attribute_lines(pack)


def _recomputed(pack: EvidencePack) -> str:
    if _zero(pack, "oos.judged"):
        return "The query found {fact:oos.judged} results to hold against a specification, and so {fact:oos.recomputed} outside it"
    return "Recomputing {fact:oos.judged} results against the specification in force found {fact:oos.recomputed} outside"


def _called(pack: EvidencePack, key: str) -> str:
    """Return the attribute of a record as people call it."""
    named = f"{pack.records[key].fields.get('attribute')}.attribute"
    return f"{{fact:{named}}}" if named in pack.facts else _cell(key, "attribute")


def _oos(pack: EvidencePack) -> Iterator[Line]:
    yield from _listed(pack, "oos", "OOS record", "OOS records")
    yield from rate_lines.rated(pack, "oos.rate")
    yield from rate_lines.over_time(pack, "oos")
    unrecorded = "" if _zero(pack, "oos.recomputed") else ", of which {fact:oos.unrecorded} lack an OOS record"
    yield f"{_recomputed(pack)}{unrecorded}.", ()
    for key in _kind(pack, "oos"):
        fields = pack.records[key].fields
        line = f"{_record(key)}: batch {_cell(key, 'batch')}, {_called(pack, key)} {_cell(key, 'result')}"
        line += f" against {_cell(key, 'limit_text')}" if fields.get("limit_text") else ""
        line += f"; assignable cause as recorded: {_cell(key, 'assignable_cause')}" if fields.get("assignable_cause") else ""
        line += f"; outcome as recorded: {_cell(key, 'outcome')}" if fields.get("outcome") else ""
        yield line + ".", ()
    yield from _listed(pack, "oot", "OOT record", "OOT records")
    for key in _kind(pack, "oot"):
        fields = pack.records[key].fields
        rule = f" by the rule {_cell(key, 'rule')}" if fields.get("rule") else ""
        yield f"{_record(key)}: batch {_cell(key, 'batch')}, {_called(pack, key)} {_cell(key, 'result')}{rule}.", ()


def _rejected(pack: EvidencePack) -> Iterator[Line]:
    yield "Batches rejected or terminated in the period: {fact:rejected.count}.", ()
    yield from rate_lines.rated(pack, "rejected.rate")
    for key in _kind(pack, "batch_disposition"):
        fields = pack.records[key].fields
        reason = f", reason as recorded: {_cell(key, 'reason')}" if fields.get("reason") else ""
        day = f" on {_cell(key, 'disposition_date')}" if fields.get("disposition_date") else ""
        yield f"Batch {_cell(key, 'batch')} was recorded as {_cell(key, 'disposition')}{day}{reason}.", ()


def _deviations(pack: EvidencePack) -> Iterator[Line]:
    yield from _listed(pack, "deviation", "deviation", "deviations")
    yield from rate_lines.rated(pack, "deviation.rate")
    yield from rate_lines.over_time(pack, "deviation")
    yield from _broken_down(pack, "deviation", "class", "By class as recorded")
    yield from _broken_down(pack, "deviation", "category", "By category as recorded")
    yield "Deviations recorded as a recurrence of an earlier event: {fact:deviation.recurring}.", ()
    for key in _kind(pack, "deviation"):
        fields, told = pack.records[key].fields, _told(pack, pack.records[key].identifier, 1)
        batch = f" for batch {_cell(key, 'batch')}" if fields.get("batch") else ""
        grave = fields.get("class") in ("critical", "major")
        if fields.get("recurring_of"):
            classed = f"was recorded as {_cell(key, 'class')}{batch}, and " if grave else ""
            yield (
                f"{_record(key)} ({_cell(key, 'title')}) {classed}is recorded as a recurrence of {_cell(key, 'recurring_of')}.",
                told,
            )
        elif grave:
            yield f"{_record(key)} was recorded as {_cell(key, 'class')}{batch}: {_cell(key, 'title')}.", told
    yield from rate_lines.closed(pack, "deviation")
    yield "Deviations opened by the end of the period and not closed by then: {fact:deviation.open_at_end}.", ()


def _capa(pack: EvidencePack) -> Iterator[Line]:
    yield from _listed(pack, "capa", "CAPA that was open in the period", "CAPAs that were open in the period")
    yield "Past their due date at the end of the period: {fact:capa.overdue}.", ()
    yield "Closed without an effectiveness result on record: {fact:capa.without_effectiveness_check}.", ()
    if _has(pack, "capa.without_effectiveness_check") and "capa.check_not_yet_due" in pack.facts:
        yield (
            "Among these, the check of the effect was due only after the end of the period for {fact:capa.check_not_yet_due}.",
            (),
        )
    yield "Recorded as not effective: {fact:capa.not_effective}.", ()
    if "recurred.count" in pack.facts:
        yield "Events recorded again although an action for them had been completed: {fact:recurred.count}.", ()
    yield from rate_lines.closed(pack, "capa")
    for table in pack.tables:
        if table.id in ("capa.overdue", "capa.unchecked"):
            say = _late if table.id == "capa.overdue" else _unchecked
            for ref in table.refs:
                key = ref.removeprefix("record:")
                yield f"{_record(key)} {say(pack, key)}: {_cell(key, 'title')}.", ()


def _late(pack: EvidencePack, key: str) -> str:
    due = f" (due {_cell(key, 'due_on')})" if pack.records[key].fields.get("due_on") else ""
    return f"is past its due date{due}"


def _unchecked(pack: EvidencePack, key: str) -> str:
    """Say by when the effect was to be checked, and whether that day had come."""
    day, end = pack.records[key].fields.get("effectiveness_due_on"), pack.facts.get("report.period_to")
    ahead = ", after the end of the period" if day and end and day > end.exact else ""
    due = f" (check of the effect due {_cell(key, 'effectiveness_due_on')}{ahead})" if day else ""
    return f"was closed without an effectiveness result{due}"


def _changes(pack: EvidencePack) -> Iterator[Line]:
    yield from _listed(pack, "change_control", "change", "changes")
    for key in _kind(pack, "change_control"):
        fields = pack.records[key].fields
        when = f", effective {_cell(key, 'effective_on')}" if fields.get("effective_on") else ""
        first = f", first batch {_cell(key, 'first_batch')}" if fields.get("first_batch") else ""
        state = f", status as recorded: {_cell(key, 'status')}" if fields.get("status") not in (None, "", "closed") else ""
        yield f"{_record(key)}: {_cell(key, 'title')}{when}{first}{state}.", ()
    yield from rate_lines.effects(pack)


def _stability(pack: EvidencePack) -> Iterator[Line]:
    yield from _listed(pack, "stability_result", "entry of stability studies", "entries of stability studies")
    parts = [fact for fact in pack.facts if fact.startswith("stability_result.status.")]
    if parts and _has(pack, "stability_result.count"):
        yield f"Their status as recorded; {'; '.join(map(_state, parts))}.", ()
    yield from rate_lines.stability(pack)


def _state(fact: str) -> str:
    """Say how many entries have a status; a pull that was missed gave no result."""
    status = fact.removeprefix("stability_result.status.").replace("_", " ")
    if "missed" in status:
        return f"without a result, as the pull was missed: {{fact:{fact}}}"
    return f"{status}: {{fact:{fact}}}"


def _complaints(pack: EvidencePack) -> Iterator[Line]:
    yield from _listed(pack, "complaint", "complaint", "complaints")
    yield from rate_lines.rated(pack, "complaint.per_million", "for {fact:distribution.units} distributed")
    yield from rate_lines.over_time(pack, "complaint")
    yield from _broken_down(pack, "complaint", "category", "By category as recorded")
    yield from _broken_down(pack, "complaint", "confirmed", "As recorded", CONFIRMED)
    yield from rate_lines.closed(pack, "complaint")


def _equipment(pack: EvidencePack) -> Iterator[Line]:
    yield from _listed(pack, "equipment", "item of equipment on the register", "items of equipment on the register")
    yield from _broken_down(pack, "equipment", "qualification_status", "By qualification status as recorded")
    yield from rate_lines.overdue(pack, "equipment")
    yield from _listed(pack, "utility", "utility summary", "utility summaries")
    if "excursions.alert" in pack.facts:
        yield (
            "Excursions that they record: beyond an alert level {fact:excursions.alert}, beyond an action level {fact:excursions.action}.",
            (),
        )


def _subject(pack: EvidencePack) -> str | None:
    """Return the key of the event's own record: its fields stand in the table of the header, earlier events stand elsewhere."""
    refs = next((t.refs for t in pack.tables if t.id == "header"), ())
    found = [ref.removeprefix("record:") for ref in refs] or _kind(pack, "deviation")
    return found[0] if found else None


def _event(pack: EvidencePack) -> Iterator[Line]:
    key = _subject(pack)
    if key is None:
        return
    fields = pack.records[key].fields
    if fields.get("sop"):
        yield f"The requirement is stated in {_cell(key, 'sop')}.", _told(pack, fields["sop"], 2)
    if fields.get("description"):
        yield f"As recorded in {_record(key)}: {_cell(key, 'description')}", _told(pack, pack.records[key].identifier, 3)
    times = [
        (n, w)
        for n, w in (("occurred_at", "occurred"), ("detected_at", "was detected"), ("reported_at", "was reported"))
        if fields.get(n)
    ]
    if times:
        said = ", ".join(f"{word} at {_cell(key, name)}" for name, word in times)
        yield f"The event {said}.", ()
    if fields.get("batch"):
        where = f" at stage {_cell(key, 'stage')}" if fields.get("stage") else ""
        line = named("line", fields.get("line"), _cell(key, "line"))
        yield f"It concerns batch {_cell(key, 'batch')}{where}{line}.", ()


def _event_summary(pack: EvidencePack) -> Iterator[Line]:
    key = _subject(pack)
    if key is None:
        return
    yield f"{_record(key)}: {_cell(key, 'title')}.", ()
    yield from list(_event(pack))[-2:]
    capas, oos = counted(pack, "linked.capa", "CAPA", "CAPAs"), counted(pack, "linked.oos", "OOS record", "OOS records")
    yield f"The source system links {capas} and {oos} to it.", ()


def _immediate(pack: EvidencePack) -> Iterator[Line]:
    key = _subject(pack)
    if key and pack.records[key].fields.get("immediate_action"):
        yield f"Immediate action as recorded: {_cell(key, 'immediate_action')}", ()
    yield f"The event log holds {counted(pack, 'event_log.count', 'entry', 'entries')}.", ()


def _background(pack: EvidencePack) -> Iterator[Line]:
    key = _subject(pack)
    if key and pack.records[key].fields.get("mbr_version"):
        yield f"The batch was made under master batch record {_cell(key, 'mbr_version')}.", ()
    for item in _kind(pack, "equipment"):
        fields = pack.records[item].fields
        due = f", calibration due {_cell(item, 'calibration_due')}" if fields.get("calibration_due") else ""
        state = f", qualification status {_cell(item, 'qualification_status')}" if fields.get("qualification_status") else ""
        yield f"Equipment {_record(item)}: {_cell(item, 'name')}{state}{due}.", ()


def _data(pack: EvidencePack) -> Iterator[Line]:
    """Say how many results of the affected batches lay outside; each of those by itself, the others by the table."""
    if "results.judged" not in pack.facts:
        return
    if _zero(pack, "results.judged"):
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
        specification = next((k for k in _kind(pack, "specification") if k.endswith(f"/{attribute}")), None)
        limits = f" against the limit{_limit_words(pack, specification)}" if specification else ""
        yield (
            f"Batch {_record(f'batch/{batch}')} gave {{fact:{fact.id}}} for {{fact:{attribute}.attribute}}{limits}{_before(pack, f'recent.{attribute}.{batch}')}.",
            (f"record:{specification}",) if specification else (),
        )


def _before(pack: EvidencePack, name: str) -> str:
    """Say where a result lies among those of the batches before it."""
    if f"{name}.away" not in pack.facts:
        return ""
    return f"; {{fact:{name}.n}} batches before it have a mean of {{fact:{name}.mean}}, from which it lies {{fact:{name}.away}} away"


def _history(pack: EvidencePack) -> Iterator[Line]:
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
        yield f"{_record(key)}: {_cell(key, 'title')}.", _told(pack, pack.records[key].identifier, 1)


def _cause(pack: EvidencePack) -> Iterator[Line]:
    key = _subject(pack)
    if key is None:
        return
    fields = pack.records[key].fields
    if fields.get("root_cause"):
        yield f"The source system records as root cause of {_record(key)}: {_cell(key, 'root_cause')}", ()
    if fields.get("cause_status"):
        yield f"The status of the cause is recorded as {_cell(key, 'cause_status')}.", ()
    hits = counted(pack, "history.hits", "earlier deviation", "earlier deviations")
    yield f"The search of the history found {hits} of the same category or equipment, of any product.", ()


RULES: dict[str, Rule] = {
    "executive_summary": lambda p: _event_summary(p) if _subject(p) and "linked.capa" in p.facts else _summary(p),
    "starting_and_packaging_materials": _materials, "critical_process_parameters": attribute_lines, "finished_product_quality": attribute_lines,
    "oos_oot": _oos, "rejected_and_failed_batches": _rejected, "deviations": _deviations, "capa_effectiveness": _capa,
    "changes": _changes, "stability": _stability, "complaints": _complaints, "equipment_and_utilities": _equipment, "models_in_use": models_in_use,
    "event_description": _event, "immediate_actions": _immediate, "process_background": _background, "data_review": _data,
    "history_review": _history, "root_cause": _cause, "impact_assessment": _data,
}  # fmt: skip
