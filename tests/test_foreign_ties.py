"""Rows that are tied to several kinds of things, and what counts and relations may be held against them: only what they can be tied to."""

import pytest
from strangers import index_of, verdicts

from drafting.checks.foreign.index import Index

TITLE = "Annual review of the syringe line, 2024"
EVENTS = """
Event No,Opened,Class,Barrel / Kit,Text
EV-1,2024-01-08,Minor,BRL-01,Mould flash
EV-2,2024-02-11,Major,KIT-7,Label smeared
EV-3,2024-03-19,Minor,BRL-02,Short shot
EV-4,2024-05-02,Minor,,Door alarm
EV-5,2024-06-21,Major,BRL-01,Silicone haze
"""
BARRELS = """
Barrel ID,Press,Moulded On,Weight (g)
BRL-01,PR-1,2024-01-02,4.1
BRL-02,PR-2,2024-01-20,4.3
BRL-03,PR-1,2024-02-14,4.2
"""
KITS = """
Kit ID,Barrel,Packed On,Station
KIT-7,BRL-02,2024-02-03,ST-1
KIT-8,BRL-03,2024-02-28,ST-2
KIT-9,BRL-03,2024-03-04,ST-1
"""
ACTIONS = """
Action ID,Source,Owner
AC-1,EV-1,Moulding
AC-2,EV-2,Packing
AC-3,EV-5,Moulding
AC-4,EV-5,Quality
"""
CLAIMS = """
Claim No,Received,Market,Fault
CL-1,2024-04-01,Norway,Leak
CL-2,2024-04-19,Norway,Leak
CL-3,2024-05-11,Portugal,Odour
CL-4,2024-06-30,Norway,Odour
CL-5,2024-07-02,Chile,Leak
"""


def evidence(**tables: str) -> Index:
    return index_of({f"{name}.csv": text for name, text in tables.items()})


@pytest.fixture(scope="module")
def line() -> Index:
    return evidence(event_log=EVENTS, barrels=BARRELS, kits=KITS, actions=ACTIONS, claims=CLAIMS)


TRUE = (
    "EV-1 relates to barrel BRL-01.",
    "EV-2 concerned kit KIT-7.",
    "Two events concerned barrel BRL-01.",
    "Barrel BRL-01 led to three actions.",
    "Customers in Norway filed three claims.",
    "In Norway, three claims were filed.",
)
FALSE = (
    "EV-1 relates to barrel BRL-02.",
    "EV-2 concerned kit KIT-8.",
    "Three events concerned barrel BRL-01.",
    "Barrel BRL-01 led to two actions.",
    "Four claims were filed in Norway.",
)
OPEN = (
    "EV-2 relates to barrel BRL-02.",  # the kit that it names was made of it
    "Two events concerned barrel BRL-02.",  # one names it, one a kit made of it
    "Barrel BRL-02 led to two claims.",  # no claim says of which barrel it is
    "Barrel BRL-03 drew five claims.",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_what_rows_are_tied_to_supports_a_sentence(line: Index, sentence: str) -> None:
    assert verdicts(line, sentence, TITLE) == {"supported"}


@pytest.mark.parametrize("sentence", FALSE)
def test_what_rows_are_tied_to_contradicts_a_sentence(line: Index, sentence: str) -> None:
    assert "contradicted" in verdicts(line, sentence, TITLE)


@pytest.mark.parametrize("sentence", OPEN)
def test_what_rows_cannot_be_tied_to_surely_is_left_open(line: Index, sentence: str) -> None:
    assert "contradicted" not in verdicts(line, sentence, TITLE)
    assert "not_found" in verdicts(line, sentence, TITLE)
