"""Which rows a number is of: those of the study and month that a sentence names, of the state that it says, of the product of the title."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.verdicts import Judged, Verdict

TITLE = "Annual review of product P9, 1 January 2024 to 31 December 2024"
BATCHES = """
batch,product,made,disposition,size_kg,yield_pct
A1,P9,2024-02-01,released,180,97.0
A2,P9,2024-03-01,rejected,220,95.0
A3,P9,2024-11-30,released,220,96.0
"""
RELEASE = """
batch,Assay (%),Hardness (N)
A1,100.0,120
A2,100.4,124
A3,98.9,110
"""
STABILITY = """
study,batch,condition,month,Assay (%),Impurity (%)
ST-1,A1,25C/60RH,0,99.9,<0.05
ST-1,A1,25C/60RH,3,99.1,0.11
ST-1,A1,25C/60RH,6,98.6,0.15
ST-2,A2,40C/75RH,0,100.2,0.06
ST-2,A2,40C/75RH,3,99.8,0.12
ST-2,A2,40C/75RH,6,99.4,0.21
"""


def evidence(**tables: str) -> Index:
    rows = {f"{name}.csv": [line.split(",") for line in text.strip().splitlines()] for name, text in tables.items()}
    return Index(assemble([Source(name, Contents((grid_of("", held),))) for name, held in rows.items()], Lexicon()))


def judged(index: Index, sentence: str, title: str = TITLE) -> list[Judged]:
    return [j for j in judge(f"{title}\n\n{sentence}\n", index) if j.start > len(title)]


@pytest.fixture(scope="module")
def index() -> Index:
    return evidence(batches=BATCHES, release=RELEASE, stability=STABILITY)


@pytest.mark.parametrize(
    "right",
    [
        "Assay of ST-1 was 98.6 % at month 6.",
        "Assay of batch A2 was 99.4 % after 6 months.",
        "Assay of ST-1 decreased from 99.9 % at month 0 to 98.6 % at month 6.",
        "In study ST-1 the impurity rose from below 0.05 % at month 0 to 0.15 % at month 6.",
        "At month 6 the assay of ST-2 was 99.4 %, at month 3 it was 99.8 %.",
        "Under 40C/75RH the impurity reached 0.21 % after 6 months.",
        "Assay of batch A2 (study ST-2) was 100.4 % at release.",
        "Assay of ST-2 ranged from 99.4 % to 100.2 %.",
        "Assay of batch A2 was 100.4 %.",
    ],
)
def test_a_number_of_the_rows_that_are_named_is_supported(index: Index, right: str) -> None:
    assert {j.verdict for j in judged(index, right)} == {Verdict.SUPPORTED}


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Assay of ST-2 was 98.6 % at month 6.", ["98.6 %"]),
        ("Assay of ST-1 was 98.6 % at month 3.", ["98.6 %"]),
        ("Assay of batch A2 was 98.6 % at month 6.", ["98.6 %"]),
        ("Assay of ST-2 was 98.6 %.", ["98.6 %"]),
        ("In ST-1 assay decreased from 98.6 % at month 0 to 99.9 % at month 6.", ["98.6 %", "99.9 %"]),
        ("Under 25C/60RH the impurity reached 0.21 % after 6 months.", ["0.21 %"]),
        ("Assay of ST-2 ranged from 98.6 % to 100.2 %.", ["98.6 %"]),
    ],
)
def test_a_number_of_another_study_or_month_is_contradicted(index: Index, sentence: str, wrong: list[str]) -> None:
    assert [j.quote for j in judged(index, sentence) if j.verdict is Verdict.CONTRADICTED] == wrong


@pytest.mark.parametrize(
    "sentence", ["Assay of ST-1 was 97.6 % at month 9.", "Assay was 98.6 % at month 6.", "At month 6 assay was 90.1 %."]
)
def test_a_time_that_the_evidence_does_not_have_or_that_selects_several_rows_leaves_it_open(
    index: Index, sentence: str
) -> None:
    found = {j.verdict for j in judged(index, sentence)}
    assert Verdict.NOT_FOUND in found
    assert Verdict.CONTRADICTED not in found


@pytest.mark.parametrize(
    "right",
    [
        "Over the released batches hardness ranged from 110 to 120 N.",
        "The mean hardness of the released batches was 115 N.",
        "Hardness averaged 115 N over the released batches.",
        "The rejected batches had a mean hardness of 124 N.",
        "The mean hardness was 118 N.",
        "The mean yield of batches of 220 kg was 95.5 %.",
    ],
)
def test_a_statistic_is_of_the_state_or_size_that_is_said(index: Index, right: str) -> None:
    assert {j.verdict for j in judged(index, right)} == {Verdict.SUPPORTED}


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Over the released batches hardness ranged from 110 to 124 N.", ["124 N"]),
        ("The mean hardness of the released batches was 118 N.", ["118 N"]),
        ("The mean yield of batches of 220 kg was 96.0 %.", ["96.0 %"]),
    ],
)
def test_a_statistic_of_all_is_not_that_of_a_state(index: Index, sentence: str, wrong: list[str]) -> None:
    assert [j.quote for j in judged(index, sentence) if j.verdict is Verdict.CONTRADICTED] == wrong


VISITS = "visit,begun,ended\nV-1,2024-05-21,2024-05-23\nV-2,2024-06-03,2024-06-05"


@pytest.mark.parametrize(
    "said", ["from 21 to 23 May 2024", "on 21-23 May 2024", "between 21 and 23 May 2024", "from 21 May 2024 to 23 May 2024"]
)
def test_the_first_day_of_a_span_borrows_month_and_year_from_the_last(said: str) -> None:
    assert {j.verdict for j in judged(evidence(visits=VISITS), f"The supplier was visited {said}.")} == {Verdict.SUPPORTED}


@pytest.mark.parametrize("said", ["from 20 to 23 May 2024", "from 21 to 24 May 2024", "from 3 to 23 June 2024"])
def test_a_span_of_other_days_is_not_found(said: str) -> None:
    assert {j.verdict for j in judged(evidence(visits=VISITS), f"The supplier was visited {said}.")} == {Verdict.NOT_FOUND}


def test_a_code_of_a_column_is_known_as_a_whole(index: Index) -> None:
    assert {(j.quote, j.verdict) for j in judged(index, "Study ST-1 was stored at 25C/60RH.")} == {
        ("ST-1", Verdict.SUPPORTED),
        ("25C/60RH", Verdict.SUPPORTED),
    }
    assert any(j.nowhere for j in judged(index, "Study ST-1 was stored at 30C/65RH."))


TWO_PRODUCTS = """
batch,product,made,disposition,yield_pct
A1,{0},2024-02-01,released,97.0
A2,{0},2024-03-01,rejected,95.0
B1,{1},2024-05-02,released,90.0
B2,{1},2024-06-02,released,91.0
"""
HARDNESS = "batch,Hardness (N)\nA1,120\nA2,124\nB1,80\nB2,82"


@pytest.mark.parametrize(
    ("codes", "title"),
    [
        (("ZPX20", "MRD05"), "Annual review of ZPX20, 1 January 2024 to 31 December 2024"),
        (("31", "77"), "Annual review of product 31, 1 January 2024 to 31 December 2024"),
        (("Nordilan", "Meridol"), "Annual review of product Nordilan, 1 January 2024 to 31 December 2024"),
        (("Nordilan Forte Drops", "Meridol"), "Annual review Nordilan Forte Drops, 1 January 2024 to 31 December 2024"),
    ],
)
def test_a_product_of_the_title_narrows_rows_though_no_table_lists_products(codes: tuple[str, str], title: str) -> None:
    index = evidence(batches=TWO_PRODUCTS.format(*codes), results=HARDNESS)
    for right in (
        "Two batches were manufactured.",
        "One batch was released.",
        "The mean yield was 96.0 %.",
        "The mean hardness was 122 N.",
    ):
        assert {j.verdict for j in judged(index, right, title)} == {Verdict.SUPPORTED}
    for wrong in ("Five batches were manufactured.", "The mean yield was 93.2 %.", "The lowest yield was 90.0 %."):
        assert Verdict.SUPPORTED not in {j.verdict for j in judged(index, wrong, title) if j.kind == "number"}


def test_a_text_whose_title_names_no_product_is_of_all() -> None:
    index = evidence(batches=TWO_PRODUCTS.format("ZPX20", "MRD05"))
    assert {j.verdict for j in judged(index, "Four batches were manufactured.", "Annual review")} == {Verdict.SUPPORTED}


def test_a_part_whose_condition_is_not_understood_is_not_held_against_the_whole() -> None:
    index = evidence(batches=TWO_PRODUCTS.format("ZPX20", "MRD05"))
    found = {j.quote: j.verdict for j in judged(index, "Three of the four batches (75 %) had a seal.")}
    assert found["Three"] is Verdict.NOT_FOUND
    assert found["four"] is Verdict.SUPPORTED


def test_what_holds_only_of_other_records_is_no_support_of_a_count() -> None:
    index = evidence(batches=TWO_PRODUCTS.format("ZPX20", "MRD05"))
    told = judged(index, "Four batches were manufactured.", "Annual review of ZPX20, 1 January 2024 to 31 December 2024")
    assert [j.verdict for j in told if j.quote == "Four"] == [Verdict.NOT_FOUND]


def test_days_are_read_with_hyphens_and_held_against_the_date_of_their_act() -> None:
    index = evidence(
        batches="batch,Mfg Date,Pack Date\nA1,24-Apr-2024,30-Apr-2024\nA2,02-May-2024,06-May-2024",
        deviations="deviation,Date Opened,Target Date,Date Closed\nDEV-1,22-Sep-2024,22-Oct-2024,11-Oct-2024\nDEV-2,01-Oct-2024,30-Oct-2024,29-Oct-2024",
    )
    for right in ("Batch A1 was manufactured on 24 April 2024.", "DEV-1 was closed on 11 October 2024."):
        assert {j.verdict for j in judged(index, right)} == {Verdict.SUPPORTED}
    for wrong in ("Batch A1 was manufactured on 30 April 2024.", "DEV-1 was closed on 22 October 2024."):
        assert Verdict.CONTRADICTED in {j.verdict for j in judged(index, wrong)}


def test_neither_nor_denies_a_state_of_both() -> None:
    index = evidence(deviations="deviation,area,status\nDEV-1,1,Open\nDEV-2,2,Open\nDEV-3,3,Closed\nDEV-4,4,Closed")
    said = {
        s: [j for j in judged(index, s) if j.quote == "closed"]
        for s in ("Neither DEV-1 nor DEV-2 has been closed.", "Neither DEV-1 nor DEV-3 has been closed.")
    }
    assert [[j.verdict for j in found] for found in said.values()] == [[Verdict.SUPPORTED], [Verdict.CONTRADICTED]]


def test_a_range_of_two_ends_is_the_lowest_and_the_highest() -> None:
    index = evidence(results="batch,Assay [% l.c.],Dissolution (%)\nA1,99.1,76\nA2,100.2,98\nA3,98.4,90")
    for right in ("Dissolution averaged 88 % (range 76 % to 98 %).", "The mean assay was 99.2 % l.c."):
        assert {j.verdict for j in judged(index, right)} == {Verdict.SUPPORTED}
    assert Verdict.CONTRADICTED in {j.verdict for j in judged(index, "Dissolution averaged 88 % (range 78 % to 98 %).")}


@pytest.mark.parametrize(
    "said", ["in the first quarter of 2024", "in Q1 2024", "in the first half of 2024", "in the second quarter of 2024"]
)
def test_quarters_and_halves_of_a_year_are_periods(said: str) -> None:
    index = evidence(batches=TWO_PRODUCTS.format("ZPX20", "MRD05"))
    right = {"in the first half of 2024": "Four"}.get(said, "Two")
    assert {j.verdict for j in judged(index, f"{right} batches were manufactured {said}.")} == {Verdict.SUPPORTED}
    assert Verdict.SUPPORTED not in {
        j.verdict for j in judged(index, f"Three batches were manufactured {said}.") if j.kind == "number"
    }
