"""A long table: each row names what it measured of a batch; it becomes a record and a measurement, and its cells are counted once."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from office_files import xlsx

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid
from corpus import records
from corpus.ingest import ImportResult, ingest
from corpus.model import Measurement
from corpus.plausibility import contradictions
from corpus.prepare import Job, prepare
from corpus.profile_toml import parse, written
from corpus.profiles import ProfileSet, load_profiles

WHO = Actor("a1", "import", "Import Service", "service")
SHIPS = load_profiles(Path(__file__).parents[1] / "corpus" / "samples" / "profiles")
EXAMPLES = Path(__file__).parent / "b2mml"
LONG = """
name = "parameters"
version = 1
title = "Process parameters"
kind = "process_parameter"
layout = "long"
key = ["batch", "step", "parameter", "time"]
attribute = ["step", "parameter"]
value = "value"
unit = "unit"
decimal_mark = ","
missing = ["", "n.a."]
product = "product_code"

[columns.Batch]
field = "batch"

[columns.Product]
field = "product_code"

[columns.Step]
field = "step"

[columns.Parameter]
field = "parameter"

[columns.Time]
field = "time"

[columns.Value]
field = "value"
group = "process parameter"

[columns.Unit]
field = "unit"
"""
FILE = """Batch;Product;Step;Parameter;Time;Value;Unit
B-1;17;Granulate;Speed;08:00;250,5;1/min
B-1;17;Granulate;Speed;09:00;251;1/min
B-1;17;Granulate;Remark;08:00;a belt was worn;
B-1;17;Dry;Temperature;10:00;60,25;Cel
B-1;17;Dry;Pressure;10:00;<0,5;kPa
B-2;17;Granulate;Speed;08:00;n.a.;1/min
B-2;17;Dry;Temperature;10:00;about 60;Cel
B-2;17;Dry;Pressure;10:00;2,1;bar
B-2;17;Dry;Temperature;10:00;61;Cel
"""
Bring = Callable[..., ImportResult]


@pytest.fixture
def bring(database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path) -> Bring:
    def bring_in(data: str | bytes | Path, *, name: str = "parameters.csv", profile: str = LONG) -> ImportResult:
        path = data if isinstance(data, Path) else tmp_path / name
        if not isinstance(data, Path):
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        known = SHIPS if isinstance(data, Path) else ProfileSet((parse(profile.encode(), file="long.toml"),))
        return ingest(database, clock, new_id, paths=[path], profiles=known, actor=WHO, zone="UTC")

    return bring_in


def measured(database: Database) -> list[Measurement]:
    with database.read() as conn:
        return sorted(records.measurements(conn), key=lambda m: (m.document_name, m.row))


def test_each_row_is_a_record_and_a_measurement_of_its_batch(bring: Bring, database: Database) -> None:
    done = bring(FILE)
    assert [(m.batch, m.attribute, m.literal, m.state, m.value, m.unit, str(m.locator)) for m in measured(database)] == [
        ("B-1", "Granulate/Speed", "250,5", "value", Decimal("250.5"), "1/min", "parameters.csv row 2, Value"),
        ("B-1", "Granulate/Speed #2", "251", "value", Decimal(251), "1/min", "parameters.csv row 3, Value"),
        ("B-1", "Dry/Temperature", "60,25", "value", Decimal("60.25"), "Cel", "parameters.csv row 5, Value"),
        ("B-1", "Dry/Pressure", "<0,5", "censored", None, "kPa", "parameters.csv row 6, Value"),
        ("B-2", "Granulate/Speed", "n.a.", "missing", None, "1/min", "parameters.csv row 7, Value"),
    ]  # fmt: skip
    assert {m.product for m in measured(database)} == {"17"}
    with database.read() as conn:
        remark = next(r for r in records.current_records(conn) if r.get("parameter") == "Remark")
    assert remark.get("value") == "a belt was worn"  # text: a record, no measurement
    assert done.notes == [
        "parameters.csv: column 'Value': 1 kept as text, not measured: no number, and without a unit (row 4 'a belt was worn')"
    ]
    assert done.documents[0].groups["Granulate/Speed #2"] == "process parameter"


def test_cells_are_counted_once_and_each_refusal_says_why(bring: Bring) -> None:
    done = bring(FILE)
    assert done.cells.tree() == {"in": 63, "imported": 52, "refused": 9, "missing": 2, "skipped": 0}
    assert done.cells.holds
    assert {r.locator: r.reason for r in done.refused if r.locator.endswith("Value")} == {
        "row 8, Value": "not a decimal number",
        "row 9, Value": "its unit is 'bar', that of Dry/Pressure in row 6 is 'kPa'",
        "row 10, Value": "process_parameter B-2/Dry/Temperature/10:00 stands already in row 8",
    }


def test_a_value_that_is_refused_is_no_field_of_its_record(bring: Bring, database: Database) -> None:
    bring(FILE)
    with database.read() as conn:
        record = next(r for r in records.current_records(conn) if r.row == 8)
    assert "value" not in record.fields
    assert record.get("unit") == "Cel"


def test_a_spreadsheet_gives_the_same(bring: Bring, database: Database) -> None:
    rows = [line.split(";") for line in FILE.splitlines()[:3]]
    number = [[*row[:5], float(row[5].replace(",", ".")), row[6]] if n else row for n, row in enumerate(rows)]
    bring(xlsx({"Data": number}), name="parameters.xlsx")
    assert [(m.attribute, m.value) for m in measured(database)] == [
        ("Granulate/Speed", Decimal("250.5")), ("Granulate/Speed #2", Decimal(251)),
    ]  # fmt: skip


PLAIN = LONG.replace('product = "product_code"\n', "").replace('[columns.Product]\nfield = "product_code"\n', "").replace(
    'key = ["batch", "step", "parameter", "time"]\nattribute = ["step", "parameter"]',
    'key = ["batch", "parameter"]\nattribute = ["parameter"]',
).replace('[columns.Step]\nfield = "step"\n', "").replace('[columns.Time]\nfield = "time"\n', "").replace('"n.a."', '"n.a.", "?"')  # fmt: skip
TOP = "Batch;Parameter;Value;Unit\n"


def test_a_number_without_a_unit_is_measured_without_a_dimension(bring: Bring, database: Database) -> None:
    done = bring(TOP + "U-1;pH;6,8;\nU-2;pH;6,9;-\nU-3;pH;n.a.;\nU-1;Count;<5;\nU-1;Assay;99,1;%\n", profile=PLAIN)
    assert done.refused == []
    assert done.cells.holds
    assert [(m.batch, m.attribute, m.value, m.state, m.unit) for m in measured(database)] == [
        ("U-1", "pH", Decimal("6.8"), "value", ""),
        ("U-2", "pH", Decimal("6.9"), "value", ""),  # a dash is no unit, so it is none of two units
        ("U-1", "Count", None, "censored", ""),
        ("U-1", "Assay", Decimal("99.1"), "value", "%"),
    ]


def test_what_did_not_measure_is_counted_and_named(bring: Bring) -> None:
    rows = "".join(f"U-{n};Colour;shade {n};\n" for n in range(1, 6)) + "U-6;pH;6.8;\nU-7;Assay;98;\nU-8;Assay;98;%\n"
    done = bring(TOP + rows, profile=PLAIN)
    assert done.notes == [
        (
            "parameters.csv: column 'Value': 6 kept as text, not measured: no number, and without a unit "
            "(row 2 'shade 1', row 3 'shade 2', row 4 'shade 3', ...)"
        )
    ]  # "6.8" is none where the decimal mark is a comma
    assert [(r.locator, r.reason) for r in done.refused] == [
        ("row 9, Value", "its unit is '%', that of Assay in row 8 is ''")
    ]


def test_a_measurement_without_a_batch_is_refused_and_no_other_text_stands_for_it(bring: Bring, database: Database) -> None:
    wide = PLAIN.replace('layout = "long"\n', "").replace('attribute = ["parameter"]\nvalue = "value"\nunit = "unit"\n', "").replace(
        'key = ["batch", "parameter"]', 'key = ["parameter"]'
    ).replace('field = "value"', 'attribute = "value"\ntype = "decimal"')  # fmt: skip
    for name, profile in (("wide.csv", wide), ("long.csv", PLAIN.replace('["batch", "parameter"]', '["parameter"]'))):
        done = bring(TOP + "H-1;Assay;99;%\n;LOD;0,2;%\n;Water;n.a.;%\n", profile=profile, name=name)
        told = "it is a value of no batch: its batch is missing"
        assert [(r.locator, r.literal, r.reason) for r in done.refused if r.literal != "n.a."] == [
            ("row 3, Value", "0,2", told)
        ]
        assert done.cells.holds
    assert {m.batch for m in measured(database)} == {"H-1"}


def test_without_a_unit_a_value_is_a_number_where_the_row_or_the_column_says_so(bring: Bring, database: Database) -> None:
    rows = "Batch;Parameter;Value;Type\nB-1;pH;6.8;double\nB-1;Lot;0117;string\nB-1;Colour;red;string\n"
    said = """
