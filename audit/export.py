"""Copies of the trail that a person can take away: JSON lines that verify, and a table that opens in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from audit.canonical import canonical
from audit.chain import Entry, leaf_of
from audit.merkle import tree_head

COLUMNS = (
    "seq", "at", "zone", "user_id", "printed_name", "role", "session", "action", "object_kind", "object_id", "object_version",
    "field", "old", "new", "reason", "origin", "id", "previous",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guard(cell: str) -> str:
    """Keep a spreadsheet from taking text as a formula: such text gets an apostrophe in front."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def jsonl(texts: Sequence[str]) -> str:
    """Return the canonical texts, a line each, and a closing statement with count and tree head."""
    head = tree_head([bytes.fromhex(leaf_of(text).removeprefix("sha256:")) for text in texts])
    closing = canonical({"entries": len(texts), "head": "sha256:" + head.hex()})
    return "".join(f"{line}\n" for line in (*texts, closing))


def table(entries: Iterable[Entry]) -> str:
    """Return entries as CSV for people; `jsonl` is the copy that verifies."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([guard(cell) for cell in _row(entry)])
    return out.getvalue()


def _row(entry: Entry) -> list[str]:
    return [
        str(entry.seq), entry.at, entry.zone, entry.actor.user_id, entry.actor.printed_name, entry.actor.role,
        entry.actor.session, str(entry.action), entry.object_kind, entry.object_id, entry.object_version or "",
        entry.field or "", _text(entry.old), _text(entry.new), entry.reason or "", _text(entry.origin), entry.id,
        entry.previous,
    ]  # fmt: skip


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
