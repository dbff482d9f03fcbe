"""Points, boxes and turns of a PDF page. Pure but for asking a page how it lies.

The page as shown is cropped and turned as its viewer does; its points count from the top left corner, downward, in 1/72 inch.
"""

from math import ceil, floor
from typing import Any

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Matrix = tuple[float, float, float, float, float, float]  # x' = ax + cy + e, y' = bx + dy + f, as in a PDF file

AS_IT_IS: Matrix = (1, 0, 0, 1, 0, 0)
TURNED: dict[tuple[int, int], tuple[Matrix, Matrix]] = {  # direction of text as shown -> to upright, and back
    (1, 0): (AS_IT_IS, AS_IT_IS),
    (0, -1): ((0, 1, -1, 0, 0, 0), (0, -1, 1, 0, 0, 0)),
    (0, 1): ((0, -1, 1, 0, 0, 0), (0, 1, -1, 0, 0, 0)),
    (-1, 0): ((-1, 0, 0, -1, 0, 0), (-1, 0, 0, -1, 0, 0)),
}


def as_shown(page: Any) -> Matrix:
    """Return the matrix that places a point of a page on the page as it is shown."""
    left, bottom, right, top = page.get_bbox()
    turned: dict[int, Matrix] = {
        0: (1, 0, 0, -1, -left, top),
        90: (0, 1, 1, 0, -bottom, -left),
        180: (-1, 0, 0, 1, right, -bottom),
        270: (0, -1, -1, 0, top, right),
    }
    return turned[page.get_rotation()]


def moved(point: Point, matrix: Matrix) -> Point:
    """Return where a matrix puts a point."""
    x, y = point
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def moved_box(box: Box, matrix: Matrix) -> Box:
    """Return where a matrix of quarter turns puts a box."""
    (x0, y0), (x1, y1) = moved((box[0], box[1]), matrix), moved((box[2], box[3]), matrix)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that does `inner` first, then `outer`."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def around(boxes: list[Box]) -> Box:
    """Return the box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def place_of(page: int, box: Box) -> str:
    """Return a place on a page as people say it and a viewer can mark it, whole points outward."""
    left, top, right, bottom = box
    return f"page {page}, box {floor(left)},{floor(top)},{ceil(right)},{ceil(bottom)}"
