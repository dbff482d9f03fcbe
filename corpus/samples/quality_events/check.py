"""What must hold across the synthetic tables before they are written; the tests ask the same of the files."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from corpus.samples.quality_events.limits import Specifications
from corpus.samples.quality_events.real import REVIEWED, Plant
from corpus.samples.quality_events.told import LOCK, Row

ID = re.compile(
    r"(?<![\w-])(?:DEV|OOS|OOT|CAPA|CC|CMP|RET|VAR|RCL|PRD|AVR)-\d{4}-\d+(?![\w-])"
    r"|(?<![\w-])PA-\d{4}-\d{3}-\d{2}(?![\w-])"
    r"|(?<![\w-])(?:COM|AGR|VAL|UT|TR)-\d{3}(?![\w-])"
    r"|(?<![\w-])STB-\d{4}-\d{2}(?![\w-])"
    r"|(?<![\w-])(?:TP|BL|IPC|CO|BLI|DT|HPLC|GC|BAL|SV|DISP|WH)-\d{2}(?![\w-])"
    r"|(?<![\w-])(?:API-\d+|SMCC|LAC|STA)-\d+(?![\w-])"
    r"|(?<![\w-])SP-(?:5MG|10M|20M|40M)-\d{2}(?![\w-])"
    r"|(?<![\w-])SOP-[A-Z]{2}-\d{3}(?![\w-])"
    r"|(?<![\w-])APR-\d{4}-\d{3}(?![\w-])"
)
BATCH_FIELDS = ("batch", "first_batch")
ONLY_RELEASED = ("complaint", "return", "recall", "stability_result")
IN_THE_FUTURE = ("due", "expires", "valid", "until")


class InconsistentError(Exception):
    """The tables contradict one another or the real data."""


def check(tables: Mapping[str, Sequence[Row]], plant: Plant, specifications: Specifications, others: Iterable[str]) -> None:
    """Raise with every contradiction found: ids that do not resolve, batches, days, alert levels."""
    problems = [*_ids(tables, {*others}), *_batches(tables, plant), *_days(tables), *_alerts(tables, plant, specifications)]
    if problems:
        raise InconsistentError("\n".join(problems))


def unresolved(text: str, known: set[str]) -> list[str]:
    """Return the ids of a text that name no record."""
    return [found for found in ID.findall(text) if found not in known]


def known_ids(tables: Mapping[str, Sequence[Row]]) -> set[str]:
    """Return every identifier that the tables define."""
    return {row[next(iter(row))] for rows in tables.values() for row in rows}


def _ids(tables: Mapping[str, Sequence[Row]], others: set[str]) -> list[str]:
    known = known_ids(tables) | others
    return [
        f"{kind} {next(iter(row.values()))}: {name} names {missing}, which is no record"
        for kind, rows in tables.items()
        for row in rows
        for name, cell in row.items()
        for missing in unresolved(cell, known)
    ]


def _batches(tables: Mapping[str, Sequence[Row]], plant: Plant) -> list[str]:
    disposition = {row["batch"]: row["disposition"] for row in tables["batch_disposition"]}
    problems = []
    for kind, rows in tables.items():
        for row in rows:
            named = [row[f] for f in BATCH_FIELDS if row.get(f)] + [b for b in row.get("batches", "").split("|") if b]
            problems += [f"{kind} {row}: there is no batch {number}" for number in named if number not in plant.batches]
            if row.get("batch") and row["batch"] in plant.batches and kind != "batch_disposition":
                product = plant.batches[row["batch"]].product
                if row["product_code"] != product:
                    problems.append(f"{kind} {row}: batch {row['batch']} is of product {product}")
            if kind in ONLY_RELEASED and disposition.get(row["batch"]) != "released":
                problems.append(f"{kind} {row}: batch {row['batch']} was not released")
    return problems


def _days(tables: Mapping[str, Sequence[Row]]) -> list[str]:
    day = re.compile(r"\d{4}-\d{2}-\d{2}")
    return [
        f"{kind} {row}: {name} lies after the day of the extract"
        for kind, rows in tables.items()
        for row in rows
        for name, cell in row.items()
        if day.match(cell)
        and not any(word in name for word in IN_THE_FUTURE)
        and cell[:10] > LOCK
        and row.get("status") != "due"
    ]


def _alerts(tables: Mapping[str, Sequence[Row]], plant: Plant, specifications: Specifications) -> list[str]:
    told = {(row["batch"], row["attribute"]) for kind in ("oos", "oot") for row in tables[kind]}
    first, last = REVIEWED
    return [
        f"batch {b.number}: {attribute} {b.literal(attribute)} is above its alert level and has no record"
        for b in plant.of("17", (first, last))
        for (_, attribute), level in specifications.alerts.items()
        if level and _above(b.literal(attribute), level) and (b.number, attribute) not in told
    ]


def _above(literal: str | None, level: str) -> bool:

    return literal is not None and Decimal(literal) > Decimal(level)
