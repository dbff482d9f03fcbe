"""A proposal says what was seen and how sure it is; what cannot be told apart is asked; a proposed profile reads its table exactly."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.errors import Invalid
from corpus import datewords
from corpus.guessing import guess_column, unit_of_header
from corpus.identifiers import shipped
from corpus.importprofile import GROUPS, Layout
from corpus.locating import locate
from corpus.prepare import Job, prepare
from corpus.profile_toml import parse, written
from corpus.profiles import ProfileSet, load_profiles
from corpus.proposing import Proposal, propose
from corpus.readers.contents import LINE_END, Grid, grid_of
from corpus.reading import ReadFile, read_table
from corpus.sampling import SampleJob, sample

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"


def proposed(rows: list[list[str]], *, part: str = "") -> Proposal:
    found = propose(grid_of(part, rows), name="table", identifiers=shipped())
    assert found is not None
    return found


def column(header: str, cells: list[str]) -> Proposal:
    return proposed([["id", header], *([f"DEV-2020-{n:03}", cell] for n, cell in enumerate(cells, start=1))])


def read_back(proposal: Proposal, rows: list[list[str]]) -> ReadFile:
    return read_table(parse(proposal.text.encode(), file="proposed.toml"), rows)


def real(name: str) -> list[list[str]]:
    with (SAMPLES / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


def test_of_the_real_laboratory_file_a_proposal_reads_every_cell_and_agrees_with_the_profile_that_ships() -> None:
    rows = real("zagar/Laboratory.csv")
    proposal = proposed(rows)
    profile, ships = proposal.profile, load_profiles(SAMPLES / "profiles").named("laboratory")
    read = read_back(proposal, rows)
    assert (read.balance.cells_in, read.balance.refused, read.balance.missing) == (55_275, 0, 563)
    assert (profile.kind, profile.key, profile.product, profile.strength, profile.date) == (
        ships.kind, ships.key, ships.product, ships.strength, ships.date,
    )  # fmt: skip
    assert [rule.type for rule in profile.columns] == [rule.type for rule in ships.columns]
    start = next(rule for rule in profile.columns if rule.header == "start")
    assert (start.type, start.format) == ("month", "MON.YY")
    assert {name: profile.months[name] for name in ("nov", "maj", "okt", "avg")} == {
        "nov": 11,
        "maj": 5,
        "okt": 10,
        "avg": 8,
    }
    assert "the months are Slovenian" in proposal.notes["start"]
    typo = next(rule for rule in profile.columns if rule.header == "resodual_solvent")
    assert typo.attribute == "resodual_solvent"  # a typing error of the file is a person's to correct
    assert "979 of 979 parse as decimals with '.'" in proposal.notes["api_water"]  # 26 cells are empty
    assert {record.date for record in read.records if record.identifier == "1"} == {"2018-11"}
    (asked,) = proposal.questions
    assert asked.startswith("Which group has each of 'api_water', 'api_total_impurities',")


def test_of_the_real_press_file_missing_literals_units_and_exponents_are_seen() -> None:
    proposal = proposed(real("zagar/Process.csv"))
    rules = {rule.header: rule for rule in proposal.profile.columns}
    assert proposal.profile.missing == ("", "#N/A")
    assert rules["Drug release average (%)"].unit == "%"
    assert rules["Drug release average (%)"].attribute == "drug_release_average"
    assert rules["pre_CompForce_mean"].exponent
    assert any("'#N/A' in 18 cells" in note for note in proposal.notes["Residual solvent"])


def test_a_number_that_a_spreadsheet_regrouped_is_refused_by_the_profile_that_is_proposed() -> None:
    rows = [["batch", "tensile"], *([str(n), f"{n}.412698315"] for n in range(1, 30)), ["30", "1.412.698.315"]]
    proposal = proposed(rows)
    assert any("1 do not, as '1.412.698.315'" in note for note in proposal.notes["tensile"])
    refused = read_back(proposal, rows).refusals
    assert [(r.place, r.literal) for r in refused] == [("row 31, tensile", "1.412.698.315")]
    assert "grouped digits" in refused[0].reason


@pytest.mark.parametrize(
    ("cells", "type_", "mark"),
    [
        (["93,5", "94,25", "0,125"], "decimal", ","),
        (["93.5", "94.25", "<0.05"], "decimal", "."),
        (["1,234", "2,345", "12,345"], "text", "."),  # thousands or thousandths: asked
        (["1.234", "2.345", "12.345"], "text", "."),
        (["1.234", "2.345", "0.345"], "decimal", "."),  # a leading nought groups nothing
        (["1.234,5", "2.345,6", "3.456,7"], "text", "."),  # thousands separators are never taken away
        (["1,234.5", "2,345.6", "3,456.7"], "text", "."),
        (["0117", "0118", "0119"], "text", "."),  # leading noughts belong to an identifier
        (["12", "13", "14"], "integer", "."),
    ],
)
def test_decimal_marks_are_told_where_they_can_be_and_asked_where_not(cells: list[str], type_: str, mark: str) -> None:
    proposal = column("value", cells)
    assert (proposal.profile.columns[1].type, proposal.profile.decimal_mark) == (type_, mark)
    assert bool(proposal.questions) == (type_ == "text" and not cells[0].startswith("0"))


def test_another_column_settles_a_mark_that_could_group_digits_and_two_marks_are_asked() -> None:
    rows = [["batch", "assay", "count"], *([str(n), f"9{n}.5", f"{n}.250"] for n in range(1, 9))]
    proposal = proposed(rows)
    assert [rule.type for rule in proposal.profile.columns] == ["integer", "decimal", "decimal"]
    rows = [["batch", "assay", "yield", "mass"], *([str(n), f"9{n}.5", f"8{n}.5", f"7{n},5"] for n in range(1, 9))]
    proposal = proposed(rows)
    assert proposal.profile.decimal_mark == "."
    assert proposal.profile.columns[3].type == "text"
    assert any("one decimal mark" in question for question in proposal.questions)


@pytest.mark.parametrize(
    ("cells", "pattern"),
    [
        (["2020-05-04", "2020-06-30"], "YYYY-MM-DD"),
        (["04.05.2020", "30.06.2020"], "DD.MM.YYYY"),
        (["4.5.2020", "30.6.2020"], "D.M.YYYY"),
        (["05/30/2020", "06/04/2020"], "MM/DD/YYYY"),
        (["30/05/2020", "04/06/2020"], "DD/MM/YYYY"),
        (["4. maj 2020", "30. avg 2020"], "D. MON YYYY"),
        (["2020-05-04 10:20", "2020-06-30 08:00"], "YYYY-MM-DD hh:mm"),
        (["nov.18", "maj.20", "okt.19", "avg.19"], "MON.YY"),
        (["05/2020", "06/2020"], "MM/YYYY"),
    ],
)
def test_one_way_of_writing_dates_is_proposed(cells: list[str], pattern: str) -> None:
    rule = column("made on", cells).profile.columns[1]
    assert rule.format == pattern
    assert rule.type in ("date", "month", "datetime")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["04/05/2020", "06/07/2020"], "DD/MM/YYYY and as MM/DD/YYYY"),
        (["04.05.2020", "06.07.2020"], "DD.MM.YYYY and as MM.DD.YYYY"),
        (["30/05/2020", "05/30/2020"], "mixed ways of writing dates"),
        (["2020-05-04", "04.05.2020"], "mixed ways of writing dates"),
        (["04.05.20", "06.07.20"], "DD.MM.YY and as MM.DD.YY"),
        (["lis 2020", "lis 2019"], "'lis' is month 11 in Polish"),  # listopad: November in Poland, October in Croatia
        (["xyz.20", "nov.20", "abc.19"], "are dates"),
    ],
)
def test_day_and_month_are_never_guessed(cells: list[str], told: str) -> None:
    proposal = column("made on", cells)
    rule = proposal.profile.columns[1]
    assert (rule.type, rule.format) == ("text", None)
    assert any(told in note for note in (*proposal.questions, *proposal.notes["made on"])) or told == "are dates"


def test_whole_numbers_that_are_days_too_are_asked() -> None:
    proposal = column("made on", ["20200504", "20200630"])
    assert proposal.profile.columns[1].type == "integer"
    assert any("YYYYMMDD" in question for question in proposal.questions)
    assert column("size", ["20200504", "20209930"]).questions == ()


def test_names_of_months_that_several_languages_share_are_read_as_all_of_them_do() -> None:
    found = datewords.guess(["nov.18", "okt.19"])
    assert found is not None
    assert {"Slovenian", "German", "Danish"} <= set(found.languages)
    assert found.months["maj"] == 5
    assert found.way is not None
    assert set(found.months.values()) == set(range(1, 13))


def test_titles_units_totals_and_notes_are_told_apart_from_records() -> None:
    rows = [
        ["Batch report 2020", "", ""],
        ["", "", ""],
        ["Batch", "Weight", "Yield"],
        ["", "mg", "%"],
        *([str(n), f"1{n}.5", f"9{n}.25"] for n in range(1, 8)),
        ["Total", "87.5", ""],
        ["Note: corrected on 2020-05-04", "", ""],
    ]
    proposal = proposed(rows, part="sheet 1")
    profile = proposal.profile
    assert profile.header == ("Batch", "Weight", "Yield")
    assert profile.units_row
    assert [rule.unit for rule in profile.columns] == ["", "mg", "%"]
    assert profile.skip_rows_starting == ("Total", "Note")
    assert proposal.rows == 7
    assert "the header is row 3" in proposal.notes[""]
    assert any("row 1" in note and "titles" in note for note in proposal.notes[""])


def test_a_total_below_two_rows_is_none_of_the_records_and_many_such_rows_are_asked() -> None:
    rows = [["Serija", "Vlaga"], ["A-1", "1,25"], ["A-2", "1,5"], ["Skupaj", "2,75"]]
    proposal = proposed(rows)
    assert (proposal.profile.skip_rows_starting, proposal.rows) == (("Skupaj",), 2)
    assert proposal.questions[0] == "Rows that begin with 'Skupaj' (row 4) are left out as totals or notes: are they?"
    assert all(group in proposal.questions[1] for group in GROUPS)
    mixed = [["Batch", "Weight"], ["A-1", "1.5"], ["Mean", "1.5"], ["A-2", "2.5"], ["Mean", "2.5"], ["A-3", "2.5"]]
    proposal = proposed(mixed)
    assert proposal.profile.skip_rows_starting == ()
    assert proposal.questions[0] == "Are the rows that begin with 'Mean' records, or totals and notes?"


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["99,5", "99.5", "1,234"], "('99.5', '99,5', '1,234')"),
        (["1,234.50", "1,200", "999.99"], "('1,234.50', '1,200', '999.99')"),
    ],
)
def test_numbers_written_in_several_ways_are_asked(cells: list[str], shown: str) -> None:
    proposal = column("mass", cells)
    assert proposal.profile.columns[1].type == "text"
    assert any(shown in question and "which way is meant" in question for question in proposal.questions)
    assert column("clause", ["1.2.3", "4.5.6", "7.8.9"]).questions == ()  # no numbers


def test_an_error_of_a_spreadsheet_is_asked_and_never_taken_for_no_value() -> None:
    rows = [["batch", "assay"], *([f"B-{n}", "#DIV/0!" if n == 4 else "#N/A" if n == 5 else f"9{n}.5"] for n in range(1, 9))]
    proposal = proposed(rows)
    assert proposal.profile.missing == ("", "#N/A")
    assert any("'#DIV/0!' in 1 cells is an error of the spreadsheet" in question for question in proposal.questions)
    assert [(r.place, r.literal) for r in read_back(proposal, rows).refusals] == [("row 5, assay", "#DIV/0!")]


def test_a_second_table_below_is_asked_and_does_not_blur_the_columns_of_the_first() -> None:
    first = [["Batches", ""], ["batch", "yield"], ["B-1", "99"], ["B-2", "98"]]
    rows = [*first, ["", ""], ["Deviations", ""], ["deviation", "batch"], ["DEV-1", "B-1"]]
    proposal = proposed(rows, part="sheet 1")
    assert (proposal.rows, proposal.profile.columns[1].type) == (2, "integer")
    assert any(
        q.startswith("Row 7 reads as the header of a second table ('deviation', 'batch')") for q in proposal.questions
    )
    close = proposed([*first[1:], ["deviation", "batch"], ["DEV-1", "B-1"]])
    assert any(q.startswith("Row 4 reads as the header of a second table") for q in close.questions)
    wide = [
        ["batch", "yield", "made", "by"],
        ["B-1", "99", "2024-01-02", "ab"],
        [],
        ["deviation", "about"],
        ["DEV-1", "B-1"],
    ]
    assert any(q.startswith("Row 4 reads as the header") for q in proposed(wide).questions)
    apart = [*first[1:], ["", ""], ["B-3", "97"], ["", ""], ["B-4", "none"]]
    assert not any("second table" in question for question in proposed(apart, part="sheet 1").questions)


def test_one_cell_does_not_make_a_column_of_whole_numbers() -> None:
    assert proposed([["batch", "mass"], ["B-1", "10"]]).profile.columns[1].type == "text"


LONG_HEADER = ["batch", "parameter", "value", "unit"]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (LONG_HEADER, [["B-1", "pH", "6.8", ""], ["B-1", "Assay", "99.1", "%"], ["B-2", "pH", "n.b.", ""], ["B-2", "Assay", "98.75", "%"]]),
        (["Charge", "Prüfung", "Wert", "Einheit"], [["T-1", "Masse", "10.5", "mg"], ["T-1", "Gehalt", "99.5", "%"], ["T-2", "Masse", "11", "mg"]]),
        (["batch", "what", "figure", "in"], [["B-1", "pH", "6.8", "-"], ["B-1", "Assay", "99", "%"], ["B-2", "pH", "7", "-"], ["B-2", "Assay", "98", "%"]]),
        (LONG_HEADER, [["B-1", "pH", "6.8", ""]]),
    ],
)  # fmt: skip
def test_a_long_table_is_proposed_as_one_and_measures_each_parameter(header: list[str], rows: list[list[str]]) -> None:
    proposal = proposed([header, *rows])
    profile = proposal.profile
    assert profile.layout is Layout.LONG
    assert profile.key == ("batch", *profile.attribute)
    assert {rule.type for rule in profile.columns} == {"text"}
    asked = any("name in 'what' what it measured" in question for question in proposal.questions)
    assert asked == (header[1] == "what")  # not told by its name
    read = read_back(proposal, [header, *rows])
    assert read.refusals == []
    assert [(m[2], m[4], m[5]) for m in read.measurements] == [(r[0], r[1], r[2]) for r in rows if r[2] != "n.b."]


def test_the_mark_of_a_long_table_is_told_by_its_figures_whatever_texts_stand_among_them() -> None:
    rows = [
        ["B-1", "Mass", "10,5", "mg"],
        ["B-1", "Colour", "white", ""],
        ["B-1", "Odour", "none", ""],
        ["B-2", "Mass", "<0,5", "mg"],
    ]
    proposal = proposed([LONG_HEADER, *rows])
    assert proposal.profile.decimal_mark == ","
    assert [m[5] for m in read_back(proposal, [LONG_HEADER, *rows]).measurements] == ["10,5", "<0,5"]
    mixed = proposed([LONG_HEADER, *rows, ["B-3", "Mass", "1.234,5", "mg"], ["B-4", "Mass", "11.5", "mg"]])
    assert any("which way is meant" in question for question in mixed.questions)


def test_rows_without_a_batch_are_asked() -> None:
    proposal = proposed([LONG_HEADER, ["B-1", "Mass", "10.5", "mg"], ["", "Loss", "0.5", "%"]])
    assert any("1 rows have no 'batch'" in question for question in proposal.questions)


def test_a_repeated_parameter_is_told_apart_by_what_else_stands_in_its_row() -> None:
    header = ["batch", "sample", "parameter", "value", "unit"]
    rows = [["B-1", "top", "pH", "6.8", ""], ["B-1", "end", "pH", "6.9", ""], ["B-2", "top", "pH", "6.7", ""]]
    proposal = proposed([header, *rows])
    assert proposal.profile.key == ("batch", "parameter", "sample")
    assert [m[4] for m in read_back(proposal, [header, *rows]).measurements] == ["pH", "pH #2", "pH"]
    numbered = proposed([["result_id", *header], *([f"R{n}", *row] for n, row in enumerate(rows))])
    assert numbered.profile.key == ("result_id",)


def test_a_sheet_without_a_proposal_and_a_hidden_one_are_asked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    shown, calculated = book.worksheets[0], book.create_sheet("calc")
    shown.title, calculated.sheet_state = "Results", "hidden"
    for sheet, header in ((shown, ("batch", "result", "result")), (calculated, ("batch", "mean", "spread"))):
        for row in (header, ("B-1", 1.5, 2.5), ("B-2", 3.5, 4.5)):
            sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    (proposal,) = sample(SampleJob(path, shipped()))
    assert proposal.part == "sheet calc"
    assert proposal.questions[0].startswith("Which group has each of 'mean', 'spread'?")
    assert proposal.questions[1:] == (
        "The sheet calc is hidden in its workbook: is it meant to be imported?",
        "sheet Results got no proposal: row 1 names 'result' more than once: is it no table?",
    )


def test_a_file_whose_header_names_a_column_twice_is_told_which(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("batch,result,result\nB-1,1.0,2.0\nB-2,3.0,4.0\n", encoding="utf-8")
    with pytest.raises(Invalid, match="row 1 names 'result' more than once"):
        sample(SampleJob(path, shipped()))


def test_a_table_without_a_unique_column_gets_a_pair_or_a_question() -> None:
    pair = proposed([["study", "month"], ["A", "0"], ["A", "3"], ["B", "0"], ["B", "3"]])
    assert pair.profile.key == ("study", "month")
    none = proposed([["study", "month"], ["A", "0"], ["A", "0"], ["B", "0"]])
    assert none.profile.key == ()
    assert any("identify a row" in question for question in none.questions)
    with pytest.raises(Invalid, match="names no field"):
        parse(none.text.encode(), file="proposed.toml")


def test_a_header_that_a_page_broke_over_lines_is_proposed_whole_and_found_again() -> None:
    rows = [["Batch", f"Yield,{LINE_END}final"], *([f"B-{n}", f"9{n}.5"] for n in range(1, 9))]
    profile = parse(proposed(rows, part="page 1, table 1").text.encode(), file="x")
    assert profile.header == ("Batch", "Yield, final")
    assert locate(grid_of("page 1, table 1", rows), ProfileSet((profile,)), file="x.pdf") is not None


def test_identifiers_of_the_site_make_the_key_and_the_kind() -> None:
    rows = [["title", "no", "refers to"], *([f"t{n}", f"CAPA-2020-{n:03}", f"DEV-2020-{n % 3:03}"] for n in range(1, 40))]
    profile = proposed(rows).profile
    assert (profile.kind, profile.key) == ("capa", ("no",))
    assert profile.columns[2].type == "text"  # three deviations are no closed list of values


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Weight (mg)", ("Weight", "mg")),
        ("Weight [mg]", ("Weight", "mg")),
        ("Weight, mg", ("Weight", "mg")),
        ("Weight (net)", ("Weight (net)", "")),
        ("Weight", ("Weight", "")),
    ],
)
def test_only_known_units_are_taken_from_a_header(header: str, found: tuple[str, str]) -> None:
    assert unit_of_header(header) == found


def test_a_missing_literal_that_is_also_a_word_is_asked() -> None:
    rows = [
        ["batch", "assay", "market"],
        *([str(n), "NA" if n % 5 == 0 else f"9{n}.5", "NA" if n % 2 else "EU"] for n in range(1, 31)),
    ]
    proposal = proposed(rows)
    assert proposal.profile.missing == ("", "NA")
    assert any("'NA' stands for no value elsewhere: does it in 'market' too?" in q for q in proposal.questions)


@pytest.mark.parametrize(
    ("encoding", "delimiter", "told"),
    [
        ("utf-8-sig", ";", "byte order mark"),
        ("utf-16", "\t", "UTF-16"),
        ("utf-8", ",", "valid UTF-8"),
        ("cp1250", "|", "not UTF-8"),
    ],
)
def test_encoding_and_delimiter_are_told_with_what_they_rest_on(
    encoding: str, delimiter: str, told: str, tmp_path: Path
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["Šarža", "vlaga"], *([f"čš{n}", f"{n}.5"] for n in range(20))])
    path = tmp_path / "serije.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    (proposal,) = sample(SampleJob(path, shipped()))
    assert proposal.profile.delimiter == delimiter
    assert any(told in note for note in proposal.notes[""])
    assert any("21 of the first 21 lines have 2 cells" in note for note in proposal.notes[""])
    if encoding == "cp1250":  # bytes alone do not say it: a person does
        assert any("Which encoding" in question for question in proposal.questions)
        assert proposal.profile.encoding == "cp1250"
    read = read_back(proposal, list(csv.reader(io.StringIO(text.getvalue()), delimiter=delimiter)))
    assert (len(read.records), read.refusals) == (20, [])


def test_a_file_without_a_table_is_told() -> None:
    assert propose(grid_of("", [["1", "2"], ["3", "4"]]), name="x", identifiers=shipped()) is None
    assert propose(Grid("", (), ()), name="x", identifiers=shipped()) is None


WORDS = st.text(alphabet="abcdefghijkmpqrsuvwxyzčšž ", min_size=1, max_size=12).map(str.strip).filter(lambda w: len(w) > 2)
DAYS = st.integers(0, 20_000).map(lambda n: date(1990, 1, 1) + timedelta(days=n))


def decimals(mark: str) -> st.SearchStrategy[str]:
    number = st.decimals(min_value=-10_000, max_value=10_000, allow_nan=False, places=4)
    return st.one_of(number.map(lambda d: f"{d}".replace(".", mark)), st.sampled_from(["", "#N/A"]))


def cells_of(kind: str, mark: str) -> st.SearchStrategy[str]:
    return {
        "word": WORDS,
        "decimal": decimals(mark),
        "integer": st.integers(0, 99_999).map(str),
        "iso": DAYS.map(date.isoformat),
        "slashed": DAYS.map(lambda d: f"{d:%d/%m/%Y}"),
        "dotted": DAYS.map(lambda d: f"{d.day}.{d.month}.{d.year}"),
        "class": st.sampled_from(["minor", "major", "critical"]),
    }[kind]


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A table with a key: each column of one type, in one file one decimal mark."""
    mark = draw(st.sampled_from([".", ","]))
    kinds = draw(
        st.lists(
            st.sampled_from(["word", "decimal", "integer", "iso", "slashed", "dotted", "class"]), min_size=1, max_size=6
        )
    )
    count = draw(st.integers(3, 40))
    columns = [draw(st.lists(cells_of(kind, mark), min_size=count, max_size=count)) for kind in kinds]
    key = draw(st.sampled_from(["batch", "deviation_id", "No."]))
    names = [f"{kind} {n}" for n, kind in enumerate(kinds)]
    ids = [f"DEV-2020-{n:03}" if key == "deviation_id" else str(n) for n in range(1, count + 1)]
    return [[key, *names], *map(list, zip(ids, *columns, strict=True))]


