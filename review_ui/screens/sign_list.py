"""Sign several sections in one act: one authentication over a displayed list of complete sections, each of which was shown to the signer."""

from collections.abc import Callable
from itertools import groupby

import streamlit as st

from drafting.lifecycle import Capacity
from drafting.readmodel import ReportView, SectionSummary
from drafting.signing import Signable, sign_sections, signable
from review_ui import session, widgets
from review_ui.frame import Visit, wait
from review_ui.presenters import plain, section_label
from review_ui.screens.signing import MEANINGS, signature_fields

Go = Callable[[str, str], None]


def show(visit: Visit, report: ReportView, go: Go) -> None:
    """Show, for each capacity of this person, what may be signed now and what is missing of the rest."""
    listed = signable(visit.ctx, report.id, visit.account)
    if not listed:
        widgets.empty("Signs several sections at once.", "No section of this report is yours to sign.")
    summaries = {s.id: s for s in report.sections}
    for capacity, found in groupby(sorted(listed, key=lambda s: list(Capacity).index(s.capacity)), key=lambda s: s.capacity):
        _capacity(visit, report, capacity, list(found), summaries, go)


def _capacity(
    visit: Visit,
    report: ReportView,
    capacity: Capacity,
    found: list[Signable],
    summaries: dict[str, SectionSummary],
    go: Go,
) -> None:
    complete = [s for s in found if s.complete]
    rest = [s for s in found if not s.complete and not s.signed]
    signed = len(found) - len(complete) - len(rest)
    st.markdown(f"**As {capacity}:** {len(complete)} ready to sign, {len(rest)} not complete, {signed} signed")
    wait(visit, report.id, capacity)
    for lacks in dict.fromkeys((s.unqualified.message, s.unqualified.remedy) for s in found if s.unqualified):
        st.warning(plain(" ".join(lacks)), icon=":material/workspace_premium:")
    if complete:
        _form(visit, report, capacity, complete, summaries)
    with st.container(gap=None, key=f"section_rows_{capacity}"):
        for line in rest:
            name, why = st.columns([2, 3], vertical_alignment="center")
            summary = summaries[line.section_id]
            if name.button(section_label(summary), type="tertiary", key=f"signlist.{summary.key}"):
                go(report.id, summary.key)
            why.caption(_why(line))


def _why(line: Signable) -> str:
    if line.missing:
        rest = f" (and {len(line.missing) - 1} more)" if len(line.missing) > 1 else ""
        return plain(line.missing[0].message.rstrip(".")) + rest
    return "Open it: it was not shown to you as it now reads."


def _form(
    visit: Visit, report: ReportView, capacity: Capacity, complete: list[Signable], summaries: dict[str, SectionSummary]
) -> None:
    meaning = MEANINGS[str(capacity)]
    with st.form(f"sign.list.{report.id}.{capacity}", clear_on_submit=False):
        st.caption(
            "You opened each section below as it now reads; open one again from the list of sections. Untick what you do not sign now."
        )
        ticked = {
            line.section_id: line.view_id
            for line in complete
            if st.checkbox(
                section_label(summaries[line.section_id]), value=True, key=f"tick.{line.section_id}.{line.view_id}"
            )
        }
        user_id, passphrase = signature_fields(visit, meaning)
        pressed = st.form_submit_button(f"Sign for {meaning}", icon=":material/draw:", type="primary")
    if pressed:
        with widgets.guarded():
            sign_sections(
                visit.ctx, report_id=report.id, seen=ticked, user_id=user_id, passphrase=passphrase, meaning=meaning, actor=visit.actor
            )  # fmt: skip
            session.notice(f"{len(ticked)} section(s) signed")
            st.rerun()
