"""What was closed late, what came again after an effective CAPA, and complaints that belong together, are said by name."""

import pytest
from test_evidence_scope import loaded, record

from corpus.model import Record
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import Loaded, ReportScope
from drafting.model import EvidencePack
from prompts.outline import load_outlines

OUTLINES = load_outlines()


def read(found: Loaded, outline: str, key: str) -> tuple[EvidencePack, list[str]]:
    section = OUTLINES[outline].section(key)
    pack = pack_of(found, section)
    return pack, [s.text for s in DeterministicDrafter().draft(section, pack).sentences]


def deviation(name: str, opened: str, closed: str, **fields: str) -> Record:
    own = {"title": "Feeder blocked", "class": "minor", "category": "equipment", "opened_on": opened, "closed_on": closed}
    return record("deviation", name, opened, **{**own, **fields})


def late(*found: Record) -> list[str]:
    _, lines = read(loaded(*found), "combined", "deviations")
    return [line for line in lines if line.startswith(("Longer than", "Beyond their due date"))]


def test_a_deviation_without_a_due_date_is_held_against_what_is_usual_and_that_is_said() -> None:
    lines = late(
        deviation("D-1", "2025-04-11", "2025-06-08"),
        deviation("D-2", "2025-04-11", "2025-05-11"),  # 30 days
        deviation("D-3", "2025-04-11", "2025-05-12"),
        deviation("D-4", "2025-04-11", "2025-09-01", extension_reason="laboratory moved"),
    )
    said = "the usual limit and not the site's, and without a justification on record"
    assert lines == [f"Longer than 30 days, which is {said}; D-1 took 58 days; D-3 took 31 days."]


def test_a_deviation_is_held_against_its_own_due_date_where_it_has_one() -> None:
    lines = late(
        deviation("D-1", "2025-04-11", "2025-06-08", due_on="2025-06-30"),
        deviation("D-2", "2025-04-11", "2025-04-20", due_on="2025-04-18"),
    )
    assert lines == ["Beyond their due date, without a justification on record; D-2 took 9 days, due 2025-04-18."]


def test_a_capa_that_was_closed_after_its_due_date_is_named() -> None:
    def capa(name: str, due: str, closed: str) -> Record:
        dates = {"opened_on": "2025-02-01", "due_on": due, "closed_on": closed, "title": "Second press"}
        return record("capa", name, "2025-02-01", **dates)

    found = loaded(
        capa("C-1", "2025-08-31", "2025-09-20"), capa("C-2", "2025-08-31", "2025-08-31"), capa("C-3", "2025-08-31", "")
    )
    pack, lines = read(found, "combined", "capa_effectiveness")
    assert [line for line in lines if line.startswith("Closed after")] == [
        "Closed after the due date; C-1 (due 2025-08-31, closed 2025-09-20)."
    ]
    assert next(t.refs for t in pack.tables if t.id == "late.capa") == ("record:capa/C-1",)


def test_complaints_of_one_batch_and_category_are_linked() -> None:
    def complaint(name: str, batch: str, category: str, text: str, confirmed: str) -> Record:
        told = {"batch": batch, "category": category, "description": text, "confirmed": confirmed, "closed_on": "2025-07-01"}
        return record("complaint", name, "2025-06-01", **told)

    pocket = "Blister with an empty pocket"
    found = loaded(
        complaint("P-1", "24001", "packaging", pocket, "yes"), complaint("P-2", "24001", "packaging", pocket, "yes"),
        complaint("P-3", "24001", "appearance", "Dark spot", "yes"), complaint("P-4", "24002", "packaging", pocket, "no"),
        complaint("P-5", "24003", "packaging", pocket, "no"), complaint("P-6", "24003", "packaging", "Hard to open", "yes"),
    )  # fmt: skip
    _, lines = read(found, "combined", "complaints")
    assert [line for line in lines if " share " in line] == [
        f"P-1 and P-2 share the batch 24001 and the category packaging, with the same description: {pocket}; recorded as confirmed: P-1 and P-2.",
        "P-5 and P-6 share the batch 24003 and the category packaging; recorded as confirmed: P-6.",
    ]


@pytest.mark.parametrize(("effect", "told"), [("effective", "effective"), ("", "not on record")])
def test_a_deviation_report_names_what_came_again_after_a_capa_and_complaints_on_its_batch(effect: str, told: str) -> None:
    action = {
        "deviation_id": "D-1",
        "opened_on": "2025-02-01",
        "closed_on": "2025-03-20",
        "effectiveness_result": effect,
        "title": "Seal",
    }
    made = loaded(
        deviation("D-1", "2025-01-15", "2025-02-08"),
        deviation("D-2", "2025-08-30", "2025-09-25", recurring_of="D-1", batch="B1", batches="B1"),
        record("capa", "C-1", "2025-02-01", **action),
        record("batch", "B1", "2025-08-01"),
        record("complaint", "P-1", "2026-02-01", batch="B1", description="Tablet hard", received_on="2026-02-01"),
        record("complaint", "P-2", "2025-12-01", batch="B2", description="Tablet soft", received_on="2025-12-01"),
    )
    scope = ReportScope("r", "deviation", "A", "2023-08-30", "2025-12-31", None, "D-2")
    found = Loaded(scope, made.records, made.batches, {}, {}, ())
    after = f"D-2 came after C-1 (closed 2025-03-20, effect {'as recorded: ' if effect else ''}{told}) for D-1."
    for key in ("history_review", "root_cause"):
        assert after in read(found, "deviation", key)[1]
    assert "D-2 is recorded as a recurrence of D-1." in read(found, "deviation", "executive_summary")[1]
    assert read(found, "deviation", "impact_assessment")[1][-1] == (
        "Of the affected batches 1 complaint is on record; P-1 on batch B1, received 2026-02-01: Tablet hard."
    )
    assert after in read(made, "combined", "deviations")[1]
