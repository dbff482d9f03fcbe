"""While checks may stand, a reviewer reads the report in its sections until the review is signed, checked or not; everybody else as ever."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import REPORT, TEMPLATES, Desk, set_up_submitted
from oversight_desk import turn_on, with_key
from streamlit.testing.v1 import AppTest

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import NotPermitted
from drafting.examine import evidence_for, examine
from drafting.exporting import export_report
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch
from review_ui.frame import Visit

DRAWN, NOT_DRAWN = (lambda draw: draw < 0.03), (lambda draw: draw > 0.5)


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up_submitted(sqlite_database, clock, new_id, tmp_path)


def ways(desk: Desk, name: str) -> list[Callable[[], object]]:
    """Return every way to the report's words, findings and figures beside its sections."""
    ctx, actor = desk.ctx, desk.actor(name)
    return [
        lambda: export_report(ctx, REPORT, fmt="docx", actor=actor),
        lambda: export_report(ctx, REPORT, fmt="json", actor=actor, version=1),
        lambda: examine(ctx, REPORT, actor=actor),
        lambda: evidence_for(ctx, REPORT, actor=actor),
    ]


def refused(desk: Desk, name: str) -> set[str]:
    found = set()
    for way in ways(desk, name):
        try:
            way()
            found.add("")
        except NotPermitted as problem:
            found.add(str(problem))
    return found


@pytest.mark.parametrize("draw", [DRAWN, NOT_DRAWN])
def test_a_reviewer_reads_the_report_in_its_sections_until_the_review_is_signed(
    desk: Desk, draw: Callable[[float], bool]
) -> None:
    """In the same words with a check open and without one; author, approver and auditor are free."""
    with_key(desk, draw)
    assert refused(desk, "reviewer") == {""}
    turn_on(desk, Switch.LIVE)
    desk.see("quality", "reviewer")
    (said,) = refused(desk, "reviewer")
    assert "is under review, and 3 of its sections wait for your review" in said
    for name in ("writer", "approver", "auditor"):
        assert refused(desk, name) == {""}, name
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Pause", actor=desk.actor("admin"))
    assert refused(desk, "reviewer") == {""}


def test_who_has_nothing_left_to_review_takes_the_document(desk: Desk) -> None:
    with_key(desk, NOT_DRAWN)
    turn_on(desk, Switch.LIVE)
    for key in TEMPLATES:
        desk.check(key)
    assert "" not in refused(desk, "reviewer")
    desk.sign("reviewer", *TEMPLATES)
    assert refused(desk, "reviewer") == {""}
    page = acts(desk, "reviewer")
    page.button(key="report.word").click().run()
    assert not page.exception
    assert page.get("download_button")


def test_an_excluded_report_holds_no_check_and_is_taken_freely(desk: Desk) -> None:
    turn_on(desk, Switch.LIVE)
    switches.exclude(desk.ctx, report_id=REPORT, exclude=True, reason="Urgent", actor=desk.actor("approver"))
    assert refused(desk, "reviewer") == {""}


def test_evidence_first_holds_documents_back_as_well(desk: Desk) -> None:
    """What is asked stands in the document."""
    turn_on(desk, Switch.EVIDENCE_FIRST)
    assert "" not in refused(desk, "reviewer")


def acts(desk: Desk, name: str) -> AppTest:
    """Return what somebody is offered to do with the report on its page."""

    def run(visit) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - runs alone, without this file's names
        from drafting.shown import report_shown
        from review_ui.screens import report

        report._acts(visit, report_shown(visit.ctx, "report1", visit.account))

    account = desk.people[name]
    visit = Visit(desk.ctx, account, account.actor(session="s"), "", demo=False)
    page = AppTest.from_function(run, kwargs={"visit": visit}, default_timeout=60).run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return "\n".join(caption.value for caption in page.caption).replace("\\", "")


@pytest.mark.parametrize("draw", [DRAWN, NOT_DRAWN])
def test_no_document_is_offered_that_would_be_refused_and_the_page_says_why(
    desk: Desk, draw: Callable[[float], bool]
) -> None:
    """In the same words with a check open and without one; whoever may take the document is offered it."""
    with_key(desk, draw)
    assert "Prepare Word report" in [button.label for button in acts(desk, "reviewer").button]
    turn_on(desk, Switch.LIVE)
    desk.see("quality", "reviewer")
    page = acts(desk, "reviewer")
    assert not page.button
    assert "No Word report yet. APR-1 is under review, and 3 of its sections wait for your review" in said(page)
    for name in ("writer", "approver", "auditor"):
        assert "Prepare Word report" in [button.label for button in acts(desk, name).button], name


def test_a_page_from_before_checks_were_on_says_why_no_document_is_written(desk: Desk) -> None:
    page = acts(desk, "reviewer")
    turn_on(desk, Switch.LIVE)
    page.button(key="report.word").click().run()
    assert not page.exception
    assert "it is read in its sections until then" in said(page)
    assert not page.get("download_button")
