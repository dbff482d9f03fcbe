"""The foot of the section screen: what is missing before signing, then the signature form."""

import streamlit as st

from audit.signatures import Meaning
from drafting.readmodel import Missing
from drafting.signing import sign_sections
from review_ui import session
from review_ui.cards import Room, attempt
from review_ui.presenters import moment, plain

MEANINGS = {"author": Meaning.AUTHORSHIP, "reviewer": Meaning.REVIEW, "approver": Meaning.APPROVAL}
SHOWN = 8


def show(room: Room) -> None:
    """Show signatures, what is missing, and the form once nothing is."""
    for line in room.view.summary.signatures:
        text = plain(line.manifestation) + ("" if line.valid else f" · no longer valid: {plain(line.since)}")
        st.caption(f":material/{'verified' if line.valid else 'history'}: {text}")
    if not room.view.capacity:
        return
    if room.view.missing:
        st.markdown(f"**Missing before signing** ({len(room.view.missing)})")
        for number, missing in enumerate(room.view.missing[:SHOWN]):
            _link(room, missing, number)
        if len(room.view.missing) > SHOWN:
            st.caption(f"and {len(room.view.missing) - SHOWN} more")
        return
    _form(room)


def _link(room: Room, missing: Missing, number: int) -> None:
    label = plain(missing.message)
    if any(s.id == missing.target for s in room.view.sentences):
        if st.button(label, type="tertiary", icon=":material/arrow_upward:", key=f"missing.{room.id}.{number}"):
            session.choose(room.id, missing.target)
            st.rerun()
    else:
        st.markdown(f"- {label}")


def _form(room: Room) -> None:
    meaning = MEANINGS[room.view.capacity]
    account, ctx, actor = room.visit.account, room.visit.ctx, room.visit.actor
    with st.form(f"sign.{room.id}", clear_on_submit=True):
        st.markdown(f"**Sign section {plain(room.view.summary.number)}** · meaning: **{meaning}**")
        user, secret = st.columns(2)
        user_id = user.text_input("User id", autocomplete="off")
        passphrase = secret.text_input("Signing passphrase", type="password", autocomplete="off")
        st.caption(
            f"Will print: {plain(account.printed_name)} · {meaning} · {moment(room.visit.ctx.clock.now().isoformat())}"
        )
        if st.form_submit_button("Sign", icon=":material/draw:"):
            attempt(
                room,
                lambda: sign_sections(
                    ctx, report_id=room.view.report.id, seen={room.id: room.seen}, user_id=user_id, passphrase=passphrase,
                    meaning=meaning, actor=actor,
                ),
                told="Signed",
            )  # fmt: skip
