"""Vectors of passages: kept in the database by the name of what made them, made up where some are missing, compared exactly.

Promise: the database is where vectors live; whatever else holds some was filled from here. Passages in scope are given by SQL; up to
`EXACT` of them are compared one by one, so that the answer is exact and the same each time.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from audit.database import Database
from corpus.caching import Mark, mark_of
from corpus.embedding import Embedder, from_bytes, to_bytes
from corpus.index_words import key_of
from corpus.scope import Scope, passages_in
from corpus.standing import current_document
from corpus.tables import documents, embeddings, passages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXACT = 50_000  # passages in scope up to which every one is compared
KEPT_SCOPES = 32
KEPT_IDS = 500_000  # of all scopes held together
KEPT_BYTES = 256 * 1024 * 1024  # of vectors held for scopes asked before
AT_ONCE = 256  # passages whose vectors are made and stored together

Progress = Callable[[str, int, int], None]


@dataclass
class Within:
    """The passages of one scope at one moment: ids by key, and their vectors once they were asked for."""

    ids: Mapping[int, str]
    names: tuple[str, ...] = ()
    matrix: "NDArray[np.float32] | None" = field(default=None, repr=False)

    @cached_property
    def inside(self) -> frozenset[str]:
        """The ids alone."""
        return frozenset(self.ids.values())

    def nearest(self, vector: "NDArray[np.float32]", *, count: int) -> list[tuple[str, float]]:
        """Compare every passage; return the `count` nearest ids with their cosine similarity, ties by id."""
        import numpy as np  # noqa: PLC0415 - only where vectors are compared

        if self.matrix is None or not len(self.matrix):
            return []
        likeness = self.matrix @ vector
        count = min(count, len(likeness))
        edge = np.partition(likeness, len(likeness) - count)[len(likeness) - count]
        found = [(self.names[i], float(likeness[i])) for i in np.flatnonzero(likeness >= edge)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:count]


class Scopes:
    """The scopes asked last, as SQL gave them at the last import; bounded in number and bytes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Mark, Scope], Within] = OrderedDict()
        self._guard = threading.Lock()

    def within(self, conn: Connection, scope: Scope) -> Within:
        """Return the passages of a scope."""
        key = (mark_of(conn), scope)
        with self._guard:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = Within(_ids(conn, scope))
                for old in [k for k in self._kept if k[0] != key[0]]:
                    del self._kept[old]  # documents are only added: an older moment is not asked for again
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and (
                len(self._kept) > KEPT_SCOPES or sum(len(w.ids) for w in self._kept.values()) > KEPT_IDS
            ):
                self._kept.popitem(last=False)
        return found

    def with_vectors(self, conn: Connection, scope: Scope, embedder: Embedder) -> Within:
        """Return the passages of a scope with their vectors."""
        found = self.within(conn, scope)
        if found.matrix is None:
            names, matrix = _vectors(conn, scope, embedder)
            found.names, found.matrix = names, matrix
            self._bound(found)
        return found

    def _bound(self, newest: Within) -> None:
        with self._guard:
            held = sum(w.matrix.nbytes for w in self._kept.values() if w.matrix is not None)
            for other in list(self._kept.values()):
                if held <= KEPT_BYTES or other is newest:
                    continue
                held -= other.matrix.nbytes if other.matrix is not None else 0
                other.matrix = None


def _ids(conn: Connection, scope: Scope) -> dict[int, str]:
    query = select(passages.c.id, documents.c.sequence, passages.c.number)
    query = query.join(documents, documents.c.id == passages.c.document_id).where(*passages_in(conn, scope))
    return {key_of(sequence, number): name for name, sequence, number in conn.execute(query)}


def _vectors(conn: Connection, scope: Scope, embedder: Embedder) -> "tuple[tuple[str, ...], NDArray[np.float32]]":
    query = select(passages.c.id, embeddings.c.vector).join(embeddings, embeddings.c.passage_id == passages.c.id)
    query = query.where(embeddings.c.model == embedder.name, *passages_in(conn, scope)).order_by(passages.c.id)
    rows = conn.execute(query).all()
    return tuple(row[0] for row in rows), from_bytes([bytes(row[1]) for row in rows])


def make_up(database: Database, embedder: Embedder, progress: Progress | None = None) -> int:
    """Make the vectors that current passages lack of this embedder, some at a time; return how many were made."""
    with database.read() as conn:
        own = select(embeddings.c.passage_id).where(embeddings.c.model == embedder.name)
        lacking = select(passages.c.id).where(current_document(passages.c.document_id), passages.c.id.not_in(own))
        ids = conn.scalars(lacking.order_by(passages.c.id)).all()
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        with database.read() as conn:
            texts = conn.execute(select(passages.c.id, passages.c.text).where(passages.c.id.in_(part))).all()
        made = embedder.embed([row.text for row in texts])
        rows = [
            {"passage_id": row.id, "model": embedder.name, "vector": to_bytes(v)} for row, v in zip(texts, made, strict=True)
        ]
        database.write(partial(_add_missing, rows=rows))
        if progress is not None:
            progress("vectors", min(start + AT_ONCE, len(ids)), len(ids))
    return len(ids)


def _add_missing(conn: Connection, *, rows: list[dict[str, object]]) -> None:
    """Insert what another process did not insert meanwhile."""
    names = [row["passage_id"] for row in rows]
    known = select(embeddings.c.passage_id).where(embeddings.c.model == rows[0]["model"], embeddings.c.passage_id.in_(names))
    present = set(conn.scalars(known))
    missing = [row for row in rows if row["passage_id"] not in present]
    if missing:
        conn.execute(insert(embeddings), missing)
