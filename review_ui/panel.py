"""The evidence of one reference, beside the sentences: file, hash, rows with the cell marked, the literal, the limit, the chart."""

from collections.abc import Sequence

import streamlit as st

from drafting.added import whole
from drafting.documents.charts import chart_spec
from drafting.model import Chart
from drafting.readmodel import AddedView, EvidenceView, SectionView
from review_ui import added
from review_ui.presenters import plain, short_hash

CHART_WIDTH = 215
ADDED = ("manual", "attachment")
DETAILS = {"fact": "How it was computed", **dict.fromkeys(ADDED, "Who vouches for it")}
MOST_COLUMNS = 2  # beside the marked one, which must not be cut off


def show(view: SectionView, evidence: EvidenceView | None) -> None:
    """Show the opened evidence, or say how to open one."""
    if evidence is None:
        st.markdown("**Evidence**")
        st.caption(
            f"Choose a {'row of a table' if view.hidden or not view.sentences else 'citation of a sentence'} to open its source here."
        )
        return
    card(evidence, view.added, view.charts)


def card(evidence: EvidenceView, by: Sequence[AddedView] = (), charts: Sequence[Chart] = ()) -> None:
    """Show where evidence stands and what it says, who added it, and the section's chart that it is in."""
    st.markdown(f"**Evidence: {plain(evidence.title)}**")
    with st.container(border=True):
        _origin(by, evidence)
        if evidence.rows:
            _rows(evidence)
        if evidence.literal:
            word = "Printed" if evidence.kind == "fact" and not evidence.rows else "As written"
            st.markdown(f"{word}: **{plain(evidence.literal)}**")
        if evidence.text:
            st.markdown(plain(evidence.text))
        if evidence.limit:
            st.caption(f"Held against {plain(evidence.limit)} from {plain(evidence.limit_source)}")
    chart = next((c for c in charts if c.id == evidence.chart), None)
    if chart is not None:
        spec = chart_spec(chart, marked_batch=evidence.marked_batch, width=CHART_WIDTH)
        st.vega_lite_chart(spec=spec, width="content", theme=None)
    if evidence.details:
        with st.expander(DETAILS.get(evidence.kind, "The whole record"), expanded=evidence.kind in ADDED):
            st.caption("  \n".join(f"{plain(name)}: {plain(str(value)[:400])}" for name, value in evidence.details.items()))


def _origin(by: Sequence[AddedView], evidence: EvidenceView) -> None:
    """Show who added the evidence, where a person did, and the file that it stands in."""
    one = next((a for a in by if a.ref == whole(evidence.ref)), None)
    if one is not None:
        st.markdown(f"{added.badge(one).text} {plain(one.state)}")
    if evidence.synthetic:
        st.badge("synthetic", icon=":material/science:", color="orange")
    if evidence.document_name:
        version = f" v{evidence.document_version}" if evidence.document_id else ""  # an attached file has one
        st.markdown(
            f":material/description: **{plain(evidence.document_name)}**{version} · "
            f"{short_hash(evidence.document_sha256)}" + (f" · {plain(evidence.place)}" if evidence.place else "")
        )


def _rows(evidence: EvidenceView) -> None:
    marked = evidence.columns.index(evidence.marked_column) if evidence.marked_column in evidence.columns else -1
    kept = [i for i in range(len(evidence.columns)) if i in (0, marked)]
    kept = sorted({*kept, *list(range(len(evidence.columns)))[:MOST_COLUMNS]})
    lines = ["| row | " + " | ".join(plain(evidence.columns[i]) for i in kept) + " |", "|---" * (len(kept) + 1) + "|"]
    for number, cells in zip(evidence.row_numbers, evidence.rows, strict=False):
        shown = [_cell(cells[i], marked=number == evidence.marked_row and i == marked) for i in kept if i < len(cells)]
        lines.append(f"| {number} | " + " | ".join(shown) + " |")
    st.markdown("\n".join(lines))


def _cell(text: str, *, marked: bool) -> str:
    one_line = plain(" ".join(text.split())[:60])
    return f":orange-background[**{one_line}**]" if marked and one_line else one_line
