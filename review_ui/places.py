"""Where a report or section is shown: addresses that outlive a reload, as query parameters."""

import streamlit as st

REPORT, SECTION = "report", "section"


def wanted() -> tuple[str, str]:
    """Return the report id and section key of the address."""
    return st.query_params.get(REPORT, ""), st.query_params.get(SECTION, "")


def go(page: "st.Page", *, report_id: str, section_key: str = "") -> None:
    """Go to a report or to one of its sections."""
    params = {REPORT: report_id} | ({SECTION: section_key} if section_key else {})
    st.switch_page(page, query_params=params)
