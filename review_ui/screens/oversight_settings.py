"""What is in force of oversight: asked for by the training lead, approved by another person, turned off at once by one; reports kept free."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from audit.errors import Invalid
from audit.identity import Role
from audit.oversight.schedule import Rates
from drafting.configuration import ConfigurationVersion
from drafting.overseeing import switches
from drafting.overseeing.pages import InForce, in_force
from drafting.overseeing.switches import RATES, Switch
from review_ui import session, widgets
from review_ui.catching import percent
from review_ui.frame import Visit
from review_ui.presenters import moment, plain

ABOUT = {
    Switch.LIVE: "Sections under review may hold a planted fault, shown to one reviewer and revealed as soon as they decide.",
    Switch.ACTIVITY: "How long sections were shown and which sources were opened is kept for 90 days. It decides nothing about a person.",
    Switch.EVIDENCE_FIRST: "Of a few sections, drawn at random, a reviewer states key figures from the sources before the draft shows.",
    Switch.QUALIFIED: "Whoever signs a review holds a certificate of a qualification run.",
}
ENTAILS = {  # while it is on: what whoever asks for it or approves it should know
    Switch.LIVE: (
        "While it is on, others see what a reviewer does half an hour later, or when the review is signed; reviewers read a report in its sections alone (no export) until their review "
        "is signed, and a section that they opened is decided or half an hour old before they sign. Outcomes are the reviewer's own; the site's figures "
        "name nobody, and a name is told after an alarm alone."
    ),
    Switch.ACTIVITY: "While it is on, each reviewer sees their own summaries and nobody else does; they may bring about more checks for a while.",
    Switch.EVIDENCE_FIRST: (
        "While it is on, reviewers read a report in its sections alone (no export) until their review is signed, and the head of a report under review "
        "shows them no figures. What they state is told as outcomes of checks are."
    ),
    Switch.QUALIFIED: "While it is on, a review is refused to whoever holds no certificate of the last year; the list of sections to sign says so beforehand.",
}
ENDS = {  # turned off: what becomes of what is going on
    Switch.LIVE: "Every check that is going on ends, and nothing of it counts. No approval is needed.",
    Switch.ACTIVITY: "Nothing more is kept from now on. What was kept is deleted after its 90 days, or sooner by the training lead.",
    Switch.EVIDENCE_FIRST: "No section is held back any more; figures that were stated stay on record. No approval is needed.",
    Switch.QUALIFIED: "Reviews are signed without a certificate from now on; certificates stay. No approval is needed.",
}
STOPS = (Role.TRAINING_LEAD, Role.APPROVER, Role.ADMINISTRATOR)


def show(visit: Visit) -> None:
    """Show each switch with what may be done to it, the changes that wait, and the reports that carry no checks."""
    shown = in_force(visit.ctx, visit.account)
    changed = switches.changes(visit.ctx)
    left, right = st.columns([3, 2], gap="large")
    with left:
        for switch, on in shown.on.items():
            _switch(visit, shown, switch, changed.get(switch), on=on)
        _rates(visit, shown)
    with right:
        _requests(visit, shown)
        _exclusions(visit, shown)


def _switch(visit: Visit, shown: InForce, switch: Switch, changed: ConfigurationVersion | None, *, on: bool) -> None:
    waits = any(r.name == switch for r in shown.requests)
    with st.container(border=True, key=f"switch_{switch.name.lower()}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{str(switch).capitalize()}**", width="content")
            st.badge(
                "on" if on else "off", icon=f":material/toggle_{'on' if on else 'off'}:", color="green" if on else "gray"
            )
            if waits:
                st.badge("waits for approval", icon=":material/hourglass_top:", color="orange")
        st.caption(ABOUT[switch])
        st.caption(ENTAILS[switch])
        if changed is not None:
            did = "Turned on" if on else "Turned off"
            st.caption(f"{did} by {plain(changed.user_id)}, {moment(changed.at)}: {plain(changed.reason)}")
        if on and visit.account.has(*STOPS):
            with st.expander("Turn off at once", icon=":material/power_settings_new:"):
                st.caption(ENDS[switch])
                _with_reason(f"off.{switch.name}", "Turn off", lambda why: _off(visit, switch, why))
        elif not on and not waits and visit.account.has(Role.TRAINING_LEAD):
            with st.expander("Ask to turn it on", icon=":material/send:"):
                _with_reason(f"ask.{switch.name}", "Ask for approval", lambda why: _ask(visit, switch, switches.ON, why))


def _off(visit: Visit, switch: Switch, why: str) -> str:
    ended = switches.turn_off(visit.ctx, switch=switch, reason=why, actor=visit.actor)
    return f"Turned off; {ended} check(s) ended." if switch is Switch.LIVE else "Turned off."


def _ask(visit: Visit, name: str, text: str, why: str) -> str:
    switches.request(visit.ctx, name=name, text=text, reason=why, actor=visit.actor)
    return "Asked for: an approver decides."


def _withdraw(visit: Visit, request_id: str, why: str) -> str:
    switches.withdraw(visit.ctx, request_id=request_id, reason=why, actor=visit.actor)
    return "Withdrawn: nothing was changed."


def _rates(visit: Visit, shown: InForce) -> None:
    now = shown.rates
    with st.container(border=True, key="switch_rates"):
        st.markdown("**Rates**")
        st.caption(
            f"Live checks: {percent(now.base)} of the sections that a reviewer opens; {percent(now.burst)} for a while after signs that checks are needed "
            f"more (a burst), at most {percent(now.long_run)} over time. Evidence first: {percent(now.evidence_first)}. "
            "Each section is drawn at random. Changes are approved like the switches."
        )
        if not visit.account.has(Role.TRAINING_LEAD) or any(r.name == RATES for r in shown.requests):
            return
        with st.expander("Ask for other rates", icon=":material/send:"), st.form("ask.rates", border=False):
            columns = [*st.columns(2, vertical_alignment="bottom"), *st.columns(2, vertical_alignment="bottom")]
            names = (
                ("Live checks, %", 2.0, 6.0, now.base),
                ("In a burst, %", 2.0, 50.0, now.burst),
                ("Over time, at most, %", 2.0, 50.0, now.long_run),
                ("Evidence first, %", 2.0, 5.0, now.evidence_first),
            )
            base, burst, most, first = (
                column.number_input(
                    label, least, high, 100 * value, 0.5, key=f"rates.{label}", help=f"{least:g} to {high:g} %"
                )
                for column, (label, least, high, value) in zip(columns, names, strict=True)
            )
            words = st.text_input("Reason", key="rates.reason", max_chars=2000)
            if st.form_submit_button("Ask for approval"):
                with widgets.guarded():
                    wanted = Rates(*(round(share / 100, 4) for share in (base, burst, most, first)))
                    session.notice(_ask(visit, RATES, switches.rates_text(wanted), words))
                    st.rerun()


def _told(rates: Rates) -> str:
    return (
        f"{percent(rates.base)} of sections, {percent(rates.burst)} in a burst, at most {percent(rates.long_run)} over time; "
        f"evidence first {percent(rates.evidence_first)}"
    )


def _requests(visit: Visit, shown: InForce) -> None:
    asked = shown.requests
    st.markdown(f"**Changes that wait for approval** ({len(asked)})")
    if not asked:
        widgets.empty("What the training lead asked for waits here.", "Another person, an approver, approves or refuses it.")
    for one in asked:
        with st.container(border=True, key=f"request_{one.id}"):
            what = "other rates" if one.name == RATES else f"turn on {one.name}"
            st.markdown(f"**{plain(what.capitalize())}**")
            st.caption(f"{plain(one.user_id)}, {moment(one.at)}: {plain(one.reason)}")
            if one.name == RATES:
                asked_for = switches.rates_in(one.text)
                st.markdown(f"{_told(asked_for)}  \n:gray[Now: {_told(shown.rates)}]")
            if one.account_id == visit.account.id:
                st.caption("You asked for it: another person approves.")
                with st.expander("Withdraw it", icon=":material/undo:"):
                    _with_reason(f"withdraw.{one.id}", "Withdraw", partial(_withdraw, visit, one.id))
                continue
            if not visit.account.has(Role.APPROVER):
                continue
            approve, words = widgets.verdict("decide", one.id, "Approve", "Refuse")
            if approve is not None:
                with widgets.guarded():
                    switches.decide(visit.ctx, request_id=one.id, approve=approve, reason=words, actor=visit.actor)
                    session.notice("Approved: it is in force." if approve else "Refused: nothing was changed.")
                    st.rerun()


def _exclusions(visit: Visit, shown: InForce) -> None:
    st.markdown(f"**Reports without oversight checks** ({len(shown.excluded)})")
    for number, why in shown.excluded.items():
        st.caption(f"{plain(number)}: {plain(why)}")
    if not visit.account.has(Role.APPROVER):
        if not shown.excluded:
            st.caption("None. An approver keeps a report free, such as one with a pending recall or a release that is due.")
        return
    with st.form("exclude", border=True):
        numbers = {number: report_id for report_id, number in shown.reports.items()}
        chosen = st.selectbox("Report", list(numbers), index=None, placeholder="Choose a report", key="exclude.report")
        words = st.text_input("Reason", key="exclude.reason", max_chars=2000)
        with st.container(horizontal=True):
            out = st.form_submit_button("Keep it free of checks")
            back = st.form_submit_button("Let it carry checks again", disabled=not shown.excluded)
    if out or back:
        with widgets.guarded():
            if chosen is None:
                raise Invalid("No report is chosen.", remedy="Choose the report first.")
            switches.exclude(visit.ctx, report_id=numbers[chosen], exclude=out, reason=words, actor=visit.actor)
            session.notice("The report carries no checks." if out else "The report may carry checks again.")
            st.rerun()


def _with_reason(key: str, word: str, act: Callable[[str], str]) -> None:
    """Ask for a reason, act on it, and tell what the act answers."""
    with st.form(key, border=False):
        words = st.text_input("Reason", key=f"{key}.words", max_chars=2000)
        if st.form_submit_button(word):
            with widgets.guarded():
                session.notice(act(words))
                st.rerun()
