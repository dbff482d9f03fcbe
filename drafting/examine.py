"""Run every check on a report as it stands now, against the store as it is now, and leave an entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from audit.identity import Account
from drafting import lifecycle
from drafting.beside import Cell, cells, said
from drafting.checks import engine
from drafting.context import Context
from drafting.generate import packs_of, report_named
from drafting.model import EvidencePack, Finding, Sentence, Severity
from drafting.probes import live
from drafting.queries import load
from drafting.readmodel import Said, SectionView
from drafting.report_rows import SectionRow
from drafting.reserved import refuse_before_review
from drafting.shown import pictures
from drafting.store import load_report


@dataclass(frozen=True)
class Examined:
    """What the checks found, where the evidence says otherwise, and how many quantities, dates and identifiers are tied to it."""

    findings: tuple[Finding, ...]
    numbers_found: int
    numbers_resolved: int
    sentences: Mapping[str, str] = field(default_factory=dict)  # id -> text
    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)  # (section key, reference) -> what stands there

    def cell_of(self, finding: Finding) -> Cell | None:
        """Return the cell, or the computed fact, that a finding names."""
        return self.cells.get((finding.section, finding.evidence))


@dataclass(frozen=True)
class Told:
    """A finding with the section it is on, the number of its sentence (0: the section as a whole), and what the evidence says there."""

    section: str
    number: int
    finding: Finding
    said: Said | None


def findings_told(ctx: Context, report_id: str, account: Account | None) -> tuple[Told, ...]:
    """Return what the checks find on a report, what blocks first; of a section only what this account may see by now. Nothing is written."""
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_id)
        seen = pictures(conn, ctx, loaded, account)
        loaded = live.seen_by(conn, ctx, loaded, account) if account is not None else loaded
    found = []
    for section in loaded.report.sections:
        capacity = lifecycle.capacity_of(section, account)
        if loaded.held_back(section, capacity, account.id if account else ""):
            continue
        numbers = _numbers(section, seen.get(section.id))
        told = [f for f in loaded.findings[section.id] if not f.sentence or f.sentence in numbers]
        told.sort(key=lambda f: (numbers.get(f.sentence, 0), f.start, f.rule))  # as the section reads
        by_ref = {one.ref: one for one in said(told, *loaded.evidence(section))}
        found += [Told(section.key, numbers.get(f.sentence, 0), f, by_ref.get(f.evidence)) for f in told]
    return tuple(sorted(found, key=lambda one: one.finding.severity is not Severity.BLOCKS))


def _numbers(section: SectionRow, picture: SectionView | None) -> dict[str, int]:
    """Return the numbers of a section's sentences, as it reads or as the picture of it shows them."""
    if picture is not None:
        return {s.id: number for number, s in enumerate(picture.sentences, start=1)}
    return {s.id: lifecycle.number_of(section, s) for s in lifecycle.current(section)}


def evidence_for(ctx: Context, report: str, *, actor: Actor) -> list[tuple[str, str, EvidencePack]]:
    """Return (section id, section key, evidence) of a report, for whoever lists its figures."""
    with ctx.database.read() as conn:
        row = load_report(conn, report_named(conn, report))
        refuse_before_review(conn, row, actor)
        return packs_of(conn, row.id)


def examine(ctx: Context, report: str, *, actor: Actor) -> Examined:
    """Check every section of a report and its completeness; a section whose evidence changed since is a finding of its own."""
    findings: list[Finding] = []
    every: dict[str, Sentence] = {}
    named: dict[tuple[str, str], Cell] = {}
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_named(conn, report))
        refuse_before_review(conn, loaded.report, actor)
        for section in loaded.report.sections:
            told = loaded.findings[section.id]
            named |= {(section.key, cell.ref): cell for cell in cells(conn, told, *loaded.evidence(section))}
            findings += told
            if loaded.stale[section.id]:
                findings.append(Finding("stale", Severity.BLOCKS, loaded.stale[section.id], section=section.key))
            every |= {s.id: s.sentence for s in lifecycle.current(section)}
    found, resolved = engine.numbers_of(list(every.values()))
    blocking = sum(1 for f in findings if f.severity is Severity.BLOCKS)
    ctx.database.write(
        lambda conn: trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.REPORT_CHECKED, object_kind="report",
            object_id=loaded.report.id, new={"findings": len(findings), "blocking": blocking, "numbers": found, "resolved": resolved},
        )
    )  # fmt: skip
    return Examined(tuple(findings), found, resolved, {key: sentence.text for key, sentence in every.items()}, named)
