"""A section as it reads: sentences, human-only fields, tables and what the report itself says; this is what a signature stands for."""

import streamlit as st

from drafting.documents.charts import chart_spec
from drafting.readmodel import SectionView
from review_ui.presenters import emphasised, plain

CHART_WIDTH = 480
FEW = 12  # rows from which a table scrolls


def show(view: SectionView, *, charts: bool = True) -> None:
    """Show everything that the section says, in the order of the document."""
    sentences = [s for s in view.sentences if s.state != "rejected"]
    for sentence in sentences:
        st.markdown(emphasised(sentence.text, sentence.spans))
    for one in (a for a in view.added if a.sentences and a.kind != "linked"):
        st.caption(f"{plain(one.value)}: {plain(one.state)} ({plain(one.source)}; {plain(one.by)})")
    for said in view.statements:
        st.markdown(plain(said))
    for field in view.fields:
        st.markdown(f"**{plain(field.outline.label)}:** " + (plain(field.value) if field.value else "*not filled in*"))
    for table in view.tables:
        st.markdown(f"**{plain(table.title)}** ({len(table.rows)} rows)" + (" · synthetic" if table.synthetic else ""))
        lines = [dict(zip(table.columns, row, strict=False)) for row in table.rows]
        st.dataframe(lines, hide_index=True, height=300 if len(lines) > FEW else "auto")
    for chart in view.charts if charts else ():
        st.vega_lite_chart(spec=chart_spec(chart, width=CHART_WIDTH), width="content", theme=None)
    if not (sentences or view.statements or view.fields or view.tables):
        st.info(
            "This section says nothing: no sentence, no field, and no record in scope for a table.", icon=":material/info:"
        )
