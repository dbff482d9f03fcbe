"""The list of pages; each is a function of `review_ui.screens` bound to the visit. What a person may do there, the use cases decide."""

from functools import partial

import streamlit as st

from review_ui.frame import Visit
from review_ui.screens import administration, new_report, search, sources, trail

PAGES = (
    ("new", "New report", ":material/note_add:", new_report.show),
    ("sources", "Sources", ":material/table_view:", sources.show),
    ("search", "Search", ":material/search:", search.show),
    ("trail", "Trail", ":material/history:", trail.show),
    ("administration", "Administration", ":material/manage_accounts:", administration.show),
)


def pages(visit: Visit) -> "list[st.Page]":
    """Return every page for this visit."""
    return [
        st.Page(partial(show, visit), title=title, icon=icon, url_path=path, default=path == "new")
        for path, title, icon, show in PAGES
    ]
