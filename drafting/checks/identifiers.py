"""Identifiers: each batch, lot, deviation, CAPA, change and equipment id resolves to a record of this section's evidence. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from drafting.checks.references import misprinted, untied
from drafting.checks.tokens import Token
from drafting.model import EvidencePack, Finding, Sentence


def check(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    """Yield the findings on identifiers."""
    for ref, finding in misprinted(sentence, pack):
        if ref.startswith("record:"):
            yield replace(finding, rule="identifiers")
    for token, finding in untied(sentence):
        if token.kind is Token.IDENTIFIER:
            yield replace(finding, rule="identifiers")
