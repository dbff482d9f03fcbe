"""Carry-over: what a report repeats of the previous one, what of that no longer holds, and what became of last year's recommendations."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import carried
import pytest
from command import answer, tree
from office import SAMPLES, Office, bring
from pdf_files import Pdf
from test_drafting_amending import approved

from audit.errors import Invalid
from audit.identity import Account, account_named
from corpus.readers.narrative import read_text
from drafting import authoring, comparing, previous, previous_text, queries, review, tables
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.checks import carryover
from drafting.checks.carryover import Reused, State
from drafting.checks.followed import followed, unaddressed
from drafting.checks.reuse import Before, Previous, Recommended, Said, Then, parts
from drafting.context import Context
from drafting.examine import examine
from drafting.exporting import export_report
from drafting.generate import draft_report
from drafting.lifecycle import EditReason
from drafting.model import Evidence, EvidencePack, Fact, Finding, Sentence, Severity, Span
from drafting.queries import Loaded

TRAPS = SAMPLES / "previous" / "TRAPS.md"
RULE = "carry-over"


@pytest.fixture(scope="module")
def home(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo home of this module's own: last year's review is in it as a Word file."""
    copied = tmp_path_factory.mktemp("carried") / "home"
    shutil.copytree(filled_home, copied)
    return copied


@pytest.fixture(scope="module")
def ctx(home: Path) -> Iterator[Context]:
    opened = open_context(settings_from({}, home=str(home)))
    yield opened
    close_context(opened)


def review_of(ctx: Context) -> str:
    with ctx.database.read() as conn:
        found = conn.execute(tables.reports.select().where(tables.reports.c.kind == "apr_us")).first()
    assert found is not None
    return str(found.id)


def load(ctx: Context, report: str) -> Loaded:
    with ctx.database.read() as conn:
        return queries.load(conn, ctx, report)


def before_of(ctx: Context) -> Before:
    before = load(ctx, review_of(ctx)).before
    assert before is not None
    return before


def judged(text: str, before: Before, section: str = "") -> list[Reused]:
    cut = [part for _, part in parts(Sentence(text))]
    return [r for part in cut if (r := carryover.judge(part, before.previous, before.evidence, section))]


def account(ctx: Context, user: str) -> Account:
    with ctx.database.read() as conn:
        found = account_named(conn, user)
    assert found is not None
    return found


def traps() -> list[tuple[str, str]]:
    rows = re.findall(r"^\| (\d+) \| [^|]* \| ([^|]*) \|", TRAPS.read_text(encoding="utf-8"), re.MULTILINE)
    return [(number, text.strip()) for number, text in rows]


def pasted(trap: str, before: Before) -> str:
    """Return what a person pastes: the trap's sentence, or the row of the table in which a bare figure stands."""
    if re.search(r"[a-z]", trap):
        return trap
    return next(said.text for said in before.previous.lines if said.row and f"| {trap} |" in said.text)


def test_the_list_of_traps_is_read_whole() -> None:
    assert len(traps()) == 13


@pytest.mark.parametrize(("number", "trap"), traps(), ids=[f"trap-{number}" for number, _ in traps()])
def test_each_planted_trap_is_found_where_a_person_pastes_its_sentence(ctx: Context, number: str, trap: str) -> None:
    before = before_of(ctx)
    found = judged(pasted(trap, before), before)
    assert [r.state for r in found] == [State.STALE], f"trap {number}: {trap}"
    assert all(fault.why for fault in found[0].faults)


def test_a_trap_says_the_old_place_and_the_evidence_that_contradicts_it(ctx: Context) -> None:
    before = before_of(ctx)
    expected = {
        "69 batches were started in the period.": ("1 Summary", "fact:census.made"),
        "No recall and no field action took place in the period.": ("10 Complaints", "fact:recall.count"),
        "No new source of a starting material was introduced.": ("3 Starting", "cell:material_lot/LAC-19#new_source"),
        "All batches were compressed on TP-02.": ("2 Scope", "cell:change_control/CC-2020-004#title"),
        "The lowest single unit of dissolution was 78 %.": ("4 Results", "fact:dissolution_min.min"),
        "Weight uniformity of cores met its limit in all batches.": ("4 Results", "fact:tbl_rsd_weight.outside"),
        "All agreements with suppliers and laboratories were in force.": ("3 Starting", "cell:agreement/AGR-006#status"),
        "No calibration was overdue.": ("11 Equipment", "cell:equipment/DT-02#calibration_due"),
        "Mean dissolution was 89.9567 %": ("4 Results", "fact:dissolution_av.mean"),
    }
    for text, (place, evidence) in expected.items():
        (reused,) = judged(text, before)
        assert reused.said is not None
        assert reused.said.place.startswith(place)
        assert reused.faults[0].evidence == evidence


