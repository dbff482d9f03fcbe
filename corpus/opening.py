"""Open a source document to read it: the rows of a table as the kept file has them, the passages of a narrative in order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from audit.errors import NotFound
from corpus import kept, records
from corpus.model import Locator, Passage, SourceDocument
from corpus.readers import word
from corpus.readers.contents import Grid
from corpus.readers.narrative import Narrative, read_text

_ROW = re.compile(r"(?:row|column) ([0-9]+)\b")


@dataclass(frozen=True)
class SourcePage:
    """Some rows of a table, numbered as a spreadsheet does (the header is row 1), and the number of its last row."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    last: int

    def row(self, number: int) -> tuple[str, ...]:
        """Return the cells of a row of this page, as many as the header has."""
        cells = next((cells for n, cells in self.rows if n == number), ())
        return (*cells, *("",) * (len(self.header) - len(cells)))


@dataclass(frozen=True)
class Cell:
    """One cell of a row: its header, what is written, what it was read as, and why it was refused ("" where it was not)."""

    header: str
    written: str
    read_as: str
    unit: str
    refused: str


def page(conn: Connection, document: SourceDocument, *, first: int, count: int) -> SourcePage:
    """Return at most `count` rows of a table from row `first` on; a row past the end gives the last ones."""
    found = kept.grid(conn, document)
    start = _position(found, first, count)
    shown = tuple(zip(found.numbers[start : start + count], found.rows[start : start + count], strict=True))
    return SourcePage(found.rows[0], shown, found.numbers[-1])


def _position(found: Grid, first: int, count: int) -> int:
    """Return where in a grid a page begins that shows row `first`, or the last rows where that lies behind the end."""
    reached = next((n for n, number in enumerate(found.numbers) if n and number >= first), len(found.rows))
    return max(1, min(reached, len(found.rows) - count))


def cells(conn: Connection, document: SourceDocument, shown: SourcePage, row: int) -> list[Cell]:
    """Return a row of a page cell by cell, with what each was read as."""
    targets = {header: target for target, header in document.columns.items()}
    refused = _refused(conn, document, row)
    return [
        _cell(document, header, written, targets.get(header, ""), refused)
        for header, written in zip(shown.header, shown.row(row), strict=False)
    ]


def _cell(document: SourceDocument, header: str, written: str, target: str, refused: Mapping[str, str]) -> Cell:
    label = document.labels.get(target, "")
    read_as = f"{label} ({target})" if label else target
    return Cell(header, written, read_as, document.units.get(target, ""), refused.get(header, ""))


def _refused(conn: Connection, document: SourceDocument, row: int) -> dict[str, str]:
    places = {document.place(row, target): header for target, header in document.columns.items()}
    refusals = records.refusals(conn, document.id)
    return {places[refusal.locator]: refusal.reason for refusal in refusals if refusal.locator in places}


def narrative(conn: Connection, document: SourceDocument) -> Narrative:
    """Read a narrative again from the kept file: its description and its blocks in order, each with its place."""
    if document.profile is not None:
        raise NotFound(f"{document.name} is a table.", remedy="Read its rows.")
    found = kept.narrative(conn, document)
    if found is not None:
        return found
    data = records.document_bytes(conn, document)
    reader = word.read_docx if document.name.lower().endswith(".docx") else read_text
    return reader(data, file=document.name)


def passage(conn: Connection, passage_id: str) -> Passage | None:
    """Return a passage by its id, of whatever version."""
    found = records.passages(conn, ids=[passage_id])
    return found[0] if found else None


def blocks_of(read: Narrative, passage: Passage) -> frozenset[str]:
    """Return the places of the blocks that a passage was joined from: from its own place on, while their text is in it."""
    places: list[str] = []
    for block in read.blocks:
        if (places or block.place == passage.place) and not block.heading:
            if block.text not in passage.text:
                break
            places.append(block.place)
        elif places:
            break
    return frozenset(places)


def document_of(conn: Connection, locator: Locator, found: str) -> SourceDocument | None:
    """Return the document version in which a passage (by its id) or a record stands that search found."""
    text = passage(conn, found)
    return records.document(conn, text.document_id) if text else named(conn, locator)


def named(conn: Connection, locator: Locator) -> SourceDocument | None:
    """Return the document version that a place stands in."""
    found = [
        d for d in records.documents(conn, current_only=False) if (d.shown, d.sha256) == (locator.name, locator.document)
    ]
    return found[-1] if found else None


def row_of(place: str) -> int | None:
    """Return the row that a place names, where it stands in a table."""
    match = _ROW.match(place)
    return int(match[1]) if match else None
