"""What the oversight pages show, read in one moment: a reviewer's own checks, the site's figures, and what waits for the training lead.

Own figures are told to the reviewer first. Figures of the site stand only where enough reviewers and checks are behind them; names reach the
training lead after an alarm alone, and never from behaviour.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from audit import trail
from audit.alarms import Alarm, Raised
from audit.chain import Entry
from audit.errors import NotPermitted
from audit.identity import Account, Qualification, Role, accounts, permit
from audit.oversight.estimates import rate
from audit.oversight.model import Arm, Estimate, Family, Level, Mode, Outcome, ProbeResult, withheld
from audit.oversight.schedule import Rates
from drafting import tables
from drafting.context import Context
from drafting.evidence_first import outcomes
from drafting.lifecycle import EditReason, RejectReason
from drafting.model import Origin
from drafting.overseeing import figures
from drafting.overseeing.access import Thing, may
from drafting.overseeing.comments import Comment, comments
from drafting.overseeing.disputes import Dispute, waiting
from drafting.overseeing.figures import SITE_CHECKS, of_site, pooled_rate, refusal, routine, seen_rate
from drafting.overseeing.outcomes import NOTICE, results
from drafting.overseeing.sight import alarms_for
from drafting.overseeing.switches import Request, Switch, excluded, is_on, open_requests, rates
from drafting.oversight import clean_of, decided
from drafting.own_account import certificate
from drafting.probes.live import GENERATOR
from drafting.probes.model import Probe
from drafting.probes.qualification import Run, runs
from drafting.probes.store import Stored, checks_of
from drafting.probes.workflow import Step

WRONG = frozenset(
    str(reason)
    for reason in (
        EditReason.CORRECTION,
        EditReason.OMISSION,
        EditReason.OVERSTATEMENT,
        RejectReason.WRONG,
        RejectReason.UNSUPPORTED,
        RejectReason.MISLEADING,
    )
)  # fmt: skip - what a person found wrong in a machine's sentence


@dataclass(frozen=True)
class Ended:
    """An ended check of routine work as its reviewer sees it; `probe` is None where it became void: it stays sealed."""

    id: str
    section: str
    place: str
    at: str
    outcome: Outcome  # as it came out, whatever a dispute decided
    probe: Probe | None
    void: str  # why nothing of it counts, "" where it counts
    dispute: str  # "" where there is none
    comments: tuple[Comment, ...]
    arm: Arm = Arm.MACHINE

    @property
    def disputable(self) -> bool:
        """Tell whether its reviewer may still dispute it."""
        return self.probe is not None and not self.dispute


@dataclass(frozen=True)
class Own:
    """A reviewer's own page; `notices` are told to nobody else."""

    checks: tuple[Ended, ...]
    routine: Estimate
    qualification: Estimate
    notices: tuple[Entry, ...]
    certificate: Qualification | None
    demanded: bool  # whether this site asks for a certificate before a review is signed
    runs: tuple[Run, ...]
    reliance: Mapping[
        str, Mapping[str, Estimate]
    ]  # on drafts, from figures stated before: of reviews, of qualification runs
    voids: Mapping[str, int]  # checks that became void, by cause


def own(ctx: Context, account: Account) -> Own:
    """Return what a reviewer sees of their own checks, the newest first."""
    permit(account, Role.REVIEWER)
    mine = tuple(run for run in runs(ctx) if run.account_id == account.id)
    with ctx.database.read() as conn:
        found = results(conn, ctx, account.id)
        return Own(
            checks=ended_of(conn, ctx, account.id),
            routine=seen_rate(routine(found)),
            qualification=seen_rate(r for r in found if r.mode is Mode.QUALIFY),
            notices=tuple(trail.entries(conn, object_kind=NOTICE, object_id=account.id, newest_first=True)),
            certificate=certificate(ctx, account),
            demanded=is_on(conn, Switch.QUALIFIED),
            runs=mine[::-1],
            voids=voids(conn, ctx, account.id),
            reliance={
                where: outcomes.measured(made)
                for where, made in outcomes.of_person(outcomes.decisions(conn, ctx), account.id).items()
            },
        )


def ended_of(conn: Connection, ctx: Context, account_id: str) -> tuple[Ended, ...]:
    """Return the ended routine checks of a reviewer, the newest first."""
    columns = tables.oversight_checks.c
    held = [s for s in checks_of(conn, ctx, columns.account_id == account_id, columns.run_id == "") if _told(s)]
    where, said = places(conn, ctx, {s.section for s in held}), comments(conn)
    return tuple(_ended(s, where[s.section], said.get(s.id, ())) for s in reversed(held))


