"""A reviewer's own oversight checks: what was planted, what the evidence says, the outcome, comment and dispute; their certificate and runs."""

from collections.abc import Callable

import streamlit as st

from audit.oversight.model import Arm, Outcome
from drafting.overseeing import disputes
from drafting.overseeing.comments import comment
from drafting.overseeing.pages import Ended, Own, own
from drafting.overseeing.reading import looked
from review_ui import planted, reliance, session, widgets
from review_ui.catching import BADGES, headline, interval, next_for, standing
from review_ui.frame import Visit
from review_ui.presenters import moment, plain
from review_ui.revealed import proof, what

SHOWN = 10
WHAT = (
    "In an oversight check one section that you review is shown to you with one planted fault, such as another number or a row that is left out. "
    "The stored report never holds it. As soon as you decide on the place you are told what it was, and review the section as it really reads. "
    "Live checks happen only where the site turned them on (What is in force); qualification runs are there at any time."
)
WHO = (
    "You see your outcomes first. By name, the training lead and auditors see outcomes of reviews only after an alarm that many missed checks raised; "
    "a private notice comes to you first. Qualification runs are seen by the training lead and auditors as a training record. Figures of the site "
    "name nobody and need five reviewers. Nobody is set in an order, and how fast you read raises no alarm."
)
INTERVALS = "Few checks say little of a person: read the interval, not the figure alone. It may be looked at after every check, and is wider for that."


def show(visit: Visit, to_run: Callable[[], None]) -> None:
    """Show a reviewer's own figures, notices, certificate and ended checks."""
    mine = own(visit.ctx, visit.account)
    for notice in mine.notices[:1]:
        st.info(
            f"Of late more planted faults went by than chance explains ({moment(notice.at)}). Nobody else is told of this. "
            "A refresh helps: begin a qualification run whenever it suits you.",
            icon=":material/lightbulb:",
        )
    left, right = st.columns([3, 2], gap="large")
    with right:
        _figures(mine)
        _certificate(mine, to_run)
        reliance.show(mine.reliance)
    with left:
        over = [run for run in mine.runs if run.ended]
        if over:
            st.markdown(f"**My qualification runs** ({len(over)})")
        for run in over:
            planted.show(visit, run)
        st.markdown(f"**My oversight checks** ({len(mine.checks)})")
        if not mine.checks:
            widgets.empty(
                "Checks that ended in your reviews stand here; you are the first to see them.",
                "None so far. Each is told to you as soon as you decide.",
            )
        with st.expander(
            "What a check is, and who sees what of yours", icon=":material/help:", expanded=not mine.checks and not mine.runs
        ):
            st.markdown(WHAT)
            st.markdown(WHO)
        for ended in mine.checks[:SHOWN]:
            _check(visit, ended)
        if len(mine.checks) > SHOWN:
            with st.expander(f"{len(mine.checks) - SHOWN} older"):
                for ended in mine.checks[SHOWN:]:
                    _check(visit, ended)
    _looked(visit)


def _figures(mine: Own) -> None:
    routine, qualified = st.columns(2)
    for column, label, figure in (
        (routine, "My catch rate in reviews", mine.routine),
        (qualified, "In qualification runs", mine.qualification),
    ):
        column.metric(label, headline(figure))
        column.caption(interval(figure))
    st.caption(INTERVALS)
    if mine.voids:
        said = "; ".join(f"{why}: {number}" for why, number in sorted(mine.voids.items()))
        st.caption(
            f"Ended without an outcome, and counted in no rate: {plain(said)}. After one that ended by signing out or by time, the section may hold "
            "another check, and checks are denser until the next outcome."
        )


