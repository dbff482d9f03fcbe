"""The list of pages (no icons: the browser would fetch them from a network as the tab's icon); each is a function of `review_ui.screens` bound to the visit. What a person may do there, the use cases decide."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import streamlit as st

from audit.identity import Role
from drafting.overseeing.access import Thing, may
from review_ui import places
from review_ui.frame import Visit
from review_ui.screens import (
    account,
    administration,
    clashes,
    control_charts,
    extracts,
    import_files,
    inbox,
    new_report,
    oversight,
    oversight_run,
    profiles,
    records,
    report,
    search,
    section,
    sources,
    trail,
)


def pages(visit: Visit) -> "list[st.Page]":
    """Return every page for this visit; a report and a section are reached through their addresses."""

    def go(report_id: str, section_key: str) -> None:
        places.go(one_section if section_key else one_report, report_id=report_id, section_key=section_key)

    def open_source(document_id: str, row: int | None, passage_id: str, columns: Sequence[str] = ()) -> None:
        places.go_to_source(all_sources, document_id=document_id, row=row, passage_id=passage_id, columns=columns)

    def to_clashes(product: str) -> None:
        places.go_to_clashes(differing, product=product)

    def to_profiles() -> None:
        st.switch_page(reading)

    checks, run = _oversight(visit)
    one_report = st.Page(
        partial(report.show, visit, go, open_source), title="Report", url_path="report", visibility="hidden"
    )
    one_section = st.Page(
        partial(section.show, visit, go, to_clashes), title="Section", url_path="section", visibility="hidden"
    )
    first = st.Page(
        partial(inbox.show, visit, go, partial(st.switch_page, checks)), title="Inbox", url_path="inbox", default=True
    )
    all_sources = st.Page(partial(sources.show, visit), title="Sources", url_path="sources")
    bring_in = st.Page(
        partial(import_files.show, visit, open_source, to_profiles, to_clashes),
        title="Import",
        url_path="import",
        visibility=_visibility(visit, "import"),
    )
    stated = st.Page(partial(extracts.show, visit), title="Extracts", url_path="extracts")
    reading = st.Page(partial(profiles.show, visit), title="Profiles", url_path="profiles")
    differing = st.Page(partial(clashes.show, visit, open_source), title="Sources that differ", url_path="differing")
    listed = st.Page(partial(records.show, visit, open_source), title="Records", url_path="records")
    searching = st.Page(partial(search.show, visit, open_source), title="Search", url_path="search")
    others = [
        st.Page(partial(show, visit), title=title, url_path=path, visibility=_visibility(visit, path))
        for path, title, show in (
            ("trail", "Trail", trail.show),
            ("administration", "Administration", administration.show),
            ("account", "My account", account.show),
        )
    ]
    new = st.Page(partial(new_report.show, visit), title="New report", url_path="new")
    charts = st.Page(partial(control_charts.show, visit), title="Control charts", url_path="charts")
    held = [all_sources, differing, listed, searching]
    return [first, one_report, one_section, new, charts, bring_in, reading, stated, *held, checks, run, *others]


def _oversight(visit: Visit) -> "tuple[st.Page, st.Page]":
    """Return the page of oversight and that of a qualification run, which lead to each other."""

    def to_run() -> None:
        st.switch_page(run)

    def to_checks() -> None:
        st.switch_page(checks)

    checks = st.Page(
        partial(oversight.show, visit, to_run), title="Oversight", url_path="oversight",
        visibility="visible" if may(visit.account, Thing.IN_FORCE) else "hidden",
    )  # fmt: skip
    run = st.Page(
        partial(oversight_run.show, visit, to_checks), title="Qualification run", url_path="qualification", visibility="hidden"
    )  # fmt: skip
    return checks, run


def _visibility(visit: Visit, path: str) -> Literal["visible", "hidden"]:
    """Leave out of the menu what would only be refused; its address still says why."""
    allowed = {"administration": (Role.ADMINISTRATOR, Role.AUDITOR), "import": (Role.WRITER,)}
    refused = path in allowed and not visit.account.has(*allowed[path])
    return "hidden" if refused else "visible"
