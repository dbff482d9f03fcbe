"""Run every check on a report as it stands now, against the store as it is now, and leave an entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from drafting import lifecycle
from drafting.checks import engine
from drafting.context import Context
from drafting.generate import report_named
from drafting.model import Finding, Origin, Sentence, Severity
from drafting.queries import load


@dataclass(frozen=True)
class Examined:
    """What the checks found, and how many quantities, dates and identifiers are tied to evidence."""

    findings: tuple[Finding, ...]
    numbers_found: int
    numbers_resolved: int
    sentences: Mapping[str, str] = field(default_factory=dict)  # id -> text


def examine(ctx: Context, report: str, *, actor: Actor) -> Examined:
    """Check every section of a report and its completeness; a section whose evidence changed since is a finding of its own."""
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_named(conn, report))
    lines = loaded.report.ledger
    findings: list[Finding] = []
    every: dict[str, Sentence] = {}
    for section in loaded.report.sections:
        sentences = [(s.id, s.sentence, Origin(s.origin)) for s in lifecycle.current(section)]
        filled = {f.key: f.value for f in section.fields}
        findings += engine.check_section(
            sentences, loaded.packs[section.id], loaded.outline_of(section), lines, fields=filled, before=loaded.before
        )
        if loaded.stale[section.id]:
            findings.append(Finding("stale", Severity.BLOCKS, loaded.stale[section.id], section=section.key))
        every |= {sentence_id: sentence for sentence_id, sentence, _ in sentences}
    found, resolved = engine.numbers_of(list(every.values()))
    blocking = sum(1 for f in findings if f.severity is Severity.BLOCKS)
    ctx.database.write(
        lambda conn: trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.REPORT_CHECKED, object_kind="report",
            object_id=loaded.report.id, new={"findings": len(findings), "blocking": blocking, "numbers": found, "resolved": resolved},
        )
    )  # fmt: skip
    return Examined(tuple(findings), found, resolved, {key: sentence.text for key, sentence in every.items()})
