"""Limits that a sentence states with their figure: what results do to them, at a place and time, of one batch, or of all."""

import pytest
from strangers import index_of, outcome

BOILER = [
    ["Outlet", "Period", "Silica (mg/L)", "Hardness (mg/L)", "Colony count (CFU/100 mL)"],
    *(["OUT-1", month, si, ha, cfu] for month, si, ha, cfu in (("2020-01", "0.11", "2.0", "4"), ("2020-02", "0.14", "2.1", "9"), ("2020-03", "0.09", "1.8", "2"))),
    *(["OUT-4", month, si, ha, cfu] for month, si, ha, cfu in (("2020-01", "0.18", "3.3", "1"), ("2020-02", "0.27", "", "0"), ("2020-03", "0.16", "2.9", "13"))),
]  # fmt: skip
BULK = [
    ["Bulk", "Made on", "Colony_count_CFU_10mL", "Purity_pct"], ["BK1", "2020-01-08", "0", "97.1"], ["BK2", "2020-02-03", "3", "94.2"], ["BK3", "2020-03-02", "1", ""],
]  # fmt: skip
LIMITS = [
    ["Spec", "Material", "Attribute", "Lower", "Upper", "Unit"],
    ["SP-1", "Boiler water", "Silica", "", "0.25", "mg/L"],
    ["SP-1", "Boiler water", "Colony count", "", "10", "CFU/100 mL"],
    ["SP-2", "Bulk", "Colony count", "", "10", "CFU/10 mL"],
    ["SP-2", "Bulk", "Purity", "95.0", "", "%"],
]
FILES = {"boiler_water.csv": BOILER, "bulk_summary.csv": BULK, "limits.csv": LIMITS}
INDEX, TITLE = index_of(FILES), "Review of utilities"


@pytest.mark.parametrize(
    "sentence",
    [
        "Silica at OUT-4 exceeded the limit of 0.25 mg/L in February 2020.",
        "Silica at OUT-4 exceeded the 0.25 mg/L limit in February 2020.",
        "Silica at OUT-1 did not exceed the 0.25 mg/L limit in February 2020.",
        "The colony count at OUT-4 exceeded the limit of 10 CFU/100 mL in March 2020.",
        "The colony count at OUT-1 was within the limit of 10 CFU/100 mL in February 2020.",
        "The purity of BK2 was below the limit of 95.0 %.",
        "Silica at OUT-1 stayed below 0.2 mg/L throughout 2020.",
    ],
)
def test_a_stated_limit_is_held_against_the_result(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "Silica at OUT-1 exceeded the limit of 0.25 mg/L in February 2020.",
        "The colony count at OUT-4 exceeded the 10 CFU/100 mL limit in February 2020.",
        "Silica was always within the limit of 0.25 mg/L.",
        "The silica limit of 0.25 mg/L was never exceeded.",
        "The purity of BK1 was below the limit of 95.0 %.",
    ],
)
def test_a_result_that_does_otherwise_stops_the_sentence(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "stopped"


@pytest.mark.parametrize(
    "sentence",
    [
        "Silica at OUT-1 remained within the limit of 0.25 mg/L for 3 months.",  # a time is no result
        "The purity of BK1 remained within the limit of 95.0 % up to 18 months.",
        "The purity of BK3 was below the limit of 95.0 %.",  # no result
        "The purity of BK1 was 97.1 %, 3 % above the limit of 95.0 %.",  # a difference, whatever it is
        "Hardness at OUT-4 was below the limit of 2.9 mg/L in February 2020.",  # an empty cell, and no such limit
    ],
)
def test_what_no_result_tells_stays_open(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "warned"
