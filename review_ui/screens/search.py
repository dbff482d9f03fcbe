"""Search: records and passages in a scope, exact identifiers first; each result opens in its source."""

from collections.abc import Callable

import streamlit as st

from corpus import records
from corpus.lexical import tokens
from corpus.scope import Scope, extent
from corpus.search import Hit, search
from drafting.configuration import identifiers_in
from drafting.evidence.kinds import kind_title
from review_ui import alike, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, short_hash

COUNTS = (10, 20, 50)
LONGEST = 500  # characters of a result that are shown
RECOGNISED = "(recognised)"  # in the place of what was recognised from a picture

OpenSource = Callable[[str, int | None, str], None]


def show(visit: Visit, open_source: OpenSource) -> None:
    """Ask for words and a scope, and show what answers them."""
    st.subheader("Search")
    words, many = st.columns([8, 1])
    text = words.text_input(
        "Words, a batch number or a record number", placeholder="for example DEV-2020-014, batch 825, or dissolution below limit",
        key="search.text",
    )  # fmt: skip
    count = many.selectbox("Show", COUNTS, key="search.count")
    with widgets.guarded():
        scope = _scope(visit)
        with visit.ctx.database.read() as conn:
            searched = extent(conn, scope)
        if not text.strip():
            widgets.empty(
                "Finds records and passages of the imported documents.",
                f"Type words or an identifier; exact identifiers come first. {searched.told}",
            )
            return
        _hits(visit, text, scope, count, searched.told, open_source)


def _scope(visit: Visit) -> Scope:
    """Ask within what is searched; raise Invalid where the period ends before it begins."""
    with visit.ctx.database.read() as conn:
        present = sorted({*records.kinds(conn), *records.passage_kinds(conn)}, key=kind_title)
        codes = records.products(conn)
    kinds, products, batches, since, until = st.columns([3, 2, 2, 2, 2])
    kind = kinds.selectbox("Kind", present, index=None, format_func=kind_title, placeholder="Every kind", key="search.kind")
    product = products.selectbox("Product", codes, index=None, placeholder="Every product", key="search.product")
    batch = batches.text_input("Batch", placeholder="Every batch", max_chars=60, key="search.batch")
    first = since.date_input("From", value=None, format="YYYY-MM-DD", key="search.from")
    last = until.date_input("To", value=None, format="YYYY-MM-DD", key="search.to")
    return Scope(
        product, kind, first.isoformat() if first else None, last.isoformat() if last else None, batch.strip() or None
    )


def _hits(visit: Visit, text: str, scope: Scope, count: int, told: str, open_source: OpenSource) -> None:
    with visit.ctx.database.read() as conn:
        identifiers = identifiers_in(conn)
    hits = search(
        visit.ctx.database, visit.ctx.index, text=text, k=count, kind=scope.kind, product=scope.product, since=scope.since,
        until=scope.until, batch=scope.batch, identifiers=identifiers,
    )  # fmt: skip
    if not hits:
        st.caption(f"Nothing found. {told} Try fewer words, check the identifier, or widen the scope.")
        return
    st.caption(f"{len(hits)} results, the best first. {told} They help to find; they never decide what a report covers.")
    for number, hit in enumerate(hits):
        _hit(visit, hit, number, frozenset(tokens(text)), open_source)


def _hit(visit: Visit, hit: Hit, number: int, asked: frozenset[str], open_source: OpenSource) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(plain(kind_title(hit.kind)), icon=":material/description:", color="gray")
            if hit.synthetic:
                st.badge("synthetic", icon=":material/science:", color="orange")
            if RECOGNISED in hit.locator.place:
                st.badge("recognised from a picture", icon=":material/document_scanner:", color="orange")
            if hit.record_identifier:
                st.markdown(f"**{plain(hit.record_identifier)}**", width="content")
            st.caption(f"{plain(str(hit.locator))} · {short_hash(hit.locator.document)}", width="stretch")
            if st.button("Open in source", icon=":material/open_in_new:", key=f"search.open.{number}"):
                alike.go_to(visit, hit.locator, hit.id, open_source)
        st.markdown(emphasised_words(hit.text[:LONGEST] + ("…" if len(hit.text) > LONGEST else ""), asked))
        alike.offer(visit, hit.kind, hit.record_identifier, open_source, key=f"search.{number}")


def emphasised_words(text: str, asked: frozenset[str]) -> str:
    """Return text as Markdown in which the words asked for stand out, compared as search compares them."""
    return " ".join(f"**{plain(word)}**" if asked.intersection(tokens(word)) else plain(word) for word in text.split())
