"""Load a report as it now stands into plain frozen rows: a handful of queries for all its sections, packs only where asked for."""

import json
from collections import defaultdict
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from audit import signatures, trail
from audit.canonical import digest
from audit.errors import NotFound, Tampered
from drafting import added, tables
from drafting.model import EvidencePack, Sentence
from drafting.probes.aftermath import checked_looks, was_checked
from drafting.render import known
from drafting.report_rows import (
    AddedRow,
    DecisionRow,
    EventRow,
    FieldRow,
    OpeningRow,
    OwnViewRow,
    ReportRow,
    SectionRow,
    SentenceRow,
    SignedItem,
    VersionRow,
)

PACKS_KEPT, SENTENCES_KEPT = 256, 8192  # parsed under the hash or text of what was parsed, so never older than the rows


def report_of_section(conn: Connection, section_id: str) -> str:
    """Return the report id of a section; raise NotFound."""
    found = conn.scalar(select(tables.sections.c.report_id).where(tables.sections.c.id == section_id))
    if found is None:
        raise NotFound("There is no such section.", remedy="Choose one from the report.")
    return str(found)


def section_of_sentence(conn: Connection, sentence_id: str) -> str:
    """Return the section id of a sentence; raise NotFound."""
    found = conn.scalar(select(tables.sentences.c.section_id).where(tables.sentences.c.id == sentence_id))
    if found is None:
        raise NotFound("There is no such sentence.", remedy="Load the section again.")
    return str(found)


def section_of_decision(conn: Connection, decision_id: str) -> str:
    """Return the section id of a decision; raise NotFound."""
    found = conn.scalar(select(tables.decisions.c.section_id).where(tables.decisions.c.id == decision_id))
    if found is None:
        raise NotFound("There is no such decision.", remedy="Load the section again.")
    return str(found)


def section_of_added(conn: Connection, added_id: str) -> str:
    """Return the section id of evidence that a person added; raise NotFound."""
    table = tables.added_evidence
    found = conn.scalar(select(table.c.section_id).where(table.c.id == added_id))
    if found is None:
        raise NotFound("There is no such added evidence.", remedy="Load the section again.")
    return str(found)


def load_report(conn: Connection, report_id: str) -> ReportRow:
    """Load a report; raise NotFound."""
    row = conn.execute(select(tables.reports).where(tables.reports.c.id == report_id)).first()
    if row is None:
        raise NotFound("There is no such report.", remedy="Choose one from the list of reports.")
    if digest(row.body) != row.hash:
        raise _altered(f"The description of report {row.number}")
    events = conn.execute(
        select(tables.report_events)
        .where(tables.report_events.c.report_id == report_id)
        .order_by(tables.report_events.c.number)
    ).all()
    said = conn.execute(
        select(tables.exclusions).where(tables.exclusions.c.report_id == report_id).order_by(tables.exclusions.c.seq)
    ).all()
    latest = {r.record: r for r in said}
    return ReportRow(
        id=row.id,
        number=row.number,
        kind=row.kind,
        product=row.product,
        strength=row.strength or "",
        subject=row.subject or "",
        period_from=row.period_from or "",
        period_to=row.period_to or "",
        body=json.loads(row.body),
        history=tuple(EventRow(e.event, e.reason or "", e.user_id, e.at) for e in events),
        decided={record: bool(r.excluded) for record, r in latest.items()},
        exclusions=tuple(
            {"record": r.record, "category": r.category or "", "reason": r.reason or "", "user_id": r.user_id, "at": r.at}
            for r in latest.values()
            if r.excluded
        ),
        sections=_sections(conn, report_id),
    )


def _sections(conn: Connection, report_id: str) -> tuple[SectionRow, ...]:
    listed = conn.execute(
        select(tables.sections).where(tables.sections.c.report_id == report_id).order_by(tables.sections.c.ordinal)
    ).all()
    ids = select(tables.sections.c.id).where(tables.sections.c.report_id == report_id)
    generations = {row.section_id: row for rows in _by(conn, tables.generations, ids).values() for row in rows}
    said = _sentences(conn, ids)
    decided = _by(conn, tables.decisions, ids)
    fields, views = _by(conn, tables.field_versions, ids), _by(conn, tables.own_views, ids)
    opened, signed = _by(conn, tables.openings, ids, order="at"), _signed(conn, report_id)
    looks = checked_looks(conn, report_id)
    joined = _added(conn, ids)
    found = []
    for row in listed:
        made = generations[row.id]
        found.append(
            SectionRow(
                id=row.id,
                report_id=report_id,
                key=row.key,
                generation_id=made.id,
                generated_at=made.at,
                drafter=made.drafter,
                fingerprint=made.fingerprint,
                outcome=made.outcome,
                detail=made.detail,
                pack_hash=made.pack,
                as_of=made.as_of,
                sentences=said.get(row.id, ()),
                decisions=tuple(_decision(d) for d in decided.get(row.id, ())),
                field_history=tuple(
                    FieldRow(f.key, f.version, f.value, f.account_id, f.user_id, f.at) for f in fields.get(row.id, ())
                ),
                own_views=tuple(OwnViewRow(v.account_id, v.capacity, v.text, v.at) for v in views.get(row.id, ())),
                openings=tuple(
                    OpeningRow(
                        o.subject,
                        o.ref,
                        bool(o.demanded),
                        o.capacity,
                        o.account_id,
                        o.at,
                        was_checked(o.at, looks.get((row.id, o.account_id), ())),
                    )
                    for o in opened.get(row.id, ())
                ),
                signatures=tuple(signed.get(row.id, ())),
                added=joined.get(row.id, ()),
            )
        )
    return tuple(found)


