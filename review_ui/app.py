"""The screens' wiring: who is signed in, which page, the frame around it. Runs once for every act of a person."""

import streamlit as st

from audit import sessions
from audit.errors import Problem
from drafting.accounts import is_demo
from review_ui import session, widgets
from review_ui.frame import Visit, foot, heading
from review_ui.home import context
from review_ui.pages import pages
from review_ui.signin import COOKIE


def main() -> None:
    """Show the page that the person asked for, or the way to sign in."""
    st.set_page_config(page_title="Verascribe", layout="wide", initial_sidebar_state="expanded")
    st.html(
        "<style>.stMainBlockContainer{padding:3.6rem 2rem 2rem;max-width:1500px}[data-testid=stSidebar]{min-width:250px;max-width:270px}"
        "[data-testid=stSidebarHeader]{height:2rem;margin:0}[data-testid=stSidebar] [data-testid=stVerticalBlock]{gap:.25rem}"
        "button[kind=tertiary]{min-height:1.5rem;padding-top:0;padding-bottom:0;text-align:left}"
        "[class*=st-key-cite-] button p{color:#0f5c63;text-decoration:underline;text-underline-offset:2px;font-size:.9rem}"
        "[data-testid=stElementToolbarButton]:has([aria-label='Download as CSV']){display:none}"  # a copy is an act with an entry
        "[class*=st-key-card_] [data-testid=stVerticalBlock],[class*=st-key-card_]{gap:.45rem}"
        "[class*=st-key-section_rows] [data-testid=stHorizontalBlock]{border-bottom:1px solid #e8edef;padding:.1rem 0}"
        "[class*=st-key-section_rows] p,[class*=st-key-missing-] p{margin:0}[class*=st-key-section_rows] button{padding:0}"
        "[class*=st-key-section_rows] :is([data-testid=stBadge],[data-testid=stMarkdownContainer],[data-testid=stCaptionContainer]){margin:0}"
        "[class*=st-key-scorecard] [data-testid=stMetricValue]{font-size:1.5rem}</style>"
    )
    ctx = context()
    token = st.context.cookies.get(COOKIE, "")
    found = sessions.resolve(ctx.database, ctx.clock, token) if token else None
    if found is None:
        waiting = sessions.resolve(ctx.database, ctx.clock, token, first_password=True) if token else None
        st.navigation([st.Page(_must_change if waiting else _ended, title="Verascribe")], position="hidden").run()
        return
    account, actor = found
    with ctx.database.read() as conn:
        demo = is_demo(conn)
    visit = Visit(ctx, account, actor, token, demo)
    shown = st.navigation(pages(visit), position="top")
    heading(visit)
    if notice := session.take_notice():
        st.toast(notice)
    try:
        shown.run()
    except Problem as problem:
        widgets.problem(problem)
    foot(visit)


def _ended() -> None:
    st.subheader("Your sign-in has ended")
    st.html('<a href="/signin" target="_self">Sign in</a>')


def _must_change() -> None:
    st.subheader("Your password must be changed")
    st.html('<a href="/password" target="_self">Change it</a>')


main()
