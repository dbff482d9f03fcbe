"""Append acts to the trail and read them back.

`append` runs inside the transaction of the act itself: if the entry cannot be written, the act did not
happen.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from audit.actions import Action
from audit.canonical import digest
from audit.chain import GENESIS, Actor, Entry, entry_id, entry_of, leaf_of
from audit.clock import utc_text
from audit.errors import NotFound, Tampered
from audit.tables import contents, trail_entries

CLOCK_TOLERANCE = timedelta(seconds=30)  # acts read the clock before they queue: less is no step back


def append(
    conn: Connection,
    *,
    at: datetime,
    zone: str,
    actor: Actor,
    action: Action,
    object_kind: str,
    object_id: str,
    object_version: str | None = None,
    field: str | None = None,
    old: Any = None,
    new: Any = None,
    reason: str | None = None,
    origin: Any = None,
    rows: dict[str, str] | None = None,
) -> Entry:
    """Write one entry after the last one; a clock that stepped back is itself written and raises one alarm."""
    last = conn.execute(
        select(trail_entries.c.seq, trail_entries.c.leaf, trail_entries.c.at).order_by(trail_entries.c.seq.desc()).limit(1)
    ).first()
    seq, previous, moment = (last.seq + 1, last.leaf, last.at) if last else (1, GENESIS, "")
    now = utc_text(at)
    if now < moment and _behind(now, moment) > CLOCK_TOLERANCE and not _step_is_told(conn):
        for step in (Action.CLOCK_STEPPED_BACK, Action.ALARM_RAISED):
            told = Entry(
                seq, "", moment, zone, actor, step, "system", "clock", None, "clock", moment, now, None, None, previous
            )
            previous, seq = _store(conn, told).leaf, seq + 1
    entry = Entry(
        seq,
        "",
        max(now, moment),
        zone,
        actor,
        action,
        object_kind,
        object_id,
        object_version,
        field,
        old,
        new,
        reason,
        origin,
        previous,
        rows,
    )
    return _store(conn, entry).entry


class _Stored(NamedTuple):
    entry: Entry
    leaf: str


def _store(conn: Connection, entry: Entry) -> _Stored:
    written = replace(entry, id=entry_id(entry))
    text = written.text()
    leaf = leaf_of(text)
    conn.execute(insert(trail_entries).values(**projection(written), body=text, leaf=leaf, previous=written.previous))
    return _Stored(written, leaf)


def _behind(now: str, moment: str) -> timedelta:
    return datetime.fromisoformat(moment) - datetime.fromisoformat(now)


def _step_is_told(conn: Connection) -> bool:
    """Tell whether the newest entries already say that the clock stepped back: one alarm a step, not one an act."""
    table = trail_entries.c
    last = conn.execute(
        select(table.at).where(table.action == str(Action.CLOCK_STEPPED_BACK)).order_by(table.seq.desc()).limit(1)
    ).scalar()
    newest = conn.execute(select(table.at).order_by(table.seq.desc()).limit(1)).scalar()
    return last is not None and last == newest


def projection(entry: Entry) -> dict[str, Any]:
    """Return the columns that repeat an entry's fields for queries; `verify` compares them."""
    return {
        "seq": entry.seq,
        "id": entry.id,
        "at": entry.at,
        "actor_id": entry.actor.id,
        "user_id": entry.actor.user_id,
        "action": str(entry.action),
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
    }


def entries(
    conn: Connection,
    *,
    user: str | None = None,
    object_kind: str | None = None,
    object_id: str | None = None,
    action: str | None = None,
    since: str | None = None,
    until: str | None = None,
    containing: str | None = None,
    limit: int | None = None,
    newest_first: bool = False,
) -> list[Entry]:
    """List entries by who, what, when and object; times compare as UTC text, `containing` searches the canonical text."""
    table = trail_entries.c
    query = select(table.body)
    for column, value in (
        (table.user_id, user),
        (table.object_kind, object_kind),
        (table.object_id, object_id),
    ):
        if value:
            query = query.where(column == value)
    if action:
        query = query.where(table.action.startswith(action, autoescape=True))
    if since:
        query = query.where(table.at >= since)
    if until:
        query = query.where(table.at <= (until if "T" in until else f"{until}T24"))  # a day means all of it
    if containing:
        query = query.where(table.body.icontains(containing, autoescape=True))
    query = query.order_by(table.seq.desc() if newest_first else table.seq)
    return [entry_of(body) for body in conn.scalars(query.limit(limit) if limit else query)]


def count(conn: Connection) -> int:
    """Return how many entries the trail holds."""
    return conn.scalar(select(func.count()).select_from(trail_entries)) or 0


def bodies(conn: Connection) -> Sequence[str]:
    """Return the canonical texts in order, as they are stored."""
    return conn.scalars(select(trail_entries.c.body).order_by(trail_entries.c.seq)).all()


def put_content(conn: Connection, data: bytes | str, *, media_type: str) -> str:
    """Keep bytes under their hash and return it; the same bytes are kept once."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    key = digest(raw)
    if conn.scalar(select(contents.c.sha256).where(contents.c.sha256 == key)) is None:
        conn.execute(insert(contents).values(sha256=key, media_type=media_type, size=len(raw), body=raw))
    return key


def get_content(conn: Connection, key: str) -> bytes:
    """Return the bytes of a hash; raise Tampered where they no longer match it."""
    raw = conn.scalar(select(contents.c.body).where(contents.c.sha256 == key))
    if raw is None:
        raise NotFound(f"No content is kept under {key}.", remedy="Run `verascribe audit verify`.")
    if not isinstance(raw, (bytes, memoryview)) or digest(bytes(raw)) != key:
        raise Tampered(f"The content kept under {key} was altered.", remedy="Run `verascribe audit verify` and tell QA.")
    return bytes(raw)
