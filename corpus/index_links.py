# ruff: noqa: S608 - every query is put together from the constants of this file; what is asked for is bound
"""Which identifiers each document names, and which it is the record of: found once a document version, so that the rest is a query.

Promise: a cache beside the database, the same for SQLite and PostgreSQL: one SQLite file. Each import adds its documents, superseded ones
drop out, one process writes, and a change is taken in whole or not at all; where the file is not of this database or of these
identifiers, or cannot be read, it is made again. Every answer is a part of a list with the length of the whole, so that a screen takes what it shows.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pysqlite3 import dbapi2
from sqlalchemy import Connection, func, select

from audit.database import Database
from corpus import records
from corpus.caching import Changes, Mark, changes, mark_of, writing
from corpus.identifiers import Identifiers
from corpus.linking import (
    MOST_PLACES,
    Gap,
    Node,
    OneSided,
    Reference,
    Unresolved,
    gaps,
    named_register,
    names_of,
    references,
    register_of,
    registered,
)
from corpus.model import Locator, Passage, Record, SourceDocument
from corpus.rows import document_of, passage_of, record_of
from corpus.standing import current_document
from corpus.tables import documents, passages
from corpus.tables import records as stored

T = TypeVar("T")
FILE = "links-3.sqlite"  # a new form of its tables gets a new name
AT_ONCE = 20  # documents that are read together
BUSY_SECONDS = 30.0
EVERYTHING = -1  # SQLite's own word for no limit

_TABLES = """
CREATE TABLE meta (mark TEXT NOT NULL, identifiers TEXT NOT NULL);
CREATE TABLE source (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, shown TEXT NOT NULL,
    series TEXT NOT NULL);
CREATE TABLE mention (
    document INTEGER NOT NULL, prose INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, identifier TEXT NOT NULL,
    source_kind TEXT NOT NULL, source TEXT NOT NULL, place TEXT NOT NULL, product TEXT);
CREATE TABLE known (
    at INTEGER NOT NULL, document INTEGER NOT NULL, kind TEXT NOT NULL, identifier TEXT NOT NULL, record TEXT NOT NULL,
    record_kind TEXT NOT NULL, record_identifier TEXT NOT NULL, product TEXT);
