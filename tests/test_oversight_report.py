"""The oversight report: figures of the site where enough stands behind them, of a person for that person or after an alarm; natural faults."""

import json
import math
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command import run
from desk import REPORT, Desk, set_up
from sqlalchemy import Connection
from staff import written

from audit import trail, verify
from audit.actions import Action
from audit.alarms import Alarm, raise_alarm
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Invalid, NotFound, NotPermitted
from audit.oversight.model import Family, Level, Mode, Outcome, ProbeResult, Severity
from audit.oversight.recapture import Fault
from drafting import review, reviewing
from drafting.context import Context
from drafting.overseeing import figures, natural
from drafting.overseeing.natural import FoundBy
from drafting.overseeing.outcomes import REVIEWER
from drafting.oversight import RULE, Decided, clean_of, measures
from drafting.probes.store import assign, happened
from drafting.probes.workflow import Event, Step

DAY = datetime(2026, 1, 1, tzinfo=UTC)
CLEAN = figures.Clean(200, 10)


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def result(
    reviewer: str, outcome: Outcome, family: Family = Family.WRONG, mode: Mode = Mode.BASE, number: int = 0,
    severity: Severity = Severity.MAJOR,
) -> ProbeResult:  # fmt: skip
    at = (DAY + timedelta(days=5 * number)).isoformat()
    return ProbeResult("p", reviewer, family, "altered number", severity, mode, outcome, 0.1, math.log(1 / 9), at)


def of_people(people: int, each: int) -> list[ProbeResult]:
    """Every fifth check missed, one of ten caught without its place."""
    outcomes = [Outcome.MISSED, *[Outcome.CAUGHT] * 4, Outcome.MISSED, *[Outcome.CAUGHT] * 3, Outcome.UNLOCATED]
    return [result(f"r{who}", outcomes[n % 10], number=n) for n in range(each) for who in range(people)]


@pytest.mark.parametrize(("people", "each"), [(4, 20), (5, 5), (0, 0)])
def test_few_people_or_checks_give_no_figure_of_the_site(people: int, each: int) -> None:
    found = figures.site(of_people(people, each), CLEAN, figures.Natural())
    assert found == {
        "checks": people * each, "withheld": f"{people} reviewers and {people * each} checks: withheld below 5 and 30",
    }  # fmt: skip


def test_the_figures_of_the_site_by_hand() -> None:
    """50 routine checks, 75 % caught counting halves; void ones and those of a qualification are in no rate."""
    extra = [result("r0", Outcome.VOID)] * 20 + [result("r9", Outcome.MISSED, mode=Mode.QUALIFY)] * 20
    flags = [result(f"r{who}", Outcome.MISSED, Family.TOOL_FALSE) for _ in range(6) for who in range(5)]
    accepted = frozenset(f"s{n}" for n in range(20))
    beside = figures.Natural(accepted, frozenset({"s1"}), (Fault(True, True),) * 6 + (Fault(True, False),) * 6)
    found = figures.site([*of_people(5, 10), *extra, *flags], CLEAN, beside)
    assert found["checks"] == 80
    assert (found["catch_rate"]["value"], found["catch_rate"]["n"]) == (0.75, 50)
    assert found["over_reliance"]["value"] == 0.25
    assert found["under_reliance"] == {**found["under_reliance"], "value": round(40 / 230, 6), "n": 230}
    assert found["families"]["wrong content"]["value"] == 0.75
    assert found["families"]["false finding"]["value"] == 0.0
    assert found["families"]["missing content"] == {"value": None, "n": 0, "reason": "no checks"}
    assert found["severities"]["major"]["n"] == 50
    assert found["vigilance_gap"]["value"] == -0.75
    assert found["escape_rate"]["value"] == 0.05
    assert found["faults_lincoln_petersen"]["value"] == round(13 * 7 / 7 - 1, 6)
    assert "less than a quarter" in found["erosion_per_quarter"]["reason"]
    assert found["catch_rate_live"]["low"] < found["catch_rate"]["low"]
    assert found["d_prime"]["low"] < found["d_prime"]["value"] < found["d_prime"]["high"]
    assert "r1" not in str(found)


