"""What readers told of the documents that evidence stands in: hidden rows, comments, deleted words, what was not read."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from corpus import notes
from drafting.model import Evidence, EvidencePack, Quote

File = tuple[str, str]  # name and hash, as evidence names it


def of_packs(conn: Connection, packs: Collection[EvidencePack]) -> dict[File, tuple[str, ...]]:
    """Return the notes of the files that evidence stands in."""
    held: list[Evidence | Quote] = [record for pack in packs for record in pack.records.values()]
    held += [quote for pack in packs for quote in pack.passages.values()]
    told = notes.of_documents(conn, {one.document_id for one in held})
    return {(one.document_name, one.document): told[one.document_id] for one in held if one.document_id in told}


def tree(told: Mapping[File, Sequence[str]]) -> list[dict[str, Any]]:
    """Return notes for JSON."""
    return [{"document": name, "sha256": sha256, "notes": list(said)} for (name, sha256), said in told.items()]
