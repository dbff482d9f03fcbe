"""Who sees what of oversight, through everything that shows it: read models, alarms, the trail on screen, in copies and on the command line."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up_submitted
from oversight_desk import alarm, later, reviewed, turn_on, usual, with_key
from staff import written

from audit import alarms
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, NotPermitted
from audit.identity import Role
from audit.verify import State, verify_lines
from drafting import alarms as alarming
from drafting.accounts import change_roles
from drafting.exporting import export_report
from drafting.overseeing import access, bursts, pages, pseudonyms, reading
from drafting.overseeing.access import Reader, Thing, When, may
from drafting.overseeing.disputes import raise_dispute
from drafting.overseeing.sight import alarms_for, counted, hidden, withheld
from drafting.overseeing.switches import Switch
from drafting.oversight import measures
from drafting.probes import live
from drafting.probes.workflow import Noted
from drafting.trail_reading import Chosen, Copy, chosen_entries, copy_trail

EVERYBODY = ("admin", "writer", "reviewer", "approver", "auditor", "lead", "many")
OTHERS = tuple(name for name in EVERYBODY if name != "reviewer")


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report whose first section is drawn, on a site with live checks and activity summaries."""
    desk = set_up_submitted(database, clock, new_id, tmp_path)
    with_key(desk, lambda draw: draw < 0.03)
    turn_on(desk, Switch.LIVE)
    turn_on(desk, Switch.ACTIVITY)
    return desk


def ended_check(desk: Desk) -> str:
    """Have the reviewer confirm what is planted in the first section; return the check's id."""
    view = desk.see("quality", "reviewer")
    for sentence in view.sentences:
        note = Noted(sentence.id, "confirm")
        told = live.decide(desk.ctx, seen=view.view_id, note=note, actor=desk.actor("reviewer"))
        if isinstance(told, live.Reveal):
            return told.check_id
    note = Noted("section", "return", "Incomplete", "incomplete")
    told = live.decide(desk.ctx, seen=view.view_id, note=note, actor=desk.actor("reviewer"))
    assert isinstance(told, live.Reveal)
    return told.check_id


def seen_of(desk: Desk, name: str, kind: str) -> list[Action]:
    """Return the acts on objects of a kind that somebody reads on the trail's screen."""
    account = desk.people[name]
    with desk.ctx.database.read() as conn:
        out = hidden(conn, account)
        return [e.action for e in chosen_entries(conn, Chosen(object_kind=kind), hidden=out)]


def test_what_is_not_revealed_nobody_sees_in_any_state() -> None:
    assert access.TABLE[Thing.UNREVEALED] == {}
    assert set(access.TABLE) == set(Thing)
    assert set(access.READER) == set(Role) - {Role.WRITER}


def test_a_name_reaches_others_through_an_alarm_alone() -> None:
    """Of what says something of a person, nobody but that person sees anything without an alarm, and nobody but two readers with one."""
    for thing in (Thing.OUTCOMES, Thing.CATCH_RATE, Thing.ALARM_NAMED, Thing.ACTIVITY, Thing.ALARM_SELF, Thing.BURST):
        readers = access.TABLE[thing]
        assert {r for r, when in readers.items() if when is When.ALWAYS} <= {Reader.SELF}, thing
        assert {r for r, when in readers.items() if when is When.ALARMED} <= {Reader.LEAD, Reader.AUDITOR}, thing
    for thing in (Thing.ACTIVITY, Thing.BURST):  # behaviour never reaches who decides about people
        assert Reader.LEAD not in access.TABLE[thing]


def test_another_role_gives_nobody_more_of_themselves(desk: Desk) -> None:
    many, reviewer = desk.people["many"], desk.people["reviewer"]
    assert may(many, Thing.DISPUTES, "a-reviewer") is True
    assert may(many, Thing.BURST, "a-many", alarmed=True) is False
    assert may(reviewer, Thing.OUTCOMES, "a-many", alarmed=True) is False
    assert may(reviewer, Thing.OUTCOMES, "a-reviewer") is True


