"""Each check with the sentences that it must block and those that it must leave alone."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from drafting.checks.engine import check_section, check_sentence
from drafting.model import Chart, Evidence, EvidencePack, Fact, Finding, Origin, Point, Sentence, Severity, Table
from drafting.render import render
from prompts.outline import SectionOutline, Tier


def fact(name: str, value: str, unit: str = "", exact: str = "", **inputs: str) -> Fact:
    return Fact(name, value, exact or value, unit, 69, "v1", inputs)


def record(kind: str, identifier: str, **fields: str | None) -> Evidence:
    return Evidence(kind, identifier, fields, {}, "sha256:x", "f.csv", "d", 7, {}, synthetic=True)


def pack_of(*held: Fact | Evidence, section: str = "s", tables: tuple[Table, ...] = ()) -> EvidencePack:
    facts = {h.id: h for h in held if isinstance(h, Fact)}
    return EvidencePack(
        section, facts, {f"{h.kind}/{h.identifier}": h for h in held if isinstance(h, Evidence)}, tables=tables
    )


EDGES = {"lowest_batch": "517", "highest_batch": "604"}
REVIEW = pack_of(
    fact("assay.attribute", "assay", **EDGES), fact("assay.mean", "99.41", "%", **EDGES), fact("assay.sd", "0.52", "%", **EDGES),
    fact("assay.min", "95.0", "%", exact="94.96", **EDGES), fact("assay.max", "101.2", "%", **EDGES), fact("assay.n", "69"),
    fact("assay.outside", "1"), fact("assay.signals", "4"), fact("assay.ppk", "1.20"), fact("assay.ppk_low", "1.01"), fact("assay.ppk_high", "1.39"),
    fact("water.attribute", "water"), fact("water.mean", "1.20", "%"), fact("water.outside", "0"), fact("water.signals", "0"), fact("water.n", "68"),
    fact("water.ppk", "1.72"), fact("census.made", "69"), fact("census.released", "66"), fact("census.rejected", "2"), fact("census.pending", "1"),
    fact("census.terminated", "0"), fact("oos.count", "3"), fact("oos.recomputed", "1"), fact("oot.count", "2"), fact("deviation.count", "22"),
    fact("deviation.class.critical", "1"), fact("deviation.class.major", "6"), fact("deviation.class.minor", "15"), fact("deviation.recurring", "2"),
    fact("deviation.open_at_end", "1"), fact("complaint.count", "4"), fact("complaint.confirmed.yes", "1"), fact("complaint.confirmed.no", "3"),
    fact("recall.count", "0"), fact("capa.count", "5"), fact("capa.overdue", "1"), fact("capa.not_effective", "1"),
    record("batch", "517"), record("batch", "604"), record("specification", "SP-1/assay", attribute="assay", lower_limit="95.0", upper_limit="105.0"),
    record("deviation", "DEV-2020-014", occurred_at="2020-11-03T14:20", detected_at="2020-11-04T08:00", reported_at="2020-11-05T09:00", title="Hardness low", batch="517"),
    record("deviation", "DEV-2020-015", occurred_at="2020-12-03", title="Label torn", batch="604"),
    record("oos", "OOS-1", batch="517", attribute="assay", result="94.96", limit_text="NLT 95.0 %", outcome="batch rejected: no OOS was invalidated"),
)  # fmt: skip


def blocking(template: str, pack: EvidencePack = REVIEW, origin: Origin = Origin.PERSON) -> list[str]:
    found = check_sentence(render(template, pack), pack, origin=origin)
    return sorted({f.rule for f in found if f.severity is Severity.BLOCKS})


def whole(pack: EvidencePack, *templates: str, fields: Mapping[str, str] | None = None, by: str = "RA") -> list[Finding]:
    outline = SectionOutline(pack.section, "1", "Section", by, Tier.HIGH)
    said = [(str(i), render(t, pack), Origin.MACHINE) for i, t in enumerate(templates)]
    return list(check_section(said, pack, outline, (), fields=fields))


RIGHT = (
    "The mean of {fact:assay.attribute} was {fact:assay.mean} with a standard deviation of {fact:assay.sd} over {fact:assay.n} batches.",
    "The average assay was {fact:assay.mean}; the lowest result, {fact:assay.min}, came from batch {record:batch/517}.",
    "Assay ranged from {fact:assay.min} in batch {record:batch/517} to {fact:assay.max} in batch {record:batch/604}.",
    "Of {fact:census.made} batches made, {fact:census.released} were released and {fact:census.rejected} were rejected.",
    "By class as recorded: critical {fact:deviation.class.critical}, major {fact:deviation.class.major}, minor {fact:deviation.class.minor}.",
    "{fact:deviation.class.major} deviations were rated major.",
    "As recorded: not confirmed {fact:complaint.confirmed.no}, confirmed {fact:complaint.confirmed.yes}.",
    "{fact:deviation.open_at_end} deviation was still open.",
    "{record:deviation/DEV-2020-014} occurred at {cell:deviation/DEV-2020-014#occurred_at} and was detected at {cell:deviation/DEV-2020-014#detected_at}.",
    "Ppk of {fact:assay.attribute} was {fact:assay.ppk} (interval {fact:assay.ppk_low} to {fact:assay.ppk_high}).",
    "Held against the limit (not less than {cell:specification/SP-1/assay#lower_limit}), {fact:assay.outside} of {fact:assay.n} results lay outside.",
    "{fact:oos.count} OOS records were found, and {fact:recall.count} recalls.",
)
SWAPPED = (
    ("The mean of {fact:assay.attribute} was {fact:assay.sd}.", "numbers"),
    ("The highest result was {fact:assay.min}.", "numbers"),
    ("Assay ranged from {fact:assay.max} in batch {record:batch/604} to {fact:assay.min}.", "numbers"),
    ("The lowest, {fact:assay.min} in batch {record:batch/604}, is below.", "identifiers"),
    ("The mean of {fact:assay.attribute} was {fact:water.mean}.", "numbers"),
    ("Of {fact:census.made} batches, {fact:census.rejected} were released.", "numbers"),
    ("By class: critical {fact:deviation.class.major}, major {fact:deviation.class.critical}.", "numbers"),
    ("The query found {fact:deviation.class.major} deviations.", "numbers"),
    ("The query found {fact:oos.count} complaints.", "numbers"),
    ("{fact:assay.outside} results lay inside the limits.", "numbers"),
    ("{fact:assay.outside} results did not lie outside.", "numbers"),
    ("{fact:capa.overdue} CAPA was not past its due date.", "numbers"),
    ("As recorded: confirmed {fact:complaint.confirmed.no}.", "numbers"),
    ("{record:deviation/DEV-2020-014} occurred at {cell:deviation/DEV-2020-014#reported_at}.", "dates"),
    ("{record:deviation/DEV-2020-014}: {cell:deviation/DEV-2020-015#title}.", "numbers"),
    ("It concerns batch {cell:deviation/DEV-2020-014#title}.", "numbers"),
    ("{record:deviation/DEV-2020-014} did not occur at {cell:deviation/DEV-2020-014#occurred_at}.", "dates"),
)


@pytest.mark.parametrize("template", RIGHT)
def test_a_reference_that_its_words_name_is_left_alone(template: str) -> None:
    assert blocking(template) == []


@pytest.mark.parametrize(("template", "rule"), SWAPPED)
def test_a_true_reference_that_its_words_do_not_name_is_blocked(template: str, rule: str) -> None:
    assert rule in blocking(template)


CONTRADICTED = (
    "No OOS results were observed.", "There were no out-of-specification results.", "None of the batches failed a test.", "All results were within specification.",
    "Every result met its specification.", "All batches complied with the registered limits without exception.", "The product consistently met specification.",
    "Results were conforming throughout the period.", "Not a single result was outside its limits.", "Assay results were within limits without exception.",
    "The process remained in a state of control.", "The process was in statistical control.", "Assay was under control.", "The process is stable over the period.",
    "The process is capable.", "Process capability was adequate for assay.", "A capability index is valid.".replace("A capability index", "Capability index"),
    "No adverse trend was seen.", "There is no trend.", "All batches were released.", "No batch was rejected.", "No rejections occurred.",
    "No critical deviations occurred.", "There were no major deviations.", "No deviations were recorded.", "All deviations were closed.", "No recurring deviations were seen.",
    "No complaints were received.", "No complaint was confirmed.", "No CAPAs were overdue." , "All CAPAs were completed on time.", "All CAPAs were found effective.", "No OOT result was found.",
)  # fmt: skip
LEFT_ALONE = (
    "It cannot be concluded that all results were within specification.", "The process was not in a state of control.", "It was assessed whether the process is capable.",
    "Water was in statistical control.", "The process is capable for water.", "No recalls were initiated.", "Not all batches were released.",
    "The control chart is shown below.", "The investigation is to show that no OOS was missed.", "Measures should ensure that all deviations are closed.",
)  # fmt: skip


@pytest.mark.parametrize("text", CONTRADICTED)
@pytest.mark.parametrize("origin", list(Origin))
def test_a_conclusion_against_a_fact_is_blocked_whoever_wrote_it(text: str, origin: Origin) -> None:
    assert "conclusions" in blocking(text, origin=origin)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_a_denied_asked_or_true_conclusion_is_left_alone(text: str) -> None:
    assert "conclusions" not in blocking(text)


def test_a_conclusion_names_its_place_and_the_fact_against_it() -> None:
    text = "In this period no complaints were received."
    (found,) = [f for f in check_sentence(Sentence(text), REVIEW, origin=Origin.PERSON) if f.rule == "conclusions"]
    assert (text[found.start : found.end], found.evidence) == ("no complaints", "fact:complaint.count")


def test_what_a_record_says_is_quoted_and_no_claim() -> None:
    assert blocking("Outcome as recorded: {cell:oos/OOS-1#outcome}.") == []


@pytest.mark.parametrize(
    "template",
    [
        "{cell:deviation/DEV-2020-014#occurred_at} is after {cell:deviation/DEV-2020-014#detected_at}.",
        "It occurred at {cell:deviation/DEV-2020-014#detected_at}, before {cell:deviation/DEV-2020-014#occurred_at}.",
        "It was reported at {cell:deviation/DEV-2020-014#reported_at}, within one day after it occurred at {cell:deviation/DEV-2020-014#occurred_at}.",
    ],
)
def test_words_of_order_and_distance_must_agree_with_the_dates(template: str) -> None:
    assert "dates" in blocking(template)


def test_right_words_of_order_are_left_alone() -> None:
    assert blocking("It occurred at {cell:deviation/DEV-2020-014#occurred_at}, before it was detected at {cell:deviation/DEV-2020-014#detected_at}.") == []  # fmt: skip


def test_a_limit_given_as_a_result_is_blocked() -> None:
    assert blocking("The result of assay was {cell:specification/SP-1/assay#lower_limit}.") == ["limits"]
    assert blocking("The limit of assay was {cell:specification/SP-1/assay#lower_limit}.") == []


def test_rounding_does_not_hide_a_result_outside_its_limit() -> None:
    said = "Assay ranged from {fact:assay.min} to {fact:assay.max} and met the limits."
    assert "limits" in blocking(said)


def test_a_part_is_no_more_than_its_whole() -> None:
    assert "aggregates" in blocking("{fact:assay.n} of {fact:water.n} batches were tested.")


def test_rates_tables_and_charts_are_added_up_again() -> None:
    rate = Fact(
        "complaint.rate",
        "5.9",
        "5.9",
        "per 100 batches",
        69,
        "v1",
        {"numerator": "complaint.count", "denominator": "census.made"},
    )
    table = Table("months", "Batches by month", ("Month", "Batches"), (("2020-01", "4"), ("2020-02", "5"), ("Total", "10")))
    points = tuple(Point(str(i), "2020-01", value) for i, value in enumerate(("1.0", "2.0", "4.0")))
    chart = Chart("imr.x", "x", "x", "%", points, "2.3", "0", "5")
    pack = pack_of(fact("complaint.count", "4"), fact("census.made", "69"), rate, fact("x.n", "3"), fact("x.mean", "2.3"), fact("x.max", "4.1"), tables=(table,))  # fmt: skip
    found = [f.message for f in whole(replace(pack, charts=(chart,))) if f.rule == "aggregates"]
    assert len(found) == 3
    assert any("4 of 69 make 5.7971" in m for m in found)
    assert any("the rows sum to 9, the total says 10" in m for m in found)
    assert any(m.startswith("x.max is 4.1") for m in found)


def test_a_mandatory_record_that_no_sentence_names_is_blocked_until_one_does() -> None:
    rejected = record("batch_disposition", "517", batch="517", disposition="rejected")
    pack = pack_of(
        rejected,
        record("batch_disposition", "604", batch="604", disposition="released"),
        section="rejected_and_failed_batches",
    )
    (found,) = [f for f in whole(pack) if f.rule == "omissions"]
    assert (found.severity, found.evidence) == (Severity.BLOCKS, "record:batch_disposition/517")
    assert not [f for f in whole(pack, "Batch {cell:batch_disposition/517#batch} was rejected.") if f.rule == "omissions"]


def test_a_required_topic_that_is_not_spoken_of_is_blocked() -> None:
    pack = pack_of(fact("complaint.count", "0"), section="complaints")
    assert [f.evidence for f in whole(pack) if f.rule == "omissions"] == ["fact:complaint.count"]
    assert not whole(pack, "The query over the period found {fact:complaint.count} complaints.")


CAUSES = (
    ("The root cause was a worn punch.", True), ("The root cause may be a worn punch.", False), ("As a hypothesis, the low hardness was caused by a worn punch.", False),
    ("The source system records as root cause of it: a worn punch.", False), ("The cause was not determined.", False), ("It was due to a worn punch.", True),
)  # fmt: skip


@pytest.mark.parametrize(("text", "blocked"), CAUSES)
def test_a_stated_cause_cites_evidence_or_is_labelled_a_hypothesis(text: str, blocked: bool) -> None:  # noqa: FBT001
    pack = pack_of(fact("history.hits", "2"), section="root_cause")
    outline = SectionOutline("root_cause", "9", "Root cause", "RAH", Tier.HIGH)
    found = check_section([("1", Sentence(text), Origin.PERSON)], pack, outline, ())
    assert any(f.rule == "investigation" and f.severity is Severity.BLOCKS for f in found) == blocked
    cited = check_section([("1", Sentence(text, (), ("fact:history.hits",)), Origin.PERSON)], pack, outline, ())
    assert not [f for f in cited if f.rule == "investigation"]


FIELDS = (
    ("root_cause", {"root_cause": "Operator error."}, Severity.BLOCKS),
    ("root_cause", {"root_cause": "Human error.", "human_error_justification": "The procedure and the design were examined and excluded."}, None),
    ("root_cause", {"root_cause": "A worn punch."}, None),
    ("capa", {"capa_plan": "Retrain the operators by June."}, Severity.BLOCKS),
    ("capa", {"capa_plan": "Retrain the operators and revise the procedure, QA, 2021-03-01."}, None),
    ("effectiveness_check", {"effectiveness_plan": "We will look."}, Severity.WARNS),
    ("effectiveness_check", {"effectiveness_plan": "No recurrence in 20 batches until 2021-12-31."}, None),
)  # fmt: skip


@pytest.mark.parametrize(("section", "fields", "severity"), FIELDS)
def test_the_rules_of_an_investigation_are_held_against_what_people_fill(
    section: str, fields: dict[str, str], severity: Severity | None
) -> None:
    found = [f.severity for f in whole(pack_of(section=section), fields=fields, by="H") if f.rule == "investigation"]
    assert (max(found, key=str) if found else None) == severity


def test_a_search_of_the_history_says_how_many_it_found() -> None:
    pack = pack_of(fact("history.hits", "2"), record("deviation", "DEV-1", title="x"), section="history_review")
    found = [f for f in whole(pack, "{record:deviation/DEV-1}: {cell:deviation/DEV-1#title}.") if f.rule == "investigation"]
    assert [f.evidence for f in found] == ["fact:history.hits"]


def test_gaps_of_a_timeline_are_told() -> None:
    entries = [
        record("event_log", f"E{i}", at=at)
        for i, at in enumerate(("2020-11-03T14:20", "2020-11-04T08:00", "2020-11-20T09:00"))
    ]
    found = [f for f in whole(pack_of(*entries, section="timeline"), by="R") if f.rule == "investigation"]
    assert [(f.severity, f.evidence) for f in found] == [(Severity.WARNS, "record:event_log/E2")]


def test_two_records_that_disagree_are_both_shown() -> None:
    pack = pack_of(
        fact("result.assay.517", "94.9", "%"), record("oos", "OOS-1", batch="517", attribute="assay", result="94.7", unit="%", limit_text="NLT 94.0 %", outcome="batch released"),
        record("specification", "SP/assay", attribute="assay", lower_limit="95.0"), record("batch_disposition", "517", batch="517", disposition="rejected"),
    )  # fmt: skip
    found = [f for f in whole(pack) if f.rule == "contradictions"]
    assert [f.evidence for f in found] == ["cell:oos/OOS-1#result", "cell:oos/OOS-1#limit_text", "cell:oos/OOS-1#outcome"]
    assert "94.7" in found[0].message
    assert "94.9" in found[0].message


def test_records_that_agree_in_another_unit_do_not_contradict() -> None:
    pack = pack_of(
        fact("result.water.517", "0.05", "%"),
        record("oos", "OOS-2", batch="517", attribute="water", result="500", unit="ppm"),
    )
    assert not [f for f in whole(pack) if f.rule == "contradictions"]


def test_dates_that_run_backwards_are_shown_and_told_where_they_are_drafted_from() -> None:
    pack = pack_of(record("deviation", "DEV-1", occurred_at="2020-11-05", detected_at="2020-11-03"), section="timeline")
    said = "{record:deviation/DEV-1} was detected at {cell:deviation/DEV-1#detected_at}."
    assert len([f for f in whole(pack) if f.rule == "plausibility"]) == 1
    assert len([f for f in whole(pack, said) if f.rule == "plausibility"]) == 2


def test_a_person_s_verdict_against_a_fact_is_shown_and_stays_theirs() -> None:
    found = [f for f in whole(REVIEW, fields={"state_of_control": "in a state of control"}) if f.rule == "conclusions"]
    assert [(f.severity, f.evidence) for f in found] == [(Severity.WARNS, "fact:assay.signals")]
