"""What is said of each claim of a text: supported, contradicted by a cell, or not found in the evidence. Pure values."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from drafting.checks.foreign.words import Word


class Verdict(StrEnum):
    """How a claim stands to the evidence."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Judged:
    """One claim of a text: its place, what it was read to say, the verdict and the cell that it rests on."""

    start: int
    end: int
    quote: str
    kind: str  # number, name, word
    verdict: Verdict
    about: str = ""
    message: str = ""
    evidence: str = ""
    nowhere: bool = False  # not even as a literal anywhere in the evidence
    owner: tuple[str, str] | None = None  # the entity, where one owns the claim
    cell: tuple[int, int, int] | None = None  # (table, row, column)
    measured: tuple[int, int, int] | None = None  # a cell whose unit is that of a number which is no cell: of a statistic

    def tree(self) -> dict[str, Any]:
        """Return the claim for JSON."""
        told = asdict(self)
        del told["owner"], told["cell"], told["measured"]
        return {**told, "verdict": str(self.verdict)}


def held_against(words: Sequence[Word], about: str, place: str, *, right: bool, kind: str = "") -> Judged:
    """Return words that say something as a claim, supported or contradicted by a place; a single number is one where no kind is said."""
    quote = " ".join(w.text for w in words)
    kind = kind or ("number" if len(words) == 1 and words[0].value is not None else "word")
    message = "" if right else f"'{quote}' is contradicted: {place}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return Judged(words[0].start, words[-1].end, quote, kind, verdict, about, message, place)
