"""Put together what screens and documents show of a loaded report: frozen pictures of the report, its sections and sentences. Pure."""

from collections.abc import Sequence

from audit.identity import Account
from drafting import demands, lifecycle
from drafting.added_views import added_views
from drafting.beside import said
from drafting.evidence_first.picture import before_draft
from drafting.lifecycle import Capacity
from drafting.model import EvidencePack, Finding, Severity
from drafting.panel import citation
from drafting.queries import Loaded, missing_of
from drafting.readmodel import (
    Amendment,
    Decided,
    FieldView,
    ReportView,
    SectionSummary,
    SectionView,
    SentenceView,
    SignatureLine,
)
from drafting.report_rows import DecisionRow, ReportRow, SectionRow, SentenceRow
from drafting.scorecard import scorecard
from prompts.outline import SectionOutline


def report_picture(loaded: Loaded) -> ReportView:
    """Return the picture of a loaded report. Pure."""
    report, body = loaded.report, loaded.report.body
    return ReportView(
        id=report.id,
        number=report.number,
        kind=report.kind,
        title=body["title"],
        product=report.product,
        product_name=body.get("product_name", ""),
        strength=report.strength,
        subject=report.subject,
        period_from=report.period_from,
        period_to=report.period_to,
        state=lifecycle.report_state(report),
        version=str(len(report.versions)),
        amendments=_amendments(report),
        data_lock=report.data_lock,
        created_at=body.get("created_at", ""),
        created_by=body.get("created_by_name", ""),
        drafter=body.get("drafter", ""),
        fingerprint=body.get("fingerprint", ""),
        demo=loaded.demo,
        synthetic=any(e.synthetic for pack in loaded.packs.values() for e in pack.records.values()),
        sections=tuple(_summary(loaded, section) for section in report.sections),
        ledger=report.ledger,
        scorecard=scorecard(loaded.packs.values()),
    )


def _amendments(report: ReportRow) -> tuple[Amendment, ...]:
    """Return what each version after the first was opened for, and the sections that were approved anew in it."""
    found = []
    for number, events in enumerate(report.versions[1:], start=2):
        opened = events[0]
        later = report.versions[number][0].at if number < len(report.versions) else ""
        changed = [s.key for s in report.sections if _changed(s, opened.at, later)]
        found.append(Amendment(number, opened.at, opened.user_id, opened.reason, tuple(changed)))
    return tuple(found)


def _changed(section: SectionRow, opened: str, later: str) -> bool:
    """Tell whether a section was approved anew from one time to another, or is to be, where the version is the present one."""
    approved = [s.at for s in section.signatures if s.meaning == lifecycle.MEANING_OF[Capacity.APPROVER]]
    anew = any(at >= opened and (not later or at < later) for at in approved)
    return anew or (not later and lifecycle.state(section) != "approved")


def _summary(loaded: Loaded, section: SectionRow) -> SectionSummary:
    outline = loaded.outline_of(section)
    said = [s for s in section.sentences if not lifecycle.is_withdrawn(section, s)]
    reading = lifecycle.current(section)
    pack, findings = loaded.packs.get(section.id), loaded.findings.get(section.id, ())
    decided = len(said) - len(reading)
    if pack is not None:
        decided += sum(1 for s in reading if _standing(section, s, Capacity.AUTHOR, pack))
    return SectionSummary(
        id=section.id,
        key=section.key,
        number=outline.number,
        title=outline.title,
        by=outline.by,
        tier=str(outline.tier),
        state=lifecycle.state(section),
        stale=loaded.stale.get(section.id, ""),
        returned=lifecycle.returned(section),
        sentences=len(said),
        decided=decided,
        blocking=sum(1 for f in findings if f.severity is Severity.BLOCKS),
        warnings=sum(1 for f in findings if f.severity is Severity.WARNS),
        signatures=tuple(
            SignatureLine(
                s.id, s.meaning, s.manifestation, s.printed_name, s.user_id, s.role, s.at, s.zone,
                lifecycle.is_valid(section, s), lifecycle.since(section, s),
            )
            for s in section.signatures
        ),
        outcome=section.outcome,
        clauses=outline.clauses,
    )  # fmt: skip


