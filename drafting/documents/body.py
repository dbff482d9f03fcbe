"""Write one section of the report: what it says, what a person must know of it, what a person entered, then tables and charts."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.shared import Mm

from drafting.documents import ooxml
from drafting.documents.charts import chart_png, drawn_count
from drafting.documents.evidence_list import EvidenceList, printed_sentences
from drafting.documents.layout import Part, Shown
from drafting.documents.widths import fitted
from drafting.model import Chart, Severity, Table
from drafting.readmodel import SectionSummary, SectionView, SentenceView
from drafting.render import mark_of

WIDE_COLUMNS = 6  # from here on a table is set small, and so is a long one
LONG_ROWS = 16
SMALL_POINTS, USUAL_POINTS = 7, 8.5
CHART_MM = 165
OPEN = {"open": "undecided", "questioned": "questioned by the reviewer", "proposed": "a change is proposed"}
CAPACITIES = ("author", "reviewer")  # in which tables are confirmed
SOURCE = "Evidence"  # heading of the column that says where a row stands


@dataclass
class Sheet:
    """The document under way: where to write, what the evidence and the tables are numbered, the bookmarks handed out."""

    document: Any
    evidence: EvidenceList
    parts: Mapping[str, Part]
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

    def rows(self, columns: Sequence[str], rows: Sequence[Sequence[str]], *, small: bool = False) -> None:
        """Append a table of texts in widths that fit them."""
        points = SMALL_POINTS if small else USUAL_POINTS
        self.put(ooxml.table(columns, rows, widths=fitted(columns, rows, points=points), small=small))


def moment(text: str) -> str:
    """Return a time of the record as people read it, to the second."""
    return f"{text[:10]} {text[11:19]} UTC" if len(text) > len("2020-05-01T") else text


def write_section(
    sheet: Sheet,
    section: SectionView,
    anchor: str,
    *,
    new_page: bool = False,
    before: Callable[[], None] | None = None,
    after: Callable[[], None] | None = None,
) -> None:
    """Append a section; rejected sentences are never printed, undecided and blocked ones say that they are.

    `before` and `after` write what the report as a whole adds to a section: its scorecard, its signatures.
    """
    summary = section.summary
    sheet.heading(f"{summary.number}  {summary.title}", anchor, new_page=new_page)
    if summary.clauses:
        sheet.say("Note", f"Carries {'; '.join(dict.fromkeys(clause.printed for clause in summary.clauses))}.")
    for label, reason in (("Evidence changed since drafting", summary.stale), ("Returned", summary.returned)):
        if reason:
            sheet.put(ooxml.paragraph("Note", ooxml.run(f"{label}: ", "Alert"), ooxml.run(reason)))
    if before:
        before()
    _text(sheet, section, told_elsewhere=bool(after))
    for note in section.notes:
        sheet.put(ooxml.paragraph("BodyText", ooxml.run("Note: ", "Alert"), ooxml.run(note)))
    if section.fields:
        _fields(sheet, section)
    part = sheet.parts[summary.id]
    for shown in part.tables:
        _table(sheet, section, shown)
    _elsewhere(sheet, section, part)
    for figure in part.charts:
        _chart(sheet, figure)
    if after:
        after()


def _text(sheet: Sheet, section: SectionView, *, told_elsewhere: bool) -> None:
    printed = printed_sentences(section)
    open_ones = sum(s.state == "open" for s in printed)
    none_decided = bool(printed) and open_ones == len(printed)
    if none_decided:
        what = (
            "The sentence of this section is" if len(printed) == 1 else f"All {len(printed)} sentences of this section are"
        )
        told = ooxml.paragraph("Note", ooxml.run(f"{what} a draft that nobody has decided on yet.", "OpenMark"))
        ooxml.child(told.pPr, "w:keepNext")
        sheet.put(told)
    for said in () if told_elsewhere else section.statements:
        sheet.say("BodyText", said)
    for sentence in printed:
        sheet.put(_sentence(sheet, sentence, section.summary, marked=not none_decided))
    if section.hidden:
        sheet.say("Note", "The machine's text is held back until a person has recorded a view of their own.")
    elif not (printed or section.tables or section.fields or section.charts or section.statements or told_elsewhere):
        sheet.say("Note", "This section holds no text yet.")


def _sentence(sheet: Sheet, sentence: SentenceView, of: SectionSummary, *, marked: bool) -> Any:
    made = ooxml.paragraph("BodyText")
    at = 0
    for span in (s for s in sorted(sentence.spans, key=lambda s: s.end) if mark_of(s.ref)):
        made.append(ooxml.run(sentence.text[at : span.end]))
        made.append(ooxml.run(mark_of(span.ref), "Citation"))
        at = span.end
    made.append(ooxml.run(sentence.text[at:]))
    found = {line.number: line for c in sentence.citations if (line := sheet.evidence.line(c.ref))}
    for position, number in enumerate(sorted(found)):
        made.append(ooxml.run(", " if position else " [", "Citation"))
        _cite(sheet, made, number)
    if found:
        made.append(ooxml.run("]", "Citation"))
    if any(line.place.synthetic for line in found.values()):
        made.append(ooxml.run(" (synthetic)", "Citation"))
    if sentence.state in OPEN and (marked or sentence.state != "open"):
        made.append(ooxml.run(f" [{OPEN[sentence.state]}]", "OpenMark"))
    blocking = [f.message for f in sentence.findings if f.severity is Severity.BLOCKS]
    if blocking and of.state != "approved":
        made.append(ooxml.run(f" [blocked: {' '.join(blocking)}]", "OpenMark"))
    return made


def _cite(sheet: Sheet, into: Any, number: int) -> None:
    shown = ooxml.link(f"evidence_{number}", ooxml.run(str(number), "Citation"))
    sheet.marks.around(into, f"citation_{number}", shown)


def _fields(sheet: Sheet, section: SectionView) -> None:
    rows = [(f.outline.label, f.value or "(not entered)", f.user_id or "-", moment(f.at) or "-") for f in section.fields]
    sheet.say("Caption", "Entered by a person")
    sheet.put(ooxml.table(("Field", "Entry", "Who", "When"), rows, widths=(2900, 3538, 1400, 1800)))
    sheet.say("Note", "")


def _table(sheet: Sheet, section: SectionView, shown: Shown[Table]) -> None:
    table = shown.item
    caption = ooxml.paragraph("Caption")
    marked = " (synthetic)" if table.synthetic else ""
    sheet.marks.around(caption, shown.anchor, ooxml.run(f"{shown.name}  {table.title}{marked}"))
    sheet.put(caption)
    small = len(table.columns) >= WIDE_COLUMNS or len(table.rows) >= LONG_ROWS
    columns, rows = table.columns, table.rows
    sources = [_source_text(sheet, ref) for ref in table.refs]
    cited = any(sources)
    if cited and len(rows) > 1 and len(set(sources)) == 1:  # one record, shown field by field
        cited = False
    texts = [(*row, source) for row, source in zip(rows, sources, strict=True)] if cited else list(rows)
    heads = (*columns, SOURCE) if cited else columns
    widths = fitted(heads, texts, points=SMALL_POINTS if small else USUAL_POINTS)
    cells: list[Sequence[ooxml.Cell]] = (
        [(*row, _source(sheet, ref, small=small)) for row, ref in zip(rows, table.refs, strict=True)]
        if cited
        else list(rows)
    )
    sheet.put(ooxml.table(heads, cells, widths=widths, small=small))
    told = ([table.note] if table.note else []) + _decisions(section, table)
    if not table.rows:
        told.append("No record in scope.")
    note = ooxml.paragraph("Note", ooxml.run(" ".join(told)))
    if not cited and any(sources):
        stands = "Every row stands in evidence " if sources[0].startswith("[") else "Every row stands in "
        note.append(ooxml.run(f" {stands}" if told else stands))
        _source_link(sheet, note, sources[0])
        note.append(ooxml.run("."))
    sheet.put(note)


def _source_text(sheet: Sheet, ref: str) -> str:
    """Return how a row cites where it stands: file and row, or the number of a computed entry."""
    place = sheet.evidence.places.get(ref)
    file = sheet.evidence.file(place) if place else None
    if place and file and place.row is not None:
        return f"{file.label}:{place.row}"
    line = sheet.evidence.line(ref)
    return f"[{line.number}]" if line else ""


def _source(sheet: Sheet, ref: str, *, small: bool) -> ooxml.Cell:
    text = _source_text(sheet, ref)
    if not text:
        return ""
    made = ooxml.paragraph("TableSmall" if small else "TableText")
    _source_link(sheet, made, text)
    return made


def _source_link(sheet: Sheet, into: Any, text: str) -> None:
    if text.startswith("["):
        _cite(sheet, into, int(text.strip("[]")))
        return
    number = text.partition(":")[0][1:]
    sheet.marks.around(into, f"file_use_{number}", ooxml.link(f"file_{number}", ooxml.run(text, "Citation")))


def _decisions(section: SectionView, table: Table) -> list[str]:
    told = []
    for capacity in CAPACITIES:
        decided = section.table_decisions.get(f"{capacity}:{table.id}")
        if decided:
            told.append(f"Confirmed by {decided.user_id} ({capacity}), {moment(decided.at)}.")
    return told


def _elsewhere(sheet: Sheet, section: SectionView, part: Part) -> None:
    """Name the tables and charts that this section rests on and another one prints."""
    named = [(shown.anchor, f"{shown.name}, {shown.item.title}") for shown in part.tables_elsewhere]
    named += [(shown.anchor, shown.name) for shown in part.charts_elsewhere]
    if not named:
        return
    made = ooxml.paragraph("Note", ooxml.run("This section also rests on "))
    for position, (anchor, text) in enumerate(named):
        made.append(ooxml.run("; " if position else ""))
        made.append(ooxml.link(anchor, ooxml.run(text, "Citation")))
    if part.tables_elsewhere:
        made.append(ooxml.run(f". {_confirmed(section, part)}"))
    sheet.put(made)


def _confirmed(section: SectionView, part: Part) -> str:
    """Say who confirmed which of the tables printed elsewhere, each person once, with the time of the last."""
    by_person: dict[str, list[tuple[str, str]]] = {}
    for shown in part.tables_elsewhere:
        for capacity in CAPACITIES:
            decided = section.table_decisions.get(f"{capacity}:{shown.item.id}")
            if decided:
                by_person.setdefault(f"confirmed by {decided.user_id} ({capacity})", []).append((shown.name, decided.at))
    return " ".join(
        f"{', '.join(name for name, _ in told)} {how}, {moment(max(at for _, at in told))}."
        for how, told in by_person.items()
    )


def _chart(sheet: Sheet, shown: Shown[Chart]) -> None:
    chart = shown.item
    holder = sheet.document.add_paragraph(style="Figure")
    picture = holder.add_run().add_picture(io.BytesIO(chart_png(chart, printed=True)), width=Mm(CHART_MM))
    described = picture._inline.docPr  # noqa: SLF001 - python-docx offers no call for alternative text
    described.set("title", ooxml.clean(chart.title))
    described.set("descr", ooxml.clean(f"{chart.title}. {_how(chart)} {_signals(chart)}"))
    caption = ooxml.paragraph("Caption")
    named = f"{shown.name}  {chart.title}{' (synthetic limits)' if chart.synthetic_limits else ''}"
    sheet.marks.around(caption, shown.anchor, ooxml.run(named))
    sheet.put(caption)
    sheet.say("Note", f"{_how(chart)} {_signals(chart)}")


def _how(chart: Chart) -> str:
    method = f"Method: {chart.method}. " if chart.method else ""
    count = "" if "n = " in chart.method else f"n = {drawn_count(chart)}."
    source = f" Specification limits: {chart.limit_source}{' (synthetic)' if chart.synthetic_limits else ''}."
    return f"{method}{count}".rstrip() + (source if chart.limit_source else "")


def _signals(chart: Chart) -> str:
    signals = [p.batch for p in chart.points if p.signal]
    moved = [p.batch for p in chart.points if p.range_signal]
    ranges = f" Moving ranges above their limit at batches {', '.join(moved)}." if moved else ""
    return (f"Signals in batches {', '.join(signals)}." if signals else "No signal.") + ranges
