"""What was typed into a PDF page afterwards: filled form fields and comments, which are no part of its text layer."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from corpus.readers.narrative import Block
from corpus.readers.pdf_geometry import Matrix, as_shown, moved_box, place_of

MOST_ON_A_PAGE = 2_000
LONGEST = 100_000  # UTF-16 units of one text
_COMMENTS = (pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_FREETEXT)


def fields_of(page: Any, shown: int) -> Iterator[Block]:
    """Give the filled fields and the comments of a page, each with its place."""
    matrix = as_shown(page)
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_ON_A_PAGE)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            text = _told(annotation)
            if text:
                yield Block(_where(annotation, matrix, shown), text)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _told(annotation: Any) -> str:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        value = _text(annotation, b"V")
        return f"form field {_text(annotation, b'T')}: {value}" if value else ""
    if kind in _COMMENTS:
        value = _text(annotation, b"Contents")
        return f"comment: {value}" if value else ""
    return ""


def _text(annotation: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size <= 2 * LONGEST:  # noqa: PLR2004 - the two bytes that end an empty text
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    written = bytes(memoryview(buffer).cast("B")).decode("utf-16-le", errors="replace")
    return " ".join(written.replace("\x00", "").split())


def _where(annotation: Any, matrix: Matrix, shown: int) -> str:
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect))
    return place_of(shown, moved_box((rect.left, rect.top, rect.right, rect.bottom), matrix))
