"""The section screen's other tabs: human-only fields, tables and charts, the difference to the draft, the history."""

import difflib
from typing import Literal

import streamlit as st

from drafting import authoring, queries, review, working
from drafting.documents.charts import chart_spec
from drafting.model import Table
from drafting.overseeing.sight import not_shown, withheld
from drafting.probes.workflow import Noted
from drafting.readmodel import FieldView, Missing
from drafting.render import split_ref
from drafting.unsaved import check_fields
from review_ui import session, widgets
from review_ui.presenters import moment, plain
from review_ui.room import Room, attempt, look_at, open_source, reviewed

CHART_WIDTH = 480
TALLEST = 360
SCROLLED = 10  # rows from which a table scrolls


def fields(room: Room) -> None:
    """Show the fields that only a person fills; what is typed is kept at once and becomes a record when saved."""
    if not room.view.fields:
        widgets.empty("Fields that only a person fills stand here.", "This section has none.")
        return
    st.caption("Only a person fills these; nothing is proposed or filled in beforehand.")
    typed = {shown.outline.key: _field(room, shown) for shown in room.view.fields}
    changed = {key: text for key, text in typed.items() if text != _stored(room, key)}
    if changed:
        _checked(room, changed)
    if (
        room.view.capacity == "author"
        and not room.closed
        and st.button("Save fields", type="primary", icon=":material/save:", key=f"fields.{room.id}", disabled=not changed)
    ):
        attempt(room, lambda: _save(room, changed), told="Fields saved")


def _checked(room: Room, changed: dict[str, str]) -> None:
    """Show what the checks say of what is typed, before it is saved."""
    found = check_fields(room.visit.ctx, section_id=room.id, values=changed)
    asked = widgets.findings(found.section, found.said, key=f"unsaved.fields.{room.id}")
    if asked:
        look_at(room, asked)


def _stored(room: Room, key: str) -> str:
    return next(shown.value for shown in room.view.fields if shown.outline.key == key)


def _subject(key: str) -> str:
    return f"field:{key}"


def _field(room: Room, shown: FieldView) -> str:
    outline, subject = shown.outline, _subject(shown.outline.key)
    ctx, actor = room.visit.ctx, room.visit.actor
    key = session.widget_key(f"{room.id}.{subject}")
    kept = room.working.get(subject)
    begins = kept.text if kept is not None else shown.value
    label = plain(outline.label) + ("" if outline.required else " (optional)")
    fixed = room.view.capacity != "author" or room.closed

    def keep() -> None:
        working.keep(
            ctx, section_id=room.id, subject=subject, version=shown.version, text=session.typed(key), actor=actor
        )  # fmt: skip

    if outline.choices:
        at = outline.choices.index(begins) if begins in outline.choices else None
        said = st.selectbox(
            label, outline.choices, index=at, help=outline.help or None, key=key, placeholder="Choose", on_change=keep, disabled=fixed
        )  # fmt: skip
    else:
        said = st.text_area(label, begins, help=outline.help or None, key=key, height=90, on_change=keep, disabled=fixed)
    if kept is not None and kept.text != shown.value:
        st.caption(f"Kept as you typed, {moment(kept.at)}; not saved yet.")
    elif shown.at:
        st.caption(f"{plain(shown.user_id)}, {moment(shown.at)}, version {shown.version}")
    return said or ""


def _save(room: Room, changed: dict[str, str]) -> None:
    ctx, actor = room.visit.ctx, room.visit.actor
    authoring.enter_fields(ctx, section_id=room.id, values=changed, seen=room.seen, actor=actor)
    for key in changed:
        working.drop(ctx, section_id=room.id, subject=_subject(key), actor=actor)
        session.spend(f"{room.id}.{_subject(key)}")


