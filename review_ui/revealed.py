"""What an oversight check revealed: the planted fault beside what the evidence says, the outcome in plain words, and the way to dispute it."""

import streamlit as st

from audit.oversight.model import Family, Outcome
from drafting import queries
from drafting.overseeing import disputes
from drafting.probes.live import Reveal
from drafting.probes.model import Fault, Probe, RowEdit, TextEdit
from review_ui import panel, session, widgets
from review_ui.catching import BADGES
from review_ui.frame import Visit
from review_ui.presenters import plain
from review_ui.room import Room, open_source

MOST_SOURCES = 3  # of a fault: two records that were swapped, or the rows of a total
LEFT_OUT = {  # of a sentence; the words themselves are in the proof
    Fault.OMITTED_RECORD: "An item of a list was left out.",
    Fault.OMITTED_LIMITATION: "Words that limit what the section says were left out.",
}
SAID = {
    Outcome.CAUGHT: "You found it, and where it stood.",
    Outcome.UNLOCATED: "You did not accept the section, and did not mark the place.",
    Outcome.MISSED: "It was not noticed this time.",
}


def _said(revealed: Reveal) -> str:
    if revealed.probe.family is Family.TOOL_FALSE:
        return "You were not misled by it." if revealed.outcome is Outcome.CAUGHT else "The finding was followed."
    return SAID[revealed.outcome]


def show(room: Room) -> bool:
    """Show the last reveal of the section in its place, until it was read; tell whether there is one."""
    revealed: Reveal | None = session.reveal(room.id)
    if revealed is None:
        return False
    with st.container(border=True, key=f"revealed_{room.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**Oversight check**", width="content")
            widgets.badge(BADGES[revealed.outcome])
        numbers = [n for n, s in enumerate(room.view.sentences, start=1) if s.id in revealed.probe.places]
        place = f" It stood in sentence {numbers[0]}." if len(numbers) == 1 else ""
        st.markdown(f"**This section held a planted fault.**{place} {_said(revealed)}")
        st.markdown(what(revealed.probe))
        st.markdown(f":material/menu_book: {plain(revealed.probe.proof)}")
        st.caption(
            "The record never held it. Decisions of the checked view do not count: go on, and review the section as it reads."
        )
        _written(revealed)
        with st.container(horizontal=True):
            if st.button("Go on with the section", type="primary", key=f"revealed.on.{room.id}"):
                session.drop_reveal(room.id)
                st.rerun()
            source = revealed.probe.sources[0] if revealed.probe.sources else ""
            subject = next((s.id for s in room.view.sentences if s.id in revealed.probe.places), "")
            if (
                source
                and subject
                and st.button("Open its source", icon=":material/visibility:", key=f"revealed.source.{room.id}")
            ):
                open_source(room, subject, source)
        _dispute(room, revealed)
    return True


def _written(revealed: Reveal) -> None:
    """Show once what was written while the check stood, and what says planted words elsewhere and is to be withdrawn."""
    for note in revealed.kept:
        st.caption(f"You had noted ({note.decision}): {plain(note.text)}")
    for text in revealed.taken:
        st.caption(f"You were typing, and it is not kept: {plain(text)}")
    if revealed.kept:
        st.caption("What you wrote of other sentences waits there as you typed it.")
    for one in revealed.quoting:
        st.warning(
            f"Your {'proposal' if one.what == 'propose' else one.what} in section {plain(one.section)} says what was planted: "
            f"“{plain(one.text)}”. {'Undo it there, and write it anew as the section reads.' if one.decision else 'Tell the author.'}",
            icon=":material/undo:",
        )


def what(probe: Probe) -> str:
    """Say in a sentence what was planted."""
    if probe.flag is not None:
        return f"The finding '{plain(probe.flag.message)}' was planted on a sentence that is right."
    if probe.family is Family.TOOL_MISS:
        return "A finding of the checks was held back."
    edit = probe.edits[0]
    if isinstance(edit, RowEdit) and edit.column < 0:
        return f"A row was left out: {plain(edit.original)}."
    if isinstance(edit, TextEdit) and not edit.replacement:
        return LEFT_OUT.get(probe.fault, f"Left out was: {plain(edit.original.strip(' ,;'))}.")
    was = f"in the place of **{plain(edit.original)}**" if edit.original else "was added"
    return (
        f"**{plain(edit.replacement.strip(' ,'))}** stood {was}."
        if edit.original
        else f"**{plain(edit.replacement.strip(' ,'))}** {was}."
    )


def proof(visit: Visit, section_id: str, probe: Probe, *, key: str) -> None:
    """Say what the evidence says instead, and open its source in its place."""
    st.markdown(f":material/menu_book: {plain(probe.proof)}")
    if not probe.sources:
        return
    opened = st.expander("Open its source", icon=":material/visibility:", key=f"source.{key}", on_change="rerun")
    if opened.open:
        with opened, widgets.guarded():
            for ref in probe.sources[:MOST_SOURCES]:
                panel.card(queries.evidence_view(visit.ctx, section_id, ref))


def _dispute(room: Room, revealed: Reveal) -> None:
    with st.expander("Dispute this check"), st.form(f"dispute.{room.id}", border=False):
        st.caption("Another person of the quality unit decides within five working days. An upheld dispute does not count.")
        reason = st.text_area("Why the check was not fair", key=f"dispute.why.{room.id}", height=80)
        if st.form_submit_button("Dispute"):
            with widgets.guarded():
                disputes.raise_dispute(room.visit.ctx, check_id=revealed.check_id, reason=reason, actor=room.visit.actor)
                session.drop_reveal(room.id)
                session.notice("Disputed: another person decides")
                st.rerun()
