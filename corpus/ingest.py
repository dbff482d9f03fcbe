"""Import source files: kept byte for byte, read by a profile, every cell accounted for, each version an entry in the trail.

One file is one write: its bytes, its records, its passages with their vectors, and its entry exist
together or not at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid
from corpus import clashes, records, storing
from corpus.clashes import Clash
from corpus.embedded import prepare_embedded
from corpus.extracts import Extract
from corpus.listing import listing, nothing
from corpus.model import WHOLE, Balance, Refusal, SourceDocument
from corpus.newdocument import NewDocument
from corpus.prepare import Job, Prepared
from corpus.profiles import ProfileSet
from corpus.storable import writable
from corpus.withdrawals import Withdrawal
from corpus.workers import Unguarded, Workers

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
    passed_over: list[tuple[str, str]] = field(default_factory=list)  # file of a folder that was not read, reason
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    differing: list[Extract] = field(default_factory=list)  # extracts of unchanged files whose totals differ
    withdrawn: list[tuple[SourceDocument, Withdrawal]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def refused_whole(self) -> int:
        """Return how many files were refused as a whole: the cells of none of them are counted."""
        return sum(refusal.locator == WHOLE for refusal in self.refused)

    @property
    def balance(self) -> str:
        """Return what became of all cells as people read it, with the files whose cells nobody counted."""
        whole = self.refused_whole
        return f"{self.cells.told}; {whole} file(s) refused whole: their cells are not counted" if whole else self.cells.told


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
    workers: Workers | None = None,
    ocr: bool = False,
) -> ImportResult:
    """Import files and folders; what of a folder is not read is named, or counted where it is hidden, describes others or is code.

    A file of unknown columns, or one that cannot be read, leaves an entry and is not stored: Invalid where it is the only
    one, else it is listed among the refused and the others go in. The same bytes read the same way are no change; other
    bytes under the name and profile of a current document supersede it, and a part that its new version no longer holds is
    withdrawn; a file of another name replaces nothing, and where it
    says something else of a record or result, that is a clash for a person to decide. `product` holds where a file names none;
    `synthetic` overrides what profile or description say. Files are read by `workers`, in this process where none are given;
    `ocr` recognises the letters of scanned pages, as derived text.
    """
    started = clock.now()
    found = listing(paths)
    files, single = found.files, len(found.files) + len(found.refused) + len(found.passed_over) == 1
    chosen = profiles.named(profile_name) if profile_name else None
    result = ImportResult(passed_over=list(found.passed_over.items()), notes=found.told)
    for path, (reason, remedy) in found.refused.items():
        _refuse(database, clock, result, name=path.name, reason=reason, remedy=remedy, single=single, actor=actor, zone=zone)
    if not files and not result.refused:
        raise nothing(found)
    jobs = (Job(path, profiles, chosen, product, ocr) for path in files)
    for number, done in enumerate((workers or Unguarded()).run(prepare_embedded, jobs), start=1):
        name, reason = writable(done.job.path.name), writable(done.reason)
        if progress is not None:
            progress(name, number, len(files))
        if done.value is None:
            _refuse(
                database, clock, result, name=name, reason=reason, remedy=done.remedy, single=single, actor=actor, zone=zone
            )  # fmt: skip
            continue
        _keep(database, clock, new_id, done.value, result, actor=actor, zone=zone, synthetic=synthetic)
    result.seconds = (clock.now() - started).total_seconds()
    return result


def _refuse(
    database: Database,
    clock: Clock,
    result: ImportResult,
    *,
    name: str,
    reason: str,
    remedy: str,
    single: bool,
    actor: Actor,
    zone: str,
) -> None:
    """Leave an entry that a file was refused; raise Invalid where it is the only one, else list it."""
    name, reason = writable(name), writable(reason)
    storing.refuse(database, clock, name=name, reason=reason, actor=actor, zone=zone)
    if single:
        raise Invalid(reason, remedy=remedy)
    result.refused.append(Refusal(name, WHOLE, "", f"{reason} {remedy}".strip()))


def _keep(
    database: Database,
    clock: Clock,
    new_id: Callable[[], str],
    prepared: Prepared,
    result: ImportResult,
    *,
    actor: Actor,
    zone: str,
    synthetic: bool | None,
) -> None:
    """Store the documents of one file and add what became of them to the result."""
    file = prepared.documents
    if synthetic is not None:
        file = tuple(replace(new, synthetic=synthetic) for new in file)
    stored = storing.store(database, clock, new_id, file=file, parts=prepared.parts, actor=actor, zone=zone)
    for new, kept in zip(file, stored, strict=True):
        _add(result, new, kept.document if kept else None)
        if kept is None:
            continue
        if kept.document.supersedes is not None:
            result.warnings += _fewer(database, kept.document, kept.document.supersedes, len(new.read.records))
            result.warnings += _returned(database, kept.document)
        elif kept.document.version > 1:
            result.warnings.append(
                f"{kept.document.shown} was withdrawn before and counts again, as version {kept.document.version}."
            )
        result.withdrawn += kept.withdrawn
        result.warnings += [f"{d.shown}, version {d.version}, no longer counts. {why.reason}" for d, why in kept.withdrawn]
        result.clashes += kept.clashes
        result.warnings += clashes.warnings(kept.document, kept.clashes)
    result.warnings += _left_over(database, file, prepared.parts)
    result.refused += [Refusal(file[0].name, part, "", reason) for part, reason in prepared.passed_over]
    result.notes += [f"{file[0].name}: {note}" for note in prepared.notes]


def _fewer(database: Database, document: SourceDocument, superseded: str, now: int) -> list[str]:
    """Warn where a new version holds fewer records than the one that it takes the place of: a part may have been taken for the whole."""
    with database.read() as conn:
        before = records.count_in(conn, superseded)
    if now >= before:
        return []
    said = f"{document.shown} version {document.version} holds {now:,} record(s); the version before, which no longer counts, held {before:,}."
    return [f"{said} Where it is a part of them only, import the whole again."]


def _returned(database: Database, document: SourceDocument) -> list[str]:
    """Warn where a new version is an old one again: an old file may have been taken for the newest."""
    with database.read() as conn:
        found = storing.returned(conn, document)
    if found is None:
        return []
    earlier, day = found
    said = f"these are the bytes of version {earlier.version} of {document.shown} (superseded on {day}); it is now version {document.version}."
    return [f"{document.shown}: {said}"]


def _left_over(database: Database, file: Sequence[NewDocument], present: frozenset[str] | None) -> list[str]:
    """Warn of parts of an earlier file of this name that stay: another file had the same name, or they are here and were not read."""
    name, parts = file[0].name, {new.part for new in file}
    with database.read() as conn:
        left = [d for d in records.named(conn, name) if d.part not in parts]
    why = {d.id: _why_left(d.part, present) for d in left}
    return [f"{d.shown} of an earlier import {why[d.id]} and still counts (version {d.version})." for d in left]


def _why_left(part: str, present: frozenset[str] | None) -> str:
    if present is None:
        return "was not read from this file, of which not all could be read,"
    return "was not read from this file" if part in present else "is not in this file"


def _add(result: ImportResult, new: NewDocument, stored: SourceDocument | None) -> None:
    if stored is None:
        result.unchanged.append(f"{new.name}, {new.part}" if new.part else new.name)
        return
    result.documents.append(stored)
    for record in new.read.records:
        result.records[record.kind] = result.records.get(record.kind, 0) + 1
    result.measurements += len(new.read.measurements)
    result.passages += len(new.read.passages)
    result.cells += new.read.balance
    result.refused += [Refusal(stored.shown, r.place, r.literal, r.reason) for r in new.read.refusals]
