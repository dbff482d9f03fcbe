"""Evidence-first sections: drawn when a reviewer first opens a section in a round; the draft shows once its key figures were stated.

The draw is that of oversight checks (`audit.oversight.schedule`) under a label of its own, so each is independent of the other and a section
may have both. What is asked follows from the draw and the section. Until the answers, which are one entry, the section's text is held back
and every act of its review refused.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Stale
from audit.identity import Account, Role, permit
from audit.oversight.schedule import Circumstances, assignment, exclusions
from drafting import lifecycle, tables
from drafting.context import Context
from drafting.evidence_first.askings import KIND, Asking, askings, said_here, texts
from drafting.evidence_first.figures import Figure, Stated, asked, printed_in, read
from drafting.lifecycle import Capacity
from drafting.model import Severity
from drafting.overseeing.switches import Switch, excluded, is_on, rates
from drafting.probes.keys import keys_in_force
from drafting.queries import Loaded, load
from drafting.render import split_ref
from drafting.report_rows import SectionRow
from drafting.review_store import person, rounds
from drafting.store import report_of_section

NO_FIGURES = "the section states no figure that its own tables or charts hold"


def opened(
    conn: Connection, ctx: Context, loaded: Loaded, section_id: str, account: Account, actor: Actor, at: datetime
) -> Loaded:
    """Draw at a reviewer's first look at a section in this round; return the report with what is asked of them."""
    section, round_ = loaded.report.section(section_id), rounds(loaded)
    if not _reviewing(conn, loaded, section, account):
        return loaded
    mine = [one for one in askings(conn, user=account.user_id) if one.account == account.id]
    if any(one.section == section_id and one.round == round_ for one in mine):
        return loaded
    rate = rates(conn).evidence_first
    review_id = f"evidence first/{loaded.report.id}/{round_}/{account.id}"
    drawn, proof = assignment(keys_in_force(conn, ctx, at).drawing, review_id, section_id, rate)
    if not drawn:
        return loaded
    left_out = _left_out(conn, loaded, section, [one for one in mine if not one.left_out], proof, at)
    seen_before = _seen(conn, section_id, account)
    trail.append(
        conn, at=at, zone=ctx.zone, actor=actor, object_kind=KIND, object_id=loaded.report.id, field=section_id,
        action=Action.EVIDENCE_FIRST_LEFT_OUT if left_out else Action.EVIDENCE_FIRST_ASKED,
        new={"round": round_, "review": review_id, "proof": proof, "rate": str(rate), "seen_before": seen_before, "left_out": left_out},
    )  # fmt: skip
    if left_out:
        return loaded
    made = Asking(loaded.report.id, section_id, account.id, round_, utc_text(at), proof, seen_before)
    return replace(loaded, askings={**loaded.askings, (section_id, account.id): made})


def _reviewing(conn: Connection, loaded: Loaded, section: SectionRow, account: Account) -> bool:
    """Tell whether a reviewer, who has decided nothing yet, looks at a section that waits for review."""
    if lifecycle.capacity_of(section, account) is not Capacity.REVIEWER or not is_on(conn, Switch.EVIDENCE_FIRST):
        return False
    if lifecycle.state(section) != "authored" or "submitted" not in loaded.report.events or loaded.stale[section.id]:
        return False
    if loaded.outline_of(section).own_view:  # which asks for an own view first as it is
        return False
    if any(d.account_id == account.id and d.capacity == Capacity.REVIEWER for d in section.decisions):
        return False
    checks = tables.oversight_checks.c  # every first look of a round leaves one, with a fault or without
    mine = (checks.section_id == section.id, checks.account_id == account.id, checks.round == rounds(loaded))
    return conn.execute(select(checks.id).where(checks.run_id == "", *mine)).first() is None


def _seen(conn: Connection, section_id: str, account: Account) -> bool:
    views = tables.views.c
    return (
        conn.execute(select(views.id).where(views.section_id == section_id, views.account_id == account.id)).first()
        is not None
    )


def _left_out(
    conn: Connection, loaded: Loaded, section: SectionRow, mine: list[Asking], proof: str, at: datetime
) -> list[str]:
    """Return why a section that was drawn is not asked about: as for oversight checks, or because there is nothing to ask."""
    now = Circumstances(
        quality_excluded=bool(excluded(conn, loaded.report.id)),
        known_fault=any(f.severity is Severity.BLOCKS for f in loaded.findings[section.id]),
        sections=len(loaded.report.sections),
        probes_in_document=sum(1 for one in mine if one.report == loaded.report.id),
        probes_today=sum(1 for one in mine if one.at[:10] == utc_text(at)[:10]),
    )
    reasons = [str(reason) for reason in exclusions(now)]
    return (
        reasons if asked(said_here(loaded.report, section.id), loaded.packs[section.id], proof) else [*reasons, NO_FIGURES]
    )


def state(ctx: Context, *, section_id: str, answers: Mapping[str, str], actor: Actor) -> tuple[Stated, ...]:
    """Keep what a reviewer found of each figure that is asked, by its reference; the draft shows after that."""

    def write(conn: Connection) -> tuple[Stated, ...]:
        account = person(conn, actor)
        permit(account, Role.REVIEWER)
        loaded = load(conn, ctx, report_of_section(conn, section_id), only=section_id)
        figures = loaded.asked(section_id, account.id)
        if not figures:
            raise Conflict("No figures of this section are asked of you.", remedy="Load the section again.")
        if set(answers) != {figure.ref for figure in figures}:
            raise Stale("Other figures are asked by now.", remedy="Load the section again and state each of them.")
        made = tuple(_stated(loaded, section_id, figure, answers[figure.ref]) for figure in figures)
        trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.EVIDENCE_FIRST_STATED, object_kind=KIND,
            object_id=loaded.report.id, field=section_id,
            new={"round": loaded.askings[section_id, account.id].round, "figures": [one.tree() for one in made]},
        )  # fmt: skip
        return made

    return ctx.database.write(write)


def _stated(loaded: Loaded, section_id: str, figure: Figure, answer: str) -> Stated:
    """Return an answer beside what the draft says and what the evidence holds; nothing where it has changed since the draft."""
    text, spans = next(
        (text, spans) for id_, text, spans in texts(loaded.report.section(section_id)) if id_ == figure.subject
    )
    fact = loaded.packs[section_id].facts[split_ref(figure.ref)[1]]
    truth = "" if loaded.stale[section_id] else fact.value.replace("\u2212", "-")
    return Stated(
        figure.ref,
        figure.subject,
        figure.label,
        figure.unit,
        read(figure, answer),
        str(printed_in(text, spans, figure.ref)),
        truth,
    )