@given(tables())
@settings(deadline=None, max_examples=150)
def test_a_proposed_profile_reads_the_table_it_was_proposed_from_exactly(rows: list[list[str]]) -> None:
    proposal = proposed(rows)
    profile = parse(proposal.text.encode(), file="proposed.toml")
    read = read_table(profile, rows)
    header = rows[0]
    kept = {(m[0], m[1]): (m[5], m[6]) for m in read.measurements}
    by_row = {record.row: record for record in read.records}
    assert read.refusals == []
    assert read.balance.holds
    assert len(by_row) == len(rows) - 1
    for number, row in enumerate(rows[1:], start=2):
        for position, literal in enumerate(row):
            rule = profile.columns[position]
            if rule.field:
                told = by_row[number].fields[rule.field]
                assert told == (None if literal in profile.missing else literal)
            else:
                found, value = kept[number, header[position]]
                assert found == literal
                expected = None if literal in profile.missing else Decimal(literal.replace(profile.decimal_mark, "."))
                assert (None if value is None else Decimal(value)) == expected


@given(tables())
@settings(deadline=None, max_examples=100)
def test_a_profile_written_and_read_again_is_the_same_profile(rows: list[list[str]]) -> None:
    profile = parse(proposed(rows).text.encode(), file="x.toml")
    again = parse(written(profile).encode(), file="x.toml")
    assert written(again) == written(profile)
    assert again.columns == profile.columns


