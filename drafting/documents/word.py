"""The Word report: title page, contents, numbered sections, tables, charts, evidence list, signatures, AI-use statement.

Same input, same bytes: the file's times are the report's own. While a section lacks a valid approval, every page says NOT SIGNED.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from drafting.documents.charts import chart_png
from drafting.model import Chart, EvidencePack, Sentence, Table
from drafting.render import split_ref

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_ROWS = 400
_ZIP_TIME = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Part:
    """One section as the document prints it."""

    number: str
    title: str
    state: str
    outcome: str
    sentences: tuple[Sentence, ...]
    fields: tuple[tuple[str, str], ...]
    pack: EvidencePack
    signatures: tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """A report as the document prints it."""

    number: str
    title: str
    product_name: str
    period: str
    status: str
    signed: bool
    demo: bool
    drafter: str
    fingerprint: str
    data_lock: str
    parts: tuple[Part, ...]
    exclusions: tuple[tuple[str, str, str], ...]


def word_report(report: Printed) -> bytes:
    """Return the report as a .docx file."""
    import docx  # noqa: PLC0415 - heavy
    from docx.shared import Cm, Pt  # noqa: PLC0415

    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    document.styles["Normal"].font.name = "Liberation Sans"
    document.styles["Normal"].font.size = Pt(10)
    numbers: dict[str, int] = {}
    _furniture(page, report)
    _title_page(document, report)
    for part in report.parts:
        _part(document, part, numbers)
    _appendix(document, report, numbers)
    _properties(document, report)
    raw = io.BytesIO()
    document.save(raw)
    return _stable(raw.getvalue())


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("�", text)


def _field(paragraph: Any, code: str, shown: str = "") -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    element.append(run)
    paragraph._p.append(element)  # noqa: SLF001 - python-docx offers no call for fields


def _furniture(page: Any, report: Printed) -> None:
    banner = "" if report.signed else "NOT SIGNED   "
    demo = "   DEMO HOME: synthetic quality events" if report.demo else ""
    page.header.paragraphs[0].text = f"{banner}{_clean(report.number)}{demo}"
    footer = page.footer.paragraphs[0]
    footer.add_run("page ")
    _field(footer, "PAGE", "1")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES", "1")


def _title_page(document: Any, report: Printed) -> None:
    document.add_heading(_clean(report.title), 0)
    rows = (
        ("Number", report.number),
        ("Product", report.product_name),
        ("Period", report.period),
        ("Status", report.status),
        ("Data lock", report.data_lock),
    )
    _two_columns(document, rows)
    if report.demo:
        document.add_paragraph(
            "This report comes from a demo home. Its quality events and specifications are synthetic and are not the manufacturer's."
        )
    document.add_heading("Contents", 1)
    _field(document.add_paragraph(), 'TOC \\o "1-1" \\h \\z \\u', "")
    for part in report.parts:
        document.add_paragraph(f"{part.number}  {_clean(part.title)}").paragraph_format.space_after = 0
    document.add_page_break()


def _two_columns(document: Any, rows: Iterable[tuple[str, str]]) -> None:
    _grid(document, ("", ""), list(rows), header=False)


def _part(document: Any, part: Part, numbers: dict[str, int]) -> None:
    document.add_heading(f"{part.number}  {_clean(part.title)}", 1)
    for sentence in part.sentences:
        paragraph = document.add_paragraph(_clean(sentence.text))
        cited = sorted({numbers.setdefault(ref, len(numbers) + 1) for ref in sentence.cites})
        if cited:
            run = paragraph.add_run(f" [{', '.join(map(str, cited))}]")
            run.font.superscript = True
    if not part.sentences and not part.pack.tables and part.outcome == "rendered":
        document.add_paragraph("The query found no record of this section in scope.")
    if part.outcome in ("insufficient", "refused"):
        document.add_paragraph("Undecided: the evidence supports no machine text here; a person writes this section.")
    for note in part.pack.notes:
        document.add_paragraph(_clean(f"Note: {note}"))
    if part.fields:
        _two_columns(document, [(label, value or "(not filled in)") for label, value in part.fields])
    for table in part.pack.tables:
        _table(document, table)
    for chart in part.pack.charts:
        _chart(document, chart)
    for line in part.signatures:
        document.add_paragraph(_clean(line))


def _table(document: Any, table: Table) -> None:
    marked = " (synthetic)" if table.synthetic else ""
    document.add_heading(_clean(table.title) + marked, 3)
    _grid(document, table.columns, table.rows[:MOST_ROWS], header=True)
    note = table.note
    if len(table.rows) > MOST_ROWS:
        note = f"{note} The first {MOST_ROWS} of {len(table.rows)} rows are printed; the export as JSON holds all.".strip()
    if note:
        document.add_paragraph(_clean(note))


def _grid(document: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], *, header: bool) -> None:
    """Write a table through XML: python-docx's own cell access is quadratic."""
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import nsdecls  # noqa: PLC0415
    from lxml.etree import SubElement  # noqa: PLC0415

    made = document.add_table(rows=0, cols=len(columns))
    made.style = "Table Grid"
    namespace = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    size = "16" if len(columns) > 6 else "18"  # noqa: PLR2004 - wide tables in smaller type
    for number, cells in enumerate([columns, *rows] if header else rows):
        row = parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr></w:tr>")
        bold = header and number == 0
        if bold:
            SubElement(row[0], f"{namespace}tblHeader")
        for cell in cells:
            paragraph = SubElement(SubElement(row, f"{namespace}tc"), f"{namespace}p")
            run = SubElement(paragraph, f"{namespace}r")
            properties = SubElement(run, f"{namespace}rPr")
            if bold:
                SubElement(properties, f"{namespace}b")
            SubElement(properties, f"{namespace}sz").set(f"{namespace}val", size)
            text = SubElement(run, f"{namespace}t")
            text.text = _clean(cell)
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made._tbl.append(row)  # noqa: SLF001 - see above
    document.add_paragraph()


