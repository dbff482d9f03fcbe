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
from drafting.documents.evidence_list import Place, evidence_list
from drafting.documents.make_template import FILE, template
from drafting.documents.report import word_report
from drafting.model import Chart, Finding, LedgerLine, Point, Severity, Table
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
    number: str, title: str, *, key: str = "", state: str = "drafted", signatures: tuple[SignatureLine, ...] = ()
) -> SectionSummary:
    return SectionSummary(
        f"sec{number}", key or f"k{number}", number, title, "A", "high", state, "", "", 3, 3, 0, 0, signatures, "drafted"
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
        "approved" if state == "approved" else "drafting", "0.1", AT, AT, "awriter", "deterministic 1", "sha256:abcdef", True, True, sections, ledger,
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
    exclusions = [("batch 3", "duplicate: entered twice", "areviewer")]
    said = ["A machine proposed sentences; persons decided on each."]
    evidence = evidence_list(listed, PLACES)
    return word_report(view, listed, evidence=evidence, exclusions=exclusions, ai_use=said, changed_at=AT)


SHA = "sha256:" + "1f" * 32
PLACES = {
    "record:batch/517": Place("record:batch/517", "Batch 517", where="Laboratory.csv row 518", row=518, document="Laboratory.csv", sha256=SHA),
    "record:batch/511": Place("record:batch/511", "Batch 511", where="Laboratory.csv row 512", row=512, document="Laboratory.csv", sha256=SHA),
    "cell:batch/511#dissolution_av": Place(
        "record:batch/511", "Batch 511", "Dissolution", "Laboratory.csv row 512", row=512, document="Laboratory.csv", sha256=SHA
    ),
}  # fmt: skip


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
        for said in (
            f"{line.printed_name} ({line.user_id})",
            line.meaning,
            line.role,
            "2026-03-02 08:00:00 UTC (site zone UTC)",
        ):
            assert said in body
    assert "NO LONGER VALID: sentence s1 was edited after signing" in body


def links(body: str) -> tuple[set[str], list[str]]:
    return set(re.findall(r'w:hyperlink w:anchor="([^"]+)"', body)), re.findall(
        r'bookmarkStart w:id="\d+" w:name="([^"]+)"', body
    )


def test_citations_and_evidence_lead_to_each_other() -> None:
    targets, names = links(part(made(), "word/document.xml"))
    assert len(names) == len(set(names))
    assert targets <= set(names)
    for number in range(1, 5):
        assert {f"evidence_{number}", f"citation_{number}"} <= targets
    assert {"file_1", "file_use_1"} <= targets


def test_a_row_of_a_table_leads_to_its_file_and_a_computed_row_to_its_entry() -> None:
    view = report()
    rows = Table(
        "t9", "Batches", ("Batch", "Result"), (("517", "9.1"), ("all", "9.0")), ("record:batch/517", "fact:batches.n")
    )
    given = [dataclasses.replace(sections(view)[0], tables=(rows,)), sections(view)[1]]
    listed = evidence_list(given, PLACES)
    data = word_report(view, given, evidence=listed, exclusions=(), ai_use=(), changed_at=AT)
    table = next(t for t in Document(io.BytesIO(data)).tables if t.rows[0].cells[-1].text == "Evidence")
    cells = [row.cells[-1] for row in table.rows[1:]]
    anchors = [c._tc.xpath(".//w:hyperlink/@w:anchor") for c in cells]
    assert anchors == [["file_1"], ["evidence_1"]]
    assert "F1:518" in cells[0]._tc.xpath("string(.)")
    targets, names = links(part(data, "word/document.xml"))
    assert targets <= set(names)


def test_what_is_taken_from_one_record_is_one_entry() -> None:
    cited = sentence(1, "Batch 511 gave 98.", "record:batch/511", "cell:batch/511#dissolution_av", "fact:batches.n")
    listed = evidence_list([dataclasses.replace(sections(report())[1], sentences=(cited,))], PLACES)
    assert [(line.number, line.refs, line.parts) for line in listed.lines] == [
        (1, ("record:batch/511", "cell:batch/511#dissolution_av"), ("Dissolution",)),
        (2, ("fact:batches.n",), ()),
    ]
    assert listed.line("cell:batch/511#dissolution_av") == listed.line("record:batch/511")
    assert [(f.label, f.name, f.sha256) for f in listed.files] == [("F1", "Laboratory.csv", SHA)]


def test_figures_name_their_methods_once() -> None:
    given = [
        dataclasses.replace(sections(report())[1], sentences=(sentence(1, "Mean 9, SD 1.", "fact:a.mean", "fact:a.sd"),))
    ]
    known = {
        f"fact:a.{name}": Place(
            "column:a", "Assay · a", name, "Laboratory.csv: a", "product 17", method=f"{name} v1", inputs=SHA
        )
        for name in ("mean", "sd")
    }
    listed = evidence_list(given, known)
    assert listed.methods == ("mean v1", "sd v1")
    data = word_report(report(), given, evidence=listed, exclusions=(), ai_use=(), changed_at=AT)
    body = part(data, "word/document.xml")
    assert "How figures are computed: mean v1; sd v1." in body
    assert "computed from the values of product 17" in body
    assert body.count(SHA) == 1


def test_evidence_is_numbered_in_order_of_first_use_without_rejected_sentences() -> None:
    listed = evidence_list(sections(report()), PLACES)
    refs = ["fact:batches.n", "record:batch/517", "cell:batch/511#dissolution_av", "record:deviation/DEV-1"]
    assert [(line.number, line.refs[0]) for line in listed.lines] == list(enumerate(refs, 1))
    assert listed.lines[3].place.synthetic


def test_a_table_of_several_sections_is_printed_once_where_it_belongs_and_linked_from_the_others() -> None:
    log = Table("event_log", "Timeline", ("Time", "Text"), (("08:00", "press stopped"),), note="1 record in scope.")
    decided = {"author:event_log": Decided("d9", "confirmed", "author", "awriter", AT)}
    summaries = (
        summary("1", "Executive summary", key="executive_summary"), summary("2", "Immediate actions"), summary("3", "Timeline", key="timeline")
    )  # fmt: skip
    view = dataclasses.replace(report(), sections=summaries)
    empty = dataclasses.replace(sections(report())[1], sentences=())
    given = [dataclasses.replace(empty, summary=s, tables=(log,), charts=(CHART,)) for s in summaries]
    given[1] = dataclasses.replace(given[1], table_decisions=decided)
    data = word_report(view, given, evidence=evidence_list(given), exclusions=(), ai_use=(), changed_at=AT)
    body = part(data, "word/document.xml")
    assert body.count("press stopped") == 1
    assert len(Document(io.BytesIO(data)).inline_shapes) == 1
    told = [p._p.xpath("string(.)") for p in Document(io.BytesIO(data)).paragraphs]
    assert [t for t in told if t.startswith(("Table", "Figure"))] == [
        "Figure 2-1  Dissolution, individuals and moving ranges (synthetic limits)", "Table 3-1  Timeline",
    ]  # fmt: skip
    elsewhere = [t for t in told if t.startswith("This section also rests on")]
    assert "Table 3-1, Timeline; Figure 2-1." in elsewhere[0]
    assert "confirmed by awriter (author)" in elsewhere[1]
    targets, names = links(body)
    assert {"table_3_1", "figure_2_1"} <= targets <= set(names)


def test_signatures_and_use_of_ai_stand_in_the_sections_that_the_outline_has_for_them() -> None:
    summaries = (summary("1", "Signatures", key="signatures"), summary("2", "AI-use statement", key="ai_use_statement"))
    signed = (dataclasses.replace(summaries[0], signatures=(signature("approval", valid=True),)), summaries[1])
    view = dataclasses.replace(report(), sections=signed)
    given = [dataclasses.replace(sections(report())[1], summary=s, sentences=()) for s in signed]
    data = word_report(view, given, evidence=evidence_list(given), exclusions=(), ai_use=("Said.",), changed_at=AT)
    texts = [p.text for p in Document(io.BytesIO(data)).paragraphs]
    assert texts.index("1  Signatures") < texts.index("NOT SIGNED: not every section carries a valid approval.")
    assert texts.index("2  AI-use statement") < texts.index("Said.") < texts.index("Appendix A  Evidence")
    assert "This section holds no text yet." not in texts
    assert "Without a valid approval signature: section 2." in texts
    assert "Ada Writer (awriter)" in part(data, "word/document.xml")


def test_each_act_of_signing_is_a_row_with_its_second() -> None:
    one = signature("authorship", valid=True)
    later = dataclasses.replace(one, id="g-later", at="2026-03-02T08:00:07.000000Z")
    fallen = dataclasses.replace(one, valid=False, since="a field was changed")
    summaries = (
        summary("1", "A", signatures=(one,)), summary("2", "B", signatures=(later,)), summary("3", "C", signatures=(fallen,))
    )  # fmt: skip
    view = dataclasses.replace(report(), sections=summaries)
    given = [dataclasses.replace(sections(report())[1], summary=s, sentences=()) for s in summaries]
    data = word_report(view, given, evidence=evidence_list(given), exclusions=(), ai_use=(), changed_at=AT)
    table = next(t for t in Document(io.BytesIO(data)).tables if t.rows[0].cells[0].text == "Signed by")
    assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == [
        ["Ada Writer (awriter)", "authorship", "writer", "2026-03-02 08:00:00 UTC (site zone UTC)", "1, 3",
         "1: valid; 3: NO LONGER VALID: a field was changed"],
        ["Ada Writer (awriter)", "authorship", "writer", "2026-03-02 08:00:07 UTC (site zone UTC)", "2", "valid"],
    ]  # fmt: skip


def test_the_document_tells_its_last_change_from_the_data_lock() -> None:
    view = report()
    data = word_report(
        view, [], evidence=evidence_list([]), exclusions=(), ai_use=(), changed_at="2026-03-05T10:11:12.000000Z"
    )
    control = {row.cells[0].text: row.cells[1].text for row in Document(io.BytesIO(data)).tables[0].rows}
    assert control["Last change"] == "2026-03-05 10:11:12 UTC"
    assert control["Data lock"] == "2026-03-02 08:00:00 UTC"
    facts = Document(io.BytesIO(data)).core_properties
    assert facts.modified is not None
    assert facts.modified.isoformat()[:19] == "2026-03-05T10:11:12"


def test_rejected_sentences_are_never_printed_and_undecided_ones_say_so() -> None:
    body = part(made(), "word/document.xml")
    assert "thrown out" not in body
    assert "The sentence of this section is a draft that nobody has decided on yet." in body
    mixed = dataclasses.replace(sections(report())[0], sentences=(sentence(1, "A."), sentence(2, "B.", state="open")))
    data = word_report(report(), [mixed], evidence=evidence_list([mixed]), exclusions=(), ai_use=(), changed_at=AT)
    texts = [p.text for p in Document(io.BytesIO(data)).paragraphs]
    assert {"A.", "B. [undecided]"} <= set(texts)


def test_a_blocked_sentence_says_so_with_its_reason_until_its_section_is_approved() -> None:
    told = "'released' is said of 24011, which its record contradicts: disposition 'rejected'."
    found = tuple(Finding("conclusions", severity, told, 0, 1) for severity in (Severity.BLOCKS, Severity.WARNS))

    def paragraphs(state: str, *findings: Finding) -> list[str]:
        said = dataclasses.replace(sentence(1, "Batch 24011 was released."), findings=findings)
        section = dataclasses.replace(
            sections(report())[0], sentences=(said,), summary=summary("1", "Deviations", state=state)
        )  # fmt: skip
        data = word_report(report(), [section], evidence=evidence_list([section]), exclusions=(), ai_use=(), changed_at=AT)
        return [p.text for p in Document(io.BytesIO(data)).paragraphs]

    assert f"Batch 24011 was released. [blocked: {told}]" in paragraphs("drafted", *found)
    assert "Batch 24011 was released." in paragraphs("drafted", found[1])
    assert "Batch 24011 was released." in paragraphs("approved", *found)


def test_held_back_machine_text_is_not_printed() -> None:
    view = report()
    hidden = dataclasses.replace(sections(view)[1], hidden=True)
    data = word_report(view, [hidden], evidence=evidence_list([hidden]), exclusions=(), ai_use=(), changed_at=AT)
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
    said = re.sub(r" +", " ", text)
    for expected in ("Annual product review", "1 Batches manufactured", "Appendix A Evidence", "NOT SIGNED"):
        assert expected in said
    pages = len(pypdf.PdfReader(tmp_path / "report.pdf").pages)
    assert f"page {pages} of {pages}" in said
    contents = pypdf.PdfReader(tmp_path / "report.pdf").pages[1].extract_text()
    assert re.search(r"1\s+Batches manufactured\s*3\b", contents)
    assert re.search(r"Appendix A\s+Evidence\s*\d+", contents)


@pytest.mark.parametrize(
    ("said", "counted"), [("accept", "accepted"), ("edit", "edited"), ("add", "added"), ("added", "added")]
)
def test_the_author_s_decision_counts_also_once_a_reviewer_has_spoken(said: str, counted: str) -> None:
    decided = Decided("d1", said, "author", "awriter", AT)
    assert decision_of(dataclasses.replace(sentence(1, "Text."), state="confirmed", author=decided)) == counted
    assert not decision_of(dataclasses.replace(sentence(1, "Text."), state="open", author=None))