def test_own_figures_lean_on_others_only_where_they_are_enough() -> None:
    mine = [result("me", Outcome.CAUGHT)] * 6
    alone = figures.own(mine, [*mine, *of_people(3, 10)], figures.Clean())
    among = figures.own(mine, [*mine, *of_people(8, 20)], figures.Clean())
    assert among["catch_rate"]["value"] < alone["catch_rate"]["value"]
    assert among["catch_rate_live"]["reason"] == "6 checks: withheld below 10"
    assert 0 < among["reliability"] < 0.5


def test_an_objection_to_what_was_then_confirmed_unchanged_is_a_false_alarm() -> None:
    def made(decision: str, subject: str, text: str, account: str = "a") -> Decided:
        return Decided(account, account, "reviewer", decision, subject, text, opened=False)

    decisions = [
        made("question", "s1", "h1"), made("confirm", "s1", "h1"),  # nothing changed
        made("question", "s2", "h1"), made("confirm", "s2", "h2"),  # was changed: the objection had cause
        made("question", "s3", "h1"), made("confirm", "s3", "h1", "b"),  # another person
        made("confirm", "s4", "h1"),
    ]  # fmt: skip
    assert clean_of(decisions) == figures.Clean(4, 1)


def test_decisions_are_split_by_openings_of_the_own_accord(desk: Desk) -> None:
    """What the tier demands is no behaviour; the second opening of the same source is one's own."""
    desk.submitted()
    desk.check("quality")
    row = next(r for r in measures(desk.ctx, account=desk.people["reviewer"])["reviewers"] if r["capacity"] == "reviewer")
    assert (row["decisions"], row["after_opening"]["decisions"], row["without_opening"]["decisions"]) == (2, 0, 2)
    view = desk.see("cause", "reviewer")
    assert view.hidden
    review.record_own_view(desk.ctx, section_id="cause", text="My own view.", actor=desk.actor("reviewer"))
    for _ in range(2):
        desk.open_all("cause", "reviewer")
    view = desk.see("cause", "reviewer")
    (sentence,) = view.sentences
    reviewing.confirm(
        desk.ctx, sentence_id=sentence.id, version=sentence.version, seen=view.view_id, actor=desk.actor("reviewer")
    )
    row = measures(desk.ctx, account=desk.people["reviewer"])["reviewers"][0]
    assert (row["decisions"], row["after_opening"]["decisions"], row["without_opening"]["decisions"]) == (3, 1, 2)
    assert row["confirm_rate"]["reason"] == "3 decisions: withheld below 10"


def ended_check(ctx: Context, desk: Desk, number: int, outcome: Outcome) -> None:
    """Store a check of the reviewer that ended, as a routine one."""
    planted = {
        "fault": "altered number", "family": "wrong content", "severity": "major", "section_id": "quality", "canonical_hash": "h",
        "subject": "quality-1", "edits": [], "sources": [], "proof": "", "difficulty": "-2.197", "p_ok": "0.1", "silenced": False,
        "flag": "",
    }  # fmt: skip
    content = {"probe": planted, "mode": str(Mode.BASE), "rate": "0.03", "nonce": str(number)}
    at, actor = ctx.clock.now(), desk.actor("reviewer")

    def write(conn: Connection) -> None:
        stored = assign(
            conn, ctx, content, report=REPORT, section="quality", account="a-reviewer", round_=number, actor=actor, at=at
        )  # fmt: skip
        stored = happened(conn, ctx, stored, Event(Step.SHOWN, at, f"v{number}"), actor=actor)
        happened(conn, ctx, stored, Event(Step.REVEALED, at, f"v{number}", {"outcome": str(outcome)}), actor=actor)

    ctx.database.write(write)


