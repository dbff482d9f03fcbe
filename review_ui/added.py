"""Evidence that a person adds where the records hold none: link a record, attach a file, declare a fact; and what was added so far."""

from collections.abc import Callable, Collection

import streamlit as st

from drafting import adding
from drafting.model import Source
from drafting.readmodel import AddedView, EvidenceView
from review_ui import session, widgets
from review_ui.presenters import Badge, moment, plain
from review_ui.room import Room, attempt, look_at

LINK, ATTACH, DECLARE = "Link a record", "Attach a file", "Declare it"
WAYS = {
    LINK: "It stands in a record that was imported and is not in this section's evidence.",
    ATTACH: "A photograph, a protocol, a message: kept byte for byte, and quoted where its text can be read.",
    DECLARE: "It is in no record at all. Your name stands beside it, and the reviewer's decision confirms it.",
}
TO_CONFIRM = Badge("not confirmed", ":material/hourglass_top:", "orange")
CONFIRMED = Badge("confirmed", ":material/done_all:", "green")
LINKED = Badge("linked", ":material/link:", "gray")
LONGEST = adding.LONGEST_WORDS


def show(room: Room) -> None:
    """Show what persons added to the section's evidence, with its state; the author may withdraw it."""
    if not room.view.added:
        return
    with st.expander(f"Evidence added by persons ({len(room.view.added)})", icon=":material/person_add:"):
        for one in room.view.added:
            _line(room, one)


def states(room: Room, cited: Collection[str]) -> None:
    """Say of what a person added and a sentence rests on that it is so, and whether a second person confirmed it."""
    for one in room.view.added:
        if one.ref in cited:
            st.caption(f"{badge(one).text} {plain(one.state)}")


def badge(one: AddedView) -> Badge:
    """Return the state of what was added, as colour, icon and word."""
    if one.kind == "linked":
        return LINKED
    return CONFIRMED if one.confirmed_by else TO_CONFIRM


def _line(room: Room, one: AddedView) -> None:
    value = f"**{plain(one.value)}** · " if one.value else ""
    st.markdown(f"{badge(one).text} {value}{plain(one.title)}")
    used = f"sentence {', '.join(map(str, one.sentences))}" if one.sentences else "no sentence rests on it"
    st.caption(
        f"{plain(one.state).capitalize()} · {plain(one.by)}, {moment(one.at)} · {plain(one.source)} · {plain(one.reason)} · {used}"
    )
    with st.container(horizontal=True):
        if st.button("Open", key=f"look.{one.id}", icon=":material/visibility:", type="tertiary"):
            look_at(room, one.ref)
        if room.view.capacity == "author" and not room.closed:
            with st.popover("Withdraw", icon=":material/undo:", type="tertiary"):
                _withdraw(room, one)


def _withdraw(room: Room, one: AddedView) -> None:
    with st.form(f"withdraw.form.{one.id}", border=False):
        words = st.text_input(widgets.OWN_WORDS, key=f"withdraw.words.{one.id}")
        if st.form_submit_button("Withdraw"):
            attempt(
                room,
                lambda: adding.withdraw(
                    room.visit.ctx, added_id=one.id, reason=words, seen=room.seen, actor=room.visit.actor
                ),
                told="Withdrawn",
            )


def download(room: Room, evidence: EvidenceView | None) -> None:
    """Offer the attached file that stands open, as it was given: whoever confirms it looks at it."""
    if evidence is None or evidence.kind != "attachment":
        return
    ref = evidence.ref
    st.download_button(
        "Open the file", lambda: adding.file_of(room.visit.ctx, room.id, ref), file_name=evidence.document_name,
        mime="application/octet-stream", icon=":material/download:", key=f"file.{ref}", on_click="ignore",
    )  # fmt: skip


def offer(room: Room, text: str, loose: list[str], picks: dict[str, str], *, key: str) -> None:
    """Offer the ways to add evidence for what a text leaves open; what is added is picked for it at once."""
    with st.expander("It is in no record of this section: add evidence", icon=":material/person_add:", expanded=False):
        way = st.segmented_control("How", list(WAYS), key=f"way.{key}", label_visibility="collapsed")
        if way is None:
            return
        st.caption(WAYS[way])
        if way == LINK:
            _link(room, loose, picks, key=key)
        elif way == ATTACH:
            _attach(room, key=key)
        else:
            _declare(room, text, loose, picks, key=key)


