"""A record that arrives after drafting: what goes stale, what a new draft brings back, what stays decided, and that it can be signed."""

from dataclasses import replace
from pathlib import Path

import pytest
from desk import report_view
from office import DEVIATION_HEADER, LATE, LATE_DEVIATION, LATE_OOS, OOS_HEADER, SAMPLES, Office, check_section
from sqlalchemy import select

from audit import trail
from audit.actions import Action
from audit.errors import Conflict, Failed, NotPermitted, Stale
from drafting import authoring, queries, review, scoping, tables
from drafting.demands import sampled_rows
from drafting.drafters.scripted import ScriptedDrafter
from drafting.lifecycle import EditReason, ExcludeReason, RejectReason
from drafting.model import Draft
from drafting.readmodel import SectionView, SentenceView
from drafting.redraft import redraft_section


def starting(view: SectionView, text: str) -> SentenceView:
    return next(s for s in view.sentences if s.text.startswith(text))


def oos_line(office: Office) -> dict[str, int]:
    return next(line.counts() for line in report_view(office.ctx, office.report).ledger if line.kind == "oos")


def test_a_late_record_makes_stale_what_it_concerns_and_is_unaccounted_until_drafted_again(
    whole: Office, tmp_path: Path
) -> None:
    before = oos_line(whole)
    assert (whole.stale(), before["unaccounted"]) == (set(), 0)
    whole.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    assert whole.stale() == {"header", "scope_and_method", "executive_summary", "oos_oot"}  # two list the sources
    assert oos_line(whole) == {**before, "in_scope": before["in_scope"] + 1, "unaccounted": 1}
    blocked = [f for f in section_findings(whole, "oos_oot") if f.rule == "completeness"]
    assert LATE in blocked[0].message
    assert "The evidence changed" in " ".join(m.message for m in whole.see("oos_oot").missing)
    for key in ("executive_summary", "oos_oot"):
        whole.redraft(key)
    assert whole.stale() == {"header", "scope_and_method"}
    assert oos_line(whole) == {
        **before,
        "in_scope": before["in_scope"] + 1,
        "included": before["included"] + 1,
    }
    assert not [f for f in section_findings(whole, "oos_oot") if f.severity == "blocks"]
    for key in ("header", "scope_and_method"):
        whole.redraft(key)
    assert whole.stale() == set()


def section_findings(office: Office, key: str) -> tuple[object, ...]:
    with office.ctx.database.read() as conn:
        loaded = queries.load(conn, office.ctx, office.report)
    return loaded.findings[next(s.id for s in loaded.report.sections if s.key == key)]


def test_a_late_deviation_makes_stale_the_sections_that_speak_of_deviations(whole: Office, tmp_path: Path) -> None:
    whole.bring(tmp_path, "deviation-late.csv", DEVIATION_HEADER, LATE_DEVIATION)
    assert whole.stale() == {"header", "scope_and_method", "executive_summary", "deviations"}
    before = {s.id: s.text for s in whole.see("deviations").sentences}
    made = whole.redraft("deviations")
    view = whole.see("deviations")
    new = [s.text for s in view.sentences if s.id in made.added]
    assert [text for text in new if text.startswith("DEV-2021-099 (") and "was recorded as major" in text]
    assert made.kept
    assert made.changed
    assert [before[i].split(":")[0] for i in made.withdrawn] == ["By category as recorded"]  # it names one category more now
    assert [text for text in new if text.startswith("By category as recorded")]
    texts = [s.text for s in view.sentences]
    place = texts.index(next(t for t in texts if "DEV-2021-099" in t))
    assert texts[place - 1].startswith(
        "DEV-"
    )  # in the order of the draft: behind the other events, before the last sentence
    assert any(text.startswith("Deviations opened by the end of the period and not closed") for text in texts[-3:])
    assert place < len(texts) - 1


