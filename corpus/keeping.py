"""Put what was read from a file into the store, and give the digest by which it is found again unchanged.

Promise: rows are only ever added. The digest covers every record, measurement, refusal and passage of a document; it stands
in the trail entry of the import, so a row that somebody changed, added or took away later is found by `altered`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.errors import NotFound, Tampered
from corpus.embedding import Vectors
from corpus.reading import ReadFile
from corpus.tables import documents, embeddings, measurements, passages, records, refusals

SOURCE = "source_document"  # what entries about a document call it
_RECORD = ("kind", "identifier", "product", "strength", "date", "date_precision", "row", "fields")
_MEASUREMENT = (
    "row", "column", "batch", "product", "attribute", "literal", "value", "state", "unit", "primary_source",
)  # fmt: skip
_REFUSAL = ("number", "locator", "literal", "reason")
_PASSAGE = ("number", "place", "text", "kind", "product", "record_identifier", "synthetic")


def rows_of(read: ReadFile, *, synthetic: bool) -> dict[str, list[tuple[Any, ...]]]:
    """Return what was read as rows of the four tables, without ids."""
    return {
        "records": [
            (r.kind, r.identifier, r.product, r.strength, r.date, r.precision, r.row, canonical(dict(r.fields)))
            for r in read.records
        ],
        "measurements": list(read.measurements),
        "refusals": [(n, r.place, r.literal, r.reason) for n, r in enumerate(read.refusals, start=1)],
        "passages": [
            (n, p.place, p.text, p.kind, p.product, p.record_identifier, synthetic)
            for n, p in enumerate(read.passages, start=1)
        ],
    }


def result_digest(rows: dict[str, list[tuple[Any, ...]]]) -> str:
    """Hash all rows of a document, in an order of their own, so that storage order does not matter."""
    return digest("\n".join(f"{name} {line}" for name in sorted(rows) for line in sorted(_lines(rows[name]))))


def _lines(rows: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    """Write each row as a line of JSON, all in one call: no text of JSON holds a line end, so that one can stand between items."""
    if rows:
        whole = json.dumps(rows, ensure_ascii=False, separators=("\n", ":"))
        yield from (f"[{line}]".replace("\n", ",") for line in whole[2:-2].split("]\n["))


def keep(
    conn: Connection,
    document_id: str,
    rows: dict[str, list[tuple[Any, ...]]],
    *,
    new_id: Callable[[], str],
    vectors: Vectors,
) -> None:
    """Insert the rows of one document, and the vectors of its passages."""
    _insert(conn, records, ("id", "document_id", *_RECORD), ((new_id(), document_id, *row) for row in rows["records"]))
    _insert(conn, measurements, ("document_id", *_MEASUREMENT), ((document_id, *row) for row in rows["measurements"]))
    _insert(conn, refusals, ("document_id", *_REFUSAL), ((document_id, *row) for row in rows["refusals"]))
    ids = [new_id() for _ in rows["passages"]]
    found = [(key, document_id, *row) for key, row in zip(ids, rows["passages"], strict=True)]
    _insert(conn, passages, ("id", "document_id", *_PASSAGE), found)
    made = [(key, vectors.model, vector) for key, vector in zip(ids, vectors.rows, strict=True)]
    _insert(conn, embeddings, ("passage_id", "model", "vector"), made)


def _insert(conn: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert many rows by the driver's own fast way: executemany on SQLite, COPY on PostgreSQL."""
    listed = list(rows)
    if not listed:
        return
    quote = conn.dialect.identifier_preparer.quote
    target = f"{quote(table.name)} ({', '.join(quote(name) for name in names)})"
    if conn.dialect.name == "postgresql":
        driver: Any = conn.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in listed:
                copy.write_row(row)
        return
    marks = ", ".join("?" for _ in names)
    conn.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", listed)  # noqa: S608 - names of our own tables


def stored_rows(conn: Connection, document_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read a document's rows back in the form that `result_digest` hashes."""
    shapes = (
        ("records", records, _RECORD),
        ("measurements", measurements, _MEASUREMENT),
        ("refusals", refusals, _REFUSAL),
        ("passages", passages, _PASSAGE),
    )
    return {
        name: [
            tuple(row)
            for row in conn.execute(select(*(table.c[c] for c in names)).where(table.c.document_id == document_id))
        ]
        for name, table, names in shapes
    }


def altered(conn: Connection) -> list[str]:
    """Return a sentence for each document that is not what its entry in the trail says was imported."""
    imports = trail.entries(conn, object_kind=SOURCE, action=str(Action.SOURCE_IMPORTED))
    told = {entry.object_id: entry.new for entry in imports}
    findings: list[str] = []
    for row in conn.execute(select(documents).order_by(documents.c.sequence)):
        entry = told.pop(row.id, None)
        findings += [f"{row.name} (import {row.sequence}): {what}" for what in _differences(conn, row, entry)]
    findings += [f"{entry['name']}: the trail tells of its import, but it is not here" for entry in told.values()]
    return findings


def _differences(conn: Connection, row: Row[Any], entry: Any) -> Iterator[str]:
    if entry is None:
        yield "no entry of the trail tells of its import"
        return
    body = json.loads(row.body)
    columns = (row.id, row.sequence, row.name, row.sha256, row.supersedes, row.kind)
    described = tuple(body[name] for name in ("id", "sequence", "name", "sha256", "supersedes", "kind"))
    if not digest(row.body) == row.hash == entry["row"] or columns != described:
        yield "its description was changed"
    if result_digest(stored_rows(conn, row.id)) != entry["result"]:
        yield "its records are not those that were imported"
    kept = {"the file that is kept is not the one that was imported": entry["sha256"]}
    for name in ("grid", "narrative"):  # named by the description, which the entry vouches for
        kept |= {f"the {name} that is kept is not what was read": body["reading"][name]} if name in body["reading"] else {}
    for what, sha256 in kept.items():
        try:
            trail.get_content(conn, sha256)
        except (Tampered, NotFound):
            yield what
