"""Search: exact identifiers first, then words and meaning, put together by reciprocal rank.

Promise: what may be found (current versions, product, kind, period, batch) is decided in SQL; search adds context to a report and
never decides what is in its scope. A score orders the hits of one answer and says nothing else: it is not a probability.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from audit.database import Database
from corpus import records
from corpus.identifiers import Identifiers
from corpus.index import SearchIndex
from corpus.model import Locator, Passage, Record
from corpus.rerank import CANDIDATES, Reranker
from corpus.scope import Scope, passages_in, records_in
from corpus.tables import passages as passages_table

DAMPING = 60  # of reciprocal rank fusion, the usual value: first ranks count, none decides alone
DEPTH = 50  # hits of each ranking that are put together, at the least
LONGEST_QUESTION = 4_000  # characters that are looked at
LONGEST_SUMMARY = 600  # characters of a record that are shown in a hit
MOST_NAMES = 32  # identifiers of a question that are looked up
MOST_NAMING = 500  # records that name one of them in a field, of which those in scope are shown
BARE = 2  # words of a question that is hardly more than an identifier ("U-1", "batch 627")
LEAST_SIMILARITY = 0.1  # below it two hashed vectors share no more than chance gives them
NUMBERED = re.compile(r"\b(batch|lot|product|code)\s+(?:no\.?\s*)?([0-9]+)\b", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[A-Za-z0-9_]+(?:[-/][A-Za-z0-9_]+)+")
_NUMBERED_KINDS = {"batch": "batch", "lot": "material_lot", "product": "product", "code": "product"}


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


@dataclass(frozen=True)
class Named:
    """What a question names: identifiers as written (and in capitals), and numbers of a kind ("batch 627")."""

    identifiers: tuple[str, ...]
    numbered: tuple[tuple[str, str], ...]


def search(
    database: Database,
    index: SearchIndex | None,
    *,
    text: str,
    product: str | None = None,
    k: int = 10,
    kind: str | None = None,
    since: str | None = None,
    until: str | None = None,
    batch: str | None = None,
    reranker: Reranker | None = None,
    identifiers: Identifiers | None = None,
) -> list[Hit]:
    """Return at most `k` hits, best first; of a question, the first 4,000 characters are looked at.

    `since` and `until` are ISO days. Without an index one is made in memory for this question. `identifiers` are those of the site:
    records that name one of the question in a field are found too, as many as `k` where it asks for little else, else half as many.
    """
    text = text[:LONGEST_QUESTION].replace("\x00", " ")  # a database's text holds no NUL
    scope = Scope(product, kind, since, until, batch)
    index = index or SearchIndex()
    index.sync(database)
    with database.read() as conn:
        exact = _exact(conn, text, scope)
        most = k if len(text.split()) <= BARE else k // 2
        naming = _naming(database, conn, index, named_in(text), scope, identifiers)[:most] if identifiers else []
        known = {hit.id for hit in exact}
        exact += [hit for hit in naming if hit.id not in known]
        first = {hit.id for hit in exact}
        ranked = [pair for pair in ranked_passages(conn, index, text, scope, count=k + len(exact)) if pair[0] not in first]
        wanted = [key for key, _ in ranked[: max(k, CANDIDATES if reranker else 0)]]
        found = {p.id: p for p in records.passages(conn, ids=wanted)} if wanted else {}
    others = [_hit(found[key], score) for key, score in ranked if key in found]
    return [*exact, *(others if reranker is None else reranked(reranker, text, others))][:k]


def ranked_passages(conn: Connection, index: SearchIndex, text: str, scope: Scope, *, count: int) -> list[tuple[str, float]]:
    """Rank the passages of a scope by words and by meaning, put together; ids with their fused score."""
    depth = max(count, DEPTH)
    words = index.by_words(conn, text, scope, count=depth)
    meaning = [key for key, near in index.by_meaning(conn, text, scope, count=depth) if near >= LEAST_SIMILARITY]
    return fused(words, meaning, weight=index.embedder.weight)


def fused(words: Sequence[str], meaning: Sequence[str], *, weight: float) -> list[tuple[str, float]]:
    """Put two rankings together by reciprocal rank, the second by its weight; ties by key."""
    scores: dict[str, float] = {}
    for ranking, share in ((words, 1.0), (meaning, weight)):
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + share / (DAMPING + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def reranked(reranker: Reranker, question: str, hits: Sequence[Hit]) -> list[Hit]:
    """Order the first hits anew by a reranker's scores; what it scores the same keeps its order."""
    looked_at = hits[:CANDIDATES]
    scores = reranker.scores(question, [hit.text for hit in looked_at])
    order = sorted(range(len(looked_at)), key=lambda i: -scores[i])
    return [*(replace(looked_at[i], score=scores[i]) for i in order), *hits[CANDIDATES:]]


def named_in(text: str) -> Named:
    """Read the identifiers that a question names."""
    found = _IDENTIFIER.findall(text)[:MOST_NAMES]
    names = list(dict.fromkeys([*found, *map(str.upper, found)]))
    whole = text.strip()
    names += [whole] if whole and whole not in names and " " not in whole else []
    return Named(tuple(names), tuple((_NUMBERED_KINDS[m[1].lower()], m[2]) for m in NUMBERED.finditer(text)))


def _exact(conn: Connection, text: str, scope: Scope) -> list[Hit]:
    """Find the records that the question names, and then the passages that belong to them."""
    named = named_in(text)
    if not named.identifiers and not named.numbered:
        return []
    wanted = {*named.identifiers, *(number for _, number in named.numbered)}
    hits = [
        _record_hit(record)
        for record in records_in(conn, scope, wanted)
        if record.identifier in named.identifiers or (record.kind, record.identifier) in named.numbered
    ]
    if named.identifiers:
        own = passages_table.c.record_identifier.in_(named.identifiers)
        ids = conn.scalars(select(passages_table.c.id).where(own, *passages_in(conn, scope))).all()
        belonging = records.passages(conn, ids=ids) if ids else []
        order = {name: place for place, name in enumerate(named.identifiers)}
        hits += [_hit(p, 1.0) for p in sorted(belonging, key=lambda p: order.get(p.record_identifier or "", len(order)))]
    return hits


def _naming(
    database: Database, conn: Connection, index: SearchIndex, named: Named, scope: Scope, identifiers: Identifiers
) -> list[Hit]:
    """Find the records in scope that name what the question names in a field: its batch, a lot, equipment."""
    names = [name for name in named.identifiers if any(map(str.isdigit, name))]
    numbers = {number for kind, number in named.numbered if kind == "batch"}
    if not names and not numbers:
        return []
    index.links.refresh(database, identifiers)
    found = index.links.naming(identifiers, [*names, *numbers], most=MOST_NAMING)
    told = {(source, target) for target, source in found if target[1] in names or target[0] == "batch"}
    targets = {target for _, target in told}
    listed = records_in(conn, scope, {identifier for (_, identifier), _ in told})
    return [
        _record_hit(r)
        for r in listed
        if any(((r.kind, r.identifier), target) in told for target in targets & _named_by(r, identifiers))
    ]


def _named_by(record: Record, identifiers: Identifiers) -> set[tuple[str, str]]:
    """Return what a record names as it stands: the index knows also what sources say that do not count."""
    fields = record.fields.items()
    return {(kind.name, one) for name, said in fields for kind, one in identifiers.in_field(name, said or "")}


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
