"""The foot of the section screen: signatures so far, what is missing, then the signature form; or the section's way back to its author."""

import streamlit as st

from audit.signatures import Meaning
from drafting import reviewing, working
from drafting.lifecycle import ReturnReason
from drafting.probes.workflow import Noted
from drafting.readmodel import Missing, SignatureLine
from drafting.signing import sign_sections
from drafting.working import RETURN
from review_ui import reading, session, widgets
from review_ui.frame import Visit
from review_ui.presenters import moment, plain
from review_ui.room import Room, attempt, open_source, reviewed

MEANINGS = {"author": Meaning.AUTHORSHIP, "reviewer": Meaning.REVIEW, "approver": Meaning.APPROVAL}
SHOWN = 8
READING = "As it reads"
SENTENCES, FIELDS, TABLES, DIFFERENCE, HISTORY = (
    "Sentences",
    "Human-only fields",
    "Tables and charts",
    "Difference to draft",
    "History",
)


def show(room: Room) -> None:
    """Show signatures, what is missing, and the form once nothing is."""
    manifestations(room.view.summary.signatures)
    if not room.view.capacity:
        return
    if room.view.missing:
        st.markdown(f"**Missing before signing** ({len(room.view.missing)})")
        with st.container(key=f"missing-{room.id}", gap=None):
            for number, missing in enumerate(room.view.missing[:SHOWN]):
                _link(room, missing, number)
        if len(room.view.missing) > SHOWN:
            st.caption(f"and {len(room.view.missing) - SHOWN} more")
    elif not _signed(room) and not room.closed:
        if room.deciding:
            with st.expander("What you sign, as it reads", expanded=True, icon=":material/article:"):
                reading.show(room.view, charts=False)
        _form(room)
    if room.view.capacity in ("reviewer", "approver") and room.view.summary.state != "drafted" and not room.closed:
        _return(room)


def manifestations(signatures: tuple[SignatureLine, ...]) -> None:
    """Show every signature as it prints, and since when one no longer holds."""
    for line in signatures:
        text = plain(line.manifestation) + ("" if line.valid else f" · **no longer valid**: {plain(line.since)}")
        st.caption(f":material/{'verified' if line.valid else 'history'}: {text}")


def _signed(room: Room) -> bool:
    meaning = MEANINGS[room.view.capacity]
    return any(s.valid and s.meaning == meaning for s in room.view.summary.signatures)


def _link(room: Room, missing: Missing, number: int) -> None:
    """Show one missing thing; following it leads to the place, or opens the source that is to be opened."""
    icon = ":material/visibility:" if missing.ref else ":material/arrow_upward:"
    if st.button(plain(missing.message), type="tertiary", icon=icon, key=f"missing.{room.id}.{number}"):
        if missing.target.startswith("field:"):
            session.want_tab(room.id, FIELDS)
        elif missing.target.startswith("table:"):
            session.want_tab(room.id, TABLES)
        else:
            session.want_tab(room.id, SENTENCES)
            session.choose(room.id, missing.target)
        if missing.ref:
            open_source(room, missing.target, missing.ref)
        st.rerun()


def signature_fields(visit: Visit, meaning: Meaning) -> tuple[str, str]:
    """Ask for user id and passphrase, and show the manifestation as it will print."""
    user, secret = st.columns(2)
    user_id = user.text_input("User id", autocomplete="off")
    passphrase = secret.text_input("Signing passphrase", type="password", autocomplete="off")
    account, now = visit.account, visit.ctx.clock.now().isoformat()
    roles = ", ".join(role.replace("_", " ") for role in account.roles)
    zone = "" if visit.ctx.zone == "UTC" else f" · {plain(visit.ctx.zone)}"
    st.caption(
        f"Will print: {plain(account.printed_name)} ({plain(account.user_id)}), {roles} · {meaning} · {moment(now)}{zone}"
    )
    return user_id, passphrase


def _form(room: Room) -> None:
    meaning, ctx, actor = MEANINGS[room.view.capacity], room.visit.ctx, room.visit.actor
    with st.form(f"sign.{room.id}", clear_on_submit=True):
        st.markdown(f"**Sign section {plain(room.view.summary.number)}** · meaning: **{meaning}**")
        user_id, passphrase = signature_fields(room.visit, meaning)
        if st.form_submit_button("Sign", icon=":material/draw:", type="primary"):
            attempt(
                room,
                lambda: sign_sections(
                    ctx, report_id=room.view.report.id, seen={room.id: room.seen}, user_id=user_id, passphrase=passphrase,
                    meaning=meaning, actor=actor,
                ),
                told="Signed",
            )  # fmt: skip


def _return(room: Room) -> None:
    places = {f"table:{table.id}": table.title for table in room.view.tables}
    with st.expander("Return to the author", icon=":material/undo:"), st.form(f"return.{room.id}", border=False):
        where = None
        if room.view.capacity == "reviewer":
            st.caption(
                "Something is missing, or a question concerns the section as a whole? Return it as incomplete and say what."
            )
            if places:
                where = st.selectbox(
                    "Where", list(places), index=None, format_func=lambda key: plain(places[key]), placeholder="The section as a whole",
                    key=f"return.{room.id}.where",
                )  # fmt: skip
        if RETURN in room.working:
            st.caption(f"You had written, before the check ended: {plain(room.working[RETURN].text)}")
        category, words = widgets.reason(ReturnReason, key=f"return.{room.id}")
        if st.form_submit_button("Return the section", icon=":material/undo:"):
            said = f"{places[where]}: {words}" if where and words.strip() else words
            located = [Noted(where, "question", words)] if where else []
            reviewed(
                room,
                [*located, Noted("section", "return", words, category)],
                lambda: _returned(room, category, said),
                told="Returned to the author",
            )


def _returned(room: Room, category: str, reason: str) -> None:
    ctx, actor = room.visit.ctx, room.visit.actor
    reviewing.return_section(ctx, section_id=room.id, category=category, reason=reason, seen=room.seen, actor=actor)
    if RETURN in room.working:
        working.drop(ctx, section_id=room.id, subject=RETURN, actor=actor)
