"""Counts of records as reports say them: causes, lettered values, abbreviations, shares that correspond, and things that were made again."""

from functools import cache

import pytest

from drafting.checks.foreign.index import Index
from tests.strangers import index_of, outcome

TITLE = "Yearly report 2025 of the glaze works, Norvik site"

CHARGES = """
Charge,Line,Fired,Clay stage 1 yield (%),State
GL-101,A,2025-01-10,81.0,Accepted
GL-102,B,2025-01-20,82.0,Accepted
GL-103,A,2025-02-03,83.0,Accepted
GL-104,B,2025-02-14,80.0,Refused
GL-104R,A,2025-03-20,88.0,Accepted
GL-105,B,2025-03-02,84.0,Accepted
GL-106,A,2025-04-02,90.0,Accepted
"""

FAULTS = """
Fault,Kind,Noticed on,Cause,Due on,Closed on
F-1,OOS,2025-01-12,wear,2025-02-01,2025-02-10
F-2,OOS,2025-02-02,wear,2025-03-01,2025-02-20
F-3,OOT,2025-02-20,labelling,2025-03-20,2025-03-10
F-4,OOS,2025-04-15,power,2025-05-10,2025-05-20
F-5,OOT,2025-05-02,wear,2025-06-01,2025-05-20
"""


@cache
def evidence() -> Index:
    return index_of({"charges.csv": CHARGES, "faults.csv": FAULTS})


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Wear was the cause of three faults.", "supported"),
        ("Wear was the cause of four faults.", "stopped"),
        ("Labelling errors were the cause of one fault noticed in 2025.", "supported"),
        ("Labelling errors were the cause of two faults noticed in 2025.", "stopped"),
        ("In the first quarter of 2025, three faults were noticed at the Norvik site.", "supported"),
        ("In the first quarter of 2025, two faults were noticed at the Norvik site.", "stopped"),
        ("In the first quarter of 2025, two faults were noticed at the Bergen site.", "warned"),  # another site
        ("Three out-of-specification faults were noticed in 2025.", "supported"),
        ("Two out-of-specification faults were noticed in 2025.", "stopped"),
        ("Three out-of-specification and two out-of-trend faults were entered.", "supported"),
        ("Two out-of-specification and three out-of-trend faults were entered.", "stopped"),
        ("Three of the five faults, corresponding to 60 %, were due to wear.", "supported"),
        ("Three of the five faults, corresponding to 65 %, were due to wear.", "stopped"),
        ("Two of the five faults, which corresponds to 45 %, were found by the night shift.", "stopped"),
        ("Two of the five faults, which corresponds to 40 %, were found by the night shift.", "warned"),  # the count is open
    ],
)
def test_records_are_counted_as_said(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Three of the six production charges were made on line A and the other three on line B.", "supported"),
        ("Two of the six production charges were made on line A and the other four on line B.", "stopped"),
        ("Four charges were made on line A.", "supported"),
        ("Three charges were made on line A.", "supported"),  # one of the four was made of another
        ("Five charges were made on line A.", "stopped"),
        ("GL-101 and GL-103 were made on line A.", "supported"),
        ("GL-101 and GL-103 were made on line B.", "stopped"),
        ("The clay stage 1 yield of charge GL-103 was 83.0 %.", "supported"),
        ("The clay stage 1 yield of charge GL-103 was 84.0 %.", "stopped"),
    ],
)
def test_what_was_made_again_need_not_be_counted_and_letters_are_values(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected
