"""Qualification of reviewers with challenge sections: copies of closed reports under a number of their own, twenty of them with a planted fault.

The rule: at most 4 of 20 faults missed, and at most 2 of 10 sections without a fault objected to. A reviewer who misses one in ten passes with
a chance of .957, one who misses four in ten with .051 (binomial). Passing gives no right by itself: the training lead certifies it, and
the certificate is a qualification that signing asks for. Nothing of a challenge section is a record of its report.
"""

import random
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.chain import Actor, Entry
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from audit.identity import Account, Qualification, Role, account_by_id, permit, qualify, said
from audit.oversight.model import Outcome
from audit.signatures import Meaning
from drafting import tables
from drafting.accounts import CERTIFICATE, is_demo
from drafting.context import Context
from drafting.evidence_first import challenges
from drafting.evidence_first.figures import Figure, Stated, read
from drafting.evidence_first.picture import before_draft
from drafting.model import EvidencePack
from drafting.overseeing.outcomes import REVIEWER
from drafting.probes.excerpt import excerpt
from drafting.probes.kits import asking, kit, sources, used_by
from drafting.probes.marking import marked
from drafting.probes.model import Probe
from drafting.probes.overlay import overlay
from drafting.probes.store import Stored, assign, checks_of, happened
from drafting.probes.workflow import Event, Noted, Step, Why
from drafting.queries import Loaded, load
from drafting.readmodel import SectionView
from drafting.render import split_ref
from drafting.review_store import LONGEST, person
from drafting.shown import section_shown

RUN = "oversight_run"
FAULTS, CLEAN = 20, 10
MOST_MISSED, MOST_OBJECTED = 4, 2
VALID = timedelta(days=365)


@dataclass(frozen=True)
class Item:
    """One challenge section as a person sees it, `number` counted from 1: what was planted, and where, is not in it."""

    check_id: str
    number: int
    view: SectionView
    records: tuple[str, ...]  # identifiers of the records behind the excerpt, to find what is missing
    figure: Figure | None = None  # to state before the excerpt shows
    stated: Stated | None = None


@dataclass(frozen=True)
class Feedback:
    """What a person is told right after an item: the fault, if there was one, and the outcome."""

    probe: Probe | None
    outcome: Outcome
    stated: Stated | None = None  # where a figure was asked first


@dataclass(frozen=True)
class Run:
    """A qualification run as it stands."""

    id: str
    number: str
    account_id: str
    user_id: str
    at: str
    items: tuple[Stored, ...]
    certified: str = ""  # by whom
    demo: bool = False
    before: int = 0  # the same person's runs that ended outside the rule in the year before this one began
    outdone: bool = False  # a later run of the same person ended outside the rule
    old: bool = False  # it ended a year ago or earlier

    @property
    def counted(self) -> tuple[Stored, ...]:
        """Return the items that the rule is about: neither those that asked for a figure first nor those that a dispute took out."""
        return tuple(item for item in self.items if item.asked is None and not _taken_out(item))

    @property
    def decided(self) -> int:
        """Return how many items were decided."""
        return sum(1 for item in self.items if item.check.ended)

    @property
    def ended(self) -> bool:
        """Tell whether every item was decided."""
        return self.decided == len(self.items)

    @property
    def missed(self) -> int:
        """Return how many faults were not located."""
        return sum(
            1 for i in self.counted if i.probe is not None and i.check.ended and i.check.outcome is not Outcome.CAUGHT
        )

    @property
    def faults(self) -> int:
        """Return how many decided items held a fault."""
        return sum(1 for item in self.counted if item.probe is not None and item.check.ended)

    @property
    def objected(self) -> int:
        """Return how many decided items without a fault were objected to."""
        return sum(1 for i in self.counted if i.probe is None and i.check.ended and i.check.outcome is not Outcome.CAUGHT)

    @property
    def clean(self) -> int:
        """Return how many decided items held none."""
        return sum(1 for item in self.counted if item.probe is None and item.check.ended)

    @property
    def passed(self) -> bool:
        """Tell whether the run ended within the rule and with all items that count: a shorter run would be an easier one."""
        whole = sum(1 for item in self.items if item.asked is None) == FAULTS + CLEAN
        return whole and self.ended and self.missed <= MOST_MISSED and self.objected <= MOST_OBJECTED

    @property
    def certifiable(self) -> bool:
        """Tell whether a certificate can be given on it: within the rule and without one, not a year old, and no later run outside the rule."""
        return self.passed and not (self.certified or self.outdone or self.old)

    @property
    def until(self) -> date:
        """Return the last day of a certificate on it."""
        return self.ended_on + VALID

    @property
    def ended_on(self) -> date:
        """Return the day of the last decision; of a run in which nothing is decided the day on which it began."""
        ends = [item.check.ended_at for item in self.items if item.check.ended_at is not None]
        return max(ends).date() if ends else date.fromisoformat(self.at[:10])


