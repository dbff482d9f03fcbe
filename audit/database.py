"""One database, one writer: engine, consistent reads, and the queue that orders writes.

Default transactions lose acts when several people write at once (25 appends by 8 writers stored 42 of 200
on PostgreSQL). So the writes of one process queue on one thread, which runs each in a savepoint of its own
and acknowledges after the shared COMMIT; processes are ordered by BEGIN IMMEDIATE on SQLite and by an
advisory lock on PostgreSQL. SQLite comes through `pysqlite3`, because versions before 3.51.3 can corrupt a
WAL database.
"""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from audit.errors import Conflict, Invalid, Problem, StoreFailed

T = TypeVar("T")
Work = Callable[[Connection], Any]

WAL_SAFE = (3, 51, 3)  # the first SQLite without the WAL-reset corruption
BUSY_MILLISECONDS = 30_000
ADVISORY_LOCK = 0x5665_7261  # "Vera": one lock orders all writers of a database
BATCH = 64  # works that share a COMMIT at the most
IDLE_CONNECTIONS = 8  # of SQLite kept open for the next read: opening one and its pragmas take longer than most reads


class Database:
    """An open database; close it when done."""

    def __init__(self, engine: Engine, *, read_only: bool = False) -> None:
        self.engine = engine
        self.read_only = read_only
        self._queue: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()
        self._closed = False

    @property
    def dialect_name(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection whose reads see one moment; nothing is written."""
        options = {"isolation_level": "REPEATABLE READ"} if self.dialect_name == "postgresql" else {}
        with self.engine.connect().execution_options(**options) as conn, conn.begin() as transaction:
            yield conn
            transaction.rollback()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the write queue and return its result after COMMIT; its error rolls back only itself."""
        if threading.current_thread() is self._thread:
            msg = "a write was asked for inside a write; pass the connection on instead"
            raise RuntimeError(msg)
        if self.read_only:
            raise StoreFailed(
                "The home can be read but not written, and this leaves an entry in its trail.",
                remedy="Copy the home to a place that can be written, or change its rights; verify and doctor work as it is.",
            )
        future: Future[T] = Future()
        with self._guard:
            if self._closed:
                raise StoreFailed("The database is closed.", remedy="Start Verascribe again.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="verascribe-writer", daemon=True)
                self._thread.start()
            self._queue.put((work, future))
        return future.result()

    def close(self) -> None:
        """Finish the queued writes and let go of the connections."""
        with self._guard:
            self._closed = True
            thread = self._thread
            if thread is not None:
                self._queue.put(None)
        if thread is not None:
            thread.join()
        self.engine.dispose()

    def _run(self) -> None:
        running = True
        while running:
            first = self._queue.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    running = False
                    break
                batch.append(following)
            self._commit(batch)

    def _commit(self, batch: list[tuple[Work, Future[Any]]]) -> None:
        done: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self.engine.connect().execution_options(verascribe_write=True) as conn, conn.begin():
                if self.dialect_name == "postgresql":
                    conn.execute(text(f"SET LOCAL lock_timeout = {BUSY_MILLISECONDS}"))
                    conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
                for work, future in batch:
                    done.append((future, *_attempt(conn, work)))
                    _refuse_lost_transaction(conn)
        except Exception as error:  # noqa: BLE001 - whatever broke the COMMIT, no act of the batch happened
            failure = StoreFailed(f"The database did not keep the act: {error}", remedy="Nothing was changed. Try again.")
            failure.__cause__ = error
            for _, future in batch:
                future.set_exception(failure)
            return
        for future, result, problem in done:
            if problem is None:
                future.set_result(result)
            else:
                future.set_exception(problem)


def _refuse_lost_transaction(conn: Connection) -> None:
    """Abort the batch where SQLite rolled back by itself (disk full): a later work must not commit alone."""
    if conn.dialect.name == "sqlite" and not getattr(conn.connection.driver_connection, "in_transaction", True):
        raise StoreFailed("The database gave up the transaction.", remedy="Nothing was changed. Check the disk.")


def _attempt(conn: Connection, work: Work) -> tuple[Any, BaseException | None]:
    try:
        with conn.begin_nested():
            return work(conn), None
    except Problem as problem:
        return None, problem
    except IntegrityError as error:
        clash = Conflict(
            f"Another act came first, or the act breaks a rule of the store: {error.orig}", remedy="Load it again."
        )
        clash.__cause__ = error
        return None, clash
    except SQLAlchemyError as error:
        failure = StoreFailed(f"The database refused the act: {error}", remedy="Nothing was changed.")
        failure.__cause__ = error
        return None, failure
    except Exception as error:  # noqa: BLE001 - handed to the thread that asked
        return None, error


def open_database(url: str, *, read_only: bool = False) -> Database:
    """Open `sqlite:///PATH` or `postgresql+psycopg://...`; nothing is created but an empty SQLite file.

    A SQLite file that this account cannot write, or `read_only`, is opened for reading alone.
    """
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        path = Path(make_url(url).database or "")
        if path.is_file() and (read_only or not all(os.access(p, os.W_OK) for p in (path, path.parent))):
            return Database(_sqlite_to_read(path), read_only=True)
        return Database(_sqlite(url))
    if backend == "postgresql":
        return Database(create_engine(url, pool_pre_ping=True))
    raise Invalid(f"{backend} is not a database that Verascribe keeps records in.", remedy="Use SQLite or PostgreSQL.")


def _sqlite_to_read(path: Path) -> Engine:
    """Open a file that nobody writes, leaving nothing beside it: SQLite would otherwise want to write its index of the WAL."""
    from pysqlite3 import dbapi2  # noqa: PLC0415 - only where SQLite is used

    wal = path.with_name(path.name + "-wal")
    if wal.is_file() and wal.stat().st_size:
        raise StoreFailed(
            f"The home can only be read, and {wal.name} holds acts that are not in the database file yet.",
            remedy="Copy the whole home to a place that can be written, and open it there.",
        )
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    return create_engine(
        "sqlite://", module=dbapi2, poolclass=QueuePool, pool_size=IDLE_CONNECTIONS, max_overflow=-1,
        creator=lambda: dbapi2.connect(address, uri=True, check_same_thread=False),
    )  # fmt: skip


def _sqlite(url: str) -> Engine:
    from pysqlite3 import dbapi2  # noqa: PLC0415 - only where SQLite is used

    if dbapi2.sqlite_version_info < WAL_SAFE:
        raise StoreFailed(
            f"SQLite {dbapi2.sqlite_version} can corrupt a database in WAL mode.",
            remedy="Install pysqlite3 0.6.1 or newer, which brings SQLite 3.51.3 or newer.",
        )
    engine = create_engine(
        url, module=dbapi2, poolclass=QueuePool, pool_size=IDLE_CONNECTIONS, max_overflow=-1, pool_use_lifo=True,
        connect_args={"check_same_thread": False},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # else INSERT OR REPLACE passes by the DELETE triggers
            f"busy_timeout={BUSY_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        cursor.close()
        if mode != "wal":
            raise StoreFailed(
                f"SQLite could not enter WAL mode (it is in '{mode}').", remedy="Keep the home on a local disk."
            )

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        writing = conn.get_execution_options().get("verascribe_write", False)
        conn.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
