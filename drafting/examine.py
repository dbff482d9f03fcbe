"""Run every check on a report as it stands now, or on a text that was not written here, and leave an entry."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from drafting import tables
from drafting.checks import engine
from drafting.context import Context
from drafting.evidence.pack import ledger_of, pack_of
from drafting.evidence.scope import ReportScope, load
from drafting.generate import packs_of, report_named
from drafting.model import Finding, LedgerLine, Origin, Sentence


@dataclass(frozen=True)
class Examined:
    """What the checks found, and how many quantities, dates and identifiers are tied to evidence."""

    findings: tuple[Finding, ...]
    numbers_found: int
    numbers_resolved: int


def scope_of(conn: Connection, report_id: str) -> ReportScope:
    """Return what a stored report is about, with what was excluded from it."""
    row = conn.execute(select(tables.reports).where(tables.reports.c.id == report_id)).one()
    newest: dict[str, bool] = {}
    listed = (
        select(tables.exclusions).where(tables.exclusions.c.report_id == report_id).order_by(tables.exclusions.c.version)
    )
    for exclusion in conn.execute(listed):
        newest[exclusion.record] = exclusion.excluded
    excluded = frozenset(record for record, out in newest.items() if out)
    return ReportScope(report_id, row.kind, row.product, row.period_from, row.period_to, row.strength, row.subject, excluded)


def ledger_now(conn: Connection, ctx: Context, report_id: str) -> tuple[LedgerLine, ...]:
    """Return the completeness ledger of a report against the store as it is now."""
    scope = scope_of(conn, report_id)
    loaded = load(conn, scope)
    outline = ctx.outlines[scope.kind]
    return ledger_of(loaded, outline, [pack_of(loaded, s) for s in outline.sections])


def current_sentences(conn: Connection, section_id: str) -> list[tuple[str, Sentence, Origin]]:
    """Return the newest version of every sentence of a section that was not rejected, in order."""
    found = []
    for row in conn.execute(
        select(tables.sentences).where(tables.sentences.c.section_id == section_id).order_by(tables.sentences.c.position)
    ):
        if _rejected(conn, row.id):
            continue
        newest = conn.execute(
            select(tables.sentence_versions.c.body)
            .where(tables.sentence_versions.c.sentence_id == row.id)
            .order_by(tables.sentence_versions.c.version.desc())
            .limit(1)
        ).scalar_one()
        found.append((row.id, Sentence.of(json.loads(newest)), Origin(row.origin)))
    return found


def _rejected(conn: Connection, sentence_id: str) -> bool:
    table = tables.decisions.c
    undone = select(table.undoes).where(table.decision == "undo")
    last = conn.execute(
        select(table.decision)
        .where(
            table.subject == sentence_id, table.capacity == "author", table.decision.in_(("accept", "edit", "reject", "add"))
        )
        .where(table.id.not_in(undone))
        .order_by(table.seq.desc())
        .limit(1)
    ).scalar()
    return last == "reject"


def examine(ctx: Context, report: str, *, actor: Actor) -> Examined:
    """Check every section of a report and its completeness; the entry counts what was found."""
    with ctx.database.read() as conn:
        report_id = report_named(conn, report)
        ledger = ledger_now(conn, ctx, report_id)
        outline = ctx.outlines[scope_of(conn, report_id).kind]
        findings: list[Finding] = []
        every: list[Sentence] = []
        for section_id, key, pack in packs_of(conn, report_id):
            sentences = current_sentences(conn, section_id)
            findings += engine.check_section(sentences, pack, outline.section(key), ledger)
            every += [sentence for _, sentence, _ in sentences]
    found, resolved = engine.numbers_of(every)
    blocking = sum(1 for f in findings if f.severity == "blocks")
    ctx.database.write(
        lambda conn: trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.REPORT_CHECKED, object_kind="report",
            object_id=report_id, new={"findings": len(findings), "blocking": blocking, "numbers": found, "resolved": resolved},
        )
    )  # fmt: skip
    return Examined(tuple(findings), found, resolved)
