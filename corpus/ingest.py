"""Import source files: kept byte for byte, read by a profile, every cell accounted for, each version an entry in the trail.

One file is one write: its bytes, its records, its passages with their search terms and vectors, and its entry exist
together or not at all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid, NotFound
from corpus import storing
from corpus.model import Balance, Refusal, SourceDocument
from corpus.profiles import ImportProfile, ProfileSet
from corpus.readers import delimited, narrative, word
from corpus.reading import ReadFile, is_synthetic, read_narrative, read_table
from corpus.storing import NewDocument

TABLES = (".csv",)
TEXTS = (".md", ".txt", ".docx")
NOT_SOURCES = ("README.md", "ATTRIBUTION.md", "TRAPS.md")  # they describe the files beside them
DELIMITERS = (";", ",", "\t")
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

Progress = Callable[[str, int, int], None]


@dataclass
class ImportResult:
    """What an import did; `unchanged` names the files whose bytes and reading were current already."""

    documents: list[SourceDocument] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    measurements: int = 0
    passages: int = 0
    cells: Balance = field(default_factory=Balance)
    refused: list[Refusal] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    seconds: float = 0.0


def ingest(
    database: Database,
    clock: Clock,
    new_id: Callable[[], str],
    *,
    paths: Sequence[Path],
    profiles: ProfileSet,
    actor: Actor,
    zone: str,
    product: str | None = None,
    profile_name: str | None = None,
    synthetic: bool | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Import files and folders.

    A file of unknown columns, or one that cannot be read, leaves an entry and is not stored: Invalid where it is the only
    one, else it is listed among the refused and the others go in. The same bytes read the same way are no change; other
    bytes under the name and profile of a current document supersede it. `product` holds where a file names none;
    `synthetic` overrides what profile or description say.
    """
    started = clock.now()
    files = list_files(paths)
    chosen = profiles.named(profile_name) if profile_name else None
    result = ImportResult()
    for number, path in enumerate(files, start=1):
        if progress is not None:
            progress(path.name, number, len(files))
        try:
            new = _read(path, profiles, chosen, product)
        except Invalid as problem:
            storing.refuse(database, clock, name=path.name, reason=problem.message, actor=actor, zone=zone)
            if len(files) == 1:
                raise
            result.refused.append(Refusal(path.name, "whole file", "", str(problem)))
            continue
        if synthetic is not None:
            new = replace(new, synthetic=synthetic)
        stored = storing.store(database, clock, new_id, new=new, actor=actor, zone=zone)
        _add(result, new, stored)
    result.seconds = (clock.now() - started).total_seconds()
    return result


def list_files(paths: Iterable[Path]) -> list[Path]:
    """List the source files under the given files and folders, in a stable order, each once.

    Hidden files, files that describe others (README.md) and sub-folders of program code are passed over.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            code = tuple(marker.parent for marker in path.rglob("__init__.py") if marker.parent != path)
            inside = (p for p in sorted(path.rglob("*")) if p.is_file() and _is_source(p.relative_to(path)))
            inside = (p for p in inside if not any(p.is_relative_to(folder) for folder in code))
            found.update(dict.fromkeys(inside))
        elif not path.is_file():
            raise NotFound(f"There is no file {path}.", remedy="Check the path.")
        elif path.suffix.lower() not in MEDIA_TYPES:
            raise Invalid(f"{path.name}: not a kind of file that is imported.", remedy=f"Known: {', '.join(MEDIA_TYPES)}.")
        else:
            found[path] = None
    if not found:
        raise Invalid("There is no source file to import.", remedy=f"Kinds that are imported: {', '.join(MEDIA_TYPES)}.")
    return list(found)


def _is_source(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.suffix.lower() in MEDIA_TYPES and path.name not in NOT_SOURCES


def _read(path: Path, profiles: ProfileSet, chosen: ImportProfile | None, product: str | None) -> NewDocument:
    suffix = path.suffix.lower()
    try:
        size = path.stat().st_size
        if size > delimited.LARGEST_FILE:
            raise Invalid(f"{path.name}: larger than {delimited.LARGEST_FILE} bytes.", remedy="Split the extract.")
        data = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path.name}: cannot be opened: {error.strerror}.", remedy="Check the file.") from error
    if suffix in TABLES:
        return _read_table(path, data, chosen or recognise(data, profiles, file=path.name), product)
    return _read_narrative(path, data, product)


def recognise(data: bytes, profiles: ProfileSet, *, file: str) -> ImportProfile:
    """Find the profile of a file by its header, under each usual delimiter; raise Invalid with the closest one."""
    if not data.strip():
        raise Invalid(f"{file}: the file is empty.", remedy="Export it again from the source system.")
    for profile in profiles.profiles:
        for delimiter in dict.fromkeys((profile.delimiter, *DELIMITERS)):
            if _header(data, delimiter, profile.encoding) == profile.header:
                return replace(profile, delimiter=delimiter)
    return profiles.recognise(max((_header(data, d) for d in DELIMITERS), key=len), file=file)


def _header(data: bytes, delimiter: str, encoding: str = "utf-8-sig") -> tuple[str, ...]:
    return tuple(delimited.first_row(data, delimiter=delimiter, encoding=encoding))


def _read_table(path: Path, data: bytes, profile: ImportProfile, product: str | None) -> NewDocument:
    lines = delimited.rows(data, file=path.name, delimiter=profile.delimiter, encoding=profile.encoding)
    if tuple(lines[0]) != profile.header:
        ProfileSet((profile,)).recognise(lines[0], file=path.name)
    return NewDocument(
        name=path.name,
        data=data,
        media_type=MEDIA_TYPES[".csv"],
        profile=profile.label,
        kind=profile.kind,
        synthetic=profile.synthetic,
        read=read_table(profile, lines, product=product),
        reading={
            "delimiter": profile.delimiter,
            "encoding": profile.encoding,
            "product": product,
            "profile": profile.sha256,
        },
        columns={rule.target: rule.header for rule in profile.columns},
        units={rule.target: rule.unit for rule in profile.columns if rule.unit},
        groups={rule.target: rule.group for rule in profile.columns if rule.group},
        labels={rule.target: rule.label for rule in profile.columns if rule.label},
    )


def _read_narrative(path: Path, data: bytes, product: str | None) -> NewDocument:
    suffix = path.suffix.lower()
    reader = word.read_docx if suffix == ".docx" else narrative.read_text
    text = reader(data, file=path.name)
    read: ReadFile = read_narrative(text, file=path.name, product=product)
    return NewDocument(
        name=path.name,
        data=data,
        media_type=MEDIA_TYPES[suffix],
        profile=None,
        kind=read.passages[0].kind,
        synthetic=is_synthetic(text),
        read=read,
        reading={"product": product},
    )


def _add(result: ImportResult, new: NewDocument, stored: SourceDocument | None) -> None:
    if stored is None:
        result.unchanged.append(new.name)
        return
    result.documents.append(stored)
    for record in new.read.records:
        result.records[record.kind] = result.records.get(record.kind, 0) + 1
    result.measurements += len(new.read.measurements)
    result.passages += len(new.read.passages)
    result.cells += new.read.balance
    result.refused += [Refusal(new.name, r.place, r.literal, r.reason) for r in new.read.refusals]
