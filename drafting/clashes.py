"""Use case of clashes: a person decides, with a reason, which of two sources of one record or result counts."""

from sqlalchemy import Connection

from audit.chain import Actor
from audit.identity import Role, account_by_id, check_usable, permit
from corpus import preferences
from corpus.clashes import Clash
from drafting.context import Context


def prefer(ctx: Context, *, kind: str, identifier: str, document_id: str, reason: str, actor: Actor) -> Clash:
    """Let the source of a document count, as a writer or reviewer; return the clash as it was before."""

    def work(conn: Connection) -> Clash:
        permit(check_usable(account_by_id(conn, actor.id)), Role.WRITER, Role.REVIEWER)
        return preferences.prefer(
            conn, kind=kind, identifier=identifier, document_id=document_id, reason=reason, actor=actor,
            at=ctx.clock.now(), zone=ctx.zone,
        )  # fmt: skip

    return ctx.database.write(work)