def _taken_out(item: Stored) -> bool:
    return item.check.settled and item.check.outcome is Outcome.VOID


def start(ctx: Context, *, actor: Actor) -> str:
    """Begin a run for a reviewer from closed reports; in a demo home from any. Return the run's id."""

    def write(conn: Connection) -> str:
        account, at = person(conn, actor), ctx.clock.now()
        permit(account, Role.REVIEWER)
        before = _runs(conn, ctx)
        if any(run.account_id == account.id and not run.ended for run in before):
            raise Conflict("You have a run that has not ended.", remedy="Go on with it: a new one begins when it has ended.")
        run_id, number = ctx.new_id(), f"OQ-{at:%Y}-{len(before) + 1:04d}"
        found, used, rng = list(sources(conn, ctx)), used_by(conn, ctx, account.id), _random()
        made = [*kit(found, used, rng, faults=FAULTS, clean=CLEAN), *asking(found, used, rng)]
        told = {
            "number": number, "faults": FAULTS, "clean": CLEAN, "rule": {"most_missed": MOST_MISSED, "most_objected": MOST_OBJECTED},
            "demo": is_demo(conn),
        }  # fmt: skip
        trail.append(
            conn, at=at, zone=ctx.zone, actor=actor, action=Action.REQUALIFICATION_STARTED, object_kind=RUN, object_id=run_id, new=told
        )  # fmt: skip
        for position, (report, content) in enumerate(rng.sample(made, len(made)), start=1):
            assign(
                conn, ctx, content, run=run_id, report=report, section=content["section"], account=account.id, round_=position, actor=actor, at=at
            )  # fmt: skip
        return run_id

    return ctx.database.write(write)


def _random() -> random.Random:
    return random.Random(secrets.token_bytes(16))  # noqa: S311 - its seed is the secret


def rests_on(held: Qualification) -> str:
    """Return what a qualification rests on, as others are told: of a certificate the run without its result, which earlier ones say."""
    return held.basis.partition(":")[0] if held.basis.startswith(CERTIFICATE) else held.basis


def runs(ctx: Context) -> list[Run]:
    """Return every run, the oldest first."""
    with ctx.database.read() as conn:
        return _runs(conn, ctx)


def _runs(conn: Connection, ctx: Context) -> list[Run]:
    entries = trail.entries(conn, object_kind=RUN)
    items: dict[str, list[Stored]] = {}
    for one in checks_of(conn, ctx, tables.oversight_checks.c.run_id != ""):
        if one.check.state is not Step.VOID:
            items.setdefault(one.run, []).append(one)
    certified = {e.object_id: e.actor.user_id for e in entries if e.action is Action.QUALIFIED}
    begun = [entry for entry in entries if entry.action is Action.REQUALIFICATION_STARTED]
    made = [_run(entry, items.get(entry.object_id, ()), certified.get(entry.object_id, "")) for entry in begun]
    today = date.fromisoformat(utc_text(ctx.clock.now())[:10])
    return [_among(run, made[:number], made[number + 1 :], today) for number, run in enumerate(made)]


def _among(run: Run, earlier: Sequence[Run], later: Sequence[Run], today: date) -> Run:
    """Return a run with what the same person's earlier and later runs, and the day, mean for it."""
    began = date.fromisoformat(run.at[:10])
    outside = [one for one in earlier if one.account_id == run.account_id and one.ended and not one.passed]
    before = sum(1 for one in outside if began - one.ended_on <= VALID)
    outdone = any(one.account_id == run.account_id and one.ended and not one.passed for one in later)
    return replace(run, before=before, outdone=outdone, old=run.until <= today)


def _run(entry: Entry, items: Sequence[Stored], certified: str) -> Run:
    told = entry.new if isinstance(entry.new, dict) else {}
    return Run(
        entry.object_id, str(told.get("number", "")), entry.actor.id, entry.actor.user_id, entry.at,
        tuple(sorted(items, key=lambda item: item.round)), certified,
        bool(told.get("demo")),
    )  # fmt: skip


