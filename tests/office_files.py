"""Spreadsheets, Word documents and other office files made for tests, from rows and from raw parts."""

import io
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlwt

DAY = (2026, 3, 2, 8, 0, 0)  # of every part, so that the same call gives the same bytes
_TIMES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">{styles}'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)


def value_of(text: str) -> str | int | float:
    """Return a literal as a person's program takes it: numbers as numbers."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Make a workbook as a program saves it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    """Return the bytes of a workbook or document that can save itself; of a package, without the time of day in it."""
    buffer = io.BytesIO()
    book.save(buffer)
    if not buffer.getvalue().startswith(b"PK"):
        return buffer.getvalue()
    with zipfile.ZipFile(buffer) as archive:
        return zipped({name: _TIMES.sub(b"", archive.read(name)) for name in archive.namelist()})


def xls(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Make an old workbook."""
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
    return saved(book)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Zip parts into a package."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def raw_xlsx(
    *sheets: str, head: str = "", more: Mapping[str, str | bytes] | None = None, names: Sequence[str] = ()
) -> bytes:
    """Make a workbook of sheets given as the XML inside <worksheet>; `head` stands before each sheet's root."""
    called = names or [f"S{n}" for n in range(1, len(sheets) + 1)]
    listed = "".join(f'<sheet name="{escape(c)}" sheetId="{n}" r:id="rId{n}"/>' for n, c in enumerate(called, start=1))
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{targets}</Relationships>',
    }
    for number, sheet in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = f'{head}<worksheet xmlns="{MAIN}">{sheet}</worksheet>'
    return zipped({**parts, **(more or {})})


def ods(tables: str, *, styles: str = "", head: str = "") -> bytes:
    """Make an OpenDocument spreadsheet of tables given as XML."""
    manifest = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    content = head + ODS.format(tables=tables, styles=styles)
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


def ods_rows(name: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a table's XML, numbers as numbers."""
    lines = []
    for row in rows:
        cells = "".join(_ods_cell(text) for text in row)
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    return f'<table:table table:name="{escape(name)}">{"".join(lines)}</table:table>'


def _ods_cell(text: str) -> str:
    if text and not isinstance(value_of(text), str):
        return (
            f'<table:table-cell office:value-type="float" office:value="{text}"><text:p>{text}</text:p></table:table-cell>'
        )
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def docx(body: str, *, head: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """Make a Word document of the XML inside its body."""
    document = f'{head}<w:document xmlns:w="{WORD}" xmlns:r="{RELATIONS}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": document, **(more or {})})


def word_table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table's XML."""
    lines = ("".join(f"<w:tc><w:p><w:r><w:t>{escape(c)}</w:t></w:r></w:p></w:tc>" for c in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def encrypted(data: bytes) -> bytes:
    """Return an OLE container that says it holds a package behind a password."""
    old = "Workbook".encode("utf-16-le").ljust(64, b"\x00") + struct.pack("<H", 18)
    new = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\x00") + struct.pack("<H", 34)
    assert old in data
    return data.replace(old, new)
