"""What the words say belongs together: records that name each other pass, any other record in that role blocks."""

import pytest

from drafting.checks.engine import check_section, check_sentence
from drafting.model import Evidence, EvidencePack, Fact, Origin, Severity
from drafting.render import render
from prompts.outline import SectionOutline, Tier


def record(kind: str, identifier: str, **fields: str) -> Evidence:
    return Evidence(kind, identifier, fields, {}, "sha256:x", "f.csv", "d", 7, {}, synthetic=True)


HELD = (
    record("deviation", "DEV-1", title="Feeder blocked", capa_ids="CAPA-1|CAPA-2", recurring_of=""),
    record("deviation", "DEV-2", title="Feeder blocked again", capa_ids="CAPA-3", recurring_of="DEV-1"),
    record("deviation", "DEV-3", title="Label torn", capa_ids="", recurring_of=""),
    record("capa", "CAPA-1", deviation_id="DEV-1", opened_on="2020-02-03", closed_on="2020-03-30", effectiveness_due_on="2020-09-30"),
    record("capa", "CAPA-2", deviation_id="", opened_on="2020-02-04", closed_on="2021-06-02", effectiveness_due_on="2021-09-30"),
    record("capa", "CAPA-3", deviation_id="DEV-2", opened_on="2020-11-04", closed_on="", effectiveness_due_on=""),
    record("change_control", "CC-1", title="New feeder"),
)  # fmt: skip
PACK = EvidencePack(
    "s",
    {"report.period_to": Fact("report.period_to", "2021-04-30", "2021-04-30", "", 1, "v")},
    {f"{one.kind}/{one.identifier}": one for one in HELD},
)
D, C = "{record:deviation/DEV-%d}", "{record:capa/CAPA-%d}"


def blocked(template: str) -> list[tuple[str, str, str]]:
    found = check_sentence(render(template, PACK), PACK, origin=Origin.PERSON)
    return [(f.rule, f.quote, f.evidence) for f in found if f.severity is Severity.BLOCKS]


TRUE = (
    f"{D % 1}; linked to it: {C % 1}, {C % 2}.",
    f"{D % 1} led to {C % 1} (closed {{cell:capa/CAPA-1#closed_on}}) and {C % 2}.",
    f"{C % 3} was opened for deviation {D % 2}.",
    f"{C % 3} was opened for {{cell:capa/CAPA-3#deviation_id}}.",
    f"{D % 2} is a recurrence of {D % 1}; linked to it: {C % 3}.",
    f"{D % 2} repeats {D % 1}.",
    f"{D % 3} is not linked to {C % 1}.",
    f"{D % 3} led to {{record:change_control/CC-1}}.",  # the evidence has no cells between these kinds
    f"{D % 3} and {C % 1} were discussed.",
    f"{D % 1} is told apart from {D % 2}.",
    f"{C % 2} (not closed by the end of the period) and {C % 1} (closed) were taken.",
    f"{C % 2} was not closed by the end of the period.",
)
FALSE = (
    (f"{D % 2}; linked to it: {C % 1}.", "CAPA-1", "cell:deviation/DEV-2#capa_ids"),
    (f"{D % 1} led to {C % 1} (closed {{cell:capa/CAPA-1#closed_on}}) and {C % 3}.", "CAPA-3", "cell:deviation/DEV-1#capa_ids"),
    (f"{C % 3} was opened for the major deviation {D % 1}.", "DEV-1", "cell:capa/CAPA-3#deviation_id"),
    (f"{D % 3} was corrected by {C % 2}.", "CAPA-2", "record:deviation/DEV-3"),
    (f"{D % 2} is a recurrence of {D % 3}.", "DEV-3", "cell:deviation/DEV-2#recurring_of"),
    (f"{D % 1} is not told apart from {D % 1}.", "DEV-1", "record:deviation/DEV-1"),
)  # fmt: skip


@pytest.mark.parametrize("template", TRUE)
def test_records_that_name_each_other_belong_together(template: str) -> None:
    assert blocked(template) == []


@pytest.mark.parametrize(("template", "quote", "evidence"), FALSE)
def test_another_record_in_that_role_blocks(template: str, quote: str, evidence: str) -> None:
    assert ("identifiers", quote, evidence) in blocked(template)


@pytest.mark.parametrize("field", ["opened_on", "effectiveness_due_on"])
def test_the_day_of_closing_is_no_other_day_of_the_record(field: str) -> None:
    ((rule, _, evidence),) = blocked(f"{D % 1}; linked to it: {C % 1} (closed {{cell:capa/CAPA-1#{field}}}).")
    assert (rule, evidence) == ("dates", f"cell:capa/CAPA-1#{field}")


@pytest.mark.parametrize(
    ("template", "evidence"),
    [
        (f"{D % 2}; linked to it: {C % 3} (closed).", "cell:capa/CAPA-3#closed_on"),
        (f"{D % 1}; linked to it: {C % 1} (not closed), {C % 2} (not closed).", "cell:capa/CAPA-1#closed_on"),
        (f"{D % 1}; linked to it: {C % 2} (closed by the end of the period).", "cell:capa/CAPA-2#closed_on"),
        (f"{C % 2} took {{cell:capa/CAPA-2#closed_on}} and was closed by then.", "cell:capa/CAPA-2#closed_on"),
    ],
)
def test_the_state_of_a_linked_record_is_its_own(template: str, evidence: str) -> None:
    assert [found for rule, _, found in blocked(template) if rule == "conclusions"] == [evidence]


def test_a_record_that_only_another_records_text_names_is_left_out() -> None:
    outline = SectionOutline("deviations", "1", "Deviations", "A", Tier.LOW)
    major = {"class": "major", "title": "Feeder"}
    records = {
        "deviation/DEV-1": record("deviation", "DEV-1", **major),
        "capa/CAPA-1": record("capa", "CAPA-1", effectiveness_result="not effective, see DEV-1"),
    }
    pack = EvidencePack("deviations", {}, records)

    def left_out(template: str) -> list[str]:
        shown = [("1", render(template, pack), Origin.MACHINE)]
        return [f.evidence for f in check_section(shown, pack, outline, ()) if f.rule == "omissions"]

    assert left_out("Effect of {record:capa/CAPA-1}: {cell:capa/CAPA-1#effectiveness_result}.") == ["record:deviation/DEV-1"]
    assert left_out("DEV-1 was named.") == []