def _by(conn: Connection, table: Table, ids: Select[Any], *, order: str = "seq") -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in conn.execute(select(table).where(table.c.section_id.in_(ids)).order_by(table.c[order])):
        found[row.section_id].append(row)
    return found


def _added(conn: Connection, ids: Select[Any]) -> dict[str, tuple[AddedRow, ...]]:
    gone = {row.id: row for rows in _by(conn, tables.evidence_withdrawals, ids).values() for row in rows}
    found = {}
    for section_id, rows in _by(conn, tables.added_evidence, ids).items():
        for row in rows:
            if digest(row.body) != row.hash:
                raise _altered(f"Evidence {row.id}, which {row.user_id} added,")
        found[section_id] = tuple(
            AddedRow(
                row.id, row.kind, row.body, row.hash, row.account_id, row.user_id, row.at,
                *((gone[row.id].reason, gone[row.id].at) if row.id in gone else ()),
            )
            for row in rows
        )  # fmt: skip
    return found


def _decision(row: Any) -> DecisionRow:
    return DecisionRow(
        row.id, row.subject, row.version, row.hash, row.capacity, row.decision, row.category or "", row.reason or "",
        row.proposal or "", row.undoes or "", row.account_id, row.user_id, row.at,
    )  # fmt: skip


def _sentences(conn: Connection, ids: Select[Any]) -> dict[str, tuple[SentenceRow, ...]]:
    said, written = tables.sentences.c, tables.sentence_versions.c
    query = (
        select(written.sentence_id, written.version, written.body, written.hash, written.by, written.at)
        .join(tables.sentences, said.id == written.sentence_id)
        .where(said.section_id.in_(ids))
        .order_by(written.version)
    )
    versions: dict[str, list[VersionRow]] = defaultdict(list)
    for sentence_id, version, body, hash_, by, at in conn.execute(query).all():
        sentence, said_hash = _parsed(body)
        if said_hash != hash_:
            raise _altered(f"Version {version} of sentence {sentence_id}")
        versions[sentence_id].append(VersionRow(version, sentence, hash_, by, at))
    placed = select(said.section_id, said.id, said.position, said.origin).where(said.section_id.in_(ids))
    found: dict[str, list[SentenceRow]] = defaultdict(list)
    for section_id, sentence_id, position, origin in conn.execute(placed.order_by(said.position, said.seq)).all():
        found[section_id].append(SentenceRow(sentence_id, position, origin, tuple(versions[sentence_id])))
    return {key: tuple(rows) for key, rows in found.items()}


def _signed(conn: Connection, report_id: str) -> dict[str, list[SignedItem]]:
    found: dict[str, list[SignedItem]] = defaultdict(list)
    for signature in signatures.of_report(conn, report_id):
        tree = signature.tree()
        for item in tree["items"]:
            found[item["id"]].append(
                SignedItem(
                    id=signature.id,
                    meaning=signature.meaning,
                    account_id=signature.account_id,
                    user_id=tree["user_id"],
                    printed_name=tree["printed_name"],
                    role=tree["role"],
                    at=signature.at,
                    zone=tree["zone"],
                    text_hash=item["text_hash"],
                    evidence_hash=item["evidence_hash"],
                    decisions_hash=item["decisions_hash"],
                    manifestation=signatures.manifestation(tree),
                )
            )
    return found


@lru_cache(maxsize=SENTENCES_KEPT)
def _parsed(body: str) -> tuple[Sentence, str]:
    """Return a sentence and the hash of its text as stored: kept under that very text, so an altered one is hashed anew."""
    return Sentence.of(json.loads(body)), digest(body)


def _altered(what: str) -> Tampered:
    return Tampered(
        f"{what} is not the text that was stored.",
        remedy="Do not use the report: run `verascribe audit verify`, tell QA, and restore the database from a backup.",
    )


def load_pack(conn: Connection, section: SectionRow) -> EvidencePack:
    """Load the evidence on which a section was drafted; raise Tampered where its bytes were altered.

    A pack is immutable and named by its hash: one that was read and found to match is not read again by this process.
    """
    kept = _kept(section.pack_hash, section.as_of)
    if not kept:
        kept.append(EvidencePack.of(json.loads(trail.get_content(conn, section.pack_hash)), section.as_of))
    return kept[0]


def load_evidence(conn: Connection, section: SectionRow) -> EvidencePack:
    """Load everything that a section may refer to: what it was drafted on, and what persons added since."""
    return with_added(conn, load_pack(conn, section), section.added)


def pack_holding(conn: Connection, report: ReportRow, pack: EvidencePack, ref: str) -> EvidencePack:
    """Return a section's evidence, or that of the section of its report which holds a reference that it does not."""
    if known(ref, pack):
        return pack
    return next((other for s in report.sections if known(ref, other := load_pack(conn, s))), pack)


def with_added(conn: Connection, pack: EvidencePack, rows: tuple[AddedRow, ...]) -> EvidencePack:
    """Return a pack with what persons added to the section; raise Tampered where the text of an attachment was altered."""
    if not rows:
        return pack
    kept = _with_added(pack, rows)
    if not kept:
        texts = {added.tree(row)["text"] for row in rows if row.kind == added.Added.ATTACHED} - {""}
        kept.append(added.joined(pack, rows, {key: trail.get_content(conn, key).decode() for key in texts}))
    return kept[0]


@lru_cache(maxsize=PACKS_KEPT)
def _with_added(_pack: EvidencePack, _rows: tuple[AddedRow, ...]) -> list[EvidencePack]:
    """Return the place where a pack with additions is kept, empty before it was first joined."""
    return []


@lru_cache(maxsize=PACKS_KEPT)
def _kept(_sha256: str, _as_of: int) -> list[EvidencePack]:
    """Return the place where the pack of a hash is kept, empty before it was first read."""
    return []
