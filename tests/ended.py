"""Oversight checks that ended, as their events would have made them, without the screens that lead to them."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from audit.identity import Account
from audit.oversight.model import Arm, Family, Mode, Outcome
from drafting.context import Context
from drafting.model import Finding, Severity
from drafting.overseeing.outcomes import after_outcome
from drafting.probes.generator import candidates
from drafting.probes.model import Fault, Probe, TextEdit
from drafting.probes.store import Stored, assign, happened
from drafting.probes.workflow import Event, Step
from drafting.queries import load
from drafting.shown import section_shown
from drafting.store import report_of_section


def probes_of(ctx: Context, section_id: str) -> list[Probe]:
    """Return every fault that can be planted in a section."""
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_of_section(conn, section_id), only=section_id)
    section = loaded.report.section(section_id)
    return candidates(section_shown(loaded, section_id, None), loaded.packs[section_id], loaded.outline_of(section))


def flagged(probe: Probe) -> Probe:
    """Return a false finding on the figure that a fault alters; one figure alone gives the checks no warning to raise."""
    edit, ref = probe.edits[0], probe.sources[0]
    assert isinstance(edit, TextEdit)
    said = f"The sentence does not say what {ref} is; see whether it is what you mean."
    flag = Finding("numbers", Severity.WARNS, said, edit.start, edit.end, edit.original, ref, "quality", probe.subject)
    return replace(probe, fault=Fault.FALSE_FLAG, family=Family.TOOL_FALSE, edits=(), flag=flag)


def ended(
    ctx: Context, account: Account, probe: Probe, outcome: Outcome, *, number: int = 1, arm: Arm = Arm.MACHINE
) -> Stored:
    """Store a check of routine work with its outcome; what an outcome gives rise to follows."""
    actor, began = account.actor(session="s"), ctx.clock.now()
    content = {"probe": probe.tree(), "planted": [], "mode": str(Mode.BASE), "section": probe.section_id, "arm": str(arm)}

    def write(conn: Connection) -> Stored:
        report = report_of_section(conn, probe.section_id)
        stored = assign(
            conn, ctx, content, report=report, section=probe.section_id, account=account.id, round_=number, actor=actor, at=began
        )  # fmt: skip
        stored = happened(conn, ctx, stored, Event(Step.SHOWN, began, ctx.new_id(), {"session": "s"}), actor=actor)
        at = began + timedelta(seconds=number)
        body, told = {"outcome": str(outcome), "seconds": "9.0"}, {"sealed": content, "commitment": stored.commitment}
        stored = happened(conn, ctx, stored, Event(Step.REVEALED, at, body=body), actor=actor, told=told)
        after_outcome(conn, ctx, stored, actor, at)
        return stored

    return ctx.database.write(write)
