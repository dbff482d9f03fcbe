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
opposed = ["against", "held", "(loss|lost) to"]
[columns]
"players.goals" = ["goals"]
"players.saves" = ["saves"]
"players.late_saves" = ["late saves"]
"sides.goals" = ["goals"]
"sides.goals_two" = ["goals (after|through) two", "goals two thirds"]
"sides.goals_end" = ["goals (final|last) third"]
"sides.saves" = ["saves"]
"sides.left_percent" = ["percent (left|left wing)"]
"sides.right_percent" = ["percent (right|right wing)"]
[rows]
sides = ["side"]
[aliases]
players = ["surname"]
[[pairs]]
table = "players"
columns = ["hit", "tried"]
labels = ["shots"]
[[pairs]]
table = "players"
columns = ["near_hit", "near_tried"]
labels = ["short range"]
[[links]]
table = "players"
column = "side"
words = ["led the way for"]
[[reaches]]
table = "players"
column = "goals"
least = 10
owner = "sides"
among = "side"
nouns = ["players"]
words = ["in double figures"]
[[pairs]]
table = "sides"
columns = ["won", "lost"]
[[pairs]]
table = "sides"
columns = ["won", "lost"]
labels = ["record"]
before = ["improved to"]
unless = ["with (him|her)"]
[[pairs]]
table = "sides"
columns = ["goals", "goals"]
labels = ["beat", "won", "led"]
"""


@pytest.fixture
def match() -> Evidence:
    players = [
        ["player", "surname", "side", "goals", "saves", "late_saves", "hit", "tried", "near_hit", "near_tried"],
        ["Ada Berg", "Berg", "Leeds", "12", "2", "1", "12", "20", "1", "3"],
        ["Eva Lund", "Lund", "Leeds", "9", "3", "2", "9", "12", "4", "9"],
        ["Ida Holm", "Holm", "Reds", "11", "6", "4", "11", "22", "6", "8"],
        ["Ute Holm", "Holm", "Reds", "", "", "", "", "", "", ""],
    ]
    sides = [
        ["side", "goals", "goals_two", "goals_end", "saves", "left_percent", "right_percent", "won", "lost"],
        ["Leeds", "21", "14", "7", "5", "40", "55", "8", "3"],
        ["Reds", "19", "16", "3", "6", "35", "60", "5", "6"],
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
        ("Leeds were led by Ada Berg and Eva Lund. The duo combined for 21 goals.", []),
        ("Leeds were led by Ada Berg and Eva Lund. The duo combined for 22 goals.", ["22"]),
        ("Ada Berg made 12 of her side's 21 goals.", []),
        ("Ada Berg made 12 of her side's 20 goals.", ["20"]),
        ("Ada Berg and Eva Lund combined for 20 of the side's 21 goals.", ["20"]),
        ("Leeds combined for 21 goals.", []),
        ("Leeds combined for 22 goals.", ["22"]),
        ("Ada Berg and Eva Lund led Leeds with a combined 21 goals.", []),
        ("Ada Berg and Eva Lund led Leeds with a combined 20 goals.", ["20"]),
        ("Ada Berg made 12 of the Leeds' 21 goals.", []),
        ("Ada Berg made 11 of Leeds' 21 goals.", ["11"]),
        ("Leading Leeds was Ada Berg with 11 goals.", ["11"]),
        ("Holm made 12 goals.", ["12"]),  # of the two Holms one has figures
        ("Leeds had a strong final third where they beat the Reds 17 - 13.", ["17", "13"]),
        ("Leeds won that battle, 19 - 11.", ["19", "11"]),
        ("Leeds improved to 8 - 3 with the win.", []),
        ("Leeds improved to 9 - 3 with the win.", ["9"]),
        ("Leeds struggled on the left wing, where they hit just 40 percent.", []),
        ("Leeds struggled on the left wing, where they hit just 55 percent.", ["55 percent"]),
        ("Ada Berg hit 60 percent of her shots.", []),
        ("Ada Berg hit 70 percent of her shots.", ["70 percent"]),
        ("Ada Berg hit 4 of 9 shots.", ["4", "9"]),
        ("Ida Holm was 1 - of - 3 from short range.", ["1", "3"]),
        ("One Reds in double figures was enough.", []),
        ("Two Leeds in double figures were enough.", ["Two"]),
    ],
)
def test_a_number_is_held_against_what_its_clause_says(match: Evidence, text: str, wrong: list[str]) -> None:
    assert [j.quote for j in judge(text, match) if j.verdict is Verdict.CONTRADICTED] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The Reds ( 8 - 3 ) were cheered on.", ["Reds"]),  # a record that is the other side's, whole
        ("The Reds ( 8 - 6 ) were cheered on.", ["8"]),
        ("The Reds ( 8 - 3 ) were led by Ada Berg.", ["Reds"]),
        ("The Reds ( 8 - 3 ) were led by Ida Holm.", ["8", "3"]),  # who is one of them
        ("The Reds ( 8 - 3 ) went down to Leeds.", ["8", "3"]),
        ("Ida Holm made 12 goals and 2 saves on 12 - 20 shots.", ["Ida Holm"]),
        ("Ida Holm made 12 goals and 2 saves on 12 - 22 shots.", ["12", "2", "12"]),
        (
            "Ada Berg made 12 goals and 2 saves on 12 - 20 shots. Ida Holm made 12 goals and 2 saves on 12 - 20 shots.",
            ["Ida Holm"],  # one name, and not four numbers
        ),
        ("Ida Holm made 12 goals and 6 saves on 12 - 20 shots and 1 - 3 from short range.", ["Ida Holm", "6"]),
        ("Ida Holm made 11 goals and 6 saves on 12 - 20 shots.", ["12", "20"]),
        ("Leeds ( 8 - 3 ) had a lead, but Leeds ( 5 - 6 ) held on.", ["Leeds"]),
        (
            "Leeds hit 40 percent from the left and 55 percent from the right, while Leeds hit 35 percent from the left and 55 percent from the right.",
            ["Leeds"],
        ),
        (
            "Leeds hit 40 percent from the left and 55 percent from the right, while Leeds hit 36 percent from the left and 55 percent from the right.",
            ["36 percent"],
        ),
        (
            "Ida Holm led the way for Leeds ( 5 - 3 ) with 11 goals.",
            ["Leeds"],
        ),  # a record half of the one and half of the other
        ("Ida Holm led the way for Leeds ( 4 - 3 ) with 11 goals.", ["Leeds", "4"]),
        ("The Reds were held down, a loss to the Reds.", ["Reds"]),
        ("Leeds held Leeds to 35 percent from the left.", ["Leeds"]),  # the other side's figure is right
        ("Leeds held Leeds to 40 percent from the left.", ["Leeds", "40 percent"]),
        ("Leeds held the Reds to 35 percent from the left.", []),
        ("Leeds were up against the Leeds' own record.", []),
        ("Leeds held the Reds to 35 percent from the left and forced them into six saves.", []),
        ("Leeds held the Reds to 35 percent from the left and forced them into five saves.", ["five"]),
        ("A stubborn Leeds defence that held them to 35 percent from the left was key.", []),
        ("Ada Berg led Leeds in shots, as she made 12 goals.", []),
        ("Ada Berg led Leeds in shots, as she made 21 goals.", ["21"]),
        ("Leeds made 5 saves to the Reds 6.", []),
        ("Leeds made 5 saves to the Reds 5.", ["5"]),
        ("To Leeds 21 in the end.", []),  # one name only
        ("Ada Berg went 10 - 24 ( 60 percent ) on her shots.", ["10", "24"]),  # 60 % is right of the cells
        ("Ada Berg went 10 - 24 ( 70 percent ) on her shots.", ["10", "24", "70 percent"]),
        ("Eva Lund went 9 - 12 on short range shots and 9 - 12 on shots.", ["9", "12"]),
    ],
)
def test_what_is_wrong_is_the_name_or_the_numbers_as_the_sentence_tells(
    match: Evidence, text: str, wrong: list[str]
) -> None:
    assert [j.quote for j in judge(text, match) if j.verdict is Verdict.CONTRADICTED] == wrong


@pytest.mark.parametrize(
    "text",
    [
        "Ada Berg led Leeds. Mia Falk made 30 goals.",  # nobody that the evidence knows
        "Leeds held the Reds to two goals the rest of the way.",
        "Ada Berg made four of her 12 goals with her head.",
        "Mia Falk led Leeds in goals, as she made 30 of them and two saves.",
        "Mia Falk made 30 goals for Leeds.",
        "Ada Falk made 30 goals.",
        "Leeds improved to 4 - 2 with him.",
        "Leeds beat the Reds 9 - 1 over the last ten minutes of the final third.",
    ],
)
def test_what_the_evidence_cannot_tell_is_not_called_wrong(match: Evidence, text: str) -> None:
    assert not [j for j in judge(text, match) if j.verdict is Verdict.CONTRADICTED]


@pytest.mark.parametrize(
    ("text", "number"),
    [("Leeds won six in a row.", "six"), ("Ada Berg had two wins in a row, combining for 39 goals.", "39")],
)
def test_what_counts_records_that_are_not_evidence_stands_nowhere(match: Evidence, text: str, number: str) -> None:
    judged = next(j for j in judge(text, match) if j.quote == number)
    assert (judged.verdict, judged.nowhere) == (Verdict.NOT_FOUND, True)


def test_a_number_of_another_shows_that_ones_cell(match: Evidence) -> None:
    judged = judge("Ida Holm made 12 goals and 2 saves on 12 - 20 shots.", match)
    assert next(j.evidence for j in judged if j.quote == "2") == "players.csv, row 2, column saves: '2'"


def test_a_phrase_with_too_many_alternatives_is_refused() -> None:
    many = "(a|b|c|d)" * 4
    with pytest.raises(Invalid, match="more than"):
        read_lexicon(f'[columns]\n"x" = ["{many}"]\n'.encode(), file="lexicon.toml")
