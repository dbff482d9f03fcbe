"""A new colleague's first day in a real Chromium: account, first password, own password, signing key attested by the administrator."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from journey import PASSWORD as DEMO
from journey import WAIT
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PASSWORD, PASSPHRASE = "seven grey geese fly", "quiet rivers bend slowly"


def sign_in(browser: Browser, address: str, user: str, password: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(WAIT)
    page.goto(f"{address}/signin")
    page.locator("input[name=user_id]").fill(user)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    return page


def picture(page: Page, name: str, tmp_path: Path) -> None:
    page.screenshot(path=str(Path(os.environ.get("VERASCRIBE_PICTURES", tmp_path)) / f"{name}.png"))


def test_a_colleague_joins_and_may_sign(browser: Browser, address: str, tmp_path: Path) -> None:
    admin = sign_in(browser, address, "demo.admin", DEMO)
    admin.get_by_role("link", name="Administration").click()
    first = create(admin)
    colleague = sign_in(browser, address, "ann.writer", first)
    choose_password(colleague, address, first)
    shown = ask_for_a_key(colleague, tmp_path)
    attest(admin, shown, tmp_path)
    colleague.reload()
    colleague.get_by_text("Attested by").wait_for()
    assert colleague.get_by_text("waits for attestation").count() == 0
    colleague.context.close()
    admin.context.close()


def create(admin: Page) -> str:
    admin.get_by_role("button", name="New account").click()
    admin.get_by_label("User id").last.fill("ann.writer")
    admin.get_by_label("Printed name").fill("Ann Writer")
    admin.get_by_label("Roles").last.click()
    admin.get_by_role("option", name="writer").click()
    admin.keyboard.press("Escape")
    admin.get_by_role("button", name="Create account").click()
    first = admin.locator("code").first.inner_text()
    admin.get_by_role("button", name="Put away").click()
    admin.locator("code").first.wait_for(state="detached")
    return first


def choose_password(colleague: Page, address: str, first: str) -> None:
    colleague.wait_for_url("**/password")
    colleague.goto(f"{address}/trail")  # no screen opens before the change
    colleague.wait_for_url("**/password")
    for name, value in (("current", first), ("new", PASSWORD), ("again", PASSWORD)):
        colleague.locator(f"input[name={name}]").fill(value)
    colleague.get_by_role("button", name="Change password").click()
    colleague.get_by_text("Signed in as").wait_for()


def ask_for_a_key(colleague: Page, tmp_path: Path) -> str:
    colleague.get_by_role("link", name="My account").click()
    colleague.get_by_label("Signing passphrase", exact=True).fill(PASSPHRASE)
    colleague.get_by_label("Signing passphrase again").fill(PASSPHRASE)
    colleague.get_by_role("button", name="Ask for the key").click()
    colleague.get_by_text("waits for attestation").wait_for()
    picture(colleague, "account", tmp_path)
    return colleague.locator("dt:has-text('Fingerprint') + dd").inner_text()


def attest(admin: Page, shown: str, tmp_path: Path) -> None:
    admin.reload()
    admin.get_by_text("asks for a signing key").wait_for()
    assert admin.locator("dt:has-text('Fingerprint') + dd").inner_text() == shown
    admin.get_by_role("textbox", name="How", exact=True).first.fill("passport seen")
    admin.locator("[data-testid=stDateInput] [role=spinbutton]").first.click()
    admin.keyboard.type(datetime.now(UTC).strftime("%Y%m%d"))
    admin.keyboard.press("Tab")
    admin.get_by_role("button", name="Record").first.click()
    admin.get_by_label("Your user id").fill("demo.admin")
    admin.get_by_label("Your signing passphrase").fill(DEMO)
    picture(admin, "administration", tmp_path)
    admin.get_by_role("button", name="Attest the key").click()
    admin.get_by_text("asks for a signing key").wait_for(state="detached")
