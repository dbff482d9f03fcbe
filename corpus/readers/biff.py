"""Look through an old workbook (.xls) for what calamine does not tell: errors, formats of per cent, hidden rows and columns, a password.

The container is OLE ([MS-CFB]), the stream in it BIFF ([MS-XLS]). Only what is needed to find those records is read; every chain
of sectors and every record is bounded by the file's own length.
"""

import struct
from collections.abc import Iterator

from audit.errors import Invalid
from corpus.readers import numberformats, package
from corpus.readers.sheetxml import Special, check_span, hidden

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMULA, _BOOLERR, _ROW, _COLINFO = 0x809, 0x0A, 0x2F, 0x85, 0x06, 0x205, 0x208, 0x7D
_DIMENSIONS, _MULRK, _FORMAT, _XF = 0x200, 0xBD, 0x41E, 0xE0
_BIFF8 = 0x600
_PLACED = (_FORMULA, _MULRK, 0xFD, 0x203, 0x204, _BOOLERR, 0x27E)  # records of cells: they begin with row and column
_NUMBERS = (_FORMULA, _MULRK, 0x203, 0x27E)  # of them, those that may hold numbers
_LAST_SECTOR = 0xFFFFFFFA  # above it: free, end of chain, FAT
_SMALL = 4096  # streams below it stand in the mini stream


def specials(data: bytes, *, file: str) -> dict[int, Special]:
    """Return what is special of each sheet by its position; raise Invalid where the container is damaged or locked."""
    try:
        stream = _workbook(data)
        return _sheets(stream, file)
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise package.damaged(file, "workbook", error) from error