def carry_over(findings: tuple[Finding, ...]) -> list[Finding]:
    return [f for f in findings if f.rule == RULE]


def test_our_own_draft_of_the_year_has_no_false_alarm(ctx: Context) -> None:
    loaded = load(ctx, review_of(ctx))
    found = carry_over(tuple(f for listed in loaded.findings.values() for f in listed))
    assert [f for f in found if f.severity is Severity.BLOCKS] == []
    assert {f.message.split(" ")[0] for f in found} == {
        "PA-2019-017-02",
        "PA-2019-017-05",
    }  # overdue on record, and not spoken of
    assert all(f.evidence.startswith("record:previous_action/") for f in found)


def test_last_years_review_is_read_with_its_figures_and_recommendations(ctx: Context) -> None:
    found = before_of(ctx).previous
    assert (found.number, found.period_from, found.period_to) == ("APR-2019-017", "2019-05-01", "2020-04-30")
    assert found.facts["dissolution_av.mean"] == Then("89.4567", "4 Results, table 2, row 2")
    assert found.facts["census.made"].printed == "69"
    assert [r.identifier for r in found.recommended] == [f"PA-2019-017-0{n}" for n in range(1, 7)]
    assert found.recommended[1].due_on == "2020-10-31"


def test_a_figure_of_last_year_in_new_words_is_found(ctx: Context) -> None:
    before = before_of(ctx)
    (found,) = judged("Over the whole of it the largest core weight RSD that we saw was 1.88 %.", before)
    assert found.said is None
    assert found.faults[0].evidence == "fact:tbl_rsd_weight.max"
    assert judged("Over the whole of it the largest core weight RSD that we saw was 5.91 %.", before) == []


def test_a_sentence_that_was_brought_up_to_date_is_no_fault(ctx: Context) -> None:
    (found,) = judged("134 batches were started in the period.", before_of(ctx))
    assert found.state is State.UPDATED
    (found,) = judged("Studies STB-2019-01 and STB-2019-02 are in progress.", before_of(ctx))
    assert found.state is State.HOLDS


@pytest.fixture(scope="module")
def last_year(ctx: Context) -> bytes:
    actor = service_account(ctx).actor()
    made = draft_report(ctx, kind="apr_us", product="17", period_from="2019-05-01", period_to="2020-04-30", actor=actor)
    data, _ = export_report(ctx, made.report_id, fmt="json", actor=actor)
    return data


def test_reused_sentences_are_told_apart_at_the_stated_rates(
    ctx: Context, last_year: bytes, record_property: pytest.FixtureRequest
) -> None:
    loaded = load(ctx, review_of(ctx))
    packs = {s.key: loaded.packs[s.id] for s in loaded.report.sections}
    before = Before(carried.previous_of(last_year), previous.together(list(packs.values())))
    sample = carried.labelled(last_year, packs)
    told = {one: any(r.faults for r in judged(one.text, before, one.section)) for one in sample}
    stale, true = [s for s in sample if s.stale], [s for s in sample if not s.stale]
    recall = sum(told[s] for s in stale) / len(stale)
    alarms = sum(told[s] for s in true) / len(true)
    print(f"carry-over: recall {recall:.3f} of {len(stale)}, false alarms {alarms:.3f} of {len(true)}")
    record_property("carry-over", f"recall {recall:.3f} of {len(stale)}, false alarms {alarms:.3f} of {len(true)}")  # type: ignore[operator]
    assert min(len(stale), len(true)) >= 100
    assert recall >= 0.95, [s.text for s in stale if not told[s]]
    assert alarms <= 0.02, [s.text for s in true if told[s]]


