"""A deviation report from draft to signed Word document, by four people in a real Chromium; and what the screens refuse on the way."""

import io
import re
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from journey import PASSWORD, Person, give_reason, signed_in, take_the_verified_trail, work_off, work_through
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
DEVIATION, NUMBER = "DEV-2020-011", "DR-DEV-2020-011"
OBSERVED, MEASURED = "On the round the dew point of the inlet air read 14 °C on the gauge.", "14 °C"
DECLARED = {
    "What it is about": "dew point of the inlet air",
    "Who said or saw it": "the shift lead of the coating line",
    "When": "2020-09-24, about 10:00",
    "How it is known": "read off the gauge, told by phone",
    "Why no record holds it": "the gauge keeps no record",
}
EVENT, ACTIONS = "2 Event description", "3 Immediate actions"


def titles(person: Person) -> list[str]:
    return [b.inner_text().strip() for b in person.page.locator("[class*='st-key-report-section-'] button").all()]


def test_four_people_take_a_deviation_report_from_draft_to_signed_word(
    browser: Browser, address: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    started = time.monotonic()
    told, clicks, sections = the_whole_journey(browser, address, tmp_path)
    told.append(f"{clicks} clicks in {time.monotonic() - started:.0f} s over {sections} sections")
    record_property("journey", "\n".join(told))  # printed at the end of the run


def the_whole_journey(browser: Browser, address: str, tmp_path: Path) -> tuple[list[str], int, int]:
    writer = signed_in(browser, address, "demo.writer")
    sections = the_writer_drafts_decides_and_signs(writer)
    reviewer = signed_in(browser, address, "demo.reviewer")
    the_reviewer_questions_and_returns(reviewer)
    the_writer_answers_and_signs_again(writer)
    the_reviewer_confirms_and_signs(reviewer, sections)
    approver = signed_in(browser, address, "demo.approver")
    the_approver_reads_and_signs(approver, sections)
    the_word_report_opens(approver, tmp_path)
    auditor = signed_in(browser, address, "demo.auditor")
    the_auditor_verifies_and_exports(auditor, tmp_path)
    everyone = (writer, reviewer, approver, auditor)
    assert all(p.elsewhere == [] for p in everyone)  # nothing was asked of another address
    return [line for p in everyone for line in p.told], sum(p.clicks for p in everyone), len(sections)


def the_writer_drafts_decides_and_signs(writer: Person) -> list[str]:
    writer.press(writer.page.get_by_role("link", name="New report"))
    writer.press(writer.page.get_by_role("radio", name="Deviation report"))
    writer.page.get_by_role("combobox", name="Deviation").fill(DEVIATION)
    writer.page.get_by_role("option").first.click()
    writer.settle()
    writer.press(writer.page.get_by_role("button", name="Draft", exact=True))
    writer.sees(f"Drafted {NUMBER}")
    writer.open_report(NUMBER)
    sections = titles(writer)
    assert len(sections) == 20
    writer.open_section(EVENT)
    writer.press(writer.keyed("edit-").first)
    text = writer.page.get_by_label("Text", exact=True)
    begins = text.input_value()
    writer.type(text, begins.replace("The requirement is stated in", "The requirement that applies is stated in"))
    give_reason(writer, "Clearer wording, same meaning", "")
    writer.press(writer.button("Save").first)
    writer.sees("edited")
    writer.picture("edited")
    writer.press(writer.keyed("reject-").nth(1))
    give_reason(writer, "Said elsewhere", "The summary says it.")
    writer.press(writer.button("Save").first)
    writer.sees("rejected")
    the_writer_declares_what_no_record_holds(writer)
    writer.open_section(sections[0])
    work_through(writer, sections)
    writer.open_report(NUMBER)
    assert writer.button("Submit for review").is_disabled()
    writer.sign_listed("authorship")
    writer.picture("authored")
    writer.press(writer.button("Submit for review"))
    writer.sees("in review")
    return sections


def the_writer_declares_what_no_record_holds(writer: Person) -> None:
    """Type an observation, have it refused, then say who saw it, when and how it is known."""
    writer.press(writer.page.get_by_role("button", name="Sentence 4", exact=True))
    writer.press(writer.keyed("add-").first)
    writer.type(writer.page.get_by_label("Text", exact=True), OBSERVED)
    writer.sees("is not tied to any evidence: it blocks signing until it is.")
    give_reason(writer, "Added context or judgement", "Seen on the round.")
    writer.press(writer.button("Save").first)
    writer.sees("blocked")
    writer.sees(f"Blocking: The number '{MEASURED}' is not tied to any evidence.")
    writer.edit(5)
    writer.press(writer.page.get_by_text("It is in no record of this section"))
    writer.press(writer.page.get_by_text("Declare it", exact=True))
    writer.picture("declaring")
    for label, said in DECLARED.items():
        writer.page.get_by_label(label, exact=True).fill(said)
        writer.clicks += 1
    writer.press(writer.page.get_by_role("button", name="Declare", exact=True))
    writer.sees(f"{MEASURED} (declared: dew point of the inlet air)")
    give_reason(writer, "Added context or judgement", "Seen on the round.")
    writer.press(writer.button("Save").first)
    writer.sees(f"'{MEASURED}' is not in the records: declared by Demo Writer")
    assert writer.page.get_by_text("Blocking: The number").count() == 0
    writer.picture("declared")


def the_reviewer_proposes_a_wrong_number_and_corrects_it(reviewer: Person) -> None:
    """Type a wrong number, see the cell that contradicts it before anything is saved, open it with one press, and correct the number."""
    clicks, started = reviewer.clicks, time.monotonic()
    text = reviewer.edit(4)
    right = text.input_value()
    assert "batch 763" in right
    reviewer.type(text, right.replace("763", "736"))
    shown = reviewer.page.locator("[class*='st-key-unsaved_']")
    assert "736 stands where the evidence says 763." in shown.inner_text()
    cell = reviewer.keyed("said-pick-").first
    assert re.search(r"deviation\.csv row \d+, batch: 763$", cell.inner_text())  # file, row, column and value
    assert reviewer.page.get_by_text("edit proposed").count() == 0  # nothing is saved
    reviewer.press(cell)
    marked = reviewer.page.locator("[class*='st-key-evidence_column'] td").filter(has_text=re.compile("^763$"))
    marked.first.wait_for()
    place = marked.first.bounding_box()
    assert place is not None
    assert 0 <= place["y"] <= 800 - place["height"]  # in view, also far down the page
    reviewer.sees("deviation DEV-2020-011, batch")
    reviewer.picture("contradicted")
    reviewer.type(text, right.replace("It concerns", "The event concerns"))
    reviewer.page.get_by_text("stands where the evidence says").wait_for(state="detached")
    reviewer.sees("Every check ran on this text and found nothing.")
    give_reason(reviewer, "Clearer wording, same meaning", "")
    reviewer.press(reviewer.button("Save").first)
    reviewer.sees("edit proposed")
    cost = f"{reviewer.clicks - clicks} clicks {time.monotonic() - started:.1f} s"
    reviewer.told.append(f"{reviewer.user:14} wrong number typed, seen, corrected: {cost}")


def the_writer_takes_the_proposal_over(writer: Person) -> None:
    writer.sees("Proposed instead")
    text = writer.edit(4)
    assert text.input_value().startswith("The event concerns batch 763")
    give_reason(writer, "Clearer wording, same meaning", "")
    writer.press(writer.button("Save").first)
    writer.sees("The event concerns batch")
    work_off(writer)
    sign_with(writer, PASSWORD)
    writer.sees("authorship")


def the_reviewer_questions_and_returns(reviewer: Person) -> None:
    reviewer.open_report(NUMBER)
    reviewer.open_section(EVENT)
    reviewer.press(reviewer.keyed("question-").first)
    reviewer.page.get_by_label("Question to the author").fill("Which version of the procedure applied?")
    reviewer.press(reviewer.button("Save").first)
    reviewer.sees("Which version of the procedure applied?")
    the_reviewer_proposes_a_wrong_number_and_corrects_it(reviewer)
    reviewer.open_section(ACTIONS)
    reviewer.press(reviewer.page.get_by_text("Return to the author"))
    give_reason(reviewer, "Incomplete", "Say who was told.")
    reviewer.press(reviewer.button("Return the section"))
    reviewer.sees("Returned:")
    reviewer.picture("returned")


def the_writer_answers_and_signs_again(writer: Person) -> None:
    writer.page.goto(writer.address)
    writer.sees("Returned to you")
    writer.sees("Questions of the reviewer")
    writer.picture("inbox-of-the-writer")
    writer.press(writer.button(f"{NUMBER} {EVENT}"))
    writer.sees("Which version of the procedure applied?")
    writer.press(writer.keyed("answer-").first)
    writer.page.get_by_label("Answer to the reviewer").fill("The version in force on the day of the event.")
    writer.press(writer.button("Save").first)
    the_writer_takes_the_proposal_over(writer)
    writer.open_section(ACTIONS)
    writer.sees("Say who was told.")
    writer.press(writer.keyed("add-").first)
    writer.type(writer.page.get_by_label("Text", exact=True), "The shift supervisor and the quality unit were told.")
    give_reason(writer, "Something required was missing", "The reviewer asked for it.")
    writer.press(writer.button("Save").first)
    work_off(writer)
    writer.page.get_by_label("User id").fill("demo.writer")
    writer.page.get_by_label("Signing passphrase").fill("demo passphrase 1")
    writer.press(writer.page.get_by_role("button", name="Sign", exact=True))
    writer.sees("authorship")


def the_reviewer_confirms_and_signs(reviewer: Person, sections: list[str]) -> None:
    reviewer.open_report(NUMBER)
    reviewer.open_section(EVENT)
    reviewer.sees("The version in force on the day of the event.")
    reviewer.sees("declared by a person, not in the records; not confirmed yet")
    work_off(reviewer)
    reviewer.sees("confirmed by demo.reviewer")
    reviewer.picture("confirmed")
    reviewer.open_section(sections[0])
    work_through(reviewer, sections)
    reviewer.open_report(NUMBER)
    reviewer.sign_listed("review")
    reviewer.sees("20 signed")


def the_approver_reads_and_signs(approver: Person, sections: list[str]) -> None:
    approver.open_report(NUMBER)
    approver.tab("Sign sections")
    approver.sees("it was not shown to you")  # nothing is signed that was not opened
    approver.tab("Sections")
    for title in sections:
        approver.open_section(title)
    approver.open_report(NUMBER)
    approver.sign_listed("approval")
    approver.sees("approved")
    approver.picture("approved")


def the_word_report_opens(person: Person, tmp_path: Path) -> None:
    person.press(person.button("Prepare Word report"))
    with person.page.expect_download() as started:
        person.button("Download").click()
    assert "not-signed" not in started.value.suggested_filename
    path = tmp_path / "report.docx"
    started.value.save_as(path)
    said = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
        headers = "".join(parts.read(n).decode() for n in parts.namelist() if "header" in n)
    assert "The requirement that applies is stated in" in said
    assert "The shift supervisor and the quality unit were told." in said
    assert f"read {MEASURED} (declared) on the gauge" in said
    assert "The event concerns batch 763" in said
    assert {"Declared by a person, not in the records: dew point of the inlet air"} <= cells_of(path)
    assert "NOT SIGNED" not in said + headers
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "report.pdf").stat().st_size > 10_000


