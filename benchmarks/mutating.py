"""Odd files without end: seeded mutations of small files of every kind that is imported. Pure.

`Mutations.of(number)` gives the same file for the same number on every machine, so that an offending file is named by its
number. Files are mutated as bytes, as pieces (tags, lines, values), as trees of elements or values that stay well formed, and in
what they wrap: the parts of a package, the objects of a PDF file. Most mutations thus get past the wrapping, into the reader.
"""

import io
import json
import random
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

LARGEST_SEED = 6_000  # bytes: a small file is read thousands of times a second, and a mutation of it hits something
LARGEST_UNPACKED = 60_000  # bytes of all parts of a package
STEPS_TAKEN = (1, 1, 2, 4)  # mutations put on each other
DAMAGED = (
    "zeros",
    "noise",
    "holds",
    "cut-at",
    "first-byte",
    "bits-flipped",
    "twice",
    "nul-inside",
)  # no files to begin from
_COMPOUND = b"\xd0\xcf\x11\xe0"  # an old workbook
_TESTS = Path(__file__).parents[1] / "tests"
_OBJECT = re.compile(rb"\d+ 0 obj\n(.*?)\nendobj\n", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
_PIECE = re.compile(rb"<[^<>]*>|[^<>\n,;\t{}\[\]]+|.", re.DOTALL)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_ODD_NUMBERS = tuple(
    b"0 -1 1 2 255 256 65535 65536 2147483647 2147483648 4294967295 99999999999999999999 1e309 -1e400 0.1e-999 NaN Infinity 1,5 1.2.3 0x10".split()
)
_ODD_TEXTS = (
    b"", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\r", b"\r\n", b"\x0b\x1c\x85", b'"', b"'", b"\\", b"\\ud800",
    b"<", b">", b"</", b"<!--", b"<![CDATA[", b"<!DOCTYPE a>", b"<!ENTITY a 'b'>", b"&a;", b"&#0;", b"&#xD800;", b"&#xFFFE;", b"{", b"}", b"[", b"]",
    b"null", b"true", b"=?utf-8?q?=FF?=", b"=?klingon?b?AA?=", b"--x", b"Content-Type: ", b"charset=", b"boundary=", b"multipart/mixed",
    b"quoted-printable", b"base64", b"uuencode", b"Date: ", b"2026-02-30", b"0000-00-00", b"9999-12-31T25:61:61Z", b"BT", b"ET", b"Tj", b"1 0 R",
    b"/Kids", b"/Length", b"/Filter", b"/Rotate", b"/MediaBox", b"/FlateDecode", b"endobj", b"endstream", b"xml:space", b'hidden="1"',
    b"\xf0\x9f\xa7\xaa", "\u202e\u0661\u00a0".encode(), b"utf-16", b"rot13", b"encoding='utf-7'",
)  # fmt: skip
Bytes = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Mutations:
    """Seeds by kind (a file ending, with what tells kinds of one ending apart before it), and the number that everything starts from."""

    seeds: Mapping[str, Sequence[bytes]]
    seed: int = 2026

    def of(self, number: int) -> tuple[str, bytes]:
        """Return the name and bytes of one mutated file; the kinds take turns."""
        kinds = list(self.seeds)
        kind = kinds[number % len(kinds)]
        chance = random.Random(f"{self.seed}/{number}")  # noqa: S311 - seeded on purpose
        data = chance.choice(self.seeds[kind])
        return f"m{number}-{kind}", mutated(data, chance)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Mutate a file: what it wraps, where it wraps something, three times in four; else its bytes."""
    within: Bytes | None = _package if data.startswith(b"PK\x03\x04") else _document if data.startswith(b"%PDF-") else None
    if within is not None and chance.random() < 0.75:
        return within(data, chance)
    return _stepped(data, chance)


def _stepped(data: bytes, chance: random.Random) -> bytes:
    steps = STEPS
    if chance.random() < 0.75:
        begins = data.lstrip()[:1]
        if begins == b"<":
            return _elements(data, chance)
        if begins in (b"{", b"["):
            return _values(data, chance)
        if data.startswith(_COMPOUND):
            steps = IN_PLACE
    for _ in range(chance.choice(STEPS_TAKEN)):
        data = chance.choice(steps)(data, chance)
    return data


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _span(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 4, 16, 64, 512)))


def _cut(data: bytes, chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] if chance.random() < 0.2 else data[:start] + data[end:]


def _double(data: bytes, chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 3, 40)) + data[end:]


def _put(data: bytes, chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + chance.choice(_ODD_TEXTS) + data[start if chance.random() < 0.5 else end :]


def _noise(data: bytes, chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _integer(data: bytes, chance: random.Random) -> bytes:
    """Overwrite two or four bytes with a number at the edge of what they hold."""
    form = chance.choice(("<H", ">H", "<I", ">I"))
    largest = 256 ** struct.calcsize(form) - 1
    made = struct.pack(
        form, chance.choice((0, 1, largest, largest - 1, largest // 2, largest // 2 + 1, chance.randint(0, 512)))
    )
    start = chance.randrange(len(data) + 1)
    return data[:start] + made + data[start + len(made) :]


def _number(data: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return _put(data, chance)
    one = chance.choice(found)
    return data[: one.start()] + chance.choice(_ODD_NUMBERS) + data[one.end() :]


def _pieces(data: bytes, chance: random.Random) -> bytes:
    """Take a piece away, double it, or put it in another's place: tags, lines and values change places."""
    pieces = _PIECE.findall(data)
    if len(pieces) < 2:
        return _put(data, chance)
    one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    how = chance.randrange(4)
    if how == 0:
        del pieces[one]
    elif how == 1:
        pieces.insert(other, pieces[one])
    elif how == 2:
        pieces[one], pieces[other] = pieces[other], pieces[one]
    else:
        pieces[one : one + chance.randint(1, 20)] = [chance.choice(_ODD_TEXTS)]
    return b"".join(pieces)


def _elements(data: bytes, chance: random.Random) -> bytes:
    """Take elements away, double, move or rename them, or alter what they say, and write the tree again."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return _pieces(data, chance)
    for _ in range(chance.choice(STEPS_TAKEN)):
        with suppress(ValueError):  # no letters of XML, or a tree below itself
            _altered(root, chance)
    made: bytes = etree.tostring(root)
    return made


def _altered(root: Any, chance: random.Random) -> None:
    every = [element for element in root.iter() if isinstance(element.tag, str)]
    one, other = chance.choice(every), chance.choice(every)
    how = chance.randrange(6)
    if how == 0 and one is not root:
        one.getparent().remove(one)
    elif how == 1 and one is not root:
        one.addnext(deepcopy(one))
    elif how == 2:
        other.append(deepcopy(one))
    elif how == 3:
        one.tag = other.tag
    elif how == 4 and one.attrib:
        one.set(chance.choice(list(one.attrib)), _said(chance))
    else:
        one.text = _said(chance)


def _said(chance: random.Random) -> str:
    return chance.choice(_ODD_NUMBERS if chance.random() < 0.5 else _ODD_TEXTS).decode("utf-8", "replace")


def _values(data: bytes, chance: random.Random) -> bytes:
    """Alter a value of a JSON text, or of one of its lines, and write it again."""
    lines = data.split(b"\n") if data.count(b"}\n") > 1 else [data]
    at = chance.randrange(len(lines))
    try:
        tree = json.loads(lines[at])
        lines[at] = json.dumps(_swapped(tree, chance), ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return _pieces(data, chance)
    return b"\n".join(lines)


def _swapped(tree: Any, chance: random.Random) -> Any:
    """Return a JSON value in which one part says something else, is wrapped, or is gone."""
    if isinstance(tree, list) and tree and chance.random() < 0.9:
        at = chance.randrange(len(tree))
        return [*tree[:at], _swapped(tree[at], chance), *tree[at + chance.choice((0, 1, 1, 1)) :]]
    if isinstance(tree, dict) and tree and chance.random() < 0.9:
        name = chance.choice(list(tree))
        renamed = _said(chance) if chance.random() < 0.2 else name
        return {(renamed if key == name else key): (_swapped(v, chance) if key == name else v) for key, v in tree.items()}
    odd = (
        None,
        True,
        [],
        {},
        [[]],
        10**400,
        -0.0,
        1e308,
        float("inf"),
        float("nan"),
        "\ud800",
        [tree],
        {"a": tree},
        _said(chance),
    )
    return chance.choice(odd)


IN_PLACE: tuple[Bytes, ...] = (_flip, _integer, _integer, _noise)
STEPS: tuple[Bytes, ...] = (_flip, _cut, _double, _put, _noise, _integer, _number, _number, _pieces, _pieces, _pieces)


def _package(data: bytes, chance: random.Random) -> bytes:
    """Mutate the parts of a zipped package and zip it again, so that its checksums are right."""
    parts = dict(_parts(data))
    if not parts:
        return _stepped(data, chance)
    name = chance.choice(list(parts))
    how = chance.random()
    if how < 0.9:
        parts[name] = _stepped(parts[name], chance)
    elif how < 0.95:
        del parts[name]
    else:
        parts[name] = parts[chance.choice(list(parts))]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content)
    return buffer.getvalue()


@lru_cache(maxsize=1024)
def _parts(data: bytes) -> tuple[tuple[str, bytes], ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple((name, archive.read(name)) for name in archive.namelist())
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, OSError):
        return ()


def _document(data: bytes, chance: random.Random) -> bytes:
    """Mutate the objects of a PDF file and write it again, so that its references point where they should."""
    from tests.pdf_files import written

    objects = list(_objects(data))
    if not objects:
        return _stepped(data, chance)
    at = chance.randrange(len(objects))
    how = chance.random()
    if how < 0.9:
        objects[at] = _inside(objects[at], chance)
    elif how < 0.95:
        objects[at] = objects[chance.randrange(len(objects))]
    else:
        del objects[at]
    return written(objects)


@lru_cache(maxsize=1024)
def _objects(data: bytes) -> tuple[bytes, ...]:
    return tuple(_OBJECT.findall(data))


def _inside(body: bytes, chance: random.Random) -> bytes:
    """Mutate an object: three times in four the letters of its stream, packed again."""
    stream = _STREAM.search(body)
    if stream is None or chance.random() < 0.25:
        return _stepped(body, chance)
    packed = b"/FlateDecode" in body
    try:
        letters = zlib.decompress(stream[1]) if packed else stream[1]
    except zlib.error:
        return _stepped(body, chance)
    letters = _stepped(letters, chance)
    made = zlib.compress(letters, 1) if packed else letters
    head = re.sub(rb"/Length \d+", b"/Length %d" % len(made), body[: stream.start()])
    return head + b"stream\n" + made + b"\nendstream" + body[stream.end() :]


def seeds() -> dict[str, list[bytes]]:
    """Return what is mutated: the sound file of each kind, and every small odd one of the torture set (of the tests)."""
    sys.path.insert(0, str(_TESTS))  # its modules import each other as the tests do, flat
    try:
        from evidence import torture  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(_TESTS))
    found: dict[str, list[bytes]] = {}
    for name, data in torture.files():
        ending = Path(name).suffix.lower()
        small = 16 < len(data) <= LARGEST_SEED and sum(len(part) for _, part in _parts(data)) <= LARGEST_UNPACKED
        if ending in torture.SOUND and small and not name.startswith(DAMAGED):
            found.setdefault(_kind(ending, data), []).append(data)
    found["b2mml.xml"].extend(path.read_bytes() for path in sorted((_TESTS / "b2mml").glob("v*.xml")))
    return dict(sorted(found.items()))


def _kind(ending: str, data: bytes) -> str:
    """Return the ending of a file, a batch record told apart from other XML."""
    return "b2mml.xml" if ending == ".xml" and b"B2MML" in data else ending