def test_this_years_own_sentences_are_no_alarm_beside_last_years(ctx: Context, last_year: bytes) -> None:
    loaded = load(ctx, review_of(ctx))
    before = Before(carried.previous_of(last_year), previous.together(list(loaded.packs.values())))
    said = [(s.key, v.sentence) for s in loaded.report.sections for v in s.sentences]
    assert [s.text for key, s in said if any(r.faults for _, r in carryover.listed([s], before, key))] == []
    typed = [s.text for key, s in said if any(r.faults for r in judged(s.text, before, key))]  # without their references
    assert len(typed) <= 0.02 * len(said), typed


FACTS = {
    "report.period_from": Fact("report.period_from", "2026-01-01", "2026-01-01", "", 0, "as asked"),
    "report.period_to": Fact("report.period_to", "2026-12-31", "2026-12-31", "", 0, "as asked"),
    "assay.attribute": Fact("assay.attribute", "assay", "assay", "", 12, "label"),
    "assay.mean": Fact("assay.mean", "99.1", "99.12", "%", 12, "mean"),
}


def record(kind: str, identifier: str, **fields: str) -> Evidence:
    return Evidence(kind, identifier, fields, {}, "sha256:d", "file.csv", "d", 2, {}, synthetic=False)


def small(
    *said: Said, text: str = "", records: tuple[Evidence, ...] = (), recommended: tuple[Recommended, ...] = ()
) -> Before:
    mark = f"sha256:{hash((said, recommended))}"
    old = Previous(mark, "APR-1", "Review", "2025-01-01", "2025-12-31", "r0", said=said, recommended=recommended)
    pack = EvidencePack("report", FACTS, {f"{r.kind}/{r.identifier}": r for r in records})
    return Before(old, pack, text)


MEAN = Said("The mean of assay was 98.7 % in the period.", "6 Quality", "quality", (Span(22, 28, "fact:assay.mean"),))


def test_a_reference_of_last_year_is_held_against_what_it_prints_now() -> None:
    (stale,) = judged("The mean of assay was 98.7 % in the period.", small(MEAN))
    assert stale.state is State.STALE
    assert stale.faults[0].evidence == "fact:assay.mean"
    assert "99.1 %" in stale.faults[0].why
    (fresh,) = judged("The mean of assay was 99.1 % in the period.", small(MEAN))
    assert fresh.state is State.UPDATED
    (same,) = judged(MEAN.text.replace("98.7", "99.1"), small(replace(MEAN, text=MEAN.text.replace("98.7", "99.1"))))
    assert same.state is State.HOLDS


LISTS = {
    "assay.attribute": FACTS["assay.attribute"],
    "water.attribute": Fact("water.attribute", "water", "water", "", 12, "label"),
    "assay.signals": Fact("assay.signals", "9", "9", "", 12, "count"),
    "water.signals": Fact("water.signals", "6", "6", "", 12, "count"),
    "late.took_1": Fact("late.took_1", "90", "90", "days", 1, "days", {"deviation": "DEV-7"}),
    "late.took_2": Fact("late.took_2", "39", "39", "days", 1, "days", {"deviation": "DEV-8"}),
}


def said_of(text: str, *printed: tuple[str, str]) -> Said:
    """Return a line of last year's, with the reference of each figure that it printed."""
    return Said(
        text, "6", "quality", tuple(Span(text.index(shown), text.index(shown) + len(shown), ref) for shown, ref in printed)
    )


