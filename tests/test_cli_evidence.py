"""On the command line: the cell beside a finding, evidence that persons add, and a configuration that nobody confirmed."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import run
from sqlalchemy import text
from test_checks_carryover import account
from test_drafting_unsaved import REJECTED, saved, saying, see

from corpus import identifiers
from drafting import adding, authoring, configuration
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context
from drafting.lifecycle import EditReason

SECTION = "recalls_and_field_actions"
REPORT = "APR-2021-017"
SOURCE = ("--who", "shift lead", "--when", "2021-03-04, 06:40", "--how", "read off the gauge, told by phone")
ABOUT = ("--about", "pressure of the coating line", *SOURCE, "--reason", "the gauge keeps no record")


@pytest.fixture
def home(filled_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def ctx(home: Path) -> Iterator[Context]:
    opened = open_context(settings_from({}, home=str(home)))
    yield opened
    close_context(opened)


def listed(home: Path, *more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(home, "evidence", "list", REPORT, *more, "--json")["added"]
    return found


def test_check_names_the_cell_that_contradicts_as_the_screen_does(home: Path, ctx: Context) -> None:
    view = see(ctx, REJECTED)
    one = saying(view, "Batch 789")
    saved(ctx, view, one, one.text.replace("2020-12-11", "2020-12-12"))
    card = saying(see(ctx, REJECTED), "Batch 789")
    (found,) = [f for f in run(home, "check", REPORT, "--json", status=1)["findings"] if f["severity"] == "blocks"]
    assert found["message"] == card.findings[0].message == "'2020-12-12' stands where the evidence says '2020-12-11'."
    rows = (
        (Path(configuration.__file__).parents[1] / "corpus/samples/synthetic/batch_disposition.csv").read_text().splitlines()
    )
    cell = found["cell"]
    assert rows[cell["row"] - 1].split(";")[rows[0].split(";").index(cell["column"])] == cell["value"] == "2020-12-11"
    assert (cell["file"], cell["part"], cell["page"], cell["ref"]) == (
        "batch_disposition.csv",
        None,
        None,
        found["evidence"],
    )
    said = run(home, "check", REPORT, status=1)
    assert f"\n  {card.said[0].place}: 2020-12-11\n" in said


def test_a_finding_that_rests_on_a_figure_names_the_figure(home: Path, ctx: Context) -> None:
    view = see(ctx, "oos_oot")
    one = saying(view, "The query over")
    saved(ctx, view, one, one.text.replace("8 OOS", "9 OOS"))
    cells = [f["cell"] for f in run(home, "check", REPORT, "--json", status=1)["findings"] if f["quote"] == "9"]
    assert [(c["ref"], c["value"], c["file"], c["row"]) for c in cells] == [("fact:oos.count", "8", None, None)]


def test_what_is_declared_is_listed_with_what_rests_on_it(home: Path, ctx: Context) -> None:
    made = run(home, "evidence", "declare", REPORT, SECTION, "2.1 bar", *ABOUT, "--json", user="demo.writer")
    assert (made["kind"], made["value"], made["by"], made["confirmed_by"]) == ("declared", "2.1 bar", "demo.writer", None)
    assert listed(home)[0]["sentences"] == []
    actor = account(ctx, "demo.writer").actor(session="s")
    authoring.add(
        ctx, section_id=see(ctx, SECTION).summary.id, after="", text="The gauge showed 2.1 bar.", category=str(EditReason.CONTEXT),
        reason="told", picks={"2.1 bar": made["ref"]}, seen=see(ctx, SECTION).view_id, actor=actor,
    )  # fmt: skip
    (one,) = listed(home, "--section", SECTION)
    assert (one["sentences"], one["state"]) == ([1], "declared by a person, not in the records; not confirmed yet")
    assert listed(home, "--section", "oos_oot") == []
    assert "not confirmed yet" in run(home, "evidence", "list", REPORT)
    run(home, "evidence", "withdraw", made["id"], "--reason", "the record was found", user="demo.writer")
    assert listed(home) == []
    blocking = [f for f in run(home, "check", REPORT, "--json", status=1)["findings"] if f["severity"] == "blocks"]
    assert {f["section"] for f in blocking} == {SECTION}  # what rests on it is no longer supported


def test_a_file_is_attached_byte_for_byte_and_a_record_linked(home: Path, ctx: Context, tmp_path: Path) -> None:
    photo = tmp_path / "gauge.png"
    photo.write_bytes(bytes(range(256)))
    made = run(home, "evidence", "attach", REPORT, SECTION, str(photo), *ABOUT, "--json", user="demo.writer")
    section = see(ctx, SECTION).summary.id
    assert adding.file_of(ctx, section, made["ref"]) == photo.read_bytes()
    linked = run(
        home, "evidence", "link", REPORT, SECTION, "deviation/DEV-2020-014", "--reason", "same line", "--json", user="demo.writer"
    )  # fmt: skip
    assert (linked["ref"], linked["kind"]) == ("record:deviation/DEV-2020-014", "linked")
    assert [one["kind"] for one in listed(home)] == ["attached", "linked"]


def test_only_the_author_adds_and_what_is_wrong_is_told(home: Path, tmp_path: Path) -> None:
    declare = ("evidence", "declare", REPORT, SECTION, "2.1 bar", *ABOUT)
    for user in ("", "demo.reviewer", "demo.auditor"):
        run(home, *declare, user=user, status=2)
    assert "no file" in run(
        home, "evidence", "attach", REPORT, SECTION, str(tmp_path / "x"), *ABOUT, user="demo.writer", status=2
    )
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(adding.LARGEST_FILE + 1)
    assert "bytes" in run(home, "evidence", "attach", REPORT, SECTION, str(big), *ABOUT, user="demo.writer", status=2)
    assert "KIND/IDENTIFIER" in run(
        home, "evidence", "link", REPORT, SECTION, "DEV-1", "--reason", "x", user="demo.writer", status=2
    )
    assert "no section" in run(home, "evidence", "list", REPORT, "--section", "nowhere", status=2)
    assert listed(home) == []


def test_nothing_on_the_command_line_counts_as_shown(home: Path) -> None:
    run(home, "evidence", "declare", REPORT, SECTION, "2.1 bar", *ABOUT, user="demo.writer")
    acts = [e["action"] for e in run(home, "audit", "log", "--user", "demo.writer", "--json")["entries"]]
    assert acts.count("section.fact_declared") == 1
    assert "section.opened" not in acts


def test_a_configuration_that_nobody_confirmed_is_told_by_every_command_and_noted_once(home: Path, ctx: Context) -> None:
    admin = account(ctx, "demo.admin")
    ctx.database.write(
        lambda conn: configuration.activate(
            conn, ctx, kind=configuration.Configured.IDENTIFIERS, name=configuration.IDENTIFIERS, version=2,
            text=identifiers.shipped_text(), replaces="", reason="our numbers", account=admin, actor=admin.actor(),
        )
    )  # fmt: skip
    assert "warning" not in run(home, "reports")
    assert "every version is what was confirmed" in run(home, "doctor")
    ctx.database.write(lambda conn: conn.execute(text("DROP TRIGGER configuration_versions_no_update")))
    ctx.database.write(lambda conn: conn.execute(text("UPDATE configuration_versions SET version = 7")))
    told = "identifiers identifiers version 7 is not what was confirmed"
    for _ in range(2):
        assert f"warning: {told}" in run(home, "reports")
    assert f"FAIL confirmed configuration: {told}" in run(home, "doctor", status=1)
    acts = [e["action"] for e in run(home, "audit", "log", "--json")["entries"]]
    assert (acts.count("config.mismatch"), acts.count("alarm.raised")) == (1, 1)
