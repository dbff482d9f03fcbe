"""Earlier deviations like one, with what they share; beside a deviation's record and beside its texts."""

from collections.abc import Callable

import streamlit as st

from corpus import opening
from corpus.model import Locator
from corpus.similar import KINDS, Similar, similar
from drafting.evidence.kinds import label
from review_ui import widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, short_hash

OpenSource = Callable[[str, int | None, str], None]  # document id, row, passage id
SHOWN = 10
LONGEST = 300  # characters of a text that are shown


def offer(visit: Visit, kind: str, identifier: str | None, open_source: OpenSource, *, key: str) -> None:
    """Offer to look for earlier deviations like this one, where it is one, and list them."""
    if kind not in KINDS or not identifier:
        return
    asked = st.toggle(
        "Earlier deviations like it", key=f"alike.{key}.{identifier}",
        help="Compared by words and meaning among those dated before it. Whether it recurred is your judgement.",
    )  # fmt: skip
    if not asked:
        return
    with widgets.guarded():
        found = similar(visit.ctx.database, visit.ctx.index, identifier=identifier, k=SHOWN)
        if not found:
            st.caption("No earlier deviation is like it.")
        for number, one in enumerate(found):
            _one(visit, one, f"alike.{key}.{number}", open_source)


def _one(visit: Visit, one: Similar, key: str, open_source: OpenSource) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(one.record.identifier)}** {plain(one.record.get('title'))}", width="stretch")
            if one.record.document.synthetic:
                st.badge("synthetic", icon=":material/science:", color="orange")
            where = one.passage.locator
            st.caption(
                f"{plain(one.record.date or '')} · {plain(str(where))} · {short_hash(where.document)}", width="stretch"
            )
            if st.button("Open in source", icon=":material/open_in_new:", key=f"{key}.open"):
                go_to(visit, where, one.passage.id, open_source)
        st.caption(f"{plain(one.record.date or '')} · {plain(str(where))} · {short_hash(where.document)}")
        same = "; ".join(f"{label(name)}: {value}" for name, value in one.fields.items())
        st.caption(plain(f"Same {same or 'fields: none'}. Words of both: {', '.join(one.words) or 'none'}."))
        st.markdown(plain(one.passage.text[:LONGEST]) + ("…" if len(one.passage.text) > LONGEST else ""))


def go_to(visit: Visit, locator: Locator, found: str, open_source: OpenSource) -> None:
    """Open the document version that a place stands in, at its row or at its passage."""
    with visit.ctx.database.read() as conn:
        document = opening.document_of(conn, locator, found)
    if document is None:
        st.error("Its file is no longer in this home. Nothing was changed; search again.", icon=":material/error:")
        return
    row = opening.row_of(locator.place)
    open_source(document.id, row, "" if row else found)
