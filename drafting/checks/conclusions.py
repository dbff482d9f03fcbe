"""Conclusions: a sentence that claims what a computed fact contradicts is blocked, whoever wrote it. Pure.

What a record says in its own words (text that a reference printed) is quoted, and is no claim of this report.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from drafting.checks.claims import ASSESSED, CLAIMS, TRIGGER
from drafting.checks.findings import at, covered
from drafting.checks.qualified import is_qualified
from drafting.model import EvidencePack, Finding, Sentence, Severity


def check(sentence: Sentence, pack: EvidencePack, whole: EvidencePack | None = None) -> Iterator[Finding]:
    """Yield a finding for each claim that a fact of the evidence contradicts; `whole` is the evidence of the report."""
    if TRIGGER.search(sentence.text) is None:
        return
    attribute = spoken_of(sentence, pack)
    reported: set[str] = set()
    for claim in CLAIMS:
        for match in claim.says.finditer(sentence.text):
            if covered(sentence, match.start(), match.end()) or is_qualified(sentence.text, match.start(), match.end()):
                continue
            fact = next(claim.against(pack, attribute), None)
            if fact is None and whole is not None and claim.meaning == ASSESSED:
                fact = next(claim.against(whole, attribute), None)
            if fact is not None and fact.id not in reported:
                reported.add(fact.id)
                message = f"Conclusion contradicted ({claim.meaning}): {fact.id} is {fact.printed}."
                yield at("conclusions", message, sentence, match.start(), match.end(), evidence=f"fact:{fact.id}")


def check_fields(fields: Mapping[str, str], pack: EvidencePack, whole: EvidencePack | None = None) -> Iterator[Finding]:
    """Yield a warning for each conclusion in a field that a person filled: the decision is theirs, the fact is shown beside it."""
    for key, value in fields.items():
        for finding in check(Sentence(value), pack, whole):
            message = f"Field {key.replace('_', ' ')}: {finding.message}"
            yield Finding("conclusions", Severity.WARNS, message, quote=finding.quote, evidence=finding.evidence)


def spoken_of(sentence: Sentence, pack: EvidencePack) -> str:
    """Return the one attribute that a sentence names, by reference or by its label; "" where it names none or several."""
    named = {span.ref.removeprefix("fact:").rpartition(".")[0] for span in sentence.spans if span.ref.endswith(".attribute")}
    low = sentence.text.lower()
    named |= (
        {attribute for label, attribute in _labels(pack) if re.search(rf"\b{re.escape(label)}\b", low)}
        if not named
        else set()
    )
    return named.pop() if len(named) == 1 else ""


@lru_cache(maxsize=256)
def _labels(pack: EvidencePack) -> tuple[tuple[str, str], ...]:
    return tuple((f.value.lower(), f.id.rpartition(".")[0]) for f in pack.facts.values() if f.id.endswith(".attribute"))
