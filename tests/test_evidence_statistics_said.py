"""What the statistical sections say: extremes for percentiles, changes that bear, poolability, moving ranges, lots rejected, causes and CAPAs."""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from corpus.ingest import ingest
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context
from drafting.documents.charts import chart_spec
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import Loaded, ReportScope, load
from drafting.model import EvidencePack

SAMPLES = Path(str(files("corpus") / "samples"))
YEAR = ReportScope("y", "apr_us", "17", "2020-05-01", "2021-04-30")
SCOPES = (
    YEAR, ReportScope("m", "pqr_eu", "17", "2019-05-01", "2020-04-30"), ReportScope("t", "pqr_eu", "23", "2019-05-01", "2020-04-30"),
    ReportScope("d", "deviation", "17", "2019-11-01", "2020-11-25", None, "DEV-2020-014"),
    ReportScope("e", "deviation", "17", "2019-05-01", "2021-04-12", None, "DEV-2021-007"),
)  # fmt: skip
FIELDS = re.compile(r"\b[a-z]+\d*(?:_[a-z0-9]+)+\b", re.IGNORECASE)  # the name of a field, an attribute or a value of a list
FEWEST_REJECTED = 8


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    ctx = open_context(settings_from({}, home=str(tmp_path_factory.mktemp("home"))))
    actor = service_account(ctx).actor()
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=[SAMPLES], profiles=ctx.profiles, actor=actor, zone="UTC")
    yield ctx
    close_context(ctx)


def loaded_of(home: Context, scope: ReportScope) -> Loaded:
    with home.database.read() as conn:
        return load(conn, scope)


@pytest.fixture(scope="module")
def year(home: Context) -> Loaded:
    return loaded_of(home, YEAR)


def pack(home: Context, loaded: Loaded, key: str) -> EvidencePack:
    return pack_of(loaded, home.outlines[loaded.scope.kind].section(key))


def said(home: Context, loaded: Loaded, key: str) -> list[str]:
    section = home.outlines[loaded.scope.kind].section(key)
    return [s.text for s in home.drafter.draft(section, pack_of(loaded, section)).sentences]


def starting(lines: list[str], start: str) -> str:
    return next(line for line in lines if line.startswith(start))


def drawn_rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of data of a chart's definition, wherever in it they stand."""
    found: list[dict[str, Any]] = []
    for value in spec.values():
        if isinstance(value, dict):
            found += drawn_rows(value)
        elif isinstance(value, list):
            found += [row for row in value if isinstance(row, dict) and "batch" in row]
            found += [inner for part in value if isinstance(part, dict) for inner in drawn_rows(part)]
    return found


@pytest.mark.parametrize("scope", SCOPES, ids=lambda s: s.id)
def test_no_sentence_or_note_shows_a_name_that_only_the_program_uses(home: Context, scope: ReportScope) -> None:
    loaded = loaded_of(home, scope)
    bare: list[str] = []
    for section in home.outlines[scope.kind].sections:
        made = pack_of(loaded, section)
        drafted = [s.text for s in home.drafter.draft(section, made).sentences] if section.machine else []
        bare += [text for text in (*drafted, *made.notes) if FIELDS.search(re.sub(r'"[^"]*"', "", text))]
    assert not bare


def test_an_attribute_without_a_label_is_called_by_its_header_in_quotes(home: Context, year: Loaded) -> None:
    assert "fom_mean" not in year.labels
    header = year.measurements["srel_production_mean"][0].column
    assert header != "srel_production_mean"
    lines = said(home, year, "critical_process_parameters")
    assert any(f'"{header}"' in line for line in lines)
    assert starting(said(home, year, "oos_oot"), "OOS-2020-016").startswith(
        "OOS-2020-016: batch 804, core weight RSD 3.56 %"
    )


def test_percentiles_of_few_values_are_called_their_extremes_and_every_index_has_its_n(home: Context, year: Loaded) -> None:
    for key in ("finished_product_quality", "starting_and_packaging_materials"):
        lines, facts = said(home, year, key), pack(home, year, key).facts
        assert all("n = " in part for line in lines if "with Ppk" in line for part in line.split("; ")[1:])
        resting = [f for name, f in facts.items() if name.endswith(".tail_reached")]
        told = next(
            (line for line in lines if line.startswith("Their outer percentiles are the extremes of few values")), ""
        )
        assert bool(told) == bool(resting) == (key == "finished_product_quality")  # of lots there are fewer than 50
        for fact in resting:
            reached = 100 * (1 - stats.binom.pmf(0, fact.n, 0.00135))
            assert float(fact.exact) == pytest.approx(reached)
            assert f"{reached:.0f} % where n = {fact.n}" in told
    table = next(t for t in pack(home, year, "starting_and_packaging_materials").tables if t.id.startswith("control."))
    content = next(row for row in table.rows if row[0].endswith("api_content"))
    assert (content[table.columns.index("n")], content[5]) == ("42", "-")
    assert "normality is rejected" in content[-1]
    assert "42 values are too few for percentiles, which need 50" in content[-1]


