"""From summaries of views to what the schedule of checks hears of a reviewer: the reviews that ended, replayed. Nothing of it is stored.

What a burst began or ended with stands in the trail; between two such entries the memory is derived anew from the summaries that are still
kept. When old ones are deleted, the reviewer's pace is that of the first sections that are left.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, select

from audit.clock import utc_text
from audit.oversight.behaviour import (
    FIRST,
    Activity,
    Asked,
    Behaviour,
    Burst,
    Signal,
    after_section,
    fit_lengths,
    pace,
    signal,
)  # fmt: skip
from audit.oversight.model import Arm, Outcome
from audit.signatures import Meaning
from audit.tables import signatures
from drafting import tables
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.overseeing import activity
from drafting.overseeing.outcomes import result_of
from drafting.probes.store import checks_of

NEVER, EVER = "", "~"  # before and after every time as text
Probed = tuple[bool, float]  # missed, and what a healthy reviewer misses


@dataclass(frozen=True)
class Review:
    """One review of a section that ended by a signature or a return; `since` is the end of the one before."""

    since: str
    at: str
    section: str
    activity: Activity


@dataclass(frozen=True)
class Weighed:
    """A review as the schedule hears of it."""

    at: str
    signal: Signal
    probe: Probed | None


def ended(conn: Connection, ctx: Context, account_id: str) -> list[Review]:
    """Return the reviews of a person that ended and of which summaries are kept, in the order of their ends."""
    held = activity.of_person(conn, ctx, account_id)
    found = []
    for section, ends in _ends(conn, account_id).items():
        mine = [summary for summary in held if summary.section == section]
        for before, end in pairwise([NEVER, *sorted(ends)]):
            views = [summary for summary in mine if before < summary.opened_at <= end]
            if views:
                total = sum(summary.reported.active_ms for summary in views)
                found.append(Review(before, end, section, views[-1].activity(total)))
    return sorted(found, key=lambda review: (review.at, review.section))


def _ends(conn: Connection, account_id: str) -> dict[str, set[str]]:
    """Return when a person's reviews of each section ended."""
    found: dict[str, set[str]] = {}
    signed = select(signatures.c.at, signatures.c.payload).where(
        signatures.c.account_id == account_id, signatures.c.meaning == str(Meaning.REVIEW)
    )
    for at, payload in conn.execute(signed):
        for item in json.loads(payload)["items"]:
            found.setdefault(item["id"], set()).add(at)
    decided = tables.decisions.c
    returned = select(decided.section_id, decided.at).where(
        decided.account_id == account_id, decided.capacity == str(Capacity.REVIEWER), decided.decision == "return"
    )
    for section, at in conn.execute(returned):
        found.setdefault(section, set()).add(at)
    return found


def wish(conn: Connection, ctx: Context, account_id: str, noted: Sequence[tuple[str, bool]]) -> Asked | None:
    """Return what the reviews since the last noted change ask for; `noted` are times and whether a burst began then."""
    mine = ended(conn, ctx, account_id)
    if len(mine) <= FIRST:
        return None
    everybody = {who: [r.activity for r in ended(conn, ctx, who)] for who in activity.readers(conn)}
    lengths = fit_lengths(everybody)
    reader = pace([review.activity for review in mine[:FIRST]], lengths)
    if reader is None:
        return None
    probes = _probes(conn, ctx, account_id)
    later = mine[FIRST:]
    return replayed([Weighed(r.at, signal(r.activity, lengths, reader), _of(probes, r)) for r in later], noted)


def replayed(seen: Sequence[Weighed], noted: Sequence[tuple[str, bool]]) -> Asked | None:
    """Return what the stretch after the last noted change asks for; a burst that ended well has moved the baseline. Pure."""
    state, asked = Behaviour(), None
    for (since, burst), (until, _) in pairwise([(NEVER, False), *noted, (EVER, False)]):
        state = Behaviour(state.baseline, 0.0, Burst() if burst else None)
        state, asked = _stretch(state, [one for one in seen if since < one.at <= until])
    return asked


def _stretch(state: Behaviour, seen: Sequence[Weighed]) -> tuple[Behaviour, Asked | None]:
    for one in seen:
        state, asked = after_section(state, one.signal, one.probe)
        if asked is not None:
            return state, asked
    return state, None


def _probes(conn: Connection, ctx: Context, account_id: str) -> list[tuple[str, str, Probed]]:
    """Return section, end and result of a person's ended routine checks."""
    columns = tables.oversight_checks.c
    found = checks_of(conn, ctx, columns.account_id == account_id, columns.run_id == "")
    over = [one for one in found if one.probe is not None and one.check.outcome not in (None, Outcome.VOID)]
    counted = [one for one in over if one.arm is Arm.MACHINE]
    probes = []
    for one in counted:
        result = result_of(one)
        probes.append((one.section, utc_text(datetime.fromisoformat(result.at)), (result.missed, result.p_ok)))
    return probes


def _of(probes: Sequence[tuple[str, str, Probed]], review: Review) -> Probed | None:
    """Return the result of the check that a review met."""
    return next((p for section, at, p in probes if section == review.section and review.since < at <= review.at), None)
