"""What a reviewer says of an own ended check: a comment stands beside the outcome and changes nothing of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from audit.errors import NotFound, NotPermitted
from audit.identity import said
from drafting import tables
from drafting.context import Context
from drafting.probes.store import OBJECT, checks_of
from drafting.review_store import person


@dataclass(frozen=True)
class Comment:
    """A comment as written."""

    text: str
    at: str


def comment(ctx: Context, *, check_id: str, text: str, actor: Actor) -> None:
    """Comment on an ended check, as the reviewer whose it was."""

    def write(conn: Connection) -> None:
        found = checks_of(conn, ctx, tables.oversight_checks.c.id == check_id)
        if not found or not found[0].check.ended:
            raise NotFound("There is no ended oversight check of this id.", remedy="Load the page again.")
        if found[0].account != person(conn, actor).id:
            raise NotPermitted("Only the reviewer whose check it was comments on it.", remedy="Nothing was changed.")
        trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.OVERSIGHT_COMMENTED, object_kind=OBJECT,
            object_id=check_id, new={"comment": said(text, "A comment")},
        )  # fmt: skip

    ctx.database.write(write)


def comments(conn: Connection) -> Mapping[str, tuple[Comment, ...]]:
    """Return the comments on every check by its id, the oldest first."""
    found: dict[str, tuple[Comment, ...]] = {}
    for entry in trail.entries(conn, action=str(Action.OVERSIGHT_COMMENTED)):
        text = str(entry.new["comment"]) if isinstance(entry.new, dict) else ""
        found[entry.object_id] = (*found.get(entry.object_id, ()), Comment(text, entry.at))
    return found
