"""The editor of a sentence: text kept as it is typed, what every check says of it before it is saved, and a reason.

Each quantity is shown with what it is tied to; a finding with what the evidence says, one press away from its source.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from drafting import authoring, reviewing, working
from drafting.lifecycle import EditReason
from drafting.probes.workflow import Noted
from drafting.readmodel import Citation, SentenceView
from drafting.resolution import Resolution, Standing
from drafting.unsaved import Checked, check_unsaved, is_checked
from review_ui import added, session, widgets
from review_ui.presenters import moment, plain
from review_ui.room import Room, look_at, open_source, reviewed

ADDED = "add"
LONGEST = 2000


@dataclass(frozen=True)
class Editing:
    """What is being edited: the subject ("add" or a sentence's id), the text it starts from, and how it is saved."""

    subject: str
    version: int
    begins: str
    save: Callable[[str, str, str, dict[str, str]], object]  # text, category, own words, picks
    after: str = ""  # the sentence that a new one follows


def change(room: Room, sentence: SentenceView, *, begins: str = "") -> None:
    """Edit a sentence as its author."""
    ctx, actor = room.visit.ctx, room.visit.actor

    def save(text: str, category: str, words: str, picks: dict[str, str]) -> object:
        return authoring.edit(
            ctx, sentence_id=sentence.id, version=sentence.version, text=text, category=category, reason=words, picks=picks,
            seen=room.seen, actor=actor,
        )  # fmt: skip

    _show(room, Editing(sentence.id, sentence.version, begins or sentence.text, save))


def propose(room: Room, sentence: SentenceView) -> None:
    """Propose other words as the reviewer."""
    ctx, actor = room.visit.ctx, room.visit.actor

    def save(text: str, category: str, words: str, _picks: dict[str, str]) -> object:
        return reviewing.propose(
            ctx, sentence_id=sentence.id, version=sentence.version, text=text, category=category, reason=words, seen=room.seen,
            actor=actor,
        )  # fmt: skip

    _show(room, Editing(sentence.id, sentence.version, sentence.text, save))


def add(room: Room, after: str) -> None:
    """Write a sentence of one's own after the chosen one."""
    ctx, actor = room.visit.ctx, room.visit.actor

    def save(text: str, category: str, words: str, picks: dict[str, str]) -> object:
        return authoring.add(
            ctx, section_id=room.id, after=after, text=text, category=category, reason=words, picks=picks, seen=room.seen,
            actor=actor,
        )  # fmt: skip

    _show(room, Editing(ADDED, 1, "", save, after))


def _show(room: Room, editing: Editing) -> None:
    subject = f"{room.id}.{editing.subject}"
    key, kept = session.widget_key(subject), room.working.get(editing.subject)
    if kept is not None and kept.version != editing.version:
        st.warning("The sentence changed since you began to type. Your text is kept below.", icon=":material/sync_problem:")
    ctx, actor = room.visit.ctx, room.visit.actor

    def keep() -> None:
        working.keep(
            ctx, section_id=room.id, subject=editing.subject, version=editing.version, text=session.typed(key), actor=actor
        )  # fmt: skip

    begins = kept.text if kept is not None else editing.begins
    text = st.text_area("Text", begins, key=key, on_change=keep, max_chars=LONGEST, height=110) or ""
    if kept is not None:
        st.caption(f"Kept as you typed, {moment(kept.at)}; not saved yet.")
    picks = session.picks(subject)
    if not is_checked(ctx, room.view.capacity):
        st.caption("A proposal is checked against the evidence when the author takes it up.")
    elif room.view.capacity == "author" or text.strip() != editing.begins.strip():
        _checked(room, editing, text, picks)
    category, words = widgets.reason(EditReason, key=key, own=widgets.IF_CHANGED)
    with st.container(horizontal=True):
        saved = st.button("Save", type="primary", key=f"save.{subject}", icon=":material/save:")
        cancelled = st.button("Cancel", key=f"cancel.{subject}")
    if saved:
        chosen = dict(picks)
        noted = [Noted(editing.subject, "propose", text, category, words)]
        reviewed(room, noted, lambda: _save(room, editing, text, category, words, chosen), told="Saved")
    if cancelled:
        _forget(room, editing)
        session.open_form(room.id, "", "")
        st.rerun()


def _save(room: Room, editing: Editing, text: str, category: str, words: str, picks: dict[str, str]) -> None:
    editing.save(text, category, words, picks)
    _forget(room, editing)


def _forget(room: Room, editing: Editing) -> None:
    if editing.subject in room.working:
        working.drop(room.visit.ctx, section_id=room.id, subject=editing.subject, actor=room.visit.actor)
    session.spend(f"{room.id}.{editing.subject}")


def _checked(room: Room, editing: Editing, text: str, picks: dict[str, str]) -> None:
    """Show what every check says of the text; a person picks the source of a quantity that it leaves open."""
    is_new = editing.subject == ADDED
    found = check_unsaved(
        room.visit.ctx, section_id=room.id, sentence_id="" if is_new else editing.subject, text=text, picks=picks, after=editing.after
    )  # fmt: skip
    tied = [q for q in found.quantities if q.standing is Standing.RESOLVED]
    loose = [q for q in found.quantities if q.standing is not Standing.RESOLVED]
    with st.container(key=f"unsaved_{room.id}"):
        for number, quantity in enumerate(loose):
            _loose(room, editing, quantity, picks, key=f"pick.{room.id}.{editing.subject}.{number}.{quantity.text}")
        _findings(room, editing, found)
        if tied:
            said = " · ".join(f"{plain(q.text)} ({plain(q.source.label)})" for q in tied if q.source)
            st.caption(f":green[:material/link:] tied to evidence: {said}")
        if text.strip() not in ("", editing.begins.strip()) and not (loose or found.findings or found.section):
            st.caption(":green[:material/check:] Every check ran on this text and found nothing.")
    if room.view.capacity == "author":
        added.offer(room, text, [q.text for q in loose if not q.candidates], picks, key=f"{room.id}.{editing.subject}")


def _findings(room: Room, editing: Editing, found: Checked) -> None:
    """Show what the checks find beyond the quantities, on the sentence and, if it were saved, on its section."""
    asked = widgets.findings(found.findings, found.said, key=f"unsaved.{editing.subject}")
    if found.section:
        st.caption("Saved like this, the section as a whole would have:")
        asked = widgets.findings(found.section, found.said, key=f"unsaved.section.{editing.subject}") or asked
    if asked:
        _open(room, editing, asked)


def _loose(room: Room, editing: Editing, resolution: Resolution, picks: dict[str, str], *, key: str) -> None:
    shown = plain(resolution.text)
    if resolution.standing is Standing.CONTRADICTED and resolution.source:
        st.error(
            f"**{shown}** stands where the evidence says **{plain(resolution.says)}**.",
            icon=":material/block:",
        )
        if widgets.source_button(resolution.source.label, resolution.says, key=f"said.{key}"):
            _open(room, editing, resolution.source.ref)
    else:
        st.warning(f"**{shown}** is not tied to any evidence: it blocks signing until it is.", icon=":material/link_off:")
    if not resolution.candidates:
        st.caption(
            "Nothing in this section's evidence prints it. Write the figure as the evidence prints it, with its unit, or add evidence below."
        )
        return
    chosen = st.selectbox(
        f"Source of {resolution.text}", resolution.candidates, index=None, key=key, format_func=_label, placeholder="Pick the source"
    )  # fmt: skip
    if chosen is not None and picks.get(resolution.text) != chosen.ref:
        picks[resolution.text] = chosen.ref
        st.rerun()


def _open(room: Room, editing: Editing, ref: str) -> None:
    if editing.subject == ADDED:
        look_at(room, ref)
    else:
        open_source(room, editing.subject, ref)


def _label(citation: Citation) -> str:
    return citation.label
