"""Which source counts where several current ones hold the same record or result.

Promise: nothing that is in force is replaced by a file of another name. A source is a file with its later versions (of one name,
part, kind and profile); of several sources of one record or result the one that held it first counts, in its present
version, until a person decides otherwise.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Subquery, case, func, select

from corpus import tables
from corpus.model import Measurement

MOST_IN_LIST = 500  # longer lists are asked for in parts: databases bound the parameters of a statement

RESULT = "measurement"  # the kind of a clash between results; its identifier is BATCH/ATTRIBUTE

_documents, _records, _measurements = tables.documents, tables.records, tables.measurements
_preferences, _decided = tables.preferences, tables.decided
Result = tuple[str, str, bool]  # batch, attribute, whether of a main source: repetitions in other sources stand apart


def current_document(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a document id is that of a current version: neither superseded nor withdrawn."""
    later = _documents.alias("later")
    superseded = select(later.c.supersedes).where(later.c.supersedes.is_not(None))
    return column.not_in(superseded) & column.not_in(select(tables.withdrawals.c.document_id))


def sources() -> CTE:
    """Return every document version with the first one of its source, as (id, origin)."""
    first = (
        select(_documents.c.id, _documents.c.id.label("origin"))
        .where(_documents.c.supersedes.is_(None))
        .cte("sources", recursive=True)
    )
    later = _documents.alias("later_version")
    return first.union_all(select(later.c.id, first.c.origin).where(later.c.supersedes == first.c.id))


def ranked() -> Subquery:
    """Return the records of current documents; of one kind and identifier that of `rank` 1 is in force."""
    source = sources()
    same = (_records.c.kind, _records.c.identifier, source.c.origin)
    since = func.min(_documents.c.sequence).over(partition_by=same).label("since")
    held = (
        select(_records, since, source.c.origin)
        .join(_documents, _documents.c.id == _records.c.document_id)
        .join(source, source.c.id == _records.c.document_id)
        .subquery("held")
    )
    said = _decided.c.kind == held.c.kind, _decided.c.identifier == held.c.identifier
    made = select(_preferences.c.origin).join(_decided, _decided.c.seq == _preferences.c.seq)
    chosen = made.where(*said).order_by(_decided.c.seq.desc()).limit(1).scalar_subquery()
    order = (case((held.c.origin == chosen, 0), else_=1), held.c.since, held.c.row)
    rank = func.row_number().over(partition_by=(held.c.kind, held.c.identifier), order_by=order)
    return select(held, rank.label("rank")).where(current_document(held.c.document_id)).subquery("ranked")


def by_standing(conn: Connection, found: Sequence[Measurement]) -> dict[tuple[Result, str], int]:
    """Return an order for each result and document of several that hold it: the lowest is in force."""
    first: dict[Result, str] = {}
    contested: dict[Result, set[str]] = {}
    for m in found:
        key = result_of(m)
        held = first.setdefault(key, m.document_id)
        if held != m.document_id:
            contested.setdefault(key, {held}).add(m.document_id)
    if not contested:
        return {}
    source = sources()
    origins = {row.id: row.origin for row in conn.execute(select(source.c.id, source.c.origin))}
    since = _first_held(conn, contested)
    chosen = _chosen(conn)
    return {
        (key, held): -1 if chosen.get(f"{key[0]}/{key[1]}") == origins[held] else since[key, origins[held]]
        for key, documents in contested.items()
        for held in documents
    }


def _chosen(conn: Connection) -> dict[str, str]:
    """Return the source that a person chose, by BATCH/ATTRIBUTE."""
    query = select(_decided.c.identifier, _preferences.c.origin).join(_preferences, _preferences.c.seq == _decided.c.seq)
    return {
        row.identifier: row.origin for row in conn.execute(query.where(_decided.c.kind == RESULT).order_by(_decided.c.seq))
    }


def decisions(conn: Connection) -> int:
    """Return how often a person chose among sources; what was built at another number may be out of date."""
    return conn.scalar(select(func.count()).select_from(_preferences)) or 0


def _first_held(conn: Connection, contested: Iterable[Result]) -> dict[tuple[Result, str], int]:
    """Return the number of the import with which each source first held each result."""
    source = sources()
    which = (_measurements.c.batch, _measurements.c.attribute, _measurements.c.primary_source, source.c.origin)
    query = (
        select(*which, func.min(_documents.c.sequence))
        .join(_documents, _documents.c.id == _measurements.c.document_id)
        .join(source, source.c.id == _measurements.c.document_id)
        .group_by(*which)
    )
    found: dict[tuple[Result, str], int] = {}
    for batches in parts({batch for batch, _, _ in contested}):
        for batch, attribute, primary, origin, first in conn.execute(query.where(_measurements.c.batch.in_(batches))):
            found[(batch, attribute, bool(primary)), origin] = first
    return found


def result_of(measurement: Measurement) -> Result:
    """Return what a measurement is a result of."""
    return measurement.batch, measurement.attribute, measurement.primary


def in_force(found: Sequence[Measurement]) -> list[Measurement]:
    """Keep of each result what the source in force says; `found` has that source first, as `records.every_measurement` gives it."""
    holder: dict[Result, str] = {}
    return [m for m in found if holder.setdefault(result_of(m), m.document_id) == m.document_id]


def parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Yield values, each once, in lists that a statement can take."""
    listed = list(dict.fromkeys(values))
    return (listed[start : start + MOST_IN_LIST] for start in range(0, len(listed), MOST_IN_LIST))
