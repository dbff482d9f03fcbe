"""The section screen: sections on the left, sentences in the middle, the evidence of the chosen one on the right."""

from collections.abc import Callable

import streamlit as st

from corpus.clashes import TO_DECIDE
from drafting import queries, review, working
from drafting.readmodel import SectionView
from drafting.redraft import redraft_section
from drafting.shown import section_view
from review_ui import activity, added, cards, panel, places, reading, revealed, session, stating, tabs, widgets
from review_ui.frame import Visit, wait
from review_ui.presenters import moment, plain, section_badge, section_label, short_hash
from review_ui.room import Room, attempt, look_at
from review_ui.screens import signing

Go = Callable[[str, str], None]
STYLE = """<style>[class*="st-key-card_chosen_"]{border-left:3px solid #0f5c63}
[class*="st-key-section_list"] [role=radiogroup]{gap:.1rem}
[class*="st-key-section_list"] [role=radiogroup] p{font-size:.9rem}
[class*="st-key-section_list"] [role=radiogroup] label>div>div:not([data-testid]){display:none}
[class*="st-key-section_list"] [role=radiogroup] label{padding:.12rem .3rem;border-radius:4px}
[class*="st-key-section_list"] [role=radiogroup] label:hover{background:#e6ecee}
[data-testid=stLayoutWrapper]:has(>[class*="st-key-evidence_column"]){height:100%}
[class*="st-key-evidence_column"]{position:sticky;top:4rem;max-height:calc(100vh - 6.5rem);overflow-y:auto}</style>"""


def show(visit: Visit, go: Go, to_clashes: Callable[[str], None]) -> None:
    """Show the section of the address."""
    report_id, key = places.wanted()
    if not (report_id and key):
        widgets.empty("Shows one section of a report.", "Open a report from the inbox, then one of its sections.")
        return
    st.html(STYLE)
    view, seen, stale = _view(visit, report_id, key)
    room = Room(visit, view, seen, working.kept(visit.ctx, section_id=view.summary.id, actor=visit.actor))
    activity.collect(room)
    _list(view, go)
    _head(room)
    if stale:
        st.warning("This section changed since it was shown to you. What you typed is kept.", icon=":material/sync_problem:")
        if st.button("Show the current text", icon=":material/refresh:"):
            session.forget_view(view.summary.id)
            st.rerun()
    middle, right = st.columns([3, 2], gap="medium")
    with right, st.container(key="evidence_column"):
        panel.show(view, session.source(view.summary.id))
        added.download(room, session.source(view.summary.id))
    with middle:
        if not revealed.show(room):
            _body(room, to_clashes)


def _body(room: Room, to_clashes: Callable[[str], None]) -> None:
    if room.view.asked:
        stating.show(room)
        return
    if room.view.hidden:
        _own_view(room)
        return
    _tabs(room, to_clashes)
    signing.show(room)


def _view(visit: Visit, report_id: str, key: str) -> tuple[SectionView, str, bool]:
    with visit.ctx.database.read() as conn:
        section_id = queries.section_id_of(conn, report_id, key)
    kept = session.view_of(section_id)
    if kept is None:
        opened = review.open_section(visit.ctx, report_id=report_id, section_key=key, actor=visit.actor)
        session.keep_view(section_id, opened.view_id, opened.canonical_hash)
        return opened, opened.view_id, False
    view = section_view(visit.ctx, section_id, visit.account, seen=kept[0])
    return view, kept[0], view.canonical_hash != kept[1]


def _list(view: SectionView, go: Go) -> None:
    labels = {s.key: f"{section_badge(s).icon} {section_label(s)}" for s in view.report.sections}
    here = view.summary.key
    labels[here] = f"{section_badge(view.summary).icon} **{section_label(view.summary)}**"
    with st.sidebar, st.container(key="section_list"):
        if st.button(plain(view.report.number), icon=":material/arrow_back:", type="tertiary", key="section.back"):
            go(view.report.id, "")
        wanted = st.radio(
            "Sections", list(labels), index=list(labels).index(here), format_func=lambda key: labels[key], key=f"nav.{here}",
            label_visibility="collapsed",
        )  # fmt: skip
        if wanted != here:
            go(view.report.id, wanted)


