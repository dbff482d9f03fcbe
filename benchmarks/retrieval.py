"""Search: words against SQLite's FTS5, and vectors within a scope against the same question over everything.

References run beside ours on the same texts, in turns, so that whatever else the machine does falls on both.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from audit.database import Database, open_database
from benchmarks.large import PRODUCTS, SEED, Texts
from benchmarks.measure import row
from corpus import tables
from corpus.embedding import HashedNgrams, to_bytes
from corpus.index import SearchIndex
from corpus.index_words import WordsIndex
from corpus.lexical import tokens
from corpus.scope import Scope

PASSAGES = 100_000
QUESTIONS, TERMS, HITS, ROUNDS = 60, 6, 10, 3
VECTOR_PASSAGES = 20_000  # Chroma takes minutes to build more
DOCUMENT = 100  # passages of a document
LEXICAL = f"lexical queries per second / FTS5 OR at {PASSAGES:,} passages"


def retrieval(vectors: int = VECTOR_PASSAGES) -> list[dict[str, Any]]:
    """Return the lines of search."""
    texts = Texts()
    passages = [texts.passage() for _ in range(PASSAGES)]
    return [*lexical(passages), *scoped(passages[:vectors])]


def lexical(passages: Sequence[str]) -> list[dict[str, Any]]:
    """Measure the words index against FTS5: the same terms, any of six, the best ten."""
    rng = random.Random(SEED)  # noqa: S311 - seeded on purpose
    asked = [rng.sample(sorted(set(tokens(rng.choice(passages)))), TERMS) for _ in range(QUESTIONS)]
    fts = _fts(passages)
    with tempfile.TemporaryDirectory() as folder:
        index = WordsIndex(Path(folder))
        started = time.perf_counter()
        index.build(enumerate(passages))
        built = time.perf_counter() - started

        def theirs(terms: list[str]) -> list[int]:
            query = " OR ".join(f'"{term}"' for term in terms)
            found = fts.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT ?", (query, HITS))
            return [key for (key,) in found]

        def ours(terms: list[str]) -> list[int]:
            return [key for key, _ in index.ranked(" ".join(terms), count=HITS)]

        mine, reference = in_turns(ours, theirs, asked)
        same = statistics.mean(len(set(ours(t)) & set(theirs(t))) / HITS for t in asked)
        started = time.perf_counter()
        index.build([(PASSAGES + n, text) for n, text in enumerate(passages[:100])])
        added = time.perf_counter() - started
    return [
        row(
            LEXICAL, reference / mine, "SQLite FTS5, 6 terms OR, ORDER BY rank LIMIT 10, the same tokens", ">= 100",
            queries_per_second=round(1 / mine), reference_per_second=round(1 / reference, 1), same_first_ten=round(same, 3),
            build_seconds=round(built, 1), seconds_to_add_100_passages=round(added, 3),
        )
    ]  # fmt: skip


def _fts(passages: Sequence[str]) -> Any:
    from pysqlite3 import dbapi2

    found = dbapi2.connect(":memory:")
    found.execute("CREATE VIRTUAL TABLE f USING fts5(t, content='', tokenize=\"unicode61 tokenchars '-.,/:_'\")")
    found.executemany(
        "INSERT INTO f(rowid, t) VALUES (?, ?)", ((n, " ".join(tokens(text))) for n, text in enumerate(passages))
    )
    return found


def in_turns(ours: Callable[[Any], object], theirs: Callable[[Any], object], asked: Sequence[Any]) -> tuple[float, float]:
    """Return the median times of ours and of the reference over the same questions: of each question the best of some rounds.

    The rounds alternate, so that whatever else the machine does falls on both; one question after the other would leave each with the other's caches.
    """
    best: tuple[list[float], list[float]] = ([], [])
    for work, times in zip((ours, theirs) * ROUNDS, best * ROUNDS, strict=True):
        taken = [_time(work, question) for question in asked]
        times[:] = [min(pair) for pair in zip(times or taken, taken, strict=True)]
    return statistics.median(best[0]), statistics.median(best[1])


def _time(work: Callable[[Any], object], question: Any) -> float:
    started = time.perf_counter()
    work(question)
    return time.perf_counter() - started


def scoped(passages: Sequence[str]) -> list[dict[str, Any]]:
    """Measure questions within one product (a fiftieth) against the same over everything, answered by Chroma; and how exact they are."""
    with tempfile.TemporaryDirectory() as home:
        database = open_database(f"sqlite:///{home}/bench.sqlite")
        try:
            return [_scoped(database, Path(home), passages)]
        finally:
            database.close()


def _scoped(database: Database, home: Path, passages: Sequence[str]) -> dict[str, Any]:
    _store(database, passages)
    wide, exact = SearchIndex(home / "index", exact_up_to=0), SearchIndex(home / "index")
    started = time.perf_counter()
    with database.read() as conn:
        wide.chroma(home / "index").refresh(conn)
    built = time.perf_counter() - started
    rng = random.Random(SEED)  # noqa: S311 - seeded on purpose
    asked = [(rng.choice(passages), Scope(product=str(n % 5 + 1))) for n in range(QUESTIONS)]
    with database.read() as conn:

        def ours(question: tuple[str, Scope]) -> list[str]:
            return [key for key, _ in exact.by_meaning(conn, question[0], question[1], count=HITS)]

        def everything(question: tuple[str, Scope]) -> list[str]:
            return [key for key, _ in wide.by_meaning(conn, question[0], Scope(), count=HITS)]

        def bare(question: tuple[str, Scope]) -> object:
            return wide.chroma(home / "index").nearest(wide.embedder.embed([question[0]])[0], count=HITS)

        mine, unscoped = in_turns(ours, everything, asked)
        _, chroma = in_turns(ours, bare, asked)
        recall = statistics.mean(_recall(ours(question), conn, question) for question in asked)
        started = time.perf_counter()
        for text, scope in asked[:5]:
            SearchIndex(home / "index").by_meaning(conn, text, scope, count=HITS)
        first = (time.perf_counter() - started) / 5
    wide.close()
    return row(
        "scoped / unscoped vector queries per second", unscoped / mine,
        f"the same question over all {len(passages):,} passages, answered by Chroma; scope: one of {PRODUCTS} products", ">= 5",
        recall=round(recall, 3), scoped_per_second=round(1 / mine), unscoped_per_second=round(1 / unscoped),
        ratio_to_bare_chroma=round(chroma / mine, 2),
        first_question_in_a_scope_ms=round(1000 * first, 1), chroma_build_seconds=round(built, 1),
    )  # fmt: skip


def _recall(found: Sequence[str], conn: Any, question: tuple[str, Scope]) -> float:
    """Compare with the similarity of every passage of the product, worked out one by one in double precision."""
    import numpy as np
    from sqlalchemy import select

    own = tables.passages.c.product == question[1].product
    query = select(tables.passages.c.id, tables.embeddings.c.vector).join(
        tables.embeddings, tables.embeddings.c.passage_id == tables.passages.c.id
    )
    vector = HashedNgrams().embed([question[0]])[0].astype("f8")
    likeness = {r.id: float(np.frombuffer(r.vector, "<f4").astype("f8") @ vector) for r in conn.execute(query.where(own))}
    edge = sorted(likeness.values(), reverse=True)[HITS - 1]
    return sum(likeness[key] >= edge - 1e-6 for key in found) / HITS


def _store(database: Database, passages: Sequence[str]) -> None:
    """Fill a store with documents of a hundred passages, each of one product, and their vectors."""
    embedder = HashedNgrams()

    def work(conn: Any) -> None:
        tables.create_all(conn)
        for start in range(0, len(passages), DOCUMENT):
            number = start // DOCUMENT + 1
            own = {
                "id": f"d{number}",
                "sequence": number,
                "name": f"{number}.md",
                "sha256": "",
                "kind": "narrative",
                "body": "{}",
            }
            conn.execute(insert(tables.documents).values(**own, hash="", supersedes=None))
            texts = passages[start : start + DOCUMENT]
            kept = [
                {
                    "id": f"p{start + n:06d}", "document_id": own["id"], "number": n, "place": f"line {n}", "text": text,
                    "kind": "narrative", "product": str((start + n) % PRODUCTS + 1), "record_identifier": None, "synthetic": True,
                }
                for n, text in enumerate(texts)
            ]  # fmt: skip
            conn.execute(insert(tables.passages), kept)
            vectors = [
                {"passage_id": one["id"], "model": embedder.name, "vector": to_bytes(vector)}
                for one, vector in zip(kept, embedder.embed(texts), strict=True)
            ]
            conn.execute(insert(tables.embeddings), vectors)

    database.write(work)
