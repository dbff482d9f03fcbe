"""The findings tab: what the checks find on the whole report, what blocks first, with the evidence and the way to the sentence."""

from typing import Any

from desk import report_view
from streamlit.testing.v1 import AppTest
from test_checks_carryover import account, add, review_of

from audit.identity import Account
from drafting.context import Context
from drafting.examine import findings_told
from drafting.model import Severity
from review_ui.frame import Visit


def page(ctx: Context, person: Account, went: list[Any]) -> AppTest:
    def run(visit: object, report: object, went: list) -> None:  # type: ignore[type-arg] # runs alone, without this file's names
        from review_ui.screens import findings

        findings.show(visit, report, lambda *place: went.append(place))

    visit = Visit(ctx, person, person.actor(), "", demo=True)
    view = report_view(ctx, review_of(ctx))
    made = AppTest.from_function(run, kwargs={"visit": visit, "report": view, "went": went}, default_timeout=60).run()
    assert not made.exception
    return made


def test_what_blocks_stands_first_with_the_cell_that_contradicts(ctx: Context) -> None:
    add(ctx, review_of(ctx), "recalls_and_field_actions", "No calibration was overdue.")
    made = page(ctx, account(ctx, "demo.auditor"), [])
    listed = made.dataframe[0].value
    assert list(listed["severity"])[:1] == ["Blocks signing"]
    first = listed.iloc[0]
    assert (first["place"], first["check"]) == ("sentence 1", "carry-over")
    assert "calibration" in first["finding"]
    assert ".csv row " in first["the evidence says"]
    assert sum(1 for word in listed["severity"] if word == "Blocks signing") == int(
        made.markdown[0].value.split()[0].strip("*")
    )
    made.selectbox[0].set_value("carry-over").run()
    assert set(made.dataframe[0].value["check"]) == {"carry-over"}
    assert not made.exception


def test_a_section_that_waits_for_an_own_view_gives_nothing_away(ctx: Context) -> None:
    report = review_of(ctx)
    add(ctx, report, "executive_summary", "All batches were compressed on TP-02.")
    of_writer = {one.section for one in findings_told(ctx, report, account(ctx, "demo.writer"))}
    of_reviewer = {one.section for one in findings_told(ctx, report, account(ctx, "demo.reviewer"))}
    assert "executive_summary" in of_writer
    assert "executive_summary" not in of_reviewer


def test_the_list_is_that_of_the_sections(ctx: Context) -> None:
    view = report_view(ctx, review_of(ctx))
    found = findings_told(ctx, view.id, account(ctx, "demo.auditor"))
    assert len(found) == sum(s.blocking + s.warnings for s in view.sections)
    assert sum(one.finding.severity is Severity.BLOCKS for one in found) == sum(s.blocking for s in view.sections)