def _link(room: Room, loose: list[str], picks: dict[str, str], *, key: str) -> None:
    wanted = st.text_input("Identifier", loose[0] if loose else "", key=f"link.id.{key}", max_chars=adding.LONGEST_NAME)
    if not wanted.strip():
        return
    found: tuple[adding.Found, ...] = ()
    with widgets.guarded():
        found = adding.search_records(room.visit.ctx, section_id=room.id, identifier=wanted, actor=room.visit.actor)
    free = [one for one in found if not one.known]
    if not free:
        st.caption("It is in this section's evidence already: cite it." if found else "No record has this identifier.")
        return
    with st.form(f"link.form.{key}", border=False):
        chosen = st.selectbox("Record", free, format_func=_record, key=f"link.record.{key}")
        words = st.text_input("Why it belongs here", key=f"link.words.{key}", max_chars=LONGEST)
        if st.form_submit_button("Link", icon=":material/link:"):
            _keep(
                room,
                lambda: adding.link(
                    room.visit.ctx, section_id=room.id, kind=chosen.kind, identifier=chosen.identifier, reason=words, seen=room.seen,
                    actor=room.visit.actor,
                ),
                picks, chosen.identifier,
            )  # fmt: skip


def _record(found: adding.Found) -> str:
    return f"{found.kind.replace('_', ' ')} {found.identifier} · {found.place}" + (
        f" · product {found.product}" if found.product else ""
    )


def _source(key: str) -> Source:
    who = st.text_input("Who said or saw it", key=f"who.{key}", max_chars=LONGEST)
    when = st.text_input("When", key=f"when.{key}", max_chars=LONGEST)
    how = st.text_input(
        "How it is known", key=f"how.{key}", max_chars=LONGEST, placeholder="seen on site, by phone, interview ..."
    )
    return Source(who, when, how)


def _attach(room: Room, *, key: str) -> None:
    with st.form(f"attach.form.{key}", border=False):
        file = st.file_uploader("File", key=f"file.{key}", max_upload_size=adding.LARGEST_FILE // 1024**2)
        about = st.text_input("What it is", key=f"attach.about.{key}", max_chars=LONGEST)
        source = _source(f"attach.{key}")
        words = st.text_input("Why it is attached", key=f"attach.words.{key}", max_chars=LONGEST)
        pressed = st.form_submit_button("Attach", icon=":material/attach_file:")
    if pressed and file is None:
        widgets.problem(widgets.asked("No file was chosen."))
    elif pressed and file is not None:
        _keep(
            room,
            lambda: adding.attach(
                room.visit.ctx, section_id=room.id, name=file.name, data=file.getvalue(), about=about, source=source, reason=words,
                seen=room.seen, actor=room.visit.actor,
            ),
        )  # fmt: skip


def _declare(room: Room, text: str, loose: list[str], picks: dict[str, str], *, key: str) -> None:
    with st.form(f"declare.form.{key}", border=False):
        value = st.text_input(
            "Value or words, exactly as the sentence says them", loose[0] if loose else "", key=f"value.{key}", max_chars=adding.LONGEST_VALUE
        )  # fmt: skip
        about = st.text_input("What it is about", key=f"about.{key}", max_chars=LONGEST)
        source = _source(f"declare.{key}")
        words = st.text_input("Why no record holds it", key=f"declare.words.{key}", max_chars=LONGEST)
        pressed = st.form_submit_button("Declare", icon=":material/edit_note:")
    said = " ".join(value.split())
    if pressed and said not in text:
        widgets.problem(widgets.asked("The sentence does not say this, letter for letter."))
    elif pressed:
        _keep(
            room,
            lambda: adding.declare(
                room.visit.ctx, section_id=room.id, value=value, about=about, source=source, reason=words, seen=room.seen,
                actor=room.visit.actor,
            ),
            picks, said,
        )  # fmt: skip


def _keep(room: Room, act: Callable[[], str], picks: dict[str, str] | None = None, said: str = "") -> None:
    """Add, and tie it to the words for which it was added; the text being typed stays open."""
    with widgets.guarded():
        ref = act()
        if picks is not None:
            picks[said] = ref
        session.forget_view(room.id)
        session.notice("Added to this section's evidence")
        st.rerun()
