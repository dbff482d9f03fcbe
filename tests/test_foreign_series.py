"""Tables of a place and a month: what a place and a time select, empty cells, how often a bound was crossed."""

import pytest
from strangers import index_of, outcome

from drafting.checks.foreign.series import span_of

COLD = [
    ["Cold room", "Month", "Mean temperature (°C)", "Door openings", "Humidity (%)"],
    *(["CR-1", month, t, n, h] for month, t, n, h in (("Jan 2023", "4.1", "210", "41"), ("Feb 2023", "4.4", "198", "44"), ("Mar 2023", "4.9", "240", "47"))),
    *(["CR-2", month, t, n, h] for month, t, n, h in (("Jan 2023", "3.8", "97", "39"), ("Feb 2023", "", "88", "42"), ("Mar 2023", "6.2", "131", "58"))),
    *(["Ante room", month, t, n, h] for month, t, n, h in (("Jan 2023", "11.4", "611", "51"), ("Feb 2023", "11.9", "640", "55"), ("Mar 2023", "12.3", "702", "52"))),
]  # fmt: skip
STEAM = [
    ["Point", "Quarter", "Non-condensable gases (%)", "Dryness"],
    ["ST-7", "2023-Q1", "2.1", "0.97"],
    ["ST-7", "2023-Q2", "3.4", "0.96"],
    ["ST-9", "2023-Q1", "1.2", "0.98"],
    ["ST-9", "2023-Q2", "1.6", "0.99"],
]
FILES = {"cold_rooms.csv": COLD, "clean_steam.csv": STEAM}
INDEX, TITLE = index_of(FILES), "Review of storage 2023"


@pytest.mark.parametrize(
    ("cell", "span"),
    [
        ("2023-03", ("2023-03", "2023-03")), ("Mar 2023", ("2023-03", "2023-03")), ("March 2023", ("2023-03", "2023-03")), ("03/2023", ("2023-03", "2023-03")),
        ("2023-Q2", ("2023-04-01", "2023-06-30")), ("Q4 2023", ("2023-10-01", "2023-12-31")), ("13/2023", None), ("POU-3", None),
    ],
)  # fmt: skip
def test_months_and_quarters_are_read_in_any_usual_spelling(cell: str, span: tuple[str, str] | None) -> None:
    assert span_of(cell) == span


@pytest.mark.parametrize(
    "sentence",
    [
        "The humidity of CR-2 in March 2023 was 58 %.",
        "In February, CR-1 had 198 door openings.",
        "The humidity in the ante room was 55 % in February 2023.",
        "Humidity in CR-1 stayed below 50 % throughout the year.",
        "Humidity in CR-2 exceeded 50 % only once, in March 2023.",
        "Humidity exceeded 57 % only once, in CR-2 in March 2023 with 58 %.",
        "Humidity in the ante room exceeded 50 % on three occasions.",
        "Humidity in CR-1 rose from 41 % in January to 47 % in March 2023.",
        "The non-condensable gases at ST-7 were 3.4 % in Q2 2023.",
        "In CR-2 the humidity of March 2023 was 58 %, well above that of January (39 %).",
        "Humidity in the ante room never fell below 51 %.",
        "No humidity result in the ante room exceeded 55 %.",
    ],
)
def test_a_place_and_a_time_select_the_row_of_a_true_figure(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "The humidity of CR-2 in March 2023 was 47 %.",
        "In February, CR-1 had 210 door openings.",
        "The humidity of 58 % in March was measured in CR-1.",
        "Humidity in CR-2 exceeded 40 % only once, in March 2023.",
        "Humidity exceeded 57 % only once, in CR-1 in March 2023.",
        "Humidity in CR-1 rose from 41 % in February to 47 % in March 2023.",
        "The non-condensable gases at ST-7 were 3.4 % in Q1 2023.",
        "Humidity in the ante room never fell below 52 %.",
    ],
)
def test_the_figure_of_another_place_or_time_is_stopped(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "stopped"


@pytest.mark.parametrize(
    "sentence",
    [
        "The mean temperature of CR-2 in February 2023 was below 5 °C.",  # an empty cell
        "The humidity of CR-1 peaked at 44 % in February 2023.",  # its figure, and not the highest
        "From January to March 2023 humidity in CR-1 rose by 6 % to 47 %.",  # by how much is not recomputed
        "Humidity in CR-1 rose from 41 % to 47 % in March 2023.",  # of what time the 41 % are is not said
    ],
)
def test_what_no_cell_tells_stays_open(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "warned"
