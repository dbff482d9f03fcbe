"""Write governed rows together with their entry, which says in `rows`, table by table, the hash of what was written with it.

Promise: a row that was altered, added or taken away later does not give the hash in its entry any more. The number of the
entry (`seq`) is left out of the hash: a row that was moved to another entry is missing from its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert

from audit import trail
from audit.canonical import canonical, digest
from audit.chain import Entry

Rows = Sequence[tuple[Table, Mapping[str, Any]]]


def record(conn: Connection, rows: Rows, **entry: Any) -> Entry:
    """Append an entry that vouches for the rows, and store them; what is not given of a row is empty."""
    written = trail.append(conn, rows=hashes(rows), **entry)
    for table, values in rows:
        numbered = {"seq": written.seq} if "seq" in table.c else {}
        conn.execute(insert(table).values(**values, **numbered))
    return written


def hashes(rows: Iterable[tuple[Table, Mapping[str, Any]]]) -> dict[str, str]:
    """Return for each table the hash over its rows, in an order of their own."""
    texts: dict[str, list[str]] = {}
    for table, values in rows:
        row = {column.name: values.get(column.name) for column in table.c if column.name != "seq"}
        texts.setdefault(table.name, []).append(canonical(row))
    return {name: digest("\n".join(sorted(lines))) for name, lines in texts.items()}