@pytest.mark.parametrize(
    ("text", "contradicted_by"),
    [
        ("Points beyond the limits, by attribute; assay: 9; water: 6.", ""),
        ("Points beyond the limits, by attribute; water: 6; assay: 9.", ""),
        ("Points beyond the limits, by attribute; assay: 6; water: 6.", "fact:assay.signals"),
        ("Points beyond the limits, by attribute; assay: 9; water: 2.", "fact:water.signals"),
        ("Closed late in the period; DEV-7 took 90 days; DEV-8 took 39 days.", ""),
        ("Closed late in the period; DEV-7 took 39 days.", "fact:late.took_1"),
        ("Closed late in the period; DEV-8 took 39 days.", ""),
        ("Actions and when they are due; CAPA-2 on 2026-05-01.", ""),
        ("Actions and when they are due; CAPA-1 on 2026-05-01.", "cell:capa/CAPA-1#due_on"),
    ],
)
def test_a_figure_of_a_list_is_held_against_what_its_own_item_names(text: str, contradicted_by: str) -> None:
    records = (
        record("deviation", "DEV-7"), record("deviation", "DEV-8"),
        record("capa", "CAPA-1", due_on="2026-09-01"), record("capa", "CAPA-2", due_on="2026-05-01"),
    )  # fmt: skip
    before = small(
        said_of(
            "Points beyond the limits, by attribute; assay: 6; water: 2.",
            ("6", "fact:assay.signals"),
            ("2", "fact:water.signals"),
        ),
        said_of("Closed late in the period; DEV-5 took 39 days.", ("39 days", "fact:late.took_1")),
        said_of("Actions and when they are due; CAPA-1 on 2026-05-01.", ("2026-05-01", "cell:capa/CAPA-1#due_on")),
        records=records,
    )
    before = replace(before, evidence=replace(before.evidence, facts={**FACTS, **LISTS}))
    assert [f.evidence for r in judged(text, before) for f in r.faults] == ([contradicted_by] if contradicted_by else [])


def test_a_record_that_is_not_of_this_period_does_not_hold() -> None:
    said = Said(
        "DEV-9 was closed without further action by the shift.",
        "9 Deviations",
        "deviations",
        (Span(0, 5, "record:deviation/DEV-9"),),
    )
    (found,) = judged(said.text, small(said))
    assert found.state is State.STALE
    (found,) = judged(said.text, small(said, records=(record("deviation", "DEV-9"),)))
    assert found.state is State.HOLDS


def test_a_sentence_that_the_evidence_cannot_judge_is_open_and_other_sentences_are_nobodys() -> None:
    said = Said("The trained staff of the department did the sampling.", "2 Scope")
    (found,) = judged(said.text, small(said))
    assert found.state is State.OPEN
    assert judged("The weather was fine on most days of the year.", small(said)) == []
    assert judged("See above.", small(Said("See above.", "2 Scope"))) == []


LINES = """Annual product review APR-2022-077
Product 77
Period 2022-01-01 to 2022-12-31
10 batches of product 77 were made, of which 10 were released.
Recommendation: replace the feeder seal of TP-07.
The yield of the year was as high as in the years before, and no result lay
outside its specification."""


def test_a_line_of_a_plain_text_has_its_own_number_and_a_recommendation_may_stand_in_one() -> None:
    read = previous_text.imported(read_text(LINES.encode(), file="x.txt"), mark="m", document_id="d", name="APR-2022-077")
    assert read.number == "APR-2022-077"
    assert (read.facts["census.made"].printed, read.facts["census.made"].place) == ("10", "line 4")
    assert read.recommended == (
        Recommended("replace the feeder seal of TP-07.", "line 5"),
    )  # TP-07 is no number of an action
    assert [(s.place, s.text.startswith("The yield") and s.text.endswith("specification.")) for s in read.said][-1] == (
        "line 6",
        True,
    )
    assert len(read.said) == 6


def test_an_action_is_of_the_report_that_its_record_names_and_a_table_that_lists_it_is_told() -> None:
    action = {"action": "Validate the dissolution method", "status": "open", "due_on": "2026-05-01"}
    mine = record("previous_action", "PA-2", report_number="APR-2023-077", **action)
    other = record("previous_action", "PA-3", **action)
    before = replace(small(records=(mine, other)), listed=frozenset({"record:previous_action/PA-2"}))
    assert [(f.recommended.report, f.named, f.listed) for f in followed(before)] == [
        ("APR-2023-077", False, True), ("a report that its record does not name", False, False),
    ]  # fmt: skip
    first, second = unaddressed(before)
    assert first.message.startswith("PA-2 of APR-2023-077 is past its due date")
    assert "a table of this report lists it" in first.message
    assert "APR-1" not in first.message + second.message  # the previous report says nothing of either


