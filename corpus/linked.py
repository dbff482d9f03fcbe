"""Ask the store what does not fit together: records that stand twice, and what sources say that cannot all be true.

The store tells in a pass or two where something may be wrong; only those records and results are read, some at a time, and the pure rules
decide (`corpus.linking`, `corpus.plausibility`). Who takes the first answers only reads no further. References, orphans and gaps: `corpus.index_links`.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, cast, func, literal, or_, select, true, union_all
from sqlalchemy.dialects.postgresql import JSONB

from corpus import linking, plausibility, records, standing, tables
from corpus.linking import Duplicate
from corpus.model import Record
from corpus.plausibility import OF_THE_RECORD, Contradiction, Disagreement

AT_ONCE = 100  # batches or identifiers that are read together
ROWS_AT_ONCE = 10_000

_records, _measurements = tables.records, tables.measurements


def duplicates(conn: Connection) -> Iterator[Duplicate]:
    """Yield each record of one kind and identifier that current documents hold with different content."""
    key, document = (_records.c.kind, _records.c.identifier), _records.c.document_id
    several = func.min(document) != func.max(document), func.min(_records.c.fields) != func.max(_records.c.fields)
    query = select(*key).where(standing.current_document(document)).group_by(*key).having(and_(*several))
    wanted = {(kind, identifier) for kind, identifier in conn.execute(query)}
    for said in _said(conn, (identifier for _, identifier in wanted), None):
        yield from linking.duplicates(r for r in said if (r.kind, r.identifier) in wanted)


def contradictions(conn: Connection, *, product: str | None = None) -> Iterator[Contradiction]:
    """Yield every contradiction within the results of a batch, also where a later import repeats an earlier one; of one product, if asked."""
    for batches in _some(_suspects(conn, product)):
        measured = records.every_measurement(conn, batches=batches, product=product, primary_only=False)
        yield from plausibility.contradictions(measured)


def disagreements(conn: Connection, *, product: str | None = None) -> Iterator[Disagreement]:
    """Yield what documents say differently of one subject, where a record says it; results alone are compared within their batch."""
    told = _of_records(conn, product)
    names = sorted(set(conn.scalars(select(told.c.name).where(told.c.kind == "batch").distinct())) & set(_attributes(conn)))
    for identifiers in _some(set(conn.scalars(_differing(told, names, product)))):
        for said in _said(conn, identifiers, product):
            both = records.every_measurement(
                conn, product=product, batches=identifiers, attributes=names, primary_only=False
            )
            found = plausibility.disagreements(plausibility.statements(said, both))
            yield from (d for d in found if not all(one.measured for one in d.statements))


def _said(conn: Connection, identifiers: Iterable[str], product: str | None) -> Iterator[list[Record]]:
    """Yield the records of identifiers, some identifiers at a time."""
    for some in _some(identifiers):
        found = records.every_record(conn, identifiers=some)
        yield [r for r in found if product is None or r.product in (product, None, "*")]


def _some(found: Iterable[str]) -> Iterator[list[str]]:
    listed = sorted(set(found), key=records.natural)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))


def _measured(product: str | None) -> list[ColumnElement[bool]]:
    wheres = [_measurements.c.state == "value", standing.current_document(_measurements.c.document_id)]
    return wheres if product is None else [*wheres, _measurements.c.product == product]


def _attributes(conn: Connection) -> list[str]:
    return sorted(conn.scalars(select(_measurements.c.attribute).distinct()))


def _suspects(conn: Connection, product: str | None) -> Iterator[str]:
    """Yield the batches in which results may contradict each other: one pass over their values, a batch at a time."""
    of = _measurements.c
    query = select(of.batch, of.attribute, of.value).where(*_measured(product), of.value.is_not(None)).order_by(of.batch)
    rows = conn.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
    for batch, cells in groupby(rows, key=itemgetter(0)):
        if plausibility.may_contradict((attribute, value) for _, attribute, value in cells):
            yield batch


def _of_records(conn: Connection, product: str | None) -> Subquery:
    """Select what each field of a record says of its record and, where a record is keyed by its batch, of the batch."""
    if conn.dialect.name == "postgresql":
        tree = cast(_records.c.fields, JSONB)
        field, batch = func.jsonb_each_text(tree).table_valued("key", "value", name="field"), tree["batch"].astext
    else:
        field = func.json_each(_records.c.fields).table_valued("key", "value", name="field")
        batch = func.json_extract(_records.c.fields, "$.batch")
    said = field.c.key.label("name"), field.c.value.label("said"), _records.c.identifier, _records.c.document_id
    told = select(_records.c.kind, *said).join(field, true()).where(
        standing.current_document(_records.c.document_id), field.c.value != ""
    )  # fmt: skip
    if product is not None:
        told = told.where(or_(_records.c.product.in_((product, "*")), _records.c.product.is_(None)))
    keyed = _records.c.kind != "batch", batch == _records.c.identifier, field.c.key.not_in(sorted(OF_THE_RECORD))
    return union_all(told, told.with_only_columns(literal("batch").label("kind"), *said).where(*keyed)).subquery("told")


def _differing(told: Subquery, names: Iterable[str], product: str | None) -> Select[Any]:
    """Select the identifiers of which documents do not say letter for letter the same, at least one of them in a record."""
    measured = select(
        literal("batch"), _measurements.c.attribute, _measurements.c.literal, _measurements.c.batch,
        _measurements.c.document_id, literal(0).label("recorded"),
    ).where(_measurements.c.attribute.in_(list(names)), *_measured(product))  # fmt: skip
    both = union_all(select(told, literal(1).label("recorded")), measured).subquery("both")
    of, document, said = (both.c.kind, both.c.identifier, both.c.name), both.c.document_id, both.c.said
    several = func.min(document) != func.max(document), func.min(said) != func.max(said), func.max(both.c.recorded) == 1
    return select(both.c.identifier).group_by(*of).having(and_(*several))
