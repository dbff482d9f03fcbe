"""From the words of a page to paragraphs and headings, each with its box. Pure."""

from collections.abc import Iterator
from itertools import groupby
from math import ceil, floor
from statistics import median_low
from typing import NamedTuple

from corpus.readers.contents import one_line
from corpus.readers.narrative import Block
from corpus.readers.pdf_words import Box, Word

APART = 0.8  # of a line's height: a wider gap ends the paragraph
LARGER = 1.15  # times the usual size: a heading
LONGEST_HEADING = 200
LONGEST_PARAGRAPH = 2_000


class _Line(NamedTuple):
    text: str
    box: Box
    size: float

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


def place_of(page: int, box: Box) -> str:
    """Return a place on a page as people say it and a viewer can mark it, whole points outward."""
    left, top, right, bottom = box
    return f"page {page}, box {floor(left)},{floor(top)},{ceil(right)},{ceil(bottom)}"


def usual_size(words: list[Word]) -> float:
    """Return the size of most lines of a page."""
    return median_low(word.size for word in words if word.size)


def paragraphs(words: list[Word], page: int, usual: float) -> Iterator[tuple[Block, float]]:
    """Give the page's paragraphs and headings in the order of the text, each with its upper edge; larger than usual is a heading."""
    lines = list(_lines(words))
    gathered: list[_Line] = []
    for line in lines:
        if gathered and not _goes_on(gathered, line, usual):
            yield _block(gathered, page, usual), gathered[0].box[1]
            gathered = []
        gathered.append(line)
    if gathered:
        yield _block(gathered, page, usual), gathered[0].box[1]


def _lines(words: list[Word]) -> Iterator[_Line]:
    counted, number = [], 0
    for word in words:
        number += word.size > 0
        counted.append((number, word))
    for _, group in groupby(counted, key=lambda pair: pair[0]):
        line = [word for _, word in group]
        yield _Line(" ".join(word.text for word in line), _around([word.box for word in line]), line[0].size)


def _around(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _goes_on(gathered: list[_Line], line: _Line, usual: float) -> bool:
    last = gathered[-1]
    beside = line.box[0] > last.box[2] or line.box[2] < gathered[0].box[0]  # another column
    gap = line.box[1] - last.box[3]
    same_size = _is_large(last, usual) == _is_large(line, usual)
    short = sum(len(item.text) for item in gathered) < LONGEST_PARAGRAPH
    return not beside and same_size and short and -last.height < gap <= APART * last.height


def _is_large(line: _Line, usual: float) -> bool:
    return line.size >= LARGER * usual


def _block(lines: list[_Line], page: int, usual: float) -> Block:
    text = one_line(line.text for line in lines)
    heading = len(text) <= LONGEST_HEADING and all(_is_large(line, usual) for line in lines)
    return Block(place_of(page, _around([line.box for line in lines])), text, heading=heading)