name = "typed"
version = 1
title = "Typed values"
kind = "process_parameter"
layout = "long"
key = ["batch", "parameter"]
attribute = ["parameter"]
value = "value"
numbers = { data_type = ["double", "int"] }

[columns.Batch]
field = "batch"

[columns.Parameter]
field = "parameter"

[columns.Value]
field = "value"

[columns.Type]
field = "data_type"
"""
    done = bring(rows, profile=said)
    assert done.refused == []
    assert done.notes == [
        (
            "parameters.csv: column 'Value': 1 kept as text, not measured: digits without a unit or a type of numbers, which may be an "
            "identifier or a code (row 3 '0117')"
        )
    ]
    assert [(m.attribute, m.literal, m.unit) for m in measured(database)] == [("pH", "6.8", "")]
    always = said.replace('field = "value"\n', 'field = "value"\ntype = "decimal"\nunit = "mg"\n')
    done = bring(rows.replace("B-1", "B-2"), profile=always, name="always.csv")
    assert [r.literal for r in done.refused] == ["red"]
    assert [(m.attribute, m.unit) for m in measured(database) if m.document_name == "always.csv"] == [
        ("pH", "mg"),
        ("Lot", "mg"),
    ]


def test_parameters_and_tests_of_a_batch_record_are_measured_with_their_xpath_kept(bring: Bring, database: Database) -> None:
    done = bring(EXAMPLES / "v0700.xml")
    assert done.cells.holds
    assert done.refused == []
    found = {m.attribute: (m.batch, m.product, m.literal, m.unit, m.locator.place) for m in measured(database)}
    assert found == {
        "CR-9/water/Parameter": ("B-0077", "P17", "18.50", "kg", "row 1, value"),
        "GRANULATE/impeller speed/Parameter": ("B-0077", "P17", "250", "1/min", "row 2, value"),
        "GRANULATE/impeller speed/OtherInformation": ("B-0077", "P17", "248.7", "1/min", "row 3, value"),
        "LOD/Loss on drying": ("B-0077", "P17", "1.80", "%", "row 1, value"),
    }


def test_the_balance_of_the_executed_record_is_that_of_its_records(bring: Bring) -> None:
    done = bring(EXAMPLES / "ProductionBatchRecord_Example_v06.xml")
    assert done.cells.holds
    assert done.refused == []
    assert done.measurements == 0  # its values have neither units nor types of numbers
    assert any(
        "process parameters" in note and "kept as text, not measured: digits without a unit" in note for note in done.notes
    )
    assert done.records["process_parameter"] == 36


def test_a_step_that_was_repeated_keeps_each_value(bring: Bring, database: Database, tmp_path: Path) -> None:
    text = (EXAMPLES / "v0700.xml").read_text(encoding="utf-8")
    start, end = text.index("<OtherInformation>"), text.index("</OtherInformation>") + len("</OtherInformation>")
    again = text[start:end].replace("248.7", "251.3")
    path = tmp_path / "repeated.xml"
    path.write_text(text[:end] + again + text[end:], encoding="utf-8")
    bring(path)
    speeds = [(m.attribute, m.literal, m.row) for m in measured(database) if "OtherInformation" in m.attribute]
    assert speeds == [
        ("GRANULATE/impeller speed/OtherInformation", "248.7", 3),
        ("GRANULATE/impeller speed/OtherInformation #2", "251.3", 4),
    ]


def test_two_files_that_give_one_attribute_two_units_contradict(bring: Bring, database: Database) -> None:
    bring(FILE.splitlines()[0] + "\nB-1;17;Dry;Pressure;10:00;2,1;kPa\n", name="one.csv")
    bring(FILE.splitlines()[0] + "\nB-2;17;Dry;Pressure;10:00;2,1;bar\n", name="two.csv")
    (found,) = contradictions(measured(database))
    assert (found.rule, found.batch, found.attributes) == ("one unit", "B-2", ("Dry/Pressure",))
    assert "one.csv row 2, Value" in found.message
    assert "two.csv row 2, Value" in found.message


def test_a_file_with_another_delimiter_than_its_profile_is_told_both(tmp_path: Path) -> None:
    path = tmp_path / "commas.csv"
    path.write_text("batch\tparameter\nB-1\tpH;acidity\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"one cell under ';'.* 2 cells between tabs"):
        prepare(Job(path, ProfileSet(()), chosen=parse(PLAIN.encode(), file="long.toml")))


def test_a_word_with_points_is_no_number_of_another_mark(bring: Bring) -> None:
    done = bring(TOP + "U-1;Mass;n.b.;mg\nU-2;Mass;1.234;mg\n", profile=PLAIN)
    assert [r.reason for r in done.refused] == ["not a decimal number", "'.' in a file whose decimal mark is ','"]


WRONG = {
    "no value": (LONG.replace('value = "value"\n', ""), "needs 'attribute' and 'value'"),
    "no batch": (LONG.replace('key = ["batch", ', "key = [").replace('field = "batch"', 'field = "lot"'), "field 'batch'"),
    "a unit of no column": (LONG.replace('unit = "unit"\n', 'unit = "uom"\n', 1), "field 'uom'"),
    "not long": (LONG.replace('layout = "long"\n', ""), "key 'attribute' is of a long table"),
    "a wide column": (LONG.replace('field = "time"', 'attribute = "time"\ntype = "decimal"').replace(', "time"]', "]"), "name the attribute"),
    "a dated value": (LONG.replace('group = "process parameter"', 'type = "date"'), "text or a number"),
    "odd numbers": (LONG.replace("product = ", 'numbers = { unit = "double" }\nproduct = '), "lists of texts"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_long_profile_is_told(case: str) -> None:
    text, told = WRONG[case]
    with pytest.raises(Invalid, match=told):
        parse(text.encode(), file="long.toml")


def test_a_long_profile_survives_the_way_to_its_canonical_text_and_back() -> None:
    for profile in (parse(LONG.encode(), file="long.toml"), SHIPS.named("b2mml_sample_result")):
        assert written(parse(written(profile).encode(), file="again.toml")) == written(profile)


@pytest.mark.parametrize("name", ["x" * 201, "a{fact:x}", "two\x07lines"])
def test_a_name_that_cannot_be_printed_is_refused(name: str, bring: Bring) -> None:
    done = bring(FILE.splitlines()[0] + f"\nB-1;17;Dry;{name};10:00;2,1;kPa\n")
    assert [r.reason for r in done.refused] == [
        "the name of what it measures cannot be printed, or is longer than 200 characters"
    ]
    assert done.measurements == 0
