"""The default drafter: composes sentences from the evidence by explicit rules, in references, with no model and no network.

Each rule of a section reads the pack and yields templates; what the pack does not hold is not said. No rule writes a digit, a
date, an identifier or a verdict of its own: verdicts are human-only fields.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from drafting.drafters import cause_lines, event_lines, late_lines, pull_lines, rate_lines, unfit_lines
from drafting.drafters.attribute_lines import attribute_lines
from drafting.drafters.models import models_in_use
from drafting.drafters.wording import Line, absent_said, cell, counted, has, is_zero, of_kind, queried, record, told_of
from drafting.evidence.released import is_without_cause
from drafting.evidence.unsourced import SUFFIX, rests_on, unsourced
from drafting.model import Draft, EvidencePack, Sentence
from drafting.render import REFERENCE, render
from prompts.outline import SectionOutline

VERSION = "6"
MOST_CARRIED = 10
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
        lines = (line for line in rule(pack) if not _rests_on_no_file(line, pack)) if rule else ()
        for template, cites in (*_no_files(pack), *lines) if rule else ():
            sentences.append(render(absent_said(template, pack), pack, cites))
        if not sentences:
            return Draft((), insufficient="No rule of this section found evidence to speak of; a person writes it.")
        return Draft(tuple(sentences))


def _no_files(pack: EvidencePack) -> Iterator[Line]:
    """Say of each kind without a file that nothing is known of it."""
    for kind in unsourced(dict(pack.facts)):
        yield f"{{fact:{kind}{SUFFIX}}}: what there was of them is not known to this report.", ()


def _rests_on_no_file(line: Line, pack: EvidencePack) -> bool:
    """Tell whether a line cites a figure that no section gives, since no file of its records was imported."""
    missing = [ref[1].removeprefix("fact:") for ref in REFERENCE.finditer(line[0]) if ref[1].startswith("fact:")]
    return any(rests_on(k, name) for k in unsourced(dict(pack.facts)) for name in missing if name not in pack.facts)


def _broken_down(
    pack: EvidencePack, kind: str, column: str, lead: str, words: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Line]:
    """Say how the records divide by a category; `words` says what a value such as "no" means."""
    prefix = f"{kind}.{column}."
    parts = [(f[len(prefix) :].replace("_", " "), f) for f in pack.facts if f.startswith(prefix)]
    worded = [(name, fact) for name, fact in parts if not any(c.isdigit() for c in name)]
    if len(worded) == len(parts) and parts and has(pack, f"{kind}.count"):
        said = ", ".join(f"{words.get(name, name)} {{fact:{fact}}}" for name, fact in parts)
        yield f"{lead}: {said}.", ()


def _summary(pack: EvidencePack) -> Iterator[Line]:
    if is_zero(pack, "census.made"):
        yield (
            "The store holds {fact:census.made} batches of product {fact:report.product} from {fact:report.period_from} to {fact:report.period_to}.",
            (),
        )
    elif "census.released" not in pack.facts:
        yield (
            "From {fact:report.period_from} to {fact:report.period_to}, {fact:census.made} batches of product {fact:report.product} were made.",
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
    kinds = (
        ("oos", "OOS record", "OOS records"), ("deviation", "deviation", "deviations"), ("capa", "CAPA", "CAPAs"),
        ("change_control", "change", "changes"), ("complaint", "complaint", "complaints"), ("recall", "recall", "recalls"),
    )  # fmt: skip
    found = [counted(pack, f"{kind}.count", one, many) for kind, one, many in kinds if f"{kind}.count" in pack.facts]
    if found:
        listed = f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else found[0]
        yield f"The query over the period found {listed}.", ()
    yield f"{_recomputed(pack)}.", ()
    yield from unfit_lines.released_outside(pack, named=False)
    if has(pack, "stability.outside"):
        yield from pull_lines.failing(pack, named=False)
    if has(pack, "capa.overdue"):
        late = counted(pack, "capa.overdue", "CAPA was past its due date", "CAPAs were past their due date")
        yield f"At the end of the period {late}.", ()


def _materials(pack: EvidencePack) -> Iterator[Line]:
    yield from queried(
        pack,
        "material_lot",
        "lot of starting material used in the batches of the period",
        "lots of starting material used in the batches of the period",
    )
    yield from _broken_down(pack, "material_lot", "material", "Lots by material", MATERIALS)
    if has(pack, "material_lot.new_source.yes"):
        yield "Lots from a new source: {fact:material_lot.new_source.yes}.", ()
    yield from rate_lines.lots(pack)
    yield from unfit_lines.lots_used(pack)
    yield from attribute_lines(pack)


def _recomputed(pack: EvidencePack) -> str:
    if is_zero(pack, "oos.judged"):
        return "The query found {fact:oos.judged} results to hold against a specification, and so {fact:oos.recomputed} outside it"
    return "Recomputing {fact:oos.judged} results against the specification in force found {fact:oos.recomputed} outside"


def _called(pack: EvidencePack, key: str) -> str:
    """Return the attribute of a record as people call it."""
    named = f"{pack.records[key].fields.get('attribute')}.attribute"
    return f"{{fact:{named}}}" if named in pack.facts else cell(key, "attribute")


def _oos(pack: EvidencePack) -> Iterator[Line]:
    yield from queried(pack, "oos", "OOS record", "OOS records")
    yield from rate_lines.rated(pack, "oos.rate")
    yield from rate_lines.over_time(pack, "oos")
    unrecorded = "" if is_zero(pack, "oos.recomputed") else ", of which {fact:oos.unrecorded} lack an OOS record"
    yield f"{_recomputed(pack)}{unrecorded}.", ()
    yield from unfit_lines.released_outside(pack, named=True)
    yield from pull_lines.failing(pack, named=True)
    for key in of_kind(pack, "oos"):
        fields = pack.records[key].fields
        line = f"{record(key)}: batch {cell(key, 'batch')}, {_called(pack, key)} {cell(key, 'result')}"
        line += f" against {cell(key, 'limit_text')}" if fields.get("limit_text") else ""
        line += f"; assignable cause as recorded: {cell(key, 'assignable_cause')}" if fields.get("assignable_cause") else ""
        line += "; invalidated, and an assignable cause is not on record" if is_without_cause(fields) else ""
        line += f"; outcome as recorded: {cell(key, 'outcome')}" if fields.get("outcome") else ""
        yield line + ".", ()
    yield from queried(pack, "oot", "OOT record", "OOT records")
    for key in of_kind(pack, "oot"):
        fields = pack.records[key].fields
        rule = f" by the rule {cell(key, 'rule')}" if fields.get("rule") else ""
        yield f"{record(key)}: batch {cell(key, 'batch')}, {_called(pack, key)} {cell(key, 'result')}{rule}.", ()


def _rejected(pack: EvidencePack) -> Iterator[Line]:
    were = counted(pack, "rejected.count", "was", "were")
    yield f"Of the batches started in the period, {were} rejected or terminated.", ()
    yield from rate_lines.rated(pack, "rejected.rate")
    for key in of_kind(pack, "batch_disposition"):
        fields = pack.records[key].fields
        reason = f", reason as recorded: {cell(key, 'reason')}" if fields.get("reason") else ""
        day = f" on {cell(key, 'disposition_date')}" if fields.get("disposition_date") else ""
        yield f"Batch {cell(key, 'batch')} was recorded as {cell(key, 'disposition')}{day}{reason}.", ()


def _deviations(pack: EvidencePack) -> Iterator[Line]:
    yield from queried(pack, "deviation", "deviation", "deviations")
    yield from rate_lines.rated(pack, "deviation.rate")
    yield from rate_lines.over_time(pack, "deviation")
    yield from _broken_down(pack, "deviation", "class", "By class as recorded")
    yield from _broken_down(pack, "deviation", "category", "By category as recorded")
    yield "Deviations recorded as a recurrence of an earlier event: {fact:deviation.recurring}.", ()
    earlier = pack.facts["deviation.carried"].inputs["deviations"] if "deviation.carried" in pack.facts else []
    for key in of_kind(pack, "deviation"):
        if key in earlier:
            continue
        fields, told = pack.records[key].fields, told_of(pack, pack.records[key].identifier, 1)
        batch = f" for batch {cell(key, 'batch')}" if fields.get("batch") else ""
        grave = fields.get("class") in ("critical", "major")
        if fields.get("recurring_of"):
            classed = f"was recorded as {cell(key, 'class')}{batch}, and " if grave else ""
            again = f"{classed}is recorded as a recurrence of {cell(key, 'recurring_of')}"
            yield f"{record(key)} ({cell(key, 'title')}) {again}{cause_lines.caused(pack, key)}", told
        elif grave:
            said = f"{record(key)} ({cell(key, 'title')}) was recorded as {cell(key, 'class')}{batch}"
            yield f"{said}{cause_lines.caused(pack, key)}", told
    yield from cause_lines.unlinked(pack)
    yield from cause_lines.recurred(pack)
    yield from cause_lines.came_after(pack)
    yield from rate_lines.closed(pack, "deviation")
    yield from late_lines.deviations(pack)
    yield "Deviations opened by the end of the period and not closed by then: {fact:deviation.open_at_end}.", ()
    if has(pack, "deviation.opened_later"):
        yield "Deviations that happened in the period and were opened only after it: {fact:deviation.opened_later}.", ()
    if earlier:
        named = "; ".join(map(record, earlier[:MOST_CARRIED])) + (
            "; and others as in the table" if len(earlier) > MOST_CARRIED else ""
        )
        lead = "Deviations that happened before the period and were opened or closed in it, counted in the period in which they happened"
        yield f"{lead}: {{fact:deviation.carried}}; {named}.", ()


def _capa(pack: EvidencePack) -> Iterator[Line]:
    yield from queried(pack, "capa", "CAPA that was open in the period", "CAPAs that were open in the period")
    yield "Past their due date at the end of the period: {fact:capa.overdue}.", ()
    ahead = ""
    if has(pack, "capa.without_effectiveness_check") and "capa.check_not_yet_due" in pack.facts:
        ahead = ", of which {fact:capa.check_not_yet_due} were to be checked only after the end of the period"
    yield f"Closed without an effectiveness result on record: {{fact:capa.without_effectiveness_check}}{ahead}.", ()
    yield "Recorded as not effective: {fact:capa.not_effective}.", ()
    yield from cause_lines.ineffective(pack)
    yield from cause_lines.recurred(pack)
    yield from cause_lines.came_after(pack)
    yield from rate_lines.closed(pack, "capa")
    yield from late_lines.capas(pack)
    for table in pack.tables:
        if table.id in ("capa.overdue", "capa.unchecked"):
            say = _late if table.id == "capa.overdue" else _unchecked
            for ref in table.refs:
                key = ref.removeprefix("record:")
                about = f"{record(key)} ({cell(key, 'title')}){cause_lines.for_deviation(pack, key)}"
                yield f"{about}; it {say(pack, key)}.", ()


def _late(pack: EvidencePack, key: str) -> str:
    due = f" (due {cell(key, 'due_on')})" if pack.records[key].fields.get("due_on") else ""
    return f"is past its due date{due}"


def _unchecked(pack: EvidencePack, key: str) -> str:
    """Say by when the effect was to be checked, and whether that day had come."""
    day, end = pack.records[key].fields.get("effectiveness_due_on"), pack.facts.get("report.period_to")
    ahead = ", after the end of the period" if day and end and day > end.exact else ""
    due = f" (check of the effect due {cell(key, 'effectiveness_due_on')}{ahead})" if day else ""
    return f"was closed without an effectiveness result{due}"


def _changes(pack: EvidencePack) -> Iterator[Line]:
    yield from queried(pack, "change_control", "change", "changes")
    for key in of_kind(pack, "change_control"):
        fields = pack.records[key].fields
        when = f", effective {cell(key, 'effective_on')}" if fields.get("effective_on") else ""
        first = f", first batch {cell(key, 'first_batch')}" if fields.get("first_batch") else ""
        state = f", status as recorded: {cell(key, 'status')}" if fields.get("status") not in (None, "", "closed") else ""
        yield f"{record(key)}: {cell(key, 'title')}{when}{first}{state}.", ()
    yield from rate_lines.effects(pack)


def _stability(pack: EvidencePack) -> Iterator[Line]:
    yield from queried(pack, "stability_result", "entry of stability studies", "entries of stability studies")
    parts = [fact for fact in pack.facts if fact.startswith("stability_result.status.")]
    if parts and has(pack, "stability_result.count"):
        yield f"Their status as recorded; {'; '.join(map(_state, parts))}.", ()
    yield from rate_lines.stability(pack)


def _state(fact: str) -> str:
    """Say how many entries have a status; a pull that was missed gave no result."""
    status = fact.removeprefix("stability_result.status.").replace("_", " ")
    if "missed" in status:
        return f"without a result, as the pull was missed: {{fact:{fact}}}"
    return f"{status}: {{fact:{fact}}}"


def _complaints(pack: EvidencePack) -> Iterator[Line]:
    yield from queried(pack, "complaint", "complaint", "complaints")
    yield from rate_lines.rated(pack, "complaint.per_million", "for {fact:distribution.units} distributed")
    yield from rate_lines.over_time(pack, "complaint")
    yield from _broken_down(pack, "complaint", "category", "By category as recorded")
    yield from _broken_down(pack, "complaint", "confirmed", "As recorded", CONFIRMED)
    yield from rate_lines.closed(pack, "complaint")
    yield from late_lines.same_defect(pack)


def _equipment(pack: EvidencePack) -> Iterator[Line]:
    yield from queried(pack, "equipment", "item of equipment on the register", "items of equipment on the register")
    yield from _broken_down(pack, "equipment", "qualification_status", "By qualification status as recorded")
    yield from rate_lines.overdue(pack, "equipment")
    yield from queried(pack, "utility", "utility summary", "utility summaries")
    if "excursions.alert" in pack.facts:
        yield (
            "The summaries record {fact:excursions.alert} excursions beyond an alert level and {fact:excursions.action} beyond an action level.",
            (),
        )


RULES: dict[str, Rule] = {
    "executive_summary": lambda p: event_lines.event_summary(p) if event_lines.subject(p) and "linked.capa" in p.facts else _summary(p),
    "starting_and_packaging_materials": _materials, "critical_process_parameters": attribute_lines, "finished_product_quality": attribute_lines,
    "oos_oot": _oos, "rejected_and_failed_batches": _rejected, "deviations": _deviations, "capa_effectiveness": _capa,
    "changes": _changes, "stability": _stability, "complaints": _complaints, "equipment_and_utilities": _equipment, "models_in_use": models_in_use,
    "event_description": event_lines.event, "immediate_actions": event_lines.immediate, "process_background": event_lines.background, "data_review": event_lines.data,
    "history_review": event_lines.history, "root_cause": event_lines.cause, "impact_assessment": event_lines.impact,
}  # fmt: skip
