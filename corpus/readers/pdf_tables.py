"""Ruled tables of a PDF page: lines drawn by pdfium's account, cells by pdfplumber's geometry, letters from the text layer.

Promise: a table is where lines cross; nothing is a table because its text happens to stand in columns. A letter belongs to the
cell in which its middle stands, so that numbers of neighbouring cells never run together. The lines of a cell stay apart
(`LINE_END`): only the column's type can tell whether white space belongs between them (see `corpus.prepare`).
"""

import ctypes
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from corpus.readers.contents import LINE_END
from corpus.readers.pdf_geometry import Box, Matrix, Point, moved, times
from corpus.readers.pdf_words import UNKNOWN, PageText, Word, letters_of

MOST_OBJECTS = 200_000  # drawn objects of a page; a drawing, not a form, has more
MOST_EDGES = 20_000
DEEPEST = 8  # forms within forms
THIN = 3.0  # points: a filled shape as thin as this is a line
APART = 0.15  # of a line's height: letters that are closer belong to one word
TOLERANCE = 3.0  # points within which line ends meet, as pdfplumber's own default


class TooManyLines(Exception):  # noqa: N818 - the note says it
    """The page has more lines than a table has."""


@dataclass(frozen=True)
class RuledTable:
    """A table of one page: its box, and its rows of literals, each with the box of the row."""

    box: Box
    columns: tuple[float, ...]  # their left edges
    rows: tuple[tuple[str, ...], ...]
    boxes: tuple[Box, ...]


def tables_of(
    page: Any, text: PageText, words: list[Word], matrix: Matrix, *, before: tuple[float, ...] = ()
) -> tuple[list[RuledTable], list[Word]]:
    """Return the ruled tables of a page and the words outside them; raise TooManyLines where there are too many to tell.

    A single row is a table only where it has the columns of the one at the foot of the page `before`.
    """
    edges = list(_edges(page, matrix))
    if len(edges) < 4:  # noqa: PLR2004 - a cell has four sides
        return [], words
    found: list[RuledTable] = []
    left = words
    for cells in _cells(edges):
        grid = _Cells(cells)
        inside = [w for w in left if grid.holds(*w.middle)]
        goes_on = not found and same_columns(before, grid.columns)
        if inside and (len(grid.rows) > 1 or goes_on) and len(grid.rows[0]) > 1:
            left = [w for w in left if not grid.holds(*w.middle)]
            found.append(RuledTable(grid.box, grid.columns, grid.filled(text, inside), grid.row_boxes))
    return found, left


