"""What a reader found, kept beside the file as it was found: a source is shown from this, never by reading an odd file once more.

Delimited text and plain narratives are read again instead: their readers are short and take any bytes.
"""

import json
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from audit.canonical import canonical
from audit.errors import NotFound
from audit.trail import get_content
from corpus import tables
from corpus.model import SourceDocument
from corpus.readers import delimited
from corpus.readers.contents import Grid, grid_of
from corpus.readers.narrative import Block, Narrative

PARSED = 8  # grids and narratives that a process keeps parsed, by the hash of their text


def grid_text(grid: Grid, header: int) -> str:
    """Write a grid from its header on, to be kept."""
    return canonical({"numbers": list(grid.numbers[header:]), "rows": [list(row) for row in grid.rows[header:]]})


def narrative_text(narrative: Narrative) -> str:
    """Write a narrative, to be kept."""
    blocks = [[b.place, b.text, b.heading, b.grid] for b in narrative.blocks]
    return canonical({"about": dict(narrative.about), "blocks": blocks})


def grid(conn: Connection, document: SourceDocument) -> Grid:
    """Return the table of a document, its header first, rows numbered as in the file; raise NotFound where it is none."""
    how = reading(conn, document)
    if "grid" in how:
        return _grid(document.part, get_content(conn, how["grid"]).decode())
    if "delimiter" not in how:
        raise NotFound(f"{document.shown} is no table.", remedy="Read its passages.")
    data = get_content(conn, document.sha256)
    return grid_of("", delimited.rows(data, file=document.name, delimiter=how["delimiter"], encoding=how["encoding"]))


def narrative(conn: Connection, document: SourceDocument) -> Narrative | None:
    """Return the kept narrative of a document; None where its file is to be read again."""
    how = reading(conn, document)
    return _narrative(get_content(conn, how["narrative"]).decode()) if "narrative" in how else None


def reading(conn: Connection, document: SourceDocument) -> dict[str, Any]:
    """Return how a document was read."""
    body = conn.scalar(select(tables.documents.c.body).where(tables.documents.c.id == document.id))
    return json.loads(body or "{}").get("reading") or {}


@lru_cache(maxsize=PARSED)
def _grid(part: str, text: str) -> Grid:
    tree = json.loads(text)
    return Grid(part, tuple(tuple(row) for row in tree["rows"]), tuple(tree["numbers"]))


@lru_cache(maxsize=PARSED)
def _narrative(text: str) -> Narrative:
    tree = json.loads(text)
    return Narrative(tree["about"], tuple(Block(*block) for block in tree["blocks"]))
