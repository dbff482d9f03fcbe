"""Rows of the store to the nouns of the corpus. Pure."""

import json
from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from corpus.model import Balance, Measurement, Passage, Record, SourceDocument
from corpus.tables import measurements


def document_of(body: str) -> SourceDocument:
    """Read a document from its stored body."""
    tree = json.loads(body)
    counts = tree["balance"]
    names = {item.name for item in fields(SourceDocument)} - {"balance"}
    balance = Balance(counts["in"], counts["imported"], counts["refused"], counts["missing"], counts.get("skipped", 0))
    return SourceDocument(**{name: tree[name] for name in names if name in tree}, balance=balance)


def record_of(row: Row[Any], known: dict[str, SourceDocument]) -> Record:
    """Read a record from its row, and the document it stands in."""
    return Record(
        id=row.id,
        kind=row.kind,
        identifier=row.identifier,
        product=row.product,
        strength=row.strength,
        date=row.date,
        date_precision=row.date_precision,
        fields=json.loads(row.fields),
        row=row.row,
        document=known[row.document_id],
    )


MEASURED = tuple(measurements.c[name] for name in (
    "batch", "product", "attribute", "literal", "value", "state", "unit", "row", "column", "primary_source", "document_id",
))  # fmt: skip


def measurement_of(row: Sequence[Any], source: SourceDocument) -> Measurement:
    """Read a measurement from its row of the columns MEASURED, and the document it stands in."""
    batch, product, attribute, literal, value, state, unit, number, column, primary, _ = row
    elsewhere = source.place(number, attribute) if source.places or source.pages or source.axis != "row" else ""
    return Measurement(
        batch, product, attribute, literal, None if value is None else Decimal(value), state, unit, number, column, primary,
        source.id, source.shown, source.sha256, source.sequence, elsewhere,
    )  # fmt: skip


def passage_of(row: Row[Any]) -> Passage:
    """Read a passage from its row, which carries its document's name and hash too."""
    return Passage(
        id=row.id,
        document_id=row.document_id,
        document_name=row.name,
        document_sha256=row.sha256,
        place=row.place,
        text=row.text,
        kind=row.kind,
        product=row.product,
        record_identifier=row.record_identifier,
        synthetic=row.synthetic,
    )
