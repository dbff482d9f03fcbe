"""Embedders with a trained model: an OpenAI-compatible endpoint, or a sentence-transformer folder of this machine.

Promise: nothing leaves the machine unless an endpoint is configured, and nothing is downloaded: a folder is loaded offline. Without
a choice the offline default holds (`corpus.embedding.HashedNgrams`), which knows word forms and no synonyms.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import EndpointFailed, Invalid
from corpus.embedding import Embedder, HashedNgrams, unit_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AT_ONCE = 64  # texts a request
TIMEOUT_SECONDS = 60.0
ATTEMPTS = 3  # of a request that the endpoint could not answer for the moment
LONGEST_TEXT = 8_000  # characters of one text that are sent
LARGEST_REPLY = 64 * 1024 * 1024
MOST_DIMENSIONS = 16_384
_BUSY = frozenset({429, 500, 502, 503, 504})
_REMEDY = "Check VERASCRIBE_EMBEDDING_BASE_URL, the key and the endpoint; nothing was changed."
_WEIGHTS = (".safetensors", ".bin", ".json", ".txt", ".model", ".onnx")


@dataclass(frozen=True)
class EmbeddingChoice:
    """Which embedder search uses; empty fields choose the offline default."""

    model: str = ""
    base_url: str = ""
    folder: str = ""
    onnx: str = ""  # "present", or "download" where Chroma may fetch its default model

    @staticmethod
    def of(environ: Mapping[str, str]) -> "EmbeddingChoice":
        """Read the choice from VERASCRIBE_EMBEDDING_* variables; Invalid where they choose more than one."""
        names = ("MODEL", "BASE_URL", "FOLDER", "ONNX")
        choice = EmbeddingChoice(*(environ.get(f"VERASCRIBE_EMBEDDING_{name}", "").strip() for name in names))
        if sum(map(bool, (choice.model or choice.base_url, choice.folder, choice.onnx))) > 1:
            raise Invalid("More than one embedding is configured.", remedy="Keep one of MODEL, FOLDER and ONNX.")
        if bool(choice.model) != bool(choice.base_url):
            raise Invalid(
                "An embedding endpoint needs its model and its address.",
                remedy="Set VERASCRIBE_EMBEDDING_MODEL and VERASCRIBE_EMBEDDING_BASE_URL.",
            )
        if choice.onnx not in {"", "present", "download"}:
            raise Invalid("VERASCRIBE_EMBEDDING_ONNX is neither 'present' nor 'download'.", remedy="Write one of them.")
        return choice


def chosen_embedder(choice: EmbeddingChoice, environ: Mapping[str, str] = os.environ) -> Embedder:
    """Return the embedder of a choice; an endpoint's key stays in the environment."""
    if choice.model:
        key = environ.get("VERASCRIBE_EMBEDDING_API_KEY") or environ.get("VERASCRIBE_API_KEY") or ""
        return EndpointEmbedder(choice.base_url, choice.model, key=key)
    if choice.folder:
        return FolderEmbedder(Path(choice.folder))
    if choice.onnx:
        from corpus.index_chroma import OnnxEmbedder  # noqa: PLC0415 - heavy, and only where it was chosen

        return OnnxEmbedder(may_download=choice.onnx == "download")
    return HashedNgrams()


