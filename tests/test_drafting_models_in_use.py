"""Models in use: errors, drift, false rejects, seeded defects beside people, versions under change control, told from records alone."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import docx
import pytest
from office import Office
from scipy.stats import binomtest

from corpus.ingest import ingest
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.checks import engine
from drafting.context import Context
from drafting.documents.charts import chart_spec
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.evidence.pack import ledger_of, pack_of
from drafting.evidence.scope import Loaded, ReportScope, load
from drafting.exporting import export_report
from drafting.generate import draft_report
from drafting.model import Draft, EvidencePack, Finding, Origin, Severity
from drafting.queries import load as load_report
from prompts.outline import earlier_outlines

SAMPLES = Path(str(files("corpus") / "samples"))
YEAR = ReportScope("y", "apr_us", "17", "2020-05-01", "2021-04-30")
Row = dict[str, str]


def read(kind: str) -> list[Row]:
    text = (SAMPLES / "synthetic" / f"{kind}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Context]:
    ctx = open_context(settings_from({}, home=str(tmp_path / "home")))
    yield ctx
    close_context(ctx)


Bring = Callable[..., Loaded]


@pytest.fixture
def bring(home: Context, tmp_path: Path) -> Bring:
    """Import rows as files of their kinds, and read what a review of the year rests on."""

    def take(**kinds: list[Row]) -> Loaded:
        paths = []
        for kind, rows in kinds.items():
            path = tmp_path / f"{kind}.csv"
            header = read(kind)[0].keys()
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, header, delimiter=";", restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows({"origin": "synthetic", "product_code": "17", **row} for row in rows)
            paths.append(path)
        made = bring_files(home, *paths)
        assert not made
        return loaded(home)

    return take


def bring_files(ctx: Context, *paths: Path) -> list[object]:
    actor = service_account(ctx).actor()
    made = ingest(ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=actor, zone="UTC")
    return list(made.refused)


def loaded(ctx: Context, product: str = "17") -> Loaded:
    with ctx.database.read() as conn:
        return replace(
            load(conn, replace(YEAR, product=product)), sources=None
        )  # of which kinds a file is missing is not asked here


def section(found: Loaded, ctx: Context) -> tuple[EvidencePack, Draft, tuple[Finding, ...]]:
    outline = ctx.outlines["apr_us"].section("models_in_use")
    pack = pack_of(found, outline)
    draft = DeterministicDrafter().draft(outline, pack)
    listed = [(str(n), sentence, Origin.MACHINE) for n, sentence in enumerate(draft.sentences)]
    return pack, draft, engine.check_section(listed, pack, outline, ledger_of(found, ctx.outlines["apr_us"], [pack]))


def told(draft: Draft) -> str:
    return "\n".join(sentence.text for sentence in draft.sentences)


def blocking(findings: tuple[Finding, ...]) -> list[str]:
    """Return what blocks; the other kinds of the review are accounted for by its other sections."""
    return [f.message for f in findings if f.severity is Severity.BLOCKS]


def prediction(number: int, day: str, **fields: str) -> Row:
    return {
        "prediction_id": f"PRD-2020-{number:04d}", "batch": str(600 + number), "model_id": "TWIN-09", "model_version": "1.0", "locked": "yes",
        "attribute": "dissolution_av", "predicted": "90.2", "measured": "90.0", "unit": "%", "error_limit": "1.0", "predicted_on": day, **fields,
    }  # fmt: skip


def run(number: int, day: str, **fields: str) -> Row:
    return {
        "run_id": f"AVR-2020-{number:04d}", "batch": str(600 + number), "machine": "AVI-09", "model_version": "m1", "locked": "yes",
        "units_inspected": "10000", "units_rejected": "60", "false_rejects": str(20 + number % 3), "run_on": day, **fields,
    }  # fmt: skip


def change(**fields: str) -> Row:
    return {
        "change_id": "CC-2020-050",
        "title": "Version 2.0",
        "type": "method",
        "proposed_on": "2020-06-01",
        "status": "closed",
        **fields,
    }


# the sample year


@pytest.fixture
def year(home: Context) -> tuple[Context, Loaded]:
    names = ("model_prediction", "inspection_run", "change_control")
    assert not bring_files(home, SAMPLES / "zagar" / "Laboratory.csv", *(SAMPLES / "synthetic" / f"{n}.csv" for n in names))
    return home, loaded(home)


def test_errors_by_version_equal_exact_fractions(year: tuple[Context, Loaded]) -> None:
    pack, draft, _ = section(year[1], year[0])
    for version in ("V1", "V2"):
        rows = [r for r in read("model_prediction") if (r["model_id"], r["model_version"]) == ("TWIN-01", version)]
        errors = [Fraction(r["predicted"]) - Fraction(r["measured"]) for r in rows]
        name = f"twin.TWIN-01.dissolution_av.{version}"
        assert pack.facts[f"{name}.predictions"].exact == str(len(rows))
        mean = sum(errors) / len(errors)
        assert abs(Fraction(pack.facts[f"{name}.mean_error"].value) - mean) <= Fraction(1, 2000)
        squared = sum(e * e for e in errors) / len(errors)
        assert abs(Fraction(pack.facts[f"{name}.rmse"].exact) ** 2 - squared) < Fraction(1, 10**40)
        spread = sum((e - mean) ** 2 for e in errors) / (len(errors) - 1)
        assert abs(Fraction(pack.facts[f"{name}.sd_error"].exact) ** 2 - spread) < Fraction(1, 10**40)
        assert pack.facts[f"{name}.within"].exact == str(sum(abs(e) <= 3 for e in errors))
    far = {
        r["prediction_id"]
        for r in read("model_prediction")
        if r["error_limit"] and abs(Decimal(r["predicted"]) - Decimal(r["measured"])) > 3
    }
    listed = next(t for t in pack.tables if t.id == "model_prediction.beyond")
    assert {row[0] for row in listed.rows} == far == {"PRD-2021-0054", "PRD-2021-0074"}
    assert "TWIN-01" in told(draft)


def test_the_drift_is_found_behind_the_change_of_version_and_not_before(year: tuple[Context, Loaded]) -> None:
    pack, draft, _ = section(year[1], year[0])
    name = "twin.TWIN-01.dissolution_av"
    assert [pack.facts[f"{name}.V1.{s}"].exact for s in ("signals", "drift.signals")] == ["0", "0"]
    assert pack.facts[f"{name}.V2.drift.signals"].exact == pack.facts[f"{name}.drift.signals"].exact == "26"
    low = Decimal(pack.facts[f"{name}.V2.moved_low"].exact)
    assert low > 0  # the interval of the difference leaves out zero
    drift = next(c for c in pack.charts if c.id == f"ewma.{name}")
    began = [i for i, p in enumerate(drift.points) if p.change]
    assert [drift.points[i].change for i in began] == ["version V2"]
    assert min(i for i, p in enumerate(drift.points) if p.signal) > began[0]
    assert "limits of the baseline 2020-05-01 to 2021-01-23 (n = 93)" in drift.method
    assert "synthetic records" in drift.method
    assert "26 signals of drift, the first at batch 936" in told(draft)


def test_false_rejects_are_charted_by_laney_against_the_first_version(year: tuple[Context, Loaded]) -> None:
    pack, _, _ = section(year[1], year[0])
    assert pack.facts["inspection.AVI-01.M1.signals"].exact == "0"
    assert int(pack.facts["inspection.AVI-01.M2.signals"].exact) > 20
    chart = next(c for c in pack.charts if c.kind == "p")
    assert "Laney's correction" in chart.method
    rows = [r for r in read("inspection_run") if r["model_version"] == "M2"]
    rate = Fraction(100 * sum(int(r["false_rejects"]) for r in rows), sum(int(r["units_inspected"]) for r in rows))
    assert abs(Fraction(pack.facts["inspection.AVI-01.M2.false_rate"].value) - rate) <= Fraction(1, 20000)
    spec = chart_spec(chart)
    assert len(spec["vconcat"]) == 1  # no moving ranges
    drawn = [
        layer["encoding"]["y"]["field"]
        for layer in spec["vconcat"][0]["layer"]
        if layer["encoding"].get("y", {}).get("field") in ("lower", "upper")
    ]
    assert drawn == ["lower", "upper"]


def test_machine_and_people_are_compared_on_the_same_kit(year: tuple[Context, Loaded]) -> None:
    pack, draft, _ = section(year[1], year[0])
    for version in ("M1", "M2"):
        rows = [r for r in read("inspection_run") if r["model_version"] == version and r["kit_id"]]
        found, presented = (sum(int(r[c]) for r in rows) for c in ("kit_found", "kit_presented"))
        name = f"inspection.AVI-01.{version}"
        assert [pack.facts[f"{name}.{s}"].exact for s in ("kit_found", "kit_presented")] == [str(found), str(presented)]
        exact = binomtest(found, presented).proportion_ci(method="exact")
        assert float(pack.facts[f"{name}.kit_share_low"].exact) == pytest.approx(100 * exact.low, abs=1e-7)
        assert float(pack.facts[f"{name}.kit_share_high"].exact) == pytest.approx(100 * exact.high, abs=1e-7)
        assert [pack.facts[f"{name}.human_{s}"].exact for s in ("found", "presented")] == [
            "221",
            "250",
        ]  # once, not each month
        difference = Decimal(found) / presented - Decimal(221) / 250
        assert Decimal(pack.facts[f"{name}.difference"].exact) == pytest.approx(100 * difference)
    assert "People found 221 of 250 defects of the same kits" in told(draft)


def test_each_version_names_its_change_control_and_nothing_blocks(year: tuple[Context, Loaded]) -> None:
    pack, draft, findings = section(year[1], year[0])
    assert blocking(findings) == []
    assert (
        "Version V2 of TWIN-01 was first used for batch 877, under change control CC-2020-009, effective 2021-01-25."
        in told(draft)
    )
    assert "Version M2 of AVI-01 was first used for batch 919, under change control CC-2020-010" in told(draft)
    assert [f.message for f in findings] == [
        "TWIN-02 version T1 is not recorded as locked (27 records): it may have changed between them."
    ]
    found, resolved = engine.numbers_of(draft.sentences)
    assert found == resolved > 60
    assert all(t.synthetic for t in pack.tables)


def test_the_ledger_counts_both_kinds(year: tuple[Context, Loaded]) -> None:
    pack, _, _ = section(year[1], year[0])
    lines = {line.kind: line.counts() for line in ledger_of(year[1], year[0].outlines["apr_us"], [pack])}
    for kind in ("model_prediction", "inspection_run"):
        number = len(read(kind))
        assert lines[kind] == {"in_scope": number, "included": number, "excluded": 0, "unaccounted": 0}
    without = ledger_of(year[1], year[0].outlines["apr_us"], [])
    assert {line.kind: len(line.unaccounted) for line in without if line.kind in lines}["model_prediction"] == len(
        read("model_prediction")
    )


def test_where_no_model_is_in_use_the_query_says_so_and_nothing_else(year: tuple[Context, Loaded]) -> None:
    pack, draft, findings = section(loaded(year[0], "23"), year[0])
    assert (
        told(draft)
        == "The query over the period found 0 model predictions.\nThe query over the period found 0 inspection runs."
    )
    assert (findings, pack.tables, pack.charts, pack.notes) == ((), (), (), ())


# versions under change control


@pytest.mark.parametrize(
    ("named", "controls", "says"),
    [
        ("", [change(effective_on="2020-06-10")], "names no change control"),
        ("CC-2020-099", [change(effective_on="2020-06-10")], "names CC-2020-099, which is no change control on record"),
        ("CC-2020-050", [change(approved_on="2020-06-10")], "which is not recorded as effective"),
        (
            "CC-2020-050",
            [change(effective_on="2020-07-01")],
            "was used on 2020-06-15, before CC-2020-050 was effective (2020-07-01)",
        ),
        ("CC-2020-050", [change(effective_on="2020-06-15")], ""),
    ],
)
@pytest.mark.parametrize("kind", ["model_prediction", "inspection_run"])
def test_a_version_without_a_change_control_in_order_blocks(
    home: Context, bring: Bring, kind: str, named: str, controls: list[Row], says: str
) -> None:
    made = prediction if kind == "model_prediction" else run
    rows = [made(1, "2020-06-01"), made(2, "2020-06-02"), made(3, "2020-06-15", model_version="2.0", change_id=named)]
    pack, draft, findings = section(bring(**{kind: rows, "change_control": controls}), home)
    found = blocking(findings)
    assert len(found) == bool(says)
    assert all(says in message and rows[2][next(iter(rows[2]))] in message for message in found)
    assert pack.facts["model_versions.without_control"].exact == str(len(found))
    assert ("under change control CC-2020-050" in told(draft)) == (named == "CC-2020-050")


def test_a_version_that_comes_back_is_a_change_too(home: Context, bring: Bring) -> None:
    rows = [
        prediction(1, "2020-06-01"),
        prediction(2, "2020-06-10", model_version="2.0", change_id="CC-2020-050"),
        prediction(3, "2020-06-20"),
    ]
    _, _, findings = section(bring(model_prediction=rows, change_control=[change(effective_on="2020-06-10")]), home)
    assert [m for m in blocking(findings) if "Version 1.0 of TWIN-09, in the place of 2.0 since 2020-06-20" in m]
    assert len(blocking(findings)) == 1


def test_what_was_before_the_period_sets_the_limits_and_shows_the_change_at_its_start(home: Context, bring: Bring) -> None:
    before = [prediction(n, f"2020-03-{n:02d}", predicted=f"90.{n % 3}") for n in range(1, 21)]
    inside = [prediction(40 + n, f"2020-05-{n:02d}", predicted="91.9", model_version="2.0") for n in range(1, 6)]
    pack, _, findings = section(bring(model_prediction=before + inside), home)
    assert pack.facts["model_prediction.count"].exact == "5"
    assert pack.facts["twin.TWIN-09.dissolution_av.signals"].exact == "5"
    assert "baseline 2020-03-01 to 2020-03-20 (n = 20)" in pack.charts[0].method
    assert [p.batch for p in pack.charts[0].points] == ["641", "642", "643", "644", "645"]
    assert any("Version 2.0 of TWIN-09, in the place of 1.0" in m for m in blocking(findings))


# records that cannot be counted


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"units_rejected": "10001"}, "units rejected 10001, units inspected 10000"),
        ({"false_rejects": "61"}, "false rejects 61, units rejected 60"),
        ({"kit_id": "K", "kit_presented": "20", "kit_found": "21"}, "kit found 21, kit presented 20"),
        ({"kit_id": "K", "human_presented": "20", "human_found": "21"}, "human found 21, human presented 20"),
        ({"kit_id": "K", "kit_found": "3"}, "kit found 3, kit presented none stated"),
        ({"units_inspected": "0", "units_rejected": "0", "false_rejects": "0"}, "does not state how many units"),
    ],
)
def test_a_run_that_cannot_be_true_is_told_and_counted_nowhere(home: Context, bring: Bring, wrong: Row, says: str) -> None:
    rows = [run(n, f"2020-06-{n:02d}") for n in range(1, 4)] + [run(4, "2020-06-04", **wrong)]
    found = bring(inspection_run=rows)
    pack, _, findings = section(found, home)
    assert [note for note in pack.notes if says in note and "AVR-2020-0004" in note and "counted in no figure" in note]
    assert [f.message for f in findings if f.severity is Severity.WARNS and says in f.message]
    assert pack.facts["inspection.AVI-09.m1.n"].exact == "3"
    assert pack.facts["inspection.AVI-09.m1.inspected"].exact == "30000"
    line = next(line for line in ledger_of(found, home.outlines["apr_us"], [pack]) if line.kind == "inspection_run")
    assert len(line.included) == 4  # it is evidence all the same


def test_a_kit_with_two_human_baselines_is_compared_with_neither(home: Context, bring: Bring) -> None:
    kit = {"kit_id": "K1", "kit_presented": "50", "kit_found": "48", "human_presented": "50"}
    pack, draft, _ = section(
        bring(inspection_run=[run(1, "2020-06-01", human_found="40", **kit), run(2, "2020-06-02", human_found="44", **kit)]),
        home,
    )
    assert "AVI-09: kit K1 is recorded with several human baselines; it is compared with none." in pack.notes
    assert "inspection.AVI-09.m1.difference" not in pack.facts
    assert "96 of 100" in told(draft)
    assert "People found" not in told(draft)


@pytest.mark.parametrize("other", [{"kit_id": ""}, {"kit_id": "K2"}])
def test_people_are_compared_only_where_all_kits_are_theirs(home: Context, bring: Bring, other: Row) -> None:
    kit = {"kit_id": "K1", "kit_presented": "50", "kit_found": "48"}
    rows = [run(1, "2020-06-01", human_presented="50", human_found="40", **kit), run(2, "2020-06-02", **{**kit, **other})]
    pack, draft, _ = section(bring(inspection_run=rows), home)
    assert "96 of 100" in told(draft)
    assert not [name for name in pack.facts if "human" in name or "difference" in name]


def test_a_prediction_without_a_result_is_evidence_and_no_error(home: Context, bring: Bring) -> None:
    rows = [prediction(n, f"2020-06-{n:02d}", measured="" if n == 3 else "90.0") for n in range(1, 6)]
    pack, draft, findings = section(bring(model_prediction=rows), home)
    assert "with nothing measured beside them: 1." in told(draft)
    assert pack.facts["model_prediction.count"].exact == "5"
    assert pack.facts["twin.TWIN-09.dissolution_av.1_0.predictions"].exact == "4"
    assert pack.facts["twin.TWIN-09.dissolution_av.1_0.predictions"].inputs["missing"] == 1
    assert blocking(findings) == []


def test_another_measured_result_than_the_batchs_own_is_told(home: Context, bring: Bring) -> None:
    assert not bring_files(home, SAMPLES / "zagar" / "Laboratory.csv")
    own = next(r for r in read("model_prediction") if r["batch"] == "626")["measured"]
    rows = [prediction(26, "2020-05-02", measured="12.3"), prediction(27, "2020-05-03", batch="626", measured=f"{own}0")]
    pack, _, _ = section(bring(model_prediction=rows), home)
    told_of = [note for note in pack.notes if "another measured result" in note]
    assert len(told_of) == 1
    assert "PRD-2020-0026 (12.3;" in told_of[0]
    assert "PRD-2020-0027" not in told_of[0]  # one more zero is the same number


def test_units_are_not_mixed(home: Context, bring: Bring) -> None:
    pack, _, _ = section(bring(model_prediction=[prediction(1, "2020-06-01"), prediction(2, "2020-06-02", unit="mg")]), home)
    assert any("stated in several units (%, mg)" in note for note in pack.notes)
    assert not [f for f in pack.facts if f.startswith("twin.")]


# reports


def test_both_reviews_have_the_section_and_can_build_it(home: Context, bring: Bring) -> None:
    found = bring(model_prediction=[prediction(1, "2020-06-01")])
    for kind in ("apr_us", "pqr_eu"):
        outline = home.outlines[kind].section("models_in_use")
        assert (outline.number, outline.records) == ("22", ("model_prediction", "inspection_run"))
        assert pack_of(found, outline).facts["model_prediction.count"].exact == "1"


def test_a_report_keeps_the_outline_that_it_was_drafted_with(whole: Office) -> None:
    ctx = replace(whole.ctx, earlier=earlier_outlines())
    old = next(o for o in earlier_outlines().values() if (o.kind, o.version) == ("apr_us", 2))
    before = replace(ctx, outlines={**ctx.outlines, "apr_us": old})
    made = draft_report(
        before, kind="apr_us", product="17", period_from="2019-05-01", period_to="2020-04-30", actor=whole.actor("writer")
    )
    with ctx.database.read() as conn:
        earlier, later = load_report(conn, ctx, made.report_id), load_report(conn, ctx, whole.report)
    numbers = {s.key: earlier.outline_of(s).number for s in earlier.report.sections}
    assert (numbers["conclusion_and_decisions"], numbers["ai_use_statement"]) == ("22", "25")
    assert "models_in_use" not in numbers
    assert (earlier.outline.version, later.outline.version) == (2, 4)
    assert later.outline.section("models_in_use").number == "22"
    assert later.outline.section("ai_use_statement").number == "26"


@pytest.mark.parametrize("copied", ["sqlite"], indirect=True)  # a document does not know the engine
def test_the_section_stands_in_the_document_with_what_the_tool_does_not_do(whole: Office) -> None:
    data, _ = export_report(whole.ctx, whole.report, fmt="docx", actor=whole.actor("writer"))
    document = docx.Document(io.BytesIO(data))
    text = "\n".join(p.text for p in document.paragraphs)
    body = text[text.rindex("22  Models in use") : text.rindex("23  Conclusion and decisions")]
    assert "Verascribe runs none of them, and releases nothing by them." in body
    assert "26 signals of drift" in body
    assert "Table 22-2  Errors of prediction by version (synthetic)" in body
    assert body.count("Figure 22-") >= 5
