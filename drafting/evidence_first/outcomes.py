"""From figures stated before a draft to decisions on advice: what was stated, what the draft said, what stood in the end, what the evidence held.

In reviews the advice is the draft's figure and the end is the reviewer's last decision on its sentence: confirmed, it is what the confirmed
text says; questioned or proposed otherwise, the own figure. What was stated after the draft had been seen does not count, nor a section in
which an oversight check was shown in that round: it may have altered what was read. A draft prints its figures from the evidence, so that its
advice is hardly ever wrong; advice that is known to be wrong comes from qualification runs, which are told apart.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection, select

from audit.oversight.model import Estimate, withheld
from audit.oversight.reliance import Decision, are_measured, reliance
from drafting import tables
from drafting.context import Context
from drafting.evidence_first import challenges
from drafting.evidence_first.askings import Asking, askings
from drafting.evidence_first.figures import Stated, printed_in
from drafting.lifecycle import DECIDING, Capacity
from drafting.model import Sentence
from drafting.overseeing.figures import SITE_CHECKS, SITE_REVIEWERS, WAITING, in_steps, scarce
from drafting.probes.store import checks_of

REVIEWS, RUNS = "reviews", "qualification_runs"
MEASURES, WEIGHT = ("rair", "rsr", "switch_fraction", "agreement"), "weight_of_advice"
NONE_STATED = "no figure that was stated before a draft counts so far: it does once its sentence is decided"
Last = tuple[str, int]  # a decision, and the version of the sentence that it is on


def decisions(conn: Connection, ctx: Context) -> dict[str, list[Decision]]:
    """Return every decision on a figure that was stated before, of reviews and of qualification runs."""
    return {REVIEWS: _of_reviews(conn, ctx), RUNS: _of_runs(conn, ctx)}


def _of_reviews(conn: Connection, ctx: Context) -> list[Decision]:
    held = [one for one in askings(conn) if one.stated_at and not one.seen_before]
    checked = _checked(conn, ctx) if held else frozenset()
    found = []
    for one in held:
        if (one.section, one.account, one.round) not in checked:
            last = _last(conn, one)
            ends = [(stated, _end(conn, stated, last[stated.subject])) for stated in one.stated if stated.subject in last]
            found += [decision(one.account, stated, end) for stated, end in ends if stated.truth and end is not None]
    return found


def _of_runs(conn: Connection, ctx: Context) -> list[Decision]:
    found = []
    for one in checks_of(conn, ctx, tables.oversight_checks.c.run_id != ""):
        if one.asked is not None and one.check.ended:
            stated, end = challenges.stated_of(one.asked, one.check.noted), challenges.end_of(one.asked, one.check.noted)
            found += [decision(one.account, stated, end)] if stated is not None and end is not None else []
    return found


def _checked(conn: Connection, ctx: Context) -> frozenset[tuple[str, str, int]]:
    """Return the sections, persons and rounds in which an oversight check was shown."""
    found = checks_of(conn, ctx, tables.oversight_checks.c.run_id == "")
    return frozenset((one.section, one.account, one.round) for one in found if one.probe is not None and one.check.views)


def _last(conn: Connection, asking: Asking) -> dict[str, Last]:
    """Return a person's last decision, of those that nobody undid, on each sentence since the figures were stated."""
    made = tables.decisions.c
    undone = select(made.undoes).where(made.section_id == asking.section, made.decision == "undo")
    query = (
        select(made.subject, made.decision, made.version)
        .where(made.section_id == asking.section, made.account_id == asking.account, made.seq > asking.seq, made.id.not_in(undone))
        .where(made.capacity == str(Capacity.REVIEWER), made.decision.in_(DECIDING[Capacity.REVIEWER]))
        .order_by(made.seq)
    )  # fmt: skip
    return {row.subject: (row.decision, row.version) for row in conn.execute(query)}


def _end(conn: Connection, stated: Stated, last: Last) -> Decimal | None:
    """Return the figure that stood in the end: of the confirmed text, else the own one; None where there is neither."""
    made, version = last
    if made != "confirm":
        return stated.own
    versions = tables.sentence_versions.c
    body = conn.scalar(select(versions.body).where(versions.sentence_id == stated.subject, versions.version == version))
    sentence = Sentence.of(json.loads(body or "{}"))
    printed = printed_in(sentence.text, sentence.spans, stated.ref)
    return stated.own if printed is None else printed


def decision(reviewer: str, stated: Stated, end: Decimal) -> Decision:
    """Return a decision on advice as the measures of reliance take it; who could not tell has no answer before it. Pure."""
    return Decision(reviewer, truth=Decimal(stated.truth), advice=Decimal(stated.advice), final=end, initial=stated.own)


def measured(made: Sequence[Decision]) -> dict[str, Estimate]:
    """Return the measures of reliance over decisions, each with n and interval, or withheld with the reason. Pure."""
    if not any(one.initial is not None for one in made):
        return _withheld(0, NONE_STATED)
    found = reliance(made, measured=are_measured(made))
    return {**{name: found.rates[name] for name in MEASURES}, WEIGHT: found.weight_of_advice}


def _withheld(n: int, reason: str) -> dict[str, Estimate]:
    return dict.fromkeys((*MEASURES, WEIGHT), withheld(n, reason))


def of_site(made: Sequence[Decision]) -> dict[str, Estimate]:
    """Return the measures of everybody together, withheld where few people or figures stand behind them. Pure."""
    known = in_steps(made, lambda one: one.reviewer)
    if len(known) >= SITE_CHECKS:
        return measured(known)
    people = len({one.reviewer for one in made})
    few = people < SITE_REVIEWERS or len(made) < SITE_CHECKS
    reason = scarce(people, len(made), "figures")
    return _withheld(len(made), reason if few else WAITING)


def of_person(made: Mapping[str, Sequence[Decision]], account_id: str) -> dict[str, list[Decision]]:
    """Return the decisions of one person. Pure."""
    return {where: [one for one in found if one.reviewer == account_id] for where, found in made.items()}
