"""Who may decide which of two sources counts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, set_up

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import NotPermitted
from corpus import records
from corpus.profile_toml import parse as profile
from corpus.profiles import ProfileSet
from drafting.clashes import prefer
from drafting.importing import import_files

BATCHES = """
name = "batches"
version = 1
title = "Batches"
kind = "batch"
key = ["batch"]

[columns.batch]
field = "batch"

[columns.line]
field = "line"
"""


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    made = set_up(database, clock, new_id, tmp_path)
    return Desk(replace(made.ctx, profiles=ProfileSet((profile(BATCHES.encode(), file="batches.toml"),))), made.people)


def test_a_writer_or_reviewer_decides_and_an_auditor_does_not(desk: Desk, tmp_path: Path) -> None:
    made = []
    for name, line in (("first.csv", "L1"), ("second.csv", "L2")):
        (tmp_path / name).write_text(f"batch;line\n7001;{line}\n", encoding="utf-8")
        made.append(import_files(desk.ctx, paths=[tmp_path / name], actor=desk.actor("writer")))
    assert [clash.name for clash in made[1].clashes] == ["batch/7001"]
    asked = {"kind": "batch", "identifier": "7001", "document_id": made[1].documents[0].id, "reason": "Corrected in the log"}
    with pytest.raises(NotPermitted):
        prefer(desk.ctx, **asked, actor=desk.actor("auditor"))
    decided = prefer(desk.ctx, **asked, actor=desk.actor("reviewer"))
    assert decided.first == "line 'L1' (first.csv row 2)"
    with desk.ctx.database.read() as conn:
        found = records.record(conn, "batch", "7001")
    assert found is not None
    assert found.get("line") == "L2"
