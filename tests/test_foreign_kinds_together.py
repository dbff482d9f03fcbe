"""Kinds that are the most frequent together, one figure instead of another, and when records were taken out: supported, wrong and open."""

from functools import cache

import pytest

from drafting.checks.foreign.index import Index
from tests.strangers import index_of, outcome

TITLE = "Yearly report 2025 of the glaze works"

FAULTS = """
Fault,Noticed on,Cause,Description,State
F-1,2025-01-12,wear,Belt worn,Closed
F-2,2025-02-02,wear,Roller worn,Closed
F-3,2025-02-20,labelling,Label of 40 g instead of 60 g,Closed
F-4,2025-04-15,labelling,Wrong label on two pallets,Open
F-5,2025-05-02,power,Fuse blown,Open
"""


@cache
def evidence() -> Index:
    return index_of({"faults.csv": FAULTS})


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Wear and labelling were the most frequent causes, with two faults each.", "supported"),
        ("Wear and labelling were the most frequent causes, with three faults each.", "stopped"),
        ("Wear and power were the most frequent causes, with two faults each.", "stopped"),
        ("Fault F-3 was a label of 40 g instead of 60 g.", "supported"),
        ("Fault F-3 was a label of 60 g instead of 40 g.", "stopped"),
        ("Fault F-3 was a label of 30 g instead of 70 g.", "stopped"),  # these stand nowhere
        ("Two faults, F-4 and F-5, were still open when the records were exported.", "supported"),
        ("Two faults, F-3 and F-5, were still open when the records were exported.", "stopped"),
        ("Two faults, F-4 and F-5, were still open when the records were discussed.", "warned"),
    ],
)
def test_kinds_together_and_one_instead_of_another(sentence: str, expected: str) -> None:
    assert outcome(sentence, evidence(), TITLE) == expected
