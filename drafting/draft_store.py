"""Store what was drafted: the report, its sections, each generation with everything asked and answered, in the caller's write."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select

from audit import governed, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from drafting import tables
from drafting.context import Context
from drafting.evidence.scope import Loaded, ReportScope
from drafting.model import LedgerLine, Origin, Sentence
from drafting.proposing import Proposal
from prompts.outline import Outline

NAMED_BY = ("product", "batch", "batch_production_record", "specification")  # kinds whose records may say what a product is
DESCRIBED = ("product_name", "dosage_form")
LONGEST_DETAIL = 500
Row = tuple[Table, dict[str, Any]]


def note_request(conn: Connection, ctx: Context, scope: ReportScope, actor: Actor) -> None:
    """Write that a draft was asked for, before any drafter is."""
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


def note_abandoned(conn: Connection, ctx: Context, scope: ReportScope, done: Sequence[Proposal], actor: Actor) -> None:
    """Keep what was asked and answered of a draft that was not finished."""
    kept = {p.outline.key: put_exchange(conn, p) for p in done if p.draft.request}
    trail.append(
        conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.DRAFT_ABANDONED, object_kind="report",
        object_id=scope.id, new={"sections": [p.outline.key for p in done], "exchanges": kept, "drafter": ctx.drafter.name},
    )  # fmt: skip


def put_exchange(conn: Connection, proposal: Proposal) -> dict[str, str | None]:
    """Keep the evidence and what was asked and answered; return their hashes."""
    draft = proposal.draft
    return {
        "pack": trail.put_content(conn, proposal.pack.text(), media_type="application/json"),
        "request": trail.put_content(conn, draft.request, media_type="application/json") if draft.request else None,
        "reply": trail.put_content(conn, draft.reply, media_type="text/plain") if draft.reply else None,
    }


def store_report(
    conn: Connection,
    ctx: Context,
    outline: Outline,
    loaded: Loaded,
    drafted: Mapping[str, Proposal],
    ledger: Iterable[LedgerLine],
    mark: str,
    actor: Actor,
) -> tuple[str, str]:
    """Store a report with its sections, `drafted` by section id in the order of the outline; return its number and title."""
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
    report = {
        "id": scope.id, "number": number, "kind": scope.kind, "product": scope.product, "strength": scope.strength,
        "subject": scope.subject, "period_from": scope.period_from, "period_to": scope.period_to, "body": body,
        "hash": digest(body),
    }  # fmt: skip
    governed.record(
        conn, [(tables.reports, report)], at=now, zone=ctx.zone, actor=actor, action=Action.REPORT_CREATED,
        object_kind="report", object_id=scope.id, object_version="1",
        new={"number": number, "title": title, "hash": digest(body)},
    )  # fmt: skip
    for ordinal, (section_id, proposal) in enumerate(drafted.items()):
        section = {"id": section_id, "report_id": scope.id, "key": proposal.outline.key, "ordinal": ordinal}
        _store_section(conn, ctx, section, proposal, mark, actor)
    return number, title


def product_name(loaded: Loaded) -> str:
    """Return the name under which a product is shown: its code, and what its records agree on in their own words."""
    if not loaded.scope.product:
        return ""
    if loaded.scope.kind == "pqr_api_q7":
        return f"Active substance {loaded.scope.product}"
    strengths = sorted({b.strength for b in loaded.batches if b.strength})
    stated = (_agreed(loaded, field) for field in DESCRIBED)
    return ", ".join(filter(None, (f"Product {loaded.scope.product}", *stated, *strengths)))


def _agreed(loaded: Loaded, field: str) -> str:
    """Return what the product's records say under a field; "" where none says it, or two differ."""
    mine = (r for kind in NAMED_BY for r in loaded.of(kind) if r.product == loaded.scope.product)
    said = {text for r in mine if (text := r.get(field))}
    return said.pop() if len(said) == 1 else ""


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
    conn: Connection, ctx: Context, section: dict[str, Any], proposal: Proposal, mark: str, actor: Actor
) -> None:
    kept, generation, now = put_exchange(conn, proposal), ctx.new_id(), ctx.clock.now()
    rows = [(tables.sections, section), generation_row(ctx, generation, section["id"], proposal, kept, mark)]
    for position, sentence in enumerate(proposal.sentences, start=1):
        rows += sentence_rows(ctx, ctx.new_id(), section["id"], position * tables.GAP, sentence, generation)
    governed.record(
        conn, rows, at=now, zone=ctx.zone, actor=actor,
        action=Action.DRAFT_REFUSED if proposal.outcome in ("refused", "failed") else Action.DRAFT_GENERATED,
        object_kind="section", object_id=section["id"], object_version="1",
        new={"report": section["report_id"], "section": proposal.outline.key, "outcome": proposal.outcome,
             "detail": proposal.detail[:LONGEST_DETAIL], "sentences": hashes(proposal), **kept},
        origin=origin_of(ctx, generation, mark),
    )  # fmt: skip


def hashes(proposal: Proposal) -> list[str]:
    """Return the hash of each proposed sentence."""
    return [digest(canonical(sentence.tree())) for sentence in proposal.sentences]


def origin_of(ctx: Context, generation: str, mark: str) -> dict[str, str]:
    """Return what an entry says of where machine text came from."""
    return {"generation": generation, "fingerprint": mark, "drafter": ctx.drafter.name}


def generation_row(
    ctx: Context, generation: str, section_id: str, proposal: Proposal, kept: Mapping[str, str | None], mark: str
) -> Row:
    """Return the row of one generation of a section."""
    return tables.generations, {
        "id": generation, "section_id": section_id, "at": utc_text(ctx.clock.now()), "drafter": ctx.drafter.name,
        "fingerprint": mark, "outcome": proposal.outcome, "detail": proposal.detail, "as_of": proposal.pack.as_of, **kept,
    }  # fmt: skip


def sentence_rows(
    ctx: Context, sentence_id: str, section_id: str, position: int, sentence: Sentence, generation: str
) -> list[Row]:
    """Return the rows of a machine's sentence at a position."""
    placed = {
        "id": sentence_id, "section_id": section_id, "position": position, "origin": str(Origin.MACHINE),
        "generation_id": generation,
    }  # fmt: skip
    return [(tables.sentences, placed), version_row(sentence_id, 1, sentence, by="", at=ctx.clock.now())]


def version_row(sentence_id: str, number: int, sentence: Sentence, *, by: str, at: datetime) -> Row:
    """Return the row of a version of a sentence; `by` is "" for the machine's own."""
    body = canonical(sentence.tree())
    return tables.sentence_versions, {
        "sentence_id": sentence_id, "version": number, "body": body, "hash": digest(body), "by": by, "at": utc_text(at),
    }  # fmt: skip
