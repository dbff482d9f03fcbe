"""What a sentence says a named record is: another value than the record's blocks, and what is true or of something else passes."""

from dataclasses import replace

import pytest

from drafting.checks.alignment import realign
from drafting.checks.engine import check_sentence
from drafting.model import Evidence, EvidencePack, Origin, Sentence, Severity
from drafting.render import render


def record(kind: str, identifier: str, **fields: str | None) -> Evidence:
    return Evidence(kind, identifier, fields, {}, "sha256:x", "f.csv", "d", 7, {}, synthetic=True)


CAUSE = "original result invalidated with cause, new sample within the limit"
HELD = (
    record("batch_disposition", "958", batch="958", disposition="rejected", disposition_date="2021-05-11", reworked="no"),
    record("batch_disposition", "959", batch="959", disposition="released", disposition_date="2021-05-12", reworked="yes"),
    record("deviation", "DEV-2020-016", title="Leaflet of another product", batch="620", status="closed", **{"class": "critical"}),
    record("deviation", "DEV-2020-017", title="Label torn", batch="621", status="investigation open", **{"class": "minor"}),
    record("oos", "OOS-2020-016", batch="804", outcome=CAUSE, invalidated="yes"),
    record("oos", "OOS-2020-014", batch="789", outcome="confirmed, batch rejected", invalidated="no"),
    record("capa", "CAPA-2020-008", title="Locks", due_on="2021-03-31", closed_on=None, status="overdue"),
    record("capa", "CAPA-2020-009", title="Alarm", due_on="2021-03-31", closed_on="2021-03-30", status="closed"),
    record("capa", "CAPA-2020-010", title="Training", due_on="2021-03-31", closed_on="2021-04-15", status="closed"),
)  # fmt: skip
PACK = EvidencePack("s", {}, {f"{one.kind}/{one.identifier}": one for one in HELD})
DRAFTED = {
    "batch": "Batch {cell:batch_disposition/958#batch} was recorded as {cell:batch_disposition/958#disposition} on {cell:batch_disposition/958#disposition_date}.",
    "deviation": "{record:deviation/DEV-2020-016} was recorded as {cell:deviation/DEV-2020-016#class} for batch {cell:deviation/DEV-2020-016#batch}: {cell:deviation/DEV-2020-016#title}.",
    "oos": "{record:oos/OOS-2020-016}: batch {cell:oos/OOS-2020-016#batch}; outcome as recorded: {cell:oos/OOS-2020-016#outcome}.",
    "capa": "{record:capa/CAPA-2020-008} is past its due date (due {cell:capa/CAPA-2020-008#due_on}): {cell:capa/CAPA-2020-008#title}.",
}  # fmt: skip


def blocked(template: str) -> list[tuple[str, str]]:
    found = check_sentence(render(template, PACK), PACK, origin=Origin.PERSON)
    return [(f.quote, f.evidence) for f in found if f.rule == "conclusions" and f.severity is Severity.BLOCKS]


EDITED = (
    ("batch", "rejected", "released", "cell:batch_disposition/958#disposition"),
    ("deviation", "critical", "minor", "cell:deviation/DEV-2020-016#class"),
    ("oos", CAUSE, "confirmed, batch rejected", "cell:oos/OOS-2020-016#outcome"),
    ("capa", "is past its due date", "was completed before its due date", "cell:capa/CAPA-2020-008#closed_on"),
)


@pytest.mark.parametrize(("kind", "old", "new", "evidence"), EDITED)
def test_a_word_that_an_edit_made_false_blocks_and_shows_the_cell(kind: str, old: str, new: str, evidence: str) -> None:
    before = render(DRAFTED[kind], PACK)
    after = realign(before, before.text.replace(old, new), PACK)
    told = [f for f in check_sentence(after, PACK, origin=Origin.PERSON) if f.severity is Severity.BLOCKS]
    assert (evidence, "conclusions") in {(f.evidence, f.rule) for f in told}
    assert all(f.quote in new for f in told)
    assert check_sentence(before, PACK, origin=Origin.MACHINE) == ()


