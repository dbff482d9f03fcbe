"""What the label of an attribute promises: people read it, the source column stays named, and a misprinted label is caught."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from corpus import records
from corpus.ingest import ingest
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.checks.engine import check_sentence
from drafting.context import Context
from drafting.generate import draft_report, packs_of
from drafting.model import EvidencePack, Origin, Severity
from drafting.render import render

SAMPLES = Path(str(files("corpus") / "samples"))
FILES = ("zagar/Laboratory.csv", "zagar/Process.csv", "synthetic/specification.csv", "synthetic/oos.csv")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    ctx = open_context(settings_from({}, home=str(tmp_path_factory.mktemp("home"))))
    actor = service_account(ctx).actor()
    paths = [SAMPLES / name for name in FILES]
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=actor, zone="UTC")
    yield ctx
    close_context(ctx)


@pytest.fixture(scope="module")
def packs(home: Context) -> dict[str, EvidencePack]:
    actor = service_account(home).actor()
    made = draft_report(home, kind="apr_us", product="17", period_from="2020-05-01", period_to="2021-04-30", actor=actor)
    with home.database.read() as conn:
        return {pack.section: pack for _, _, pack in packs_of(conn, made.report_id)}


def test_the_document_keeps_the_label_beside_the_header_of_its_column(home: Context) -> None:
    with home.database.read() as conn:
        laboratory = next(d for d in records.documents(conn) if d.name == "Laboratory.csv")
    assert laboratory.labels["residual_solvent"] == "residual solvent"
    assert laboratory.columns["residual_solvent"] == "resodual_solvent"


def test_a_fact_prints_the_label_and_keeps_the_source_column(packs: dict[str, EvidencePack]) -> None:
    fact = packs["finished_product_quality"].facts["dissolution_av.attribute"]
    assert (fact.value, fact.exact, fact.inputs["attribute"]) == (
        "dissolution (average)",
        "dissolution_av",
        "dissolution_av",
    )
    assert fact.inputs["columns"] == ["Laboratory.csv: dissolution_av"]


def test_an_attribute_without_a_label_is_named_as_its_column(packs: dict[str, EvidencePack]) -> None:
    facts = packs["critical_process_parameters"].facts
    assert facts["fom_mean.attribute"].value == '"fom_mean"'


def test_tables_and_charts_name_both(packs: dict[str, EvidencePack]) -> None:
    quality = packs["finished_product_quality"]
    tables = {table.id: table for table in quality.tables}
    statistics = next(t for key, t in tables.items() if key.startswith("statistics"))
    assert "Dissolution (average) · dissolution_av" in [row[0] for row in statistics.rows]
    named = tables["specification"].columns.index("Attribute")
    assert "Dissolution (average) · dissolution_av" in {row[named] for row in tables["specification"].rows}
    chart = next(c for c in quality.charts if c.attribute == "dissolution_av")
    assert (chart.title, chart.label) == ("Dissolution (average) · dissolution_av, by batch", "dissolution (average)")


@pytest.mark.parametrize("other", ["dissolution (lowest)", "API particle size d50", "dissolution (average) 2"])
def test_a_label_that_is_not_the_facts_own_is_found(packs: dict[str, EvidencePack], other: str) -> None:
    pack = packs["finished_product_quality"]
    sentence = render("The mean of {fact:dissolution_av.attribute} was {fact:dissolution_av.mean}.", pack)
    assert not check_sentence(sentence, pack, origin=Origin.MACHINE)
    span = sentence.spans[0]
    text = sentence.text[: span.start] + other + sentence.text[span.end :]
    altered = type(sentence)(text, sentence.spans, sentence.cites, sentence.template)
    assert any(f.severity is Severity.BLOCKS for f in check_sentence(altered, pack, origin=Origin.MACHINE))
