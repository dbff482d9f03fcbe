"""What is told of a text before it is saved is what the section has once it is: every check, with the cell that contradicts it."""

import pytest
from test_checks_carryover import account, add, load, review_of

from drafting import authoring, review
from drafting.context import Context
from drafting.lifecycle import EditReason
from drafting.model import Severity
from drafting.readmodel import SectionView, SentenceView
from drafting.resolution import Standing
from drafting.unsaved import Checked, check_fields, check_unsaved

REJECTED = "rejected_and_failed_batches"


def see(ctx: Context, key: str) -> SectionView:
    actor = account(ctx, "demo.writer").actor(session="s")
    return review.open_section(ctx, report_id=review_of(ctx), section_key=key, actor=actor)


def saying(view: SectionView, words: str) -> SentenceView:
    return next(s for s in view.sentences if words in s.text)


def saved(ctx: Context, view: SectionView, one: SentenceView, text: str) -> None:
    authoring.edit(
        ctx, sentence_id=one.id, version=one.version, text=text, category=str(EditReason.CONTEXT), reason="as typed",
        seen=view.view_id, actor=account(ctx, "demo.writer").actor(session="s"),
    )  # fmt: skip


def told(found: Checked) -> set[tuple[str, str]]:
    """Return what is told of the sentence: (words, evidence), quantities included."""
    loose = {(q.text, q.source.ref if q.source else "") for q in found.quantities if q.standing is not Standing.RESOLVED}
    return loose | {(f.quote, f.evidence) for f in found.findings}


EDITS = (
    (REJECTED, "Batch 789", "rejected", "released", "cell:batch_disposition/789#disposition"),
    (REJECTED, "Batch 958", "2021-05-11", "2021-05-13", "cell:batch_disposition/958#disposition_date"),
    ("oos_oot", "The query over", "8 OOS", "9 OOS", "fact:oos.count"),
    ("oos_oot", "OOS-2020-014:", "batch 789", "batch 798", "cell:oos/OOS-2020-014#batch"),
    ("oos_oot", "OOS-2020-014:", "batch 789,", "batch 789 (released),", "cell:batch_disposition/789#disposition"),
)


@pytest.mark.parametrize(("key", "named", "old", "new", "evidence"), EDITS)
def test_what_is_told_as_it_is_typed_is_what_the_card_says_once_saved(
    ctx: Context, key: str, named: str, old: str, new: str, evidence: str
) -> None:
    view = see(ctx, key)
    one = saying(view, named)
    text = one.text.replace(old, new)
    before = check_unsaved(ctx, section_id=view.summary.id, sentence_id=one.id, text=text, picks={})
    assert evidence in {ref for _, ref in told(before)}
    assert see(ctx, key).canonical_hash == view.canonical_hash  # nothing was written
    saved(ctx, view, one, text)
    after = next(s for s in see(ctx, key).sentences if s.id == one.id)
    assert told(before) == {(f.quote, f.evidence) for f in after.findings}
    assert {s.ref for s in before.said} >= {f.evidence for f in before.findings if f.evidence}


def test_a_word_and_a_date_that_both_changed_are_each_told_with_their_own_cell(ctx: Context) -> None:
    view = see(ctx, REJECTED)
    one = saying(view, "Batch 789")
    text = one.text.replace("rejected", "released").replace("2020-12-11", "2020-12-12")
    found = check_unsaved(ctx, section_id=view.summary.id, sentence_id=one.id, text=text, picks={})
    assert told(found) == {
        ("released", "cell:batch_disposition/789#disposition"),
        ("2020-12-12", "cell:batch_disposition/789#disposition_date"),
    }


def test_a_record_that_the_text_no_longer_names_is_told_of_the_section(ctx: Context) -> None:
    view = see(ctx, REJECTED)
    one = saying(view, "Batch 789")
    found = check_unsaved(ctx, section_id=view.summary.id, sentence_id=one.id, text="One more was lost.", picks={})
    assert [(f.rule, f.evidence) for f in found.section if f.severity is Severity.BLOCKS] == [
        ("omissions", "record:batch_disposition/789")
    ]
    assert found.said[-1].ref == "record:batch_disposition/789"
    saved(ctx, view, one, "One more was lost.")
    assert set(found.section) <= set(see(ctx, REJECTED).findings)


@pytest.mark.parametrize(
    ("key", "text", "rule"),
    [
        ("recalls_and_field_actions", "No calibration was overdue.", "carry-over"),
        ("oos_oot", "No OOS results were recorded in the period.", "conclusions"),
    ],
)
def test_a_sentence_that_is_being_added_is_checked_as_it_will_be(ctx: Context, key: str, text: str, rule: str) -> None:
    section = next(s.id for s in load(ctx, review_of(ctx)).report.sections if s.key == key)
    found = check_unsaved(ctx, section_id=section, sentence_id="", text=text, picks={})
    blocks = [f for f in found.findings if f.severity is Severity.BLOCKS and f.rule == rule]
    assert blocks
    assert all(f.evidence in {s.ref for s in found.said} for f in blocks if f.evidence)
    made = add(ctx, review_of(ctx), key, text)
    after = next(s for s in see(ctx, key).sentences if s.id == made)
    assert told(found) == {(f.quote, f.evidence) for f in after.findings}


def test_what_is_typed_into_a_field_is_checked_before_it_is_saved(ctx: Context) -> None:
    view = see(ctx, "conclusion_and_decisions")
    if view.hidden:
        review.record_own_view(
            ctx, section_id=view.summary.id, text="My own view.", actor=account(ctx, "demo.writer").actor()
        )
        view = see(ctx, "conclusion_and_decisions")
    key = next(f.outline.key for f in view.fields if not f.outline.choices)
    values = {key: "No calibration was overdue."}
    found = check_fields(ctx, section_id=view.summary.id, values=values)
    assert {f.rule for f in found.section} == {"carry-over"}
    assert all(f.evidence in {s.ref for s in found.said} for f in found.section if f.evidence)
    authoring.enter_fields(
        ctx, section_id=view.summary.id, values=values, seen=view.view_id, actor=account(ctx, "demo.writer").actor(session="s")
    )  # fmt: skip
    assert set(found.section) <= set(see(ctx, "conclusion_and_decisions").findings)
    assert check_fields(ctx, section_id=view.summary.id, values=values).section == ()


def test_words_that_change_nothing_are_told_nothing_new(ctx: Context) -> None:
    view = see(ctx, REJECTED)
    one = saying(view, "Batch 789")
    for text in (one.text, f" {one.text}\n", ""):
        found = check_unsaved(ctx, section_id=view.summary.id, sentence_id=one.id, text=text, picks={})
        assert (found.findings, found.section) == ((), ())
    clearer = check_unsaved(
        ctx, section_id=view.summary.id, sentence_id=one.id, text=one.text.replace(" on ", ", on "), picks={}
    )
    assert (clearer.findings, clearer.section) == ((), ())
    assert all(q.standing is Standing.RESOLVED for q in clearer.quantities)