def _run_of(conn: Connection, ctx: Context, run_id: str) -> Run:
    found = next((run for run in _runs(conn, ctx) if run.id == run_id), None)
    if found is None:
        raise NotFound("There is no such qualification run.", remedy="Load the page again.")
    return found


def next_item(ctx: Context, *, run_id: str, actor: Actor) -> Item | None:
    """Show the next undecided item to the person whose run it is; None once all are decided."""

    def write(conn: Connection) -> Item | None:
        run, at = _run_of(conn, ctx, run_id), ctx.clock.now()
        if run.account_id != person(conn, actor).id:
            raise NotPermitted("This run is another person's.", remedy="Begin one of your own.")
        for stored in (item for item in run.items if not item.check.ended):
            shown = _usable(conn, ctx, stored, actor, at)
            if shown is not None:
                if not shown.check.open:
                    happened(conn, ctx, shown, Event(Step.SHOWN, at, ctx.new_id(), {"session": actor.session}), actor=actor)
                return _item(conn, ctx, shown)
        if not run.ended:  # what was left of it went with the sections that were amended
            _ended(conn, ctx, _run_of(conn, ctx, run_id), actor, at)
        return None

    return ctx.database.write(write)


def _usable(conn: Connection, ctx: Context, stored: Stored, actor: Actor, at: datetime) -> Stored | None:
    """Return an item, or another of its kind where its section was amended since the run began; None where it stood beside the rule."""
    if _reads(conn, ctx, stored)[1].canonical_hash == stored.content["canonical"]:
        return stored
    happened(conn, ctx, stored, Event(Step.VOID, at, body={"why": str(Why.CHANGED)}), actor=actor)
    if stored.asked is not None:
        return None
    faults = int(stored.probe is not None)
    used = used_by(conn, ctx, stored.account)
    report, content = kit(list(sources(conn, ctx)), used, _random(), faults=faults, clean=1 - faults)[0]
    return assign(
        conn, ctx, content, run=stored.run, report=report, section=content["section"], account=stored.account, round_=stored.round, actor=actor, at=at
    )  # fmt: skip


def _reads(conn: Connection, ctx: Context, stored: Stored) -> tuple[Loaded, SectionView]:
    loaded = load(conn, ctx, stored.report, only=stored.section)
    return loaded, section_shown(loaded, stored.section, None)


def _item(conn: Connection, ctx: Context, stored: Stored) -> Item:
    loaded, view = _reads(conn, ctx, stored)
    figure = None if stored.asked is None else challenges.figure_of(stored.asked)
    stated = None if stored.asked is None else challenges.stated_of(stored.asked, stored.check.noted)
    if figure is not None and stated is None:
        return Item(stored.id, stored.round, before_draft(view, [figure]), (), figure)
    shown = overlay(view, stored.probe) if stored.probe else view
    place, row = stored.content["place"], stored.content["row"]
    seen, really = excerpt(shown, place, row), excerpt(view, place, row)
    return Item(stored.id, stored.round, seen, _records(loaded.packs[stored.section], seen, really), figure, stated)


def _records(pack: EvidencePack, *pictures: SectionView) -> tuple[str, ...]:
    """Return the identifiers of the records on which an excerpt rests, with a fault and without: what was left out is among them."""
    refs = {ref for view in pictures for sentence in view.sentences for ref in (c.ref for c in sentence.citations)}
    refs |= {ref for view in pictures for table in view.tables for ref in table.refs}
    keys = {split_ref(ref)[1] for ref in refs} & pack.records.keys()
    return tuple(sorted({pack.records[key].identifier for key in keys}))


def state(ctx: Context, *, check_id: str, answer: str, actor: Actor) -> None:
    """State the figure that an item asks for, or that one cannot tell; the excerpt shows after that."""

    def write(conn: Connection) -> None:
        stored = _mine(conn, ctx, check_id, actor)
        if stored.asked is None or challenges.stated_of(stored.asked, stored.check.noted) is not None:
            raise Conflict("No figure is asked of you here.", remedy="Load the page again.")
        figure = challenges.figure_of(stored.asked)
        note = Noted(figure.subject, challenges.STATE, read(figure, answer))
        happened(conn, ctx, stored, Event(Step.NOTED, ctx.clock.now(), stored.check.views[-1], asdict(note)), actor=actor)

    ctx.database.write(write)


