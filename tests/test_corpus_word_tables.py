"""Word tables are grids in their own columns; headers, footers and footnotes are text; deleted text and comments are only told."""

import csv
from pathlib import Path

import docx
import pytest
from office_files import WORD, saved, word_table, zipped
from office_files import docx as made

from audit.errors import Invalid
from corpus.prepare import Job, prepare
from corpus.profiles import load_profiles
from corpus.readers import word
from corpus.readers.contents import Contents
from corpus.reading import read_table

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
PROFILES = load_profiles(SAMPLES / "profiles")


def p(text: str, more: str = "") -> str:
    return f"<w:p>{more}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{p(text)}</w:tc>"


def part(root: str, inside: str) -> str:
    return f'<w:{root} xmlns:w="{WORD}">{inside}</w:{root}>'


def read(body: str, **more: str) -> Contents:
    return word.read(made(body, more={f"word/{name}.xml": xml for name, xml in more.items()}), file="a.docx")


def texts(contents: Contents) -> list[tuple[str, str]]:
    assert contents.narrative is not None
    return [(block.place, block.text) for block in contents.narrative.blocks]


@pytest.mark.parametrize("name", ["Normalization.csv", "Laboratory.csv"])
def test_a_table_of_batches_gives_the_same_records_as_the_csv_file(name: str, tmp_path: Path) -> None:
    with (SAMPLES / "zagar" / name).open(newline="", encoding="utf-8-sig") as source:
        rows = list(csv.reader(source, delimiter=";"))
    path = tmp_path / "extract.docx"
    path.write_bytes(made(p("Results of the laboratory.") + word_table([["made by"], ["QC"]]) + word_table(rows)))
    taken, text = prepare(Job(path, PROFILES)).documents
    wanted = read_table(PROFILES.recognise(rows[0], file=name), rows)
    assert taken.part == "table 2"
    assert taken.read.records == wanted.records
    assert taken.read.measurements == wanted.measurements
    assert taken.read.balance == wanted.balance
    assert "made by" in text.read.passages[0].text  # a table that no profile knows stays text
    assert rows[1][-1] not in text.read.passages[-1].text


