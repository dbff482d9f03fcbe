"""Each reference resolves, and its place reads exactly as it prints; each token of the text is covered by one. Pure.

Equality with some other value of the evidence is no resolution, and there is no tolerance.
"""

import re
from functools import lru_cache

from drafting.checks.findings import at
from drafting.checks.self_told import is_self_told
from drafting.checks.tokens import Found, Token, enumerate_tokens
from drafting.model import EvidencePack, Finding, Sentence
from drafting.render import known, printed

SUPPORTING_WORDS = frozenset({"no", "none", "all", "every", "both", "several", "once", "half"})


@lru_cache(maxsize=256)  # three checks ask
def misprinted(sentence: Sentence, pack: EvidencePack) -> tuple[tuple[str, Finding], ...]:
    """Return (reference, finding) for each place that does not read as its reference prints; the rule is left to the caller."""
    found = []
    for span in sentence.spans:
        shown = sentence.text[span.start : span.end]
        if not known(span.ref, pack):
            continue
        if shown != printed(span.ref, pack):
            message = f"'{shown}' stands where the evidence says '{printed(span.ref, pack)}'."
        elif _glued(sentence.text, span.start, span.end):
            message = f"'{shown}' runs into the characters beside it."
        else:
            continue
        found.append((span.ref, at("", message, sentence, span.start, span.end, evidence=span.ref)))
    return tuple(found)


def _glued(text: str, start: int, end: int) -> bool:
    """Tell whether a digit or sign beside a rendered value changes what a reader reads."""
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    return bool(re.match(r"[\w.\-−+<>]", before)) or bool(re.match(r"\w|[.,]\d|%", after))


@lru_cache(maxsize=256)  # three checks ask
def untied(sentence: Sentence) -> tuple[tuple[Found, Finding], ...]:
    """Return each token that no reference covers, with its finding; the rule is left to the caller."""
    found = []
    for token in enumerate_tokens(sentence.text):
        if any(span.start <= token.start and token.end <= span.end for span in sentence.spans):
            continue
        if token.kind is Token.WORD and is_self_told(sentence, token.start, token.end):
            continue
        partly = next((s for s in sentence.spans if s.start < token.end and token.start < s.end), None)
        if partly is not None:
            message = f"'{token.text}' is only partly what the evidence prints."
        else:
            message = f"The {token.kind} '{token.text}' is not tied to any evidence."
        warns = token.kind is Token.WORD and token.text.lower() in SUPPORTING_WORDS
        if (
            partly is not None and token.kind is Token.DATE
        ):  # "by the end of April 6 deviations": a month beside a whole figure
            warns = sentence.text[token.start : partly.start].strip().isalpha() and partly.end == token.end
        found.append((token, at("", message, sentence, token.start, token.end, warns=warns)))
    return tuple(found)
