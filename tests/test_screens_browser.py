"""What one person does on the screens of a demo home, in a real Chromium."""

import re
from pathlib import Path

import pytest
from journey import WAIT, signed_in
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_writer_decides_with_the_evidence_beside_the_sentence(browser: Browser, address: str) -> None:
    writer = signed_in(browser, address, "demo.writer")
    writer.open_report("APR-2021-017")
    writer.open_section("6 Finished product quality")
    counted = writer.page.get_by_text(re.compile(r"0 of \d+ decided")).first
    counted.wait_for()
    total = re.findall(r"0 of (\d+) decided", counted.inner_text())[0]
    writer.press(writer.keyed("cite-").first)  # opening a source is a deliberate act
    writer.sees("evidence opened")
    writer.press(writer.keyed("yes-").first)
    writer.sees(f"1 of {total} decided")
    writer.page.reload()
    writer.sees("Signed in as")  # the sign-in outlives a reload
    writer.sees(f"1 of {total} decided")
    writer.picture("section")
    assert writer.elsewhere == []


def test_a_wrong_word_is_told_with_its_cell_before_it_is_saved(browser: Browser, address: str) -> None:
    writer = signed_in(browser, address, "demo.writer")
    writer.open_report("APR-2021-017")
    writer.open_section("8 Rejected and failed batches")
    text = writer.edit(4)
    right = text.input_value()
    writer.type(text, right.replace("rejected", "released"))
    shown = writer.page.locator("[class*='st-key-unsaved_']").inner_text()
    assert "'released' is said of 789, which its record contradicts: disposition 'rejected'." in shown
    assert "batch_disposition.csv row 790, disposition: rejected" in shown
    writer.press(writer.keyed("said-unsaved-").first)
    writer.page.locator("[class*='st-key-evidence_column'] td").filter(has_text=re.compile("^rejected$")).first.wait_for()
    writer.picture("contradicted-word")
    writer.type(text, "One more was lost.")
    writer.sees("789 is not mentioned")  # of the section as a whole
    writer.type(text, right.replace(" on ", ", on "))
    writer.sees("Every check ran on this text and found nothing.")
    writer.press(writer.button("Cancel").first)
    assert writer.page.get_by_text("0 of 6 decided").count()


def test_the_word_report_is_downloaded_and_says_that_it_is_not_signed(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    writer = signed_in(browser, address, "demo.writer")
    writer.open_report("APR-2021-017")
    writer.press(writer.button("Prepare Word report"))
    with writer.page.expect_download() as started:
        writer.button("Download").click()
    assert "not-signed" in started.value.suggested_filename
    started.value.save_as(tmp_path / "report.docx")
    assert (tmp_path / "report.docx").read_bytes()[:2] == b"PK"


def test_an_auditor_reads_and_has_nothing_to_decide(browser: Browser, address: str) -> None:
    auditor = signed_in(browser, address, "demo.auditor")
    auditor.open_report("APR-2021-017")
    auditor.open_section("6 Finished product quality")
    auditor.sees("read only")
    assert auditor.keyed("yes-").count() == 0


def test_signing_out_takes_the_cookie_and_leads_to_the_sign_in_page(browser: Browser, address: str) -> None:
    auditor = signed_in(browser, address, "demo.auditor")
    auditor.button("Sign out").click()
    auditor.page.wait_for_url("**/signin", timeout=WAIT)
    assert auditor.page.locator("input[name=password]").count() == 1
    assert "verascribe_session" not in {cookie["name"] for cookie in auditor.page.context.cookies()}


def test_a_wrong_password_opens_nothing(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/signin")
    page.locator("input[name=user_id]").fill("demo.writer")
    page.locator("input[name=password]").fill("wrong passphrase")
    page.keyboard.press("Enter")
    page.get_by_text("User id or password is wrong").wait_for(timeout=WAIT)
    page.goto(address)
    page.wait_for_url("**/signin*", timeout=WAIT)
    page.close()
