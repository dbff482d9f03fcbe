"""Read PDF files: text with its place on the page by pdfium, ruled tables as grids.

Promise: nothing is guessed. A table is what its ruling lines make; text in columns without lines stays text. Of a page without
letters a note tells; a file without any is refused as "no text layer", never taken as an empty document. Places are
"page 3, box 72,90,523,118": left, top, right and bottom in points from the top left corner of the page as it is shown.

A table that goes on: where the first table of a page has the header of the last table of the page before, letter for letter, and
nothing but its own page stands between, its rows are counted on under the first one's name, and the repeated header is left out. A table
that has its columns without its header says so (`continues`): only a profile can tell whether it goes on (`corpus.pagebreaks`).
"""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from audit.errors import Invalid
from corpus.readers.contents import LINE_END, Contents, Grid, NoTextLayer, one_line
from corpus.readers.narrative import KEYS, Block, Narrative
from corpus.readers.pdf_fields import fields_of
from corpus.readers.pdf_geometry import AS_IT_IS, TURNED, Box, Matrix, as_shown, moved_box, place_of, times
from corpus.readers.pdf_paragraphs import paragraphs
from corpus.readers.pdf_tables import RuledTable, TooManyLines, same_columns, tables_of
from corpus.readers.pdf_words import MOST_CHARACTERS, UNKNOWN, PageText, Word

LARGEST_FILE = 256 * 1024 * 1024
MOST_PAGES = 5_000
MOST_TOLD = 10  # pages that a note names
_EXPORT = "Export it again from its source."
_PASSWORD, _SECURITY = 4, 5  # pdfium's reasons
ONE_AT_A_TIME = threading.Lock()  # pdfium is not made for several threads


def read(data: bytes, *, file: str) -> Contents:
    """Read a PDF file; raise NoTextLayer where it holds pictures only, Invalid where it cannot be read."""
    with ONE_AT_A_TIME:
        document = opened(data, file=file)
        try:
            found, count = _Found(), len(document)
            for number in range(count):
                _take(document, number, found)
        finally:
            document.close()
    if not found.letters and len(found.empty) < count:
        raise Invalid(f"{file}: damaged: none of its {count} page(s) could be read.", remedy=_EXPORT)
    if not found.letters:
        pages = f"{count} page" + ("s" if count > 1 else "")
        raise NoTextLayer(
            f"no text layer: {file} holds {pages} and no letters, as a scan does.",
            remedy="Import the document as its program wrote it, or ask for character recognition (OCR).",
        )
    grids = tuple(table.grid() for table in found.tables)
    narrative = Narrative(found.about, tuple(found.blocks))
    return Contents(grids, narrative, tuple(found.told()), unread=found.unread or found.empty != found.blank)


def opened(data: bytes, *, file: str) -> Any:
    """Open a PDF document, bounded; raise Invalid with the reason why it cannot be."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the document.")
    if b"%PDF-" not in data[:1024]:
        raise Invalid(f"{file}: is no PDF file: it does not begin as one.", remedy="Check the file.")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (_PASSWORD, _SECURITY):
            raise Invalid(
                f"{file}: encrypted: a password is needed to read it.", remedy="Save it without a password."
            ) from error
        raise Invalid(
            f"{file}: damaged: no PDF program could open it.", remedy="Export it again from its source."
        ) from error
    if not 0 < len(document) <= MOST_PAGES:
        number = len(document)
        document.close()
        raise Invalid(f"{file}: it tells of {number} pages; 1 to {MOST_PAGES} are read.", remedy="Split the document.")
    return document


@dataclass
class _Table:
    """A table, on one page or several."""

    part: str
    header: tuple[str, ...]
    columns: tuple[float, ...]  # their left edges
    rows: list[tuple[str, ...]]
    last_page: int
    continues: str = ""
    first_page: int = 0
    breaks: list[int] = field(default_factory=list)

    def grid(self) -> Grid:
        numbers = tuple(range(1, len(self.rows) + 1))
        return Grid(
            self.part, tuple(self.rows), numbers, breaks=tuple(self.breaks), first_page=self.first_page, continues=self.continues
        )  # fmt: skip


@dataclass
class _Found:
    """What the pages read so far hold."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    letters: int = 0
    unknown: Counter[int] = field(default_factory=Counter)
    empty: list[int] = field(default_factory=list)  # without letters
    blank: list[int] = field(default_factory=list)  # of these, on which nothing stands at all
    unread: bool = False

    def leave(self, note: str) -> None:
        """Tell of something that was seen and not read."""
        self.unread = True
        self.notes.append(note)

    def told(self) -> Iterator[str]:
        """Give the notes."""
        yield from self.notes
        seen = [page for page in self.empty if page not in self.blank]
        if self.blank:
            yield f"{_pages(self.blank)}: blank."
        if seen:
            yield f"{_pages(seen)}: no text layer; what {'it shows' if len(seen) == 1 else 'they show'} was not read."
        for page, count in sorted(self.unknown.items()):
            yield f"page {page}: {count} letters that its fonts do not name; they stand as {UNKNOWN}."


