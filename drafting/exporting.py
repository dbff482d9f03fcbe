"""Export a report: Word for people, JSON for machines. Each export is an entry, and says on its face whether it is signed."""

import json
from typing import Any

from sqlalchemy import Connection, select

from audit import signatures, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from drafting import tables
from drafting.accounts import is_demo
from drafting.context import Context
from drafting.documents.word import Part, Printed, word_report
from drafting.examine import current_sentences
from drafting.generate import packs_of, report_named
from drafting.model import EvidencePack, Sentence


def section_hash(sentences: list[tuple[str, Sentence]], fields: dict[str, str], pack: EvidencePack) -> str:
    """Return the hash that a signature binds: every current sentence, every human-only field, the evidence."""
    listed = [[sentence_id, sentence.tree()] for sentence_id, sentence in sentences]
    return digest(canonical({"sentences": listed, "fields": fields, "evidence": pack.sha256}))


def fields_of(conn: Connection, section_id: str) -> dict[str, str]:
    """Return what stands in the human-only fields of a section."""
    table = tables.field_versions.c
    rows = conn.execute(select(table.key, table.value).where(table.section_id == section_id).order_by(table.version))
    return {row.key: row.value for row in rows}


def printed(conn: Connection, ctx: Context, report_id: str) -> Printed:
    """Return a report as documents print it, from what stands in the store now."""
    row = conn.execute(select(tables.reports).where(tables.reports.c.id == report_id)).one()
    body = json.loads(row.body)
    outline = ctx.outlines[row.kind]
    signed = signatures.of_report(conn, report_id)
    parts, approved = [], True
    for section_id, key, pack in packs_of(conn, report_id):
        section = outline.section(key)
        listed = [(sentence_id, sentence) for sentence_id, sentence, _ in current_sentences(conn, section_id)]
        filled = fields_of(conn, section_id)
        now = section_hash(listed, filled, pack)
        lines, valid = _manifestations(signed, section_id, now)
        approved = approved and "approval" in valid
        outcome = conn.execute(
            select(tables.generations.c.outcome)
            .where(tables.generations.c.section_id == section_id)
            .order_by(tables.generations.c.seq.desc())
        ).scalars()
        parts.append(
            Part(
                number=section.number,
                title=section.title,
                state="signed" if valid else "drafted",
                outcome=next(iter(outcome), ""),
                sentences=tuple(sentence for _, sentence in listed),
                fields=tuple((f.label, filled.get(f.key, "")) for f in section.fields),
                pack=pack,
                signatures=lines,
            )
        )
    excluded = conn.execute(
        select(tables.exclusions).where(tables.exclusions.c.report_id == report_id, tables.exclusions.c.excluded)
    )
    return Printed(
        number=row.number,
        title=body["title"],
        product_name=body["product_name"],
        period=f"{row.period_from} to {row.period_to}",
        status="approved" if approved else "draft, not signed",
        signed=approved,
        demo=is_demo(conn),
        drafter=body["drafter"],
        fingerprint=body["fingerprint"],
        data_lock=body["data_lock"],
        parts=tuple(parts),
        exclusions=tuple((e.record, e.reason or "", e.user_id) for e in excluded),
    )


def _manifestations(signed: list[signatures.Signature], section_id: str, now: str) -> tuple[tuple[str, ...], set[str]]:
    lines, valid = [], set()
    for signature in signed:
        payload = signature.tree()
        item = next((i for i in payload["items"] if i["id"] == section_id), None)
        if item is None:
            continue
        holds = item["text_hash"] == now and signatures.check(signature.public_key, signature.payload, signature.signature)
        lines.append(signatures.manifestation(payload) + ("" if holds else " - NOT VALID: the section changed since"))
        if holds:
            valid.add(signature.meaning)
    return tuple(lines), valid


def export_report(ctx: Context, report: str, *, fmt: str, actor: Actor) -> tuple[bytes, bool]:
    """Return the document's bytes and whether it is signed; leave an entry with the hash of what left."""
    with ctx.database.read() as conn:
        report_id = report_named(conn, report)
        made = printed(conn, ctx, report_id)
    data = word_report(made) if fmt == "docx" else (json.dumps(tree(made), ensure_ascii=False, indent=1) + "\n").encode()
    ctx.database.write(
        lambda conn: trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.REPORT_EXPORTED, object_kind="report",
            object_id=report_id, new={"format": fmt, "sha256": digest(data), "signed": made.signed},
        )
    )  # fmt: skip
    return data, made.signed


def tree(report: Printed) -> dict[str, Any]:
    """Return a report for JSON, with its evidence."""
    return {
        "number": report.number, "title": report.title, "product": report.product_name, "period": report.period,
        "status": report.status, "signed": report.signed, "demo": report.demo, "drafter": report.drafter,
        "fingerprint": report.fingerprint, "data_lock": report.data_lock,
        "sections": [
            {
                "number": part.number, "title": part.title, "outcome": part.outcome,
                "sentences": [s.tree() for s in part.sentences], "fields": dict(part.fields),
                "signatures": list(part.signatures), "evidence": part.pack.tree(),
            }
            for part in report.parts
        ],
        "exclusions": [list(line) for line in report.exclusions],
    }  # fmt: skip
