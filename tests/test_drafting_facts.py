"""Facts of real annual product reviews equal an independent computation with exact fractions, to the last printed digit."""

import csv
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest

from audit.errors import NotFound, Refused
from corpus.ingest import ingest
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context as Home
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import ReportScope, load
from drafting.generate import draft_report, packs_of
from drafting.model import EvidencePack, Fact

SAMPLES = Path(str(files("corpus") / "samples"))
ATTRIBUTES = {
    "dissolution_av": "dissolution_av", "dissolution_min": "dissolution_min", "impurities_total": "impurities_total",
    "impurity_o": "impurity_o", "impurity_l": "impurity_l", "residual_solvent": "resodual_solvent", "batch_yield": "batch_yield",
    "tbl_yield": "tbl_yield", "api_content": "api_content", "tbl_rsd_weight": "tbl_rsd_weight",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    ctx = open_context(settings_from({}, home=str(tmp_path_factory.mktemp("home"))))
    actor = service_account(ctx).actor()
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=[SAMPLES / "zagar"], profiles=ctx.profiles, actor=actor, zone="UTC")
    yield ctx
    close_context(ctx)


def drafted(home: Home, product: str, start: str, end: str) -> dict[str, Fact]:
    actor = service_account(home).actor()
    made = draft_report(home, kind="apr_us", product=product, period_from=start, period_to=end, actor=actor)
    with home.database.read() as conn:
        packs = packs_of(conn, made.report_id)
    return {fact.id: fact for _, _, pack in packs for fact in pack.facts.values()}


@pytest.mark.parametrize("product", ["17", "23", "1"])
def test_facts_of_real_products_equal_exact_fractions(home: Home, product: str) -> None:
    facts = drafted(home, product, "2018-11-01", "2021-04-30")
    with (SAMPLES / "zagar" / "Laboratory.csv").open(encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if row["code"] == product]
    for attribute, column in ATTRIBUTES.items():
        literals = [row[column].strip() for row in rows if row[column].strip() not in ("", "#N/A")]
        exact = [Fraction(literal) for literal in literals]
        n, mean = len(exact), sum(exact) / len(exact)
        variance = sum((x - mean) ** 2 for x in exact) / (n - 1)
        with localcontext(Context(prec=60)):
            wanted = {
                "n": Decimal(n),
                "mean": Decimal(mean.numerator) / Decimal(mean.denominator),
                "sd": (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt(),
                "min": min(map(Decimal, literals)),
                "max": max(map(Decimal, literals)),
            }
            for name, value in wanted.items():
                printed = Decimal(facts[f"{attribute}.{name}"].value)
                assert printed == value.quantize(printed, ROUND_HALF_UP), f"{product} {attribute}.{name}"


def test_the_demonstration_year_of_product_17_has_134_batches(home: Home) -> None:
    facts = drafted(home, "17", "2020-05-01", "2021-04-30")
    assert facts["census.made"].value == "134"
    assert facts["dissolution_av.n"].value == "134"


def test_a_month_at_the_edge_of_a_period_stays_unaccounted(home: Home) -> None:
    actor = service_account(home).actor()
    made = draft_report(home, kind="apr_us", product="17", period_from="2020-05-15", period_to="2021-04-30", actor=actor)
    batches = next(line for line in made.ledger if line.kind == "batch")
    assert batches.unaccounted
    census = next(s for s in made.sections if s.key == "batch_census")
    assert any(f.rule == "completeness" and f.severity == "blocks" for f in census.findings)


def test_contradictory_attributes_are_shown_and_nothing_is_drafted_from_them(home: Home) -> None:
    with home.database.read() as conn:
        loaded = load(conn, ReportScope("r", "apr_us", "17", "2018-11-01", "2021-04-30"))
    outline = home.outlines["apr_us"].section("critical_process_parameters")
    pack = pack_of(loaded, outline)
    assert any("core hardness (average)" in note for note in pack.notes)
    text = " ".join(s.text for s in home.drafter.draft(outline, pack).sentences)
    assert "tbl_av_hardness" not in text
    assert all("tbl_av_hardness" not in row[0] for table in pack.tables for row in table.rows)


def test_a_pack_read_back_is_the_same_evidence(home: Home) -> None:
    with home.database.read() as conn:
        loaded = load(conn, ReportScope("r", "apr_us", "17", "2020-05-01", "2021-04-30"))
    pack = pack_of(loaded, home.outlines["apr_us"].section("finished_product_quality"))
    assert EvidencePack.of(pack.tree(), pack.as_of).sha256 == pack.sha256


def test_equal_evidence_gives_equal_text(home: Home) -> None:
    with home.database.read() as conn:
        loaded = load(conn, ReportScope("r", "apr_us", "17", "2020-05-01", "2021-04-30"))
    outline = home.outlines["apr_us"].section("finished_product_quality")
    assert home.drafter.draft(outline, pack_of(loaded, outline)) == home.drafter.draft(outline, pack_of(loaded, outline))


@pytest.mark.parametrize(
    ("product", "start", "end", "says"),
    [
        ("99", "2020-05-01", "2021-04-30", "No batch of product 99"),
        ("17", "2021-04-30", "2020-05-01", "ends before it begins"),
        ("17", "2020-02-30", "2021-04-30", "is not a day"),
        ("", "2020-05-01", "2021-04-30", "needs a product"),
    ],
)
def test_a_draft_that_cannot_be_made_says_what_to_do(home: Home, product: str, start: str, end: str, says: str) -> None:
    actor = service_account(home).actor()
    with pytest.raises(Refused) as refusal:
        draft_report(home, kind="apr_us", product=product, period_from=start, period_to=end, actor=actor)
    assert says in str(refusal.value)
    assert refusal.value.remedy


def test_a_period_without_batches_is_reviewed_and_each_section_says_so_from_a_query(home: Home) -> None:
    actor = service_account(home).actor()
    made = draft_report(home, kind="apr_us", product="17", period_from="2031-01-01", period_to="2031-12-31", actor=actor)
    assert {f.rule for s in made.sections for f in s.findings if f.severity == "blocks"} == {
        "sources"
    }  # files of two kinds alone
    with home.database.read() as conn:
        packs = {key: pack for _, key, pack in packs_of(conn, made.report_id)}
    outline = home.outlines["apr_us"]
    said = {key: home.drafter.draft(outline.section(key), pack).sentences for key, pack in packs.items()}
    measured = "The query found 0 batches of product 17 started from 2031-01-01 to 2031-12-31, so that nothing was measured."
    for key in ("critical_process_parameters", "finished_product_quality", "starting_and_packaging_materials"):
        assert [s.text for s in said[key]][-1] == measured
    for key in ("deviations", "complaints", "stability", "oos_oot", "changes"):
        assert said[key][0].text.startswith("No file of ")
        assert not [s.text for s in said[key] if s.text.startswith("The query over the period found 0 ")]
    rendered = {key: pack.tables[0].rows for key, pack in packs.items() if key in ("batch_census", "returns_and_salvage")}
    assert rendered["returns_and_salvage"] == (("Returns", "not known: No file of return records was imported"),)
    assert ("batches whose month of start overlaps the period", "0") in rendered["batch_census"]


def test_a_deviation_that_is_not_there_is_told(home: Home) -> None:
    with pytest.raises(NotFound, match="There is no deviation"):
        draft_report(home, kind="deviation", subject="DEV-1999-001", actor=service_account(home).actor())
