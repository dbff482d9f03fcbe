"""Read JSON and JSON lines: lists of objects as grids, the rest as text with its place.

Numbers stand as they are written, never as floats. An object's objects are flattened ("sample.id"), a list of plain values is one cell
("a|b", as an import profile's lists), a list within a row has a column for each item ("tests[2].name"). But a list of objects within one that
names its identifier is a grid of its own ("$.batches.tests"), whose rows carry that identifier before their own columns ("batches/id"). A name that occurs twice in one
object, NaN and Infinity are refused: readers of JSON disagree about them. Row n is the n-th item of its list, or line n of JSON lines.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from audit.errors import Invalid
from corpus.readers.contents import Contents, Grid, NumberCell
from corpus.readers.narrative import Block, Narrative
from corpus.readers.parents import MOST_REPEATED, carried, identifiers

LARGEST_FILE = 256 * 1024 * 1024
DEEPEST = 64
MOST_COLUMNS = 2_000
MOST_ROWS = 2_000_000
ROOT = "$"  # the part that is the file's outermost list
LIST_SEPARATOR = "|"
Rows = list[tuple[int, dict[str, str]]]
_EXPORT = "Export it again from the source system."


class _Odd(ValueError):  # noqa: N818 - becomes the reason of a refusal
    """What is written is not JSON, or not one that all readers understand alike."""


def read(data: bytes, *, file: str) -> Contents:
    """Read a JSON file; raise Invalid with the reason why it is refused."""
    tree = _parsed(_text(data, file), file, "")
    if isinstance(tree, list) and tree and all(isinstance(item, dict) for item in tree):
        return _contents([(ROOT, list(enumerate(tree, start=1)))], {}, file)
    if not isinstance(tree, dict):
        raise Invalid(f"{file}: neither an object nor a list of objects.", remedy="Export records as objects with names.")
    lists = {name: value for name, value in tree.items() if _is_table(value)}
    rest = {name: value for name, value in tree.items() if name not in lists}
    if not lists or _identity(rest, ROOT):
        return _contents([(ROOT, [(1, tree)])], {}, file)
    return _contents([(f"{ROOT}.{name}", list(enumerate(value, start=1))) for name, value in lists.items()], rest, file)


def read_lines(data: bytes, *, file: str) -> Contents:
    """Read JSON lines: an object a line."""
    rows = []
    for number, line in enumerate(_text(data, file).split("\n"), start=1):
        if line.strip():
            item = _parsed(line, file, f" line {number}")
            if not isinstance(item, dict):
                raise Invalid(f"{file} line {number}: not an object.", remedy="Write one object a line.")
            rows.append((number, item))
    return _contents([(ROOT, rows)], {}, file)


def _text(data: bytes, file: str) -> str:
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the extract.")
    if not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise Invalid(f"{file}: the file is empty.", remedy=_EXPORT)
    try:
        return data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Invalid(f"{file}: not text in an encoding that JSON allows: {error}.", remedy="Save it as UTF-8.") from error


def _parsed(text: str, file: str, where: str) -> Any:
    try:
        return json.loads(
            text, parse_int=NumberCell, parse_float=NumberCell, parse_constant=_no_number, object_pairs_hook=_once
        )
    except RecursionError as error:
        raise Invalid(f"{file}{where}: nested more than {DEEPEST} deep.", remedy=_EXPORT) from error
    except ValueError as error:
        raise Invalid(f"{file}{where}: not usable JSON: {error}.", remedy=_EXPORT) from error


def _no_number(name: str) -> NoReturn:
    raise _Odd(f"{name} is no number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Odd(f"the name '{next(n for n in names if names.count(n) > 1)[:60]}' occurs twice in one object")
    return found


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _contents(tables: list[tuple[str, list[tuple[int, dict[str, Any]]]]], rest: dict[str, Any], file: str) -> Contents:
    try:
        loose = [Block(f"{ROOT}.{name}", _shown(f"{name}: {text}")) for name, text in _cells(rest) if text]
        parts = _parts(tables)
    except _Odd as error:
        raise Invalid(f"{file}: {error}.", remedy=_EXPORT) from error
    grids = tuple(
        replace(_grid(part, rows, file), inherited=tuple(parts.inherited[part])) for part, rows in parts.rows.items()
    )
    blocks = loose + [block for part, rows in parts.rows.items() for block in _blocks(part, rows)]
    if not blocks:
        raise Invalid(f"{file}: the file holds no values.", remedy=_EXPORT)
    return Contents(grids, Narrative({}, tuple(blocks)))


@dataclass
class _Parts:
    """The rows of each list of objects, numbered, and which of its columns say what its rows stand in."""

    rows: dict[str, Rows] = field(default_factory=dict)
    inherited: dict[str, dict[str, None]] = field(default_factory=dict)
    repeated: int = 0

    def take(self, row: dict[str, Any], part: str, number: int | None, around: dict[str, str]) -> None:
        """Add a row, and the rows of the lists of objects in it where it says what they stand in."""
        identity = _identity(row, part)
        lists = {name: value for name, value in row.items() if _is_table(value)} if identity else {}
        own = _row({name: value for name, value in row.items() if name not in lists})
        self.repeated += sum(map(len, around.values()))
        if part.count(".") > DEEPEST:
            raise _Odd(f"nested more than {DEEPEST} deep")
        if self.repeated > MOST_REPEATED:
            raise _Odd(f"its lists carry more than {MOST_REPEATED} letters of what they stand in")
        if around.keys() & own.keys():
            raise _Odd("a name with a slash in it reads like the identifier of what a row stands in")
        rows = self.rows.setdefault(part, [])
        rows.append((len(rows) + 1 if number is None else number, around | own))
        self.inherited.setdefault(part, {}).update(dict.fromkeys(around))
        for name, items in lists.items():
            for item in items:
                self.take(item, f"{part}.{name}", None, carried(around, identity))


def _parts(tables: list[tuple[str, list[tuple[int, dict[str, Any]]]]]) -> _Parts:
    parts = _Parts()
    for part, rows in tables:
        for number, row in rows:
            parts.take(row, part, number, {})
    return parts


def _identity(row: dict[str, Any], part: str) -> dict[str, str]:
    plain = {name: _plain(value) for name, value in row.items() if not isinstance(value, dict | list)}
    parent = part.rpartition(".")[2]
    return identifiers(plain, "parent" if parent == ROOT else parent)


def _blocks(part: str, rows: Rows) -> Iterator[Block]:
    for position, (_, row) in enumerate(rows):
        text = " | ".join(f"{name}: {value}" for name, value in row.items() if value)
        if text:
            yield Block(f"{part}[{position}]", _shown(text), grid=part)


def _shown(text: str) -> str:
    return text.replace("\x00", "\N{SYMBOL FOR NULL}")  # a NUL has no place in a database's text


def _grid(part: str, rows: Rows, file: str) -> Grid:
    columns = tuple(dict.fromkeys(name for _, row in rows for name in row))
    if len(columns) > MOST_COLUMNS or len(rows) > MOST_ROWS:
        raise Invalid(f"{file}, {part}: more than {MOST_COLUMNS} names or {MOST_ROWS} rows.", remedy="Split the extract.")
    lines = tuple(tuple(row.get(name, "") for name in columns) for _, row in rows)
    return Grid(part, (columns, *lines), (0, *(number for number, _ in rows)))


def _row(row: dict[str, Any]) -> dict[str, str]:
    cells = list(_cells(row))
    found = dict(cells)
    if len(found) < len(cells):
        raise _Odd("a name with a point or bracket in it reads like the path to another value")
    return found


def _cells(value: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Give the plain values of a tree, each by the path to it."""
    if depth > DEEPEST:
        raise _Odd(f"nested more than {DEEPEST} deep")
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _cells(item, f"{name}.{key}" if name else _sound(key), depth + 1)
    elif isinstance(value, list):
        plain = [_plain(item) for item in value if not isinstance(item, dict | list)]
        if len(plain) == len(value) and not any(LIST_SEPARATOR in text for text in plain):
            yield name, LIST_SEPARATOR.join(plain)
            return
        for number, item in enumerate(value, start=1):
            yield from _cells(item, f"{name}[{number}]", depth + 1)
    else:
        yield name, _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, NumberCell):
        return value
    return str(value).lower() if isinstance(value, bool) else _sound(str(value))


def _sound(text: str) -> str:
    """Return a text that can be stored; half a character, which JSON can escape, is none."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _Odd("half a character (a lone surrogate)") from error
    return text
