"""Run the checks on a sentence and on a section: every fault is listed, with its place, rule, severity and evidence. Pure.

A quantity passes only by reference: the text at its place must be exactly what its reference prints. Equality with some other
value of the evidence is no resolution, and there is no tolerance.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from drafting.checks.tokens import Found, Token, enumerate_tokens
from drafting.evidence.kinds import LISTINGS
from drafting.model import EvidencePack, Finding, LedgerLine, Origin, Sentence, Severity
from drafting.render import known, printed
from prompts.outline import SectionOutline

VERSION = "1"
FINDINGS_KEPT, PACKS_KEPT = (
    4096,
    256,
)  # sentences checked against their evidence: pure, and asked for at every run of a screen
_RULES = {
    Token.IDENTIFIER: "identifiers",
    Token.DATE: "dates",
    Token.TIME: "dates",
    Token.NUMBER: "numbers",
    Token.WORD: "numbers",
}
SUPPORTING_WORDS = frozenset({"no", "none", "all", "every", "both", "several", "once", "half"})


@lru_cache(maxsize=FINDINGS_KEPT)
def check_sentence(sentence: Sentence, pack: EvidencePack, *, origin: Origin) -> tuple[Finding, ...]:
    """Return every finding on one sentence."""
    findings = [
        *_spans(sentence, pack),
        *_uncovered(sentence),
        *_citations(sentence, pack, origin),
        *_conclusions(sentence, pack),
    ]
    return tuple(sorted(findings, key=lambda f: (f.start, f.rule)))


def _finding(
    rule: str, message: str, sentence: Sentence, start: int, end: int, *, evidence: str = "", warns: bool = False
) -> Finding:
    severity = Severity.WARNS if warns else Severity.BLOCKS
    return Finding(rule, severity, message, start, end, sentence.text[start:end], evidence)


def _spans(sentence: Sentence, pack: EvidencePack) -> list[Finding]:
    """Each reference must resolve and its place must read exactly as it prints."""
    found = []
    for span in sentence.spans:
        shown = sentence.text[span.start : span.end]
        if not known(span.ref, pack):
            found.append(
                _finding(
                    "citations",
                    f"The reference {span.ref} is not in this section's evidence.",
                    sentence,
                    span.start,
                    span.end,
                    evidence=span.ref,
                )
            )
        elif shown != printed(span.ref, pack):
            message = f"'{shown}' stands where the evidence says '{printed(span.ref, pack)}'."
            found.append(_finding(_rule_of(span.ref), message, sentence, span.start, span.end, evidence=span.ref))
        elif _glued(sentence.text, span.start, span.end):
            found.append(
                _finding(
                    "numbers",
                    f"'{shown}' runs into the characters beside it.",
                    sentence,
                    span.start,
                    span.end,
                    evidence=span.ref,
                )
            )
    return found


def _glued(text: str, start: int, end: int) -> bool:
    """Tell whether a digit or sign beside a rendered value changes what a reader reads."""
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    return bool(re.match(r"[\w.\-−+<>]", before)) or bool(re.match(r"\w|[.,]\d|%", after))


def _rule_of(ref: str) -> str:
    return "identifiers" if ref.startswith("record:") else "numbers"


def _uncovered(sentence: Sentence) -> list[Finding]:
    """Each quantity, date and identifier must be covered by a reference."""
    found = []
    for token in enumerate_tokens(sentence.text):
        if any(span.start <= token.start and token.end <= span.end for span in sentence.spans):
            continue
        if _is_inside_partly(token, sentence):
            message = f"'{token.text}' is only partly what the evidence prints."
        else:
            message = f"The {token.kind} '{token.text}' is not tied to any evidence."
        warns = token.kind is Token.WORD and token.text.lower() in SUPPORTING_WORDS
        found.append(_finding(_RULES[token.kind], message, sentence, token.start, token.end, warns=warns))
    return found


def _is_inside_partly(token: Found, sentence: Sentence) -> bool:
    return any(span.start < token.end and token.start < span.end for span in sentence.spans)


def _citations(sentence: Sentence, pack: EvidencePack, origin: Origin) -> list[Finding]:
    """Each sentence of a machine cites evidence, and everything cited was supplied."""
    found = []
    if origin is Origin.MACHINE and not sentence.cites:
        found.append(_finding("citations", "This sentence cites no evidence.", sentence, 0, len(sentence.text)))
    whole = len(sentence.text)
    found += [
        _finding("citations", f"The cited {ref} is not in this section's evidence.", sentence, 0, whole, evidence=ref)
        for ref in sentence.cites
        if not known(ref, pack)
    ]
    return found


_DENIALS = (
    # claim, the fact that contradicts it where it is not zero
    (r"\b(?:no|zero|not (?:a|any|one)|without (?:any )?)\s*(?:result|results|batch|batches|value|values)?\s*(?:was|were|is|are|lay)?\s*(?:out of specification|outside (?:its |the |their )?(?:specification|limits?))", ("oos.recomputed", "oos.count")),
    (r"\bno\s+(?:confirmed\s+)?(?:OOS|out-of-specification)(?!\s+record)", ("oos.recomputed", "oos.count")),
    (r"\ball\s+(?:results|batches|values)\s+(?:were|are|lay|met|complied|conformed)\s*(?:within|inside|the|their|with|to)?", ("oos.recomputed", "oos.count")),
    (r"\bno\s+(?:critical\s+)?deviations?\b", ("deviation.count",)),
    (r"\bno\s+complaints?\b", ("complaint.count",)),
    (r"\bno\s+recalls?\b", ("recall.count",)),
    (r"\bno\s+(?:open|overdue)\s+CAPAs?\b", ("capa.overdue",)),
    (r"\bno\s+batch(?:es)?\s+(?:was|were)\s+rejected\b", ("rejected.count", "census.rejected")),
)  # fmt: skip


def _conclusions(sentence: Sentence, pack: EvidencePack) -> list[Finding]:
    """Block a denial that a computed fact contradicts."""
    found = []
    for pattern, facts in _DENIALS:
        for match in re.finditer(pattern, sentence.text, re.IGNORECASE):
            against = next((f for f in facts if f in pack.facts and pack.facts[f].exact != "0"), None)
            outside = next(
                (f for f in pack.facts.values() if "oos" in facts[0] and f.id.endswith(".outside") and f.exact != "0"), None
            )
            fact = pack.facts[against] if against else outside
            if fact is not None:
                message = f"Conclusion contradicted: {fact.id} is {fact.printed}."
                found.append(
                    _finding("conclusions", message, sentence, match.start(), match.end(), evidence=f"fact:{fact.id}")
                )
    return found


def check_section(
    sentences: Sequence[tuple[str, Sentence, Origin]],
    pack: EvidencePack,
    outline: SectionOutline,
    ledger: tuple[LedgerLine, ...],
) -> tuple[Finding, ...]:
    """Return the findings on every sentence, and those on the section as a whole."""
    found = [
        replace(finding, section=outline.key, sentence=sentence_id)
        for sentence_id, sentence, origin in sentences
        for finding in check_sentence(sentence, pack, origin=origin)
    ]
    whole = [*_completeness(outline, ledger), *_plausibility(pack)]
    return (*found, *(replace(f, section=outline.key) for f in whole))


def _completeness(outline: SectionOutline, ledger: tuple[LedgerLine, ...]) -> list[Finding]:
    """Block on a record in scope that is neither included nor excluded."""
    found = []
    for line in ledger:
        if line.kind in outline.records and line.unaccounted:
            named = ", ".join(line.unaccounted[:10])
            message = f"{len(line.unaccounted)} {line.kind.replace('_', ' ')} record(s) in scope neither included nor excluded: {named}."
            found.append(
                Finding("completeness", Severity.BLOCKS, message, evidence=f"record:{line.kind}/{line.unaccounted[0]}")
            )
    return found


@lru_cache(maxsize=PACKS_KEPT)
def _plausibility(pack: EvidencePack) -> tuple[Finding, ...]:
    """Min <= mean <= max, parts <= total; contradictions of the records are shown, and nothing is drafted from them."""
    found = [Finding("plausibility", Severity.WARNS, note) for note in pack.notes]

    def exact(name: str) -> Decimal | None:
        try:
            return Decimal(pack.facts[name].exact) if name in pack.facts else None
        except InvalidOperation:
            return None

    for fact in pack.facts.values():
        attribute, _, name = fact.id.rpartition(".")
        if name == "mean":
            low, mean, high = exact(f"{attribute}.min"), exact(fact.id), exact(f"{attribute}.max")
            if low is not None and mean is not None and high is not None and not low <= mean <= high:
                message = f"{attribute}: the mean lies outside its own extremes."
                found.append(Finding("plausibility", Severity.BLOCKS, message, evidence=f"fact:{fact.id}"))
    made = exact("census.made")
    parts = [exact(f"census.{state}") for state in ("released", "rejected", "pending", "terminated")]
    if made is not None and all(part is not None for part in parts):
        total = sum((part for part in parts if part is not None), Decimal(0))
        if total != made:
            message = f"The census does not balance: {made} made, {total} released, rejected, pending or terminated."
            found.append(Finding("plausibility", Severity.BLOCKS, message, evidence="fact:census.made"))
    return (*found, *_breakdowns(pack))


def _breakdowns(pack: EvidencePack) -> Iterator[Finding]:
    """Block where the parts of a breakdown do not sum to the count that they divide."""
    for kind, listing in LISTINGS.items():
        count = pack.facts.get(f"{kind}.count")
        for column in listing.counted if count else ():
            parts = [fact for name, fact in pack.facts.items() if name.startswith(f"{kind}.{column}.")]
            total = sum((Decimal(part.exact) for part in parts), Decimal(0))
            if count and parts and total != Decimal(count.exact):
                message = f"The breakdown of {kind.replace('_', ' ')} records by {column.replace('_', ' ')} does not add up: its parts sum to {total}, of {count.exact}."
                yield Finding("aggregates", Severity.BLOCKS, message, evidence=f"fact:{count.id}")


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
