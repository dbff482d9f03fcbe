"""What sections say of many attributes, rates, changes, stability, lots and dates: held against computations that are not ours."""

import csv
import json
import math
import statistics
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from scipy import stats

from corpus.ingest import ingest
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.checks.engine import check_section
from drafting.context import Context
from drafting.evidence.drawn import chart
from drafting.evidence.pack import pack_of
from drafting.evidence.reading import Reading, index_told, read
from drafting.evidence.scope import Loaded, ReportScope, load, months_before
from drafting.model import EvidencePack, Origin, Severity
from drafting.statistics.exact import p_shown

SAMPLES = Path(str(files("corpus") / "samples"))
YEAR = ReportScope("y", "apr_us", "17", "2020-05-01", "2021-04-30")
EVENT = ReportScope("d", "deviation", "17", "2019-11-01", "2020-11-25", None, "DEV-2020-014")
MEASURED = ("starting_and_packaging_materials", "critical_process_parameters", "finished_product_quality")
MOST_SENTENCES = 17


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    ctx = open_context(settings_from({}, home=str(tmp_path_factory.mktemp("home"))))
    actor = service_account(ctx).actor()
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=[SAMPLES], profiles=ctx.profiles, actor=actor, zone="UTC")
    yield ctx
    close_context(ctx)


@pytest.fixture(scope="module")
def year(home: Context) -> Loaded:
    with home.database.read() as conn:
        return load(conn, YEAR)


@pytest.fixture(scope="module")
def event(home: Context) -> Loaded:
    with home.database.read() as conn:
        return load(conn, EVENT)


def pack(home: Context, loaded: Loaded, key: str) -> EvidencePack:
    return pack_of(loaded, home.outlines[loaded.scope.kind].section(key))


def said(home: Context, loaded: Loaded, key: str) -> list[str]:
    section = home.outlines[loaded.scope.kind].section(key)
    return [s.text for s in home.drafter.draft(section, pack_of(loaded, section)).sentences]


def known(loaded: Loaded, attribute: str, *, earlier: bool = False) -> list[float]:
    found = (loaded.earlier if earlier else loaded.measurements)[attribute]
    return [float(m.value) for m in found if m.value is not None]


def reading(loaded: Loaded, attribute: str) -> Reading:
    found = read(loaded, attribute)
    assert found
    return found


def limits(values: list[float]) -> tuple[float, float]:
    moved = statistics.fmean(abs(b - a) for a, b in pairwise(values)) / (2 / math.sqrt(math.pi))
    return statistics.fmean(values) - 3 * moved, statistics.fmean(values) + 3 * moved


@pytest.mark.parametrize(
    ("product", "start"), [("17", "2020-05-01"), ("17", "2019-05-01"), ("23", "2019-05-01"), ("7", "2020-01-01")]
)
def test_sections_on_attributes_are_few_sentences_without_a_finding(home: Context, product: str, start: str) -> None:
    with home.database.read() as conn:
        loaded = load(conn, ReportScope("r", "pqr_eu", product, start, months_before(start, -12)))
    for key in MEASURED:
        section = home.outlines["pqr_eu"].section(key)
        made = pack_of(loaded, section)
        draft = home.drafter.draft(section, made)
        assert 0 < len(draft.sentences) <= MOST_SENTENCES
        listed = [(str(i), sentence, Origin.MACHINE) for i, sentence in enumerate(draft.sentences)]
        assert not [f for f in check_section(listed, made, section, ()) if f.severity is Severity.BLOCKS]


def test_limits_are_frozen_on_the_twelve_months_before_and_hold_against_this_period(home: Context, year: Loaded) -> None:
    before, now = known(year, "dissolution_av", earlier=True), known(year, "dissolution_av")
    low, high = limits(before)
    beyond = [i for i, value in enumerate(now) if not low <= value <= high]
    found = reading(year, "dissolution_av")
    assert found.frozen
    assert (found.frozen.n, list(found.frozen.beyond)) == (len(before), beyond)
    facts = pack(home, year, "finished_product_quality").facts
    assert facts["dissolution_av.baseline_signals"].exact == str(len(beyond))
    assert float(facts["dissolution_av.baseline_upper"].exact) == pytest.approx(high)
    assert "2019-05-01 to 2020-04-30" in facts["dissolution_av.baseline_signals"].method
    own_low, own_high = limits(now)
    assert facts["dissolution_av.signals"].exact == str(sum(not own_low <= value <= own_high for value in now))
    drawn = next(c for c in pack(home, year, "finished_product_quality").charts if c.attribute == "dissolution_av")
    assert sum(p.signal for p in drawn.points) == len(beyond)
    assert [p.batch for p in drawn.points if "CC-2020-002" in p.change] == ["714"]


