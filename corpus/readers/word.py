"""Read Word documents (.docx) into blocks: paragraphs, headings and table rows in the order of the page.

Promise: all text of the body is there, also inside content controls and tracked insertions (deleted text is not); notes,
headers and footers are not read. A damaged document is refused, never read in part. The XML is read with lxml, without
entities and without a network, and nothing is unpacked before its size is known.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from audit.errors import Invalid
from corpus.readers.contents import Contents
from corpus.readers.narrative import KEYS, LARGEST_FILE, Block, Narrative

LARGEST_UNPACKED = 256 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACES = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
_UNREADABLE = (  # what zipfile, zlib and lxml raise on damaged, encrypted or cut files
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    OSError,
    ValueError,
    SyntaxError,
    RuntimeError,
    EOFError,
)
_DELETED = frozenset((f"{_W}del", f"{_W}moveFrom"))


def read_docx(data: bytes, *, file: str) -> Narrative:
    """Read a Word document; raise Invalid where it is too large, damaged or without text."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the document.")
    body, headings = _parts(data, file)
    about: dict[str, str] = {}
    blocks: list[Block] = []
    paragraphs = tables = 0
    for item in _in_order(body):
        if item.tag == f"{_W}tbl":
            tables += 1
            for number, row in enumerate(_own(item, "tr"), start=1):
                cells = [" ".join(filter(None, map(_text, cell.iter(f"{_W}p")))) for cell in _own(row, "tc")]
                if tables == 1 and len(cells) == 2 and cells[0].lower() in KEYS:  # noqa: PLR2004 - key and value
                    about[cells[0].lower()] = cells[1]
                if any(cells):
                    blocks.append(Block(f"table {tables}, row {number}", " | ".join(cells)))
            continue
        paragraphs += 1
        text = _text(item)
        if text:
            blocks.append(Block(f"paragraph {paragraphs}", text, heading=_is_heading(item, headings)))
    if not blocks:
        raise Invalid(f"{file}: the document holds no text.", remedy="Check the file.")
    return Narrative(about, tuple(blocks))


def read(data: bytes, *, file: str) -> Contents:
    """Read a Word document as contents."""
    return Contents(narrative=read_docx(data, file=file))


def _parts(data: bytes, file: str) -> tuple[Any, frozenset[str]]:
    """Return the document's body and the ids of its heading styles."""
    from lxml import etree  # noqa: PLC0415 - only Word files need it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED:
                raise Invalid(f"{file}: unpacks to more than {LARGEST_UNPACKED} bytes.", remedy="Do not import it.")
            body = etree.fromstring(archive.read("word/document.xml"), parser).find(f"{_W}body")
            styles = etree.fromstring(archive.read("word/styles.xml"), parser) if _has_styles(archive) else []
    except _UNREADABLE as error:
        raise _damaged(file, error) from error
    if body is None:
        raise _damaged(file, "no body")
    return body, frozenset(style.get(f"{_W}styleId", "") for style in styles if _names_heading(style))


def _damaged(file: str, error: object) -> Invalid:
    return Invalid(f"{file}: not a readable Word document: {error}", remedy="Open and save it in Word.")


def _has_styles(archive: zipfile.ZipFile) -> bool:
    return "word/styles.xml" in archive.namelist()


def _names_heading(style: Any) -> bool:
    name = style.find(f"{_W}name") if style.tag == f"{_W}style" else None
    return name is not None and name.get(f"{_W}val", "").lower().startswith(("heading", "title"))


def _in_order(parent: Any) -> Iterator[Any]:
    """Give paragraphs and tables from top to bottom, through content controls and tracked insertions."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _DELETED:
            yield from _in_order(child)


def _own(parent: Any, name: str) -> Iterator[Any]:
    """Give a table's own rows, or a row's own cells, not those of a table inside a cell."""
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _own(child, name)


def _text(paragraph: Any) -> str:
    return " ".join("".join(_pieces(paragraph)).split())


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SPACES:
            yield _SPACES[child.tag]
        elif isinstance(child.tag, str) and child.tag not in _DELETED and child.tag != f"{_W}p":
            yield from _pieces(child)


def _is_heading(paragraph: Any, headings: frozenset[str]) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    outlined = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    return outlined is not None or (style is not None and style.get(f"{_W}val") in headings)
