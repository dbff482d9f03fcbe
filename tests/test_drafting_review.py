"""What each person may decide on a section, what is refused, and that nothing decided is lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import REPORT, Desk, report_view, set_up

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotPermitted, Stale
from drafting import authoring, inbox, queries, review, reviewing, scoping
from drafting.lifecycle import EditReason, ExcludeReason, RejectReason, ReturnReason

CONTEXT, CLARITY = str(EditReason.CONTEXT), str(EditReason.CLARITY)


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up(database, clock, new_id, tmp_path)


def edit(desk: Desk, text: str, *, version: int = 1, name: str = "writer", **more: Any) -> str:
    seen = desk.see("quality", name).view_id
    given = {"category": CONTEXT, "reason": "because", **more}
    return authoring.edit(
        desk.ctx, sentence_id="quality-1", version=version, text=text, seen=seen, actor=desk.actor(name), **given
    )


def card(desk: Desk, name: str = "writer", number: int = 0) -> Any:
    return desk.see("quality", name).sentences[number]


def test_an_edit_keeps_references_and_needs_a_category_and_own_words(desk: Desk) -> None:
    for category, reason in (("", "why"), ("nonsense", "why"), (CONTEXT, " ")):
        with pytest.raises(Invalid):
            edit(desk, "The mean assay was 99.1 % here.", category=category, reason=reason)
    edit(desk, "The mean assay was 99.1 % here.", category=CLARITY, reason="")
    after = card(desk)
    assert (after.state, after.version, after.drafted_text) == ("edited", 2, "The mean assay was 99.1 %.")
    assert [s.ref for s in after.spans] == ["fact:assay.mean"]
    assert not after.blocked


def test_accept_is_refused_while_a_finding_blocks(desk: Desk) -> None:
    edit(desk, "The mean assay was 98.1 %.")
    blocked = card(desk)
    assert blocked.blocked
    with pytest.raises(Invalid, match="cannot be accepted"):
        authoring.accept(
            desk.ctx,
            sentence_id="quality-1",
            version=2,
            seen=desk.see("quality", "writer").view_id,
            actor=desk.actor("writer"),
        )


def test_a_decision_on_an_old_text_changes_nothing(desk: Desk) -> None:
    seen = desk.see("quality", "writer").view_id
    edit(desk, "The mean assay was 99.1 % here.")
    with pytest.raises(Stale):
        authoring.accept(desk.ctx, sentence_id="quality-2", version=1, seen=seen, actor=desk.actor("writer"))
    with pytest.raises(Conflict, match="version 2"):
        edit(desk, "Another text.")
    assert card(desk).version == 2


def test_undo_brings_the_earlier_text_and_decision_back_and_is_an_entry(desk: Desk) -> None:
    view = desk.see("quality", "writer")
    authoring.accept(desk.ctx, sentence_id="quality-1", version=1, seen=view.view_id, actor=desk.actor("writer"))
    made = edit(desk, "The mean assay was 99.1 % here.")
    seen = desk.see("quality", "writer").view_id
    with pytest.raises(NotPermitted, match="Only the person"):
        review.undo(
            desk.ctx, decision_id=made, reason="", seen=desk.see("quality", "many").view_id, actor=desk.actor("many")
        )
    review.undo(desk.ctx, decision_id=made, reason="mistaken", seen=seen, actor=desk.actor("writer"))
    after = card(desk)
    assert (after.text, after.version, after.state) == ("The mean assay was 99.1 %.", 3, "accepted")
    assert "section.decision_undone" in [str(e.action) for e in queries.history(desk.ctx, "quality")]


def test_after_signing_a_decision_is_not_undone_but_made_anew(desk: Desk) -> None:
    desk.author("quality")
    desk.sign("writer", "quality")
    view = desk.see("quality", "writer")
    assert view.sentences[0].author is not None
    with pytest.raises(Conflict, match="signed"):
        review.undo(
            desk.ctx, decision_id=view.sentences[0].author.id, reason="", seen=view.view_id, actor=desk.actor("writer")
        )


def test_added_and_rejected_sentences_come_and_go(desk: Desk) -> None:
    add = {"category": CONTEXT, "reason": "seen on site", "actor": desk.actor("writer")}
    new = authoring.add(
        desk.ctx, section_id="quality", after="quality-1", text="The line was inspected.",
        seen=desk.see("quality", "writer").view_id, **add,
    )  # fmt: skip
    authoring.reject(
        desk.ctx, sentence_id="quality-2", version=1, category=str(RejectReason.IRRELEVANT), reason="not needed",
        seen=desk.see("quality", "writer").view_id, actor=desk.actor("writer"),
    )  # fmt: skip
    view = desk.see("quality", "writer")
    assert [(s.id, s.state) for s in view.sentences] == [
        ("quality-1", "open"),
        (new, "added"),
        ("quality-2", "rejected"),
    ]
    added = view.sentences[1].author
    assert added is not None
    review.undo(desk.ctx, decision_id=added.id, reason="", seen=view.view_id, actor=desk.actor("writer"))
    assert new not in [s.id for s in desk.see("quality", "writer").sentences]


def test_machine_text_is_hidden_until_an_own_view_is_recorded(desk: Desk) -> None:
    view = desk.see("cause", "writer")
    assert view.hidden
    assert view.sentences == ()
    with pytest.raises(Conflict, match="own view"):
        authoring.accept(desk.ctx, sentence_id="cause-1", version=1, seen=view.view_id, actor=desk.actor("writer"))
    with pytest.raises(Conflict, match="own view"):
        review.open_source(desk.ctx, section_id="cause", subject="cause-1", ref="fact:assay.n", actor=desk.actor("writer"))
    review.record_own_view(desk.ctx, section_id="cause", text="I think it is the press.", actor=desk.actor("writer"))
    after = desk.see("cause", "writer")
    assert not after.hidden
    assert (len(after.sentences), after.own_view) == (1, "I think it is the press.")


def test_a_table_is_confirmed_only_after_its_sampled_rows_were_opened(desk: Desk) -> None:
    seen = desk.see("census", "writer").view_id
    with pytest.raises(Conflict, match="not opened"):
        review.confirm_table(desk.ctx, section_id="census", table_id="t1", seen=seen, actor=desk.actor("writer"))
    desk.open_all("census", "writer")
    review.confirm_table(desk.ctx, section_id="census", table_id="t1", seen=seen, actor=desk.actor("writer"))
    assert "author:t1" in desk.see("census", "writer").table_decisions


def test_openings_that_the_rule_demanded_are_kept_apart(desk: Desk) -> None:
    for _ in range(2):
        review.open_source(
            desk.ctx, section_id="quality", subject="quality-1", ref="fact:assay.mean", actor=desk.actor("writer")
        )
    opened = [e.new["demanded"] for e in queries.history(desk.ctx, "quality") if e.action == "section.source_viewed"]
    assert opened == [True, False]


def test_a_question_stays_open_until_answered_and_then_the_reviewer_decides_again(desk: Desk) -> None:
    desk.submitted()
    desk.check("quality")
    asked = reviewing.question(
        desk.ctx, sentence_id="quality-1", version=1, reason="over which batches?",
        seen=desk.see("quality", "reviewer").view_id, actor=desk.actor("reviewer"),
    )  # fmt: skip
    assert [t.kind for t in inbox.tasks_of(desk.ctx, desk.people["writer"])] == ["question"]
    with pytest.raises(Conflict):
        desk.sign("reviewer", "quality")
    seen = desk.see("quality", "writer").view_id
    authoring.answer(desk.ctx, decision_id=asked, reason="all of them", seen=seen, actor=desk.actor("writer"))
    assert card(desk, "reviewer").answer == "all of them"
    with pytest.raises(Conflict, match="not confirmed"):
        desk.sign("reviewer", "quality")
    desk.check("quality")
    desk.sign("reviewer", "quality")


def test_the_reviewers_other_decisions_carry_over_an_edit(desk: Desk) -> None:
    desk.submitted()
    desk.check("quality")
    reviewing.propose(
        desk.ctx, sentence_id="quality-1", version=1, text="The mean assay was 99.1 % over the period.", category=CONTEXT,
        reason="say over what", seen=desk.see("quality", "reviewer").view_id, actor=desk.actor("reviewer"),
    )  # fmt: skip
    edit(desk, "The mean assay was 99.1 % over the period.")
    first, second = desk.see("quality", "reviewer").sentences
    assert (first.state, second.state) == ("edited", "confirmed")


def test_every_act_refuses_every_role_that_has_no_right_to_it(desk: Desk) -> None:
    desk.submitted()
    desk.check("quality")
    asked = reviewing.question(
        desk.ctx, sentence_id="quality-2", version=1, reason="why?", seen=desk.see("quality", "reviewer").view_id,
        actor=desk.actor("reviewer"),
    )  # fmt: skip
    on = {"sentence_id": "quality-1", "version": 1}
    why = {"category": CONTEXT, "reason": "because"}
    acts: list[tuple[Callable[..., Any], dict[str, Any], set[str]]] = [
        (authoring.accept, on, {"writer"}),
        (authoring.edit, {**on, **why, "text": "Other."}, {"writer"}),
        (authoring.reject, {**on, "category": str(RejectReason.WRONG), "reason": "because"}, {"writer"}),
        (authoring.add, {"section_id": "quality", "after": "", "text": "New.", **why}, {"writer"}),
        (authoring.answer, {"decision_id": asked, "reason": "so"}, {"writer"}),
        (authoring.enter_field, {"section_id": "quality", "key": "verdict", "value": "v"}, {"writer"}),
        (reviewing.confirm, on, {"reviewer"}),
        (reviewing.question, {**on, "reason": "why?"}, {"reviewer"}),
        (reviewing.propose, {**on, **why, "text": "Other."}, {"reviewer"}),
        (review.undo, {"decision_id": asked, "reason": ""}, {"reviewer"}),
        (review.confirm_table, {"section_id": "census", "table_id": "t1"}, {"writer", "reviewer"}),
    ]
    for call, given, allowed in acts:
        for name in {"admin", "writer", "reviewer", "approver", "auditor"} - allowed:
            with pytest.raises(NotPermitted):
                call(desk.ctx, seen="any", actor=desk.actor(name), **given)
    wholes: list[tuple[Callable[..., Any], dict[str, Any], set[str]]] = [
        (scoping.submit, {"report_id": REPORT}, {"writer"}),
        (scoping.exclude, {"report_id": REPORT, "record": "deviation/DEV-1", **why}, {"writer"}),
        (scoping.include, {"report_id": REPORT, "record": "deviation/DEV-1", **why}, {"writer"}),
        (review.record_own_view, {"section_id": "cause", "text": "mine"}, {"writer", "reviewer"}),
        (
            reviewing.return_section,
            {"section_id": "quality", "category": str(ReturnReason.INCORRECT), "reason": "r", "seen": ""},
            {"reviewer", "approver"},
        ),
        (
            review.open_section,
            {"report_id": REPORT, "section_key": "quality"},
            {"writer", "reviewer", "approver", "auditor"},
        ),
    ]
    for call, given, allowed in wholes:
        for name in {"admin", "writer", "reviewer", "approver", "auditor"} - allowed:
            with pytest.raises(NotPermitted):
                call(desk.ctx, actor=desk.actor(name), **given)


def test_an_author_of_a_section_never_reviews_it(desk: Desk) -> None:
    desk.author("quality", "many")
    desk.authored()
    scoping.submit(desk.ctx, report_id=REPORT, actor=desk.actor("writer"))
    with pytest.raises(NotPermitted, match="three different people"):
        reviewing.confirm(
            desk.ctx, sentence_id="quality-1", version=1, seen=desk.see("quality", "many").view_id, actor=desk.actor("many")
        )


def test_a_record_is_left_out_with_a_reason_and_taken_in_again(desk: Desk) -> None:
    given = {"report_id": REPORT, "record": "deviation/DEV-1", "actor": desk.actor("writer")}
    with pytest.raises(Invalid):
        scoping.exclude(desk.ctx, category="", reason="why", **given)
    scoping.exclude(desk.ctx, category=str(ExcludeReason.DUPLICATE), reason="same as DEV-2", **given)
    (line,) = report_view(desk.ctx, REPORT).ledger
    assert line.counts() == {"in_scope": 2, "included": 1, "excluded": 1, "unaccounted": 0}
    scoping.include(desk.ctx, category=str(ExcludeReason.IN_PERIOD), reason="they differ", **given)
    (line,) = report_view(desk.ctx, REPORT).ledger
    assert line.counts() == {"in_scope": 2, "included": 2, "excluded": 0, "unaccounted": 0}