def test_our_own_export_is_taken_as_the_previous_report_and_says_that_it_is_not_signed(
    whole: Office, tmp_path: Path
) -> None:
    made = draft_report(
        whole.ctx, kind="apr_us", product="17", period_from="2019-05-01", period_to="2020-04-30", actor=whole.actor("writer"),
    )  # fmt: skip
    data, signed = export_report(whole.ctx, made.report_id, fmt="docx", actor=whole.actor("writer"))
    assert not signed
    file = tmp_path / f"{made.number}.docx"
    file.write_bytes(data)
    bring(whole, whole.ctx, file)
    before = load(whole.ctx, whole.report).before
    assert before is not None
    assert (before.previous.number, before.previous.unsigned, before.previous.period_to) == (made.number, True, "2020-04-30")
    assert before.previous.recommended == ()  # nobody entered an action plan
    assert before.previous.facts["dissolution (average).mean"].printed


@pytest.mark.parametrize(
    ("product", "period", "why"),
    [
        ("Old name of ours", "2018-05-01/2019-04-30", "states “Old name of ours” as its product"),
        ("Tablets (17)", "2021-05-01/2022-04-30", "ends on 2022-04-30, not before the end of this one"),
        ("", "2018-05-01/2019-04-30", "does not say at its beginning that it is of product 17"),
        ("23", "2018-05-01/2019-04-30", ""),  # another product's is none of this page's business
    ],
)
def test_an_imported_report_that_is_not_compared_is_named_with_the_reason(
    office: Office, tmp_path: Path, product: str, period: str, why: str
) -> None:
    text = TEXT.replace("product: 17\n", f"product: {product}\n" if product else "").replace("2018-05-01/2019-04-30", period)
    file = tmp_path / "APR-2018-017.md"
    file.write_text(text, encoding="utf-8")
    bring(office, office.ctx, file)
    with office.ctx.database.read() as conn:
        told = previous.passed_over(conn, product="17", period_to="2021-04-30", taken=None)
    assert [(number, why in said) for number, said in told] == ([("APR-2018-017", True)] if why else [])


def test_each_recommendation_is_on_record_or_named_or_told() -> None:
    wanted = (
        Recommended("Overhaul the feeder of the press", "12 Recommendations", "PA-1", "2026-05-01"),
        Recommended("Qualify a second supplier of lactose", "12 Recommendations"),
        Recommended("Review the settings of the tester", "12 Recommendations"),
        Recommended("Renew the agreement with the laboratory", "12 Recommendations"),
    )
    on_record = (
        record("previous_action", "PA-1", action="Overhaul the feeder of the press", status="open", due_on="2026-05-01"),
        record("capa", "CAPA-7", title="Qualify a second supplier of lactose.", status="closed", due_on="2026-05-01"),
    )
    before = small(recommended=wanted, records=on_record, text="We did review the settings of the tester in May.")
    found = followed(before)
    assert [(f.state, f.overdue) for f in found] == [
        ("open", True), ("closed", False), ("named in the text", False), ("not addressed", False),
    ]  # fmt: skip
    told = list(unaddressed(before))
    assert [(f.severity, f.evidence) for f in told] == [
        (Severity.WARNS, "record:previous_action/PA-1"), (Severity.BLOCKS, ""),
    ]  # fmt: skip
    assert "Renew the agreement" in told[1].message
    assert list(unaddressed(replace(before, text=f"{before.text} PA-1 and: renew the agreement with the laboratory."))) == []


def add(ctx: Context, report: str, key: str, text: str, user: str = "demo.writer") -> str:
    actor = account(ctx, user).actor(session="s")
    view = review.open_section(ctx, report_id=report, section_key=key, actor=actor)
    if view.hidden:
        review.record_own_view(ctx, section_id=view.summary.id, text="My own view.", actor=actor)
        view = review.open_section(ctx, report_id=report, section_key=key, actor=actor)
    return authoring.add(
        ctx, section_id=view.summary.id, after="", text=text, category=str(EditReason.OMISSION), reason="It was in last year's.",
        seen=view.view_id, actor=actor,
    )  # fmt: skip


