"""Begin a new oversight key where the old one is lost: every check under the old one that is not over ends with it."""

from sqlalchemy import Connection

from audit.chain import Actor
from audit.identity import Role, permit, said
from drafting.context import Context
from drafting.probes import keys, typed
from drafting.probes.seal import renew
from drafting.probes.store import not_over, void
from drafting.probes.workflow import Why
from drafting.review_store import person


def begin_anew(ctx: Context, *, reason: str, actor: Actor) -> int:
    """Begin a new key, as an administrator; end every check and every item of a run that is not over, and return how many ended."""

    def write(conn: Connection) -> int:
        permit(person(conn, actor), Role.ADMINISTRATOR)
        words, at = said(reason, "A reason"), ctx.clock.now()
        going = not_over(conn, ctx)
        for one in going:
            typed.ended(conn, void(conn, ctx, one, Why.KEY, actor, at), at)
        keys.name_in_trail(conn, ctx, renew(ctx.settings.home), actor, at, words)
        return len(going)

    return ctx.database.write(write)
