"""Rules of an investigation: history searched, causes supported, people not blamed alone, actions that can be checked; results and lots of a review. Pure."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from drafting.checks.atoms import Kind
from drafting.checks.findings import Shown, covered, of_section
from drafting.checks.qualified import is_denied
from drafting.checks.quantities import quantities
from drafting.drafters.unfit_lines import MOST_LOTS, MOST_NAMED
from drafting.drafters.wording import numbered
from drafting.evidence.released import is_without_cause
from drafting.model import EvidencePack, Finding, Origin, Severity

_CAUSE = re.compile(
    r"\b(?:root )?causes? (?:was|is|were|are|has been|lies|lay)\b|\b(?:was|were|is) (?:caused|triggered) by\b|\battribut(?:ed|able) to\b|\bdue to\b|\bbecause of\b|\bresulted from\b|\btraced (?:back )?to\b",
    re.IGNORECASE,
)
_HYPOTHESIS = re.compile(r"\bhypothes[ie]s\b|\bpossibl[ey]\b|\bprobabl[ey]\b|\bmay\b|\bmight\b|\bcould\b|\bsuspected\b|\bassumed\b|\bunder examination\b|\bnot (?:yet )?(?:confirmed|determined|known)\b|\blikely\b", re.IGNORECASE)  # fmt: skip
_RECORDED = re.compile(r"\brecord(?:s|ed)\b|\bstates?\b|\bas reported\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:human|operator|analyst|personnel|operator's)(?:'s)? (?:errors?|mistakes?|failures?)\b|\bcareless\w*|\binattenti\w+|\black of (?:attention|care)\b|\bforgot\b", re.IGNORECASE)  # fmt: skip
_TRAINING = re.compile(r"\bre-?train\w*|\btraining\b|\btrained\b|\breminde[dr]\w*|\bcoach\w*|\bawareness\b", re.IGNORECASE)
_SYSTEM = re.compile(
    r"\brevis\w+|\bredesign\w*|\bmodif\w+|\binstall\w*|\breplac\w+|\binterlock\w*|\balarm\w*|\bautomat\w+|\bupdat\w+|\bchang\w+|\bmaint\w+|\bcalibrat\w+|\bquali(?:fy|fication)\w*|\bsecond person\b|\bchecklist\b|\bsupplier\w*|\bprocedure\b|\bSOP\b|\bprocess\b|\bequipment\b|\bengineer\w*|\bspecif\w+|\brepair\w*|\binspect\w+|\bno (?:CAPA|action)\b|\bnone\b",
    re.IGNORECASE,
)
LONGEST_GAP = timedelta(hours=72)  # without an entry in an event log; longer is told


def check(shown: Shown) -> Iterator[Finding]:
    """Yield the findings of the rules of a section; other sections have none."""
    yield from _causes(shown)
    rule = _RULES.get(shown.outline.key)
    if rule:
        yield from rule(shown)


def _causes(shown: Shown) -> Iterator[Finding]:
    """Hold a sentence that states a cause to its evidence: it cites some, quotes a record, or is labelled a hypothesis."""
    if shown.outline.key not in (
        "root_cause",
        "executive_summary",
        "impact_assessment",
        "event_description",
        "history_review",
    ):
        return
    for sentence_id, sentence, origin in shown.sentences:
        for match in _CAUSE.finditer(sentence.text):
            if covered(sentence, match.start(), match.end()) or is_denied(sentence.text, match.start()):
                continue
            if (
                _HYPOTHESIS.search(sentence.text)
                or _RECORDED.search(sentence.text)
                or (origin is Origin.PERSON and sentence.cites)
            ):
                continue
            message = "A cause is stated; it cites no evidence of its own and is not labelled a hypothesis."
            if origin is Origin.MACHINE:
                message = (
                    "A cause is stated by the machine; the cause is concluded by a person, a hypothesis is labelled as one."
                )
            yield Finding(
                "investigation", Severity.BLOCKS, message, match.start(), match.end(), match[0], sentence=sentence_id
            )  # fmt: skip
            break


def _history(shown: Shown) -> Iterator[Finding]:
    hits = shown.pack.facts.get("history.hits")
    if hits is None and shown.sentences:
        yield of_section("investigation", "No search of the history stands behind this section.", warns=True)
    elif hits is not None and shown.sentences and "fact:history.hits" not in shown.refs:
        message = f"The search of the history found {hits.printed}; the section does not say how many."
        yield of_section("investigation", message, evidence="fact:history.hits")


def _cause_fields(shown: Shown) -> Iterator[Finding]:
    """Ask of "human error" why the process and the system were excluded."""
    said = " ".join(shown.fields.get(key, "") for key in ("root_cause",))
    blamed = _PERSON.search(said)
    if blamed and not shown.fields.get("human_error_justification", "").strip():
        message = f"The root cause is '{blamed[0]}' alone: say why causes in process, procedure and system were excluded."
        yield of_section("investigation", message)


def _actions(shown: Shown) -> Iterator[Finding]:
    """Tell a plan that only trains, and one without a due date."""
    plan = shown.fields.get("capa_plan", "")
    if _TRAINING.search(plan) and not _SYSTEM.search(_TRAINING.sub("", plan)):
        yield of_section(
            "investigation",
            "The plan only trains or reminds people: name an action on process, procedure or system, or say why none.",
        )
    if plan and not _SYSTEM.search(plan) and not _TRAINING.search(plan):
        yield of_section("investigation", "The plan names no action that can be told from its words.", warns=True)
    linked = [r for r in shown.pack.records.values() if r.kind == "capa"]
    for record in linked:
        if not record.fields.get("effectiveness_check") and not record.fields.get("effectiveness_result"):
            message = f"{record.identifier} has no check of effectiveness on record."
            yield of_section("investigation", message, evidence=record.ref, warns=True)


def _effectiveness(shown: Shown) -> Iterator[Finding]:
    """Tell a plan that cannot be measured or has no date."""
    plan = shown.fields.get("effectiveness_plan", "")
    kinds = {q.kind for q in quantities(plan)}
    if plan and not kinds & {Kind.NUMBER, Kind.WORD, Kind.RANGE, Kind.FRACTION}:
        yield of_section("investigation", "The check of effectiveness names no figure that can be measured.", warns=True)
    if (
        plan
        and Kind.DATE not in kinds
        and not any(q.unit and q.unit.dimension in ((("s", 1),), (("mo", 1),)) for q in quantities(plan))
    ):
        yield of_section("investigation", "The check of effectiveness has no date or window.", warns=True)


def _extent(shown: Shown) -> Iterator[Finding]:
    """Ask for a decision on each candidate batch."""
    decided = shown.fields.get("extent_decision", "")
    table = next((t for t in shown.pack.tables if t.id == "sharing"), None)
    if not decided or table is None or re.search(r"\b(?:all|each|every|none|no other|any)\b", decided, re.IGNORECASE):
        return
    left = [row[0] for row in table.rows if not re.search(rf"(?<!\w){re.escape(row[0])}(?!\w)", decided)]
    if left:
        message = f"No decision on {len(left)} of {len(table.rows)} candidate batches: {', '.join(left[:10])}."
        yield of_section("investigation", message, evidence=f"record:batch/{left[0]}", warns=True)


def _timeline(shown: Shown) -> Iterator[Finding]:
    """Tell gaps in the timeline; reversals are told with the record's dates."""
    found = sorted((at, key) for key, moment in _moments(shown.pack) for at in [moment])
    for (early, _), (late, key) in pairwise(found):
        if late - early > LONGEST_GAP:
            message = f"Nothing is on record between {early:%Y-%m-%d %H:%M} and {late:%Y-%m-%d %H:%M}."
            yield of_section("investigation", message, evidence=f"record:{key}", warns=True)