def test_an_open_check_shows_nowhere_not_even_to_whose_it_is(desk: Desk) -> None:
    """That a check was shown is hidden from everybody; that one was assigned tells nothing, and those who inspect read it."""
    desk.see("quality", "reviewer")
    for name in EVERYBODY:
        expected = [Action.OVERSIGHT_ASSIGNED] if name in ("auditor", "lead") else []
        assert seen_of(desk, name, "oversight_check") == expected, name


def test_an_ended_check_is_told_to_its_reviewer_and_after_an_alarm_to_lead_and_auditor(desk: Desk) -> None:
    ended_check(desk)
    assert Action.OVERSIGHT_REVEALED in seen_of(desk, "reviewer", "oversight_check")
    for name in OTHERS:
        assert Action.OVERSIGHT_REVEALED not in seen_of(desk, name, "oversight_check"), name
    alarm(desk, "a-reviewer")
    for name in EVERYBODY:
        sees = name in ("reviewer", "lead", "auditor")
        assert (Action.OVERSIGHT_REVEALED in seen_of(desk, name, "oversight_check")) is sees, name
        assert (Action.ALARM_RAISED in seen_of(desk, name, "oversight_reviewer")) is sees, name


def test_a_dispute_is_read_by_who_decides_it_and_shows_no_outcome_entry(desk: Desk) -> None:
    check = ended_check(desk)
    raise_dispute(desk.ctx, check_id=check, reason="The source says so", actor=desk.actor("reviewer"))
    assert seen_of(desk, "approver", "oversight_check") == [Action.OVERSIGHT_DISPUTED]
    assert seen_of(desk, "writer", "oversight_check") == []
    assert seen_of(desk, "auditor", "oversight_check") == [Action.OVERSIGHT_ASSIGNED]


def test_the_number_of_hidden_entries_is_that_of_the_home_whatever_was_searched(desk: Desk) -> None:
    """A count of hits in what is hidden would tell what it says: searching finds nothing more and nothing less."""
    ended_check(desk)
    with desk.ctx.database.read() as conn:
        out = hidden(conn, desk.people["lead"])
        for words in ("missed", "caught", "planted"):
            found = chosen_entries(conn, Chosen(containing=words), hidden=out)
            assert not {e.seq for e in found} & out
            assert all(e.object_kind != "oversight_check" for e in found)
        assert len(chosen_entries(conn, Chosen(), limit=5, hidden=out)) == 5


def test_administrators_learn_of_the_site_alone_and_the_lead_answers(desk: Desk) -> None:
    alarm(desk)
    alarm(desk, "a-reviewer")
    about = {}
    for name in EVERYBODY:
        with desk.ctx.database.read() as conn:
            about[name] = {a.entry.object_kind for a in alarms_for(conn, desk.people[name])}
    named, site = "oversight_reviewer", "site"
    assert about["lead"] == about["auditor"] == {named, site}
    assert about["reviewer"] == {named}
    assert about["admin"] == about["approver"] == {site}
    assert about["writer"] == set()
    with desk.ctx.database.read() as conn:
        raised = [a.entry.id for a in alarms.raised(conn)]
    for name in ("admin", "approver", "auditor", "reviewer"):
        with pytest.raises(NotPermitted):
            alarming.acknowledge(desk.ctx, raised[0], comment="Seen", actor=desk.actor(name))
    alarming.acknowledge(desk.ctx, raised[0], comment="We talked", actor=desk.actor("lead"))
    assert seen_of(desk, "lead", "alarm") == [Action.ALARM_ACKNOWLEDGED]
    assert seen_of(desk, "admin", "alarm") == []


def test_nobody_answers_an_alarm_about_themselves(desk: Desk) -> None:
    alarm(desk, "a-lead")
    with desk.ctx.database.read() as conn:
        (raised,) = alarms.raised(conn)
    with pytest.raises(NotPermitted, match="own checks"):
        alarming.acknowledge(desk.ctx, raised.entry.id, comment="Fine", actor=desk.actor("lead"))


