"""PDF: pages per second with the box of every word, against bare pdfium taking the same text without boxes."""

import textwrap
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.measure import compared, row
from tests.pdf_files import Pdf

LINES, LETTERS, PAGES = 58, 95, 200  # a page densely printed


def pages() -> list[dict[str, Any]]:
    """Measure on pages of the shipped narratives, and on pages that are one ruled table."""
    import pypdfium2

    from corpus.readers import pdf
    from corpus.readers.pdf_geometry import as_shown
    from corpus.readers.pdf_words import PageText

    def bare(data: bytes) -> int:
        letters = 0
        for page in (document := pypdfium2.PdfDocument(data)):
            textpage = page.get_textpage()
            letters += len(textpage.get_text_range())
            textpage.close()
            page.close()
        document.close()
        return letters

    def boxed(data: bytes) -> int:
        words = 0
        for page in (document := pypdfium2.PdfDocument(data)):
            textpage = page.get_textpage()
            words += len(PageText(textpage, as_shown(page)).words())
            textpage.close()
            page.close()
        document.close()
        return words

    text, ruled = narratives(), tables()
    ratio, taken = compared(lambda: bare(text), lambda: boxed(text))
    return [
        row(
            "pdf pages per second with word boxes / bare pdfium",
            ratio,
            "pypdfium2 get_text_range on the same pages, no boxes",
            ">= .4",
            pages=PAGES,
            words=boxed(text),
            pages_per_second=round(PAGES / taken),
            read_as_paragraphs_with_places=round(
                compared(lambda: bare(text), lambda: pdf.read(text, file="text.pdf"))[0], 4
            ),
            read_as_ruled_tables=round(compared(lambda: bare(ruled), lambda: pdf.read(ruled, file="ruled.pdf"))[0], 4),
        )
    ]


def narratives() -> bytes:
    """Print the shipped procedures and narratives, over and over."""
    folder = Path(str(files("corpus") / "samples"))
    texts = [path.read_text() for part in ("sops", "narratives") for path in sorted((folder / part).glob("*.md"))]
    lines = [line for text in texts for part in text.splitlines() for line in textwrap.wrap(part, LETTERS) or [""]]
    made = Pdf()
    for number in range(PAGES):
        made.page()
        for position in range(LINES):
            line = lines[(number * LINES + position) % len(lines)].encode("latin-1", "replace").decode("latin-1")
            made.text(50, 60 + 12.5 * position, line)
    return made.bytes()


def tables() -> bytes:
    """Print ruled tables of 50 rows and 8 columns."""
    made = Pdf()
    for number in range(PAGES // 10):
        made.page().table(40, 60, [60] * 8, [[f"{number}.{line}{column}" for column in range(8)] for line in range(50)])
    return made.bytes()
