"""The life of an oversight check, folded from its events, and what keeps a signature from resting on one. Pure.

A check is assigned and sealed before its section is shown, shown in one or more views of one reviewer, and ended by an outcome, which
reveals it in the same write, or by a reason that makes it void. After either the section is shown as it really reads, in a view
of its own; only decisions of such a view are a review. A check that holds no probe is assigned just the same and ends unseen.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from audit.errors import Conflict
from audit.oversight.model import Outcome

SOMETHING_MISSING = "incomplete"  # the category of a return that says so
LONGEST = timedelta(minutes=30)  # a probed view that stands longer is void


class Step(StrEnum):
    """What happens to a check."""

    ASSIGNED = "assigned"
    SHOWN = "shown"
    NOTED = "noted"
    REVEALED = "revealed"
    RESTORED = "restored"
    VOID = "void"
    DISPUTED = "disputed"
    DECIDED = "dispute decided"


class Why(StrEnum):
    """Why a check became void: nothing of it counts."""

    SIGNED_OUT = "signed out"
    TIMED_OUT = "shown for more than 30 minutes"
    CHANGED = "the section changed"
    SWITCHED_OFF = "oversight checks were switched off"
    EXCLUDED = "the report was excluded from oversight checks"
    KEY = "a new oversight key was begun"


BY_ONESELF = frozenset({Why.SIGNED_OUT, Why.TIMED_OUT})  # what the reviewer alone can bring about


@dataclass(frozen=True)
class Noted:
    """A decision that a reviewer took in a probed view: it is kept for the outcome and is no review."""

    subject: str  # sentence id, "table:ID" or "section"
    decision: str  # confirm, question, propose, return, undo
    text: str = ""
    category: str = ""  # of a return or a proposal
    reason: str = ""  # of a proposal, in own words


@dataclass(frozen=True)
class Event:
    """One step of a check, as stored; `at` is UTC."""

    step: Step
    at: datetime
    view: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """An oversight check as it now stands; `views` are those in which it was shown, none of which can carry a review."""

    state: Step
    ended_at: datetime | None = None  # when it was revealed or became void, the first of the two
    views: tuple[str, ...] = ()
    noted: tuple[Noted, ...] = ()
    outcome: Outcome | None = None
    why: str = ""  # it became void
    clean: str = ""  # the first view after its end that showed the section as it reads
    shown_at: datetime | None = None
    disputed: bool = False
    settled: bool = False  # the dispute was decided

    @property
    def open(self) -> bool:
        """Tell whether a person may have planted text before their eyes."""
        return self.state is Step.SHOWN

    @property
    def evaded(self) -> bool:
        """Tell whether its reviewer alone made it void: it stands in the way of no other check."""
        return self.state is Step.VOID and self.why in BY_ONESELF

    @property
    def ended(self) -> bool:
        """Tell whether it was revealed or became void."""
        return self.state in (Step.REVEALED, Step.RESTORED, Step.VOID)


ALLOWED: Mapping[Step, frozenset[Step]] = {
    Step.ASSIGNED: frozenset({Step.SHOWN, Step.VOID}),
    Step.SHOWN: frozenset({Step.SHOWN, Step.NOTED, Step.REVEALED, Step.VOID}),
    Step.REVEALED: frozenset({Step.RESTORED, Step.DISPUTED, Step.DECIDED}),
    Step.RESTORED: frozenset({Step.DISPUTED, Step.DECIDED}),
    Step.VOID: frozenset({Step.RESTORED}),
}


def fold(events: Sequence[Event]) -> Check:
    """Return the check that its events make; raise Conflict where they do not follow from each other."""
    if not events or events[0].step is not Step.ASSIGNED:
        raise Conflict("An oversight check begins with its assignment.", remedy="Verify the trail and tell QA.")
    check = Check(Step.ASSIGNED)
    for event in events[1:]:
        check = after(check, event)
    return check


def after(check: Check, event: Event) -> Check:
    """Return the check after one more event; raise Conflict where it cannot follow."""
    if event.step not in ALLOWED[check.state]:
        raise Conflict(
            f"An oversight check that is {check.state} cannot become {event.step}.", remedy="Load the section again."
        )
    if event.step is Step.NOTED:
        return replace(check, noted=(*check.noted, Noted(**event.body)))
    if event.step is Step.SHOWN:
        began = check.shown_at or event.at
        return replace(check, state=Step.SHOWN, views=(*check.views, event.view), shown_at=began)
    if event.step in (Step.DISPUTED, Step.DECIDED):
        return _disputed(check, event)
    if event.step is Step.RESTORED:
        return replace(check, state=check.state if check.state is Step.VOID else Step.RESTORED, clean=event.view)
    outcome = Outcome.VOID if event.step is Step.VOID else Outcome(event.body["outcome"])
    why = str(event.body.get("why", "")) if event.step is Step.VOID else ""
    return replace(check, state=event.step, outcome=outcome, ended_at=check.ended_at or event.at, why=why)


def _disputed(check: Check, event: Event) -> Check:
    deciding = event.step is Step.DECIDED
    if check.disputed is not deciding or check.settled:
        raise Conflict("A dispute is raised once, and decided once.", remedy="Load the page again.")
    upheld = deciding and bool(event.body["upheld"])
    return replace(check, disputed=True, settled=deciding, outcome=Outcome.VOID if upheld else check.outcome)


def timed_out(check: Check, now: datetime) -> bool:
    """Tell whether a check was before somebody's eyes for too long."""
    return check.open and check.shown_at is not None and now - check.shown_at > LONGEST


