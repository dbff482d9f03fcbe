"""Amend an approved report: a new version, the approved one kept as it was, only what changes signed again."""

import io
from pathlib import Path

import pytest
from desk import report_view
from docx import Document
from office import LATE, LATE_OOS, OOS_HEADER, SAMPLES, Office, check_section

from audit import trail
from audit.actions import Action
from audit.errors import Conflict, NotFound, NotPermitted
from drafting import amending, authoring, inbox, lifecycle, queries, scoping
from drafting.exporting import export_report
from drafting.lifecycle import EditReason
from drafting.projections import verify_home
from drafting.readmodel import ReportView
from drafting.store import load_report

KEYS = ("oos_oot", "recalls_and_field_actions")
WHY = "A result of the period was reported late."


def authored(office: Office, key: str) -> None:
    office.accept_all(key)
    office.open_sources(key, "writer")
    office.sign_one(key)


def approved(office: Office) -> ReportView:
    """Take the report through its first version."""
    for key in KEYS:
        view = office.see(key)
        if not view.sentences:
            confirm_as_author(office, key)
            office.sign_one(key)
        else:
            authored(office, key)
    scoping.submit(office.ctx, report_id=office.report, actor=office.actor("writer"))
    finish(office, *KEYS)
    return picture(office)


def confirm_as_author(office: Office, key: str) -> None:
    from drafting import review
    from drafting.demands import sampled_rows

    view, actor = office.see(key), office.actor("writer")
    for table in view.tables:
        for ref in sampled_rows(view.summary.id, "author", table, office.ctx.outlines["apr_us"].section(key).tier):
            review.open_source(office.ctx, section_id=view.summary.id, subject=f"table:{table.id}", ref=ref, actor=actor)
        review.confirm_table(office.ctx, section_id=view.summary.id, table_id=table.id, seen=view.view_id, actor=actor)


def finish(office: Office, *keys: str) -> None:
    for key in keys:
        check_section(office, key)
        office.sign_one(key, "reviewer")
        office.sign_one(key, "approver")


def picture(office: Office) -> ReportView:
    return report_view(office.ctx, office.report)


def waiting(office: Office, name: str) -> list[str]:
    with office.ctx.database.read() as conn:
        loaded = queries.load(conn, office.ctx, office.report)
    return [task.kind for task in inbox.tasks_in(loaded, office.people[name])]


def amend(office: Office, name: str = "writer") -> amending.Amended:
    return amending.amend(office.ctx, report_id=office.report, reason=WHY, actor=office.actor(name))


def test_only_an_approved_report_is_amended_and_only_by_a_writer(office: Office) -> None:
    with pytest.raises(Conflict, match="drafting"):
        amend(office)
    approved(office)
    with pytest.raises(NotPermitted):
        amend(office, "reviewer")
    amend(office)
    with pytest.raises(Conflict, match="in amendment"):
        amend(office)


def test_a_late_record_is_taken_in_by_a_new_version_and_the_rest_keeps_its_signatures(
    office: Office, tmp_path: Path
) -> None:
    first = approved(office)
    document, _ = export_report(office.ctx, office.report, fmt="docx", actor=office.actor("writer"))
    office.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    made = amend(office)
    assert (made.version, set(made.stale)) == (2, {"oos_oot"})
    assert LATE in made.stale["oos_oot"]
    opened = picture(office)
    assert (opened.state, opened.version, opened.signed) == ("in amendment", "2", False)
    assert waiting(office, "writer") == ["stale"]

    office.redraft("oos_oot")
    assert [picture(office).amendments[0].sections, picture(office).amendments[0].reason] == [("oos_oot",), WHY]
    authored(office, "oos_oot")
    assert waiting(office, "writer") == ["submit"]
    with pytest.raises(Conflict, match="not submitted"):
        check_section(office, "oos_oot")
    scoping.submit(office.ctx, report_id=office.report, actor=office.actor("writer"))
    finish(office, "oos_oot")

    second = picture(office)
    assert (second.state, second.version, second.signed) == ("approved", "2", True)
    assert LATE in next(line.included for line in second.ledger if line.kind == "oos")
    signed = {s.key: [x.id for x in s.signatures if x.valid] for s in second.sections}
    assert signed["recalls_and_field_actions"] == [
        x.id for s in first.sections if s.key == "recalls_and_field_actions" for x in s.signatures
    ]
    assert second.amendments[0].sections == ("oos_oot",)
    kept, _ = export_report(office.ctx, office.report, fmt="docx", version=1, actor=office.actor("auditor"))
    assert kept == document
    assert LATE not in str(Document(io.BytesIO(kept)).element.xml)
    now, is_signed = export_report(office.ctx, office.report, fmt="docx", actor=office.actor("writer"))
    text = str(Document(io.BytesIO(now)).element.xml)
    assert (is_signed, WHY in text, LATE in text) == (True, True, True)
    with office.ctx.database.read() as conn:
        assert verify_home(conn).findings == ()
        told = trail.entries(conn, object_id=office.report, action=str(Action.REPORT_AMENDED))
        assert [(e.reason, e.object_version, e.new["stale"]) for e in told] == [(WHY, "2", ["oos_oot"])]


def test_the_last_approval_is_refused_while_another_section_rests_on_evidence_that_changed(
    office: Office, tmp_path: Path
) -> None:
    approved(office)
    lines = (SAMPLES / "synthetic" / "oos.csv").read_text(encoding="utf-8").splitlines()
    changed = [line.replace("investigation open", "closed") for line in lines]
    assert changed != lines
    office.bring(tmp_path, "oos.csv", *changed)
    amend(office)
    view = office.see("recalls_and_field_actions")
    authoring.add(
        office.ctx, section_id=view.summary.id, text="The recall procedure was not used.", after="",
        category=str(EditReason.CONTEXT), reason="asked by the quality unit", seen=view.view_id, actor=office.actor("writer"),
    )  # fmt: skip
    office.sign_one("recalls_and_field_actions")
    scoping.submit(office.ctx, report_id=office.report, actor=office.actor("writer"))
    check_section(office, "recalls_and_field_actions")
    office.sign_one("recalls_and_field_actions", "reviewer")
    with pytest.raises(Conflict, match="evidence of other sections changed"):
        office.sign_one("recalls_and_field_actions", "approver")
    assert picture(office).state == "in review"


def test_an_amendment_in_which_nothing_changed_is_withdrawn_and_the_approved_version_stands(office: Office) -> None:
    first = approved(office)
    amend(office)
    amending.withdraw(office.ctx, report_id=office.report, reason="Opened by mistake.", actor=office.actor("writer"))
    after = picture(office)
    assert (after.state, after.version, after.amendments) == ("approved", "1", ())
    assert [s.signatures for s in after.sections] == [s.signatures for s in first.sections]
    with pytest.raises(Conflict, match="no open amendment"):
        amending.withdraw(office.ctx, report_id=office.report, reason="Again.", actor=office.actor("writer"))
    with office.ctx.database.read() as conn:
        report = load_report(conn, office.report)
    assert lifecycle.report_state(report) == "approved"
    with pytest.raises(NotFound, match="no version 7"):
        export_report(office.ctx, office.report, fmt="docx", version=7, actor=office.actor("auditor"))
