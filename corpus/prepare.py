"""From one file to what will be stored of it: read by its format's reader, each table by its import profile, the rest as passages.

Runs in a worker process. One file may give several documents: each table that a profile knows, and its text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audit.canonical import digest
from audit.errors import Invalid
from corpus import kept
from corpus.formats import Format, format_of, suffix_of
from corpus.importprofile import ImportProfile
from corpus.newdocument import NewDocument
from corpus.profiles import ProfileSet
from corpus.readers import delimited
from corpus.readers.contents import LINE_END, Contents, Grid, NoTextLayer, one_line
from corpus.readers.narrative import Block, Narrative
from corpus.reading import is_synthetic, read_narrative, read_table

LARGEST_FILE = 512 * 1024 * 1024
READ_AGAIN = (".md", ".txt", ".docx")  # narratives that are shown by reading the file again
SEARCHED_FOR_HEADER = 60  # rows of a grid that may stand above its header
RECOGNISED = "recognised text"  # the part that is not what stands in the file
DELIMITERS = (";", ",", "\t", "|")


@dataclass(frozen=True)
class Job:
    """One file to read, and how."""

    path: Path
    profiles: ProfileSet
    chosen: ImportProfile | None = None
    product: str | None = None
    ocr: bool = False  # recognise the letters of scanned pages


@dataclass(frozen=True)
class Prepared:
    """The documents of one file; `passed_over` says of each table or part that was not taken why."""

    documents: tuple[NewDocument, ...]
    passed_over: tuple[tuple[str, str], ...] = ()  # part, reason
    notes: tuple[str, ...] = ()


def prepare(job: Job) -> Prepared:
    """Read one file; raise Invalid where nothing of it can be taken."""
    path = job.path
    kind = format_of(path.name)
    data = bytes_of(path)
    if suffix_of(path.name) == ".csv":
        return Prepared((_delimited(job, data, kind),))
    return _parts(job, data, kind, _contents(job, data, kind))


def _contents(job: Job, data: bytes, kind: Format) -> list[Contents]:
    """Return what was read of a file, and beside it what was recognised, where that was asked for."""
    name, recognise_letters = job.path.name, kind.load_recogniser() if job.ocr else None
    try:
        found = [kind.load()(data, file=name)]
    except NoTextLayer:
        if recognise_letters is None:
            raise
        found = []
    return [*found, recognise_letters(data, file=name)] if recognise_letters else found


def bytes_of(path: Path) -> bytes:
    """Return a file's bytes; raise Invalid where it is too large or cannot be opened."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise Invalid(f"{path.name}: larger than {LARGEST_FILE} bytes.", remedy="Split the extract.")
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path.name}: cannot be opened: {error.strerror}.", remedy="Check the file.") from error


def _delimited(job: Job, data: bytes, kind: Format) -> NewDocument:
    name = job.path.name
    profile = job.chosen or recognise(data, job.profiles, file=name)
    grid = delimited.read(data, file=name, delimiter=profile.delimiter, encoding=profile.encoding).grids[0]
    if grid.rows[0] != profile.header:
        ProfileSet((profile,)).recognise(grid.rows[0], file=name)
    how = {"delimiter": profile.delimiter, "encoding": profile.encoding}
    return _table(job, data, kind, profile, grid, header=0, how=how)


def recognise(data: bytes, profiles: ProfileSet, *, file: str) -> ImportProfile:
    """Find the profile of a delimited file by its header, under each usual delimiter; raise Invalid with the closest one."""
    if not data.strip():
        raise Invalid(f"{file}: the file is empty.", remedy="Export it again from the source system.")
    for profile in profiles.profiles:
        for delimiter in dict.fromkeys((profile.delimiter, *DELIMITERS)):
            if _header(data, delimiter, profile.encoding) == profile.header:
                return replace(profile, delimiter=delimiter)
    return profiles.recognise(max((_header(data, d) for d in DELIMITERS), key=len), file=file)


def _header(data: bytes, delimiter: str, encoding: str = "utf-8-sig") -> tuple[str, ...]:
    return tuple(delimited.first_row(data, delimiter=delimiter, encoding=encoding))


def _parts(job: Job, data: bytes, kind: Format, found: Sequence[Contents]) -> Prepared:
    """Take every grid that a profile knows, and the text around them; at least one document, or the reason why none."""
    parts = [_part(job, data, kind, contents) for contents in found]
    documents = tuple(document for part in parts for document in part.documents)
    passed_over = tuple(told for part in parts for told in part.passed_over)
    if not documents:
        reason = passed_over[0][1] if passed_over else f"{job.path.name}: nothing was found in it."
        raise Invalid(reason, remedy="" if passed_over else "Check the file.")
    return Prepared(documents, passed_over, tuple(note for part in parts for note in part.notes))


def _part(job: Job, data: bytes, kind: Format, contents: Contents) -> Prepared:
    documents: list[NewDocument] = []
    passed_over: list[tuple[str, str]] = []
    taken: set[str] = set()
    profiles = ProfileSet((job.chosen,)) if job.chosen else job.profiles
    for grid in contents.grids:
        found = locate_header(grid, profiles)
        if found is not None:
            profile, header = found
            documents.append(_table(job, data, kind, profile, grid, header=header, how=dict(contents.how)))
            taken.add(grid.part)
        elif not kind.narrative and any(any(row) for row in grid.rows):
            passed_over.append((grid.part, _unknown(grid, profiles, file=job.path.name)))
    narrative = _rest(contents.narrative, taken)
    if narrative is not None:
        documents.append(_narrative(job, data, kind, narrative, contents))
    return Prepared(tuple(documents), tuple(passed_over), contents.notes)