def outcome_of(
    noted: Sequence[Noted], *, planted: str, subjects: Iterable[str], places: Collection[str] = ()
) -> Outcome | None:
    """Return the outcome that decisions in a probed view amount to, or None while it is open.

    `planted` is where the fault stands, "section" for an omission; an objection there, or at one of `places`, locates it. `subjects` are
    what the reviewer decides in the section: a fault that stands elsewhere is accepted with the last of them.
    """
    last = {note.subject: note for note in noted}
    last = {subject: note for subject, note in last.items() if note.decision != "undo"}
    objected = {subject for subject, note in last.items() if note.decision in ("question", "propose")}
    if planted in objected or objected & set(places):
        return Outcome.CAUGHT
    returned = [note for note in noted if note.decision == "return"]
    if returned:
        located = planted == "section" and returned[-1].category == SOMETHING_MISSING
        return Outcome.CAUGHT if located else Outcome.UNLOCATED
    if planted in last and last[planted].decision == "confirm":
        return Outcome.MISSED
    if planted not in set(subjects) <= set(last):
        return Outcome.UNLOCATED if objected else Outcome.MISSED
    return None


@dataclass(frozen=True)
class Signing:
    """One section in a signature: the hash that is signed, the view it was last shown in with that view's hash, and when."""

    section: str
    hash: str
    view: str
    view_hash: str
    view_at: datetime
    decided_at: datetime | None  # of the signer's first standing decision, where the capacity decides
    text: str


def refusals(
    signing: Sequence[Signing], checks: Mapping[str, Sequence[Check]], planted: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return why a signature must not be given, empty where nothing stands against it; `checks` and `planted` by section.

    Fails closed: (a) what is signed was last shown in a view without a probe and reads the same; (b) no probe of the report
    is open; (c) no planted string stands in the text; (d) each probed section was decided again after its probe ended.
    """
    found = []
    probed = {view for held in checks.values() for check in held for view in check.views}
    if any(check.open for held in checks.values() for check in held):
        found.append("A section of this report that was opened for review is not decided.")
    for one in signing:
        if one.view in probed or one.view_hash != one.hash:
            found.append("A section was last shown otherwise than it is signed.")
        if any(string in one.text for string in planted.get(one.section, ())):
            found.append("A section holds words that do not agree with its evidence.")
        ends = [check.ended_at for check in checks.get(one.section, ()) if check.views and check.ended_at is not None]
        if any(one.view_at <= end for end in ends):
            found.append("A section is to be opened and read again.")
        if any(one.decided_at is not None and one.decided_at <= end for end in ends):
            found.append("A section is to be decided again.")
    return list(dict.fromkeys(found))
