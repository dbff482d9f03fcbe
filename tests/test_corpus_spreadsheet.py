"""A spreadsheet gives each cell as its file keeps it, at the row its program shows; what is hidden, merged or not kept is told."""

import csv
import datetime as dt
import random
import struct
from pathlib import Path

import openpyxl
import pytest
import xlwt
from evidence.zips import raw_zip, zeros
from office_files import MAIN, encrypted, ods, ods_rows, raw_xlsx, saved, value_of, xls, xlsx, zipped

from audit.errors import Invalid
from corpus.identifiers import shipped
from corpus.prepare import Job, prepare
from corpus.profile_toml import parse
from corpus.profiles import ProfileSet, load_profiles
from corpus.readers import delimited, opendocument, spreadsheet
from corpus.reading import read_table
from corpus.sampling import SampleJob, sample

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
PROFILES = load_profiles(SAMPLES / "profiles")


def rows_of(data: bytes, sheet: int = 0) -> dict[int, tuple[str, ...]]:
    grid = spreadsheet.read(data, file="a.xlsx").grids[sheet]
    return dict(zip(grid.numbers, grid.rows, strict=True))


def cell(value: str, place: str = "A1", more: str = "") -> str:
    return f'<sheetData><row r="1"><c r="{place}"{more}>{value}</c></row></sheetData>'


@pytest.mark.parametrize(
    ("stored", "literal"),
    [
        ("93.33333333", "93.33333333"),
        ("0.1", "0.1"),
        ("8.6999999999999993", "8.7"),  # as Excel stores 8.7
        ("7.1000000000000005E-5", "0.000071"),
        ("12", "12"),
        ("-0.5", "-0.5"),
        ("0.98499999999999999", "0.985"),
        ("0.30000000000000004", "0.30000000000000004"),  # computed, and not rounded by us
        ("123456789012345", "123456789012345"),
        ("12345678901234567", "12345678901234567"),  # an identifier that a double does not keep
        ("1E+20", "100000000000000000000"),
        ("1E+300", "1e+300"),
    ],
)
def test_a_number_is_the_shortest_decimal_that_names_what_is_stored(stored: str, literal: str) -> None:
    assert rows_of(raw_xlsx(cell(f"<v>{stored}</v>")))[1] == (literal,)


def test_numbers_with_more_digits_than_are_shown_are_counted() -> None:
    contents = spreadsheet.read(raw_xlsx(cell("<v>0.30000000000000004</v>")), file="a.xlsx")
    assert contents.notes == ("sheet S1: 1 numbers of more than 15 digits, of which the program shows 15",)
    assert spreadsheet.read(raw_xlsx(cell("<v>0.3</v>")), file="a.xlsx").notes == ()


def test_every_decimal_a_person_can_type_comes_back_as_it_was_typed() -> None:
    chance = random.Random(1)
    made = (f"{chance.randrange(1, 10 ** chance.randrange(1, 15)) / 10 ** chance.randrange(8):.15g}" for _ in range(5_000))
    typed = [text for text in made if "e" not in text]
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{float(text):.17g}</v></c></row>' for n, text in enumerate(typed, start=1))
    assert [row[0] for row in rows_of(raw_xlsx(f"<sheetData>{rows}</sheetData>")).values()] == typed


@pytest.mark.parametrize(
    "form", ["0.0%", "0.00", "#,##0", "0.00E+00", '0.0" g"', '"Day "0', "[Red]0.0", "@", "_-* #,##0.00 €_-"]
)
def test_a_format_is_not_another_value(form: str) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = 0.985
    book.worksheets[0]["A1"].number_format = form
    assert rows_of(saved(book))[1] == ("0.985",)


def test_dates_and_times_are_iso_text_truth_and_errors_as_shown() -> None:
    book = openpyxl.Workbook()
    values = (
        dt.date(2020, 5, 1),
        dt.datetime(2020, 5, 1, 13, 30),
        dt.datetime(2020, 5, 1, 13, 30, 15),
        dt.time(13, 5),
        dt.timedelta(hours=30, minutes=5),
        True,
        "#N/A",
        "#DIV/0!",
    )
    book.worksheets[0].append(values)
    iso = ("2020-05-01", "2020-05-01T13:30", "2020-05-01T13:30:15", "13:05", "30:05", "TRUE", "#N/A", "#DIV/0!")
    assert rows_of(saved(book))[1] == iso


def test_the_date_system_of_1904_is_kept() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = dt.date(2020, 5, 1)
    assert rows_of(saved(book))[1] == ("2020-05-01",)


def test_rows_keep_the_numbers_that_the_program_shows() -> None:
    for data in (xlsx({"A": [[], [], ["", "x"], [], ["y"]]}), xls({"A": [[], [], ["", "x"], [], ["", "y"]]})):
        found = rows_of(data)
        assert list(found) == [3, 5]
        assert found[3] == ("", "x")


