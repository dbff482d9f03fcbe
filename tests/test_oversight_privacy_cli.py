"""The access table on the command line: the trail listed and exported, names by two persons, summaries that leave."""

import json
import shutil
from pathlib import Path

import pytest
from command import opened, run
from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.alarms import Alarm, raise_alarm
from audit.identity import account_named
from audit.oversight.behaviour import BurstRequest, Cause
from drafting.context import Context
from drafting.overseeing import bursts, pseudonyms
from drafting.overseeing.outcomes import NOTICE, REVIEWER


@pytest.fixture(scope="module")
def home(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo home in which a reviewer had a burst and then a private notice."""
    made = tmp_path_factory.mktemp("privacy") / "home"
    shutil.copytree(filled_home, made)
    with opened(made) as ctx:
        told(ctx)
    return made


def told(ctx: Context, *, alarm: bool = False) -> str:
    """Leave what oversight leaves of a reviewer in the trail; return the reviewer's pseudonym."""
    with ctx.database.read() as conn:
        reviewer = account_named(conn, "demo.reviewer")
    assert reviewer is not None
    by = {"at": ctx.clock.now(), "zone": "UTC", "actor": reviewer.actor()}

    def write(conn: Connection) -> None:
        if alarm:
            raise_alarm(conn, Alarm.OVERSIGHT, object_kind=REVIEWER, object_id=reviewer.id, told={"level": "named"}, **by)
            return
        bursts.change(conn, ctx, reviewer.id, BurstRequest(Cause.CHANGED, 4.321), reviewer.actor(), ctx.clock.now())
        trail.append(
            conn, action=Action.OVERSIGHT_NOTICED, object_kind=NOTICE, object_id=reviewer.id, new={"level": "self"}, **by
        )

    ctx.database.write(write)
    return pseudonyms.of_account(ctx, reviewer.id)


def listed(home: Path, user: str) -> tuple[set[str], int | None]:
    """Return the acts of oversight that `audit log` lists to somebody, and how many entries it says are hidden, which it tells an auditor."""
    tree = run(home, "audit", "log", "--json", user=user)
    return {e["action"] for e in tree["entries"] if e["action"].startswith(("oversight.", "alarm."))}, tree["hidden"]


def test_the_log_lists_what_its_reader_may_see_and_counts_the_rest(home: Path) -> None:
    assert listed(home, "demo.reviewer") == ({"oversight.noticed"}, None)
    for user in ("demo.lead", "demo.auditor", "demo.admin", "demo.writer", ""):
        assert listed(home, user) == (set(), 2 if user == "demo.auditor" else None), user
    said = run(home, "audit", "log", user="demo.auditor")
    assert "2 entries in this home are not shown to you" in said


def test_an_export_is_the_auditors_its_table_leaves_out_and_its_lines_verify(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "takes this copy" in run(home, "audit", "export", "-o", str(out), user="demo.writer", status=2)
    assert not out.exists()
    tree = run(home, "audit", "export", "-o", str(out), "--json", user="demo.auditor")
    assert tree["hidden"] == 2
    table, lines = ((out / name).read_text(encoding="utf-8-sig") for name in ("trail.csv", "trail.jsonl"))
    assert "oversight.burst_started" not in table
    assert "oversight.burst_started" in lines
    assert run(home, "audit", "verify", str(out), "--json")["integrity"] != "broken"


def test_behaviour_alone_gives_no_figure_of_a_person_to_anybody(home: Path) -> None:
    for user in ("demo.lead", "demo.auditor", "demo.admin", "demo.reviewer"):
        assert "4.321" not in json.dumps(run(home, "oversight", "report", "--json", user=user))
        assert "4.321" not in run(home, "audit", "log", user=user)


def test_a_name_by_two_persons_after_an_alarm(home: Path) -> None:
    with opened(home) as ctx:
        masked = pseudonyms.of_account(ctx, "nobody")
    ask = ("oversight", "unmask", "ask")
    assert "No alarm was raised" in run(home, *ask, masked, "--reason", "Coaching", user="demo.lead", status=2)
    with opened(home) as ctx:
        masked = told(ctx, alarm=True)
    withdrawn = run(home, *ask, masked, "--reason", "Mistyped", "--json", user="demo.lead")["request"]
    withdraw = ("oversight", "unmask", "withdraw", withdrawn, "--reason", "Another was meant")
    assert "Who asked" in run(home, *withdraw, user="demo.approver", status=2)
    assert "Withdrawn." in run(home, *withdraw, user="demo.lead")
    assert "withdrawn already" in run(home, *withdraw, user="demo.lead", status=2)
    request = run(home, *ask, masked, "--reason", "Coaching", "--json", user="demo.lead")["request"]
    decide = ("oversight", "unmask", "decide", request, "--grant", "--reason", "It is due")
    assert "needs the role approver" in run(home, *decide, user="demo.lead", status=2)
    run(home, *decide, user="demo.approver")
    show = ("oversight", "unmask", "show", request)
    assert "demo.reviewer" in run(home, *show, user="demo.lead")
    assert "shown already" in run(home, *show, user="demo.lead", status=2)
    assert "alarm.raised" in listed(home, "demo.lead")[0]
    assert "alarm.raised" not in listed(home, "demo.admin")[0]


def test_summaries_leave_from_the_command_line(home: Path) -> None:
    assert run(home, "oversight", "expire", "--json") == {"deleted": 0}
    forget = ("oversight", "forget", "--reason", "Asked to")
    assert "training lead" in run(home, *forget, user="demo.admin", status=2)
    assert run(home, *forget, "--json", user="demo.lead") == {"deleted": 0}
