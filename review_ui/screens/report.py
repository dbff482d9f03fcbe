"""Report: scorecard, sections with state and signers, what is accounted for."""

from collections.abc import Callable

import streamlit as st

from audit.identity import Role
from drafting import queries, scoping
from drafting.exporting import export_report
from drafting.readmodel import ReportView
from review_ui import places, session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, section_badge, section_label, short_hash

Go = Callable[[str, str], None]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show(visit: Visit, go: Go) -> None:
    """Show the report of the address."""
    report_id, _ = places.wanted()
    if not report_id:
        widgets.empty("Shows one report.", "Open it from the inbox.")
        return
    report = queries.report_view(visit.ctx, report_id)
    st.subheader(f"{plain(report.number)} {plain(report.title)}")
    st.caption(
        f"{plain(report.state)} · drafted {plain(report.created_at[:16].replace('T', ' '))} UTC by {plain(report.drafter)} · "
        f"configuration {short_hash(report.fingerprint)} · period {plain(report.period_from)} to {plain(report.period_to)}"
        + (" · contains synthetic records" if report.synthetic else "")
    )
    if report.scorecard:
        for column, (label, figure) in zip(st.columns(len(report.scorecard)), report.scorecard.items(), strict=True):
            column.metric(label, figure)
    _acts(visit, report)
    sections, completeness = st.tabs(["Sections", "Completeness"])
    with sections:
        _sections(report, go)
    with completeness:
        _completeness(report)


def _acts(visit: Visit, report: ReportView) -> None:
    """Submit for review once every section carries its author's signature; take the Word report away, signed or not."""
    with st.container(horizontal=True, vertical_alignment="center"):
        waiting = [s.number for s in report.sections if s.state == "drafted"]
        if report.state in ("drafting", "authored") and visit.account.has(Role.WRITER):
            help_ = f"Sections without authorship: {', '.join(waiting)}" if waiting else None
            if st.button(
                "Submit for review", icon=":material/send:", key="report.submit", disabled=bool(waiting), help=help_
            ):
                scoping.submit(visit.ctx, report_id=report.id, actor=visit.actor)
                session.notice("Submitted for review.")
                st.rerun()
        if st.button("Prepare Word report", icon=":material/description:", key="report.word"):
            with st.spinner("Writing the Word report"):
                data, signed = export_report(visit.ctx, report.id, fmt="docx", actor=visit.actor)
            name = f"{report.number.replace('/', '-')}{'' if signed else '-not-signed'}.docx"
            st.download_button(
                f"Download {name}", data, file_name=name, mime=WORD, key="report.download", icon=":material/download:"
            )


def _sections(report: ReportView, go: Go) -> None:
    for section in report.sections:
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(section_label(section), type="tertiary", key=f"report.section.{section.key}"):
                go(report.id, section.key)
            widgets.badge(section_badge(section))
            told = [f"{section.decided} of {section.sentences} decided"] if section.sentences else ["no machine prose"]
            told += [f"{section.blocking} blocking"] if section.blocking else []
            told += [f"{section.warnings} warnings"] if section.warnings else []
            told += [plain(s.manifestation) for s in section.signatures if s.valid]
            st.caption(" · ".join(told))


def _completeness(report: ReportView) -> None:
    st.caption("For each kind: in scope = included + excluded + unaccounted.")
    st.dataframe([{"kind": line.kind.replace("_", " "), **line.counts()} for line in report.ledger], hide_index=True)
    for line in report.ledger:
        if line.unaccounted:
            st.warning(
                f"Unaccounted {plain(line.kind.replace('_', ' '))}: {plain(', '.join(line.unaccounted))}",
                icon=":material/warning:",
            )
