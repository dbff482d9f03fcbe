"""A number shown as per cent is what is shown where the profile's unit is per cent, and what is stored elsewhere; to the digit."""

import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from office_files import ods, raw_xlsx, saved, xlsx, zipped

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from corpus import clashes, records
from corpus.identifiers import shipped
from corpus.ingest import ingest
from corpus.newdocument import NewDocument
from corpus.prepare import Job, prepare
from corpus.profile_toml import parse
from corpus.profiles import ProfileSet
from corpus.readers import biff, numberformats
from corpus.readers.contents import PercentCell
from corpus.sampling import SampleJob, sample

PROFILE = """
name = "yields"
version = 1
title = "Yields"
kind = "batch"
key = ["batch"]
decimal_mark = ","

[columns.Batch]
field = "batch"

[columns.Yield]
attribute = "yield"
type = "decimal"
unit = "%"

[columns.Ratio]
attribute = "ratio"
type = "decimal"

[columns.Loss]
field = "loss"
type = "decimal"
unit = "%"
"""
HEADER = ("Batch", "Yield", "Ratio", "Loss")
Cell = tuple[object, str]  # value, format
P = "0.0%"


def workbook(ending: str, *rows: tuple[object, ...]) -> bytes:
    """Make a workbook in which a cell is a value, or a value with the code of its format."""
    told = [tuple(cell if isinstance(cell, tuple) else (cell, "") for cell in row) for row in (HEADER, *rows)]
    return {".xlsx": _xlsx, ".xls": _xls, ".ods": _ods}[ending](told)