def same_columns(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Tell whether two tables have their columns at the same places."""
    return len(one) == len(other) and all(abs(a - b) <= TOLERANCE for a, b in zip(one, other, strict=True))


def _cells(edges: list[dict[str, Any]]) -> list[list[Box]]:
    from pdfplumber.table import (  # noqa: PLC0415 - only pages with lines need it
        cells_to_tables,
        edges_to_intersections,
        intersections_to_cells,
        merge_edges,
    )

    merged = merge_edges(edges, TOLERANCE, TOLERANCE, TOLERANCE, TOLERANCE)
    crossings = edges_to_intersections(merged, TOLERANCE, TOLERANCE)
    tables: list[list[Box]] = cells_to_tables(intersections_to_cells(crossings))
    return tables


class _Cells:
    """The cells of one table, found by a point."""

    def __init__(self, cells: list[Box]) -> None:
        from pdfplumber.table import Table  # noqa: PLC0415 - as above

        table = Table(None, cells)  # type: ignore[arg-type]  # its rows need no page
        self.box: Box = table.bbox
        self.rows: list[list[Box | None]] = [row.cells for row in table.rows]
        self.row_boxes: tuple[Box, ...] = tuple(row.bbox for row in table.rows)
        self.columns = tuple(sorted({cell[0] for cell in cells}))
        self._tops = sorted({cell[1] for cell in cells})
        self._bands: list[list[Box]] = [[] for _ in self._tops]
        for cell in sorted(cells):
            for band, top in enumerate(self._tops):
                if cell[1] <= top < cell[3]:
                    self._bands[band].append(cell)

    def holds(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.box
        return left <= x <= right and top <= y <= bottom

    def at(self, x: float, y: float) -> Box | None:
        """Return the cell in which a point stands."""
        band = self._bands[max(0, bisect_right(self._tops, y) - 1)]
        before = [cell for cell in band if cell[0] <= x]
        return before[-1] if before and x <= before[-1][2] else None

    def filled(self, text: PageText, words: list[Word]) -> tuple[tuple[str, ...], ...]:
        """Return the rows with the letters that stand in each cell."""
        pieces: dict[Box | None, list[tuple[Box, str]]] = {}
        for word in words:
            for cell, box, letters in self._parts(text, word):
                pieces.setdefault(cell, []).append((box, letters))
        return tuple(tuple(_joined(pieces.get(cell, [])) if cell else "" for cell in row) for row in self.rows)

    def _parts(self, text: PageText, word: Word) -> Iterator[tuple[Box | None, Box, str]]:
        """Give a word whole where it stands in one cell, else letter by letter to the cells it crosses."""
        left, _, right, _ = word.box
        _, y = word.middle
        cell = self.at(left, y)
        if cell is not None and right <= cell[2]:
            yield cell, word.box, word.text
            return
        runs: list[tuple[Box | None, Box, str]] = []
        for letter, box in letters_of(text, word):
            here = self.at((box[0] + box[2]) / 2, y)
            if runs and runs[-1][0] == here:
                before = runs[-1][1]
                around = (before[0], min(before[1], box[1]), box[2], max(before[3], box[3]))
                runs[-1] = (here, around, runs[-1][2] + letter)
            else:
                runs.append((here, box, letter))
        yield from _seamed(runs)


def _seamed(runs: list[tuple[Box | None, Box, str]]) -> Iterator[tuple[Box | None, Box, str]]:
    """Mark both sides of a border over which a word runs: how much of it belongs to which cell cannot be told."""
    for n, (cell, box, text) in enumerate(runs):
        shown = text
        if n and _touch(runs[n - 1][1], box):
            shown = UNKNOWN + shown
        if n + 1 < len(runs) and _touch(box, runs[n + 1][1]):
            shown += UNKNOWN
        yield cell, box, shown


def _touch(box: Box, after: Box) -> bool:
    return after[0] - box[2] < APART * (box[3] - box[1])


def _joined(pieces: list[tuple[Box, str]]) -> str:
    """Return the text of a cell: its words by line and from left to right, lines apart by LINE_END."""
    lines: list[list[tuple[Box, str]]] = []
    for box, text in sorted(pieces, key=lambda piece: piece[0][1] + piece[0][3]):
        middle = (box[1] + box[3]) / 2
        if lines and middle < max(b[3] for b, _ in lines[-1]) and middle > min(b[1] for b, _ in lines[-1]):
            lines[-1].append((box, text))
        else:
            lines.append([(box, text)])
    return LINE_END.join(" ".join(text for _, text in sorted(line)) for line in lines)


def _edges(page: Any, matrix: Matrix) -> Iterator[dict[str, Any]]:
    count = 0
    for lines in _paths(page, matrix):
        for x0, y0, x1, y1 in lines:
            if abs(x0 - x1) <= THIN or abs(y0 - y1) <= THIN:
                count += 1
                if count > MOST_EDGES:
                    raise TooManyLines
                yield _edge(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _edge(left: float, top: float, right: float, bottom: float) -> dict[str, Any]:
    if right - left >= bottom - top:
        middle = (top + bottom) / 2
        return {"x0": left, "x1": right, "top": middle, "bottom": middle, "width": right - left, "orientation": "h"}
    middle = (left + right) / 2
    return {"x0": middle, "x1": middle, "top": top, "bottom": bottom, "height": bottom - top, "orientation": "v"}


def _paths(page: Any, matrix: Matrix) -> Iterator[list[Box]]:
    """Give the straight lines of each drawn path, forms within the page included."""
    count = pdfium.FPDFPage_CountObjects(page)
    if count > MOST_OBJECTS:
        raise TooManyLines
    waiting = [(pdfium.FPDFPage_GetObject(page, n), matrix, 0) for n in range(count)]
    taken = 0
    while waiting:
        item, outer, depth = waiting.pop()
        taken += 1
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield _lines(item, times(_matrix(item), outer))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inner, within = times(_matrix(item), outer), pdfium.FPDFFormObj_CountObjects(item)
            if taken + len(waiting) + within > MOST_OBJECTS:
                raise TooManyLines
            waiting += [(pdfium.FPDFFormObj_GetObject(item, n), inner, depth + 1) for n in range(within)]


def _lines(path: Any, matrix: Matrix) -> list[Box]:
    """Return a path's straight lines: what is stroked, or the length of a filled shape that is thin."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not (fill.value or stroke.value):
        return []
    count = pdfium.FPDFPath_CountSegments(path)
    if count > MOST_EDGES:
        raise TooManyLines
    found: list[Box] = []
    for points in _shapes(path, count, matrix):
        if stroke.value:
            found += [(*a, *b) for a, b in pairwise(points)]
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        if min(box[2] - box[0], box[3] - box[1]) <= THIN:
            found.append(box)
    return found


def _shapes(path: Any, count: int, matrix: Matrix) -> Iterator[list[Point]]:
    """Give the points of each part of a path that is drawn without lifting the pen."""
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for n in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, n)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = moved((x.value, y.value), matrix)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            if points:
                yield points
            points = []
        points.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(found))
    return found.a, found.b, found.c, found.d, found.e, found.f
