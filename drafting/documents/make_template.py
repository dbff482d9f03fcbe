"""Build `house-style.docx`, the template that every report starts from: ``python -m drafting.documents.make_template``."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from drafting.documents.house import CHARACTERS, FONT, INK, PAGE_TWIPS, PARAGRAPHS, ParagraphLook
from drafting.documents.ooxml import child
from drafting.documents.package import repacked

FILE = Path(__file__).with_name("house-style.docx")
BUILT = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed date, so that the file is the same whenever it is built


def template() -> bytes:
    """Return the template's bytes."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin = Mm(24), Mm(20)
    page.header_distance = page.footer_distance = Mm(10)
    for look in PARAGRAPHS:
        _paragraph_style(document, look)
    for name, colour, bold in CHARACTERS:
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb, style.font.bold = RGBColor.from_string(colour), bold or None
    _table_style(document)
    _right_tabs(document)
    facts = document.core_properties
    facts.title, facts.author, facts.last_modified_by, facts.comments = (
        "Verascribe house style",
        "Verascribe",
        "Verascribe",
        "",
    )
    facts.created = facts.modified = BUILT
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())


def _paragraph_style(document: Any, look: ParagraphLook) -> None:
    names = {style.name for style in document.styles}
    style = (
        document.styles[look.name] if look.name in names else document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    )
    if look.name != "Normal":
        style.base_style = document.styles["Normal"]
    font, spacing = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = FONT, Pt(look.size), look.bold, look.italic
    font.color.rgb = RGBColor.from_string(look.colour)
    fonts = style.element.rPr.find(qn("w:rFonts"))
    for key in list(fonts.attrib):  # theme fonts would win over the name
        if "heme" in key:
            del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{key}"), FONT)
    spacing.space_before, spacing.space_after = Pt(look.before), Pt(look.after)
    spacing.keep_with_next, spacing.line_spacing = look.keep_with_next, 1.1
    spacing.alignment = WD_ALIGN_PARAGRAPH.CENTER if look.centred else WD_ALIGN_PARAGRAPH.LEFT
    for spread in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spread)
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _table_style(document: Any) -> None:
    style = document.styles.add_style("Verascribe Table", WD_STYLE_TYPE.TABLE)
    properties = child(style.element, "w:tblPr")
    borders = child(properties, "w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        child(borders, f"w:{edge}", val="single", sz="4", space="0", color="C6CED6")
    margins = child(properties, "w:tblCellMar")
    for edge, twips in (("top", "40"), ("left", "50"), ("bottom", "40"), ("right", "50")):
        child(margins, f"w:{edge}", w=twips, type="dxa")
    first = child(style.element, "w:tblStylePr", type="firstRow")
    box = child(first, "w:tcPr")
    edges = child(box, "w:tcBorders")
    child(edges, "w:bottom", val="single", sz="8", space="0", color=INK)
    child(box, "w:shd", val="clear", color="auto", fill="EEF2F6")


def _right_tabs(document: Any) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT  # noqa: PLC0415 - needed here only
    from docx.shared import Twips  # noqa: PLC0415 - as above

    for name in ("TOC 1", "Header", "Footer"):
        stops = document.styles[name].paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(Twips(PAGE_TWIPS), WD_TAB_ALIGNMENT.RIGHT)


if __name__ == "__main__":
    FILE.write_bytes(template())
