"""Sentence cards: state, origin, text, citations, findings, and what may be decided; only the chosen card carries shortcuts."""

from dataclasses import replace

import streamlit as st

from drafting import authoring, review, reviewing, working
from drafting.added import whole
from drafting.lifecycle import RejectReason
from drafting.probes.workflow import Noted
from drafting.readmodel import SentenceView
from drafting.working import QUESTION
from review_ui import added, editor, session, stating, widgets
from review_ui.presenters import Badge, emphasised, moment, plain, sentence_badge
from review_ui.room import Room, attempt, open_source, reviewed

MACHINE = Badge("machine-drafted", ":material/smart_toy:", "gray")
PERSON = Badge("person", ":material/person:", "gray")
EDITED = Badge("machine-drafted, edited by a person", ":material/smart_toy:", "gray")
TO_OPEN = Badge("evidence to open", ":material/visibility:", "orange")
OPENED = Badge("evidence opened", ":material/visibility:", "gray")
PAST = {"accept": "accepted", "edit": "edited", "reject": "rejected", "add": "added"}


def show(room: Room) -> None:
    """Show every sentence of the section, and the way to add one."""
    sentences = room.view.sentences
    ids = [s.id for s in sentences]
    if not ids:
        widgets.empty("Sentences of this section stand here.", _why_empty(room))
    else:
        if session.chosen(room.id) not in ids:
            session.choose(room.id, ids[0])
        _steps(room, ids)
    wanted = {m.target for m in room.view.missing if m.ref}
    after = _adding_after(room, ids)
    for number, sentence in enumerate(sentences, start=1):
        _card(room, sentence, number, chosen=sentence.id == session.chosen(room.id), to_open=sentence.id in wanted)
        if after == sentence.id:
            _adding(room, sentence.id)
    if not ids and after is not None:
        _adding(room, "")
    elif not ids and room.view.capacity == "author" and not room.closed:
        _add_button(room, "")


def _adding_after(room: Room, ids: list[str]) -> str | None:
    """Return the sentence after which one is being added ("" where there is none yet); None while none is."""
    which, mode = session.form(room.id)
    if mode == editor.ADDED:
        return which
    if not mode and editor.ADDED in room.working:  # text typed before the page was lost
        return ids[-1] if ids else ""
    return None


def _add_button(room: Room, after: str) -> None:
    if st.button("Add a sentence", icon=":material/add:", key=f"add.{room.id}"):
        session.open_form(room.id, after, editor.ADDED)
        st.rerun()


def _why_empty(room: Room) -> str:
    if room.view.summary.outcome in ("refused", "failed", "insufficient"):
        return f"There is no draft: {plain(room.view.origin.get('detail', ''))} A person writes this section."
    return "This section is rendered from records, or is left for a person to write."


def _adding(room: Room, after: str) -> None:
    with st.container(border=True, key=f"card_adding_{room.id}"):
        st.markdown("**A sentence of your own**")
        editor.add(room, after)


def _steps(room: Room, ids: list[str]) -> None:
    at = ids.index(session.chosen(room.id))
    with st.container(horizontal=True, vertical_alignment="center"):
        for word, shortcut, icon, to in (("Previous", "k", "upward", at - 1), ("Next", "j", "downward", at + 1)):
            within = 0 <= to < len(ids)
            st.button(
                word, icon=f":material/arrow_{icon}:", shortcut=shortcut, disabled=not within, key=f"{room.id}.{shortcut}",
                on_click=session.choose, args=(room.id, ids[to] if within else ""),
            )  # fmt: skip
        if room.view.capacity == "author" and not room.closed:
            _add_button(room, ids[at])


def _card(room: Room, sentence: SentenceView, number: int, *, chosen: bool, to_open: bool) -> None:
    with st.container(border=True, key=f"card{'_chosen' if chosen else ''}_{sentence.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                f"Sentence {number}", type="tertiary", key=f"choose.{sentence.id}", on_click=session.choose,
                args=(room.id, sentence.id), icon=":material/arrow_right:" if chosen else None,
            )  # fmt: skip
            shown = [_state_badge(room, sentence), _origin_badge(sentence)]
            if to_open or sentence.evidence_opened:
                shown.append(TO_OPEN if to_open else OPENED)
            st.markdown(" ".join(badge.text for badge in shown), width="content")
        st.markdown(emphasised(sentence.text, sentence.spans))
        stating.beside(room.view.stated, sentence)
        _citations(room, sentence, chosen=chosen)
        added.states(room, {whole(c.ref) for c in sentence.citations})
        asked = widgets.findings(sentence.findings, sentence.said, key=sentence.id)
        if asked:
            open_source(room, sentence.id, asked)
        _conversation(room, sentence)
        if room.deciding and (chosen or not _settled(room, sentence)):
            _decide(room, sentence, chosen=chosen)
            _forms(room, sentence)


