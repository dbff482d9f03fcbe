"""What a site turns on and off: live oversight checks, activity summaries, the rates; and reports that carry no checks.

Turning on, and any change of the rates, is asked for by the training lead and approved by an approver, another person. Turning off takes
one person and no approval, at once: it ends every check that is going on. Who asked may withdraw it until it is decided. Each is a version of the configuration, with its entries.
"""

import tomllib
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.chain import Actor, Entry
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from audit.identity import Account, Role, permit, said
from audit.oversight.schedule import Rates
from drafting import lifecycle
from drafting.configuration import ConfigurationVersion, Configured, activate, in_force, versions
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.report_rows import SectionRow
from drafting.review_store import person
from drafting.store import load_report

REQUEST = "oversight_request"
REPORT = "report."  # before a report's id, in the name of its exclusion
ON, OFF = "on = true\n", "on = false\n"
ENDS = (Action.SWITCHED, Action.SWITCH_WITHDRAWN)  # of a request


class Switch(StrEnum):
    """What a site turns on; everything is off until then."""

    LIVE = "live checks"
    ACTIVITY = "activity summaries"
    EVIDENCE_FIRST = "evidence-first sections"  # key figures are stated before the draft shows
    QUALIFIED = "qualification before review"  # who signs a review holds a certificate of a qualification run


RATES = "rates"


@dataclass(frozen=True)
class Request:
    """A change that waits for its approval: what, its text, who asked and why."""

    id: str
    name: str
    text: str
    user_id: str
    account_id: str
    at: str
    reason: str


def is_on(conn: Connection, switch: Switch) -> bool:
    """Tell whether a switch stands on."""
    return _text(conn, str(switch)) == ON


def changes(ctx: Context) -> dict[Switch, ConfigurationVersion]:
    """Return the last change of each switch that was ever turned on: by whom, when and why."""
    with ctx.database.read() as conn:
        known = in_force(conn, Configured.OVERSIGHT)
    return {switch: known[str(switch)] for switch in Switch if str(switch) in known}


def rates(conn: Connection) -> Rates:
    """Return the rates in force; those of the release where the site approved none."""
    text = _text(conn, RATES)
    return rates_in(text) if text else Rates()


def excluded(conn: Connection, report_id: str) -> str:
    """Return why a report carries no oversight checks; "" where it may."""
    found = in_force(conn, Configured.OVERSIGHT).get(REPORT + report_id)
    return found.reason if found and found.text == ON else ""


def _text(conn: Connection, name: str) -> str:
    found = in_force(conn, Configured.OVERSIGHT).get(name)
    return found.text if found else ""


def rates_in(text: str) -> Rates:
    """Return rates from the text of their configuration; raise Invalid where it has none."""
    try:
        tree = tomllib.loads(text)
        return Rates(**{key: float(value) for key, value in tree.items()})
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise Invalid(
            "The rates cannot be read.", remedy="Give base, burst, long_run and evidence_first as numbers."
        ) from error


def rates_text(wanted: Rates) -> str:
    """Return rates as the text of their configuration."""
    return "".join(f"{name} = {value}\n" for name, value in asdict(wanted).items())


def request(ctx: Context, *, name: str, text: str, reason: str, actor: Actor) -> str:
    """Ask for a change, as the training lead; return the request's id."""
    if name not in {str(s) for s in Switch} | {RATES}:
        raise Invalid(f"There is nothing called '{name}' to change.", remedy=f"One of: {', '.join(Switch)}, {RATES}.")
    if name == RATES:
        rates_in(text)
    elif text != ON:
        raise Invalid("Only turning on is asked for.", remedy="Turn it off at once: that needs no approval.")

    def write(conn: Connection) -> str:
        permit(person(conn, actor), Role.TRAINING_LEAD)
        if any(waiting.name == name for waiting in _open(conn)):
            raise Conflict("A change of this waits for its approval already.", remedy="Have it approved first.")
        if _text(conn, name) == text:
            raise Conflict("That is in force already.", remedy="Nothing was changed.")
        request_id = ctx.new_id()
        trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.SWITCH_REQUESTED, object_kind=REQUEST,
            object_id=request_id, field=name, new={"text": text}, reason=said(reason, "A reason"),
        )  # fmt: skip
        return request_id

    return ctx.database.write(write)


def open_requests(ctx: Context) -> list[Request]:
    """Return the changes that wait for an approval, the oldest first."""
    with ctx.database.read() as conn:
        return _open(conn)


def _open(conn: Connection) -> list[Request]:
    entries = trail.entries(conn, object_kind=REQUEST)
    done = {entry.object_id for entry in entries if entry.action in ENDS}
    return [_request(e) for e in entries if e.action is Action.SWITCH_REQUESTED and e.object_id not in done]


def _request(entry: Entry) -> Request:
    text = entry.new["text"] if isinstance(entry.new, dict) else ""
    return Request(
        entry.object_id, entry.field or "", text, entry.actor.user_id, entry.actor.id, entry.at, entry.reason or ""
    )


