"""What a sentence comes out as: the worst of its claims, and whether what it states of its names and figures was judged at all. Pure."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from drafting.checks.foreign.unjudged import STATEMENT
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import lines


class Outcome(StrEnum):
    """How a sentence stands to the evidence."""

    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"
    NOT_JUDGED = "not_judged"  # its names and figures exist, what it states of them was held against nothing
    SUPPORTED = "supported"
    NO_CLAIM = "no_claim"


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text, its place and its outcome."""

    start: int
    end: int
    outcome: Outcome

    def tree(self) -> dict[str, Any]:
        """Return the sentence for JSON."""
        return {"start": self.start, "end": self.end, "verdict": str(self.outcome)}


def sentences_of(text: str, claims: Iterable[Judged]) -> tuple[Sentence, ...]:
    """Return each sentence of a text with what its claims make of it."""
    found = lines(text)
    starts = [line.start for line in found]
    held: list[list[Judged]] = [[] for _ in found]
    for claim in claims if found else ():
        held[max(0, bisect_right(starts, claim.start) - 1)].append(claim)
    return tuple(Sentence(line.start, line.end, _outcome(told)) for line, told in zip(found, held, strict=True))


def _outcome(claims: list[Judged]) -> Outcome:
    open_ones = [c for c in claims if c.verdict is Verdict.NOT_FOUND]
    if any(c.verdict is Verdict.CONTRADICTED for c in claims):
        return Outcome.CONTRADICTED
    if any(c.about != STATEMENT for c in open_ones):
        return Outcome.NOT_FOUND
    if open_ones:
        return Outcome.NOT_JUDGED
    return Outcome.SUPPORTED if claims else Outcome.NO_CLAIM
