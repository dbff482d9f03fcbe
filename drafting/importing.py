"""Bring source files in: permitted, read in processes that can be killed, each with its entry. Staleness of reports follows by itself."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from audit.chain import Actor
from audit.errors import Invalid
from audit.identity import Role, permit
from corpus import clashes, extracts, records
from corpus.ingest import ImportResult, Progress, ingest
from drafting.configuration import profiles_of
from drafting.context import Context
from drafting.review_store import person

LONGEST_NAME, DEEPEST = 200, 12
_ODD = re.compile(r"[\x00-\x1f<>:\"|?*\\]")


def import_files(
    ctx: Context,
    *,
    paths: Sequence[Path],
    actor: Actor,
    product: str | None = None,
    profile_name: str | None = None,
    ocr: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Import files and folders as a writer or the home's service account, by the profiles now in force."""
    with ctx.database.read() as conn:
        permit(person(conn, actor), Role.WRITER, Role.SERVICE)
    result = ingest(
        ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=profiles_of(ctx), actor=actor, zone=ctx.zone, product=product,
        profile_name=profile_name, progress=progress, workers=ctx.workers, ocr=ocr,
    )  # fmt: skip
    _tell_again(ctx, result)
    return result


def _tell_again(ctx: Context, result: ImportResult) -> None:
    """Add what unchanged files and other sources or their extracts say differently: importing a file again settles nothing."""
    unchanged, told = set(result.unchanged), set(result.clashes)
    if not unchanged:
        return
    with ctx.database.read() as conn:
        for document in (d for d in records.documents(conn) if d.shown in unchanged):
            waiting = clashes.merged(clashes.undecided(conn, clashes.of_document(conn, document.id)))
            found = [c for c in waiting if c not in told]
            told.update(found)
            result.clashes += found
            result.warnings += clashes.warnings(document, found)
            differing = [e for e in extracts.of_documents(conn, [document.id]).values() if e.differences]
            result.differing += differing
            result.warnings += [said for extract in differing for said in extract.warnings]


@contextmanager
def laid_out(files: Iterable[tuple[str, bytes]]) -> Iterator[Path]:
    """Lay uploaded files out in a folder of their own under the names they had, without any way out of it; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="verascribe-import-") as folder:
        for name, data in files:
            path = Path(folder, *_parts(name))
            if path.exists():
                raise Invalid(f"Two files are named {name}.", remedy="Import them one after the other.")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield Path(folder)


def _parts(name: str) -> list[str]:
    parts = [_ODD.sub("_", part).strip()[-LONGEST_NAME:] for part in PurePosixPath(name.replace("\\", "/")).parts]
    kept = [part for part in parts if part not in ("", ".", "..", "/")]
    if not kept or len(kept) > DEEPEST:
        raise Invalid(f"{name[:LONGEST_NAME]} is no name of a file.", remedy="Give the file another name.")
    return kept
