"""Terms of a text, for search by words.

Batch numbers, decimals, dates and record identifiers are one term each, so that "0.33" never finds "0.3" and "DEV-2020-014"
finds exactly that.
"""

import re
from functools import lru_cache

_TOKEN = re.compile(r"\w+(?:[.,/\-:]\w+)*")
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    re.findall(r"\w+", "a an and are as at be by for from has have in is it of on or that the this to was were which with")
)

_ASKING = frozenset(
    re.findall(
        r"\w+",
        "any been before can could did do does had how if into its long many may much must no not one our out should so than their then "
        "there they up we what when where whether who whose why will would you",
    )
)  # of a question, not of what it asks for


def asked(question: str) -> list[str]:
    """Return the different terms that a question looks for, without the words that only make it a question."""
    found = list(dict.fromkeys(tokens(question)))
    return [term for term in found if term not in _ASKING] or found


def tokens(text: str) -> list[str]:
    """Split a text into terms: anything with a digit stays whole, words are folded and lose a plural s."""
    found: list[str] = []
    for written in _TOKEN.findall(text):
        found.extend(_terms(written))
    return found


@lru_cache(maxsize=65_536)  # texts repeat their words
def _terms(written: str) -> tuple[str, ...]:
    token = written.casefold()
    if any(sign.isdigit() for sign in token):
        return (token,)
    return tuple(_stem(word) for word in _WORD.findall(token) if word not in _STOP)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word  # noqa: PLR2004 - "gas", "was"
