"""Findings of a report: what every check says of it now, what blocks first, each with what the evidence says and the way to its section."""

from collections.abc import Callable

import streamlit as st

from drafting.examine import Told, findings_told
from drafting.model import Severity
from drafting.readmodel import ReportView
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, severity_word

Go = Callable[[str, str], None]
ALL = "All"
TALL = 76  # pixels of a line that holds three
WIDTHS = {"severity": 105, "section": 150, "place": 90, "check": 95, "finding": 290, "the evidence says": 185}


def show(visit: Visit, report: ReportView, go: Go) -> None:
    """List the findings; choosing one reads it whole and leads to its section."""
    found = findings_told(visit.ctx, report.id, visit.account)
    blocking = sum(1 for one in found if one.finding.severity is Severity.BLOCKS)
    if not found:
        widgets.empty(
            "Lists what the checks find on this report as it now reads.",
            "Every check ran and found nothing. Sections that wait for your own view are told once you recorded it.",
        )
        return
    st.markdown(f"**{blocking} block signing**, {len(found) - blocking} warn. Choose one to read it whole.")
    rule = st.selectbox(
        "Check", [ALL, *sorted({one.finding.rule for one in found})], key=f"findings.rule.{report.id}", width=260
    )
    shown = [one for one in found if rule in (ALL, one.finding.rule)]
    titles = {section.key: f"{section.number} {section.title}" for section in report.sections}
    picked = st.dataframe(
        [
            {
                "severity": severity_word(one.finding.severity), "section": titles[one.section], "place": _place(one), "check": one.finding.rule,
                "finding": one.finding.message, "the evidence says": _says(one),
            }
            for one in shown
        ],
        hide_index=True, on_select="rerun", selection_mode="single-row", key=f"findings.{report.id}.{rule}", row_height=TALL,
        column_config={name: st.column_config.TextColumn(width=width) for name, width in WIDTHS.items()},
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    if rows and rows[0] < len(shown):
        _whole(report, shown[rows[0]], titles, go)


def _place(one: Told) -> str:
    return f"sentence {one.number}" if one.number else "the section"


def _says(one: Told) -> str:
    return f"{one.said.place}: {one.said.value}" if one.said else ""


def _whole(report: ReportView, one: Told, titles: dict[str, str], go: Go) -> None:
    text = f"**{severity_word(one.finding.severity)}** · {plain(one.finding.rule)}: {plain(one.finding.message)}"
    if one.said:
        text += f"  \n{plain(_says(one))}"
    (st.error if one.finding.severity is Severity.BLOCKS else st.warning)(text)
    label = plain(f"Open {titles[one.section]}, {_place(one)}")
    if st.button(label, icon=":material/arrow_forward:", key="findings.open"):
        section = next(s for s in report.sections if s.key == one.section)
        if one.finding.sentence:
            session.choose(section.id, one.finding.sentence)
        go(report.id, one.section)
