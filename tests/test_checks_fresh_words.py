"""What other people's sentences taught the checks: cells of lists, words of number that a sentence accounts for, other names of attributes."""

import pytest

from drafting.checks.engine import check_sentence
from drafting.model import Evidence, EvidencePack, Fact, Origin, Severity
from drafting.render import render


def record(kind: str, identifier: str, **fields: str) -> Evidence:
    return Evidence(kind, identifier, fields, {}, "sha256:x", "f.csv", "d", 7, {}, synthetic=True)


def fact(name: str, value: str, unit: str = "", **inputs: str) -> Fact:
    return Fact(name, value, value, unit, 134, "v1", inputs)


HELD = (
    record("oos", "OOS-1", batch="10", outcome="confirmed", detected_on="2020-05-04", closed_on="2020-06-01"),
    record("oos", "OOS-2", batch="10", outcome="confirmed", detected_on="2020-05-05", closed_on="2020-06-01"),
    record("oos", "OOS-3", batch="11", outcome="invalidated", detected_on="2020-07-05", closed_on="2020-07-30"),
    record("deviation", "DEV-1", batch="10", closed_on="2020-08-01", status="closed", recurring_of=""),
    record("deviation", "DEV-2", batch="11", closed_on="2020-08-09", status="closed", recurring_of="DEV-1"),
    record("batch_disposition", "10", batch="10", disposition="rejected", disposition_date="2020-06-02", reason="OOS-1"),
    record("batch_disposition", "11", batch="11", disposition="pending", disposition_date="", reason="OOS-3 open"),
    record("batch", "10"),
)  # fmt: skip
FIGURES = (
    fact("late.took_1", "40", "days", deviation="DEV-1"), fact("late.took_2", "41", "days", deviation="DEV-2"),
    fact("dissolution_av.attribute", "dissolution (average)"), fact("dissolution_av.mean", "91.2", "%"), fact("dissolution_av.previous_mean", "90.1", "%"),
    fact("dissolution_av.outside", "2"), fact("dissolution_av.max", "99.9", "%"), fact("dissolution_av.n", "134"),
    fact("starch_water.attribute", "starch water content"), fact("starch_water.mean", "11.1", "%"), fact("starch_water.previous_mean", "11.9", "%"), fact("starch_water.outside", "1"),
    fact("starch_water.max", "12.4", "%"), fact("starch_water.n", "69"), fact("oos.rate", "6.0", "per 100 batches"), fact("process.groups_open", "4"), fact("process.groups", "9"),
    fact("process.all.signals", "88"), fact("process.baselines_changed", "3"), fact("process.approved", "5"), fact("process.charted", "47"), fact("equipment.named", "6"),
    fact("dissolution_av.tail_reached", "17", "%"), fact("starch_water.index_missing", "8 values, where an index needs 10"),
)  # fmt: skip
PACK = EvidencePack("s", {f.id: f for f in FIGURES}, {f"{one.kind}/{one.identifier}": one for one in HELD})


def blocked(template: str) -> list[str]:
    found = check_sentence(render(template, PACK), PACK, origin=Origin.PERSON)
    return [f.quote for f in found if f.severity is Severity.BLOCKS]


O1, O2, O3 = "{record:oos/OOS-1}", "{record:oos/OOS-2}", "{record:oos/OOS-3}"
D1, D2 = "{record:deviation/DEV-1}", "{record:deviation/DEV-2}"
LISTED_TRUE = (
    O1 + " and " + O2 + " carry the same outcome, {cell:oos/OOS-1#outcome}.",
    O1 + " was detected on {cell:oos/OOS-1#detected_on}, " + O2 + " a day later on {cell:oos/OOS-2#detected_on}; both relate to batch {cell:oos/OOS-1#batch}.",
    D1 + " (batch {cell:deviation/DEV-1#batch}) and " + D2 + " (batch {cell:deviation/DEV-2#batch}) were closed on {cell:deviation/DEV-1#closed_on} and {cell:deviation/DEV-2#closed_on}, respectively.",
    D1 + " and " + D2 + " form a chain: the second repeats {cell:deviation/DEV-2#recurring_of}.",
    D2 + " is, like " + D1 + " before it, {cell:deviation/DEV-2#status}.",
    "Batches {cell:batch_disposition/10#batch} and {cell:batch_disposition/11#batch} were judged, the first for {cell:batch_disposition/10#reason} and the second for {cell:batch_disposition/11#reason}.",
    "Batch {record:batch/10} was {cell:batch_disposition/10#disposition} on {cell:batch_disposition/10#disposition_date}.",
    D1 + " had been waiting for {fact:late.took_1}.",
)  # fmt: skip
LISTED_FALSE = (
    (O1 + " and " + O3 + " carry the same outcome, {cell:oos/OOS-1#outcome}.", "OOS-3"),
    (O3 + " and " + O2 + " carry the same outcome, {cell:oos/OOS-1#outcome}.", "confirmed"),
    (D1 + " (batch {cell:deviation/DEV-1#batch}) and " + D2 + " (batch {cell:deviation/DEV-2#batch}) were closed on {cell:deviation/DEV-2#closed_on} and {cell:deviation/DEV-1#closed_on}, respectively.", "2020-08-09"),
    ("Batches {cell:batch_disposition/10#batch} and {cell:batch_disposition/11#batch} were judged, the first for {cell:batch_disposition/11#reason}.", "OOS-3 open"),
    ("Batch {record:batch/10} was {cell:batch_disposition/11#disposition}.", "10"),
    (D1 + " had been waiting for {fact:late.took_2}.", "DEV-1"),
    (O1 + " was closed on {cell:oos/OOS-2#closed_on}.", "2020-06-01"),  # the same day, of a record that the sentence does not name
)  # fmt: skip


