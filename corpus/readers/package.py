"""Open a zipped package (.xlsx, .docx, .ods) with care: nothing is unpacked before its size is known, no entity is expanded.

Promise: a package that is damaged, cut, encrypted or too large is refused with its reason before any reader sees it.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from audit.errors import Invalid

MOST_PARTS = 10_000
UNREADABLE = (  # what zipfile, zlib and lxml raise on damaged, encrypted or cut files
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    OSError,
    ValueError,
    SyntaxError,
    RuntimeError,
    EOFError,
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_compound(data: bytes) -> bool:
    """Tell whether the bytes are an OLE container: an old .xls, or an encrypted package."""
    return data.startswith(_COMPOUND)


def is_encrypted(data: bytes) -> bool:
    """Tell whether the bytes are a package behind a password."""
    return is_compound(data) and _ENCRYPTED in data


@contextmanager
def opened(data: bytes, *, file: str, what: str, largest: int) -> Iterator[zipfile.ZipFile]:
    """Open a package; raise Invalid where it, or what is read of it inside the block, is damaged or too large."""
    if is_encrypted(data):
        raise Invalid(f"{file}: protected by a password.", remedy="Save it without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _bounded(archive, file, largest)
            yield archive
    except UNREADABLE as error:
        raise damaged(file, what, error) from error


def damaged(file: str, what: str, error: object) -> Invalid:
    """Return the refusal of a damaged file."""
    said = str(error) or type(error).__name__
    return Invalid(f"{file}: not a readable {what}: {said[:200]}", remedy="Open it in its own program and save it again.")


def _bounded(archive: zipfile.ZipFile, file: str, largest: int) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Invalid(f"{file}: holds more than {MOST_PARTS} parts.", remedy="Do not import it.")
    if sum(part.file_size for part in parts) > largest:
        raise Invalid(f"{file}: unpacks to more than {largest} bytes.", remedy="Do not import it.")
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(f"{file}: protected by a password.", remedy="Save it without a password.")
    if len(archive.namelist()) != len(set(archive.namelist())):
        raise Invalid(f"{file}: holds two parts of one name.", remedy="Do not import it.")


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part, no more of it than its declared size; one that holds more fails its checksum."""
    declared = archive.getinfo(name).file_size
    with archive.open(name) as content:
        return content.read(declared + 1)


def parsed(xml: bytes) -> Any:
    """Parse a part without entities, without a network and with the parser's own bounds of depth and size."""
    from lxml import etree  # noqa: PLC0415 - only packages need it

    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def walked(xml: bytes, tags: tuple[str, ...]) -> Iterator[Any]:
    """Give the named elements of a part as they end, in bounded memory."""
    from lxml import etree  # noqa: PLC0415 - only packages need it

    for _, element in etree.iterparse(io.BytesIO(xml), tag=tags, resolve_entities=False, no_network=True, huge_tree=False):
        yield element
        element.clear()
        before = element.getprevious()
        while before is not None and before.tag == element.tag:
            before.getparent().remove(before)
            before = element.getprevious()
