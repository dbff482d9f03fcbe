"""Store one version of a source file with everything read from it: its parts in one write, each with its entry in the trail."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from audit import governed, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import Clock, utc_text
from audit.database import Database
from corpus import clashes, keeping, records, tables, withdrawals
from corpus.clashes import Clash
from corpus.embedding import HashedNgrams, Vectors
from corpus.model import SourceDocument
from corpus.newdocument import NewDocument
from corpus.reading import ReadFile
from corpus.rows import document_of
from corpus.withdrawals import Family, Withdrawal, family


@dataclass(frozen=True)
class Stored:
    """A new version of a document, what it and other current sources say differently, and the parts that its file no longer holds."""

    document: SourceDocument
    clashes: tuple[Clash, ...]
    withdrawn: tuple[tuple[SourceDocument, Withdrawal], ...] = ()


def store(
    database: Database,
    clock: Clock,
    new_id: Callable[[], str],
    *,
    file: Sequence[NewDocument],
    parts: frozenset[str] | None = None,
    actor: Actor,
    zone: str,
) -> list[Stored | None]:
    """Store every part of one file in one write, each as a new version with its entry, and withdraw what the file no longer holds.

    `parts` is what stands in the file; None where that is not known in full, and then nothing is withdrawn. None in the answer stands
    for a part whose current version has the same bytes and reading.
    """
    made = [(new, digest(new.data), keeping.rows_of(new.read, synthetic=new.synthetic)) for new in file]
    ready = [(new, sha256, rows, keeping.result_digest(rows)) for new, sha256, rows in made]

    def work(conn: Connection) -> list[Stored | None]:
        gone = _absent(conn, [(new, sha256) for new, sha256, *_ in ready], parts) if parts is not None else []
        stored: list[Stored | None] = []
        for part in ready:
            stored.append(_store(conn, clock, new_id, *part, gone=gone, actor=actor, zone=zone))
            gone = (
                gone if stored[-1] is None else []
            )  # the first part that is new withdraws them, before clashes are looked for
        return stored

    return database.write(work)


def _absent(conn: Connection, file: Sequence[tuple[NewDocument, str]], parts: frozenset[str]) -> list[SourceDocument]:
    """List the current documents that the new version of a file no longer holds; none where the file changes nothing."""
    before = [(new, sha256, _current(conn, _newest(conn, new))) for new, sha256 in file]
    same = {row.id for new, sha256, row in before if row is not None and _same(row, sha256, new)}
    replaced = {row.id for _, _, row in before if row is not None} - same
    added: dict[Family, set[str]] = {}
    for new in (new for new, _, row in before if row is None):
        here = {record.identifier for record in new.read.records}
        added.setdefault(family(new.kind, new.profile), set()).update(here)
    if not replaced and not added:
        return []
    return withdrawals.absent(conn, file[0][0].name, parts=parts, left=same, replaced=replaced, added=added)


def _store(
    conn: Connection,
    clock: Clock,
    new_id: Callable[[], str],
    new: NewDocument,
    sha256: str,
    rows: dict[str, list[tuple[Any, ...]]],
    result: str,
    *,
    gone: Sequence[SourceDocument],
    actor: Actor,
    zone: str,
) -> Stored | None:
    newest = _newest(conn, new)
    previous = _current(conn, newest)
    if previous is not None and _same(previous, sha256, new):
        return None
    moment = clock.now()
    made = {"id": new_id(), "imported_at": utc_text(moment), "imported_by": actor.printed_name}
    body = canonical({**made, **_description(conn, new, newest, previous), "sha256": sha256, "result": result})
    document = document_of(body)
    trail.put_content(conn, new.data, media_type=new.media_type)
    if new.kept:
        trail.put_content(conn, new.kept, media_type="application/json")
    _insert_document(conn, document, body)
    vectors = new.vectors or Vectors.of(HashedNgrams(), [passage.text for passage in new.read.passages])
    keeping.keep(conn, document.id, rows, new_id=new_id, vectors=vectors)
    withdrawn = tuple(withdrawals.withdraw(conn, gone, by=document, actor=actor, at=moment, zone=zone))
    clashing = tuple(clashes.merged(clashes.undecided(conn, clashes.of_document(conn, document.id))))
    if previous is not None:
        trail.append(
            conn, at=moment, action=Action.SOURCE_SUPERSEDED, object_id=previous.id,
            object_version=str(json.loads(previous.body)["version"]), new={"superseded_by": document.id},
            zone=zone, actor=actor, object_kind=keeping.SOURCE,
        )  # fmt: skip
    told = [
        (tables.notes, {"document_id": document.id, "number": n, "text": text}) for n, text in enumerate(new.notes, start=1)
    ]
    governed.record(
        conn, told, at=moment, action=Action.SOURCE_IMPORTED, object_id=document.id,
        object_version=str(document.version), new=_entry(document, new.read, clashing, row=digest(body), result=result),
        zone=zone, actor=actor, object_kind=keeping.SOURCE,
    )  # fmt: skip
    return Stored(document, clashing, withdrawn)


def returned(conn: Connection, document: SourceDocument) -> tuple[SourceDocument, str] | None:
    """Return the last earlier version that held the bytes of this one, and the day it was superseded; None where they are new."""
    query = select(tables.documents.c.body).where(tables.documents.c.name == document.name)
    same = (document.part, family(document.kind, document.profile))
    known = [d for d in map(document_of, conn.scalars(query)) if (d.part, family(d.kind, d.profile)) == same]
    known = sorted((d for d in known if d.sequence < document.sequence), key=lambda d: d.sequence)
    if not known or known[-1].sha256 == document.sha256:  # the same bytes, read in another way
        return None
    held = [(d, later.imported_at[:10]) for d, later in pairwise(known) if d.sha256 == document.sha256]
    return held[-1] if held else None


def refuse(database: Database, clock: Clock, *, name: str, reason: str, actor: Actor, zone: str) -> None:
    """Leave an entry that a file was not taken, and why."""

    def work(conn: Connection) -> None:
        trail.append(
            conn, at=clock.now(), action=Action.SOURCE_REFUSED, object_id=name, new={"name": name}, reason=reason,
            zone=zone, actor=actor, object_kind=keeping.SOURCE,
        )  # fmt: skip

    database.write(work)


def _current(conn: Connection, newest: Row[Any] | None) -> Row[Any] | None:
    """Return the version that would be superseded: the newest one, unless it was withdrawn."""
    return newest if newest is not None and records.is_current(conn, newest.id) else None


def _newest(conn: Connection, new: NewDocument) -> Row[Any] | None:
    """Find the newest version of the file's name, part, kind and profile (in whatever version)."""
    table = tables.documents
    query = select(table).where(table.c.name == new.name, table.c.kind == new.kind).order_by(table.c.sequence.desc())
    for row in conn.execute(query):
        body = json.loads(row.body)
        if (family(row.kind, body["profile"]), body.get("part", "")) == (family(new.kind, new.profile), new.part):
            return row
    return None