def _told(stored: Stored) -> bool:
    """Tell whether a check was before its reviewer's eyes and is over."""
    return stored.probe is not None and bool(stored.check.views) and stored.check.ended


def _ended(stored: Stored, place: str, said: tuple[Comment, ...]) -> Ended:
    bodies = {event.step: event.body for event in stored.events}
    outcome = Outcome(bodies[Step.REVEALED]["outcome"]) if Step.REVEALED in bodies else Outcome.VOID
    at = next(e.at for e in stored.events if e.step in (Step.REVEALED, Step.VOID))
    dispute = ""
    if Step.DECIDED in bodies:
        upheld = "upheld, so it does not count" if bodies[Step.DECIDED]["upheld"] else "not upheld"
        dispute = f"Your dispute was {upheld}: {bodies[Step.DECIDED]['reason']}"
    elif Step.DISPUTED in bodies:
        dispute = f"You dispute it: {bodies[Step.DISPUTED]['reason']}"
    void = str(bodies[Step.VOID]["why"]) if Step.VOID in bodies else ""
    probe = None if outcome is Outcome.VOID else stored.probe
    return Ended(stored.id, stored.section, place, at.isoformat(), outcome, probe, void, dispute, said, stored.arm)


def places(conn: Connection, ctx: Context, sections: Iterable[str]) -> dict[str, str]:
    """Return how people call sections: the report's number and the section's title."""
    report, section = tables.reports.c, tables.sections.c
    query = select(section.id, section.key, report.number, report.kind, report.body).join_from(
        tables.sections, tables.reports, section.report_id == report.id
    )
    found = {}
    for row in conn.execute(query.where(section.id.in_(list(sections)))):
        sha256 = (json.loads(row.body).get("outline") or ("", 0, ""))[2]
        outline = ctx.outline_of(row.kind, str(sha256)).section(row.key)
        found[row.id] = f"{row.number} › {outline.number} {outline.title}"
    return found


@dataclass(frozen=True)
class Site:
    """The site's figures; a figure below the limits stands with its reason."""

    reviewers: int
    checks: int
    catch: Estimate
    alone: Estimate  # the catch rate in texts of people alone
    families: Mapping[Family, Estimate]
    false_rejects: Estimate
    natural: Estimate
    reliance: Mapping[str, Mapping[str, Estimate]]  # on drafts, as on a reviewer's own page
    voids: Mapping[str, int]  # checks that became void, by cause; empty where there are too few people


@dataclass(frozen=True)
class InForce:
    """What of oversight is in force at the site, what waits for approval, and the reports that carry no checks."""

    rates: Rates
    on: Mapping[Switch, bool]
    generator: str
    requests: tuple[Request, ...]
    excluded: Mapping[str, str]  # report number -> why
    reports: Mapping[str, str]  # report id -> number


def in_force(ctx: Context, account: Account) -> InForce:
    """Return what is in force; whoever is concerned by it sees it."""
    if not may(account, Thing.IN_FORCE):
        raise NotPermitted("What is in force of oversight is not shown to you.", remedy="Ask the training lead.")
    asked = tuple(open_requests(ctx))
    with ctx.database.read() as conn:
        query = select(tables.reports.c.id, tables.reports.c.number).order_by(tables.reports.c.number)
        numbers: dict[str, str] = {row.id: row.number for row in conn.execute(query)}
        left_out = {number: why for id_, number in numbers.items() if (why := excluded(conn, id_))}
        on = {switch: is_on(conn, switch) for switch in Switch}
        return InForce(rates(conn), on, GENERATOR, asked, left_out, numbers)


def voids(conn: Connection, ctx: Context, account_id: str = "") -> Mapping[str, int]:
    """Return how many checks of routine work became void, by cause: of one reviewer, or of the site where enough people review."""
    columns = tables.oversight_checks.c
    mine = [columns.account_id == account_id] if account_id else []
    found = [s for s in checks_of(conn, ctx, columns.run_id == "", *mine) if _told(s)]
    if not account_id:
        over = sorted((s for s in found if s.check.ended_at is not None), key=lambda s: str(s.check.ended_at))
        found = figures.in_steps(over, lambda s: s.account)
    return Counter(s.check.why for s in found if s.check.why)