def test_the_whole_trail_leaves_with_an_auditor_and_verifies_sealed(desk: Desk) -> None:
    """Who may not read all of it takes the table; the lines of an open check hold a commitment and nothing planted."""
    view = desk.see("quality", "reviewer")
    for name in ("writer", "reviewer", "lead", "admin"):
        with pytest.raises(NotPermitted, match="An auditor"):
            copy_trail(desk.ctx, Copy.JSONL, Chosen(), actor=desk.actor(name))
    lines = copy_trail(desk.ctx, Copy.JSONL, Chosen(), actor=desk.actor("auditor")).decode()
    assert verify_lines(lines.split("\n")).integrity is not State.BROKEN
    canonical = {s.text for s in desk.see("quality", "approver").sentences}
    assert not [s.text for s in view.sentences if s.text not in canonical and s.text in lines]
    assert "sealed" not in {key for line in lines.split("\n")[:-2] for key in json.loads(line).get("new") or {}}


def test_a_reviewer_cannot_count_the_own_acts_while_a_check_may_stand_open(desk: Desk) -> None:
    """Neither a gap in the numbers nor an act without an entry shows before the half hour is over; others' acts show at once."""
    reviewer, now = desk.people["reviewer"], desk.ctx.clock.now()

    def shown(at: datetime) -> list[tuple[str, str]]:
        with desk.ctx.database.read() as conn:
            found = chosen_entries(conn, Chosen(), hidden=withheld(conn, reviewer, at))
        return [(e.actor.user_id, str(e.action)) for e in found]

    view = desk.see("quality", "reviewer")
    live.decide(desk.ctx, seen=view.view_id, note=Noted("section", "question", "Hm?"), actor=desk.actor("reviewer"))
    desk.see("quality", "approver")
    at_once = shown(now + timedelta(minutes=1))
    assert at_once[0] == ("approver", "section.opened")
    assert "reviewer" not in {who for who, _ in at_once}
    afterwards = shown(now + timedelta(minutes=31))
    assert ("reviewer", "section.opened") in afterwards
    assert ("reviewer", "oversight.shown") not in afterwards
    with desk.ctx.database.read() as conn:
        out = withheld(conn, reviewer, now)
    assert counted(reviewer, out) is None
    assert counted(desk.people["auditor"], out) == len(out)


def test_tables_of_the_trail_hold_what_their_taker_may_read(desk: Desk) -> None:
    ended_check(desk)
    for name in EVERYBODY:
        after = later(desk, minutes=31).ctx
        copy = copy_trail(after, Copy.CSV, Chosen(), actor=desk.actor(name)).decode("utf-8-sig")
        assert ("oversight.revealed" in copy) is (name == "reviewer"), name
        assert len(list(csv.reader(io.StringIO(copy)))) > 10


def test_reports_that_leave_hold_nothing_of_oversight(desk: Desk) -> None:
    ended_check(desk)
    data, _ = export_report(desk.ctx, REPORT, fmt="json", actor=desk.actor("auditor"))
    assert b"oversight" not in data
    assert b"P-" not in data


def test_one_person_is_asked_for_by_name_and_shown_after_an_alarm(desk: Desk) -> None:
    ended_check(desk)
    mine = reading.person(desk.ctx, desk.people["reviewer"], "a-reviewer")
    assert [type(one) for one in mine.checks] == [pages.Ended]
    for name in OTHERS:
        with pytest.raises(NotPermitted):
            reading.person(desk.ctx, desk.people[name], "a-reviewer")
    alarm(desk, "a-reviewer")
    for name in OTHERS:
        if name in ("lead", "auditor"):
            assert reading.person(desk.ctx, desk.people[name], "a-reviewer").checks == mine.checks
            continue
        with pytest.raises(NotPermitted):
            reading.person(desk.ctx, desk.people[name], "a-reviewer")


def test_a_site_of_few_has_no_figures_and_no_pseudonyms(desk: Desk) -> None:
    ended_check(desk)
    told = pages.site(desk.ctx, desk.people["auditor"])
    assert told.catch.value is None
    assert told.catch.reason
    assert reading.behind(desk.ctx, desk.people["auditor"]) == []
    with pytest.raises(NotPermitted):
        reading.behind(desk.ctx, desk.people["admin"])


