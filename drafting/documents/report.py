"""The Word report in the house style: a person reads it, a site files it, and it never looks more finished than it is.

Same input, same bytes: no time but the one given, parts in one order. Every page says NOT SIGNED while a section lacks a valid
approval; rejected sentences are never printed; synthetic records, rows and limits are called synthetic.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from typing import Any

from drafting.documents import back, front
from drafting.documents.body import Sheet, write_section
from drafting.documents.evidence_list import EvidenceList
from drafting.documents.layout import layout
from drafting.documents.ooxml import clean
from drafting.documents.package import repacked
from drafting.readmodel import ReportView, SectionView

TEMPLATE = "house-style.docx"
LONGEST_PROPERTY = 255
IDENTIFIED = "Number, version, product, strength, period and data lock stand under Document control on the title page."
HEADER, SUMMARY, SIGNATURES, AI = (
    "header",
    "executive_summary",
    "signatures",
    "ai_use_statement",
)  # sections that the report as a whole adds to


def word_report(
    report: ReportView,
    sections: Sequence[SectionView],
    *,
    evidence: EvidenceList,
    exclusions: Sequence[tuple[str, str, str]],
    ai_use: Sequence[str],
    changed_at: str,
    template: bytes | None = None,
) -> bytes:
    """Return the report as a .docx file.

    `evidence` is what `evidence_list` made of the same sections; `exclusions` are (record, reason, by); `changed_at` is when
    the report last changed, as the trail writes it; `template` replaces the shipped house style and keeps its style names.
    """
    from docx import Document  # noqa: PLC0415 - heavy, and only documents need it

    house = template or (files("drafting.documents") / TEMPLATE).read_bytes()
    document = Document(io.BytesIO(house))
    sheet = Sheet(document, evidence, layout(sections))
    added = {
        SIGNATURES: (back.SIGNATURES, partial(back.signatures, sheet, report)),
        AI: (back.AI, partial(back.ai_use, sheet, report, sections, ai_use)),
    }
    at_the_end = {key: value for key, value in added.items() if key not in {s.summary.key for s in sections}}
    mapped = [back.CLAUSES] if any(s.summary.clauses for s in sections) else []
    anchors = [f"_Toc{position:06d}" for position in range(1, len(sections) + 1)]
    named = [(anchor, f"{s.summary.number}  {s.summary.title}") for anchor, s in zip(anchors, sections, strict=True)]
    front.furnish(document, report)
    front.title_page(sheet, report, changed_at)
    front.contents(sheet, [*named, *(entry for entry, _ in at_the_end.values()), back.EVIDENCE, back.RECORDS, *mapped])
    for anchor, section in zip(anchors, sections, strict=True):
        key = section.summary.key
        before = partial(back.scorecard, sheet, report) if key == SUMMARY else None
        if key == HEADER and not sheet.parts[section.summary.id].tables:
            before = partial(sheet.say, "BodyText", IDENTIFIED)
        after = added[key][1] if key in added else None
        write_section(sheet, section, anchor, new_page=anchor == anchors[0] or key == SIGNATURES, before=before, after=after)
    for (anchor, title), write in at_the_end.values():
        sheet.heading(title, anchor, new_page=True)
        write()
    back.evidence_appendix(sheet)
    back.records_appendix(sheet, report, exclusions)
    if mapped:
        back.clauses_appendix(sheet, report)
    front.update_fields_on_open(document)
    _properties(document, report, changed_at)
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())


def _properties(document: Any, report: ReportView, changed_at: str) -> None:
    facts = document.core_properties
    facts.title = clean(report.title)[:LONGEST_PROPERTY]
    facts.subject = clean(f"{report.number} version {report.version}")[:LONGEST_PROPERTY]
    facts.author = facts.last_modified_by = "Verascribe"
    provenance = f"Text proposed by {report.drafter}, decided by persons; configuration {report.fingerprint}"
    facts.comments = clean(provenance)[:LONGEST_PROPERTY]
    facts.keywords = "synthetic" if report.demo or report.synthetic else ""
    facts.created, facts.modified = _moment(report.created_at), _moment(changed_at)
    facts.revision = 1


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None)
