"""Working texts: what a person typed and has not saved, kept by the server so that a lost page loses nothing.

They are no record and leave no entry; saving the sentence does, and removes them.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Invalid
from drafting import tables
from drafting.context import Context
from drafting.review_store import LONGEST, person

QUESTION, RETURN = "question:", "return"  # before a sentence's id; of the section: what was typed in a check that is over


@dataclass(frozen=True)
class WorkingText:
    """Text as typed so far, and the version of the sentence that it started from."""

    text: str
    version: int
    at: str


def _where(account_id: str, section_id: str, subject: str) -> tuple[ColumnElement[bool], ...]:
    kept = tables.working_texts.c
    return (kept.account_id == account_id, kept.section_id == section_id, kept.subject == subject)


def keep(ctx: Context, *, section_id: str, subject: str, version: int, text: str, actor: Actor) -> None:
    """Keep what a person typed; the last text of a subject replaces the one before."""
    if len(text) > LONGEST:
        raise Invalid("The text is too long.", remedy=f"At most {LONGEST} characters; split it into sentences.")

    def write(conn: Connection) -> None:
        account = person(conn, actor)
        conn.execute(delete(tables.working_texts).where(*_where(account.id, section_id, subject)))
        conn.execute(
            insert(tables.working_texts).values(
                account_id=account.id, section_id=section_id, subject=subject, version=version, text=text,
                at=utc_text(ctx.clock.now()),
            )
        )  # fmt: skip

    ctx.database.write(write)


def kept(ctx: Context, *, section_id: str, actor: Actor) -> dict[str, WorkingText]:
    """Return what a person typed on a section and has not saved, by subject."""
    table = tables.working_texts
    where = (table.c.account_id == actor.id, table.c.section_id == section_id)
    with ctx.database.read() as conn:
        return {r.subject: WorkingText(r.text, r.version, r.at) for r in conn.execute(select(table).where(*where))}


def drop(ctx: Context, *, section_id: str, subject: str, actor: Actor) -> None:
    """Forget a working text: it was saved, or the person let it go."""
    ctx.database.write(lambda conn: conn.execute(delete(tables.working_texts).where(*_where(actor.id, section_id, subject))))
