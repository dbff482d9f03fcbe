"""Run the checks on a sentence and on a section: every fault is listed, with its place, rule, severity and evidence. Pure.

One module a check. A quantity passes only by reference: the text at its place must be exactly what its reference prints, and the words beside
it must not name something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from drafting.checks import (
    aggregates,
    binding,
    carryover,
    citations,
    conclusions,
    contradictions,
    dates,
    declared,
    identifiers,
    investigation,
    limits,
    linked,
    models_in_use,
    numbers,
    omissions,
    plausibility,
    sources,
    statuses,
)
from drafting.checks.findings import Shown
from drafting.checks.references import SUPPORTING_WORDS
from drafting.checks.reuse import Before
from drafting.checks.tokens import Token, enumerate_tokens
from drafting.model import EvidencePack, Finding, LedgerLine, Origin, Sentence
from prompts.outline import SectionOutline

VERSION = "7"
FINDINGS_KEPT = 4096  # sentences checked against their evidence: pure, and asked for at every run of a screen


@lru_cache(maxsize=FINDINGS_KEPT)
def check_sentence(
    sentence: Sentence, pack: EvidencePack, *, origin: Origin, whole: EvidencePack | None = None
) -> tuple[Finding, ...]:
    """Return every finding on one sentence; a record of which its section holds nothing is looked up in `whole`, that of the report."""
    findings = [
        *numbers.check(sentence, pack),
        *identifiers.check(sentence, pack),
        *dates.check(sentence, pack),
        *binding.mismatched(sentence, pack),
        *citations.check(sentence, pack, origin),
        *declared.check(sentence, pack),
        *conclusions.check(sentence, pack, whole),
        *statuses.check(sentence, pack, whole),
        *linked.check(sentence, pack, whole),
        *limits.check(sentence, pack),
        *aggregates.check(sentence, pack),
    ]
    return tuple(sorted(findings, key=lambda f: (f.start, f.rule)))


def check_in_report(
    sentence_id: str,
    sentence: Sentence,
    pack: EvidencePack,
    outline: SectionOutline,
    *,
    origin: Origin,
    before: Before | None,
    whole: EvidencePack | None = None,
) -> tuple[Finding, ...]:
    """Return every finding on one sentence as it stands in its report, with those on what it carries over from the previous one."""
    found = check_sentence(sentence, pack, origin=origin, whole=whole)
    if before is None:
        return found
    shown = Shown(((sentence_id, sentence, origin),), pack, outline)
    return (*found, *(f for f in carryover.check(shown, before) if f.sentence == sentence_id))


def check_section(
    sentences: Sequence[tuple[str, Sentence, Origin]],
    pack: EvidencePack,
    outline: SectionOutline,
    ledger: tuple[LedgerLine, ...],
    *,
    fields: Mapping[str, str] | None = None,
    before: Before | None = None,
    whole: EvidencePack | None = None,
) -> tuple[Finding, ...]:
    """Return the findings on every sentence, and those on the section as a whole; `fields` are what people filled.

    `before` is what the report is held against where a previous one is known, `whole` the evidence of all sections.
    """
    found = [
        replace(finding, section=outline.key, sentence=sentence_id)
        for sentence_id, sentence, origin in sentences
        for finding in check_sentence(sentence, pack, origin=origin, whole=whole)
    ]
    shown = Shown(sentences, pack, outline, ledger, fields or {})
    on_section = [
        *omissions.check(shown),
        *plausibility.check(shown),
        *aggregates.check_pack(pack),
        *contradictions.check_pack(pack),
        *models_in_use.check_pack(pack),
        *sources.check(shown),
        *investigation.check(shown),
        *conclusions.check_fields(shown.fields, pack, whole),
        *(carryover.check(shown, before) if before else ()),
    ]
    return (*found, *(replace(f, section=outline.key) for f in on_section))


def numbers_of(sentences: Sequence[Sentence]) -> tuple[int, int]:
    """Return how many quantities, dates and identifiers stand in the texts, and how many of them a reference covers."""
    found = resolved = 0
    for sentence in sentences:
        for token in enumerate_tokens(sentence.text):
            if token.kind is Token.WORD and token.text.lower() in SUPPORTING_WORDS:
                continue
            found += 1
            resolved += any(span.start <= token.start and token.end <= span.end for span in sentence.spans)
    return found, resolved
