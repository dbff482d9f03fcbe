"""Read the trail as people ask for it: who, what, when, why, about what; and take a copy of it, which is an act of its own.

The whole trail leaves as JSON lines that verify; a chosen part of it leaves as a table for people, and its entry says what was
chosen. Either copy holds the entry that says it was taken.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from audit import export, identity, trail
from audit.actions import Action
from audit.chain import Actor, Entry
from corpus import records
from corpus.keeping import SOURCE
from drafting import tables
from drafting.context import Context
from drafting.overseeing.sight import refuse_partial, withheld


class Copy(StrEnum):
    """In what form a copy of the trail leaves."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True)
class Chosen:
    """Which entries are asked for; what is empty does not narrow."""

    user: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    object_kind: str = ""
    object_id: str = ""
    reason: str = ""
    containing: str = ""

    def told(self) -> dict[str, str]:
        """Return what narrows, for an entry."""
        return {name: value for name, value in asdict(self).items() if value}


def chosen_entries(
    conn: Connection, chosen: Chosen, *, limit: int | None = None, hidden: Collection[int] = ()
) -> list[Entry]:
    """List the entries asked for, newest first, without those that are hidden; words compare without regard to case."""
    wanted = {name: value or None for name, value in asdict(chosen).items() if name not in ("reason", "containing")}
    words = _as_written(chosen.reason or chosen.containing)  # the database narrows by one of the two, the rest is done here
    found = trail.entries(
        conn, **wanted, containing=words or None, limit=None if chosen.reason or not limit else limit + len(hidden), newest_first=True
    )  # fmt: skip
    found = [entry for entry in found if entry.seq not in hidden]
    if chosen.reason:
        reason, containing = chosen.reason.strip().casefold(), _as_written(chosen.containing).casefold()
        found = [e for e in found if reason in (e.reason or "").casefold() and containing in e.text().casefold()]
    return found[:limit] if limit else found


def _as_written(text: str) -> str:
    """Return text as the canonical form of an entry holds it."""
    return json.dumps(text.strip(), ensure_ascii=False)[1:-1]


def copy_trail(ctx: Context, form: Copy, chosen: Chosen, *, actor: Actor) -> bytes:
    """Return a copy of the trail, and leave in it that the copy was taken, by whom, and of what.

    The table holds what the person may read. The whole trail verifies only as a whole: an auditor takes it where others may not read all of it.
    """

    def work(conn: Connection) -> frozenset[int]:
        account = identity.check_usable(identity.account_by_id(conn, actor.id))
        out = withheld(conn, account, ctx.clock.now())
        if form is Copy.JSONL:
            refuse_partial(account, out)
        trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.TRAIL_EXPORTED, object_kind="trail",
            object_id="trail", new={"format": str(form), "chosen": chosen.told() if form is Copy.CSV else {}},
        )  # fmt: skip
        return out

    out = ctx.database.write(work)
    with ctx.database.read() as conn:
        if form is Copy.JSONL:
            return export.jsonl(trail.bodies(conn)).encode("utf-8")
        return export.table(reversed(chosen_entries(conn, chosen, hidden=out))).encode("utf-8-sig")


def users(conn: Connection) -> list[str]:
    """List the user ids that may stand in the trail."""
    return [account.user_id for account in identity.accounts(conn)]


def object_names(conn: Connection) -> Mapping[tuple[str, str], str]:
    """Return how people call the objects that entries are about, by kind and id."""
    numbers = {row.id: row.number for row in conn.execute(select(tables.reports.c.id, tables.reports.c.number))}
    names = {("report", key): number for key, number in numbers.items()}
    for row in conn.execute(select(tables.sections.c.id, tables.sections.c.report_id, tables.sections.c.key)):
        names["section", row.id] = f"{numbers.get(row.report_id, '')} {row.key.replace('_', ' ')}"
    for account in identity.accounts(conn):
        names["account", account.id] = account.user_id
    for document in records.documents(conn, current_only=False):
        names[SOURCE, document.id] = f"{document.name} version {document.version}"
    return names
