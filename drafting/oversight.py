"""What oversight can say from the trail: decisions on machine-drafted sentences and outcomes of oversight checks, as rates with intervals.

The site's figures need enough people and checks; figures of a person reach others by the access table alone. Decisions are split by whether
the person had opened a source of the sentence of the own accord: an opening that the section's tier demanded is no behaviour.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from audit.identity import Account, accounts
from audit.oversight.estimates import rate
from audit.oversight.model import Arm, Estimate, ProbeResult
from audit.oversight.reliance import Decision
from drafting import tables
from drafting.context import Context
from drafting.evidence_first import outcomes
from drafting.lifecycle import Capacity
from drafting.model import Origin
from drafting.overseeing import figures, natural
from drafting.overseeing.access import Thing, may
from drafting.overseeing.outcomes import alarmed, results

COUNTED = {str(Capacity.AUTHOR): ("accept", "edit", "reject"), str(Capacity.REVIEWER): ("confirm", "question", "propose")}
CHECKED, STATED, RELIANCE = "oversight checks", "evidence first", "evidence_first"
RULE = (
    f"Figures of the site need {figures.SITE_REVIEWERS} persons and, of oversight checks, {figures.SITE_CHECKS} checks; they take in new ones "
    f"with those of {figures.SITE_REVIEWERS} reviewers at once. "
    "Figures of a person are told to that person (verascribe --user NAME oversight report) and, once an alarm names them, to the training "
    "lead and an auditor."
)


@dataclass(frozen=True)
class Decided:
    """One decision on a machine-drafted sentence; `opened` says that a source of it was opened before of the own accord."""

    account: str
    user: str
    capacity: str
    decision: str
    subject: str
    hash: str
    opened: bool


def measures(ctx: Context, *, account: Account, site_only: bool = False) -> dict[str, Any]:
    """Return the site's measures and, unless `site_only`, those of the persons that the account may see."""
    with ctx.database.read() as conn:
        decisions, everybody, beside = decided(conn), results(conn, ctx), _natural(conn, ctx)
        stated = outcomes.decisions(conn, ctx)
        told, alone = alarmed(conn), figures.routine(results(conn, ctx, arm=Arm.HUMAN))
        named = {one.id: one.user_id for one in accounts(conn) if one.id in told and _sees(account, one.id)}
    site = _site(account, decisions, everybody, beside)
    if may(account, Thing.SITE):
        site["human_alone"] = figures.pooled_rate(alone).tree()
        site[RELIANCE] = {where: _trees(outcomes.of_site(made)) for where, made in stated.items()}
    people = []
    if not site_only:
        people = [*_own(account, decisions, everybody), *_checked(named, decisions, everybody)]
        people += _stated({account.id: account.user_id, **named}, stated)
    return {"rule": RULE, "site": site, "reviewers": people}


def _stated(people: Mapping[str, str], stated: Mapping[str, Sequence[Decision]]) -> list[dict[str, Any]]:
    """Return the reliance of persons on drafts; of one who stated nothing there is nothing to tell."""
    held = {user: outcomes.of_person(stated, person) for person, user in people.items()}
    return [
        {"reviewer": user, "capacity": STATED, **{where: _trees(outcomes.measured(made)) for where, made in found.items()}}
        for user, found in held.items()
        if any(found.values())
    ]


def _trees(figures: Mapping[str, Estimate]) -> dict[str, dict[str, Any]]:
    return {name: figure.tree() for name, figure in figures.items()}


def _sees(account: Account, person: str) -> bool:
    """Tell whether an account sees the figures of another person, about whom a named alarm was raised."""
    return person != account.id and may(account, Thing.CATCH_RATE, person, alarmed=True)


def _site(
    account: Account, decisions: Sequence[Decided], everybody: Sequence[ProbeResult], beside: figures.Natural
) -> dict[str, Any]:
    if not may(account, Thing.SITE):
        return {"withheld": "the roles of this account do not see the site's figures"}
    return {
        "decisions": len(decisions),
        **{capacity: _of_site([d for d in decisions if d.capacity == capacity], capacity) for capacity in COUNTED},
        "checks": figures.site(everybody, clean_of(decisions), beside),
    }


