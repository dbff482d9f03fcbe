"""Write one section of the report: sentences with numbered evidence, human-only fields, tables, charts."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.shared import Mm

from drafting.documents import ooxml
from drafting.documents.charts import chart_png, drawn_count
from drafting.documents.evidence_list import EvidenceLine, printed_sentences
from drafting.model import Chart, Table
from drafting.readmodel import SectionView, SentenceView

WIDE_COLUMNS = 7  # from here on a table is set small
CHART_MM = 165
OPEN = {"open": "not yet decided", "questioned": "questioned by the reviewer", "proposed": "a change is proposed"}


@dataclass
class Sheet:
    """The document under way: where to write, the numbers of the evidence, the bookmarks handed out."""

    document: Any
    evidence: Mapping[str, EvidenceLine]
    marks: ooxml.Marks = field(default_factory=ooxml.Marks)

    def put(self, element: Any) -> None:
        """Append a block before the page settings that end the body."""
        self.document.element.body.sectPr.addprevious(element)

    def say(self, style: str, text: str) -> None:
        """Append a paragraph of plain text."""
        self.put(ooxml.paragraph(style, ooxml.run(text)))

    def heading(self, text: str, anchor: str, *, new_page: bool = False) -> None:
        """Append a numbered heading that the contents link to."""
        made = ooxml.paragraph("Heading1")
        if new_page:
            ooxml.child(made.pPr, "w:pageBreakBefore")
        self.marks.around(made, anchor, ooxml.run(text))
        self.put(made)


def moment(text: str) -> str:
    """Return a time of the record as people read it, to the second."""
    return f"{text[:10]} {text[11:19]} UTC" if len(text) > len("2020-05-01T") else text


def write_section(sheet: Sheet, section: SectionView, anchor: str, *, new_page: bool = False) -> None:
    """Append a section; rejected sentences are never printed, undecided ones say that they are undecided."""
    summary = section.summary
    sheet.heading(f"{summary.number}  {summary.title}", anchor, new_page=new_page)
    for label, reason in (("Evidence changed since drafting", summary.stale), ("Returned", summary.returned)):
        if reason:
            sheet.put(ooxml.paragraph("Note", ooxml.run(f"{label}: ", "Alert"), ooxml.run(reason)))
    for sentence in printed_sentences(section):
        sheet.put(_sentence(sheet, sentence))
    _without_text(sheet, section)
    if section.fields:
        _fields(sheet, section)
    for number, table in enumerate(section.tables, 1):
        _table(sheet, section, table, f"{summary.number}-{number}")
    for number, chart in enumerate(section.charts, 1):
        _chart(sheet, chart, f"{summary.number}-{number}")
    for note in section.notes:
        sheet.say("Note", f"Note: {note}")


def _without_text(sheet: Sheet, section: SectionView) -> None:
    if section.hidden:
        sheet.say("Note", "The machine's text is held back until a person has recorded a view of their own.")
    elif not (printed_sentences(section) or section.tables or section.fields or section.charts):
        sheet.say("Note", "This section holds no text yet.")


def _sentence(sheet: Sheet, sentence: SentenceView) -> Any:
    made = ooxml.paragraph("BodyText", ooxml.run(sentence.text))
    cited = {c.ref for c in sentence.citations if c.ref in sheet.evidence}
    lines = sorted((sheet.evidence[ref] for ref in cited), key=lambda line: line.number)
    for position, line in enumerate(lines):
        made.append(ooxml.run(", " if position else " [", "Citation"))
        number = ooxml.link(f"evidence_{line.number}", ooxml.run(str(line.number), "Citation"))
        sheet.marks.around(made, f"citation_{line.number}", number)
    if lines:
        made.append(ooxml.run("]", "Citation"))
    if any(line.synthetic for line in lines):
        made.append(ooxml.run(" (synthetic)", "Citation"))
    if sentence.state in OPEN:
        made.append(ooxml.run(f" [{OPEN[sentence.state]}]", "OpenMark"))
    return made


def _fields(sheet: Sheet, section: SectionView) -> None:
    rows = [(f.outline.label, f.value or "(not entered)", f.user_id, moment(f.at)) for f in section.fields]
    sheet.say("Caption", "Entered by a person")
    sheet.put(ooxml.table(("Field", "Value", "Who", "When"), rows, widths=(2900, 3138, 1400, 2200)))
    sheet.say("Note", "")


def _table(sheet: Sheet, section: SectionView, table: Table, number: str) -> None:
    marked = " (synthetic)" if table.synthetic else ""
    sheet.say("Caption", f"Table {number}  {table.title}{marked}")
    widths = ooxml.fitted(table.columns, table.rows)
    sheet.put(ooxml.table(table.columns, table.rows, widths=widths, small=len(table.columns) >= WIDE_COLUMNS))
    told = [table.note] if table.note else []
    for capacity in ("author", "reviewer"):
        decided = section.table_decisions.get(f"{capacity}:{table.id}")
        if decided:
            told.append(f"{decided.decision.capitalize()} by {decided.user_id} ({capacity}), {moment(decided.at)}.")
    if not table.rows:
        told.append("No record in scope.")
    sheet.say("Note", " ".join(told))


def _chart(sheet: Sheet, chart: Chart, number: str) -> None:
    holder = sheet.document.add_paragraph(style="Figure")
    picture = holder.add_run().add_picture(io.BytesIO(chart_png(chart)), width=Mm(CHART_MM))
    described = picture._inline.docPr  # noqa: SLF001 - python-docx offers no call for alternative text
    described.set("title", ooxml.clean(chart.title))
    described.set("descr", ooxml.clean(f"{chart.title}. {_how(chart)} {_signals(chart)}"))
    sheet.say("Caption", f"Figure {number}  {chart.title}{' (synthetic limits)' if chart.synthetic_limits else ''}")
    sheet.say("Note", f"{_how(chart)} {_signals(chart)}")


def _how(chart: Chart) -> str:
    method = f"Method: {chart.method}. " if chart.method else ""
    source = f" Specification limits: {chart.limit_source}{' - synthetic' if chart.synthetic_limits else ''}."
    return f"{method}n = {drawn_count(chart)}." + (source if chart.limit_source else "")


def _signals(chart: Chart) -> str:
    signals = [p.batch for p in chart.points if p.signal]
    return f"Signals: {', '.join(signals)}." if signals else "No signal."