def test_only_what_changed_comes_back(office: Office, tmp_path: Path) -> None:
    office.open_sources("oos_oot", "writer")
    view = office.see("oos_oot")
    counted, other = starting(view, "The query over the period found"), starting(view, "OOS-2020-016")
    lead = starting(view, "OOS-2020-014")
    said = {"category": EditReason.CLARITY, "reason": ""}
    actor = office.actor("writer")
    authoring.edit(
        office.ctx, sentence_id=counted.id, version=1, text="In the year, " + counted.text.split("found ")[1].split(" ")[0]
        + " OOS records were entered.", seen=view.view_id, actor=actor, **said,
    )  # fmt: skip
    view = office.see("oos_oot")
    authoring.edit(
        office.ctx, sentence_id=lead.id, version=1, text=lead.text.replace("OOS-2020-014: batch", "OOS-2020-014 concerned batch"),
        seen=view.view_id, actor=actor, **said,
    )  # fmt: skip
    view = office.see("oos_oot")
    authoring.reject(
        office.ctx, sentence_id=other.id, version=1, category=RejectReason.DUPLICATE, reason="said in deviations",
        seen=view.view_id, actor=actor,
    )  # fmt: skip
    view = office.see("oos_oot")
    number = counted.text.split("found ")[1].split(" ")[0]
    own = authoring.add(
        office.ctx, section_id=view.summary.id, after=view.sentences[-1].id, text=f"All {number} were looked at in the weekly meeting.",
        category=EditReason.CONTEXT, reason="what we do", seen=view.view_id, actor=actor, picks={number: "fact:oos.count"},
    )  # fmt: skip
    office.accept_all("oos_oot")
    decided = {s.id: s for s in office.see("oos_oot").sentences}
    assert all(s.author for s in decided.values())

    office.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    made = office.redraft("oos_oot")
    now = {s.id: s for s in office.see("oos_oot").sentences}
    back = {s.id for s in now.values() if s.author is None}

    after = str(int(number) + 1)
    assert back == {*made.changed, *made.added}
    assert {counted.id, own} <= set(made.changed)
    assert now[counted.id].text == f"In the year, {after} OOS records were entered."  # the person's words, the new value
    assert now[counted.id].drafted_text == counted.text.replace(f"found {number} ", f"found {after} ")
    assert now[own].text == f"All {after} were looked at in the weekly meeting."
    assert now[own].origin == "person"
    assert (now[lead.id].state, now[lead.id].version) == ("edited", 2)
    assert now[other.id].state == "rejected"
    assert [now[i].text.split(":")[0] for i in made.added] == [LATE]
    assert not made.withdrawn
    assert all(now[i].author == decided[i].author for i in made.kept)
    assert len(made.kept) > len(back)
    with office.ctx.database.read() as conn:
        versions = conn.execute(
            select(tables.sentence_versions).where(tables.sentence_versions.c.sentence_id == counted.id).order_by(tables.sentence_versions.c.version)
        ).all()  # fmt: skip
    assert [v.by for v in versions] == ["", "a-writer", "", "a-writer"]  # who said which stays apart
    with office.ctx.database.read() as conn:
        (entry,) = trail.entries(conn, action=str(Action.SECTION_REDRAFTED))
    assert versions[2].hash in entry.new["sentences"]  # the hash of every version stands in the trail
    assert versions[3].hash == entry.new["own_words"][counted.id]
    blocking = [f for f in section_findings(office, "oos_oot") if f.severity == "blocks"]
    assert [f.rule for f in blocking] == [
        "omissions"
    ]  # the sentence that was rejected was the only one that named its record


def test_a_signed_section_falls_says_why_and_can_be_signed_again(office: Office, tmp_path: Path) -> None:
    def finish() -> None:
        office.accept_all("oos_oot")
        office.open_sources("oos_oot", "writer")
        assert office.see("oos_oot").missing == ()
        office.sign_one("oos_oot")

    finish()
    assert office.see("oos_oot").summary.state == "authored"
    office.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    made = office.redraft("oos_oot")
    summary = office.see("oos_oot").summary
    assert summary.state == "drafted"
    assert [(s.valid, s.since) for s in summary.signatures] == [(False, "The evidence changed.")]
    missing = [m.target for m in office.see("oos_oot").missing]
    assert set(missing) == {*made.changed, *made.added}  # to decide, and to open what was not opened since
    with office.ctx.database.read() as conn:
        entries = trail.entries(conn, object_id=made.section_id)
    taken = [e for e in entries if e.action is Action.SIGNATURE_INVALIDATED]
    (told,) = [e for e in entries if e.action is Action.SECTION_REDRAFTED]
    assert len(taken) == 1
    assert told.old["pack"] != told.new["pack"]
    assert LATE in told.reason
    assert told.new["changed"] == list(made.changed)
    finish()
    assert office.see("oos_oot").summary.state == "authored"