def test_a_first_period_has_limits_of_its_own_and_says_so(home: Context) -> None:
    with home.database.read() as conn:
        loaded = load(conn, ReportScope("r", "apr_us", "17", "2018-11-01", "2019-10-31"))
    found = reading(loaded, "dissolution_av")
    assert found.frozen is None
    assert found.charted == found.limits
    told = said(home, loaded, "finished_product_quality")
    assert "The period from 2017-11-01 to 2018-10-31 has too few values to freeze control limits on." in told


def test_the_shift_equals_welch_and_only_what_excludes_zero_is_named(home: Context, year: Loaded) -> None:
    facts = pack(home, year, "finished_product_quality").facts
    for attribute in ("dissolution_av", "residual_solvent", "impurities_total"):
        now, before = known(year, attribute), known(year, attribute, earlier=True)
        welch = stats.ttest_ind(now, before, equal_var=False)
        interval = welch.confidence_interval(0.95)
        assert float(facts[f"{attribute}.difference_low"].exact) == pytest.approx(interval.low)
        assert float(facts[f"{attribute}.difference_high"].exact) == pytest.approx(interval.high)
        assert facts[f"{attribute}.shifted"].exact == str(int(welch.pvalue < 0.05))
    (line,) = [text for text in said(home, year, "finished_product_quality") if text.startswith("Beside")]
    assert "residual solvent by -" in line
    assert "dissolution (average)" not in line


def test_an_index_that_is_not_valid_says_why(year: Loaded) -> None:
    assert index_told(reading(year, "dissolution_av")) == (
        "not valid while unstable; not normal; percentiles are the extremes; autocorrelated"
    )
    assert "most values are the same" in index_told(reading(year, "impurity_l"))
    assert not index_told(reading(year, "tbl_fill_mean"))  # no specification asks for one


def test_what_is_measured_on_a_lot_counts_once_a_lot(home: Context, year: Loaded) -> None:
    facts = pack(home, year, "starting_and_packaging_materials").facts
    lots = {(b.get("api_code"), b.get("api_batch")) for b in year.batches}
    assert int(facts["api_content.lots.count"].exact) == len(lots) == 42
    assert facts["api_content.n"].exact == "134"


def test_rates_have_exact_intervals_and_nothing_seen_has_an_upper_bound(home: Context, year: Loaded) -> None:
    facts = pack(home, year, "deviations").facts
    n, made = int(facts["deviation.count"].exact), 134
    assert float(facts["deviation.rate_low"].exact) == pytest.approx(100 * stats.chi2.ppf(0.025, 2 * n) / 2 / made)
    assert float(facts["deviation.rate_high"].exact) == pytest.approx(100 * stats.chi2.ppf(0.975, 2 * n + 2) / 2 / made)
    with home.database.read() as conn:
        quiet = load(conn, ReportScope("r", "apr_us", "17", "2018-11-01", "2019-04-30"))
    nothing = pack(home, quiet, "deviations")
    assert nothing.facts["deviation.count"].exact == "0"
    assert "deviation.rate_low" not in nothing.facts
    bound = 100 * -math.log(0.05) / len(quiet.batches)
    assert float(nothing.facts["deviation.rate_high"].exact) == pytest.approx(bound)
    assert any(text.startswith("What the data do not exclude is a rate up to") for text in said(home, quiet, "deviations"))


