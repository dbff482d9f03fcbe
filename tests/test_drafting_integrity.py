"""Whoever alters the database behind the product is found: by what loads a report, and by what verifies the trail."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up
from sqlalchemy import Connection, text

from audit import tables as audit_tables
from audit.canonical import digest
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Tampered
from corpus import tables as corpus_tables
from drafting import queries, tables
from drafting.exporting import export_report

PROTECTED = (*audit_tables.APPEND_ONLY, *corpus_tables.APPEND_ONLY, *tables.APPEND_ONLY)


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def forge(database: Database, *statements: str) -> None:
    """Run statements as somebody who owns the database: without its triggers, which stand again afterwards."""

    def work(conn: Connection) -> None:
        if conn.dialect.name == "postgresql":
            for table in PROTECTED:
                conn.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        else:
            for table in PROTECTED:
                for verb in ("update", "delete"):
                    conn.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        for statement in statements:
            assert conn.execute(text(statement)).rowcount, statement
        for table in PROTECTED:
            if conn.dialect.name == "postgresql":
                for trigger in ("no_change", "no_truncate"):
                    conn.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{trigger}"))
            else:
                for ddl in audit_tables.append_only_ddl("sqlite", table):
                    conn.execute(text(ddl))

    database.write(work)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sentence_versions SET body = replace(body, '99.1', '89.1') WHERE sentence_id = 'quality-1'",
        "UPDATE reports SET body = replace(body, 'Review', 'Preview')",
    ],
)
def test_an_altered_text_is_neither_shown_nor_exported(desk: Desk, statement: str) -> None:
    desk.authored()
    queries.report_view(desk.ctx, REPORT)  # what was read before the change is not taken from memory after it
    forge(desk.ctx.database, statement)
    for read in (
        lambda: queries.report_view(desk.ctx, REPORT),
        lambda: desk.see("quality", "writer"),
        lambda: export_report(desk.ctx, REPORT, fmt="docx", actor=desk.actor("auditor")),
    ):
        with pytest.raises(Tampered, match="not the text that was stored"):
            read()


def test_an_altered_text_with_an_altered_hash_is_not_signed_any_more(desk: Desk) -> None:
    desk.authored()
    with desk.ctx.database.read() as conn:
        body = conn.scalar(text("SELECT body FROM sentence_versions WHERE sentence_id = 'quality-1'"))
    other = str(body).replace("99.1", "89.1")
    change = f"UPDATE sentence_versions SET body = '{other}', hash = '{digest(other)}' WHERE sentence_id = 'quality-1'"
    forge(desk.ctx.database, change.replace(":", "\\:"))
    quality = queries.report_view(desk.ctx, REPORT).sections[0]
    assert [line.valid for line in quality.signatures] == [False]