def _xlsx(rows: list[tuple[Cell, ...]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Data"
    for r, row in enumerate(rows, start=1):
        for c, (value, form) in enumerate(row, start=1):
            cell = sheet.cell(r, c, value)
            cell.number_format = form or "General"
    return saved(book)


def _xls(rows: list[tuple[Cell, ...]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for r, row in enumerate(rows):
        for c, (value, form) in enumerate(row):
            sheet.write(r, c, value, *([xlwt.easyxf(num_format_str=form)] if form else []))
    return saved(book)


def _ods(rows: list[tuple[Cell, ...]]) -> bytes:
    def cell(value: object, form: str) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        kind = "percentage" if "%" in form else "float"
        return (
            f'<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>shown</text:p></table:table-cell>'
        )

    made = "".join(f"<table:table-row>{''.join(cell(*one) for one in row)}</table:table-row>" for row in rows)
    return ods(f'<table:table table:name="Data">{made}</table:table>')


def read(path: Path, data: bytes, profile: str = PROFILE) -> NewDocument:
    path.write_bytes(data)
    (document,) = prepare(Job(path, ProfileSet((parse(profile.encode(), file="p.toml"),)))).documents
    return document


def measured(document: NewDocument) -> list[tuple[str, str, str, str | None]]:
    return [(m[2], m[4], m[5], m[6]) for m in document.read.measurements]


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_under_the_unit_per_cent_a_cell_is_what_is_shown_elsewhere_what_is_stored(ending: str, tmp_path: Path) -> None:
    data = workbook(
        ending, ("B-1", (0.985, P), (0.985, P), (0.07, "0.00%")), ("B-2", (1, "0%"), (0.5, "0.00"), (0.0015, "0%"))
    )
    document = read(tmp_path / f"a{ending}", data)
    assert measured(document) == [
        ("B-1", "yield", "98.5%", "98.5"),
        ("B-1", "ratio", "0.985", "0.985"),
        ("B-2", "yield", "100%", "100"),
        ("B-2", "ratio", "0.5", "0.5"),
    ]
    assert [record.fields["loss"] for record in document.read.records] == ["7", "0.15"]
    kept = json.loads(document.kept)["rows"]
    assert kept[1] == ["B-1", "98.5%", "0.985", "7%"]  # what a person sees who opens the cell
    assert document.notes == ()
    assert document.read.balance.holds


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_a_column_with_and_without_the_format_is_read_cell_by_cell_and_told(ending: str, tmp_path: Path) -> None:
    rows = [("B-1", (0.985, P), 1, 2), ("B-2", 98.1, 1, 2), ("B-3", "97,5 %", 1, 2), ("B-4", "#", 1, 2)]
    path = tmp_path / f"a{ending}"
    document = read(path, workbook(ending, *rows))
    assert [m[3] for m in measured(document) if m[1] == "yield"] == ["98.5", "98.1", "97.5"]
    assert [(r.place, r.literal) for r in document.read.refusals] == [("row 5, Yield", "#")]
    (note,) = prepare(Job(path, ProfileSet((parse(PROFILE.encode(), file="p.toml"),)))).notes
    assert note == (
        "sheet Data: column 'Yield': with a per cent sign 2 (row 2, 4), without 1 (row 3); each number was read as it stands, "
        "and a person should look whether all are per cent"
    )
    assert document.notes == (note,)


@pytest.mark.parametrize(
    ("literal", "value"),
    [("98,5 %", "98.5"), ("98,5%", "98.5"), ("98,5\N{NO-BREAK SPACE}%", "98.5"), ("98,5 %%", None), ("%", None), ("98,5 % w/w", None)],
)  # fmt: skip
def test_a_text_with_the_sign_is_its_number_under_the_unit_per_cent_only(
    literal: str, value: str | None, tmp_path: Path
) -> None:
    text = f"Batch;Yield;Ratio;Loss\nB-1;{literal};{literal};1\n"
    document = read(tmp_path / "a.csv", text.encode())
    taken = [("B-1", "yield", literal.strip(), value)] if value else []
    assert measured(document) == taken
    refused = ["row 2, Ratio"] if value else ["row 2, Yield", "row 2, Ratio"]
    assert [r.place for r in document.read.refusals] == refused


def test_a_censored_number_may_carry_the_sign(tmp_path: Path) -> None:
    document = read(tmp_path / "a.csv", b"Batch;Yield;Ratio;Loss\nB-1;<0,05 %;1;1\n")
    assert document.read.measurements[0][5:8] == ("<0,05 %", None, "censored")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=None))
def test_the_decimal_point_moves_and_no_digit_changes(number: Decimal) -> None:
    shown = PercentCell(f"{number:f}").shown
    assert shown.endswith("%")
    assert Decimal(shown[:-1]).compare_total(_shifted(f"{number:f}")) == 0


def _shifted(written: str) -> Decimal:
    """Move the point by hand: two digits from behind it go before it."""
    whole, _, behind = written.partition(".")
    behind = behind.ljust(2, "0")
    return Decimal(f"{whole}{behind[:2]}.{behind[2:]}" if behind[2:] else f"{whole}{behind[:2]}")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("0.9850", "98.50%"),
        ("0.30000000000000004", "30.000000000000004%"),
        ("0.12345678901234567890123456789012345", "12.345678901234567890123456789012345%"),
        ("1E-5", "0.001%"),
        ("-0.5", "-50%"),
        ("1e9999", "1E+10001%"),
        ("1e999999999", "1e999999999%"),
        ("x", "x%"),
    ],
)
def test_what_is_shown_keeps_every_digit_and_stays_small(stored: str, shown: str) -> None:
    assert PercentCell(stored).shown == shown


@pytest.mark.parametrize(
    ("code", "percent"),
    [
        ("0%", True), ("0.00 %", True), ('0.0"x"%', True), ("[Red]0.0%", True), ('0.0%;-0.0%;"-"', True), ("# ?/?%", True),
        ('0.0"%"', False), (r"0.0\%", False), ("0.0_%", False), ("0*%", False), ("[$%-409]0.0", False), ("General", False),
        ('0;-0;0;@"%"', False), ("0;-0;0;%", False), ("", False), ('0.0"%', False),
    ],
)  # fmt: skip
def test_a_format_is_one_of_per_cent_by_an_unquoted_unescaped_sign(code: str, percent: bool, tmp_path: Path) -> None:  # noqa: FBT001
    assert numberformats.is_percent(code) is percent
    if code:
        expected = "50%" if percent else "0.5"
        document = read(tmp_path / "a.xlsx", workbook(".xlsx", ("B-1", (0.5, code), 1, 1)))
        assert measured(document)[0][2] == expected


