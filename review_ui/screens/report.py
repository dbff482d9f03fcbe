"""Report: scorecard, sections with state and signers, what blocks, what is accounted for, and signing several sections at once."""

from collections.abc import Callable

import streamlit as st

from audit.identity import Role
from drafting import amending, scoping
from drafting.exporting import export_report
from drafting.readmodel import ReportView, SectionSummary
from drafting.reserved import why_reserved
from drafting.shown import report_shown
from review_ui import places, session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, section_badge, section_label, short_hash
from review_ui.screens import completeness, findings, sign_list, since_last
from review_ui.screens.inbox import REPORT_BADGES

Go = Callable[[str, str], None]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECTIONS, FINDINGS, COMPLETENESS, SINCE, SIGN = "Sections", "Findings", "Completeness", "Since last year", "Sign sections"


def show(visit: Visit, go: Go, open_source: since_last.OpenSource) -> None:
    """Show the report of the address."""
    report_id, _ = places.wanted()
    if not report_id:
        widgets.empty("Shows one report.", "Open it from the inbox.")
        return
    report = report_shown(visit.ctx, report_id, visit.account)
    _head(report)
    if report.scorecard:
        with st.container(key="scorecard"):
            for column, (label, figure) in zip(st.columns(len(report.scorecard)), report.scorecard.items(), strict=True):
                column.metric(label, figure)
    _acts(visit, report)
    _versions(visit, report)
    names = [SECTIONS, FINDINGS, COMPLETENESS] + ([] if report.subject else [SINCE])
    names += [SIGN] if visit.account.has(Role.WRITER, Role.REVIEWER, Role.APPROVER) else []
    made = st.tabs(names, key=session.tab_key(report.id, first=SECTIONS), on_change="rerun")
    for tab, name in zip(made, names, strict=True):
        if not tab.open:
            continue
        with tab:
            if name == SECTIONS:
                _sections(report, go)
            elif name == FINDINGS:
                findings.show(visit, report, go)
            elif name == COMPLETENESS:
                completeness.show(visit, report)
            elif name == SINCE:
                since_last.show(visit, report, go, open_source)
            else:
                sign_list.show(visit, report, go)


