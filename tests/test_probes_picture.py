"""One picture of a checked section wherever its reviewer looks: findings, counts, what is missing; and a form that takes what any section takes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up_submitted
from ended import flagged, probes_of
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest
from test_probes_live import turn_on

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Invalid
from audit.oversight.model import Mode
from drafting import authoring
from drafting.examine import findings_told
from drafting.model import Severity
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch
from drafting.probes import live
from drafting.probes.model import Fault, Probe, RowEdit, TextEdit
from drafting.probes.store import assign, happened
from drafting.probes.workflow import Event, Noted, Step
from drafting.readmodel import SectionView
from drafting.shown import report_shown, section_view
from drafting.signing import signable
from drafting.unsaved import is_checked
from review_ui.frame import Visit

WARNED = "The mean assay of all batches was 99.1 %."  # the checks warn of "all"


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report on a site with live checks; its key draws nothing: each test plants its own fault."""
    made = set_up_submitted(sqlite_database, clock, new_id, tmp_path)
    turn_on(made)
    return made


def planted(desk: Desk, probe: Probe, key: str = "quality") -> SectionView:
    """Show the reviewer a section with a fault in it."""
    reviewer = desk.people["reviewer"]
    content = {"probe": probe.tree(), "planted": [], "mode": str(Mode.BASE), "section": key}

    def write(conn: Connection) -> str:
        actor, at, view_id = reviewer.actor(session="s"), desk.ctx.clock.now(), desk.ctx.new_id()
        stored = assign(
            conn, desk.ctx, content, report=REPORT, section=key, account=reviewer.id, round_=1, actor=actor, at=at
        )
        body = {"session": "s", "canonical": probe.canonical_hash}
        happened(conn, desk.ctx, stored, Event(Step.SHOWN, at, view_id, body), actor=actor)
        return view_id

    desk.ctx.database.write(write)
    return desk.see(key, "reviewer")


def probe_of(desk: Desk, fault: Fault, key: str = "quality") -> Probe:
    return next(p for p in probes_of(desk.ctx, key) if p.fault is fault)


def told(desk: Desk, who: str, key: str = "quality") -> list[tuple[int, str]]:
    return [
        (one.number, one.finding.message)
        for one in findings_told(desk.ctx, REPORT, desk.people[who])
        if one.section == key and one.finding.severity is Severity.WARNS
    ]


def on_page(view: SectionView) -> list[tuple[int, str]]:
    """Return the warnings that the section's own page shows, by number of sentence."""
    cards = [(number, f.message) for number, s in enumerate(view.sentences, start=1) for f in s.findings]
    return [*cards, *((0, f.message) for f in view.findings)]


def warnings(desk: Desk, who: str, key: str = "quality") -> int:
    return next(s.warnings for s in report_shown(desk.ctx, REPORT, desk.people[who]).sections if s.key == key)


def agrees(desk: Desk, view: SectionView) -> None:
    """Findings tab, report page and section page tell the reviewer the same, and the sign list asks for the same."""
    assert sorted(told(desk, "reviewer")) == sorted(on_page(view))
    assert warnings(desk, "reviewer") == len(on_page(view))
    line = next(one for one in signable(desk.ctx, REPORT, desk.people["reviewer"]) if one.section_id == view.summary.id)
    assert line.missing == view.missing


def test_a_false_finding_stands_wherever_its_reviewer_sees_findings(desk: Desk) -> None:
    """On the page, in the tab, in the count; for nobody else, and gone when the check is over."""
    before, others = told(desk, "reviewer"), told(desk, "approver")
    probe = flagged(probe_of(desk, Fault.NUMBER))
    assert probe.flag is not None
    view = planted(desk, probe)
    agrees(desk, view)
    assert (1, probe.flag.message) in told(desk, "reviewer")
    assert [(one.ref, one.value) for one in view.sentences[0].said] == [(probe.flag.evidence, probe.flag.quote)]
    assert len(told(desk, "reviewer")) == len(before) + 1
    assert warnings(desk, "reviewer") == warnings(desk, "approver") + 1
    assert told(desk, "approver") == others
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Recall", actor=desk.actor("admin"))
    assert told(desk, "reviewer") == before


