"""Import: drop files or a folder, see what became of every cell, open a refused cell in its row."""

from collections.abc import Callable

import streamlit as st

from audit.errors import Invalid
from audit.identity import Role, permit
from corpus import opening
from corpus.ingest import ImportResult
from corpus.model import WHOLE, Refusal
from corpus.readers import ocr
from drafting import profile_admin
from drafting.evidence.kinds import kind_title
from drafting.importing import import_files, laid_out
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain
from review_ui.screens import profiles

Open = Callable[[str, int | None, str], None]  # document id, row, passage id
MOST_REFUSALS = 500
FILES, FOLDER = "Files", "A folder"


def show(visit: Visit, open_source: Open, to_profiles: Callable[[], None], to_clashes: Callable[[str], None]) -> None:
    """Ask for files, import them with progress, and show the outcome of each."""
    permit(visit.account, Role.WRITER)
    st.subheader("Import")
    left, right = st.columns([1, 2], gap="large")
    with left:
        product = _ask(visit)
    with right:
        result = session.last_import()
        if result is None:
            widgets.empty(
                "Brings the files of a site in.",
                "Drop files or a folder on the left. Tables are read by import profiles, everything else as text; each cell "
                "ends as imported, refused with its place and reason, or declared missing.",
            )
        else:
            _outcome(result, open_source)
            if result.clashes and st.button(
                "Decide which source counts", icon=":material/compare_arrows:", key="import.clashes"
            ):
                to_clashes("")
            _unknown(visit, result, to_profiles, product)


def _ask(visit: Visit) -> str | None:
    """Ask for files and import them; return the product code that was typed."""
    how = st.segmented_control("Bring in", [FILES, FOLDER], default=FILES, required=True, key="import.how")
    key = session.widget_key(f"import.{how}")
    if how == FOLDER:
        given = st.file_uploader("Drop a folder here", accept_multiple_files="directory", key=key)
    else:
        given = st.file_uploader("Drop files here", accept_multiple_files=True, key=key)
    typed = st.text_input("Product code, where the files name none", key="import.product", max_chars=60)
    product = typed.strip() or None
    recognise = _recognition()
    if given:
        st.caption(f"{len(given)} file(s), {sum(f.size for f in given) / 1024:,.0f} KiB")
    if st.button("Import", type="primary", icon=":material/upload:", key="import.go", disabled=not given):
        with widgets.guarded():
            result = _bring_in(visit, [(f.name, f.getvalue()) for f in given], product, recognise=recognise)
            whole = {r.file for r in result.refused if r.locator == WHOLE}
            session.keep_import(result, {f.name: f.getvalue() for f in given if f.name.rpartition("/")[2] in whole})
            session.spend(f"import.{how}")
            st.rerun()
    return product


def _recognition() -> bool:
    """Ask whether scanned pages are to be recognised; where that cannot be done, say why."""
    lacking = ocr.missing()
    wanted = st.toggle(
        "Recognise scanned pages", key="import.ocr", disabled=bool(lacking),
        help="Pages without letters are recognised by Tesseract. The text is marked as derived and found by search; it never becomes a record or a figure.",
    )  # fmt: skip
    if lacking:
        st.caption(f"Scanned pages cannot be recognised here: {lacking}.")
    return wanted and not lacking


def _bring_in(
    visit: Visit,
    files: list[tuple[str, bytes]],
    product: str | None,
    *,
    profile_name: str | None = None,
    recognise: bool = False,
) -> ImportResult:
    bar = st.progress(0.0, "Reading")

    def tell(name: str, done: int, total: int) -> None:
        bar.progress(done / total, f"{plain(name)} ({done} of {total})")

    with laid_out(files) as folder:
        try:
            return import_files(
                visit.ctx, paths=[folder], actor=visit.actor, product=product, profile_name=profile_name, progress=tell, ocr=recognise,
            )  # fmt: skip
        except (
            Invalid
        ) as problem:  # of a single file: told as the others are, so that a profile can be named or proposed for it
            if len(files) > 1:
                raise
            name = files[0][0].rpartition("/")[2]
            return ImportResult(refused=[Refusal(name, WHOLE, "", str(problem))])