def test_a_name_takes_two_people_and_an_alarm_and_is_shown_once(desk: Desk) -> None:
    masked = pseudonyms.of_account(desk.ctx, "a-reviewer")
    lead, approver = desk.actor("lead"), desk.actor("approver")
    for wanted in (masked, "P-AAAAAAAAAA", "é"):
        with pytest.raises(NotPermitted, match="No alarm"):
            pseudonyms.ask(desk.ctx, wanted=wanted, reason="Coaching", actor=lead)
    alarm(desk, "a-reviewer")
    with pytest.raises(NotPermitted):
        pseudonyms.ask(desk.ctx, wanted=masked, reason="Curious", actor=approver)
    asked = pseudonyms.ask(desk.ctx, wanted=masked, reason="Coaching", actor=lead)
    with pytest.raises(NotPermitted):
        pseudonyms.name(desk.ctx, request_id=asked, actor=lead)
    with pytest.raises(NotPermitted):
        pseudonyms.decide(desk.ctx, request_id=asked, grant=True, reason="Mine", actor=lead)
    pseudonyms.decide(desk.ctx, request_id=asked, grant=True, reason="Coaching is due", actor=approver)
    with pytest.raises(Conflict):
        pseudonyms.decide(desk.ctx, request_id=asked, grant=False, reason="No", actor=approver)
    with pytest.raises(NotPermitted):
        pseudonyms.name(desk.ctx, request_id=asked, actor=approver)
    assert pseudonyms.name(desk.ctx, request_id=asked, actor=lead).user_id == "reviewer"
    with pytest.raises(Conflict, match="once"):
        pseudonyms.name(desk.ctx, request_id=asked, actor=lead)
    entries = [*written(desk, Action.UNMASK_REQUESTED), *written(desk, Action.UNMASKED)]
    assert [e.actor.user_id for e in entries] == ["lead", "approver", "lead"]
    assert all("a-reviewer" not in e.text() for e in entries)
    assert seen_of(desk, "writer", pseudonyms.UNMASK) == []


def test_a_refused_name_stays_a_pseudonym(desk: Desk) -> None:
    alarm(desk, "a-reviewer")
    masked = pseudonyms.of_account(desk.ctx, "a-reviewer")
    asked = pseudonyms.ask(desk.ctx, wanted=masked, reason="Coaching", actor=desk.actor("lead"))
    pseudonyms.decide(desk.ctx, request_id=asked, grant=False, reason="Talk to all", actor=desk.actor("approver"))
    with pytest.raises(NotPermitted):
        pseudonyms.name(desk.ctx, request_id=asked, actor=desk.actor("lead"))


def test_a_request_for_a_name_is_withdrawn_by_who_asked_until_it_is_decided(desk: Desk) -> None:
    alarm(desk, "a-reviewer")
    masked, lead, approver = pseudonyms.of_account(desk.ctx, "a-reviewer"), desk.actor("lead"), desk.actor("approver")
    asked = pseudonyms.ask(desk.ctx, wanted=masked, reason="Coaching", actor=lead)
    with pytest.raises(NotPermitted):
        pseudonyms.withdraw(desk.ctx, request_id=asked, reason="Not mine", actor=approver)
    pseudonyms.withdraw(desk.ctx, request_id=asked, reason="We talked already", actor=lead)
    for again in (
        lambda: pseudonyms.withdraw(desk.ctx, request_id=asked, reason="Twice", actor=lead),
        lambda: pseudonyms.decide(desk.ctx, request_id=asked, grant=True, reason="Late", actor=approver),
    ):
        with pytest.raises(Conflict, match="withdrawn already"):
            again()
    with pytest.raises(NotPermitted):
        pseudonyms.name(desk.ctx, request_id=asked, actor=lead)
    (entry,) = written(desk, Action.UNMASK_WITHDRAWN)
    assert (entry.object_id, entry.actor.user_id, entry.reason) == (asked, "lead", "We talked already")
    assert seen_of(desk, "writer", pseudonyms.UNMASK) == []
    granted = pseudonyms.ask(desk.ctx, wanted=masked, reason="Coaching", actor=lead)
    pseudonyms.decide(desk.ctx, request_id=granted, grant=True, reason="It is due", actor=approver)
    with pytest.raises(Conflict, match="decided already"):
        pseudonyms.withdraw(desk.ctx, request_id=granted, reason="Too late", actor=lead)