def _pages(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:MOST_TOLD]))
    more = f" and {len(numbers) - MOST_TOLD} more" if len(numbers) > MOST_TOLD else ""
    return f"page {named}" if len(numbers) == 1 else f"pages {named}{more}"


def _take(document: Any, number: int, found: _Found) -> None:
    """Read one page."""
    shown = number + 1
    try:
        page = document[number]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        found.leave(f"page {shown}: damaged; it was not read.")
        return
    try:
        matrix = as_shown(page)
        text = PageText(textpage, matrix)
        if text.count > MOST_CHARACTERS:
            found.leave(f"page {shown}: more than {MOST_CHARACTERS} letters; it was not read.")
            return
        words = text.words()
        found.blocks += fields_of(page, shown)
        if not words:
            found.empty.append(shown)
            if _blank(page):
                found.blank.append(shown)
            return
        found.letters += sum(len(word.text) for word in words)
        unknown = sum(word.text.count(UNKNOWN) for word in words)
        if unknown:
            found.unknown[shown] = unknown
        upright, back = TURNED[text.direction]
        if upright != AS_IT_IS:
            matrix = times(matrix, upright)
            text = PageText(textpage, matrix)
            words = text.words()
        _page_blocks(_Page(page, text, words, shown, matrix, back), found)
    finally:
        textpage.close()
        page.close()


def _blank(page: Any) -> bool:
    """Tell whether nothing is drawn on a page without letters, and nothing was put on it afterwards."""
    return not (int(pdfium.FPDFPage_CountObjects(page)) or int(pdfium.FPDFPage_GetAnnotCount(page)))


class _Page(NamedTuple):
    """A page in work: `matrix` puts its points so that its text is upright, `back` puts boxes on the page as shown."""

    page: Any
    text: PageText
    words: list[Word]
    number: int
    matrix: Matrix
    back: Matrix

    def place(self, box: Box) -> str:
        return place_of(self.number, moved_box(box, self.back))


def _page_blocks(page: _Page, found: _Found) -> None:
    """Add a page's paragraphs and tables in the order of its text."""
    try:
        last = found.tables[-1] if found.tables and found.tables[-1].last_page == page.number - 1 else None
        tables, outside = tables_of(page.page, page.text, page.words, page.matrix, before=last.columns if last else ())
    except TooManyLines:
        found.leave(f"page {page.number}: more lines are drawn than a table has; its tables were read as text.")
        tables, outside = [], page.words
    waiting = list(enumerate(tables, start=1))
    for paragraph in paragraphs(outside):
        while waiting and waiting[0][1].box[1] < paragraph.box[1]:
            _add_table(*waiting.pop(0), page, found)
        found.blocks.append(Block(page.place(paragraph.box), paragraph.text, heading=paragraph.heading))
    for number, table in waiting:
        _add_table(number, table, page, found)


def _add_table(number: int, table: RuledTable, page: _Page, found: _Found) -> None:
    rows, boxes, shown = table.rows, table.boxes, page.number
    if not found.about and len(rows[0]) == 2:  # noqa: PLR2004 - key and value, as in a Word document's first table
        found.about.update({key.lower(): _spoken(value) for key, value in rows if key.lower() in KEYS})
    last = found.tables[-1] if found.tables else None
    if last and number == 1 and last.last_page == shown - 1 and last.header == rows[0] and len(rows) > 1:
        rows, boxes = rows[1:], boxes[1:]
        last.last_page = shown
        last.breaks.append(len(last.rows) + 1)
    else:
        goes_on = last and number == 1 and last.last_page == shown - 1 and same_columns(last.columns, table.columns)
        continues = last.part if last and goes_on else ""
        last = _Table(f"page {shown}, table {number}", rows[0], table.columns, [], shown, continues, first_page=shown)
        found.tables.append(last)
    last.rows += rows
    for row, box in zip(rows, boxes, strict=True):
        text = " | ".join(_spoken(cell) for cell in row)
        found.blocks.append(Block(page.place(box), text, grid=last.part))


def _spoken(literal: str) -> str:
    return one_line(literal.split(LINE_END))
