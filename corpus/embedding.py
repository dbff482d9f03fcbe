"""Texts to vectors, offline and without weights.

`HashedNgrams` hashes words, pairs of words and pieces of words into a vector. It finds other spellings, inflections and
shared phrases ("granulator", "granulation", "granulating"); it knows no synonyms and no language. It is the default because
it is deterministic and needs neither a model file nor a network. An `Embedder` with a trained model may take its place:
vectors carry the name of what made them, and are made anew where the name differs.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from corpus.lexical import tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PIECE = 4  # letters of a word piece: long enough to carry a stem


class Embedder(Protocol):
    """Turn texts into vectors of unit length."""

    @property
    def name(self) -> str:
        """What made the vectors, with its version."""

    @property
    def weight(self) -> float:
        """How much a ranking by these vectors counts beside one by words: 1 for a trained model."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row of unit length for each text (of zeros for a text without terms)."""


@dataclass(frozen=True)
class Vectors:
    """Vectors as the store keeps them, one for each text, and what made them."""

    model: str
    rows: tuple[bytes, ...] = ()

    @staticmethod
    def of(embedder: Embedder, texts: Sequence[str]) -> "Vectors":
        """Make the vectors of some texts."""
        made = embedder.embed(texts) if texts else ()
        return Vectors(embedder.name, tuple(to_bytes(row) for row in made))


class HashedNgrams:
    """Hashed words, word pairs and word pieces; deterministic on every machine."""

    weight = 0.01  # without trained weights it only fills up behind the words: counted as their equal it made answers worse

    def __init__(self, dimensions: int = 512) -> None:
        self.dimensions = dimensions

    @property
    def name(self) -> str:
        """What made the vectors, with its version."""
        return f"hashed-ngrams/1/{self.dimensions}"

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row of unit length for each text (of zeros for a text without terms)."""
        import numpy as np  # noqa: PLC0415 - only where vectors are made

        matrix = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            hashed, weights = _features(text)
            if not hashed:
                continue
            found = np.array(hashed, dtype=np.uint32)
            signed = np.where(found & 0x8000_0000, 1.0, -1.0) * np.array(weights)
            # one after the other in the order of the text, as float32: the same bits on every machine and in every version
            np.add.at(matrix[row], found % self.dimensions, signed.astype(np.float32))
        return unit_rows(matrix)


def unit_rows(matrix: Any) -> "NDArray[np.float32]":
    """Return rows of unit length; a row of zeros stays one."""
    import numpy as np  # noqa: PLC0415 - only where vectors are made

    rows = np.asarray(matrix, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    norms[norms == 0] = 1
    result: NDArray[np.float32] = (rows / norms).astype(np.float32)
    return result


def _features(text: str) -> tuple[list[int], list[float]]:
    """Hash the words of a text, then its pairs of words, then the pieces of its words; each with its weight."""
    words = tokens(text)
    hashed = [_hashed("w:" + word) for word in words]
    weights = [1.0] * len(hashed)
    pairs = [zlib.crc32(f"p:{first} {second}".encode()) for first, second in pairwise(words)]
    hashed += pairs
    weights += [0.5] * len(pairs)
    for word in words:
        pieces = _pieces(word)
        hashed += pieces
        weights += [1.0 / max(len(pieces), 1)] * len(pieces)
    return hashed, weights


@lru_cache(maxsize=65_536)  # texts repeat their words
def _hashed(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8"))


@lru_cache(maxsize=65_536)
def _pieces(word: str) -> list[int]:
    padded = f"^{word}$"
    return [zlib.crc32(f"c:{padded[i : i + PIECE]}".encode()) for i in range(len(padded) - PIECE + 1)]


def to_bytes(vector: "NDArray[np.float32]") -> bytes:
    """Write a vector as little-endian 32-bit floats."""
    return vector.astype("<f4").tobytes()


def from_bytes(rows: Sequence[bytes]) -> "NDArray[np.float32]":
    """Read vectors of equal length back into a matrix."""
    import numpy as np  # noqa: PLC0415 - only where vectors are read

    return np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1)
