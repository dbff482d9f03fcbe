"""What people decide about control charts, on each engine: who may, what holds, what it does to the sections that rest on it."""

import json
import statistics
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from desk import PASSPHRASE, Desk
from office import SAMPLES
from sqlalchemy import text

from audit import trail
from audit.actions import Action
from audit.errors import Conflict, Invalid, NotFound, NotPermitted, Stale, WrongCredentials
from audit.verify import State
from drafting import chart_decisions
from drafting.chart_decisions import ChartKind, Outcome
from drafting.charting import Period, groups, loaded_of
from drafting.checks.engine import check_section
from drafting.context import Context
from drafting.deciding_charts import (
    SITE,
    Place,
    Secret,
    approve_baseline,
    choose_rules,
    propose_baseline,
    set_limit,
    withdraw,
)
from drafting.disposing import dispose
from drafting.evidence.control import Together, by_lot
from drafting.evidence.pack import pack_of
from drafting.evidence.reading import Reading, read
from drafting.generate import draft_report
from drafting.importing import import_files
from drafting.model import EvidencePack, Origin, Severity, Table
from drafting.projections import verify_home
from drafting.redraft import redraft_section, stale_sections
from drafting.statistics.rules import RuleSet

YEAR = Period("17", "2020-05-01", "2021-04-30")
BEFORE = {"period_from": "2019-05-01", "period_to": "2020-04-30"}
PLACE = Place("17", "dissolution_av")
SECRET = Secret("approver", PASSPHRASE)
SECTIONS = ("starting_and_packaging_materials", "finished_product_quality", "recalls_and_field_actions")
EVENT = "deviation/DEV-2020-014"
ON_ONE_ENGINE = pytest.mark.parametrize(
    "copied", ["sqlite"], indirect=True
)  # what is shown there follows from what was read


@pytest.fixture
def desk(sampled_desk: tuple[Desk, Context]) -> Desk:
    """People at a home with the laboratory's results and a review of three sections."""
    desk, ctx = sampled_desk
    outline = ctx.outlines["apr_us"]
    few = replace(outline, sections=tuple(s for s in outline.sections if s.key in SECTIONS))
    return Desk(replace(ctx, outlines={"apr_us": few}), desk.people)


@pytest.fixture
def report(desk: Desk) -> str:
    made = draft_report(
        desk.ctx,
        kind="apr_us",
        product="17",
        period_from=YEAR.period_from,
        period_to=YEAR.period_to,
        actor=desk.actor("writer"),
    )
    return made.report_id


def stale(desk: Desk, report: str) -> set[str]:
    return set(stale_sections(desk.ctx, report).values())


def approve(desk: Desk, name: str = "approver", **other: Any) -> Any:
    asked = {"place": PLACE, **BEFORE, "reason": "The first year of routine manufacture", "secret": Secret(name, PASSPHRASE)}
    return approve_baseline(desk.ctx, **{**asked, **other}, actor=desk.actor(name))


def reading(desk: Desk, attribute: str = "dissolution_av", period: Period = YEAR) -> Reading:
    loaded = loaded_of(desk.ctx, period)
    found = read(loaded, attribute, lots=by_lot(loaded, attribute))
    assert found
    return found


def pack(desk: Desk, key: str = "finished_product_quality") -> EvidencePack:
    return pack_of(loaded_of(desk.ctx, YEAR), desk.ctx.outlines["apr_us"].section(key))


def said(desk: Desk) -> str:
    section = desk.ctx.outlines["apr_us"].section("finished_product_quality")
    return "\n".join(s.text for s in desk.ctx.drafter.draft(section, pack(desk)).sentences)


def table(desk: Desk, start: str) -> Table:
    return next(t for t in pack(desk).tables if t.id.startswith(start))


def current(desk: Desk) -> list[Together]:
    return groups(loaded_of(desk.ctx, YEAR))


def judged(desk: Desk, group: Together, outcome: Outcome = Outcome.NO_CAUSE, name: str = "writer", **other: Any) -> Together:
    asked = {"chosen": YEAR, "key": group.key, "outcome": outcome, "reason": "Looked at in the batch records", **other}
    return dispose(desk.ctx, **asked, actor=desk.actor(name))


# --- baselines --------------------------------------------------------------------------------------------------------


