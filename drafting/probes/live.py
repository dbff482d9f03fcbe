"""Oversight checks in routine work: assigned when a reviewer first opens a section, shown for that review alone, ended by what they decide.

The stored text never holds a fault: `shown` puts it into the picture, and is the only place that does. A decision in such a view
is noted for the outcome and is no review: `review_store.check_view` refuses the view. At the outcome the check is revealed in the same
write, and the section is shown as it reads, to be reviewed.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import NotFound, NotPermitted, Stale
from audit.identity import Account, Role, permit
from audit.oversight.model import Family, Mode, Outcome
from audit.oversight.schedule import Circumstances, Rates, assignment, exclusions, rate_in_force
from drafting import demands, lifecycle, tables
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.model import Severity
from drafting.overseeing import bursts, difficulties
from drafting.overseeing.outcomes import after_outcome
from drafting.overseeing.switches import Switch, excluded, is_on, rates
from drafting.probes import typed
from drafting.probes.aftermath import notices
from drafting.probes.generator import candidates, choose
from drafting.probes.keys import keys_in_force
from drafting.probes.model import Probe
from drafting.probes.noting import complete
from drafting.probes.overlay import findings_shown, overlay, planted, with_notes
from drafting.probes.store import Stored, assign, checks_of, happened, not_over, of_view, void
from drafting.probes.typed import Quoting
from drafting.probes.workflow import Event, Noted, Step, Why, outcome_of, timed_out
from drafting.queries import Loaded, load
from drafting.readmodel import SectionView
from drafting.report_rows import SectionRow
from drafting.review_store import person, refuse_closed, refuse_rejected, rounds
from drafting.store import load_report, report_of_section

GENERATOR = "2"  # version of how faults are made and chosen; under change control with the rates


@dataclass(frozen=True)
class Reveal:
    """What a reviewer is told at the outcome: the fault, what the evidence says, and what they had written.

    `kept` was noted, `taken` is what they were typing with planted words in it, `quoting` what they wrote elsewhere that says them.
    """

    check_id: str
    probe: Probe
    outcome: Outcome
    kept: tuple[Noted, ...]
    taken: tuple[str, ...] = ()
    quoting: tuple[Quoting, ...] = ()


def shown(conn: Connection, ctx: Context, view: SectionView, view_id: str, account: Account) -> SectionView:
    """Return the picture under a view: with what was planted for it and what was noted in it, else as the section reads."""
    view = replace(view, notices=notices(conn, view_id, view.summary.id, account.id))
    stored = of_view(conn, ctx, view_id)
    if stored is None or stored.probe is None or not stored.check.open or stored.account != account.id or view.hidden:
        return view
    if view.canonical_hash != stored.probe.canonical_hash:
        return view  # the check ends at the next act; the page says that the section changed
    return with_notes(overlay(view, stored.probe), stored.check.noted, stored.id, account.user_id, stored.at)


def open_checks(conn: Connection, ctx: Context, loaded: Loaded, account: Account) -> dict[str, Stored]:
    """Return the checks that stand before a person's eyes, by section: of the sections whose picture for them is not what they say."""
    columns = tables.oversight_checks.c
    mine = (columns.report_id == loaded.report.id, columns.account_id == account.id, columns.run_id == "")
    found = [one for one in checks_of(conn, ctx, *mine) if one.probe is not None and one.check.open]
    sections = {section.id: section for section in loaded.report.sections}
    return {
        one.section: one
        for one in found
        if one.probe is not None and lifecycle.canonical_hash(sections[one.section]) == one.probe.canonical_hash
    }


def seen_by(conn: Connection, ctx: Context, loaded: Loaded, account: Account) -> Loaded:
    """Return a report with its findings as open checks show them to a person: what a review of it asks for follows from these."""
    found = dict(loaded.findings)
    for section, stored in open_checks(conn, ctx, loaded, account).items():
        if stored.probe is not None and section in found:
            found[section] = findings_shown(found[section], stored.probe)
    return replace(loaded, findings=found)


