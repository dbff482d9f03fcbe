"""How a sentence says something of the record that it names: the words that may stand between them, and what is said, with its place. Pure."""

import re
from typing import NamedTuple

from drafting.checks.lexicon import GAP

# nothing but brackets, a preposition with its reference, and a pronoun may stand between a record and what is said of it
TIGHT = rf"\s*(?:\([^)]*\))?,?(?:\s(?:for|of|in|on|concerning)(?:\s\w+)?\s{GAP}+)?\s*(?:,?\s*(?:which|that|it|and))?\s*"
BE = r"\b(?:was|is|were|are|has been|had been|remains?|remained|stands|being)\s+"
ADVERBS = r"(?:(?P<not>not|never|neither)\s+)?(?:(?:both|all|each|therefore|still|also|finally|subsequently|then|already|again|duly|fully|successfully)\s+)*"
ALSO_DONE = r"(?:\w+ed\s+and\s+)?"  # another thing that was done
DENIED = re.compile(r"\b(?:not|never|no longer)\b|n't\b", re.IGNORECASE)


class Said(NamedTuple):
    """What the words say of a field, and its place."""

    field: str
    value: str
    start: int
    end: int


def said_at(field: str, match: re.Match[str], offset: int) -> Said:
    """Return what the group `said` of a match says of a field; `offset` is where the matched words begin in the sentence."""
    return Said(field, match["said"], offset + match.start("said"), offset + match.end("said"))
