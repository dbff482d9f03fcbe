"""Whose number it is and of what, in a field of its own: matches of two sides, their players, and parts of a score."""

import pytest

from audit.errors import Invalid
from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.lexicon import read_lexicon
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Verdict

LEXICON = b"""
countable = ["save", "goal"]
differences = ["lead"]
decided = ["won", "beat"]
passing = ["run", "lead"]
moments = ["the rest of the way"]
sequences = ["in a row"]
[columns]
"players.goals" = ["goals"]
"players.saves" = ["saves"]
"players.late_saves" = ["late saves"]
"sides.goals" = ["goals"]
"sides.goals_two" = ["goals (after|through) two", "goals two thirds"]
"sides.goals_end" = ["goals (final|last) third"]
"sides.saves" = ["saves"]
[rows]
sides = ["side"]
[[pairs]]
table = "sides"
columns = ["goals", "goals"]
labels = ["beat", "won", "led"]
"""


@pytest.fixture
def match() -> Evidence:
    players = [
        ["player", "side", "goals", "saves", "late_saves"],
        ["Ada Berg", "Leeds", "12", "2", "1"],
        ["Eva Lund", "Leeds", "9", "3", "2"],
        ["Ida Holm", "Reds", "11", "6", "4"],
    ]
    sides = [
        ["side", "goals", "goals_two", "goals_end", "saves"],
        ["Leeds", "21", "14", "7", "5"],
        ["Reds", "19", "16", "3", "6"],
    ]
    sources = [
        Source(name, Contents((grid_of("", rows),))) for name, rows in (("players.csv", players), ("sides.csv", sides))
    ]
    return assemble(sources, read_lexicon(LEXICON, file="lexicon.toml"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Ada Berg had 12 goals and two saves.", []),
        ("Ada Berg had 12 goals and three saves.", ["three"]),
        ("Leeds beat the Reds, 21 - 19.", []),
        ("Leeds trailed the Reds 14 - 16 after two and won 21 - 19.", []),
        ("Leeds trailed the Reds 14 - 17 after two and won 21 - 19.", ["17"]),
        ("The Reds faced Leeds in a 3 - 7 final third.", []),
        ("The Reds faced Leeds in a 3 - 8 final third.", ["8"]),
        ("Ida Holm did her best to carry Leeds, making 11 goals.", []),
        ("Ida Holm did her best to carry Leeds, making 10 goals.", ["10"]),
        ("Ida Holm made six saves, including four in the late part.", []),
        ("Ida Holm made six saves, including five in the late part.", ["five"]),
        ("Ada Berg and Eva Lund combined for 21 goals.", []),
        ("Ada Berg and Eva Lund led Leeds. They combined for 22 goals.", ["22"]),
        ("The two sides combined for 40 goals.", []),
        ("The two sides combined for 41 goals.", ["41"]),
    ],
)
def test_a_number_is_held_against_what_its_clause_says(match: Evidence, text: str, wrong: list[str]) -> None:
    assert [j.quote for j in judge(text, match) if j.verdict is Verdict.CONTRADICTED] == wrong


@pytest.mark.parametrize(
    "text",
    [
        "Ada Berg led Leeds. Mia Falk made 30 goals.",  # nobody that the evidence knows
        "Leeds held the Reds to two goals the rest of the way.",
        "Ada Berg made four of her 12 goals with her head.",
    ],
)
def test_what_the_evidence_cannot_tell_is_not_called_wrong(match: Evidence, text: str) -> None:
    assert not [j for j in judge(text, match) if j.verdict is Verdict.CONTRADICTED]


def test_what_counts_records_that_are_not_evidence_stands_nowhere(match: Evidence) -> None:
    judged = next(j for j in judge("Leeds won six in a row.", match) if j.quote == "six")
    assert (judged.verdict, judged.nowhere) == (Verdict.NOT_FOUND, True)


def test_a_phrase_with_too_many_alternatives_is_refused() -> None:
    many = "(a|b|c|d)" * 4
    with pytest.raises(Invalid, match="more than"):
        read_lexicon(f'[columns]\n"x" = ["{many}"]\n'.encode(), file="lexicon.toml")
