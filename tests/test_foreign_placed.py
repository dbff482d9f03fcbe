"""Figures that only say of which things others are, codes without a table of their own, and spans in which values lie."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon

TITLE = "Annual review of the valve castings"
CASTINGS = """
Casting No,Bore (mm),Alloy lot,Poured,Furnace
VC-01,20,AL-11,2024-01-08,F-1
VC-02,20,AL-11,2024-02-12,F-2
VC-03,40,AL-12,2024-03-04,F-2
VC-04,40,AL-12,2024-04-09,F-2
VC-05,40,AL-13,2024-05-21,F-1
"""
ALLOYS = """
Grade,Metal,Vendor,Slip,Own lot,Release state,Used for castings
G2,Bronze,Hagenau Metals,S-901,AL-11,Approved,VC-01; VC-02
G2,Bronze,Torres Alloys,S-917,AL-12,Approved,VC-03; VC-04
G2,Bronze,Hagenau Metals,S-920,AL-13,Approved,VC-05
G7,Bronze,Torres Alloys,S-933,AL-14,Blocked,
"""
RESULTS = """
Casting,Attribute,Result,Unit
VC-01,Burst pressure,95,bar
VC-01,Proof strength,61,N
VC-02,Burst pressure,104,bar
VC-02,Proof strength,66,N
VC-03,Burst pressure,99,bar
VC-03,Proof strength,92,N
VC-04,Burst pressure,108,bar
VC-04,Proof strength,76,N
VC-05,Burst pressure,101,bar
VC-05,Proof strength,97,N
"""
LIMITS = """
Attribute,Size,Lower limit,Upper limit,Unit
Proof strength,20 mm,50,90,N
Proof strength,40 mm,80,130,N
Burst pressure,both,80,125,bar
Flange depth,20 mm,3,4,mm
Flange depth,40 mm,4,6,mm
"""


@pytest.fixture(scope="module")
def plant() -> Index:
    tables = {"castings": CASTINGS, "alloys": ALLOYS, "results": RESULTS, "limits": LIMITS}
    rows = {f"{name}.csv": [line.split(",") for line in text.strip().splitlines()] for name, text in tables.items()}
    return Index(assemble([Source(name, Contents((grid_of("", held),))) for name, held in rows.items()], Lexicon()))


def outcome(index: Index, sentence: str) -> str:
    judged = [j for j in judge(f"{TITLE}\n\n{sentence}\n", index) if j.start > len(TITLE)]
    if any(str(j.verdict) == "contradicted" or j.nowhere for j in judged):
        return "stopped"
    return "warned" if any(str(j.verdict) == "not_found" for j in judged) or not judged else "supported"


TRUE = (
    "The lower limit of the proof strength is 80 N for the 40 mm bore.",
    "The lower limit of the proof strength is 50 N for the 20 mm bore.",
    "The failure of VC-03 was traced to alloy lot AL-12, which was also used for VC-04.",
    "Alloy lot AL-12 was supplied by Torres Alloys.",
    "Alloy lot AL-14 was blocked.",
    "The burst pressure was within the range of 80 bar to 125 bar.",
    "The burst pressure of VC-01 was within 90 to 140 bar.",
)
FALSE = (
    "The lower limit of the proof strength is 50 N for the 40 mm bore.",
    "The failure of VC-03 was traced to alloy lot AL-12, which was also used for VC-05.",
    "Alloy lot AL-13 was blocked.",
    "The burst pressure was within the range of 100 bar to 125 bar.",
)
OPEN = (
    "The x50 of alloy lot AL-12 was above 99 µm.",
    "The proof strength of VC-04 was below the limit for the 40 mm castings.",
    "Alloy lot AL-12 was analysed by Hagenau Metals.",
    "Within 40 days of storage the burst pressure dropped more in VC-03 than in VC-04.",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_a_true_sentence_is_supported(plant: Index, sentence: str) -> None:
    assert outcome(plant, sentence) == "supported"


@pytest.mark.parametrize("sentence", FALSE)
def test_a_false_sentence_is_stopped(plant: Index, sentence: str) -> None:
    assert outcome(plant, sentence) == "stopped"


@pytest.mark.parametrize("sentence", OPEN)
def test_what_the_evidence_cannot_tell_is_only_warned_of(plant: Index, sentence: str) -> None:
    assert outcome(plant, sentence) == "warned"
