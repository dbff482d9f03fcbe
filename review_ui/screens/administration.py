"""Administration: accounts, roles, qualifications, keys to attest and alarms; never content. An auditor sees it read-only."""

from dataclasses import dataclass

import streamlit as st

from audit import enrolment, identity
from audit.alarms import Alarm, Raised
from audit.enrolment import Enrolled, Request
from audit.identity import Account, Role
from drafting import accounts
from drafting.accounts import State
from drafting.alarms import acknowledge
from drafting.overseeing.sight import alarms_for
from review_ui import account_forms, session, widgets
from review_ui.frame import Visit
from review_ui.people import (
    ALARM_ICONS,
    account_line,
    alarm_line,
    alarm_text,
    finds,
    qualification_line,
    section_titles,
)
from review_ui.presenters import moment, plain

SHOWN_ALARMS = 20


@dataclass(frozen=True)
class Register:
    """What the screen shows, read in one moment."""

    people: list[Account]
    states: dict[str, State]
    keys: dict[str, list[Enrolled]]
    waiting: dict[str, Request]
    alarms: list[Raised]

    @property
    def open_alarms(self) -> list[Raised]:
        """Return the alarms that nobody acknowledged yet."""
        return [alarm for alarm in self.alarms if alarm.acknowledged is None]


def show(visit: Visit) -> None:
    """Show the registers; an administrator acts on them."""
    identity.permit(visit.account, Role.ADMINISTRATOR, Role.AUDITOR)
    with visit.ctx.database.read() as conn:
        people = accounts.people(conn)
        register = Register(
            people,
            accounts.states(conn),
            {account.id: enrolment.keys_of(conn, account.id) for account in people},
            enrolment.requests(conn),
            alarms_for(conn, visit.account),
        )
    acts = visit.account.has(Role.ADMINISTRATOR)
    _heading(register, acts=acts)
    account_forms.first_password()
    people_tab, qualified, alarmed = st.tabs(["Accounts", "Qualifications", "Alarms"])
    with people_tab:
        _accounts(visit, register, acts=acts)
    with qualified:
        _qualifications(visit, register, acts=acts)
    with alarmed:
        _alarms(visit, register, acts=acts)


def _heading(register: Register, *, acts: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Administration", width="content")
        if acts:
            return  # the sidebar tells an administrator what waits, on every page
        st.badge("read only", icon=":material/visibility:", color="gray")
        st.badge(f"open alarms: {len(register.open_alarms)}", icon=":material/notifications:", color="gray")


def _accounts(visit: Visit, register: Register, *, acts: bool) -> None:
    named = {account.id: account for account in register.people}
    for account_id, request in register.waiting.items():
        account_forms.request(visit, named[account_id], request, acts=acts)
    words, which, new = st.columns([4, 4, 2], vertical_alignment="bottom")
    filtered = words.text_input("Filter", placeholder="User id, name or role", key="accounts.filter", max_chars=120)
    state = which.segmented_control("State", list(State), format_func=str, key="accounts.state")
    if acts:
        with new.popover("New account", icon=":material/person_add:", width="stretch"):
            account_forms.new(visit, len(register.people) + 1)
    found = [a for a in register.people if finds(a, filtered) and state in (None, register.states[a.id])]
    if not found:
        widgets.empty("No account matches.", "Widen the filter.")
        return
    st.dataframe(
        [account_line(a, register.states[a.id], register.keys[a.id], register.waiting.get(a.id)) for a in found],
        hide_index=True,
    )
    st.caption(
        f"{len(found)} of {len(register.people)} accounts. User ids are never issued again; accounts are deactivated, not deleted."
    )
    if acts:
        account_forms.one(visit, found, register.states)


def _qualifications(visit: Visit, register: Register, *, acts: bool) -> None:
    titles, today = section_titles(visit.ctx.outlines.values()), visit.ctx.clock.now().date().isoformat()
    filtered = st.text_input("Filter", placeholder="User id, name or role", key="qualifications.filter", max_chars=120)
    lines = [
        {"name": account.printed_name, **qualification_line(titles, held, today)}
        for account in register.people
        if finds(account, filtered)
        for held in account.qualifications
    ]
    if lines:
        st.dataframe(lines, hide_index=True)
    else:
        widgets.empty(
            "A qualification is the right to sign, with what it rests on.",
            "None is recorded here: give the first one below.",
        )
    if not acts:
        return
    give, end = st.columns(2, gap="large")
    holders = [account for account in register.people if account.active and account.id != visit.account.id]
    with give:
        account_forms.qualify(visit, holders, titles)
    with end:
        account_forms.end_qualification(visit, [a for a in holders if a.qualifications], titles)


def _alarms(visit: Visit, register: Register, *, acts: bool) -> None:
    waiting = register.open_alarms
    st.markdown(f"**Open** ({len(waiting)})")
    if not waiting:
        widgets.empty(
            "No alarm is open.",
            "Lock-outs, failed signing, faults in the trail and a clock that steps back are listed here until a person acknowledges them.",
        )
    for alarm in waiting[:SHOWN_ALARMS]:
        _open(visit, alarm, acts=acts)
    if len(waiting) > SHOWN_ALARMS:
        st.caption(f"{len(waiting) - SHOWN_ALARMS} older ones follow as these are acknowledged.")
    done = [alarm for alarm in register.alarms if alarm.acknowledged is not None]
    if done:
        st.markdown(f"**Acknowledged** ({len(done)})")
        st.dataframe([alarm_line(alarm) for alarm in done], hide_index=True)


def _open(visit: Visit, alarm: Raised, *, acts: bool) -> None:
    with st.container(border=True):
        st.markdown(f"{ALARM_ICONS[alarm.kind]} **{str(alarm.kind).capitalize()}** · {plain(alarm_text(alarm))}")
        st.caption(f"{moment(alarm.entry.at)} · entry {alarm.entry.seq} of the trail")
        own = alarm.entry.object_kind == "account" and alarm.entry.object_id == visit.account.id
        if acts and own:
            st.caption("It is about your own account: another administrator acknowledges it.")
        if acts and alarm.kind is Alarm.OVERSIGHT:
            st.caption("The training lead looks into it and acknowledges it.")
        if not acts or own or alarm.kind is Alarm.OVERSIGHT:
            return
        with st.form(f"alarm.{alarm.entry.id}", border=False):
            words, button = st.columns([5, 1], vertical_alignment="bottom")
            comment = words.text_input("What was found and done", key=f"alarm.comment.{alarm.entry.id}", max_chars=2000)
            if button.form_submit_button("Acknowledge", icon=":material/done:", width="stretch"):
                with widgets.guarded():
                    acknowledge(visit.ctx, alarm.entry.id, comment=comment, actor=visit.actor)
                    session.notice("Alarm acknowledged")
                    st.rerun()