def test_what_a_person_pastes_blocks_the_section_and_is_in_every_check(filled_home: Path, tmp_path: Path) -> None:
    shutil.copytree(filled_home, tmp_path / "home")
    ctx = open_context(settings_from({}, home=str(tmp_path / "home")))
    try:
        report = review_of(ctx)
        stale = add(
            ctx, report, "recalls_and_field_actions", "No calibration was overdue. All batches were compressed on TP-02."
        )
        for said in (
            "Data were taken from the laboratory system and the batch records.",
            "The table gives number, mean, standard deviation, smallest and largest value.",
        ):
            add(ctx, report, "changes", said)
        found = carry_over(examine(ctx, report, actor=account(ctx, "demo.writer").actor()).findings)
        blocking = [f for f in found if f.sentence == stale]
        assert [(f.quote, f.severity) for f in blocking] == [
            ("No calibration was overdue", Severity.BLOCKS), ("All batches were compressed on TP-02", Severity.BLOCKS),
        ]  # fmt: skip
        assert all("APR-2019-017" in f.message for f in blocking)
        (light,) = [f for f in found if f.section == "changes"]
        assert light.severity is Severity.WARNS
        assert light.message.startswith("2 sentences stand as in APR-2019-017")
        view = review.open_section(
            ctx, report_id=report, section_key="recalls_and_field_actions", actor=account(ctx, "demo.writer").actor()
        )
        assert any(
            "no longer holds" in m.message or "blocking" in m.message.lower() or "finding" in m.message.lower()
            for m in view.missing
        )
        exported = json.loads(export_report(ctx, report, fmt="json", actor=account(ctx, "demo.writer").actor())[0])
        told = [f["rule"] for s in exported["sections"] for one in s["sentences"] for f in one["findings"]]
        assert told.count(RULE) == 2
    finally:
        close_context(ctx)


def test_a_report_without_a_previous_one_has_no_such_findings(office: Office) -> None:
    loaded = load(office.ctx, office.report)
    assert loaded.before is None
    assert carry_over(tuple(f for found in loaded.findings.values() for f in found)) == []
    assert comparing.compare(office.ctx, office.report, office.people["writer"]) is None


def test_the_last_approved_report_of_the_store_is_the_previous_one(office: Office) -> None:
    approved(office)
    made = draft_report(
        office.ctx,
        kind="apr_us",
        product="17",
        period_from="2020-06-01",
        period_to="2021-05-31",
        actor=office.actor("writer"),
    )
    before = load(office.ctx, made.report_id).before
    assert before is not None
    assert before.previous.report_id == office.report
    assert load(office.ctx, office.report).before is None  # nothing is held against a later year
    old = next(s for s in before.previous.said if s.spans and "OOS records" in s.text)
    assert carryover.judge(Sentence(old.text), before.previous, before.evidence) is not None
    found = comparing.compare(office.ctx, made.report_id, office.people["writer"])
    assert found is not None
    assert {f.name for f in found.figures} >= {"oos count", "oos recomputed"}


TEXT = """---
id: APR-2018-017
kind: previous_report
product: 17
period: 2018-05-01/2019-04-30
---

# 1 Summary

55 batches were started in the period.

# 2 Recommendations

Overhaul the feeder of the press within the next year. Repeat the training of packaging staff.
"""


def test_a_plain_text_is_a_previous_report_too_and_the_later_one_counts(office: Office, tmp_path: Path) -> None:
    (tmp_path / "APR-2018-017.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "APR-2018-023.md").write_text(
        TEXT.replace("017", "023").replace("product: 17", "product: 23"), encoding="utf-8"
    )
    bring(office, office.ctx, tmp_path / "APR-2018-017.md", tmp_path / "APR-2018-023.md")
    before = load(office.ctx, office.report).before
    assert before is not None
    assert before.previous.number == "APR-2018-017"
    assert [r.text for r in before.previous.recommended] == [
        "Overhaul the feeder of the press within the next year.", "Repeat the training of packaging staff.",
    ]  # fmt: skip
    bring(office, office.ctx, SAMPLES / "previous")
    later = load(office.ctx, office.report).before
    assert later is not None
    assert later.previous.number == "APR-2019-017"


def test_figures_and_records_are_compared_where_they_are_certain(ctx: Context) -> None:
    found = comparing.compare(ctx, review_of(ctx), account(ctx, "demo.auditor"))
    assert found is not None
    figures = {f.name: (f.then, f.now, f.difference) for f in found.figures}
    assert figures["census made"] == ("69", "134", "+65")
    assert figures["dissolution (average): min"] == ("84.67", "82.50 %", "-2.17")
    standing = {r.identifier: r.standing for r in found.records}
    assert standing["CC-2020-004"] == "new"
    assert standing["CC-2019-001"] == "not in this period"
    assert standing["CAPA-2020-003"] == "closed since"
    counts = {c.kind: (c.then, c.now) for c in found.counts}
    assert counts["complaint"] == (4, 14)
    assert counts["recall"] == (None, 1)  # a text that lists none says nothing


