"""What became of the recommendations of the previous report: a record says it, this report's text names it, or it is told. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from drafting.checks.carried_claims import is_closed
from drafting.checks.reuse import Before, Recommended
from drafting.model import Evidence, Finding, Severity

RULE = "carry-over"
UNSTATED = "a report that its record does not name"
KINDS = ("previous_action", "capa", "change_control")
_LIKE, _NAMED = 88.0, 92.0  # of 100: an action told in nearly the same words


@dataclass(frozen=True)
class Followed:
    """A recommendation of the previous report and what became of it; `ref` names the record that says so."""

    recommended: Recommended
    state: str
    ref: str = ""
    named: bool = False  # in a sentence of this report
    listed: bool = False  # in a table of it
    overdue: bool = False


def followed(before: Before) -> tuple[Followed, ...]:
    """Return what became of each recommendation of the previous report."""
    found = tuple(_follow(one, before) for one in before.previous.recommended)
    told = {one.ref for one in found}
    others = [r for r in before.evidence.records.values() if r.kind == KINDS[0] and r.ref not in told]
    return (*found, *(_follow(_of(record), before) for record in others))


def _of(record: Evidence) -> Recommended:
    """Return an action on record as the recommendation that it is."""
    fields = record.fields
    return Recommended(
        fields.get("action") or "", record.place(), record.identifier, fields.get("due_on") or "",
        fields.get("report_number") or UNSTATED,
    )  # fmt: skip


def _follow(one: Recommended, before: Before) -> Followed:
    from rapidfuzz import fuzz  # noqa: PLC0415 - only where there is a previous report

    record = _recorded(one, before.evidence.records)
    low = before.text.lower()
    named = bool(one.identifier and one.identifier in before.text) or fuzz.partial_ratio(one.text.lower(), low) >= _NAMED
    if record is None:
        return Followed(one, "named in the text" if named else "not addressed", named=named)
    status = record.fields.get("status") or "on record"
    due = record.fields.get("due_on") or one.due_on
    named = named or record.identifier in before.text
    overdue = bool(due and before.end and due <= before.end) and not is_closed(status)
    return Followed(one, status, record.ref, named, record.ref in before.listed, overdue)


def _recorded(one: Recommended, records: Mapping[str, Evidence]) -> Evidence | None:
    """Return the record of a recommendation: by its identifier, else by nearly the same words."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - as above

    of_kind = [r for kind in KINDS for r in records.values() if r.kind == kind]
    own = next((r for r in of_kind if one.identifier and r.identifier == one.identifier), None)
    if own is not None or not of_kind:
        return own
    said = [(r.fields.get("action") or r.fields.get("title") or "").lower() for r in of_kind]
    found = process.extractOne(one.text.lower(), said, scorer=fuzz.ratio, score_cutoff=_LIKE)
    return of_kind[found[2]] if found else None


def unaddressed(before: Before) -> Iterator[Finding]:
    """Yield a finding for each recommendation that this report leaves unsaid: one without a record, or one past its due date."""
    for one in followed(before):
        name = one.recommended.identifier or f"“{one.recommended.text}”"
        whose = one.recommended.report or before.previous.number
        if one.state == "not addressed":
            message = (
                f"{name} of {whose} ({one.recommended.place}) is neither on record as an action nor named in this report."
            )
            yield Finding(RULE, Severity.BLOCKS, message, quote=one.recommended.text)
        elif one.overdue and not one.named:
            silent = "a table of this report lists it and no sentence speaks" if one.listed else "this report does not speak"
            message = f"{name} of {whose} is past its due date ({one.state}), and {silent} of it."
            yield Finding(RULE, Severity.WARNS, message, quote=one.recommended.text, evidence=one.ref)