def opened(
    conn: Connection, ctx: Context, loaded: Loaded, view: SectionView, account: Account, actor: Actor, at: datetime
) -> None:
    """Settle, assign and note the view of a section that was just opened, before it is shown."""
    if not view.view_id:
        return
    section = loaded.report.section(view.summary.id)
    mine = checks_of(
        conn, ctx, tables.oversight_checks.c.section_id == section.id, tables.oversight_checks.c.account_id == account.id,
        tables.oversight_checks.c.run_id == "",
    )  # fmt: skip
    mine = tuple(settled(conn, ctx, one, section, actor, at) for one in mine)
    if view.hidden:  # nothing of the section is shown in it
        return
    waiting = next((one for one in mine if not one.check.ended and one.round == rounds(loaded)), None)
    if waiting is None and _assignable(conn, loaded, view, section, account, mine):
        waiting = _assigned(conn, ctx, loaded, view, section, account, actor, at)
    if waiting is not None:  # also of a check that holds nothing: each look leaves the same entries
        body = {"session": actor.session, "canonical": view.canonical_hash}
        happened(conn, ctx, waiting, Event(Step.SHOWN, at, view.view_id, body), actor=actor)
        return
    for one in mine:
        if one.check.views and one.check.ended and not one.check.clean:
            body = {"canonical": view.canonical_hash}
            happened(conn, ctx, one, Event(Step.RESTORED, at, view.view_id, body), actor=actor)


def settled(conn: Connection, ctx: Context, stored: Stored, section: SectionRow, actor: Actor, at: datetime) -> Stored:
    """Return the check, made void first where it may not go on."""
    why = _over(conn, stored, section, actor, at)
    if why is None or stored.check.ended or not stored.check.views:
        return stored
    return _void(conn, ctx, stored, why, actor, at)


def _void(conn: Connection, ctx: Context, stored: Stored, why: Why, actor: Actor, at: datetime) -> Stored:
    stored = void(conn, ctx, stored, why, actor, at)
    typed.ended(conn, stored, at)
    return stored


def _over(conn: Connection, stored: Stored, section: SectionRow, actor: Actor, at: datetime) -> Why | None:
    probe = stored.probe
    if probe is None or stored.check.ended:
        return None
    if not is_on(conn, Switch.LIVE):
        return Why.SWITCHED_OFF
    if excluded(conn, stored.report):
        return Why.EXCLUDED
    if lifecycle.canonical_hash(section) != probe.canonical_hash:
        return Why.CHANGED
    if timed_out(stored.check, at):
        return Why.TIMED_OUT
    gone = stored.account == actor.id and stored.check.open and stored.session != actor.session
    return Why.SIGNED_OUT if gone else None


def _assignable(
    conn: Connection, loaded: Loaded, view: SectionView, section: SectionRow, account: Account, mine: Sequence[Stored]
) -> bool:
    """Tell whether this is the first look of a reviewer at a section of this round, with nothing decided yet."""
    if view.capacity != Capacity.REVIEWER or view.hidden or not is_on(conn, Switch.LIVE):
        return False
    if lifecycle.state(section) != "authored" or "submitted" not in loaded.report.events or loaded.stale[section.id]:
        return False
    round_ = rounds(loaded)
    decided = any(d.account_id == account.id and d.capacity == Capacity.REVIEWER for d in section.decisions)
    return not decided and not any(one.round == round_ and not one.check.evaded for one in mine)


