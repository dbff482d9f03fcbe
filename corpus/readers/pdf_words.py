"""The words of a PDF page with their boxes, by pdfium.

Promise: the letters are those of the text layer. A letter that the file's fonts do not name is U+FFFD, never a guess, and
counted. A word that a hyphen at the end of a line divides is two words, the hyphen kept. Boxes are in points from the top left
corner of the page as it is shown (cropped and turned).
"""

import ctypes
import re
from collections.abc import Callable, Iterator
from math import hypot
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

MOST_CHARACTERS = 500_000  # of one page; a page densely printed has 10,000
UNKNOWN = "\ufffd"
Box = tuple[float, float, float, float]  # left, top, right, bottom
Place = Callable[[float, float], tuple[float, float]]

_HYPHEN = "\x02"  # what pdfium puts for the hyphen that divides a word at the end of a line ("\ufffe" in a whole text)
_LINES = re.compile(r"[^\r\n\x02]+\x02?|\x02")
_WORDS = re.compile(r"[^\s\x02]+\x02?|\x02")
_NO_LETTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\uffff\ud800-\udfff]")


class Word(NamedTuple):
    """A word, its box, the number of its first character on the page, and its size in points where it begins a line."""

    text: str
    box: Box
    first: int
    size: float  # 0 where it goes on a line

    @property
    def middle(self) -> tuple[float, float]:
        """Return the point in the middle of its box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2


class PageText:
    """The text layer of one page; `place` turns points of the page into points of the page as shown."""

    def __init__(self, textpage: Any, place: Place) -> None:
        self._textpage = textpage
        self._place = place
        self._rect = pdfium.FS_RECTF()
        self._there = ctypes.byref(self._rect)
        self.count = int(pdfium.FPDFText_CountChars(textpage))

    def words(self) -> list[Word]:
        """Return the words in the order of the text."""
        text = self._letters()
        found = []
        for line in _LINES.finditer(text):
            size = 0.0
            for match in _WORDS.finditer(text, line.start(), line.end()):
                body = _NO_LETTERS.sub(UNKNOWN, match[0].replace(_HYPHEN, "-"))
                first = match.start()
                starts = 0.0 if size else (size := self._size(first))
                found.append(Word(body, self.box(first, match.end() - 1), first, starts))
        return found

    def box(self, first: int, last: int) -> Box:
        """Return the box around a run of characters of one line."""
        rect = self._rect
        pdfium.FPDFText_GetLooseCharBox(self._textpage, first, self._there)
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        if last > first:
            pdfium.FPDFText_GetLooseCharBox(self._textpage, last, self._there)
            left, bottom = min(left, rect.left), min(bottom, rect.bottom)
            right, top = max(right, rect.right), max(top, rect.top)
        x0, y0 = self._place(left, top)
        x1, y1 = self._place(right, bottom)
        return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def _size(self, number: int) -> float:
        """Return the size of a character as shown, in points; never 0."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._textpage, number, ctypes.byref(matrix))
        return float(pdfium.FPDFText_GetFontSize(self._textpage, number)) * hypot(matrix.b, matrix.d) or 1.0

    def _letters(self) -> str:
        """Return the text so that each position is that of its character on the page."""
        if not self.count:
            return ""
        buffer = (ctypes.c_ushort * (self.count + 1))()
        written = pdfium.FPDFText_GetText(self._textpage, 0, self.count, buffer) - 1
        text = bytes(memoryview(buffer).cast("B")[: 2 * max(0, written)]).decode("utf-16-le", errors="surrogatepass")
        if written == self.count == len(text):
            return text.replace("\ufffe", _HYPHEN)
        return "".join(_letter(pdfium.FPDFText_GetUnicode(self._textpage, n)) for n in range(self.count))


def _letter(code: int) -> str:
    return chr(code) if 0 < code <= 0x10FFFF else UNKNOWN  # noqa: PLR2004 - the last code point


def placing(page: Any) -> Place:
    """Return the function that places a point of the page on the page as it is shown."""
    left, bottom, right, top = page.get_bbox()
    turned: dict[int, Place] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    return turned[page.get_rotation()]


def letters_of(page: PageText, word: Word) -> Iterator[tuple[str, Box]]:
    """Give the letters of a word, each with its box."""
    for offset, letter in enumerate(word.text):
        yield letter, page.box(word.first + offset, word.first + offset)