def test_an_approved_baseline_freezes_what_its_records_give_and_later_periods_say_so(desk: Desk, report: str) -> None:
    before = [float(m.value) for m in loaded_of(desk.ctx, YEAR).earlier["dissolution_av"] if m.value is not None]
    proposed = propose_baseline(desk.ctx, place=PLACE, **BEFORE)
    left_out = proposed.signalling[0]
    made = approve(desk, excluded={left_out: "Wrong column, DEV-2019-003"})
    batches = [m.batch for m in loaded_of(desk.ctx, YEAR).earlier["dissolution_av"] if m.value is not None]
    kept = [value for batch, value in zip(batches, before, strict=True) if batch != left_out]
    ranges = statistics.fmean(abs(b - a) for a, b in pairwise(kept))
    assert float(made.body["centre"]) == pytest.approx(statistics.fmean(kept))
    assert float(made.body["sigma"]) == pytest.approx(ranges / 1.1283791670955126)
    found = reading(desk)
    assert found.frozen
    assert found.frozen.baseline
    assert not found.frozen.changed
    assert float(found.frozen.limits.upper) == pytest.approx(float(made.body["centre"]) + 3 * float(made.body["sigma"]))
    told = f"limits of the baseline approved on 2026-03-02 by approver (version 1), from {len(kept)} batches"
    assert told in next(c.method for c in pack(desk).charts if c.attribute == "dissolution_av")
    assert told in table(desk, "control.").note
    assert f"dissolution (average): approved on 2026-03-02 from {len(kept)} values of 2019-05-01 to 2020-04-30" in said(desk)
    assert stale(desk, report) == {"finished_product_quality"}
    redraft(desk, report)
    assert stale(desk, report) == set()


def redraft(desk: Desk, report: str) -> None:
    for section in stale_sections(desk.ctx, report):
        redraft_section(desk.ctx, section_id=section, actor=desk.actor("writer"))


@ON_ONE_ENGINE
def test_a_baseline_holds_for_later_periods_only(desk: Desk) -> None:
    approve(desk)
    inside = reading(desk, period=Period("17", "2019-05-01", "2021-04-30"))
    assert inside.frozen is None or inside.frozen.baseline is None
    other = loaded_of(desk.ctx, Period("17", "2020-05-01", "2021-04-30", "another strength"))
    assert not other.charts.baselines


def test_a_baseline_whose_records_change_asks_to_be_approved_anew(desk: Desk, report: str, tmp_path: Path) -> None:
    approve(desk)
    redraft(desk, report)
    centre = reading(desk).frozen.limits.centre  # type: ignore[union-attr]
    correct(desk, tmp_path, batch="482")
    found = reading(desk)
    assert found.frozen
    assert found.frozen.changed
    assert found.frozen.limits.centre == centre
    assert "it waits to be approved anew; dissolution (average)" in said(desk)
    assert "finished_product_quality" in stale(desk, report)
    approve(desk, reason="Corrected value")
    assert not reading(desk).frozen.changed  # type: ignore[union-attr]


