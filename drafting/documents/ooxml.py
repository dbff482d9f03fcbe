"""Write WordprocessingML element by element: text, links, bookmarks, fields and tables.

Tables are written as XML because the cell objects of python-docx take time that grows with the square of the rows. Text always
goes in as text of a node, so nothing in a record can become markup.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml import etree

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"[\t\r\n\u2028\u2029]+")
_NUMBER = re.compile(r"[<>≤≥]?\s?[+\-−]?\d[\d.,]*\*?")


def clean(text: str) -> str:
    """Return `text` without control characters; line ends and tabs become a space."""
    return _CONTROL.sub("", _SPACE.sub(" ", text))


@dataclass
class Marks:
    """Hand out bookmark ids of one document."""

    last: int = 0
    used: set[str] = field(default_factory=set)

    def around(self, parent: Any, name: str, *children: Any) -> None:
        """Append `children` to `parent` within a bookmark called `name`; a name is bookmarked once."""
        if name in self.used:
            parent.extend(children)
            return
        self.used.add(name)
        self.last += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), str(self.last))
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), str(self.last))
        parent.extend([start, *children, end])


def run(text: str, style: str = "") -> Any:
    """Return a run of text in a character style (by id)."""
    made = OxmlElement("w:r")
    if style:
        child(child(made, "w:rPr"), "w:rStyle", val=style)
    node = child(made, "w:t")
    node.text = clean(text)
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def tab() -> Any:
    """Return a run that is a tab."""
    made = OxmlElement("w:r")
    child(made, "w:tab")
    return made


def link(anchor: str, *runs: Any) -> Any:
    """Return a link to a bookmark of the same document."""
    made = OxmlElement("w:hyperlink")
    made.set(qn("w:anchor"), anchor)
    made.set(qn("w:history"), "1")
    made.extend(runs)
    return made


def simple_field(instruction: str, shown: str, style: str = "") -> Any:
    """Return a field with the text that it shows until it is updated."""
    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), instruction)
    made.append(run(shown, style))
    return made


def child(parent: Any, name: str, **attributes: str) -> Any:
    """Append an element to `parent` and return it."""
    made = etree.SubElement(parent, qn(name))
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def paragraph(style: str, *content: Any) -> Any:
    """Return a paragraph in a style (by id)."""
    made = OxmlElement("w:p")
    child(child(made, "w:pPr"), "w:pStyle", val=style)
    made.extend(content)
    return made


Cell = str | Any  # text, or a finished paragraph


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, widths: Sequence[int], small: bool = False) -> Any:
    """Return a table whose header row repeats on every page and whose rows never split; `widths` in twips.

    A column that holds nothing but numbers is set flush right.
    """
    made = OxmlElement("w:tbl")
    properties = child(made, "w:tblPr")
    child(properties, "w:tblStyle", val="VerascribeTable")
    child(properties, "w:tblW", w=str(sum(widths)), type="dxa")
    child(properties, "w:tblLayout", type="fixed")
    child(properties, "w:tblLook", val="0020", firstRow="1")
    grid = child(made, "w:tblGrid")
    for width in widths:
        child(grid, "w:gridCol", w=str(width))
    listed = list(rows)
    right = [_numeric(listed, position) for position in range(len(widths))]
    if columns:
        _row(made, columns, widths, "TableSmallHeader" if small else "TableHeader", right, header=True)
    style = "TableSmall" if small else "TableText"
    for cells in listed:
        _row(made, cells, widths, style, right)
    return made


def _numeric(rows: Sequence[Sequence[Cell]], position: int) -> bool:
    cells = [row[position] for row in rows if position < len(row)]
    told = [cell for cell in cells if not isinstance(cell, str) or cell.strip() not in ("", "-")]
    return bool(told) and all(isinstance(cell, str) and _NUMBER.fullmatch(cell) for cell in told)


def _row(
    parent: Any, cells: Sequence[Cell], widths: Sequence[int], style: str, right: Sequence[bool], *, header: bool = False
) -> None:
    made = child(parent, "w:tr")
    properties = child(made, "w:trPr")
    child(properties, "w:cantSplit")
    if header:
        child(properties, "w:tblHeader")
    for position, width in enumerate(widths):
        cell = cells[position] if position < len(cells) else ""
        box = child(made, "w:tc")
        child(child(box, "w:tcPr"), "w:tcW", w=str(width), type="dxa")
        if not isinstance(cell, str):
            box.append(cell)
            continue
        text = child(box, "w:p")
        looks = child(text, "w:pPr")
        child(looks, "w:pStyle", val=style)
        if right[position]:
            child(looks, "w:jc", val="right")
        node = child(child(text, "w:r"), "w:t")
        node.text = clean(cell)
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