class EndpointEmbedder:
    """An OpenAI-compatible endpoint: POST BASE_URL/embeddings, some texts a request."""

    weight = 1.0

    def __init__(self, base_url: str, model: str, *, key: str = "", timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.base_url = base_url.rstrip("/")
        self.model = model
        self._key = key
        self._timeout = timeout_seconds

    @property
    def name(self) -> str:
        """What made the vectors, with its version."""
        return f"endpoint/{self.model}"

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row of unit length for each text; raise EndpointFailed."""
        import httpx  # noqa: PLC0415 - only where an endpoint is configured
        import numpy as np  # noqa: PLC0415 - as above

        if not texts:
            return np.zeros((0, 1), dtype=np.float32)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        rows: list[list[float]] = []
        with httpx.Client(timeout=self._timeout, headers=headers) as client:
            for start in range(0, len(texts), AT_ONCE):
                # an endpoint refuses an empty text
                part = [text[:LONGEST_TEXT] or " " for text in texts[start : start + AT_ONCE]]
                rows += self._vectors(self._asked(client, part), len(part))
        if len({len(row) for row in rows}) != 1:
            raise EndpointFailed("The embedding endpoint gave vectors of different lengths.", remedy=_REMEDY)
        return unit_rows(rows)

    def _asked(self, client: Any, texts: list[str]) -> Any:
        import httpx  # noqa: PLC0415 - as above

        body = {"model": self.model, "input": texts, "encoding_format": "float"}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = client.post(f"{self.base_url}/embeddings", json=body)
            except httpx.HTTPError as error:
                if attempt < ATTEMPTS and not isinstance(error, httpx.TimeoutException):
                    continue
                what = "took too long" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
                raise EndpointFailed(f"The embedding endpoint {self.base_url} {what}.", remedy=_REMEDY) from error
            if answer.status_code in _BUSY and attempt < ATTEMPTS:
                continue
            if answer.status_code != httpx.codes.OK:
                raise EndpointFailed(f"The embedding endpoint answered {answer.status_code}.", remedy=_REMEDY)
            return answer
        raise AssertionError

    @staticmethod
    def _vectors(answer: Any, expected: int) -> list[list[float]]:
        import math  # noqa: PLC0415 - one use

        try:
            if len(answer.content) > LARGEST_REPLY:
                raise ValueError  # noqa: TRY301 - one message for every reply that is of no use
            listed = sorted(answer.json()["data"], key=lambda item: int(item["index"]))
            rows = [[float(value) for value in item["embedding"]] for item in listed]
        except (ValueError, KeyError, TypeError) as error:
            raise EndpointFailed("The embedding endpoint's reply cannot be read.", remedy=_REMEDY) from error
        sound = len(rows) == expected and all(0 < len(row) <= MOST_DIMENSIONS for row in rows)
        if not sound or not all(math.isfinite(value) for row in rows for value in row):
            raise EndpointFailed(
                f"The embedding endpoint gave {len(rows)} usable vectors for {expected} texts.", remedy=_REMEDY
            )
        return rows


class FolderEmbedder:
    """A sentence-transformer in a folder of this machine, loaded at first use (`pip install verascribe[embedding]`)."""

    weight = 1.0

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file():
            raise Invalid(f"{folder} holds no model (config.json).", remedy="Set VERASCRIBE_EMBEDDING_FOLDER to its folder.")
        self.folder = folder
        self._name = ""
        self._model: Any = None

    @property
    def name(self) -> str:
        """What made the vectors: the folder's name and the hash of its files."""
        if not self._name:
            whole = hashlib.sha256()
            files = (p for p in sorted(self.folder.rglob("*")) if p.is_file() and p.suffix in _WEIGHTS)
            for path in files:
                with path.open("rb") as stream:
                    whole.update(hashlib.file_digest(stream, "sha256").digest())
            self._name = f"folder/{self.folder.name}/{whole.hexdigest()[:16]}"
        return self._name

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row of unit length for each text; Invalid where the folder cannot be loaded."""
        vectors = self._loaded().encode(
            list(texts), batch_size=AT_ONCE, convert_to_numpy=True, normalize_embeddings=False, show_progress_bar=False
        )
        return unit_rows(vectors)

    def _loaded(self) -> Any:
        if self._model is None:
            try:
                from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - an extra that takes seconds to load
            except ImportError as error:
                raise Invalid(
                    "A model folder needs sentence-transformers.", remedy="Install it: pip install 'verascribe[embedding]'."
                ) from error
            try:
                self._model = SentenceTransformer(str(self.folder), device="cpu", local_files_only=True)
            except Exception as error:
                raise Invalid(
                    f"{self.folder} cannot be loaded ({type(error).__name__}).", remedy="Check the folder."
                ) from error
        return self._model
