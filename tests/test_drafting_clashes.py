"""Who may decide which of two sources counts, and what the command line says of a clash."""

import json
import subprocess
import sys
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


def test_the_command_line_lists_a_clash_and_says_that_a_check_found_something(tmp_path: Path) -> None:
    (tmp_path / "batches.toml").write_text(BATCHES, encoding="utf-8")

    def ingest(name: str, line: str) -> tuple[int, list[dict[str, str]]]:
        (tmp_path / name).write_text(f"batch;line\n7001;{line}\n", encoding="utf-8")
        command = [sys.executable, "-m", "drafting", "--home", str(tmp_path / "home"), "ingest", str(tmp_path / name)]
        done = subprocess.run(
            [*command, "--profile", str(tmp_path / "batches.toml"), "--json"], capture_output=True, text=True, check=False
        )
        return done.returncode, json.loads(done.stdout)["clashes"]

    assert ingest("first.csv", "L1") == (0, [])
    assert ingest("second.csv", "L2") == (
        1,
        [
            {
                "kind": "batch",
                "identifier": "7001",
                "first": "line 'L1' (first.csv row 2)",
                "second": "line 'L2' (second.csv row 2)",
            }
        ],
    )
