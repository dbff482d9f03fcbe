"""Extracts: what each source says of the files that were imported, compared with what was read, confirmed by a second person."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from audit.identity import Role
from corpus import extracts as kept
from corpus import records
from corpus.extracts import Extract
from corpus.model import SourceDocument
from corpus.stated import FileTotals, StatedExtract
from drafting import extracts
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import moment, plain

WAITING, STATE, ALL = "To confirm", "State an extract", "All extracts"


def show(visit: Visit) -> None:
    """Show what waits for a second person, the form for a new statement, and every extract."""
    st.subheader("Extracts")
    st.caption(
        "Completeness is never more than this: complete relative to what the source says of its extract. One person states it, a second "
        "person confirms it."
    )
    names = [WAITING, STATE, ALL] if visit.account.has(Role.WRITER) else [WAITING, ALL]
    made = st.tabs(names, key=session.tab_key("extracts", first=names[0]), on_change="rerun")
    shows = {WAITING: _waiting, STATE: _state, ALL: _all}
    for tab, name in zip(made, names, strict=True):
        if tab.open:
            with tab:
                shows[name](visit)


def _waiting(visit: Visit) -> None:
    waiting = extracts.waiting(visit.ctx)
    if not waiting:
        widgets.empty(
            "Extracts that wait for a second person stand here.",
            f"None waits. A writer says under {STATE} what a source system counted for an imported file; another person then confirms it here.",
        )
    for extract in waiting:
        with st.container(border=True):
            _told(extract)
            if visit.account.has(Role.WRITER, Role.REVIEWER, Role.APPROVER):
                _confirm(visit, extract)


def _told(extract: Extract) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(extract.document)}**")
        if extract.differences:
            st.badge("totals differ", icon=":material/error:", color="red")
        else:
            st.badge("totals equal", icon=":material/check:", color="green")
    st.caption(
        f"{plain(extract.system)}: {plain(extract.query)}  \nExtracted on {plain(extract.extracted_on)} by {plain(extract.extracted_by)} · "
        f"stated by {plain(extract.user_id)}, {moment(extract.at)}"
    )
    for one in extract.compared:
        icon = ":material/check:" if one.equal else ":material/error:"
        st.markdown(f"{icon} {plain(one.told)}")


def _confirm(visit: Visit, extract: Extract) -> None:
    with st.form(f"extracts.confirm.{extract.id}", border=False):
        reason = st.text_input(
            "Why it is accepted although totals differ" if extract.differences else "Remark (optional)", max_chars=500
        )
        pressed = st.form_submit_button("Confirm as the second person", icon=":material/verified:")
    if pressed:
        with widgets.guarded():
            made = extracts.confirm(visit.ctx, extract_id=extract.id, reason=reason, actor=visit.actor)
            session.notice(plain(" ".join(["Extract confirmed.", *made.warnings])))
            st.rerun()


def _state(visit: Visit) -> None:
    with visit.ctx.database.read() as conn:
        tables = [d for d in records.documents(conn) if d.profile is not None]
    if not tables:
        widgets.empty("States what a source says of its extract.", "Import a table first.")
        return
    with st.form("extracts.state"):
        document = st.selectbox(
            "File", tables, index=None, format_func=lambda d: d.shown, placeholder="Choose an imported table"
        )
        left, right = st.columns(2)
        system = left.text_input("Source system", placeholder="for example LIMS 7.2", max_chars=200)
        by = right.text_input("Extracted by", max_chars=200)
        query = st.text_input("Query or filter", max_chars=1000)
        one, two, three = st.columns(3)
        on = one.date_input("Extracted on", value=None, format="YYYY-MM-DD")
        rows = two.text_input("Rows, as the source counts them", max_chars=12)
        batches = three.text_input("Batches, as the source counts them", max_chars=12)
        pressed = st.form_submit_button("State the extract", type="primary", icon=":material/save:")
    if pressed:
        with widgets.guarded():
            made = extracts.state(
                visit.ctx, said=_stated(document, system, query, on, by, rows, batches), actor=visit.actor
            )  # fmt: skip
            _warn_import(made)
            session.notice("Extract stated: a second person confirms it")
            session.want_tab("extracts", WAITING)
            st.rerun()


def _warn_import(made: Sequence[Extract]) -> None:
    """Add what differs to the last import's result, where the extract is of one of its files."""
    result = session.last_import()
    if result is not None:
        imported = {document.id for document in result.documents}
        result.warnings += [said for one in made if one.document_id in imported for said in one.warnings]


def _stated(
    document: SourceDocument | None, system: str, query: str, on: date | None, by: str, rows: str, batches: str
) -> StatedExtract:
    said = {
        "Choose the file.": document,
        "Name the source system.": system.strip(),
        "Give the query or filter.": query.strip(),
        "Give the day of the extract.": on,
        "Say who extracted it.": by.strip(),
    }
    missing = [told for told, given in said.items() if not given]
    if missing or document is None or on is None:
        raise widgets.asked(missing[0])
    totals = FileTotals(document.name, document.part, widgets.whole(rows, "Rows"), widgets.whole(batches, "Batches"))
    return StatedExtract(system.strip(), query.strip(), on.isoformat(), by.strip(), (totals,))


def _all(visit: Visit) -> None:
    with visit.ctx.database.read() as conn:
        found = kept.current(conn)
    if not found:
        widgets.empty("Lists what sources said of their extracts.", "Nothing was stated yet.")
        return
    st.dataframe([_line(extract) for extract in found], hide_index=True)


def _line(extract: Extract) -> dict[str, str]:
    by = extract.confirmation
    return {
        "file": extract.document,
        "system": extract.system,
        "query": extract.query,
        "extracted on": extract.extracted_on,
        "extracted by": extract.extracted_by,
        "totals": "; ".join(one.told for one in extract.compared) or "none stated",
        "stated by": extract.user_id,
        "differences": "; ".join(one.told for one in extract.differences),
        "confirmed by": f"{by.user_id}, {by.at[:10]}" if by else "waits for a second person",
        "reason": by.reason if by else "",
    }