def seen_by(desk: Desk, name: str) -> list[str]:
    rows = measures(desk.ctx, account=desk.people[name])["reviewers"]
    return [row["reviewer"] for row in rows if row["capacity"] == "oversight checks"]


def test_a_persons_checks_are_told_to_the_person_and_after_an_alarm_to_lead_and_auditor(desk: Desk) -> None:
    for number in range(12):
        ended_check(desk.ctx, desk, number, Outcome.CAUGHT if number % 4 else Outcome.MISSED)
    row = next(r for r in measures(desk.ctx, account=desk.people["reviewer"])["reviewers"] if "catch_rate" in r)
    assert (row["checks"], row["over_reliance"]["value"], row["catch_rate"]["n"]) == (12, 0.25, 12)
    everybody = ("writer", "approver", "lead", "auditor", "admin", "reviewer")
    assert [name for name in everybody if seen_by(desk, name)] == ["reviewer"]
    assert measures(desk.ctx, account=desk.people["reviewer"], site_only=True)["reviewers"] == []
    desk.ctx.database.write(
        lambda conn: raise_alarm(
            conn, Alarm.OVERSIGHT, at=desk.ctx.clock.now(), zone="UTC", actor=desk.actor("reviewer"), object_kind=REVIEWER,
            object_id="a-reviewer", told={"level": str(Level.NAMED)},
        )
    )  # fmt: skip
    assert [name for name in everybody if seen_by(desk, name)] == ["lead", "auditor", "reviewer"]


def test_the_site_is_withheld_from_few_people_and_from_roles_that_do_not_see_it(desk: Desk) -> None:
    desk.authored()
    site = measures(desk.ctx, account=desk.people["lead"])["site"]
    assert site["author"] == {"decisions": 3, "withheld": "fewer than 5 persons"}
    assert site["checks"]["withheld"] == "0 reviewers and 0 checks: withheld below 5 and 30"
    told = measures(desk.ctx, account=desk.people["writer"])
    assert told["site"] == {"withheld": "the roles of this account do not see the site's figures"}
    assert told["rule"] == RULE


def test_a_natural_fault_says_who_had_accepted_and_counts_as_escaped(desk: Desk) -> None:
    desk.submitted()
    early = natural.record(
        desk.ctx, section_id="quality", found_by=FoundBy.REVIEWER, finders=["reviewer"], what="Mean of another year",
        actor=desk.actor("approver"),
    )  # fmt: skip
    assert (early.missed_by, early.accepted, early.escaped) == (("writer",), False, False)
    desk.check("quality")
    desk.sign("reviewer", "quality")
    late = natural.record(
        desk.ctx, section_id="quality", found_by=FoundBy.LATER, finders=[], what="Batch left out", actor=desk.actor("lead")
    )
    assert (late.missed_by, late.escaped) == (("writer", "reviewer"), True)
    assert [e.object_id for e in written(desk, Action.NATURAL_FAULT)] == ["quality", "quality"]
    with desk.ctx.database.read() as conn:
        assert natural.natural_faults(conn, desk.ctx) == (early, late)
        assert natural.accepted_sections(conn) == {"quality"}
        assert natural.double_reviewed(conn) == {}
        assert verify.verify_database(conn).integrity == "intact"


def test_the_entry_of_a_natural_fault_names_nobody(desk: Desk) -> None:
    """Everybody reads the trail of a section: who found a fault stands there as a hash that differs each time, who missed it not at all."""
    desk.submitted()
    for what in ("Mean of another year", "Batch left out"):
        made = natural.record(
            desk.ctx, section_id="quality", found_by=FoundBy.SECOND, finders=["reviewer", "many"], what=what, actor=desk.actor("lead")
        )  # fmt: skip
        assert (set(made.finders), made.missed_by) == ({"reviewer", "many"}, ("writer",))
    entries = [e.new for e in written(desk, Action.NATURAL_FAULT)]
    assert not [name for name in desk.people if name in str(entries)]
    assert len({one for new in entries for one in new["finders_keyed"]}) == 4


