"""Long tables of stability: the lot, the condition and the time that a sentence says select the result; a change is no result."""

import pytest
from strangers import index_of, judged, outcome

from drafting.checks.foreign.verdicts import Verdict

STUDY = [
    ["Batch", "Condition", "Age_months", "Test (method)", "Value", "UoM"],
    *(["EX7", "5C", age, "Dimer (SEC)", value, "%"] for age, value in (("0", "0.40"), ("6", "0.52"), ("12", "0.66"), ("24", "0.91"))),
    *(["EX7", "30C/65%RH", age, "Dimer (SEC)", value, "%"] for age, value in (("0", "0.40"), ("6", "1.18"), ("12", "2.03"))),
    *(["EX9", "5C", age, "Dimer (SEC)", value, "%"] for age, value in (("0", "0.37"), ("6", "0.48"), ("12", ""))),
    *(["EX7", "5C", age, "Activity (ELISA)", value, "%"] for age, value in (("0", "104"), ("6", "103"), ("12", "101"), ("24", "98"))),
]  # fmt: skip
BATCHES = [["Batch", "Made on", "Titre_g_L"], ["EX7", "2021-02-03", "3.1"], ["EX9", "2021-06-11", "3.4"]]
FILES = {"stability.csv": STUDY, "batches.csv": BATCHES}
INDEX, TITLE = index_of(FILES), "Stability of enzyme batches"


@pytest.mark.parametrize(
    "sentence",
    [
        "After 6 months at 5 °C the dimer content of EX7 was 0.52 %.",
        "After 6 months at 30 °C/65 % RH the dimer content of EX7 was 1.18 %.",
        "Dimer in EX7 was 0.66 % after 12 months at 5 °C and 2.03 % after 12 months at 30 °C.",
        "After 12 months, dimer in EX7 was 0.66 % at 5 °C and 2.03 % at 30 °C.",
        "Dimer in EX7 rose from 0.40 % to 0.91 % over 24 months at 5 °C.",
        "Dimer in EX7 rose from 0.66 % at 12 months to 0.91 % at 24 months (5 °C).",
        "The activity of EX7 fell from 104 % to 98 % within 24 months at 5 °C.",
        "The dimer content of EX7 after 12 months at 30 °C / 65 % RH exceeded 2.0 %.",
    ],
)
def test_the_condition_and_the_time_select_the_result(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "After 6 months at 5 °C the dimer content of EX7 was 1.18 %.",
        "Dimer in EX7 was 2.03 % after 12 months at 5 °C and 0.66 % after 12 months at 30 °C.",
        "Dimer in EX7 rose from 0.40 % to 0.66 % over 24 months at 5 °C.",
        "The titre of EX9 was 3.4 mg/L.",
    ],
)
def test_the_result_of_another_condition_or_time_is_stopped(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "stopped"


@pytest.mark.parametrize(
    "sentence",
    [
        "After 12 months at 5 °C the dimer content of EX9 was 0.55 %.",  # an empty cell, though the figure stands nowhere
        "Dimer in EX7 rose from 0.52 % to 0.91 % over 24 months at 5 °C.",  # not what it began with
        "Dimer in EX7 increased by 0.5 % over 24 months at 5 °C.",
        "The titre of EX9 was 10 % higher than that of EX7.",
        "The titre of EX9 improved by about 10 %.",
    ],
)
def test_what_no_single_result_tells_is_not_contradicted(sentence: str) -> None:
    assert not [j for j in judged(sentence, INDEX, TITLE) if j.verdict is Verdict.CONTRADICTED]
    assert outcome(sentence, INDEX, TITLE) != "supported"