def test_a_new_version_of_the_file_brings_back_only_what_it_says_anew(office: Office, tmp_path: Path) -> None:
    office.accept_all("oos_oot")
    lines = (SAMPLES / "synthetic" / "oos.csv").read_text(encoding="utf-8").splitlines()
    corrected = [line.replace("medium of DT-02 not degassed", "medium of DT-02 degassed too late") for line in lines]
    office.bring(tmp_path, "oos.csv", *corrected[:1], LATE_OOS, *corrected[1:])  # every other row moved down
    assert "oos/OOS-2021-001 changed" in office.see("oos_oot").summary.stale
    assert "oos.csv has a new version" in office.see("oos_oot").summary.stale
    made = office.redraft("oos_oot")
    now = {s.id: s for s in office.see("oos_oot").sentences}
    assert [now[i].text.split(":")[0] for i in made.added] == [LATE]
    back = [now[i].text for i in made.changed]
    assert [text for text in back if text.startswith("OOS-2021-001") and "degassed too late" in text]
    assert all(now[i].state == "accepted" for i in made.kept)
    assert {now[i].text.split(":")[0] for i in made.kept} >= {"OOS-2020-014", "OOS-2020-015", "OOS-2021-013"}
    assert "row" in now[made.kept[-1]].citations[0].label


def test_what_the_new_draft_no_longer_says_is_withdrawn_unless_it_is_a_persons(office: Office) -> None:
    view = office.see("oos_oot")
    gone, edited = starting(view, "OOS-2020-014"), starting(view, "OOS-2020-015")
    authoring.edit(
        office.ctx, sentence_id=edited.id, version=1, text=edited.text.replace("OOS-2020-015: batch", "OOS-2020-015 concerned batch"),
        category=EditReason.CLARITY, reason="", seen=view.view_id, actor=office.actor("writer"),
    )  # fmt: skip
    for record in ("OOS-2020-014", "OOS-2020-015"):
        scoping.exclude(
            office.ctx, report_id=office.report, record=f"oos/{record}", category=ExcludeReason.ELSEWHERE, reason="in DR-012",
            actor=office.actor("writer"),
        )  # fmt: skip
    assert "excluded since" in office.see("oos_oot").summary.stale
    made = office.redraft("oos_oot")
    assert made.withdrawn == (gone.id,)
    view = office.see("oos_oot")
    assert gone.id not in {s.id for s in view.sentences}
    left = next(s for s in view.sentences if s.id == edited.id)
    assert left.blocked  # a person's words stay, and say plainly that their evidence is gone
    assert view.summary.sentences == len(view.sentences)
    scoping.include(
        office.ctx, report_id=office.report, record="oos/OOS-2020-014", category=ExcludeReason.IN_PERIOD, reason="belongs here",
        actor=office.actor("writer"),
    )  # fmt: skip
    assert "oos_oot" in office.stale()  # taken back: due again
    again = office.redraft("oos_oot")
    back = [s for s in office.see("oos_oot").sentences if s.id in again.added]
    assert [s.text for s in back] == [gone.text]
    assert back[0].state == "open"


def test_a_sentence_machine_and_person_agree_on_counts_as_opened_only_since_it_says_so(
    office: Office, tmp_path: Path
) -> None:
    office.open_sources("oos_oot", "writer")
    office.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    made = office.redraft("oos_oot")
    opened = {s.id: s.evidence_opened for s in office.see("oos_oot").sentences}
    assert all(opened[i] for i in made.kept)
    assert not any(opened[i] for i in (*made.changed, *made.added))


def test_redrafting_is_refused_where_it_is_not_due_or_not_allowed(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="did not change"):
        office.redraft("oos_oot")
    office.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    for name in ("reviewer", "approver", "auditor", "admin"):
        with pytest.raises(NotPermitted):
            office.redraft("oos_oot", name)
    with office.ctx.database.read() as conn:
        assert not trail.entries(conn, action=str(Action.SECTION_REDRAFTED))


def test_a_drafter_whose_reply_is_refused_changes_nothing_and_is_kept(office: Office, tmp_path: Path) -> None:
    office.accept_all("oos_oot")
    office.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    before = office.see("oos_oot")
    refusing = ScriptedDrafter(
        {"oos_oot": Draft((), refused="it wrote a digit", request='["asked"]', reply='["3 of them"]')}
    )
    with pytest.raises(Failed, match="it wrote a digit"):
        redraft_section(replace(office.ctx, drafter=refusing), section_id=before.summary.id, actor=office.actor("writer"))
    after = office.see("oos_oot")
    assert (after.sentences, after.canonical_hash) == (before.sentences, before.canonical_hash)
    with office.ctx.database.read() as conn:
        (entry,) = trail.entries(conn, object_id=before.summary.id, action=str(Action.DRAFT_REFUSED))
        assert trail.get_content(conn, entry.new["reply"]) == b'["3 of them"]'