def _head(report: ReportView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### {plain(report.number)} {plain(report.title)}", width="content")
        widgets.badge(REPORT_BADGES[report.state])
        if report.synthetic:
            st.badge("contains synthetic records", icon=":material/science:", color="orange")
    st.caption(
        f"Drafted {plain(report.created_at[:16].replace('T', ' '))} UTC by {plain(report.drafter)}, asked for by "
        f"{plain(report.created_by)} · period {plain(report.period_from)} to {plain(report.period_to)} · "
        f"data lock {plain(report.data_lock[:16].replace('T', ' '))} UTC · configuration {short_hash(report.fingerprint)}"
    )


def _acts(visit: Visit, report: ReportView) -> None:
    """Submit for review once every section carries its author's signature; take the Word report away, signed or not."""
    with st.container(horizontal=True, vertical_alignment="center"):
        waiting = [s.number for s in report.sections if s.state == "drafted"]
        if report.state in ("drafting", "authored", "in amendment") and visit.account.has(Role.WRITER):
            idle = report.state == "in amendment" and not report.amendments[-1].sections
            help_ = f"Sections without authorship: {', '.join(waiting)}" if waiting else None
            help_ = "Nothing was changed yet." if idle else help_
            if st.button(
                "Submit for review", icon=":material/send:", key="report.submit", disabled=bool(waiting) or idle, help=help_
            ):
                scoping.submit(visit.ctx, report_id=report.id, actor=visit.actor)
                session.notice("Submitted for review.")
                st.rerun()
            if waiting:
                st.caption(f"{len(waiting)} section(s) still to be signed by an author", width="content")
        held = why_reserved(visit.ctx, report.id, visit.account)
        if held:
            st.caption(f":material/description: No Word report yet. {plain(held)}", width="content")
        elif st.button("Prepare Word report", icon=":material/description:", key="report.word"):
            with widgets.guarded():
                with st.spinner("Writing the Word report"):
                    data, signed = export_report(visit.ctx, report.id, fmt="docx", actor=visit.actor)
                name = f"{report.number.replace('/', '-')}{'' if signed else '-not-signed'}.docx"
                st.download_button(
                    f"Download {name}", data, file_name=name, mime=WORD, key="report.download", icon=":material/download:"
                )


def _versions(visit: Visit, report: ReportView) -> None:
    """Say what each version was opened for; hand out the earlier ones as they were approved; open or withdraw an amendment."""
    for made in report.amendments:
        changed = report.titles(made.sections)
        st.caption(
            f"Version {made.version}, opened {plain(made.at[:16].replace('T', ' '))} UTC by {plain(made.user_id)}: {plain(made.reason)} "
            f"· changed: {plain(changed) or 'nothing yet'}"
        )
    for version in range(1, int(report.version)):
        if st.button(f"Version {version} as approved", key=f"report.kept.{version}", icon=":material/history:"):
            data, _ = export_report(visit.ctx, report.id, fmt="docx", version=version, actor=visit.actor)
            name = f"{report.number.replace('/', '-')}-version-{version}.docx"
            st.download_button(f"Download {name}", data, file_name=name, mime=WORD, key=f"report.kept.get.{version}")
    if visit.account.has(Role.WRITER) and report.state == "approved":
        stale = [s.number for s in report.sections if s.stale]
        with st.expander("Amend this report", icon=":material/edit_document:", expanded=bool(stale)):
            if stale:
                st.warning(f"Records behind {len(stale)} section(s) changed since approval: {', '.join(stale)}.")
            _amend(visit, report)
    elif visit.account.has(Role.WRITER) and report.state == "in amendment" and not report.amendments[-1].sections:
        with st.expander("Withdraw the amendment", icon=":material/undo:"):
            _withdraw(visit, report)


def _amend(visit: Visit, report: ReportView) -> None:
    st.caption(
        "A new version is opened and this one is kept as it was approved. Sections that do not change keep their text and signatures."
    )
    reason = st.text_area("Why is it amended?", key="report.amend.reason", max_chars=2000)
    if st.button("Open an amendment", key="report.amend", disabled=not reason.strip()):
        with widgets.guarded(), st.spinner("Keeping the approved version"):
            made = amending.amend(visit.ctx, report_id=report.id, reason=reason, actor=visit.actor)
            session.notice(f"Version {made.version} is open; {len(made.stale)} section(s) are to be drafted again.")
            st.rerun()


def _withdraw(visit: Visit, report: ReportView) -> None:
    reason = st.text_area("Why is it withdrawn?", key="report.withdraw.reason", max_chars=2000)
    if st.button("Withdraw", key="report.withdraw", disabled=not reason.strip()):
        with widgets.guarded():
            amending.withdraw(visit.ctx, report_id=report.id, reason=reason, actor=visit.actor)
            session.notice("The amendment is withdrawn; the approved version stands.")
            st.rerun()


def _sections(report: ReportView, go: Go) -> None:
    with st.container(key="section_rows", gap=None):
        for section in report.sections:
            _section(report, section, go)


def _section(report: ReportView, section: SectionSummary, go: Go) -> None:
    name, state, told, signed = st.columns([5, 2, 3, 5], vertical_alignment="center")
    if name.button(section_label(section), type="tertiary", key=f"report.section.{section.key}"):
        go(report.id, section.key)
    with state:
        widgets.badge(section_badge(section))
    said = [f"{section.decided} of {section.sentences} decided"] if section.sentences else ["no machine prose"]
    said += [f":red[{section.blocking} blocking]"] if section.blocking else []
    said += [f"{section.warnings} warnings"] if section.warnings else []
    told.caption(" · ".join(said))
    valid = [f"{s.meaning}: {plain(s.printed_name)}, {s.at[:10]}" for s in section.signatures if s.valid]
    lost = [f":orange[{s.meaning} no longer valid]" for s in section.signatures if not s.valid]
    signed.caption(" · ".join(valid + lost[-1:]) or "not signed")
