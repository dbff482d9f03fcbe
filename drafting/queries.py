"""Load a report at one moment, with its evidence and what the checks found, and look up what belongs to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from audit import trail
from audit.chain import Entry
from audit.errors import NotFound
from corpus import extracts
from drafting import demands, lifecycle, previous, staleness, tables
from drafting.accounts import is_demo
from drafting.beside import contradicted
from drafting.checks import engine
from drafting.checks.reuse import Before
from drafting.context import Context
from drafting.evidence_first.askings import Asking, Key, standing, unstated
from drafting.evidence_first.figures import Figure
from drafting.evidence_first.picture import FIRST
from drafting.lifecycle import Capacity
from drafting.model import EvidencePack, Finding, Origin
from drafting.panel import evidence_of
from drafting.present import with_present_scope
from drafting.readmodel import (
    EvidenceView,
    Missing,
)
from drafting.report_rows import ReportRow, SectionRow, SentenceRow
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


def relative_to(conn: Connection, report: ReportRow) -> dict[str, str]:
    """Return for each record kind of a report's ledger what its completeness is relative to."""
    found = extracts.statements(conn, [line.kind for line in report.ledger])
    return {kind: statement.text for kind, statement in found.items()}


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
