"""`check-text` as a use case: files of several kinds as evidence, what is reported, and what is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook

from audit.errors import Invalid
from benchmarks import accuracy
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.context import Context
from drafting.foreign import ForeignText, check_foreign_text, text_of
from drafting.model import Severity


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    opened = open_context(settings_from({}, home=str(tmp_path_factory.mktemp("home"))))
    yield opened
    close_context(opened)


def check(ctx: Context, text: Path, *evidence: Path, profile: str | None = None) -> ForeignText:
    return check_foreign_text(ctx, text=text, evidence=evidence, profile=profile, actor=service_account(ctx).actor())


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def a_csv(folder: Path) -> Path:
    return written(folder / "yields.csv", "batch;yield (%)\nB-101;97.5\nB-102;96.1\n")


def an_xlsx(folder: Path) -> Path:
    book = Workbook()
    for row in (["batch", "assay (%)"], ["B-101", 99.2], ["B-102", 98.7]):
        book.active.append(row)
    book.save(folder / "assays.xlsx")
    return folder / "assays.xlsx"


def a_docx(folder: Path) -> Path:
    document = Document()
    table = document.add_table(rows=0, cols=2)
    for left, right in (("Batch", "Hardness (N)"), ("B-101", "62"), ("B-102", "71")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = left, right
    document.save(str(folder / "hardness.docx"))
    return folder / "hardness.docx"


def a_json(folder: Path) -> Path:
    return written(
        folder / "water.json", json.dumps({"results": [{"batch": "B-101", "water": 1.4}, {"batch": "B-102", "water": 1.9}]})
    )


def test_evidence_of_every_kind_is_joined_by_what_it_is_about(ctx: Context, tmp_path: Path) -> None:
    evidence = [make(tmp_path) for make in (a_csv, an_xlsx, a_docx, a_json)]
    right = "Batch B-101 had a yield of 97.5 %, an assay of 99.2 %, a hardness of 62 N and a water content of 1.4.\n"
    result = check(ctx, written(tmp_path / "right.txt", right), *evidence)
    assert result.findings == ()
    wrong = "Batch B-102 had a yield of 97.5 %, an assay of 99.2 %, a hardness of 62 N and a water content of 1.4.\n"
    result = check(ctx, written(tmp_path / "wrong.txt", wrong), *evidence)
    assert [f.quote for f in result.findings] == ["B-102"]  # what is said holds for another batch, whole
    assert "B-101" in result.findings[0].message
    mixed = wrong.replace("97.5", "96.1")
    result = check(ctx, written(tmp_path / "mixed.txt", mixed), *evidence)
    assert [f.quote for f in result.findings] == ["99.2 %", "62 N", "1.4"]
    assert "assays.xlsx" in result.findings[0].evidence
    assert "'98.7'" in result.findings[0].evidence


def test_what_is_contradicted_or_nowhere_blocks_and_what_stands_elsewhere_warns(ctx: Context, tmp_path: Path) -> None:
    text = written(
        tmp_path / "t.md",
        "The yield of batch B-101 was 95.7 %. Batch B-103 was not made. The inspector wore badge 96.1 today.\n",
    )
    result = check(ctx, text, a_csv(tmp_path))
    severities = {f.quote: f.severity for f in result.findings}
    assert severities == {
        "95.7 %": Severity.BLOCKS,
        "B-103": Severity.BLOCKS,
        "not made": Severity.WARNS,
        "96.1": Severity.WARNS,
    }
    assert result.counts["contradicted"] == 1
    assert sum(result.counts.values()) == len(result.claims)
    assert result.numbers_resolved < result.numbers_found


def test_positions_of_a_word_document_are_of_its_extracted_text(ctx: Context, tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Review")
    document.add_paragraph("The yield of batch B-102 was 91.6 %.")
    document.save(str(tmp_path / "t.docx"))
    (found,) = check(ctx, tmp_path / "t.docx", a_csv(tmp_path)).findings
    assert text_of(tmp_path / "t.docx")[found.start : found.end] == found.quote == "91.6 %"


def test_a_lexicon_beside_the_evidence_says_the_words_of_its_field(ctx: Context, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    a_csv(folder)
    written(folder / "lexicon.toml", '[columns]\n"yield (%)" = ["output of the line"]\n')
    text = written(tmp_path / "t.txt", "The output of the line for batch B-101 was 91.0 %.\n")
    assert [f.quote for f in check(ctx, text, folder).findings] == ["91.0 %"]


def test_a_text_or_evidence_that_cannot_be_used_is_refused_by_name(ctx: Context, tmp_path: Path) -> None:
    good = written(tmp_path / "t.txt", "B-101\n")
    with pytest.raises(Invalid, match="no file or folder"):
        check(ctx, good, tmp_path / "absent")
    with pytest.raises(Invalid, match="no import profile"):
        check(ctx, good, a_csv(tmp_path), profile="absent")
    with pytest.raises(Invalid, match=r"\.txt, \.md or \.docx"):
        check(ctx, written(tmp_path / "t.rtf", "x"), a_csv(tmp_path))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(Invalid, match="no readable file"):
        check(ctx, good, empty)


def test_the_accuracy_benchmark_matches_by_overlap_and_splits_by_a_fixed_rule(tmp_path: Path) -> None:
    text = "Ann had 5 points and Bea 6 ."
    judged = [Judged(8, 9, "5", "number", Verdict.CONTRADICTED), Judged(25, 26, "6", "number", Verdict.SUPPORTED)]
    assert list(accuracy.reports(text, judged)) == [accuracy.Span(3, 3, "NUMBER")]
    gold = {"t": [accuracy.Span(3, 4, "NUMBER"), accuracy.Span(7, 7, "NUMBER"), accuracy.Span(1, 1, "NAME")]}
    reported = {"t": [accuracy.Span(3, 3, "NUMBER"), accuracy.Span(6, 6, "NUMBER")]}
    measured: dict[str, Any] = accuracy.measured(reported, gold, "NUMBER")
    assert (measured["recall"], measured["precision"]) == (0.5, 0.5)
    assert accuracy.measured(reported, gold, None)["recall"] == 0.333
    assert [accuracy.part_of(t) for t in ("S001", "S003", "S004", "T001", "T007")] == [
        "development", "opened last", "opened later", accuracy.NEVER_READ, "test half of the shared task, opened",
    ]  # fmt: skip
    assert "skipped" in accuracy.accuracy(tmp_path)[0]


def test_each_sentence_says_whether_what_it_states_was_judged(ctx: Context, tmp_path: Path) -> None:
    evidence = written(tmp_path / "b.csv", "batch,line,disposition\nB-1,L1,released\nB-2,L1,rejected\nB-3,L2,released\n")
    said = ["B-1 was released.", "B-1 was rejected.", "B-1 was moved to the hall.", "It rained."]
    result = check(ctx, written(tmp_path / "t.txt", "\n\n".join(said) + "\n"), evidence)
    assert [str(s.outcome) for s in result.sentences] == ["supported", "contradicted", "not_judged", "no_claim"]
    assert result.outcomes["not_judged"] == 1
