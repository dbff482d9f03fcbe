"""Days between two acts as the mean of the group that a sentence names, counts whose noun is said only once, portions of all, and what is assigned to nothing."""

import pytest
from strangers import index_of, outcome

from drafting.checks.foreign.index import Index

TITLE = "Annual review of the canning line"
LOTS = """
Lot,Start of filling,End of filling,Fate,Fate date,Cooker
CN-1,2024-01-02,2024-01-04,Shipped,2024-01-24,K-1
CN-2,2024-02-01,2024-02-03,Shipped,2024-02-27,K-2
CN-3,2024-03-04,2024-03-06,Scrapped,2024-05-05,K-1
CN-4,2024-04-02,2024-04-05,Shipped,2024-04-22,K-2
CN-5,2024-05-06,2024-05-08,Scrapped,2024-06-17,K-1
"""
FAULTS = """
Fault,Opened on,Lot hit,Line,Risk class,Fault state,Closed on
FT-1,2024-01-03,CN-1,North,Major,Closed,2024-02-12
FT-2,2024-02-05,,South,Minor,Closed,2024-02-25
FT-3,2024-03-05,CN-3,North,Major,Closed,2024-04-04
FT-4,2024-04-03,CN-4,South,Minor,Closed,2024-04-13
FT-5,2024-05-07,,North,Major,Open,
"""


@pytest.fixture(scope="module")
def plant() -> Index:
    return index_of({"lots.csv": LOTS, "faults.csv": FAULTS})


TRUE = (
    "Two faults were not assigned to any lot.",
    "Major faults made up 60 % of all faults.",
    "Major faults were the most frequent ones, accounting for three cases or 60 % of all faults.",
    "Closed major faults needed 35 days on average, compared with 15 days for closed minor ones.",
    "On average, minor faults were closed after 15 days.",
    "For the shipped lots it took 20.3 days on average from the end of filling to the fate.",
    "On average 20.3 days passed from the end of filling to the fate of the shipped lots.",
    "Faults were closed after 25 days on average.",
    "Five lots were filled in 2024, three of them shipped and two scrapped.",
    "Of the five faults, three were major and two minor.",
    "Cooker K-1 was used for three lots and K-2 for the remaining two.",
)
FALSE = (
    "Three faults are not linked to a lot.",
    "Major faults made up 40 % of all faults.",
    "Major faults were the most frequent ones, accounting for four cases or 60 % of all faults.",
    "Five lots were filled in 2024, four in cooker K-1 and one in cooker K-2.",
    "Closed major faults needed 15 days on average, compared with 35 days for closed minor ones.",
    "Major faults were closed after 25 days on average.",
    "Minor faults were closed after 35 days on average.",
)
OPEN = (
    "Three faults were not assigned to any supplier.",
    "Major faults accounted for 75 % of all faults of the old line.",
    "Major faults of the night shift made up 20 % of all faults.",
    "Five lots were filled in 2024, four of them shipped and one scrapped.",
    "Cooker K-1 was used for three lots and K-2 for the remaining three.",
    "Five lots were filled, one of them shipped to Spain and four shipped to Chile.",
    "Two faults had no line.",
    "Faults with a spare part were closed after 31 days on average.",
    "For the shipped lots of the second cooker it took 18 days on average from the end of filling to the customer.",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_a_true_sentence_is_supported(plant: Index, sentence: str) -> None:
    assert outcome(sentence, plant, TITLE) == "supported"


@pytest.mark.parametrize("sentence", FALSE)
def test_a_false_sentence_is_stopped(plant: Index, sentence: str) -> None:
    assert outcome(sentence, plant, TITLE) == "stopped"


@pytest.mark.parametrize("sentence", OPEN)
def test_what_is_not_understood_is_only_warned_of(plant: Index, sentence: str) -> None:
    assert outcome(sentence, plant, TITLE) == "warned"