@pytest.mark.parametrize(("kind", "old", "new", "evidence"), EDITED)
def test_the_same_words_pass_where_the_record_says_them(kind: str, old: str, new: str, evidence: str) -> None:
    key, field = evidence.removeprefix("cell:").split("#")
    own = PACK.records[key]
    fields = {**own.fields, field: "2021-03-30" if field == "closed_on" else new}
    pack = replace(PACK, records={**PACK.records, key: replace(own, fields=fields)})
    text = render(DRAFTED[kind], PACK).text.replace(old, new)
    after = realign(render(DRAFTED[kind], pack), text, pack)
    assert [f for f in check_sentence(after, pack, origin=Origin.PERSON) if f.severity is Severity.BLOCKS] == []


FALSE = (
    ("Batch {record:batch_disposition/958} was released.", "released"),
    ("Batch {record:batch_disposition/958} was therefore released as planned.", "released"),
    ("The released batch {record:batch_disposition/958} was tested.", "released"),
    ("Batch {record:batch_disposition/958} was not rejected.", "rejected"),
    ("Batch {record:batch_disposition/958} was reworked.", "reworked"),
    ("Batch {record:batch_disposition/959} was not reworked.", "reworked"),
    ("Batch {record:batch_disposition/958} was rejected and batch {record:batch_disposition/959} was rejected.", "rejected"),
    ("{record:deviation/DEV-2020-016}, a minor deviation, was handled.", "minor"),
    ("{record:deviation/DEV-2020-016} (minor) was handled.", "minor"),
    ("{record:deviation/DEV-2020-016} was considered minor.", "minor"),
    ("The class of {record:deviation/DEV-2020-016} is minor.", "minor"),
    ("{record:deviation/DEV-2020-016} is critical; {record:deviation/DEV-2020-017} is critical.", "critical"),
    ("{record:deviation/DEV-2020-016} is recorded as investigation open.", "investigation open"),
    ("{record:oos/OOS-2020-016} was confirmed.", "confirmed"),
    ("{record:oos/OOS-2020-014} was invalidated.", "invalidated"),
    ("The outcome of {record:oos/OOS-2020-016} is: confirmed, batch rejected.", "confirmed, batch rejected"),
    ("{record:capa/CAPA-2020-008} was closed.", "closed"),
    ("{record:capa/CAPA-2020-010} was completed on time.", "on time"),
    ("{record:capa/CAPA-2020-009} was closed after its due date.", "after its due date"),
    ("{record:capa/CAPA-2020-009} is overdue.", "overdue"),
)
COORDINATED_FALSE = (
    ("{record:deviation/DEV-2020-016} and {record:deviation/DEV-2020-017} were both classified as major.", "major"),
    ("{record:deviation/DEV-2020-016} and {record:deviation/DEV-2020-017} were both classified as critical.", "critical"),
    ("{record:deviation/DEV-2020-017} and {record:deviation/DEV-2020-016} were both rated critical.", "critical"),
    ("Batches {record:batch_disposition/958} and {record:batch_disposition/959} were rejected.", "rejected"),
    ("Batches {record:batch_disposition/959} and {record:batch_disposition/958} were released.", "released"),
    (
        "{record:deviation/DEV-2020-016} and {record:deviation/DEV-2020-017} were classified as minor and critical, respectively.",
        "minor",
    ),
    (
        "Batches {record:batch_disposition/958} and {record:batch_disposition/959} were released and rejected, respectively.",
        "released",
    ),
    ("{record:capa/CAPA-2020-009} and {record:capa/CAPA-2020-010} were completed on time.", "on time"),
    ("{record:capa/CAPA-2020-009}, {record:capa/CAPA-2020-010} and {record:capa/CAPA-2020-008} were closed.", "closed"),
)
COORDINATED_TRUE = (
    "{record:deviation/DEV-2020-016} and {record:deviation/DEV-2020-017} were classified as critical and minor, respectively.",
    "Batches {record:batch_disposition/958} and {record:batch_disposition/959} were rejected and released, respectively.",
    "{record:capa/CAPA-2020-009} and {record:capa/CAPA-2020-010} were closed.",
    "Batch {record:batch_disposition/958} was rejected, and batch {record:batch_disposition/959} was released.",
    "The impact of {record:deviation/DEV-2020-016} and {record:deviation/DEV-2020-017} was minor.",
)
ALONE = EvidencePack("s", {}, {key: one for key, one in PACK.records.items() if key == "deviation/DEV-2020-016"})


