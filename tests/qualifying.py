"""Reviewers who work through qualification runs, with what they find and miss decided beforehand."""

from audit import identity
from audit.identity import Account
from audit.oversight.model import Family
from drafting.context import Context
from drafting.evidence_first.figures import CANNOT_TELL
from drafting.probes import qualification
from drafting.probes.model import Probe
from drafting.probes.qualification import Feedback, Item, Run

WORDS = "It is not what the source holds"


def account_of(ctx: Context, user: str) -> Account:
    with ctx.database.read() as conn:
        found = identity.account_named(conn, user)
    assert found is not None
    return found


def run_of(ctx: Context, run_id: str) -> Run:
    return next(run for run in qualification.runs(ctx) if run.id == run_id)


def right(probe: Probe | None) -> str:
    """Return what a reviewer marks who sees everything."""
    return "" if probe is None or probe.family is Family.TOOL_FALSE else probe.subject


def wrong(probe: Probe | None) -> str:
    """Return what a reviewer marks who sees nothing, or too much."""
    return "section" if probe is None or probe.family is Family.TOOL_FALSE else ""


def work_through(ctx: Context, user: str, *, missed: int = 0, objected: int = 0) -> Run:
    """Begin a run and decide every item, so many of them wrongly."""
    actor = account_of(ctx, user).actor(session="s")
    run_id = qualification.start(ctx, actor=actor)
    left = {True: missed, False: objected}
    while (item := qualification.next_item(ctx, run_id=run_id, actor=actor)) is not None:
        stored = next(i for i in run_of(ctx, run_id).items if i.id == item.check_id)
        probe = stored.probe
        if stored.asked is not None:  # beside the rule
            qualification.state(ctx, check_id=item.check_id, answer=stored.asked["truth"], actor=actor)
            decide(ctx, user, item.check_id, right(probe))
            continue
        erring = left[probe is not None] > 0
        left[probe is not None] -= 1
        decide(ctx, user, item.check_id, (wrong if erring else right)(probe))
    return run_of(ctx, run_id)


def next_excerpt(ctx: Context, run_id: str, user: str) -> Item | None:
    """Return the next undecided item with its excerpt: which items ask for a figure first is drawn, and these are answered."""
    actor = account_of(ctx, user).actor(session="s")
    item = qualification.next_item(ctx, run_id=run_id, actor=actor)
    if item is None or item.figure is None or item.stated is not None:
        return item
    qualification.state(ctx, check_id=item.check_id, answer=CANNOT_TELL, actor=actor)
    return qualification.next_item(ctx, run_id=run_id, actor=actor)


def decide(ctx: Context, user: str, check_id: str, subject: str) -> Feedback:
    actor = account_of(ctx, user).actor(session="s")
    return qualification.decide(ctx, check_id=check_id, subject=subject, text=WORDS if subject else "", actor=actor)