def _assigned(
    conn: Connection,
    ctx: Context,
    loaded: Loaded,
    view: SectionView,
    section: SectionRow,
    account: Account,
    actor: Actor,
    at: datetime,
) -> Stored:
    """Seal and store whether the section carries a fault for this reviewer, and which."""
    held, round_, in_force = _history(conn, ctx, account), rounds(loaded), rates(conn)
    burst = bursts.settled(conn, ctx, account.id, actor, at) or held.evading
    rate = rate_in_force(in_force, burst=burst, probed=held.probed, sections=held.sections)
    evaded = sum(1 for one in held.routine if (one.section, one.round) == (section.id, round_) and one.check.evaded)
    review_id = f"{loaded.report.id}/{round_}/{account.id}" + (f"/again {evaded}" if evaded else "")
    drawn, proof = assignment(keys_in_force(conn, ctx, at).drawing, review_id, section.id, rate)
    left_out = exclusions(_circumstances(conn, ctx, loaded, section, held, at))
    material = (view, loaded.packs[section.id], loaded.outline_of(section))
    eligible = candidates(*material, difficulties.of_site(conn, ctx))  # of every section: the time would tell which is drawn
    made = _made(eligible, proof, held.used)
    strings = list(planted(view, made)) if made else []
    probe = made if drawn and not left_out else None
    content = {
        "probe": probe.tree() if probe else None, "planted": strings if probe else [], "rate": str(rate),
        "mode": str(Mode.BURST if burst else Mode.BASE), "rates": _told(in_force), "generator": GENERATOR, "review": review_id, "section": section.id,
        "proof": proof, "drawn": drawn, "eligible": len(eligible), "left_out": [str(reason) for reason in left_out if drawn],
        "arm": str(probe.arm(drafted=any(s.drafted is not None for s in section.sentences))) if probe else "",
    }  # fmt: skip
    return assign(
        conn, ctx, content, report=loaded.report.id, section=section.id, account=account.id, round_=round_, actor=actor, at=at
    )  # fmt: skip


def _told(in_force: Rates) -> dict[str, str]:
    return {"base": str(in_force.base), "burst": str(in_force.burst), "long_run": str(in_force.long_run)}


def _made(eligible: Sequence[Probe], proof: str, used: frozenset[str]) -> Probe | None:
    """Return the fault that the proof's number chooses among those that are eligible and new to this reviewer."""
    fresh = [probe for probe in eligible if instance(probe) not in used]
    return choose(fresh, random.Random(proof)) if fresh else None  # noqa: S311 - reproducible; the proof is the secret


def instance(probe: Probe) -> str:
    """Return what makes a fault the same as another: where it stands and what it says."""
    return digest(canonical([probe.section_id, str(probe.fault), [repr(edit) for edit in probe.edits], repr(probe.flag)]))


@dataclass(frozen=True)
class _Held:
    """What a reviewer had so far: sections and probes of the last year, and the faults that were shown."""

    checks: tuple[Stored, ...]

    @property
    def routine(self) -> tuple[Stored, ...]:
        return tuple(one for one in self.checks if not one.run)

    @property
    def sections(self) -> int:
        return len(self.routine)

    @property
    def probed(self) -> int:
        return len(self.probes)

    @property
    def probes(self) -> tuple[Stored, ...]:
        """Return the checks with a fault that count: one that the reviewer made void uses up nothing of what is allowed."""
        return tuple(one for one in self.routine if one.probe is not None and not one.check.evaded)

    @property
    def evading(self) -> bool:
        """Tell whether the last check with a fault that is over was made void by the reviewer alone: until the next outcome they are denser."""
        over = [one for one in self.routine if one.probe is not None and one.check.ended_at is not None]
        return bool(over) and max(over, key=lambda one: str(one.check.ended_at)).check.evaded

    @property
    def used(self) -> frozenset[str]:
        return frozenset(instance(one.probe) for one in self.checks if one.probe is not None)


def _history(conn: Connection, ctx: Context, account: Account) -> _Held:
    columns = tables.oversight_checks.c
    return _Held(checks_of(conn, ctx, columns.account_id == account.id))


def _circumstances(
    conn: Connection, ctx: Context, loaded: Loaded, section: SectionRow, held: _Held, at: datetime
) -> Circumstances:
    columns = tables.oversight_checks.c
    everybody = checks_of(conn, ctx, columns.report_id == loaded.report.id, columns.run_id == "")
    today = utc_text(at)[:10]
    routine = held.probes
    why = excluded(conn, loaded.report.id)
    return Circumstances(
        quality_excluded=bool(why),
        known_fault=any(f.severity is Severity.BLOCKS for f in loaded.findings[section.id]),
        probe_open=any(one.check.open for one in everybody if one.probe is not None),
        sections=len(loaded.report.sections),
        probes_in_document=sum(1 for one in routine if one.report == loaded.report.id),
        probes_today=sum(1 for one in routine if one.at[:10] == today),
    )