@pytest.mark.parametrize(("template", "quote"), COORDINATED_FALSE)
def test_what_is_said_of_several_records_must_hold_for_each(template: str, quote: str) -> None:
    assert quote in [found for found, _ in blocked(template)]


@pytest.mark.parametrize("template", COORDINATED_TRUE)
def test_what_holds_for_each_of_several_records_passes(template: str) -> None:
    assert blocked(template) == []


def statuses_of(text: str, pack: EvidencePack) -> list[str]:
    return [f.quote for f in check_sentence(Sentence(text), pack, origin=Origin.PERSON) if f.rule == "conclusions"]


def test_a_record_whose_reference_was_removed_is_looked_up_in_the_evidence() -> None:
    assert statuses_of("The deviation was classified as minor.", ALONE) == ["minor"]
    assert statuses_of("The deviation was classified as critical.", ALONE) == []
    assert statuses_of("DEV-2020-016 was classified as minor.", PACK) == ["minor"]
    assert statuses_of("DEV-2020-016 was classified as critical.", PACK) == []


def test_a_status_of_no_record_is_blocked_where_the_evidence_holds_several() -> None:
    assert statuses_of("The deviation was classified as minor.", PACK) == ["deviation was classified as minor"]
    assert statuses_of("The batch was released.", PACK) == ["batch was released"]
    assert statuses_of("The batch was sampled.", PACK) == []


TRUE = (
    "Batch {record:batch_disposition/958} was rejected.",
    "Batch {record:batch_disposition/958} was not released.",
    "It was asked whether batch {record:batch_disposition/958} should be released.",
    "Batch {record:batch_disposition/958} was rejected, batch {record:batch_disposition/959} was released.",
    "Apart from batch {record:batch_disposition/958}, the remaining batches were released.",
    "The batches besides batch {record:batch_disposition/958} were released.",
    "Batch {record:batch_disposition/959} was reworked and then released.",
    "The impact of {record:deviation/DEV-2020-016} was minor.",
    "{record:deviation/DEV-2020-016} was initially rated minor.",
    "{record:deviation/DEV-2020-016} was reclassified from minor to critical.",
    "{record:deviation/DEV-2020-016} was recorded as critical, and the damage was minor.",
    "{record:deviation/DEV-2020-016}, a critical deviation, is closed.",
    "{record:deviation/DEV-2020-016} is not minor.",
    "{record:oos/OOS-2020-016} was invalidated with cause.",
    "{record:oos/OOS-2020-016} was not confirmed.",
    "{record:oos/OOS-2020-014} was confirmed.",
    "{record:capa/CAPA-2020-008} was not completed before its due date.",
    "{record:capa/CAPA-2020-008} is overdue.",
    "{record:capa/CAPA-2020-008} failed to be completed by its due date.",
    "{record:capa/CAPA-2020-008} was due to be completed on time.",
    "{record:capa/CAPA-2020-009} was completed before its due date.",
    "{record:capa/CAPA-2020-010} was closed after its due date.",
    "{record:capa/CAPA-2020-010} was closed, its effectiveness check is overdue.",
    "{record:capa/CAPA-2020-009} for {record:deviation/DEV-2020-017} was closed.",
)


@pytest.mark.parametrize(("template", "quote"), FALSE)
def test_another_value_than_the_records_blocks(template: str, quote: str) -> None:
    assert [found for found, evidence in blocked(template) if evidence.startswith("cell:")] == [quote]


@pytest.mark.parametrize("template", TRUE)
def test_what_is_true_or_said_of_something_else_passes(template: str) -> None:
    assert blocked(template) == []


ELSEWHERE = EvidencePack(
    "other", {}, {"batch_disposition/620": record("batch_disposition", "620", batch="620", disposition="rejected", disposition_date="2021-05-11")}
)  # fmt: skip
OF_BATCH = "{record:deviation/DEV-2020-016} was recorded as {cell:deviation/DEV-2020-016#class} for batch {cell:deviation/DEV-2020-016#batch}"


