"""Numbers: each quantity is exactly what its reference prints, and of the statistic, attribute and batch that the words name. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from drafting.checks.atoms import Kind, atoms
from drafting.checks.references import misprinted, untied
from drafting.checks.tokens import Token
from drafting.model import EvidencePack, Finding, Sentence
from drafting.render import printed


def check(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    """Yield the findings on numbers and quantity words."""
    for ref, finding in misprinted(sentence, pack):
        if not ref.startswith("record:") and not is_moment(printed(ref, pack)):
            yield replace(finding, rule="numbers")
    for token, finding in untied(sentence):
        if token.kind in (Token.NUMBER, Token.WORD):
            yield replace(finding, rule="numbers")


@lru_cache(maxsize=4096)
def is_moment(text: str) -> bool:
    """Tell whether a text is a date or a time of day and nothing else."""
    found = atoms(text) if len(text) < 40 else []  # noqa: PLR2004 - no date is longer
    return len(found) == 1 and found[0].kind in (Kind.DATE, Kind.TIME) and found[0].text == text.strip()
