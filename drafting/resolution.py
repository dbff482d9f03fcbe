"""Say of each number, date and identifier of a person's text what it is tied to, and what a person may tie it to.

Equality with some value of the evidence is no resolution: a candidate is offered, those first of which the words name the most, and a
person picks. Only a figure that by its words can be one thing alone is tied to it without a press.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from drafting.checks import alignment, offers
from drafting.checks.references import SUPPORTING_WORDS
from drafting.checks.tokens import Found, Token, enumerate_tokens
from drafting.model import EvidencePack, Sentence
from drafting.panel import citation
from drafting.readmodel import Citation
from drafting.render import printed


class Standing(StrEnum):
    """How a quantity of a text stands to the evidence."""

    RESOLVED = "resolved"
    CONTRADICTED = "contradicted"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True)
class Resolution:
    """One quantity of a text: its place, how it stands, its reference, what the evidence says instead, and what may be picked."""

    text: str
    start: int
    end: int
    standing: Standing
    ref: str = ""
    says: str = ""  # what the evidence prints where this stands
    source: Citation | None = None
    candidates: tuple[Citation, ...] = ()


def resolutions(
    before: Sentence,
    text: str,
    pack: EvidencePack,
    *,
    picks: Mapping[str, str] | None = None,
    drafted: Sentence | None = None,
) -> tuple[Resolution, ...]:
    """Return every quantity of an edited text in order; words such as "all" or "no" are left to the checks.

    What stood in the place of one that changed is told from the words before, else from those that were `drafted`.
    """
    after = alignment.tied(before, text, pack, picks=picks)
    against = dict(alignment.contradicting(drafted, text, pack)) if drafted is not None else {}
    against |= dict(alignment.contradicting(before, text, pack))
    found = []
    for token in enumerate_tokens(text):
        if token.kind is Token.WORD and token.text.lower() in SUPPORTING_WORDS:
            continue
        found.append(_resolution(token, after, pack, against))
    return tuple(found)


def _resolution(token: Found, after: Sentence, pack: EvidencePack, against: Mapping[str, str]) -> Resolution:
    ref = next((s.ref for s in after.spans if s.start <= token.start and token.end <= s.end), "")
    if ref:
        return Resolution(token.text, token.start, token.end, Standing.RESOLVED, ref, source=citation(ref, pack))
    offered = tuple(citation(c, pack) for c in alignment.offered(after.text, token, pack))
    other = against.get(token.text, "") or offers.instead(after.text, token, pack, offered=bool(offered))
    if other:
        return Resolution(
            token.text, token.start, token.end, Standing.CONTRADICTED, says=printed(other, pack), source=citation(other, pack),
            candidates=offered,
        )  # fmt: skip
    return Resolution(token.text, token.start, token.end, Standing.UNRESOLVED, candidates=offered)
