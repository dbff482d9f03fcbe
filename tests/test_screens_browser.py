"""A writer's journey in a real Chromium: sign in, decide with the evidence beside the sentence, keep the sign-in, take the Word file away."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "demo passphrase 1"
WAIT = 30_000  # milliseconds


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and there is no Chromium")
        pytest.skip("no Chromium: `apt-get install chromium`")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("screens")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("VERASCRIBE_")}
    log = (home / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "drafting", "--home", str(home), "demo", "--port", str(port)], env=clean, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"{url}/signin", timeout=2) as answer:
                    if answer.status == 200:
                        break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail((home / "log").read_text()[-2000:])
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)
        log.close()


def signed_in(browser: Browser, address: str, user: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(WAIT)
    page.goto(f"{address}/signin")
    page.locator("input[name=user_id]").fill(user)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Signed in as").wait_for()
    return page


def test_a_writer_decides_with_the_evidence_beside_the_sentence(browser: Browser, address: str, tmp_path: Path) -> None:
    elsewhere: list[str] = []
    page = signed_in(browser, address, "demo.writer")
    page.on(
        "request",
        lambda r: elsewhere.append(r.url) if not r.url.startswith((address, "data:", "blob:", "ws://127.0.0.1")) else None,
    )
    page.get_by_role("button", name="APR-2021-017 6 Finished product quality").click()
    page.get_by_text("0 of 18 decided").first.wait_for()
    page.locator("[class*='st-key-cite-'] button").first.click()  # opening a source is a deliberate act
    page.get_by_text("sha256:").first.wait_for()
    page.locator("[class*='st-key-yes-'] button").first.click()
    page.get_by_text("1 of 18 decided").first.wait_for()
    page.reload()
    page.get_by_text("Signed in as").wait_for()  # the sign-in outlives a reload
    page.get_by_text("1 of 18 decided").first.wait_for()
    page.screenshot(path=str(Path(os.environ.get("VERASCRIBE_PICTURES", tmp_path)) / "section.png"))
    assert elsewhere == []
    page.close()


def test_the_word_report_is_downloaded_and_says_that_it_is_not_signed(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    page = signed_in(browser, address, "demo.writer")
    page.get_by_role("button", name="Open report").first.click()
    page.get_by_role("button", name="Prepare Word report").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    assert "not-signed" in started.value.suggested_filename
    started.value.save_as(tmp_path / "report.docx")
    assert (tmp_path / "report.docx").read_bytes()[:2] == b"PK"
    page.close()


def test_an_auditor_reads_and_has_nothing_to_decide(browser: Browser, address: str) -> None:
    page = signed_in(browser, address, "demo.auditor")
    page.get_by_role("button", name="Open report").nth(1).click()
    page.get_by_role("button", name="6 Finished product quality").click()
    page.get_by_text("of 18 decided").first.wait_for()
    assert page.locator("[class*='st-key-yes-']").count() == 0
    page.close()


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