@given(st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_any_text_survives_the_way_to_a_profile_and_back(title: str, header: str) -> None:
    source = proposed([["id", "x"], ["1", "a"], ["2", "b"]]).profile
    rules = (source.columns[0], type(source.columns[1])(header=header, field="other", unit=title))
    made = type(source)(**{**source.__dict__, "title": title, "columns": rules})
    again = parse(written(made).encode(), file="x.toml")
    assert (again.title, again.columns) == (title, rules)


def test_every_profile_that_ships_survives_the_way_to_its_canonical_text_and_back() -> None:
    for profile in load_profiles(SAMPLES / "profiles").profiles:
        again = parse(written(profile).encode(), file=profile.name)
        assert replace(again, sha256="") == replace(profile, sha256="")


def test_a_column_without_a_filled_cell_is_asked() -> None:
    assert guess_column(["", " "]).questions == ("What does this column hold?",)


def test_a_page_of_labels_and_values_is_proposed_as_a_form_and_reads_itself(tmp_path: Path) -> None:
    page = tmp_path / "page 0117.txt"
    page.write_text(
        "Batch record\n\nBatch: 0117 | Start: 2020-05-14\n\nMix for ten minutes.\n\nYield (%): 98.5\n\nLine: 2\n\nLine: 3\n",
        encoding="utf-8",
    )
    (proposal,) = sample(SampleJob(page, shipped()))
    profile = parse(proposal.text.encode(), file="x")
    assert (profile.layout, profile.key, profile.kind) == (Layout.FORM, ("batch",), "batch")
    assert {rule.header: (rule.type, rule.unit) for rule in profile.columns} == {
        "Batch": ("text", ""), "Start": ("date", ""), "Yield (%)": ("decimal", "%"),
    }  # fmt: skip
    assert any("'Line' stands more than once" in question for question in proposal.questions)
    assert proposal.notes["Start"][0] == "stands at line 3"
    (form, _) = prepare(Job(page, ProfileSet((profile,)))).documents
    assert (form.read.balance.cells_in, form.read.balance.refused) == (3, 0)
    assert [(r.identifier, r.date) for r in form.read.records] == [("0117", "2020-05-14")]


GRIDS = st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=12)


