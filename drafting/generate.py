"""Draft a report: read the corpus once, build each section's evidence, let the drafter propose, store everything in one act.

The drafter runs before the write. A section whose draft was refused, or whose evidence is insufficient, becomes a stub for a person
to write; what the drafter was asked and what it answered is kept either way.
"""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from audit import trail
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.errors import Invalid, NotFound, NotPermitted
from audit.identity import Role, account_by_id, permit
from corpus import records
from drafting import previous, tables
from drafting.chart_decisions import rules_of
from drafting.checks import engine
from drafting.checks.reuse import Before
from drafting.configuration import map_digest, profiles_of
from drafting.context import Context
from drafting.draft_store import note_abandoned, note_request, store_report
from drafting.evidence import passages
from drafting.evidence.pack import ledger_of
from drafting.evidence.scope import Loaded, ReportScope, load, span_of
from drafting.model import EvidencePack, Finding, LedgerLine, Origin
from drafting.proposing import Progress, Proposal, propose_all, refuse_silence
from drafting.statistics import basis
from drafting.store import load_report
from prompts.library import released_digest
from prompts.outline import Outline


@dataclass(frozen=True)
class SectionOutcome:
    """What became of one section."""

    id: str
    key: str
    outcome: str
    detail: str
    sentences: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class DraftOutcome:
    """What became of a draft."""

    report_id: str
    number: str
    title: str
    sections: tuple[SectionOutcome, ...]
    ledger: tuple[LedgerLine, ...]
    seconds: float
    drafter: str
    fingerprint: str


def fingerprint(ctx: Context, outline: Outline) -> str:
    """Return the hash over everything that shapes a draft: drafter, prompts, outline, retrieval, statistics, checks, profiles, attribute map, run rules."""
    return digest(
        canonical(
            {
                "drafter": ctx.drafter.configuration,
                "prompts": released_digest(),
                "outline": outline.sha256,
                "retrieval": passages.VERSION,
                "statistics": basis.VERSION,
                "checks": engine.VERSION,
                "profiles": profiles_of(ctx).digest,
                "attributes": map_digest(ctx),
                "run_rules": rules_of(ctx),
            }
        )
    )


def draft_report(
    ctx: Context,
    *,
    kind: str,
    actor: Actor,
    product: str = "",
    period_from: str = "",
    period_to: str = "",
    strength: str | None = None,
    subject: str | None = None,
    progress: Progress | None = None,
) -> DraftOutcome:
    """Draft a review of a product and period, or a deviation report of `subject`; refuse what the store cannot support."""
    started = ctx.clock.now()
    outline = ctx.outlines.get(kind)
    if outline is None:
        raise Invalid(f"There is no report kind {kind}.", remedy=f"Kinds: {', '.join(ctx.outlines)}.")
    with ctx.database.read() as conn:
        account = account_by_id(conn, actor.id)
        if account is None:
            raise NotPermitted("This account does not exist.", remedy="Sign in again.")
        permit(account, Role.WRITER, Role.SERVICE)
        scope = (
            _deviation_scope(conn, ctx.new_id(), subject)
            if kind == "deviation"
            else _review_scope(ctx.new_id(), kind, product, period_from, period_to, strength)
        )
        loaded = load(conn, scope)
    _refuse_unknown(loaded)
    ctx.database.write(lambda conn: note_request(conn, ctx, scope, actor))
    proposed = _propose_all(ctx, outline, loaded, actor, progress)
    drafted = {ctx.new_id(): proposal for proposal in proposed.values()}
    ledger = ledger_of(loaded, outline, [p.pack for p in drafted.values()])
    mark = fingerprint(ctx, outline)
    number, title = ctx.database.write(lambda conn: store_report(conn, ctx, outline, loaded, drafted, ledger, mark, actor))
    with ctx.database.read() as conn:
        before = previous.before(conn, load_report(conn, scope.id))
    whole = previous.together([p.pack for p in drafted.values()])
    return DraftOutcome(
        report_id=scope.id,
        number=number,
        title=title,
        sections=tuple(
            SectionOutcome(key, p.outline.key, p.outcome, p.detail, len(p.sentences), _findings(p, ledger, before, whole))
            for key, p in drafted.items()
        ),
        ledger=ledger,
        seconds=(ctx.clock.now() - started).total_seconds(),
        drafter=ctx.drafter.name,
        fingerprint=mark,
    )