def correct(desk: Desk, folder: Path, *, batch: str) -> None:
    """Import the laboratory's file again with another dissolution of one batch."""
    lines = (SAMPLES / "zagar" / "Laboratory.csv").read_text(encoding="utf-8-sig").splitlines()
    header = lines[0].split(";")
    for number, line in enumerate(lines):
        cells = line.split(";")
        if cells[header.index("batch")] == batch:
            place = header.index("dissolution_av")
            cells[place] = str(Decimal(cells[place]) + Decimal("0.01"))  # it still lies between its smallest and largest
            lines[number] = ";".join(cells)
    (folder / "Laboratory.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    import_files(desk.ctx, paths=[folder / "Laboratory.csv"], actor=desk.actor("writer"))


def test_only_a_qualified_approver_with_the_own_passphrase_approves_a_baseline(desk: Desk) -> None:
    for name in ("writer", "admin", "auditor"):
        with pytest.raises(NotPermitted):
            approve(desk, name)
    with pytest.raises(WrongCredentials):
        approve(desk, secret=Secret("approver", "not this one"))
    with pytest.raises(Invalid):
        approve(desk, secret=Secret("", ""))
    with pytest.raises(Invalid):
        approve(desk, reason=" ")
    with pytest.raises(Invalid, match="too few"):
        approve(desk, period_to="2019-06-30")
    with pytest.raises(Invalid, match="Not in this baseline"):
        approve(desk, excluded={"714": "Of another year"})
    with pytest.raises(Stale):
        approve(desk, seen="sha256:other")
    with desk.ctx.database.read() as conn:
        assert chart_decisions.versions(conn) == []


def test_a_baseline_is_withdrawn_by_a_new_version_and_every_act_has_its_entry(desk: Desk) -> None:
    approve(desk)
    with pytest.raises(Conflict):
        approve(desk)
    with pytest.raises(Invalid):
        withdraw(desk.ctx, kind=ChartKind.BASELINE, place=PLACE, reason="Superseded", actor=desk.actor("approver"))
    withdraw(
        desk.ctx, kind=ChartKind.BASELINE, place=PLACE, reason="Superseded", actor=desk.actor("approver"), secret=SECRET
    )
    assert reading(desk).frozen.baseline is None  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        withdraw(desk.ctx, kind=ChartKind.BASELINE, place=PLACE, reason="Again", actor=desk.actor("approver"), secret=SECRET)
    approve(desk)
    with desk.ctx.database.read() as conn:
        versions = chart_decisions.versions(conn)
        entries = [e for e in trail.entries(conn) if str(e.action).startswith("chart.")]
    assert [(v.version, v.withdrawn) for v in versions] == [(1, False), (2, True), (3, False)]
    assert [e.action for e in entries] == [Action.BASELINE_APPROVED, Action.BASELINE_WITHDRAWN, Action.BASELINE_APPROVED]
    assert entries[0].new["key"] == "k-approver"
    assert {e.object_id for e in entries} == {"17/dissolution_av"}


# --- practical limits -------------------------------------------------------------------------------------------------


def test_a_difference_beyond_chance_and_below_what_matters_is_said_so(desk: Desk, report: str) -> None:
    place = Place("17", "residual_solvent")
    before = reading(desk, "residual_solvent")
    assert before.shifted
    largest = max(abs(before.moved.difference.low), abs(before.moved.difference.high))  # type: ignore[union-attr,arg-type]
    asked = {
        "place": place,
        "alert_lower": "",
        "reason": "Twice the precision of the method",
        "actor": desk.actor("approver"),
    }
    set_limit(desk.ctx, difference=f"{largest * 2:.3f}", alert_upper="0.1", **asked)
    found = reading(desk, "residual_solvent")
    assert found.immaterial
    told = said(desk)
    assert "moved by less than the difference that matters, set beforehand; residual solvent by -" in told
    (row,) = table(desk, "practical.").rows
    assert "beyond chance; the difference is smaller than the practical limit" in row[3]
    assert ("correlated" in row[3]) == found.correlated
    assert row[5] == str(sum(value > Decimal("0.1") for value in found.values))
    assert stale(desk, report) == {"finished_product_quality"}
    set_limit(desk.ctx, difference="0.0001", alert_upper="", **asked)
    assert not reading(desk, "residual_solvent").immaterial
    with desk.ctx.database.read() as conn:
        assert [v.version for v in chart_decisions.versions(conn, kind=ChartKind.LIMIT)] == [1, 2]


@ON_ONE_ENGINE
def test_practical_limits_are_numbers_of_an_attribute_set_by_an_approver(desk: Desk) -> None:
    good = {"difference": "1", "alert_lower": "", "alert_upper": "", "reason": "Method", "actor": desk.actor("approver")}
    bad: tuple[dict[str, Any], ...] = (
        {"difference": "about 1"}, {"difference": "-1"}, {"difference": ""}, {"difference": "0"}, {"reason": ""},
        {"alert_lower": "5", "alert_upper": "4"}, {"difference": "NaN"}, {"difference": "9" * 60},
    )  # fmt: skip
    for change in bad:
        with pytest.raises(Invalid):
            set_limit(desk.ctx, place=PLACE, **{**good, **change})
    with pytest.raises(NotFound):
        set_limit(desk.ctx, place=Place("17", "nothing"), **good)
    for name in ("writer", "admin"):
        with pytest.raises(NotPermitted):
            set_limit(desk.ctx, place=PLACE, **{**good, "actor": desk.actor(name)})


# --- run rules --------------------------------------------------------------------------------------------------------


@ON_ONE_ENGINE
def test_the_rules_of_the_site_are_said_everywhere_with_what_they_cost(desk: Desk, report: str) -> None:
    assert table(desk, "control.").note.startswith("Signals by rule 1 (")
    few = len(reading(desk).marked)
    choose_rules(desk.ctx, rules=RuleSet.NELSON, reason="Validation plan", actor=desk.actor("admin"))
    note = table(desk, "control.").note
    assert note.startswith("Signals by Nelson rules 1 to 8, ")
    assert "Of processes in control 85 % show" in note  # of rule 1 alone: 30 %
    assert len(reading(desk).marked) > few
    chart = next(c for c in pack(desk).charts if c.attribute == "dissolution_av")
    assert "by Nelson rules 1 to 8" in chart.method
    assert sum(p.signal for p in chart.points) == len(reading(desk).marked)
    assert "or in a pattern of Nelson rules 1 to 8, lie" in said(desk)
    assert stale(desk, report) == {"finished_product_quality", "starting_and_packaging_materials"}


def test_one_attribute_may_have_rules_of_its_own(desk: Desk, report: str) -> None:
    choose_rules(
        desk.ctx, rules=RuleSet.WESTERN_ELECTRIC, reason="Slow drift matters", actor=desk.actor("approver"), place=PLACE
    )
    assert reading(desk).control.rules is RuleSet.WESTERN_ELECTRIC
    assert reading(desk, "residual_solvent").control.rules is RuleSet.ONE
    assert "dissolution_av by Western Electric rules 1 to 4" in table(desk, "control.").note
    assert "or in a pattern of rule 1 and of rules chosen for single attributes, lie" in said(desk)
    assert stale(desk, report) == {"finished_product_quality"}
    with pytest.raises(NotPermitted):
        choose_rules(desk.ctx, rules=RuleSet.ONE, reason="No", actor=desk.actor("writer"))
    withdraw(desk.ctx, kind=ChartKind.RULES, place=PLACE, reason="Back to rule 1", actor=desk.actor("admin"))
    assert stale(desk, report) == set()
    with pytest.raises(NotFound):
        withdraw(desk.ctx, kind=ChartKind.RULES, place=SITE, reason="None", actor=desk.actor("admin"))


# --- dispositions -----------------------------------------------------------------------------------------------------


def test_a_disposed_group_is_told_by_reference_and_the_others_are_open(desk: Desk, report: str) -> None:
    group = next(g for g in current(desk) if "dissolution_av" in g.shared.attributes)
    number = len(current(desk))
    judged(desk, group, Outcome.INVESTIGATE, record=EVENT)
    held = next(g for g in current(desk) if g.key == group.key)
    assert not held.open
    assert len(current(desk)) == number
    assert current(desk)[-1].key == group.key  # what waits for a person stands first
    assert "deviation/DEV-2020-014" in pack(desk).records
    facts = pack(desk).facts
    name = next(f.removesuffix(".groups_open") for f in facts if f.endswith(".groups_open"))
    assert int(facts[f"{name}.groups_open"].exact) == int(facts[f"{name}.groups"].exact) - 1
    assert facts[f"{name}.disposed_1"].exact == "to be investigated"
    waiting, every = facts[f"{name}.groups_open"].exact, facts[f"{name}.groups"].exact
    assert f"Nobody has disposed of {waiting} of {every} groups of signals, which are open; " in said(desk)
    assert f"{waiting} of {every} are open." in table(desk, "groups.").note
    assert "to be investigated, with DEV-2020-014" in said(desk)
    row = next(r for r in table(desk, "groups.").rows if "investigated" in r[-1])
    assert row[-1] == "to be investigated (DEV-2020-014), writer 2026-03-02: Looked at in the batch records"
    assert stale(desk, report) == {"finished_product_quality"}


@ON_ONE_ENGINE
def test_what_is_said_of_decisions_passes_the_checks(desk: Desk) -> None:
    approve(desk)
    set_limit(
        desk.ctx, place=Place("17", "residual_solvent"), difference="0.5", alert_lower="", alert_upper="", reason="Method",
        actor=desk.actor("approver"),
    )  # fmt: skip
    choose_rules(desk.ctx, rules=RuleSet.WESTERN_ELECTRIC, reason="Plan", actor=desk.actor("admin"))
    group = next(g for g in current(desk) if "dissolution_av" in g.shared.attributes)
    judged(desk, group, Outcome.CAUSE, record=EVENT)
    section, made = desk.ctx.outlines["apr_us"].section("finished_product_quality"), pack(desk)
    sentences = desk.ctx.drafter.draft(section, made).sentences
    told = "\n".join(s.text for s in sentences)
    for words in (
        "Limits of a baseline",
        "difference that matters",
        "in a pattern of Western Electric",
        "Persons disposed of",
    ):
        assert words in told
    listed = [(str(i), sentence, Origin.MACHINE) for i, sentence in enumerate(sentences)]
    assert [f.message for f in check_section(listed, made, section, ()) if f.severity is Severity.BLOCKS] == []


@ON_ONE_ENGINE
def test_a_group_is_open_again_where_its_signals_change(desk: Desk, tmp_path: Path) -> None:
    runs = [r for g in current(desk) for r in g.runs if r.group.attribute == "dissolution_av"]
    several = next(r for r in runs if r.group.signals > 1)
    for group in current(desk):
        judged(desk, group)
    assert not any(g.open for g in current(desk))
    correct(desk, tmp_path, batch=json.loads(several.content)[0][0])
    waiting = [r for g in current(desk) for r in g.open]
    assert {r.group.attribute for r in waiting} == {"dissolution_av"}
    assert {r.before.reason for r in waiting if r.before} == {"Looked at in the batch records"}
    assert any("its signals changed since they were disposed of" in g.told for g in current(desk) if g.open)


def test_a_disposition_names_a_record_that_exists_where_it_needs_one(desk: Desk) -> None:
    group = current(desk)[0]
    for outcome, record, problem in (
        (Outcome.CAUSE, "", Invalid),
        (Outcome.INVESTIGATE, "", Invalid),
        (Outcome.INVESTIGATE, "deviation/DEV-9999-999", NotFound),
        (Outcome.INVESTIGATE, "change_control/CC-2020-002", Invalid),
        (Outcome.CHANGE, "nothing", NotFound),
    ):
        with pytest.raises(problem):
            judged(desk, group, outcome, record=record)
    with pytest.raises(Invalid):
        judged(desk, group, reason="")
    with pytest.raises(Stale):
        judged(desk, replace(group, runs=group.runs[:0]))
    for name in ("auditor", "admin"):
        with pytest.raises(NotPermitted):
            judged(desk, group, name=name)
    judged(desk, group, Outcome.CAUSE, record="change_control/CC-2020-002", name="reviewer")
    judged(desk, next(g for g in current(desk) if g.key == group.key), Outcome.MEASUREMENT, name="approver")
    held = next(g for g in current(desk) if g.key == group.key)
    assert {r.disposition.outcome for r in held.runs if r.disposition} == {Outcome.MEASUREMENT}  # the last one counts


def test_the_store_is_held_against_the_trail(desk: Desk) -> None:
    approve(desk)
    judged(desk, current(desk)[0])
    changes = ("UPDATE chart_decisions SET reason = 'Other'", "UPDATE signal_dispositions SET outcome = 'measurement'")
    for statement in changes:
        with pytest.raises(Exception, match="append-only"):
            desk.ctx.database.write(lambda conn, sql=statement: conn.execute(text(sql)))
    with desk.ctx.database.read() as conn:
        verdict = verify_home(conn)
    assert verdict.integrity is State.INTACT
    _unguarded(desk, changes)
    with desk.ctx.database.read() as conn:
        findings = [f.message for f in verify_home(conn).findings]
    assert any("chart_decisions of chart.baseline_approved by approver are not what was written" in m for m in findings)
    assert any("signal_dispositions of chart.signals_disposed by writer are not what was written" in m for m in findings)


def _unguarded(desk: Desk, changes: tuple[str, ...]) -> None:
    """Change rows past the triggers, as somebody with the database's own rights would."""
    for statement in changes:
        name = statement.split()[1]
        if desk.ctx.database.dialect_name == "sqlite":
            desk.ctx.database.write(lambda conn, name=name: conn.execute(text(f"DROP TRIGGER {name}_no_update")))
        else:
            desk.ctx.database.write(lambda conn, name=name: conn.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER")))
        desk.ctx.database.write(lambda conn, sql=statement: conn.execute(text(sql)))
