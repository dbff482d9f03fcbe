"""The words of a PDF page with their boxes, by pdfium.

Promise: the letters are those of the text layer. A letter that the file's fonts do not name is U+FFFD, never a guess, and
counted. A word that a hyphen at the end of a line divides is two words, the hyphen kept. Boxes are in points from the top left
corner of the page as it is shown (cropped and turned).
"""

import ctypes
import re
from collections.abc import Iterator
from math import hypot
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from corpus.readers.pdf_geometry import Box, Matrix, moved, moved_box

MOST_CHARACTERS = 500_000  # of one page; a page densely printed has 10,000
UNKNOWN = "\ufffd"

_HYPHEN = "\x02"  # what pdfium puts for the hyphen that divides a word at the end of a line ("\ufffe" in a whole text)
_LINES = re.compile(r"[^\r\n\x02]+\x02?|\x02")
_WORDS = re.compile(r"[^\s\x02]+\x02?|\x02")
_NO_LETTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\uffff\ud800-\udfff]")


def _unconverted(function: Any) -> Any:
    """Bind a function once more without conversion of its arguments, which takes half the time of a call."""
    bound: Any = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.cast(function, ctypes.c_void_p).value or 0)
    bound.argtypes = None
    return bound


_loose_char_box = _unconverted(pdfium.FPDFText_GetLooseCharBox)  # twice a word
_matrix_of = _unconverted(pdfium.FPDFText_GetMatrix)  # once a line


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
    """The text layer of one page; `matrix` puts its points on the page as shown, or turned so that it can be read."""

    def __init__(self, textpage: Any, matrix: Matrix) -> None:
        self._directions: dict[tuple[int, int], int] = {}
        self._scales: dict[tuple[float, ...], tuple[float, tuple[int, int]]] = {}  # by the turn and stretch of letters
        letters = pdfium.FS_MATRIX()
        self._turn = memoryview(letters).cast("B").cast("f")[:4]
        self._matrix_there = ctypes.c_void_p(ctypes.addressof(letters))
        self._textpage = textpage.raw
        self._matrix = matrix
        *turn, self._across, self._down = matrix
        self._turned = turn != [1, 0, 0, -1]
        self._rect = pdfium.FS_RECTF()
        self._handle = ctypes.cast(self._textpage, ctypes.c_void_p)
        self._there = ctypes.c_void_p(ctypes.addressof(self._rect))
        self._sides = memoryview(self._rect).cast("B").cast("f")  # read at once: left, top, right, bottom
        self.count = int(pdfium.FPDFText_CountChars(self._textpage))

    def words(self) -> list[Word]:
        """Return the words in the order of the text."""
        text = self._letters()
        odd = _NO_LETTERS.search(text) is not None
        found = []
        for line in _LINES.finditer(text):
            size = 0.0
            for match in _WORDS.finditer(text, line.start(), line.end()):
                body, first = match[0], match.start()
                if odd:
                    body = _NO_LETTERS.sub(UNKNOWN, body.replace(_HYPHEN, "-"))
                starts = 0.0 if size else (size := self._size(first))
                found.append(Word(body, self.box(first, match.end() - 1), first, starts))
        return found

    def box(self, first: int, last: int) -> Box:
        """Return the box around a run of characters of one line."""
        _loose_char_box(self._handle, first, self._there)
        left, top, right, bottom = self._sides
        if last > first:
            _loose_char_box(self._handle, last, self._there)
            left_2, top_2, right_2, bottom_2 = self._sides
            left = left if left < left_2 else left_2  # noqa: FURB136 - a call of min costs as much as the rest of a word
            top = top if top > top_2 else top_2  # noqa: FURB136 - as above
            right = right if right > right_2 else right_2  # noqa: FURB136 - as above
            bottom = bottom if bottom < bottom_2 else bottom_2  # noqa: FURB136 - as above
        if self._turned:
            return moved_box((left, top, right, bottom), self._matrix)
        across, down = self._across, self._down
        return left + across, down - top, right + across, down - bottom

    @property
    def direction(self) -> tuple[int, int]:
        """Return the direction in which most lines run, known once the words were taken."""
        return max(self._directions, key=self._directions.__getitem__, default=(1, 0))

    def _size(self, number: int) -> float:
        """Return the size of a character as shown, in points; never 0."""
        _matrix_of(self._handle, number, self._matrix_there)
        a, b, c, d = key = tuple(self._turn)
        known = self._scales.get(key)
        if known is None:
            (x0, y0), (x1, y1) = moved((0, 0), self._matrix), moved((a, b), self._matrix)
            along, down = x1 - x0, y1 - y0
            direction = (int(along > 0) * 2 - 1, 0) if abs(along) >= abs(down) else (0, int(down > 0) * 2 - 1)
            known = self._scales[key] = (hypot(b, d) if b or d else hypot(a, c), direction)
        scale, direction = known
        self._directions[direction] = self._directions.get(direction, 0) + 1
        return float(pdfium.FPDFText_GetFontSize(self._textpage, number)) * scale or 1.0

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


def letters_of(page: PageText, word: Word) -> Iterator[tuple[str, Box]]:
    """Give the letters of a word, each with its box."""
    for offset, letter in enumerate(word.text):
        yield letter, page.box(word.first + offset, word.first + offset)
