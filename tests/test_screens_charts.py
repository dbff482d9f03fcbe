"""The control-chart page: few grouped lines first, a disposition, and the forms of those who may decide; and the same from the command line."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import run
from streamlit.testing.v1 import AppTest

from audit import identity
from drafting import chart_decisions
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.chart_decisions import ChartKind
from drafting.charting import Period, groups, loaded_of
from drafting.context import Context
from drafting.demo import PASSWORD
from review_ui.frame import Visit
from review_ui.screens.control_charts import SETTINGS, SIGNALS

YEAR = Period("17", "2020-05-01", "2021-04-30")
DAYS = ("--product", "17", "--from", "2020-05-01", "--to", "2021-04-30")


@pytest.fixture(scope="module")
def home(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("charts") / "home"
    shutil.copytree(filled_home, copied)
    return copied


@pytest.fixture
def ctx(home: Path) -> Iterator[Context]:
    opened = open_context(settings_from({}, home=str(home)))
    yield opened
    close_context(opened)


def page(ctx: Context, user: str, tab: str) -> AppTest:
    def show(visit: object) -> None:  # runs alone, without this file's names
        from review_ui.screens import control_charts

        control_charts.show(visit)

    with ctx.database.read() as conn:
        account = identity.account_named(conn, user)
    assert account is not None
    made = AppTest.from_function(
        show, kwargs={"visit": Visit(ctx, account, account.actor(), "", demo=True)}, default_timeout=90
    )
    made.session_state["tab.charts"] = tab
    made.run()
    assert not made.exception
    report = made.selectbox(key="charts.report.17")
    report.set_value(report.options[1]).run()
    assert not made.exception
    return made


def said(shown: AppTest) -> str:
    kinds = (shown.markdown, shown.caption, shown.error, shown.warning, shown.info)
    return "\n".join(item.value for kind in kinds for item in kind).replace("\\", "")


def press(shown: AppTest, label: str) -> AppTest:
    return next(b for b in shown.button if b.label == label).click().run()


def test_a_product_whose_every_attribute_signals_shows_ten_lines_the_worst_first(ctx: Context) -> None:
    shown = page(ctx, "demo.auditor", SIGNALS)
    found = groups(loaded_of(ctx, YEAR))
    listed = shown.dataframe[0].value
    assert len(listed) == 10 < len(found)
    assert list(listed["signals"]) == [g.shared.signals for g in found[:10]] == sorted(listed["signals"], reverse=True)
    assert f"{len(found)} groups" in said(shown)
    runs = shown.dataframe[1].value  # of the group that is looked at, on demand of the others
    assert list(runs["signals"]) == [r.group.signals for r in found[0].runs]
    assert not [b for b in shown.button if b.label.startswith("Dispose")]


def test_a_writer_disposes_of_a_group_on_the_page(ctx: Context) -> None:
    shown = page(ctx, "demo.writer", SIGNALS)
    group = groups(loaded_of(ctx, YEAR))[0]
    press(shown, "Dispose of this group")
    assert "Choose what was found." in said(shown)
    shown.selectbox(key=f"charts.outcome.{group.key}").set_value("to be investigated")
    shown.text_input(key=f"charts.why.{group.key}").set_value("Not explained by the batch records")
    press(shown, "Dispose of this group")
    assert "refers to a deviation or CAPA" in said(shown)
    shown.text_input(key=f"charts.record.{group.key}").set_value("deviation/DEV-2020-014")
    press(shown, "Dispose of this group")
    assert not shown.exception
    held = next(g for g in groups(loaded_of(ctx, YEAR)) if g.key == group.key)
    assert held.told.startswith("to be investigated (DEV-2020-014), demo.writer")
    assert group.key not in shown.selectbox(key="charts.groups.chosen").options


def test_an_approver_approves_a_baseline_and_sets_limits_and_rules_on_the_page(ctx: Context) -> None:
    shown = page(ctx, "demo.approver", SETTINGS)
    base, name = "charts.baseline.17/dissolution_av", "17/dissolution_av"
    assert "69 batches, 224 to 621" in said(shown)
    shown.text_input(key=f"{base}.why").set_value("First year of routine")
    shown.text_input(key=f"{base}.user").set_value("demo.approver")
    shown.text_input(key=f"{base}.passphrase").set_value("wrong")
    press(shown, "Approve this baseline")
    assert "passphrase is wrong" in said(shown)
    shown.text_input(key=f"{base}.passphrase").set_value(PASSWORD)
    press(shown, "Approve this baseline")
    assert "Limits of the baseline approved on" in said(shown)
    shown.text_input(key=f"charts.limit.{name}.difference").set_value("2.5")
    shown.text_input(key=f"charts.limit.{name}.why").set_value("Precision of the method")
    press(shown, "Set these limits")
    assert "smallest difference that matters 2.5" in said(shown)
    shown.selectbox(key=f"charts.rules.{name}.set").set_value("Nelson rules 1 to 8")
    shown.text_input(key=f"charts.rules.{name}.why").set_value("Validation plan")
    press(shown, "Choose these rules")
    assert "Nelson rules 1 to 8, chosen for this attribute." in said(shown)
    with ctx.database.read() as conn:
        assert {v.kind for v in chart_decisions.versions(conn)} == set(ChartKind)


def test_who_may_not_decide_sees_what_is_in_force_and_no_form(ctx: Context) -> None:
    shown = page(ctx, "demo.auditor", SETTINGS)
    assert "A qualified approver approves a baseline." in said(shown)
    assert list(shown.button) == []
    administrator = page(ctx, "demo.admin", SETTINGS)
    assert "Choose these rules" in {b.label for b in administrator.button}
    assert "Approve this baseline" not in {b.label for b in administrator.button}


def test_the_command_line_lists_and_decides(home: Path) -> None:
    listed: Any = run(home, "charts", "groups", *DAYS, "-k", "3", "--json", status=1)
    assert len(listed["groups"]) == 3 <= listed["open"] <= listed["total"]
    group = listed["groups"][0]
    dispose = ("charts", "dispose", group["id"], *DAYS, "--outcome", "no-cause", "--reason", "Looked at", "--json")
    assert "account" in run(home, *dispose, status=2) or "role" in run(home, *dispose, status=2)
    made = run(home, *dispose, user="demo.reviewer")
    assert (made["group"], made["outcome"], made["before"]) == (
        group["id"],
        "no assignable cause found",
        group["disposition"],
    )
    again = run(home, "charts", "groups", *DAYS, "-k", "3", "--json", status=1)
    assert again["open"] == listed["open"] - 1
    residual = ("--product", "17", "--attribute", "residual_solvent")
    limit = run(
        home, "charts", "limit", *residual, "--difference", "0.5", "--reason", "Method", "--json", user="demo.approver"
    )
    assert limit["decided"] == {"difference": "0.5", "alert_lower": "", "alert_upper": ""}
    rules = run(home, "charts", "rules", "western-electric", *residual, "--reason", "Drift", "--json", user="demo.admin")
    assert rules["decided"] == {"rules": "Western Electric rules 1 to 4"}
    run(home, "charts", "withdraw", "rules", *residual, "--reason", "Back", user="demo.admin")
    shown = run(home, "charts", "baseline", *residual, "--from", "2019-05-01", "--to", "2020-04-30", "--json")
    assert shown["n"] == 69
    told = run(home, "charts", "decisions", "--product", "17", "--every", "--json")
    assert [
        (d["version"], d["withdrawn"])
        for d in told["decisions"]
        if d["kind"] == "run_rules" and d["attribute"] == "residual_solvent"
    ] == [(1, False), (2, True)]
    assert "no set of rules" in run(home, "charts", "rules", "all", "--reason", "x", status=2)
