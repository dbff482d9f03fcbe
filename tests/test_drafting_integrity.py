"""Whoever alters the database behind the product is found: by what loads a report, and by what verifies the trail."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import REPORT, Desk, report_view, set_up
from sqlalchemy import Connection, insert, text

from audit import tables as audit_tables
from audit import trail
from audit.actions import Action
from audit.canonical import digest
from audit.clock import FixedClock
from audit.database import Database, open_database
from audit.errors import StoreFailed, Tampered
from audit.verify import State
from corpus import tables as corpus_tables
from drafting import authoring, lifecycle, scoping, tables
from drafting.alarms import verify_trail
from drafting.doctor import examine
from drafting.exporting import export_report

PROTECTED = (*audit_tables.APPEND_ONLY, *corpus_tables.APPEND_ONLY, *tables.APPEND_ONLY)


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def forge(database: Database, *statements: str, protect: bool = True) -> None:
    """Run statements as somebody who owns the database: without its triggers, which stand again afterwards."""
    postgres = database.dialect_name == "postgresql"
    names = [(t, n) for t in PROTECTED for n in (("no_change", "no_truncate") if postgres else ("no_update", "no_delete"))]
    off = [f"ALTER TABLE {t} DISABLE TRIGGER {t}_{n}" if postgres else f"DROP TRIGGER {t}_{n}" for t, n in names]
    on = [f"ALTER TABLE {t} ENABLE ALWAYS TRIGGER {t}_{n}" for t, n in names] if postgres else []
    on = on or [ddl for t in PROTECTED for ddl in audit_tables.append_only_ddl("sqlite", t)]

    def work(conn: Connection) -> None:
        for ddl in off:
            conn.execute(text(ddl))
        for statement in statements:
            assert conn.execute(text(statement)).rowcount, statement
        for ddl in on if protect else ():
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
    report_view(desk.ctx, REPORT)  # what was read before the change is not taken from memory after it
    forge(desk.ctx.database, statement)
    for read in (
        lambda: report_view(desk.ctx, REPORT),
        lambda: desk.see("quality", "writer"),
        lambda: export_report(desk.ctx, REPORT, fmt="docx", actor=desk.actor("auditor")),
    ):
        with pytest.raises(Tampered, match="not the text that was stored"):
            read()


def test_an_altered_text_with_an_altered_hash_is_not_signed_any_more(desk: Desk) -> None:
    desk.authored()
    quality = "WHERE sentence_id = 'quality-1'"
    with desk.ctx.database.read() as conn:
        body = str(conn.scalar(text(f"SELECT body FROM sentence_versions {quality}"))).replace("99.1", "89.1")  # noqa: S608
    forge(
        desk.ctx.database,
        f"UPDATE sentence_versions SET body = replace(body, '99.1', '89.1') {quality}",  # noqa: S608
        f"UPDATE sentence_versions SET hash = '{digest(body)}' {quality}".replace("sha256:", "sha256\\:"),  # noqa: S608
    )
    assert [line.valid for line in report_view(desk.ctx, REPORT).sections[0].signatures] == [False]
    assert "sentence_versions" in broken(desk)


def broken(desk: Desk) -> str:
    """Verify, and return what was found."""
    verdict = verify_trail(desk.ctx, actor=desk.actor("auditor"))
    assert verdict.integrity is State.BROKEN
    doctor = {check.name: check for check in examine(desk.ctx)}
    assert not doctor["trail"].ok
    return " / ".join(f"{finding.check}: {finding.message}" for finding in verdict.findings)


ATTACKS = {
    "decisions": [
        "DELETE FROM decisions WHERE subject = 'quality-1'",
        "UPDATE decisions SET decision = 'accept' WHERE decision = 'edit'",
        "UPDATE decisions SET account_id = 'a-many', user_id = 'many' WHERE subject = 'quality-2'",
        "UPDATE decisions SET at = '2026-01-01T00\\:00\\:00.000000Z' WHERE subject = 'quality-2'",
        "UPDATE decisions SET seq = 1 WHERE subject = 'quality-2'",
    ],
    "sentence_versions": [
        "UPDATE sentence_versions SET at = '2020' WHERE sentence_id = 'quality-2'",
        "DELETE FROM sentence_versions WHERE sentence_id = 'quality-1' AND version = 2",
        "UPDATE sentence_versions SET body = replace(body, '99.1', '89.1')",
    ],
    "sentences": [
        "UPDATE sentences SET position = 5000 WHERE id = 'quality-1'",
        "DELETE FROM sentences WHERE id = 'cause-1'",
        "UPDATE sentences SET origin = 'person-written' WHERE id = 'quality-1'",
    ],
    "sections": ["UPDATE sections SET ordinal = 9 WHERE id = 'cause'", "DELETE FROM sections WHERE id = 'cause'"],
    "field_versions": ["UPDATE field_versions SET value = 'other'", "DELETE FROM field_versions"],
    "own_views": ["UPDATE own_views SET text = 'other'", "DELETE FROM own_views"],
    "openings": ["UPDATE openings SET demanded = NOT demanded", "DELETE FROM openings WHERE section_id = 'cause'"],
    "views": ["UPDATE views SET canonical_hash = 'x' WHERE section_id = 'cause'", "DELETE FROM views"],
    "generations": ["UPDATE generations SET drafter = 'other'", "UPDATE generations SET outcome = 'human'"],
    "reports": [
        "UPDATE reports SET period_to = '2025-11-30'",
        "UPDATE reports SET body = replace(body, 'Review', 'Preview')",
    ],
    "report_events": ["DELETE FROM report_events", "UPDATE report_events SET event = 'approved'"],
    "content": ["DELETE FROM contents"],
    "seal": ["DELETE FROM key_seals WHERE account_id = 'a-writer'"],
    "signature": ["UPDATE signatures SET meaning = 'approval'", "UPDATE signatures SET at = '2026-01-01'"],
    "account": ["UPDATE account_versions SET folded = 'other' WHERE account_id = 'a-auditor'"],
}


@pytest.mark.parametrize(("what", "statement"), [(what, one) for what, listed in ATTACKS.items() for one in listed])
def test_whatever_is_altered_or_taken_away_is_found(desk: Desk, what: str, statement: str) -> None:
    worked(desk)
    forge(desk.ctx.database, statement)
    assert what in broken(desk)


def worked(desk: Desk) -> None:
    """Do every kind of act, so that every table holds rows."""
    view = desk.see("quality", "writer")
    authoring.edit(
        desk.ctx, sentence_id="quality-1", version=1, text="Over the period the mean assay was 99.1 %.",
        category=str(lifecycle.EditReason.CONTEXT), reason="says over what", seen=view.view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    desk.open_all("quality", "writer")
    for key in ("cause", "census"):
        desk.author(key)
    view = desk.see("quality", "writer")
    authoring.accept(desk.ctx, sentence_id="quality-2", version=1, seen=view.view_id, actor=desk.actor("writer"))
    view = desk.see("quality", "writer")
    authoring.enter_field(
        desk.ctx, section_id="quality", key="verdict", value="in control", seen=view.view_id, actor=desk.actor("writer")
    )
    desk.sign("writer", "quality", "cause", "census")
    scoping.submit(desk.ctx, report_id=REPORT, actor=desk.actor("writer"))


def test_an_untouched_home_is_intact(desk: Desk) -> None:
    worked(desk)
    verdict = verify_trail(desk.ctx, actor=desk.actor("auditor"))
    assert verdict.findings == ()
    assert verdict.integrity is State.INTACT


@pytest.mark.parametrize("table", ["decisions", "documents", "contents"])
def test_a_trigger_that_was_taken_away_is_found(desk: Desk, table: str) -> None:
    names = ("no_change",) if desk.ctx.database.dialect_name == "postgresql" else ("no_update",)
    drop = f"DROP TRIGGER {table}_{names[0]}" + (f" ON {table}" if names == ("no_change",) else "")
    desk.ctx.database.write(lambda conn: conn.execute(text(drop)))
    assert f"protection of {table}" in broken(desk)


def test_rows_of_entries_without_hashes_are_told_and_break_nothing(desk: Desk) -> None:
    def older(conn: Connection) -> None:
        by, at = desk.people["writer"], desk.ctx.clock.now()
        entry = trail.append(
            conn, at=at, zone="UTC", actor=by.actor(), action=Action.FIELD_ENTERED, object_kind="section", object_id="quality",
            field="field:verdict", new="said",
        )  # fmt: skip
        values = {"key": "verdict", "version": 1, "value": "said", "account_id": by.id, "user_id": by.user_id, "at": "t"}
        conn.execute(insert(tables.field_versions).values(section_id="quality", seq=entry.seq, **values))

    desk.ctx.database.write(older)
    verdict = verify_trail(desk.ctx, actor=desk.actor("auditor"))
    assert verdict.integrity is State.INTACT
    assert [finding.check for finding in verdict.findings] == ["cannot tell"]
    forge(desk.ctx.database, "DELETE FROM field_versions")
    assert "field_versions" in broken(desk)


def test_a_home_that_can_only_be_read_is_verified_and_refuses_acts(
    sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    desk = set_up(sqlite_database, clock, new_id, tmp_path)
    sqlite_database.close()
    before = sorted(p.name for p in tmp_path.iterdir())
    still = open_database(f"sqlite:///{tmp_path / 'only.sqlite'}", read_only=True)
    reading = Desk(replace(desk.ctx, database=still), desk.people)
    assert verify_trail(reading.ctx, actor=reading.actor("auditor")).integrity is State.INTACT
    assert all(check.ok for check in examine(reading.ctx) if check.name in ("trail", "database", "clock"))
    with pytest.raises(StoreFailed, match="read but not written"):
        reading.see("quality", "writer")
    still.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_log_that_is_not_in_the_file_yet_is_not_passed_over(tmp_path: Path, sqlite_database: Database) -> None:
    sqlite_database.write(lambda conn: trail.put_content(conn, "an act", media_type="text/plain"))
    assert (tmp_path / "only.sqlite-wal").stat().st_size
    with pytest.raises(StoreFailed, match="not in the database file yet"):
        open_database(f"sqlite:///{tmp_path / 'only.sqlite'}", read_only=True)
    sqlite_database.close()