def _state_badge(room: Room, sentence: SentenceView) -> Badge:
    """Return the state; for a reviewer it says that it is the author's, until the reviewer decided."""
    badge = sentence_badge(sentence)
    if (
        room.view.capacity == "reviewer"
        and sentence.reviewer is None
        and sentence.author is not None
        and not sentence.blocked
    ):
        return replace(badge, word=f"{badge.word} by the author")
    return badge


def _origin_badge(sentence: SentenceView) -> Badge:
    if sentence.origin == "person":
        return PERSON
    return EDITED if sentence.text != sentence.drafted_text else MACHINE


def _settled(room: Room, sentence: SentenceView) -> bool:
    """Tell whether nothing waits for this person on a sentence: its controls show once it is chosen."""
    if room.view.capacity == "author":
        return sentence.author is not None and not sentence.blocked and not sentence.waits_for_author
    return sentence.reviewer is not None and sentence.reviewer.decision == "confirm"


def _citations(room: Room, sentence: SentenceView, *, chosen: bool) -> None:
    """Show what the sentence rests on; choosing one opens its source, which is a deliberate act."""
    labels = {citation.ref: plain(citation.label) for citation in sentence.citations}
    if not labels:
        return
    subject, ref = session.opened(room.id)
    shown = ref if subject == sentence.id and ref in labels else None
    picked = st.pills(
        "Sources", list(labels), format_func=lambda r: labels[r], default=shown, key=session.citations_key(sentence.id),
        label_visibility="collapsed",
    )  # fmt: skip
    if picked is not None and picked != shown:
        open_source(room, sentence.id, picked)
    if chosen and not room.deciding:
        _open_first(room, sentence)


def _open_first(room: Room, sentence: SentenceView) -> None:
    if sentence.citations and st.button("Evidence", icon=":material/visibility:", shortcut="o", key=f"open.{sentence.id}"):
        open_source(room, sentence.id, sentence.citations[0].ref)


def _conversation(room: Room, sentence: SentenceView) -> None:
    """Show what author and reviewer said to each other about the sentence."""
    made, asked = sentence.author, sentence.reviewer
    if made and made.reason and room.view.capacity != "author":
        st.caption(
            f"{PAST[made.decision].capitalize()} by {plain(made.user_id)}: {plain(made.category)}. {plain(made.reason)}"
        )
    if asked is None or asked.decision == "confirm":
        return
    who = f"{plain(asked.user_id)}, {moment(asked.at)}"
    if asked.decision == "question":
        st.info(f"**Question** ({who}): {plain(asked.reason)}", icon=":material/help:")
    else:
        why = f" {plain(asked.reason)}" if asked.reason else ""
        st.info(
            f"**Proposed instead** ({who}): {plain(asked.proposal)}  \n{plain(asked.category)}.{why}",
            icon=":material/rate_review:",
        )
    if sentence.answer:
        st.caption(f":material/reply: Author's answer: {plain(sentence.answer)}")


def _decide(room: Room, sentence: SentenceView, *, chosen: bool) -> None:
    author = room.view.capacity == "author"
    yes, *others = (("Accept", ""), ("Edit", "edit"), ("Reject", "reject"))
    if not author:
        yes, *others = (("Confirm", ""), ("Propose", "edit"), ("Question", "question"))
    mine = sentence.author if author else sentence.reviewer
    own_words = author and mine is not None and mine.decision in ("edit", "add")  # decided by writing them
    blocked, asked = author and (sentence.blocked or own_words), author and sentence.waits_for_author
    with st.container(horizontal=True):
        decided = st.button(yes[0], key=f"yes.{sentence.id}", shortcut="a" if chosen else None, disabled=blocked)
        for (word, mode), shortcut in zip(others, ("e", "x"), strict=True):
            if st.button(word, key=f"{mode}.{sentence.id}", shortcut=shortcut if chosen else None):
                _open(room, sentence, mode)
        if chosen:
            _open_first(room, sentence)
        if asked and st.button("Answer", key=f"answer.{sentence.id}", icon=":material/reply:"):
            _open(room, sentence, "answer")
        undone = mine is not None and st.button("Undo", key=f"undo.{sentence.id}", type="tertiary", icon=":material/undo:")
    ctx, actor, seen = room.visit.ctx, room.visit.actor, room.seen
    if decided:
        act = authoring.accept if author else reviewing.confirm
        reviewed(
            room,
            [Noted(sentence.id, "confirm")],
            lambda: act(ctx, sentence_id=sentence.id, version=sentence.version, seen=seen, actor=actor),
            told=f"{yes[0]}ed",
        )
    if undone and mine is not None:
        reviewed(
            room,
            [Noted(sentence.id, "undo")],
            lambda: review.undo(ctx, decision_id=mine.id, reason="Decided again", seen=seen, actor=actor),
            told="Decision undone",
        )