def test_a_table_made_by_a_word_library_has_its_merged_cells_in_their_columns() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, cells in enumerate((("batch", "yield", "unit"), ("B-1", "93.5", "%"), ("", "94.0", "%"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    contents = word.read(saved(document), file="a.docx")
    grid = contents.grids[0]
    assert (grid.part, grid.numbers) == ("table 1", (1, 2, 3))
    assert grid.rows == (("batch", "yield unit", ""), ("B-1", "93.5", "%"), ("", "94.0", "%"))
    assert contents.notes == ("table 1: 2 merged cells, each with its text in its first place",)


def test_rows_that_begin_later_and_cells_in_content_controls_keep_their_columns() -> None:
    rows = (
        f"<w:tr>{tc('a')}{tc('b')}{tc('c')}</w:tr>"
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{tc("2")}{tc("3")}</w:tr>'
        f"<w:tr>{tc('')}{tc('')}{tc('')}</w:tr>"
        f"<w:tr>{tc('4')}<w:sdt><w:sdtContent>{tc('5')}</w:sdtContent></w:sdt>{tc('6')}</w:tr>"
    )
    grid = read(f"<w:tbl>{rows}</w:tbl>").grids[0]
    assert grid.rows == (("a", "b", "c"), ("", "2", "3"), ("4", "5", "6"))
    assert grid.numbers == (1, 2, 4)


def test_the_quick_way_reads_what_the_careful_way_reads() -> None:
    table = word_table([["a", "b c", ""], ["1", "<2", "3 & 4"]])
    spaced = table.replace("b c", "b</w:t><w:tab/><w:t>c").replace(
        "3 &amp; 4</w:t></w:r></w:p>", "3</w:t></w:r></w:p>" + p("&amp; 4")
    )
    careful = read(spaced + "<w:p><w:del><w:r><w:delText>x</w:delText></w:r></w:del></w:p>")
    assert careful.grids == read(spaced).grids
    assert careful.grids[0].rows == (("a", "b c", ""), ("1", "<2", "3 & 4"))


def test_a_table_inside_a_cell_is_text_of_the_cell() -> None:
    inner = word_table([["x", "y"]])
    grids = read(f"<w:tbl><w:tr><w:tc>{p('a')}{inner}{p('b')}</w:tc>{tc('c')}</w:tr></w:tbl>").grids
    assert [grid.rows for grid in grids] == [(("a x y b", "c"),)]


def test_tracked_changes_are_read_as_they_stand_and_told() -> None:
    body = (
        '<w:p><w:r><w:t>Yield was </w:t></w:r><w:del w:id="1"><w:r><w:delText>93</w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>95</w:t></w:r></w:ins></w:p>'
        f"<w:tbl><w:tr>{tc('a')}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{tc('gone')}</w:tr><w:tr>{tc('b')}</w:tr></w:tbl>"
    )
    contents = read(body)
    assert texts(contents) == [("paragraph 1", "Yield was 95"), ("table 1, row 1", "a"), ("table 1, row 3", "b")]
    assert contents.grids[0].numbers == (1, 3)
    assert contents.notes == (
        "1 tracked insertions, read as text",
        "tracked deletion, not read: “93”",
        "table 1: row 2 is deleted, and was not read",
    )


def test_headers_footers_and_footnotes_are_text_and_comments_are_told() -> None:
    body = p("Cause", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>') + p(
        "A belt was worn.", '<w:r><w:footnoteReference w:id="2"/></w:r>'
    )
    contents = read(
        body,
        header1=part("hdr", p("Site A, confidential")),
        header2=part("hdr", p("Site A, confidential")),
        footer1=part("ftr", p("Page 1")),
        footnotes=part(
            "footnotes", f'<w:footnote w:id="2">{p("Seen at 09:12.")}</w:footnote><w:footnote w:id="3">{p("x")}</w:footnote>'
        ),
        comments=part("comments", f'<w:comment w:id="0" w:author="A. Reviewer">{p("Is this proven?")}</w:comment>'),
    )
    assert texts(contents) == [
        ("header 1", "Site A, confidential"),
        ("paragraph 1", "Cause"),
        ("paragraph 2", "A belt was worn."),
        ("footnote 2", "Seen at 09:12."),
        ("footer 1", "Page 1"),
    ]
    assert contents.notes == ("comment of A. Reviewer, not text: “Is this proven?”",)


def test_a_text_box_is_read_once_though_it_stands_twice() -> None:
    box = f"<w:txbxContent>{p('In the box')}</w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        f"<w:p><w:r><mc:AlternateContent {compatible}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>Beside it</w:t></w:r></w:p>"
    )
    assert texts(read(body)) == [("paragraph 1", "Beside it"), ("paragraph 1, text box 1", "In the box")]


WIDE = f"<w:tbl><w:tr>{tc('a', chr(60) + 'w:gridSpan w:val=' + chr(34) + '99999999' + chr(34) + '/>')}</w:tr></w:tbl>"
DEEP = "<w:sdt><w:sdtContent>" * 400 + p("x") + "</w:sdtContent></w:sdt>" * 400
REFUSED = {
    "wide": (made(WIDE), "more than 2000 columns"),
    "deep": (made(DEEP), "not a readable Word document"),
    "wrong part": (made(p("x"), more={"word/footnotes.xml": "<a/>"}), "not what its name says"),
    "damaged part": (made(p("x"), more={"word/comments.xml": "<a"}), "not a readable Word document"),
    "twice": (
        zipped({"word/document.xml": "", "word/comments.xml": ""}).replace(b"word/comments.xml", b"word/document.xml"),
        "two parts",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_document_that_is_not_read_says_why(case: str) -> None:
    data, said = REFUSED[case]
    with pytest.raises(Invalid, match=said) as caught:
        word.read(data, file="a.docx")
    assert caught.value.message.startswith("a.docx")
    assert caught.value.remedy
