"""The tokens of a text that must be tied to evidence: every number, date, identifier and quantity word. Pure.

What a law or a guideline is called ("21 CFR 211.180") is named, not measured, and a place in an order ("the first batch") counts nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from drafting.checks.atoms import Kind, Quantity, atoms


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


_KINDS = {
    Kind.IDENTIFIER: Token.IDENTIFIER, Kind.DATE: Token.DATE, Kind.TIME: Token.TIME, Kind.NUMBER: Token.NUMBER, Kind.RATIO: Token.NUMBER,
    Kind.ORDINAL: Token.NUMBER, Kind.WORD: Token.WORD,
}  # fmt: skip


def enumerate_tokens(text: str) -> list[Found]:
    """Return the tokens in order of place."""
    return [Found(_KINDS[a.kind], a.start, a.end, a.text) for a in atoms(text) if _is_tied(a)]


def _is_tied(atom: Quantity) -> bool:
    return atom.kind in _KINDS and not (atom.kind is Kind.ORDINAL and atom.text.isalpha())
