"""Where a report or section is shown: addresses that outlive a reload, as query parameters."""

import streamlit as st

REPORT, SECTION = "report", "section"
LONGEST_ROW = 8  # digits: no file has more rows
DOCUMENT, ROW, PASSAGE = "document", "row", "passage"


def wanted() -> tuple[str, str]:
    """Return the report id and section key of the address."""
    return st.query_params.get(REPORT, ""), st.query_params.get(SECTION, "")


def go(page: "st.Page", *, report_id: str, section_key: str = "") -> None:
    """Go to a report or to one of its sections."""
    params = {REPORT: report_id} | ({SECTION: section_key} if section_key else {})
    st.switch_page(page, query_params=params)


def source_wanted() -> tuple[str, int | None, str]:
    """Return the document, the row and the passage of the address ("" and None where it names none)."""
    row = st.query_params.get(ROW, "")
    return (
        st.query_params.get(DOCUMENT, ""),
        int(row) if row.isdecimal() and len(row) <= LONGEST_ROW else None,
        st.query_params.get(PASSAGE, ""),
    )


def go_to_source(page: "st.Page", *, document_id: str, row: int | None = None, passage_id: str = "") -> None:
    """Go to a place in a source document."""
    params = {DOCUMENT: document_id} | ({ROW: str(row)} if row else {}) | ({PASSAGE: passage_id} if passage_id else {})
    st.switch_page(page, query_params=params)
