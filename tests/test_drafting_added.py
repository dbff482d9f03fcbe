"""What stands in no record of a section: attached, linked or declared by its author, confirmed by another person, and by reference only."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from desk import REPORT, Desk, set_up
from office import DEVIATION_HEADER, Office
from sqlalchemy import text
from test_drafting_integrity import broken, forge

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotPermitted, Tampered
from audit.verify import State
from drafting import adding, authoring, queries, review, reviewing
from drafting.alarms import verify_trail
from drafting.checks.engine import check_sentence
from drafting.exporting import export_report
from drafting.lifecycle import EditReason
from drafting.model import Declared, EvidencePack, Fact, Origin, Sentence, Source, Span
from drafting.readmodel import AddedView, SentenceView

SEEN = Source("Shift lead of line 1", "2025-11-03, 06:40", "read off the gauge and told by phone")
SAID = "The gauge showed 2.1 bar at the start of the shift."
CONTEXT = str(EditReason.CONTEXT)


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def declare(desk: Desk, value: str = "2.1 bar", *, name: str = "writer", **more: Any) -> str:
    given = {"about": "pressure of the coating line", "source": SEEN, "reason": "the gauge keeps no record", **more}
    return adding.declare(
        desk.ctx, section_id="quality", value=value, seen=desk.see("quality", name).view_id, actor=desk.actor(name), **given
    )


def attach(desk: Desk, name: str = "interview.txt", data: bytes = b"He read 2.1 bar, later 12.1 bar.\n", **more: Any) -> str:
    given = {"about": "interview with the shift lead", "source": SEEN, "reason": "it is kept nowhere else", **more}
    return adding.attach(
        desk.ctx, section_id="quality", name=name, data=data, seen=desk.see("quality", "writer").view_id,
        actor=desk.actor("writer"), **given,
    )  # fmt: skip


def add(desk: Desk, text: str = SAID, picks: dict[str, str] | None = None) -> SentenceView:
    made = authoring.add(
        desk.ctx, section_id="quality", after="quality-2", text=text, category=CONTEXT, reason="seen on site", picks=picks,
        seen=desk.see("quality", "writer").view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    return next(s for s in desk.see("quality", "writer").sentences if s.id == made)


def only(desk: Desk, name: str = "writer") -> AddedView:
    (found,) = desk.see("quality", name).added
    return found


def blocking(sentence: SentenceView) -> list[str]:
    return [f.message for f in sentence.findings if f.severity == "blocks"]


def test_an_observation_passes_only_by_reference_to_what_was_declared(desk: Desk) -> None:
    assert blocking(add(desk)) == ["The number '2.1 bar' is not tied to any evidence."]
    ref = declare(desk)
    assert blocking(add(desk)) == ["The number '2.1 bar' is not tied to any evidence."]  # equal, and not tied to it
    tied = add(desk, picks={"2.1 bar": ref})
    assert not tied.blocked
    assert [(s.ref, tied.text[s.start : s.end]) for s in tied.spans] == [(ref, "2.1 bar")]
    (warning,) = tied.findings
    assert (warning.rule, warning.evidence) == ("declared", ref)
    assert "not in the records" in warning.message
    assert SEEN.who in warning.message
    other = add(desk, SAID.replace("2.1", "2.4"), picks={"2.1 bar": ref, "2.4 bar": ref})
    assert blocking(other) == ["The number '2.4 bar' is not tied to any evidence."]


def test_an_altered_text_loses_what_was_declared(desk: Desk) -> None:
    tied = add(desk, picks={"2.1 bar": declare(desk)})
    authoring.edit(
        desk.ctx, sentence_id=tied.id, version=1, text=SAID.replace("2.1", "2.7"), category=CONTEXT, reason="typo",
        seen=desk.see("quality", "writer").view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    after = next(s for s in desk.see("quality", "writer").sentences if s.id == tied.id)
    assert blocking(after) == ["'2.7 bar' stands where the evidence says '2.1 bar'."]
    authoring.edit(
        desk.ctx, sentence_id=tied.id, version=2, text=SAID.replace("2.1", "2.8"), category=CONTEXT, reason="misheard",
        picks={"2.8 bar": declare(desk, "2.8 bar")}, seen=desk.see("quality", "writer").view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    assert not next(s for s in desk.see("quality", "writer").sentences if s.id == tied.id).blocked


def test_what_is_declared_does_not_take_the_place_of_a_figure(desk: Desk) -> None:
    ref = declare(desk, "99.7 %")
    with pytest.raises(Invalid, match=r"stands where the evidence says '99.1 %'"):
        authoring.edit(
            desk.ctx, sentence_id="quality-1", version=1, text="The mean assay was 99.7 %.", category=CONTEXT, reason="told",
            picks={"99.7 %": ref}, seen=desk.see("quality", "writer").view_id, actor=desk.actor("writer"),
        )  # fmt: skip
    assert desk.see("quality", "writer").sentences[0].version == 1


def test_the_rule_holds_in_a_sentence_of_its_own_too() -> None:
    facts = {
        "assay.mean": Fact("assay.mean", "99.1", "99.1", "%", 12, "mean v1"),
        "assay.attribute": Fact("assay.attribute", "assay", "", "", 0, ""),
    }
    declared = {"m": Declared("m", "99.7 %", "assay", SEEN, "told", "Writer", "2026")}
    pack = EvidencePack("quality", facts, declared=declared)

    def rules(text: str) -> list[tuple[str, str]]:
        at = text.index("99.7 %")
        sentence = Sentence(text, (Span(at, at + 6, "manual:m"),), ("manual:m",))
        return [(f.rule, str(f.severity)) for f in check_sentence(sentence, pack, origin=Origin.PERSON)]

    assert rules("The mean assay was 99.7 %.") == [("declared", "blocks"), ("declared", "warns")]
    assert rules("By phone 99.7 % was named for another lot.") == [("declared", "warns")]


def test_a_declared_conclusion_is_held_against_the_evidence() -> None:
    said = "No OOS results were reported"
    pack = EvidencePack(
        "quality", {"oos.count": Fact("oos.count", "3", "3", "", 3, "count v2")},
        declared={"m": Declared("m", said, "results", SEEN, "told", "Writer", "2026")},
    )  # fmt: skip
    sentence = Sentence(f"{said}.", (Span(0, len(said), "manual:m"),), ("manual:m",))
    assert "conclusions" in {f.rule for f in check_sentence(sentence, pack, origin=Origin.PERSON) if f.severity == "blocks"}


def test_another_person_confirms_by_deciding_the_sentence(desk: Desk) -> None:
    ref = declare(desk)
    sentence = add(desk, picks={"2.1 bar": ref})
    desk.submitted()
    assert only(desk).state.endswith("not confirmed yet")
    assert only(desk).sentences == (3,)
    view = desk.see("quality", "reviewer")
    assert any("Sentence 3 is not decided" in m.message for m in view.missing)
    assert any(m.ref == ref for m in view.missing)  # the reviewer has to look at it
    desk.check("quality", "reviewer")
    desk.sign("reviewer", "quality")
    assert only(desk).state.endswith("confirmed by reviewer")
    confirmed = [e for e in queries.history(desk.ctx, "quality") if e.action == "section.sentence_confirmed"]
    assert [e.new.get("added") for e in confirmed if e.field == sentence.id] == [[ref]]


def test_who_declared_cannot_review(desk: Desk) -> None:
    ref = declare(desk, name="many")
    add(desk, picks={"2.1 bar": ref})
    desk.submitted()
    view = desk.see("quality", "many")
    sentence = view.sentences[2]
    with pytest.raises(NotPermitted, match="already acted"):
        reviewing.confirm(desk.ctx, sentence_id=sentence.id, version=1, seen=view.view_id, actor=desk.actor("many"))
    for name in ("reviewer", "approver", "auditor", "admin"):
        with pytest.raises(NotPermitted):
            declare(desk, name=name)


def test_withdrawing_leaves_the_sentence_without_support_and_takes_signatures_back(desk: Desk) -> None:
    ref = declare(desk)
    add(desk, picks={"2.1 bar": ref})
    desk.author("quality")
    desk.sign("writer", "quality")
    assert desk.see("quality", "writer").summary.state == "authored"
    view, added_id = desk.see("quality", "writer"), only(desk).id
    adding.withdraw(
        desk.ctx, added_id=added_id, reason="the gauge was out of order", seen=view.view_id, actor=desk.actor("writer")
    )
    view = desk.see("quality", "writer")
    assert (view.added, view.summary.state) == ((), "drafted")
    assert blocking(view.sentences[2])
    with pytest.raises(Conflict, match="withdrawn"):
        adding.withdraw(desk.ctx, added_id=added_id, reason="again", seen=view.view_id, actor=desk.actor("writer"))


def test_what_nothing_rests_on_leaves_signatures_alone(desk: Desk) -> None:
    desk.author("quality")
    desk.sign("writer", "quality")
    declare(desk)
    assert desk.see("quality", "writer").summary.state == "authored"
    assert only(desk).state.endswith("no sentence rests on it")


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": " "}, {"value": "9" * 301}, {"value": "2.1 bar\x00"}, {"about": ""}, {"reason": ""},
        {"source": Source("", "2025", "seen")}, {"source": Source("a", "", "seen")}, {"source": Source("a", "2025", " ")},
    ],
)  # fmt: skip
def test_nothing_is_declared_without_value_subject_source_and_reason(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        declare(desk, **wrong)
    assert desk.see("quality", "writer").added == ()


def test_a_file_is_kept_byte_for_byte_and_quoted_by_place(desk: Desk) -> None:
    data = b"He read 2.1 bar, later 12.1 bar.\n"
    ref = attach(desk, data=data)
    added = only(desk)
    assert (added.value, added.kind) == ("interview.txt", "attached")
    entry = next(e for e in queries.history(desk.ctx, "quality") if e.action == "section.file_attached")
    with desk.ctx.database.read() as conn:
        assert (
            bytes(conn.scalar(text("SELECT body FROM contents WHERE sha256 = :k").bindparams(k=entry.new["sha256"]))) == data
        )
    quoted = f"{ref}#8-15"
    tied = add(desk, picks={"2.1 bar": quoted})
    assert not tied.blocked
    assert [s.ref for s in tied.spans] == [quoted]
    view = review.open_source(desk.ctx, section_id="quality", subject=tied.id, ref=quoted, actor=desk.actor("writer"))
    assert (view.literal, view.document_name, view.document_sha256) == ("2.1 bar", "interview.txt", entry.new["sha256"])
    within = add(desk, picks={"2.1 bar": f"{ref}#24-31"})  # of "12.1 bar": another literal
    assert blocking(within) or within.spans == ()


def test_a_photograph_has_no_text_and_is_cited_all_the_same(desk: Desk) -> None:
    ref = attach(desk, "gauge.jpg", b"\xff\xd8\xff\xe0 picture")
    view = queries.evidence_view(desk.ctx, "quality", ref)
    assert view.document_name == "gauge.jpg"
    assert "no reader" in view.details["text"]
    assert adding.file_of(desk.ctx, "quality", ref) == b"\xff\xd8\xff\xe0 picture"


@pytest.mark.parametrize(("name", "data"), [("", b"x"), ("a/b.txt", b"x"), ("n" * 201, b"x"), ("e.txt", b""), ("e.txt", b"x" * (adding.LARGEST_FILE + 1))])  # fmt: skip
def test_files_without_name_or_measure_are_refused(desk: Desk, name: str, data: bytes) -> None:
    with pytest.raises(Invalid):
        attach(desk, name, data)


def test_verify_covers_what_was_added(desk: Desk) -> None:
    ref = declare(desk)
    attach(desk)
    add(desk, picks={"2.1 bar": ref})
    adding.withdraw(
        desk.ctx, added_id=ref.partition(":")[2], reason="mistaken", seen=desk.see("quality", "writer").view_id,
        actor=desk.actor("writer"),
    )  # fmt: skip
    assert verify_trail(desk.ctx, actor=desk.actor("auditor")).integrity is State.INTACT
    forge(desk.ctx.database, "UPDATE evidence_withdrawals SET reason = 'other'")
    assert "evidence_withdrawals" in broken(desk)


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("added_evidence", "UPDATE added_evidence SET user_id = 'reviewer'"),
        ("added_evidence", "DELETE FROM added_evidence"),
        ("attached file", "DELETE FROM contents WHERE media_type = 'text/plain'"),
    ],
)
def test_added_evidence_that_is_altered_or_taken_away_is_found(desk: Desk, what: str, statement: str) -> None:
    attach(desk)
    forge(desk.ctx.database, statement)
    assert what in broken(desk)


def test_altered_words_of_a_declaration_are_not_shown(desk: Desk) -> None:
    declare(desk)
    forge(desk.ctx.database, "UPDATE added_evidence SET body = replace(body, '2.1 bar', '2.9 bar')")
    with pytest.raises(Tampered, match="not the text that was stored"):
        desk.see("quality", "writer")


def deviation(identifier: str, reporter: str) -> str:
    return (
        f"{identifier};Door left open;18;1001;1001;packaging;Packaging;Line 1;BLI-01;MBR-17-v6;SOP-QA-001;2019-04-29T10:00;"
        f"2019-04-29T10:10;2019-04-29T10:20;{reporter};2019-04-29;major;no;documentation;The door was left open.;Closed.;human;;;;;;open;synthetic"
    )


def test_a_record_from_elsewhere_is_linked_and_followed(office: Office, tmp_path: Path) -> None:
    office.bring(tmp_path, "deviation-a.csv", DEVIATION_HEADER, deviation("DEV-2019-099", "Shift lead"))
    section = office.id_of("oos_oot")
    writer = office.actor("writer")
    (found,) = adding.search_records(office.ctx, section_id=section, identifier="DEV-2019-099", actor=writer)
    assert (found.kind, found.product, found.known) == ("deviation", "18", False)
    ref = adding.link(
        office.ctx, section_id=section, kind=found.kind, identifier=found.identifier, reason="same door",
        seen=office.see("oos_oot").view_id, actor=writer,
    )  # fmt: skip
    assert ref == "record:deviation/DEV-2019-099"
    made = authoring.add(
        office.ctx, section_id=section, after="", text="The same door had been reported as DEV-2019-099.", category=CONTEXT,
        reason="history", picks={"DEV-2019-099": ref}, seen=office.see("oos_oot").view_id, actor=writer,
    )  # fmt: skip
    view = office.see("oos_oot")
    assert not view.sentences[0].blocked
    assert view.sentences[0].id == made
    with pytest.raises(Conflict, match="already"):
        adding.link(
            office.ctx, section_id=section, kind=found.kind, identifier=found.identifier, reason="again", seen=view.view_id,
            actor=writer,
        )  # fmt: skip
    assert office.stale() == set()
    office.bring(tmp_path, "deviation-a.csv", DEVIATION_HEADER, deviation("DEV-2019-099", "Cleaner"))
    assert office.stale() == {"oos_oot"}
    assert "linked deviation/DEV-2019-099" in office.see("oos_oot").summary.stale
    office.redraft("oos_oot")
    assert office.stale() == set()
    sentence = next(s for s in office.see("oos_oot").sentences if s.id == made)
    assert (sentence.author, sentence.blocked) == (None, False)  # to be decided again on what the record says now
    assert verify_trail(office.ctx, actor=office.actor("auditor")).integrity is State.INTACT


def printed(desk: Desk) -> tuple[str, str]:
    """Return the text of the Word report and of its tables."""
    data, _ = export_report(desk.ctx, REPORT, fmt="docx", actor=desk.actor("auditor"))
    document = docx.Document(io.BytesIO(data))
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join(p.text for p in document.paragraphs), cells


def test_word_and_json_name_what_stands_in_no_record(desk: Desk) -> None:
    ref, file = declare(desk), attach(desk)
    add(desk, picks={"2.1 bar": ref})
    add(desk, "In the interview 2.1 bar was said.", picks={"2.1 bar": f"{file}#8-15"})
    said, cells = printed(desk)
    assert "The gauge showed 2.1 bar (declared) at the start of the shift." in said
    assert "2.1 bar (from an attached file) was said." in said
    assert "Declared by a person, not in the records: pressure of the coating line" in cells
    assert "NOT CONFIRMED" in cells
    for told in (SEEN.who, SEEN.when, SEEN.how, "the gauge keeps no record", "interview.txt"):
        assert told in cells
    desk.submitted()
    desk.check("quality", "reviewer")
    _, cells = printed(desk)
    assert "NOT CONFIRMED" not in cells
    assert "confirmed by reviewer" in cells
    data, _ = export_report(desk.ctx, REPORT, fmt="json", actor=desk.actor("auditor"))
    section = next(s for s in json.loads(data)["sections"] if s["summary"]["key"] == "quality")
    assert [d["value"] for d in section["evidence"]["declared"]] == ["2.1 bar"]
    assert [(a["kind"], a["confirmed_by"]) for a in section["added"]] == [("declared", "reviewer"), ("attached", "reviewer")]


def test_a_changed_figure_stands_beside_what_the_evidence_says(desk: Desk) -> None:
    authoring.edit(
        desk.ctx, sentence_id="quality-1", version=1, text="The mean assay was 98.1 %.", category=CONTEXT, reason="slip",
        seen=desk.see("quality", "writer").view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    sentence = desk.see("quality", "writer").sentences[0]
    (finding,) = (f for f in sentence.findings if f.rule == "numbers")
    assert (finding.message, finding.evidence) == ("'98.1 %' stands where the evidence says '99.1 %'.", "fact:assay.mean")
    assert [(s.ref, s.value) for s in sentence.said] == [("fact:assay.mean", "99.1 %")]
