"""Inbox: the reports with how far they are, what waits for this person, and what waits for others; one click to the exact place."""

from collections.abc import Callable
from itertools import groupby

import streamlit as st

from audit.identity import Role
from drafting import shown
from drafting.inbox import Task, tasks_of
from drafting.overseeing.waits import Wait, waits
from drafting.readmodel import ReportView
from review_ui import widgets
from review_ui.frame import Visit
from review_ui.presenters import Badge, plain

SHOWN = 6
STATES = ("authored", "reviewed", "approved")
Go = Callable[[str, str], None]
KINDS = {  # kind -> heading and icon, most urgent first
    "returned": ("Returned to you", ":material/undo:"),
    "question": ("Questions of the reviewer", ":material/help:"),
    "stale": ("Evidence changed since the draft", ":material/history:"),
    "submit": ("Ready to submit", ":material/send:"),
    "review": ("To review", ":material/fact_check:"),
    "approve": ("To approve", ":material/verified:"),
    "author": ("To decide and sign as author", ":material/edit_note:"),
}
TOLD = frozenset({"returned", "stale"})  # the heading says the rest
REPORT_BADGES = {
    "drafting": Badge("drafting", ":material/edit_note:", "gray"),
    "authored": Badge("authored", ":material/edit_note:", "blue"),
    "in amendment": Badge("in amendment", ":material/edit_document:", "blue"),
    "in review": Badge("in review", ":material/fact_check:", "blue"),
    "approved": Badge("approved", ":material/check_circle:", "green"),
    "superseded": Badge("superseded", ":material/history:", "gray"),
}


def show(visit: Visit, go: Go, to_oversight: Callable[[], None]) -> None:
    """List reports and tasks."""
    st.subheader("Inbox")
    reports = shown.reports(visit.ctx, visit.account)
    overseeing = waits(visit.ctx, visit.account)
    if not reports and not overseeing:
        widgets.empty("Shows what waits for you.", "No report yet: import files, then draft one under New report.")
        return
    tasks = tasks_of(visit.ctx, visit.account)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"**My tasks** ({len(tasks) + sum(one.number for one in overseeing)})")
        if not tasks and not overseeing:
            widgets.empty(
                "Nothing waits for you.", "Tasks appear when a section is to be decided, reviewed or signed in your role."
            )
        if overseeing:
            _overseeing(overseeing, to_oversight)
        ordered = sorted(tasks, key=lambda t: (list(KINDS).index(t.kind), t.due or "9999"))
        for kind, found in groupby(ordered, key=lambda t: t.kind):
            _group(kind, list(found), go)
        _others(visit, reports)
    with right:
        st.markdown("**Reports**")
        for report in reports:
            _report(report, go)


def _overseeing(waiting: tuple[Wait, ...], to_oversight: Callable[[], None]) -> None:
    with st.container(border=True):
        st.markdown(":material/visibility: **Oversight**")
        st.caption("  \n".join(f"{one.what}: {one.number}" + (f" · due {one.due}" if one.due else "") for one in waiting))
        if st.button("Open Oversight", key="inbox.oversight", icon=":material/arrow_forward:"):
            to_oversight()


def _others(visit: Visit, reports: list[ReportView]) -> None:
    """Say what waits for people in other roles, by report."""
    said = []
    for report in reports:
        for role, state in ((Role.WRITER, "drafted"), (Role.REVIEWER, "authored"), (Role.APPROVER, "reviewed")):
            number = sum(1 for section in report.sections if section.state == state)
            begun = role is Role.WRITER or report.state == "in review"
            if number and begun and report.state not in ("approved", "superseded") and not visit.account.has(role):
                said.append(f"{plain(report.number)}: {number} section(s) wait for the {role}")
    if said:
        st.markdown("**Waits for others**")
        st.caption("  \n".join(said))


def _report(report: ReportView, go: Go) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(report.number)}**")
            widgets.badge(REPORT_BADGES[report.state])
            if any(s.stale for s in report.sections):
                st.badge("stale", icon=":material/history:", color="orange")
        st.caption(plain(report.title))
        total = len(report.sections)
        done = {state: _reached(report, state) for state in STATES}
        st.progress(sum(done.values()) / (total * len(STATES)), " · ".join(f"{n} of {total} {s}" for s, n in done.items()))
        if st.button(f"Open {plain(report.number)}", key=f"inbox.report.{report.id}", icon=":material/arrow_forward:"):
            go(report.id, "")


def _reached(report: ReportView, state: str) -> int:
    onwards = STATES[STATES.index(state) :]
    return sum(1 for section in report.sections if section.state in onwards)


def _group(kind: str, tasks: list[Task], go: Go) -> None:
    heading, icon = KINDS[kind]
    with st.container(border=True, gap=None):
        st.markdown(f"{icon} **{heading}** ({len(tasks)})")
        for number, task in enumerate(tasks[:SHOWN]):
            _task(task, f"{kind}.{number}", go)
        if len(tasks) > SHOWN:
            with st.expander(f"{len(tasks) - SHOWN} more"):
                for number, task in enumerate(tasks[SHOWN:], start=SHOWN):
                    _task(task, f"{kind}.{number}", go)


def _task(task: Task, key: str, go: Go) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(plain(task.title), type="tertiary", key=f"inbox.task.{key}"):
            go(task.report_id, task.section_key)
        said = [plain(task.detail)] if task.kind in TOLD else []
        said += [f"due {plain(task.due)}"] if task.due else []
        if said:
            st.caption(" · ".join(said))
