"""Use cases of extracts: a writer states what the source says of its files, a second person confirms it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from audit.chain import Actor
from audit.errors import Invalid, NotFound
from audit.identity import Role, account_by_id, check_usable, permit
from corpus import extracts, records, stated
from corpus.extracts import Extract
from corpus.model import SourceDocument
from corpus.stated import FileTotals, StatedExtract
from drafting.context import Context


def read_stated(path: Path) -> StatedExtract:
    """Read what a source says from a TOML file."""
    try:
        return stated.parse(path.read_bytes(), file=path.name)
    except OSError as error:
        raise Invalid(f"{path.name}: cannot be opened: {error.strerror}.", remedy="Check the file.") from error


def state(ctx: Context, *, said: StatedExtract, actor: Actor) -> list[Extract]:
    """Keep what a source says of files that are imported, each compared with what was read; return those that were not kept yet."""
    with ctx.database.read() as conn:
        files = [(totals, _imported(records.documents(conn), totals)) for totals in said.files]

    def keep(conn: Connection, totals: FileTotals, document: SourceDocument) -> Extract | None:
        permit(check_usable(account_by_id(conn, actor.id)), Role.WRITER, Role.SERVICE)
        return extracts.state(
            conn, stated=said, totals=totals, document=document, extract_id=ctx.new_id(), actor=actor, at=ctx.clock.now(),
            zone=ctx.zone,
        )  # fmt: skip

    made = [ctx.database.write(partial(keep, totals=totals, document=document)) for totals, document in files]
    return [extract for extract in made if extract is not None]


def _imported(documents: Sequence[SourceDocument], totals: FileTotals) -> SourceDocument:
    """Return the current document of a file that an extract names."""
    found = [d for d in documents if d.name == totals.name and totals.part in ("", d.part) and d.profile is not None]
    if not found:
        raise NotFound(
            f"{totals.name}: no table of this name is imported.", remedy="Import it, or correct the extract's [[files]]."
        )
    if len(found) > 1:
        parts = ", ".join(f'"{d.part}"' for d in found)
        raise Invalid(f"{totals.name} has several parts: {parts}.", remedy="Say of which part the totals are: part = ...")
    return found[0]


def confirm(ctx: Context, *, extract_id: str, reason: str, actor: Actor) -> Extract:
    """Confirm an extract as a second person: a writer, reviewer or approver who neither made nor stated it."""

    def work(conn: Connection) -> Extract:
        account = check_usable(account_by_id(conn, actor.id))
        permit(account, Role.WRITER, Role.REVIEWER, Role.APPROVER)
        return extracts.confirm(
            conn,
            extract_id,
            reason=reason,
            actor=actor,
            printed_name=account.printed_name,
            at=ctx.clock.now(),
            zone=ctx.zone,
        )

    return ctx.database.write(work)


def waiting(ctx: Context) -> list[Extract]:
    """List the extracts of current documents that no second person confirmed yet."""
    with ctx.database.read() as conn:
        return [extract for extract in extracts.current(conn) if extract.confirmation is None]
