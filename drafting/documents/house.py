"""Say what the house style is: page, fonts, colours and the styles that the report uses by name.

`make_template` builds the shipped file from this; a site replaces the file and keeps the names.
"""

from dataclasses import dataclass

PAGE_TWIPS = 9638  # A4 (210 mm) less two margins of 20 mm
FONT = "Arial"  # metric twin Liberation Sans stands in where it is not installed
INK, QUIET, ALERT = "1F3A5F", "5B6B7B", "B42318"


@dataclass(frozen=True)
class ParagraphLook:
    """How one paragraph style looks; sizes in points."""

    name: str
    size: float
    bold: bool = False
    italic: bool = False
    colour: str = "000000"
    before: float = 0
    after: float = 0
    keep_with_next: bool = False
    centred: bool = False


PARAGRAPHS = (
    ParagraphLook("Normal", 10, after=4),
    ParagraphLook("Title", 24, bold=True, colour=INK, before=12, after=6),
    ParagraphLook("Subtitle", 14, colour=QUIET, after=14),
    ParagraphLook("Heading 1", 14, bold=True, colour=INK, before=16, after=6, keep_with_next=True),
    ParagraphLook("Heading 2", 11.5, bold=True, colour=INK, before=10, after=4, keep_with_next=True),
    ParagraphLook("Front Heading", 14, bold=True, colour=INK, before=14, after=6, keep_with_next=True),
    ParagraphLook("Body Text", 10, after=5),
    ParagraphLook("Caption", 9, bold=True, colour=INK, before=8, after=3, keep_with_next=True),
    ParagraphLook("Note", 8, colour=QUIET, before=2, after=6),
    ParagraphLook("Banner", 12, bold=True, colour=ALERT, before=6, after=10),
    ParagraphLook("Figure", 10, before=4, after=2, keep_with_next=True),
    ParagraphLook("TOC 1", 10, after=3),
    ParagraphLook("Header", 8.5, colour=QUIET),
    ParagraphLook("Footer", 8.5, colour=QUIET),
    ParagraphLook("Table Text", 8.5),
    ParagraphLook("Table Small", 7),
    ParagraphLook("Table Header", 8.5, bold=True, colour=INK, keep_with_next=True),
    ParagraphLook("Table Small Header", 7, bold=True, colour=INK, keep_with_next=True),
)
CHARACTERS = (("Citation", INK, False), ("Open Mark", ALERT, True), ("Alert", ALERT, True))
