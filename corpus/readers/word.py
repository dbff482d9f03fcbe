"""Read Word documents (.docx): paragraphs, headings and tables in the order of the page, each table also as a grid.

Promise: all text that the page shows is there, also inside content controls, text boxes and tracked insertions; headers come
first, footers last, a footnote after the paragraph that refers to it. Deleted text and comments are not text of the document:
they are told in the notes. A cell that spans columns or rows has its text in its first place. A damaged document is refused, never
read in part. The XML is read with lxml, without entities and without a network, and nothing is unpacked before its size is known.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from audit.errors import Invalid
from corpus.readers import package
from corpus.readers.contents import Contents, Grid
from corpus.readers.narrative import KEYS, LARGEST_FILE, Block, Narrative

LARGEST_UNPACKED = 256 * 1024 * 1024
MOST_COLUMNS = 2_000
MOST_NOTES = 50
SHOWN = 200  # characters of a comment or of deleted text that a note shows
_WHAT = "Word document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same again, for old programs
_T, _P, _TBL, _BOX = f"{_W}t", f"{_W}p", f"{_W}tbl", f"{_W}txbxContent"
_SPACES = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
_DELETED = frozenset((f"{_W}del", f"{_W}moveFrom"))
_SKIPPED = _DELETED | {_FALLBACK}
_THROUGH = frozenset((f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"))
_TR, _TC = f"{_W}tr", f"{_W}tc"
_PLAIN = (_TR, _TC, _T, _P, *_SPACES)
_MARKS = (
    b":del",
    b"<del",
    b"moveFrom",
    b"Fallback",
    b"txbxContent",
    b"vMerge",
    b"gridSpan",
    b"gridBefore",
)  # no plain table then
_NOTES = (f"{_W}footnoteReference", f"{_W}endnoteReference")


def read_docx(data: bytes, *, file: str) -> Narrative:
    """Read the text of a Word document; raise Invalid where it is too large, damaged or without text."""
    narrative = read(data, file=file).narrative
    assert narrative is not None
    return narrative


def read(data: bytes, *, file: str) -> Contents:
    """Read a Word document as contents: its text as a narrative, each of its tables also as a grid."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the document.")
    with package.opened(data, file=file, what=_WHAT, largest=LARGEST_UNPACKED) as archive:
        xml = package.part(archive, "word/document.xml")
        body = package.parsed(xml).find(f"{_W}body")
        if body is None:
            raise ValueError("no body")
        around = _Around.of(archive)
    document = _Document(around, file=file, quick=not any(mark in xml for mark in _MARKS))
    document.read(body)
    if not document.blocks:
        raise Invalid(f"{file}: the document holds no text.", remedy="Check the file.")
    narrative = Narrative(document.about, tuple(document.blocks))
    return Contents(tuple(document.grids), narrative, (*_tracked(body), *around.comments, *document.notes))


@dataclass
class _Around:
    """What stands outside the body: styles of headings, headers, footers, footnotes by their mark, and what was commented."""

    headings: frozenset[str] = frozenset()
    headers: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    footnotes: dict[tuple[str, str], str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)

    @staticmethod
    def of(archive: zipfile.ZipFile) -> "_Around":
        """Read the parts around the body."""
        parts = {
            name: package.parsed(package.part(archive, name)) for name in sorted(archive.namelist()) if _PART.fullmatch(name)
        }
        found = _Around()
        for name, root in parts.items():
            kind = root.tag.rpartition("}")[2]
            if kind == "styles":
                found.headings = frozenset(style.get(f"{_W}styleId", "") for style in root if _names_heading(style))
            elif kind in ("hdr", "ftr"):
                into = found.headers if kind == "hdr" else found.footers
                into += [text for text in map(_text, root.iter(_P)) if text and text not in into]
            elif kind in ("footnotes", "endnotes"):
                found.footnotes |= {(kind[:-1], note.get(f"{_W}id", "")): _whole(note) for note in root}
            elif kind == "comments":
                found.comments = _limited([f"comment of {_author(note)}, not text: {_short(_whole(note))}" for note in root])
            else:
                raise ValueError(f"its part {name} is not what its name says")
        return found


