"""Words search: one inverted index that answers the same on SQLite and PostgreSQL. The ranking is BM25.

Batch numbers, decimals, dates and record identifiers are one token each, so that "0.33" never finds "0.3" and
"DEV-2020-014" finds exactly that. Scope (product, kind, current versions) is decided by the query that fetches the postings.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

K1 = 1.2  # saturation of repeated terms, the usual value
B = 0.75  # weight of a passage's length, the usual value

_TOKEN = re.compile(r"\w+(?:[.,/\-:]\w+)*")
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    re.findall(r"\w+", "a an and are as at be by for from has have in is it of on or that the this to was were which with")
)


@dataclass(frozen=True)
class Posting:
    """How often a term stands in a passage of `length` terms."""

    term: str
    passage_id: str
    occurrences: int
    length: int


def tokens(text: str) -> list[str]:
    """Split a text into terms: anything with a digit stays whole, words are folded and lose a plural s."""
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match[0].casefold()
        if any(sign.isdigit() for sign in token):
            found.append(token)
            continue
        found.extend(_stem(word) for word in _WORD.findall(token) if word not in _STOP)
    return found


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word  # noqa: PLR2004 - "gas", "was"


def counted(text: str) -> tuple[Mapping[str, int], int]:
    """Return each term's count and the number of terms."""
    terms = tokens(text)
    return Counter(terms), len(terms)


def rank(postings: Iterable[Posting], *, passages: int) -> list[tuple[str, float]]:
    """Order passages by BM25, best first, ties by id; `passages` is how many there are in scope."""
    listed: Sequence[Posting] = list(postings)
    frequency = Counter(posting.term for posting in listed)
    lengths = {posting.passage_id: posting.length for posting in listed}
    average = sum(lengths.values()) / len(lengths) if lengths else 1.0
    scores: dict[str, float] = {}
    for posting in listed:
        df = frequency[posting.term]
        rarity = math.log(1 + (max(passages, df) - df + 0.5) / (df + 0.5))
        norm = posting.occurrences + K1 * (1 - B + B * posting.length / average)
        gain = rarity * posting.occurrences * (K1 + 1) / norm
        scores[posting.passage_id] = scores.get(posting.passage_id, 0.0) + gain
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
