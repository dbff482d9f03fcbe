"""Export a report: Word for people, JSON for machines. Each export is an entry, and says on its face whether it is signed."""

import json
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.canonical import digest
from audit.chain import Actor, Entry
from audit.errors import NotFound
from drafting import lifecycle, source_notes
from drafting.ai_use import AI_USE
from drafting.context import Context
from drafting.documents.evidence_list import Place, evidence_list
from drafting.documents.places import places
from drafting.documents.report import word_report
from drafting.generate import report_named
from drafting.lately import load_for
from drafting.model import EvidencePack
from drafting.pictures import report_picture
from drafting.queries import Loaded, relative_to
from drafting.readmodel import ReportView, SectionView
from drafting.report_rows import ReportRow
from drafting.reserved import refuse_before_review
from drafting.shown import section_shown
from drafting.store import load_report

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def export_report(ctx: Context, report: str, *, fmt: str, actor: Actor, version: int | None = None) -> tuple[bytes, bool]:
    """Return the document's bytes and whether it is signed; leave an entry with the hash of what left.

    An approved version leaves as it was kept at its approval, whatever was imported since. Raise NotFound where the version asked for is
    none, NotPermitted to a reviewer whose review is not done, Tampered where its bytes were altered.
    """
    with ctx.database.read() as conn:
        row = load_report(conn, report_named(conn, report))
        wanted = version or len(row.versions)
        if wanted == len(row.versions):
            refuse_before_review(conn, row, actor)
    if not 1 <= wanted <= len(row.versions):
        raise NotFound(f"{row.number} has no version {wanted}.", remedy=f"Its versions are 1 to {len(row.versions)}.")
    closed = wanted < len(row.versions) or lifecycle.report_state(row) in lifecycle.CLOSED
    if closed and wanted == len(row.versions):
        keep_approved(ctx, row.id, actor)
    data = _kept(ctx, row.id, wanted, fmt) if closed else _rendered(ctx, row.id, fmt)
    ctx.database.write(
        lambda conn: trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.REPORT_EXPORTED, object_kind="report",
            object_id=row.id, new={"format": fmt, "version": str(wanted), "sha256": digest(data), "signed": closed},
        )
    )  # fmt: skip
    return data, closed


def keep_approved(ctx: Context, report_id: str, actor: Actor) -> None:
    """Keep an approved version as Word and JSON, once; what it prints of sources is what held when it was approved."""
    with ctx.database.read() as conn:
        version = len(load_report(conn, report_id).versions)
        if _entry_of(conn, report_id, version) is not None:
            return
    documents = {fmt: _rendered(ctx, report_id, fmt) for fmt in MEDIA}

    def write(conn: Connection) -> None:
        if _entry_of(conn, report_id, version) is None:
            kept = {fmt: trail.put_content(conn, data, media_type=MEDIA[fmt]) for fmt, data in documents.items()}
            trail.append(
                conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.REPORT_KEPT, object_kind="report",
                object_id=report_id, object_version=str(version), new={"kept": kept},
            )  # fmt: skip

    ctx.database.write(write)


def _entry_of(conn: Connection, report_id: str, version: int) -> Entry | None:
    found = trail.entries(conn, object_id=report_id, action=str(Action.REPORT_KEPT))
    return next((entry for entry in found if entry.object_version == str(version)), None)


def _kept(ctx: Context, report_id: str, version: int, fmt: str) -> bytes:
    with ctx.database.read() as conn:
        entry = _entry_of(conn, report_id, version)
        if entry is None:
            raise NotFound(f"Version {version} was not kept.", remedy="Run `verascribe audit verify` and tell QA.")
        return trail.get_content(conn, entry.new["kept"][fmt])


def _rendered(ctx: Context, report_id: str, fmt: str) -> bytes:
    with ctx.database.read() as conn:
        loaded = load_for(conn, ctx, report_id, None)
        said = relative_to(conn, loaded.report)
        told = source_notes.of_packs(conn, list(loaded.packs.values()))
    view = replace(report_picture(loaded), relative_to=said)
    sections = [section_shown(loaded, section.id, None) for section in loaded.report.sections]
    exclusions = [(e["record"], e["reason"], e["user_id"]) for e in loaded.report.exclusions]
    if fmt == "docx":
        listed = evidence_list(sections, _places(loaded, sections), told)
        return word_report(
            view,
            sections,
            evidence=listed,
            exclusions=exclusions,
            ai_use=AI_USE,
            changed_at=last_change(loaded.report),
        )
    tree = {**_tree(view, sections, loaded, exclusions), "source_notes": source_notes.tree(told)}
    return (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode()


def last_change(report: ReportRow) -> str:
    """Return the time of the newest thing in a report: a draft, words, a decision, a field, an exclusion or a signature.

    A document carries no later time, so that the same report has the same bytes whenever it is exported.
    """
    times = [str(report.body.get("created_at", "")), str(report.body.get("data_lock", ""))]
    times += [str(line.get("at", "")) for line in report.exclusions] + [event.at for event in report.history]
    for section in report.sections:
        times.append(section.generated_at)
        times += [version.at for sentence in section.sentences for version in sentence.versions]
        times += [decision.at for decision in section.decisions] + [entered.at for entered in section.field_history]
        times += [time for row in section.added for time in (row.at, row.withdrawn_at) if time]
        times += [view.at for view in section.own_views] + [signed.at for signed in section.signatures]
    return max(times)


def _places(loaded: Loaded, sections: list[SectionView]) -> dict[str, Place]:
    """Return where each cited reference stands; the section that cites it first says so."""
    found: dict[str, Place] = {}
    for section in sections:
        found = {**places(section, loaded.packs[section.summary.id]), **found}
    return found


def _attached(pack: EvidencePack) -> list[dict[str, Any]]:
    """Return the attached files without their text, which stands in the files."""
    return [{name: said for name, said in asdict(one).items() if name != "text"} for one in pack.attached.values()]


def _tree(
    view: ReportView, sections: list[SectionView], loaded: Loaded, exclusions: list[tuple[str, str, str]]
) -> dict[str, Any]:
    """Return a report for JSON: what the screens show, with the evidence of each section."""
    top = asdict(view)
    del top["sections"]
    listed = []
    for section in sections:
        pack = loaded.packs[section.summary.id]
        shown = {**asdict(section), "evidence": pack.tree(), "outcome": section.summary.outcome}
        shown["evidence"] |= {"declared": [asdict(d) for d in pack.declared.values()], "attached": _attached(pack)}
        for repeated in ("report", "tables", "charts", "view_id", "capacity", "hidden"):
            del shown[repeated]
        listed.append(shown)
    return {**top, "signed": view.signed, "sections": listed, "exclusions": [list(line) for line in exclusions]}
