"""What stands beside a sentence: for each finding, what the evidence says instead and where. Pure.

A number that a person changed has lost its reference; the one that stood there before names what the evidence says.
"""

from collections.abc import Sequence
from dataclasses import replace

from drafting.checks import alignment
from drafting.model import EvidencePack, Finding, Severity
from drafting.panel import citation
from drafting.readmodel import Said
from drafting.render import known, printed, split_ref
from drafting.report_rows import SentenceRow

LONGEST = 200  # characters of a passage or quotation shown beside a finding


def contradicted(findings: Sequence[Finding], rows: Sequence[SentenceRow], pack: EvidencePack) -> tuple[Finding, ...]:
    """Return the findings; one on a quantity that was changed names the evidence that stood there before."""
    by_id = {row.id: row for row in rows}
    return tuple(_named(f, by_id[f.sentence], pack) if _is_loose(f) and f.sentence in by_id else f for f in findings)


def _is_loose(finding: Finding) -> bool:
    return finding.severity is Severity.BLOCKS and not finding.evidence and bool(finding.quote)


def _named(finding: Finding, row: SentenceRow, pack: EvidencePack) -> Finding:
    before = (row.drafted or row.versions[0]).sentence
    pairs = dict(alignment.contradicting(before, row.sentence.text, pack)) if row.version > 1 else {}
    ref = pairs.get(finding.quote, "")
    if not ref or not known(ref, pack):
        return finding
    message = f"'{finding.quote}' stands where the evidence says '{printed(ref, pack)}'."
    return replace(finding, message=message, evidence=ref)


def said(findings: Sequence[Finding], pack: EvidencePack) -> tuple[Said, ...]:
    """Return what the evidence says at each place that findings name."""
    refs = dict.fromkeys(f.evidence for f in findings if f.evidence and known(f.evidence, pack))
    return tuple(Said(ref, citation(ref, pack).label, _value(ref, pack)) for ref in refs)


def _value(ref: str, pack: EvidencePack) -> str:
    kind, key, _ = split_ref(ref)
    text = " ".join(printed(ref, pack).split()) if kind != "record" else key.partition("/")[2]
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\u2026"
