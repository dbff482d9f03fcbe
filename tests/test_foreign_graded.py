"""Classes on one side of another, and what took longest or stayed open for how many days."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon

TITLE = "Annual review of the tablet counting machines"
INCIDENTS = """
Incident No,Opened,Due By,Closed,Rating,Hall,Colour
IN-1,2024-01-02,2024-02-01,2024-01-20,Minor,North,Red
IN-2,2024-02-10,2024-03-10,2024-04-30,Critical,South,Blue
IN-3,2024-03-05,2024-04-05,2024-03-17,Minor,North,Green
IN-4,2024-05-21,2024-06-21,2024-06-11,Major,South,Red
IN-5,2024-08-01,2024-09-01,2024-08-29,Minor,North,Blue
"""
WAITING = f"{INCIDENTS.rstrip()}\nIN-6,2024-01-15,2024-09-29,,Minor,South,Blue\n"


def index_of(text: str) -> Index:
    rows = [line.split(",") for line in text.strip().splitlines()]
    return Index(assemble([Source("incident_log.csv", Contents((grid_of("", rows),)))], Lexicon()))


def verdicts(text: str, sentence: str) -> set[str]:
    return {str(j.verdict) for j in judge(f"{TITLE}\n\n{sentence}\n", index_of(text)) if j.start > len(TITLE)}


TRUE = (
    "None of the North incidents was rated above minor.",
    "Two incidents were rated higher than minor.",
    "Two incidents were rated major or worse.",
    "One incident was rated above major.",
    "The longest investigation was IN-2, which stayed open for 80 days.",
    "The shortest investigation of the year was IN-3.",
)
FALSE = (
    "None of the South incidents was rated above minor.",
    "Three incidents were rated higher than minor.",
    "Three incidents were rated major or worse.",
    "The longest investigation was IN-5.",
    "IN-2 stayed open for 81 days.",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_true_classes_and_lengths_are_supported(sentence: str) -> None:
    assert verdicts(INCIDENTS, sentence) == {"supported"}


@pytest.mark.parametrize("sentence", FALSE)
def test_false_classes_and_lengths_are_contradicted(sentence: str) -> None:
    assert "contradicted" in verdicts(INCIDENTS, sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (WAITING, "The longest investigation was IN-2."),  # one that is open may have taken longer
        (WAITING, "The longest investigation was IN-5."),
        (INCIDENTS, "The longest meeting was IN-5."),
        (INCIDENTS, "None of the North incidents was above blue."),
    ],
)
def test_what_is_no_scale_or_not_ended_stays_open(text: str, sentence: str) -> None:
    assert verdicts(text, sentence) - {"supported"} == {"not_found"}
