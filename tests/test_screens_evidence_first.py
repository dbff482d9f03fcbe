"""Evidence first on the pages: the form before the draft, the own figure beside the draft's, the measures, the switch and its rate."""

from collections.abc import Callable
from pathlib import Path

import pytest
from first_desk import REPORT, First, first_desk
from staff import written
from streamlit.testing.v1 import AppTest
from test_screens_oversight import page, press, ran, tab, text

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from drafting.overseeing import switches
from review_ui.frame import Visit

ASKED = "Please state these figures from the sources before you read the draft"
KEEP = "Keep and show the draft"


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> First:
    return first_desk(sqlite_database, clock, new_id, tmp_path)


def section(desk: First, user: str = "reviewer", key: str = "measured") -> AppTest:
    def run(visit: object) -> None:  # runs alone, without this file's names
        from review_ui.screens import section

        section.show(visit, lambda *_: None, lambda _: None)  # type: ignore[arg-type]

    account = desk.people[user]
    visit = Visit(desk.ctx, account, account.actor(session="s"), "", demo=False)
    made = AppTest.from_function(run, kwargs={"visit": visit}, default_timeout=60)
    made.query_params["report"], made.query_params["section"] = REPORT, key
    return ran(made.run())


def field(shown: AppTest, ref: str) -> None:
    return shown.text_input(key=f"stating.measured.fact:assay.{ref}")  # type: ignore[return-value]


def test_the_form_stands_in_the_place_of_the_draft(desk: First) -> None:
    shown = section(desk)
    said = text(shown)
    assert ASKED in said
    assert [i.label.replace("\\", "") for i in shown.text_input] == [
        "assay: mean, in % (1 decimal place)", "assay: number of values", "assay: highest value, in % (1 decimal place)",
    ]  # fmt: skip
    assert "The mean of assay was" not in said
    assert "99.2" not in said
    assert "not less than 95.0 and not more than 105.0" in said
    assert list(shown.dataframe[0].value["Value"]) == ["98.1", "99.0", "99.1", "100.4"]
    assert not shown.tabs
    assert not [b.label for b in shown.button if b.label in ("Confirm", "Propose", "Question", "Return the section")]


def test_a_figure_that_is_none_is_told_and_what_was_typed_stays(desk: First) -> None:
    shown = section(desk)
    field(shown, "mean").input("99,2")  # type: ignore[attr-defined]
    shown = press(shown, KEEP)
    assert "'99,2' is no figure for assay: mean" in text(shown)
    assert field(shown, "mean").value == "99,2"  # type: ignore[attr-defined]
    assert not written(desk, Action.EVIDENCE_FIRST_STATED)


def test_the_draft_then_shows_with_the_own_figures_beside_its_own(desk: First) -> None:
    shown = section(desk)
    field(shown, "mean").input("98.9")  # type: ignore[attr-defined]
    field(shown, "n").input("4")  # type: ignore[attr-defined]
    shown.checkbox(key="stating.cannot.measured.fact:assay.max").check()
    shown = press(shown, KEEP)
    said = text(shown)
    assert ASKED not in said
    assert "The mean of **assay** was **99.2 %**" in said
    assert "assay: mean: yours: **98.9 %**; draft: **99.2 %**" in said
    assert "assay: number of values: yours: **4**; draft: **4**" in said
    assert "assay: highest value: you could not tell; draft: **100.4 %**" in said
    assert [b for b in shown.button if b.label == "Confirm"]
    assert ASKED not in text(section(desk))  # a new visit
    assert "yours" not in text(section(desk, "many"))  # others see the draft alone


def test_the_own_page_and_the_site_s_say_why_nothing_is_told_yet(desk: First) -> None:
    said = text(page(desk, "reviewer"))
    assert "Figures stated before the draft" in said
    assert "In reviews: withheld (no figure that was stated before a draft counts so far" in said
    assert "In qualification runs: withheld (0 reviewers and 0 figures: withheld below 5 and 30)" in text(
        page(desk, "auditor")
    )


def test_the_switch_and_its_rate_are_asked_for_and_approved(desk: First) -> None:
    lead = tab(page(desk, "lead"), "What is in force")
    assert "state" in text(lead)
    lead.number_input(key="rates.Evidence first, %").set_value(5.0)
    lead.text_input(key="rates.reason").input("More of them")
    next(b for b in lead.button if b.label == "Ask for approval" and "ask.rates" in (b.form_id or "")).click()
    ran(lead.run())
    (request,) = switches.open_requests(desk.ctx)
    approver = tab(page(desk, "approver"), "What is in force")
    assert "evidence first 5 %" in text(approver)
    approver.text_input(key=f"decide.words.{request.id}").input("Agreed")
    press(approver, "Approve")
    with desk.ctx.database.read() as conn:
        assert (switches.rates(conn).evidence_first, switches.rates(conn).base) == (0.05, 0.03)
    lead = tab(page(desk, "lead"), "What is in force")
    lead.text_input(key="off.EVIDENCE_FIRST.words").input("Pause")
    press(lead, "Turn off")
    assert ASKED not in text(section(desk))
