"""What the Word report promises: honest about signing, complete in signatures and evidence, same bytes for same input."""

import dataclasses
import io
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from drafting.documents.back import decision_of
from drafting.documents.evidence_list import EvidenceLine, evidence_list
from drafting.documents.make_template import FILE, template
from drafting.documents.report import word_report
from drafting.model import Chart, LedgerLine, Point, Table
from drafting.readmodel import (
    Citation,
    Decided,
    FieldView,
    ReportView,
    SectionSummary,
    SectionView,
    SentenceView,
    SignatureLine,
)
from prompts.outline import FieldOutline

AT = "2026-03-02T08:00:00.000000Z"
CHART = Chart(
    "i1", "Dissolution, individuals and moving ranges", "dissolution_av", "%",
    tuple(Point(str(500 + n), "2020-05-01", f"{90 + (n * 7) % 5}.{n % 10}", signal=n == 11) for n in range(40)),
    "92.5", "88.1", "96.9", lower_limit="80", limit_source="SPEC-01 version 2", method="individuals, mean moving range / 1.128",
    moving_range_mean="1.66", moving_range_upper="5.42", synthetic_limits=True,
)  # fmt: skip


def sentence(number: int, text: str, *refs: str, state: str = "accepted") -> SentenceView:
    cited = tuple(Citation(ref, f"Laboratory.csv {ref}", synthetic=ref.startswith("record:deviation")) for ref in refs)
    decided = Decided(f"d{number}", "accepted", "author", "awriter", AT)
    return SentenceView(f"s{number}", 1, "sha256:00", text, (), cited, "machine-drafted", state, False, (), decided, None)


def signature(meaning: str, *, valid: bool) -> SignatureLine:
    said = f"Signed by Ada Writer (awriter), 2026-03-02 08:00 UTC, {meaning}"
    since = "" if valid else "sentence s1 was edited after signing"
    return SignatureLine(f"g-{meaning}", meaning, said, "Ada Writer", "awriter", "writer", AT, "UTC", valid, since)


def summary(
    number: str, title: str, *, state: str = "drafted", signatures: tuple[SignatureLine, ...] = ()
) -> SectionSummary:
    return SectionSummary(
        f"sec{number}", f"k{number}", number, title, "A", "high", state, "", "", 3, 3, 0, 0, signatures, "drafted"
    )


def report(state: str = "drafted") -> ReportView:
    signatures = (signature("authorship", valid=False), signature("approval", valid=state == "approved"))
    sections = (
        summary("1", "Batches manufactured", state=state, signatures=signatures),
        summary("2", "Deviations & <b>investigations</b>", state=state),
    )
    ledger = (LedgerLine("batch", ("1", "2", "3"), ("1", "2"), ("3",), ()),)
    return ReportView(
        "r1", "APR-2026-001", "apr_us", "Annual product review", "P1", "Atorva tablets", "20 mg", "", "2020-01-01", "2020-12-31",
        "drafting", "0.1", AT, AT, "awriter", "deterministic 1", "sha256:abcdef", True, True, sections, ledger,
    )  # fmt: skip


def sections(of: ReportView, rows: int = 60) -> list[SectionView]:
    label = FieldOutline("conclusion", "Conclusion on the state of control")
    wide = Table(
        "t1", "Batches and their results", tuple(f"column_{n} (%)" for n in range(10)),
        tuple(tuple(f"{n}.{m}" for m in range(10)) for n in range(rows)), note="As written in the source.", synthetic=True,
    )  # fmt: skip
    first = (
        sentence(1, "Of 40 batches manufactured, 39 were released.", "fact:batches.n", "record:batch/517"),
        sentence(2, "This was thrown out.", "record:batch/999", state="rejected"),
        sentence(
            3, "Batch 511 lay above the\x0b upper control limit <w:p/>.", "cell:batch/511#dissolution_av", "fact:batches.n"
        ),
    )
    second = (sentence(4, "One deviation stayed open.", "record:deviation/DEV-1", state="open"),)
    common: dict[str, Any] = {"view_id": "", "canonical_hash": "sha256:00", "capacity": "", "hidden": False, "missing": ()}
    decided = {"author:t1": Decided("d9", "confirmed", "author", "awriter", AT)}
    return [
        SectionView(of.sections[0], of, sentences=first, fields=(FieldView(label, "In control", 1, "awriter", AT),),
                    tables=(wide,), table_decisions=decided, charts=(CHART,), notes=("Two files disagree on batch 520.",), **common),
        SectionView(of.sections[1], of, sentences=second, fields=(), tables=(), table_decisions={}, charts=(), notes=(), **common),
    ]  # fmt: skip


def made(state: str = "drafted", rows: int = 60) -> bytes:
    view = report(state)
    listed = sections(view, rows)
    places = {"record:batch/517": ("row 518", "sha256:" + "1f" * 32)}
    exclusions = [("batch 3", "duplicate: entered twice", "areviewer")]
    said = ["A machine proposed sentences; persons decided on each."]
    evidence = evidence_list(listed, places)
    return word_report(view, listed, evidence=evidence, exclusions=exclusions, ai_use=said, generated_at=AT)


