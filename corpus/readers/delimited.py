"""Read delimited text (CSV) into rows of literals, bounded, exactly as written."""

import codecs
import csv
import io
from itertools import islice

from audit.errors import Invalid
from corpus.readers.contents import Contents, grid_of

LARGEST_FILE = 512 * 1024 * 1024
MOST_COLUMNS = 2_000
MOST_ROWS = 5_000_000
_BYTE_ORDER_MARKS = (  # the longer ones first: one begins as another
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(data: bytes, stated: str) -> str:
    """Return the encoding that a file's first bytes name, else the stated one."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), stated)


def rows(data: bytes, *, file: str, delimiter: str, encoding: str) -> list[list[str]]:
    """Return all rows, the header first; raise Invalid where the file is empty, too large or not in the encoding."""
    if not data.strip():
        raise Invalid(f"{file}: the file is empty.", remedy="Export it again from the source system.")
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the extract.")
    encoding = encoding_of(data, encoding)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Invalid(f"{file}: not readable as {encoding}: {error}", remedy="Set `encoding` in the profile.") from error
    found: list[list[str]] = []
    previous = csv.field_size_limit(LARGEST_FILE)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(row) > MOST_COLUMNS:
                raise Invalid(
                    f"{file} line {len(found) + 1}: more than {MOST_COLUMNS} columns.", remedy="Check the delimiter."
                )
            if len(found) > MOST_ROWS:
                raise Invalid(f"{file}: more than {MOST_ROWS} rows.", remedy="Split the extract.")
            found.append(row)
    except csv.Error as error:
        raise Invalid(f"{file} line {len(found) + 1}: {error}.", remedy="Check quotes and line ends near it.") from error
    finally:
        csv.field_size_limit(previous)
    while found and len(found[-1]) < 2 and not "".join(found[-1]).strip():  # noqa: PLR2004 - a line without a delimiter
        found.pop()  # trailing blank lines hold no cells
    if len(found) < 2:  # noqa: PLR2004 - a header and at least one row
        raise Invalid(f"{file}: a header and no data rows.", remedy="Export it again from the source system.")
    return found


def read(data: bytes, *, file: str, delimiter: str, encoding: str) -> Contents:
    """Read delimited text as contents: one grid, the header in its first row."""
    return Contents(grids=(grid_of("", rows(data, file=file, delimiter=delimiter, encoding=encoding)),))


def first_row(data: bytes, *, delimiter: str, encoding: str = "utf-8-sig") -> list[str]:
    """Return the header as far as it can be read, for recognising the profile; empty where it cannot."""
    return next(iter(first_rows(data, delimiter=delimiter, encoding=encoding, count=1)), [])


def first_rows(data: bytes, *, delimiter: str, encoding: str, count: int) -> list[list[str]]:
    """Return the first rows as far as they can be read, for recognising what stands in a file."""
    try:
        top = data[:65_536].decode(encoding_of(data, encoding), errors="replace")
        return list(islice(csv.reader(io.StringIO(top, newline=""), delimiter=delimiter), count))
    except (csv.Error, LookupError):
        return []
