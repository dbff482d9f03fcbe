"""Read narrative documents (.md, .txt, .docx) into text blocks, each with its place.

A first block of `key: value` lines between `---` lines (text) or in the first table (Word) describes the document: id,
title, kind, product, version. What stands there is data like everything else.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from audit.errors import Invalid

LARGEST_FILE = 32 * 1024 * 1024
LARGEST_UNPACKED = 256 * 1024 * 1024
_KEYS = ("id", "title", "kind", "product", "version", "effective", "origin", "period")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or table row, and where it stands."""

    place: str
    text: str
    heading: bool = False


@dataclass(frozen=True)
class Narrative:
    """A document's description and its blocks in order."""

    about: Mapping[str, str]
    blocks: tuple[Block, ...]


def read_text(data: bytes, *, file: str) -> Narrative:
    """Read Markdown or plain text: paragraphs are separated by blank lines, places are line numbers."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the document.")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise Invalid(f"{file}: not UTF-8 text: {error}", remedy="Save it as UTF-8.") from error
    about, start = _front_matter(lines)
    blocks: list[Block] = []
    paragraph: list[str] = []
    first = start
    for number, line in enumerate([*lines[start:], ""], start=start + 1):
        heading = re.match(r"#{1,6}\s+(.*)", line)
        if (not line.strip() or heading) and paragraph:
            blocks.append(Block(f"line {first}", " ".join(paragraph)))
            paragraph = []
        if heading:
            blocks.append(Block(f"line {number}", heading[1].strip(), heading=True))
        elif line.strip():
            first = number if not paragraph else first
            paragraph.append(line.strip())
    if not blocks:
        raise Invalid(f"{file}: the document holds no text.", remedy="Check the file.")
    return Narrative(about, tuple(blocks))


def _front_matter(lines: list[str]) -> tuple[dict[str, str], int]:
    if not lines or lines[0].strip() != "---":
        return {}, 0
    about: dict[str, str] = {}
    for number, line in enumerate(lines[1:40], start=1):
        if line.strip() == "---":
            return about, number + 1
        key, _, value = line.partition(":")
        if key.strip().lower() in _KEYS:
            about[key.strip().lower()] = value.strip()
    return {}, 0


def read_docx(data: bytes, *, file: str) -> Narrative:
    """Read a Word document: paragraphs, headings and table rows in the order of the page."""
    import docx  # noqa: PLC0415 - heavy, and only Word files need it

    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the document.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED:
                raise Invalid(f"{file}: unpacks to more than {LARGEST_UNPACKED} bytes.", remedy="Do not import it.")
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Invalid(f"{file}: not a readable Word document: {error}", remedy="Open and save it in Word.") from error
    about: dict[str, str] = {}
    blocks: list[Block] = []
    paragraphs = tables = 0
    for item in document.iter_inner_content():
        if isinstance(item, docx.table.Table):
            tables += 1
            for number, row in enumerate(item.rows, start=1):
                cells = [cell.text.strip() for cell in row.cells]
                if tables == 1 and len(cells) == 2 and cells[0].lower() in _KEYS:  # noqa: PLR2004 - key and value
                    about[cells[0].lower()] = cells[1]
                blocks.append(Block(f"table {tables}, row {number}", " | ".join(cells)))
            continue
        paragraphs += 1
        if item.text.strip():
            heading = (item.style.name or "").startswith(("Heading", "Title")) if item.style else False
            blocks.append(Block(f"paragraph {paragraphs}", item.text.strip(), heading=heading))
    if not blocks:
        raise Invalid(f"{file}: the document holds no text.", remedy="Check the file.")
    return Narrative(about, tuple(blocks))