def decide(ctx: Context, *, seen: str, note: Noted, actor: Actor) -> Reveal | Noted | None:
    """Note what a reviewer decided where their view holds a check; None where it holds none: then the act is an ordinary one.

    A view that stands no longer (time-out, sign-out, a change of the section) raises Stale, after its check became void.
    """
    complete(note)

    def write(conn: Connection) -> Callable[[], Reveal | Noted | None]:
        stored = of_view(conn, ctx, seen)
        if stored is None:
            return lambda: None
        account = person(conn, actor)
        permit(account, Role.REVIEWER)
        if stored.account != account.id:
            raise NotPermitted("This view was shown to another person.", remedy="Open the section yourself.")
        loaded = load(conn, ctx, report_of_section(conn, stored.section), only=stored.section)
        refuse_closed(loaded)
        section, at = loaded.report.section(stored.section), ctx.clock.now()
        stored = settled(conn, ctx, stored, section, actor, at)
        if not stored.check.open:
            return _stale
        _known(loaded, section, note.subject)
        stored = happened(conn, ctx, stored, Event(Step.NOTED, at, seen, asdict(note)), actor=actor)
        ended = _ended(conn, ctx, stored, demands.subjects(section, loaded.packs[section.id]), actor, at, seen)
        return lambda: ended or note

    return ctx.database.write(write)()


def _stale() -> Reveal | Noted | None:
    raise Stale("This view of the section stands no longer.", remedy="Load the section again; nothing was changed.")


def _known(loaded: Loaded, section: SectionRow, subject: str) -> None:
    if subject in {s.id for s in section.sentences}:
        refuse_rejected(section, subject)
    known = {s.id for s in lifecycle.current(section)} | {f"table:{t.id}" for t in loaded.packs[section.id].tables}
    if subject not in known | {"section"}:
        raise NotFound("That is no sentence or table of this section.", remedy="Load the page again.")


def _ended(
    conn: Connection, ctx: Context, stored: Stored, decided: Sequence[str], actor: Actor, at: datetime, seen: str
) -> Reveal | None:
    probe = stored.probe
    subjects = [subject for subject in decided if probe is not None and subject not in probe.gone]
    outcome = (
        None
        if probe is None
        else outcome_of(stored.check.noted, planted=probe.subject, places=probe.places, subjects=subjects)
    )
    if probe is not None and outcome is not None and probe.family is Family.TOOL_FALSE:
        outcome = Outcome.CAUGHT if outcome is Outcome.MISSED else Outcome.MISSED  # to confirm in spite of the flag is right
    if probe is None or outcome is None:
        return None
    body = {"outcome": str(outcome)}
    told = {
        "sealed": dict(stored.content),
        "commitment": stored.commitment,
        "section": stored.section,
        "report": stored.report,
    }
    stored = happened(conn, ctx, stored, Event(Step.REVEALED, at, seen, body), actor=actor, told=told)
    taken = typed.ended(conn, stored, at)
    after_outcome(conn, ctx, stored, actor, at)
    quoting = typed.quoting(load_report(conn, stored.report), stored)
    return Reveal(stored.id, probe, outcome, tuple(typed.last_typed(stored)), taken, quoting)


def end_all(conn: Connection, ctx: Context, why: Why, actor: Actor, at: datetime, *, report: str = "") -> int:
    """Make every check of routine work that has not ended void, of one report or of all, also those that no key opens; return how many."""
    going = [one for one in not_over(conn, ctx) if not one.run and report in ("", one.report) and (one.probe or one.lost)]
    for one in going:
        _void(conn, ctx, one, why, actor, at)
    return len(going)
