"""A home that an earlier release made opens with this one, verifies as it did, and goes on."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from office_files import xlsx
from sqlalchemy import Connection, MetaData, insert, text

from audit.chain import Actor
from audit.clock import FixedClock
from audit.database import Database
from audit.verify import State, Verdict
from corpus import records
from corpus.ingest import ingest
from corpus.profile_toml import parse
from corpus.profiles import ProfileSet
from drafting.migrations.runner import config, upgrade, version
from drafting.projections import UNTOLD, verify_home

OLD = (
    Path(__file__).parent / "evidence" / "home-0006.json"
)  # written by the release of schema 0006, every table as it was stored
HEADER = ("id", "date", "class", "story")


def cell(value: Any) -> Any:
    return base64.b64decode(value["b64"]) if isinstance(value, dict) else value


def fill(conn: Connection) -> None:
    """Make the old schema by the old migrations, and lay the old rows into it."""
    settings = config()
    settings.attributes["connection"] = conn
    command.upgrade(settings, "0006")
    schema = MetaData()
    schema.reflect(conn)
    for name, stored in json.loads(OLD.read_text(encoding="utf-8")).items():
        table = schema.tables[name]
        rows = [dict(zip(stored["columns"], map(cell, row), strict=True)) for row in stored["rows"]]
        conn.execute(insert(table), rows)


@pytest.fixture
def old_home(empty_database: Database) -> Database:
    empty_database.write(fill)
    with empty_database.read() as conn:
        assert version(conn) == "0006"
    upgrade(empty_database)
    return empty_database


def verified(database: Database) -> Verdict:
    with database.read() as conn:
        return verify_home(conn)


def test_it_verifies_and_says_what_cannot_be_told(old_home: Database) -> None:
    verdict = verified(old_home)
    assert verdict.integrity is State.INTACT
    assert [finding.check for finding in verdict.findings] == [UNTOLD]
    assert verdict.findings[0].message.startswith("2 entries")  # an extract and its confirmation


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("extracts", "UPDATE extracts SET document_id = 'other'"),
        ("extracts", "DELETE FROM extracts"),
        ("extract_confirmations", "UPDATE extract_confirmations SET account_id = 'a-many'"),
        (
            "contents",
            "DELETE FROM contents WHERE sha256 IN (SELECT sha256 FROM contents WHERE media_type = 'application/json')",
        ),
        ("document_notes", "INSERT INTO document_notes SELECT id, 1, 'forged', 1 FROM documents"),
    ],
)
def test_what_was_altered_in_it_is_found(old_home: Database, table: str, statement: str) -> None:
    def forge(conn: Connection) -> None:
        if conn.dialect.name == "postgresql":
            conn.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for name in conn.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"), {"t": table}
            ).all():
                conn.execute(text(f"DROP TRIGGER {name}"))
        assert conn.execute(text(statement)).rowcount

    old_home.write(forge)
    found = {finding.check for finding in verified(old_home).findings}
    assert found - {UNTOLD, "trigger"}


def test_a_part_that_it_left_current_is_withdrawn_by_the_next_version(
    old_home: Database, clock: FixedClock, tmp_path: Path
) -> None:
    profile = (Path(__file__).parent / "evidence" / "home-0006.toml").read_bytes()
    path = tmp_path / "devs.xlsx"
    path.write_bytes(xlsx({"First": [HEADER, ("DEV-1", "2020-05-01", "minor", "The sieve broke")]}))
    with old_home.read() as conn:
        assert [d.part for d in records.named(conn, path.name)] == ["sheet Second", "sheet First"]
    numbers = iter(range(100))
    done = ingest(
        old_home, clock, lambda: f"new{next(numbers)}", paths=[path], profiles=ProfileSet((parse(profile, file="devs.toml"),)),
        actor=Actor("a1", "m.writer", "Mara Writer", "writer"), zone="UTC",
    )  # fmt: skip
    assert [document.part for document, _ in done.withdrawn] == ["sheet Second"]
    assert verified(old_home).integrity is State.INTACT
