"""What changed since last year: sentences that stand again, figures, records and recommendations, then and now; each opens at its place."""

from collections.abc import Callable, Sequence

import streamlit as st

from drafting.checks.carryover import State
from drafting.comparing import Comparison, compare
from drafting.evidence.kinds import kind_title
from drafting.previous import passed_over
from drafting.readmodel import ReportView
from review_ui import widgets
from review_ui.frame import Visit
from review_ui.presenters import Color, plain, section_label

Go = Callable[[str, str], None]
OpenSource = Callable[[str, int | None, str], None]  # document id, row, passage id
SENTENCES, FIGURES, RECORDS, ACTIONS = "Sentences", "Figures", "Records", "Recommendations"
HEIGHT = 330
COLOURS: dict[State, Color] = {State.STALE: "red", State.OPEN: "orange", State.UPDATED: "blue", State.HOLDS: "green"}
ICONS = {State.STALE: ":material/block:", State.OPEN: ":material/help:", State.UPDATED: ":material/update:", State.HOLDS: ":material/check:"}  # fmt: skip


def show(visit: Visit, report: ReportView, go: Go, open_source: OpenSource) -> None:
    """Show the comparison of a report with the previous one, or how to bring one in."""
    found = None if report.subject else compare(visit.ctx, report.id, visit.account)
    _passed_over(visit, report, found)
    if found is None:
        widgets.empty(
            "Compares this report with the previous one of the product: what stands again, what changed, what was recommended.",
            "No previous report is known. Import last year's under Import, as Word, PDF or text: its file name carries its number "
            "(APR-2019-017 or PQR-2019-017), or its first table says id, kind (previous_report), product and period. "
            "A Word export of this program says it by itself, also unsigned. A report that is approved here is taken without an import.",
        )
        return
    _head(found, go, open_source)
    views = {
        SENTENCES: (_sentences, len(found.sentences)), FIGURES: (_figures, len(found.figures)),
        RECORDS: (_records, len(found.records)), ACTIONS: (_actions, len(found.recommendations)),
    }  # fmt: skip
    first = next((name for name in (SENTENCES, ACTIONS, FIGURES) if views[name][1]), SENTENCES)
    chosen = st.segmented_control(
        "What to compare", list(views), default=first, required=True, format_func=lambda name: f"{name} ({views[name][1]})",
        key=f"since.{report.id}", label_visibility="collapsed",
    )  # fmt: skip
    views[chosen or first][0](report, found, go)


def _passed_over(visit: Visit, report: ReportView, found: Comparison | None) -> None:
    """Name imported reports that may be meant and are not compared, each with the reason."""
    if report.subject:
        return
    with visit.ctx.database.read() as conn:
        others = passed_over(
            conn, product=report.product, period_to=report.period_to, taken=found.previous if found else None
        )
    for number, why in others:
        st.caption(f":material/info: Not compared: {plain(number)}, since {plain(why)}.")


def _head(found: Comparison, go: Go, open_source: OpenSource) -> None:
    previous = found.previous
    period = f"period {previous.period_from} to {previous.period_to}" if previous.period_to else "its period is not stated"
    origin = "approved here" if previous.report_id else "imported as a text"
    origin += ", which says that it is **not signed**" if previous.unsigned else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Held against **{plain(previous.number)}**, {plain(period)}, {origin}.", width="content")
        for state in State:
            number = sum(1 for s in found.sentences if s.state is state)
            if number:
                st.badge(f"{state}: {number}", icon=ICONS[state], color=COLOURS[state])
        if st.button("Open it", icon=":material/open_in_new:", type="tertiary", key="since.open"):
            if previous.report_id:
                go(previous.report_id, "")
            else:
                open_source(previous.document_id, None, "")
    if previous.left_out:
        st.caption(
            f"It is long: its first {len(previous.lines):,} sentences and rows are compared, {previous.left_out:,} are not."
        )


