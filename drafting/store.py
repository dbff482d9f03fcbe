"""Load a report as it now stands into plain frozen rows: a handful of queries for all its sections, packs only where asked for."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from audit import signatures, trail
from audit.canonical import digest
from audit.errors import NotFound, Tampered
from drafting import tables
from drafting.model import EvidencePack, LedgerLine, Sentence

PACKS_KEPT, SENTENCES_KEPT = 256, 8192  # parsed under the hash or text of what was parsed, so never older than the rows


@dataclass(frozen=True)
class VersionRow:
    """One version of a sentence."""

    number: int
    sentence: Sentence
    hash: str
    by: str
    at: str


@dataclass(frozen=True)
class SentenceRow:
    """A sentence with every version it had."""

    id: str
    position: int
    origin: str
    versions: tuple[VersionRow, ...]

    @property
    def version(self) -> int:
        """Return the number of the present version."""
        return self.versions[-1].number

    @property
    def sentence(self) -> Sentence:
        """Return the present version."""
        return self.versions[-1].sentence

    @property
    def hash(self) -> str:
        """Return the hash of the present version."""
        return self.versions[-1].hash

    @property
    def drafted(self) -> VersionRow | None:
        """Return the machine's last version; None of a sentence that a person wrote."""
        return next((v for v in reversed(self.versions) if not v.by), None)

    @property
    def edited(self) -> bool:
        """Tell whether a person's words stand in the place of the machine's."""
        return self.drafted is not None and self.hash != self.drafted.hash


@dataclass(frozen=True)
class DecisionRow:
    """One decision, answer, undoing or return."""

    id: str
    subject: str
    version: int
    hash: str
    capacity: str
    decision: str
    category: str
    reason: str
    proposal: str
    undoes: str
    account_id: str
    user_id: str
    at: str


@dataclass(frozen=True)
class FieldRow:
    """One version of a human-only field."""

    key: str
    version: int
    value: str
    account_id: str
    user_id: str
    at: str


@dataclass(frozen=True)
class OwnViewRow:
    """What a person thought before machine text was shown."""

    account_id: str
    capacity: str
    text: str
    at: str = ""


@dataclass(frozen=True)
class OpeningRow:
    """A deliberate opening of a source."""

    subject: str
    ref: str
    demanded: bool
    capacity: str
    account_id: str
    at: str = ""


@dataclass(frozen=True)
class SignedItem:
    """What one signature says of one section, with its manifestation."""

    id: str
    meaning: str
    account_id: str
    user_id: str
    printed_name: str
    role: str
    at: str
    zone: str
    text_hash: str
    evidence_hash: str
    decisions_hash: str
    manifestation: str


@dataclass(frozen=True)
class SectionRow:
    """A section with everything that was said and decided about it; `fields` holds the present ones."""

    id: str
    report_id: str
    key: str
    generation_id: str
    generated_at: str
    drafter: str
    fingerprint: str
    outcome: str
    detail: str
    pack_hash: str
    as_of: int
    sentences: tuple[SentenceRow, ...]
    decisions: tuple[DecisionRow, ...]
    field_history: tuple[FieldRow, ...]
    own_views: tuple[OwnViewRow, ...]
    openings: tuple[OpeningRow, ...]
    signatures: tuple[SignedItem, ...]

    @cached_property
    def undone(self) -> frozenset[str]:
        """Return the ids of decisions that were undone."""
        return frozenset(d.undoes or "" for d in self.decisions if d.decision == "undo")

    @property
    def fields(self) -> tuple[FieldRow, ...]:
        """Return the present version of each field."""
        return tuple({f.key: f for f in self.field_history}.values())


@dataclass(frozen=True)
class ReportRow:
    """A report with its sections; `decided` holds what a person said of records in scope: True is left out."""

    id: str
    number: str
    kind: str
    product: str
    strength: str
    subject: str
    period_from: str
    period_to: str
    body: Mapping[str, Any]
    events: tuple[str, ...]
    decided: Mapping[str, bool]
    exclusions: tuple[Mapping[str, str], ...] = ()
    scoped: tuple[tuple[str, Sequence[str], Sequence[str]], ...] | None = None  # kind, in scope, included: as of now
    sections: tuple[SectionRow, ...] = field(default=())

    @property
    def data_lock(self) -> str:
        """Return when data were last taken in: at the draft, or when a section was drafted again on later data."""
        later = [s.generated_at for s in self.sections if s.as_of > self.body.get("data_sequence", s.as_of)]
        return max([str(self.body.get("data_lock", "")), *later])

    def section(self, section_id: str) -> SectionRow:
        """Return a section by id."""
        return next(s for s in self.sections if s.id == section_id)

    @cached_property
    def ledger(self) -> tuple[LedgerLine, ...]:
        """Return the ledger as drafted, or as of now where records came in since, with what persons decided."""
        lines = []
        for kind, in_scope, included in self.body.get("ledger", []) if self.scoped is None else self.scoped:
            said = {i: self.decided.get(f"{kind}/{i}") for i in in_scope}
            out = tuple(i for i in in_scope if said[i] is True)
            taken = tuple(i for i in in_scope if said[i] is not True and (i in included or said[i] is False))
            rest = tuple(i for i in in_scope if i not in out and i not in taken)
            lines.append(LedgerLine(kind, tuple(in_scope), taken, out, rest))
        return tuple(lines)


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


def load_report(conn: Connection, report_id: str) -> ReportRow:
    """Load a report; raise NotFound."""
    row = conn.execute(select(tables.reports).where(tables.reports.c.id == report_id)).first()
    if row is None:
        raise NotFound("There is no such report.", remedy="Choose one from the list of reports.")
    if digest(row.body) != row.hash:
        raise _altered(f"The description of report {row.number}")
    events = conn.scalars(
        select(tables.report_events.c.event)
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
        events=tuple(events),
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
                    OpeningRow(o.subject, o.ref, bool(o.demanded), o.capacity, o.account_id, o.at)
                    for o in opened.get(row.id, ())
                ),
                signatures=tuple(signed.get(row.id, ())),
            )
        )
    return tuple(found)


def _by(conn: Connection, table: Table, ids: Select[Any], *, order: str = "seq") -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in conn.execute(select(table).where(table.c.section_id.in_(ids)).order_by(table.c[order])):
        found[row.section_id].append(row)
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


@lru_cache(maxsize=PACKS_KEPT)
def _kept(_sha256: str, _as_of: int) -> list[EvidencePack]:
    """Return the place where the pack of a hash is kept, empty before it was first read."""
    return []
