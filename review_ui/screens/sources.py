"""Sources: the imported documents with version, hash and the account of every cell; each opens at its rows or its text."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from corpus import notes, opening, records, withdrawals
from corpus.model import Refusal, SourceDocument
from corpus.page_picture import page_of
from corpus.readers.narrative import Block
from drafting.evidence.kinds import kind_title
from drafting.source_pictures import page_picture
from review_ui import places, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain

ROWS = 9  # shown of a table at a time
MOST_REFUSALS = 500
NOTES = 3  # of the reader, before the others are folded away
MARK = "▶ "
PDF = "application/pdf"


def show(visit: Visit) -> None:
    """List the documents; below, the one chosen: its rows or text, what was refused, how its columns are read."""
    st.subheader("Sources")
    with visit.ctx.database.read() as conn:
        listed = sorted(records.documents(conn), key=lambda d: (d.profile is None, d.synthetic, d.name.casefold()))
        wanted, row, passage = places.source_wanted()
        linked = records.document(conn, wanted) if wanted else None
    if not listed:
        widgets.empty("Holds the files that reports are written from.", "Import files with: verascribe ingest FOLDER")
        return
    if linked:  # somebody came for this document: it stands first, and the list is folded away
        with st.expander("All documents"):
            chosen = _chosen(listed)
    else:
        chosen = _chosen(listed)
    if chosen:
        _document(visit, chosen, None, "")
    elif linked:
        _document(visit, linked, row, passage)
    else:
        st.caption("Choose a document to read it.")


def _chosen(listed: list[SourceDocument]) -> SourceDocument | None:
    shown = _filtered(listed)
    picked = st.dataframe(
        [_line(document) for document in shown],
        hide_index=True,
        height=230,
        on_select="rerun",
        selection_mode="single-row",
        key="sources.rows",
        column_config={"document": st.column_config.TextColumn(width=150)},
    )
    rows = picked["selection"]["rows"]
    return shown[rows[0]] if rows and rows[0] < len(shown) else None


def _filtered(listed: list[SourceDocument]) -> list[SourceDocument]:
    total = sum((d.balance for d in listed), start=type(listed[0].balance)())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        named = st.text_input("Name contains", key="sources.name", width=220)
        kinds = sorted({d.kind for d in listed}, key=kind_title)
        kind = st.selectbox(
            "Kind", kinds, index=None, placeholder="Every kind", format_func=kind_title, key="sources.kind", width=240
        )
        origin = st.selectbox(
            "Origin", ["real data", "synthetic"], index=None, placeholder="Any origin", key="sources.origin", width=160
        )
        refusing = st.checkbox("Only with refused cells", key="sources.refused")
    shown = [
        d
        for d in listed
        if named.strip().casefold() in d.name.casefold()
        and kind in (None, d.kind)
        and origin in (None, _origin(d))
        and (d.balance.refused or not refusing)
    ]
    st.caption(
        f"{len(shown)} of {len(listed)} documents. Cells in {total.cells_in:,} = imported {total.imported:,} + refused {total.refused:,} "
        f"+ declared missing {total.missing:,}" + ("." if total.holds else ": THE BALANCE DOES NOT HOLD.")
    )
    return shown


def _origin(document: SourceDocument) -> str:
    return "synthetic" if document.synthetic else "real data"


def _line(document: SourceDocument) -> dict[str, object]:
    balance = document.balance
    table = document.profile is not None
    return {
        "document": document.shown if document.derived else document.name,
        "version": document.version,
        "kind": kind_title(document.kind),
        "origin": _origin(document),
        "cells in": balance.cells_in,
        "imported": balance.imported,
        "refused": balance.refused,
        "missing": balance.missing,
        "balance": "no cells: text" if not table else "holds" if balance.holds else "DOES NOT HOLD",
        "imported at (UTC)": document.imported_at[:16].replace("T", " "),
    }


def _document(visit: Visit, document: SourceDocument, row: int | None, passage: str) -> None:
    with visit.ctx.database.read() as conn:
        refused = records.refusals(conn, document.id)
        current = records.is_current(conn, document.id)
        told = notes.of_documents(conn, [document.id]).get(document.id, ())
        withdrawn = withdrawals.of_documents(conn, [document.id]).get(document.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### {plain(document.name)}", width="content")
        st.badge(f"version {document.version}", color="gray")
        if document.synthetic:
            st.badge("synthetic", icon=":material/science:", color="orange")
        else:
            st.badge("real data", icon=":material/factory:", color="blue")
        if document.derived:
            st.badge("recognised from pictures: derived", icon=":material/document_scanner:", color="orange")
        if withdrawn:
            st.badge("withdrawn", icon=":material/history:", color="orange")
        elif not current:
            st.badge("superseded by a later version", icon=":material/history:", color="orange")
        if refused:
            st.badge(f"{len(refused)} refused", icon=":material/block:", color="red")
    if withdrawn:
        st.warning(f"No longer counts since {withdrawn.at[:16].replace('T', ' ')} UTC. {plain(withdrawn.reason)}")
    _notes(told)
    names = ["Rows" if document.profile else "Text", f"Refused ({len(refused)})"]
    tabs = st.tabs([*names, "Columns", "Import"] if document.profile else ["Text", "Import"])
    with tabs[0], widgets.guarded():
        if document.profile:
            _rows(visit, document, row)
        else:
            _text(visit, document, passage)
    if document.profile:
        with tabs[1]:
            _refusals(refused)
        with tabs[2]:
            _columns(document)
    with tabs[-1]:
        _import(document)


def _notes(told: Sequence[str]) -> None:
    """Show what the reader found beside the text, the first ones at once."""
    if told:
        st.info("\n".join(f"- {plain(note)}" for note in told[:NOTES]), icon=":material/visibility_off:")
    if len(told) > NOTES:
        with st.expander(f"{len(told) - NOTES} more notes of the reader"):
            st.markdown("\n".join(f"- {plain(note)}" for note in told[NOTES:]))


def _rows(visit: Visit, document: SourceDocument, wanted: int | None) -> None:
    start = wanted or 2
    chosen = st.number_input(
        "Row (as a spreadsheet counts; 1 is the header)",
        min_value=2,
        value=start,
        step=1,
        width=320,
        key=f"sources.row.{document.id}.{start}",
    )
    number = int(chosen)
    if document.media_type == PDF:
        _page(visit, document, document.part)
    with visit.ctx.database.read() as conn:
        page = opening.page(conn, document, first=number - ROWS // 2, count=ROWS)
        number = min(number, page.last)
        cells = opening.cells(conn, document, page, number)
    came_for = frozenset(places.columns_wanted() if number == wanted else ())
    for cell in (c for c in cells if c.header in came_for):
        st.info(f"**{plain(cell.header)}** reads **{plain(cell.written)}**", icon=":material/arrow_right_alt:")
    st.dataframe(
        [{"row": f"{MARK if n == number else ''}{n}", **dict(zip(_marked(page.header, came_for), values, strict=False))} for n, values in page.rows],
        hide_index=True, height=38 + 35 * len(page.rows), column_config={"row": st.column_config.TextColumn(pinned=True, width=70)},
    )  # fmt: skip
    st.markdown(f"**Row {number} of {page.last}, cell by cell**")
    for cell in cells:
        if cell.refused:
            st.error(
                f"**{plain(cell.header)}** reads **{plain(cell.written)}**: {plain(cell.refused)}", icon=":material/block:"
            )
    lines = [
        {"column": c.header, "as written": c.written, "read as": c.read_as, "unit": c.unit, "refused because": c.refused}
        for c in cells
    ]
    st.dataframe(lines, hide_index=True, height=min(38 + 35 * len(lines), 420))


def _marked(header: Sequence[str], came_for: frozenset[str]) -> list[str]:
    return [f"{MARK}{name}" if name in came_for else name for name in header]


def _text(visit: Visit, document: SourceDocument, wanted: str) -> None:
    """Show a narrative as its file has it; the blocks of the passage that was asked for stand out, and are named above."""
    with visit.ctx.database.read() as conn:
        read = opening.narrative(conn, document)
        passage = opening.passage(conn, wanted) if wanted else None
    if read.about:
        widgets.facts({name.capitalize(): value for name, value in read.about.items()})
    marked = opening.blocks_of(read, passage) if passage and passage.document_id == document.id else frozenset()
    if marked and passage:
        st.info(
            f"The passage that you came for begins at {plain(passage.place)}; it is marked below.",
            icon=":material/arrow_downward:",
        )
    if document.media_type == PDF:
        _page(visit, document, passage.place if marked and passage else "page 1")
    for table, blocks in groupby(read.blocks, key=lambda block: _table_of(block.place)):
        if table:
            _cells([block for block in blocks if not _describes(block, read.about)], marked)
            continue
        for block in blocks:
            place, text = st.columns([1, 7])
            place.caption(plain(block.place))
            if block.heading:
                text.markdown(f"**{plain(block.text)}**")
            else:
                text.markdown(f":orange-background[{plain(block.text)}]" if block.place in marked else plain(block.text))


def _page(visit: Visit, document: SourceDocument, place: str) -> None:
    """Show a page of a PDF file as it looks, the place marked that somebody came for."""
    with st.expander(f"The page as it looks: {place.partition(',')[0]}", expanded=page_of(place) != 1 or "box" in place):
        number = st.number_input("Page", min_value=1, value=page_of(place) or 1, step=1, key=f"sources.page.{document.id}")
        wanted = place if int(number) == page_of(place) else f"page {int(number)}"
        with widgets.guarded():
            st.image(page_picture(visit.ctx, document, wanted), width=620)


def _table_of(place: str) -> str:
    return place.partition(",")[0] if place.startswith("table ") else ""


def _describes(block: Block, about: Mapping[str, str]) -> bool:
    """Tell whether a row of a table is part of the document's description, which stands above."""
    key, bar, value = block.text.partition(" | ")
    return bool(bar) and about.get(key.lower()) == value


