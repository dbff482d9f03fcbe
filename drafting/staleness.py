"""Say whether the evidence of a section changed since it was drafted, and what changed."""

from collections.abc import Mapping

from sqlalchemy import Connection

from corpus import records, standing
from drafting.model import EvidencePack, content
from drafting.present import present_of
from drafting.report_rows import ReportRow
from prompts.outline import Outline

NAMED = 5


def reasons(conn: Connection, report: ReportRow, outline: Outline, packs: Mapping[str, EvidencePack]) -> dict[str, str]:
    """Return for each section in `packs` what changed, "" where nothing did.

    Evidence is built again only after imports, or where a person took back a record that was left out or chose among sources.
    """
    left_out = {record for record, excluded in report.decided.items() if excluded}
    latest = records.sequence(conn)
    taken_back = latest > 0 and (False in report.decided.values() or standing.decisions(conn) > 0)
    found = {}
    for section in (s for s in report.sections if s.id in packs):
        gone = sorted(left_out & set(packs[section.id].records))
        found[section.id] = f"excluded since: {', '.join(gone[:NAMED])}." if gone else ""
        if not gone and (section.as_of < latest or taken_back):
            now = present_of(conn, report, outline)
            if now.sha256(section.key) != section.pack_hash:
                found[section.id] = difference(packs[section.id], now.pack(section.key))
    return found


def difference(before: EvidencePack, after: EvidencePack) -> str:
    """Name the facts, records and passages that differ, and the files of which only the version does."""
    changed: list[str] = []
    files: dict[str, None] = {}
    for name in ("records", "facts", "passages"):
        old, new = getattr(before, name), getattr(after, name)
        for key in sorted({*old, *new}):
            if key not in old:
                changed.append(f"{key} is new")
            elif key not in new:
                changed.append(f"{key} is gone")
            elif content(old[key]) != content(new[key]):
                changed.append(f"{key} changed")
            elif old[key] != new[key]:
                files[f"{new[key].document_name} has a new version"] = None
    if before.notes != after.notes:
        changed.append("the notes on its records changed")
    changed = [*files, *changed]
    rest = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
    return (", ".join(changed[:NAMED]) or "tables or charts changed") + rest + "."
