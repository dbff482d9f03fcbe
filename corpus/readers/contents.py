"""What a reader finds in a file: grids of literals and a narrative of blocks, each with its place. Pure.

Promise: a literal is what stands in the file, letter for letter, or what its program shows where the file holds no letters
(a date of a spreadsheet); nothing is computed. What was found beside the text (hidden sheets, comments, deleted text,
formulas without a kept value) is told in `notes`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from audit.errors import Invalid
from corpus.readers.narrative import Narrative

LINE_END = "\u2028"  # in a literal: where a page's layout ended a line, which its writer need not have meant
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_LONGEST_EXPONENT = 400  # beyond it a number is left with its exponent


class NumberCell(str):
    """A literal of a cell that its program knows as a number: written with a point, whatever the marks of the texts beside it."""

    __slots__ = ()


class PercentCell(NumberCell):
    """A number that its program shows as per cent: the letters are those of the stored number, "0.985" where 98.5 % is shown."""

    __slots__ = ()

    @property
    def shown(self) -> "ShownPercent":
        """Return what is shown, with every digit of the stored number: "98.5%"."""
        if _NUMBER.fullmatch(self) is None:
            return ShownPercent(f"{self}%")
        sign, digits, exponent = Decimal(self).as_tuple()
        shifted = Decimal((sign, digits, int(exponent) + 2))  # no arithmetic, which would round to its context's digits
        plain = abs(int(exponent)) <= _LONGEST_EXPONENT
        return ShownPercent(f"{shifted:f}%" if plain else f"{shifted}%")


class ShownPercent(NumberCell):
    """A number with the per cent sign that its program shows, in a column whose unit is per cent: "98.5%"."""

    __slots__ = ()


class DayCell(str):
    """A literal of a cell that its program knows as a day or moment: written as ISO 8601, whatever the forms of the texts beside it."""

    __slots__ = ()


def stripped(cell: str) -> str:
    """Return a literal without white space around it; the kind of its cell stays."""
    return cell.strip() if cell.__class__ is str else cell


@dataclass(frozen=True)
class Grid:
    """A table of literals. `part` says where in the file it stands ("" where the file is the table); rows keep the file's numbers."""

    part: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]  # of each row, as the file's own program counts it
    notes: tuple[str, ...] = ()
    breaks: tuple[int, ...] = ()  # numbers of the rows that begin a page
    first_page: int = 0  # on which it begins; each break begins the next one; 0 where it stands on no pages
    inherited: tuple[str, ...] = ()  # columns that identify what a row stands in, as a list within a record does
    continues: str = ""  # the part whose columns it has at the top of the next page, without its header

    @property
    def pages(self) -> tuple[tuple[int, int], ...]:
        """Return the rows that begin a page after its first one, each with the page's number."""
        return tuple((row, self.first_page + n) for n, row in enumerate(self.breaks, start=1)) if self.first_page else ()


@dataclass(frozen=True)
class Contents:
    """Everything that a reader found in one file; `derived` where the text is the outcome of character recognition."""

    grids: tuple[Grid, ...] = ()
    narrative: Narrative | None = None
    notes: tuple[str, ...] = ()
    derived: bool = False
    unread: bool = False  # some of the file was seen and could not be read: what stands in it is not all known
    how: Mapping[str, str] = field(default_factory=dict)  # how it was read: part of what makes a version


def grid_of(part: str, rows: list[list[str]], *, first: int = 1, notes: tuple[str, ...] = ()) -> Grid:
    """Return a grid whose rows are numbered on from `first`."""
    return Grid(part, tuple(tuple(row) for row in rows), tuple(range(first, first + len(rows))), notes)


def one_line(lines: Iterable[str]) -> str:
    """Join lines to running text: no space after a hyphen that ends a line within a word, and the hyphen stays."""
    text = ""
    for line in lines:
        within = text.endswith("-") and text[-2:-1].isalnum() and line[:1].isalnum()
        text += line if not text or within else f" {line}"
    return text


class NoTextLayer(Invalid):
    """A file of pictures of pages, such as a scan: there are no letters to read."""