def test_formulas_give_the_kept_value_and_one_without_is_told_and_shown_as_itself() -> None:
    sheet = cell("<f>B1*2</f><v>93.5</v>") + ""
    contents = spreadsheet.read(raw_xlsx(sheet), file="a.xlsx")
    assert contents.grids[0].rows == (("93.5",),)
    assert contents.notes == ("sheet S1: 1 formulas, read as the values that the program kept",)
    contents = spreadsheet.read(raw_xlsx(cell("<f>B1*2</f>", place="C1")), file="a.xlsx")
    assert contents.grids[0].rows[0][2] == "=B1*2"
    assert "formulas without a kept value: C1" in contents.notes[0]


def test_a_formula_without_value_is_refused_where_a_number_belongs() -> None:
    with (SAMPLES / "zagar" / "Normalization.csv").open(newline="", encoding="utf-8-sig") as source:
        rows = [[value_of(text) for text in row] for row in csv.reader(source, delimiter=";")]
    rows[1][2] = "=1/3"
    grid = spreadsheet.read(xlsx({"A": rows}), file="a.xlsx").grids[0]
    read = read_table(PROFILES.recognise(grid.rows[0], file="a"), grid.rows, numbers=grid.numbers)
    assert [(r.place, r.literal) for r in read.refusals] == [("row 2, Normalisation factor", "=1/3")]


def test_hidden_and_merged_things_are_read_and_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "A"
    sheet.append(["a", "b", "c"])
    sheet.append(["d", "e", "f"])
    sheet.merge_cells("A3:B4")
    sheet["A3"] = "m"
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    behind = book.create_sheet("B")
    behind["A1"] = 1
    behind.sheet_state = "veryHidden"
    contents = spreadsheet.read(saved(book), file="a.xlsx")
    assert contents.grids[0].rows == (("a", "b", "c"), ("d", "e", "f"), ("m", "", ""))
    assert contents.grids[1].rows == (("1",),)
    told = " | ".join(contents.notes)
    for part in (
        "A: hidden rows, read as the others: 2",
        "A: hidden columns, read as the others: 3-3",
        "A: 1 merged",
        "B: a hidden sheet",
    ):
        assert part in told


def test_attributes_in_any_order_other_quotes_and_prefixes_are_read_the_same() -> None:
    usual = raw_xlsx('<sheetData><row r="2"><c r="B2" t="e"><v>#N/A</v></c></row></sheetData>')
    quoted = raw_xlsx("<sheetData><row r='2'><c t='e' r='B2'><v>#N/A</v></c></row></sheetData>")
    assert rows_of(usual) == rows_of(quoted) == {2: ("", "#N/A")}
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData>'
        "</x:worksheet>"
    )
    assert rows_of(raw_xlsx("", more={"xl/worksheets/sheet1.xml": sheet})) == {2: ("", "#N/A")}


def test_an_old_workbook_gives_the_same_with_its_errors() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    percent = xlwt.easyxf(num_format_str="0.0%")
    for column, (value, form) in enumerate(
        ((0.1, percent), (12, None), (93.33333333, None), (dt.date(2020, 5, 1), date), (True, None))
    ):
        sheet.write(2, column + 1, value, *([form] if form else []))
    sheet.row(3).set_cell_error(1, 42)
    sheet.row(3).hidden = True
    book.add_sheet("B").write(0, 0, "x")
    contents = spreadsheet.read(saved(book), file="a.xls")
    grid = contents.grids[0]
    assert grid.numbers == (3, 4)
    assert grid.rows[0] == ("", "0.1", "12", "93.33333333", "2020-05-01", "TRUE")
    assert grid.rows[1][1] == "#N/A"
    assert contents.notes == ("sheet A: hidden rows, read as the others: 4",)
    assert contents.grids[1].part == "sheet B"


def test_an_opendocument_sheet_gives_its_letters() -> None:
    table = (
        '<table:table table:name="A" table:style-name="h"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/><table:table-row table:number-rows-repeated="4"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="percentage" office:value="0.9850"><text:p>98.5 %</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2020-05-01T13:30:00"><text:p>x</text:p></table:table-cell>'
        '<table:table-cell office:value-type="time" office:time-value="PT13H05M00S"><text:p>x</text:p></table:table-cell>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>x</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0"><text:p>#DIV/0!</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=[.A1]"/><table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-spanned="2"><text:p>two<text:s text:c="2"/>'
        "words</text:p><text:p>more</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table>"
    )
    styles = (
        '<office:automatic-styles><style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles>"
    )
    contents = opendocument.read(ods(table, styles=styles), file="a.ods")
    grid = contents.grids[0]
    assert grid.numbers == (5, 6, 7)
    assert grid.rows[0] == ("", "", "0.9850", "2020-05-01T13:30", "13:05", "TRUE", "#DIV/0!", "=[.A1]")
    assert grid.rows[1] == grid.rows[2] == ("two  words\nmore",)
    told = " | ".join(contents.notes)
    for part in (
        "a hidden sheet",
        "formulas without a kept value: row 5",
        "hidden columns, read as the others: 3-3",
        "1 merged",
    ):
        assert part in told


