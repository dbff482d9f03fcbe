"""What exports of a plant are like: file names that say what rows are, pH, long tables of stability, columns of a status that other tables have too."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Verdict

DEVIATIONS = [
    ["Record No", "Opened", "Closed", "Class", "Root cause"],
    ["DR-1", "2024-01-18", "2024-02-09", "Minor", "Operator error"],
    ["DR-2", "2024-02-12", "2024-03-20", "Major", "Worn rail"],
    ["DR-3", "2024-03-21", "2024-04-18", "Minor", "Operator error"],
    ["DR-4", "2024-09-02", "", "Major", ""],
]
CAPAS = [["CAPA ID", "Source", "Status"], ["CA-1", "DR-1", "Closed"], ["CA-2", "DR-2", "Open"], ["CA-3", "DR-3", "Closed"]]
LOTS = [
    ["Lot No.", "Filling line", "pH", "Yield (%)", "Particles >=10 um (per container)"],
    ["KB1", "F2", "5.37", "95.0", "540"],
    ["KB2", "F2", "5.45", "", "431"],
    ["KB3", "F4", "5.70", "96.0", "82"],
    ["KB4", "F4", "5.25", "96.4", "1431"],
]
STABILITY = [
    ["Lot", "Storage condition", "Time point (months)", "Attribute", "Result"],
    ["KB1", "25C/60%RH", "0", "Assay", "100.1"],
    ["KB1", "25C/60%RH", "6", "Assay", "98.9"],
    ["KB1", "25C/60%RH", "9", "Assay", "98.5"],
    ["KB1", "25C/60%RH", "9", "Total degradants", "0.61"],
]


@pytest.fixture
def exports() -> Evidence:
    files = {
        "deviation_log_export.csv": DEVIATIONS, "capa_register.csv": CAPAS, "Lot_Genealogy_2024.csv": LOTS, "stability_long.csv": STABILITY,
    }  # fmt: skip
    return assemble([Source(name, Contents((grid_of("", rows),))) for name, rows in files.items()], Lexicon())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Two of the deviations were rated major.", []),
        ("Three of the deviations were rated major.", ["Three"]),
        (
            "All deviations were closed.",
            ["All deviations were closed"],
        ),  # by their own date, not by the status of their CAPA
        ("Three of the four deviations were closed.", []),
        ("One deviation was still open.", []),
        ("Two deviations were still open.", ["Two"]),
        ("The pH of lot KB3 was 5.70.", []),
        ("The pH of lot KB3 was 5.60.", ["5.60"]),
        ("pH ranged from 5.25 to 5.70.", []),
        ("pH ranged from 5.25 to 5.80.", ["5.80"]),
        ("The mean yield was higher on line F4 than on line F2.", []),
        ("The mean yield was higher on line F2 than on line F4.", ["higher on line F2 than"]),
        ("Operator error was the cause of two deviations.", []),
        ("Operator error was the cause of three deviations.", ["three"]),
        ("After 9 months at 25 °C the assay of lot KB1 was 98.5 %.", []),
        ("After 9 months at 25 °C the assay of lot KB1 was 98.9 %.", ["98.9 %"]),
        ("Lot KB1 showed 540 particles (10 µm and larger) per container.", []),
    ],
)
def test_statements_about_exports(exports: Evidence, text: str, wrong: list[str]) -> None:
    judged = judge(text, exports)
    assert [j.quote for j in judged if j.verdict is Verdict.CONTRADICTED] == wrong
    assert wrong or not [j for j in judged if j.verdict is Verdict.NOT_FOUND]


@pytest.mark.parametrize(
    "text",
    [
        "With the exception of KB3, all lots complied with the test for sterility.",
        "Record DR-2 rated higher than any other.",
        "The temperature of the room was 25 °C.",
    ],
)
def test_what_is_not_understood_is_left_open(exports: Evidence, text: str) -> None:
    verdicts = {j.verdict for j in judge(text, exports)}
    assert Verdict.NOT_FOUND in verdicts
    assert Verdict.CONTRADICTED not in verdicts


@pytest.mark.parametrize(
    "text",
    [
        "Annual review of Neravolin, January to December 2024\nTwo of the deviations were rated major.",
        "Annual review of Neravolin\n\nDeviations\nTwo of the deviations were rated major, and that is\nfewer than the year before.",
    ],
)
def test_a_title_is_no_part_of_the_sentence_below_it(exports: Evidence, text: str) -> None:
    assert [j.verdict for j in judge(text, exports) if j.quote == "Two"] == [Verdict.SUPPORTED]


def test_a_wrapped_sentence_is_one(exports: Evidence) -> None:
    text = "The largest value of all the lots that were filled, the\npH of lot KB3, was 5.60."
    assert [j.quote for j in judge(text, exports) if j.verdict is Verdict.CONTRADICTED] == ["5.60"]


@pytest.mark.parametrize(
    "text", ["Operator error", "Operator error 3", " " * 200_000 + "x", "a\n" * 50_000, "Minor\nMinor\n\n2 Minor"]
)
def test_a_text_of_any_form_is_read(exports: Evidence, text: str) -> None:
    assert not [j for j in judge(text, exports) if j.verdict is Verdict.CONTRADICTED]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Lot KB1 had 12 540 packs.", []),
        ("Lot KB1 had 12\u202f540 packs.", []),
        ("Lot KB1 had 12,540 packs.", []),
        ("Lot KB1 had 12 450 packs.", ["12 450 packs"]),
        ("In 2024 540 packs of lot KB2 were filled.", []),  # two numbers
    ],
)
def test_thousands_may_be_parted_by_a_space(text: str, wrong: list[str]) -> None:
    rows = [["Lot", "Packs"], ["KB1", "12540"], ["KB2", "540"], ["KB3", "9871"]]
    evidence = assemble([Source("packs.csv", Contents((grid_of("", rows),)))], Lexicon())
    assert [j.quote for j in judge(text, evidence) if j.verdict is Verdict.CONTRADICTED] == wrong


def test_a_figure_is_not_held_against_all_rows_where_its_clause_says_which(exports: Evidence) -> None:
    told = judge("It took 25 days on average to close the minor deviations.", exports)
    assert not [j for j in told if j.verdict is Verdict.CONTRADICTED]
    told = judge("It took 22 days on average to close the deviations.", exports)
    assert [j.quote for j in told if j.verdict is Verdict.CONTRADICTED] == ["22 days"]
