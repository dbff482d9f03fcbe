"""Search: records and passages, exact identifiers first."""

import streamlit as st

from corpus.search import Hit, search
from review_ui import widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, short_hash

COUNT = 20


def show(visit: Visit) -> None:
    """Ask for words and show what answers them."""
    st.subheader("Search")
    text = st.text_input(
        "Words, a batch number or a record number", placeholder="for example DEV-2020-014, or dissolution below limit"
    )
    if not text.strip():
        widgets.empty(
            "Finds records and passages of the imported documents.",
            "Type words or an identifier; exact identifiers come first.",
        )
        return
    hits = search(visit.ctx.database, visit.ctx.index, text=text, k=COUNT)
    st.caption(f"{len(hits)} found" if hits else "Nothing found. Try fewer words, or check the identifier.")
    for hit in hits:
        _hit(hit)


def _hit(hit: Hit) -> None:
    with st.container(border=True):
        with st.container(horizontal=True):
            st.badge(plain(hit.kind), icon=":material/description:", color="gray")
            if hit.synthetic:
                st.badge("synthetic", icon=":material/science:", color="orange")
            if hit.record_identifier:
                st.markdown(f"**{plain(hit.record_identifier)}**")
        st.markdown(plain(hit.text[:600]))
        st.caption(f"{plain(str(hit.locator))} · {short_hash(hit.locator.document)}")
