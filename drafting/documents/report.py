"""The Word report in the house style: a person reads it, a site files it, and it never looks more finished than it is.

Same input, same bytes: no time but the one given, parts in one order. Every page says NOT SIGNED while a section lacks a valid
approval; rejected sentences are never printed; synthetic evidence is called synthetic wherever it is shown.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from drafting.documents import back, front
from drafting.documents.body import Sheet, write_section
from drafting.documents.evidence_list import EvidenceLine
from drafting.documents.ooxml import clean
from drafting.documents.package import repacked
from drafting.readmodel import ReportView, SectionView

TEMPLATE = "house-style.docx"
LONGEST_PROPERTY = 255


def word_report(
    report: ReportView,
    sections: Sequence[SectionView],
    *,
    evidence: Sequence[EvidenceLine],
    exclusions: Sequence[tuple[str, str, str]],
    ai_use: Sequence[str],
    generated_at: str,
    template: bytes | None = None,
) -> bytes:
    """Return the report as a .docx file.

    `evidence` is what `evidence_list` made of the same sections; `exclusions` are (record, reason, by); `generated_at` is a
    time as the trail writes it; `template` replaces the shipped house style and keeps its style names.
    """
    from docx import Document  # noqa: PLC0415 - heavy, and only documents need it

    house = template or (files("drafting.documents") / TEMPLATE).read_bytes()
    document = Document(io.BytesIO(house))
    sheet = Sheet(document, {line.ref: line for line in evidence})
    anchors = [f"_Toc{position:06d}" for position in range(1, len(sections) + 1)]
    named = [(anchor, f"{s.summary.number}  {s.summary.title}") for anchor, s in zip(anchors, sections, strict=True)]
    front.furnish(document, report)
    front.title_page(sheet, report, generated_at)
    front.contents(sheet, [*named, *back.BACK])
    for anchor, section in zip(anchors, sections, strict=True):
        write_section(sheet, section, anchor, new_page=anchor == anchors[0])
    back.signature_page(sheet, report)
    back.evidence_appendix(sheet, evidence)
    back.exclusion_appendix(sheet, report, exclusions)
    back.ai_appendix(sheet, report, sections, ai_use)
    front.update_fields_on_open(document)
    _properties(document, report, generated_at)
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())


def _properties(document: Any, report: ReportView, generated_at: str) -> None:
    facts = document.core_properties
    facts.title = clean(report.title)[:LONGEST_PROPERTY]
    facts.subject = clean(f"{report.number} version {report.version}")[:LONGEST_PROPERTY]
    facts.author = facts.last_modified_by = "Verascribe"
    provenance = f"Text proposed by {report.drafter}, decided by persons; configuration {report.fingerprint}"
    facts.comments = clean(provenance)[:LONGEST_PROPERTY]
    facts.keywords = "synthetic" if report.demo or report.synthetic else ""
    facts.created = facts.modified = datetime.fromisoformat(generated_at).astimezone(UTC).replace(tzinfo=None)
    facts.revision = 1
