"""Where a report or section is shown: addresses that outlive a reload, as query parameters."""

from collections.abc import Sequence

import streamlit as st

REPORT, SECTION = "report", "section"
LONGEST_ROW = 8  # digits: no file has more rows
DOCUMENT, ROW, PASSAGE, COLUMN = "document", "row", "passage", "column"
PRODUCT = "product"
MOST_COLUMNS = 40  # of a row that are marked


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


def columns_wanted() -> list[str]:
    """Return the headers of the cells of the row that somebody came for."""
    return st.query_params.get_all(COLUMN)[:MOST_COLUMNS]


def go_to_source(
    page: "st.Page", *, document_id: str, row: int | None = None, passage_id: str = "", columns: Sequence[str] = ()
) -> None:
    """Go to a place in a source document."""
    params = {DOCUMENT: document_id} | ({ROW: str(row)} if row else {}) | ({PASSAGE: passage_id} if passage_id else {})
    st.switch_page(page, query_params=[*params.items(), *((COLUMN, header) for header in columns[:MOST_COLUMNS])])


def product_wanted() -> str:
    """Return the product of the address, "" where it names none."""
    return st.query_params.get(PRODUCT, "")


def go_to_clashes(page: "st.Page", *, product: str = "") -> None:
    """Go to what sources say differently of a product."""
    st.switch_page(page, query_params={PRODUCT: product} if product else {})
