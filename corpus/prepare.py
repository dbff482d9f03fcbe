"""From one file to what will be stored of it: read by its format's reader, each table by its import profile, the rest as passages.

Runs in a worker process. One file may give several documents: each table that a profile knows, and its text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audit.canonical import digest
from audit.errors import Invalid
from corpus import kept, percents, storable
from corpus.continued import joined
from corpus.formats import Format, format_of, suffix_of
from corpus.forms import Form, find_forms
from corpus.importprofile import ImportProfile, Layout
from corpus.locating import SEARCHED_FOR_HEADER, Located, locate, stands_in, trimmed
from corpus.model import on_page
from corpus.newdocument import NewDocument
from corpus.notes import of_parts
from corpus.profiles import ProfileSet, alone, header_of, pick
from corpus.readers import delimited
from corpus.readers.contents import Contents, Grid, NoTextLayer, grid_of
from corpus.readers.narrative import Block, Narrative
from corpus.reading import ReadFile, is_synthetic, read_narrative, read_table

LARGEST_FILE = 512 * 1024 * 1024
READ_AGAIN = (".md", ".txt", ".docx")  # narratives that are shown by reading the file again
RECOGNISED = "recognised text"  # the part that is not what stands in the file
DELIMITED = (".csv", ".tsv")
_ROW = re.compile(r"^row ([0-9]+)\b")
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
    parts: frozenset[str] | None = None  # every part that stands in the file, taken or not; None where that is not known


def prepare(job: Job) -> Prepared:
    """Read one file; raise Invalid where nothing of it can be taken."""
    path = job.path
    storable.check_name(path.name)
    kind = format_of(path.name)
    data = bytes_of(path)
    tabular = suffix_of(path.name) in DELIMITED
    prepared = _delimited(job, data, kind) if tabular else _parts(job, data, kind, _contents(job, data, kind))
    storable.check(prepared.documents, file=path.name)
    return prepared


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


def _delimited(job: Job, data: bytes, kind: Format) -> Prepared:
    name = job.path.name
    try:
        profile = job.chosen or recognise(data, job.profiles, file=name)
    except Invalid:
        forms = _delimited_forms(job, data, kind, job.profiles)
        if forms:
            return Prepared(forms)
        raise
    only = alone(profile)
    if profile.layout is Layout.FORM:
        forms = _delimited_forms(job, data, kind, only)
        if not forms:
            raise Invalid(f"{name}: the form '{profile.name}' does not stand in it.", remedy="Check the labels of its key.")
        return Prepared(forms)
    grid = delimited.read(data, file=name, delimiter=profile.delimiter, encoding=profile.encoding).grids[0]
    found = locate(grid, only, file=name)
    if found is None:
        _check_delimiter(data, grid, profile, file=name)
        only.recognise(grid.rows[0], file=name)
        raise Invalid(f"{name}: its header is not in row {profile.header_row}.", remedy="Correct the file or the profile.")
    how = {"delimiter": profile.delimiter, "encoding": delimited.encoding_of(data, profile.encoding)}
    table = _table(job, data, kind, found, how=how)
    return Prepared((table,), notes=tuple(table.notes))


def _check_delimiter(data: bytes, grid: Grid, profile: ImportProfile, *, file: str) -> None:
    """Raise Invalid where a header is one cell only because its delimiter is not the profile's."""
    if len(grid.rows[0]) > 1:
        return
    heads = {mark: delimited.first_row(data, delimiter=mark, encoding=profile.encoding) for mark in DELIMITERS}
    mark = max(heads, key=lambda mark: len(heads[mark]))
    if len(heads[mark]) > 1:
        told, found = (named_delimiter(m) for m in (profile.delimiter, mark))
        raise Invalid(
            f"{file}: its header is one cell under {told}, the delimiter of the profile '{profile.name}'; "
            f"it has {len(heads[mark])} cells between {found}.",
            remedy="Correct `delimiter` in the profile, or export the file with the profile's delimiter.",
        )


def named_delimiter(mark: str) -> str:
    """Return a delimiter as people read it."""
    return "tabs" if mark == "\t" else f"'{mark}'"


