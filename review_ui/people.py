"""Accounts, qualifications, keys and alarms as labels, badges and table lines. Pure."""

from collections.abc import Iterable

from audit.alarms import Alarm, Raised
from audit.enrolment import Enrolled, Request
from audit.identity import Account, Qualification
from drafting.accounts import State
from drafting.probes.qualification import rests_on
from prompts.outline import Outline
from review_ui.presenters import Badge, moment

EVERY = "every section"
STATE_BADGES = {
    State.ACTIVE: Badge("active", ":material/check_circle:", "green"),
    State.LOCKED: Badge("locked", ":material/lock:", "red"),
    State.FIRST_PASSWORD: Badge("first password", ":material/password:", "orange"),
    State.DEACTIVATED: Badge("deactivated", ":material/person_off:", "gray"),
}
KEY_ACTIVE = Badge("active", ":material/verified_user:", "green")
KEY_MISSING = Badge("no key yet", ":material/key_off:", "gray")
KEY_WAITING = Badge("waits for attestation", ":material/hourglass_top:", "orange")
ALARM_ICONS = {
    Alarm.LOCK_OUT: ":material/lock:",
    Alarm.FAILED_SIGNING: ":material/gpp_bad:",
    Alarm.TRAIL_BROKEN: ":material/link_off:",
    Alarm.CLOCK_STEP: ":material/history_toggle_off:",
    Alarm.CONFIGURATION: ":material/tune:",
    Alarm.OVERSIGHT: ":material/fact_check:",
}


def role_label(role: str) -> str:
    """Return a role as people read it."""
    return role.replace("_", " ")


def section_titles(outlines: Iterable[Outline]) -> dict[str, str]:
    """Return the title of every section kind by its key, `*` first."""
    return {"*": EVERY} | {section.key: section.title for outline in outlines for section in outline.sections}


def currency(held: Qualification, today: str) -> str:
    """Return whether a qualification counts on a day."""
    if today < held.valid_from:
        return "not yet"
    return "current" if today <= held.valid_until else "expired"


def qualification_line(titles: dict[str, str], held: Qualification, today: str) -> dict[str, str]:
    """Return a qualification as a line of a table."""
    return {
        "section": titles.get(held.section_kind, held.section_kind),
        "meaning": held.meaning,
        "from": held.valid_from,
        "until": held.valid_until,
        "state": currency(held, today),
        "rests on": rests_on(held),
    }


def account_line(account: Account, state: State, keys: list[Enrolled], waiting: Request | None) -> dict[str, str]:
    """Return an account as a line of a table."""
    checked = account.identity_verified
    return {
        "user id": account.user_id,
        "name": account.printed_name,
        "roles": ", ".join(role_label(role) for role in account.roles),
        "state": str(state),
        "identity verified": f"{checked[1]} by {checked[0]}" if checked else "no",
        "signing key": "waits for attestation" if waiting else f"since {keys[0].at[:10]}" if keys else "none",
        "qualifications": str(len(account.qualifications) or "none"),
    }


def finds(account: Account, words: str) -> bool:
    """Tell whether every word of a filter stands in the account's user id, name or roles."""
    text = " ".join((account.user_id, account.printed_name, *map(role_label, account.roles))).casefold()
    return all(word in text for word in words.casefold().split())


def alarm_text(alarm: Raised) -> str:
    """Return what an alarm is about, in a line."""
    told = alarm.entry.new if isinstance(alarm.entry.new, dict) else {}
    who = str(told.get("user_id", ""))
    return {
        Alarm.LOCK_OUT: f"{who} is locked out after {told.get('failures', '')} failed attempts",
        Alarm.FAILED_SIGNING: f"Signing as {who} failed: wrong user id or passphrase",
        Alarm.TRAIL_BROKEN: f"Verifying the trail found {told.get('findings', '')} fault(s); the first: {told.get('first', '')}",
        Alarm.CLOCK_STEP: f"The clock of this machine stepped back to {alarm.entry.new}",
        Alarm.CONFIGURATION: f"The configuration is not the confirmed one: {told.get('first', '')}",
        Alarm.OVERSIGHT: "Oversight checks raised an alarm: the training lead sees what it is about",
    }[alarm.kind]


def alarm_line(alarm: Raised) -> dict[str, str]:
    """Return an acknowledged alarm as a line of a table."""
    done = alarm.acknowledged
    return {
        "raised": moment(alarm.entry.at),
        "alarm": str(alarm.kind),
        "about": alarm_text(alarm),
        "acknowledged": f"{done.actor.user_id}, {moment(done.at)}" if done else "",
        "comment": (done.reason or "") if done else "",
    }