def real(name: str) -> list[list[str]]:
    return delimited.rows((SAMPLES / "zagar" / name).read_bytes(), file=name, delimiter=";", encoding="utf-8-sig")


@pytest.mark.parametrize("name", ["Normalization.csv", "Laboratory.csv", "Process.csv"])
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_the_same_records_come_from_a_spreadsheet_as_from_the_csv_file(name: str, kind: str, tmp_path: Path) -> None:
    rows = real(name)
    typed = [rows[0], *([value_of(text) for text in row] for row in rows[1:])]
    title = [["Extract of batches"], []]
    made = {"xlsx": xlsx, "xls": xls}
    data = ods(ods_rows("A", [*title, *rows])) if kind == "ods" else made[kind]({"A": [*title, *typed]})
    path = tmp_path / f"extract.{kind}"
    path.write_bytes(data)
    found = prepare(Job(path, PROFILES)).documents[0]
    wanted = read_table(PROFILES.recognise(rows[0], file=name), rows)
    assert found.part == "sheet A"
    numbers = ("cells_in", "imported", "refused", "missing")
    assert [getattr(found.read.balance, n) for n in numbers] == [getattr(wanted.balance, n) for n in numbers]
    assert [r.row for r in found.read.records] == [r.row + 2 for r in wanted.records if r.row is not None]
    assert [(r.identifier, r.date, r.product) for r in found.read.records] == [
        (r.identifier, r.date, r.product) for r in wanted.records
    ]
    values = [[(m[2], m[4], m[6] and float(m[6]), m[7]) for m in read.measurements] for read in (found.read, wanted)]
    assert values[0] == values[1]
    literals = [[m[5] for m in read.measurements] for read in (found.read, wanted)]
    same = sum(a == b for a, b in zip(*literals, strict=True))
    assert same >= 0.97 * len(literals[1])  # the others differ in trailing zeros and exponents, which a number does not keep


