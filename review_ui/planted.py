"""What an ended qualification run held, to read again: each excerpt, what was planted, what the evidence says, and how it was decided."""

import streamlit as st

from drafting.overseeing import disputes
from drafting.overseeing.run_items import RunItem, run_items
from drafting.probes.qualification import Run
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain
from review_ui.revealed import proof, what

DECIDED = {  # a fault was planted, and the decision was right
    (True, True): ":material/check: located",
    (True, False): ":material/visibility_off: not noticed",
    (False, True): ":material/check: nothing planted, and nothing objected to",
    (False, False): ":material/help: nothing planted, and objected to",
}


def show(visit: Visit, run: Run) -> None:
    """Offer the items of an ended run, those to read again first."""
    opened = st.expander(
        f"What was planted in {plain(run.number)}", icon=":material/menu_book:", key=f"planted.{run.id}", on_change="rerun"
    )
    if opened.open:
        with opened:
            for item in sorted(run_items(visit.ctx, visit.account, run), key=lambda one: (one.found, one.number)):
                st.markdown(_told(item))
                if item.probe is not None:
                    proof(visit, item.section, item.probe, key=item.check_id)
                if item.disputable and run.account_id == visit.account.id:
                    _dispute(visit, item)


def _dispute(visit: Visit, item: RunItem) -> None:
    with st.popover("Dispute it", icon=":material/gavel:"), st.form(f"dispute.{item.check_id}", border=False):
        words = st.text_input("Why it was not fair", key=f"dispute.words.{item.check_id}", max_chars=2000)
        st.caption("Another person decides within five working days. What is upheld is taken out of the run.")
        if st.form_submit_button("Dispute"):
            with widgets.guarded():
                disputes.raise_dispute(visit.ctx, check_id=item.check_id, reason=words, actor=visit.actor)
                session.notice("Disputed: another person decides")
                st.rerun()


def _told(item: RunItem) -> str:
    dispute = f" · {item.dispute}" if item.dispute else ""
    aside = "" if item.counted else " · asked for a figure first: counts for no certificate"
    lines = [f"**{item.number} · {plain(item.place)}**", f"{DECIDED[item.probe is not None, item.found]}{aside}{dispute}"]
    if item.probe is not None:
        lines.append(what(item.probe))
    if item.said:
        lines.append(f"Said of it: {plain(item.said)}")
    return "  \n".join(lines)