def _delimited_forms(job: Job, data: bytes, kind: Format, profiles: ProfileSet) -> tuple[NewDocument, ...]:
    """Read the forms of a delimited file, by the delimiter and encoding that each form's profile names."""
    read: list[tuple[ImportProfile, list[Form]]] = []
    for profile in profiles.of(Layout.FORM).profiles:
        if read and header_of(read[0][0]) != header_of(profile):
            continue
        contents = delimited.read(data, file=job.path.name, delimiter=profile.delimiter, encoding=profile.encoding)
        found, told = find_forms(contents, alone(profile), file=job.path.name)
        if told:
            raise Invalid(told[0])
        read += [(profile, found)] if found else []
    if not read:
        return ()
    one = pick([profile for profile, _ in read], file=job.path.name)
    how = {"encoding": delimited.encoding_of(data, one.encoding)}
    return tuple(_form(job, data, kind, form, how=how) for profile, found in read if profile is one for form in found)


def recognise(data: bytes, profiles: ProfileSet, *, file: str) -> ImportProfile:
    """Find the profile of a delimited file by its header, under each usual delimiter; raise Invalid with the closest one."""
    if not data.strip():
        raise Invalid(f"{file}: the file is empty.", remedy="Export it again from the source system.")
    tops: dict[tuple[str, str], Grid] = {}

    def top(delimiter: str, encoding: str) -> Grid:
        if (delimiter, encoding) not in tops:
            rows = delimited.first_rows(data, delimiter=delimiter, encoding=encoding, count=SEARCHED_FOR_HEADER)
            tops[delimiter, encoding] = grid_of("", rows)
        return tops[delimiter, encoding]

    def as_it_stands(profile: ImportProfile) -> ImportProfile | None:
        usual = dict.fromkeys((profile.delimiter, *DELIMITERS))
        found = next((d for d in usual if stands_in(top(d, profile.encoding), profile)), None)
        return None if found is None else replace(profile, delimiter=found)

    for profile in profiles.profiles:
        if as_it_stands(profile) is not None:
            same = [p for p in profiles.profiles if header_of(p) == header_of(profile)]
            return pick([found for p in same if (found := as_it_stands(p)) is not None], file=file)
    widest = max((row for d in DELIMITERS for row in top(d, "utf-8-sig").rows), key=len, default=())
    return profiles.recognise(widest, file=file)


def _parts(job: Job, data: bytes, kind: Format, found: Sequence[Contents]) -> Prepared:
    """Take every grid that a profile knows, and the text around them; at least one document, or the reason why none."""
    parts = [_part(job, data, kind, contents) for contents in found]
    documents = tuple(document for part in parts for document in part.documents)
    passed_over = tuple(told for part in parts for told in part.passed_over)
    if not documents:
        reason = passed_over[0][1] if passed_over else f"{job.path.name}: nothing was found in it."
        raise Invalid(reason, remedy="" if passed_over else "Check the file.")
    told = tuple(note for part in parts for note in part.notes)
    kept_with = of_parts(
        (*told, *(f"{part}: not taken: {reason}" for part, reason in passed_over)), [d.part for d in documents]
    )
    documents = tuple(replace(d, notes=notes) for d, notes in zip(documents, kept_with, strict=True))
    return Prepared(documents, passed_over, told, _standing(found))


def _standing(found: Sequence[Contents]) -> frozenset[str] | None:
    """Name what stands in a file: its tables, what stands at a place of its text, and what a note tells of."""
    if any(contents.unread for contents in found):
        return None
    grids = {grid.part for contents in found for grid in contents.grids}
    blocks = (block for contents in found if contents.narrative for block in contents.narrative.blocks)
    places = {block.place.partition("[")[0] for block in blocks if not block.grid}
    told = {note.partition(": ")[0] for contents in found for note in contents.notes}
    return frozenset({"", RECOGNISED, *grids, *places, *told})


