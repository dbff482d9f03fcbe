"""Completeness of a report: for each record kind what is in scope, included, excluded and unaccounted, to the record; and the way to decide it."""

import streamlit as st

from audit.identity import Role
from drafting import scoping
from drafting.lifecycle import ExcludeReason
from drafting.model import LedgerLine
from drafting.readmodel import ReportView
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain

STANDINGS = ("unaccounted", "excluded", "included")


def show(visit: Visit, report: ReportView) -> None:
    """Show the ledger, then the records of one kind, then the form that excludes or includes one."""
    open_lines = [line for line in report.ledger if line.unaccounted]
    st.caption(
        "For each kind: in scope = included + excluded + unaccounted. Nothing is signed as approved while a record is unaccounted for."
    )
    if open_lines:
        named = ", ".join(f"{len(line.unaccounted)} {line.kind.replace('_', ' ')}" for line in open_lines)
        st.warning(f"Unaccounted for: {plain(named)}. Include or exclude each with a reason.", icon=":material/warning:")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.dataframe(
            [
                {
                    "kind": line.kind.replace("_", " "),
                    **_counts(line),
                    "complete relative to": report.relative_to.get(line.kind, ""),
                }
                for line in report.ledger
            ],
            hide_index=True,
            height=420,
        )
    with right:
        first = report.ledger.index(open_lines[0]) if open_lines else None
        line = st.selectbox(
            "Records of", report.ledger, index=first, placeholder="Choose a kind",
            format_func=lambda chosen: chosen.kind.replace("_", " "), key=f"ledger.{report.id}",
        )  # fmt: skip
        if line is not None:
            _kind(visit, report, line)


def _counts(line: LedgerLine) -> dict[str, int]:
    return {name.replace("_", " "): number for name, number in line.counts().items()}


def _kind(visit: Visit, report: ReportView, line: LedgerLine) -> None:
    rows = [
        {"record": identifier, "stands as": standing} for standing in STANDINGS for identifier in getattr(line, standing)
    ]
    st.dataframe(rows, hide_index=True, height=min(220, 60 + 36 * len(rows)))
    if not visit.account.has(Role.WRITER) or report.state in ("approved", "superseded"):
        return
    with st.form(f"decide.{report.id}.{line.kind}"):
        identifier = st.selectbox(
            "Record", [r["record"] for r in rows], index=0 if line.unaccounted else None, placeholder="Choose a record"
        )
        category, words = widgets.reason(ExcludeReason, key=f"exclude.{line.kind}")
        with st.container(horizontal=True):
            out = st.form_submit_button("Exclude", icon=":material/remove_circle:")
            taken = st.form_submit_button("Include", icon=":material/add_circle:")
    if out or taken:
        act = scoping.exclude if out else scoping.include
        with widgets.guarded():
            act(
                visit.ctx, report_id=report.id, record=f"{line.kind}/{identifier or ''}", category=category, reason=words,
                actor=visit.actor,
            )  # fmt: skip
            session.notice(f"{identifier} {'excluded' if out else 'included'}")
            st.rerun()
