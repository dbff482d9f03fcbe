"""What a change names is compared, a change of paper is not, and of mean and spread a table says which moved."""

import random
from collections.abc import Sequence
from dataclasses import replace

from test_evidence_late import read
from test_evidence_scope import loaded, measured, record

from drafting.checks.engine import check_sentence
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.evidence.scope import Loaded
from drafting.model import EvidencePack, Origin, Severity
from prompts.outline import load_outlines

BATCHES = [f"B{n:02}" for n in range(40)]


def values(seed: int, centre: float, sd: float, count: int) -> list[str]:
    rng = random.Random(seed)
    return [f"{rng.gauss(centre, sd):.1f}" for _ in range(count)]


def plant(hardness: Sequence[str], *changes: dict[str, str]) -> Loaded:
    made = [record("batch", name, f"2025-{2 + n // 4:02}-{1 + n % 4:02}") for n, name in enumerate(BATCHES)]
    told = [
        record("change_control", fields["change_id"], "2025-06-01", **{"status": "closed", "first_batch": "B20", **fields})
        for fields in changes
    ]
    limit = {
        "attribute": "assay",
        "lower_limit": "95",
        "upper_limit": "105",
        "strength": "*",
        "effective_from": "2020-01-01",
        "effective_until": "",
    }
    results = {"assay": values(3, 100, 0.5, 40), "hardness": list(hardness)}
    found = loaded(*made, *told, record("specification", "S/assay", **limit))
    by_attribute = {
        a: tuple(replace(measured(b, a, v), attribute=a) for b, v in zip(BATCHES, given, strict=True)) for a, given in results.items()
    }  # fmt: skip
    return replace(found, measurements=by_attribute, labels={"assay": "assay", "hardness": "tablet hardness"})


FORCE = {
    "change_id": "CC-1",
    "title": "Compression force raised",
    "description": "From 12 kN to 15 kN, target hardness 107 N",
    "type": "process",
}
LIMIT = {"change_id": "CC-2", "title": "Limit of assay tightened", "description": "From 94 % to 95 %"}


def changes(found: Loaded) -> tuple[EvidencePack, list[str]]:
    pack, lines = read(found, "combined", "changes")
    section = load_outlines()["combined"].section("changes")
    for sentence in DeterministicDrafter().draft(section, pack).sentences:
        blocking = [f for f in check_sentence(sentence, pack, origin=Origin.MACHINE) if f.severity is Severity.BLOCKS]
        assert blocking == [], sentence.text
    return pack, lines


def test_what_a_change_names_is_compared_without_a_limit_and_told_first() -> None:
    moved = [*values(1, 97, 2, 20), *values(2, 107, 2, 20)]
    pack, lines = changes(plant(moved, FORCE, LIMIT))
    assert pack.facts["effect.CC-1.hardness.difference"].inputs["naming"] == ["CC-1"]
    line = next(line for line in lines if line.startswith("From the first batch of CC-1 on"))
    assert "means differ; tablet hardness, which the change itself names, by " in line
    unnamed = changes(plant(moved, {**FORCE, "description": "From 12 kN to 15 kN"}))[0]
    assert "effect.CC-1.hardness.difference" not in unnamed.facts  # no limit, and nobody named it


def test_that_what_a_change_names_did_not_move_is_said() -> None:
    _, lines = changes(plant(values(1, 97, 2, 40), FORCE))
    assert any(
        line.startswith(
            "No difference beyond chance from the first batch of CC-1 on; tablet hardness, which the change itself names, by "
        )
        for line in lines
    )


def test_a_change_of_paper_has_no_comparison_and_no_comparison_counts_twice() -> None:
    pack, lines = changes(
        plant(
            [*values(1, 97, 2, 20), *values(2, 107, 2, 20)],
            FORCE,
            LIMIT,
            {**LIMIT, "change_id": "CC-3", "type": "Document", "title": "SOP of assay"},
        )
    )
    assert not [key for key in pack.facts if key.startswith(("effect.CC-2.", "effect.CC-3."))]
    line = next(line for line in lines if line.startswith("Results are not compared"))
    assert "CC-2 (a limit, and no step of manufacture); CC-3 (a document, and no step of manufacture)" in line
    assert pack.facts["effect.compared"].exact == "2"  # assay and hardness, once each
    table = next(t for t in pack.tables if t.id == "effects")
    assert {row[2]: row[8] for row in table.rows}["Tablet hardness · hardness"] == "mean"


def test_a_changed_spread_is_told_in_the_table_and_in_a_sentence() -> None:
    found = plant(values(1, 97, 4, 40))
    before = {
        "hardness": tuple(measured(f"E{n}", "hardness", v) for n, v in enumerate(values(5, 97, 1, 24))),
        "assay": tuple(measured(f"E{n}", "assay", v) for n, v in enumerate(values(6, 103, 0.5, 24))),
    }
    found = replace(found, earlier=before, groups={"assay": "finished product", "hardness": "finished product"})
    pack, lines = read(found, "combined", "finished_product_quality")
    table = next(t for t in pack.tables if t.id.startswith("before."))
    assert table.columns[-1] == "Differs beyond chance"
    assert {row[0].casefold().partition(" · ")[0]: row[-1] for row in table.rows} == {
        "assay": "mean",
        "tablet hardness": "spread",
    }
    line = next(line for line in lines if line.startswith("The spread of"))
    facts = pack.facts
    low, high = (facts[f"hardness.sd_ratio_{end}"].value for end in ("low", "high"))
    assert line == (
        "The spread of 1 attribute changed beyond chance beside the same months, by the ratio of standard deviations; "
        f"tablet hardness, a ratio of {facts['hardness.sd_ratio'].value} (interval {low} to {high})."
    )


def test_a_spread_that_differs_after_a_change_is_told() -> None:
    pack, lines = changes(plant([*values(1, 97, 1, 20), *values(2, 97, 4, 20)], FORCE))
    ratio, low, high = (pack.facts[f"effect.CC-1.hardness.sd_ratio{end}"].value for end in ("", "_low", "_high"))
    line = f"From the first batch of CC-1 on, standard deviations differ; tablet hardness, a ratio of {ratio} (interval {low} to {high})."
    assert line in lines
    table = next(t for t in pack.tables if t.id == "effects")
    assert next(row[7:9] for row in table.rows if "hardness" in row[2]) == (f"{ratio} ({low} to {high})", "spread")
