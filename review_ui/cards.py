"""Sentence cards: state, origin, text, citations, findings, and what may be decided; only the chosen card carries shortcuts."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from drafting import authoring, review, reviewing
from drafting.lifecycle import EDIT_REASONS, REJECT_REASONS
from drafting.readmodel import SectionView, SentenceView
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import Badge, emphasised, plain, sentence_badge

MOST_CITATIONS = 6
MACHINE = Badge("machine-drafted", ":material/smart_toy:", "gray")
PERSON = Badge("person", ":material/person:", "gray")


@dataclass(frozen=True)
class Room:
    """A section as shown to this person, under a view that the server issued."""

    visit: Visit
    view: SectionView
    seen: str

    @property
    def id(self) -> str:
        """Return the section's id."""
        return self.view.summary.id


def attempt(room: Room, act: Callable[[], object], *, told: str) -> None:
    """Do one act; then show the section anew. A problem leaves what was typed where it is."""
    with widgets.guarded():
        act()
        session.forget_view(room.id)
        session.open_form(room.id, "", "")
        session.notice(told)
        st.rerun()


def show(room: Room) -> None:
    """Show every sentence of the section."""
    sentences = room.view.sentences
    ids = [s.id for s in sentences]
    if not ids:
        widgets.empty("Sentences of this section stand here.", "Rendered from records only, or left for a person to write.")
        return
    if session.chosen(room.id) not in ids:
        session.choose(room.id, ids[0])
    at = ids.index(session.chosen(room.id))
    with st.container(horizontal=True):
        if st.button("Previous", icon=":material/arrow_upward:", shortcut="k", disabled=at == 0, key=f"{room.id}.k"):
            session.choose(room.id, ids[at - 1])
            st.rerun()
        if st.button(
            "Next", icon=":material/arrow_downward:", shortcut="j", disabled=at == len(ids) - 1, key=f"{room.id}.j"
        ):
            session.choose(room.id, ids[at + 1])
            st.rerun()
    for number, sentence in enumerate(sentences, start=1):
        _card(room, sentence, number, chosen=sentence.id == session.chosen(room.id))


def _card(room: Room, sentence: SentenceView, number: int, *, chosen: bool) -> None:
    with st.container(border=True, key=f"card{'_chosen' if chosen else ''}_{sentence.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                f"Sentence {number}",
                type="tertiary",
                key=f"choose.{sentence.id}",
                icon=":material/arrow_right:" if chosen else None,
            ):
                session.choose(room.id, sentence.id)
                st.rerun()
            widgets.badge(sentence_badge(sentence))
            widgets.badge(PERSON if sentence.origin == "person" else MACHINE)
        st.markdown(emphasised(sentence.text, sentence.spans))
        _citations(room, sentence, chosen=chosen)
        widgets.findings(sentence.findings)
        if sentence.reviewer and sentence.reviewer.reason:
            st.info(f"Reviewer: {plain(sentence.reviewer.reason)}", icon=":material/rate_review:")
        if room.view.capacity in ("author", "reviewer"):
            _decide(room, sentence, chosen=chosen)
            _forms(room, sentence)


def _citations(room: Room, sentence: SentenceView, *, chosen: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        for index, citation in enumerate(sentence.citations[:MOST_CITATIONS]):
            shortcut = "o" if chosen and index == 0 else None
            if st.button(plain(citation.label), type="tertiary", key=f"cite.{sentence.id}.{index}", shortcut=shortcut):
                with widgets.guarded():
                    opened = review.open_source(
                        room.visit.ctx, section_id=room.id, subject=sentence.id, ref=citation.ref, actor=room.visit.actor
                    )  # fmt: skip
                    session.choose(room.id, sentence.id)
                    session.keep_source(room.id, opened)
                    st.rerun()
    rest = len(sentence.citations) - MOST_CITATIONS
    if rest > 0:
        st.caption(f"and {rest} more")


def _decide(room: Room, sentence: SentenceView, *, chosen: bool) -> None:
    author = room.view.capacity == "author"
    words = ("Accept", "Edit", "Reject") if author else ("Confirm", "Propose", "Question")
    ctx, actor = room.visit.ctx, room.visit.actor
    mine = sentence.author if author else sentence.reviewer
    with st.container(horizontal=True):
        blocked = author and sentence.blocked
        if st.button(words[0], key=f"yes.{sentence.id}", shortcut="a" if chosen else None, disabled=blocked):
            act = authoring.accept if author else reviewing.confirm
            attempt(
                room,
                lambda: act(ctx, sentence_id=sentence.id, version=sentence.version, seen=room.seen, actor=actor),
                told=f"{words[0]}ed",
            )
        for word, mode, shortcut in ((words[1], "edit", "e"), (words[2], "reject", "x")):
            if st.button(word, key=f"{mode}.{sentence.id}", shortcut=shortcut if chosen else None):
                session.choose(room.id, sentence.id)
                session.open_form(room.id, sentence.id, mode)
                st.rerun()
        if mine is not None and st.button("Undo", key=f"undo.{sentence.id}", type="tertiary", icon=":material/undo:"):
            attempt(
                room,
                lambda: review.undo(ctx, decision_id=mine.id, reason="Decided again", seen=room.seen, actor=actor),
                told="Decision undone",
            )


def _forms(room: Room, sentence: SentenceView) -> None:
    which, mode = session.form(room.id)
    if which != sentence.id or not mode:
        return
    author = room.view.capacity == "author"
    with st.form(f"{mode}.form.{sentence.id}", border=False):
        text = st.text_area("Text", sentence.text, key=f"text.{sentence.id}") if mode == "edit" else ""
        ask = mode == "edit" or author
        categories = EDIT_REASONS if mode == "edit" else REJECT_REASONS
        category, words = widgets.reason(categories, key=f"{mode}.{sentence.id}") if ask else ("", st.text_input("Question"))
        with st.container(horizontal=True):
            save, cancel = st.form_submit_button("Save"), st.form_submit_button("Cancel")
    if cancel:
        session.open_form(room.id, "", "")
        st.rerun()
    if save:
        attempt(room, lambda: _store(room, sentence, mode, text=text, category=category, words=words), told="Saved")


def _store(room: Room, sentence: SentenceView, mode: str, *, text: str, category: str, words: str) -> object:
    ctx, actor, seen, author = room.visit.ctx, room.visit.actor, room.seen, room.view.capacity == "author"
    version, sentence_id = sentence.version, sentence.id
    if mode == "edit" and author:
        return authoring.edit(
            ctx, sentence_id=sentence_id, version=version, text=text, category=category, reason=words, picks={}, seen=seen, actor=actor
        )  # fmt: skip
    if mode == "edit":
        return reviewing.propose(
            ctx, sentence_id=sentence_id, version=version, text=text, category=category, reason=words, seen=seen, actor=actor
        )  # fmt: skip
    if author:
        return authoring.reject(
            ctx, sentence_id=sentence_id, version=version, category=category, reason=words, seen=seen, actor=actor
        )  # fmt: skip
    return reviewing.question(ctx, sentence_id=sentence_id, version=version, reason=words, seen=seen, actor=actor)
