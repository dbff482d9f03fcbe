"""Sources: the imported documents with version, hash and the account of every cell."""

import streamlit as st

from corpus import records
from corpus.model import SourceDocument
from review_ui import widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, short_hash

MOST_REFUSALS = 200


def show(visit: Visit) -> None:
    """List the documents; below, what was refused and the rows of one document."""
    st.subheader("Sources")
    with visit.ctx.database.read() as conn:
        listed = records.documents(conn)
    if not listed:
        widgets.empty("Holds the files that reports are written from.", "Import files with: verascribe import FOLDER")
        return
    st.caption(f"{len(listed)} documents. Cells in = imported + refused + missing, for every file.")
    st.dataframe([_line(document) for document in listed], hide_index=True, height=260)
    chosen = st.selectbox(
        "Document", listed, index=None, format_func=lambda d: f"{d.name} v{d.version}", placeholder="Choose a document"
    )
    if chosen is not None:
        _document(visit, chosen)


def _line(document: SourceDocument) -> dict[str, object]:
    balance = document.balance
    return {
        "document": document.name,
        "version": document.version,
        "origin": "synthetic" if document.synthetic else "real",
        "sha256": short_hash(document.sha256),
        "cells in": balance.cells_in,
        "imported": balance.imported,
        "refused": balance.refused,
        "missing": balance.missing,
        "imported at": document.imported_at[:16],
    }


def _document(visit: Visit, document: SourceDocument) -> None:
    st.markdown(f"**{plain(document.name)}** version {document.version}")
    st.code(document.sha256, language=None)
    with visit.ctx.database.read() as conn:
        refused = records.refusals(conn, document.id)
    if refused:
        st.markdown(f"**Refused** ({len(refused)})")
        lines = [{"place": str(r.locator), "as written": r.literal, "reason": r.reason} for r in refused[:MOST_REFUSALS]]
        st.dataframe(lines, hide_index=True)
    else:
        st.caption("Nothing of this document was refused.")
    if document.profile is None:
        return
    row = st.number_input("Show the rows around", min_value=2, value=2, step=1)
    with widgets.guarded():
        with visit.ctx.database.read() as conn:
            columns, rows = records.source_rows(conn, document.id, row=int(row), around=3)
        st.dataframe(
            [{"row": str(number), **dict(zip(columns, cells, strict=False))} for number, cells in rows], hide_index=True
        )