def _mine(conn: Connection, ctx: Context, check_id: str, actor: Actor) -> Stored:
    found = checks_of(conn, ctx, tables.oversight_checks.c.id == check_id, tables.oversight_checks.c.run_id != "")
    if not found or found[0].account != person(conn, actor).id or not found[0].check.open:
        raise NotFound("This item is not open for you to decide.", remedy="Load the page again.")
    return found[0]


def decide(ctx: Context, *, check_id: str, subject: str, text: str, actor: Actor, row: int | None = None) -> Feedback:
    """Decide an item: `subject` is "" where nothing is wrong, else the sentence or table that is, or "section" where something is missing.

    `row` counts from 0 which row of the excerpt of a table is marked; None marks the table as a whole.
    """
    if len(text) > LONGEST or (subject and not text.strip()):
        raise Invalid("Say what is wrong.", remedy=f"In your own words, at most {LONGEST} characters.")

    def write(conn: Connection) -> Feedback:
        stored, at = _mine(conn, ctx, check_id, actor), ctx.clock.now()
        stated = None if stored.asked is None else challenges.stated_of(stored.asked, stored.check.noted)
        if stored.asked is not None and stated is None:
            raise Conflict("State the figure first.", remedy="The excerpt is shown after that.")
        view = stored.check.views[-1]
        note = Noted(subject or "section", "question" if subject else "confirm", text.strip())
        stored = happened(conn, ctx, stored, Event(Step.NOTED, at, view, asdict(note)), actor=actor)
        outcome = marked(stored.probe, subject, row, _reads(conn, ctx, stored)[1], stored.content["row"])
        told = {"sealed": dict(stored.content), "commitment": stored.commitment}
        body = {"outcome": str(outcome)}
        stored = happened(conn, ctx, stored, Event(Step.REVEALED, at, view, body), actor=actor, told=told)
        run = _run_of(conn, ctx, stored.run)
        if run.ended:
            _ended(conn, ctx, run, actor, at)
        return Feedback(stored.probe, outcome, stated)

    return ctx.database.write(write)


def _ended(conn: Connection, ctx: Context, run: Run, actor: Actor, at: datetime) -> None:
    told = {
        "run": run.id, "number": run.number, "missed": run.missed, "faults": run.faults, "objected": run.objected, "clean": run.clean,
        "passed": run.passed,
    }  # fmt: skip
    trail.append(
        conn, at=at, zone=ctx.zone, actor=actor, action=Action.REQUALIFICATION_ENDED, object_kind=RUN, object_id=run.id, new=told
    )  # fmt: skip


def certify(ctx: Context, *, run_id: str, reason: str, actor: Actor) -> Account:
    """Give the right to sign reviews until a year after the run, as the training lead, on a run that was passed.

    The reviewer's statistic of routine checks begins again with it. No run by itself does that: else whoever is warned would simply do one.
    Raise NotPermitted for one's own run, Conflict where the run was not passed, is certified, is a year old, or a later one was not passed.
    """

    def write(conn: Connection) -> Account:
        lead, run, at = person(conn, actor), _run_of(conn, ctx, run_id), ctx.clock.now()
        permit(lead, Role.TRAINING_LEAD)
        if run.account_id == lead.id:
            raise NotPermitted("Nobody certifies their own run.", remedy="Another training lead certifies it.")
        if not run.passed or run.certified:
            state = "is certified already" if run.certified else "was not passed"
            raise Conflict(f"Run {run.number} {state}.", remedy="Nothing was changed.")
        account = account_by_id(conn, run.account_id)
        if account is None:
            raise NotFound("The account is gone.", remedy="Nothing was changed.")
        if not run.certifiable:
            why = (
                "a later run of the same person ended outside the rule" if run.outdone else "it ended a year ago or earlier"
            )
            raise Conflict(f"Run {run.number} can no longer be certified: {why}.", remedy="The reviewer begins a new run.")
        basis = f"{CERTIFICATE} {run.number}"  # read by whoever sees accounts: the result is the person's and the training lead's
        held = Qualification("*", str(Meaning.REVIEW), utc_text(at)[:10], run.until.isoformat(), basis)
        for kind, object_id in ((RUN, run.id), (REVIEWER, run.account_id)):
            trail.append(
                conn, at=at, zone=ctx.zone, actor=actor, action=Action.QUALIFIED, object_kind=kind, object_id=object_id,
                new={"number": run.number, "outside_the_rule_before": run.before}, reason=said(reason, "A reason"),
            )  # fmt: skip
        return qualify(conn, account, held, by=actor, at=at, zone=ctx.zone)

    return ctx.database.write(write)
