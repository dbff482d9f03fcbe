"""The editor of a sentence: text kept as it is typed, each quantity of it shown with what it is tied to, and a reason before saving."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from drafting import authoring, reviewing, working
from drafting.lifecycle import EditReason
from drafting.model import Sentence
from drafting.readmodel import Citation, SentenceView
from drafting.resolution import Resolution, Standing, resolve
from review_ui import added, session, widgets
from review_ui.presenters import moment, plain
from review_ui.room import Room, attempt, look_at, open_source

ADDED = "add"
LONGEST = 2000


@dataclass(frozen=True)
class Editing:
    """What is being edited: the subject ("add" or a sentence's id), the text it starts from, and how it is saved."""

    subject: str
    before: Sentence
    version: int
    begins: str
    save: Callable[[str, str, str, dict[str, str]], object]  # text, category, own words, picks


def change(room: Room, sentence: SentenceView, *, begins: str = "") -> None:
    """Edit a sentence as its author."""
    ctx, actor = room.visit.ctx, room.visit.actor

    def save(text: str, category: str, words: str, picks: dict[str, str]) -> object:
        return authoring.edit(
            ctx, sentence_id=sentence.id, version=sentence.version, text=text, category=category, reason=words, picks=picks,
            seen=room.seen, actor=actor,
        )  # fmt: skip

    _show(room, Editing(sentence.id, _sentence(sentence), sentence.version, begins or sentence.text, save))


def propose(room: Room, sentence: SentenceView) -> None:
    """Propose other words as the reviewer."""
    ctx, actor = room.visit.ctx, room.visit.actor

    def save(text: str, category: str, words: str, _picks: dict[str, str]) -> object:
        return reviewing.propose(
            ctx, sentence_id=sentence.id, version=sentence.version, text=text, category=category, reason=words, seen=room.seen,
            actor=actor,
        )  # fmt: skip

    _show(room, Editing(sentence.id, _sentence(sentence), sentence.version, sentence.text, save))


def add(room: Room, after: str) -> None:
    """Write a sentence of one's own after the chosen one."""
    ctx, actor = room.visit.ctx, room.visit.actor

    def save(text: str, category: str, words: str, picks: dict[str, str]) -> object:
        return authoring.add(
            ctx, section_id=room.id, after=after, text=text, category=category, reason=words, picks=picks, seen=room.seen,
            actor=actor,
        )  # fmt: skip

    _show(room, Editing(ADDED, Sentence(""), 1, "", save))


def _sentence(shown: SentenceView) -> Sentence:
    return Sentence(shown.text, shown.spans, tuple(c.ref for c in shown.citations))


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
    _resolutions(room, editing, text, picks)
    category, words = widgets.reason(EditReason, key=key, own=widgets.IF_CHANGED)
    with st.container(horizontal=True):
        saved = st.button("Save", type="primary", key=f"save.{subject}", icon=":material/save:")
        cancelled = st.button("Cancel", key=f"cancel.{subject}")
    if saved:
        chosen = dict(picks)
        attempt(room, lambda: _save(room, editing, text, category, words, chosen), told="Saved")
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


def _resolutions(room: Room, editing: Editing, text: str, picks: dict[str, str]) -> None:
    """Show what each quantity is tied to; a person picks the source of one that the text leaves open."""
    found = resolve(room.visit.ctx, section_id=room.id, before=editing.before, text=text, picks=picks)
    tied = [r for r in found if r.standing is Standing.RESOLVED]
    loose = [r for r in found if r.standing is not Standing.RESOLVED]
    if tied:
        said = " · ".join(f"{plain(r.text)} ({plain(r.source.label)})" for r in tied if r.source)
        st.caption(f":green[:material/link:] tied to evidence: {said}")
    for number, resolution in enumerate(loose):
        _loose(room, editing, resolution, picks, key=f"pick.{room.id}.{editing.subject}.{number}.{resolution.text}")
    if room.view.capacity == "author":
        added.offer(room, text, [r.text for r in loose if not r.candidates], picks, key=f"{room.id}.{editing.subject}")


def _loose(room: Room, editing: Editing, resolution: Resolution, picks: dict[str, str], *, key: str) -> None:
    shown = plain(resolution.text)
    if resolution.standing is Standing.CONTRADICTED and resolution.source:
        st.error(
            f"**{shown}** stands where the evidence says **{plain(resolution.says)}** ({plain(resolution.source.label)}).",
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
