"""A section goes from drafted to approved through three people, and no other way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import REPORT, TEMPLATES, Desk, report_view, set_up

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotPermitted, Stale, WrongCredentials
from audit.signatures import Meaning, check
from drafting import authoring, inbox, lifecycle, queries, reviewing, scoping
from drafting.signing import sign_sections
from drafting.store import load_report


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def states(desk: Desk) -> list[str]:
    return [s.state for s in report_view(desk.ctx, REPORT).sections]


def test_three_people_take_a_report_from_drafted_to_approved(desk: Desk) -> None:
    assert states(desk) == ["drafted"] * 3
    desk.submitted()
    assert report_view(desk.ctx, REPORT).state == "in review"
    for key in TEMPLATES:
        desk.check(key)
    desk.sign("reviewer", *TEMPLATES)
    assert states(desk) == ["reviewed"] * 3
    signature = desk.sign("approver", *TEMPLATES)
    assert check(signature.public_key, signature.payload, signature.signature)
    view = report_view(desk.ctx, REPORT)
    assert view.state == "approved"
    assert view.signed
    with pytest.raises(Conflict, match="approved"):
        desk.sign("approver", "quality")


def test_what_is_missing_refuses_the_signature_and_is_named(desk: Desk) -> None:
    with pytest.raises(Conflict, match="cannot be signed"):
        desk.sign("writer", "quality")
    desk.open_all("quality", "writer")
    view = desk.see("quality", "writer")
    assert {m.target for m in view.missing} == {"quality-1", "quality-2", "field:verdict"}
    with pytest.raises(Conflict, match="own view"):
        desk.sign("writer", "cause")


def test_a_view_that_is_old_or_of_another_person_signs_nothing(desk: Desk) -> None:
    desk.author("quality")
    for view_id in (desk.see("quality", "many").view_id, "no such view"):
        with pytest.raises(Stale):
            sign_sections(
                desk.ctx, report_id=REPORT, seen={"quality": view_id}, user_id="writer",
                passphrase="correct horse battery", meaning=Meaning.AUTHORSHIP, actor=desk.actor("writer"),
            )  # fmt: skip
    with pytest.raises(Invalid):
        desk.sign("writer")


def test_passphrase_qualification_and_role_are_checked(desk: Desk) -> None:
    desk.author("quality")
    with pytest.raises(WrongCredentials):
        desk.sign("writer", "quality", passphrase="wrong passphrase 1")
    with pytest.raises(NotPermitted, match="qualification"):
        desk.sign("unqualified", "quality", meaning=Meaning.AUTHORSHIP)
    with pytest.raises(NotPermitted):
        desk.sign("reviewer", "quality", meaning=Meaning.AUTHORSHIP)
    assert states(desk)[0] == "drafted"


def test_nobody_signs_one_section_twice_with_different_meanings(desk: Desk) -> None:
    for key in TEMPLATES:
        desk.author(key, "many")
    desk.sign("many", *TEMPLATES, meaning=Meaning.AUTHORSHIP)
    scoping.submit(desk.ctx, report_id=REPORT, actor=desk.actor("writer"))
    with pytest.raises(NotPermitted, match="three different people"):
        desk.sign("many", "quality", meaning=Meaning.REVIEW)


def test_an_edit_after_signing_takes_the_signature_back_and_says_why(desk: Desk) -> None:
    desk.authored()
    view = desk.see("quality", "writer")
    authoring.edit(
        desk.ctx, sentence_id="quality-1", version=1, text="Over the period the mean assay was 99.1 %.",
        category=str(lifecycle.EditReason.CONTEXT), reason="says over what", seen=view.view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    summary = report_view(desk.ctx, REPORT).sections[0]
    assert summary.state == "drafted"
    assert [s.valid for s in summary.signatures] == [False]
    assert summary.signatures[0].since.startswith("edit by writer")
    assert "signature.invalidated" in [str(e.action) for e in queries.history(desk.ctx, "quality")]


def test_a_return_takes_authorship_back(desk: Desk) -> None:
    desk.submitted()
    reviewing.return_section(
        desk.ctx, section_id="quality", category=str(lifecycle.ReturnReason.INCOMPLETE), reason="limits are missing",
        seen=desk.see("quality", "reviewer").view_id, actor=desk.actor("reviewer"),
    )  # fmt: skip
    summary = report_view(desk.ctx, REPORT).sections[0]
    assert summary.state == "drafted"
    assert "limits are missing" in summary.returned
    assert [t.kind for t in inbox.tasks_of(desk.ctx, desk.people["writer"])] == ["returned"]
    desk.sign("writer", "quality")
    assert report_view(desk.ctx, REPORT).sections[0].returned == ""


def test_a_decision_made_anew_takes_the_own_signature_back_and_a_reviewers_does_not(desk: Desk) -> None:
    desk.submitted()
    desk.check("quality")
    assert states(desk)[0] == "authored"  # the reviewer's decisions leave the author's signature
    desk.sign("reviewer", "quality")
    assert states(desk)[0] == "reviewed"
    view = desk.see("quality", "writer")
    authoring.accept(desk.ctx, sentence_id="quality-1", version=1, seen=view.view_id, actor=desk.actor("writer"))
    summary = report_view(desk.ctx, REPORT).sections[0]
    assert summary.state == "drafted"
    author = next(s for s in summary.signatures if s.meaning == Meaning.AUTHORSHIP)
    assert (author.valid, author.since.split(",")[0]) == (False, "accept by writer")
    entry = next(e for e in queries.history(desk.ctx, "quality") if str(e.action) == "signature.invalidated")
    assert entry.old["meaning"] == Meaning.AUTHORSHIP
    desk.sign("writer", "quality")
    assert report_view(desk.ctx, REPORT).sections[0].state in ("authored", "reviewed")


def test_an_own_edit_is_not_accepted_once_more(desk: Desk) -> None:
    view = desk.see("quality", "writer")
    authoring.edit(
        desk.ctx, sentence_id="quality-1", version=1, text="Over the period the mean assay was 99.1 %.",
        category=str(lifecycle.EditReason.CONTEXT), reason="says over what", seen=view.view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    view = desk.see("quality", "writer")
    with pytest.raises(Conflict, match="already decided"):
        authoring.accept(desk.ctx, sentence_id="quality-1", version=2, seen=view.view_id, actor=desk.actor("writer"))
    with desk.ctx.database.read() as conn:
        made = load_report(conn, REPORT).section("quality").decisions
    assert [d.decision for d in made] == ["edit"]
