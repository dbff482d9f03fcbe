"""Extracts that sources stated, kept beside their documents: compared, confirmed by a second person, printed with completeness.

What a source states stands in `stated`, how it compares in `totals`. Completeness is never more than "relative to extract X".
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from audit import governed, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound
from corpus import records, tables
from corpus.model import SourceDocument
from corpus.stated import LONGEST, FileTotals, StatedExtract
from corpus.totals import Compared, compare

EXTRACT = "extract"  # what entries call it
NAMED = 3  # files without an extract that a statement names
_extracts, _confirmations = tables.extracts, tables.extract_confirmations


@dataclass(frozen=True)
class Confirmation:
    """The second person's act."""

    user_id: str
    at: str
    reason: str


@dataclass(frozen=True)
class Extract:
    """An extract as stated for one document, its totals compared, and its confirmation where there is one."""

    id: str
    document_id: str
    document: str
    system: str
    query: str
    extracted_on: str
    extracted_by: str
    compared: tuple[Compared, ...]
    account_id: str
    user_id: str
    at: str
    confirmation: Confirmation | None = None

    @property
    def differences(self) -> tuple[Compared, ...]:
        """Return the totals that are not those of the source."""
        return tuple(one for one in self.compared if not one.equal)

    @property
    def warnings(self) -> list[str]:
        """Return a warning for each total that is not that of the source, with the reason where a second person accepted it."""
        second = self.confirmation
        why = f" {second.user_id} accepted it: {second.reason}" if second and second.reason else ""
        return [f"{self.document}: control total differs: {one.told}.{why}" for one in self.differences]


@dataclass(frozen=True)
class Statement:
    """What completeness of a record kind is relative to; `settled` where every file has a confirmed extract with equal totals."""

    kind: str
    lines: tuple[str, ...]
    settled: bool

    @property
    def text(self) -> str:
        """Return the statement in one paragraph."""
        return " ".join(self.lines)


def state(
    conn: Connection,
    *,
    stated: StatedExtract,
    totals: FileTotals,
    document: SourceDocument,
    extract_id: str,
    actor: Actor,
    at: datetime,
    zone: str,
) -> Extract | None:
    """Keep what the source says of a document, compared with what was read, with its entry; None where it is kept so already."""
    said = {name: getattr(stated, name) for name in ("system", "query", "extracted_on", "extracted_by")}
    compared = compare(conn, document, totals)
    body = canonical(
        {**said, "document": document.shown, "sha256": document.sha256, "totals": [asdict(one) for one in compared]}
    )
    last = of_documents(conn, [document.id]).get(document.id)
    if last is not None and _body(last, document) == body:
        return None
    values = {
        "id": extract_id, "document_id": document.id, "body": body, "hash": digest(body), "account_id": actor.id,
        "user_id": actor.user_id, "at": utc_text(at),
    }  # fmt: skip
    governed.record(
        conn, [(_extracts, values)], at=at, zone=zone, actor=actor, action=Action.EXTRACT_STATED, object_kind=EXTRACT,
        object_id=extract_id, new={**said, "document": document.id, "totals": [one.told for one in compared], "row": digest(body)},
    )  # fmt: skip
    return of_documents(conn, [document.id])[document.id]


def _body(extract: Extract, document: SourceDocument) -> str:
    said = {name: getattr(extract, name) for name in ("system", "query", "extracted_on", "extracted_by")}
    totals = [asdict(one) for one in extract.compared]
    return canonical({**said, "document": document.shown, "sha256": document.sha256, "totals": totals})


def confirm(
    conn: Connection, extract_id: str, *, reason: str, actor: Actor, printed_name: str, at: datetime, zone: str
) -> Extract:
    """Confirm an extract as a second person, with its entry; where totals differ only with a reason."""
    row = conn.execute(select(_extracts).where(_extracts.c.id == extract_id)).first()
    if row is None:
        raise NotFound("There is no such extract.", remedy="Load the list again.")
    extract = _extract(row, _confirmed(conn, [extract_id]))
    if extract.confirmation is not None:
        raise Conflict(f"{extract.confirmation.user_id} confirmed this extract already.", remedy="Load the list again.")
    if extract.account_id == actor.id or extract.extracted_by.casefold() in (
        printed_name.casefold(),
        actor.user_id.casefold(),
    ):
        raise Invalid("An extract is confirmed by a second person.", remedy="Ask somebody who neither made nor stated it.")
    said = reason.strip()
    if extract.differences and not said:
        told = "; ".join(one.told for one in extract.differences)
        raise Invalid(f"The totals differ: {told}.", remedy="Say why it is accepted, or state a new extract.")
    if len(said) > LONGEST:
        raise Invalid(f"A reason has at most {LONGEST} characters.", remedy="Shorten it.")
    values = {
        "extract_id": extract_id, "reason": said, "account_id": actor.id, "user_id": actor.user_id, "at": utc_text(at)
    }  # fmt: skip
    governed.record(
        conn, [(_confirmations, values)], at=at, zone=zone, actor=actor, action=Action.EXTRACT_CONFIRMED, object_kind=EXTRACT,
        object_id=extract_id, new={"row": row.hash, "differences": len(extract.differences)}, reason=said or None,
    )  # fmt: skip
    return _extract(row, _confirmed(conn, [extract_id]))


