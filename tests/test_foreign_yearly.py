"""Figures of a table whose columns are years, held against what a sentence says of each year."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Verdict

ROWS = [["category", "2022", "2023", "2024"], ["Leakage", "27", "31", "19"], ["Cracked tablet", "12", "9", "15"], ["Wrong label", "0", "2", "1"]]  # fmt: skip


@pytest.fixture
def complaints() -> Evidence:
    return assemble([Source("complaints.csv", Contents((grid_of("", ROWS),)))], Lexicon())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Complaints about leakage rose from 27 in 2022 to 31 in 2023.", []),
        ("Complaints about leakage rose from 27 in 2022 to 33 in 2023.", ["33"]),
        ("Complaints about leakage fell from 31 in 2023 to 27 in 2024.", ["27"]),  # the figure of another year
        ("Leakage ended in 2024 with 19 complaints.", []),
        ("There were 42 complaints in 2023.", []),
        ("There were 45 complaints in 2023.", ["45"]),
        ("The number of complaints fell from 42 in 2023 to 35 in 2024.", []),
        ("The number of complaints fell from 42 in 2023 to 39 in 2024.", ["39"]),
        ("Leakage accounted for 31 of the 42 complaints in 2023.", []),
        ("Leakage accounted for 30 of the 42 complaints in 2023.", ["30"]),
        ("No complaints about a wrong label were received in 2022.", []),
        ("Most complaints of 2023 were about leakage.", []),
        ("Most complaints of 2023 were about cracked tablets.", ["Most"]),
    ],
)
def test_a_figure_is_that_of_the_year_beside_it(complaints: Evidence, text: str, wrong: list[str]) -> None:
    judged = judge(text, complaints)
    assert [j.quote for j in judged if j.verdict is Verdict.CONTRADICTED] == wrong
    assert wrong or not [j for j in judged if j.verdict is Verdict.NOT_FOUND]


def test_a_figure_of_a_part_that_the_table_does_not_tell_is_left_open(complaints: Evidence) -> None:
    (judged,) = (j for j in judge("Complaints from Norway rose to 3 in 2023.", complaints) if j.quote == "3")
    assert judged.verdict is Verdict.NOT_FOUND


def test_the_cell_is_named_by_the_year_that_heads_it(complaints: Evidence) -> None:
    wrong = next(j for j in judge("Leakage complaints fell to 15 in 2024.", complaints) if j.quote == "15")
    assert "complaints.csv, row 2, column 2024" in wrong.message