def test_every_event_stands_on_its_chart_of_counts(home: Context, year: Loaded) -> None:
    for key, kind, total in (("deviations", "deviation", 134), ("oos_oot", "oos", 134)):
        made = pack(home, year, key)
        chart = next(c for c in made.charts if c.id == f"u.{kind}")
        assert float(chart.centre) == pytest.approx(int(made.facts[f"{kind}.count"].exact) / total, abs=0.001)
        for point in chart.points:
            assert float(point.lower) <= float(chart.centre) <= float(point.upper)
    pareto = next(t for t in pack(home, year, "deviations").tables if t.id == "pareto.deviation")
    numbers = [int(row[1]) for row in pareto.rows]
    assert numbers == sorted(numbers, reverse=True)
    assert (sum(numbers), pareto.rows[-1][3]) == (22, "100.0")


def test_changes_are_compared_by_the_thirty_batches_on_each_side(home: Context, year: Loaded) -> None:
    facts = pack(home, year, "changes").facts
    order = [b.identifier for b in year.of("batch")]
    every = {
        m.batch: float(m.value)
        for part in (year.earlier, year.measurements)
        for m in part["dissolution_av"]
        if m.value is not None
    }
    values = [(order.index(b), value) for b, value in every.items()]
    at = order.index("714")
    before = [v for i, v in sorted(values) if i < at][-30:]
    after = [v for i, v in sorted(values) if i >= at][:30]
    fact = facts["effect.CC-2020-002.dissolution_av.difference"]
    assert float(fact.exact) == pytest.approx(statistics.fmean(after) - statistics.fmean(before))
    assert fact.inputs["beyond"] == bool(stats.ttest_ind(after, before, equal_var=False).pvalue < 0.05)


def test_stability_counts_from_the_start_of_the_study_and_tells_what_was_missed(home: Context, year: Loaded) -> None:
    made = pack(home, year, "stability")
    until = [
        r
        for r in year.of("stability_result")
        if (r.date or "") <= "2021-04-30" and r.get("attribute") == "dissolution_av" and r.get("result")
    ]
    assert made.facts["shelf_life.1.results"].exact == str(len(until))
    missed = [r for r in year.in_scope("stability_result") if "missed" in r.get("status")]
    assert [len(missed), {(r.get("study_id"), r.get("month")) for r in missed}] == [3, {("STB-2020-01", "9")}]
    assert "In the period 1 pull was recorded as missed." in said(home, year, "stability")
    printed = {cell for row in next(t for t in made.tables if t.id == "shelf_life").rows for cell in row[6:8]}
    assert "0.000" not in printed
    assert p_shown(Decimal("0.0004")) == "<0.001"
    (fired,) = next(t for t in made.tables if t.id == "stability.trend").rows
    assert fired[:4] == ("STB-2019-02", "370", "Dissolution (average) · dissolution_av", "12")


def test_what_is_due_is_counted_at_the_end_of_the_period(home: Context, year: Loaded) -> None:
    late = [
        r
        for r in year.of("equipment")
        for name in ("requalification_due", "calibration_due")
        if "" < r.get(name) < "2021-04-30"
    ]
    assert pack(home, year, "equipment_and_utilities").facts["equipment.overdue"].exact == str(len(late))
    rows = next(t for t in pack(home, year, "outsourced_and_agreements").tables if t.id == "due.agreement").rows
    assert [(row[0], row[2], row[3]) for row in rows] == [("AGR-006", "2021-03-05", "overdue")]


def test_the_scope_states_the_date_that_decides_each_kind_and_the_column_of_each_attribute(
    home: Context, year: Loaded
) -> None:
    tables = {t.id: t for t in pack(home, year, "scope_and_method").tables}
    decides = {row[0]: row[1] for row in tables["dates"].rows}
    assert decides["Deviations"] == "occurred at"
    assert decides["Batches"] == "start of manufacture (month only)"
    assert decides["Equipment"] == "none: the register as it stands"
    assert ("residual_solvent", "residual solvent", "resodual_solvent", "Laboratory.csv", "%") in tables[
        "attribute_names"
    ].rows


