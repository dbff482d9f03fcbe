"""Words search: an inverted index (Tantivy, BM25) of the current passages. The only file that imports tantivy.

Promise: a cache beside the database, the same for SQLite and PostgreSQL. Each import adds its passages, superseded documents drop out,
one process writes; where the index is not of this database, or does not hold as many passages as are current, it is built again.
Terms are those of `lexical.tokens`: batch numbers, decimals and identifiers are one term each and stay as written, words are reduced to their
English stem ("weighed", "weighing"). Without a folder the index
lives in memory. What may be found is decided by the caller's scope, which SQL gives.
"""

import shutil
import threading
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from corpus.caching import Changes, Mark, changes, current_passages, mark_of, writing
from corpus.lexical import asked, tokens
from corpus.tables import documents, passages

if TYPE_CHECKING:
    import tantivy

FORMAT = "words-2"  # a new form of terms or fields gets a new folder
HEAP_BYTES = 64_000_000  # of the writer, before it writes a segment
SPLIT = 24  # bits of a passage's number within its document
MOST_TERMS = 400  # different words of a question that are looked up
NARROW = 2_000  # passages in scope up to which they are named to the index; wider scopes filter its answer
AT_ONCE = 400  # documents a query: databases bound the parameters of a statement
ASKED_FIRST = 200


def key_of(sequence: int, number: int) -> int:
    """Return the number that stands for a passage: its document's place in the order of imports, and its own in it."""
    return sequence << SPLIT | number


class WordsIndex:
    """An index in a folder of its own, or in memory; nothing is opened before the first question."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = None if folder is None else folder / FORMAT
        self._lock = folder
        self._index: tantivy.Index | None = None
        self._searcher: Any = None
        self._mark: Mark | None = None
        self._guard = threading.Lock()

    def refresh(self, conn: Connection) -> bool:
        """Bring the index to the state of the database; return whether it changed."""
        now = mark_of(conn)
        if self._mark == now:
            return False
        with self._guard, writing(self._lock):
            held = self._held()
            sound = self._opens()
            if sound and held == now and self.size() == current_passages(conn):
                self._mark = now
                return False
            if sound:
                self._apply(conn, changes(conn, held))
            if not sound or self.size() != current_passages(conn):
                self._apply(conn, changes(conn, None))
            self._mark = now
        return True

    def build(self, texts: Iterable[tuple[int, str]]) -> None:
        """Take in texts by key, without a database."""
        with self._guard:
            writer = self._opened().writer(HEAP_BYTES, 1)
            for key, text in texts:
                writer.add_document(_document(key, 0, text))
            writer.commit()
            writer.wait_merging_threads()
            self._reload()

    def ranked(self, text: str, *, count: int, within: Collection[int] | None = None) -> list[tuple[int, float]]:
        """Return the best `count` keys with their scores, ties by key; `within` bounds them (a set or a mapping of keys)."""
        terms = list(dict.fromkeys(map(_stem, asked(text))))[:MOST_TERMS]
        searcher = self._searcher
        if not terms or searcher is None or count < 1 or (within is not None and not within):
            return []
        query, total = self._any_of(terms), searcher.num_docs
        narrow = within is not None and len(within) <= NARROW
        if narrow and within is not None:
            query = self._inside(query, within)
        wanted = count + 1 if within is None or narrow else max(ASKED_FIRST, 2 * count)
        while True:
            found = self._asked(searcher, query, min(wanted, max(total, 1)))
            inside = found if within is None or narrow else [pair for pair in found if pair[0] in within]
            if len(inside) >= count or len(found) < wanted or wanted >= total:
                return sorted(inside, key=lambda pair: (-pair[1], pair[0]))[:count]
            wanted *= 8

    def size(self) -> int:
        """Return how many passages it holds."""
        return 0 if self._searcher is None else int(self._searcher.num_docs)

    def _any_of(self, terms: Sequence[str]) -> "tantivy.Query":
        from tantivy import Occur, Query  # noqa: PLC0415 - only where words are searched

        schema = self._opened().schema
        return Query.boolean_query([(Occur.Should, Query.term_query(schema, "text", term, "freq")) for term in terms])

    def _inside(self, query: "tantivy.Query", within: Collection[int]) -> "tantivy.Query":
        from tantivy import Occur, Query  # noqa: PLC0415 - as above

        named = Query.term_set_query(self._opened().schema, "key", list(within))
        return Query.boolean_query([(Occur.Must, Query.const_score_query(named, 0.0)), (Occur.Must, query)])

    @staticmethod
    def _asked(searcher: Any, query: "tantivy.Query", limit: int) -> list[tuple[int, float]]:
        hits = searcher.search(query, limit, count=False).hits
        keys = searcher.fast_field_values("key", [address for _, address in hits])
        return [(key, score) for key, (score, _) in zip(keys, hits, strict=True)]

    def _held(self) -> Mark | None:
        if self.folder is None:
            return self._mark
        try:
            return Mark.of((self.folder / "manifest.json").read_text(encoding="utf-8"))
        except OSError:
            return None

    def _opens(self) -> bool:
        try:
            self._reload()
        except Exception:  # noqa: BLE001 - a cache that cannot be opened is one to be rebuilt
            return False
        return True

    def _apply(self, conn: Connection, found: Changes) -> None:
        """Take documents in and let others go; done twice, it is as done once."""
        if found.anew:
            self._discard()
        writer = self._opened().writer(HEAP_BYTES, 1)
        for sequence in (*found.gone, *(() if found.anew else found.added)):
            writer.delete_documents_by_term("document", sequence)
        for start in range(0, len(found.added), AT_ONCE):
            part = documents.c.sequence.in_(found.added[start : start + AT_ONCE])
            query = select(documents.c.sequence, passages.c.number, passages.c.text).join_from(passages, documents, _own)
            for row in conn.execute(query.where(part).execution_options(yield_per=1_000)):
                writer.add_document(_document(key_of(row.sequence, row.number), row.sequence, row.text))
        writer.commit()
        writer.wait_merging_threads()
        self._reload()
        if self.folder is not None:
            (self.folder / "manifest.json").write_text(found.mark.text(), encoding="utf-8")

    def _opened(self) -> "tantivy.Index":
        if self._index is None:
            import tantivy  # noqa: PLC0415 - only where words are searched

            fields = tantivy.SchemaBuilder()
            fields.add_text_field("text", tokenizer_name="terms", index_option="freq")
            fields.add_unsigned_field("key", indexed=True, fast=True)
            fields.add_unsigned_field("document", indexed=True)
            if self.folder is not None:
                self.folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(fields.build(), path=None if self.folder is None else str(self.folder))
            split = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("terms", split)
        return self._index

    def _reload(self) -> None:
        index = self._opened()
        index.reload()
        self._searcher = index.searcher()

    def _discard(self) -> None:
        self._index = self._searcher = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


@cache
def _stemmer() -> "tantivy.TextAnalyzer":
    import tantivy  # noqa: PLC0415 - only where words are searched

    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("english")).build()


@lru_cache(maxsize=65_536)  # texts repeat their words
def _stem(term: str) -> str:
    """Reduce a word to its stem; what holds a digit stays as it is written."""
    return term if any(sign.isdigit() for sign in term) else _stemmer().analyze(term)[0]


_own = documents.c.id == passages.c.document_id


def _document(key: int, sequence: int, text: str) -> "tantivy.Document":
    import tantivy  # noqa: PLC0415 - only where words are searched

    made = tantivy.Document()
    made.add_text("text", " ".join(map(_stem, tokens(text))))
    made.add_unsigned("key", key)
    made.add_unsigned("document", sequence)
    return made
