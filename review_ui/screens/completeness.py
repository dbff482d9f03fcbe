"""Completeness of a report: for each record kind what is in scope, included, excluded and unaccounted, to the record; and the way to decide it."""

import streamlit as st

from audit.identity import Role
from drafting import scoping
from drafting.evidence.kinds import kind_title
from drafting.lifecycle import ExcludeReason
from drafting.model import LedgerLine
from drafting.readmodel import ReportView
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain

RELATIVE = "Complete relative to "
ONE_LINE, TALL = 75, 58  # characters of a statement; pixels of a line that holds two
STANDINGS = ("unaccounted", "excluded", "included")


def show(visit: Visit, report: ReportView) -> None:
    """Show the ledger, then the records of one kind, then the form that excludes or includes one."""
    open_lines = [line for line in report.ledger if line.unaccounted]
    st.caption(
        "For each kind: in scope = included + excluded + unaccounted. Nothing is signed as approved while a record is unaccounted for."
    )
    if open_lines:
        named = ", ".join(f"{kind_title(line.kind)} {len(line.unaccounted)}" for line in open_lines)
        st.warning(f"Unaccounted for: {plain(named)}. Include or exclude each with a reason.", icon=":material/warning:")
    first = report.ledger.index(open_lines[0]) if open_lines else None
    line = st.selectbox(
        "Records of", report.ledger, index=first, placeholder="Choose a kind to see its records, and to exclude or include one",
        format_func=lambda chosen: kind_title(chosen.kind), key=f"ledger.{report.id}",
    )  # fmt: skip
    if line is not None:
        st.caption(plain(report.relative_to.get(line.kind, "")))
        _kind(visit, report, line)
    lines = sorted(report.ledger, key=lambda one: -len(one.unaccounted))
    relative = [report.relative_to.get(one.kind, "").removeprefix(RELATIVE) for one in lines]
    st.dataframe(
        [
            {"kind": kind_title(one.kind), **_counts(one), "complete relative to": said}
            for one, said in zip(lines, relative, strict=True)
        ],
        hide_index=True, height="content", row_height=TALL if max(map(len, relative), default=0) > ONE_LINE else None,
        column_config={"kind": st.column_config.TextColumn(width=190), "complete relative to": st.column_config.TextColumn(width="large")},
    )  # fmt: skip


def _counts(line: LedgerLine) -> dict[str, int]:
    return {name.replace("_", " "): number for name, number in line.counts().items()}


def _kind(visit: Visit, report: ReportView, line: LedgerLine) -> None:
    rows = [
        {"record": identifier, "stands as": standing} for standing in STANDINGS for identifier in getattr(line, standing)
    ]
    left, right = st.columns(2, gap="large")
    left.dataframe(rows, hide_index=True, height=min(330, 40 + 36 * len(rows)))
    if not visit.account.has(Role.WRITER) or report.state in ("approved", "superseded"):
        return
    with right, st.form(f"decide.{report.id}.{line.kind}"):
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
