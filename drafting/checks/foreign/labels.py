"""Tell how well words say a label: their weight, the share of the label that they are, abbreviations of its words. Pure."""

from collections.abc import Set as AbstractSet
from functools import lru_cache

from drafting.checks.foreign.words import STATISTICS

Phrase = tuple[str, ...]
STOP = frozenset((
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "by", "with", "and", "or", "as", "was", "were",
    "is", "are", "be", "been", "it", "its", "their", "his", "her", "this", "that", "which", "who", "per", "than",
    "not", "no", "each", "every", "all", "any", "only", "also", "had", "has", "have", "did", "do",
))  # fmt: skip
LEAST_ABBREVIATION = 3
WEIGHTS = {
    **dict.fromkeys(STATISTICS, 0.5),
    **dict.fromkeys(("percent", "id", "number", "name", "code", "result", "value", "unit"), 0.3),
}
LEAST_LEFT = 2  # letters that an abbreviation leaves off
LIMITS = frozenset(("limit", "lower", "upper", "specification", "criterion", "acceptance"))
SIDES = frozenset(("low", "lower", "min", "high", "upper", "max"))  # of a limit
RESULTS = frozenset(("result", "value", "measured"))
LIMIT_WORDS = frozenset(("limit", "criterion", "specification"))


def weight(token: str, common: frozenset[str] = frozenset()) -> float:
    """Return how much a stem says about which attribute is meant."""
    return 0.4 if token in common else WEIGHTS.get(token, 1.0)


def score(label: Phrase, stems: frozenset[str], common: frozenset[str] = frozenset()) -> float:
    """Return how well stems say a label, 0 to 1: how much of the label is said, and how much of what is said is the label."""
    both = set(label) & stems
    if not any(weight(s, common) == 1 for s in both):
        return 0.0 if set(label) - both or not both else 0.5
    shared, whole, said = (sum(weight(s, common) for s in some) for some in (both, set(label), stems))
    doubt = 0.5 if "percent" in label and "percent" not in stems else 1.0
    return doubt * (0.6 * shared / whole + 0.4 * shared / said)


def bounding(header: AbstractSet[str]) -> bool:
    """Tell whether the words of a header say that its column holds limits: "Upper limit", "SPEC_LOW"."""
    return bool(header & LIMITS) or ("spec" in header and bool(header & SIDES))


@lru_cache(maxsize=65536)
def meant(word: str, tokens: frozenset[str]) -> frozenset[str]:
    """Return the tokens of labels that a word of prose says, itself or by their abbreviation."""
    if word in tokens:
        return frozenset((word,))
    return frozenset(t for t in tokens if _abbreviates(t, word)) if len(word) > LEAST_ABBREVIATION else frozenset()


def _abbreviates(token: str, word: str) -> bool:
    """Tell whether a token is the beginning of a word, or its consonants: "temp" and "tbl" of "temperature" and "tablet"."""
    if len(token) < LEAST_ABBREVIATION or len(token) >= len(word) or token[0] != word[0]:
        return False
    if word.startswith(token):
        return len(word) - len(token) > LEAST_LEFT
    ends = word.startswith(token[:-1]) and word.endswith(token[-1]) and len(word) >= 2 * len(token)
    if ends and len(token) > LEAST_ABBREVIATION:
        return True  # "dept" of "department", not "prot" of "product"
    if any(vowel in token[1:] for vowel in "aeiou"):
        return False
    letters = iter(word)
    return all(letter in letters for letter in token)
