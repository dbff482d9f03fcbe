"""What a source states of its extract: compared with what was read, confirmed by a second person, printed with completeness."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from command import tree
from desk import Desk, set_up
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from audit import trail
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from corpus import extracts, stated
from corpus.profile_toml import parse as profile
from corpus.profiles import ProfileSet, load_profiles
from corpus.totals import added
from drafting import extracts as use
from drafting.cli.importing import _told
from drafting.extracts import confirm, state, waiting
from drafting.importing import import_files
from drafting.preview import preview
from prompts.outline import load_outlines

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
BATCHES = """
name = "batches"
version = 1
title = "Batches"
kind = "batch"
key = ["batch"]
date = ["made_on"]

[columns.batch]
field = "batch"

[columns.made_on]
field = "made_on"
type = "date"

[columns."Yield (%)"]
attribute = "batch_yield"
type = "decimal"
unit = "%"
"""
ROWS = "batch;made_on;Yield (%)\n101;2020-05-01;98.5\n102;2020-05-02;97.25\n103;2020-05-03;\n104;2020-05-99;96\n"
SAID = """
system = "LIMS 7.2"
query = "Batches of 2020"
extracted_on = 2020-12-31
extracted_by = "J. Novak"

[[files]]
name = "batches.csv"
rows = 4
batches = 3
sums = { batch_yield = "195.75" }
"""


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    made = set_up(database, clock, new_id, tmp_path)
    known = ProfileSet((profile(BATCHES.encode(), file="batches.toml"),))
    desk = Desk(replace(made.ctx, profiles=known), made.people)
    bring(desk, tmp_path)
    return desk


def bring(desk: Desk, folder: Path, rows: str = ROWS) -> None:
    path = folder / "batches.csv"
    path.write_text(rows, encoding="utf-8")
    import_files(desk.ctx, paths=[path], actor=desk.actor("writer"))


def say(desk: Desk, said: str = SAID, who: str = "writer") -> list[extracts.Extract]:
    return state(desk.ctx, said=stated.parse(said.encode(), file="extract.toml"), actor=desk.actor(who))


def statement(desk: Desk, kind: str = "batch") -> extracts.Statement:
    with desk.ctx.database.read() as conn:
        return extracts.statement_of(conn, kind)


def test_equal_totals_are_confirmed_by_a_second_person_with_one_entry_an_act(desk: Desk) -> None:
    assert statement(desk).text == "Complete relative to batches.csv as imported; no extract is stated for it."
    (made,) = say(desk)
    assert [one.told for one in made.compared] == [
        "rows 4 as stated", "batches 3 as stated", "sum of batch_yield 195.75 as stated",
    ]  # fmt: skip
    assert made.compared[0].note == "3 of them taken as records"
    assert (made.differences, waiting(desk.ctx)) == ((), [made])
    assert statement(desk).text.endswith("; not yet confirmed by a second person.")
    assert not statement(desk).settled
    confirmed = confirm(desk.ctx, extract_id=made.id, reason="", actor=desk.actor("reviewer"))
    assert confirmed.confirmation is not None
    assert confirmed.confirmation.user_id == "reviewer"
    assert statement(desk).settled
    assert statement(desk).text == (
        "Complete relative to the extract of 2020-12-31 from LIMS 7.2 by J. Novak (batches.csv): rows 4 as stated; batches 3 as "
        "stated; sum of batch_yield 195.75 as stated; confirmed by reviewer."
    )
    assert waiting(desk.ctx) == []
    with desk.ctx.database.read() as conn:
        stating = trail.entries(conn, action=str(Action.EXTRACT_STATED))
        confirming = trail.entries(conn, action=str(Action.EXTRACT_CONFIRMED))
        assert extracts.altered(conn) == []
    assert [(e.actor.user_id, e.object_id, e.new["query"]) for e in stating] == [("writer", made.id, "Batches of 2020")]
    assert [(e.actor.user_id, e.object_id) for e in confirming] == [("reviewer", made.id)]


def test_a_total_that_differs_is_told_with_both_numbers_and_confirmed_only_with_a_reason(desk: Desk) -> None:
    said = SAID.replace("rows = 4", "rows = 5").replace("195.75", "195.76")
    (made,) = say(desk, said)
    assert [one.told for one in made.differences] == [
        "rows: 5 stated, 4 read (3 of them taken as records)", "sum of batch_yield: 195.76 stated, 195.75 read",
    ]  # fmt: skip
    with pytest.raises(Invalid, match="rows: 5 stated, 4 read"):
        confirm(desk.ctx, extract_id=made.id, reason=" ", actor=desk.actor("reviewer"))
    confirm(desk.ctx, extract_id=made.id, reason="row 5 is a footer", actor=desk.actor("reviewer"))
    assert "confirmed by reviewer (row 5 is a footer)." in statement(desk).text
    assert not statement(desk).settled


def test_a_control_total_that_differs_is_a_warning_of_the_import_and_goes_with_its_reason(
    desk: Desk, tmp_path: Path
) -> None:
    (made,) = say(desk, SAID.replace("rows = 4", "rows = 5"))
    differs = "batches.csv: control total differs: rows: 5 stated, 4 read (3 of them taken as records)."
    assert made.warnings == [differs]
    again = import_files(desk.ctx, paths=[tmp_path / "batches.csv"], actor=desk.actor("writer"))
    assert (again.unchanged, again.warnings) == (["batches.csv"], [differs])
    confirmed = confirm(desk.ctx, extract_id=made.id, reason="row 5 is a footer", actor=desk.actor("reviewer"))
    assert confirmed.warnings == [f"{differs} reviewer accepted it: row 5 is a footer"]
    assert _told(confirmed).endswith("confirmed by reviewer although totals differ: row 5 is a footer")


def test_the_command_line_warns_of_a_control_total_that_differs(tmp_path: Path) -> None:
    (tmp_path / "batches.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "batches.toml").write_text(BATCHES, encoding="utf-8")
    (tmp_path / "extract.toml").write_text(SAID.replace("rows = 4", "rows = 5"), encoding="utf-8")
    given = ("ingest", str(tmp_path / "batches.csv"), "--profile", str(tmp_path / "batches.toml"))
    for _ in range(2):  # the second time the extract is known and the file unchanged
        done = tree(tmp_path / "home", *given, "--extract", str(tmp_path / "extract.toml"), status=1)
        assert [said for said in done["warnings"] if "rows: 5 stated, 4 read" in said] == done["warnings"]


def test_a_sum_of_what_is_no_column_or_holds_no_numbers_is_told(desk: Desk) -> None:
    (made,) = say(desk, SAID.replace("batch_yield =", "made_on ="))
    assert made.differences[0].told == "sum of made_on: 195.75 stated, 0 read (3 cells hold no number)"
    (made,) = say(desk, SAID.replace("batch_yield =", "assay ="))
    assert made.differences[0].told == "sum of assay: 195.75 stated, nothing read (the file has no such column)"
    (made,) = say(desk, SAID.replace("batch_yield =", '"Yield (%)" ='))
    assert made.differences == ()


def test_the_second_person_neither_made_nor_stated_the_extract(desk: Desk) -> None:
    (made,) = say(desk)
    with pytest.raises(Invalid, match="second person"):
        confirm(desk.ctx, extract_id=made.id, reason="", actor=desk.actor("writer"))
    (other,) = say(desk, SAID.replace("J. Novak", "Reviewer"))
    with pytest.raises(Invalid, match="second person"):
        confirm(desk.ctx, extract_id=other.id, reason="", actor=desk.actor("reviewer"))
    for who in ("auditor", "admin"):
        with pytest.raises(NotPermitted):
            confirm(desk.ctx, extract_id=made.id, reason="", actor=desk.actor(who))
        with pytest.raises(NotPermitted):
            say(desk, SAID.replace("7.2", "7.3"), who=who)
    confirm(desk.ctx, extract_id=made.id, reason="", actor=desk.actor("approver"))
    with pytest.raises(Conflict, match="approver confirmed"):
        confirm(desk.ctx, extract_id=made.id, reason="", actor=desk.actor("reviewer"))
    with pytest.raises(NotFound):
        confirm(desk.ctx, extract_id="nothing", reason="", actor=desk.actor("reviewer"))


def test_the_same_words_twice_are_one_statement_and_a_new_version_of_the_file_needs_a_new_one(
    desk: Desk, tmp_path: Path
) -> None:
    say(desk)
    assert say(desk) == []
    bring(desk, tmp_path, ROWS.replace("2020-05-99", "2020-05-09"))
    assert "no extract is stated" in statement(desk).text
    (made,) = say(desk, SAID.replace("batches = 3", "batches = 4").replace("195.75", "291.75"))
    assert made.differences == ()


def test_a_file_that_was_not_imported_is_told(desk: Desk) -> None:
    with pytest.raises(NotFound, match=r"other\.csv: no table of this name"):
        say(desk, SAID.replace("batches.csv", "other.csv"))
    assert statement(desk, "oos").text == "No file of oos records was imported."


WRONG = {
    "no files": (SAID.split("[[files]]", maxsplit=1)[0], "needs"),
    "no system": (SAID.replace('system = "LIMS 7.2"\n', ""), "'system'"),
    "no day": (SAID.replace("2020-12-31", '"31.12.2020"'), "'extracted_on' is no day"),
    "unknown key": ("colour = 1\n" + SAID, "colour"),
    "rows as text": (SAID.replace("rows = 4", 'rows = "4"'), "'rows' must be a whole number"),
    "negative": (SAID.replace("rows = 4", "rows = -4"), "'rows' must be a whole number"),
    "sum as float": (SAID.replace('"195.75"', "195.75"), "sums are texts"),
    "sum with comma": (SAID.replace('"195.75"', '"195,75"'), "sums are texts"),
    "unknown total": (SAID.replace("rows = 4", "lines = 4"), "name, part, rows, batches and sums only"),
    "no TOML": ("system =", "TOML"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_an_extract_is_named(case: str) -> None:
    said, told = WRONG[case]
    with pytest.raises(Invalid, match=told):
        stated.parse(said.encode(), file="extract.toml")


def test_an_extract_that_was_altered_beneath_us_is_found(
    sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    made = set_up(sqlite_database, clock, new_id, tmp_path)
    desk = Desk(replace(made.ctx, profiles=ProfileSet((profile(BATCHES.encode(), file="b"),))), made.people)
    bring(desk, tmp_path)
    (extract,) = say(desk, SAID.replace("rows = 4", "rows = 5"))
    confirm(desk.ctx, extract_id=extract.id, reason="fine", actor=desk.actor("reviewer"))

    def tamper(conn: object) -> None:
        for table in ("extracts", "extract_confirmations"):
            conn.execute(text(f"DROP TRIGGER {table}_no_update"))  # type: ignore[attr-defined]
        conn.execute(text("""UPDATE extracts SET body = replace(body, '"5"', '"4"')"""))  # type: ignore[attr-defined]
        conn.execute(text("UPDATE extract_confirmations SET reason = 'other'"))  # type: ignore[attr-defined]

    sqlite_database.write(tamper)
    with sqlite_database.read() as conn:
        assert extracts.altered(conn) == [
            f"extract {extract.id} is not what was stated", f"the confirmation of extract {extract.id} is not what was said",
        ]  # fmt: skip


@given(
    st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20),
        min_size=1,
        max_size=30,
    )
)
def test_sums_are_exact_whatever_their_size(values: list[Decimal]) -> None:
    scaled = sum(int(value.scaleb(6)) for value in values)
    assert added(values) == Decimal(scaled).scaleb(-6)


def test_before_a_draft_it_is_told_what_completeness_is_relative_to(
    sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    made = set_up(sqlite_database, clock, new_id, tmp_path)
    ctx = replace(made.ctx, profiles=load_profiles(SAMPLES / "profiles"), outlines=load_outlines())
    desk = Desk(ctx, made.people)
    import_files(ctx, paths=[SAMPLES], actor=desk.actor("writer"))
    said = (
        SAID.replace("batches.csv", "Laboratory.csv")
        .replace("rows = 4", "rows = 1005")
        .replace("batches = 3", "batches = 1005")
    )
    said = said.replace('{ batch_yield = "195.75" }', "{}")
    (extract,) = state(ctx, said=stated.parse(said.encode(), file="e"), actor=desk.actor("writer"))
    assert extract.differences == ()
    found = preview(ctx, kind="apr_us", product="17", period_from="2020-05-01", period_to="2021-04-30")
    assert "extract of 2020-12-31 from LIMS 7.2" in found.relative_to["batch"].text
    assert "no extract is stated" in found.relative_to["deviation"].text
    assert found.disagreements == ()


def test_a_stated_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be opened"):
        use.read_stated(tmp_path / "none.toml")
    path = tmp_path / "said.toml"
    path.write_text(SAID, encoding="utf-8")
    assert use.read_stated(path).files[0].sums == {"batch_yield": "195.75"}
