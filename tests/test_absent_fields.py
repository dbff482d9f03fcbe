"""A record that lacks a field, by its file or by its profile: no draft ends over it, and nobody finds out only from the draft."""

from dataclasses import replace

import pytest
from test_evidence_scope import CASES, OUTLINE, loaded, record

from corpus.model import Record
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.evidence.kinds import LISTINGS
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import Loaded

GIVEN = {
    "class": "critical",
    "disposition": "rejected",
    "invalidated": "no",
    "due_on": "2025-03-01",
    "recurring_of": "X0",
    "month": "6",
}
KINDS = [kind for kind in LISTINGS if kind in CASES]


def drafted(found: Loaded) -> list[str]:
    drafter = DeterministicDrafter()
    packs = [(section, pack_of(found, section)) for section in OUTLINE.sections]
    return [s.text for section, pack in packs for s in drafter.draft(section, pack).sentences]


def whole(kind: str) -> Record:
    """Return a record in the period with every column of its kind's table, such that each sentence on its kind is asked for."""
    own = {**{c: GIVEN.get(c, "2") for c in LISTINGS[kind].columns if not c.endswith(("_id", "_on"))}, **CASES[kind].fields}
    own |= {c: GIVEN[c] for c in LISTINGS[kind].columns if c in GIVEN}
    made = record(kind, "X1", CASES[kind].inside if CASES[kind].placed == "date" else "")
    return replace(made, fields=own)


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in KINDS for field in LISTINGS[kind].columns])
def test_a_review_is_drafted_whatever_field_a_record_lacks(kind: str, field: str) -> None:
    found = whole(kind)
    lots = [record("batch", "B1", "2025-06-02", **CASES["batch"].fields)] if kind == "material_lot" else []
    assert drafted(loaded(*lots, replace(found, fields={k: v for k, v in found.fields.items() if k != field})))


@pytest.mark.parametrize("kind", KINDS)
def test_a_review_is_drafted_of_a_record_that_has_nothing_but_its_key(kind: str) -> None:
    assert drafted(loaded(replace(whole(kind), fields={})))


def test_what_is_not_on_record_is_said_of_an_empty_cell_and_of_one_that_is_not_there_alike() -> None:
    said = [
        next(
            t
            for t in drafted(loaded(record("deviation", "D1", "2025-06-02", **{"class": "major", **more})))
            if t.startswith("D1")
        )
        for more in ({}, {"title": ""})
    ]
    assert said[0] == said[1]
    assert said[0].startswith("D1 (no title on record) was recorded as major")
    oos = record("oos", "O1", "2025-06-02", result="3", unit="%")
    assert any(t.startswith("O1: batch not on record, no attribute on record 3 %") for t in drafted(loaded(oos)))
