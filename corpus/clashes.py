"""Records and results that several current sources hold with different content: which is in force, and what the other says.

Promise: what is in force stays in force (`corpus.standing`); what another source says of it is listed, and a person decides. Equal
content counts once and is no clash. Numbers are compared as numbers, days as days (`corpus.plausibility.same_literal`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, tuple_

from corpus import records, settled, standing, tables
from corpus.linking import differing
from corpus.model import Locator, Measurement, Record, SourceDocument
from corpus.plausibility import same_literal
from corpus.rows import record_of

NAMED = 20  # clashes that an entry of the trail names; it counts all
TO_DECIDE = "; a person decides which counts."  # ends a note on a clash
TOLD = 5  # in a warning; the result of an import lists all
FIELDS, SHOWN = 5, 80  # fields and characters of a clash that a sentence tells

_records, _measurements = tables.records, tables.measurements


Cell = tuple[str, int | None, str]  # document id, row, header


@dataclass(frozen=True)
class Said:
    """What one source says where another says something else, and where it stands."""

    document_id: str
    row: int | None
    locator: Locator
    product: str | None
    values: tuple[tuple[str, str], ...]
    """Each field or attribute that differs, and its literal (with the unit of a result)."""
    headers: frozenset[str] = field(default=frozenset(), compare=False)
    """The columns of the file from which it comes."""


@dataclass(frozen=True)
class Clash:
    """Two current sources that say different things of one record or result; `one` is in force."""

    kind: str
    identifier: str
    one: Said
    other: Said
    waits: bool = field(default=True, compare=False)
    """Whether a person has to decide."""
    why: str = field(default="", compare=False)
    """Why that is in force, once `undecided`, `subjects` or `explained` told."""

    @property
    def name(self) -> str:
        """Return what the clash is about."""
        return f"{self.kind}/{self.identifier}"

    @property
    def first(self) -> str:
        """Return what is in force says, and where it stands."""
        return self._says(self.one)

    @property
    def second(self) -> str:
        """Return what the other source says, and where it stands."""
        return self._says(self.other)

    @property
    def first_document(self) -> str:
        """Return the document that is in force."""
        return self.one.document_id

    @property
    def second_document(self) -> str:
        """Return the other document."""
        return self.other.document_id

    @property
    def told(self) -> str:
        """Return the clash in one sentence."""
        subject = f"{self.kind.replace('_', ' ').capitalize()} {self.identifier}"
        in_force = f"is in force {self.why}".strip()
        return f"{subject}: {self.first} {in_force}; {self.second} says otherwise"

    @property
    def cells(self) -> frozenset[Cell]:
        """Return the cells that it is about."""
        return frozenset((side.document_id, side.row, name) for side in (self.one, self.other) for name in side.headers)

    def _says(self, side: Said) -> str:
        if self.kind == standing.RESULT:
            return f"{side.values[0][1]} ({side.locator})"
        told = ", ".join(f"{name} '{literal[:SHOWN]}'" for name, literal in side.values[:FIELDS])
        rest = f" and {len(side.values) - FIELDS} more fields" if len(side.values) > FIELDS else ""
        return f"{told}{rest} ({side.locator})"


def warnings(document: SourceDocument, found: Sequence[Clash]) -> list[str]:
    """Warn of what other sources say differently, the first ones by name; what is in force stays so."""
    if not found:
        return []
    named = "; ".join(clash.told for clash in found[:TOLD])
    rest = f"; and {len(found) - TOLD} more" if len(found) > TOLD else ""
    said = f"{document.shown} and other files say different things of {len(found):,} record(s) or result(s)."
    return [f"{said} What is in force stays so until a person decides. {named}{rest}."]


def every(conn: Connection) -> Iterator[Clash]:
    """Yield every clash between current documents, records before results, those of one record or result together.

    The store tells which records and results several sources hold with different text, so that few clashes cost one pass over an
    index; who takes the first ones only reads no further.
    """
    yield from of_records(conn)
    for keys in _contested(conn, _measurements.c.batch, _measurements.c.attribute, (
        _measurements.c.literal, _measurements.c.state, _measurements.c.unit,
    )):  # fmt: skip
        yield from sorted(_among(conn, keys), key=lambda clash: clash.name)


def of_subject(conn: Connection, kind: str, identifier: str) -> list[Clash]:
    """Find the clashes of one record or result."""
    if kind != standing.RESULT:
        return list(_of_records(conn, [(kind, identifier)]))
    cuts = [at for at, letter in enumerate(identifier) if letter == "/"][: standing.MOST_IN_LIST]
    return list(_among(conn, {(identifier[:at], identifier[at + 1 :]) for at in cuts}))


def of_document(conn: Connection, document_id: str) -> list[Clash]:
    """Find what a current document and others say differently."""
    return [*_of_records(conn, _shared_records(conn, document_id)), *_of_results(conn, document_id)]


def of_records(conn: Connection) -> Iterator[Clash]:
    """Yield every clash between the records of current documents."""
    for keys in _contested(conn, _records.c.identifier, _records.c.kind, (_records.c.fields,)):
        yield from _of_records(conn, [(kind, identifier) for identifier, kind in keys])


def of_measurements(found: Iterable[Measurement]) -> Iterator[Clash]:
    """Yield the clashes between measurements; of each result the one in force comes first, as `records.every_measurement` gives them."""
    first: dict[standing.Result, Measurement] = {}
    for m in found:
        one = first.setdefault(standing.result_of(m), m)
        if one.document_id != m.document_id and not _same(one, m):
            yield Clash(standing.RESULT, f"{m.batch}/{m.attribute}", said_of(one), said_of(m))


def undecided(conn: Connection, found: Iterable[Clash]) -> Iterator[Clash]:
    """Leave out the clashes that a person decided, while both sources say what was compared and the one chosen is in force."""
    return (clash for clash in explained(conn, found) if clash.waits)


def explained(conn: Connection, found: Iterable[Clash]) -> Iterator[Clash]:
    """Say of each clash whether it waits for a person, and why what is in force is in force."""
    verdict = settled.judge(conn)
    for clash in found:
        said = verdict(clash)
        yield replace(clash, waits=said.waits, why=said.why)


def merged(found: Iterable[Clash], known: Iterable[Clash] = ()) -> list[Clash]:
    """Leave out the results that came from the cells of a record that clashes: one decision is on both."""
    listed = list(found)
    owners = _owners((*known, *listed))
    return [clash for clash in listed if clash.kind != standing.RESULT or not _owned(clash, owners)]


def _owners(found: Iterable[Clash]) -> dict[Cell, str]:
    return {cell: clash.name for clash in found if clash.kind != standing.RESULT for cell in clash.cells}


def _owned(clash: Clash, owners: Mapping[Cell, str]) -> bool:
    """Tell whether all cells of a clash are those of one record."""
    named = {owners.get(cell) for cell in clash.cells}
    return len(named) == 1 and None not in named


def subjects(conn: Connection) -> Iterator[list[Clash]]:
    """Yield all clashes of each record or result of which one is undecided: who decides compares every source.

    A result that came from the cells of a record that is listed is decided with it.
    """
    owners: dict[Cell, str] = {}
    for _, group in groupby(explained(conn, every(conn)), key=lambda clash: clash.name):
        found = list(group)
        if any(clash.waits for clash in found) and not all(_owned(clash, owners) for clash in found):
            owners |= _owners(found)
            yield found


def _same(one: Measurement, other: Measurement) -> bool:
    if (one.state, one.unit) != (other.state, other.unit):
        return False
    read = one.value is not None and one.value == other.value  # also where one file writes a decimal comma
    return read or same_literal(one.written, other.written)


def said_of(m: Measurement) -> Said:
    """Return what a source says of a result."""
    literal = f"{m.written or 'nothing'} {m.unit}".strip()
    return Said(m.document_id, m.row, m.locator, m.product, ((m.attribute, literal),), frozenset({m.column}))


def _contested(
    conn: Connection, first: ColumnElement[str], second: ColumnElement[str], said: Sequence[ColumnElement[str]]
) -> Iterator[Sequence[Any]]:
    """Yield, in parts, the keys under which several current documents hold rows that are not letter for letter the same."""
    document = first.table.c.document_id
    query = (
        select(first, second)
        .where(standing.current_document(document))
        .group_by(first, second)
        .having(func.min(document) != func.max(document), or_(*(func.min(c) != func.max(c) for c in said)))
        .order_by(first, second)
        .limit(standing.MOST_IN_LIST)
    )
    part = conn.execute(query).all()
    while part:
        yield part
        if len(part) < standing.MOST_IN_LIST:
            return
        part = conn.execute(query.where(tuple_(first, second) > tuple_(*part[-1]))).all()


def _shared_records(conn: Connection, document_id: str) -> Sequence[Any]:
    """Return the (kind, identifier) of a document's records that other current documents hold with other text."""
    other = _records.alias("other")
    return conn.execute(
        select(_records.c.kind, _records.c.identifier)
        .join(other, (other.c.identifier == _records.c.identifier) & (other.c.kind == _records.c.kind))
        .where(
            _records.c.document_id == document_id,
            other.c.document_id != document_id,
            other.c.fields != _records.c.fields,
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
        query = (
            select(ranked)
            .where(ranked.c.identifier.in_(identifiers))
            .order_by(ranked.c.identifier, ranked.c.kind, ranked.c.rank)
        )
        for row in conn.execute(query):
            if (row.kind, row.identifier) in wanted:
                grouped[row.kind, row.identifier].append(record_of(row, known))
    for (kind, identifier), (first, *rest) in grouped.items():
        for other in rest:
            names = differing(first, other) if other.document.id != first.document.id else ()
            if names:
                yield Clash(kind, identifier, _fields(first, names), _fields(other, names))


def _fields(record: Record, names: Sequence[str]) -> Said:
    values = tuple((name, record.get(name)) for name in names)
    headers = frozenset(record.document.columns.get(name, name) for name in record.fields)
    return Said(record.document.id, record.row, record.locator(), record.product, values, headers)


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
        or_(*(other.c[name] != _measurements.c[name] for name in ("literal", "state", "unit"))),
        standing.current_document(other.c.document_id),
    )
    for clash in _among(conn, {(batch, attribute) for batch, attribute in conn.execute(query.distinct())}):
        if document_id in (clash.first_document, clash.second_document):
            yield clash


def _among(conn: Connection, keys: Iterable[Any]) -> Iterator[Clash]:
    """Compare the results of each (batch, attribute)."""
    wanted = {(batch, attribute) for batch, attribute in keys}
    if wanted:
        batches, attributes = {batch for batch, _ in wanted}, {attribute for _, attribute in wanted}
        every_one = records.every_measurement(conn, batches=batches, attributes=attributes, primary_only=False)
        yield from of_measurements(m for m in every_one if (m.batch, m.attribute) in wanted)
