"""Search within a scope on screen and by command, earlier deviations like one, and scans that are recognised where a person asks for it."""

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from command import done
from pdf_files import Pdf
from scans import need_recogniser, scan
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from audit import identity
from audit.errors import Invalid
from audit.identity import Account
from audit.passwords import CHEAPEST
from corpus import opening, records
from corpus.ingest import ingest
from corpus.profiles import load_profiles
from corpus.scope import Scope, extent
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from review_ui.frame import Visit

SAMPLES = Path(str(files("corpus") / "samples"))
RESULTS = """
name = "results"
version = 1
title = "Results"
kind = "sample"
delimiter = ","
key = ["batch", "parameter"]
layout = "long"
attribute = ["parameter"]
value = "value"
[columns.batch]
field = "batch"
[columns.parameter]
field = "parameter"
[columns.value]
field = "value"
"""
RECOGNISED = "The sealing station stopped twice"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def visit(home: Path) -> Iterator[Visit]:
    ctx = open_context(settings_from({}, home=str(home)))
    actor = service_account(ctx).actor()
    note = home / "note.md"
    note.write_text("The operator heard an unusual rattling of the blender.\n", encoding="utf-8")
    paths = [SAMPLES / "synthetic" / "deviation.csv", SAMPLES / "narratives", SAMPLES / "sops", note]
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=actor, zone="UTC")

    def work(conn: Connection) -> Account:
        return identity.create_account(
            conn, account_id=ctx.new_id(), user_id="writer", printed_name="Wanda Riter", roles=("writer",),
            password="a long enough password", cost=CHEAPEST, must_change_password=False, by=actor, at=ctx.clock.now(), zone="UTC",
        )  # fmt: skip

    account = ctx.database.write(work)
    yield Visit(ctx, account, account.actor(), "", demo=False)
    close_context(ctx)


def page(visit: Visit, name: str, opened: list[Any] | None = None) -> AppTest:
    def run(visit: object, name: str, opened: list) -> None:  # type: ignore[type-arg] # runs alone, without this file's names
        import importlib

        show = importlib.import_module(f"review_ui.screens.{name}").show
        more = [lambda: None] * (2 if name == "import_files" else 0)
        show(visit, lambda *place: opened.append(place), *more[: show.__code__.co_argcount - 2])

    made = AppTest.from_function(
        run, kwargs={"visit": visit, "name": name, "opened": opened if opened is not None else []}, default_timeout=60
    )
    made.run()
    assert not made.exception
    return made


def said(shown: AppTest) -> str:
    kinds = (shown.markdown, shown.caption, shown.error, shown.warning, shown.info, shown.success)
    return "\n".join(item.value for kind in kinds for item in kind).replace("\\", "")


def counted(shown: AppTest) -> tuple[int, int]:
    match = re.search(r"([\d,]+) of ([\d,]+) passages in scope", said(shown))
    assert match, said(shown)
    return int(match[1].replace(",", "")), int(match[2].replace(",", ""))


# --- the scope ------------------------------------------------------------------------------------------------------------


def test_without_bounds_everything_is_in_scope_and_a_period_says_what_it_leaves_out(visit: Visit) -> None:
    with visit.ctx.database.read() as conn:
        whole = extent(conn, Scope())
        every = len(records.passages(conn))
        spring = extent(conn, Scope(since="2020-05-01", until="2020-06-30"))
        kinds = extent(conn, Scope(kind="sop"))
    assert (whole.within, whole.whole, whole.undated) == (every, every, 0)
    assert (
        whole.told
        == f"All {every:,} passages in scope. All {whole.every_record:,} records in scope, found by identifier only."
    )
    assert 0 < spring.within < spring.whole == every
    assert 0 < spring.undated <= every - spring.within
    assert f"{every - spring.within:,} left out, {spring.undated:,} of them because no dated record is theirs" in spring.told
    assert (kinds.undated, kinds.within < every) == (0, True)


def test_a_period_that_ends_before_it_begins_is_refused(visit: Visit) -> None:
    with pytest.raises(Invalid, match="ends on 2020-01-01, before it begins"):
        Scope(since="2020-02-01", until="2020-01-01")
    shown = page(visit, "search")
    shown.date_input(key="search.from").set_value(date(2020, 2, 1)).run()
    shown.date_input(key="search.to").set_value(date(2020, 1, 1)).run()
    assert "before it begins" in said(shown)
    assert not shown.exception


def test_fields_of_the_scope_narrow_the_results_and_tell_how_much_is_searched(visit: Visit) -> None:
    shown = page(visit, "search")
    assert "passages in scope" in said(shown)
    shown.text_input(key="search.text").set_value("weight").run()
    everywhere = said(shown).count(":material/description:")
    shown.date_input(key="search.from").set_value(date(2020, 9, 1)).run()
    shown.date_input(key="search.to").set_value(date(2020, 9, 30)).run()
    within, whole = counted(shown)
    assert 0 < within < whole
    assert everywhere > 0
    with visit.ctx.database.read() as conn:
        inside = {r.identifier for r in records.current_records(conn, since="2020-09-01", until="2020-09-30")}
    named = [m.value.strip("*") for m in shown.markdown if re.fullmatch(r"\*\*[A-Z]+[^ ]*\*\*", m.value)]
    assert {name.replace("\\", "") for name in named} <= inside
    shown.text_input(key="search.batch").set_value("no such batch").run()
    assert counted(shown)[0] == 0
    assert "Nothing found" in said(shown)