def with_a_warning(desk: Desk) -> str:
    """Return a sentence that the checks warn of, in a report that is submitted again."""
    view = desk.see("quality", "writer")
    sentence = view.sentences[0]
    authoring.edit(
        desk.ctx, sentence_id=sentence.id, version=sentence.version, text=WARNED, category="added context or judgement", reason="Said so.",
        seen=view.view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    desk.open_all("quality", "writer")
    desk.sign("writer", "quality")
    return sentence.id


def test_a_finding_held_back_is_nowhere_for_its_reviewer(desk: Desk) -> None:
    """Not in the tab and not in the count, where the page holds it back."""
    subject = with_a_warning(desk)
    assert [number for number, _ in told(desk, "reviewer")] == [1]
    probe = probe_of(desk, Fault.SILENT)
    assert probe.subject == subject
    view = planted(desk, probe)
    assert not on_page(view)
    agrees(desk, view)
    assert told(desk, "approver")
    assert warnings(desk, "approver") == 1


def test_what_is_left_out_is_neither_asked_for_nor_counted(desk: Desk) -> None:
    """A sentence that the picture leaves out, with its warning: no source of it to open, and the numbers of the rest follow the page."""
    with_a_warning(desk)
    plain = section_view(desk.ctx, "quality", desk.people["reviewer"])
    first, second = plain.sentences
    number = probe_of(desk, Fault.NUMBER)
    left_out = TextEdit(first.id, 0, len(first.text), first.text, "")
    view = planted(desk, replace(number, fault=Fault.OMITTED_LIMITATION, subject="section", edits=(left_out,)))
    assert [s.id for s in view.sentences] == [second.id]
    assert {m.target for m in view.missing} == {second.id}
    assert view.missing[0].message == "Sentence 1 is not decided."
    assert not [m for m in view.missing if "2" in m.message.partition(":")[0]]
    line = next(s for s in report_shown(desk.ctx, REPORT, desk.people["reviewer"]).sections if s.key == "quality")
    assert (line.sentences, line.decided) == (1, 1)
    agrees(desk, view)


def test_a_row_that_is_left_out_is_not_asked_for(desk: Desk) -> None:
    """The list of sources to open would name it."""
    plain = section_view(desk.ctx, "census", desk.people["reviewer"])
    table = plain.tables[0]
    probe = replace(
        probe_of(desk, Fault.NUMBER), section_id="census", canonical_hash=plain.canonical_hash, subject="section",
        edits=(RowEdit(f"table:{table.id}", 0, -1, " | ".join(table.rows[0]), ""),),
    )  # fmt: skip
    assert table.refs[0] in {m.ref for m in plain.missing}
    view = planted(desk, probe, "census")
    assert table.refs[0] not in {m.ref for m in view.missing}
    assert table.refs[1] in {m.ref for m in view.missing}


def test_an_objection_is_missing_as_it_is_everywhere(desk: Desk) -> None:
    """After a question the section waits for its author, in the words of any other section."""
    probe = probe_of(desk, Fault.NUMBER)
    view = planted(desk, probe)
    other = next(s.id for s in view.sentences if s.id != probe.subject)
    live.decide(desk.ctx, seen=view.view_id, note=Noted(other, "question", "Why?"), actor=desk.actor("reviewer"))
    shown = section_view(desk.ctx, "quality", desk.people["reviewer"], seen=view.view_id)
    said = [m.message for m in shown.missing if m.target == other and not m.ref]
    assert said == ["Sentence 2 is not confirmed.", "A question of the reviewer is open: Why?"]


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (Noted("quality-2", "question", " "), "The question is needed."),
        (Noted("quality-2", "propose", "", "correction"), "The proposed text is needed."),
        (Noted("quality-2", "propose", "Other words."), "Choose a reason category."),
        (Noted("section", "return", "Look again."), "Choose a reason category."),
        (Noted("section", "return", "", "incomplete"), "A reason in your own words is needed."),
    ],
)
def test_a_checked_view_asks_for_what_the_act_asks_for(desk: Desk, note: Noted, message: str) -> None:
    """A form that is not filled in is refused as in every section; nothing is noted."""
    view = planted(desk, probe_of(desk, Fault.NUMBER))
    with pytest.raises(Invalid, match=message):
        live.decide(desk.ctx, seen=view.view_id, note=note, actor=desk.actor("reviewer"))


def test_a_fault_in_a_table_that_nobody_confirms_is_missed_with_the_last_sentence(desk: Desk) -> None:
    """Everything accepted: the check ends, and the section never stands complete with a fault in it."""
    plain = section_view(desk.ctx, "quality", desk.people["reviewer"])
    probe = replace(
        probe_of(desk, Fault.NUMBER), subject="table:t9", edits=(TextEdit(plain.sentences[0].id, 0, 3, "The", "One"),)
    )
    view = planted(desk, probe)
    ended = [
        live.decide(desk.ctx, seen=view.view_id, note=Noted(s.id, "confirm"), actor=desk.actor("reviewer"))
        for s in view.sentences
    ]
    assert isinstance(ended[-1], live.Reveal)
    assert not isinstance(ended[0], live.Reveal)


def test_a_proposal_is_not_checked_while_typed_where_checks_may_stand(desk: Desk) -> None:
    """For every section of a reviewer alike while live checks are on, and for no author."""
    assert not is_checked(desk.ctx, "reviewer")
    assert is_checked(desk.ctx, "author")
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Pause", actor=desk.actor("admin"))
    assert is_checked(desk.ctx, "reviewer")


def proposing(desk: Desk, view: SectionView, text: str) -> AppTest:
    """Show the reviewer's form of a proposal with a text typed in it."""

    def run(visit, seen) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - runs alone, without this file's names
        from drafting.shown import section_view
        from review_ui import editor
        from review_ui.room import Room

        view = section_view(visit.ctx, "quality", visit.account, seen=seen)
        editor.propose(Room(visit, view, seen, {}), view.sentences[0])

    account = desk.people["reviewer"]
    visit = Visit(desk.ctx, account, account.actor(session="s"), "", demo=False)
    shown = AppTest.from_function(run, kwargs={"visit": visit, "seen": view.view_id}, default_timeout=60).run()
    shown.text_area[0].input(text)
    shown.run()
    assert not shown.exception
    return shown


def test_the_form_of_a_proposal_says_the_same_over_a_fault_and_over_none(desk: Desk) -> None:
    """A word changed beside the planted figure, and beside the right one: nothing of evidence shows in either."""
    probe = probe_of(desk, Fault.NUMBER)
    view = planted(desk, probe)
    over_fault = proposing(desk, view, view.sentences[0].text + " Indeed.")
    live.decide(desk.ctx, seen=view.view_id, note=Noted(probe.subject, "confirm"), actor=desk.actor("reviewer"))
    clean = desk.see("quality", "reviewer")
    assert view.sentences[0].text != clean.sentences[0].text
    over_none = proposing(desk, clean, clean.sentences[0].text + " Indeed.")
    said = [[e.value for e in (*s.caption, *s.error, *s.warning, *s.markdown)] for s in (over_fault, over_none)]
    assert said[0] == said[1]
    assert "A proposal is checked against the evidence when the author takes it up." in said[0]
