"""Search: records and passages, exact identifiers first; each result opens in its source."""

from collections.abc import Callable

import streamlit as st

from corpus import opening, records
from corpus.lexical import tokens
from corpus.search import Hit, search
from drafting.evidence.kinds import kind_title
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, short_hash

COUNTS = (10, 20, 50)
LONGEST = 500  # characters of a result that are shown
LIKE = {"deviation": "deviation_narrative", "deviation_narrative": "deviation_narrative"}  # kinds that have "similar ones"

OpenSource = Callable[[str, int | None, str], None]


def show(visit: Visit, open_source: OpenSource) -> None:
    """Ask for words and show what answers them."""
    st.subheader("Search")
    with visit.ctx.database.read() as conn:
        present = sorted({*records.kinds(conn), *records.passage_kinds(conn)}, key=kind_title)
        codes = records.products(conn)
    words, kinds, products, many = st.columns([5, 3, 2, 1])
    text = words.text_input(
        "Words, a batch number or a record number", placeholder="for example DEV-2020-014, batch 825, or dissolution below limit",
        key=session.SEARCH_TEXT,
    )  # fmt: skip
    kind = kinds.selectbox(
        "Kind", present, index=None, format_func=kind_title, placeholder="Every kind", key=session.SEARCH_KIND
    )
    product = products.selectbox("Product", codes, index=None, placeholder="Every product", key="search.product")
    count = many.selectbox("Show", COUNTS, key="search.count")
    if not text.strip():
        widgets.empty(
            "Finds records and passages of the imported documents.",
            "Type words or an identifier; exact identifiers come first.",
        )
        return
    hits = search(visit.ctx.database, visit.ctx.index, text=text, k=count, kind=kind, product=product)
    if not hits:
        st.caption("Nothing found. Try fewer words, check the identifier, or widen kind and product.")
        return
    st.caption(f"{len(hits)} results, the best first. They help to find; they never decide what a report covers.")
    for number, hit in enumerate(hits):
        _hit(visit, hit, number, frozenset(tokens(text)), open_source)


def _hit(visit: Visit, hit: Hit, number: int, asked: frozenset[str], open_source: OpenSource) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(plain(kind_title(hit.kind)), icon=":material/description:", color="gray")
            if hit.synthetic:
                st.badge("synthetic", icon=":material/science:", color="orange")
            if hit.record_identifier:
                st.markdown(f"**{plain(hit.record_identifier)}**", width="content")
            st.caption(f"{plain(str(hit.locator))} · {short_hash(hit.locator.document)}", width="stretch")
            if hit.kind in LIKE:
                st.button(
                    "Similar", icon=":material/join_inner:", key=f"search.like.{number}", on_click=session.ask,
                    args=(" ".join(hit.text.split())[:LONGEST], LIKE[hit.kind]), help="Search for texts like this one",
                )  # fmt: skip
            if st.button("Open in source", icon=":material/open_in_new:", key=f"search.open.{number}"):
                _open(visit, hit, open_source)
        st.markdown(emphasised_words(hit.text[:LONGEST] + ("…" if len(hit.text) > LONGEST else ""), asked))


def _open(visit: Visit, hit: Hit, open_source: OpenSource) -> None:
    with visit.ctx.database.read() as conn:
        document = opening.named(conn, hit.locator)
    if document is None:
        st.error(
            "The file of this result is no longer in this home. Nothing was changed; search again.", icon=":material/error:"
        )
        return
    row = opening.row_of(hit.locator)
    open_source(document.id, row, "" if row else hit.id)


def emphasised_words(text: str, asked: frozenset[str]) -> str:
    """Return text as Markdown in which the words asked for stand out, compared as search compares them."""
    return " ".join(f"**{plain(word)}**" if asked.intersection(tokens(word)) else plain(word) for word in text.split())