@pytest.mark.parametrize("template", LISTED_TRUE)
def test_what_holds_of_each_record_of_a_list_passes(template: str) -> None:
    assert blocked(template) == []


@pytest.mark.parametrize(("template", "quote"), LISTED_FALSE)
def test_what_is_of_another_record_than_the_list_says_blocks(template: str, quote: str) -> None:
    assert quote in blocked(template)


@pytest.mark.parametrize(
    ("template", "quotes"),
    [
        ("Two deviations were handled: " + D1 + " and " + D2 + ".", []),
        ("Three deviations were handled: " + D1 + " and " + D2 + ".", ["Three"]),
        ("Two batches were lost after " + D1 + " and " + D2 + ".", ["Two"]),  # two deviations are no two batches
        ("It failed twice, under " + O1 + " and " + O2 + ".", []),
        ("Two results failed for dissolution (average) ({fact:dissolution_av.outside}).", []),
        ("Three results failed for dissolution (average) ({fact:dissolution_av.outside}).", ["Three"]),
        ("The rate of OOS was {fact:oos.rate}, in a hundred batches.", []),
        ("A hundred batches were made; the rate of OOS was {fact:oos.rate}.", []),
        ("About six hundred batches were made.", ["six hundred"]),
        (D1 + " was closed on {cell:deviation/DEV-1#closed_on}, eight days before " + D2 + " on {cell:deviation/DEV-2#closed_on}.", []),
        (D1 + " was closed on {cell:deviation/DEV-1#closed_on}, five days before " + D2 + " on {cell:deviation/DEV-2#closed_on}.", ["five"]),
    ],
)  # fmt: skip
def test_a_word_of_number_passes_where_the_sentence_accounts_for_it(template: str, quotes: list[str]) -> None:
    numbers = {"two", "three", "twice", "hundred", "a hundred", "six hundred", "eight", "five"}
    assert [quote for quote in blocked(template) if quote.lower() in numbers] == quotes


@pytest.mark.parametrize(
    ("template", "quotes"),
    [
        ("Average dissolution has a mean of {fact:dissolution_av.mean}.", []),
        ("Average dissolution has a mean of {fact:starch_water.mean}.", ["11.1 %"]),
        ("The water content of the starch fell from {fact:starch_water.previous_mean} to {fact:starch_water.mean}.", []),
        ("The water content of the starch fell from {fact:starch_water.max} to {fact:starch_water.mean}.", ["12.4 %"]),
        ("Failures: dissolution (average) ({fact:dissolution_av.outside}), starch water content ({fact:starch_water.outside}).", []),
        ("Failures: dissolution (average) ({fact:starch_water.outside}), starch water content ({fact:dissolution_av.outside}).", ["1", "2"]),
        ("The mean of hardness was {fact:starch_water.mean}.", ["11.1 %"]),  # no attribute of the evidence is named
        ("Its mean was {fact:starch_water.mean}.", []),
    ],
)  # fmt: skip
def test_an_attribute_is_known_by_its_other_names(template: str, quotes: list[str]) -> None:
    assert blocked(template) == quotes


@pytest.mark.parametrize(
    ("template", "quotes"),
    [
        ("The records of {fact:process.baselines_changed} frozen baselines have changed since.", []),
        ("The records of {fact:process.groups_open} frozen baselines have changed since.", ["4"]),
        ("Limits of a baseline that was approved exist for {fact:process.approved} attributes.", []),
        ("Limits of a baseline that was approved exist for {fact:process.charted} attributes.", ["47"]),
        ("{fact:equipment.named} items of equipment are named by the deviation.", []),
        ("{fact:process.groups} items of equipment are named by the deviation.", ["9"]),
        ("For dissolution (average) the chance to lie as far out is {fact:dissolution_av.tail_reached}.", []),
        ("For dissolution (average) the chance to lie as far out is {fact:dissolution_av.mean}.", ["91.2 %"]),
        ("An index is not given for starch water content ({fact:starch_water.index_missing}).", []),
        ("{fact:process.groups_open} groups of signals await a decision.", []),
        ("{fact:process.all.signals} groups of signals await a decision.", ["88"]),
    ],
)  # fmt: skip
def test_figures_without_a_row_have_one(template: str, quotes: list[str]) -> None:
    assert blocked(template) == quotes
