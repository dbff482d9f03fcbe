"""What waits for the training lead: runs to certify, disputes to decide, and alarms, the only way to a name."""

import streamlit as st

from audit.identity import Role
from drafting.alarms import acknowledge
from drafting.overseeing import disputes
from drafting.overseeing.disputes import Dispute
from drafting.overseeing.pages import Lead, Named, lead
from drafting.overseeing.reading import person
from drafting.probes import qualification
from drafting.probes.qualification import Run
from review_ui import planted, session, widgets
from review_ui.catching import BADGES, RULE, headline, interval, standing
from review_ui.frame import Visit
from review_ui.presenters import moment, plain
from review_ui.revealed import proof, what
from review_ui.screens import oversight_names

SCROLLED, TALLEST = 6, 420  # checks from which their list scrolls, and its height then


def show(visit: Visit) -> None:
    """Show what this person decides: an approver disputes and requests for a name, the training lead the rest."""
    oversight_names.show(visit)
    waits = lead(visit.ctx, visit.account)
    if not visit.account.has(Role.TRAINING_LEAD):
        _disputes(visit, waits)
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _runs(visit, waits)
        _disputes(visit, waits)
    with right:
        _alarms(visit, waits)


def _runs(visit: Visit, waits: Lead) -> None:
    st.markdown(f"**Runs to certify** ({len(waits.to_certify)})")
    if not waits.to_certify:
        widgets.empty("Qualification runs within the rule wait here for your certificate.", RULE)
    for run in waits.to_certify:
        _run(visit, run)
    if waits.outside:
        st.markdown(f"**A refresh is due** ({len(waits.outside)})")
        for run in waits.outside:
            st.caption(f"{plain(run.number)} · {plain(run.user_id)}: {plain(standing(run))}")
            planted.show(visit, run)


def _run(visit: Visit, run: Run) -> None:
    with st.container(border=True, key=f"run_{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(run.number)}** · {plain(run.user_id)}", width="content")
            if run.demo:
                st.badge("demo", icon=":material/science:", color="orange")
        st.caption(plain(standing(run)))
        if run.before:
            st.caption(f"Runs of this person outside the rule in the year before it: {run.before}.")
        planted.show(visit, run)
        if run.account_id == visit.account.id:
            st.caption("It is your own: another training lead certifies it.")
            return
        with st.form(f"certify.{run.id}", border=False):
            words = st.text_input(
                "Reason", key=f"certify.words.{run.id}", max_chars=2000, placeholder="What the certificate rests on"
            )
            if st.form_submit_button("Certify for a year", icon=":material/workspace_premium:"):
                with widgets.guarded():
                    qualification.certify(visit.ctx, run_id=run.id, reason=words, actor=visit.actor)
                    session.notice(f"Certified: {run.user_id} may sign reviews.")
                    st.rerun()


def _disputes(visit: Visit, waits: Lead) -> None:
    st.markdown(f"**Disputes to decide** ({len(waits.disputes)})")
    if not waits.disputes:
        widgets.empty("A check that its reviewer disputes waits here.", "An upheld one does not count.")
    for dispute, place in sorted(waits.disputes, key=lambda found: found[0].due):
        _dispute(visit, dispute, place)


def _dispute(visit: Visit, dispute: Dispute, place: str) -> None:
    stored = dispute.check
    today = visit.ctx.clock.now().date().isoformat()
    with st.container(border=True, key=f"dispute_{stored.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(place)}**", width="content")
            if stored.check.outcome is not None:
                widgets.badge(BADGES[stored.check.outcome])
            late = dispute.due < today
            st.badge(
                f"{'overdue since' if late else 'due'} {dispute.due}",
                icon=":material/event:",
                color="red" if late else "gray",
            )
        if stored.probe is not None:
            st.markdown(what(stored.probe))
            proof(visit, stored.section, stored.probe, key=stored.id)
        st.markdown(f":material/gavel: The reviewer says: {plain(dispute.reason)}")
        if stored.account == visit.account.id:
            st.caption("The check was yours: another person decides.")
            return
        upheld, words = widgets.verdict("settle", stored.id, "Uphold: it does not count", "Do not uphold")
        if upheld is not None:
            with widgets.guarded():
                disputes.decide(visit.ctx, check_id=stored.id, upheld=upheld, reason=words, actor=visit.actor)
                session.notice("Decided; the reviewer reads your reason.")
                st.rerun()


def _alarms(visit: Visit, waits: Lead) -> None:
    st.markdown(f"**Alarms** ({len(waits.alarms)})")
    if not waits.alarms:
        widgets.empty(
            "A reviewer is named here only after an alarm, and the site where its checks as a whole raise one.",
            "An alarm rests on the outcomes of checks; how fast somebody reads raises none.",
        )
    for alarm in waits.alarms:
        _alarm(visit, alarm)


def _alarm(visit: Visit, alarm: Named) -> None:
    told = alarm.told
    with st.container(border=True):
        about = plain(alarm.name) if alarm.name else "The site" + (f", {told['family']}" if told.get("family") else "")
        st.markdown(f":material/notification_important: **{about}**")
        st.caption(
            f"{moment(alarm.alarm.entry.at)} · statistic {told.get('statistic', '')}, threshold {told.get('threshold', '')}, "
            f"{told.get('checks_used', '')} checks"
        )
        st.markdown(
            "Talk first: a refresh with a qualification run of 20 planted faults confirms it or not. No other consequence rests on it."
            if alarm.name
            else "More planted faults went by than chance explains: look at the load, the sources and the training of all."
        )
        if alarm.name and st.toggle("Show the checks behind it", key=f"behind.{alarm.alarm.entry.id}"):
            _behind(visit, alarm.alarm.entry.object_id)
        _acknowledge(visit, alarm)


def _behind(visit: Visit, account_id: str) -> None:
    """Show one person's figures and outcomes; they are open to the training lead through the alarm alone."""
    found = person(visit.ctx, visit.account, account_id)
    for label, figure in (("Catch rate in reviews", found.routine), ("In qualification runs", found.qualification)):
        st.caption(f"**{label}: {headline(figure)}** · {interval(figure)}")
    with st.container(height=TALLEST if len(found.checks) > SCROLLED else "content", border=False):
        for check in found.checks:
            fault = f"{check.probe.fault}, " if check.probe else ""
            st.markdown(f"{plain(check.place)}  \n{BADGES[check.outcome].text} :gray[{fault}{moment(check.at)}]")


def _acknowledge(visit: Visit, alarm: Named) -> None:
    done = alarm.alarm.acknowledged
    if done is not None:
        st.caption(f":material/done: {plain(done.actor.printed_name)}, {moment(done.at)}: {plain(done.reason or '')}")
        return
    if alarm.alarm.entry.object_id == visit.account.id:
        st.caption("It is about your own checks: another training lead acknowledges it.")
        return
    with st.form(f"answer.{alarm.alarm.entry.id}", border=False):
        words = st.text_input("What was found and done", key=f"answer.words.{alarm.alarm.entry.id}", max_chars=2000)
        if st.form_submit_button("Acknowledge", icon=":material/done:"):
            with widgets.guarded():
                acknowledge(visit.ctx, alarm.alarm.entry.id, comment=words, actor=visit.actor)
                session.notice("Alarm acknowledged")
                st.rerun()