def _workbook(data: bytes) -> bytes:
    """Return the stream of the workbook from its container."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:  # noqa: PLR2004 - the two sizes that exist
        raise ValueError("its sectors have no known size")
    size = 1 << shift
    fat = _fat(data, size)
    directory = b"".join(_chain(data, fat, struct.unpack_from("<I", data, 48)[0], size))
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    named = {
        entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace"): entry
        for entry in entries
    }
    found = named.get("Workbook") or named.get("Book")
    if found is None:
        raise ValueError("it holds no workbook")
    start, length = struct.unpack_from("<II", found, 116)
    if length >= _SMALL:
        return b"".join(_chain(data, fat, start, size))[:length]
    root = struct.unpack_from("<I", entries[0], 116)[0]
    small = b"".join(_chain(data, fat, root, size))
    small_fat = _integers(b"".join(_chain(data, fat, struct.unpack_from("<I", data, 60)[0], size)))
    return b"".join(_chain(small, small_fat, start, 64, first=0))[:length]


def _fat(data: bytes, size: int) -> tuple[int, ...]:
    sectors = list(struct.unpack_from("<109I", data, 76))
    more, seen = struct.unpack_from("<I", data, 68)[0], 0
    while more < _LAST_SECTOR and seen <= len(data) // size:
        block = _integers(data[(more + 1) * size : (more + 2) * size])
        sectors += block[:-1]
        more, seen = block[-1], seen + 1
    return _integers(b"".join(data[(n + 1) * size : (n + 2) * size] for n in sectors if n < _LAST_SECTOR))


def _integers(block: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])


def _chain(data: bytes, fat: tuple[int, ...], start: int, size: int, first: int = 1) -> Iterator[bytes]:
    sector, seen = start, 0
    while sector < _LAST_SECTOR:
        if seen > len(data) // size:
            raise ValueError("a chain of its sectors goes in a circle")
        yield data[(sector + first) * size : (sector + first + 1) * size]
        sector, seen = fat[sector], seen + 1


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheets(stream: bytes, file: str) -> dict[int, Special]:
    starts = []
    codes: dict[int, bool] = dict.fromkeys(numberformats.BUILTIN, True)
    styles: list[int] = []
    new = False
    for kind, body in _records(stream, 0):
        if kind == _BOF:
            new = struct.unpack_from("<H", body)[0] >= _BIFF8
        elif kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = numberformats.is_percent(_code(body, new=new))
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        if kind == _FILEPASS:
            raise Invalid(f"{file}: protected by a password.", remedy="Save it without a password.")
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        if kind == _EOF:
            break
    for position, start in enumerate(starts, start=1):
        _check_span(stream, start, f"{file}, sheet {position}")
    percents = frozenset(number for number, form in enumerate(styles) if codes.get(form))
    return {position: _special(stream, start, percents) for position, start in enumerate(starts)}


def _code(body: bytes, *, new: bool) -> str:
    """Return the code of a format: letters of one or two bytes; of one byte before Excel 97."""
    if not new:
        return body[3 : 3 + body[2]].decode("latin-1")
    wide = body[4] & 1
    text = body[5 : 5 + struct.unpack_from("<H", body, 2)[0] * (1 + wide)]
    return text.decode("utf-16-le" if wide else "latin-1", "replace")


def _check_span(stream: bytes, start: int, where: str) -> None:
    """Raise Invalid where a sheet says of itself, or its cells do, that it spans more than it may: calamine makes room for all of it."""
    rows = columns = 0
    for kind, body in _records(stream, start):
        if kind == _EOF:
            break
        if kind == _DIMENSIONS and len(body) >= 10:  # noqa: PLR2004 - the shorter of its two forms
            top, last, left, wide = struct.unpack_from("<IIHH" if len(body) >= 14 else "<HHHH", body)  # noqa: PLR2004 - the longer
            if top > max(last - 1, 0) or left > max(wide - 1, 0):
                raise ValueError("a sheet ends before it begins")
            check_span(last, wide, where)
        elif kind in _PLACED and len(body) >= 6:  # noqa: PLR2004 - row, column, format
            row, column = struct.unpack_from("<HH", body)
            to = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULRK else column
            rows, columns = max(rows, row + 1), max(columns, column + 1, to + 1)
    check_span(rows, columns, where)


def _special(stream: bytes, start: int, styles: frozenset[int]) -> Special:
    cells: dict[int, dict[int, str]] = {}
    percents: dict[int, list[int]] = {}
    rows: list[str] = []
    columns: list[str] = []
    deep = 0  # charts stand inside a sheet as sheets of their own
    for kind, body in _records(stream, start):
        deep += (kind == _BOF) - (kind == _EOF)
        if deep <= 0:
            break
        if deep > 1:
            continue
        if styles and kind in _NUMBERS:
            row = struct.unpack_from("<H", body)[0] + 1
            percents.setdefault(row, []).extend(column for column, style in _styled(kind, body) if style in styles)
        error = _error(kind, body)
        if error is not None:
            row, column = struct.unpack_from("<HH", body)
            cells.setdefault(row + 1, {})[column] = error
        elif kind == _ROW and len(body) >= 14 and body[12] & 0x20:  # noqa: PLR2004 - the flag's place
            rows.append(str(struct.unpack_from("<H", body)[0] + 1))
        elif kind == _COLINFO and len(body) >= 10 and body[8] & 1:  # noqa: PLR2004 - the flag's place
            first, last = struct.unpack_from("<HH", body)
            columns.append(f"{first + 1}-{last + 1}")
    return Special(cells, tuple(hidden(rows, columns)), percents)


def _styled(kind: int, body: bytes) -> Iterator[tuple[int, int]]:
    """Yield column and style of each cell that a record holds; one of many holds a style and a number (6 bytes) for each."""
    first, style = struct.unpack_from("<HH", body, 2)
    many = (len(body) - 6) // 6 if kind == _MULRK else 0
    yield from ((first + n, struct.unpack_from("<H", body, 4 + 6 * n)[0]) for n in range(many))
    if kind != _MULRK:
        yield first, style


def _error(kind: int, body: bytes) -> str | None:
    """Return the error that a cell shows, where it shows one."""
    if kind == _BOOLERR and len(body) >= 8 and body[7]:  # noqa: PLR2004 - row, column, format, value, flag
        return _ERRORS.get(body[6], "#ERROR!")
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:  # noqa: PLR2004 - an error
        return _ERRORS.get(body[8], "#ERROR!")
    return None
