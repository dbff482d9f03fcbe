"""A person's decision which of several sources of one record or result counts: one row with one entry, the last one counts.

Promise: a decision names the source and the reason, and is on all that came from the same cells. It holds while both sources say what was
compared (`corpus.settled`); where one says something else, the clash is listed again, while the source that was chosen stays in force.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Invalid, NotFound, Stale
from corpus import deciding, records, standing, tables
from corpus.clashes import Clash, of_subject
from corpus.model import SourceDocument

CLASH = "clash"  # what entries call it
LONGEST = 1000  # characters of a reason
_table = tables.preferences
_SIGNED = ("kind", "identifier", "origin", "document_id", "reason", "account_id", "user_id", "at")


@dataclass(frozen=True)
class Decision:
    """What a person decided on one record or result; `counts` where no later decision took its place."""

    seq: int
    kind: str
    identifier: str
    document: SourceDocument
    reason: str
    user_id: str
    at: str
    counts: bool
    also: tuple[str, ...] = ()
    """What else it is on, since it came from the same cells."""

    @property
    def name(self) -> str:
        """Return what the decision is about."""
        return f"{self.kind}/{self.identifier}"


def prefer(
    conn: Connection,
    *,
    kind: str,
    identifier: str,
    document_id: str,
    reason: str,
    actor: Actor,
    at: datetime,
    zone: str,
    seen: Collection[str] = (),
) -> Clash:
    """Let a document's source count for a record or result that clashes, with its entry; return the clash that was decided.

    `seen` names the documents that the person compared; Stale where others differ by now.
    """
    said = reason.strip()
    if not said or len(said) > LONGEST:
        raise Invalid(f"A reason has 1 to {LONGEST} characters.", remedy="Say why this source counts.")
    records.document(conn, document_id)
    if not records.is_current(conn, document_id):
        raise Invalid("A later version of this document is current.", remedy="Choose among the current documents.")
    found = of_subject(conn, kind, identifier)
    clash = next((c for c in found if document_id in (c.first_document, c.second_document)), None)
    if seen and set(seen) != {document for c in found for document in (c.first_document, c.second_document)}:
        raise Stale("Other versions differ by now than those shown to you.", remedy="Compare them again, then decide.")
    if clash is None:
        raise NotFound(f"No other source says something else of {kind} {identifier}.", remedy="Load the list again.")
    source = standing.sources()
    origin = conn.scalar(select(source.c.origin).where(source.c.id == document_id))
    row = {
        "kind": kind, "identifier": identifier, "origin": origin, "document_id": document_id, "reason": said,
        "account_id": actor.id, "user_id": actor.user_id, "at": utc_text(at),
    }  # fmt: skip
    on = _subjects(conn, found, str(origin))
    sealed = digest(canonical({**row, "decided": on}))
    also = [f"{one['kind']}/{one['identifier']}" for one in on[1:]]
    entry = trail.append(
        conn, at=at, zone=zone, actor=actor, action=Action.CLASH_DECIDED, object_kind=CLASH, object_id=clash.name,
        old={"in_force": clash.first},
        new={"document": document_id, "row": sealed, **({"also": also} if also else {})}, reason=said,
    )  # fmt: skip
    conn.execute(insert(_table).values(**row, hash=sealed, seq=entry.seq))
    conn.execute(insert(tables.decided), [{**one, "seq": entry.seq} for one in on])
    return clash


def _subjects(conn: Connection, found: Sequence[Clash], origin: str) -> list[dict[str, str]]:
    """Return what a decision is on, with what was compared: the clash itself, and what the source says from the same cells."""
    groups = [found, *sorted(deciding.together(conn, found), key=lambda group: (group[0].kind, group[0].identifier))]
    told = [(group[0], deciding.compared(conn, group)) for group in groups]
    return [
        {"kind": one.kind, "identifier": one.identifier, "compared": canonical(said)} for one, said in told if origin in said
    ]


def decided(conn: Connection) -> list[Decision]:
    """List the decisions, the last one first, each with the version of the source that the person chose."""
    known = {document.id: document for document in records.documents(conn, current_only=False)}
    found: list[Decision] = []
    later: set[str] = set()
    subjects = _decided(conn)
    for row in conn.execute(select(_table).order_by(_table.c.seq.desc())):
        name, on = f"{row.kind}/{row.identifier}", [f"{one['kind']}/{one['identifier']}" for one in subjects[row.seq]]
        counts, also = name not in later, tuple(one for one in on if one != name)
        later.update(on)
        document = known[row.document_id]
        found.append(Decision(row.seq, row.kind, row.identifier, document, row.reason, row.user_id, row.at, counts, also))
    return found


def products(conn: Connection, decisions: Iterable[Decision]) -> dict[str, frozenset[str | None]]:
    """Return the products that stand with what was decided on, by its name."""
    found: dict[str, set[str | None]] = defaultdict(set)
    listed = list(decisions)
    rows, cells = tables.records, tables.measurements
    for part in standing.parts(one.identifier for one in listed if one.kind != standing.RESULT):
        for row in conn.execute(select(rows.c.kind, rows.c.identifier, rows.c.product).where(rows.c.identifier.in_(part))):
            found[f"{row.kind}/{row.identifier}"].add(row.product)
    for part in standing.parts(batch for one in listed if one.kind == standing.RESULT for batch in _batches(one.identifier)):
        named = select(cells.c.batch, cells.c.attribute, cells.c.product).where(cells.c.batch.in_(part)).distinct()
        for row in conn.execute(named):
            found[f"{standing.RESULT}/{row.batch}/{row.attribute}"].add(row.product)
    return {name: frozenset(said) for name, said in found.items()}


def _batches(identifier: str) -> list[str]:
    """Return what may be the batch in BATCH/ATTRIBUTE: a batch number may hold a slash."""
    return [identifier[:at] for at, letter in enumerate(identifier) if letter == "/"]


def altered(conn: Connection) -> list[str]:
    """Return a sentence for each decision that is not what its entry in the trail says."""
    told = {entry.seq: entry for entry in trail.entries(conn, object_kind=CLASH, action=str(Action.CLASH_DECIDED))}

    rows = {row.seq: row for row in conn.execute(select(_table))}
    subjects = _decided(conn)
    found = []
    for seq in sorted({*told, *rows}):
        row, entry = rows.get(seq), told.get(seq)
        sealed = _sealed(row, subjects[seq]) if row is not None else ""
        if row is None or entry is None or (row.hash, entry.new["row"]) != (sealed, sealed):
            found.append(
                f"the decision on {entry.object_id if entry else row.identifier if row else seq} is not what was said"
            )
    return found


def _decided(conn: Connection) -> dict[int, list[dict[str, str]]]:
    """Return what each decision is on, by its entry, in the order in which it was sealed: what the person named comes first."""
    table = tables.decided
    named = {row.seq: (row.kind, row.identifier) for row in conn.execute(select(_table))}
    rows = sorted(conn.execute(select(table)), key=lambda row: (row.kind, row.identifier))
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: named.get(row.seq) != (row.kind, row.identifier)):
        found[row.seq].append({"kind": row.kind, "identifier": row.identifier, "compared": row.compared})
    return found


def _sealed(row: Row[Any], on: Sequence[dict[str, str]]) -> str:
    signed = {name: getattr(row, name) for name in _SIGNED}
    before = [{"kind": row.kind, "identifier": row.identifier, "compared": ""}]  # a decision made before this was kept
    return digest(canonical(signed if on == before else {**signed, "decided": on}))