def test_a_decision_made_while_the_drafter_works_is_not_lost(office: Office, tmp_path: Path) -> None:
    office.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    view = office.see("oos_oot")

    class Meanwhile:
        name, at_once, configuration = "meanwhile", 1, {"drafter": "twin"}

        def draft(self, section: object, pack: object) -> Draft:
            sentence = starting(view, "OOS-2020-014")
            authoring.accept(
                office.ctx, sentence_id=sentence.id, version=1, seen=view.view_id, actor=office.actor("writer")
            )  # fmt: skip
            return office.ctx.drafter.draft(section, pack)  # type: ignore[arg-type]

    with pytest.raises(Stale, match="while it was drafted"):
        redraft_section(replace(office.ctx, drafter=Meanwhile()), section_id=view.summary.id, actor=office.actor("writer"))
    assert starting(office.see("oos_oot"), "OOS-2020-014").state == "accepted"
    office.redraft("oos_oot")
    assert starting(office.see("oos_oot"), "OOS-2020-014").state == "accepted"


def test_reviewers_decisions_carry_over_and_an_approved_report_keeps_its_scope(office: Office, tmp_path: Path) -> None:
    keys = [s.key for s in office.ctx.outlines["apr_us"].sections]
    for key in keys:
        finish_section(office, key)
    scoping.submit(office.ctx, report_id=office.report, actor=office.actor("writer"))
    locked = report_view(office.ctx, office.report).data_lock
    check_section(office, "oos_oot")
    office.bring(tmp_path, "oos-late.csv", OOS_HEADER, LATE_OOS)
    made = office.redraft("oos_oot")
    now = {s.id: s for s in office.see("oos_oot", "reviewer").sentences}
    assert all(now[i].state == "confirmed" for i in made.kept)
    assert all(now[i].reviewer is None for i in (*made.changed, *made.added))
    assert report_view(office.ctx, office.report).data_lock > locked

    office.accept_all("oos_oot")
    office.open_sources("oos_oot", "writer")
    office.sign_one("oos_oot")
    for key in keys:
        check_section(office, key)
        office.sign_one(key, "reviewer")
        office.sign_one(key, "approver")
    approved = report_view(office.ctx, office.report)
    assert approved.state == "approved"
    assert LATE in next(line.included for line in approved.ledger if line.kind == "oos")
    office.bring(tmp_path, "oos-later.csv", OOS_HEADER, LATE_OOS.replace(LATE, "OOS-2021-100"))
    after = report_view(office.ctx, office.report)
    assert after.state == "approved"
    assert {line.kind: set(line.included) for line in after.ledger} == {
        line.kind: set(line.included) for line in approved.ledger
    }
    assert not [line for line in after.ledger if line.unaccounted]
    assert after.data_lock == approved.data_lock
    with pytest.raises(Conflict, match="approved"):
        office.redraft("oos_oot")


def finish_section(office: Office, key: str) -> None:
    view = office.see(key)
    if view.hidden:
        review.record_own_view(office.ctx, section_id=view.summary.id, text="My own view.", actor=office.actor("writer"))
    office.open_sources(key, "writer")
    view = office.see(key)
    tier = office.ctx.outlines["apr_us"].section(key).tier
    for table in view.tables:
        for ref in sampled_rows(view.summary.id, "author", table, tier):
            review.open_source(
                office.ctx, section_id=view.summary.id, subject=f"table:{table.id}", ref=ref, actor=office.actor("writer")
            )
    office.accept_all(key)
    view = office.see(key)
    for table in view.tables:
        if not view.sentences:
            review.confirm_table(
                office.ctx, section_id=view.summary.id, table_id=table.id, seen=view.view_id, actor=office.actor("writer")
            )
    said = {f.outline.key: f.outline.choices[0] if f.outline.choices else "said by hand" for f in view.fields}
    authoring.enter_fields(
        office.ctx, section_id=view.summary.id, values=said, seen=view.view_id, actor=office.actor("writer")
    )  # fmt: skip
    office.sign_one(key)