def test_entries_that_named_people_are_read_as_they_were_written(desk: Desk) -> None:
    desk.submitted()
    told = {"found_by": "reviewer", "finders": ["reviewer"], "missed_by": ["many"], "accepted": True}
    desk.ctx.database.write(
        lambda conn: trail.append(
            conn, at=desk.ctx.clock.now(), zone="UTC", actor=desk.actor("lead"), action=Action.NATURAL_FAULT, object_kind="section",
            object_id="quality", new=told, reason="Of before",
        )
    )  # fmt: skip
    with desk.ctx.database.read() as conn:
        found = natural.natural_faults(conn, desk.ctx)[0]
        assert (found.finders, found.missed_by, found.accepted) == (("reviewer",), ("many",), True)
        assert verify.verify_database(conn).integrity == "intact"


@pytest.mark.parametrize(
    ("found_by", "finders", "what", "name", "error"),
    [
        (FoundBy.SECOND, [], "x", "lead", Invalid),
        (FoundBy.LATER, [], " ", "lead", Invalid),
        (FoundBy.LATER, ["nobody"], "x", "lead", NotFound),
        (FoundBy.LATER, ["reviewer"] * 11, "x", "lead", Invalid),
        (FoundBy.LATER, [], "x", "writer", NotPermitted),
        (FoundBy.LATER, [], "x", "admin", NotPermitted),
    ],
)
def test_a_natural_fault_needs_words_finders_and_the_role(
    desk: Desk, found_by: FoundBy, finders: list[str], what: str, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        natural.record(desk.ctx, section_id="quality", found_by=found_by, finders=finders, what=what, actor=desk.actor(name))
    assert not written(desk, Action.NATURAL_FAULT)


def test_of_double_reviewed_sections_it_is_told_who_found_what() -> None:
    def fault(section: str, *finders: str) -> natural.NaturalFault:
        return natural.NaturalFault(section, FoundBy.SECOND, finders, (), accepted=True, what="x", at="")

    faults = [fault("s1", "a"), fault("s1", "b", "a"), fault("s1"), fault("s2", "a")]
    assert natural.recaptured(faults, {"s1": ("a", "b")}) == [Fault(True, False), Fault(True, True), Fault(False, False)]


def test_the_commands_tell_the_report_and_record_a_fault_for_those_who_may(filled_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    number = run(home, "reports", "--json")["reports"][0]["number"]
    run(home, "export", number, "--format", "json", "-o", str(tmp_path / "report.json"))
    section = json.loads((tmp_path / "report.json").read_text())["sections"][0]["summary"]["key"]
    fault = ("natural-fault", number, section, "--what", "A batch was left out", "--found-by")
    assert "One of: reviewer, second, checker, later" in run(home, "oversight", *fault, "nobody", user="demo.lead", status=2)
    assert "needs the role" in run(home, "oversight", *fault, "later", status=2)
    made = run(home, "oversight", *fault, "later", "--finder", "demo.reviewer", "--json", user="demo.lead")
    assert (made["finders"], made["escaped"]) == (["demo.reviewer"], False)
    log = run(home, "audit", "log", "--json", user="demo.auditor")
    assert "oversight.natural_fault" in str(log)
    said = run(home, "oversight", "report", user="demo.lead")
    assert "site, checks, withheld: 0 reviewers and 0 checks: withheld below 5 and 30" in said
    assert RULE in said


def test_who_puts_the_account_behind_the_command_is_told_where_it_stands(tmp_path: Path) -> None:
    """As text and as JSON; the rule of the report names the same way."""
    for more in ((), ("--json",)):
        said = run(tmp_path, "oversight", "report", "--user", "demo.reviewer", *more, status=2)
        assert "--user stands before the command." in said
        assert "verascribe --user ... COMMAND" in said
    assert "(verascribe --user NAME oversight report)" in RULE