def test_an_index_of_lots_rests_on_lots(home: Context, year: Loaded) -> None:
    made = pack(home, year, "starting_and_packaging_materials")
    assert made.facts["api_total_impurities.ppk_lots"].n == int(made.facts["api_total_impurities.lots.count"].exact) == 39
    assert made.facts["api_total_impurities.ppk"].n == 124
    before = next(t for t in made.tables if t.id.startswith("before."))
    row = next(r for r in before.rows if r[0].endswith("api_l_impurity"))
    mean, earlier, difference = float(row[5]), float(row[4]), float(row[6].split(" ")[0])
    assert mean - earlier == pytest.approx(difference, abs=0.001)


def test_moving_ranges_beyond_their_limit_are_counted_said_and_marked(home: Context, year: Loaded) -> None:
    made = pack(home, year, "finished_product_quality")
    for attribute in ("dissolution_av", "impurities_total"):
        values = [float(m.value) for m in year.measurements[attribute] if m.value is not None]
        moved = [abs(b - a) for a, b in pairwise(values)]
        limit = (1 + 3 * (3.141592653589793 / 2 - 1) ** 0.5) * sum(moved) / len(moved)
        assert made.facts[f"{attribute}.range_signals"].exact == str(sum(m > limit for m in moved))
        drawn = next(c for c in made.charts if c.attribute == attribute)
        upper = float(drawn.moving_range_upper)
        beyond = [i for i, m in enumerate(moved, start=1) if m > upper]
        assert [i for i, point in enumerate(drawn.points) if point.range_signal] == beyond
        assert f"{len(beyond)} moving range(s) above their limit" in drawn.method
        marked = [row for row in drawn_rows(chart_spec(drawn)) if row.get("range state") == "signal"]
        assert {row["batch"] for row in marked} == {drawn.points[i].batch for i in beyond}
    line = starting(said(home, year, "finished_product_quality"), "Moving ranges above the limit")
    assert f"dissolution (average): {made.facts['dissolution_av.range_signals'].exact}" in line


def test_changes_that_cannot_bear_on_a_result_are_named_with_the_reason_and_not_compared(
    home: Context, year: Loaded
) -> None:
    made, lines = pack(home, year, "changes"), said(home, year, "changes")
    compared = {change for name, f in made.facts.items() if name.endswith(".difference") for change in f.inputs["changes"]}
    assert compared == {"CC-2020-002", "CC-2020-003", "CC-2020-005", "CC-2020-006"}
    line = starting(lines, "Results are not compared for these changes")
    for change, why in (
        ("CC-2020-004", "recorded as suspended"),
        ("CC-2020-001", "a limit, and no step of manufacture"),
        ("CC-2020-008", "after the last step that is measured: Packaging"),
        ("CC-2020-009", "a version of a model in use"),
        ("CC-2021-001", "recorded as proposed, without a first batch"),
    ):
        assert f"{change} ({why})" in line
    every = {r.identifier for r in year.in_scope("change_control")}
    table = next(t for t in made.tables if t.id == "not_compared")
    assert compared | {row[0] for row in table.rows} == every


def test_changes_of_one_batch_are_one_comparison_and_a_change_of_coating_has_no_say_on_cores(
    home: Context, year: Loaded
) -> None:
    facts = pack(home, year, "changes").facts
    coated, core = (
        facts[f"effect.CC-2020-00{n}.{a}.difference"] for n, a in ((5, "impurities_total"), (6, "tbl_rsd_weight"))
    )
    assert (coated.inputs["changes"], core.inputs["changes"]) == (["CC-2020-005", "CC-2020-006"], ["CC-2020-006"])
    assert "effect.CC-2020-006.impurities_total.difference" not in facts
    assert "effect.CC-2020-005.tbl_rsd_weight.difference" not in facts
    line = starting(said(home, year, "changes"), "From the first batch of CC-2020-005 and CC-2020-006")
    assert line.endswith("not told apart from CC-2020-003, begun within the same batches.")


