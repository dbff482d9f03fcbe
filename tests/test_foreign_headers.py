"""What headers say: the unit that ends one is no word of its attribute."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.suffixes import parted
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Verdict

BATCHES = "batch,made,yield_pct,size_kg\nA1,2024-02-01,97.1,180\nA2,2024-03-01,98.3,180\nA3,2024-04-01,96.2,220"
RESULTS = "batch,Water (%),degradants\nA1,2.1,<0.10\nA2,2.4,0.12\nA3,1.9,0.15"


def evidence(lexicon: Lexicon | None = None, **tables: str) -> Evidence:
    rows = {f"{name}.csv": [line.split(",") for line in text.splitlines()] for name, text in tables.items()}
    return assemble([Source(name, Contents((grid_of("", held),))) for name, held in rows.items()], lexicon or Lexicon())


@pytest.mark.parametrize(
    ("header", "bare", "unit"),
    [
        ("yield_pct", "yield", "%"),
        ("assay_percent", "assay", "%"),
        ("batch_size_kg", "batch_size", "kg"),
        ("Hold time hours", "Hold time", "h"),
        ("hardness_min", "hardness_min", ""),
        ("impurity_a", "impurity_a", ""),
        ("pct", "pct", ""),
    ],
)
def test_the_unit_that_ends_a_header_is_told_from_what_it_names(header: str, bare: str, unit: str) -> None:
    assert parted(header) == (bare, unit)


@pytest.mark.parametrize(
    "right",
    [
        "Yield of batch A1 was 97.1 %.",
        "Water ranged from 1.9 % to 2.4 % with a median of 2.1 %.",
        "Batch A1 had 2.1 % water and a yield of 97.1 %.",
        "The size of batch A3 was 220 kg.",
    ],
)
def test_a_bare_percent_sign_is_no_word_of_a_header(right: str) -> None:
    assert all(
        j.verdict is Verdict.SUPPORTED for j in judge(f"Review\n\n{right}", evidence(batches=BATCHES, results=RESULTS))
    )


def test_the_unit_of_a_header_is_that_of_its_cells() -> None:
    told = judge("Review\n\nYield of batch A1 was 97.1 kg.", evidence(batches=BATCHES, results=RESULTS))
    assert [j.quote for j in told if j.verdict is Verdict.CONTRADICTED] == ["97.1 kg"]


def test_a_number_of_an_attribute_that_is_said_is_not_held_against_the_only_other_number_of_its_unit() -> None:
    told = judge("Review\n\nDegradants of batch A1 were below 0.05 %.", evidence(batches=BATCHES, results=RESULTS))
    assert {j.verdict for j in told} == {Verdict.SUPPORTED, Verdict.NOT_FOUND}