def _same(previous: Row[Any], sha256: str, new: NewDocument) -> bool:
    body = json.loads(previous.body)
    was = (body["sha256"], body["reading"], body["synthetic"])
    return bool(was == (sha256, dict(new.reading), new.synthetic))


def _description(conn: Connection, new: NewDocument, newest: Row[Any] | None, previous: Row[Any] | None) -> dict[str, Any]:
    last = conn.scalar(select(func.max(tables.documents.c.sequence))) or 0
    return {
        "sequence": last + 1,
        "name": new.name,
        "media_type": new.media_type,
        "size": len(new.data),
        "version": 1 if newest is None else json.loads(newest.body)["version"] + 1,
        "supersedes": None if previous is None else previous.id,
        "profile": new.profile,
        "kind": new.kind,
        "synthetic": new.synthetic,
        "balance": new.read.balance.tree(),
        "columns": dict(new.columns),
        "units": dict(new.units),
        "groups": dict(new.groups),
        "labels": dict(new.labels),
        "reading": dict(new.reading),
        **({"part": new.part} if new.part else {}),
        **({"rows": new.read.rows} if new.read.rows else {}),
        **({"axis": new.axis} if new.axis != "row" else {}),
        **({"places": dict(new.places)} if new.places else {}),
        **({"pages": [list(page) for page in new.pages]} if new.pages else {}),
        **({"skipped": {why: list(rows) for why, rows in new.skipped.items()}} if new.skipped else {}),
        **({"derived": True} if "derived" in new.reading else {}),
    }


def _entry(document: SourceDocument, read: ReadFile, clashing: Sequence[Clash], *, row: str, result: str) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    for record in read.records:
        kinds[record.kind] = kinds.get(record.kind, 0) + 1
    return {
        "name": document.shown,
        "sha256": document.sha256,
        "version": document.version,
        "balance": document.balance.tree(),
        "records": kinds,
        "measurements": len(read.measurements),
        "passages": len(read.passages),
        "row": row,
        "result": result,
        **({"clashes": {"count": len(clashing), "named": [c.name for c in clashing[: clashes.NAMED]]}} if clashing else {}),
    }


def _insert_document(conn: Connection, document: SourceDocument, body: str) -> None:
    conn.execute(
        insert(tables.documents).values(
            id=document.id,
            sequence=document.sequence,
            name=document.name,
            sha256=document.sha256,
            supersedes=document.supersedes,
            kind=document.kind,
            body=body,
            hash=digest(body),
        )
    )