def locate_header(grid: Grid, profiles: ProfileSet) -> tuple[ImportProfile, int] | None:
    """Return the profile whose header stands in a grid, and the position of that row; what stands above it are titles."""
    known = {profile.header: profile for profile in profiles.profiles}
    squeezed = {_squeezed(profile.header): profile for profile in profiles.profiles}
    for position, row in enumerate(grid.rows[:SEARCHED_FOR_HEADER]):
        broken = any(LINE_END in cell for cell in row)
        profile = squeezed.get(_squeezed(trimmed(row))) if broken else known.get(trimmed(row))
        if profile is not None:
            return profile, position
    return None


def trimmed(row: Sequence[str]) -> tuple[str, ...]:
    """Return a row without the empty cells at its end, white space around its literals taken away."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _squeezed(row: Sequence[str]) -> tuple[str, ...]:
    """Return a header without its white space: where a page broke it over lines, none of it is certain."""
    return tuple("".join(cell.split()) for cell in row)


def _settled(profile: ImportProfile, row: Sequence[str]) -> tuple[str, ...]:
    """Join the lines of a row's cells: by a space, after a hyphen within a word by nothing, so that no letter is added or lost.

    A number or date that a page broke elsewhere holds a space then, and its type refuses it. A key without a pattern could
    pass with a space that is none: it keeps the line end, and is refused for it.
    """
    cells = list(row)
    for position, rule in enumerate(profile.columns[: len(cells)]):
        bare = rule.field in profile.anchors and rule.type == "text" and rule.pattern is None
        if LINE_END in cells[position] and not bare:
            cells[position] = one_line(cells[position].split(LINE_END))
    return tuple(cells)


def _unknown(grid: Grid, profiles: ProfileSet, *, file: str) -> str:
    widest = max(grid.rows[:SEARCHED_FOR_HEADER], key=lambda row: len(trimmed(row)))
    where = f"{file}, {grid.part}" if grid.part else file
    try:
        profiles.recognise(trimmed(widest), file=where)
    except Invalid as problem:
        return str(problem)
    return f"{where}: its header was not found."


def _table(
    job: Job, data: bytes, kind: Format, profile: ImportProfile, grid: Grid, *, header: int, how: dict[str, str]
) -> NewDocument:
    width = len(profile.header)
    rows = grid.rows[header:]
    if grid.part:  # a grid of a page is as wide as its widest row: empty cells past the header hold nothing
        rows = tuple(row[:width] if len(row) > width and not any(row[width:]) else row for row in rows)
        rows = tuple(row + ("",) * (width - len(row)) for row in rows[1:] if any(cell.strip() for cell in row))
        rows = (profile.header, *(_settled(profile, row) if LINE_END in "".join(row) else row for row in rows))
    numbers = _numbers(grid, header)
    text = kept.grid_text(grid, header) if grid.part else ""
    place = {"part": grid.part, "grid": digest(text)} if grid.part else {}
    return NewDocument(
        name=job.path.name,
        part=grid.part,
        kept=text,
        data=data,
        media_type=kind.media_type,
        profile=profile.label,
        kind=profile.kind,
        synthetic=profile.synthetic,
        read=read_table(profile, rows, product=job.product, numbers=numbers),
        reading={**how, "product": job.product, "profile": profile.sha256, **place},
        columns={rule.target: rule.header for rule in profile.columns},
        units={rule.target: rule.unit for rule in profile.columns if rule.unit},
        groups={rule.target: rule.group for rule in profile.columns if rule.group},
        labels={rule.target: rule.label for rule in profile.columns if rule.label},
    )


def _numbers(grid: Grid, header: int) -> tuple[int, ...]:
    """Return the numbers of the header and of the data rows; blank rows of a page are no rows."""
    if not grid.part:
        return grid.numbers
    below = zip(grid.numbers[header + 1 :], grid.rows[header + 1 :], strict=True)
    return (grid.numbers[header], *(number for number, row in below if any(cell.strip() for cell in row)))


def _rest(narrative: Narrative | None, taken: set[str]) -> Narrative | None:
    """Return a narrative without the rows of tables that were taken as tables; None where nothing is left."""
    if narrative is None:
        return None
    left: tuple[Block, ...] = tuple(b for b in narrative.blocks if not b.grid or b.grid not in taken)
    return Narrative(narrative.about, left) if left else None


def _narrative(job: Job, data: bytes, kind: Format, narrative: Narrative, contents: Contents) -> NewDocument:
    read = read_narrative(narrative, file=job.path.name, product=job.product)
    if contents.derived:
        read.records.clear()  # recognised text gives passages, never records
    text = "" if suffix_of(job.path.name) in READ_AGAIN else kept.narrative_text(narrative)
    return NewDocument(
        name=job.path.name,
        part=RECOGNISED if contents.derived else "",
        kept=text,
        data=data,
        media_type=kind.media_type,
        profile=None,
        kind=read.passages[0].kind,
        synthetic=is_synthetic(narrative),
        read=read,
        reading={
            "product": job.product,
            **({"narrative": digest(text)} if text else {}),
            **({"derived": "yes"} if contents.derived else {}),
            **contents.how,
        },
    )
