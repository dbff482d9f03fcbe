"""A count is contradicted only where every word beside it is known: one that is not may say which rows are counted."""

import pytest
from strangers import index_of, outcome

TITLE = "Annual review of the weighbridge"
LOADS = """
Load,Carrier,State
L-1,Holt,accepted
L-2,Holt,accepted
L-3,Brand,refused
L-4,Brand,accepted
"""


@pytest.mark.parametrize(
    ("sentence", "met"),
    [
        ("Four loads were received.", "supported"),
        ("Five loads were received.", "stopped"),
        ("Three loads were accepted.", "supported"),
        ("Two loads were accepted.", "stopped"),
        ("Two overweight loads were received.", "warned"),  # of what the evidence says nothing
        ("Three of the nocturnal loads were accepted.", "warned"),
    ],
)
def test_a_count_beside_a_word_that_nothing_knows_is_only_warned_of(sentence: str, met: str) -> None:
    assert outcome(sentence, index_of({"loads.csv": LOADS}), TITLE) == met
