"""Say whether the evidence of a section changed since it was drafted, and what changed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from corpus import records
from drafting.model import EvidencePack
from drafting.store import ReportRow, SectionRow
from prompts.outline import Outline

NAMED = 5


def scope_of(report: ReportRow) -> Any:
    """Return what the report is about, as evidence is built from it."""
    from drafting.evidence.scope import ReportScope  # noqa: PLC0415 - evidence is only rebuilt where records changed

    left_out = frozenset(record for record, excluded in report.decided.items() if excluded)
    return ReportScope(
        report.id, report.kind, report.product, report.period_from, report.period_to, report.strength or None,
        report.subject or None, left_out,
    )  # fmt: skip


def reasons(conn: Connection, report: ReportRow, outline: Outline, packs: Mapping[str, EvidencePack]) -> dict[str, str]:
    """Return for each section in `packs` what changed, "" where nothing did; evidence is rebuilt only after imports."""
    left_out = {record for record, excluded in report.decided.items() if excluded}
    latest = records.sequence(conn)
    concerned = [s for s in report.sections if s.id in packs]
    rebuilt = _rebuild(conn, report, outline, [s for s in concerned if s.as_of < latest])
    found = {}
    for section in concerned:
        gone = sorted(left_out & set(packs[section.id].records))
        if gone:
            found[section.id] = f"excluded since: {', '.join(gone[:NAMED])}."
        elif section.id in rebuilt and rebuilt[section.id].sha256 != section.pack_hash:
            found[section.id] = difference(packs[section.id], rebuilt[section.id])
        else:
            found[section.id] = ""
    return found


def _rebuild(conn: Connection, report: ReportRow, outline: Outline, older: list[SectionRow]) -> dict[str, EvidencePack]:
    if not older:
        return {}
    from drafting.evidence.pack import pack_of  # noqa: PLC0415 - only where records changed
    from drafting.evidence.scope import load  # noqa: PLC0415 - as above

    loaded = load(conn, scope_of(report))
    return {s.id: pack_of(loaded, outline.section(s.key)) for s in older}


def difference(before: EvidencePack, after: EvidencePack) -> str:
    """Name the facts and records that differ."""
    changed: list[str] = []
    for name in ("records", "facts", "passages"):
        old, new = getattr(before, name), getattr(after, name)
        for key in sorted({*old, *new}):
            if key not in old:
                changed.append(f"{key} is new")
            elif key not in new:
                changed.append(f"{key} is gone")
            elif asdict(old[key]) != asdict(new[key]):
                changed.append(f"{key} changed")
    rest = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
    return (", ".join(changed[:NAMED]) or "tables or charts changed") + rest + "."
