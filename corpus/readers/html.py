"""Read web pages (.html): headings, paragraphs and list items as blocks, each table also as a grid.

Promise: the page's text is read as it stands in the file; nothing is fetched and no script runs. Struck-out text is told in the
notes, not read; text that a style hides is read, and told. A table that holds another table is layout: its cells are read as text.
A cell that spans columns or rows has its text in its first place. The encoding is the one that the page names, else UTF-8; a page that is
neither is refused, and so is one that the parser could not read to its end.
"""

import codecs
import re
from collections.abc import Iterable
from typing import Any

from audit.errors import Invalid
from corpus.readers.contents import Contents, Grid
from corpus.readers.narrative import LARGEST_FILE, Block, Narrative

MOST_COLUMNS = 2_000
MOST_CELLS = 2_000_000
_MOST_SPAN = 65_534  # as browsers bound it
_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
_BLOCKS = _HEADINGS | frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(("script", "style", "template", "noscript", "head", "svg", "math", "object", "iframe"))
_STRUCK = frozenset(("del", "s", "strike"))
_NAMED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(data: bytes, *, file: str) -> Contents:
    """Read a web page as contents; raise Invalid with the reason where it is not one or holds no text."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the document.")
    found = read_page(_decoded(data, file), file=file)
    if found.narrative is None:
        raise Invalid(f"{file}: the page holds no text.", remedy="Check the file.")
    return found


def read_page(text: str, *, file: str) -> Contents:
    """Read the text of a page; its narrative is None where it holds no text."""
    page = _Page(file)
    root = _parsed(text, file)
    if root is not None:
        page.read(root)
    narrative = Narrative(page.about, tuple(page.blocks)) if page.blocks else None
    return Contents(tuple(page.grids), narrative, tuple(page.notes()))


def _decoded(data: bytes, file: str) -> str:
    named = _NAMED.search(data[:4096])
    stated = named[1].decode() if named else "utf-8"
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), stated)
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise Invalid(f"{file}: its encoding {encoding} is not known.", remedy="Save it as UTF-8.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{file}: not readable as {encoding}: {error}", remedy="Save it as UTF-8.") from error
    if "\x00" in text:
        raise Invalid(f"{file}: holds NUL characters, so it is no page.", remedy="Save it again from its program.")
    return text


def _parsed(text: str, file: str) -> Any:
    from lxml import etree  # noqa: PLC0415 - only pages need it

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise Invalid(f"{file}: the page holds no text.", remedy="Check the file.") from error
    fatal = next((e.message for e in parser.error_log if e.level_name == "FATAL" or "depth" in e.message), "")
    if fatal:
        raise Invalid(f"{file}: not readable to its end: {fatal.strip()[:200]}", remedy="Save it again from its program.")
    return root


class _Page:
    """The blocks and grids of a page while it is walked, without recursion: a page may be nested deeply."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.about: dict[str, str] = {}
        self.blocks: list[Block] = []
        self.grids: list[Grid] = []
        self.told: list[str] = []
        self.hidden = self.paragraphs = self.tables = self.cells = 0
        self.pieces: list[str] = []

    def read(self, root: Any) -> None:
        """Walk a page from top to bottom."""
        from lxml import etree  # noqa: PLC0415 - only pages need it

        title = root.find(".//title")
        if title is not None and _joined(title.itertext()):
            self.about["title"] = _joined(title.itertext())
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "end":
                if tag in _BLOCKS:
                    self._flush(heading=tag in _HEADINGS)
                if element is not root:
                    self.pieces.append(element.tail or "")
                continue
            if tag in _BLOCKS:
                self._flush()
            if not self._enters(element, tag):
                walk.skip_subtree()
                continue
            self.hidden += _is_hidden(element)
            self.pieces.append(" " if tag == "br" else element.text or "")
        self._flush()

    def _enters(self, element: Any, tag: str) -> bool:
        if tag in _STRUCK:
            self._strike(element)
        elif tag == "table" and not any(True for _ in element.iterdescendants("table")):
            self._table(element)
        else:
            return bool(tag) and tag not in _SILENT
        return False

    def _strike(self, element: Any) -> None:
        text = _joined(element.itertext())
        if text:
            self.told.append(f"struck out, not read: “{text[:200]}”")

    def _flush(self, *, heading: bool = False) -> None:
        text = _joined(self.pieces)
        self.pieces = []
        if text:
            self.paragraphs += 1
            self.blocks.append(Block(f"paragraph {self.paragraphs}", text, heading=heading))

    def _table(self, table: Any) -> None:
        self.tables += 1
        part = f"table {self.tables}"
        for caption in table.iterchildren("caption"):
            self.pieces.append(_joined(caption.itertext()))
            self._flush()
        rows = list(table.iter("tr"))
        covered: dict[int, int] = {}  # column -> rows that a cell above still covers
        kept: list[tuple[str, ...]] = []
        numbers: list[int] = []
        merged = 0
        for number, row in enumerate(rows, start=1):
            self.hidden += _is_hidden(row)
            cells, spans = self._row(row, covered, len(rows) - number)
            merged += spans
            if any(cells):
                kept.append(tuple(cells))
                numbers.append(number)
                self.blocks.append(Block(f"{part}, row {number}", " | ".join(cells), grid=part))
        notes = (f"{merged} merged cells, each with its text in its first place",) if merged else ()
        self.told += [f"{part}: {note}" for note in notes]
        if kept:
            self.grids.append(Grid(part, tuple(kept), tuple(numbers), notes))

    def _row(self, row: Any, covered: dict[int, int], below: int) -> tuple[list[str], int]:
        cells: list[str] = []
        merged = 0
        begun: list[tuple[int, int]] = []
        for cell in row.iterchildren("td", "th"):
            while covered.get(len(cells), 0):
                cells.append("")
            across, down = _span(cell, "colspan") or 1, _span(cell, "rowspan")
            down = below + 1 if cell.get("rowspan") == "0" else min(down or 1, below + 1)
            merged += across > 1 or down > 1
            if len(cells) + across > MOST_COLUMNS:
                raise Invalid(f"{self.file}: a table of more than {MOST_COLUMNS} columns.", remedy="Check the table.")
            begun += [(column, down) for column in range(len(cells), len(cells) + across)]
            cells += [self._cell(cell), *[""] * (across - 1)]
        self.cells += len(cells)
        if self.cells > MOST_CELLS:
            raise Invalid(f"{self.file}: more than {MOST_CELLS} cells in tables.", remedy="Split the page.")
        for column in list(covered):
            covered[column] = max(0, covered[column] - 1)
        covered.update((column, down - 1) for column, down in begun)
        return cells, merged

    def _cell(self, cell: Any) -> str:
        for struck in cell.iter(*_STRUCK):
            self._strike(struck)
        return _joined(_shown(cell))

    def notes(self) -> list[str]:
        """Say what was found beside the text."""
        found = [f"{self.hidden} elements that the page hides, read as text"] if self.hidden else []
        return found + self.told[:100]


def _shown(cell: Any) -> Iterable[str]:
    """Give the text of a cell without what is struck out or silent."""
    yield cell.text or ""
    for child in cell:
        if child.tag == "br" or child.tag in _BLOCKS:
            yield " "
        if child.tag not in _STRUCK and child.tag not in _SILENT:
            yield from _shown(child)
        if child.tag in _BLOCKS:
            yield " "
        yield child.tail or ""


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _span(cell: Any, name: str) -> int:
    written = (cell.get(name) or "").strip()
    return min(int(written[:9]), _MOST_SPAN) if written.isascii() and written.isdigit() else 1


def _joined(pieces: Iterable[str]) -> str:
    return " ".join("".join(pieces).split())