def _restyled(data: bytes, **changed: Callable[[str], str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    names = {"styles": "xl/styles.xml", "sheet": "xl/worksheets/sheet1.xml"}
    for name, change in changed.items():
        parts[names[name]] = change(parts[names[name]])
    return zipped(parts)


def test_a_sheet_that_must_be_walked_gives_the_same(tmp_path: Path) -> None:
    rows = (("B-1", (0.985, P), (0.985, P), (0.07, "0%")), ("B-2", "=1/2", 1, 1))
    with_formula = read(tmp_path / "a.xlsx", workbook(".xlsx", *rows))
    quoted = read(
        tmp_path / "b.xlsx", _restyled(workbook(".xlsx", rows[0]), sheet=lambda xml: xml.replace(' s="1"', " s='1'"))
    )
    long = read(tmp_path / "c.xlsx", workbook(".xlsx", rows[0], (12345678901234567, 1, 1, 1)))
    for document in (with_formula, quoted, long):
        assert measured(document)[:2] == [("B-1", "yield", "98.5%", "98.5"), ("B-1", "ratio", "0.985", "0.985")]


def test_a_cell_is_shown_by_its_own_style_whatever_stands_between_place_and_style(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{a}</t></is></c>{more}</row>'
        for n, a, more in (
            (1, "Batch", "".join(f'<c r="{c}1" t="inlineStr"><is><t>{h}</t></is></c>' for c, h in zip("BCD", HEADER[1:], strict=True))),
            (2, "B-1", '<c r="B2" t="n" s="1"><v>0.985</v></c><c r="C2" s="2"><v>0.5</v></c><c r="D2" s="11"><v>0.25</v></c>'),
        )
    )  # fmt: skip
    forms = "".join(f'<xf numFmtId="{n}"/>' for n in (0, 10, 164, 0, 0, 0, 0, 0, 0, 0, 0, 2))
    codes = '<numFmts count="1"><numFmt numFmtId="164" formatCode="0&quot;%&quot;"/></numFmts>'
    style = f'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{codes}<cellXfs>{forms}</cellXfs></styleSheet>'
    document = read(tmp_path / "a.xlsx", raw_xlsx(f"<sheetData>{rows}</sheetData>", more={"xl/styles.xml": style}))
    assert [m[2] for m in measured(document)] == ["98.5%", "0.5"]
    assert document.read.records[0].fields["loss"] == "0.25"


def test_a_percentage_style_of_an_opendocument_cell_counts_as_its_type_does(tmp_path: Path) -> None:
    head = "".join(f'<table:table-cell office:value-type="string"><text:p>{h}</text:p></table:table-cell>' for h in HEADER)
    cells = '<table:table-cell office:value-type="string"><text:p>B-1</text:p></table:table-cell>' + "".join(
        f'<table:table-cell table:style-name="{s}" office:value-type="float" office:value="0.5"><text:p>x</text:p></table:table-cell>'
        for s in ("p", "p", "q")
    )
    styles = (
        '<office:automatic-styles><number:percentage-style xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" style:name="N1"/>'
        '<style:style style:name="p" style:family="table-cell" style:data-style-name="N1"/><style:style style:name="q"/></office:automatic-styles>'
    )
    table = f'<table:table table:name="A"><table:table-row>{head}</table:table-row><table:table-row>{cells}</table:table-row></table:table>'
    document = read(tmp_path / "a.ods", ods(table, styles=styles))
    assert [m[2] for m in measured(document)] == ["50%", "0.5"]
    assert document.read.records[0].fields["loss"] == "0.5"


def test_an_old_workbook_keeps_several_numbers_in_one_record_each_with_its_format() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    percent = xlwt.easyxf(num_format_str="0%")
    row = sheet.row(4)
    for column, style in ((0, percent), (1, None), (2, percent)):
        row.write(column, 12, *([style] if style else []))
    (special,) = biff.specials(saved(book), file="a.xls").values()
    assert special.percents == {5: [0, 2]}


LONG = """
name = "steps"
version = 1
title = "Steps"
kind = "step"
layout = "long"
key = ["batch", "parameter"]
attribute = ["parameter"]
value = "value"
unit = "unit"

[columns.Batch]
field = "batch"
[columns.Parameter]
field = "parameter"
[columns.Value]
field = "value"
type = "decimal"
[columns.Unit]
field = "unit"
"""


def test_a_long_table_names_the_unit_row_by_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (("Batch", "Parameter", "Value", "Unit"), ("B-1", "yield", 0.985, "%"), ("B-1", "factor", 0.985, "1/min")):
        sheet.append(line)
    for place in ("C2", "C3"):
        sheet[place].number_format = "0.0%"
    document = read(tmp_path / "a.xlsx", saved(book), LONG)
    assert measured(document) == [("B-1", "yield", "98.5%", "98.5"), ("B-1", "factor", "0.985", "0.985")]


def test_a_form_is_read_the_same_way(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (("Batch:", "B-1"), ("Yield:", 0.985), ("Ratio:", 0.985), ("Loss:", 0.015)):
        sheet.append(line)
    for place in ("B2", "B3", "B4"):
        sheet[place].number_format = "0.0%"
    document = read(tmp_path / "a.xlsx", saved(book), PROFILE.replace("key =", 'layout = "form"\nkey ='))
    assert [m[2:] for m in measured(document)] == [("98.5%", "98.5"), ("0.985", "0.985")]


def test_a_column_shown_as_per_cent_throughout_is_proposed_with_that_unit(tmp_path: Path) -> None:
    rows = [
        (f"B-{n}", (0.9 + n / 1000, P), (0.5, P if n else "0.00"), "#N/A" if n == 3 else (n / 8, "0%")) for n in range(9)
    ]
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(".xlsx", *rows))
    (found,) = sample(SampleJob(path, shipped()))
    assert {rule.header: rule.unit for rule in found.profile.columns} == {
        "Batch": "",
        "Yield": "%",
        "Ratio": "",
        "Loss": "%",
    }
    assert "every number is shown as per cent" in " ".join(found.notes["Yield"])
    document = read(path, path.read_bytes(), found.text)
    assert not document.read.refusals
    assert [m[6] for m in document.read.measurements if m[4] == "yield"][:2] == ["90", "90.1"]


def test_one_result_in_two_files_with_and_without_the_sign_is_no_clash(
    sqlite_database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    who = Actor("a1", "import", "Import Service", "service")
    profiles = ProfileSet((parse(PROFILE.encode(), file="p.toml"),))
    (tmp_path / "a.xlsx").write_bytes(workbook(".xlsx", ("B-1", (0.985, P), 1, (0.02, P)), ("B-2", (0.9, P), 1, 2)))
    (tmp_path / "b.csv").write_text("Batch;Yield;Ratio;Loss\nB-1;98,50;1;2\nB-2;91;1;2\n")
    done = ingest(sqlite_database, clock, new_id, paths=[tmp_path], profiles=profiles, actor=who, zone="UTC")
    assert [note for note in done.notes if "'Loss'" in note]
    with sqlite_database.read() as conn:
        (clash,) = clashes.every(conn)
        (held,) = records.measurements(conn, batches=["B-1"], attributes=["yield"])
        _, ((_, row),) = records.source_rows(conn, held.document_id, row=held.row, around=0)
    assert (clash.name, clash.first, clash.second) == (
        "measurement/B-2/yield", "90 % (a.xlsx, sheet Data row 3, Yield)", "91 % (b.csv row 3, Yield)",
    )  # fmt: skip
    assert (held.literal, held.written, held.value, str(held.locator)) == (
        "98.5%", "98.5", Decimal("98.5"), "a.xlsx, sheet Data row 2, Yield",
    )  # fmt: skip
    assert row[1] == held.literal


def test_a_workbook_without_any_such_style_has_none_looked_for(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx({"A": [["x", 0.5]]}))) as archive:
        assert numberformats.of_package(archive) == frozenset()
    damaged = _restyled(workbook(".xlsx", ("B-1", 0.5, 1, 1)), styles=lambda xml: xml.replace("</cellXfs>", ""))
    with zipfile.ZipFile(io.BytesIO(damaged)) as archive:
        assert numberformats.of_package(archive) == frozenset()  # not even parsed
