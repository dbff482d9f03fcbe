"""What was measured of batches, for `records --json --values`: each value with its cell, and the refused cells of the same rows."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from corpus import records
from corpus.model import Measurement, Record, Refusal, SourceDocument

BATCH = "batch"  # the kind of record that measurements are of


def of_batches(conn: Connection, found: Sequence[Record], *, most: int) -> dict[str, dict[str, Any]]:
    """Return by record id at most `most` values in force of each batch, how many there are, and the refused cells of their rows."""
    batches = [record for record in found if record.kind == BATCH]
    held: dict[str, list[Measurement]] = defaultdict(list)
    for m in records.measurements(conn, batches={record.identifier for record in batches}, primary_only=False):
        held[m.batch].append(m)
    documents = {document.id: document for document in records.documents(conn)}
    rows = {r.id: _rows(r, held[r.identifier]) for r in batches}
    refused = _refused(conn, {document for those in rows.values() for document, _ in those})
    return {
        record.id: {
            "values": [_value(m) for m in held[record.identifier][:most]],
            "values_in_all": len(held[record.identifier]),
            "refused": [
                {"document": r.file, "locator": r.locator, "literal": r.literal, "reason": r.reason}
                for document, row in rows[record.id]
                for r in refused[document].get(_place(documents[document], row), ())
            ],
        }
        for record in batches
    }


def _value(m: Measurement) -> dict[str, Any]:
    return {
        "attribute": m.attribute, "value": None if m.value is None else str(m.value), "written": m.literal, "unit": m.unit, "state": m.state,
        "locator": str(m.locator), "document": m.document_id,
    }  # fmt: skip


def _rows(record: Record, measured: Sequence[Measurement]) -> list[tuple[str, int]]:
    """List the rows that a batch stands in, by document, each once."""
    own = [(record.document.id, record.row)] if record.row is not None else []
    return list(dict.fromkeys([*own, *((m.document_id, m.row) for m in measured)]))


def _place(document: SourceDocument, row: int) -> str:
    return "" if document.places else document.place(row)


def _refused(conn: Connection, documents: Collection[str]) -> dict[str, Mapping[str, list[Refusal]]]:
    """Return the refused cells of each document by the row that they stand in; "" of a form, which is one record."""
    made: dict[str, Mapping[str, list[Refusal]]] = {}
    for document in documents:
        by_row: dict[str, list[Refusal]] = defaultdict(list)
        for refusal in records.refusals(conn, document):
            by_row[refusal.locator.partition(", ")[0]].append(refusal)
            by_row[""].append(refusal)
        made[document] = dict(by_row)
    return made