def _chosen(lines: Sequence[dict[str, object]], key: str, **widths: int) -> int | None:
    config = {name: st.column_config.TextColumn(width=width) for name, width in widths.items()}
    picked = st.dataframe(
        lines, column_config=config, hide_index=True, on_select="rerun", selection_mode="single-row", height=min(HEIGHT, 38 + 35 * max(1, len(lines))), key=key
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    return rows[0] if rows and rows[0] < len(lines) else None


def _labels(report: ReportView) -> dict[str, str]:
    return {section.key: f"{section.number} {section.title}" for section in report.sections}


def _to_section(report: ReportView, key: str, go: Go) -> None:
    section = next((s for s in report.sections if s.key == key), None)
    if section and st.button(f"Open {section_label(section)}", icon=":material/arrow_forward:", key="since.section"):
        go(report.id, key)


def _sentences(report: ReportView, found: Comparison, go: Go) -> None:
    if not found.sentences:
        st.caption("No sentence of the previous report stands again in this one.")
        return
    names = _labels(report)
    st.caption(
        "Sentences that stand here as in the previous report, figures aside. Choose one to read why, and to open its section."
    )
    row = _chosen(
        [
            {"state": str(s.state), "section": names.get(s.section, s.section), "sentence": s.text, "stood in": s.place}
            for s in found.sentences
        ],
        "since.sentences",
    )
    if row is not None:
        one = found.sentences[row]
        st.markdown(f"**{plain(one.text)}**")
        st.caption(
            plain(
                f"{str(one.state).capitalize()}{f': {one.why}' if one.why else ''}. Stood in: {one.place or 'a figure only'}."
            )
        )
        _to_section(report, one.section, go)


def _figures(report: ReportView, found: Comparison, go: Go) -> None:
    differing = st.toggle("Only what differs", value=True, key="since.differing")
    shown = [f for f in found.figures if not differing or (f.then != f.now and f.difference != "0")]
    if not shown:
        st.caption("No figure is found in both reports with certainty.")
        return
    names = _labels(report)
    st.caption(
        "The difference is that of the figures as printed. What the previous report does not name without doubt is not compared."
    )
    row = _chosen(
        [
            {
                "figure": f.name, "then": f.then, "now": f.now, "difference": f.difference,
                "section": names.get(f.section, f.section), "stood in": f.place,
            }
            for f in shown
        ],
        "since.figures",
    )  # fmt: skip
    if row is not None:
        _to_section(report, shown[row].section, go)


def _records(report: ReportView, found: Comparison, go: Go) -> None:
    left, right = st.columns([7, 13], gap="medium")
    with left:
        st.caption("Records in scope, by kind; ?: the previous report lists none of this kind")
        narrow = st.column_config.TextColumn(width=50)
        lines = [(kind_title(c.kind), "?" if c.then is None else str(c.then), str(c.now)) for c in found.counts]
        st.dataframe(
            [{"kind": kind, "then": then, "now": now} for kind, then, now in lines], hide_index=True, height=HEIGHT,
            column_config={"kind": st.column_config.TextColumn(width=205), "then": narrow, "now": narrow},
        )  # fmt: skip
    with right:
        st.caption("Changes and CAPAs: new, closed since, carried over")
        row = _chosen(
            [
                {"record": r.identifier, "standing": r.standing, "then": r.then, "now": r.now, "title": r.title}
                for r in found.records
            ],
            "since.records",
            standing=125,
            then=70,
            now=100,
        )
        if row is not None:
            _to_section(report, found.records[row].section, go)


def _actions(report: ReportView, found: Comparison, go: Go) -> None:
    if not found.recommendations:
        st.caption("The previous report recommends nothing that can be told from its headings.")
        return
    st.caption(
        "What earlier reports recommended, and what became of it. Name what is overdue in a sentence of section Actions from the "
        "previous review."
    )
    row = _chosen(
        [
            {
                "state": f"{one.state}{', past its due date' if one.overdue and one.state != 'overdue' else ''}",
                "recommendation": one.recommended.text, "number": one.recommended.identifier, "due": one.recommended.due_on,
                "named here": "in a sentence" if one.named else "in a table" if one.listed else "no",
                "report": one.recommended.report or found.previous.number, "stood in": one.recommended.place,
            }
            for one in found.recommendations
        ],
        "since.actions",
        recommendation=375,
    )  # fmt: skip
    if row is not None:
        _to_section(report, "previous_actions", go)