def _part(job: Job, data: bytes, kind: Format, contents: Contents) -> Prepared:
    documents: list[NewDocument] = []
    passed_over: list[tuple[str, str]] = []
    taken: set[str] = set()
    profiles = alone(job.chosen) if job.chosen else job.profiles
    forms, almost = find_forms(contents, profiles, file=job.path.name)
    documents += [_form(job, data, kind, form, how=dict(contents.how)) for form in forms]
    passed_over += [("form", told) for told in almost]
    going_on = joined(contents.grids, lambda grid: locate(grid, profiles, file=job.path.name))
    for grid in going_on.grids:
        found = locate(grid, profiles, file=job.path.name)
        if found is not None:
            documents.append(_table(job, data, kind, found, how=dict(contents.how)))
            taken |= going_on.parts(grid.part)
        elif not forms and not kind.narrative and any(any(row) for row in grid.rows):
            passed_over.append((grid.part, _unknown(grid, profiles, file=job.path.name)))
    narrative = _rest(contents.narrative, taken)
    if narrative is not None:
        documents.append(_narrative(job, data, kind, narrative, contents))
    own = (f"{document.part}: {note}" for document in documents for note in document.notes)
    return Prepared(tuple(documents), tuple(passed_over), (*contents.notes, *going_on.told, *own))


def _unknown(grid: Grid, profiles: ProfileSet, *, file: str) -> str:
    widest = max(grid.rows[:SEARCHED_FOR_HEADER], key=lambda row: len(trimmed(row)))
    where = f"{file}, {grid.part}" if grid.part else file
    try:
        profiles.recognise(trimmed(widest), file=where)
    except Invalid as problem:
        return str(problem)
    return f"{where}: its header was not found."


def _table(job: Job, data: bytes, kind: Format, found: Located, *, how: dict[str, str]) -> NewDocument:
    """Read the rows that were located; what they were read from is kept where the file's own first row is not the header."""
    found = percents.settled(found)
    read = read_table(
        found.profile, found.grid.rows, product=job.product, numbers=found.grid.numbers, doubtful=found.doubtful
    )
    as_in_file = found.first and not found.grid.part
    text = "" if as_in_file else kept.grid_text(found.shown, 0)
    place = {"part": found.grid.part} if found.grid.part else {}
    made = _document(job, data, kind, found.profile, read, how={**how, **place, **({"grid": digest(text)} if text else {})})
    read.balance = replace(read.balance, skipped=found.skipped_cells)
    if found.axis != "row":
        read.moved(lambda place: place.replace("row", found.axis, 1))
    pages = found.shown.pages
    if pages:
        read.moved(lambda place: _ROW.sub(lambda row: f"row {on_page(int(row[1]), pages)}", place))
    notes = (*percents.mixed(found), *read.notes)
    return replace(made, part=found.grid.part, kept=text, axis=found.axis, pages=pages, skipped=found.skipped, notes=notes)


def _form(job: Job, data: bytes, kind: Format, form: Form, *, how: dict[str, str]) -> NewDocument:
    """Read a form as a table of one row, and say of each label where it stands."""
    grid = percents.as_shown(form.profile, form.grid)
    text = kept.grid_text(grid, 0)
    read = read_table(form.profile, grid.rows, product=job.product, numbers=grid.numbers)
    read.moved(lambda place: place.replace("row 1", form.places.get(place.removeprefix("row 1, "), "nowhere"), 1))
    how = {**how, **({"part": form.part} if form.part else {}), "grid": digest(text), "layout": str(Layout.FORM)}
    made = _document(job, data, kind, form.profile, read, how=how)
    places = {rule.target: form.places[rule.header] for rule in form.profile.columns if rule.header in form.places}
    return replace(made, part=form.part, kept=text, places=places)


def _document(
    job: Job, data: bytes, kind: Format, profile: ImportProfile, read: ReadFile, *, how: dict[str, str]
) -> NewDocument:
    return NewDocument(
        name=job.path.name,
        data=data,
        media_type=kind.media_type,
        profile=profile.label,
        kind=profile.kind,
        synthetic=profile.synthetic,
        read=read,
        reading={**how, "product": job.product, "profile": profile.sha256},
        columns={rule.target: rule.header for rule in profile.columns},
        units={rule.target: rule.unit for rule in profile.columns if rule.unit},
        groups={rule.target: rule.group for rule in profile.columns if rule.group} | _long_groups(profile, read),
        labels={rule.target: rule.label for rule in profile.columns if rule.label},
    )


def _long_groups(profile: ImportProfile, read: ReadFile) -> dict[str, str]:
    """Return the group of each attribute that the rows of a long table name."""
    group = next((rule.group for rule in profile.columns if rule.field == profile.value), "")
    return {measured[4]: group for measured in read.measurements} if profile.value and group else {}


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