def test_poolability_is_told_with_its_p_its_error_and_the_batch_that_governs(home: Context, year: Loaded) -> None:
    made, lines = pack(home, year, "stability"), said(home, year, "stability")
    row = next(r for r in next(t for t in made.tables if t.id == "shelf_life").rows if r[0].startswith("Dissolution"))
    line = starting(lines, "For dissolution (average)")
    assert f"slopes (p {row[6]}) and intercepts (p {row[7]}) of 16 results at a level of 0.25" in line
    assert row[8] in line
    assert "(pooled over the batches, 12 degrees of freedom)" in line  # 16 results, three intercepts and a slope
    assert f"batch {row[11]} governs, whose confidence bound meets the limit after {row[10].split('.')[0]} months" in line
    assert "ends at 36 months at most" in line
    assert any("without a result, as the pull was missed: 3" in text for text in lines)


def test_what_is_due_on_the_last_day_of_the_period_is_not_overdue(home: Context, year: Loaded) -> None:
    facts = pack(home, year, "equipment_and_utilities").facts
    table = next(t for t in pack(home, year, "equipment_and_utilities").tables if t.id == "due.equipment")
    assert [(row[0], row[3]) for row in table.rows if row[2] == "2021-04-30"] == [("DT-02", "due soon")]
    assert facts["equipment.overdue"].exact == str(sum(row[3] == "overdue" for row in table.rows))


def test_lots_received_are_counted_and_none_rejected_has_an_upper_bound(home: Context, year: Loaded) -> None:
    facts = pack(home, year, "starting_and_packaging_materials").facts
    received = [r for r in year.of("material_lot") if "2020-05-01" <= r.get("received_on") <= "2021-04-30"]
    n = len(received)
    assert (facts["lots.received"].exact, facts["lots.rejected"].exact) == (str(n), "0")
    assert float(facts["lots.share_high"].exact) == pytest.approx(100 * stats.beta.ppf(0.975, 1, n))
    assert "lots.share" not in facts
    line = starting(said(home, year, "starting_and_packaging_materials"), f"Of {n} lots received in the period, 0")
    assert "does not exclude a share of up to" in line


LOT = "lot_id;material;supplier;supplier_status;received_on;released_on;disposition;new_source;origin"


def lots(folder: Path, rejected: set[int]) -> Path:
    rows = [
        f"API-9-{i};api;{'Supplier A1' if i % 4 else 'Supplier A9'};approved;2020-{5 + i % 8:02d}-10;;"
        f"{'rejected' if i in rejected else 'released'};no;synthetic"
        for i in range(32)
    ]
    target = folder / "material_lot.csv"
    target.write_text("\n".join((LOT, *rows)) + "\n", encoding="utf-8")
    return target


def materials_of(folder: Path, rejected: set[int]) -> tuple[EvidencePack, list[str]]:
    folder.mkdir()
    ctx = open_context(settings_from({}, home=str(folder / "home")))
    actor = service_account(ctx).actor()
    kept = [p for p in sorted(SAMPLES.rglob("*")) if p.is_file() and p.name != "material_lot.csv"]
    paths = [*[p for p in kept if "synthetic" not in p.parts and p.suffix == ".csv"], lots(folder, rejected)]
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=actor, zone="UTC")
    loaded = loaded_of(ctx, YEAR)
    key = "starting_and_packaging_materials"
    found = pack(ctx, loaded, key), said(ctx, loaded, key)
    close_context(ctx)
    return found


def test_rejected_lots_are_counts_where_few_and_a_chart_with_exact_shares_where_many(tmp_path: Path) -> None:
    few, told = materials_of(tmp_path / "few", {1})
    assert not [c for c in few.charts if c.id == "p.lots"]
    assert any(line == "Lot API-9-1 (api of Supplier A1) was recorded as rejected." for line in told)
    many = set(range(1, 1 + 2 * FEWEST_REJECTED, 2))
    made, told = materials_of(tmp_path / "many", many)
    (drawn,) = [c for c in made.charts if c.id == "p.lots"]
    assert (drawn.kind, float(drawn.centre)) == ("p", pytest.approx(len(many) / 32, abs=0.001))
    interval = stats.binomtest(len(many), 32).proportion_ci(method="exact")
    line = starting(told, "Of 32 lots received in the period")
    assert f"(interval {100 * interval.low:.1f} % to {100 * interval.high:.1f} %)" in line
    by_supplier = starting(told, "Lots rejected of suppliers")
    assert "Supplier A1: 8 of 24 lots" in by_supplier
    assert "Supplier A9" not in by_supplier  # eight lots: counts stand in the table
    table = next(t for t in made.tables if t.id == "lots_received")
    assert [row[2:] for row in table.rows if row[1] == "Supplier A9"] == [("8", "8", "0", "0", "-")]


