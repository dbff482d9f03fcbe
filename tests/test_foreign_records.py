"""Which records a sentence is about: results of the batches of a period, limits in force for what is named, and of the side said."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.verdicts import Judged, Verdict

TITLE = "Annual review of product P9, 1 January 2024 to 31 December 2024"
BATCHES = """
batch,product,made,disposition
A0,P9,2023-12-28,released
A1,P9,2024-02-01,released
A2,P9,2024-03-01,rejected
A3,P9,2024-12-30,released
B1,P8,2024-05-02,released
"""
RESULTS = """
batch,tested_on,Hardness (N),Water (%),Assay (% LC)
A0,2024-01-05,150,1.7,99.0
A1,2024-02-06,120,2.5,100.2
A2,2024-03-07,124,2.5,98.1
A3,2025-01-04,110,1.8,99.4
B1,2024-05-09,80,0.4,101.0
"""
LIMITS = """
version,product,test,lower_limit,upper_limit,unit,effective_from,effective_to
S1,P9,Water,,3.0,%,2020-01-01,2024-02-15
S2,P9,Water,,2.0,%,2024-02-16,
S1,P9,Assay,95.0,105.0,% LC,2020-01-01,
"""
BY_VERSION = """
batch,spec_version,Impurity (%)
A1,S2,0.24
A2,S1,0.24
"""
VERSIONS = """
spec_version,test,upper_limit,unit
S1,Impurity,0.30,%
S2,Impurity,0.20,%
"""


def evidence(**tables: str) -> Index:
    rows = {f"{name}.csv": [line.split(",") for line in text.strip().splitlines()] for name, text in tables.items()}
    return Index(assemble([Source(name, Contents((grid_of("", held),))) for name, held in rows.items()], Lexicon()))


def judged(index: Index, sentence: str, title: str = TITLE) -> list[Judged]:
    return [j for j in judge(f"{title}\n\n{sentence}\n", index) if j.start > len(title)]


def against(index: Index, sentence: str, title: str = TITLE) -> list[str]:
    return [j.quote for j in judged(index, sentence, title) if j.verdict is Verdict.CONTRADICTED]


def all_supported(index: Index, sentence: str, title: str = TITLE) -> bool:
    found = judged(index, sentence, title)
    return bool(found) and all(j.verdict is Verdict.SUPPORTED for j in found)


@pytest.fixture(scope="module")
def batches() -> Index:
    return evidence(batches=BATCHES, results=RESULTS, limits=LIMITS, products="product,name\nP9,Nine\nP8,Eight")


@pytest.mark.parametrize("right", ["The mean hardness was 118.0 N.", "The maximum hardness was 124 N."])
def test_a_result_is_of_the_period_in_which_its_batch_was_made(batches: Index, right: str) -> None:
    assert all_supported(batches, right)


@pytest.mark.parametrize("wrong", ["The mean hardness was 131.3 N.", "The maximum hardness was 150 N."])
def test_a_result_tested_in_the_period_of_a_batch_made_before_it_supports_nothing(batches: Index, wrong: str) -> None:
    assert not all_supported(batches, wrong)


def test_the_limit_in_force_when_a_batch_was_made_judges_its_result(batches: Index) -> None:
    assert all_supported(batches, "Water of batch A1 was 2.5 %, within the limit of 3.0 %.")
    assert against(batches, "Water of batch A2 was 2.5 %, within the limit of 3.0 %.") == ["3.0 %"]
    assert all_supported(batches, "Water of batch A2 was 2.5 %, above the limit of 2.0 %.")
    assert against(batches, "Water of batch A1 was 2.5 %, above the limit of 2.0 %.") == ["2.0 %"]


def test_a_limit_said_to_be_another_version_is_not_held_against_the_day_of_the_batch(batches: Index) -> None:
    assert all_supported(batches, "Water of batch A1 was 2.5 %, above the new limit of 2.0 %.")


def test_the_version_that_a_batch_names_chooses_its_limit() -> None:
    index = evidence(results=BY_VERSION, specification=VERSIONS)
    assert all_supported(
        index, "The impurity of batch A2 was 0.24 %, which complied with the limit of NMT 0.30 %.", "Review"
    )
    assert against(index, "The impurity of batch A1 was 0.24 %, which complied with the limit of NMT 0.30 %.", "Review")


@pytest.mark.parametrize(
    "right",
    [
        "The limit of water is NMT 2.0 %.",
        "The specification requires NMT 2.0 % for water.",
        "The upper limit of assay is 105.0 % LC.",
        "The specification requires NLT 95.0 % LC for assay.",
    ],
)
def test_a_limit_of_the_side_said_is_supported(batches: Index, right: str) -> None:
    assert all_supported(batches, right)


@pytest.mark.parametrize(
    "wrong",
    [
        "The limit of water is NLT 2.0 %.",
        "The specification requires NLT 2.0 % for water.",
        "The limit of water is at least 2.0 %.",
        "The upper limit of assay is 95.0 % LC.",
        "The specification requires NMT 95.0 % LC for assay.",
    ],
)
def test_a_limit_of_the_other_side_is_contradicted(batches: Index, wrong: str) -> None:
    assert against(batches, wrong)


def test_a_percentage_without_its_kind_is_no_other_unit(batches: Index) -> None:
    assert all_supported(batches, "Assay of batch A1 was 100.2 %.")
    assert all_supported(batches, "Water of batch A1 was 2.5 % w/w.")
    assert against(batches, "Assay of batch A1 was 100.2 % w/w.") == ["100.2 % w/w"]
    assert against(batches, "Assay of batch A1 was 100.2 mg.") == ["100.2 mg"]


def test_a_statistic_in_another_unit_than_its_values_is_contradicted(batches: Index) -> None:
    assert against(batches, "The mean hardness was 118.0 kN.") == ["118.0 kN"]
    assert against(batches, "The mean hardness was 118.0 mg.") == ["118.0 mg"]