@pytest.mark.parametrize(
    ("template", "quotes"),
    [
        (OF_BATCH + ", which was released.", ["released"]),
        (OF_BATCH + " (released).", ["released"]),
        ("Batch {cell:deviation/DEV-2020-016#batch} was released after {record:deviation/DEV-2020-016} had been closed.", ["released"]),
        (OF_BATCH + ", which was rejected.", []),
        (OF_BATCH + ", which was not released.", []),
        (OF_BATCH + ", whose record was released.", []),
    ],
)  # fmt: skip
def test_a_record_that_only_another_section_holds_is_looked_up_there(template: str, quotes: list[str]) -> None:
    sentence = render(template, PACK)
    found = check_sentence(sentence, PACK, origin=Origin.PERSON, whole=ELSEWHERE)
    assert [(f.quote, f.evidence) for f in found if f.severity is Severity.BLOCKS] == [
        (quote, "cell:batch_disposition/620#disposition") for quote in quotes
    ]


EMPTY = EvidencePack(
    "s",
    {},
    {
        f"{one.kind}/{one.identifier}": one
        for one in (
            record("oos", "OOS-1", batch="804", assignable_cause="", invalidated="yes", outcome="original result invalidated"),
            record("oos", "OOS-2", batch="805", assignable_cause="tubing worn", invalidated="no", outcome="confirmed, batch rejected"),
            record("complaint", "CMP-7", batch="804", confirmed="", outcome="", closed_on="", category="appearance"),
            record("complaint", "CMP-8", batch="804", confirmed="yes", outcome="sealing fault", closed_on="2021-05-02", category="packaging"),
            record("deviation", "DEV-5", root_cause="", cause_status="", closed_on=None, status="open", **{"class": ""}),
            record("batch_disposition", "9", batch="9", disposition=""),
        )
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("template", "fields"),
    [
        ("{record:oos/OOS-1}: batch {cell:oos/OOS-1#batch}; the result was invalidated after an assignable cause was found.", {"assignable_cause"}),
        ("{record:oos/OOS-1} was invalidated with an assignable cause.", {"assignable_cause"}),
        ("Of {record:oos/OOS-1} the assignable cause was confirmed in the laboratory.", {"assignable_cause"}),
        ("{record:complaint/CMP-7} was confirmed and closed.", {"confirmed", "closed_on"}),
        ("{record:complaint/CMP-7} was closed and confirmed.", {"confirmed", "closed_on"}),
        ("{record:deviation/DEV-5} was classified as minor.", {"class"}),
        ("The root cause of {record:deviation/DEV-5} was confirmed.", {"cause_status"}),
        ("Batch {record:batch_disposition/9} was released.", {"disposition"}),
    ],
)  # fmt: skip
def test_what_is_stated_of_an_empty_cell_is_contradicted_by_it(template: str, fields: set[str]) -> None:
    found = check_sentence(render(template, EMPTY), EMPTY, origin=Origin.PERSON)
    told = {f.evidence.rpartition("#")[2]: f.message for f in found if f.rule == "conclusions"}
    assert set(told) == fields
    assert all("its record holds nothing here" in message for message in told.values())


@pytest.mark.parametrize(
    "template",
    [
        "{record:oos/OOS-1} was invalidated without an assignable cause.",
        "{record:oos/OOS-1} was invalidated, and no assignable cause was found.",
        "{record:oos/OOS-2} was confirmed after an assignable cause was found.",
        "{record:complaint/CMP-7} was not confirmed and is not closed.",
        "{record:complaint/CMP-7} was received and evaluated.",
        "{record:complaint/CMP-8} was confirmed and closed.",
        "{record:deviation/DEV-5} is open; a root cause is not on record.",
        "It is open whether a root cause of {record:deviation/DEV-5} was found.",
        "Batch {record:batch_disposition/9} was not released.",
    ],
)
def test_that_a_cell_is_empty_may_be_said(template: str) -> None:
    found = check_sentence(render(template, EMPTY), EMPTY, origin=Origin.PERSON)
    assert [f.message for f in found if f.rule == "conclusions"] == []
