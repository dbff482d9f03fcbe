"""Narratives become passages with their place, linked to the record that the document names."""

import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import Invalid
from corpus.chunking import LONGEST, passages
from corpus.readers.narrative import Block, read_text
from corpus.readers.word import read_docx
from corpus.reading import is_synthetic, read_narrative


def word(*, table: bool = True) -> bytes:
    document = docx.Document()
    document.add_heading("Tablet press stopped", level=1)
    document.add_paragraph("The press stopped at 09:12.")
    document.add_heading("Cause", level=2)
    document.add_paragraph("A belt was worn.")
    if table:
        filled = document.add_table(rows=2, cols=2)
        for row, cells in enumerate((("step", "result"), ("restart", "ok"))):
            for column, text in enumerate(cells):
                filled.cell(row, column).text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_document_gives_paragraphs_headings_and_table_rows_with_places() -> None:
    blocks = read_docx(word(), file="DEV-2020-014.docx").blocks
    assert [(b.place, b.text, b.heading) for b in blocks] == [
        ("paragraph 1", "Tablet press stopped", True),
        ("paragraph 2", "The press stopped at 09:12.", False),
        ("paragraph 3", "Cause", True),
        ("paragraph 4", "A belt was worn.", False),
        ("table 1, row 1", "step | result", False),
        ("table 1, row 2", "restart | ok", False),
    ]


def test_a_narrative_belongs_to_the_record_that_its_file_names() -> None:
    read = read_narrative(read_docx(word(), file="x"), file="DEV-2020-014.docx", product="17")
    assert {p.record_identifier for p in read.passages} == {"DEV-2020-014"}
    assert {p.kind for p in read.passages} == {"deviation_narrative"}
    assert {p.product for p in read.passages} == {"17"}


def test_the_description_of_a_text_says_what_it_is() -> None:
    text = (
        "---\nid: SOP-QA-031\ntitle: Sieving\nversion: 4\neffective: 2019-01-15\nkind: sop\norigin: synthetic\n---\n"
        "# Sieving\n\nPass the granulate\nthrough a sieve.\n"
    )
    narrative = read_text(text.encode(), file="sop.md")
    assert is_synthetic(narrative)
    read = read_narrative(narrative, file="sop.md")
    record = read.records[0]
    assert (record.kind, record.identifier, record.date, record.precision) == ("sop", "SOP-QA-031", "2019-01-15", "day")
    assert record.fields["version"] == "4"
    assert [(p.place, p.text) for p in read.passages] == [("line 11", "Sieving: Pass the granulate through a sieve.")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", b""),
        ("a.docx", b"not a zip"),
        ("a.docx", word()[:600]),
        ("a.docx", b"PK\x05\x06" + b"\x00" * 18),
        ("a.md", b"\xff\xfe\x00"),
        ("a.md", b"   \n\n"),
        ("a.md", b"text\x00text"),
    ],
)
def test_a_broken_document_is_refused_with_what_to_do(name: str, data: bytes) -> None:
    read = read_docx if name.endswith("docx") else read_text
    with pytest.raises(Invalid, match=name) as caught:
        read(data, file=name)
    assert caught.value.remedy


def with_body(body: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(word()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for item in source.infolist():
            target.writestr(item.filename, body if item.filename == "word/document.xml" else source.read(item))
    return buffer.getvalue()


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_a_broken_part_inside_a_word_document_is_refused() -> None:
    for body in (b"<w:document", b"", b"<w:document " + W + b"/>"):
        with pytest.raises(Invalid, match="Word document"):
            read_docx(with_body(body), file="a.docx")


def test_tracked_insertions_and_content_controls_are_read_and_deletions_are_not() -> None:
    body = (
        b"<w:document " + W + b"><w:body><w:p><w:r><w:t>Yield was </w:t></w:r><w:del><w:r><w:delText>93</w:delText></w:r>"
        b"</w:del><w:ins><w:r><w:t>95</w:t></w:r></w:ins></w:p><w:sdt><w:sdtContent><w:p><w:r><w:t>Inside</w:t></w:r></w:p>"
        b"</w:sdtContent></w:sdt></w:body></w:document>"
    )
    blocks = read_docx(with_body(body), file="a.docx").blocks
    assert [block.text for block in blocks] == ["Yield was 95", "Inside"]


def test_entities_are_not_expanded() -> None:
    body = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document ' + W + b"><w:body><w:p><w:r><w:t>x&a;</w:t>"
        b"</w:r></w:p></w:body></w:document>"
    )
    assert [block.text for block in read_docx(with_body(body), file="a.docx").blocks] == ["x"]


@given(st.lists(st.tuples(st.booleans(), st.text(min_size=1, max_size=300).filter(str.strip)), max_size=20))
def test_no_text_is_lost_between_blocks_and_passages(parts: list[tuple[bool, str]]) -> None:
    blocks = [Block(f"paragraph {n}", text, heading=heading) for n, (heading, text) in enumerate(parts, start=1)]
    made = passages(blocks)
    together = "\n".join(text for _, text in made)
    assert all(block.text in together for block in blocks if not block.heading)
    longest = max((len(block.text) for block in blocks), default=0)
    assert all(len(text) <= LONGEST + 2 * longest + 20 for _, text in made)