def site(ctx: Context, account: Account) -> Site:
    """Return the site's figures; nobody is named, and few people or checks give no figure."""
    if not may(account, Thing.SITE):
        raise NotPermitted("The site's figures are not shown to you.", remedy="The quality unit sees them.")
    with ctx.database.read() as conn:
        every, alone = routine(results(conn, ctx)), routine(results(conn, ctx, arm=Arm.HUMAN))
        found, reason = of_site(every)
        return Site(
            reviewers=len({r.reviewer for r in every}),
            checks=len(every),
            catch=pooled_rate(every),
            alone=pooled_rate(alone),
            families=figures.parts(found, lambda r: r.family, (f for f in Family if f is not Family.TOOL_FALSE)),
            false_rejects=withheld(len(every), reason) if reason else _false_rejects(conn, found),
            natural=_natural(conn),
            reliance={where: outcomes.of_site(made) for where, made in outcomes.decisions(conn, ctx).items()},
            voids=voids(conn, ctx),
        )


def _false_rejects(conn: Connection, found: Sequence[ProbeResult]) -> Estimate:
    """Return the share of correct texts that were objected to; a false finding that was followed is one, where it is no one person's."""
    flags = [r for r in found if r.family is Family.TOOL_FALSE]
    clean, flags = clean_of(decided(conn)), ([] if refusal(flags) else flags)
    objected = clean.objected + sum(r.missed for r in flags)
    return rate(objected, clean.texts + len(flags), of="correct texts")


def _natural(conn: Connection) -> Estimate:
    """Return the share of the machine's sentences, of those that people decided, in which one of them found something wrong."""
    made, sentence = tables.decisions.c, tables.sentences.c
    undone = select(made.undoes).where(made.decision == "undo")
    query = (
        select(made.subject, made.category)
        .join_from(tables.decisions, tables.sentences, made.subject == sentence.id)
        .where(
            sentence.origin == str(Origin.MACHINE),
            made.decision.in_(["accept", "edit", "reject", "propose"]),
            made.id.not_in(undone),
        )
    )
    rows = conn.execute(query).all()
    wrong = {row.subject for row in rows if row.category in WRONG}
    return rate(len(wrong), len({row.subject for row in rows}), least=SITE_CHECKS, of="sentences")


@dataclass(frozen=True)
class Named:
    """An alarm of the training lead's: about one reviewer, or with no name about the site."""

    alarm: Raised
    name: str  # printed; "" for the site

    @property
    def told(self) -> Mapping[str, object]:
        """Return what the alarm says."""
        return self.alarm.entry.new if isinstance(self.alarm.entry.new, dict) else {}


@dataclass(frozen=True)
class Lead:
    """What waits for the training lead; a burst is not among it: who knows of one foresees checks."""

    to_certify: tuple[Run, ...]
    outside: tuple[Run, ...]  # ended outside the rule, with no later run: a refresh is due
    disputes: tuple[tuple[Dispute, str], ...]  # with the place
    alarms: tuple[Named, ...]


def lead(ctx: Context, account: Account) -> Lead:
    """Return what waits for the training lead, and the disputes alone for an approver."""
    permit(account, Role.TRAINING_LEAD, Role.APPROVER)
    listed = [run for run in runs(ctx) if may(account, Thing.QUALIFICATIONS, run.account_id)]
    last = {run.account_id: run for run in listed}
    with ctx.database.read() as conn:
        disputes = [d for d in waiting(conn, ctx) if may(account, Thing.DISPUTES, d.check.account)]
        where = places(conn, ctx, {d.check.section for d in disputes})
        names = {one.id: one.printed_name for one in accounts(conn)}
        alarms = [a for a in alarms_for(conn, account) if a.kind is Alarm.OVERSIGHT]
        return Lead(
            to_certify=tuple(r for r in listed if r.certifiable),
            outside=tuple(r for r in last.values() if r.ended and not r.passed),
            disputes=tuple((d, where[d.check.section]) for d in disputes),
            alarms=tuple(_named(a, names) for a in alarms),
        )


def _named(alarm: Raised, names: Mapping[str, str]) -> Named:
    told = alarm.entry.new if isinstance(alarm.entry.new, dict) else {}
    of_person = told.get("level") == str(Level.NAMED)
    return Named(alarm, names.get(alarm.entry.object_id, alarm.entry.object_id) if of_person else "")
