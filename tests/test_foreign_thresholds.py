"""Of how many results a bound is said, of how many values a statistic is, and which figures that stand nowhere are only derived."""

import pytest
from strangers import index_of, outcome

from drafting.checks.foreign.index import Index

WELLS = [
    ["Well", "Nitrate (mg/L)", "Lead (ug/L)", "Recovery (%)", "Region"],
    ["WL-1", "12", "<2", "91", "North"],
    ["WL-2", "17", "3", "88", "North"],
    ["WL-3", "9", "<2", "94", "South"],
    ["WL-4", "44", "<2", "", "South"],
    ["WL-5", "15", "4", "71", "South"],
    ["WL-6", "11", "<2", "86", "North"],
]
READINGS = [
    ["Station", "Month", "Turbidity (NTU)"],
    ["ST-1", "2024-01", "0.4"],
    ["ST-1", "2024-02", "0.6"],
    ["ST-2", "2024-01", "0.5"],
    ["ST-2", "2024-02", "5.2"],
]
LIMITS = [
    ["Parameter", "Lower limit", "Upper limit", "Unit"],
    ["Nitrate", "", "40", "mg/L"],
    ["Recovery", "80", "", "%"],
]
TITLE = "Water review 2024"


@pytest.fixture(scope="module")
def wells() -> Index:
    files = {"well_results.csv": WELLS, "turbidity.csv": READINGS, "limits.csv": LIMITS}
    return index_of(files)


@pytest.mark.parametrize(
    "said",
    [
        "Four of the six wells had a lead result below 2 ug/L.",
        "Lead was below the limit of detection (<2 ug/L) in four wells.",
        "All but one of the wells were at or below 17 mg/L of nitrate; the exception was WL-4 with 44 mg/L.",
        "All but one of the wells were at or below a nitrate of 17 mg/L.",
        "Recovery met the minimum of 80 % in every well except WL-5.",
        "Recovery met the minimum of 70 % at every site.",  # what holds of all rows holds of the sites
        "In the wells tested, nitrate did not exceed 44 mg/L.",
        "Turbidity exceeded 5 NTU only once.",
        "Only WL-4 had a nitrate above 40 mg/L.",
        "WL-5 was the only well with a recovery below 80 %.",
        "Recovery was 80 % or higher in four wells.",
        "All wells except WL-4 met the nitrate limit of 40 mg/L.",
        "Nitrate exceeded the limit of 40 mg/L in one well.",
        "No well other than WL-4 exceeded the limit of 40 mg/L for nitrate.",
        "No well showed more than 44 mg/L of nitrate.",
        "Nitrate was at or below 17 mg/L in all wells except one.",
        "Nitrate was within 5 to 50 mg/L.",
        "Turbidity exceeded 5 NTU.",
        "The mean recovery of the 5 wells with a result was 86.0 %.",
        "The mean nitrate of the six wells was 18 mg/L, with individual values between 9 and 44 mg/L.",
        "Nitrate lay between 9 mg/L and 44 mg/L; the result of WL-4 was 44 mg/L.",
        "With 3 of 6 wells in the North, the share was 50 %.",
    ],
)
def test_true_statements_about_bounds_are_supported(said: str, wells: Index) -> None:
    assert outcome(said, wells, TITLE) == "supported"


@pytest.mark.parametrize(
    "said",
    [
        "Three of the six wells had a lead result below 2 ug/L.",
        "Four of the seven wells had a lead result below 2 ug/L.",
        "Lead was below the limit of detection (<2 ug/L) in five wells.",
        "All but two of the wells were at or below 17 mg/L of nitrate.",
        "All but one of the wells were at or below 17 mg/L of nitrate; the exception was WL-2 with 44 mg/L.",
        "All but one of the wells were at or below 17 mg/L of nitrate; the exception was WL-4 with 45 mg/L.",
        "Recovery met the minimum of 80 % in every well except WL-1.",
        "Recovery met the minimum of 70 % in every well except WL-5.",
        "In the wells tested, nitrate did not exceed 17 mg/L.",
        "Turbidity exceeded 5 NTU twice.",
        "Only WL-4 had a nitrate above 16 mg/L.",
        "WL-2 was the only well with a recovery below 80 %.",
        "Recovery was 80 % or higher in five wells.",
        "All wells except WL-2 met the nitrate limit of 40 mg/L.",
        "Nitrate exceeded the limit of 40 mg/L in two wells.",
        "No well exceeded the limit of 40 mg/L for nitrate.",
        "No well showed more than 40 mg/L of nitrate.",
        "Nitrate was at or below 17 mg/L in all wells except two.",
        "Nitrate was within 10 to 50 mg/L.",
        "Turbidity exceeded 6 NTU.",
        "The mean recovery of the 4 wells with a result was 86.0 %.",
        "With 3 of 6 wells in the North, the share was 53.7 %.",
        "The recovery of WL-1 was 63.7 %.",  # a plain value that stands nowhere
    ],
)
def test_false_statements_about_bounds_are_stopped(said: str, wells: Index) -> None:
    assert outcome(said, wells, TITLE) == "stopped"


@pytest.mark.parametrize(
    "said",
    [
        "Recovery met the minimum of 80 % at every site.",  # which sites are meant the evidence does not say
        "Compared with 2019, the mean nitrate improved by about 23 %.",
        "On average the old wells were deeper than the new ones (83.7 m versus 61.3 m).",
        "A total of six wells were tested, an increase of 13 % compared with 2019.",
        "Across the six wells, an average of 2.7 wells per region was tested.",
        "In total 7,713 of 29,310 samples were taken at night.",
        "Nitrate was below 5 mg/L in three wells of the old field.",
    ],
)
def test_what_is_derived_or_narrowed_otherwise_is_open(said: str, wells: Index) -> None:
    assert outcome(said, wells, TITLE) == "warned"
