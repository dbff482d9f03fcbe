"""Oversight: a reviewer's own checks first, then the site, what is in force, and what waits for the training lead."""

from collections.abc import Callable

import streamlit as st

from audit.identity import Role
from drafting.overseeing.access import Thing, may
from drafting.overseeing.waits import CHANGES, waits
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.screens import oversight_lead, oversight_own, oversight_settings, oversight_site

MINE, SITE, SETTINGS, LEAD = "My checks", "Site", "What is in force", "Training lead"


def show(visit: Visit, to_run: Callable[[], None]) -> None:
    """Show the tabs that the roles of this person open, their own checks first."""
    st.subheader("Oversight")
    if not may(visit.account, Thing.IN_FORCE):
        widgets.empty(
            "Oversight checks concern reviews.", "Reviewers see their own checks here, the quality unit the site's figures."
        )
        return
    tabs: dict[str, Callable[[], None]] = {}
    if visit.account.has(Role.REVIEWER):
        tabs[MINE] = lambda: oversight_own.show(visit, to_run)
    if visit.account.has(Role.TRAINING_LEAD, Role.APPROVER):
        tabs[LEAD if visit.account.has(Role.TRAINING_LEAD) else "To decide"] = lambda: oversight_lead.show(visit)
    if may(visit.account, Thing.SITE):
        tabs[SITE] = lambda: oversight_site.show(visit)
    tabs[SETTINGS] = lambda: oversight_settings.show(visit)
    waiting = waits(visit.ctx, visit.account)
    with st.container(horizontal=True):
        for one in waiting:
            st.badge(f"{one.what}: {one.number}", icon=":material/hourglass_top:", color="orange")
    first = SETTINGS if {one.what for one in waiting} == {CHANGES} else next(iter(tabs))
    made = st.tabs(list(tabs), key=session.tab_key("oversight", first=first), on_change="rerun")
    for tab, show_tab in zip(made, tabs.values(), strict=True):
        if tab.open:
            with tab:
                show_tab()
