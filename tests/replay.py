"""What an act leaves in an empty store, kept to be put into the next one, or copied, instead of being done again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from copies import Copied, with_tables
from sqlalchemy import Connection, Table, insert, select

from audit import tables as audit_tables
from audit.clock import FixedClock
from audit.database import Database
from corpus import tables as corpus_tables
from drafting import tables as drafting_tables
from drafting.context import Context
from drafting.probes.seal import KEY_FILE

T = TypeVar("T")
Rows = list[tuple[Table, list[dict[str, Any]]]]
METADATA = (audit_tables.metadata, corpus_tables.metadata, drafting_tables.metadata)


@dataclass(frozen=True)
class Left:
    """What the act told and left beside rows: the home's key, how often the clock was read and how many ids were given."""

    told: Any
    key: bytes | None
    readings: int
    ids: int


_LEFT: dict[tuple[str, str, str], tuple[Left, Rows]] = {}


def once(name: str, ctx: Context, act: Callable[[Context], T]) -> T:
    """Act in an empty store; where this act was done before on the same engine at the same time, put in what it left."""
    begun = name, ctx.database.dialect_name, repr(ctx.clock)
    if begun not in _LEFT:
        with ctx.database.read() as conn:
            assert not _every_row(conn)  # else what is kept would hold more than the act left
        left = _acted(ctx, act)
        with ctx.database.read() as conn:
            _LEFT[begun] = left, _every_row(conn)
    else:
        left, rows = _LEFT[begun]
        ctx.database.write(lambda conn: [conn.execute(insert(table), of_table) for table, of_table in rows])
        _catch_up(ctx, left)
    told: T = left.told
    return told


def copied_once(
    name: str, copied: Copied, on: Callable[[Database], Context], act: Callable[[Context], T]
) -> tuple[Context, T]:
    """Return the context of a store in which an act was done, as by `once`: of many rows a copy of the whole store takes less."""
    done = []

    def fill(database: Database) -> Left:
        with_tables(database)
        done.append(_acted(on(database), act))
        return done[0]

    database, left = copied(name, fill)
    ctx = on(database)
    if not done:
        _catch_up(ctx, left)
    told: T = left.told
    return ctx, told


def _acted(ctx: Context, act: Callable[[Context], Any]) -> Left:
    assert isinstance(ctx.clock, FixedClock)
    ids = 0

    def counted() -> str:
        nonlocal ids
        ids += 1
        return ctx.new_id()

    told = act(replace(ctx, new_id=counted))
    key = ctx.settings.home / KEY_FILE
    return Left(told, key.read_bytes() if key.is_file() else None, ctx.clock.readings, ids)


def _catch_up(ctx: Context, left: Left) -> None:
    assert isinstance(ctx.clock, FixedClock)
    if left.key is not None:
        (ctx.settings.home / KEY_FILE).write_bytes(left.key)
    ctx.clock.readings = left.readings
    for _ in range(left.ids):
        ctx.new_id()


def _every_row(conn: Connection) -> Rows:
    every = ((table, conn.execute(select(table)).mappings()) for m in METADATA for table in m.sorted_tables)
    return [(table, kept) for table, rows in every if (kept := [dict(row) for row in rows])]
