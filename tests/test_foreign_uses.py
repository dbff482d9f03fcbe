"""In how many things one was used, and what things are said to lack: by the rows that name both, and by cells that are empty."""

import pytest
from strangers import index_of, verdicts

from drafting.checks.foreign.index import Index

TITLE = "Annual review of the sensor housings"
USAGE = """
Charge,Stuff,Stuff Lot
H-01,Resin,RS-10
H-01,Glue,GL-3
H-02,Resin,RS-10
H-02,Glue,GL-4
H-03,Resin,RS-11
H-03,Glue,GL-4
H-04,Resin,RS-11
H-05,Resin,RS-11
"""
CHARGES = """
Charge No,Mould,Made
H-01,M-1,2024-02-01
H-02,M-1,2024-02-09
H-03,M-2,2024-03-03
H-04,M-2,2024-03-17
H-05,M-1,2024-04-22
H-06,M-2,2024-05-02
"""
FAULTS = """
Fault No,Noticed,Finished (yyyy-mm-dd),Root Cause Code,Stage
FL-1,2024-02-03,2024-02-20,Tool,Shut
FL-2,2024-02-11,2024-03-01,Method,Shut
FL-3,2024-03-05,,,Underway
FL-4,2024-03-19,,Tool,Underway
"""


@pytest.fixture(scope="module")
def plant() -> Index:
    tables = {"usage": USAGE, "charges": CHARGES, "faults": FAULTS}
    return index_of({f"{name}.csv": text for name, text in tables.items()})


TRUE = (
    "Resin lot RS-11 was used in three charges.",
    "Charge H-01 was made with resin lot RS-10, which also went into one other charge.",
    "Glue lot GL-4 was used to produce H-02 and H-03.",
    "Glue lot GL-4 was not used in H-01.",
    "FL-3 has no finish date.",
    "FL-4 was noticed on 19 March 2024 but has no finish date and is still underway.",
    "No root cause has yet been assigned to FL-3.",
    "Two faults had no finish date.",
    "One fault has no root cause assigned.",
    "Charge H-02 was made with glue lot GL-4.",
)
FALSE = (
    "Resin lot RS-11 was used in four charges.",
    "Charge H-01 was made with resin lot RS-10, which also went into two other charges.",
    "Glue lot GL-3 was used to produce H-02.",
    "FL-2 has no finish date.",
    "No root cause has yet been assigned to FL-3 or FL-4.",
    "FL-2 was noticed on 11 February 2024 but is still underway.",
    "Three faults had no finish date.",
    "Charge H-01 was made with glue lot GL-4.",
)
OPEN = (
    "Resin lot RS-11 was used in two charges of March.",
    "Resin lot RS-12 was used in three charges.",
    "Charge H-06 was made with resin lot RS-11.",  # no row says what went into it
    "Resin lot RS-11 was used to produce H-06.",
    "No operator has yet been assigned to FL-3.",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_true_uses_and_gaps_are_supported(plant: Index, sentence: str) -> None:
    assert verdicts(plant, sentence, TITLE) == {"supported"}


@pytest.mark.parametrize("sentence", FALSE)
def test_false_uses_and_gaps_are_contradicted(plant: Index, sentence: str) -> None:
    assert "contradicted" in verdicts(plant, sentence, TITLE)


@pytest.mark.parametrize("sentence", OPEN)
def test_uses_and_gaps_that_rows_do_not_tell_stay_open(plant: Index, sentence: str) -> None:
    assert "contradicted" not in verdicts(plant, sentence, TITLE)
    assert "not_found" in verdicts(plant, sentence, TITLE)