def cells_of(path: Path) -> set[str]:
    return {cell.text for table in docx.Document(str(path)).tables for row in table.rows for cell in row.cells}


def the_auditor_verifies_and_exports(auditor: Person, tmp_path: Path) -> None:
    copied = take_the_verified_trail(auditor, tmp_path)
    assert copied.count("signature.applied") == 62  # twenty sections by three people, two again


SECTION = "8 Rejected and failed batches"


def at_section(browser: Browser, address: str) -> Person:
    person = signed_in(browser, address, "demo.writer")
    person.open_report("APR-2021-017")
    person.open_section(SECTION)
    return person


def sign_with(person: Person, passphrase: str) -> None:
    person.page.get_by_label("User id").fill(person.user)
    person.page.get_by_label("Signing passphrase").fill(passphrase)
    person.press(person.page.get_by_role("button", name="Sign", exact=True))


def typed_on_a_stale_page(there: Person) -> str:
    """Have an edit refused because the section changed meanwhile; return the text, which is still there."""
    begun = there.edit(2)  # the other window still shows the section as it was
    as_drafted = begun.input_value()
    mine = f"{as_drafted.removesuffix('.')}, as recorded."
    assert mine != as_drafted
    there.type(begun, mine)
    give_reason(there, "Clearer wording, same meaning", "")
    there.press(there.button("Save").first)
    there.sees("changed since it was shown")
    assert begun.input_value() == mine  # nothing typed is lost
    there.picture("stale")
    there.page.reload()  # nor by a reload, which keeps the sign-in too
    there.sees("Signed in as")
    there.settle()
    there.press(there.page.get_by_role("button", name="Sentence 2", exact=True))
    assert there.page.get_by_label("Text", exact=True).input_value() == mine  # without a press on Edit
    there.press(there.button("Cancel").first)
    return mine


