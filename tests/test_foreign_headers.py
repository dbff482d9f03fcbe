"""Tables as systems export them: a row of units below the header, decimal commas, days of one order, running numbers, names spelled otherwise."""

from pathlib import Path

import pytest
from strangers import index_of, outcome

from corpus.sampling import contents_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.headers import filed
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.values import day_of, number_of

TITLE = "Annual review of the kiln"
FIRINGS = """
AUFTR;CHG;KILN;GRAIN_KG;UOM;PEAK_PCT;FIRED
700100;KB-001;East;412,5;kg;83,9;07.01.2025 07:15
700107;KB-002;West;408,0;kg;84,8;17.01.2025 06:40
700114;KB-003;East;399,5;kg;81,2;27.01.2025 08:05
"""
COOLING = [
    ["Cooling log of the kiln", "", "", "printed in 2026"],
    ["Batch", "Cooled", "Draft", "Moisture [% w/w] (NMT 4.0)"],
    ["", "dd/mm/yyyy", "mbar (limit 12)", ""],
    ["KB001", "08/01/2025", "9", "3.1"],
    ["KB002", "18/01/2025", "11", "3.6"],
    ["KB003", "28/01/2025", "7", "2.9"],
]
CHECKS = """
Check,Batch,Item,Reading,Unit,Allowance
C-1,KB-001,hue,12,mm,15
C-2,KB-002,hue,14,mm,15
C-3,KB-003,hue,16,mm,15
"""


@pytest.fixture(scope="module")
def kiln() -> Index:
    firings = [line.split(";") for line in FIRINGS.strip().splitlines()]
    return index_of({"firings.csv": firings, "cooling.csv": COOLING, "checks.csv": CHECKS})


@pytest.mark.parametrize(
    ("sentence", "met"),
    [
        ("The peak of batch KB-002 was 84.8 %.", "supported"),  # written 84,8
        ("The peak of batch KB-002 was 84.9 %.", "stopped"),
        ("The grain of batch KB-001 was 412.5 kg.", "supported"),
        ("The grain of batch KB-001 was 412.5 %.", "stopped"),
        ("The peak of batch KB-001 was 83.9 kg.", "stopped"),  # the column of units is of the one before it
        (
            "The draft of batch KB-002 was 11 mbar.",
            "supported",
        ),  # the unit stands below the header, the batch without its hyphen
        ("The draft of batch KB-002 was 11 kPa.", "stopped"),
        ("The draft of batch KB-003 was 9 mbar.", "stopped"),
        ("The moisture of batch KB-003 was 2.9 %.", "supported"),
        ("The draft ranged from 7 to 11 mbar.", "supported"),  # the row of units is no result
        ("Batch KB-002 was cooled on 18 January 2025.", "supported"),
        ("Batch KB-002 was cooled on 19 January 2025.", "stopped"),
        ("Three batches were fired.", "supported"),  # the running number is not what they are called
        ("Four batches were fired.", "stopped"),
    ],
)
def test_a_sentence_is_held_against_a_table_as_it_was_exported(kiln: Index, sentence: str, met: str) -> None:
    assert outcome(sentence, kiln, TITLE) == met


@pytest.mark.parametrize(
    ("sentence", "met"),
    [
        ("The draft of batch KB-001 stayed below the limit of 12 mbar.", "supported"),  # which stands below the header
        ("The draft of batch KB-001 stayed below the limit of 13 mbar.", "stopped"),
        ("The limit of the moisture is 4.0 %.", "supported"),  # in the header itself
        ("The limit of the moisture is 5.0 %.", "stopped"),
        ("All moisture results were within the limit.", "supported"),
    ],
)
def test_a_limit_in_a_header_is_one(kiln: Index, sentence: str, met: str) -> None:
    assert outcome(sentence, kiln, TITLE) == met


def test_a_title_line_supports_and_contradicts_nothing(kiln: Index) -> None:
    assert outcome("The cooling log was printed in 2026.", kiln, TITLE) != "stopped"


