"""One section set, four variants: headings, clauses and documents of each, on the command line and on paper."""

import io
import json
import shutil
from pathlib import Path

import command
import docx
import pytest

from drafting.documents import back
from prompts.clauses import Seen, load_clauses
from prompts.outline import DEVIATION, REVIEWS, earlier_outlines, load_outlines

OUTLINES = load_outlines()
ASKED = {  # the clauses of the requirements on reviews that stand in a section; retention (180(a)-(d)) is kept by the store
    "apr_us": {"180(e)", "180(e)(1)", "180(e)(2)", "180(f)", "192", "PV stage 3"},
    "pqr_eu": {
        "1.10", *(f"1.10({n})" for n in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")), "1.11", "1.11 grouping",
        "1.10 few batches", "6.9", "6.35", "Chapter 7", "Annex 15", "Annex 22",
    },
    "pqr_api_q7": {
        "Q7 2.50", "Q7 2.51", *(f"Q7 2.50 {topic}" for topic in ("results", "failed", "deviations", "changes", "stability", "returns", "corrective")),
    },
}  # fmt: skip
ASKED["combined"] = ASKED["apr_us"] | ASKED["pqr_eu"]
CANONICAL = [
    "header", "executive_summary", "scope_and_method", "batch_census", "starting_and_packaging_materials",
    "critical_process_parameters", "finished_product_quality", "oos_oot", "rejected_and_failed_batches", "deviations",
    "capa_effectiveness", "changes", "regulatory_variations", "stability", "complaints", "returns_and_salvage",
    "recalls_and_field_actions", "previous_actions", "post_approval_commitments", "equipment_and_utilities",
    "validation_status", "outsourced_and_agreements", "models_in_use", "conclusion_and_decisions", "action_plan",
    "signatures", "ai_use_statement",
]  # fmt: skip


@pytest.mark.parametrize("kind", REVIEWS)
def test_a_variant_changes_headings_and_clauses_alone(kind: str) -> None:
    outline, other = OUTLINES[kind], OUTLINES["apr_us"]
    assert [s.key for s in outline.sections] == CANONICAL
    for mine, theirs in zip(outline.sections, other.sections, strict=True):
        assert (mine.number, mine.by, mine.tier, mine.evidence, mine.records, mine.fields) == (
            theirs.number, theirs.by, theirs.tier, theirs.evidence, theirs.records, theirs.fields,
        )  # fmt: skip
    assert len({o.sha256 for o in OUTLINES.values()}) == len(OUTLINES)
    assert len({o.short for o in OUTLINES.values()}) == len(OUTLINES)


@pytest.mark.parametrize("kind", REVIEWS)
def test_every_clause_asked_of_a_variant_is_carried_by_a_section_that_people_or_records_fill(kind: str) -> None:
    carried = {clause.key: s for s in OUTLINES[kind].sections for clause in s.clauses}
    assert set(carried) == ASKED[kind]
    assert all(s.evidence or s.fields for s in carried.values())


def test_every_clause_is_of_some_variant() -> None:
    assert set(load_clauses()) == set().union(*ASKED.values())
    assert not any(s.clauses for s in OUTLINES[DEVIATION].sections)


def test_a_number_that_nobody_confirmed_says_so() -> None:
    for clause in load_clauses().values():
        assert ("not confirmed" in clause.printed) is (clause.seen is Seen.UNCONFIRMED)


def test_reports_of_the_version_before_keep_their_headings() -> None:
    kept = {(o.kind, o.version): o for o in earlier_outlines().values()}
    assert kept["pqr_eu", 3].section("recalls_and_field_actions").title == "Recalls and field actions"
    assert OUTLINES["pqr_eu"].section("recalls_and_field_actions").title == "Recalls and rapid alerts"


@pytest.mark.parametrize(
    ("kind", "variant", "made", "number"),
    [
        ("apr", "", "apr_us", "APR-2031-017"),
        ("pqr", "", "pqr_eu", "PQR-2031-017"),
        ("pqr", "pqr_api_q7", "pqr_api_q7", "PQR-API-2031-017"),
        ("apr", "combined", "combined", "APR-PQR-2031-017"),
    ],
)
def test_each_variant_is_drafted_of_a_period_without_batches_and_printed_with_its_clauses(
    filled_home: Path, tmp_path: Path, kind: str, variant: str, made: str, number: str
) -> None:
    home, out = tmp_path / "home", tmp_path / "review.docx"
    shutil.copytree(filled_home, home)
    chosen = ("--variant", variant) if variant else ()
    drafted = command.run(
        home, "draft", kind, *chosen, "--product", "17", "--from", "2031-01-01", "--to", "2031-12-31", "--json"
    )
    assert drafted["number"] == number
    assert [s["key"] for s in drafted["sections"]] == CANONICAL
    assert not [f for s in drafted["sections"] for f in s["findings"] if f["severity"] == "blocks"]
    command.run(home, "export", number, "--format", "docx", "-o", str(out))
    document = docx.Document(io.BytesIO(out.read_bytes()))
    texts = [p.text for p in document.paragraphs]
    assert back.CLAUSES[1] in texts
    for section in OUTLINES[made].sections:
        assert f"{section.number}  {section.title}" in texts
    mapped = next(
        t for t in document.tables if [c.text for c in t.rows[0].cells] == ["Section", "Clause", "What it asks", "Seen"]
    )
    rows = [tuple(c.text for c in row.cells) for row in mapped.rows[1:]]
    assert rows == [(f"{s.number} {s.title}", c.cites, c.asks, c.seen) for s in OUTLINES[made].sections for c in s.clauses]
    stability = texts[texts.index(f"13  {OUTLINES[made].section('stability').title}") + 1]
    assert stability.startswith("Carries ") is bool(OUTLINES[made].section("stability").clauses)


def test_a_variant_of_another_kind_is_refused(filled_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    scope = ("--product", "17", "--from", "2020-05-01", "--to", "2021-04-30")
    assert "is no variant of apr" in command.run(home, "draft", "apr", "--variant", "pqr_eu", *scope, status=2)
    assert "has no variants" in command.run(home, "draft", "deviation", "DEV-2020-014", "--variant", "combined", status=2)
    listed = json.dumps(command.run(home, "reports", "--json"))
    assert "PQR-" not in listed