_PART = re.compile(r"word/(styles|(header|footer)\d*|footnotes|endnotes|comments)\.xml")


class _Document:
    """The blocks and grids of a document while its body is read."""

    def __init__(self, around: _Around, *, file: str, quick: bool) -> None:
        self.around, self.file, self.quick = around, file, quick
        self.about: dict[str, str] = {}
        self.blocks: list[Block] = []
        self.grids: list[Grid] = []
        self.notes: list[str] = []

    def read(self, body: Any) -> None:
        """Read a body from top to bottom."""
        paragraphs = tables = 0
        self.blocks += [Block(f"header {n}", text) for n, text in enumerate(self.around.headers, start=1)]
        for item in _in_order(body):
            if item.tag == _TBL:
                tables += 1
                self._table(item, tables)
                continue
            paragraphs += 1
            text = _text(item)
            if text:
                self.blocks.append(Block(f"paragraph {paragraphs}", text, heading=_is_heading(item, self.around.headings)))
            if not self.quick:
                self._boxes(item, paragraphs)
            if self.around.footnotes:
                self._footnotes(item)
        self.blocks += [Block(f"footer {n}", text) for n, text in enumerate(self.around.footers, start=1)]

    def _table(self, table: Any, position: int) -> None:
        part = f"table {position}"
        rows: list[tuple[str, ...]] = []
        numbers: list[int] = []
        for number, cells in self._rows(table, part):
            if position == 1 and len(cells) == 2 and cells[0].lower() in KEYS:  # noqa: PLR2004 - key and value
                self.about[cells[0].lower()] = cells[1]
            if any(cells):
                self.blocks.append(Block(f"{part}, row {number}", " | ".join(cells), grid=part))
                rows.append(tuple(cells))
                numbers.append(number)
        if rows:
            self.grids.append(Grid(part, tuple(rows), tuple(numbers)))
        if self.around.footnotes:
            self._footnotes(table)

    def _rows(self, table: Any, part: str) -> Iterator[tuple[int, list[str]]]:
        """Give the rows of a table with their numbers, each cell in the columns of the table's own grid."""
        if self.quick and sum(1 for _ in table.iter(_TBL)) == 1:
            yield from enumerate(_plain_rows(table), start=1)
            return
        merged = 0
        for number, row in enumerate(_own(table, "tr"), start=1):
            if row.find(f"{_W}trPr/{_W}del") is not None:
                self.notes.append(f"{part}: row {number} is deleted, and was not read")
                continue
            cells, spans = _cells(row)
            if len(cells) > MOST_COLUMNS:
                raise Invalid(f"{self.file}, {part}: more than {MOST_COLUMNS} columns.", remedy="Check the table.")
            merged += spans
            yield number, cells
        if merged:
            self.notes.append(f"{part}: {merged} merged cells, each with its text in its first place")

    def _boxes(self, item: Any, paragraph: int) -> None:
        boxes = (box for box in item.iter(_BOX) if not any(above.tag == _FALLBACK for above in box.iterancestors()))
        for number, box in enumerate(boxes, start=1):
            text = _whole(box)
            if text:
                self.blocks.append(Block(f"paragraph {paragraph}, text box {number}", text))

    def _footnotes(self, item: Any) -> None:
        for mark in item.iter(*_NOTES):
            kind = mark.tag.rpartition("}")[2].removesuffix("Reference")
            identity = mark.get(f"{_W}id", "")
            text = self.around.footnotes.get((kind, identity))
            if text:
                self.blocks.append(Block(f"{kind} {identity}", text))


