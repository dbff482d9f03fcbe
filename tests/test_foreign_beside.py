"""What stands beside a figure in its row, records that a sentence begins with, extremes of long tables, and bounds of none: supported, wrong and open."""

from functools import cache

import pytest

from drafting.checks.foreign.index import Index
from tests.strangers import index_of, outcome

TITLE = "Yearly report 2025 of the glaze works"

CHARGES = """
Charge,Kiln,Fired
GL-101,K1,2025-01-10
GL-102,K2,2025-01-20
GL-103,K1,2025-02-03
GL-104,K2,2025-02-14
GL-105,K1,2025-03-02
"""

TESTS = """
Charge,Test name,Result,Unit,Tester
GL-101,Gloss,81.2,GU,A. Berg
GL-101,Melt flow,24,mm,A. Berg
GL-102,Gloss,82.4,GU,A. Berg
GL-102,Melt flow,26,mm,M. Dahl
GL-103,Gloss,79.6,GU,M. Dahl
GL-103,Melt flow,25,mm,M. Dahl
GL-104,Gloss,84.9,GU,M. Dahl
GL-104,Melt flow,31,mm,A. Berg
GL-105,Gloss,83.0,GU,A. Berg
GL-105,Melt flow,22,mm,A. Berg
"""

AGEING = """
Charge,Weeks,Gloss
GL-101,0,81.2
GL-101,4,77.5
GL-102,0,82.4
GL-102,4,78.0
"""

INQUIRIES = """
Inquiry,Charge,Subject,Outcome
Q-1,GL-102,gloss,upheld
Q-2,GL-104,melt flow,dismissed
Q-3,GL-103,gloss,upheld
Q-4,GL-101,melt flow,dismissed
"""

RETURNS = """
Return,Client,Charge,Amount,Decision
R-1,Nord Keramik,GL-101,50.0 kg,scrapped
R-2,Vestre Fliser,GL-103,25.0 kg,restocked
"""


@cache
def evidence() -> Index:
    files = {
        "charges.csv": CHARGES,
        "tests.csv": TESTS,
        "ageing.csv": AGEING,
        "inquiries.csv": INQUIRIES,
        "returns.csv": RETURNS,
    }
    return index_of(files)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Tester A. Berg found a melt flow of 31 mm in charge GL-104.", "supported"),
        ("Tester M. Dahl found a melt flow of 31 mm in charge GL-104.", "stopped"),
        ("Vestre Fliser returned 25.0 kg of charge GL-103 because of a wrong order.", "supported"),
        ("Nord Keramik returned 25.0 kg of charge GL-103 because of a wrong order.", "warned"),
        ("The 50.0 kg of charge GL-101 returned by Nord Keramik were sold again.", "warned"),  # what was done is not judged
        ("Inquiry Q-1 on the gloss of charge GL-102 was upheld.", "supported"),
        ("Inquiry Q-1 on the gloss of charge GL-102 was dismissed.", "stopped"),
    ],
)
def test_a_row_says_who_and_what(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The highest gloss of 2025 was found in charge GL-104.", "supported"),
        ("The highest gloss of 2025 was found in charge GL-105.", "stopped"),
        ("The gloss of charge GL-104 was 84.9 GU, the highest value of all charges.", "supported"),
        ("The gloss of charge GL-105 was 83.0 GU, the highest value of all charges.", "stopped"),
        ("The lowest melt flow of 2025 was 22 mm and belonged to charge GL-105.", "supported"),
        ("The lowest melt flow of 2025 was 24 mm and belonged to charge GL-101.", "stopped"),
        ("No charge had a gloss below 79 GU.", "supported"),
        ("No charge had a gloss below 80 GU.", "stopped"),
        ("The gloss was above 79 GU in every charge, including charge GL-103.", "supported"),
        ("The gloss was above 80 GU in every charge, including charge GL-103.", "stopped"),
        ("No charge had a gloss below 70 GU during the ageing study.", "supported"),
    ],
)
def test_all_results_of_long_tables(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected
