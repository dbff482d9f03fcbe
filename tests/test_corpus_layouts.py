"""Titles, units, totals, turned tables and forms: what is a record is read, what is none is counted apart and told by number."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from office_files import xlsx
from sqlalchemy import select

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid
from corpus import opening, records, tables
from corpus.ingest import ImportResult, ingest
from corpus.profile_toml import parse
from corpus.profiles import ProfileSet, distinct

WHO = Actor("a1", "import", "Import Service", "service")
WEIGHTS = """
name = "weights"
version = 1
title = "Weights"
kind = "batch"
key = ["batch"]
units_row = true
skip_rows_starting = ["Total", "Mean", "Note"]
missing = ["", "n.a."]
date = ["made_on"]

[columns.Batch]
field = "batch"

[columns."Made on"]
field = "made_on"
type = "date"

[columns.Weight]
attribute = "weight"
type = "decimal"
unit = "mg"
"""
FORM = """
name = "batch_page"
version = 1
title = "Page of a batch record"
kind = "batch_record"
layout = "form"
key = ["batch"]
date = ["start"]

[columns."Batch No."]
field = "batch"
pattern = '\\d{4}'

[columns.Start]
field = "start"
type = "date"

[columns."Yield, final"]
attribute = "batch_yield"
type = "decimal"
unit = "%"

[columns.Remark]
field = "remark"
optional = true
passage = true
"""
TURNED = WEIGHTS.replace('name = "weights"', 'name = "turned"\nlayout = "columns"').replace("units_row = true\n", "")
FILE = """Weights of the year;;
;;
Batch;Made on;Weight
;;[mg]
0117;2020-05-04;111.5
0118;2020-05-05;n.a.
Mean;;111.5
0119;2020-05-32;112
Total;3
Note: 0119 was entered by hand
"""


def profiles(*texts: str) -> ProfileSet:
    return distinct(tuple(parse(t.encode(), file="test.toml") for t in texts), where="test")


@pytest.fixture
def bring(database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path) -> Callable[..., ImportResult]:
    def bring_in(text: str | bytes, *known: str, name: str = "weights.csv", checked: bool = True) -> ImportResult:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        read = profiles(*known) if checked else ProfileSet(tuple(parse(t.encode(), file="test.toml") for t in known))
        return ingest(database, clock, new_id, paths=[path], profiles=read, actor=WHO, zone="UTC")

    return bring_in


def test_rows_that_are_no_records_are_counted_apart_and_told_by_number(
    bring: Callable[..., ImportResult], database: Database
) -> None:
    done = bring(FILE, WEIGHTS)
    (document,) = done.documents
    assert document.skipped == {
        "above the header": [1], "units": [4], "begins with 'Mean'": [7], "begins with 'Total'": [9], "begins with 'Note'": [10],
    }  # fmt: skip
    assert done.cells.tree() == {"in": 9, "imported": 5, "refused": 3, "missing": 1, "skipped": 7}
    assert document.rows == 3
    assert [(r.locator, r.literal) for r in done.refused] == [
        ("row 8, Batch", "0119"), ("row 8, Made on", "2020-05-32"), ("row 8, Weight", "112"),
    ]  # fmt: skip
    with database.read() as conn:
        assert [r.locator().place for r in records.current_records(conn)] == ["row 5", "row 6"]
        assert [str(m.locator) for m in records.measurements(conn)] == [
            "weights.csv row 5, Weight",
            "weights.csv row 6, Weight",
        ]
        header, near = records.source_rows(conn, document, row=6)
    assert header == ["Batch", "Made on", "Weight"]
    assert (6, ["0118", "2020-05-05", "n.a."]) in near
    assert (7, ["Mean", "", "111.5"]) in near


def test_another_unit_in_the_file_refuses_it_since_no_value_could_be_placed(bring: Callable[..., ImportResult]) -> None:
    with pytest.raises(Invalid, match="the unit of 'Weight' is 'g' in the file and 'mg' in the profile 'weights'"):
        bring(FILE.replace("[mg]", "g"), WEIGHTS)
    with pytest.raises(Invalid, match="the unit of 'Batch' is 'mg' in the file and '' in the profile"):
        bring(FILE.replace(";;[mg]", "mg;;mg"), WEIGHTS)


def test_a_header_that_a_profile_pins_to_a_row_is_read_nowhere_else(bring: Callable[..., ImportResult]) -> None:
    assert bring(FILE, WEIGHTS.replace("units_row", "header_row = 3\nunits_row")).cells.skipped == 7
    with pytest.raises(Invalid, match="no import profile knows this header"):
        bring(FILE, WEIGHTS.replace("units_row", "header_row = 1\nunits_row"))


def test_a_word_of_a_total_is_a_whole_word(bring: Callable[..., ImportResult]) -> None:
    text = "Batch;Made on;Weight\n;;mg\nTotalis-1;2020-05-04;1\nTotal;;2\n"
    done = bring(text, WEIGHTS)
    assert (done.records, done.cells.skipped) == ({"batch": 1}, 3)


def test_a_turned_table_is_read_by_columns_and_its_places_say_so(
    bring: Callable[..., ImportResult], database: Database
) -> None:
    text = "Weights;;;\nBatch;0117;0118;Mean\nMade on;2020-05-04;04.05.2020;\nWeight;111.5;112;111.75\nchecked;;;\n"
    done = bring(text, TURNED)
    (document,) = done.documents
    assert document.skipped == {"begins with 'Mean'": [4], "outside the table": [1, 5]}
    assert done.cells.tree() == {"in": 6, "imported": 3, "refused": 3, "missing": 0, "skipped": 4}
    assert [r.locator for r in done.refused] == ["column 3, Batch", "column 3, Made on", "column 3, Weight"]
    with database.read() as conn:
        (measured,) = records.measurements(conn)
        assert str(measured.locator) == "weights.csv column 2, Weight"
        assert records.record(conn, "batch", "0117").locator("batch").place == "column 2, Batch"  # type: ignore[union-attr]
        page = opening.page(conn, document, first=1, count=5)
        cells = opening.cells(conn, document, page, 3)
    assert page.header == ("Batch", "Made on", "Weight")
    assert [cell.written for cell in cells] == ["0118", "04.05.2020", "112"]
    assert "not a date" in cells[1].refused


LINES = "Batch record\n\nBatch No.: 0117 | Start: 2020-05-04\n\nMixed for ten minutes.\n\nYield, final: 98.5\n\nRemark: none; see log\n"


def test_a_page_of_labels_and_values_becomes_one_record(bring: Callable[..., ImportResult], database: Database) -> None:
    done = bring(LINES, FORM, name="page.txt")
    form, text = done.documents
    assert done.records == {"batch_record": 1}
    assert done.cells.tree() == {"in": 4, "imported": 4, "refused": 0, "missing": 0, "skipped": 0}
    with database.read() as conn:
        record = records.record(conn, "batch_record", "0117")
        assert record is not None
        assert (record.date, record.get("remark")) == ("2020-05-04", "none; see log")
        assert record.locator("start").place == "line 3, Start"
        (measured,) = records.measurements(conn)
        assert (measured.batch, measured.literal, measured.unit) == ("0117", "98.5", "%")
        assert str(measured.locator) == "page.txt line 7, Yield, final"
        assert [p.place for p in records.passages(conn, kind="batch_record")] == ["line 9, Remark"]
        assert records.source_rows(conn, form, row=1)[1] == [(1, ["0117", "2020-05-04", "98.5", "none; see log"])]
    assert text.kind == "narrative"  # the page stays readable and searchable as text


def test_a_form_in_a_table_is_read_beside_its_labels(bring: Callable[..., ImportResult]) -> None:
    text = "Batch record;;;\nBatch No.:;0117;Start;2020-05-04\nYield, final;;98.5;\n"
    done = bring(text, FORM, name="page.csv")
    (document,) = done.documents
    assert document.places == {"batch": "row 2", "start": "row 2", "batch_yield": "row 3"}
    assert done.cells.tree() == {"in": 4, "imported": 3, "refused": 0, "missing": 1, "skipped": 0}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            LINES.replace("Yield, final: 98.5", "Yield: 98.5"),
            "looks like the form 'batch_page', but 'Yield, final' is absent",
        ),
        (LINES + "\nStart: 2020-05-05\n", "'Start' stands twice: '2020-05-04' .line 3. and '2020-05-05' .line 11."),
        (LINES + "\nBatch No.: 0118\n", "several forms of 'batch_page'"),
    ],
)
def test_a_form_that_is_not_certain_is_told_and_not_read_in_part(
    text: str, told: str, bring: Callable[..., ImportResult]
) -> None:
    done = bring(text, FORM, name="page.txt")
    assert done.records == {}
    (refused,) = done.refused
    assert refused.locator == "form"
    assert re.search(told, refused.reason)


def test_a_refused_value_of_a_form_is_told_where_it_stands(bring: Callable[..., ImportResult]) -> None:
    done = bring(LINES.replace("98.5", "98,5"), FORM, name="page.txt")
    assert [(r.locator, r.literal) for r in done.refused] == [("line 7, Yield, final", "98,5")]
    done = bring(LINES.replace("0117", "117"), FORM, name="other.txt")
    assert {r.locator for r in done.refused} == {
        "line 3, Batch No.",
        "line 3, Start",
        "line 7, Yield, final",
        "line 9, Remark",
    }


def test_a_label_inside_a_word_or_a_sentence_is_none(bring: Callable[..., ImportResult]) -> None:
    done = bring("The Restart: 2020-05-05 of line 1.\n\n" + LINES, FORM, name="page.txt")
    assert done.records == {"batch_record": 1}


WRONG = {
    "units in a form": (FORM.replace('key = ["batch"]', 'key = ["batch"]\nunits_row = true'), "a form has no header, units"),
    "unknown layout": (FORM.replace('"form"', '"circle"'), "unknown layout"),
    "optional key": (FORM.replace("pattern =", "optional = true\npattern ="), "the key is not optional"),
    "optional column": (WEIGHTS.replace('field = "made_on"', 'field = "made_on"\noptional = true'), "only labels of a form"),
    "empty start": (WEIGHTS.replace('"Total"', '" "'), "holds an empty text"),
    "no list": (WEIGHTS.replace('["Total", "Mean", "Note"]', "[1]"), "skip_rows_starting"),
    "no key": (WEIGHTS.replace('key = ["batch"]', "key = []"), "names no field"),
    "name with a space": (WEIGHTS.replace('"weights"', '"my weights"'), "small letters"),
    "month thirteen": (WEIGHTS.replace("units_row", "months = { jan = 13 }\nunits_row"), "months"),
    "flag as text": (WEIGHTS.replace("units_row = true", 'units_row = "yes"'), "units_row"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_layout_is_named(case: str) -> None:
    text, told = WRONG[case]
    with pytest.raises(Invalid, match=told):
        parse(text.encode(), file="test.toml")


def test_the_description_of_a_plain_table_says_nothing_of_layouts(
    bring: Callable[..., ImportResult], database: Database
) -> None:
    bring("Batch;Made on;Weight\n0117;2020-05-04;1\n", WEIGHTS.replace("units_row = true\n", ""))
    with database.read() as conn:
        body = conn.scalar(select(tables.documents.c.body))
    assert not any(f'"{word}"' in body for word in ("axis", "places"))


def test_a_form_in_a_word_document_and_one_on_each_sheet_of_a_workbook(
    bring: Callable[..., ImportResult], database: Database, tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_heading("Batch record", level=1)
    table = document.add_table(rows=0, cols=4)
    for cells in (("Batch No.", "0117", "Start", "2020-05-04"), ("Yield, final", "98.5", "", "")):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    document.save(str(tmp_path / "page.docx"))
    done = bring((tmp_path / "page.docx").read_bytes(), FORM, name="page.docx")
    assert done.records["batch_record"] == 1
    assert done.documents[0].places["batch_yield"] == "table 1, row 2"
    book = openpyxl.Workbook()
    for batch in ("0118", "0119"):
        sheet = book.create_sheet(batch)
        sheet["B2"], sheet["C2"] = "Batch No.", batch
        sheet["B3"], sheet["C3"] = "Start:", "2020-05-05"
        sheet["B4"], sheet["C4"] = "Yield, final", "97.25"
    book.save(tmp_path / "pages.xlsx")
    done = bring((tmp_path / "pages.xlsx").read_bytes(), FORM, name="pages.xlsx")
    assert done.records == {"batch_record": 2}
    assert [d.part for d in done.documents] == ["sheet 0118", "sheet 0119"]
    with database.read() as conn:
        found = [str(m.locator) for m in records.measurements(conn, batches=["0118"])]
    assert found == ["pages.xlsx, sheet 0118 row 4, Yield, final"]


def named(name: str, *files: str, of: str = WEIGHTS) -> str:
    key = f"files = {json.dumps(files)}\n" if files else ""
    return of.replace("version = 1\n", f"version = 1\n{key}").replace(of.split('"')[1], name, 1)


BOOK = [["Batch", "Made on", "Weight"], ["", "", "[mg]"], ["0117", "2020-05-04", "111.5"]]


def written_as(kind: str) -> bytes:
    """Return the same table in another kind of file."""
    if kind == ".csv":
        return FILE.encode()
    form = [["Batch No.:", "0117"], ["Start:", "2020-05-04"], ["Yield, final:", "98.5"]]
    return xlsx({"Data": form if kind == ".form" else BOOK})


@pytest.mark.parametrize(("kind", "of"), [(".csv", WEIGHTS), (".xlsx", WEIGHTS), (".form", FORM)])
def test_of_several_profiles_of_one_header_the_name_of_the_file_picks(
    kind: str, of: str, bring: Callable[..., ImportResult]
) -> None:
    ending = ".csv" if kind == ".csv" else ".xlsx"
    first, second, general = (
        named("first", "lab1_*", of=of),
        named("second", "lab2_*", "*_b.*", of=of),
        named("general", of=of),
    )

    def read_by(name: str, *known: str) -> str | None:
        return bring(written_as(kind), *known, name=name + ending).documents[0].profile

    assert read_by("lab1_may", first, second, general) == "first/1"
    assert read_by("lab2_may", first, second, general) == "second/1"
    assert read_by("2020_b", general, second, first) == "second/1"
    assert read_by("may", first, second, general) == "general/1"
    with pytest.raises(Invalid, match=r"2 import profiles read this header: first, second") as caught:
        read_by("lab1_b", first, second, general)
    assert "--profile" in caught.value.remedy
    with pytest.raises(Invalid, match=r"only in files of other names: first \(lab1_\*\)"):
        read_by("may", first, second)


def test_a_turned_table_is_picked_by_the_name_of_the_file_too(bring: Callable[..., ImportResult]) -> None:
    rows = "\n".join(";".join(row) for row in zip(*BOOK[:1], *BOOK[2:], strict=True)) + "\n"
    first, second = named("first", "lab1_*", of=TURNED), named("second", of=TURNED)
    assert bring(rows, first, second, name="lab1.csv").documents[0].profile == "second/1"
    assert bring(rows, first, second, name="lab1_x.csv").documents[0].profile == "first/1"
    with pytest.raises(Invalid, match="2 import profiles"):
        bring(rows, second, named("third", of=TURNED), checked=False)


def test_a_person_who_names_the_profile_is_heard(
    database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(FILE, encoding="utf-8")
    both = ProfileSet(tuple(parse(t.encode(), file="t") for t in (named("first"), named("second", "never"))))

    def read(**more: str) -> ImportResult:
        return ingest(database, clock, new_id, paths=[path], profiles=both, actor=WHO, zone="UTC", **more)

    assert read().documents[0].profile == "first/1"
    assert read(profile_name="second").documents[0].profile == "second/1"