def test_an_unknown_sheet_is_told_and_the_known_one_taken(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    path.write_bytes(
        xlsx({"Notes": [["made by", "somebody"]], "Data": [[value_of(c) for c in row] for row in real("Normalization.csv")]})
    )
    prepared = prepare(Job(path, PROFILES))
    assert [d.part for d in prepared.documents] == ["sheet Data"]
    assert prepared.passed_over[0][0] == "sheet Notes"
    assert "no import profile" in prepared.passed_over[0][1]


FAR = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}{0}"><v>1</v></c></row></sheetData>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
REFUSED = {
    "a million columns": (raw_xlsx(FAR.format(1_000, "BDWGN")), "more than 2000 columns"),
    "last cell of the sheet": (raw_xlsx(FAR.format(1_048_576, "XFD")), "more than 2000 columns"),
    "rows and columns": (raw_xlsx(FAR.format(1_048_576, "ZZ")), "more than 20000000 cells"),
    "the same in odd form": (
        raw_xlsx(FAR.format(1_048_576, "XFD").replace("<c r=", '<c s="0" r=')),
        "more than 2000 columns",
    ),
    "entities": (raw_xlsx(cell("<v>1</v>"), head=LAUGHS), "declares entities"),
    "password": (encrypted(xls({"A": [["x" * 5000]]})), "protected by a password"),
    "no workbook": (zipped({"a.txt": "x"}), "without a workbook"),
    "empty": (b"", "the file is empty"),
    "a web page": (b"<html><table></table></html>", "begins as a web page"),
    "no value": (raw_xlsx("<sheetData/>"), "no sheet has a cell"),
    "a bomb": (raw_zip([zeros("xl/worksheets/sheet1.xml", 4_000)]), "unpacks to more"),
    "cut": (xlsx({"A": [["x"]]})[:900], "not a readable spreadsheet"),
    "old and cut": (xls({"A": [["x"]]})[:2000], "not a readable workbook"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_spreadsheet_that_is_not_read_says_why_and_what_to_do(case: str) -> None:
    data, said = REFUSED[case]
    with pytest.raises(Invalid, match=said) as caught:
        spreadsheet.read(data, file="a.xlsx")
    assert caught.value.message.startswith("a.xlsx")
    assert caught.value.remedy


def test_an_old_workbook_behind_a_password_is_named_as_such() -> None:
    data = xls({"A": [["x" * 5000]]})
    start = data.index(struct.pack("<HHHH", 0x809, 16, 0x600, 5)) + 20  # after the first record comes its lock
    locked = data[:start] + struct.pack("<HH", 0x2F, 2) + b"\x00\x00" + data[start + 6 :]
    with pytest.raises(Invalid, match="protected by a password"):
        spreadsheet.read(locked, file="a.xls")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('<table:table-row><table:table-cell table:number-columns-repeated="1000000"><text:p>x</text:p></table:table-cell></table:table-row>', "columns"),
        ('<table:table-row table:number-rows-repeated="99999999"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>', "cells"),
        ("<table:table-row/>", "no sheet has a cell"),
    ],
)  # fmt: skip
def test_repeated_cells_are_bounded(table: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        opendocument.read(ods(f'<table:table table:name="A">{table}</table:table>'), file="a.ods")


COMMA = """
name = "weights"
version = 1
title = "Weights"
kind = "batch"
key = ["batch"]
decimal_mark = ","
date = ["made_on"]

[columns.Batch]
field = "batch"

[columns."Made on"]
field = "made_on"
type = "date"
format = "DD.MM.YYYY"

[columns.Weight]
attribute = "weight"
type = "decimal"
unit = "mg"
"""
DAY = dt.datetime(2020, 5, 4)
MIXED = (
    ("Batch", "Made on", "Weight"),
    ("B-1", DAY, 111.5),  # a number and a day
    ("B-2", "05.05.2020", "111,25"),  # texts, as the profile writes them
    ("B-3", "06.05.2020", "111.25"),  # a text with another mark
    ("B-4", "2020-05-07", 112),  # a text in another form
)


def _mixed(ending: str) -> bytes:
    if ending == ".xlsx":
        return xlsx({"Data": MIXED})
    if ending == ".xls":
        book = xlwt.Workbook()
        sheet, day = book.add_sheet("Data"), xlwt.easyxf(num_format_str="dd.mm.yyyy")
        for place in ((r, c) for r in range(len(MIXED)) for c in range(3)):
            value = MIXED[place[0]][place[1]]
            sheet.write(*place, value, *([day] if isinstance(value, dt.datetime) else []))
        return saved(book)

    def cell_of(value: object) -> str:
        if isinstance(value, dt.datetime):
            return '<table:table-cell office:value-type="date" office:date-value="2020-05-04"><text:p>4. 5. 2020</text:p></table:table-cell>'
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{str(value).replace(".", ",")}</text:p></table:table-cell>'

    rows = "".join(f"<table:table-row>{''.join(map(cell_of, row))}</table:table-row>" for row in MIXED)
    return ods(f'<table:table table:name="Data">{rows}</table:table>')


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_numbers_and_days_are_what_they_are_and_texts_follow_the_profile(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"weights{ending}"
    path.write_bytes(_mixed(ending))
    profile = parse(COMMA.encode(), file="weights.toml")
    (document,) = prepare(Job(path, ProfileSet((profile,)))).documents
    assert [(m[2], m[5], m[6]) for m in document.read.measurements] == [
        ("B-1", "111.5", "111.5"),
        ("B-2", "111,25", "111.25"),
    ]
    assert [(r.identifier, r.date) for r in document.read.records] == [
        ("B-1", "2020-05-04"), ("B-2", "2020-05-05"), ("B-3", "2020-05-06"),
    ]  # fmt: skip
    refused = {(r.place, r.literal): r.reason for r in document.read.refusals}
    assert refused["row 4, Weight", "111.25"] == "'.' in a file whose decimal mark is ','"
    assert refused["row 5, Made on", "2020-05-07"] == "not a date of the form DD.MM.YYYY"
    assert document.read.balance.holds


def test_a_month_is_taken_from_the_day_that_a_spreadsheet_keeps_for_it(tmp_path: Path) -> None:
    path = tmp_path / "weights.xlsx"
    path.write_bytes(xlsx({"Data": (MIXED[0], ("B-1", DAY, 1), ("B-2", "2020-05-04", 1))}))
    monthly = COMMA.replace('type = "date"\nformat = "DD.MM.YYYY"', 'type = "month"')
    (document,) = prepare(Job(path, ProfileSet((parse(monthly.encode(), file="weights.toml"),)))).documents
    assert [(r.identifier, r.date, r.precision) for r in document.read.records] == [("B-1", "2020-05", "month")]


def test_a_proposal_hears_the_decimal_mark_from_texts_only(tmp_path: Path) -> None:
    path = tmp_path / "weights.xlsx"
    rows = [(f"B-{n}", 100 + n / 8, f"{n},25") for n in range(1, 9)]
    path.write_bytes(xlsx({"Data": (("Batch", "Weight (mg)", "Loss (%)"), *rows)}))
    (found,) = sample(SampleJob(path, shipped()))
    assert found.profile.decimal_mark == ","
    assert [rule.type for rule in found.profile.columns] == ["text", "decimal", "decimal"]
