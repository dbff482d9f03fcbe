"""What stands beside a sentence: for each finding, what the evidence says instead and where.

A number that a person changed has lost its reference; the one that stood there before names what the evidence says, else the words of its place.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection

from corpus import records
from drafting.checks import alignment, offers
from drafting.checks.tokens import enumerate_tokens
from drafting.model import EvidencePack, Finding, Severity
from drafting.panel import citation, evidence_of
from drafting.readmodel import Said
from drafting.render import known, printed, split_ref
from drafting.report_rows import SentenceRow

LONGEST = 200  # characters of a passage or quotation shown beside a finding


@dataclass(frozen=True)
class Cell:
    """Where the evidence of a finding stands, down to the cell, and what it says there; a computed fact without a cell has no file."""

    ref: str
    place: str  # as people say it
    value: str
    file: str = ""
    part: str = ""  # of the file: "sheet Results", "table 2", ...; "" where the file is one
    page: int | None = None  # of a row whose table runs over pages
    row: int | None = None
    column: str = ""

    def tree(self) -> dict[str, Any]:
        """Return the cell for JSON; what it has not is null."""
        return {name: None if value == "" else value for name, value in asdict(self).items()}


def contradicted(findings: Sequence[Finding], rows: Sequence[SentenceRow], pack: EvidencePack) -> tuple[Finding, ...]:
    """Return the findings; one on a quantity that was changed names the evidence that stood there before."""
    by_id = {row.id: row for row in rows}
    return tuple(_named(f, by_id[f.sentence], pack) if _is_loose(f) and f.sentence in by_id else f for f in findings)


def _is_loose(finding: Finding) -> bool:
    return finding.severity is Severity.BLOCKS and not finding.evidence and bool(finding.quote)


def _named(finding: Finding, row: SentenceRow, pack: EvidencePack) -> Finding:
    before = (row.drafted or row.versions[0]).sentence
    pairs = dict(alignment.contradicting(before, row.sentence.text, pack)) if row.version > 1 else {}
    ref = pairs.get(finding.quote, "") or _meant(finding, row.sentence.text, pack)
    if not ref or not known(ref, pack):
        return finding
    message = f"'{finding.quote}' stands where the evidence says '{printed(ref, pack)}'."
    return replace(finding, message=message, evidence=ref)


def _meant(finding: Finding, text: str, pack: EvidencePack) -> str:
    """Return the fact of which the words of an untied figure speak; "" where they leave it open."""
    token = next((t for t in enumerate_tokens(text) if (t.start, t.end) == (finding.start, finding.end)), None)
    return offers.instead(text, token, pack, offered=bool(alignment.candidates(token.text, pack))) if token else ""


def said(findings: Sequence[Finding], *packs: EvidencePack | None) -> tuple[Said, ...]:
    """Return what the evidence says at each place that findings name: the first of the packs that holds it."""
    refs = dict.fromkeys(f.evidence for f in findings if f.evidence)
    held = ((ref, next((p for p in packs if p is not None and known(ref, p)), None)) for ref in refs)
    return tuple(Said(ref, citation(ref, pack).label, _value(ref, pack)) for ref, pack in held if pack is not None)


def cells(conn: Connection, findings: Sequence[Finding], *packs: EvidencePack | None) -> tuple[Cell, ...]:
    """Return the cells that findings name, as the panel shows them."""
    found = said(findings, *packs)
    return tuple(_cell(conn, one, next(p for p in packs if p is not None and known(one.ref, p))) for one in found)


def _cell(conn: Connection, one: Said, pack: EvidencePack) -> Cell:
    view = evidence_of(conn, pack, one.ref)
    file, part = view.document_name, ""
    if view.document_id:
        document = records.document(conn, view.document_id)
        file, part = document.name, document.part
    held = pack.records.get(split_ref(one.ref)[1])
    return Cell(
        one.ref, one.place, one.value, file, part, (held.page if held else 0) or None, view.marked_row, view.marked_column
    )


def _value(ref: str, pack: EvidencePack) -> str:
    kind, key, _ = split_ref(ref)
    text = " ".join(printed(ref, pack).split()) if kind != "record" else key.partition("/")[2]
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\u2026"
