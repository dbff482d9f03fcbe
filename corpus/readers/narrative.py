"""Read narrative texts (.md, .txt) into blocks, each with its place; `word` does the same for .docx.

A first block of `key: value` lines between `---` lines (text) or in the first table (Word) describes the document: id,
title, kind, product, version. What stands there is data like everything else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from audit.errors import Invalid

if TYPE_CHECKING:
    from corpus.readers.contents import Contents

LARGEST_FILE = 32 * 1024 * 1024
KEYS = ("id", "title", "kind", "product", "version", "effective", "origin", "period")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or table row, and where it stands."""

    place: str
    text: str
    heading: bool = False
    grid: str = ""  # the part of the grid whose row it is, where it is one
    breaks: tuple[int, ...] = ()  # where in `text` each further line of a plain text begins


@dataclass(frozen=True)
class Narrative:
    """A document's description and its blocks in order."""

    about: Mapping[str, str]
    blocks: tuple[Block, ...]


def read_text(data: bytes, *, file: str) -> Narrative:
    """Read Markdown or plain text: paragraphs are separated by blank lines, places are line numbers."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the document.")
    if b"\x00" in data:
        raise Invalid(f"{file}: holds NUL characters, so it is no text.", remedy="Save it as text in UTF-8.")
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
            starts = tuple(accumulate(len(one) + 1 for one in paragraph[:-1]))
            blocks.append(Block(f"line {first}", " ".join(paragraph), breaks=starts))
            paragraph = []
        if heading and heading[1].strip():
            blocks.append(Block(f"line {number}", heading[1].strip(), heading=True))
        elif line.strip() and not heading:
            first = number if not paragraph else first
            paragraph.append(line.strip())
    if not blocks:
        raise Invalid(f"{file}: the document holds no text.", remedy="Check the file.")
    return Narrative(about, tuple(blocks))


def read(data: bytes, *, file: str) -> "Contents":
    """Read Markdown or plain text as contents."""
    from corpus.readers.contents import Contents  # noqa: PLC0415 - contents are made of narratives

    return Contents(narrative=read_text(data, file=file))


def _front_matter(lines: list[str]) -> tuple[dict[str, str], int]:
    if not lines or lines[0].strip() != "---":
        return {}, 0
    about: dict[str, str] = {}
    for number, line in enumerate(lines[1:40], start=1):
        if line.strip() == "---":
            return about, number + 1
        key, _, value = line.partition(":")
        if key.strip().lower() in KEYS:
            about[key.strip().lower()] = value.strip()
    return {}, 0
