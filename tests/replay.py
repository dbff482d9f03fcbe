"""What an act leaves in an empty store, kept to be put into the next one instead of being done again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert, select

from audit import tables as audit_tables
from audit.clock import FixedClock
from corpus import tables as corpus_tables
from drafting import tables as drafting_tables
from drafting.context import Context
from drafting.probes.seal import KEY_FILE

T = TypeVar("T")
Rows = list[tuple[Table, list[dict[str, Any]]]]
METADATA = (audit_tables.metadata, corpus_tables.metadata, drafting_tables.metadata)


@dataclass(frozen=True)
class Left:
    """What the act told and left: rows, the home's key, how often the clock was read and how many ids were given."""

    told: Any
    rows: Rows
    key: bytes | None
    readings: int
    ids: int


_LEFT: dict[tuple[str, str, str], Left] = {}


def once(name: str, ctx: Context, act: Callable[[Context], T]) -> T:
    """Act in an empty store; where this act was done before on the same engine at the same time, put in what it left."""
    clock = ctx.clock
    assert isinstance(clock, FixedClock)
    begun = name, ctx.database.dialect_name, repr(clock)
    if begun not in _LEFT:
        _LEFT[begun] = _done(ctx, clock, act)
    else:
        _put(ctx, clock, _LEFT[begun])
    told: T = _LEFT[begun].told
    return told


def _done(ctx: Context, clock: FixedClock, act: Callable[[Context], T]) -> Left:
    with ctx.database.read() as conn:
        assert not _every_row(conn)  # else what is kept would hold more than the act left
    ids = 0

    def counted() -> str:
        nonlocal ids
        ids += 1
        return ctx.new_id()

    told = act(replace(ctx, new_id=counted))
    key = ctx.settings.home / KEY_FILE
    with ctx.database.read() as conn:
        return Left(told, _every_row(conn), key.read_bytes() if key.is_file() else None, clock.readings, ids)


def _put(ctx: Context, clock: FixedClock, left: Left) -> None:
    ctx.database.write(lambda conn: [conn.execute(insert(table), rows) for table, rows in left.rows])
    if left.key is not None:
        (ctx.settings.home / KEY_FILE).write_bytes(left.key)
    clock.readings = left.readings
    for _ in range(left.ids):
        ctx.new_id()


def _every_row(conn: Connection) -> Rows:
    every = ((table, conn.execute(select(table)).mappings()) for m in METADATA for table in m.sorted_tables)
    return [(table, kept) for table, rows in every if (kept := [dict(row) for row in rows])]
