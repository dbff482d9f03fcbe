"""Screens for reading: charts of any attribute, sources down to the cell, search that opens them, a trail that can be taken away."""

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from audit import identity, trail
from audit.errors import Invalid, NotFound, Problem
from audit.identity import Account
from audit.passwords import CHEAPEST
from audit.verify import State, verify_lines
from corpus import opening, records
from corpus.ingest import ingest
from drafting import charting
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context
from drafting.generate import draft_report
from drafting.trail_reading import Chosen, Copy, chosen_entries, copy_trail
from review_ui.frame import Visit
from review_ui.screens.search import emphasised_words
from review_ui.screens.trail import changes

SAMPLES = Path(str(files("corpus") / "samples"))
FILES = ("zagar/Laboratory.csv", "synthetic/specification.csv", "synthetic/deviation.csv", "narratives/DEV-2020-014.docx")


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("home")
    ctx = open_context(settings_from({}, home=str(folder)))
    actor = service_account(ctx).actor()
    bent = folder / "oos.csv"
    lines = (SAMPLES / "synthetic" / "oos.csv").read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(";")
    cells[4] = "about 0.4"
    bent.write_text("\n".join([lines[0], ";".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    paths = [*(SAMPLES / name for name in FILES), bent]
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=actor, zone="UTC")
    draft_report(ctx, kind="apr_us", product="17", period_from="2020-05-01", period_to="2021-04-30", actor=actor)
    yield Visit(ctx, person(ctx, "inspector"), person(ctx, "inspector").actor(), "", demo=False)
    close_context(ctx)


def person(ctx: Context, user_id: str) -> Account:
    """Return an auditor's account, made where there is none."""
    by, at = service_account(ctx).actor(), ctx.clock.now()

    def work(conn: Connection) -> Account:
        found = identity.account_named(conn, user_id)
        return found or identity.create_account(
            conn, account_id=ctx.new_id(), user_id=user_id, printed_name="Ines Pector", roles=("auditor",),
            password="a long enough password", cost=CHEAPEST,
            must_change_password=False, by=by, at=at, zone="UTC",
        )  # fmt: skip

    return ctx.database.write(work)


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Visit]:
    ctx = open_context(settings_from({}, home=str(tmp_path)))
    yield Visit(ctx, person(ctx, "inspector"), person(ctx, "inspector").actor(), "", demo=False)
    close_context(ctx)


def page(visit: Visit, name: str, *, query: dict[str, str] | None = None, opened: list[Any] | None = None) -> AppTest:
    def run(visit: object, name: str, opened: list) -> None:  # type: ignore[type-arg] # runs alone, without this file's names
        import importlib

        show = importlib.import_module(f"review_ui.screens.{name}").show
        if name == "search":
            show(visit, lambda *place: opened.append(place))
        else:
            show(visit)

    made = AppTest.from_function(run, kwargs={"visit": visit, "name": name, "opened": opened}, default_timeout=60)
    for key, value in (query or {}).items():
        made.query_params[key] = value
    made.run()
    assert not made.exception
    return made


def said(shown: AppTest) -> str:
    kinds = (shown.markdown, shown.caption, shown.error, shown.warning, shown.info, shown.success)
    return "\n".join(item.value for kind in kinds for item in kind).replace("\\", "")


def pressed(shown: AppTest, label: str, nth: int = 0) -> AppTest:
    return [b for b in shown.button if b.label.startswith(label)][nth].click().run()


def frames(shown: AppTest) -> list[Any]:
    return [frame.value for frame in shown.dataframe]


# --- control charts ---------------------------------------------------------------------------------------------------


def test_a_chart_is_the_one_that_a_report_draws(visit: Visit) -> None:
    loaded = charting.loaded_for(visit.ctx, product="17", period_from="2020-05-01", period_to="2021-04-30", strength=None)
    attribute = next(a for a in charting.attributes(loaded) if a.name == "dissolution_av")
    view = charting.chart_view(loaded, attribute)
    from drafting.evidence import drawn

    assert view.chart == drawn.chart(loaded, "dissolution_av")
    assert (attribute.title, attribute.values, view.batches) == ("Dissolution (average) · dissolution_av", 134, 134)
    assert [s.batch for s in view.signals] == [p.batch for p in view.chart.points if p.signal] if view.chart else False
    assert view.outside == 2
    assert [(line.specification, line.drawn, line.synthetic) for line in view.limits] == [
        ("SP-20M-04 version 4", True, True)
    ]


def test_each_signal_names_its_side_and_its_cell(visit: Visit) -> None:
    loaded = charting.loaded_for(visit.ctx, product="17", period_from="2020-05-01", period_to="2021-04-30", strength=None)
    attribute = next(a for a in charting.attributes(loaded) if a.name == "dissolution_av")
    signals = {s.batch: s for s in charting.chart_view(loaded, attribute).signals}
    assert signals["782"].rule == "1: above the upper control limit"
    assert signals["958"].rule == "1: below the lower control limit"
    with visit.ctx.database.read() as conn:
        low = signals["958"]
        header, rows = records.source_rows(conn, low.document_id, row=low.row, around=0)
    assert rows[0][1][header.index("dissolution_av")].strip() == low.value


def test_limits_that_changed_in_the_period_are_all_named_and_one_is_drawn(visit: Visit) -> None:
    loaded = charting.loaded_for(visit.ctx, product="17", period_from="2019-05-01", period_to="2021-04-30", strength=None)
    attribute = next(a for a in charting.attributes(loaded) if a.name == "impurity_o")
    limits = charting.chart_view(loaded, attribute).limits
    assert len(limits) == 2
    assert [line.drawn for line in limits] == [False, True]
    assert sum(line.batches for line in limits) == attribute.values


def test_a_period_that_ends_before_it_begins_is_refused(visit: Visit) -> None:
    with pytest.raises(Invalid, match="ends before"):
        charting.loaded_for(visit.ctx, product="17", period_from="2021-05-01", period_to="2020-04-30", strength=None)


def test_the_chart_screen_shows_signals_limits_and_that_they_are_synthetic(visit: Visit) -> None:
    shown = page(visit, "control_charts")
    assert "Signals" in said(shown)
    assert "SP-20M-04 version 4, in force 2020-05-01 to today" in said(shown)
    assert any("synthetic limits" in m.value for m in shown.markdown)
    assert {"batch", "month", "rule", "cell"} <= set(frames(shown)[0].columns)


def test_the_chart_screen_says_where_the_source_contradicts_itself(visit: Visit) -> None:
    shown = page(visit, "control_charts")
    hardness = next(o for o in shown.selectbox(key="charts.attribute.17").options if "tbl_av_hardness" in o)
    shown.selectbox(key="charts.attribute.17").set_value(
        next(a for a in attributes(visit) if a.name == "tbl_av_hardness")
    ).run()
    assert "no specification" in hardness
    assert "The source contradicts itself on this attribute in 36 batches" in said(shown)


def attributes(visit: Visit) -> list[charting.Attribute]:
    with visit.ctx.database.read() as conn:
        product = charting.products(conn)[0]
    assert product.code == "17"
    return charting.attributes(
        charting.loaded_for(
            visit.ctx, product="17", period_from=f"{product.first}-01", period_to="2021-04-30", strength=None
        )
    )


def test_a_period_without_batches_is_told(visit: Visit) -> None:
    shown = page(visit, "control_charts")
    shown.date_input[0].set_value(date(2018, 1, 1)).run()
    shown.date_input[1].set_value(date(2018, 2, 1)).run()
    assert not shown.exception
    assert "No batch of this product was measured in this period" in said(shown)


@pytest.mark.parametrize("name", ["control_charts", "sources", "search"])
def test_an_empty_home_says_what_a_screen_is_for(nothing: Visit, name: str) -> None:
    shown = page(nothing, name)
    assert not shown.dataframe
    assert any(word in said(shown) for word in ("ingest", "Type words"))


# --- sources ----------------------------------------------------------------------------------------------------------


def document(visit: Visit, name: str) -> Any:
    with visit.ctx.database.read() as conn:
        return next(d for d in records.documents(conn) if d.name == name)


def test_a_source_shows_what_its_reader_told_and_that_it_was_withdrawn(visit: Visit, tmp_path: Path) -> None:
    header, *lines = [
        line.split(";") for line in (SAMPLES / "synthetic" / "capa.csv").read_text(encoding="utf-8").splitlines()
    ]
    path = tmp_path / "capas.xlsx"
    actor = service_account(visit.ctx).actor()
    for sheets in ({"One": lines[:1], "Two": lines[1:2]}, {"One": lines[:1]}):
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in (header, *rows):
                sheet.append(row)
            sheet.row_dimensions[2].hidden = True
        book.save(path)
        done = ingest(
            visit.ctx.database, visit.ctx.clock, visit.ctx.new_id, paths=[path], profiles=visit.ctx.profiles, actor=actor,
            zone="UTC",
        )  # fmt: skip
    ((gone, _),) = done.withdrawn
    shown = page(visit, "sources", query={"document": gone.id})
    assert any("hidden rows" in info.value for info in shown.info)
    assert any("no longer holds sheet Two" in warning.value for warning in shown.warning)


def test_the_list_of_sources_balances(visit: Visit) -> None:
    listed = frames(page(visit, "sources"))[0]
    oos = listed[listed["document"] == "oos.csv"].iloc[0]
    assert (oos["refused"], oos["origin"], oos["balance"]) == (1, "synthetic", "holds")
    assert oos["cells in"] == oos["imported"] + oos["refused"] + oos["missing"]
    assert listed[listed["document"] == "Laboratory.csv"].iloc[0]["origin"] == "real data"


def test_a_row_opens_cell_by_cell_with_what_it_was_read_as(visit: Visit) -> None:
    shown = page(visit, "sources", query={"document": document(visit, "Laboratory.csv").id, "row": "826"})
    rows, cells = (
        next(f for f in frames(shown) if "row" in f.columns),
        next(f for f in frames(shown) if "as written" in f.columns),
    )
    assert "▶ 826" in set(rows["row"])
    assert rows[rows["row"] == "▶ 826"].iloc[0]["batch"] == "825"
    one = cells[cells["column"] == "dissolution_av"].iloc[0]
    assert (one["as written"], one["read as"], one["unit"]) == ("85.67", "dissolution (average) (dissolution_av)", "%")


def test_a_refused_cell_says_why_beside_what_is_written(visit: Visit) -> None:
    shown = page(visit, "sources", query={"document": document(visit, "oos.csv").id, "row": "2"})
    cells = next(f for f in frames(shown) if "refused because" in f.columns)
    one = cells[cells["column"] == "result"].iloc[0]
    assert one["as written"] == "about 0.4"
    assert one["refused because"]


def test_a_row_past_the_end_shows_the_last_one(visit: Visit) -> None:
    shown = page(visit, "sources", query={"document": document(visit, "Laboratory.csv").id, "row": "99999999"})
    assert "Row 1006 of 1006, cell by cell" in said(shown)


@pytest.mark.parametrize("row", ["-1", "x", "9" * 40, ""])
def test_an_address_with_a_wrong_row_opens_the_document_at_its_start(visit: Visit, row: str) -> None:
    shown = page(visit, "sources", query={"document": document(visit, "Laboratory.csv").id, "row": row})
    assert "Row 2 of 1006" in said(shown)


def test_a_narrative_is_read_in_order_with_the_passage_marked(visit: Visit) -> None:
    narrative = document(visit, "DEV-2020-014.docx")
    with visit.ctx.database.read() as conn:
        passage = next(p for p in records.passages(conn) if p.document_id == narrative.id and p.place == "paragraph 11")
        read = opening.narrative(conn, narrative)
    assert opening.blocks_of(read, passage) == {"paragraph 11", "paragraph 12"}
    shown = page(visit, "sources", query={"document": narrative.id, "passage": passage.id})
    marked = [m.value for m in shown.markdown if m.value.startswith(":orange-background")]
    assert len(marked) == 2
    assert "begins at paragraph 11" in said(shown)
    assert "| table 2, row 3 | Batches | 825 |" in said(shown)


def test_a_table_has_no_text_and_a_text_no_rows(visit: Visit) -> None:
    with visit.ctx.database.read() as conn:
        with pytest.raises(NotFound, match="is a table"):
            opening.narrative(conn, document(visit, "oos.csv"))
        with pytest.raises(NotFound, match="is no table"):
            opening.page(conn, document(visit, "DEV-2020-014.docx"), first=2, count=3)


def test_an_unknown_document_is_a_problem_told_to_people(visit: Visit) -> None:
    def run(visit: "Visit") -> None:
        from audit.errors import Problem
        from review_ui import widgets
        from review_ui.screens import sources

        try:
            sources.show(visit)
        except Problem as found:
            widgets.problem(found)

    made = AppTest.from_function(run, kwargs={"visit": visit}, default_timeout=60)
    made.query_params["document"] = "no-such"
    made.run()
    assert "There is no source document" in said(made)


# --- search -----------------------------------------------------------------------------------------------------------


def test_results_open_their_row_or_their_passage(visit: Visit) -> None:
    opened: list[Any] = []
    shown = page(visit, "search", opened=opened)
    shown.text_input[0].set_value("DEV-2020-014").run()
    places = [c.value.replace("\\", "") for c in shown.caption if "sha256" in c.value]
    row = next(n for n, place in enumerate(places) if place.startswith("deviation.csv row 22"))
    pressed(shown, "Open in source", row)
    assert opened[-1] == (document(visit, "deviation.csv").id, 22, "")
    text = next(n for n, place in enumerate(places) if "paragraph" in place)
    pressed(shown, "Open in source", text)
    assert opened[-1][:2] == (document(visit, "DEV-2020-014.docx").id, None)
    with visit.ctx.database.read() as conn:
        assert opening.passage(conn, opened[-1][2]) is not None


def test_kind_and_product_narrow_the_results(visit: Visit) -> None:
    shown = page(visit, "search", opened=[])
    shown.text_input[0].set_value("weight uniformity").run()
    shown.selectbox(key="search.kind").set_value("deviation").run()
    badges = [m.value for m in shown.markdown if ":material/description:" in m.value]
    assert badges
    assert all("Deviations" in badge for badge in badges)
    shown.selectbox(key="search.product").set_value("25").run()
    assert not shown.exception


def test_words_of_a_result_are_emphasised_and_stay_text() -> None:
    assert emphasised_words("<b>weight</b> of **cores**", frozenset({"core"})).count("**") == 2
    assert "<b>" not in emphasised_words("<b>weight</b>", frozenset())


# --- trail ------------------------------------------------------------------------------------------------------------


def last_entry(visit: Visit) -> Any:
    with visit.ctx.database.read() as conn:
        return trail.entries(conn, newest_first=True, limit=1)[0]


def test_a_copy_of_the_whole_trail_verifies_and_holds_its_own_entry(visit: Visit) -> None:
    copy = copy_trail(visit.ctx, Copy.JSONL, Chosen(), actor=visit.actor)
    entry = last_entry(visit)
    assert (str(entry.action), entry.actor.user_id, entry.new["format"]) == ("trail.exported", "inspector", "jsonl")
    lines = copy.decode("utf-8").split("\n")
    assert json.loads(lines[-3])["seq"] == entry.seq
    assert verify_lines(lines).integrity is State.INTACT


def test_a_copy_of_chosen_entries_says_what_was_chosen(visit: Visit) -> None:
    chosen = Chosen(action="source.imported", containing="Laboratory.csv")
    copy = copy_trail(visit.ctx, Copy.CSV, chosen, actor=visit.actor).decode("utf-8-sig")
    assert copy.count("source.imported") == 1
    assert last_entry(visit).new == {
        "format": "csv",
        "chosen": {"action": "source.imported", "containing": "Laboratory.csv"},
    }


def test_a_deactivated_account_takes_no_copy(visit: Visit) -> None:
    ctx, gone = visit.ctx, person(visit.ctx, "gone")
    by = service_account(ctx).actor()
    ctx.database.write(lambda conn: identity.deactivate(conn, gone, by=by, at=ctx.clock.now(), zone="UTC", reason="left"))
    with pytest.raises(Problem):
        copy_trail(ctx, Copy.JSONL, Chosen(), actor=gone.actor())
    assert str(last_entry(visit).action) == "access.account_deactivated"


def test_the_trail_is_chosen_by_reason_and_by_object(visit: Visit) -> None:
    with visit.ctx.database.read() as conn:
        left = chosen_entries(conn, Chosen(reason="LEFT"))
        report = trail.entries(conn, action="report.created")[0].object_id
        about = chosen_entries(conn, Chosen(object_kind="report", object_id=report))
        both = chosen_entries(conn, Chosen(reason="left", containing="no such words"))
    assert left
    assert all("left" in (e.reason or "").casefold() for e in left)
    assert about
    assert {e.object_id for e in about} == {report}
    assert both == []


def test_the_auditor_verifies_and_copies_on_the_screen_and_both_stand_in_the_trail(visit: Visit) -> None:
    shown = page(visit, "trail")
    pressed(shown, "Verify the trail")
    assert "Integrity: intact. Completeness: cannot tell." in said(shown)
    assert str(last_entry(visit).action) == "trail.verified"
    pressed(shown, "Copy the whole trail")
    entry = last_entry(visit)
    assert (str(entry.action), entry.actor.user_id) == ("trail.exported", "inspector")
    assert any(d.label.startswith("Download trail.jsonl") for d in shown.get("download_button"))


def test_the_screen_filters_by_who_and_says_when_nothing_matches(visit: Visit) -> None:
    shown = page(visit, "trail")
    shown.selectbox[0].set_value("inspector").run()
    assert set(frames(shown)[0]["who"]) == {"inspector"}
    shown.text_input[1].set_value("no such words anywhere").run()
    assert "widen the filter" in said(shown)


def test_before_and_after_are_told_field_by_field() -> None:
    assert changes({"roles": ["writer"], "name": "A"}, {"roles": ["reviewer"], "name": "A"}) == [
        ("Roles", '["writer"]', '["reviewer"]'), ("Name", "A", "A"),
    ]  # fmt: skip
    assert changes("old text", "new text") == [("Value", "old text", "new text")]
    assert changes(None, {"a_b": 1}) == [("A b", "-", "1")]
    assert changes(None, None) == []
