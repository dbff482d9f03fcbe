"""Export a report: Word for people, JSON for machines. Each export is an entry, and says on its face whether it is signed."""

import json
from dataclasses import asdict, replace
from typing import Any

from audit import trail
from audit.actions import Action
from audit.canonical import digest
from audit.chain import Actor
from drafting import source_notes
from drafting.ai_use import AI_USE
from drafting.context import Context
from drafting.documents.evidence_list import Place, evidence_list
from drafting.documents.places import places
from drafting.documents.report import word_report
from drafting.generate import report_named
from drafting.queries import Loaded, load, relative_to, report_picture, section_picture
from drafting.readmodel import ReportView, SectionView
from drafting.report_rows import ReportRow


def export_report(ctx: Context, report: str, *, fmt: str, actor: Actor) -> tuple[bytes, bool]:
    """Return the document's bytes and whether it is signed; leave an entry with the hash of what left."""
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_named(conn, report))
        said = relative_to(conn, loaded.report)
        told = source_notes.of_packs(conn, list(loaded.packs.values()))
    view = replace(report_picture(loaded), relative_to=said)
    sections = [section_picture(loaded, section.id, None) for section in loaded.report.sections]
    exclusions = [(e["record"], e["reason"], e["user_id"]) for e in loaded.report.exclusions]
    if fmt == "docx":
        listed = evidence_list(sections, _places(loaded, sections), told)
        data = word_report(
            view,
            sections,
            evidence=listed,
            exclusions=exclusions,
            ai_use=AI_USE,
            changed_at=last_change(loaded.report),
        )
    else:
        data = (
            json.dumps(
                {**_tree(view, sections, loaded, exclusions), "source_notes": source_notes.tree(told)},
                ensure_ascii=False,
                indent=1,
            )
            + "\n"
        ).encode()
    ctx.database.write(
        lambda conn: trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.REPORT_EXPORTED, object_kind="report",
            object_id=view.id, new={"format": fmt, "sha256": digest(data), "signed": view.signed},
        )
    )  # fmt: skip
    return data, view.signed


def last_change(report: ReportRow) -> str:
    """Return the time of the newest thing in a report: a draft, words, a decision, a field, an exclusion or a signature.

    A document carries no later time, so that the same report has the same bytes whenever it is exported.
    """
    times = [str(report.body.get("created_at", "")), str(report.body.get("data_lock", ""))]
    times += [str(line.get("at", "")) for line in report.exclusions]
    for section in report.sections:
        times.append(section.generated_at)
        times += [version.at for sentence in section.sentences for version in sentence.versions]
        times += [decision.at for decision in section.decisions] + [entered.at for entered in section.field_history]
        times += [view.at for view in section.own_views] + [signed.at for signed in section.signatures]
    return max(times)


def _places(loaded: Loaded, sections: list[SectionView]) -> dict[str, Place]:
    """Return where each cited reference stands; the section that cites it first says so."""
    found: dict[str, Place] = {}
    for section in sections:
        found = {**places(section, loaded.packs[section.summary.id]), **found}
    return found


def _tree(
    view: ReportView, sections: list[SectionView], loaded: Loaded, exclusions: list[tuple[str, str, str]]
) -> dict[str, Any]:
    """Return a report for JSON: what the screens show, with the evidence of each section."""
    top = asdict(view)
    del top["sections"]
    listed = []
    for section in sections:
        shown = {**asdict(section), "evidence": loaded.packs[section.summary.id].tree(), "outcome": section.summary.outcome}
        for repeated in ("report", "tables", "charts", "view_id", "capacity", "hidden"):
            del shown[repeated]
        listed.append(shown)
    return {**top, "signed": view.signed, "sections": listed, "exclusions": [list(line) for line in exclusions]}
