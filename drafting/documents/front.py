"""Write what stands before the sections: title page, document control, contents, page header and footer."""

from collections.abc import Sequence
from typing import Any

from docx.oxml.ns import qn

from drafting.documents import ooxml
from drafting.documents.body import Sheet, moment
from drafting.readmodel import Amendment, ReportView

DEMO = "DEMO HOME - synthetic quality events"
SYNTHETIC = (
    "Part of the evidence of this report is synthetic. Synthetic records, passages, tables and limits are marked; a count or statistic "
    "is not marked by itself, and may be computed from synthetic records."
)


def status(report: ReportView) -> str:
    """Return the report's state as the document prints it."""
    return report.state if report.signed else f"{report.state} - NOT SIGNED"


def furnish(document: Any, report: ReportView) -> None:
    """Write header and footer: number, version and NOT SIGNED while it is; page x of y."""
    page = document.sections[0]
    header = page.header.paragraphs[0]
    header.style = document.styles["Header"]
    top: Any = header._p  # noqa: SLF001 - elements are appended below
    top.append(ooxml.run(f"{report.number}  version {report.version}"))
    if report.demo:
        top.append(ooxml.run(f"  {DEMO}"))
    if not report.signed:
        top.extend([ooxml.tab(), ooxml.run("NOT SIGNED", "Alert")])
    footer = page.footer.paragraphs[0]
    footer.style = document.styles["Footer"]
    bottom: Any = footer._p  # noqa: SLF001 - as above
    bottom.extend([ooxml.run(report.title), ooxml.tab(), ooxml.run("page "), ooxml.simple_field("PAGE", "1")])
    bottom.extend([ooxml.run(" of "), ooxml.simple_field("NUMPAGES", "1")])


def title_page(sheet: Sheet, report: ReportView, changed_at: str) -> None:
    """Write the title page with the document control table."""
    product = ", ".join(filter(None, (report.product_name or report.product, report.strength)))
    period = f"{report.period_from} to {report.period_to}"
    sheet.say("Title", report.title)
    sheet.say("Subtitle", period if product in report.title else product)
    if report.demo:
        sheet.say("Banner", DEMO)
    if not report.signed:
        sheet.say("Banner", "NOT SIGNED")
    if report.synthetic:
        sheet.say("Note", SYNTHETIC)
    rows = [
        ("Number", report.number),
        ("Version", report.version),
        ("Status", status(report)),
        ("Sections approved", f"{sum(s.state == 'approved' for s in report.sections)} of {len(report.sections)}"),
        ("Product", report.product),
        ("Product as named", report.product_name),
        ("Strength", report.strength or "all"),
        ("Period", period),
        ("Subject", report.subject),
        ("Data lock", moment(report.data_lock)),
        ("Started", f"{moment(report.created_at)} by {report.created_by}"),
        ("Drafter", report.drafter),
        ("Configuration fingerprint", report.fingerprint),
        ("Last change", moment(changed_at)),
        *((f"Version {a.version}", _amendment(report, a)) for a in report.amendments),
    ]
    sheet.say("FrontHeading", "Document control")
    shown = [row for row in rows if row[1]]
    sheet.put(ooxml.table(("Item", "Entry"), shown, widths=(2400, 7238)))


def _amendment(report: ReportView, made: Amendment) -> str:
    changed = report.titles(made.sections)
    return f"Opened {moment(made.at)} by {made.user_id}: {made.reason} Changed: {changed or 'nothing yet'}."


def contents(sheet: Sheet, entries: Sequence[tuple[str, str]]) -> None:
    """Write the contents: each entry a link with a field that holds its page.

    The entries are no TOC field: a reader that does not rebuild such a field leaves its page numbers as they are, blank, while
    a reference to a page is worked out by every program that lays pages out.
    """
    heading = ooxml.paragraph("FrontHeading")
    ooxml.child(heading.pPr, "w:pageBreakBefore")
    heading.append(ooxml.run("Contents"))
    sheet.put(heading)
    for anchor, text in entries:
        page = ooxml.simple_field(f"PAGEREF {anchor} \\h", "")
        sheet.put(ooxml.paragraph("TOC1", ooxml.link(anchor, ooxml.run(text), ooxml.tab(), page)))


def update_fields_on_open(document: Any) -> None:
    """Ask the reader's program to fill in page numbers when the document is opened."""
    settings = document.settings.element
    for old in settings.findall(qn("w:updateFields")):
        settings.remove(old)
    made = ooxml.child(settings, "w:updateFields", val="true")
    later = settings.find(qn("w:compat"))  # the schema has an order
    if later is not None:
        later.addprevious(made)