def tables(room: Room) -> None:
    """Show tables and charts; a chosen row opens its source."""
    if not (room.view.tables or room.view.charts):
        widgets.empty("Tables and charts rendered from records stand here.", "This section has none.")
    for table in room.view.tables:
        _table(room, table)
    for chart in room.view.charts:
        st.vega_lite_chart(spec=chart_spec(chart, width=CHART_WIDTH), width="content", theme=None)


def _table(room: Room, table: Table) -> None:
    subject = f"table:{table.id}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(table.title)}**")
        if table.synthetic:
            st.badge("synthetic", icon=":material/science:", color="orange")
        decided = room.view.table_decisions.get(f"{room.view.capacity}:{table.id}")
        if decided:
            st.badge(f"confirmed by {plain(decided.user_id)}", icon=":material/check:", color="green")
    lines = [dict(zip(table.columns, row, strict=False)) for row in table.rows]
    height: int | Literal["auto"] = "auto" if len(lines) < SCROLLED else TALLEST
    picked = st.dataframe(
        lines, hide_index=True, on_select="rerun", selection_mode="single-row", key=f"table.{room.id}.{table.id}", height=height
    )  # fmt: skip
    if table.note:
        st.caption(plain(table.note))
    rows = picked["selection"]["rows"]
    ref = table.refs[rows[0]] if rows and rows[0] < len(table.refs) else ""
    to_open = [m for m in room.view.missing if m.target == subject and m.ref]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Open the source of the row", key=f"row.{room.id}.{table.id}", disabled=not ref):
            open_source(room, subject, ref)
        if not decided and any(m.target == subject and not m.ref for m in room.view.missing):
            ctx, actor = room.visit.ctx, room.visit.actor
            if st.button("Confirm table", key=f"confirm.{room.id}.{table.id}", disabled=bool(to_open)):
                reviewed(
                    room,
                    [Noted(subject, "confirm")],
                    lambda: review.confirm_table(ctx, section_id=room.id, table_id=table.id, seen=room.seen, actor=actor),
                    told="Table confirmed",
                )
    if to_open:
        _rows_to_open(room, subject, to_open)


def _rows_to_open(room: Room, subject: str, to_open: list[Missing]) -> None:
    st.caption("Rows drawn for checking: open the source of each.")
    with st.container(horizontal=True, gap="small", key=f"cite-rows-{room.id}-{subject}"):
        for number, missing in enumerate(to_open):
            label = split_ref(missing.ref)[1].replace("_", " ").replace("/", " ")
            if st.button(
                plain(label),
                type="tertiary",
                icon=":material/visibility:",
                key=f"cite.{room.id}.{subject}.{number}.{missing.ref}",
            ):
                open_source(room, subject, missing.ref)


def difference(room: Room) -> None:
    """Show what people changed of the machine's draft."""
    sentences = room.view.sentences
    changed = [s for s in sentences if s.origin == "person" or s.state == "rejected" or s.text != s.drafted_text]
    if not changed:
        widgets.empty("Shows what people changed of the draft.", "Nothing was changed so far.")
    for sentence in changed:
        with st.container(border=True):
            st.markdown(_marked(sentence.drafted_text, "" if sentence.state == "rejected" else sentence.text))
            if sentence.author:
                said = ". ".join(plain(part) for part in (sentence.author.category, sentence.author.reason) if part)
                st.caption(f"{plain(sentence.author.user_id)}, {moment(sentence.author.at)}: {said}")


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
    """Show the trail of the section, newest first."""
    ctx, account = room.visit.ctx, room.visit.account
    with ctx.database.read() as conn:
        out = withheld(conn, account, ctx.clock.now())
    entries = [entry for entry in queries.history(ctx, room.id) if entry.seq not in out]
    st.caption(f"{len(entries)} entries of the trail concern this section. {not_shown(account, out)}")
    st.dataframe(
        [
            {"entry": e.seq, "at": e.at[:19], "who": e.actor.user_id, "act": str(e.action), "reason": e.reason or ""}
            for e in reversed(entries)
        ],
        hide_index=True,
    )
