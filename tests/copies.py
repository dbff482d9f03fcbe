"""Databases whose content is made once by each worker of a run, and copied for every test that begins with it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, create_engine, text

from audit.database import Database, open_database

T = TypeVar("T")
Copied = Callable[[str, Callable[[Database], Any]], tuple[Database, Any]]


def create_tables(conn: Connection) -> None:
    from audit import tables as audit_tables
    from corpus import tables as corpus_tables
    from drafting import tables as drafting_tables

    for package in (audit_tables, corpus_tables, drafting_tables):
        package.create_all(conn)


def with_tables(database: Database) -> None:
    database.write(create_tables)


class Engine(Protocol):
    """Where databases are made: an empty one, or a copy of a closed one."""

    def make(self, name: str, like: str | None = None) -> str:
        """Return the URL of the new database."""
        ...

    def drop(self, name: str) -> None:
        """Take a closed database away."""
        ...


class SqliteFiles:
    """Files: a name is a path, which may lead out of the folder of the contents."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str, like: str | None = None) -> str:
        if like is None:
            (self.folder / name).touch()
        else:
            shutil.copyfile(self.folder / like, self.folder / name)
        return f"sqlite:///{self.folder / name}"

    def drop(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)


class PostgresServer:
    """Databases of a server."""

    def __init__(self, url: str) -> None:
        self.url = url

    def make(self, name: str, like: str | None = None) -> str:
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else ""))
        return self.url.format(name)

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = create_engine(self.url.format("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            conn.execute(text(statement))
        engine.dispose()


class Copies:
    """Contents by name, each made when the first test asks for it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._told: dict[str, Any] = {}  # what the making of a content returned

    def copy(self, name: str, content: str, fill: Callable[[Database], T]) -> tuple[Database, T]:
        """Open a database that holds a content, and return it with what its making told."""
        if content not in self._told:
            made = open_database(self.engine.make(f"with_{content}"))
            try:
                self._told[content] = fill(made)
            finally:
                made.close()  # PostgreSQL copies only what nobody is connected to, SQLite only what left its log
        return open_database(self.engine.make(name, f"with_{content}")), self._told[content]
