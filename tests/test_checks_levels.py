"""What words surely name blocks, what they leave open warns: a true sentence in words that nobody listed is not stopped."""

import pytest

from drafting.checks.engine import check_sentence
from drafting.model import EvidencePack, Fact, Origin, Severity
from drafting.render import render


def fact(name: str, value: str, unit: str = "", **inputs: str) -> Fact:
    return Fact(name, value, value, unit, 134, "v1", inputs)


FIGURES = (
    fact("dissolution_av.attribute", "dissolution (average)"), fact("dissolution_av.mean", "91.2", "%"), fact("dissolution_av.max", "99.9", "%"), fact("dissolution_av.min", "81.7", "%"),
    fact("tbl_yield.attribute", "compression yield"), fact("tbl_yield.mean", "98.3", "%"), fact("tbl_yield.max", "99.5", "%"), fact("tbl_yield.min", "93.7", "%"),
    fact("complaint.count", "14"), fact("complaint.category.packaging", "8"), fact("deviation.count", "22"), fact("deviation.class.major", "6"), fact("recurred.count", "4"),
    fact("recurred.effective", "3"), fact("capa.count", "18"), fact("process.charted", "46"), fact("process.signalling", "44"), fact("process.groups", "9"), fact("process.all.signals", "88"),
    fact("oot.count", "15"), fact("oos.count", "8"), fact("deviation.rate", "16.4", "per 100 batches"),
    fact("oos.rate", "6.1", "per 100 batches"), fact("oot.rate", "11.2", "per 100 batches"), fact("deviation.closed", "19"), fact("deviation.open_at_end", "3"),
    fact("api_water.attribute", "API water"), fact("api_water.mean", "0.4", "%"), fact("lots.rejected_used", "2"), fact("event_log.count", "212"), fact("event_log.gaps", "5"),
)  # fmt: skip
PACK = EvidencePack("s", {f.id: f for f in FIGURES}, {})


def levels(template: str) -> set[Severity]:
    return {f.severity for f in check_sentence(render(template, PACK), PACK, origin=Origin.PERSON) if f.rule == "numbers"}


@pytest.mark.parametrize(
    "template",
    [
        "{fact:complaint.count} letters of complaint reached us, most of them ({fact:complaint.category.packaging}) about the packaging.",
        "It is noted with concern that {fact:recurred.count} events came back after a CAPA, and that in {fact:recurred.effective} of these cases the CAPA had been rated effective.",
        "On an average hundred batches there were {fact:deviation.rate}, roughly speaking.",
        "Of the {fact:process.charted} charted attributes, only two stayed silent, as {fact:process.signalling} had at least one signal.",
        "Out-of-trend alarms totalled {fact:oot.count}, nearly twice as many as the {fact:oos.count} OOS.",
    ],
)
def test_a_true_sentence_in_other_words_is_not_stopped(template: str) -> None:
    assert Severity.BLOCKS not in levels(template)


@pytest.mark.parametrize(
    "template",
    [
        "The lowest compression yield was {fact:tbl_yield.max}, as everybody remembers.",  # another statistic
        "The mean compression yield was {fact:dissolution_av.mean}.",  # another attribute
        "{fact:process.all.signals} groups of signals are awaiting somebody's decision.",  # another thing counted
        "The department opened {fact:complaint.count} deviations.",  # another kind
        "{fact:complaint.count} dismayed customers sent complaints, {fact:complaint.count} of them about the packaging.",  # one figure for two things
        "The rates of OOS and OOT were {fact:oot.rate} and {fact:oos.rate}, respectively.",  # in the order of the names
        "Somebody weighed it all: compression yield stood at {fact:api_water.mean}.",  # of an attribute that no word names
        "The department opened {fact:complaint.count} troublesome deviations.",  # the noun of what is counted, behind its adjective
        "Of the {fact:process.charted} charted attributes, only five stayed silent, as {fact:process.signalling} had at least one signal.",
    ],
)
def test_what_the_words_surely_contradict_blocks(template: str) -> None:
    assert Severity.BLOCKS in levels(template)


def test_words_that_leave_open_what_is_meant_warn() -> None:
    template = "There was at least one signal on each one of the {fact:process.charted} charts."
    assert levels(template) == {Severity.WARNS}
