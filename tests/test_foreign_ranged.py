"""Ranges of named things as one group, limits in the rows of results, ranges as limits, and what was made again: supported, wrong and open."""

from functools import cache

import pytest

from drafting.checks.foreign.index import Index
from tests.strangers import index_of, outcome

TITLE = "Yearly report 2025 of the glaze works"

CHARGES = """
Charge,Kiln,Fired,Yield (%)
GL-101,K1,2025-01-10,81.0
GL-102,K2,2025-01-20,82.0
GL-103,K1,2025-02-03,83.0
GL-104,K2,2025-02-14,80.0
GL-104R,K1,2025-03-20,88.0
GL-105,K1,2025-03-02,84.0
GL-106,K2,2025-04-02,90.0
GL-107,K1,2025-04-12,91.0
GL-108,K2,2025-05-02,92.0
GL-109,K1,2025-05-22,89.0
"""

TESTS = """
Charge,Test name,Result,Unit,SPEC_LOW,SPEC_HIGH,Tested by
GL-101,Lead release,0.12,mg/L,,0.30,Berg
GL-101,Melt flow,24,mm,20,28,Berg
GL-102,Lead release,0.21,mg/L,,0.30,Berg
GL-102,Melt flow,26,mm,20,28,Berg
GL-103,Lead release,0.18,mg/L,,0.30,Dahl
GL-103,Melt flow,25,mm,20,28,Dahl
GL-104,Lead release,0.44,mg/L,,0.30,Dahl
GL-104,Melt flow,31,mm,20,28,Dahl
GL-104,Melt flow,27,mm,20,28,Dahl
GL-104R,Lead release,0.09,mg/L,,0.30,Dahl
GL-105,Lead release,0.16,mg/L,,0.30,Berg
GL-105,Melt flow,22,mm,20,28,Berg
"""

TRENDS = """
Notice,Charge,Parameter,Limit,Seen
N-1,GL-102,Lead release,alert 0.20 mg/L,2025-02-01
N-2,GL-104,Lead release,0.30 mg/L,2025-02-20
"""


@cache
def evidence() -> Index:
    return index_of({"charges.csv": CHARGES, "tests.csv": TESTS, "notices.csv": TRENDS})


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The mean yield rose from 82.0 % in charges GL-101 to GL-105 to 90.5 % in charges GL-106 to GL-109.", "supported"),
        ("The mean yield rose from 82.0 % in charges GL-101 to GL-105 to 91.5 % in charges GL-106 to GL-109.", "stopped"),
        (
            "The average yield of charges GL-101 to GL-105 was 82.0 %, compared with 90.5 % for GL-106 to GL-109.",
            "supported",
        ),
        (
            "The average yield of charges GL-101 to GL-105 was 83.0 %, compared with 90.5 % for GL-106 to GL-109.",
            "supported",
        ),
        ("The average yield of charges GL-101 to GL-105 was 82.6 %.", "stopped"),
        ("The yield of charges GL-106 to GL-109 ranged from 89.0 % to 92.0 %.", "supported"),
        ("The yield of charges GL-106 to GL-109 ranged from 88.0 % to 92.0 %.", "stopped"),
        ("The lowest yield of charges GL-106 to GL-109 was 89.0 %.", "supported"),
        ("None of GL-101 to GL-105 reached a yield of 89 %.", "supported"),
        ("None of GL-101 to GL-105 reached a yield of 83.5 %.", "stopped"),
        ("All charges GL-106 to GL-109 had a yield above 88 %.", "supported"),
        ("All charges GL-106 to GL-109 had a yield above 90 %.", "stopped"),
        ("Two of the charges GL-106 to GL-109 had a yield above 90.5 %.", "supported"),
        ("Three of the charges GL-106 to GL-109 had a yield above 90.5 %.", "stopped"),
        ("The mean yield of charges GL-106 to GL-109 fired in K1 was 90.0 %.", "warned"),  # narrowed by more than the range
    ],
)
def test_a_range_of_things_is_a_group(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The lead release of charge GL-102 was 0.21 mg/L, close to the upper limit of 0.30 mg/L.", "supported"),
        ("The lead release of charge GL-102 was 0.21 mg/L, close to the upper limit of 0.35 mg/L.", "stopped"),
        ("The lead release of charge GL-102 was 0.21 mg/L, above the alert limit of 0.20 mg/L.", "supported"),
        ("The lead release of charge GL-102 was 0.21 mg/L, above the alert limit of 0.18 mg/L.", "warned"),
        ("The lead release of charge GL-104 was 0.44 mg/L, against a limit of 0.30 mg/L.", "supported"),
        ("The melt flow of charge GL-101 was 24 mm, close to the upper limit of 20 mm.", "stopped"),
        ("The lead release of charge GL-104 was 0.44 mg/L and exceeded the 0.30 mg/L limit.", "supported"),
        ("The lead release of charge GL-103 was 0.18 mg/L and exceeded the 0.30 mg/L limit.", "stopped"),
    ],
)
def test_a_limit_is_that_of_the_same_attribute_side_and_level(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The melt flow of charge GL-104 was initially 31 mm and met the range of 20 to 28 mm only later.", "supported"),
        ("The melt flow of charge GL-101 was outside the range of 20 to 28 mm.", "stopped"),
        ("The melt flow of charge GL-101 met the range of 20 to 26 mm.", "stopped"),
        ("Charge GL-104 was the only charge with a melt flow outside the range of 20 to 28 mm.", "supported"),
        ("Charge GL-105 was the only charge with a melt flow outside the range of 20 to 28 mm.", "stopped"),
        ("The melt flow of charge GL-104 was first 31 mm and then 27 mm.", "supported"),
        ("The melt flow of charge GL-104 was first 32 mm and then 27 mm.", "stopped"),
        ("The gloss of charge GL-101 was outside the range of 40 to 60 GU.", "warned"),  # nothing tells of it
    ],
)
def test_a_range_may_be_a_limit(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Charge GL-104 was fired again as GL-104R, and the lead release fell from 0.44 mg/L to 0.09 mg/L.", "supported"),
        ("Charge GL-104 was fired again as GL-104R, and the lead release fell from 0.44 mg/L to 0.15 mg/L.", "stopped"),
        ("Charge GL-104 was fired again as GL-104R, and the lead release fell from 0.09 mg/L to 0.44 mg/L.", "warned"),
        ("After the firing of GL-104 as GL-104R the lead release was 0.09 mg/L.", "supported"),
        ("After the firing of GL-104 as GL-104R the lead release was 0.12 mg/L.", "stopped"),
    ],
)
def test_what_was_made_again_has_results_of_its_own(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected
