"""Read the corpus back: current records, measurements, passages and documents, with the place each came from.

"Current" is a query: a document is current while no other supersedes it and its file holds it, and where two current documents describe the
same record or measurement, `corpus.standing` says which of them counts.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, or_, select

from audit.errors import NotFound
from audit.trail import get_content
from corpus import kept, standing, tables
from corpus.model import Measurement, Passage, Record, Refusal, SourceDocument
from corpus.rows import MEASURED, document_of, measurement_of, passage_of, record_of
from corpus.standing import current_document

_documents, _records, _measurements = tables.documents, tables.records, tables.measurements
MOST_TOLD = 20  # products that an error names


def current_records(
    conn: Connection,
    *,
    product: str | None = None,
    strength: str | None = None,
    kind: str | None = None,
    kinds: Collection[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    identifiers: Collection[str] | None = None,
) -> list[Record]:
    """List current records by date, then identifier (digits compare as numbers).

    Records that name no product (or "*") pass every product filter, and likewise for strength. Months and years match
    where they overlap the period; records without a date are only returned where no period is asked for.
    """
    wanted = set(kinds or ()) | ({kind} if kind else set())
    query = _in_force(product=product, strength=strength, kinds=wanted, since=since, until=until)
    rows: Iterable[Any] = conn.execute(_among(query, query.selected_columns.identifier, identifiers))
    if identifiers is not None:
        named = set(identifiers)
        rows = (row for row in rows if row.identifier in named)
    known = _known(conn)
    found = [record_of(row, known) for row in rows]
    return sorted(found, key=lambda r: (r.date or "", natural(r.identifier), r.kind))


def count_current(
    conn: Connection,
    *,
    product: str | None = None,
    kind: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> int:
    """Count the current records that `current_records` would list."""
    query = _in_force(product=product, kinds={kind} if kind else (), since=since, until=until)
    return conn.scalar(select(func.count()).select_from(query.subquery())) or 0


def _in_force(
    *, product: str | None, kinds: Collection[str], since: str | None, until: str | None, strength: str | None = None
) -> Select[Any]:
    ranked = standing.ranked()
    query = select(ranked).where(ranked.c.rank == 1)
    if kinds:
        query = query.where(ranked.c.kind.in_(sorted(kinds)))
    for column, value in ((ranked.c.product, product), (ranked.c.strength, strength)):
        if value is not None:
            query = query.where(or_(column == value, column == "*", column.is_(None)))
    if since or until:
        query = query.where(ranked.c.date.is_not(None))
    if since:
        query = query.where(ranked.c.date >= func.substr(literal(since), 1, func.length(ranked.c.date)))
    if until:
        query = query.where(ranked.c.date <= func.substr(literal(until), 1, func.length(ranked.c.date)))
    return query


def kinds(conn: Connection) -> dict[str, int]:
    """Return how many current records there are of each kind."""
    ranked = standing.ranked()
    query = select(ranked.c.kind, func.count()).where(ranked.c.rank == 1).group_by(ranked.c.kind)
    return {row.kind: row[1] for row in conn.execute(query)}


def products(conn: Connection, *, besides: str = "") -> list[str]:
    """Return the product codes of current records, digits compared as numbers; `besides` is a kind whose records are not asked."""
    query = select(_records.c.product).where(current_document(_records.c.document_id), _records.c.kind != besides).distinct()
    return sorted((code for code in conn.scalars(query) if code and code != "*"), key=natural)


def require_product(conn: Connection, product: str | None) -> None:
    """Raise NotFound for a product that no current record or passage names: what names none would be found as if it were its own."""
    texts = tables.passages.c
    if product is None or product in products(conn):
        return
    own = select(texts.id).where(texts.product == product, current_document(texts.document_id)).limit(1)
    if conn.scalar(own) is None:
        listed = products(conn)
        more = f" and {len(listed) - MOST_TOLD} more" if len(listed) > MOST_TOLD else ""
        told = (
            f"Products of the imported files: {', '.join(listed[:MOST_TOLD])}{more}."
            if listed
            else "None is named yet: leave it out."
        )
        raise NotFound(
            f"No imported file names the product '{product[:40]}'.",
            remedy=f"{told} The product list of the Search screen and `verascribe records --json` name them all.",
        )


def passage_kinds(conn: Connection) -> list[str]:
    """Return the kinds of current passages."""
    query = select(tables.passages.c.kind).where(current_document(tables.passages.c.document_id)).distinct()
    return sorted(conn.scalars(query))


def every_record(conn: Connection, *, identifiers: Collection[str] | None = None) -> list[Record]:
    """List the records of every current document, those too that are not in force, in the order of imports and rows."""
    known = _known(conn)
    query = select(_records).where(current_document(_records.c.document_id))
    found = [record_of(row, known) for row in conn.execute(_among(query, _records.c.identifier, identifiers)).all()]
    return sorted(found, key=lambda r: (r.document.sequence, r.row or 0, natural(r.identifier)))


def record(conn: Connection, kind: str, identifier: str) -> Record | None:
    """Return the current record of a kind and identifier, or None."""
    found = current_records(conn, kind=kind, identifiers=[identifier])
    return found[0] if found else None


def records_by_id(conn: Connection, ids: Collection[str]) -> dict[str, Record]:
    """Return record versions by their id, superseded ones too: what a report cited stays readable."""
    known = _known(conn, current_only=False)
    return {
        row.id: record_of(row, known)
        for part in standing.parts(ids)
        for row in conn.execute(_records.select().where(_records.c.id.in_(part)))
    }


def measurements(
    conn: Connection,
    *,
    batches: Collection[str] | None = None,
    product: str | None = None,
    attributes: Collection[str] | None = None,
    primary_only: bool = True,
) -> list[Measurement]:
    """List measurements of current documents by batch (digits compare as numbers), in the order of the source's rows.

    Where two current documents measure the same, the one in force counts; `every_measurement` returns both.
    """
    return standing.in_force(
        every_measurement(conn, batches=batches, product=product, attributes=attributes, primary_only=primary_only)
    )


def every_measurement(
    conn: Connection,
    *,
    batches: Collection[str] | None = None,
    product: str | None = None,
    attributes: Collection[str] | None = None,
    primary_only: bool = True,
) -> list[Measurement]:
    """List what every current document measured, in the order of `measurements`, that in force before what another document says."""
    known = _known(conn)
    query = select(*MEASURED).where(current_document(_measurements.c.document_id))
    if product is not None:
        query = query.where(_measurements.c.product == product)
    if primary_only:
        query = query.where(_measurements.c.primary_source.is_(True))
    query = _among(_among(query, _measurements.c.batch, batches), _measurements.c.attribute, attributes)
    found = [measurement_of(row, known[row[-1]]) for row in conn.execute(query).all()]
    if batches is not None:
        within = set(batches)
        found = [m for m in found if m.batch in within]
    if attributes is not None:
        named = set(attributes)
        found = [m for m in found if m.attribute in named]
    order = {batch: place for place, batch in enumerate(sorted({m.batch for m in found}, key=natural))}
    place = standing.by_standing(conn, found)

    def at(m: Measurement) -> tuple[int, int, int, str]:
        return order[m.batch], place.get((standing.result_of(m), m.document_id), m.sequence), m.row, m.attribute

    return sorted(found, key=at)


def documents(conn: Connection, current_only: bool = True) -> list[SourceDocument]:  # noqa: FBT001, FBT002 - reads as a sentence
    """List source documents in the order of import."""
    return sorted(_known(conn, current_only=current_only).values(), key=lambda d: d.sequence)


def named(conn: Connection, name: str) -> list[SourceDocument]:
    """List the current documents of a file name, one for each part."""
    query = select(_documents.c.body).where(_documents.c.name == name, current_document(_documents.c.id))
    return [document_of(body) for body in conn.scalars(query.order_by(_documents.c.sequence))]


def document(conn: Connection, document_id: str) -> SourceDocument:
    """Return one document version; raise NotFound."""
    body = conn.scalar(select(_documents.c.body).where(_documents.c.id == document_id))
    if body is None:
        raise NotFound(f"There is no source document {document_id}.", remedy="Choose one from the list of documents.")
    return document_of(body)


def is_current(conn: Connection, document_id: str) -> bool:
    """Tell whether no later version supersedes a document, and none of its file withdrew it."""
    query = select(_documents.c.id).where(_documents.c.id == document_id, current_document(_documents.c.id))
    return conn.execute(query).first() is not None


def document_bytes(conn: Connection, document: SourceDocument | str) -> bytes:
    """Return the file as it was imported, by document or id; raise Tampered where its bytes were altered."""
    return get_content(conn, _version(conn, document).sha256)


def count_in(conn: Connection, document_id: str) -> int:
    """Return how many records stand in one document version."""
    return conn.scalar(select(func.count()).where(_records.c.document_id == document_id)) or 0


def refusals(conn: Connection, document_id: str | None = None) -> list[Refusal]:
    """List refused cells of one document version, or of all current ones."""
    table = tables.refusals
    query = select(table, _documents.c.name).join(_documents, _documents.c.id == table.c.document_id)
    if document_id is None:
        query = query.where(current_document(table.c.document_id))
    else:
        query = query.where(table.c.document_id == document_id)
    rows = conn.execute(query.order_by(_documents.c.sequence, table.c.number))
    return [Refusal(row.name, row.locator, row.literal, row.reason) for row in rows]


def passages(
    conn: Connection,
    *,
    kind: str | None = None,
    product: str | None = None,
    record_identifier: str | None = None,
    ids: Collection[str] | None = None,
) -> list[Passage]:
    """List passages in the order of their documents; by id also those of superseded versions.

    Passages that name no product (or "*") pass every product filter.
    """
    table = tables.passages
    query = select(table, _documents.c.name, _documents.c.sha256, _documents.c.sequence)
    query = query.join(_documents, _documents.c.id == table.c.document_id)
    query = query.where(*passage_scope(product=product, kind=kind, current_only=ids is None))
    if record_identifier is not None:
        query = query.where(table.c.record_identifier == record_identifier)
    if ids is None:
        rows = list(conn.execute(query))
    else:
        rows = [row for part in standing.parts(ids) for row in conn.execute(query.where(table.c.id.in_(part)))]
    return [passage_of(row) for row in sorted(rows, key=lambda row: (row.sequence, row.number))]


def passage_scope(
    *, product: str | None = None, kind: str | None = None, current_only: bool = True
) -> list[ColumnElement[bool]]:
    """Return the conditions on passages that lie in a scope, for queries that rank."""
    table = tables.passages
    wheres: list[ColumnElement[bool]] = []
    if current_only:
        wheres.append(current_document(table.c.document_id))
    if product is not None:
        wheres.append(or_(table.c.product == product, table.c.product == "*", table.c.product.is_(None)))
    if kind is not None:
        wheres.append(table.c.kind == kind)
    return wheres


def sequence(conn: Connection) -> int:
    """Return the number of the last import; a report made at a lower one may be stale."""
    return conn.scalar(select(func.max(_documents.c.sequence))) or 0


def source_rows(
    conn: Connection, document: SourceDocument | str, *, row: int, around: int = 1
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and the rows near `row` as the file has them, numbered as its own program does."""
    found = kept.grid(conn, _version(conn, document))
    if row not in found.numbers[1:]:
        raise NotFound(
            f"There is no data row {row} in it.", remedy=f"It has rows {found.numbers[1]} to {found.numbers[-1]}."
        )
    at = found.numbers.index(row)
    near = range(max(1, at - around), min(len(found.rows), at + around + 1))
    return list(found.rows[0]), [(found.numbers[n], list(found.rows[n])) for n in near]


def natural(identifier: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which runs of digits compare as numbers."""
    parts = re.split(r"([0-9]+)", identifier)
    return tuple((0, int(part), part) if part.isdigit() and part.isascii() else (1, 0, part) for part in parts if part)


def _version(conn: Connection, given: SourceDocument | str) -> SourceDocument:
    return document(conn, given) if isinstance(given, str) else given


def _known(conn: Connection, *, current_only: bool = True) -> dict[str, SourceDocument]:
    query = select(_documents.c.body)
    if current_only:
        query = query.where(current_document(_documents.c.id))
    found = [document_of(body) for body in conn.scalars(query)]
    return {item.id: item for item in found}


def _among(query: Select[Any], column: ColumnElement[str], values: Collection[str] | None) -> Select[Any]:
    if values is None or len(values) > standing.MOST_IN_LIST:
        return query
    return query.where(column.in_(list(values)))