@given(GRIDS, st.booleans())
@settings(deadline=None, max_examples=200)
def test_whatever_stands_in_a_table_a_proposal_is_made_or_none(rows: list[list[str]], in_part: bool) -> None:  # noqa: FBT001
    found = propose(grid_of("sheet 1" if in_part else "", rows), name="x", identifiers=shipped())
    if found is not None and found.profile.key:
        assert parse(found.text.encode(), file="x.toml").columns
    elif found is not None:  # no column is unique: a person says the key
        with pytest.raises(Invalid, match="names no field"):
            parse(found.text.encode(), file="x.toml")


LONG_LAB = [
    ["batch", "parameter", "value", "unit"],
    *([f"B-{n}", "assay", f"9{n % 10}.5", "%"] for n in range(1, 21)),
    *([f"B-{n}", "impurities", "<0.05" if n % 4 == 0 else "0.08", "%"] for n in range(1, 21)),
]


def test_the_group_of_what_is_measured_is_asked_with_every_group_until_a_person_gives_it() -> None:
    wide = proposed([["batch", "assay", "batch_yield"], *([str(n), f"9{n}.5", f"9{n}.1"] for n in range(1, 9))])
    rules = {rule.header: rule for rule in wide.profile.columns}
    assert (rules["assay"].group, rules["batch_yield"].group) == ("", "yield")
    (asked,) = wide.questions
    assert asked.startswith("Which group has each of 'assay'?")
    assert all(f"'{group}'" in asked for group in GROUPS)
    assert wide.profile.ungrouped == ("assay",)
    given = replace(
        wide.profile, columns=tuple(replace(r, group=r.group or "finished product") for r in wide.profile.columns)
    )
    assert parse(written(given).encode(), file="p").ungrouped == ()
    unknown = replace(wide.profile, columns=tuple(replace(r, group="lab") for r in wide.profile.columns))
    assert unknown.ungrouped == ("assay", "batch_yield")  # no section is about such a group
    long = proposed(LONG_LAB)
    assert "have the values in 'value' (one for the whole table)" in long.questions[-1]
    assert long.profile.ungrouped == ("value",)


def test_values_that_are_only_bounded_are_counted_apart_from_decimals() -> None:
    notes = proposed(LONG_LAB).notes["value"]
    assert "35 of 40 parse as decimals with '.'" in notes
    assert "5 with a sign for below: kept as written, no mean or index counts them" in notes
    both = column("water", ["1.5", "<0.5", ">2.5", "1.25"] * 5).notes["water"]
    assert "10 of 20 parse as decimals with '.'" in both
    assert any(note.startswith("5 with a sign for below and 5 with a sign for above") for note in both)