CREATE TABLE register (kind TEXT NOT NULL, identifier TEXT NOT NULL, document INTEGER NOT NULL, product TEXT);
CREATE INDEX mention_target ON mention (kind, identifier, product, prose, document, at);
CREATE INDEX mention_source ON mention (source_kind, source, kind, identifier);
CREATE INDEX mention_document ON mention (document);
CREATE INDEX known_identifier ON known (kind, identifier);
CREATE INDEX known_document ON known (document);
CREATE INDEX register_identifier ON register (kind, identifier, document);
CREATE INDEX register_document ON register (document);
"""
_OF_PRODUCT = "(:product IS NULL OR {0} IS NULL OR {0} IN (:product, '*'))"
_UNRESOLVED = f"""FROM mention WHERE {_OF_PRODUCT.format("product")} AND NOT EXISTS (
    SELECT 1 FROM known WHERE known.kind = mention.kind AND known.identifier = mention.identifier) GROUP BY kind, identifier"""
_PLACES = f"""SELECT source_kind, source, place, product, prose, sha256, name, shown FROM mention JOIN source ON number = document
    WHERE kind = :kind AND identifier = :identifier AND {_OF_PRODUCT.format("product")} ORDER BY prose, document, at"""
_NAMING = """SELECT DISTINCT kind, identifier, source_kind, source FROM mention
    WHERE identifier IN (SELECT value FROM json_each(:names)) AND kind IN (SELECT value FROM json_each(:kinds)) AND NOT prose
    ORDER BY kind, identifier, document, at LIMIT :most"""
_ORPHANS = f"""FROM (SELECT *, max(at) FROM known WHERE kind IN (SELECT value FROM json_each(:events)) GROUP BY kind, identifier) AS k
    WHERE {_OF_PRODUCT.format("k.product")}
    AND NOT EXISTS (SELECT 1 FROM mention AS m WHERE m.kind = k.kind AND m.identifier = k.identifier)
    AND NOT EXISTS (SELECT 1 FROM mention AS m JOIN known AS t ON t.kind = m.kind AND t.identifier = m.identifier
        WHERE m.source_kind = k.record_kind AND m.source = k.record_identifier)"""
_FIRST = "(SELECT min(at) FROM known AS f WHERE f.kind = k.kind AND f.identifier = k.identifier)"
_REGISTERED = f"FROM register AS r JOIN source ON number = document WHERE kind = :kind AND {_OF_PRODUCT.format('product')}"
_REGISTERS = f"""SELECT series, shown, count(DISTINCT number), min(number) {_REGISTERED}
    GROUP BY series ORDER BY min(number)"""  # SQLite takes `shown` of the row that has the least number
_ONE_SIDED = f"""{_REGISTERED} GROUP BY identifier HAVING count(DISTINCT series) < :registers
    AND (:product IS NULL OR count(product) > 0 OR NOT EXISTS (
        SELECT 1 FROM register AS o WHERE o.kind = r.kind AND o.identifier = r.identifier AND o.product IS NOT NULL))"""


@dataclass(frozen=True)
class Part(Generic[T]):
    """The first answers to a question, and how many there are in all."""

    found: tuple[T, ...]
    total: int


class LinkIndex:
    """The cache of one home; without a folder it is this process's own. `refresh` before asking."""

    def __init__(self, folder: Path | None = None) -> None:
        self._lock = folder
        self._path = None if folder is None else folder / FILE
        self._own: Any = None
        self._held: tuple[Mark, str] | None = None
        self._guard = threading.RLock()

    def refresh(self, database: Database, identifiers: Identifiers) -> bool:
        """Bring the cache to the state of the database; return whether it changed."""
        with database.read() as conn:
            now = mark_of(conn)
        if self._held == (now, identifiers.sha256):
            return False
        with self._guard, writing(self._lock):
            try:
                return self._refreshed(database, identifiers)
            except dbapi2.DatabaseError as error:
                if isinstance(error, dbapi2.OperationalError):  # busy or full: the file is sound
                    raise
                self._discard()
                return self._refreshed(database, identifiers)

    def _refreshed(self, database: Database, identifiers: Identifiers) -> bool:
        with database.read() as conn, self._opened() as db:
            held = _mark(db, identifiers)
            found = changes(conn, held)
            changed = held != found.mark
            if changed:
                _apply(db, conn, found, identifiers)
            if _sources(db) != _current(conn):
                _apply(db, conn, changes(conn, None), identifiers)
                changed = True
            self._held = (found.mark, identifiers.sha256)
        return changed

    def unresolved(self, *, product: str | None = None, most: int = EVERYTHING) -> Part[Unresolved]:
        """Return identifiers that are named and are those of no record, by kind and letters; of a product, those that its records name."""
        with self._opened() as db:
            own = {"product": product, "most": most}
            rows = db.execute(f"SELECT kind, identifier {_UNRESOLVED} ORDER BY kind, identifier LIMIT :most", own).fetchall()
            found = tuple(Unresolved(kind, one, tuple(_places(db, kind, one, product))) for kind, one in rows)
            return Part(found, _count(db, f"SELECT 1 {_UNRESOLVED}", own))

    def orphans(self, identifiers: Identifiers, *, product: str | None = None, most: int = EVERYTHING) -> Part[str]:
        """Return the ids of records of events (their numbers begin again each year) that name no record and are named by none."""
        events = json.dumps([kind.name for kind in identifiers.kinds if kind.sequence == "year"])
        with self._opened() as db:
            own = {"product": product, "most": most, "events": events}
            rows = db.execute(f"SELECT record {_ORPHANS} ORDER BY {_FIRST} LIMIT :most", own)
            return Part(tuple(key for (key,) in rows), _count(db, f"SELECT 1 {_ORPHANS}", own))

    def one_sided(self, identifiers: Identifiers, *, product: str | None = None, most: int = EVERYTHING) -> Part[OneSided]:
        """Compare the registers of each kind: files whose every record is that of one identifier; those that go on each other are one.

        Of a product, what its records or records of no product list.
        """
        found: list[OneSided] = []
        total = 0
        with self._opened() as db:
            for kind in identifiers.kinds:
                found_of = db.execute(_REGISTERS, {"kind": kind.name, "product": product})
                registers = {series: named_register(shown, files) for series, shown, files, _ in found_of}
                left = EVERYTHING if most == EVERYTHING else most - len(found)
                own = {"kind": kind.name, "product": product, "registers": len(registers), "most": left}
                if len(registers) > 1:
                    query = f"SELECT identifier, json_group_array(series) {_ONE_SIDED} ORDER BY length(identifier), identifier LIMIT :most"
                    found += [_one_sided(kind.name, one, known, registers) for one, known in db.execute(query, own)]
                    total += _count(db, f"SELECT 1 {_ONE_SIDED}", own)
        return Part(tuple(found), total)

    def naming(self, identifiers: Identifiers, names: Iterable[str], *, most: int) -> tuple[tuple[Node, Node], ...]:
        """Return which records name some identifiers in a field, the first ones: what is named, and the record's kind and identifier."""
        kinds = json.dumps([kind.name for kind in identifiers.kinds])
        with self._opened() as db:
            rows = db.execute(_NAMING, {"kinds": kinds, "names": json.dumps(list(names)), "most": most}).fetchall()
        return tuple(((kind, name), (source_kind, source)) for kind, name, source_kind, source in rows)

    def gaps(self, identifiers: Identifiers, *, product: str | None = None) -> tuple[Gap, ...]:
        """Return what is absent from each sequence of running numbers, kind by kind; of a product, as far as its own numbers reach."""
        with self._opened() as db:
            return tuple(
                gap
                for kind in identifiers.kinds
                if kind.sequence
                for gap in gaps(
                    kind.name,
                    _identifiers(db, kind.name),
                    from_one=kind.sequence == "year",
                    own=None if product is None else _identifiers(db, kind.name, product),
                )
            )

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        if self._path is None:
            with self._guard:
                self._own = self._own or dbapi2.connect("", isolation_level=None, check_same_thread=False)
                yield self._own
            return
        with closing(dbapi2.connect(str(self._path), timeout=BUSY_SECONDS, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=WAL")  # who asks does not wait for who brings up to date
            db.execute("PRAGMA synchronous=NORMAL")
            yield db

    def _discard(self) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)


def _mark(db: Any, identifiers: Identifiers) -> Mark | None:
    """Return which imports are held; None where none is, or where the identifiers were others."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        db.executescript(_TABLES)
    row = db.execute("SELECT mark, identifiers FROM meta").fetchone()
    return Mark.of(row[0]) if row and row[1] == identifiers.sha256 else None


def _sources(db: Any) -> int:
    return int(db.execute("SELECT count(*) FROM source").fetchone()[0])


def _current(conn: Connection) -> int:
    return conn.scalar(select(func.count()).select_from(documents).where(current_document(documents.c.id))) or 0


def _count(db: Any, query: str, own: dict[str, Any]) -> int:
    return int(db.execute(f"SELECT count(*) FROM ({query})", own).fetchone()[0])


def _apply(db: Any, conn: Connection, found: Changes, identifiers: Identifiers) -> None:
    """Take documents in and let others go, and say up to which import: together or not at all."""
    db.execute("BEGIN IMMEDIATE")
    try:
        for table, column in (
            ("mention", "document"),
            ("known", "document"),
            ("register", "document"),
            ("source", "number"),
        ):
            gone = [(number,) for number in (*found.gone, *found.added)]
            db.execute(f"DELETE FROM {table}") if found.anew else db.executemany(
                f"DELETE FROM {table} WHERE {column} = ?", gone
            )
        for start in range(0, len(found.added), AT_ONCE):
            _take_in(db, conn, found.added[start : start + AT_ONCE], identifiers)
        db.execute("DELETE FROM meta")
        db.execute("INSERT INTO meta VALUES (?, ?)", (found.mark.text(), identifiers.sha256))
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _take_in(db: Any, conn: Connection, numbers: Sequence[int], identifiers: Identifiers) -> None:
    for document, own, texts in _contents(conn, numbers):
        number = document.sequence
        named = (number, document.sha256, document.name, document.shown, register_of(document))
        db.execute("INSERT INTO source VALUES (?, ?, ?, ?, ?)", named)
        db.executemany("INSERT INTO mention VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (
            (number, prose, at, *r.target, *r.source, r.locator.place, r.product)
            for prose, named in enumerate((references(own, (), identifiers), references((), texts, identifiers)))
            for at, r in enumerate(named)
        ))  # fmt: skip
        db.executemany("INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (
            (number << 32 | at, number, kind, name, record.id, record.kind, record.identifier, record.product)
            for at, record in enumerate(own)
            for kind, name in names_of(record, identifiers)
        ))  # fmt: skip
        listed = ((kind.name, registered(kind, record), record.product) for kind in identifiers.kinds for record in own)
        known = ((kind, one, number, product) for kind, one, product in dict.fromkeys(listed) if one is not None)
        db.executemany("INSERT INTO register VALUES (?, ?, ?, ?)", known)


def _contents(conn: Connection, numbers: Sequence[int]) -> Iterator[tuple[SourceDocument, list[Record], list[Passage]]]:
    """Yield documents with their records and passages, each in the order of the file."""
    bodies = conn.scalars(select(documents.c.body).where(documents.c.sequence.in_(numbers)).order_by(documents.c.sequence))
    known = {document.id: document for document in map(document_of, bodies)}
    own: dict[str, list[Record]] = {key: [] for key in known}
    texts: dict[str, list[Passage]] = {key: [] for key in known}
    for row in conn.execute(select(stored).where(stored.c.document_id.in_(own))):
        own[row.document_id].append(record_of(row, known))
    query = select(passages, documents.c.name, documents.c.sha256).join(documents, documents.c.id == passages.c.document_id)
    for row in conn.execute(query.where(passages.c.document_id.in_(own)).order_by(passages.c.number)):
        texts[row.document_id].append(passage_of(row))
    for key, document in known.items():
        yield document, sorted(own[key], key=lambda r: (r.row or 0, records.natural(r.identifier))), texts[key]


def _places(db: Any, kind: str, identifier: str, product: str | None) -> Iterator[Reference]:
    """Yield the first places that name an identifier, one for each record or text that does."""
    seen: set[tuple[str, str]] = set()
    for row in db.execute(_PLACES, {"kind": kind, "identifier": identifier, "product": product}):
        source_kind, source, place, of_product, prose, sha256, name, shown = row
        if (source_kind, source) not in seen and len(seen) < MOST_PLACES:
            seen.add((source_kind, source))
            where = Locator(sha256, name if prose else shown, place)
            yield Reference((kind, identifier), (source_kind, source), where, of_product)


def _one_sided(kind: str, identifier: str, known: str, registers: Mapping[str, str]) -> OneSided:
    held = set(json.loads(known))
    knowing = tuple(name for series, name in registers.items() if series in held)
    return OneSided(kind, identifier, knowing, tuple(name for series, name in registers.items() if series not in held))


def _identifiers(db: Any, kind: str, product: str | None = None) -> Iterator[str]:
    query = f"SELECT DISTINCT identifier FROM known WHERE kind = :kind AND {_OF_PRODUCT.format('product')}"
    return (one for (one,) in db.execute(query, {"kind": kind, "product": product}))
