"""What a reader told beside the text of a file (hidden, struck out, commented, not read), kept with each document of the file.

Promise: append-only, bounded, with its hash in the entry of the import. A note that begins with the name of a part belongs to
the document of that part; what is told of the file, or of a part that gave no document, belongs to all of them.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, select

from corpus import standing, tables
from corpus.storable import writable

MOST, LONGEST = 200, 500  # notes of a document, characters of a note


def of_parts(notes: Iterable[str], parts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return for each part, in order, the notes that are kept with its document."""
    said = [(note, next((part for part in parts if part and note.startswith(f"{part}: ")), "")) for note in notes]
    return [_bounded([note for note, about in said if about in ("", part)]) for part in parts]


def _bounded(notes: Sequence[str]) -> tuple[str, ...]:
    shown = [writable(note if len(note) <= LONGEST else f"{note[: LONGEST - 1]}…") for note in notes[:MOST]]
    return (*shown, *([f"and {len(notes) - MOST} more notes, which the file itself shows"] if len(notes) > MOST else []))


def of_documents(conn: Connection, document_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the notes of each of the documents that has any."""
    table, found = tables.notes, dict[str, tuple[str, ...]]()
    for part in standing.parts(document_ids):
        query = select(table).where(table.c.document_id.in_(part)).order_by(table.c.document_id, table.c.number)
        for row in conn.execute(query):
            found[row.document_id] = (*found.get(row.document_id, ()), row.text)
    return found
