"""Nearest passages by meaning, in Chroma: a cache that may be thrown away at any time. The only file that imports chromadb.

Promise: no telemetry, no network of its own choosing, no vectors of Chroma's own making. The vectors are those of our database; a
manifest beside the collection says which import it was built up to. `refresh` compares it, and the collection's own count, with the
database, adds what is new and rebuilds where they differ; a lock file lets one process write, because several that write Chroma at
once lose vectors without an error. What may be found is never decided here: callers filter by scope in SQL.

Embedded in a folder by default; with a URL, in a server that `chroma run` started, under a collection of this home's own.
"""

import json
import shutil
import socket
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select

from audit.errors import EndpointFailed, Invalid, Problem
from corpus.caching import Changes, Mark, changes, mark_of, writing
from corpus.embedding import Embedder, from_bytes, unit_rows
from corpus.standing import current_document
from corpus.tables import documents, embeddings, passages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AT_ONCE = 1_000  # vectors a call: below Chroma's own limit of a batch
DOCUMENTS_AT_ONCE = 400  # databases bound the parameters of a statement
CONNECT_SECONDS = 5.0
# where one of them is absent Chroma downloads all
ONNX_FILES = ("config.json", "model.onnx", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json", "vocab.txt")
SERVER_REMEDY = "Start it with `chroma run`, or take VERASCRIBE_CHROMA_URL away to use the embedded index."


class ChromaIndex:
    """An index in a folder or a server; nothing is opened before the first question."""

    def __init__(self, folder: Path, embedder: Embedder, url: str = "") -> None:
        self.folder = folder / "chroma"
        self.url = url
        self.embedder = embedder
        self._lock = folder
        self._client: Any = None
        self._collection: Any = None
        self._mark: Mark | None = None
        self._guard = threading.Lock()

    def refresh(self, conn: Connection) -> bool:
        """Make the collection hold the vectors of all current passages; return whether it changed.

        Whatever is wrong with the cache, it is thrown away and built again; EndpointFailed where a server does not answer.
        """
        now = mark_of(conn)
        if self._mark == now:
            return False
        with self._guard, writing(self._lock), self._answering():
            self.close()  # what an open store remembers is not what another process wrote meanwhile
            held, count = self._held(), self._vectors(conn)
            sound = self._count() is not None
            if sound and held == now and self._count() == count:
                self._mark = now
                return False
            if sound:
                self._apply(conn, changes(conn, held))
            if not sound or self._count() != count:
                self._apply(conn, changes(conn, None))
            self._mark = now
        return True

    def nearest(self, vector: "NDArray[np.float32]", *, count: int) -> list[tuple[str, float]]:
        """Return up to `count` passage ids with their cosine similarity, best first; call `refresh` before."""
        with self._answering():
            collection = self._open()
            wanted = min(count, collection.count())
            if wanted == 0 or not vector.any():
                return []
            answer = collection.query(query_embeddings=[vector.tolist()], n_results=wanted, include=["distances"])
        found = zip(answer["ids"][0], answer["distances"][0], strict=True)
        return sorted(((key, 1.0 - distance) for key, distance in found), key=lambda pair: (-pair[1], pair[0]))

    def nearest_within(
        self, vector: "NDArray[np.float32]", *, count: int, inside: Collection[str]
    ) -> list[tuple[str, float]]:
        """Ask for more until `count` of the nearest lie inside, or all were seen: the index knows no scope."""
        size, asked = self.size(), 2 * count
        while True:
            found = [pair for pair in self.nearest(vector, count=asked) if pair[0] in inside]
            if len(found) >= min(count, len(inside)) or asked >= size:
                return found[:count]
            asked *= 4

    def size(self) -> int:
        """Return how many passages the collection holds."""
        return int(self._open().count())

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Say of a server that fails what to do; faults of an embedded cache are for `refresh` to mend."""
        try:
            yield
        except Problem:
            raise
        except Exception as error:
            if not self.url:
                raise
            self._collection = self._mark = None
            raise EndpointFailed(
                f"The Chroma server at {self.url} did not answer usefully.", remedy=SERVER_REMEDY
            ) from error

    def close(self) -> None:
        """Let go of the store or of the server's connections."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            session = getattr(getattr(client, "_server", None), "_session", None)
            client.close()
            if session is not None:  # of a server: Chroma's client leaves its connections open
                session.close()

    def _vectors(self, conn: Connection) -> int:
        own = select(func.count()).select_from(embeddings).join(passages, passages.c.id == embeddings.c.passage_id)
        return (
            conn.scalar(own.where(embeddings.c.model == self.embedder.name, current_document(passages.c.document_id))) or 0
        )

    def _held(self) -> Mark | None:
        try:
            tree = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        same = isinstance(tree, dict) and (tree.get("model"), tree.get("url")) == (self.embedder.name, self.url)
        return Mark.of(tree.get("mark")) if same else None

    def _count(self) -> int | None:
        try:
            return self.size()
        except EndpointFailed:
            raise
        except Exception:  # noqa: BLE001 - a cache that cannot be opened is one to be rebuilt
            return None

    def _apply(self, conn: Connection, found: Changes) -> None:
        """Take vectors in and let others go; done twice, it is as done once."""
        if found.anew:
            self._discard()
        collection = self._open()
        for ids, _ in self._batches(conn, found.gone):
            collection.delete(ids=ids)
        for ids, vectors in self._batches(conn, found.added):
            collection.upsert(ids=ids, embeddings=vectors)
        tree = {"model": self.embedder.name, "url": self.url, "mark": found.mark.text()}
        (self.folder / "manifest.json").write_text(json.dumps(tree), encoding="utf-8")

    def _batches(self, conn: Connection, sequences: Sequence[int]) -> "Iterator[tuple[list[str], NDArray[np.float32]]]":
        query = select(passages.c.id, embeddings.c.vector).join(embeddings, embeddings.c.passage_id == passages.c.id)
        query = query.join(documents, documents.c.id == passages.c.document_id)
        query = query.where(embeddings.c.model == self.embedder.name).execution_options(yield_per=AT_ONCE)
        for start in range(0, len(sequences), DOCUMENTS_AT_ONCE):
            part = documents.c.sequence.in_(sequences[start : start + DOCUMENTS_AT_ONCE])
            for rows in conn.execute(query.where(part)).partitions():
                yield [row.id for row in rows], from_bytes([bytes(row.vector) for row in rows])

    def _open(self) -> Any:
        if self._collection is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._client is None:
                self._client = self._server() if self.url else self._embedded()
            self._collection = self._client.get_or_create_collection(
                self._name(), embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collection

    def _embedded(self) -> Any:
        import chromadb  # noqa: PLC0415 - heavy, and only search by meaning needs it
        from chromadb.config import Settings  # noqa: PLC0415 - as above

        quiet = Settings(anonymized_telemetry=False)
        return chromadb.PersistentClient(path=str(self.folder / "store"), settings=quiet)

    def _server(self) -> Any:
        import chromadb  # noqa: PLC0415 - as above
        from chromadb.config import Settings  # noqa: PLC0415 - as above

        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Invalid(f"'{self.url}' is no address of a Chroma server.", remedy="Write http://HOST:PORT.")
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 8000)
        quiet = Settings(anonymized_telemetry=False)
        try:
            with socket.create_connection((parts.hostname, port), timeout=CONNECT_SECONDS):
                pass
            return chromadb.HttpClient(host=parts.hostname, port=port, ssl=secure, settings=quiet)
        except Exception as error:
            raise EndpointFailed(f"No Chroma server answers at {self.url}.", remedy=SERVER_REMEDY) from error

    def _name(self) -> str:
        """Return the collection's name: on a server that others use too, one of this home's own."""
        kept = self.folder / "collection"
        if not kept.is_file():
            kept.write_text(f"verascribe-{token_hex(16)}", encoding="utf-8")
        return kept.read_text(encoding="utf-8")

    def _discard(self) -> None:
        """Take the collection away, and of an embedded one the files and what the process remembers of them."""
        self._collection = None
        if self.url:
            name = self._open().name
            self._client.delete_collection(name)
        else:
            from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415 - heavy

            self.close()
            SharedSystemClient.clear_system_cache()
            shutil.rmtree(self.folder / "store", ignore_errors=True)
        self._collection = None


class OnnxEmbedder:
    """Chroma's default model (all-MiniLM-L6-v2 as ONNX): taken from where Chroma keeps it, downloaded only where that is allowed."""

    weight = 1.0

    def __init__(self, *, may_download: bool) -> None:
        self.may_download = may_download
        self._function: Any = None

    @property
    def name(self) -> str:
        """What made the vectors, with its version."""
        return "chroma-onnx/all-MiniLM-L6-v2"

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row of unit length for each text; Invalid where the model is not there whole or cannot be loaded."""
        loaded = self._loaded()
        try:
            return unit_rows(loaded(list(texts)))
        except Exception as error:
            raise Invalid(
                f"Chroma's default model cannot be used ({type(error).__name__}).",
                remedy=f"Check its files in {loaded.DOWNLOAD_PATH} and, where it may be downloaded, the way out of this machine.",
            ) from error

    def _loaded(self) -> Any:
        if self._function is None:
            from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2  # noqa: PLC0415 - heavy

            folder = Path(ONNXMiniLM_L6_V2.DOWNLOAD_PATH) / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
            absent = [name for name in ONNX_FILES if not (folder / name).is_file()]
            if absent and not self.may_download:
                raise Invalid(
                    f"Chroma's default model is not on this machine: {folder} lacks {', '.join(absent)}.",
                    remedy=f"Unpack Chroma's onnx.tar.gz in {folder.parent} (its folder is named {folder.name}), or allow the download with VERASCRIBE_EMBEDDING_ONNX=download.",
                )
            self._function = ONNXMiniLM_L6_V2(preferred_providers=["CPUExecutionProvider"])
        return self._function
