"""Texts to vectors, offline and without weights.

`HashedNgrams` hashes words, pairs of words and pieces of words into a vector. It finds other spellings, inflections and
shared phrases ("granulator", "granulation", "granulating"); it knows no synonyms and no language. It is the default because
it is deterministic and needs neither a model file nor a network. An `Embedder` with a trained model may take its place:
vectors carry the name of what made them, and are made anew where the name differs.
"""

import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

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

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row of unit length for each text (of zeros for a text without terms)."""


class HashedNgrams:
    """Hashed words, word pairs and word pieces; deterministic on every machine."""

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
            for feature, weight in _features(text):
                hashed = zlib.crc32(feature.encode("utf-8"))
                sign = 1.0 if hashed & 0x8000_0000 else -1.0
                matrix[row, hashed % self.dimensions] += sign * weight
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        norms[norms == 0] = 1
        result: NDArray[np.float32] = (matrix / norms).astype(np.float32)
        return result


def _features(text: str) -> list[tuple[str, float]]:
    words = tokens(text)
    found = [("w:" + word, 1.0) for word in words]
    found += [(f"p:{first} {second}", 0.5) for first, second in pairwise(words)]
    for word in words:
        padded = f"^{word}$"
        pieces = [padded[i : i + PIECE] for i in range(len(padded) - PIECE + 1)]
        found += [("c:" + piece, 1.0 / max(len(pieces), 1)) for piece in pieces]
    return found


def to_bytes(vector: "NDArray[np.float32]") -> bytes:
    """Write a vector as little-endian 32-bit floats."""
    return vector.astype("<f4").tobytes()


def from_bytes(rows: Sequence[bytes]) -> "NDArray[np.float32]":
    """Read vectors of equal length back into a matrix."""
    import numpy as np  # noqa: PLC0415 - only where vectors are read

    return np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1)
