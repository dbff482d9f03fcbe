"""What persons added to the evidence of a section, joined to what was built from records. Pure.

A file is kept byte for byte and cited; a record of the corpus joins the section's records; a fact that stands in no record is declared.
Rows are never changed: one that was withdrawn counts no more, and of one record the last link counts. What the records say themselves
goes before a link.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from drafting.model import Attached, Declared, Evidence, EvidencePack, Sentence, Source
from drafting.render import split_ref
from drafting.report_rows import AddedRow


class Added(StrEnum):
    """What a person can add."""

    ATTACHED = "attached"
    LINKED = "linked"
    DECLARED = "declared"


def standing(rows: Iterable[AddedRow]) -> tuple[AddedRow, ...]:
    """Return what counts now, in order."""
    last = {ref_of(row): row for row in rows}
    return tuple(row for row in last.values() if not row.withdrawn)


@lru_cache(maxsize=1024)
def ref_of(row: AddedRow) -> str:
    """Return the reference under which a section cites what was added."""
    if row.kind == Added.DECLARED:
        return f"manual:{row.id}"
    return f"attachment:{row.id}" if row.kind == Added.ATTACHED else linked(row).ref


def whole(ref: str) -> str:
    """Return the reference to the whole of which a cell or a stretch is part."""
    kind, key, _ = split_ref(ref)
    return f"{'record' if kind == 'cell' else kind}:{key}"


def cited_by(sentence: Sentence) -> frozenset[str]:
    """Return what a sentence rests on, parts by their whole."""
    return frozenset(whole(ref) for ref in (*sentence.cites, *(span.ref for span in sentence.spans)))


def linked(row: AddedRow) -> Evidence:
    """Return the record of a link as it read when it was linked."""
    return Evidence(**tree(row)["evidence"])


def tree(row: AddedRow) -> dict[str, Any]:
    """Return what a row says."""
    found: dict[str, Any] = json.loads(row.body)
    return found


def link_tree(evidence: Evidence, *, reason: str, by: str, as_of: int) -> dict[str, Any]:
    """Return what a row says of a link; `as_of` is the last import at that time."""
    return {"evidence": asdict(evidence), "reason": reason, "by": by, "as_of": as_of}


def joined(pack: EvidencePack, rows: Sequence[AddedRow], texts: Mapping[str, str]) -> EvidencePack:
    """Return a pack with what was added; `texts` are the texts read from attachments, by hash."""
    now = standing(rows)
    links = {f"{e.kind}/{e.identifier}": e for e in (linked(row) for row in now if row.kind == Added.LINKED)}
    return replace(
        pack,
        records={**links, **pack.records},
        declared={row.id: _declared(row) for row in now if row.kind == Added.DECLARED},
        attached={row.id: _attached(row, texts) for row in now if row.kind == Added.ATTACHED},
    )


def _declared(row: AddedRow) -> Declared:
    said = tree(row)
    return Declared(row.id, said["value"], said["about"], Source(**said["source"]), said["reason"], said["by"], row.at)


def _attached(row: AddedRow, texts: Mapping[str, str]) -> Attached:
    said = tree(row)
    text = texts.get(said["text"], "")
    return Attached(
        row.id, said["name"], said["sha256"], said["size"], said["about"], Source(**said["source"]), said["by"], row.at, text,
        said["unread"],
    )  # fmt: skip
