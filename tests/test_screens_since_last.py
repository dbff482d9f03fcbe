"""The page of what changed since last year: what it shows of both reports, what it holds back, and what it says where there is none."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import report_view
from office import Office
from streamlit.testing.v1 import AppTest
from test_checks_carryover import account, add, review_of

from audit.identity import Account
from drafting import comparing
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.checks.carryover import State
from drafting.context import Context
from review_ui.frame import Visit


@pytest.fixture(scope="module")
def ctx(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A demo home where a person carried sentences over."""
    home = tmp_path_factory.mktemp("since") / "home"
    shutil.copytree(filled_home, home)
    opened = open_context(settings_from({}, home=str(home)))
    report = review_of(opened)
    add(opened, report, "recalls_and_field_actions", "No calibration was overdue.")
    add(opened, report, "executive_summary", "All batches were compressed on TP-02.")
    yield opened
    close_context(opened)


def page(ctx: Context, person: Account, report: str, went: list[Any]) -> AppTest:
    def run(visit: object, report: object, went: list) -> None:  # type: ignore[type-arg] # runs alone, without this file's names
        from review_ui.screens import since_last

        since_last.show(visit, report, lambda *place: went.append(place), lambda *place: went.append(place))

    visit = Visit(ctx, person, person.actor(), "", demo=True)
    view = report_view(ctx, report)
    made = AppTest.from_function(run, kwargs={"visit": visit, "report": view, "went": went}, default_timeout=60).run()
    assert not made.exception
    return made


def shown(made: AppTest) -> str:
    return " ".join([*(m.value for m in made.markdown), *(c.value for c in made.caption)])


def test_the_page_lists_sentences_figures_records_and_recommendations(ctx: Context) -> None:
    went: list[Any] = []
    made = page(ctx, account(ctx, "demo.writer"), review_of(ctx), went)
    assert "APR\\-2019\\-017" in shown(made)
    states = list(made.dataframe[0].value["state"])
    assert states.count(str(State.STALE)) == 2
    made.button(key="since.open").click().run()
    assert went[-1][1:] == (None, "")  # the imported text, in Sources
    made.segmented_control[0].set_value("Figures").run()
    assert set(made.dataframe[0].value["difference"]) >= {"+65", "-2.17"}
    differing = len(made.dataframe[0].value)
    made.toggle[0].set_value(False).run()
    assert len(made.dataframe[0].value) > differing
    made.segmented_control[0].set_value("Records").run()
    assert "new" in set(made.dataframe[1].value["standing"])
    assert "?" in set(made.dataframe[0].value["then"])
    made.segmented_control[0].set_value("Recommendations").run()
    assert list(made.dataframe[0].value["state"]).count("overdue") == 2
    assert not made.exception


def test_text_that_waits_for_an_own_view_is_not_shown_here_either(ctx: Context) -> None:
    report = review_of(ctx)
    seen = comparing.compare(ctx, report, account(ctx, "demo.writer"))  # the author recorded a view before writing
    held = comparing.compare(ctx, report, account(ctx, "demo.reviewer"))
    assert seen is not None
    assert held is not None
    assert "executive_summary" in {s.section for s in seen.sentences}
    assert "executive_summary" not in {s.section for s in held.sentences}
    assert "recalls_and_field_actions" in {s.section for s in held.sentences}


def test_without_a_previous_report_the_page_says_what_to_import(office: Office) -> None:
    made = page(office.ctx, office.people["writer"], office.report, [])
    assert "Import last year" in shown(made)
    assert "previous_report" in shown(made)
    assert len(made.dataframe) == 0
