"""From the words of a page to paragraphs and headings, each with its box. Pure."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from corpus.readers.contents import one_line
from corpus.readers.pdf_geometry import Box, around
from corpus.readers.pdf_words import Word

APART = 0.8  # of a line's height: a wider gap ends the paragraph
LARGER = 1.15  # times the usual size: a heading
LONGEST_HEADING = 200
LONGEST_PARAGRAPH = 2_000


class Paragraph(NamedTuple):
    """A paragraph or heading and its box."""

    text: str
    box: Box
    heading: bool


class _Line(NamedTuple):
    text: str
    box: Box
    size: float

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


def paragraphs(words: list[Word]) -> Iterator[Paragraph]:
    """Give the paragraphs and headings in the order of the text; a heading is larger than most of the page's text."""
    lines = list(_lines(words))
    usual = _usual_size(lines)
    gathered: list[_Line] = []
    for line in lines:
        if gathered and not _goes_on(gathered, line, usual):
            yield _paragraph(gathered, usual)
            gathered = []
        gathered.append(line)
    if gathered:
        yield _paragraph(gathered, usual)


def _usual_size(lines: list[_Line]) -> float:
    """Return the size of most letters."""
    letters = sum(len(line.text) for line in lines)
    for line in sorted(lines, key=lambda line: line.size):
        letters -= 2 * len(line.text)
        if letters <= 0:
            return line.size
    return 0.0


def _lines(words: list[Word]) -> Iterator[_Line]:
    counted, number = [], 0
    for word in words:
        number += word.size > 0
        counted.append((number, word))
    for _, group in groupby(counted, key=lambda pair: pair[0]):
        line = [word for _, word in group]
        yield _Line(" ".join(word.text for word in line), around([word.box for word in line]), line[0].size)


def _goes_on(gathered: list[_Line], line: _Line, usual: float) -> bool:
    last = gathered[-1]
    beside = line.box[0] > last.box[2] or line.box[2] < gathered[0].box[0]  # another column
    gap = line.box[1] - last.box[3]
    same_size = _is_large(last, usual) == _is_large(line, usual)
    short = sum(len(item.text) for item in gathered) < LONGEST_PARAGRAPH
    return not beside and same_size and short and -last.height < gap <= APART * last.height


def _is_large(line: _Line, usual: float) -> bool:
    return line.size >= LARGER * usual


def _paragraph(lines: list[_Line], usual: float) -> Paragraph:
    text = one_line(line.text for line in lines)
    heading = len(text) <= LONGEST_HEADING and all(_is_large(line, usual) for line in lines)
    return Paragraph(text, around([line.box for line in lines]), heading)
