"""An optional second look at the first hits: a reranker orders them by question and text together. Off by default.

`CoverageReranker` is the deterministic twin that needs no model: the share of the question's terms that a text holds, and how close
together they stand. A cross-encoder may take its place.
"""

from collections.abc import Sequence
from typing import Protocol

from corpus.lexical import tokens

CANDIDATES = 50  # hits that are looked at again


class Reranker(Protocol):
    """Score texts against a question."""

    @property
    def name(self) -> str:
        """Return what scores, with its version."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one score for each text, the higher the better."""


class CoverageReranker:
    """Count how much of the question a text holds, and in how short a stretch."""

    name = "coverage/1"

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one score for each text, from 0 to 2."""
        asked = frozenset(tokens(question))
        return [_score(asked, tokens(text)) for text in texts]


def _score(asked: frozenset[str], said: list[str]) -> float:
    places = [(place, term) for place, term in enumerate(said) if term in asked]
    held = {term for _, term in places}
    if not asked or not held:
        return 0.0
    return len(held) / len(asked) + len(held) / _shortest(places, len(held))


def _shortest(places: list[tuple[int, str]], wanted: int) -> int:
    """Return the length of the shortest stretch that holds all the terms found."""
    counts: dict[str, int] = {}
    best, start = places[-1][0] - places[0][0] + 1, 0
    for place, term in places:
        counts[term] = counts.get(term, 0) + 1
        while len(counts) == wanted:
            first, leaving = places[start]
            best = min(best, place - first + 1)
            counts[leaving] -= 1
            if not counts[leaving]:
                del counts[leaving]
            start += 1
    return best