def _review_scope(
    report_id: str, kind: str, product: str, period_from: str, period_to: str, strength: str | None
) -> ReportScope:
    if not product:
        raise Invalid("A review needs a product.", remedy="Give --product; `verascribe records --kind product` lists them.")
    for day in (period_from, period_to):
        if not _is_day(day):
            raise Invalid(f"'{day}' is not a day.", remedy="Write the period as YYYY-MM-DD.")
    if period_from > period_to:
        raise Invalid("The period ends before it begins.", remedy="Exchange --from and --to.")
    return ReportScope(report_id, kind, product, period_from, period_to, strength)


def _is_day(text: str) -> bool:
    from corpus import literals  # noqa: PLC0415 - only where a period was typed

    try:
        literals.day(text)
    except literals.Unreadable:
        return False
    return True


def _deviation_scope(conn: Connection, report_id: str, subject: str | None) -> ReportScope:
    found = records.record(conn, "deviation", subject or "")
    if found is None:
        raise NotFound(
            f"There is no deviation {subject}.", remedy="`verascribe records --kind deviation` lists them; import it first."
        )
    day = span_of(found)[0]
    if not day:
        raise Invalid(
            f"Deviation {subject} has no date.", remedy="Import it with the date on which it occurred or was opened."
        )
    start = f"{int(day[:4]) - 1}{day[4:7]}-01"
    return ReportScope(
        report_id, "deviation", found.product or found.get("product_code"), start, day, None, found.identifier
    )


def _refuse_unknown(loaded: Loaded) -> None:
    """Refuse a product that no record names; a period without batches is reviewed, since stability, complaints and commitments go on."""
    if not loaded.known:
        raise NotFound(
            f"No batch of product {loaded.scope.product} is in the store, and no other record that names it.",
            remedy="Import its records first; `verascribe records --kind batch` shows the products that are there.",
        )


def _propose_all(
    ctx: Context, outline: Outline, loaded: Loaded, actor: Actor, progress: Progress | None
) -> dict[str, Proposal]:
    """Return the proposals by key, in the order of the outline; what was exchanged is kept where it does not come to an end."""
    done: list[Proposal] = []
    try:
        propose_all(ctx, sorted(outline.sections, key=lambda s: s.last), loaded, done=done, progress=progress)
        refuse_silence(done)
    except BaseException:
        ctx.database.write(lambda conn: note_abandoned(conn, ctx, loaded.scope, done, actor))
        raise
    by_key = {proposal.outline.key: proposal for proposal in done}
    return {section.key: by_key[section.key] for section in outline.sections}


def _findings(
    proposal: Proposal, ledger: tuple[LedgerLine, ...], before: Before | None, whole: EvidencePack
) -> tuple[Finding, ...]:
    listed = [(str(i), sentence, Origin.MACHINE) for i, sentence in enumerate(proposal.sentences)]
    return engine.check_section(listed, proposal.pack, proposal.outline, ledger, before=before, whole=whole)


def packs_of(conn: Connection, report_id: str) -> list[tuple[str, str, EvidencePack]]:
    """Return (section id, section key, newest pack) of a report, in the order of its sections."""
    found = []
    for row in conn.execute(
        select(tables.sections).where(tables.sections.c.report_id == report_id).order_by(tables.sections.c.ordinal)
    ):
        made = conn.execute(
            select(tables.generations.c.pack, tables.generations.c.as_of)
            .where(tables.generations.c.section_id == row.id)
            .order_by(tables.generations.c.seq.desc())
            .limit(1)
        ).one()
        pack = EvidencePack.of(json.loads(trail.get_content(conn, made.pack)), made.as_of)
        found.append((row.id, row.key, pack))
    return found


def report_named(conn: Connection, name: str) -> str:
    """Return the id of a report given its id or number; raise NotFound where there is none."""
    table = tables.reports.c
    found = conn.scalar(select(table.id).where((table.id == name) | (table.number == name)))
    if found is None:
        raise NotFound(f"There is no report {name}.", remedy="`verascribe reports` lists them.")
    return str(found)
