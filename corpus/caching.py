"""What the caches of search share: which imports a cache holds, what changed since, and one writer at a time.

A cache is never a record. Documents are only ever added, so the last import names everything before it: a cache that knows it is
brought up to date by the documents after it, and is rebuilt where its mark is not of this database.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select, union

from corpus.standing import current_document
from corpus.tables import documents, passages, withdrawals

_LAST = "SELECT sequence, id FROM documents ORDER BY sequence DESC LIMIT 1"


@dataclass(frozen=True)
class Mark:
    """The last import that is held: its number and the id of its document; (0, "") of an empty store."""

    sequence: int = 0
    document: str = ""

    def text(self) -> str:
        """Write the mark."""
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def of(text: str | None) -> "Mark | None":
        """Read a mark; None where the text is none."""
        try:
            tree = json.loads(text or "")
            return Mark(int(tree["sequence"]), str(tree["document"]))
        except (ValueError, TypeError, KeyError):
            return None


@dataclass(frozen=True)
class Changes:
    """Documents, by their number, that a cache must take in and let go of; `anew` where it holds nothing of use."""

    mark: Mark
    added: tuple[int, ...]
    gone: tuple[int, ...] = ()
    anew: bool = False


def mark_of(conn: Connection) -> Mark:
    """Return the mark of the store."""
    row = conn.exec_driver_sql(_LAST).first()  # asked with every question: as plain text it takes a third of the time
    return Mark(row[0], row[1]) if row else Mark()


def changes(conn: Connection, held: Mark | None) -> Changes:
    """Compare what a cache holds with the store."""
    now = mark_of(conn)
    current = select(documents.c.sequence).where(current_document(documents.c.id)).order_by(documents.c.sequence)
    if held is None or not _is_past(conn, held):
        return Changes(now, tuple(conn.scalars(current)), anew=True)
    later = documents.alias("newer")
    replaced = select(documents.c.sequence).join(later, later.c.supersedes == documents.c.id)
    left = select(documents.c.sequence).join(withdrawals, withdrawals.c.document_id == documents.c.id)
    left = left.join(later, later.c.id == withdrawals.c.by_document)
    before = documents.c.sequence <= held.sequence, later.c.sequence > held.sequence
    gone = union(replaced.where(*before), left.where(*before))
    added = current.where(documents.c.sequence > held.sequence)
    return Changes(now, tuple(conn.scalars(added)), tuple(conn.scalars(gone)))


def _is_past(conn: Connection, held: Mark) -> bool:
    known = conn.scalar(select(documents.c.id).where(documents.c.sequence == held.sequence))
    return (known or "") == held.document


def current_passages(conn: Connection) -> int:
    """Return how many passages are current."""
    counted = select(func.count()).select_from(passages).where(current_document(passages.c.document_id))
    return conn.scalar(counted) or 0


@contextmanager
def writing(folder: Path | None) -> Iterator[None]:
    """Let one process write the caches of a folder; the others wait. A cache without a folder is its process's own."""
    if folder is None:
        yield
        return
    import fcntl  # noqa: PLC0415 - POSIX only, and only needed here

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
