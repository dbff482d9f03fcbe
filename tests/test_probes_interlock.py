"""Random workflows through the store and the use cases: nothing planted is signed, decided on or shown to anybody else."""

import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from conftest import create_tables
from desk import REPORT, Desk, set_up
from probe_store import KEYS, REVIEWERS, workflows

from audit.clock import FixedClock
from audit.database import open_database
from audit.oversight.schedule import assignment
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch
from drafting.probes.seal import KEY_FILE, site_keys

NUMBER = int(os.environ.get("VERASCRIBE_STORE_WORKFLOWS", "60"))
START = datetime(2026, 3, 3, 8, tzinfo=UTC)


def submitted(folder: Path) -> Desk:
    """Make a submitted report in a home whose key draws a section for each reviewer."""
    folder.mkdir()
    database = open_database(f"sqlite:///{folder / 'only.sqlite'}")
    database.write(create_tables)
    numbers = count(1)
    desk = set_up(database, FixedClock(datetime(2026, 3, 2, 8, tzinfo=UTC)), lambda: f"id{next(numbers):06d}", folder)
    desk.submitted()
    asked = switches.request(desk.ctx, name=Switch.LIVE, text=switches.ON, reason="Agreed", actor=desk.actor("lead"))
    switches.decide(desk.ctx, request_id=asked, approve=True, reason="In force", actor=desk.actor("approver"))
    for number in count():
        (folder / KEY_FILE).write_bytes(number.to_bytes(32, "big"))
        drawing = site_keys(folder).drawing
        drawn = [
            any(assignment(drawing, f"{REPORT}/1/a-{who}", key, 0.03)[0] for key in KEYS[:2]) for who in REVIEWERS
        ]  # fmt: skip
        if all(drawn):
            break
    database.close()
    return desk


def test_random_workflows_through_the_store(tmp_path: Path) -> None:
    """Seeded; a larger number by VERASCRIBE_STORE_WORKFLOWS. Checks are shown and signatures given, or the run proves nothing."""
    desk = submitted(tmp_path / "home")
    signed, checked = workflows(desk, tmp_path / "home", tmp_path, NUMBER, 1, START)
    assert signed > NUMBER // 20
    assert checked > NUMBER // 2
