"""Nearest passages by meaning, in Chroma: a cache that may be thrown away at any time. The only file that imports chromadb.

Promise: no telemetry, no network, no vectors of Chroma's own making. The vectors are those of our database; a manifest
beside the collection says which passages it was built from. `refresh` compares it, and the collection's own count, with the
database and rebuilds where they differ; a lock file lets one process write, because several that write Chroma at once lose
vectors without an error. What may be found is never decided here: callers filter by scope in SQL.
"""

import json
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from audit.canonical import canonical, digest
from audit.database import Database
from corpus.embedding import Embedder, HashedNgrams, from_bytes
from corpus.tables import embeddings

COLLECTION = "passages"
AT_ONCE = 1_000  # vectors a call: below Chroma's own limit of a batch


class ChromaIndex:
    """An index in a folder of its own; nothing is opened before the first question."""

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        self.folder = folder
        self.embedder: Embedder = embedder or HashedNgrams()
        self._collection: Any = None
        self._built = ""
        self._guard = threading.Lock()

    def sync(self, database: Database) -> bool:
        """Refresh from a database, in a consistent read of its own."""
        with database.read() as conn:
            return self.refresh(conn)

    def refresh(self, conn: Connection) -> bool:
        """Make the collection hold exactly the vectors of the database; return whether it had to be rebuilt.

        Whatever is wrong with the files of the cache, it is thrown away and built again.
        """
        own = embeddings.c.model == self.embedder.name
        ids = conn.scalars(select(embeddings.c.passage_id).where(own).order_by(embeddings.c.passage_id)).all()
        manifest = canonical({"model": self.embedder.name, "passages": digest("\n".join(ids))})
        with self._guard:
            if self._collection is not None and self._built == manifest:
                return False
            with self._locked():
                if self._holds(manifest, len(ids)):
                    self._built = manifest
                    return False
                query = select(embeddings.c.vector).where(own).order_by(embeddings.c.passage_id)
                self._rebuild(ids, [bytes(vector) for vector in conn.scalars(query)])
                (self.folder / "manifest.json").write_text(manifest, encoding="utf-8")
            self._built = manifest
            return True

    def _holds(self, manifest: str, count: int) -> bool:
        try:
            return self._manifest() == manifest and int(self._open().count()) == count
        except Exception:  # noqa: BLE001 - a cache that cannot be opened is one to be rebuilt
            return False

    def nearest(self, text: str, *, count: int) -> list[tuple[str, float]]:
        """Return up to `count` passage ids with their cosine similarity, best first; call `refresh` before."""
        collection = self._open()
        wanted = min(count, collection.count())
        vector = self.embedder.embed([text])[0]
        if wanted == 0 or not vector.any():
            return []
        answer = collection.query(query_embeddings=[vector.tolist()], n_results=wanted, include=["distances"])
        found = zip(answer["ids"][0], answer["distances"][0], strict=True)
        return sorted(((key, 1.0 - distance) for key, distance in found), key=lambda pair: (-pair[1], pair[0]))

    def size(self) -> int:
        """Return how many passages the collection holds."""
        return int(self._open().count())

    def _open(self) -> Any:
        if self._collection is None:
            import chromadb  # noqa: PLC0415 - heavy, and only search by meaning needs it
            from chromadb.config import Settings  # noqa: PLC0415

            self.folder.mkdir(parents=True, exist_ok=True)
            quiet = Settings(anonymized_telemetry=False)
            client = chromadb.PersistentClient(path=str(self.folder / "store"), settings=quiet)
            self._collection = client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collection

    def _rebuild(self, ids: Sequence[str], vectors: Sequence[bytes]) -> None:
        self._discard_store()
        collection = self._open()
        for start in range(0, len(ids), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            collection.add(ids=list(ids[part]), embeddings=from_bytes(vectors[part]))

    def _discard_store(self) -> None:
        """Take away the files and what the process remembers of them."""
        from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415 - heavy

        self._collection = None
        SharedSystemClient.clear_system_cache()
        shutil.rmtree(self.folder / "store", ignore_errors=True)

    def _manifest(self) -> str:
        try:
            return canonical(json.loads((self.folder / "manifest.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return ""

    @contextmanager
    def _locked(self) -> Iterator[None]:
        import fcntl  # noqa: PLC0415 - POSIX only, and only needed here

        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def discard(folder: Path) -> None:
    """Throw an index away; it is rebuilt from the database when it is next asked."""
    shutil.rmtree(folder, ignore_errors=True)
