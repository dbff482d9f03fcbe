"""Requests for the name behind a pseudonym, where an approver decides them; the name itself is shown to who asked alone, once."""

import streamlit as st

from drafting.overseeing import pseudonyms
from drafting.overseeing.pseudonyms import Asked
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import moment, plain

MEANS = (
    "An alarm named this person to the training lead. If you grant the request, whoever asked is shown the name once, on the command line "
    "(`oversight unmask show`). You are not shown it."
)


def show(visit: Visit) -> None:
    """Show the requests that this person decides; nothing where there is none, since there hardly ever is one."""
    asked = pseudonyms.to_decide(visit.ctx, visit.account)
    if asked:
        st.markdown(f"**Names behind pseudonyms to decide** ({len(asked)})")
    for one in asked:
        _request(visit, one)


def _request(visit: Visit, one: Asked) -> None:
    with st.container(border=True, key=f"unmask_{one.id}"):
        st.markdown(f":material/person_search: **Name behind {plain(one.pseudonym)}**")
        st.caption(f"{plain(one.user_id)}, {moment(one.at)}: {plain(one.reason)}")
        st.caption(MEANS)
        grant, words = widgets.verdict("unmask", one.id, "Grant", "Refuse")
        if grant is None:
            return
        with widgets.guarded():
            pseudonyms.decide(visit.ctx, request_id=one.id, grant=grant, reason=words, actor=visit.actor)
            session.notice(f"Granted: {one.user_id} is shown the name once." if grant else "Refused: it stays a pseudonym.")
            st.rerun()
