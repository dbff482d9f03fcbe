"""The section screen: sections on the left, sentences in the middle, the evidence of the chosen one on the right."""

from collections.abc import Callable

import streamlit as st

from drafting import queries, review
from drafting.readmodel import SectionView
from review_ui import cards, panel, places, session, tabs, widgets
from review_ui.cards import Room
from review_ui.frame import Visit
from review_ui.presenters import moment, plain, section_badge, section_label, short_hash
from review_ui.screens import signing

Go = Callable[[str, str], None]
STYLE = """<style>[class*="st-key-card_chosen_"]{border-left:3px solid #0f5c63}
[class*="st-key-evidence_column"]{position:sticky;top:4rem;max-height:calc(100vh - 5rem);overflow-y:auto}</style>"""


def show(visit: Visit, go: Go) -> None:
    """Show the section of the address."""
    report_id, key = places.wanted()
    if not (report_id and key):
        widgets.empty("Shows one section of a report.", "Open a report from the inbox, then one of its sections.")
        return
    st.html(STYLE)
    view, seen, stale = _view(visit, report_id, key)
    room = Room(visit, view, seen)
    _list(view, go)
    _head(view)
    if stale:
        st.warning("This section changed since it was shown to you. What you typed is kept.", icon=":material/sync_problem:")
        if st.button("Show the current text", icon=":material/refresh:"):
            session.forget_view(view.summary.id)
            st.rerun()
    if view.hidden:
        _own_view(room)
        return
    middle, right = st.columns([3, 2], gap="medium")
    with right, st.container(key="evidence_column"):
        panel.show(view, session.source(view.summary.id))
    with middle:
        _tabs(room)
        signing.show(room)


def _view(visit: Visit, report_id: str, key: str) -> tuple[SectionView, str, bool]:
    with visit.ctx.database.read() as conn:
        section_id = queries.section_id_of(conn, report_id, key)
    kept = session.view_of(section_id)
    if kept is None:
        opened = review.open_section(visit.ctx, report_id=report_id, section_key=key, actor=visit.actor)
        session.keep_view(section_id, opened.view_id, opened.canonical_hash)
        return opened, opened.view_id, False
    view = queries.section_view(visit.ctx, section_id, visit.account)
    return view, kept[0], view.canonical_hash != kept[1]


def _list(view: SectionView, go: Go) -> None:
    with st.sidebar:
        if st.button(plain(view.report.number), icon=":material/arrow_back:", type="tertiary", key="section.back"):
            go(view.report.id, "")
        for section in view.report.sections:
            label = section_label(section)
            shown = f"**{label}**" if section.key == view.summary.key else label
            icon = section_badge(section).icon
            if st.button(shown, icon=icon, type="tertiary", key=f"nav.{section.key}", help=section_badge(section).word):
                go(view.report.id, section.key)


def _head(view: SectionView) -> None:
    left, right = st.columns([5, 3], vertical_alignment="center")
    left.markdown(f"##### {plain(view.report.number)} › {section_label(view.summary)}")
    with right, st.container(horizontal=True):
        widgets.badge(section_badge(view.summary))
        if view.summary.sentences:
            st.badge(f"{view.summary.decided} of {view.summary.sentences} decided", color="gray")
        if not view.capacity:
            st.badge("read only", icon=":material/visibility:", color="gray")
    origin = view.origin
    st.caption(
        f"Drafted {moment(origin.get('at', ''))} by {plain(origin.get('drafter', ''))} · configuration "
        f"{short_hash(origin.get('fingerprint', ''))} · risk tier {view.summary.tier}"
    )
    if view.summary.stale:
        st.warning(f"The evidence changed since the draft: {plain(view.summary.stale)}", icon=":material/history:")
    if view.summary.returned:
        st.warning(f"Returned: {plain(view.summary.returned)}", icon=":material/undo:")


def _tabs(room: Room) -> None:
    view = room.view
    names = ["Sentences", f"Human-only fields ({len(view.fields)})", "Tables and charts", "Difference to draft", "History"]
    sentences, fields, tables, difference, history = st.tabs(names)
    with sentences:
        for note in view.notes:
            st.warning(plain(note), icon=":material/compare_arrows:")
        cards.show(room)
    with fields:
        tabs.fields(room)
    with tables:
        tabs.tables(room)
    with difference:
        tabs.difference(view)
    with history:
        tabs.history(room)


def _own_view(room: Room) -> None:
    with st.form(f"own.{room.id}"):
        st.markdown("**Your own view first**")
        st.caption("The draft is shown once you recorded a short view of your own on this section.")
        text = st.text_area("Your view", key=f"own.text.{room.id}")
        if st.form_submit_button("Record and show the draft"):
            ctx, actor = room.visit.ctx, room.visit.actor
            cards.attempt(
                room, lambda: review.record_own_view(ctx, section_id=room.id, text=text, actor=actor), told="Your view is recorded"
            )  # fmt: skip