def test_nothing_is_signed_that_is_undecided_unresolved_or_stale(browser: Browser, address: str) -> None:
    here, there = at_section(browser, address), at_section(browser, address)
    signing = here.page.get_by_label("Signing passphrase")
    assert signing.count() == 0  # undecided: there is no form
    here.sees("Sentence 1 is not decided.")

    text = here.edit(1)
    as_drafted = text.input_value()
    here.type(text, re.sub(r"\d+", lambda m: m[0] + "9", as_drafted, count=1))
    here.sees("stands where the evidence says")
    give_reason(here, "Added context or judgement", "A slip of the finger.")
    here.press(here.button("Save").first)
    here.sees("blocked")
    here.sees("Blocking:")
    assert here.keyed("yes-").first.is_disabled()
    assert signing.count() == 0
    here.picture("unresolved")

    mine = typed_on_a_stale_page(there)

    here.press(here.keyed("undo-").first)
    here.sees("Decision undone")
    work_off(here)
    signing.wait_for()
    there.page.reload()
    there.sees("Signed in as")
    there.settle()
    begun = there.edit(2)
    there.type(begun, mine)
    give_reason(there, "Clearer wording, same meaning", "")
    there.press(there.button("Save").first)
    there.sees("edited")
    sign_with(here, "demo passphrase 1")  # complete when shown, changed since
    here.sees("changed since it was shown")
    here.press(here.button("Show the current text"))
    sign_with(here, "not my passphrase")
    here.sees("User id or passphrase is wrong")
    sign_with(here, "demo passphrase 1")
    here.sees("authorship")
    assert signing.count() == 0
