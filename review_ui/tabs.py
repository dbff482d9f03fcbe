"""The section screen's other tabs: human-only fields, tables and charts, the difference to the draft, the history."""

import difflib

import streamlit as st

from drafting import authoring, queries, review
from drafting.documents.charts import chart_spec
from drafting.model import Table
from drafting.readmodel import FieldView, SectionView
from review_ui import session, widgets
from review_ui.cards import Room, attempt
from review_ui.presenters import moment, plain

CHART_WIDTH = 480


def fields(room: Room) -> None:
    """Show the fields that only a person fills."""
    if not room.view.fields:
        widgets.empty("Fields that only a person fills stand here.", "This section has none.")
    for shown in room.view.fields:
        _field(room, shown)


def _field(room: Room, shown: FieldView) -> None:
    outline = shown.outline
    ctx, actor = room.visit.ctx, room.visit.actor
    with st.form(f"field.{room.id}.{outline.key}"):
        label, hint, key = plain(outline.label), outline.help or None, f"value.{room.id}.{outline.key}"
        if outline.choices:
            at = outline.choices.index(shown.value) if shown.value in outline.choices else None
            value = st.selectbox(label, outline.choices, index=at, help=hint, key=key, placeholder="Choose") or ""
        else:
            value = st.text_area(label, shown.value, help=hint, key=key, height=80)
        if shown.at:
            st.caption(f"{plain(shown.user_id)}, {moment(shown.at)}, version {shown.version}")
        if st.form_submit_button("Save", disabled=room.view.capacity != "author"):
            attempt(
                room,
                lambda: authoring.enter_field(
                    ctx, section_id=room.id, key=outline.key, value=value, seen=room.seen, actor=actor
                ),
                told="Saved",
            )  # fmt: skip


def tables(room: Room) -> None:
    """Show tables and charts; a chosen row opens its source."""
    if not (room.view.tables or room.view.charts):
        widgets.empty("Tables and charts rendered from records stand here.", "This section has none.")
    for table in room.view.tables:
        _table(room, table)
    for chart in room.view.charts:
        st.vega_lite_chart(spec=chart_spec(chart, width=CHART_WIDTH), width="content", theme=None)


def _table(room: Room, table: Table) -> None:
    st.markdown(f"**{plain(table.title)}**")
    if table.synthetic:
        st.badge("synthetic", icon=":material/science:", color="orange")
    lines = [dict(zip(table.columns, row, strict=False)) for row in table.rows]
    picked = st.dataframe(
        lines, hide_index=True, on_select="rerun", selection_mode="single-row", key=f"table.{room.id}.{table.id}"
    )
    if table.note:
        st.caption(plain(table.note))
    rows = picked["selection"]["rows"]
    ctx, actor = room.visit.ctx, room.visit.actor
    ref = table.refs[rows[0]] if rows and rows[0] < len(table.refs) else ""
    with st.container(horizontal=True):
        if st.button("Open the source of the row", key=f"row.{room.id}.{table.id}", disabled=not ref):
            with widgets.guarded():
                opened = review.open_source(ctx, section_id=room.id, subject=f"table:{table.id}", ref=ref, actor=actor)
                session.keep_source(room.id, opened)
                st.rerun()
        decided = room.view.table_decisions.get(f"{room.view.capacity}:{table.id}")
        if decided:
            st.badge(f"confirmed by {plain(decided.user_id)}", icon=":material/check:", color="green")
        elif room.view.capacity in ("author", "reviewer") and st.button(
            "Confirm table", key=f"confirm.{room.id}.{table.id}"
        ):
            attempt(
                room,
                lambda: review.confirm_table(ctx, section_id=room.id, table_id=table.id, seen=room.seen, actor=actor),
                told="Table confirmed",
            )


def difference(view: SectionView) -> None:
    """Show what people changed of the machine's draft."""
    changed = [s for s in view.sentences if s.origin == "person" or s.state == "rejected" or s.text != s.drafted_text]
    if not changed:
        widgets.empty("Shows what people changed of the draft.", "Nothing was changed so far.")
    for sentence in changed:
        with st.container(border=True):
            st.markdown(_marked(sentence.drafted_text, "" if sentence.state == "rejected" else sentence.text))
            if sentence.author and sentence.author.reason:
                st.caption(f"{plain(sentence.author.user_id)}: {plain(sentence.author.reason)}")


def _marked(before: str, after: str) -> str:
    old, new = before.split(), after.split()
    parts: list[str] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(plain(" ".join(old[i:j])))
            continue
        if i < j:
            parts.append(f":red-background[~~{plain(' '.join(old[i:j]))}~~]")
        if k < m:
            parts.append(f":green-background[{plain(' '.join(new[k:m]))}]")
    return " ".join(parts)


def history(room: Room) -> None:
    """Show the trail of the section."""
    entries = queries.history(room.visit.ctx, room.id)
    st.dataframe(
        [
            {"entry": e.seq, "at": e.at[:19], "who": e.actor.user_id, "act": str(e.action), "reason": e.reason or ""}
            for e in entries
        ],
        hide_index=True,
    )