def test_a_deviation_and_its_capa_say_each_other_in_both_sections(home: Context, year: Loaded) -> None:
    deviation = starting(said(home, year, "deviations"), "DEV-2020-013 ")
    assert (
        "linked to it: CAPA-2020-009 (closed 2020-11-19, effect as recorded: not effective, see DEV-2020-014)" in deviation
    )
    assert deviation.endswith("root cause as recorded (confirmed): Operator weighed an incomplete sample.")
    assert "a CAPA is not on record" in starting(said(home, year, "deviations"), "DEV-2020-009 ")
    action = starting(said(home, year, "capa_effectiveness"), "CAPA-2020-009 ")
    assert action.startswith("CAPA-2020-009 for DEV-2020-013, cause as recorded: operator weighed an incomplete sample")


def test_what_recurred_after_an_effective_capa_is_said_through_every_step_of_the_chain(home: Context, year: Loaded) -> None:
    made, lines = pack(home, year, "capa_effectiveness"), said(home, year, "capa_effectiveness")
    by_name = {r.identifier: r for r in year.of("deviation")}
    actions = [r for r in year.of("capa") if r.get("closed_on")]

    def chain(name: str) -> list[str]:
        before = by_name[name].get("recurring_of") if name in by_name else ""
        return [before, *chain(before)] if before else []

    again = {
        d.identifier: [
            a for a in actions if a.get("deviation_id") in chain(d.identifier) and a.get("closed_on") < (d.date or "")
        ]
        for d in year.in_scope("deviation")
    }
    again = {name: found for name, found in again.items() if found}
    effective = [n for n, found in again.items() if any(a.get("effectiveness_result") == "effective" for a in found)]
    assert (made.facts["recurred.count"].exact, made.facts["recurred.effective"].exact) == (
        str(len(again)),
        str(len(effective)),
    )
    assert "DEV-2021-007" in effective  # by way of DEV-2020-015
    assert "CAPA-2020-002 (closed 2020-06-22, effect as recorded: effective) for DEV-2020-002" in starting(
        lines, "DEV-2021-007 came"
    )
    assert {name for name in by_name if any(line.startswith(f"{name} came after") for line in lines)} == set(again)


def test_deviations_of_the_period_add_up(home: Context, year: Loaded) -> None:
    facts = pack(home, year, "deviations").facts
    parts = [int(facts[f"deviation.{part}"].exact) for part in ("closed", "open_at_end", "opened_later")]
    assert sum(parts) == int(facts["deviation.count"].exact)


def test_figures_are_given_to_one_place_more_than_reported(home: Context, year: Loaded) -> None:
    for key in ("finished_product_quality", "changes"):
        facts = pack(home, year, key).facts
        for name, fact in facts.items():
            if not name.endswith((".difference", ".difference_low", ".difference_high")):
                continue
            attribute = name.split(".")[-2]
            reported = max(len(m.literal.partition(".")[2]) for m in year.measurements[attribute] if m.value is not None)
            places, stem = min(reported, 3) + 1, name.removesuffix("_low").removesuffix("_high")
            ends = [float(facts[f"{stem}_{end}"].exact) for end in ("low", "high")]
            hidden = ends[0] * ends[1] > 0 and any(round(end, places) == 0 for end in ends)
            assert hidden or len(fact.value.partition(".")[2]) <= places, name
            if ends[0] * ends[1] > 0:
                assert float(fact.value) != 0


def test_a_deviation_report_links_cause_and_capa_from_both_sides(home: Context) -> None:
    loaded = loaded_of(home, SCOPES[3])
    cause = starting(said(home, loaded, "root_cause"), "The event is DEV-2020-014")
    assert "linked to it: CAPA-2020-010 (closed 2020-12-16, effect as recorded: effective)" in cause
    earlier = starting(said(home, loaded, "history_review"), "DEV-2020-013")
    assert "CAPA-2020-009 (closed 2020-11-19, effect as recorded: not effective, see DEV-2020-014)" in earlier
    table = next(t for t in pack(home, loaded, "capa").tables if t.id == "linked_actions")
    assert [row[2] for row in table.rows] == ["CAPA-2020-010", "CAPA-2020-011", "CAPA-2021-001"]