def _chart(document: Any, chart: Chart) -> None:
    from docx.shared import Cm  # noqa: PLC0415

    document.add_picture(io.BytesIO(chart_png(chart)), width=Cm(16.2))
    described = f"{chart.title}: {chart.method}"
    document.paragraphs[-1]._p.xpath(".//wp:docPr")[0].set("descr", _clean(described))  # noqa: SLF001 - alternative text
    source = f" Limits: {'synthetic ' if chart.synthetic_limits else ''}{chart.limit_source}." if chart.limit_source else ""
    document.add_paragraph(_clean(f"{described}.{source}"))


def _appendix(document: Any, report: Printed, numbers: dict[str, int]) -> None:
    document.add_page_break()
    document.add_heading("Signatures", 1)
    lines = [(f"{p.number} {p.title}", "; ".join(p.signatures) or "not signed") for p in report.parts]
    _grid(document, ("Section", "Signatures"), lines, header=True)
    document.add_heading("Evidence", 1)
    packs = [part.pack for part in report.parts]
    rows = [(str(number), ref, *_place(ref, packs)) for ref, number in numbers.items()]
    _grid(document, ("No.", "Reference", "Where it stands", "Document SHA-256"), rows, header=True)
    document.add_heading("Exclusions", 1)
    if report.exclusions:
        _grid(document, ("Record", "Reason", "By"), report.exclusions, header=True)
    else:
        document.add_paragraph("No record in scope was excluded.")
    document.add_heading("AI-use statement", 1)
    drafted = [part for part in report.parts if part.outcome == "drafted"]
    document.add_paragraph(
        f"Proposed by: {report.drafter}, configuration {report.fingerprint}. Sections with proposed text: "
        f"{', '.join(part.number for part in drafted) or 'none'}. The drafter wrote references; every figure was put in by the "
        "server from the evidence listed above. A proposal becomes part of the record only by a person's decision and signature."
    )


def _place(ref: str, packs: Sequence[EvidencePack]) -> tuple[str, str]:
    kind, key, name = split_ref(ref)
    for pack in packs:
        if kind == "fact" and key in pack.facts:
            fact = pack.facts[key]
            columns = fact.inputs.get("columns")
            where = ", ".join(columns) if columns else str(fact.inputs.get("query", ""))
            return f"{fact.method}; n = {fact.n}; {where}", str(fact.inputs.get("hash", ""))[:23]
        if kind in ("record", "cell") and key in pack.records:
            evidence = pack.records[key]
            return evidence.place(name) + (" (synthetic)" if evidence.synthetic else ""), evidence.document[:23]
        if kind == "passage" and key in pack.passages:
            quote = pack.passages[key]
            return f"{quote.document_name} {quote.place}" + (" (synthetic)" if quote.synthetic else ""), quote.document[:23]
    return "", ""


def _properties(document: Any, report: Printed) -> None:
    properties = document.core_properties
    moment = datetime.fromisoformat(report.data_lock).replace(tzinfo=None)
    properties.title, properties.subject, properties.author = _clean(report.title), _clean(report.number), "Verascribe"
    properties.comments = f"Proposed by {report.drafter}; configuration {report.fingerprint}"[:250]
    properties.created = properties.modified = moment
    properties.last_modified_by = "Verascribe"


def _stable(data: bytes) -> bytes:
    """Write the archive again with fixed times and order, so that equal reports have equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
