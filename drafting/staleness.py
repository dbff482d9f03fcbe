"""Say whether the evidence of a section changed since it was drafted, and what changed."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from corpus import records, standing, withdrawals
from corpus.withdrawals import Withdrawal
from drafting import chart_decisions, configuration
from drafting.added import Added, linked, ref_of, tree
from drafting.added import standing as standing_evidence
from drafting.model import Evidence, EvidencePack, Quote, content
from drafting.present import Present, present_of
from drafting.report_rows import ReportRow, SectionRow
from prompts.outline import Outline

NAMED = 5


def reasons(conn: Connection, report: ReportRow, outline: Outline, packs: Mapping[str, EvidencePack]) -> dict[str, str]:
    """Return for each section in `packs` what changed, "" where nothing did.

    Evidence is built again only after imports, or where a person took back a record that was left out, chose among sources, or decided
    about the charts of the product.
    """
    left_out = {record for record, excluded in report.decided.items() if excluded}
    latest = records.sequence(conn)
    taken_back = latest > 0 and (
        False in report.decided.values() or standing.decisions(conn) + configuration.map_changes(conn) > 0
    )
    taken_back = taken_back or chart_decisions.mark(conn, report.product) > 0
    found = {}
    now: Present | None = None  # asked for once: of one moment it is the same for every section
    for section in (s for s in report.sections if s.id in packs):
        gone = sorted(left_out & set(packs[section.id].records))
        found[section.id] = f"excluded since: {', '.join(gone[:NAMED])}." if gone else ""
        if not gone and (section.as_of < latest or taken_back):
            now = now or present_of(conn, report, outline)
            if now.sha256(section.key) != section.pack_hash:
                left = withdrawals.since(conn, section.as_of)
                found[section.id] = difference(packs[section.id], now.pack(section.key), left)
        found[section.id] = found[section.id] or _links(conn, section)
    return found


def changed_links(conn: Connection, section: SectionRow) -> dict[str, Evidence | None]:
    """Return for each link of a section whose record reads otherwise now, by the id of its row, how it reads; None where it is gone."""
    from drafting.evidence.scope import evidence  # noqa: PLC0415 - only where a link is older than the last import

    latest, found = records.sequence(conn), dict[str, Evidence | None]()
    for row in standing_evidence(section.added):
        if row.kind == Added.LINKED and tree(row)["as_of"] < latest:
            before = linked(row)
            now = records.record(conn, before.kind, before.identifier)
            if now is None or content(evidence(now)) != content(before):
                found[row.id] = evidence(now) if now is not None else None
    return found


def _links(conn: Connection, section: SectionRow) -> str:
    changed = changed_links(conn, section) if section.added else {}
    names = [f"linked {ref_of(row).removeprefix('record:')}" for row in section.added if row.id in changed]
    return f"{', '.join(names[:NAMED])} changed." if names else ""


def difference(before: EvidencePack, after: EvidencePack, left: Sequence[Withdrawal] = ()) -> str:
    """Name the facts, records and passages that differ, the files of which only the version does, and parts withdrawn from files.

    `left` is what was withdrawn since; of it, what the evidence of before rests on is told.
    """
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
    changed = [*_withdrawn(before, after, left), *files, *changed]
    rest = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
    return (", ".join(changed[:NAMED]) or "tables or charts changed") + rest + "."


def _withdrawn(before: EvidencePack, after: EvidencePack, left: Sequence[Withdrawal]) -> Iterator[str]:
    """Say of each withdrawal on which the evidence of before rests, by a record, a passage or a figure, why it was made."""
    held: tuple[Evidence | Quote, ...] = (*before.records.values(), *before.passages.values())
    used = {one.document_id for one in held}
    moved = {key.rpartition(".")[0] for key, fact in before.facts.items() if fact != after.facts.get(key)}
    for one in left:
        if one.document_id in used or not moved.isdisjoint(one.attributes):
            yield one.reason.removesuffix(".")
