"""Read decisions that were made elsewhere from a delimited file, bounded; what cannot be read is refused with its row, column and words."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

from audit.errors import Invalid
from audit.oversight.reliance import Answer, Decision
from corpus.readers import delimited

T = TypeVar("T")
REQUIRED = ("reviewer", "truth", "advice", "final")
OPTIONAL = ("initial", "initial_ms", "final_ms", "fault", "accepted", "difficulty")
LARGEST = 64 * 1024 * 1024
MOST_ROWS, MOST_REVIEWERS, LONGEST = 1_000_000, 5_000, 200
LONGEST_MS, HARDEST = 1e10, 20.0
NUMBER = re.compile(r"[+-]?(0|[1-9]\d{0,17})(\.\d{1,18})?")  # 0117 and 1e5 are codes, and read as text
REAL = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,2})?")
SHOWN = 40
TEXT = f"1 to {LONGEST} printable characters"


@dataclass(frozen=True)
class _Line:
    """A row of the file with its number, the header being row 1."""

    file: str
    number: int
    cells: Mapping[str, str]

    def read(self, column: str, as_: Callable[[str], T | None], wanted: str) -> T:
        """Return a cell's value; raise Invalid with its place and words."""
        literal = self.cells[column]
        found = as_(literal) if len(literal) <= LONGEST else None
        if found is None:
            printed = "".join(c if c.isprintable() else "?" for c in literal[:SHOWN])
            said = f"'{printed}'" if literal else "empty"
            raise Invalid(f"{self.file} row {self.number}, column {column}: {said}.", remedy=f"Write {wanted}.")
        return found

    def maybe(self, column: str, as_: Callable[[str], T | None], wanted: str) -> T | None:
        """Return a cell's value; None where the column is not there or the cell is empty."""
        return self.read(column, as_, wanted) if self.cells.get(column) else None


def decisions_of(path: Path) -> list[Decision]:
    """Return the decisions of a file in their order."""
    if not path.is_file():
        raise Invalid(f"There is no file {path}.", remedy="Name the file as it stands on this machine.")
    if path.stat().st_size > LARGEST:
        raise Invalid(f"{path.name}: larger than {LARGEST} bytes.", remedy="Split it, reviewer by reviewer.")
    data = path.read_bytes()
    _refuse_binary(path.name, data)
    top = delimited.first_rows(data, delimiter="\n", encoding="utf-8-sig", count=1)
    header = top[0][0] if top and top[0] else ""
    rows = delimited.rows(data, file=path.name, delimiter=max(",;\t", key=header.count), encoding="utf-8-sig")
    if len(rows) > MOST_ROWS + 1:
        raise Invalid(f"{path.name}: more than {MOST_ROWS} rows.", remedy="Split it, reviewer by reviewer.")
    columns = _columns(path.name, rows[0])
    found = [_decision(_line(path.name, number, columns, row)) for number, row in enumerate(rows[1:], start=2) if any(row)]
    if not found:
        raise Invalid(f"{path.name}: a header and no decisions.", remedy="Export it again.")
    if len({d.reviewer for d in found}) > MOST_REVIEWERS:
        raise Invalid(f"{path.name}: more than {MOST_REVIEWERS} reviewers.", remedy="Split it, reviewer by reviewer.")
    return found


def _refuse_binary(file: str, data: bytes) -> None:
    """Raise Invalid where a file is no text; there is no profile here that could say in which encoding it is."""
    try:
        binary = "\0" in data.decode(delimited.encoding_of(data, "utf-8"))
    except UnicodeDecodeError:
        binary = True
    if binary:
        raise Invalid(
            f"{file}: this is no text in UTF-8.",
            remedy="Save it as CSV in UTF-8; from a spreadsheet program, export it as CSV.",
        )


def _columns(file: str, header: list[str]) -> list[str]:
    columns = [name.strip().casefold() for name in header]
    for name in (*REQUIRED, *OPTIONAL):
        if columns.count(name) > 1:
            raise Invalid(f"{file} row 1: the column {name} stands there twice.", remedy="Take one of the two out.")
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise Invalid(
            f"{file} row 1: no column {', '.join(missing)}.",
            remedy=f"The first row names the columns: {', '.join(REQUIRED)}, and where known {', '.join(OPTIONAL)}.",
        )
    return columns


def _line(file: str, number: int, columns: list[str], row: list[str]) -> _Line:
    if len(row) != len(columns):
        raise Invalid(
            f"{file} row {number}: {len(row)} cells under {len(columns)} columns.",
            remedy="Quote cells that hold the delimiter.",
        )
    return _Line(file, number, {name: cell.strip() for name, cell in zip(columns, row, strict=True)})


def _decision(line: _Line) -> Decision:
    duration, initial = f"milliseconds from 0 to {LONGEST_MS:.0f}", line.maybe("initial", _text, TEXT)
    return Decision(
        reviewer=line.read("reviewer", _text, TEXT),
        truth=_answer(line.read("truth", _text, TEXT)),
        advice=_answer(line.read("advice", _text, TEXT)),
        final=_answer(line.read("final", _text, TEXT)),
        initial=None if initial is None else _answer(initial),
        initial_ms=line.maybe("initial_ms", partial(_real, low=0, high=LONGEST_MS), duration),
        final_ms=line.maybe("final_ms", partial(_real, low=0, high=LONGEST_MS), duration),
        fault=line.maybe("fault", _flag, "0 or 1"),
        accepted=line.maybe("accepted", _flag, "0 or 1"),
        difficulty=line.maybe(
            "difficulty", partial(_real, low=-HARDEST, high=HARDEST), f"a logit from -{HARDEST:.0f} to {HARDEST:.0f}"
        ),
    )


def _text(text: str) -> str | None:
    return text if text and text.isprintable() else None


def _answer(text: str) -> Answer:
    return Decimal(text) if NUMBER.fullmatch(text) else text


def _flag(text: str) -> bool | None:
    return {"0": False, "1": True}.get(text)


def _real(text: str, *, low: float, high: float) -> float | None:
    value = float(text) if REAL.fullmatch(text) else math.nan
    return value if low <= value <= high else None