def _certificate(mine: Own, to_run: Callable[[], None]) -> None:
    with st.container(border=True):
        st.markdown("**My qualification to review**")
        if mine.certificate is not None:
            st.badge(f"certified until {mine.certificate.valid_until}", icon=":material/workspace_premium:", color="green")
            st.caption(plain(mine.certificate.basis))
        else:
            after = plain(next_for(mine.runs))
            if mine.demanded:
                st.warning(
                    f"This site asks for a certificate before a review is signed. {after}",
                    icon=":material/workspace_premium:",
                )
            else:
                st.caption(
                    f"No certificate of a qualification run. This site does not ask for a certificate at present. {after}"
                )
        for run in mine.runs:
            st.caption(f"{plain(run.number)}, {moment(run.at)}: {plain(standing(run))}")
        going = next((run for run in mine.runs if not run.ended), None)
        word = f"Go on with {going.number}" if going else "Begin a qualification run"
        if st.button(word, icon=":material/school:", key="own.run"):
            to_run()


def _looked(visit: Visit) -> None:
    """Show what is kept of how a reviewer's own views were looked at: numbers of single views, shown to nobody else."""
    kept = looked(visit.ctx, visit.account)
    if not (kept.on or kept.summaries):
        return
    with st.expander(f"How my views were looked at ({len(kept.summaries)})", icon=":material/timer:"):
        st.caption(
            f"Your browser reports these of each view, and nothing that you type or read. They are shown to you alone, deleted after {kept.days} "
            "days, and may bring about more checks for a while; they are no figure of you, and no alarm rests on them. To have them deleted "
            "sooner, ask the training lead, who does it without reading them: the trail then tells how many were deleted, and not whose."
        )
        if kept.summaries:
            st.dataframe(
                [
                    {
                        "section": kept.places[one.section],
                        "opened": moment(one.opened_at),
                        "shown (s)": one.reported.visible_ms // 1000,
                        "used (s)": one.reported.active_ms // 1000,
                        "window left (times)": one.reported.blurs,
                        "scrolled": f"{one.reported.scroll_min} to {one.reported.scroll_max} %",
                        "sources opened unasked": f"{one.opened} of {one.cited}",
                    }
                    for one in kept.summaries
                ],
                hide_index=True,
            )


def _check(visit: Visit, ended: Ended) -> None:
    with st.container(border=True, key=f"check_{ended.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(ended.place)}**", width="content")
            widgets.badge(BADGES[ended.outcome])
        apart = " · in a text of people alone, which your catch rate does not count" if ended.arm is Arm.HUMAN else ""
        st.caption(f"{moment(ended.at)}{apart}")
        if ended.probe is None:
            st.markdown(f"Nothing of it counts: {plain(ended.void)}. The section is reviewed as it reads.")
        else:
            st.markdown(what(ended.probe))
            proof(visit, ended.section, ended.probe, key=ended.id)
        if ended.dispute:
            st.caption(f":material/gavel: {plain(ended.dispute)}")
        for said in ended.comments:
            st.caption(f":material/comment: {plain(said.text)} ({moment(said.at)})")
        with st.container(horizontal=True):
            with st.popover("Comment", icon=":material/comment:"):
                _say(visit, ended, dispute=False)
            if ended.disputable and ended.outcome is not Outcome.VOID:
                with st.popover("Dispute", icon=":material/gavel:"):
                    _say(visit, ended, dispute=True)


def _say(visit: Visit, ended: Ended, *, dispute: bool) -> None:
    kind = "dispute" if dispute else "comment"
    with st.form(f"{kind}.{ended.id}", border=False, clear_on_submit=True):
        if dispute:
            st.caption(
                "Another person of the quality unit decides within five working days. An upheld dispute does not count."
            )
        words = st.text_area(
            "Why the check was not fair" if dispute else "What you want to say of it", key=f"{kind}.words.{ended.id}"
        )
        if st.form_submit_button(kind.capitalize()):
            with widgets.guarded():
                if dispute:
                    disputes.raise_dispute(visit.ctx, check_id=ended.id, reason=words, actor=visit.actor)
                else:
                    comment(visit.ctx, check_id=ended.id, text=words, actor=visit.actor)
                session.notice("Disputed: another person decides" if dispute else "Comment kept")
                st.rerun()
