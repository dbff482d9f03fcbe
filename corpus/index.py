"""What search asks: the words index, the vectors of the scopes asked last, and Chroma where a scope is too wide to compare.

One object a home. `sync` brings everything to the state of the database; every part is a cache that may be thrown away.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from audit.database import Database
from corpus.caching import Mark, mark_of
from corpus.embedding import Embedder, HashedNgrams
from corpus.index_links import LinkIndex
from corpus.index_words import WordsIndex
from corpus.scope import Scope
from corpus.vectors import EXACT, Progress, Scopes, make_up

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from corpus.index_chroma import ChromaIndex


class SearchIndex:
    """The caches of one home; without a folder they live in memory and every passage is compared."""

    def __init__(
        self, folder: Path | None = None, embedder: Embedder | None = None, *, chroma_url: str = "", exact_up_to: int = EXACT
    ) -> None:
        self.embedder: Embedder = embedder or HashedNgrams()
        self.words = WordsIndex(folder)
        self.links = LinkIndex(folder)
        self.scopes = Scopes()
        self.exact_up_to = exact_up_to
        self._folder, self._chroma_url = folder, chroma_url
        self._chroma: ChromaIndex | None = None
        self._made_up: Mark | None = None

    def sync(self, database: Database, progress: Progress | None = None) -> None:
        """Make vectors that are missing, and bring the words index up to date."""
        with database.read() as conn:
            now = mark_of(conn)
        if self._made_up != now:
            make_up(database, self.embedder, progress)
            self._made_up = now
        with database.read() as conn:
            self.words.refresh(conn)

    def by_words(self, conn: "Connection", text: str, scope: Scope, *, count: int) -> list[str]:
        """Return passage ids in scope, best first by words."""
        ids = self.scopes.within(conn, scope).ids
        return [ids[key] for key, _ in self.words.ranked(text, count=count, within=ids) if key in ids]

    def by_meaning(self, conn: "Connection", text: str, scope: Scope, *, count: int) -> list[tuple[str, float]]:
        """Return passage ids in scope with their similarity, nearest first: exactly, or by Chroma where the scope is wide."""
        within = self.scopes.within(conn, scope)
        if not within.ids:
            return []
        vector = self.embedder.embed([text])[0]
        if not vector.any():
            return []
        if self._folder is None or len(within.ids) <= self.exact_up_to:
            return self.scopes.with_vectors(conn, scope, self.embedder).nearest(vector, count=count)
        chroma = self.chroma(self._folder)
        chroma.refresh(conn)
        return chroma.nearest_within(vector, count=count, inside=within.inside)

    def chroma(self, folder: Path) -> "ChromaIndex":
        """Return the vector store, opened at first use."""
        if self._chroma is None:
            from corpus.index_chroma import ChromaIndex  # noqa: PLC0415 - heavy, and only wide scopes need it

            self._chroma = ChromaIndex(folder, self.embedder, self._chroma_url)
        return self._chroma

    def close(self) -> None:
        """Let go of the vector store."""
        if self._chroma is not None:
            self._chroma.close()
