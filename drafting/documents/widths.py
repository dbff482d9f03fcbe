"""Share a page's width among the columns of a table, from what their texts need. Pure."""

import re
from collections.abc import Sequence

from drafting.documents.house import PAGE_TWIPS

CELL_MARGIN_TWIPS = 125  # both sides of a cell, and a hair
TWIPS_PER_POINT = 20
LONGEST_LINE = 44  # characters after which a column's wish for width is satisfied: it wraps
LONGEST_WORD = 26  # longer words break
NARROW = 0.72  # a table whose texts fit into this part of the page is not stretched over it
SPREAD = 1.25  # ... but gets some air
# Widths of the house font's letters (Arial, and its metric twins) from the space to the tilde, in thousandths of its size.
LETTERS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556,
    278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,
    611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833,
    556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
OTHER = 722  # any other letter
BOLD = 1.08
HALVINGS = 20


def fitted(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, points: float = 8.5, total: int = PAGE_TWIPS
) -> list[int]:
    """Return column widths in twips, at most `total` together: no word broken but at a hyphen where that can be, long texts wrapped."""
    if not columns:
        return []
    least: list[float] = []
    split: list[float] = []  # least, where identifiers and dates go on behind a hyphen in the next line
    wished: list[float] = []
    for position, name in enumerate(columns):
        texts = [row[position] for row in rows if position < len(row)]
        words = [w[:LONGEST_WORD] for text in texts for w in text.split()]
        parts = [part for w in words for part in re.findall(r"[^-]+-?|-", w)]
        head = max((width(w, points) * BOLD for w in name.split()), default=0.0)
        least.append(max([head, *(width(w, points) for w in words)]) + CELL_MARGIN_TWIPS)
        split.append(max([head, *(width(part, points) for part in parts)]) + CELL_MARGIN_TWIPS)
        line = max((width(text[:LONGEST_LINE], points) for text in texts), default=0.0)
        wished.append(
            max(least[-1], line + CELL_MARGIN_TWIPS, min(width(name, points) * BOLD, 2 * head) + CELL_MARGIN_TWIPS)
        )
    return _whole(_shares(least if sum(least) < total else split, wished, total), total)


def width(text: str, points: float) -> float:
    """Return how wide a text is set in the house font, in twips."""
    first = ord(" ")
    thousandths = sum(LETTERS[i] if 0 <= (i := ord(c) - first) < len(LETTERS) else OTHER for c in text)
    return thousandths / 1000 * points * TWIPS_PER_POINT


def _shares(least: Sequence[float], wished: Sequence[float], total: int) -> list[float]:
    needed, wanted = sum(least), sum(wished)
    if wanted <= total * NARROW:
        return [w * SPREAD for w in wished]
    if wanted <= total:
        return [w * total / wanted for w in wished]
    if needed >= total:
        return [w * total / needed for w in least]
    low, high = 0.0, 1.0  # one scale for all wishes, so that no column wraps much more than another
    for _ in range(HALVINGS):
        scale = (low + high) / 2
        low, high = (scale, high) if sum(map(max, least, (w * scale for w in wished))) <= total else (low, scale)
    return [max(least_one, low * wish) for least_one, wish in zip(least, wished, strict=True)]


def _whole(shares: Sequence[float], total: int) -> list[int]:
    made = [int(share) for share in shares]
    made[-1] += min(total, round(sum(shares))) - sum(made)
    return made
