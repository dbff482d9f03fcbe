"""What rows are called in several words, what was late or not done by the end of a period, lists behind a count, and who has most."""

import pytest
from strangers import index_of, verdicts

from drafting.checks.foreign.index import Index

TITLE = "Annual review of the infusion set, 1 January 2024 to 31 December 2024"
JOBS = """
IS Job,Welder,Begun,Tubes Welded,Job State
J-01,W-1,2024-01-15,2000,Shipped
J-02,W-2,2024-02-20,2100,Shipped
J-03,W-1,2024-05-11,1900,Scrapped
J-04,W-1,2024-09-03,2050,Shipped
J-05,W-2,2024-11-27,1980,On Hold
J-06,W-1,2024-12-12,2010,On Hold
"""
PROBLEMS = """
Problem No,Raised,Target Close,Date Closed,Grade,Dept
PB-1,2024-01-20,2024-02-20,2024-02-11,Minor,Assembly
PB-2,2024-03-02,2024-04-02,2024-04-19,Major,Assembly
PB-3,2024-04-14,2024-05-14,2024-06-01,Minor,Stores
PB-4,2024-08-08,2024-09-08,2024-09-01,Minor,Assembly
PB-5,2024-10-21,2024-11-21,2025-01-09,Major,Welding
PB-6,2024-12-03,2025-01-03,,Minor,Welding
"""
REQUESTS = """
CR_ID,Raised_On,Kind,State
CR-1,2024-02-01,Drawing,Done
CR-2,2024-03-09,Drawing,Done
CR-3,2024-06-30,Tooling,Done
CR-4,2024-07-12,Drawing,Refused
"""


@pytest.fixture(scope="module")
def plant() -> Index:
    tables = {"jobs": JOBS, "problem_log": PROBLEMS, "change_requests": REQUESTS}
    return index_of({f"{name}.csv": text for name, text in tables.items()})


TRUE = (
    "Two jobs were on hold.",
    "Six infusion set jobs were begun in 2024.",
    "Six welder runs were begun in 2024.",
    "Three of the four change requests raised in the period are done.",
    "Half of the jobs were shipped.",
    "Two problems had not been closed by the end of the review period.",
    "Three problems were completed after their target date.",
    "Three problems were completed later than due: PB-2, PB-3 and PB-5.",
    "Assembly raised more problems than any other department, three in all.",
    "Assembly was the department with the most problems, accounting for 3 of 6 (50 %).",
    "Minor problems outnumbered major ones.",
)
FALSE = (
    "Three jobs were on hold.",
    "Five welder runs were begun in 2024.",
    "All four change requests raised in the period are done.",
    "One third of the jobs were shipped.",
    "One problem had not been closed by the end of the review period.",
    "Four problems were completed after their target date.",
    "Three problems were completed later than due: PB-2, PB-3 and PB-4.",
    "Welding raised more problems than any other department.",
    "Assembly raised more problems than any other department, four in all.",
)
OPEN = (
    "Major problems outnumbered minor ones.",  # what is counted may be more than the rows
    "One job was on hold at the end of the year.",  # wrong, and yet how things stood at another day
    "Three problems were completed later than due, including PB-2.",
    "Three requests of the change board are done.",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_a_true_count_is_supported(plant: Index, sentence: str) -> None:
    assert verdicts(plant, sentence, TITLE) == {"supported"}


@pytest.mark.parametrize("sentence", FALSE)
def test_a_false_count_is_contradicted(plant: Index, sentence: str) -> None:
    assert "contradicted" in verdicts(plant, sentence, TITLE)


@pytest.mark.parametrize("sentence", OPEN)
def test_what_a_count_is_of_may_stay_open(plant: Index, sentence: str) -> None:
    assert "contradicted" not in verdicts(plant, sentence, TITLE)
    assert "not_found" in verdicts(plant, sentence, TITLE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Four jobs were begun with W-1 and two with W-2.",
        "Three jobs were shipped, one was scrapped, leaving two still on hold.",
        "The two major problems were PB-2 and PB-5.",
        "The jobs of W-2 were all begun in 2024.",
        "Neither PB-2 nor PB-5 is minor.",
        "PB-6 has not yet been closed.",
        "All problems raised in the first quarter have been closed.",
    ],
)
def test_parts_lists_and_denials_blame_nothing_true(plant: Index, sentence: str) -> None:
    assert verdicts(plant, sentence, TITLE) <= {"supported", "not_found"}


@pytest.mark.parametrize(
    "sentence",
    ["The two major problems were PB-2 and PB-3.", "The major problems were PB-2.", "One problem remains open: PB-5."],
)
def test_an_incomplete_or_wrong_list_is_contradicted(plant: Index, sentence: str) -> None:
    assert "contradicted" in verdicts(plant, sentence, TITLE)


RELEASES = """
Lot,Release Test,Unit,Verdict,Lot State,Recall Needed,Effectiveness
L-1,RT-1,%,Complies,Released,Y,Effective
L-2,RT-2,%,Complies,Held,N,Not effective
L-3,RT-3,mg,Fails,Held,N,Effective
L-4,RT-4,mg,Complies,Released,,Pending
"""


@pytest.fixture(scope="module")
def releases() -> Index:
    return index_of({"lots.csv": RELEASES})


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Three of the four lots complied in the release test.", "supported"),  # no lot need be released for it
        ("Two lots had the unit %.", "not_found"),
        ("Two lots had the effectiveness Effective.", "supported"),
        ("One lot had the effectiveness Pending.", "supported"),
        ("One lot required a recall.", "not_found"),
        ("One lot had the recall needed.", "supported"),
        ("Two lots had the recall needed.", "contradicted"),
        ("In three lots no recall was needed.", "not_found"),  # of one it is not said
    ],
)
def test_a_word_that_is_no_value_narrows_nothing(releases: Index, sentence: str, wanted: str) -> None:
    assert wanted in verdicts(releases, sentence, TITLE)
    assert wanted == "contradicted" or "contradicted" not in verdicts(releases, sentence, TITLE)


@pytest.mark.parametrize(
    "sentence",
    [
        "All closed problems of Assembly were closed in 2024.",
        "The cause of two problems was confirmed.",
        "PB-1 and PB-2 each led to three problems.",
    ],
)
def test_what_narrows_a_count_unknown_is_not_held_against_all_rows(plant: Index, sentence: str) -> None:
    assert "contradicted" not in verdicts(plant, sentence, TITLE)
