"""Rates of two columns and means, recomputed of the groups that a sentence names."""

import pytest
from strangers import index_of, outcome

from drafting.checks.foreign.index import Index

BAKES = [
    ["Bake", "Oven", "Loaves baked", "Loaves scrapped", "Core temp (degC)", "Weight (g)"],
    ["BK-1", "OV-A", "1000", "12", "96.1", "501"],
    ["BK-2", "OV-A", "1200", "30", "95.7", "503"],
    ["BK-3", "OV-B", "900", "3", "97.4", "509"],
    ["BK-4", "OV-B", "1100", "8", "97.0", "507"],
    ["BK-5", "OV-B", "1000", "2", "96.9", "508"],
]
OVENS = [["Oven", "Kind"], ["OV-A", "Deck"], ["OV-B", "Rotary"]]
DELIVERIES = [
    ["Delivery", "Mill", "Flour (kg)", "Sacks damaged"],
    ["DL-1", "Mill North", "1250.5", "3"],
    ["DL-2", "Mill South", "980.0", "0"],
    ["DL-3", "Mill North", "1100.0", "4"],
]
TITLE = "Bakery review 2024"


@pytest.fixture(scope="module")
def bakery() -> Index:
    files = {"bakes.csv": BAKES, "ovens.csv": OVENS, "deliveries.csv": DELIVERIES}
    return index_of(files)


@pytest.mark.parametrize(
    "said",
    [
        "Oven OV-A scrapped a larger share of its loaves than OV-B (1.91 % versus 0.43 %).",
        "The share of scrapped loaves was lower on OV-B than on OV-A.",
        "Across all bakes, 55 of 5,200 loaves (1.06 %) were scrapped.",
        "With 2.5 % of loaves scrapped, BK-2 had the highest scrap rate of the year.",
        "On OV-B, 0.43 % of loaves were scrapped.",
        "The highest mean weight, 508 g, was seen on OV-B.",
        "The scrap rate ranged from 0.20 % to 2.5 %.",
        "In total 3330.5 kg were received.",
        "The deliveries held 7 damaged sacks in total.",
        "All bakes had a scrap rate below 3 %.",
        "In total, 5,200 loaves were baked, of which 55 were scrapped.",
        "On average, bakes in OV-A were lighter than those in OV-B (502 g versus 508 g).",
    ],
)
def test_figures_of_groups_are_recomputed(said: str, bakery: Index) -> None:
    assert outcome(said, bakery, TITLE) == "supported"


@pytest.mark.parametrize(
    "said",
    [
        "Oven OV-A scrapped a smaller share of its loaves than OV-B.",
        "Oven OV-A scrapped a larger share of its loaves than OV-B (1.91 % versus 0.63 %).",
        "The share of scrapped loaves was higher on OV-B than on OV-A.",
        "Across all bakes, 65 of 5,200 loaves (1.25 %) were scrapped.",
        "With 2.5 % of loaves scrapped, BK-1 had the highest scrap rate of the year.",
        "On OV-B, 1.91 % of loaves were scrapped.",
        "The lowest mean weight, 508 g, was seen on OV-B.",
        "The scrap rate ranged from 0.20 % to 3.5 %.",
        "In total 3430.5 kg were received.",
        "The deliveries held 9 damaged sacks in total.",
        "All bakes had a scrap rate below 2 %.",
        "In total, 5,200 loaves were baked, of which 65 were scrapped.",
        "On average, bakes in OV-A were lighter than those in OV-B (508 g versus 502 g).",
    ],
)
def test_wrong_figures_of_groups_are_contradicted(said: str, bakery: Index) -> None:
    assert outcome(said, bakery, TITLE) == "stopped"


@pytest.mark.parametrize(
    "said",
    [
        "Across the night shifts, 21 of 2,640 loaves (0.80 %) were scrapped.",  # no column says which bakes these were
        "In total 2777.7 kg of rye were received.",
        "The breakage rate ranged from 0.37 % to 4.9 %.",
        "On OV-A, 3.7 % of the loaves scrapped were burnt.",
        "On average, bakes in OV-A were moister than those in OV-B (41.3 % versus 39.9 %).",
    ],
)
def test_other_groups_and_other_measures_stay_open(said: str, bakery: Index) -> None:
    assert outcome(said, bakery, TITLE) == "warned"