def _head(room: Room) -> None:
    view = room.view
    left, right = st.columns([5, 3], vertical_alignment="center")
    left.markdown(f"##### {plain(view.report.number)} › {section_label(view.summary)}")
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        widgets.badge(section_badge(view.summary))
        if view.summary.blocking:
            st.badge(f"{view.summary.blocking} blocking", icon=":material/block:", color="red")
        if view.summary.sentences and not view.hidden:
            st.badge(_progress(view), color="gray")
        if not view.capacity:
            st.badge("read only", icon=":material/visibility:", color="gray")
    origin = view.origin
    st.caption(
        f"Drafted {moment(origin.get('at', ''))} by {plain(origin.get('drafter', ''))} · configuration "
        f"{short_hash(origin.get('fingerprint', ''))} · risk tier {view.summary.tier}"
    )
    if not room.closed:
        wait(room.visit, view.report.id, view.capacity)
    if view.summary.stale:
        _stale(room)
    if view.summary.returned:
        st.warning(f"Returned: {plain(view.summary.returned)}", icon=":material/undo:")
    for told in view.notices:
        st.info(told, icon=":material/info:")
    if not view.hidden:
        stating.compared(view.stated, view.sentences)


def _progress(view: SectionView) -> str:
    """Say how far the person who looks is: a reviewer by own confirmations, everybody else by the author's decisions."""
    if view.capacity == "reviewer":
        reading_ = [s for s in view.sentences if s.state != "rejected"]
        confirmed = sum(1 for s in reading_ if s.reviewer is not None and s.reviewer.decision == "confirm")
        return f"{confirmed} of {len(reading_)} confirmed"
    return f"{view.summary.decided} of {view.summary.sentences} decided"


def _stale(room: Room) -> None:
    st.warning(f"The evidence changed since the draft: {plain(room.view.summary.stale)}", icon=":material/history:")
    if room.view.capacity == "author" and st.button("Draft this section again", icon=":material/refresh:"):
        ctx, actor = room.visit.ctx, room.visit.actor
        attempt(
            room, lambda: redraft_section(ctx, section_id=room.id, actor=actor), told="Drafted again: decide what changed"
        )  # fmt: skip


def _tabs(room: Room, to_clashes: Callable[[str], None]) -> None:
    view = room.view
    if any(note.endswith(TO_DECIDE) for note in view.notes) and st.button(
        "Sources differ: decide which counts", icon=":material/compare_arrows:", key=f"clashes-{room.id}", type="tertiary"
    ):
        to_clashes(view.report.product)
    shows: dict[str, Callable[[Room], None]] = {
        signing.SENTENCES: _sentences,
        signing.FIELDS: tabs.fields,
        signing.TABLES: tabs.tables,
        signing.DIFFERENCE: tabs.difference,
        signing.HISTORY: tabs.history,
    }
    if not room.deciding:  # who approves or reads gets the section as it reads, whole
        shows = {signing.READING: lambda r: reading.show(r.view), **shows}
    elif not (view.sentences or view.fields or view.tables or view.charts):
        shows = {
            signing.READING: lambda r: reading.show(r.view),
            signing.SENTENCES: _sentences,
            signing.HISTORY: tabs.history,
        }
    has = {signing.SENTENCES: view.sentences, signing.FIELDS: view.fields, signing.TABLES: view.tables}
    first = next((name for name in shows if name == signing.READING or has.get(name)), next(iter(shows)))
    made = st.tabs(list(shows), key=session.tab_key(room.id, first=first), on_change="rerun")
    for tab, show_tab in zip(made, shows.values(), strict=True):
        if tab.open:
            with tab:
                show_tab(room)


def _sentences(room: Room) -> None:
    for note in room.view.notes:
        st.warning(plain(note), icon=":material/compare_arrows:")
    for said in room.view.statements:
        st.caption(plain(said))
    asked = widgets.findings(room.view.findings, room.view.said, key=room.id)
    if asked:
        look_at(room, asked)
    added.show(room)
    cards.show(room)


def _own_view(room: Room) -> None:
    with st.form(f"own.{room.id}"):
        st.markdown("**Your own view first**")
        st.caption(
            "Write in a few words what you think after looking at the evidence below. The draft of this section is shown once you "
            "recorded it; your view stays on record and is not changed afterwards."
        )
        text = st.text_area("Your view", key=f"own.text.{room.id}", height=120)
        if st.form_submit_button("Record and show the draft", type="primary"):
            ctx, actor = room.visit.ctx, room.visit.actor
            attempt(
                room, lambda: review.record_own_view(ctx, section_id=room.id, text=text, actor=actor), told="Your view is recorded"
            )  # fmt: skip
    if room.view.tables or room.view.charts:
        tabs.tables(room)
    elif room.view.report.scorecard:
        st.markdown("**The report in figures**")
        for column, (label, figure) in zip(st.columns(4) * 3, room.view.report.scorecard.items(), strict=False):
            column.metric(label, figure)
        st.caption("The other sections stand in the list on the left; this one is written last.")
