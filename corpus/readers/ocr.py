"""Recognise the letters of scanned PDF pages by Tesseract (the `ocr` extra): text that is derived, and marked so for ever.

Promise: only pages without a text layer are recognised; their text is a document of its own, beside what was read. It is found
by search and shown, and never becomes a record, a measurement or a table: a misread digit looks like any other.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import groupby
from shutil import which
from typing import Any

from audit.errors import Invalid
from corpus.readers.contents import Contents, one_line
from corpus.readers.narrative import Block, Narrative
from corpus.readers.pdf import ONE_AT_A_TIME, opened
from corpus.readers.pdf_geometry import place_of

DOTS_PER_INCH = 300  # what Tesseract's models were trained on
POINTS_PER_INCH = 72
LARGEST_SIDE = 10_000  # dots; a larger page is drawn smaller
SECONDS_A_PAGE = 60


def read(data: bytes, *, file: str) -> Contents:
    """Recognise the pages without a text layer; empty contents where there are none or nothing was recognised."""
    blocks: list[Block] = []
    with ONE_AT_A_TIME:
        document = opened(data, file=file)
        try:
            pages = [number for number in range(len(document)) if not _letters(document, number)]
            if not pages:
                return Contents()
            tesseract = _installed(file)
            for number in pages:
                blocks += _page(tesseract, document[number], number + 1, file)
        finally:
            document.close()
    if not blocks:
        return Contents()
    how = {"recognised by": f"Tesseract {tesseract.get_tesseract_version()}, {DOTS_PER_INCH} dots per inch"}
    note = f"{len(pages)} page(s) recognised by Tesseract: derived text, to be compared with the picture."
    return Contents(narrative=Narrative({}, tuple(blocks)), notes=(note,), derived=True, how=how)


def missing() -> str:
    """Say what is missing to recognise letters here; "" where nothing is."""
    if find_spec("pytesseract") is None:
        return "character recognition (verascribe[ocr]) is not installed"
    return "" if which("tesseract") else "the program tesseract is not installed"


def _installed(file: str) -> Any:
    remedy = "Install verascribe[ocr] and the program tesseract, or import it without recognition."
    if lacking := missing():
        raise Invalid(f"{file}: {lacking}.", remedy=remedy)
    import pytesseract  # noqa: PLC0415 - an extra

    try:
        pytesseract.get_tesseract_version()
    except (pytesseract.TesseractNotFoundError, SystemExit) as error:
        raise Invalid(f"{file}: the program tesseract does not run.", remedy=remedy) from error
    return pytesseract


def _page(tesseract: Any, page: Any, shown: int, file: str) -> Iterator[Block]:
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, LARGEST_SIDE / max(*page.get_size(), 1))
    picture = page.render(scale=scale, grayscale=True).to_pil()
    try:
        found = tesseract.image_to_data(picture, output_type=tesseract.Output.DICT, timeout=SECONDS_A_PAGE)
    except (tesseract.TesseractError, RuntimeError) as error:
        raise Invalid(f"{file}, page {shown}: could not be recognised.", remedy="Scan it again.") from error
    names = ("block_num", "par_num", "line_num", "left", "top", "width", "height", "text")
    words = [w for w in zip(*(found[name] for name in names), strict=True) if w[-1].strip()]
    for _, group in groupby(words, key=lambda word: word[:2]):
        paragraph = list(group)
        lines = (" ".join(w[-1] for w in line) for _, line in groupby(paragraph, key=lambda word: word[2]))
        box = (
            min(w[3] for w in paragraph) / scale,
            min(w[4] for w in paragraph) / scale,
            max(w[3] + w[5] for w in paragraph) / scale,
            max(w[4] + w[6] for w in paragraph) / scale,
        )
        yield Block(place_of(shown, box).replace(",", " (recognised),", 1), one_line(lines))


def _letters(document: Any, number: int) -> int:
    page = document[number]
    text = page.get_textpage()
    try:
        return int(text.count_chars())
    finally:
        text.close()
        page.close()
