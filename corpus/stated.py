"""What a source system says of its extract: query, date, who made it, and its own totals, compared with what was read.

A TOML file beside the import::

    system = "LIMS 7.2"
    query = "Results of product 17, 2020-05-01 to 2021-04-30"
    extracted_on = "2021-05-31"
    extracted_by = "J. Novak"

    [[files]]
    name = "Laboratory.csv"
    part = ""                    # "sheet Results", where the file has parts (optional)
    rows = 1005                  # the source's own totals, any of them (optional)
    batches = 1005
    sums = { batch_yield = "96123.456" }   # a text: the sum of a column, exactly

Completeness is never more than this: "complete relative to extract X". A total that differs is told with both numbers; a second
person confirms the extract, and gives the reason where totals differ.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from audit.errors import Invalid
from corpus.literals import Unreadable, decimal

LARGEST, LONGEST, MOST_FILES = 1024 * 1024, 2000, 1000


@dataclass(frozen=True)
class FileTotals:
    """The source's own totals of one file, or of one part of it."""

    name: str
    part: str = ""
    rows: int | None = None
    batches: int | None = None
    sums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StatedExtract:
    """What a source system says of an extract."""

    system: str
    query: str
    extracted_on: str
    extracted_by: str
    files: tuple[FileTotals, ...]


def parse(raw: bytes, *, file: str) -> StatedExtract:
    """Read what a source says from TOML; name the file and the key of whatever is wrong."""
    try:
        tree = tomllib.loads(raw[: LARGEST + 1].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{file}: not a readable TOML file: {error}", remedy="Correct it.") from error
    listed = tree.pop("files", None)
    if len(raw) > LARGEST or not isinstance(listed, list) or not 0 < len(listed) <= MOST_FILES:
        raise Invalid(f"{file}: needs [[files]], at most {MOST_FILES} of them.", remedy="Name each file of the extract.")
    said = {key: _text(file, key, tree.pop(key, None)) for key in ("system", "query", "extracted_on", "extracted_by")}
    if tree:
        raise Invalid(
            f"{file}: unknown key '{next(iter(tree))}'.", remedy="Keys: system, query, extracted_on, extracted_by, files."
        )
    try:
        date.fromisoformat(said["extracted_on"])
    except ValueError as error:
        raise Invalid(f"{file}: 'extracted_on' is no day.", remedy="Write it as 2021-05-31.") from error
    return StatedExtract(**said, files=tuple(_totals(file, one) for one in listed))


def _text(file: str, key: str, value: Any) -> str:
    said = value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value
    if not isinstance(said, str) or not said.strip() or len(said) > LONGEST:
        raise Invalid(f"{file}: '{key}' must be a text of 1 to {LONGEST} characters.", remedy="State it.")
    return said.strip()


def _totals(file: str, tree: Any) -> FileTotals:
    if not isinstance(tree, dict) or not set(tree) <= {"name", "part", "rows", "batches", "sums"}:
        raise Invalid(f"{file}: a file has name, part, rows, batches and sums only.", remedy="Correct [[files]].")
    name, part = _text(file, "name", tree.get("name")), tree.get("part", "")
    counts = {key: tree.get(key) for key in ("rows", "batches")}
    for key, count in counts.items():
        if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 0):
            raise Invalid(f"{file}: {name}: '{key}' must be a whole number.", remedy="State the source's own total.")
    sums = tree.get("sums", {})
    if not isinstance(part, str) or not isinstance(sums, dict) or not all(_is_sum(value) for value in sums.values()):
        raise Invalid(f'{file}: {name}: sums are texts, as "96123.456".', remedy="Write each sum in quotes, with '.'.")
    return FileTotals(name, part, counts["rows"], counts["batches"], dict(sums))


def _is_sum(value: Any) -> bool:
    try:
        return isinstance(value, str) and decimal(value).value is not None
    except Unreadable:
        return False
