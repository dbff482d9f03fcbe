"""Search: exact identifiers first, then words and meaning, put together by reciprocal rank.

Promise: what may be found (current versions, product, kind) is decided in SQL; search adds context to a report and never
decides what is in its scope. The same question over the same corpus gives the same order. A score orders the hits of one
answer and says nothing else: it is not a probability.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, func, select

from audit.database import Database
from corpus import lexical, records
from corpus.embedding import Embedder, HashedNgrams, from_bytes
from corpus.lexical import Posting
from corpus.model import Locator, Passage, Record
from corpus.tables import embeddings
from corpus.tables import passages as passages_table
from corpus.tables import terms as terms_table

DAMPING = 60  # of reciprocal rank fusion, the usual value: first ranks count, none decides alone
LONGEST_QUESTION = 4_000  # characters that are looked at
LONGEST_SUMMARY = 600  # characters of a record that are shown in a hit
MOST_NAMES = 32  # identifiers of a question that are looked up
MOST_TERMS = 400  # different words of a question that are looked up
LEAST_SIMILARITY = 0.1  # below it two hashed vectors share no more than chance gives them
NUMBERED = re.compile(r"\b(batch|lot|product|code)\s+(?:no\.?\s*)?([0-9]+)\b", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[A-Za-z0-9_]+(?:[-/][A-Za-z0-9_]+)+")
_NUMBERED_KINDS = {"batch": "batch", "lot": "material_lot", "product": "product", "code": "product"}


class Index(Protocol):
    """A cache that finds nearest passages faster than a scan."""

    @property
    def embedder(self) -> Embedder:
        """What makes the vector of a question."""

    def refresh(self, conn: Connection) -> bool:
        """Bring the cache to the state of the database."""

    def nearest(self, text: str, *, count: int) -> list[tuple[str, float]]:
        """Return passage ids with their similarity, best first."""

    def size(self) -> int:
        """Return how many passages it holds."""


@dataclass(frozen=True)
class Hit:
    """One passage or record that answers a question."""

    id: str
    score: float
    text: str
    document: str
    """File name."""
    locator: Locator
    kind: str
    record_identifier: str | None
    synthetic: bool


def search(
    database: Database,
    index: Index | None,
    *,
    text: str,
    product: str | None = None,
    k: int = 10,
    kind: str | None = None,
) -> list[Hit]:
    """Return at most `k` hits, best first; of a question, the first 4,000 characters are looked at.

    Within a product or kind, and without an index, meaning is compared with every passage in scope, exactly; the index
    answers questions over the whole corpus.
    """
    text = text[:LONGEST_QUESTION].replace("\x00", " ")  # a database's text holds no NUL
    with database.read() as conn:
        exact = _exact(conn, text, product=product, kind=kind)
        ranked = _fused(
            [pair[0] for pair in _by_words(conn, text, product=product, kind=kind)],
            [pair[0] for pair in _by_meaning(conn, index, text, product=product, kind=kind, count=max(k, 50))],
        )
        wanted = [key for key, _ in ranked[: k + len(exact)]]
        found = {p.id: p for p in records.passages(conn, ids=wanted)} if wanted else {}
    first = {hit.id for hit in exact}
    others = [_hit(found[key], score) for key, score in ranked if key in found and key not in first]
    return [*exact, *others][:k]


def _exact(conn: Connection, text: str, *, product: str | None, kind: str | None) -> list[Hit]:
    """Find the records that the question names, and then the passages that belong to them."""
    numbered = [(_NUMBERED_KINDS[m[1].lower()], m[2]) for m in NUMBERED.finditer(text)]
    found = _IDENTIFIER.findall(text)[:MOST_NAMES]
    names = list(dict.fromkeys([*found, *map(str.upper, found)]))
    whole = text.strip()
    names += [whole] if whole and whole not in names and " " not in whole else []
    if not names and not numbered:
        return []
    wanted = {*names, *(number for _, number in numbered)}
    hits = [
        _record_hit(record)
        for record in records.current_records(conn, product=product, kind=kind, identifiers=wanted)
        if record.identifier in names or (record.kind, record.identifier) in numbered
    ]
    for name in names:
        belonging = records.passages(conn, product=product, kind=kind, record_identifier=name)
        hits += [_hit(passage, 1.0) for passage in belonging]
    return hits


def _by_words(conn: Connection, text: str, *, product: str | None, kind: str | None) -> list[tuple[str, float]]:
    asked = list(dict.fromkeys(lexical.tokens(text)))[:MOST_TERMS]
    if not asked:
        return []
    scope = records.passage_scope(product=product, kind=kind)
    query = (
        select(terms_table)
        .join(passages_table, passages_table.c.id == terms_table.c.passage_id)
        .where(terms_table.c.term.in_(asked), *scope)
    )
    postings = [Posting(row.term, row.passage_id, row.occurrences, row.length) for row in conn.execute(query)]
    total = conn.scalar(select(func.count()).select_from(passages_table).where(*scope)) or 0
    return lexical.rank(postings, passages=total)


def _by_meaning(
    conn: Connection, index: Index | None, text: str, *, product: str | None, kind: str | None, count: int
) -> list[tuple[str, float]]:
    if index is None or product is not None or kind is not None:
        embedder = HashedNgrams() if index is None else index.embedder
        nearest = _scan(conn, embedder, text, product=product, kind=kind)
    else:
        index.refresh(conn)
        nearest = _current(conn, index, text, count=count)
    return [(key, likeness) for key, likeness in nearest if likeness >= LEAST_SIMILARITY][:count]


def _scan(
    conn: Connection, embedder: Embedder, text: str, *, product: str | None, kind: str | None
) -> list[tuple[str, float]]:
    query = (
        select(embeddings.c.passage_id, embeddings.c.vector)
        .join(passages_table, passages_table.c.id == embeddings.c.passage_id)
        .where(embeddings.c.model == embedder.name, *records.passage_scope(product=product, kind=kind))
    )
    rows = conn.execute(query).all()
    if not rows:
        return []
    likeness = from_bytes([bytes(row[1]) for row in rows]) @ embedder.embed([text])[0]
    pairs = [(row[0], float(value)) for row, value in zip(rows, likeness, strict=True)]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _current(conn: Connection, index: Index, text: str, *, count: int) -> list[tuple[str, float]]:
    """Ask for more until enough of the nearest are of current versions, or all were seen: the index knows no versions."""
    inside = set(conn.scalars(select(passages_table.c.id).where(*records.passage_scope())))
    size, asked = index.size(), count
    while True:
        found = [pair for pair in index.nearest(text, count=asked) if pair[0] in inside]
        if len(found) >= min(count, len(inside)) or asked >= size:
            return found
        asked *= 4


def _fused(*rankings: Sequence[str]) -> list[tuple[str, float]]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (DAMPING + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _hit(passage: Passage, score: float) -> Hit:
    return Hit(
        id=passage.id,
        score=score,
        text=passage.text,
        document=passage.document_name,
        locator=passage.locator,
        kind=passage.kind,
        record_identifier=passage.record_identifier,
        synthetic=passage.synthetic,
    )


def _record_hit(record: Record) -> Hit:
    shown = "; ".join(f"{name} {value}" for name, value in record.fields.items() if value and name != "origin")
    shown = shown if len(shown) <= LONGEST_SUMMARY else shown[:LONGEST_SUMMARY] + "…"
    return Hit(
        id=record.id,
        score=1.0,
        text=f"{record.kind} {record.identifier}: {shown}",
        document=record.document.name,
        locator=record.locator(),
        kind=record.kind,
        record_identifier=record.identifier,
        synthetic=record.document.synthetic,
    )
