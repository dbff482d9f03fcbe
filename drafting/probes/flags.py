"""Faults of the tool: a finding that is held back, and a finding on a sentence that is right. Pure.

A false finding is one that the checks themselves raise: on the same reference, in words that do not say what it is. So its rule, words,
severity and place are those of any other, and nothing but the evidence tells it from one that is true.
"""

from collections.abc import Iterator
from dataclasses import replace

from drafting.checks import engine
from drafting.model import Finding, Origin, Sentence, Severity, Span
from drafting.probes.claims import Claim
from drafting.probes.making import Maker
from drafting.probes.model import Fault, Probe

WORDINGS = (
    "It was ",
    "The reading came to ",
    "The total count of batches was ",
)  # they leave open, or miss, what a figure is
SENTENCES = 4  # of a section in which a false finding may stand: each costs some runs of the checks


def faults(maker: Maker) -> Iterator[Probe]:
    """Yield the faults of the tool: warnings that can be held back, and warnings on sentences that nothing is found in."""
    for sentence in maker.material.sentences:
        refs = [c.ref for c in sentence.citations]
        warned = [f for f in sentence.findings if f.severity is Severity.WARNS]
        if warned and len(warned) == len(sentence.findings) and refs:
            yield maker.make(Fault.SILENT, [], refs, warned[0].message, subject=sentence.id, silenced=True)
    claims = _figures(maker)
    for claim in claims[:: len(claims) // SENTENCES + 1]:
        proof = f"The source holds {claim.text}: the sentence is right and the finding is not."
        for flag in _raised(maker, claim):
            yield maker.make(Fault.FALSE_FLAG, [], [claim.ref], proof, subject=claim.sentence, flag=flag)


def _figures(maker: Maker) -> list[Claim]:
    """Return the first computed figure of each machine's sentence that reads as it was drafted and that the checks pass."""
    passed = [s for s in maker.material.sentences if not s.findings and s.text == s.drafted_text]
    figures = (next((c for c in maker.material.of(s) if c.ref.startswith("fact:") and _counts(c)), None) for s in passed)
    return [claim for claim in figures if claim is not None]


def _counts(claim: Claim) -> bool:
    return any(sign.isdigit() for sign in claim.text)


def _raised(maker: Maker, claim: Claim) -> list[Finding]:
    """Return the warnings that the checks raise on a figure in other words, put where it stands; each wording of theirs once."""
    found: dict[str, Finding] = {}
    for words in WORDINGS:
        start = len(words)
        draft = Sentence(f"{words}{claim.text}.", (Span(start, start + len(claim.text), claim.ref),), (claim.ref,))
        for finding in engine.check_sentence(draft, maker.material.pack, origin=Origin.MACHINE):
            if finding.severity is Severity.WARNS and (finding.evidence, finding.quote) == (claim.ref, claim.text):
                put = replace(
                    finding, start=claim.start, end=claim.end, section=maker.material.outline.key, sentence=claim.sentence
                )
                found.setdefault(finding.message, put)
    return list(found.values())
