"""What a question may find: product, kind, period and batch, decided in SQL before anything is ranked.

A passage or record that names no product (or "*") passes every product. A passage belongs to a period or a batch through a
current record of its identifier: that record's date overlaps the period, or one of its batch fields names the batch. What has
no dated record is found only where no period is asked for.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, func, literal, or_, select

from audit.errors import Invalid
from corpus import tables
from corpus.model import Record
from corpus.records import count_current, current_records, passage_scope
from corpus.standing import current_document

BATCH_FIELDS = ("batch", "batches", "first_batch")
_ITEM = re.compile(r"[^\s,;|]+")


@dataclass(frozen=True)
class Scope:
    """The bounds of a question; None is no bound. Days are ISO days, both included."""

    product: str | None = None
    kind: str | None = None
    since: str | None = None
    until: str | None = None
    batch: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no day."""
        for day in (self.since, self.until):
            try:
                sound = day is None or date.fromisoformat(day).isoformat() == day
            except ValueError:
                sound = False
            if not sound:
                raise Invalid(f"'{day}' is no day.", remedy="Write it as YYYY-MM-DD.")
        if self.since and self.until and self.since > self.until:
            raise Invalid(
                f"The period ends on {self.until}, before it begins on {self.since}.", remedy="Change one of the days."
            )


@dataclass(frozen=True)
class Extent:
    """How many of the current passages and records a scope holds, and which passages a period leaves out or a product takes in."""

    within: int
    whole: int
    undated: int = 0
    """Passages left out because no dated record is theirs."""
    unnamed: int = 0
    """Passages of the scope that name no product, where one is asked for."""
    records: int = 0
    every_record: int = 0

    @property
    def told(self) -> str:
        """Say what is searched and what is left out: passages by words and meaning, records by identifier."""
        records = "All" if self.records == self.every_record else f"{self.records:,} of"
        unnamed = f" {self.unnamed:,} passages that name no product are included." if self.unnamed else ""
        return f"{self._passages}{unnamed} {records} {self.every_record:,} records in scope, found by identifier only."

    @property
    def _passages(self) -> str:
        if self.within == self.whole:
            return f"All {self.whole:,} passages in scope."
        left_out = f"{self.within:,} of {self.whole:,} passages in scope, {self.whole - self.within:,} left out"
        return f"{left_out}, {self.undated:,} of them because no dated record is theirs." if self.undated else f"{left_out}."


def extent(conn: Connection, scope: Scope) -> Extent:
    """Count what a scope holds and leaves out; one without a bound of days loses nothing for want of a date."""

    def count(asked: Scope, *more: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(tables.passages).where(*passages_in(conn, asked), *more)
        return conn.scalar(query) or 0

    undated = 0
    if scope.since or scope.until:
        about = tables.passages.c.record_identifier
        ever = replace(scope, since=None, until=None)
        undated = count(ever, or_(about.is_(None), about.not_in(_dated())))
    product = tables.passages.c.product
    unnamed = count(scope, or_(product.is_(None), product == "*")) if scope.product else 0
    return Extent(count(scope), count(Scope()), undated, unnamed, _count_records(conn, scope), count_current(conn))


def _count_records(conn: Connection, scope: Scope) -> int:
    if scope.batch is not None:
        return len(records_in(conn, scope, _naming(conn, scope.batch)))
    return count_current(conn, product=scope.product, kind=scope.kind, since=scope.since, until=scope.until)


def _dated() -> Select[tuple[str]]:
    dated = tables.records.c
    return select(dated.identifier).where(dated.date.is_not(None), current_document(dated.document_id))


def passages_in(conn: Connection, scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions on passages that lie in a scope."""
    wheres = passage_scope(product=scope.product, kind=scope.kind)
    about, dated = tables.passages.c.record_identifier, tables.records.c
    if scope.since or scope.until:
        query = _dated()
        if scope.since:  # months and years match where they overlap the period
            query = query.where(dated.date >= func.substr(literal(scope.since), 1, func.length(dated.date)))
        if scope.until:
            query = query.where(dated.date <= func.substr(literal(scope.until), 1, func.length(dated.date)))
        wheres.append(about.in_(query))
    if scope.batch is not None:
        wheres.append(about.in_(sorted(_naming(conn, scope.batch))))
    return wheres


def records_in(conn: Connection, scope: Scope, identifiers: set[str]) -> list[Record]:
    """List the current records of some identifiers that lie in a scope."""
    found = current_records(
        conn, product=scope.product, kind=scope.kind, since=scope.since, until=scope.until, identifiers=identifiers
    )
    return [record for record in found if scope.batch is None or names_batch(record, scope.batch)]


def names_batch(record: Record, batch: str) -> bool:
    """Tell whether a record is that batch, or names it in one of its batch fields as a whole item."""
    listed = (_ITEM.findall(record.get(name)) for name in BATCH_FIELDS)
    return (record.kind == "batch" and record.identifier == batch) or any(batch in items for items in listed)


def _naming(conn: Connection, batch: str) -> set[str]:
    """Return the identifiers of current records that name a batch; SQL narrows, whole items decide."""
    table = tables.records.c
    near = select(table.identifier).where(table.fields.contains(batch, autoescape=True) | (table.identifier == batch))
    candidates = set(conn.scalars(near.where(current_document(table.document_id))))
    return {r.identifier for r in current_records(conn, identifiers=candidates) if names_batch(r, batch)}