@pytest.mark.parametrize(
    ("literal", "value"), [("83,9", "83.9"), ("0,570", "0.570"), ("<0,05", "0.05"), ("1,2345", "1.2345"), ("1.250", "1.250")]
)
def test_a_comma_before_decimals_is_one(literal: str, value: str) -> None:
    number = number_of(literal)
    assert number is not None
    assert str(number.value) == value


@pytest.mark.parametrize("literal", ["1,250", "12,345", "1,2,3", "1, 2", "A,5"])
def test_a_comma_that_may_part_thousands_or_a_list_is_no_number(literal: str) -> None:
    assert number_of(literal) is None


def test_a_day_with_a_time_is_that_day() -> None:
    assert day_of("07.01.2025 07:15") == "2025-01-07"
    assert day_of("2025-01-07T07:15:00Z") == day_of("2025/01/07") == "2025-01-07"
    assert day_of("01/02/2025") is None  # its order is open where it stands alone


@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("QMS_deviations_2025", {"deviation"}), ("SAP_batch_records_2025", {"batch"}), ("change_control_list", {"change control"}),
        ("QMS_CAPA_CC_2025 sheet Change control", {"change control"}), ("TW_oos_capa $.oos", {"oos"}), ("F-033: Returned goods", {"returned good"}),
        ("plan of the north hall for visitors", {"visitor"}), ("plan of the north hall", set()),
    ],
)  # fmt: skip
def test_a_file_or_a_part_of_it_says_what_its_rows_are(name: str, noun: set[str]) -> None:
    assert filed(name) == noun


def test_tables_of_one_file_are_called_by_the_headings_above_them(tmp_path: Path) -> None:
    path = tmp_path / "kiln_register.md"
    rows = "| No. | Seen |\n|---|---|\n"
    path.write_text(
        f"# Register\n\n## Complaints\n\n{rows}| 1-A | crack |\n| 1-B | chip |\n\n## Repairs\n\n{rows}| 2-A | door |\n",
        encoding="utf-8",
    )
    index = Index(assemble([Source(path.name, contents_of(path))], Lexicon(), ()))
    assert [t.noun for t in index.evidence.tables] == ["complaint", "repair"]
    assert outcome("Two complaints were received.", index, TITLE) == "supported"
    assert outcome("Three complaints were received.", index, TITLE) == "stopped"


ASSAYS = """
Run,Glaze,Analysis,Result,Units,Reported
R-1,GZ-1,Colour,conforms,,23-09-21
R-2,GZ-1,Boron,4.1,%,23-09-21
R-3,GZ-2,Colour,conforms,,23-10-02
R-4,GZ-2,Boron,4.6,%,23-10-02
R-5,GZ-3,Colour,n.d.,,23-11-14
R-6,GZ-3,Boron,5.2,%,23-11-14
"""
GLAZES = """
Glaze,Grain (mm)
GZ-1,2
GZ-2,2
GZ-3,4
"""
INQUIRIES = """
Inquiry,Glaze,Of,First reading
Q-1,GZ-2,Boron,7.3
"""


@pytest.mark.parametrize(
    ("sentence", "met"),
    [
        ("The boron of glaze GZ-2 was 4.6 %.", "supported"),  # in a column that holds words, too
        ("The boron of glaze GZ-2 was 4.9 %.", "stopped"),
        ("The first boron reading of GZ-2 was 7.3.", "supported"),  # which a record about it has
        ("The highest boron result was 5.2 %.", "supported"),
        ("The highest boron result of the 2 mm glazes was 4.6 %.", "supported"),
        ("The highest boron result of the 2 mm glazes was 5.2 %.", "stopped"),
    ],
)
def test_results_of_several_tests_in_one_column_are_those_of_their_test(sentence: str, met: str) -> None:
    tables = {"assays.csv": ASSAYS, "glazes.csv": GLAZES, "inquiries.csv": INQUIRIES}
    assert outcome(sentence, index_of(tables), "Annual review of the glazes") == met


def test_days_of_six_digits_that_begin_with_their_year_are_days() -> None:
    (table,) = index_of({"assays.csv": ASSAYS}).evidence.tables
    assert (table.columns[-1].kind, [row[-1] for row in table.rows][::2]) == (
        "date",
        ["2023-09-21", "2023-10-02", "2023-11-14"],
    )
