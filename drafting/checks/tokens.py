"""Enumerate every number, date, identifier and quantity word of a text, whole tokens only. Pure, and independent of any drafter."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Token(StrEnum):
    """What kind of thing a token is."""

    IDENTIFIER = "identifier"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    WORD = "quantity word"


@dataclass(frozen=True)
class Found:
    """A token and its place."""

    kind: Token
    start: int
    end: int
    text: str


_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
_PATTERNS = (
    # a law or guideline is named, not measured
    (
        None,
        r"\b(?:21\s*CFR\s*(?:Part\s*)?[\d.]+(?:\([a-z0-9]+\))*|ICH\s+Q\d+[A-Z]?(?:\(R\d\))?|Annex\s+\d+|Chapter\s+\d+|USP\s*<\d+>)",
    ),
    (Token.IDENTIFIER, r"\b[A-Z][A-Z0-9]{1,7}(?:-[A-Z0-9]+)*-\d+(?:[-/][A-Za-z0-9_]+)*\b"),
    (Token.DATE, rf"\b\d{{4}}-\d{{2}}(?:-\d{{2}}(?:[T ]{_TIME}(?:Z|[+-]\d{{2}}:?\d{{2}})?)?)?\b(?!\.?\d)"),
    (Token.TIME, rf"(?<![\w:.]){_TIME}(?![\w:]|\.\d)"),
    (Token.DATE, rf"\b(?:\d{{1,2}}\s+)?(?:{_MONTH})\s+\d{{4}}\b|\b(?:{_MONTH})\s+\d{{1,2}},\s+\d{{4}}\b"),
    (
        Token.NUMBER,
        r"(?<![\w.])[+\-−<>≤≥]?\d+(?:[.,]\d+)*(?:\s*[x×]\s*10\^?-?\d+)?(?:\s?(?:%|°C|kN|mm|mg|g|kg|µm|um|N|ml|mL|units|tablets)(?![\w]))?",
    ),
    (
        Token.WORD,
        (
            r"(?i)\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
            r"nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen|half|twice|thrice|"
            r"once|none|both|several|all|every|no)\b"
        ),
    ),
    (Token.WORD, r"(?i)\bone\b(?!\s+(?:of\s+the\s+following|another))"),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)


def enumerate_tokens(text: str) -> list[Found]:
    """Return the tokens in order of place; a stretch belongs to the first pattern that takes it."""
    taken = [False] * len(text)
    found: list[Found] = []
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            taken[match.start() : match.end()] = [True] * (match.end() - match.start())
            if kind is not None:
                found.append(Found(kind, match.start(), match.end(), match[0]))
    found += [  # whatever the patterns missed is still a number
        Found(Token.NUMBER, digits.start(), digits.end(), digits[0])
        for digits in re.finditer(r"\d+", text)
        if not all(taken[digits.start() : digits.end()])
    ]
    return sorted(found, key=lambda f: f.start)
