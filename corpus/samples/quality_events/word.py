"""Word documents from a small Markdown, the same bytes each time.

Promise: the bytes depend on the text alone. The core properties are fixed; the archive is written again with its members
in a fixed order, one fixed time stamp and without compression, because compressors differ from machine to machine.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document

AUTHOR = "Verascribe sample generator"
STAMP = (2021, 6, 1, 0, 0, 0)
TABLE_STYLE = "Light Grid Accent 1"
UNUSED_STYLES = ("Light ", "Medium ", "Dark ", "Colorful ")
UNUSED_PARTS = ("/stylesWithEffects", "/thumbnail", "/customXml")


def document_bytes(*, title: str, about: Sequence[tuple[str, str]], label: str, body: str) -> bytes:
    """Make a Word document: title, a table that describes it, the label that says what it is, and the body."""
    import docx  # noqa: PLC0415 - heavy, and only the script that makes the samples needs it

    document = docx.Document()
    core = document.core_properties
    core.author = core.last_modified_by = AUTHOR
    core.title, core.subject, core.comments = title, label, ""
    core.created = core.modified = datetime(*STAMP, tzinfo=UTC)
    core.revision = 1
    document.add_heading(title, level=0)
    _add_table(document, [list(pair) for pair in about], header=False)
    document.add_paragraph(label, style="Intense Quote")
    for kind, lines in blocks(body):
        _add(document, kind, lines)
    _slim(document)
    raw = io.BytesIO()
    document.save(raw)
    return _fixed(raw.getvalue())


def blocks(body: str) -> Iterator[tuple[str, list[str]]]:
    """Split the small Markdown into headings, quotes, tables and paragraphs."""
    for part in body.strip().split("\n\n"):
        lines = part.strip().splitlines()
        first = lines[0]
        if first.startswith("#"):
            yield "heading", [first]
            if lines[1:]:
                yield "paragraph", lines[1:]
        elif first.startswith(">"):
            yield "quote", [line.removeprefix(">").strip() for line in lines]
        elif first.startswith("|"):
            yield "table", lines
        elif first.startswith("- "):
            yield "list", [line.removeprefix("- ") for line in lines]
        else:
            yield "paragraph", lines


def table_rows(lines: Sequence[str]) -> list[list[str]]:
    """Return the cells of a Markdown table, its rule left out."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return [row for row in rows if any(cell.strip("-: ") for cell in row)]


def _add(document: "Document", kind: str, lines: list[str]) -> None:
    if kind == "heading":
        marks, _, text = lines[0].partition(" ")
        document.add_heading(text, level=len(marks) - 1)
    elif kind == "table":
        _add_table(document, table_rows(lines), header=True)
    elif kind == "list":
        for line in lines:
            document.add_paragraph(line, style="List Bullet")
    else:
        document.add_paragraph(" ".join(lines), style="Quote" if kind == "quote" else None)


def _add_table(document: "Document", rows: list[list[str]], *, header: bool) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = TABLE_STYLE
    for number, row in enumerate(rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.bold = header and number == 0
    document.add_paragraph()


def _slim(document: "Document") -> None:
    """Leave out the styles and parts of the template that are not used: the archive is not compressed."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    styles = document.styles.element
    for style in list(document.styles):
        if not style.builtin or ((style.name or "").startswith(UNUSED_STYLES) and style.name != TABLE_STYLE):
            styles.remove(style.element)
    for link in list(styles.iter(qn("w:link"))):
        link.getparent().remove(link)
    for element in styles.iter():
        element.tail = None
        element.text = None
    for owner in (document.part, document.part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.endswith(UNUSED_PARTS):
                del owner.rels[key]


def _fixed(data: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as target:
        names = source.namelist()
        for name in sorted(names, key=lambda n: (n != "[Content_Types].xml", n)):
            member = zipfile.ZipInfo(name, STAMP)
            member.create_system = 0
            target.writestr(member, source.read(name))
    return result.getvalue()