def test_pseudonyms_are_those_of_a_home_and_do_not_meet(desk: Desk) -> None:
    key, other = b"1" * 32, b"2" * 32
    made = {pseudonyms.pseudonym(key, f"account {number}") for number in range(2000)}
    assert len(made) == 2000
    assert pseudonyms.pseudonym(key, "a") != pseudonyms.pseudonym(other, "a")


ODD = 34_567  # active milliseconds that stand nowhere by chance


def test_nothing_is_said_of_a_person_from_behaviour_alone(desk: Desk) -> None:
    """A changed reader in a burst: every read model, screen of alarms, trail and copy, for everybody, tells nothing of it."""
    at = reviewed(desk, usual(60), since=desk.ctx.clock.now() - timedelta(days=60))
    reviewed(desk, [ODD // 2] * 9 + [ODD], since=at, first=61)
    begun = desk.ctx.database.write(
        lambda conn: bursts.settled(conn, desk.ctx, "a-reviewer", desk.actor("reviewer"), desk.ctx.clock.now())
    )
    assert begun is True
    for name in EVERYBODY:
        told = everything(desk, name)
        assert "burst_started" not in told, name
        assert str(ODD) not in told, name
        assert "34.567" not in told, name
        assert "oversight_burst" not in told, name
        assert pseudonyms.of_account(desk.ctx, "a-reviewer") not in told, name
    own = reading.looked(desk.ctx, desk.people["reviewer"])
    assert ODD in {s.reported.active_ms for s in own.summaries}  # to oneself, as numbers of single views
    for name in OTHERS:
        assert not reading.looked(desk.ctx, desk.people[name]).summaries
    assert not written(desk, Action.ALARM_RAISED)


def everything(desk: Desk, name: str) -> str:
    """Return all that somebody is told of oversight and of the trail, as text."""
    account, parts = desk.people[name], []
    for show in (pages.own, pages.site, pages.lead, reading.behind):
        try:
            parts.append(repr(show(desk.ctx, account)))
        except NotPermitted as refused:
            parts.append(str(refused))
    for of in desk.people.values():
        if of.id != account.id:
            with pytest.raises(NotPermitted):
                reading.person(desk.ctx, account, of.id)
    parts.append(json.dumps(measures(desk.ctx, account=account), default=str))
    with desk.ctx.database.read() as conn:
        out = hidden(conn, account)
        parts += [entry.text() for entry in chosen_entries(conn, Chosen(), hidden=out)]
        parts += [repr(asdict(one)) for one in alarms_for(conn, account)]
    parts.append(copy_trail(desk.ctx, Copy.CSV, Chosen(), actor=desk.actor(name)).decode())
    return "\n".join(parts)


def test_an_auditor_who_reviews_takes_no_whole_trail_while_checks_may_stand(desk: Desk) -> None:
    """What is noted in a checked view has other entries than a decision: the copy would tell of the own check before its reveal."""
    roles = tuple(map(str, (Role.REVIEWER, Role.AUDITOR)))
    change_roles(desk.ctx, "a-reviewer", roles, reason="Also audits", actor=desk.actor("admin"))
    desk.see("quality", "reviewer")
    with pytest.raises(NotPermitted, match="may not read") as refused:
        copy_trail(desk.ctx, Copy.JSONL, Chosen(), actor=desk.actor("reviewer"))
    assert "who does not review" in refused.value.remedy
    assert copy_trail(desk.ctx, Copy.JSONL, Chosen(), actor=desk.actor("auditor"))
    assert copy_trail(desk.ctx, Copy.CSV, Chosen(), actor=desk.actor("reviewer"))
    with pytest.raises(NotPermitted, match="under review"):
        export_report(desk.ctx, REPORT, fmt="json", actor=desk.actor("reviewer"))