def decided(conn: Connection) -> list[Decided]:
    """Return the decisions that nobody undid, in their order."""
    d, o = tables.decisions.c, tables.openings.c
    undone = select(d.undoes).where(d.decision == "undo")
    opened = (
        select(o.id)
        .where(
            o.subject == d.subject,
            o.account_id == d.account_id,
            o.capacity == d.capacity,
            o.at <= d.at,
            o.demanded.is_(False),
        )
        .exists()
    )
    query = (
        select(d.account_id, d.user_id, d.capacity, d.decision, d.subject, d.hash, opened.label("opened"))
        .join_from(tables.decisions, tables.sentences, d.subject == tables.sentences.c.id)
        .where(tables.sentences.c.origin == str(Origin.MACHINE), d.id.not_in(undone))
        .order_by(d.seq)
    )
    rows = [Decided(*row) for row in conn.execute(query)]
    return [row for row in rows if row.decision in COUNTED.get(row.capacity, ())]


def clean_of(decisions: Iterable[Decided]) -> figures.Clean:
    """Return the texts that reviewers confirmed, and those of them that the same person first objected to though nothing changed since."""
    confirmed: set[tuple[str, str, str]] = set()
    objected: set[tuple[str, str, str]] = set()
    for d in decisions:
        if d.capacity == Capacity.REVIEWER:
            (confirmed if d.decision == "confirm" else objected).add((d.account, d.subject, d.hash))
    return figures.Clean(len(confirmed), len(confirmed & objected))


def _natural(conn: Connection, ctx: Context) -> figures.Natural:
    faults = natural.natural_faults(conn, ctx)
    return figures.Natural(
        natural.accepted_sections(conn),
        frozenset(f.section for f in faults if f.escaped),
        tuple(natural.recaptured(faults, natural.double_reviewed(conn))),
    )


def _of_site(decisions: Sequence[Decided], capacity: str) -> dict[str, Any]:
    people = len({d.account for d in decisions})
    if people < figures.SITE_REVIEWERS:
        return {"decisions": len(decisions), "withheld": f"fewer than {figures.SITE_REVIEWERS} persons"}
    return _measured(decisions, capacity)


def _own(account: Account, decisions: Sequence[Decided], everybody: Sequence[ProbeResult]) -> list[dict[str, Any]]:
    rows = []
    for capacity in COUNTED:
        held = [d for d in decisions if d.account == account.id and d.capacity == capacity]
        if held:
            rows.append({"reviewer": account.user_id, "capacity": capacity, **_measured(held, capacity)})
    return [*rows, *_checked({account.id: account.user_id}, decisions, everybody)]


def _checked(
    people: Mapping[str, str], decisions: Sequence[Decided], everybody: Sequence[ProbeResult]
) -> list[dict[str, Any]]:
    """Return the outcomes of checks of some persons; of one without checks there is nothing to tell."""
    rows = []
    for person, user in people.items():
        held = [r for r in everybody if r.reviewer == person]
        if held:
            clean = clean_of(d for d in decisions if d.account == person)
            rows.append({"reviewer": user, "capacity": CHECKED, **figures.own(held, everybody, clean)})
    return rows


def _measured(decisions: Sequence[Decided], capacity: str) -> dict[str, Any]:
    split = {"after_opening": True, "without_opening": False}
    return {
        **_rates(decisions, capacity),
        **{name: _rates([d for d in decisions if d.opened is opened], capacity) for name, opened in split.items()},
    }


def _rates(decisions: Sequence[Decided], capacity: str) -> dict[str, Any]:
    counted, n = Counter(d.decision for d in decisions), len(decisions)
    return {"decisions": n, **{f"{kind}_rate": rate(counted[kind], n).tree() for kind in COUNTED[capacity]}}
