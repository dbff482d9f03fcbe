"""Faults of the tool: a finding that is held back, and a finding on a sentence that is right. Pure."""

from collections.abc import Iterator

from drafting.model import Severity
from drafting.probes.making import Maker
from drafting.probes.model import Fault, Probe

FLAG = "The figure {text} is not what the cited source holds."


def faults(maker: Maker) -> Iterator[Probe]:
    """Yield the faults of the tool: warnings that can be held back, and flags on sentences that nothing is found in."""
    for sentence in maker.material.sentences:
        refs = [c.ref for c in sentence.citations]
        warned = [f for f in sentence.findings if f.severity is Severity.WARNS]
        if warned and len(warned) == len(sentence.findings) and refs:
            yield maker.make(Fault.SILENT, [], refs, warned[0].message, subject=sentence.id, silenced=True)
        if sentence.findings or sentence.text != sentence.drafted_text:
            continue
        claim = next((c for c in maker.material.of(sentence) if any(sign.isdigit() for sign in c.text)), None)
        if claim is not None and refs:
            proof = f"The source holds {claim.text}: the sentence is right and the finding is not."
            yield maker.make(
                Fault.FALSE_FLAG, [], [claim.ref], proof, subject=sentence.id, flag=FLAG.format(text=claim.text)
            )  # fmt: skip
