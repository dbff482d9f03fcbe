"""Read a file to propose import profiles for its tables: how its text is encoded and separated, and which tables there are.

Runs in a worker process, like every reading of a file.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from audit.errors import Invalid
from corpus.formats import format_of, suffix_of
from corpus.identifiers import Identifiers
from corpus.locating import filled
from corpus.prepare import DELIMITED, DELIMITERS, bytes_of, named_delimiter
from corpus.proposing import Proposal, propose
from corpus.proposing_forms import propose_form
from corpus.readers import delimited
from corpus.readers.contents import Contents, Grid
from corpus.table_rows import why_no_header

LINES, SHOWN = 200, 3
SHEET, HIDDEN, MOST_SHEETS = "sheet ", ": a hidden sheet", 10
NATIONAL = ("cp1250", "cp1252")  # 8-bit: any bytes are letters in most of them, so a person has to choose


@dataclass(frozen=True)
class SampleJob:
    """A file to look at, and the identifiers of the site."""

    path: Path
    identifiers: Identifiers


@dataclass(frozen=True)
class TextFile:
    """How a text file is written, as far as it can be told."""

    encoding: str
    delimiter: str
    told: tuple[str, ...]
    questions: tuple[str, ...]


def sample(job: SampleJob) -> tuple[Proposal, ...]:
    """Return a proposal for each table of a file; raise Invalid where there is none."""
    name = job.path.name
    written, contents = _read(job.path)
    found = [_propose(grid, job, written) for grid in contents.grids]
    as_form = propose_form(
        contents, name=job.path.stem, identifiers=job.identifiers, delimiter=written.delimiter, encoding=written.encoding
    )
    found.append(as_form)
    proposals = [proposal for proposal in found if proposal is not None]
    without = [
        grid for grid, made in zip(contents.grids, found, strict=False) if made is None and any(map(filled, grid.rows))
    ]
    if not proposals:
        why = f" ({_without(without[0])})" if without else ""
        raise Invalid(
            f"{name}: holds no table with a header{why}, and no form of labels with values.",
            remedy="Give each column of a table a name of its own. Narratives are imported without a profile.",
        )
    return _with_sheets(proposals, [grid for grid in without if grid.part.startswith(SHEET)], contents.notes)


def _with_sheets(proposals: Sequence[Proposal], without: Sequence[Grid], notes: Sequence[str]) -> tuple[Proposal, ...]:
    """Ask about the sheets that got no proposal, and whether a hidden one is meant; hidden ones stand last."""
    hidden = {note.removesuffix(HIDDEN) for note in notes if note.endswith(HIDDEN)}
    shown = [
        f"{_without(grid)}{', and it is hidden' if grid.part in hidden else ''}: is it no table?"
        for grid in without[:MOST_SHEETS]
    ]
    more = [f"{len(without) - MOST_SHEETS:,} more sheets got no proposal."] if len(without) > MOST_SHEETS else []
    made = []
    for one in sorted(proposals, key=lambda one: one.part in hidden):
        asked = [f"The {one.part} is hidden in its workbook: is it meant to be imported?"] if one.part in hidden else []
        made.append(replace(one, questions=(*one.questions, *asked, *shown, *more)))
    return tuple(made)


def _without(grid: Grid) -> str:
    return f"{f'{grid.part} got no proposal: ' if grid.part else ''}{why_no_header(grid)}"


def contents_of(path: Path) -> Contents:
    """Return everything that a reader finds in a file of any kind, without a profile."""
    return _read(path)[1]


def _read(path: Path) -> tuple[TextFile, Contents]:
    kind, data = format_of(path.name), bytes_of(path)
    if suffix_of(path.name) not in DELIMITED:
        return TextFile("utf-8-sig", ";", (), ()), kind.load()(data, file=path.name)
    written = text_file(data, file=path.name)
    return written, delimited.read(data, file=path.name, delimiter=written.delimiter, encoding=written.encoding)


def _propose(grid: Grid, job: SampleJob, written: TextFile) -> Proposal | None:
    stem = job.path.stem if not grid.part or grid.part.startswith("table") else f"{job.path.stem} {grid.part.split()[-1]}"
    made = propose(
        grid,
        name=stem,
        identifiers=job.identifiers,
        delimiter=written.delimiter,
        encoding=written.encoding,
        found=written.told,
    )
    if made is None or not written.questions:
        return made
    return Proposal(made.profile, made.notes, (*written.questions, *made.questions), made.part, made.rows, made.keys)


def text_file(data: bytes, *, file: str) -> TextFile:
    """Say in which encoding and with which delimiter a file is written; raise Invalid for one that is no text."""
    encoding, told, questions = _encoding(data)
    try:
        text = data[:1_000_000].decode(encoding, errors="replace")
    except LookupError as error:
        raise Invalid(f"{file}: not readable as {encoding}.", remedy="Save it as UTF-8.") from error
    if "\x00" in text:
        raise Invalid(f"{file}: holds NUL characters, so it is no text.", remedy="Export it again as text.")
    delimiter, how = _delimiter(text)
    return TextFile(encoding, delimiter, (told, how), questions)


def _encoding(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    marked = delimited.encoding_of(data, "")
    if marked:
        return marked, f"{marked.removesuffix('-sig').upper()}, by its byte order mark", ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _national(data)
    plain = text.isascii()
    return "utf-8-sig", "only letters that every encoding shares" if plain else "every byte is valid UTF-8", ()


def _national(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Name the 8-bit encodings that fit, and a word that tells them apart: bytes alone do not say which one it is."""
    words = [word for word in data.split() if not word.isascii()][:SHOWN]
    readings = [f"{name}: {', '.join(word.decode(name, errors='replace')[:30] for word in words)}" for name in NATIONAL]
    asked = f"The file is not UTF-8. Which encoding is it? ({'; '.join(readings)})"
    return NATIONAL[0], f"not UTF-8; {NATIONAL[0]} is one of the encodings that fit", (asked,)


def _delimiter(text: str) -> tuple[str, str]:
    """Return the delimiter under which most lines have the same number of cells, more than one."""
    best = (0, 0, DELIMITERS[0])
    total = 0
    for mark in DELIMITERS:
        widths = _widths(text, mark)
        total = max(total, len(widths))
        width, lines = max(Counter(w for w in widths if w > 1).items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        best = max(best, (lines, width, mark), key=lambda item: item[:2])
    lines, width, mark = best
    if not lines:
        return mark, "no delimiter: every line is one cell"
    return mark, f"{lines:,} of the first {total:,} lines have {width} cells between {named_delimiter(mark)}"


def _widths(text: str, delimiter: str) -> Sequence[int]:
    try:
        rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), LINES)
        return [len(row) for row in rows if row]
    except csv.Error:
        return []
