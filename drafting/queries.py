"""Put together what screens and documents show: frozen pictures, read in one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from audit import trail
from audit.chain import Entry
from audit.errors import NotFound
from audit.identity import Account
from corpus import extracts
from drafting import demands, lifecycle, previous, staleness, tables
from drafting.accounts import is_demo
from drafting.added_views import added_views
from drafting.beside import contradicted, said
from drafting.checks import engine
from drafting.checks.reuse import Before
from drafting.context import Context
from drafting.evidence_first.askings import Asking, Key, standing, unstated
from drafting.evidence_first.figures import Figure
from drafting.evidence_first.picture import FIRST, before_draft
from drafting.lifecycle import Capacity
from drafting.model import EvidencePack, Finding, Origin, Severity
from drafting.panel import citation, evidence_of
from drafting.present import with_present_scope
from drafting.readmodel import (
    Amendment,
    Decided,
    EvidenceView,
    FieldView,
    Missing,
    ReportView,
    SectionSummary,
    SectionView,
    SentenceView,
    SignatureLine,
)
from drafting.report_rows import DecisionRow, ReportRow, SectionRow, SentenceRow
from drafting.scorecard import scorecard
from drafting.store import load_evidence, load_pack, load_report, pack_holding, report_of_section, with_added
from prompts.outline import Outline, SectionOutline


@dataclass(frozen=True)
class Loaded:
    """A report at one moment: rows, evidence, why sections are stale, and what the checks found."""

    report: ReportRow
    outline: Outline
    packs: Mapping[str, EvidencePack]
    stale: Mapping[str, str]
    findings: Mapping[str, tuple[Finding, ...]]
    demo: bool = False
    before: Before | None = None  # what the report is held against, where a previous one is known
    whole: EvidencePack | None = None  # the evidence of all its sections
    askings: Mapping[Key, Asking] = field(default_factory=dict)  # figures asked of reviewers before the draft

    def outline_of(self, section: SectionRow) -> SectionOutline:
        """Return the outline of a section."""
        return self.outline.section(section.key)

    def evidence(self, section: SectionRow) -> tuple[EvidencePack, EvidencePack | None]:
        """Return what a finding on a section may name: its own evidence, and that of the whole report."""
        return self.packs[section.id], self.whole

    def asked(self, section_id: str, account_id: str) -> tuple[Figure, ...]:
        """Return the figures of a section that a person has yet to state: until then its text is held back from them."""
        asking = self.askings.get((section_id, account_id))
        return unstated(asking, self.report, self.packs[section_id]) if asking else ()

    def held_back(self, section: SectionRow, capacity: Capacity | None, account_id: str) -> bool:
        """Tell whether a section's text is held back from a person: an own view, or key figures, come first."""
        asked = capacity is Capacity.REVIEWER and self.asked(section.id, account_id)
        return bool(asked) or lifecycle.own_view_missing(section, self.outline_of(section), capacity, account_id)


def load(conn: Connection, ctx: Context, report_id: str, *, only: str = "") -> Loaded:
    """Load a report with the evidence of all its sections, or of the one section `only`."""
    report = load_report(conn, report_id)
    outline = ctx.outline_of(report.kind, report.outline)
    report = with_present_scope(conn, report, outline)
    chosen = [s for s in report.sections if not only or s.id == only]
    drafted_on = {s.id: load_pack(conn, s) for s in chosen}
    packs = {s.id: with_added(conn, drafted_on[s.id], s.added) for s in chosen}
    before = previous.before(conn, report) if chosen else None
    whole = previous.whole(conn, report) if chosen else None
    return Loaded(
        report=report,
        outline=outline,
        packs=packs,
        stale=staleness.reasons(conn, report, outline, drafted_on),
        findings={s.id: findings_of(s, packs[s.id], outline.section(s.key), report, before, whole=whole) for s in chosen},
        demo=is_demo(conn),
        before=before,
        whole=whole,
        askings=standing(conn, report_id),
    )


def findings_of(
    section: SectionRow,
    pack: EvidencePack,
    outline: SectionOutline,
    report: ReportRow,
    before: Before | None = None,
    *,
    rows: Sequence[SentenceRow] | None = None,
    fields: Mapping[str, str] | None = None,
    whole: EvidencePack | None = None,
) -> tuple[Finding, ...]:
    """Run the checks on a section as it now reads, or as it would with other `rows`, or with `fields` filled otherwise."""
    says = lifecycle.current(section) if rows is None else rows
    listed = [(s.id, s.sentence, Origin(s.origin)) for s in says]
    filled = {f.key: f.value for f in section.fields} | dict(fields or {})
    found = engine.check_section(listed, pack, outline, report.ledger, fields=filled, before=before, whole=whole)
    return contradicted(found, says, pack)


def missing_of(loaded: Loaded, section: SectionRow, capacity: Capacity, account_id: str) -> tuple[Missing, ...]:
    """Return what keeps a person from signing a section in a capacity."""
    if capacity is Capacity.REVIEWER and loaded.asked(section.id, account_id):
        return (FIRST,)
    return demands.signable(
        section,
        loaded.packs[section.id],
        loaded.outline_of(section),
        capacity,
        account_id=account_id,
        findings=loaded.findings[section.id],
        stale=loaded.stale[section.id],
        submitted="submitted" in loaded.report.events,
        unaccounted={line.kind: len(line.unaccounted) for line in loaded.report.ledger if line.unaccounted},
    )


def report_view(ctx: Context, report_id: str) -> ReportView:
    """Return a report with its sections, ledger and scorecard."""
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_id)
        return replace(report_picture(loaded), relative_to=relative_to(conn, loaded.report))


def relative_to(conn: Connection, report: ReportRow) -> dict[str, str]:
    """Return for each record kind of a report's ledger what its completeness is relative to."""
    found = extracts.statements(conn, [line.kind for line in report.ledger])
    return {kind: statement.text for kind, statement in found.items()}


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
        needs_own_view=outline.own_view and capacity in (Capacity.AUTHOR, Capacity.REVIEWER),
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


def evidence_view(ctx: Context, section_id: str, ref: str) -> EvidenceView:
    """Return the evidence behind a reference of a section; nothing is recorded."""
    with ctx.database.read() as conn:
        return evidence_at(conn, section_id, ref)


def evidence_at(conn: Connection, section_id: str, ref: str) -> EvidenceView:
    """Return the evidence behind a reference of a section, on an open connection."""
    report = load_report(conn, report_of_section(conn, section_id))
    return evidence_of(conn, pack_holding(conn, report, load_evidence(conn, report.section(section_id)), ref), ref)


def history(ctx: Context, section_id: str) -> list[Entry]:
    """Return the trail of a section, oldest first."""
    with ctx.database.read() as conn:
        return trail.entries(conn, object_kind="section", object_id=section_id)


def section_id_of(conn: Connection, report_id: str, key: str) -> str:
    """Return the id of a report's section; raise NotFound."""
    where = (tables.sections.c.report_id == report_id, tables.sections.c.key == key)
    found = conn.scalar(select(tables.sections.c.id).where(*where))
    if found is None:
        raise NotFound(f"This report has no section {key}.", remedy="Choose one from its list of sections.")
    return str(found)