def test_the_command_states_its_scope_too(visit: Visit, home: Path) -> None:
    ended = done(home, "search", "weight", "--kind", "deviation", "--from", "2020-09-01", "--json")
    told = json.loads(ended.stdout)
    with visit.ctx.database.read() as conn:
        asked = extent(conn, Scope(kind="deviation", since="2020-09-01"))
    assert told["scope"] == {
        "passages": asked.within, "of": asked.whole, "undated_left_out": asked.undated, "without_product": 0,
        "records": asked.records, "of_records": asked.every_record,
    }  # fmt: skip
    assert 0 < asked.records < asked.every_record
    assert asked.told in done(home, "search", "weight", "--kind", "deviation", "--from", "2020-09-01").stdout
    refused = done(home, "search", "--like", "DEV-2020-014", "--product", "17")
    assert refused.returncode != 0
    assert "--like takes no scope" in refused.stderr


def test_a_batch_number_finds_what_names_it_and_an_unknown_product_is_refused(
    home: Path, visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "results.toml").write_text(RESULTS, encoding="utf-8")
    (tmp_path / "results.csv").write_text(
        "batch,parameter,value\nU-1,Assay,99.1\nU-1,Water,1.2\nU-2,Assay,98\n", encoding="utf-8"
    )
    profiles = load_profiles(tmp_path)
    ingest(
        visit.ctx.database, visit.ctx.clock, visit.ctx.new_id, paths=[tmp_path / "results.csv"], profiles=profiles, actor=visit.actor,
        zone="UTC",
    )  # fmt: skip
    for asked in ("U-1", "u-1", "batch U-1"):
        found = json.loads(done(home, "search", asked, "--json").stdout)
        assert [h["text"].split(":")[0] for h in found["hits"][:2]] == ["sample U-1/Assay", "sample U-1/Water"]
        assert not any("U-2" in h["text"] for h in found["hits"])
    assert "sample U-1" not in done(home, "search", "U-1", "--kind", "deviation").stdout
    lot = json.loads(done(home, "search", "TP-02", "--kind", "deviation", "--json").stdout)
    assert lot["hits"]
    assert all("TP-02" in h["text"] for h in lot["hits"])
    for command in (("search", "weight"), ("clashes",)):
        refused = done(home, *command, "--product", "999")
        assert refused.returncode != 0
        assert "No imported file names the product '999'" in refused.stderr
        assert "verascribe records" in refused.stderr
    with visit.ctx.database.read() as conn:
        code = records.products(conn)[0]
        told = extent(conn, Scope(product=code))
        without = [p for p in records.passages(conn) if p.product in (None, "*")]
    assert without
    assert f"{len(without):,} passages that name no product are included" in told.told


# --- earlier deviations ---------------------------------------------------------------------------------------------------


def test_earlier_deviations_are_listed_beside_a_deviation_and_open_at_their_place(visit: Visit) -> None:
    opened: list[Any] = []
    shown = page(visit, "search", opened)
    shown.text_input(key="search.text").set_value("DEV-2020-014").run()
    next(t for t in shown.toggle if t.label.startswith("Earlier deviations")).set_value(True).run()
    assert not shown.exception
    assert "Words of both" in said(shown)
    with visit.ctx.database.read() as conn:
        asked = records.record(conn, "deviation", "DEV-2020-014")
    dates = re.findall(r"^(\d{4}-\d{2}-\d{2}) · ", said(shown), re.MULTILINE)
    assert dates
    assert asked is not None
    assert all(earlier < str(asked.date) for earlier in dates)
    next(b for b in shown.button if b.key and b.key.startswith("alike.")).click().run()
    document, row, passage = opened[-1]
    assert document
    with visit.ctx.database.read() as conn:
        assert row or opening.passage(conn, passage) is not None


# --- scans ----------------------------------------------------------------------------------------------------------------


def test_a_scan_is_recognised_where_a_person_asks_for_it_and_shown_as_derived(visit: Visit) -> None:
    need_recogniser()
    data = Pdf().page().picture(*scan(RECOGNISED)).bytes()
    shown = page(visit, "import_files")
    shown.file_uploader[0].set_value([("scan.pdf", data, "application/pdf")]).run()
    next(b for b in shown.button if b.label == "Import").click().run()
    assert "no text layer" in said(shown)
    shown = page(visit, "import_files")
    shown.file_uploader[0].set_value([("scan.pdf", data, "application/pdf")]).run()
    shown.toggle(key="import.ocr").set_value(True).run()
    next(b for b in shown.button if b.label == "Import").click().run()
    assert not shown.exception
    lines = shown.dataframe[0].value
    assert list(lines["file"]) == ["scan.pdf, recognised text"]
    assert list(lines["read by"]) == ["recognised: derived"]
    opened: list[Any] = []
    found = page(visit, "search", opened)
    found.text_input(key="search.text").set_value("sealing station").run()
    assert "recognised from a picture" in said(found)
    next(b for b in found.button if b.key == "search.open.0").click().run()
    with visit.ctx.database.read() as conn:
        assert opened, said(found)
        passage = opening.passage(conn, opened[-1][2])
        assert passage is not None
        assert (passage.text, passage.place[:19]) == (RECOGNISED, "page 1 (recognised)")
        assert not [r for r in records.every_record(conn) if r.document.name == "scan.pdf"]


def test_where_the_program_is_missing_the_switch_is_off_and_says_why(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    shown = page(visit, "import_files")
    assert shown.toggle(key="import.ocr").disabled
    assert "the program tesseract is not installed" in said(shown)