def part(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def test_same_input_gives_the_same_bytes() -> None:
    assert made() == made()
    assert {i.date_time for i in zipfile.ZipFile(io.BytesIO(made())).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_shipped_template_is_what_the_script_builds() -> None:
    assert FILE.read_bytes() == template()


def test_every_page_says_not_signed_until_every_section_is_approved() -> None:
    drafted, approved = Document(io.BytesIO(made())), Document(io.BytesIO(made("approved")))
    assert "NOT SIGNED" in drafted.sections[0].header.paragraphs[0].text
    assert "APR-2026-001  version 0.1" in approved.sections[0].header.paragraphs[0].text
    assert "NOT SIGNED" not in part(made("approved"), "word/document.xml")
    assert "NOT SIGNED" not in approved.sections[0].header.paragraphs[0].text


def test_every_manifestation_is_printed_and_lapsed_ones_say_so() -> None:
    body = part(made("approved"), "word/document.xml")
    for line in report("approved").sections[0].signatures:
        assert line.manifestation in body
    assert "NO LONGER VALID: sentence s1 was edited after signing" in body


def test_citations_and_evidence_lead_to_each_other() -> None:
    body = part(made(), "word/document.xml")
    names = re.findall(r'bookmarkStart w:id="\d+" w:name="([^"]+)"', body)
    assert len(names) == len(set(names))
    targets = set(re.findall(r'w:hyperlink w:anchor="([^"]+)"', body))
    assert targets <= set(names)
    for number in range(1, 5):
        assert {f"evidence_{number}", f"citation_{number}"} <= targets


def test_evidence_is_numbered_in_order_of_first_use_without_rejected_sentences() -> None:
    lines = evidence_list(sections(report()), {"record:batch/517": ("row 518", "sha256:1f")})
    refs = ["fact:batches.n", "record:batch/517", "cell:batch/511#dissolution_av", "record:deviation/DEV-1"]
    assert [(line.number, line.ref) for line in lines] == list(enumerate(refs, 1))
    assert lines[1] == EvidenceLine(2, refs[1], f"Laboratory.csv {refs[1]}", "row 518", "sha256:1f", False)


def test_rejected_sentences_are_never_printed_and_undecided_ones_say_so() -> None:
    body = part(made(), "word/document.xml")
    assert "thrown out" not in body
    assert "[not yet decided]" in body


def test_held_back_machine_text_is_not_printed() -> None:
    view = report()
    hidden = dataclasses.replace(sections(view)[1], hidden=True)
    data = word_report(view, [hidden], evidence=evidence_list([hidden]), exclusions=(), ai_use=(), generated_at=AT)
    assert "One deviation stayed open" not in part(data, "word/document.xml")


def test_text_of_records_is_text() -> None:
    texts = [p.text for p in Document(io.BytesIO(made())).paragraphs]
    assert any(text.startswith("Batch 511 lay above the upper control limit <w:p/>.") for text in texts)


def test_tables_repeat_their_header_and_never_split_a_row() -> None:
    for table in Document(io.BytesIO(made())).tables:
        rows = table._tbl.tr_lst
        assert rows[0].xpath("./w:trPr/w:tblHeader")
        assert all(row.xpath("./w:trPr/w:cantSplit") for row in rows)


def test_a_long_table_is_written_whole() -> None:
    body = part(made(rows=2000), "word/document.xml")
    assert "1999.9" in body


def test_properties_and_alternative_text_are_set() -> None:
    data = made()
    facts = Document(io.BytesIO(data)).core_properties
    assert (facts.title, facts.author) == ("Annual product review", "Verascribe")
    assert facts.created is not None
    assert facts.created.isoformat()[:19] == AT[:19]
    assert 'descr="Dissolution, individuals and moving ranges. Method: individuals' in part(data, "word/document.xml")
    assert 'w:updateFields w:val="true"' in part(data, "word/settings.xml")


@pytest.mark.office
def test_libreoffice_prints_it(tmp_path: Path) -> None:
    import pypdf

    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("REQUIRE_OFFICE"):
            pytest.fail("REQUIRE_OFFICE is set and LibreOffice (soffice) is not installed")
        pytest.skip("LibreOffice (soffice) is not installed: `apt-get install libreoffice-writer`")
    (tmp_path / "report.docx").write_bytes(made())
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), "report.docx"], check=True, capture_output=True, cwd=tmp_path, timeout=300
    )
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "report.pdf").pages)
    for expected in ("Annual product review", "1 Batches manufactured", "Appendix A Evidence", "NOT SIGNED"):
        assert expected in re.sub(r" +", " ", text)


@pytest.mark.parametrize(
    ("said", "counted"), [("accept", "accepted"), ("edit", "edited"), ("add", "added"), ("added", "added")]
)
def test_the_author_s_decision_counts_also_once_a_reviewer_has_spoken(said: str, counted: str) -> None:
    decided = Decided("d1", said, "author", "awriter", AT)
    assert decision_of(dataclasses.replace(sentence(1, "Text."), state="confirmed", author=decided)) == counted
    assert not decision_of(dataclasses.replace(sentence(1, "Text."), state="open", author=None))