def _moments(pack: EvidencePack) -> Iterator[tuple[str, datetime]]:
    for key, record in pack.records.items():
        if record.kind == "event_log":
            try:
                yield key, datetime.fromisoformat(record.fields.get("at") or "").replace(tzinfo=None)
            except ValueError:
                continue


def _invalidated(shown: Shown) -> Iterator[Finding]:
    """Tell a result that was invalidated without a cause, and a batch that was released with one outside."""
    for record in shown.pack.records.values():
        if record.kind == "oos" and is_without_cause(record.fields):
            message = f"{record.identifier} was invalidated, and no assignable cause is on record."
            yield of_section(
                "investigation", message, evidence=f"cell:{record.kind}/{record.identifier}#assignable_cause", warns=True
            )
    for name in numbered(shown.pack, "oos.released")[:MOST_LOTS]:
        result = shown.pack.facts[f"{name}.result"]
        label = shown.pack.facts[f"{result.inputs['attribute']}.attribute"].printed
        message = f"Batch {result.inputs['batch']} was released with {label} {result.printed}, outside its specification."
        yield of_section("investigation", message, evidence=f"fact:{result.id}", warns=True)


def _lots(shown: Shown) -> Iterator[Finding]:
    """Tell a lot that went into batches though it was rejected or its supplier is not approved."""
    for name in numbered(shown.pack, "lots.used")[:MOST_LOTS]:
        held = shown.pack.facts[f"{name}.batches"].inputs
        lot, batches = shown.pack.records[str(held["lot"])], list(held["batches"])
        why = [f"disposition {lot.fields.get('disposition') or 'not recorded'}"]
        why += [f"supplier {lot.fields['supplier_status']}"] if lot.fields.get("supplier_status") else []
        more = f" and {len(batches) - MOST_NAMED} more" if len(batches) > MOST_NAMED else ""
        message = f"Lot {lot.identifier} ({', '.join(why)}) went into batch {', '.join(batches[:MOST_NAMED])}{more}."
        yield of_section("investigation", message, evidence=lot.ref, warns=True)


_RULES: dict[str, Callable[[Shown], Iterator[Finding]]] = {
    "history_review": _history, "root_cause": _cause_fields, "capa": _actions, "effectiveness_check": _effectiveness,
    "extent_of_condition": _extent, "timeline": _timeline,
    "oos_oot": _invalidated, "starting_and_packaging_materials": _lots,
}  # fmt: skip