def decide(ctx: Context, *, request_id: str, approve: bool, reason: str, actor: Actor) -> None:
    """Approve a change or refuse it, as an approver who is not the one that asked."""

    def write(conn: Connection) -> None:
        account = person(conn, actor)
        permit(account, Role.APPROVER)
        wanted = _waiting(conn, request_id)
        if wanted.account_id == account.id:
            raise NotPermitted("Who asked for a change does not approve it.", remedy="Another person approves.")
        if approve and account.has(Role.REVIEWER):
            raise NotPermitted(
                "Who reviews does not approve what oversees reviews.", remedy="An approver who does not review approves."
            )
        trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.SWITCHED, object_kind=REQUEST, object_id=request_id,
            field=wanted.name, new={"approved": approve, "asked_by": wanted.user_id}, reason=said(reason, "A reason"),
        )  # fmt: skip
        if approve:
            _put(
                conn,
                ctx,
                wanted.name,
                wanted.text,
                f"{reason.strip()} (asked for by {wanted.user_id}: {wanted.reason})",
                account,
                actor,
            )

    ctx.database.write(write)


def withdraw(ctx: Context, *, request_id: str, reason: str, actor: Actor) -> None:
    """Take back a change that waits for its approval, as the person who asked for it."""

    def write(conn: Connection) -> None:
        account, wanted = person(conn, actor), _waiting(conn, request_id)
        if wanted.account_id != account.id:
            raise NotPermitted("Who asked for a change withdraws it.", remedy="An approver refuses it.")
        trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.SWITCH_WITHDRAWN, object_kind=REQUEST,
            object_id=request_id, field=wanted.name, old={"text": wanted.text}, reason=said(reason, "A reason"),
        )  # fmt: skip

    ctx.database.write(write)


def _waiting(conn: Connection, request_id: str) -> Request:
    found = next((r for r in _open(conn) if r.id == request_id), None)
    if found is None:
        raise NotFound("No such change waits for an approval.", remedy="Load the page again.")
    return found


def turn_off(ctx: Context, *, switch: Switch, reason: str, actor: Actor) -> int:
    """Turn a switch off at once, and end every check that is going on; return how many were."""
    from drafting.probes.live import end_all  # noqa: PLC0415 - live reads the switches
    from drafting.probes.workflow import Why  # noqa: PLC0415 - as above

    def write(conn: Connection) -> int:
        account = person(conn, actor)
        permit(account, Role.TRAINING_LEAD, Role.APPROVER, Role.ADMINISTRATOR)
        if not is_on(conn, switch):
            raise Conflict(f"{str(switch).capitalize()} are off.", remedy="Nothing was changed.")
        _put(conn, ctx, str(switch), OFF, said(reason, "A reason"), account, actor)
        return end_all(conn, ctx, Why.SWITCHED_OFF, actor, ctx.clock.now()) if switch is Switch.LIVE else 0

    return ctx.database.write(write)


def exclude(ctx: Context, *, report_id: str, exclude: bool, reason: str, actor: Actor) -> None:
    """Keep a report free of oversight checks, or let it carry them again, as an approver."""
    from drafting.probes.live import end_all  # noqa: PLC0415 - as above
    from drafting.probes.workflow import Why  # noqa: PLC0415 - as above

    def write(conn: Connection) -> None:
        account = person(conn, actor)
        permit(account, Role.APPROVER)
        report = load_report(conn, report_id)
        if any(_reviews(section, account) for section in report.sections):
            raise NotPermitted(
                "Who reviews a report does not decide whether it carries checks.", remedy="Another approver decides."
            )
        if bool(excluded(conn, report_id)) is exclude:
            raise Conflict("The report is so already.", remedy="Nothing was changed.")
        _put(conn, ctx, REPORT + report_id, ON if exclude else OFF, said(reason, "A reason"), account, actor)
        if exclude:
            end_all(conn, ctx, Why.EXCLUDED, actor, ctx.clock.now(), report=report_id)

    ctx.database.write(write)


def _reviews(section: SectionRow, account: Account) -> bool:
    """Tell whether a person reviewed a section, or may be its reviewer."""
    acted = account.id in lifecycle.people(section, Capacity.REVIEWER)
    return acted or (account.has(Role.REVIEWER) and account.id not in lifecycle.people(section, Capacity.AUTHOR))


def _put(conn: Connection, ctx: Context, name: str, text: str, reason: str, account: Account, actor: Actor) -> None:
    number = len(versions(conn, Configured.OVERSIGHT, name)) + 1
    old = in_force(conn, Configured.OVERSIGHT).get(name)
    activate(
        conn, ctx, kind=Configured.OVERSIGHT, name=name, version=number, text=text, replaces=old.sha256 if old else "", reason=reason,
        account=account, actor=actor,
    )  # fmt: skip
