"""Evidence first: the figures that are asked before a draft shows, what they are found in, and the own figures beside the draft's afterwards."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from drafting.evidence.kinds import kind_title
from drafting.evidence_first import asking
from drafting.evidence_first.figures import CANNOT_TELL, Figure, Stated, printed_in
from drafting.model import Chart, Table
from drafting.readmodel import SectionView, SentenceView
from review_ui import widgets
from review_ui.fitted import fitted
from review_ui.presenters import plain
from review_ui.room import Room, attempt, open_source

SCROLLED, TALLEST = 10, 320  # values from which a table scrolls, and the height of one that does
WHY = (
    "This section was drawn at random. Count or work the figures out from the records below, or from any source of your own; say so where you "
    "cannot tell. The draft is shown after that, with your figures beside its own."
)


def show(room: Room) -> None:
    """Ask for the figures of a section, and show it once they are stated."""
    ctx, actor = room.visit.ctx, room.visit.actor

    def keep(answers: Mapping[str, str]) -> None:
        attempt(
            room,
            lambda: asking.state(ctx, section_id=room.id, answers=answers, actor=actor),
            told="Your figures are kept: read the draft beside them",
        )

    st.caption(WHY)
    ask(room.view.asked, room.view, key=room.id, keep=keep)
    found_in(room.view, key=room.id, open_row=lambda subject, ref: open_source(room, subject, ref))


def ask(figures: Sequence[Figure], view: SectionView, *, key: str, keep: Callable[[Mapping[str, str]], None]) -> None:
    """Ask for each figure by what it is, its unit, precision and period."""
    with st.form(f"stating.{key}"):
        what = "this figure" if len(figures) == 1 else "these figures"
        st.markdown(f"**Please state {what} from the sources before you read the draft**")
        st.caption(f"The report is on the period from {plain(view.report.period_from)} to {plain(view.report.period_to)}.")
        answers = {figure.ref: _figure(figure, key) for figure in figures}
        if st.form_submit_button("Keep and show the draft", type="primary", icon=":material/arrow_forward:"):
            with widgets.guarded():
                keep(answers)


def _figure(figure: Figure, key: str) -> str:
    unit = f", in {figure.unit}" if figure.unit else ""
    whole = "" if "number" in figure.label else " (a whole number)"
    digits = f" ({figure.places} decimal place{'s' * (figure.places != 1)})" if figure.places else whole
    label = f"{figure.label}{unit}{digits}"
    st.markdown(plain(label))
    left, right = st.columns([3, 2], vertical_alignment="center")
    typed = left.text_input(label, key=f"stating.{key}.{figure.ref}", max_chars=26, label_visibility="collapsed")
    cannot = right.checkbox("I cannot tell", key=f"stating.cannot.{key}.{figure.ref}")
    if figure.about:
        st.caption(
            plain(
                f"What is counted, in the records below: {_about(figure.about)}"
                if figure.tables
                else f"What is measured: {_about(figure.about)}"
            )
        )
    return CANNOT_TELL if cannot else typed


def _about(query: str) -> str:
    """Return the words of a query with its kind of record as people read it."""
    kind, of, rest = query.partition(" of product ")
    return (f"{kind_title(kind).lower()}{of}{rest}" if of else query).replace("_", " ")


def found_in(view: SectionView, *, key: str, open_row: Callable[[str, str], None]) -> None:
    """Show the tables of records and the values that the figures are found in."""
    for table in view.tables:
        _records(table, key, open_row)
    for chart in view.charts:
        _values(chart, key)


def _records(table: Table, key: str, open_row: Callable[[str, str], None]) -> None:
    st.markdown(f"**{plain(table.title)}**")
    lines = [dict(zip(table.columns, row, strict=False)) for row in table.rows]
    fits = fitted(table.columns, table.rows)
    picked = st.dataframe(
        lines, hide_index=True, on_select="rerun", selection_mode="single-row", key=f"stating.{key}.{table.id}",
        height=TALLEST if len(lines) * fits.row > TALLEST else "auto", row_height=fits.row,
        column_config={name: st.column_config.TextColumn(width=width) for name, width in fits.widths.items()},
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    ref = table.refs[rows[0]] if rows and rows[0] < len(table.refs) else ""
    if st.button(
        "Open the source of the row", icon=":material/visibility:", key=f"stating.row.{key}.{table.id}", disabled=not ref
    ):
        open_row(f"table:{table.id}", ref)


def _values(chart: Chart, key: str) -> None:
    limits = [f"not less than {chart.lower_limit}"] * bool(chart.lower_limit)
    limits += [f"not more than {chart.upper_limit}"] * bool(chart.upper_limit)
    st.markdown(f"**{plain(chart.label or chart.title)}**" + (f", {plain(chart.unit)}" if chart.unit else ""))
    if limits:
        st.caption(plain(f"Specification {chart.limit_source}: {' and '.join(limits)}"))
    st.dataframe(
        [{"Batch": point.batch, "Date": point.date, "Value": point.value} for point in chart.points],
        hide_index=True,
        height=TALLEST if len(chart.points) > SCROLLED else "auto",
        key=f"stating.values.{key}.{chart.id}",
    )


def compared(stated: Sequence[Stated], sentences: Sequence[SentenceView]) -> None:
    """Show above the sentences how the own figures stand beside the draft's, and where each is."""
    lines = []
    for one in stated:
        at = next((n for n, s in enumerate(sentences, start=1) if printed_in(s.text, s.spans, one.ref) is not None), 0)
        if at:
            lines.append(f"{_beside(one, sentences[at - 1])[1]} (sentence {at})")
    if lines:
        st.info("Your figures beside the draft's:  \n" + "  \n".join(lines), icon=":material/compare_arrows:")


def beside(stated: Sequence[Stated], sentence: SentenceView) -> None:
    """Show the own figures beside those that a sentence prints."""
    for one in stated:
        if printed_in(sentence.text, sentence.spans, one.ref) is not None:
            same, told = _beside(one, sentence)
            st.caption(f":material/check: {told}") if same else st.markdown(
                f":orange-background[:material/compare_arrows: {told}]"
            )


def _beside(one: Stated, sentence: SentenceView) -> tuple[bool, str]:
    """Return whether the own figure is the one that a sentence prints, and both in words."""
    draft = printed_in(sentence.text, sentence.spans, one.ref)
    unit = f" {one.unit}" if one.unit else ""
    yours = "you could not tell" if one.own is None else f"yours: **{plain(one.answer + unit)}**"
    return one.own == draft, f"{plain(one.label)}: {yours}; draft: **{plain(str(draft) + unit)}**"