def test_the_command_line_tells_what_was_carried_over(filled_home: Path, tmp_path: Path) -> None:
    shutil.copytree(filled_home, tmp_path / "home")
    ctx = open_context(settings_from({}, home=str(tmp_path / "home")))
    report = review_of(ctx)
    add(ctx, report, "changes", "The lowest single unit of dissolution was 78 %.")
    close_context(ctx)
    found = tree(tmp_path / "home", "check", report, status=1)["findings"]
    (told,) = [f for f in found if f["rule"] == RULE and f["severity"] == "blocks"]
    assert (told["section"], told["quote"], told["evidence"]) == ("changes", "78 %", "fact:dissolution_min.min")
    assert "APR-2019-017 (4 Results, paragraph 13)" in told["message"]
    assert "carry-over" in answer(tmp_path / "home", "check", report, status=1)


def test_a_pdf_that_names_the_product_in_its_text_is_read_and_one_of_another_product_is_not(
    office: Office, tmp_path: Path
) -> None:
    def written(product: str) -> bytes:
        made = Pdf().page().text(60, 60, "1 Summary", 16)
        made.text(60, 90, f"Annual review of product {product}, period 2018-05-01 to 2019-04-30.")
        made.text(60, 120, "55 batches were started in the period.")
        made.table(60, 160, (120, 60, 60, 60), [["attribute", "n", "mean", "max"], ["dissolution_av", "55", "88.1", "96.2"]])
        return made.bytes()

    (tmp_path / "APR-2018-099.pdf").write_bytes(written("99"))
    bring(office, office.ctx, tmp_path / "APR-2018-099.pdf")
    assert load(office.ctx, office.report).before is None
    assert load(office.ctx, office.report).before is None  # and so it stays where it was read before
    (tmp_path / "APR-2018-017.pdf").write_bytes(written("17"))
    bring(office, office.ctx, tmp_path / "APR-2018-017.pdf")
    before = load(office.ctx, office.report).before
    assert before is not None
    assert (before.previous.period_from, before.previous.period_to) == ("2018-05-01", "2019-04-30")
    assert before.previous.facts["dissolution_av.mean"].printed == "88.1"
    assert before.previous.facts["census.made"].printed == "55"
    assert [r.state for r in judged("55 batches were started in the period.", before)] == [State.STALE]


def test_a_sentence_that_carries_a_stale_figure_over_cannot_be_accepted(filled_home: Path, tmp_path: Path) -> None:
    shutil.copytree(filled_home, tmp_path / "home")
    ctx = open_context(settings_from({}, home=str(tmp_path / "home")))
    report, actor = review_of(ctx), account(ctx, "demo.writer").actor(session="s")
    try:
        stale = add(ctx, report, "recalls_and_field_actions", "No calibration was overdue.")
        view = review.open_section(ctx, report_id=report, section_key="recalls_and_field_actions", actor=actor)
        with pytest.raises(Invalid, match="Carried over from APR-2019-017"):
            authoring.accept(ctx, sentence_id=stale, version=1, seen=view.view_id, actor=actor)
    finally:
        close_context(ctx)


def test_a_draft_is_held_against_the_previous_report(filled_home: Path, tmp_path: Path) -> None:
    """The findings that drafting gives back are those that the section then shows."""
    shutil.copytree(filled_home, tmp_path / "home")
    ctx = open_context(settings_from({}, home=str(tmp_path / "home")))
    made = draft_report(
        ctx,
        kind="apr_us",
        actor=account(ctx, "demo.writer").actor(),
        product="17",
        period_from="2020-05-01",
        period_to="2021-04-30",
    )
    shown = [f for found in load(ctx, made.report_id).findings.values() for f in found if f.rule == RULE]
    given = [f for section in made.sections for f in section.findings if f.rule == RULE]
    close_context(ctx)
    assert sorted(f.message for f in given) == sorted(f.message for f in shown)
    assert given
