"""Passages that may stand beside a report as context: the passages of a scope, ranked by words and meaning.

Promise: what may be found (product, kinds, current versions) is decided in SQL, and ranking never decides what is in a report's
scope. How alike a passage is depends on the question and on that passage alone, so that an import changes an answer only where one
of its own passages is in it; equal store content gives equal answers. No index is asked.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from corpus import lexical, records
from corpus.embedding import HashedNgrams, from_bytes
from corpus.model import Passage
from corpus.rows import passage_of
from corpus.tables import documents, embeddings, passages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATES = 200  # nearest by meaning whose words are compared too; a passage that shares words is near by meaning as well
PLACES = 6  # of a likeness: the last digits of floats differ between machines


@dataclass(frozen=True)
class Shelf:
    """The passages of a scope in the order of their documents, with their vectors: read at one moment."""

    passages: tuple[Passage, ...] = ()
    vectors: "NDArray[np.float32] | None" = field(default=None, compare=False, repr=False)

    def likeness(self, question: str) -> dict[str, float]:
        """Return how alike each passage is to a question, from 0 to 2, by passage id; passages far from it are left out."""
        asked = frozenset(lexical.tokens(question))
        if self.vectors is None or not asked:
            return {}
        products = self.vectors.astype("f8") * HashedNgrams().embed([question])[0].astype("f8")
        meaning = products.sum(axis=1)  # row by row: the likeness of a passage is the same whatever stands beside it
        order = sorted(range(len(self.passages)), key=lambda i: (-round(float(meaning[i]), PLACES), i))[:CANDIDATES]
        return {
            self.passages[i].id: round(max(float(meaning[i]), 0.0) + _words(asked, self.passages[i].text), PLACES)
            for i in order
        }


def _words(asked: frozenset[str], text: str) -> float:
    said = frozenset(lexical.tokens(text))
    return len(asked & said) / math.sqrt(len(asked) * len(said)) if said else 0.0


def shelf(conn: Connection, *, product: str, kinds: Collection[str]) -> Shelf:
    """Read the current passages of some kinds that concern a product or name none."""
    query = (
        select(passages, documents.c.name, documents.c.sha256, embeddings.c.vector)
        .join(documents, documents.c.id == passages.c.document_id)
        .join(embeddings, embeddings.c.passage_id == passages.c.id)
        .where(embeddings.c.model == HashedNgrams().name, passages.c.kind.in_(kinds))
        .where(*records.passage_scope(product=product))
        .order_by(documents.c.sequence, passages.c.number)
    )
    rows = conn.execute(query).all()
    if not rows:
        return Shelf()
    return Shelf(tuple(passage_of(row) for row in rows), from_bytes([bytes(row.vector) for row in rows]))