def section_picture(loaded: Loaded, section_id: str, account: Account | None, *, view_id: str = "") -> SectionView:
    """Return the picture of a section of a loaded report. Pure."""
    section = loaded.report.section(section_id)
    pack, outline = loaded.packs[section_id], loaded.outline_of(section)
    capacity = lifecycle.capacity_of(section, account)
    account_id = account.id if account else ""
    hidden = loaded.held_back(section, capacity, account_id)
    asking = loaded.askings.get((section_id, account_id))
    findings = loaded.findings[section_id]
    view = SectionView(
        summary=_summary(loaded, section),
        report=report_picture(loaded),
        view_id=view_id,
        canonical_hash=lifecycle.canonical_hash(section),
        capacity=str(capacity or ""),
        hidden=hidden,
        sentences=() if hidden else _cards(loaded, section, findings, capacity, account_id),
        fields=_fields(section, outline),
        tables=pack.tables,
        table_decisions=_table_decisions(section, pack),
        charts=pack.charts,
        notes=pack.notes,
        missing=missing_of(loaded, section, capacity, account_id) if capacity else (),
        own_view=next((v.text for v in section.own_views if v.account_id == account_id), ""),
        added=added_views(section, pack),
        findings=(whole := () if hidden else tuple(f for f in findings if not f.sentence)),
        said=said(whole, *loaded.evidence(section)),
        origin={
            "generation": section.generation_id,
            "drafter": section.drafter,
            "at": section.generated_at,
            "fingerprint": section.fingerprint,
            "detail": section.detail,
        },
        stated=asking.stated if asking else (),
    )
    figures = loaded.asked(section_id, account_id) if capacity is Capacity.REVIEWER else ()
    return before_draft(view, figures) if figures else view


def _cards(
    loaded: Loaded, section: SectionRow, findings: Sequence[Finding], capacity: Capacity | None, account_id: str
) -> tuple[SentenceView, ...]:
    return tuple(
        _card(loaded, section, s, tuple(f for f in findings if f.sentence == s.id), capacity, account_id)
        for s in section.sentences
        if not lifecycle.is_withdrawn(section, s)
    )


def _card(
    loaded: Loaded,
    section: SectionRow,
    row: SentenceRow,
    findings: tuple[Finding, ...],
    capacity: Capacity | None,
    account_id: str,
) -> SentenceView:
    pack = loaded.packs[section.id]
    author = _standing(section, row, Capacity.AUTHOR, pack)
    reviewer = _standing(section, row, Capacity.REVIEWER, pack)
    answer = lifecycle.answer_to(section, reviewer.id) if reviewer else None
    named = (*(s.ref for s in row.sentence.spans), *row.sentence.cites)
    cited = dict.fromkeys(ref for ref in named if not ref.endswith(".attribute"))  # a name needs no source of its own
    seen = demands.opened(section, account_id, capacity, row.id) if capacity else frozenset()
    return SentenceView(
        id=row.id,
        version=row.version,
        hash=row.hash,
        text=row.sentence.text,
        spans=row.sentence.spans,
        citations=tuple(citation(ref, pack) for ref in cited),
        origin=row.origin,
        state=_card_state(author, reviewer),
        blocked=any(f.severity is Severity.BLOCKS for f in findings),
        findings=findings,
        author=_decided(author),
        reviewer=_decided(reviewer),
        answer=answer.reason if answer else "",
        waits_for_author=lifecycle.open_question(section, row, pack) is not None,
        drafted_text=row.drafted.sentence.text if row.drafted else "",
        evidence_opened=bool(seen & set(cited)),
        said=said(findings, *loaded.evidence(section)),
    )


AUTHOR_STATES = {"accept": "accepted", "edit": "edited", "reject": "rejected", "add": "added"}
REVIEWER_STATES = {"confirm": "confirmed", "question": "questioned", "propose": "proposed"}


def _card_state(author: DecisionRow | None, reviewer: DecisionRow | None) -> str:
    if author is not None and author.decision == "reject":
        return "rejected"
    if reviewer is not None:
        return REVIEWER_STATES[reviewer.decision]
    return AUTHOR_STATES[author.decision] if author is not None else "open"


def _standing(section: SectionRow, row: SentenceRow, capacity: Capacity, pack: EvidencePack) -> DecisionRow | None:
    return lifecycle.standing(section, row.id, capacity, lifecycle.decided_hash(row.sentence, pack))


def _decided(row: DecisionRow | None) -> Decided | None:
    if row is None:
        return None
    return Decided(row.id, row.decision, row.capacity, row.user_id, row.at, row.category, row.reason, row.proposal)


def _fields(section: SectionRow, outline: SectionOutline) -> tuple[FieldView, ...]:
    filled = {f.key: f for f in section.fields}
    found = []
    for one in outline.fields:
        row = filled.get(one.key)
        found.append(FieldView(one, row.value, row.version, row.user_id, row.at) if row else FieldView(one, "", 0))
    return tuple(found)


def _table_decisions(section: SectionRow, pack: EvidencePack) -> dict[str, Decided]:
    found = {}
    for table in pack.tables:
        for capacity in (Capacity.AUTHOR, Capacity.REVIEWER):
            row = lifecycle.standing(section, f"table:{table.id}", capacity, lifecycle.table_hash(table))
            made = _decided(row)
            if made is not None:
                found[f"{capacity}:{table.id}"] = made
    return found
