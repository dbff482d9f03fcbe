"""Which rows a sentence means: kinds by a word of their description, values by the sheet of a condition, names right behind a word."""

import pytest
from strangers import index_of, outcome

TITLE = "Annual review 2024"
ROASTS = {
    "roast_log.csv": """
roast_no,recipe,roast_date,yield_pct,moisture_pct,remark
RO-101,Dark Espresso 1 kg,2024-01-08,84.1,1.2,
RO-102,Mild Filter 500 g,2024-01-15,86.0,1.9,
RO-103,Dark Espresso 1 kg,2024-02-05,83.5,1.1,
RO-104,Mild Filter 250 g,2024-02-19,87.2,2.1,bean lot changed
RO-105,Dark Espresso 1 kg,2024-03-04,82.7,1.4,
RO-106,Mild Filter 500 g,2024-03-18,86.9,2.0,
RO-107,Mild Filter 250 g,2024-04-02,,,stopped before roasting
"""
}


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("supported", "The mean yield of the espresso roasts was 83.4 %."),
        ("stopped", "The mean yield of the espresso roasts was 86.7 %."),
        ("supported", "The moisture of the filter roasts ranged from 1.9 % to 2.1 %."),
        ("stopped", "The moisture of the tested filter roasts ranged from 1.1 % to 2.1 %."),
        ("supported", "The 3 roasted filter roasts had a mean yield of 86.7 %."),
        ("warned", "The 4 roasted filter roasts had a mean yield of 86.7 %."),
        ("stopped", "The 3 filter roasts had a mean yield of 85.7 %."),
        ("supported", "The espresso roasts had a mean yield of 83.4 %, with 82.7 % in roast RO-105."),
        ("stopped", "The espresso roasts had a mean yield of 84.9 %, with 82.7 % in roast RO-105."),
        ("warned", "The mean yield of the decaffeinated roasts was 86.9 %."),  # no description has this word
    ],
)
def test_a_word_of_a_description_says_which_rows_are_meant(expected: str, sentence: str) -> None:
    assert outcome(sentence, index_of(ROASTS), TITLE) == expected