def _plain_rows(table: Any) -> list[list[str]]:
    """Return the rows of a table without merged cells, deletions or a table inside it, in one pass over its elements."""
    rows: list[list[str]] = []
    cells: list[list[str]] = []
    pieces: list[str] = []
    for element in table.iter(*_PLAIN):
        tag = element.tag
        if tag == _T:
            pieces.append(element.text or "")
        elif tag == _TC:
            pieces = []
            cells.append(pieces)
        elif tag == _TR:
            rows.append([_joined(cell) for cell in cells])
            cells, pieces = [], []
        else:
            pieces.append(_SPACES.get(tag, " "))  # a paragraph begins
    rows.append([_joined(cell) for cell in cells])
    return rows[1:]


def _joined(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())


def _cells(row: Any) -> tuple[list[str], int]:
    """Return the literals of a row, one a column of the table's own grid, and how many of its cells are merged."""
    cells: list[str] = []
    merged = 0
    properties = row.find(f"{_W}trPr")
    if properties is not None:
        cells += [""] * _span(properties.find(f"{_W}gridBefore"))
    for cell in _own(row, "tc"):
        kept = cell.find(f"{_W}tcPr")
        if kept is None:
            cells.append(_whole(cell))
            continue
        down, across = kept.find(f"{_W}vMerge"), _span(kept.find(f"{_W}gridSpan")) or 1
        goes_on = down is not None and down.get(f"{_W}val", "continue") == "continue"
        merged += across > 1 or (down is not None and not goes_on)
        cells += ["" if goes_on else _whole(cell), *[""] * (across - 1)]
    return cells, merged


def _span(element: Any) -> int:
    written = "" if element is None else element.get(f"{_W}val", "")
    return min(int(written[:9]), MOST_COLUMNS + 1) if written.isascii() and written.isdigit() else 0


def _tracked(body: Any) -> list[str]:
    """Say what was tracked as a change: inserted text was read, deleted text was not."""
    inserted = sum(1 for _ in body.iter(f"{_W}ins", f"{_W}moveTo"))
    deleted = ["".join(t.text or "" for t in change.iter(f"{_W}delText", _T)) for change in body.iter(*_DELETED)]
    told = [f"{inserted} tracked insertions, read as text"] if inserted else []
    return told + _limited([f"tracked deletion, not read: {_short(text)}" for text in deleted if text])


def _limited(notes: list[str]) -> list[str]:
    return notes if len(notes) <= MOST_NOTES else [*notes[:MOST_NOTES], f"and {len(notes) - MOST_NOTES} more of them"]


def _short(text: str) -> str:
    return f"“{text if len(text) <= SHOWN else text[:SHOWN] + ' …'}”"


def _author(note: Any) -> str:
    return str(note.get(f"{_W}author", "an unnamed person"))[:80]


def _names_heading(style: Any) -> bool:
    name = style.find(f"{_W}name") if style.tag == f"{_W}style" else None
    return name is not None and name.get(f"{_W}val", "").lower().startswith(("heading", "title"))


def _in_order(parent: Any) -> Iterator[Any]:
    """Give paragraphs and tables from top to bottom, through content controls and tracked insertions."""
    for child in parent:
        if child.tag in (_P, _TBL):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _in_order(child)


def _own(parent: Any, name: str) -> Iterator[Any]:
    """Give a table's own rows, or a row's own cells, not those of a table inside a cell."""
    wanted = f"{_W}{name}"
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag in _THROUGH:
            yield from _own(child, name)


def _whole(parent: Any) -> str:
    """Return the text of all paragraphs inside a cell, note or text box."""
    return " ".join(filter(None, (_text(p) for p in parent.iter(_P) if not _is_gone(p, parent))))


def _is_gone(paragraph: Any, within: Any) -> bool:
    for above in paragraph.iterancestors():
        if above is within:
            return False
        if above.tag in _SKIPPED:
            return True
    return False


def _text(paragraph: Any) -> str:
    return " ".join("".join(_pieces(paragraph)).split())


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _T:
            yield child.text or ""
        elif child.tag in _SPACES:
            yield _SPACES[child.tag]
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED and child.tag != _P:
            yield from _pieces(child)


def _is_heading(paragraph: Any, headings: frozenset[str]) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    outlined = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    return outlined is not None or (style is not None and style.get(f"{_W}val") in headings)
