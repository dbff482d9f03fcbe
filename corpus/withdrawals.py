"""A part that a new version of its file no longer holds is withdrawn: kept with everything that rests on it, and no longer current.

Promise: only the same file withdraws a part (it replaces a part of the version that held it, or holds most of its records under a new
name), and only where its reader knows everything that stands in it: what could not be read is not gone. A part that comes
back is a source of its own from then on, with the next number, and replaces nothing that came into force meanwhile.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from audit import governed
from audit.actions import Action
from audit.chain import Actor
from audit.clock import utc_text
from corpus import keeping, records, standing, tables
from corpus.model import SourceDocument

Family = tuple[str, str]  # kind, and profile in whatever version ("" of a narrative)


@dataclass(frozen=True)
class Withdrawal:
    """Why a document is no longer current, since when, and a part of the version of its file that withdrew it.

    `attributes` are those that it holds results of, where they were asked for.
    """

    document_id: str
    by_document: str
    reason: str
    at: str
    attributes: frozenset[str] = frozenset()


def absent(
    conn: Connection,
    name: str,
    *,
    parts: Collection[str],
    left: Collection[str],
    replaced: Collection[str],
    added: Mapping[Family, Collection[str]],
) -> list[SourceDocument]:
    """List the current documents of a file name that a new version of the file no longer holds.

    `parts` stand in the new version; `left` and `replaced` are the documents that it leaves as they are and supersedes; `added` are
    the identifiers in its new parts, by kind and profile.
    """
    gone = [d for d in records.named(conn, name) if d.id not in {*left, *replaced} and d.part not in parts]
    if not gone:
        return []
    held = _bytes_of(conn, replaced)
    return [d for d in gone if d.sha256 in held or _is_renamed(conn, d, added)]


def _is_renamed(conn: Connection, document: SourceDocument, added: Mapping[Family, Collection[str]]) -> bool:
    """Tell whether most records of a document stand in new parts that are read as it is; other records are another file's."""
    there = added.get(family(document.kind, document.profile), ())
    held = set(conn.scalars(select(tables.records.c.identifier).where(tables.records.c.document_id == document.id)))
    return document.profile is not None and 2 * len(held.intersection(there)) > len(held)


def family(kind: str, profile: str | None) -> Family:
    """Return what a document is read as, by a profile in whatever version."""
    return kind, (profile or "").rpartition("/")[0]


def _bytes_of(conn: Connection, document_ids: Collection[str]) -> set[str]:
    """Return the hashes of the file versions that documents, and those before them, were read from."""
    source, documents = standing.sources(), tables.documents
    origins = conn.scalars(select(source.c.origin).where(source.c.id.in_(list(document_ids)))).all()
    query = select(documents.c.sha256).join(source, source.c.id == documents.c.id).where(source.c.origin.in_(origins))
    return set(conn.scalars(query))


def withdraw(
    conn: Connection, gone: Sequence[SourceDocument], *, by: SourceDocument, actor: Actor, at: datetime, zone: str
) -> list[tuple[SourceDocument, Withdrawal]]:
    """Withdraw documents, each with its entry, by a part of the version that no longer holds them."""
    made = []
    for document in gone:
        reason = f"{by.name} no longer holds {document.part}: it is not in the file of {by.shown}, version {by.version}."
        row = Withdrawal(document.id, by.id, reason, utc_text(at))
        values = {"document_id": row.document_id, "by_document": row.by_document, "reason": reason, "at": row.at}
        governed.record(
            conn, [(tables.withdrawals, values)], at=at, zone=zone, actor=actor, action=Action.SOURCE_WITHDRAWN,
            object_kind=keeping.SOURCE, object_id=document.id, object_version=str(document.version),
            new={"name": document.shown, "withdrawn_by": by.id}, reason=reason,
        )  # fmt: skip
        made.append((document, row))
    return made


def of_documents(conn: Connection, document_ids: Collection[str]) -> dict[str, Withdrawal]:
    """Return the withdrawals among documents, by document."""
    table = tables.withdrawals
    rows = [
        row
        for part in standing.parts(document_ids)
        for row in conn.execute(select(table).where(table.c.document_id.in_(part)))
    ]
    return {row.document_id: Withdrawal(row.document_id, row.by_document, row.reason, row.at) for row in rows}


def since(conn: Connection, sequence: int) -> list[Withdrawal]:
    """List the withdrawals by files that were imported after an import, in the order of their entries, with their attributes."""
    table, documents, measured = tables.withdrawals, tables.documents, tables.measurements.c
    query = select(table).join(documents, documents.c.id == table.c.by_document).where(documents.c.sequence > sequence)
    found = []
    for row in conn.execute(query.order_by(table.c.seq)).all():
        attributes = conn.scalars(select(measured.attribute).where(measured.document_id == row.document_id).distinct())
        found.append(Withdrawal(row.document_id, row.by_document, row.reason, row.at, frozenset(attributes)))
    return found