def _outcome(result: ImportResult, open_source: Open) -> None:
    cells = result.cells
    st.markdown(f"**{len(result.documents)} imported, {len(result.unchanged)} unchanged**, in {result.seconds:.1f} s")
    st.caption(
        f"Cells in {cells.cells_in:,} = imported {cells.imported:,} + refused {cells.refused:,} + declared missing {cells.missing:,}"
        f" · {result.measurements:,} measurements · {result.passages:,} passages"
    )
    if result.refused_whole:
        st.caption(f"{result.refused_whole} file(s) refused whole: their cells are not counted.")
    if result.documents:
        st.dataframe(
            [
                {
                    "file": d.shown,
                    "version": d.version,
                    "kind": kind_title(d.kind),
                    "read by": d.profile or ("recognised: derived" if d.derived else "as text"),
                    "cells in": d.balance.cells_in,
                    "refused": d.balance.refused,
                    "missing": d.balance.missing,
                }
                for d in result.documents
            ],
            hide_index=True,
        )
    if result.unchanged:
        st.caption(f"Unchanged since an earlier import: {plain(', '.join(result.unchanged[:20]))}")
    if result.passed_over:
        _unread(result)
    for warning in result.warnings:
        st.warning(plain(warning), icon=":material/warning:")
    for note in result.notes[:20]:
        st.info(plain(note), icon=":material/info:")
    if result.refused:
        _refusals(result, open_source)
    elif result.documents and not result.passed_over:
        st.success(
            "Nothing was refused. Next: state under Extracts what the source counted, or draft under New report.",
            icon=":material/check:",
        )


def _unread(result: ImportResult) -> None:
    """Name the files of a folder that were not read."""
    st.markdown(f"**Not read** ({len(result.passed_over)})")
    st.dataframe([{"file": file, "why": why} for file, why in result.passed_over[:MOST_REFUSALS]], hide_index=True)


def _unknown(visit: Visit, result: ImportResult, to_profiles: Callable[[], None], product: str | None) -> None:
    """Offer to propose an import profile for a file that was refused as a whole, or to read it by one that a person names."""
    refused = session.refused_files()
    if not refused:
        return
    name = st.selectbox("A file that was refused as a whole", list(refused), key="import.unknown")
    for refusal in result.refused:
        if (refusal.file, refusal.locator) == (name.rpartition("/")[2], WHOLE):
            st.caption(plain(refusal.reason))  # the table above cuts it
    known = [line.profile.name for line in profile_admin.listed(visit.ctx)]
    named = st.selectbox("Read it by", known, index=None, placeholder="A profile that you name", key="import.profile")
    if (
        st.button("Import it by this profile", icon=":material/upload:", key="import.named", disabled=named is None)
        and named
    ):
        with widgets.guarded():
            done = _bring_in(visit, [(name, refused[name])], product, profile_name=named)
            session.keep_import(
                done, {other: data for other, data in refused.items() if other != name or not done.documents}
            )
            st.rerun()
    if st.button("Propose a profile for it", icon=":material/auto_awesome_motion:", key="import.propose"):
        with widgets.guarded():
            profiles.propose_from(visit, name, refused[name])
            to_profiles()


def _refusals(result: ImportResult, open_source: Open) -> None:
    shown = result.refused[:MOST_REFUSALS]
    more = len(result.refused) - len(shown)
    st.markdown(f"**Refused** ({len(result.refused)}{f', the first {len(shown)} shown' if more else ''})")
    picked = st.dataframe(
        [{"file": r.file, "place": r.locator, "as written": r.literal, "reason": _reason(r)} for r in shown],
        hide_index=True, on_select="rerun", selection_mode="single-row", key="import.refused",
        column_config={"reason": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    chosen = shown[rows[0]] if rows else None
    if chosen:
        st.caption(plain(f"{chosen.file}, {chosen.locator}: {_reason(chosen)}"))  # a line of the table is cut
    place = _place(result, chosen) if chosen else None
    if (
        st.button("Open the cell in its row", key="import.open", icon=":material/visibility:", disabled=place is None)
        and place
    ):
        open_source(*place, "")


def _reason(refusal: Refusal) -> str:
    """Return the reason without the name of the file, which stands beside it."""
    return refusal.reason.removeprefix(f"{refusal.file}: ")


def _place(result: ImportResult, refusal: Refusal) -> tuple[str, int | None] | None:
    """Return the document and row of a refused cell; None where the whole file was refused."""
    document = next((d for d in result.documents if d.shown == refusal.file), None)
    return (document.id, opening.row_of(refusal.locator)) if document else None
