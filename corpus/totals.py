"""Compare the totals that a source states of a file with what was read of it, exactly."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from sqlalchemy import Connection, func, select

from corpus import tables
from corpus.literals import Unreadable, decimal
from corpus.model import SourceDocument
from corpus.stated import FileTotals

DIGITS = 200  # of an exact sum: a cell has at most 40


@dataclass(frozen=True)
class Compared:
    """One total: as the source states it, and as it was read; `note` says what stands behind a difference."""

    total: str
    stated: str
    read: str
    equal: bool
    note: str = ""

    @property
    def told(self) -> str:
        """Return both numbers as people read them."""
        if self.equal:
            return f"{self.total} {self.stated} as stated"
        return f"{self.total}: {self.stated} stated, {self.read} read" + (f" ({self.note})" if self.note else "")


def compare(conn: Connection, document: SourceDocument, totals: FileTotals) -> tuple[Compared, ...]:
    """Compare the source's totals with what was read of a document."""
    made = []
    if totals.rows is not None:
        taken = _count(conn, document)
        read = document.rows or taken
        note = f"{taken} of them taken as records" if taken != read else ""
        made.append(Compared("rows", f"{totals.rows:,}", f"{read:,}", totals.rows == read, note))
    if totals.batches is not None:
        number = len(_batches(conn, document))
        made.append(Compared("batches", f"{totals.batches:,}", f"{number:,}", totals.batches == number))
    for name, stated in totals.sums.items():
        total, note = _sum(conn, document, name)
        equal = total is not None and total == Decimal(stated)
        made.append(Compared(f"sum of {name}", stated, "nothing" if total is None else format(total, "f"), equal, note))
    return tuple(made)


def _count(conn: Connection, document: SourceDocument) -> int:
    table = tables.records
    return conn.scalar(select(func.count()).select_from(table).where(table.c.document_id == document.id)) or 0


def _batches(conn: Connection, document: SourceDocument) -> set[str]:
    table, measured = tables.records, tables.measurements
    found = set(conn.scalars(select(measured.c.batch).where(measured.c.document_id == document.id).distinct()))
    rows = conn.execute(select(table.c.kind, table.c.identifier, table.c.fields).where(table.c.document_id == document.id))
    for kind, identifier, fields in rows:
        batch = json.loads(fields).get("batch") or (identifier if kind == "batch" else "")
        found.update([batch] if batch else [])
    return found


def _sum(conn: Connection, document: SourceDocument, name: str) -> tuple[Decimal | None, str]:
    """Return the exact sum of an attribute or field by its name or header, and how many cells hold no number."""
    target = next((t for t, header in document.columns.items() if name in (t, header)), None)
    if target is None:
        return None, "the file has no such column"
    literals = [literal for literal in _written(conn, document, target) if literal]
    values = [value for literal in literals if (value := _value(literal)) is not None]
    missing = len(literals) - len(values)
    return added(values), f"{missing} cells hold no number" if missing else ""


def added(values: Iterable[Decimal]) -> Decimal:
    """Return an exact sum: the usual 28 digits would round the sum of many large figures."""
    with localcontext() as exact:
        exact.prec = DIGITS
        return sum(values, Decimal(0))


def _written(conn: Connection, document: SourceDocument, target: str) -> list[str]:
    measured, table = tables.measurements, tables.records
    where = (measured.c.document_id == document.id, measured.c.attribute == target)
    values = list(conn.execute(select(measured.c.value, measured.c.literal).where(*where)))
    if values:
        return [value if value is not None else literal for value, literal in values]
    fields = conn.scalars(select(table.c.fields).where(table.c.document_id == document.id))
    return [json.loads(text).get(target) or "" for text in fields]


def _value(literal: str) -> Decimal | None:
    try:
        return decimal(literal).value
    except Unreadable:
        return None
