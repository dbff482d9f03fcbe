"""What stands around every page: who is signed in and as what, sign-out, the disclosure of oversight checks and the demo banner."""

from dataclasses import dataclass

import streamlit as st
from sqlalchemy import Connection

from audit.chain import Actor
from audit.enrolment import requests
from audit.identity import Account, Role
from drafting.context import Context
from drafting.overseeing.sight import alarms_for
from drafting.overseeing.switches import Switch, excluded, is_on
from review_ui.presenters import plain

# a plain form: only an answer over HTTP can take the cookie away, and it leads to the sign-in page without a menu
SIGN_OUT = (
    '<form method="post" action="/signout" target="_self"><button type="submit" style="font:inherit;padding:.3rem .8rem;'
    'border:1px solid #c9d3d7;border-radius:.25rem;background:#fff;color:#0f5c63;cursor:pointer">Sign out</button></form>'
)


DISCLOSURE = "This system contains oversight checks: sections may hold a planted fault, shown to one reviewer and revealed as soon as they decide."

DISCLOSED = {
    Switch.LIVE: DISCLOSURE,
    Switch.EVIDENCE_FIRST: "Some sections, drawn at random, ask a reviewer for figures from the sources before their draft shows.",
    Switch.ACTIVITY: "How long a reviewer's views are shown, and which sources are opened, is kept for 90 days and shown to that reviewer alone.",
}
WAITS = {  # while live checks are on: the same of every section, whatever it holds
    "reviewer": (
        "Live checks are on: sign once every section that you opened is decided, or half an hour after opening it. Others see your decisions half an "
        "hour later, or signed."
    ),
    "approver": "Live checks are on: what a reviewer opened in the last half hour is approved once its review is signed, or after that half hour.",
}


@dataclass(frozen=True)
class Visit:
    """One run of one page by a signed-in person."""

    ctx: Context
    account: Account
    actor: Actor
    token: str
    demo: bool


def disclosed(conn: Connection) -> list[str]:
    """Return what everybody is told of oversight that is on."""
    return [words for switch, words in DISCLOSED.items() if is_on(conn, switch)]


def wait(visit: Visit, report_id: str, capacity: str) -> None:
    """Say beforehand how long somebody waits with a signature in a report that may carry live checks."""
    if capacity not in WAITS:
        return
    with visit.ctx.database.read() as conn:
        waits = is_on(conn, Switch.LIVE) and not excluded(conn, report_id)
    if waits:
        st.caption(f":material/schedule: {WAITS[capacity]}")


def heading(visit: Visit) -> None:
    """Show what this is, and that a demo is one."""
    with st.sidebar:
        st.markdown("**Verascribe**")
        if visit.demo:
            st.badge("DEMO: synthetic quality events", icon=":material/science:", color="orange")
        if visit.account.has(Role.ADMINISTRATOR):
            _waiting(visit)


def _waiting(visit: Visit) -> None:
    """Tell an administrator on every page what waits under Administration."""
    with visit.ctx.database.read() as conn:
        alarms = sum(alarm.acknowledged is None for alarm in alarms_for(conn, visit.account))
        keys = len(requests(conn))
    if alarms:
        st.badge(f"open alarms: {alarms}", icon=":material/notification_important:", color="red")
    if keys:
        st.badge(f"keys to attest: {keys}", icon=":material/hourglass_top:", color="orange")


def foot(visit: Visit) -> None:
    """Show who is signed in and the way out, below what the page put in the sidebar."""
    with visit.ctx.database.read() as conn:
        told = disclosed(conn)
    with st.sidebar:
        st.divider()
        roles = ", ".join(role.replace("_", " ") for role in visit.account.roles)
        st.caption(f"Signed in as **{plain(visit.account.printed_name)}** · {roles}")
        for words in told:
            st.caption(words)
        st.html(SIGN_OUT)
