"""A figure in other words: tied where one piece of evidence alone fits, offered in the order of what the words name, and what they mean instead."""

import pytest

from drafting.checks.alignment import offered, realign, tied
from drafting.checks.engine import check_sentence
from drafting.checks.tokens import enumerate_tokens
from drafting.model import Evidence, EvidencePack, Fact, Origin, Sentence
from drafting.render import render
from drafting.resolution import Resolution, Standing, resolutions


def fact(name: str, value: str, unit: str = "") -> Fact:
    return Fact(name, value, value, unit, 1, "m", {})


def record(kind: str, identifier: str, **fields: str) -> Evidence:
    return Evidence(kind, identifier, fields, {}, "sha256:x", "f.csv", "d", 7, {}, synthetic=True)


FACTS = (
    fact("deviation.count", "6"), fact("deviation.closed", "5"), fact("pulls.missed", "1"), fact("lots.received", "1"),
    Fact("assay.attribute", "assay", "assay", "", 28, "m", {}), fact("assay.mean", "100.05", "%"), fact("assay.max", "101.2", "%"),
    fact("shelf_life.1.supported", "42", "months"), fact("shelf_life.1.longest", "24", "months"),
)  # fmt: skip
RECORDS = (
    record("material_lot", "API-7-9", lot_id="API-7-9", disposition="rejected", supplier="Supplier A8"),
    record("deviation", "DEV-24-02", batch="24011", batches="24011", opened_on="2024-05-28", closed_on="2024-06-20"),
    record("deviation", "DEV-24-03", batch="24008", batches="24008", opened_on="2024-04-11", closed_on="2024-06-08"),
    record("oos", "OOS-24-02", batch="24011", result="78.4", unit="%", outcome="confirmed"),
)
NOTHING = Sentence("")
PACK = EvidencePack("s", {f.id: f for f in FACTS}, {f"{one.kind}/{one.identifier}": one for one in RECORDS})


def refs(text: str, before: Sentence = NOTHING) -> set[str]:
    return {span.ref for span in tied(before, text, PACK).spans}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("API-7-9 was rejected.", {"record:material_lot/API-7-9"}),
        ("There were 6 deviations.", {"fact:deviation.count"}),
        ("The assay had a mean of 100.05 %.", {"fact:assay.mean"}),
        ("A shelf life of 42 months is supported.", {"fact:shelf_life.1.supported"}),
        ("DEV-24-03 was closed on 2024-06-08.", {"record:deviation/DEV-24-03", "cell:deviation/DEV-24-03#closed_on"}),
        ("DEV-24-02 concerns batch 24011.", {"record:deviation/DEV-24-02", "cell:deviation/DEV-24-02#batch"}),
        ("OOS-24-02 gave 78.4 %.", {"record:oos/OOS-24-02", "cell:oos/OOS-24-02#result"}),
    ],
)
def test_a_figure_that_can_be_one_thing_alone_is_tied_to_it(text: str, expected: set[str]) -> None:
    assert refs(text) == expected
    assert realign(Sentence(""), text, PACK).spans == ()  # only what a person types is read so
    assert all(q.standing is Standing.RESOLVED for q in resolutions(Sentence(""), text, PACK))


@pytest.mark.parametrize(
    "text",
    [
        "There were 5 deviations.",  # so many were closed
        "DEV-24-03 was opened on 2024-06-08.",  # the day of closing
        "A result was 78.4 %.",  # of which nothing is named
        "DEV-24-03 concerns batch 24011.",  # of another deviation
        "The assay had a mean of 101.2 %.",
        "The number was 1.",
    ],
)
def test_what_the_words_deny_or_leave_open_is_not_tied(text: str) -> None:
    loose = [q for q in resolutions(Sentence(""), text, PACK) if q.standing is not Standing.RESOLVED]
    assert len(loose) == 1
    assert [
        f for f in check_sentence(tied(Sentence(""), text, PACK), PACK, origin=Origin.PERSON) if f.quote == loose[0].text
    ]


def test_a_figure_in_the_place_of_another_is_never_tied_by_itself() -> None:
    before = render("Closed were {fact:deviation.closed} deviations.", PACK)
    assert refs("Closed were 6 deviations.", before) == set()
    assert refs("There were 6 deviations.", Sentence("There were deviations.")) == {"fact:deviation.count"}


def one(text: str, before: Sentence = NOTHING) -> Resolution:
    return next(q for q in resolutions(before, text, PACK) if q.standing is not Standing.RESOLVED)


def test_what_the_words_mean_is_shown_where_it_says_another_figure() -> None:
    assert (one("There were 5 deviations.").says, one("The assay had a mean of 99.9 %.").says) == ("6", "100.05 %")
    assert one("A shelf life of 36 months is supported.").says == "42 months"


def test_an_identifier_does_not_stand_in_the_place_of_a_number_nor_months_in_that_of_per_cent() -> None:
    lots = render("In the period {fact:lots.received} lot was received.", PACK)
    lot = one("In the period API-9-9 was received.", lots)
    assert (lot.standing, lot.says) == (Standing.UNRESOLVED, "")
    mean = render("The mean of {fact:assay.attribute} was {fact:assay.mean}.", PACK)
    assert one("The mean of it was 30 months.", mean).says == ""
    assert one("The mean of assay was 100.50 %.", mean).says == "100.05 %"


def test_what_fits_the_words_is_offered_first() -> None:
    alike = EvidencePack(
        "s",
        {},
        {
            f"oos/OOS-{n:02}": record("oos", f"OOS-{n:02}", batch=f"240{n:02}", result="78.4", unit="%", outcome="open")
            for n in range(20)
        },
    )
    text = "The result of batch 24017 was 78.4 %."
    token = next(t for t in enumerate_tokens(text) if "78.4" in t.text)
    assert offered(text, token, alike)[0] == "cell:oos/OOS-17#result"
    assert len(offered(text, token, alike)) == 12


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("No pull was missed.", True), ("All pulls were made as planned.", True), ("No missed pulls are on record.", True),
        ("Not every pull was made as planned.", False), ("A pull was missed.", False),
    ],
)  # fmt: skip
def test_a_wrong_negative_names_the_fact(text: str, wrong: bool) -> None:  # noqa: FBT001 - what is expected
    found = check_sentence(Sentence(text), PACK, origin=Origin.PERSON)
    told = [f for f in found if f.evidence == "fact:pulls.missed"]
    assert bool(told) == wrong
    assert all("pulls.missed is 1" in f.message for f in told)