def test_the_extent_follows_a_lot_into_every_product(home: Context, event: Loaded) -> None:
    made = pack(home, event, "extent_of_condition")
    sharing = next(t for t in made.tables if t.id == "sharing")
    assert [(row[0], row[1]) for row in sharing.rows] == [
        ("823", "17"),
        ("824", "17"),
        ("826", "17"),
        ("827", "17"),
        ("828", "13"),
    ]
    assert made.facts["extent.other_products"].exact == "1"
    genealogy = {row[0]: row[1:] for row in next(t for t in made.tables if t.id == "genealogy").rows}
    assert genealogy["api"] == ("API-3-202", "825", "4: 823 to 827", "828")
    assert {("DEV-2020-013", "17"), ("DEV-2021-002", "13"), ("DEV-2021-003", "17")} == {
        row[:2] for row in next(t for t in made.tables if t.id == "same_equipment").rows
    }


def test_a_batch_is_held_against_the_thirty_before(home: Context, event: Loaded) -> None:
    facts = pack(home, event, "data_review").facts
    order = [b.identifier for b in event.of("batch")]
    values = [(order.index(m.batch), float(m.value)) for m in event.measurements["tbl_rsd_weight"] if m.value is not None]
    before = [v for i, v in sorted(values) if i < order.index("825")][-30:]
    away = (5.91 - statistics.fmean(before)) / statistics.stdev(before)
    assert facts["recent.tbl_rsd_weight.825.n"].exact == "30"
    assert float(facts["recent.tbl_rsd_weight.825.away"].exact) == pytest.approx(away)
    text = said(home, event, "data_review")[-1]
    assert text.startswith(
        "Batch 825 gave 5.91 % for core weight RSD against the limit (not more than 3.50 %); 30 batches before it"
    )