def _open(room: Room, sentence: SentenceView, mode: str) -> None:
    session.choose(room.id, sentence.id)
    session.open_form(room.id, sentence.id, mode)
    st.rerun()


def _forms(room: Room, sentence: SentenceView) -> None:
    which, mode = session.form(room.id)
    if not mode and sentence.id in room.working and sentence.id == session.chosen(room.id):
        mode, which = "edit", sentence.id  # text typed before the page was lost
    if not mode and QUESTION + sentence.id in room.working:  # noted in a check that is over
        mode, which = "question", sentence.id
    if which != sentence.id:
        return
    author = room.view.capacity == "author"
    if mode == "edit" and author:
        proposal = sentence.reviewer.proposal if sentence.reviewer and sentence.waits_for_author else ""
        editor.change(room, sentence, begins=proposal)
    elif mode == "edit":
        editor.propose(room, sentence)
    elif mode == "reject":
        _reject(room, sentence)
    elif mode == "question":
        _ask(room, sentence)
    elif mode == "answer":
        _answer(room, sentence)


def _reject(room: Room, sentence: SentenceView) -> None:
    ctx, actor = room.visit.ctx, room.visit.actor
    with st.form(f"reject.form.{sentence.id}", border=False):
        category, words = widgets.reason(RejectReason, key=f"reject.{sentence.id}")
        save, cancel = _save_or_cancel()
    if save:
        attempt(
            room,
            lambda: authoring.reject(
                ctx, sentence_id=sentence.id, version=sentence.version, category=category, reason=words, seen=room.seen, actor=actor
            ),
            told="Rejected",
        )  # fmt: skip
    _close(room, cancel=cancel)


def _ask(room: Room, sentence: SentenceView) -> None:
    with st.form(f"question.form.{sentence.id}", border=False):
        kept = room.working.get(QUESTION + sentence.id)
        begins = kept.text if kept is not None else ""
        words = st.text_area("Question to the author", begins, key=f"asked.{sentence.id}", height=80)
        save, cancel = _save_or_cancel()
    if save:
        reviewed(
            room,
            [Noted(sentence.id, "question", words)],
            lambda: _asked(room, sentence, words),
            told="Asked",
        )
    if cancel and kept is not None:
        _drop(room, QUESTION + sentence.id)
        st.rerun()
    _close(room, cancel=cancel)


def _asked(room: Room, sentence: SentenceView, words: str) -> None:
    reviewing.question(
        room.visit.ctx, sentence_id=sentence.id, version=sentence.version, reason=words, seen=room.seen, actor=room.visit.actor
    )  # fmt: skip
    _drop(room, QUESTION + sentence.id)


def _drop(room: Room, subject: str) -> None:
    if subject in room.working:
        working.drop(room.visit.ctx, section_id=room.id, subject=subject, actor=room.visit.actor)


def _answer(room: Room, sentence: SentenceView) -> None:
    asked = sentence.reviewer
    if asked is None:
        return
    ctx, actor = room.visit.ctx, room.visit.actor
    with st.form(f"answer.form.{sentence.id}", border=False):
        words = st.text_area("Answer to the reviewer", key=f"answered.{sentence.id}", height=80)
        save, cancel = _save_or_cancel()
    if save:
        attempt(
            room,
            lambda: authoring.answer(ctx, decision_id=asked.id, reason=words, seen=room.seen, actor=actor),
            told="Answered",
        )
    _close(room, cancel=cancel)


def _save_or_cancel() -> tuple[bool, bool]:
    with st.container(horizontal=True):
        return st.form_submit_button("Save", icon=":material/save:"), st.form_submit_button("Cancel")


def _close(room: Room, *, cancel: bool) -> None:
    if cancel:
        session.open_form(room.id, "", "")
        st.rerun()