def _cells(blocks: list[Block], marked: frozenset[str]) -> None:
    """Show rows of a table of a narrative, each with its place."""
    if not blocks:
        return
    columns = max(block.text.count(" | ") for block in blocks) + 1
    head = "| place |" + " |" * columns + "\n" + "|---" * (columns + 1) + "|"
    lines = []
    for block in blocks:
        cells = [plain(cell) for cell in block.text.split(" | ")]
        shown = [f":orange-background[{cell}]" if block.place in marked and cell else cell for cell in cells]
        lines.append(f"| {plain(block.place)} | " + " | ".join(shown) + " |")
    st.markdown("\n".join([head, *lines]))


def _refusals(refused: list[Refusal]) -> None:
    if not refused:
        st.caption("Nothing of this document was refused: every cell was imported or is declared missing.")
        return
    lines = [{"place": r.locator, "as written": r.literal, "why it was refused": r.reason} for r in refused[:MOST_REFUSALS]]
    st.dataframe(lines, hide_index=True)
    if len(refused) > MOST_REFUSALS:
        st.caption(f"The first {MOST_REFUSALS} of {len(refused)} are shown.")


def _columns(document: SourceDocument) -> None:
    lines = [
        {
            "header": header,
            "read as": target,
            "printed as": document.labels.get(target, ""),
            "unit": document.units.get(target, ""),
            "stage": document.groups.get(target, ""),
        }
        for target, header in document.columns.items()
    ]
    st.dataframe(lines, hide_index=True, height=min(38 + 35 * len(lines), 420))


def _import(document: SourceDocument) -> None:
    balance = document.balance
    told = {
        "SHA-256 of its bytes": document.sha256.removeprefix("sha256:"),
        "Size": f"{document.size:,} bytes",
        "Imported": f"{document.imported_at[:19].replace('T', ' ')} UTC by {document.imported_by}",
        "Read by profile": document.profile or "none: a narrative, read as text",
        "Supersedes": document.supersedes or "nothing",
    }
    if document.profile:
        told["Cells"] = (
            f"{balance.cells_in:,} in = {balance.imported:,} imported + {balance.refused:,} refused + {balance.missing:,} missing"
        )
    widgets.facts(told)