def test_the_history_is_searched_over_every_product(home: Context, event: Loaded) -> None:
    with (SAMPLES / "synthetic" / "deviation.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [r for r in csv.DictReader(stream, delimiter=";") if "2018-11-25" <= r["occurred_at"][:10] <= "2020-11-25"]
    alike = {
        r["deviation_id"]: r["product_code"]
        for r in rows
        if r["deviation_id"] != "DEV-2020-014" and (r["category"] == "weight uniformity" or r["equipment_id"] == "IPC-02")
    }
    assert alike["DEV-2020-001"] == "13"
    made = pack(home, event, "history_review")
    assert {row[0]: row[1] for row in next(t for t in made.tables if t.id == "deviation").rows} == alike
    assert made.facts["history.hits"].exact == str(len(alike))
    assert made.facts["history.own"].exact == str(list(alike.values()).count("17"))
    text = said(home, event, "history_review")
    assert "of any product" in text[0]
    assert any(line.startswith("DEV-2020-001: ") for line in text)


def test_recurrence_is_stated_for_a_hundred_batches(home: Context, event: Loaded) -> None:
    facts = pack(home, event, "history_review").facts
    made = [b for b in event.of("batch") if "2018-11-25" <= f"{b.date}-01" <= "2020-11-25"]
    assert facts["history.batches"].exact == str(len(made))
    assert Decimal(facts["history.rate"].value) == round(Decimal(100 * int(facts["history.own"].exact)) / len(made), 1)
    gaps = pack(home, event, "timeline").facts
    assert Decimal(gaps["event_log.longest_gap"].exact) > 24
    assert int(gaps["event_log.gaps"].exact) >= 1


def test_a_pack_read_back_gives_the_same_sentences(home: Context, year: Loaded, event: Loaded) -> None:
    for loaded in (year, event):
        for section in (s for s in home.outlines[loaded.scope.kind].sections if s.machine):
            made = pack_of(loaded, section)
            again = EvidencePack.of(json.loads(made.text()), made.as_of)  # canonical: its keys are sorted
            drafts = [home.drafter.draft(section, one) for one in (again, made)]
            assert {s.text for s in drafts[0].sentences} == {s.text for s in drafts[1].sentences}, section.key


def test_an_action_due_on_the_last_day_is_not_overdue_and_a_check_of_its_effect_has_a_day_of_its_own(
    home: Context, year: Loaded
) -> None:
    made, text = pack(home, year, "capa_effectiveness"), said(home, year, "capa_effectiveness")
    tables = {t.id: [row[0] for row in t.rows] for t in made.tables}
    assert tables["capa.overdue"] == ["CAPA-2020-008"]
    assert "At the end of the period 1 CAPA was past its due date." in said(home, year, "executive_summary")
    unchecked = [r for r in year.of("capa") if r.identifier in tables["capa.unchecked"]]
    ahead = [r for r in unchecked if r.get("effectiveness_due_on") > "2021-04-30"]
    assert (made.facts["capa.check_not_yet_due"].exact, bool(ahead)) == (str(len(ahead)), True)
    line = next(t for t in text if t.startswith("CAPA-2021-002 ("))
    assert "(check of the effect due 2021-06-30, after the end of the period)" in line


def test_what_lies_outside_the_period_is_not_counted_in_it(home: Context, year: Loaded) -> None:
    (table,) = (t for t in pack(home, year, "finished_product_quality").tables if t.id == "specification")
    assert {row[0] for row in table.rows} == {"SP-20M-04"}
    assert "Effective until" in table.columns
    with home.database.read() as conn:
        july = load(conn, ReportScope("j", "apr_us", "17", "2020-07-01", "2020-07-31"))
    named = {r.identifier for r in year.in_scope("change_control")} - {r.identifier for r in july.in_scope("change_control")}
    assert "CC-2021-001" in named
    deviations = [r for r in year.in_scope("deviation") if (r.get("closed_on") or "9999") > "2021-04-30"]
    assert "DEV-2021-010" in {r.identifier for r in deviations}
    still_open = sum(r.get("opened_on") <= "2021-04-30" for r in deviations)
    assert pack(home, year, "deviations").facts["deviation.open_at_end"].exact == str(still_open)


def test_complaints_in_evaluation_are_not_counted_as_not_confirmed(home: Context, year: Loaded) -> None:
    facts = pack(home, year, "complaints").facts
    assert [facts[f"complaint.confirmed.{k}"].exact for k in ("no", "in_evaluation")] == ["5", "2"]
    assert any("not confirmed 5" in t and "still in evaluation 2" in t for t in said(home, year, "complaints"))


def test_a_grave_deviation_that_recurs_is_named_with_its_class_and_batch(home: Context, year: Loaded) -> None:
    grave = [r for r in year.in_scope("deviation") if r.get("recurring_of") and r.get("class") in ("major", "critical")]
    text = said(home, year, "deviations")
    assert grave
    for r in grave:
        line = next(t for t in text if t.startswith(r.identifier))
        assert f"was recorded as {r.get('class')} for batch {r.get('batch')}, and is recorded as a recurrence of" in line


def test_the_lag_is_told_of_every_attribute_and_the_shift_says_its_level(home: Context, year: Loaded) -> None:
    made, text = pack(home, year, "critical_process_parameters"), said(home, year, "critical_process_parameters")
    tables = {t.id.partition(".")[0]: t for t in made.tables if t.id.partition(".")[0] in ("control", "before")}
    bare = [row for row in tables["control"].rows if row[9] == "no specification"]
    assert bare
    assert all(row[8] != "-" for row in bare)
    correlated = 0
    for key in (k for k in made.facts if k.endswith(".lag_one")):
        values = known(year, key.removesuffix(".lag_one"))
        mean = statistics.fmean(values)
        lag = sum((a - mean) * (b - mean) for a, b in pairwise(values)) / sum((v - mean) ** 2 for v in values)
        assert float(made.facts[key].exact) == pytest.approx(lag)
        correlated += abs(lag) > 1.959964 / math.sqrt(len(values))
    assert int(made.facts["process.correlated"].exact) == correlated > 0
    assert any(f"Neighbouring values of {correlated} of " in t for t in text)
    assert any("moved beyond chance, at a level of 95 % for each by itself" in t for t in text)
    assert "not adjusted for the number of attributes" in tables["before"].note


def test_a_lower_limit_below_zero_is_none_where_no_value_can_lie_there(home: Context, year: Loaded) -> None:
    now, before = known(year, "total_waste"), known(year, "total_waste", earlier=True)
    assert min(now + before) >= 0 > limits(before)[0]
    control = next(t for t in pack(home, year, "critical_process_parameters").tables if t.id.startswith("control."))
    row = next(row for row in control.rows if row[0].endswith("total_waste"))
    assert row[3].startswith("none to ")
    assert "is given as none" in control.note
    drawn = chart(year, "total_waste")
    assert drawn
    assert (drawn.lower_control, "no lower limit" in drawn.method) == ("", True)
