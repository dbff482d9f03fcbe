"""Draft a report: read the corpus once, build each section's evidence, let the drafter propose, store everything in one act.

The drafter runs before the write. A section whose draft was refused, or whose evidence is insufficient, becomes a stub for a person
to write; what the drafter was asked and what it answered is kept either way.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import EndpointFailed, Invalid, NotFound, NotPermitted
from audit.identity import Role, account_by_id, permit
from corpus import records
from drafting import tables
from drafting.checks import engine
from drafting.context import Context
from drafting.evidence import passages, statistics
from drafting.evidence.pack import ledger_of, pack_of
from drafting.evidence.scope import Loaded, ReportScope, load, span_of
from drafting.model import Draft, EvidencePack, Finding, LedgerLine, Origin
from prompts.library import released_digest
from prompts.outline import Outline, SectionOutline

Progress = Callable[[str, int, int], None]
STRENGTHS = {"5MG": "5 mg", "10M": "10 mg", "20M": "20 mg", "40M": "40 mg"}
WINDOW_YEARS = 2


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


@dataclass(frozen=True)
class _Drafted:
    """One section as drafted, before it is stored."""

    id: str
    outline: SectionOutline
    pack: EvidencePack
    draft: Draft
    outcome: str

    @property
    def detail(self) -> str:
        return self.draft.refused or self.draft.insufficient


def fingerprint(ctx: Context, outline: Outline) -> str:
    """Return the hash over everything that shapes a draft: drafter, prompts, outline, retrieval, statistics, checks, profiles."""
    return digest(
        canonical(
            {
                "drafter": ctx.drafter.configuration,
                "prompts": released_digest(),
                "outline": outline.sha256,
                "retrieval": passages.VERSION,
                "statistics": statistics.VERSION,
                "checks": engine.VERSION,
                "profiles": ctx.profiles.digest,
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
    _refuse_empty(loaded)
    ctx.database.write(lambda conn: _note_request(conn, ctx, scope, actor))
    drafted = _draft_sections(ctx, outline, loaded, progress)
    ledger = ledger_of(loaded, outline, [d.pack for d in drafted])
    mark = fingerprint(ctx, outline)
    number, title = ctx.database.write(lambda conn: _store(conn, ctx, outline, loaded, drafted, ledger, mark, actor))
    return DraftOutcome(
        report_id=scope.id,
        number=number,
        title=title,
        sections=tuple(
            SectionOutcome(d.id, d.outline.key, d.outcome, d.detail, len(d.draft.sentences), _findings(d, ledger))
            for d in drafted
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
    start = f"{int(day[:4]) - 1}{day[4:7]}-01"
    return ReportScope(
        report_id, "deviation", found.product or found.get("product_code"), start, day, None, found.identifier
    )


def _refuse_empty(loaded: Loaded) -> None:
    scope = loaded.scope
    every = loaded.of("batch")
    if not every:
        raise NotFound(f"No batch of product {scope.product} is in the store.", remedy="Import its batch records first.")
    if not loaded.batches and scope.subject is None:
        raise NotFound(
            f"No batch of product {scope.product} was started from {scope.period_from} to {scope.period_to}.",
            remedy=f"Its batches were started from {every[0].date} to {every[-1].date}.",
        )


def _note_request(conn: Connection, ctx: Context, scope: ReportScope, actor: Actor) -> None:
    asked = {
        "kind": scope.kind,
        "product": scope.product,
        "from": scope.period_from,
        "to": scope.period_to,
        "subject": scope.subject,
    }
    trail.append(
        conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.DRAFT_REQUESTED, object_kind="report",
        object_id=scope.id, new={**asked, "drafter": ctx.drafter.name},
    )  # fmt: skip


def _draft_sections(ctx: Context, outline: Outline, loaded: Loaded, progress: Progress | None) -> list[_Drafted]:
    done: dict[str, _Drafted] = {}
    ordered = sorted(outline.sections, key=lambda s: s.last)
    for number, section in enumerate(ordered, start=1):
        if progress:
            progress(section.title, number, len(ordered))
        pack = pack_of(loaded, section)
        done[section.key] = _Drafted(ctx.new_id(), section, pack, *_propose(ctx, section, pack))
    return [done[section.key] for section in outline.sections]


def _propose(ctx: Context, section: SectionOutline, pack: EvidencePack) -> tuple[Draft, str]:
    if not section.machine:
        return Draft(()), "rendered" if pack.tables or "R" in section.by else "human"
    try:
        draft = ctx.drafter.draft(section, pack)
    except EndpointFailed as problem:
        return Draft((), refused=str(problem)), "refused"
    outcome = "refused" if draft.refused else "insufficient" if draft.insufficient else "drafted"
    return draft, outcome


def _findings(drafted: _Drafted, ledger: tuple[LedgerLine, ...]) -> tuple[Finding, ...]:
    listed = [(str(i), sentence, Origin.MACHINE) for i, sentence in enumerate(drafted.draft.sentences)]
    return engine.check_section(listed, drafted.pack, drafted.outline, ledger)


def product_name(loaded: Loaded) -> str:
    """Return the neutral name under which a product is shown."""
    strengths = sorted({b.strength for b in loaded.batches if b.strength})
    shown = ", ".join(STRENGTHS.get(s or "", s or "") for s in strengths)
    return f"Product {loaded.scope.product}, film-coated tablets" + (f", {shown}" if shown else "")


def _store(
    conn: Connection,
    ctx: Context,
    outline: Outline,
    loaded: Loaded,
    drafted: list[_Drafted],
    ledger: tuple[LedgerLine, ...],
    mark: str,
    actor: Actor,
) -> tuple[str, str]:
    scope, now = loaded.scope, ctx.clock.now()
    number = _number(conn, outline, scope)
    name = product_name(loaded)
    title = f"{outline.title}: {scope.subject or name}"
    body = canonical(
        {
            "title": title,
            "product_name": name,
            "data_lock": utc_text(now),
            "data_sequence": loaded.as_of,
            "outline": [outline.kind, outline.version, outline.sha256],
            "fingerprint": mark,
            "drafter": ctx.drafter.name,
            "created_by": actor.user_id,
            "created_by_name": actor.printed_name,
            "created_at": utc_text(now),
            "batches": len(loaded.batches),
            "ledger": [[line.kind, list(line.in_scope), list(line.included)] for line in ledger],
        }
    )
    entry = trail.append(
        conn, at=now, zone=ctx.zone, actor=actor, action=Action.REPORT_CREATED, object_kind="report", object_id=scope.id,
        object_version="1", new={"number": number, "title": title, "hash": digest(body)},
    )  # fmt: skip
    conn.execute(
        insert(tables.reports).values(
            id=scope.id, number=number, kind=scope.kind, product=scope.product, strength=scope.strength, subject=scope.subject,
            period_from=scope.period_from, period_to=scope.period_to, seq=entry.seq, body=body, hash=digest(body),
        )
    )  # fmt: skip
    for ordinal, section in enumerate(drafted):
        _store_section(conn, ctx, scope.id, ordinal, section, mark, actor)
    return number, title


def _number(conn: Connection, outline: Outline, scope: ReportScope) -> str:
    base = (
        f"{outline.short}-{scope.subject}"
        if scope.subject
        else f"{outline.short}-{scope.period_to[:4]}-{scope.product.zfill(3)}"
    )
    table = tables.reports.c.number
    taken = conn.scalar(select(func.count()).where((table == base) | table.startswith(base + "/", autoescape=True))) or 0
    return base if not taken else f"{base}/{taken + 1}"


def _store_section(
    conn: Connection, ctx: Context, report_id: str, ordinal: int, drafted: _Drafted, mark: str, actor: Actor
) -> None:
    now = ctx.clock.now()
    pack = trail.put_content(conn, drafted.pack.text(), media_type="application/json")
    request = (
        trail.put_content(conn, drafted.draft.request, media_type="application/json") if drafted.draft.request else None
    )
    reply = trail.put_content(conn, drafted.draft.reply, media_type="text/plain") if drafted.draft.reply else None
    generation = ctx.new_id()
    listed = [digest(canonical(sentence.tree())) for sentence in drafted.draft.sentences]
    entry = trail.append(
        conn, at=now, zone=ctx.zone, actor=actor,
        action=Action.DRAFT_REFUSED if drafted.outcome == "refused" else Action.DRAFT_GENERATED,
        object_kind="section", object_id=drafted.id, object_version="1",
        new={"report": report_id, "section": drafted.outline.key, "outcome": drafted.outcome, "detail": drafted.detail[:500],
             "pack": pack, "sentences": listed, "request": request, "reply": reply},
        origin={"generation": generation, "fingerprint": mark, "drafter": ctx.drafter.name},
    )  # fmt: skip
    conn.execute(
        insert(tables.sections).values(id=drafted.id, report_id=report_id, key=drafted.outline.key, ordinal=ordinal)
    )
    conn.execute(
        insert(tables.generations).values(
            id=generation, section_id=drafted.id, seq=entry.seq, at=utc_text(now), drafter=ctx.drafter.name, fingerprint=mark,
            outcome=drafted.outcome, detail=drafted.detail, pack=pack, as_of=drafted.pack.as_of, request=request, reply=reply,
        )
    )  # fmt: skip
    for position, sentence in enumerate(drafted.draft.sentences, start=1):
        sentence_id, body = ctx.new_id(), canonical(sentence.tree())
        conn.execute(
            insert(tables.sentences).values(
                id=sentence_id, section_id=drafted.id, position=position * 1000, origin=str(Origin.MACHINE),
                generation_id=generation, seq=entry.seq,
            )
        )  # fmt: skip
        conn.execute(
            insert(tables.sentence_versions).values(
                sentence_id=sentence_id, version=1, body=body, hash=digest(body), by="", at=utc_text(now), seq=entry.seq
            )
        )


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
        raise NotFound(f"There is no report {name}.", remedy="`verascribe demo --no-ui` and the inbox list the reports.")
    return str(found)
