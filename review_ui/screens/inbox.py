"""Inbox: what waits for this person, and the reports of the home; one click to the exact place."""

from collections.abc import Callable

import streamlit as st

from drafting import queries
from drafting.queries import Task
from review_ui import widgets
from review_ui.frame import Visit
from review_ui.presenters import plain

SHOWN = 12
Go = Callable[[str, str], None]
ICONS = {
    "returned": ":material/undo:",
    "question": ":material/help:",
    "sign": ":material/draw:",
    "stale": ":material/history:",
}


def show(visit: Visit, go: Go) -> None:
    """List reports and tasks."""
    st.subheader("Inbox")
    reports = queries.reports(visit.ctx)
    if not reports:
        widgets.empty("Shows what waits for you.", "No report yet: import files, then draft one under New report.")
        return
    st.markdown("**Reports**")
    for report in reports:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(report.number)}** {plain(report.title)}")
            st.badge(plain(report.state), icon=":material/description:", color="gray")
            if st.button("Open report", key=f"inbox.report.{report.id}", help=report.number):
                go(report.id, "")
    tasks = sorted(queries.inbox(visit.ctx, visit.account), key=lambda t: (t.due or "9999",))
    st.markdown(f"**My tasks** ({len(tasks)})")
    if not tasks:
        widgets.empty(
            "Nothing waits for you.", "Tasks appear when a section is to be decided, reviewed or signed in your role."
        )
    for number, task in enumerate(tasks[:SHOWN]):
        _task(task, number, go)
    if len(tasks) > SHOWN:
        st.caption(f"{len(tasks) - SHOWN} more: open the report to see every section.")


def _task(task: Task, number: int, go: Go) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        label = f"{plain(task.title)}"
        if st.button(label, icon=ICONS.get(task.kind, ":material/task_alt:"), type="tertiary", key=f"inbox.task.{number}"):
            go(task.report_id, task.section_key)
        st.caption(plain(task.detail) + (f" · due {plain(task.due)}" if task.due else ""))
