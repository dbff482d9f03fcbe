"""What oversight shows of one person at a time, each thing as the access table allows; and who stands behind the site's figures, unnamed.

There is no list of people with their figures: somebody is asked for by name, and is shown only where an alarm by name was raised. Nothing here
is told from behaviour: how a person looked at sections is shown to that person alone, as numbers of single views and not as a figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from audit.errors import NotPermitted
from audit.identity import Account, account_by_id
from audit.oversight.model import Estimate, Mode
from drafting import tables
from drafting.context import Context
from drafting.overseeing import activity
from drafting.overseeing.access import Thing, may
from drafting.overseeing.activity import Summary
from drafting.overseeing.figures import SITE_REVIEWERS, routine, seen_rate
from drafting.overseeing.outcomes import alarmed, results
from drafting.overseeing.pages import Ended, ended_of, places
from drafting.overseeing.pseudonyms import of_account
from drafting.overseeing.switches import Switch, is_on


@dataclass(frozen=True)
class Person:
    """One reviewer's checks and catch rates."""

    account_id: str
    user_id: str
    name: str
    checks: tuple[Ended, ...]
    routine: Estimate
    qualification: Estimate


def person(ctx: Context, account: Account, of: str) -> Person:
    """Return one person's outcomes to that person, and after a named alarm to the training lead and an auditor."""
    with ctx.database.read() as conn:
        about = account_by_id(conn, of)
        told = of in alarmed(conn)
        wanted = (Thing.OUTCOMES, Thing.CATCH_RATE, Thing.QUALIFICATIONS)
        if about is None or not all(may(account, thing, of, alarmed=told) for thing in wanted):
            raise NotPermitted(
                "These figures are told to the reviewer alone.",
                remedy="The training lead and an auditor see them after an alarm that names the reviewer.",
            )
        found = results(conn, ctx, of)
        return Person(
            of,
            about.user_id,
            about.printed_name,
            ended_of(conn, ctx, of),
            seen_rate(routine(found)),
            seen_rate(r for r in found if r.mode is Mode.QUALIFY),
        )


@dataclass(frozen=True)
class Looked:
    """What is kept of how a person looked at sections, and until when at the most."""

    on: bool
    days: int
    summaries: tuple[Summary, ...]
    places: Mapping[str, str]  # section -> how people call it


def looked(ctx: Context, account: Account) -> Looked:
    """Return a person's own activity summaries, the newest first; nobody else is shown them."""
    with ctx.database.read() as conn:
        held = activity.of_person(conn, ctx, account.id) if may(account, Thing.ACTIVITY, account.id) else ()
        where = places(conn, ctx, {one.section for one in held})
        return Looked(is_on(conn, Switch.ACTIVITY), activity.KEPT.days, held[::-1], where)


def behind(ctx: Context, account: Account) -> Sequence[str]:
    """Return the pseudonyms of those who stand behind the site's figures, by the pseudonym; few people would have names."""
    if not (may(account, Thing.SITE) and may(account, Thing.UNMASKING)):
        raise NotPermitted("Pseudonyms are for the training lead, approvers and auditors.", remedy="Ask one of them.")
    with ctx.database.read() as conn:
        people = _reviewers(conn)
    return sorted(of_account(ctx, one) for one in people) if len(people) >= SITE_REVIEWERS else []


def _reviewers(conn: Connection) -> set[str]:
    columns = tables.oversight_checks.c
    return set(conn.scalars(select(columns.account_id).where(columns.run_id == "")))
