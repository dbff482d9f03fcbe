"""Records and results that several current sources hold with different content: which is in force, and what the other says.

Promise: what is in force stays in force (`corpus.standing`); what another source says of it is listed, and a person decides. Equal
content counts once and is no clash. Numbers are compared as numbers, days as days (`corpus.plausibility.same_literal`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from corpus import records, standing, tables
from corpus.linking import differing
from corpus.model import Measurement, Record
from corpus.plausibility import same_literal
from corpus.rows import record_of

NAMED = 20  # clashes that an entry of the trail names; it counts all

_records, _measurements = tables.records, tables.measurements


@dataclass(frozen=True)
class Clash:
    """Two current sources that say different things of one record or result; `first` is in force."""

    kind: str
    identifier: str
    first: str
    """What is in force says, and where it stands."""
    second: str
    first_document: str
    second_document: str

    @property
    def name(self) -> str:
        """Return what the clash is about."""
        return f"{self.kind}/{self.identifier}"

    @property
    def told(self) -> str:
        """Return the clash in one sentence."""
        return f"{self.kind.replace('_', ' ').capitalize()} {self.identifier}: {self.first} is in force; {self.second} says otherwise"


def of_document(conn: Connection, document_id: str) -> list[Clash]:
    """Find what a current document and others say differently."""
    return [*_of_records(conn, _shared_records(conn, document_id)), *_of_results(conn, document_id)]


def of_records(conn: Connection) -> list[Clash]:
    """Find every clash between the records of current documents."""
    query = select(_records.c.kind, _records.c.identifier).where(standing.current_document(_records.c.document_id))
    several = func.count(_records.c.document_id.distinct()) > 1
    return list(_of_records(conn, conn.execute(query.group_by(_records.c.kind, _records.c.identifier).having(several))))


def of_measurements(found: Iterable[Measurement]) -> Iterator[Clash]:
    """Yield the clashes between measurements; of each result the one in force comes first, as `records.every_measurement` gives them."""
    first: dict[standing.Result, Measurement] = {}
    for m in found:
        one = first.setdefault(standing.result_of(m), m)
        if one.document_id != m.document_id and not _same(one, m):
            yield Clash(standing.RESULT, f"{m.batch}/{m.attribute}", _cell(one), _cell(m), one.document_id, m.document_id)


def undecided(conn: Connection, found: Iterable[Clash]) -> list[Clash]:
    """Leave out the clashes that a person decided after both versions were imported."""
    table = tables.preferences
    decided = {f"{row.kind}/{row.identifier}": row.at for row in conn.execute(select(table).order_by(table.c.seq))}
    if not decided:
        return list(found)
    imported = {document.id: document.imported_at for document in records.documents(conn)}
    return [
        clash
        for clash in found
        if max(imported[clash.first_document], imported[clash.second_document]) > decided.get(clash.name, "")
    ]


def _same(one: Measurement, other: Measurement) -> bool:
    return (one.state, one.unit) == (other.state, other.unit) and same_literal(one.literal, other.literal)


def _cell(m: Measurement) -> str:
    return f"{m.literal.strip() or 'nothing'} {m.unit}".strip() + f" ({m.locator})"


def _shared_records(conn: Connection, document_id: str) -> Sequence[Any]:
    """Return the (kind, identifier) of a document's records that other current documents hold too."""
    other = _records.alias("other")
    return conn.execute(
        select(_records.c.kind, _records.c.identifier)
        .join(other, (other.c.identifier == _records.c.identifier) & (other.c.kind == _records.c.kind))
        .where(
            _records.c.document_id == document_id,
            other.c.document_id != document_id,
            standing.current_document(other.c.document_id),
        )
        .distinct()
    ).all()


def _of_records(conn: Connection, keys: Iterable[Any]) -> Iterator[Clash]:
    """Compare the records of each (kind, identifier) with the one in force."""
    wanted = {(kind, identifier) for kind, identifier in keys}
    if not wanted:
        return
    known = {document.id: document for document in records.documents(conn)}
    ranked = standing.ranked()
    grouped: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for identifiers in standing.parts(identifier for _, identifier in sorted(wanted)):
        query = select(ranked).where(ranked.c.identifier.in_(identifiers)).order_by(ranked.c.kind, ranked.c.rank)
        for row in conn.execute(query):
            if (row.kind, row.identifier) in wanted:
                grouped[row.kind, row.identifier].append(record_of(row, known))
    for (kind, identifier), (first, *rest) in grouped.items():
        for other in rest:
            names = differing(first, other) if other.document.id != first.document.id else ()
            if names:
                one, two = _fields(first, names), _fields(other, names)
                yield Clash(kind, identifier, one, two, first.document.id, other.document.id)


def _fields(record: Record, names: Sequence[str]) -> str:
    said = ", ".join(f"{name} '{record.get(name)[:SHOWN]}'" for name in names[:FIELDS])
    rest = f" and {len(names) - FIELDS} more fields" if len(names) > FIELDS else ""
    return f"{said}{rest} ({record.locator()})"


FIELDS, SHOWN = 5, 80  # fields and characters of a clash that are shown


def _of_results(conn: Connection, document_id: str) -> Iterator[Clash]:
    other = _measurements.alias("other")
    same = (
        (other.c.batch == _measurements.c.batch)
        & (other.c.attribute == _measurements.c.attribute)
        & (other.c.primary_source == _measurements.c.primary_source)
    )
    query = select(_measurements.c.batch, _measurements.c.attribute).join(other, same)
    query = query.where(
        _measurements.c.document_id == document_id,
        other.c.document_id != document_id,
        standing.current_document(other.c.document_id),
    )
    shared = {(batch, attribute) for batch, attribute in conn.execute(query.distinct())}
    if shared:
        batches, attributes = {batch for batch, _ in shared}, {attribute for _, attribute in shared}
        every = records.every_measurement(conn, batches=batches, attributes=attributes, primary_only=False)
        for clash in of_measurements(m for m in every if (m.batch, m.attribute) in shared):
            if document_id in (clash.first_document, clash.second_document):
                yield clash
