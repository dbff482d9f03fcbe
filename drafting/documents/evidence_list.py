"""Number the evidence of a report in order of first use, so that text and appendix point at each other. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drafting.readmodel import SectionView, SentenceView

NOT_PRINTED = "rejected"


@dataclass(frozen=True)
class EvidenceLine:
    """One numbered entry of the evidence list: what is cited, where it stands and the hash of the file it stands in."""

    number: int
    ref: str
    label: str
    place: str
    sha256: str
    synthetic: bool


def printed_sentences(section: SectionView) -> tuple[SentenceView, ...]:
    """Return the sentences that a document may print: no rejected ones, none while machine text is held back."""
    return () if section.hidden else tuple(s for s in section.sentences if s.state != NOT_PRINTED)


def evidence_list(
    sections: Sequence[SectionView], places: Mapping[str, tuple[str, str]] | None = None
) -> list[EvidenceLine]:
    """Return the cited evidence in order of first use.

    `places` gives for a reference its place and the hash of its file, where the caller knows them; without an entry the
    label stands alone.
    """
    known = places or {}
    lines: dict[str, EvidenceLine] = {}
    for section in sections:
        for sentence in printed_sentences(section):
            for cited in sentence.citations:
                if cited.ref not in lines:
                    place, sha256 = known.get(cited.ref, ("", ""))
                    number = len(lines) + 1
                    lines[cited.ref] = EvidenceLine(number, cited.ref, cited.label, place, sha256, cited.synthetic)
    return list(lines.values())