def of_documents(conn: Connection, document_ids: Collection[str]) -> dict[str, Extract]:
    """Return the last extract that was stated for each of the documents."""
    wanted = set(document_ids)
    rows = [row for row in conn.execute(select(_extracts).order_by(_extracts.c.seq)) if row.document_id in wanted]
    confirmed = _confirmed(conn, [row.id for row in rows])
    return {row.document_id: _extract(row, confirmed) for row in rows}


def _confirmed(conn: Connection, extract_ids: Iterable[str]) -> dict[str, Confirmation]:
    wanted = set(extract_ids)
    rows = conn.execute(select(_confirmations)).all()
    return {row.extract_id: Confirmation(row.user_id, row.at, row.reason) for row in rows if row.extract_id in wanted}


def _extract(row: Row[Any], confirmed: Mapping[str, Confirmation]) -> Extract:
    tree = json.loads(row.body)
    return Extract(
        row.id, row.document_id, tree["document"], tree["system"], tree["query"], tree["extracted_on"], tree["extracted_by"],
        tuple(Compared(**one) for one in tree["totals"]), row.account_id, row.user_id, row.at, confirmed.get(row.id),
    )  # fmt: skip


def current(conn: Connection) -> list[Extract]:
    """List the extracts of current documents in the order of import."""
    documents = [document.id for document in records.documents(conn)]
    found = of_documents(conn, documents)
    return [found[key] for key in documents if key in found]


def statement_of(conn: Connection, kind: str) -> Statement:
    """Say what the completeness of one record kind is relative to."""
    return statements(conn, [kind])[kind]


def statements(conn: Connection, kinds: Iterable[str]) -> dict[str, Statement]:
    """Say for each record kind what its completeness is relative to: the extracts of the current files that hold it."""
    documents = records.documents(conn)
    known = of_documents(conn, [document.id for document in documents])
    made = {}
    for kind in dict.fromkeys(kinds):
        own = [document for document in documents if document.kind == kind]
        told = tuple(_lines(own, known)) or (f"No file of {kind.replace('_', ' ')} records was imported.",)
        made[kind] = Statement(kind, told, bool(own) and all(_settled(known.get(document.id)) for document in own))
    return made


def _settled(extract: Extract | None) -> bool:
    return extract is not None and extract.confirmation is not None and not extract.differences


def _lines(documents: Sequence[SourceDocument], known: Mapping[str, Extract]) -> Iterator[str]:
    """Say it of each file with an extract, and once of those without."""
    yield from (_line(document, known[document.id]) for document in documents if document.id in known)
    without = [document.shown for document in documents if document.id not in known]
    if without:
        rest = f" and {len(without) - NAMED} more files" if len(without) > NAMED else ""
        files = "it" if len(without) == 1 else "them"
        yield f"Complete relative to {', '.join(without[:NAMED])}{rest} as imported; no extract is stated for {files}."


def _line(document: SourceDocument, extract: Extract) -> str:
    totals = "; ".join(one.told for one in extract.compared) or "without totals of the source"
    second = extract.confirmation
    confirmed = f"confirmed by {second.user_id}" if second else "not yet confirmed by a second person"
    why = f" ({second.reason})" if second and second.reason else ""
    return (
        f"Complete relative to the extract of {extract.extracted_on} from {extract.system} by {extract.extracted_by} "
        f"({document.shown}): {totals}; {confirmed}{why}."
    )


def altered(conn: Connection) -> list[str]:
    """Return a sentence for each extract or confirmation that is not what its entry in the trail says."""
    told = {
        entry.seq: entry
        for action in (Action.EXTRACT_STATED, Action.EXTRACT_CONFIRMED)
        for entry in trail.entries(conn, object_kind=EXTRACT, action=str(action))
    }
    findings = []
    hashes = {}
    for row in conn.execute(select(_extracts)):
        entry, hashes[row.id] = told.get(row.seq), row.hash
        whole = digest(row.body) == row.hash
        if (
            entry is None
            or not whole
            or (entry.object_id, entry.new["row"], entry.new["document"]) != (row.id, row.hash, row.document_id)
            or (entry.actor.id, entry.actor.user_id) != (row.account_id, row.user_id)
        ):
            findings.append(f"extract {row.id} is not what was stated")
    for row in conn.execute(select(_confirmations)):
        entry = told.get(row.seq)
        said = (row.extract_id, hashes.get(row.extract_id), row.account_id, row.user_id, row.reason or None)
        who = entry.actor if entry else None
        if entry is None or who is None or said != (entry.object_id, entry.new["row"], who.id, who.user_id, entry.reason):
            findings.append(f"the confirmation of extract {row.extract_id} is not what was said")
    return findings
