"""Citations: each factual sentence of a machine cites evidence, and everything cited and referred to was supplied. Pure."""

from collections.abc import Iterator

from drafting.checks.findings import at
from drafting.model import EvidencePack, Finding, Origin, Sentence
from drafting.render import known


def check(sentence: Sentence, pack: EvidencePack, origin: Origin) -> Iterator[Finding]:
    """Yield the findings on citations."""
    for span in sentence.spans:
        if not known(span.ref, pack):
            message = f"The reference {span.ref} is not in this section's evidence."
            yield at("citations", message, sentence, span.start, span.end, evidence=span.ref)
    whole = len(sentence.text)
    if origin is Origin.MACHINE and not sentence.cites:
        yield at("citations", "This sentence cites no evidence.", sentence, 0, whole)
    for ref in sentence.cites:
        if not known(ref, pack):
            yield at("citations", f"The cited {ref} is not in this section's evidence.", sentence, 0, whole, evidence=ref)
