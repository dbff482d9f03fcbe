"""People who work on the screens in a real Chromium: every click is counted, every page waited for as a person waits for it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

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
WAIT = 60_000  # milliseconds
TRIES = 20
STEPS = 400  # of one person on one section, at the most


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; skip where there is none, unless it is required."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and there is no Chromium")
        pytest.skip("no Chromium: `apt-get install chromium`")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


def clean_environment() -> dict[str, str]:
    """Return the environment without any setting of a home."""
    return {k: v for k, v in os.environ.items() if not k.startswith("VERASCRIBE_")}


@contextmanager
def demo_server(home: Path) -> Iterator[str]:
    """Serve a demo home on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (home / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "drafting", "--home", str(home), "demo", "--port", str(port)], env=clean_environment(), stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
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


class Line:
    """What passes between a page and its server: a page that asked shows nothing of it until the server answers."""

    def __init__(self, page: Page) -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        self._asks, self._answers = BackMsg, ForwardMsg
        self._ended = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}
        self.waits_for = ""  # what the page waits for: that the run it asked for begins, that it ends, or nothing
        page.on("websocket", self._open)

    def _open(self, socket: WebSocket) -> None:
        self.waits_for = ""
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes) and self._asks.FromString(frame).WhichOneof("type") == "rerun_script":
            self.waits_for = "new_session"

    def _received(self, frame: bytes | str) -> None:
        if not isinstance(frame, bytes):
            return
        told = self._answers.FromString(frame)
        if told.WhichOneof("type") != self.waits_for:
            return
        if self.waits_for == "new_session":
            self.waits_for = "script_finished"
        elif told.script_finished in self._ended:  # else it is run again at once
            self.waits_for = ""


@dataclass
class Person:
    """A signed-in person at a page; `clicks` counts what they pressed, typed texts included."""

    page: Page
    address: str
    user: str
    line: Line
    clicks: int = 0
    elsewhere: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # what each section cost

    def settle(self) -> None:
        """Wait until the page shows the outcome of what was pressed: asked for, answered and drawn at three looks in a row."""
        resting = self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
        still, until = 0, time.monotonic() + WAIT / 1000
        while still < 3:
            self.page.wait_for_timeout(40)  # a page under load takes a while to ask
            still = still + 1 if resting.count() and not self.line.waits_for else 0
            assert still or time.monotonic() < until, f"the page still waits ({self.line.waits_for or 'script runs'})"

    def press(self, what: Locator) -> None:
        """Click and wait."""
        what.click()
        self.clicks += 1
        self.settle()

    def key(self, name: str) -> None:
        """Press a key on the page and wait."""
        self.page.keyboard.press(name)
        self.clicks += 1
        self.settle()

    def type(self, where: Locator, text: str) -> None:
        """Type into a field, leave it, and wait."""
        where.fill(text)
        where.press("Tab")
        self.clicks += 1
        self.settle()

    def choose(self, where: Locator, option: str | None = None) -> None:
        """Choose an option of a select box, the first one where none is named."""
        options = self.page.get_by_role("option")
        wanted = (options.filter(has_text=re.compile(f"^{re.escape(option)}$")) if option else options).first
        where.click()
        for _ in range(TRIES):  # a part of the page that unfolds may take the click
            try:
                wanted.wait_for(timeout=1500)
                break
            except PlaywrightTimeout:
                where.press("ArrowDown")
        wanted.click()
        self.clicks += 2
        self.settle()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def keyed(self, key: str) -> Locator:
        """Return the button whose key begins like this."""
        return self.page.locator(f"[class*='st-key-{key}'] button")

    def edit(self, number: int) -> Locator:
        """Choose a sentence, begin to edit it, and return the text being typed."""
        self.press(self.page.get_by_role("button", name=f"Sentence {number}", exact=True))
        self.press(self.page.locator("[class*='st-key-card_chosen_'] [class*='st-key-edit-'] button"))
        return self.page.get_by_label("Text", exact=True)

    def tab(self, name: str) -> None:
        self.press(self.page.get_by_role("tab", name=name, exact=True))

    def sees(self, text: str) -> None:
        """Wait until a text stands on the page."""
        self.page.get_by_text(text).filter(visible=True).first.wait_for()

    def open_report(self, number: str) -> None:
        self.page.goto(self.address)
        self.page.get_by_text("Signed in as").wait_for()
        self.settle()
        self.press(self.button(f"Open {number}"))

    def open_section(self, title: str) -> None:
        labels = self.page.locator("[class*='st-key-section_list'] label")
        listed = labels.filter(has_text=re.compile(f"{re.escape(title)}$"))
        self.press(listed.or_(self.page.get_by_role("button", name=title, exact=True)).first)
        self.page.get_by_role("heading", name=title).wait_for()

    def picture(self, name: str) -> None:
        """Keep a picture where VERASCRIBE_PICTURES names a folder."""
        folder = os.environ.get("VERASCRIBE_PICTURES")
        if folder:
            self.page.wait_for_timeout(700)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def fill_fields(self, texts: dict[str, str] | None = None) -> None:
        """Fill every human-only field: the first answer of a list, or words of one's own."""
        self.tab("Human-only fields")
        panel = self.page.get_by_role("tabpanel")
        for area in panel.get_by_role("textbox").all():
            if area.is_visible() and not area.input_value():
                self.type(
                    area,
                    (texts or {}).get(
                        area.get_attribute("aria-label") or "", "Assessed by the undersigned; see the records cited."
                    ),
                )
        for box in panel.locator("[data-testid=stSelectbox]").all():
            if not box.get_by_role("combobox").input_value():
                self.choose(box.get_by_role("combobox"))
        self.press(self.button("Save fields"))

    def sign_listed(self, meaning: str) -> None:
        """Sign every complete section of the report in one act."""
        self.tab("Sign sections")
        self.page.get_by_label("User id").fill(self.user)
        self.page.get_by_label("Signing passphrase").fill(PASSWORD)
        self.clicks += 2
        self.press(self.button(f"Sign for {meaning}"))


def signed_in(browser: Browser, address: str, user: str) -> Person:
    """Sign in as a person of the demo."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(WAIT)
    person = Person(page, address, user, Line(page))
    own = (address, "data:", "blob:", address.replace("http", "ws"))
    page.on("request", lambda r: person.elsewhere.append(r.url) if not r.url.startswith(own) else None)
    page.goto(f"{address}/signin")
    page.locator("input[name=user_id]").fill(user)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Signed in as").wait_for()
    person.settle()
    return person


def work_through(person: Person, titles: list[str]) -> None:
    """Work through sections one after the other, and note what each cost."""
    for title in titles:
        clicks, started = person.clicks, time.monotonic()
        person.open_section(title)
        view = person.page.get_by_label("Your view")
        if view.count():
            person.type(view, "From the records alone: a single event, bounded in time.")
            person.press(person.button("Record and show the draft"))
        work_off(person)
        cost = f"{person.clicks - clicks:4} clicks {time.monotonic() - started:6.1f} s"
        person.told.append(f"{person.user:14} {title:34} {cost}")


def work_off(person: Person) -> None:
    """Do what the section's own list of missing things asks for, one after the other, until nothing is missing."""
    for _ in range(STEPS):
        link = person.page.locator("[class*='st-key-missing-'] button").first
        if not link.count():
            return
        asked = link.inner_text().strip()
        if asked.startswith("visibility"):  # the icon's name comes first
            person.press(link)
        elif "is not decided" in asked or "is not confirmed" in asked:
            person.press(link)
            person.key("a")
        elif "Fill in" in asked:
            person.fill_fields()
        elif "Confirm the table" in asked:
            person.press(link)
            person.press(person.keyed("confirm-").first)
        elif "write at least one sentence" in asked:
            person.press(link)
            write_sentence(person, "Nothing beyond the records in the tables was found.")
        else:
            pytest.fail(f"nobody told what to do about: {asked}")
    pytest.fail("the section is never complete")


def write_sentence(person: Person, text: str) -> None:
    """Add a sentence of one's own."""
    person.press(person.keyed("add-").first)
    person.type(person.page.get_by_label("Text", exact=True), text)
    give_reason(person, "Added context or judgement", "Said by the records.")
    person.press(person.button("Save").first)


def give_reason(person: Person, category: str, words: str) -> None:
    """Choose a reason and say it in own words."""
    person.choose(person.page.get_by_role("combobox", name="Reason").last, category)
    where = person.page.get_by_label("In your own words").filter(visible=True).last  # another form may be folded away
    where.fill(words)
    where.press("Tab")
    person.clicks += 1
    person.settle()


def take_the_verified_trail(auditor: Person, folder: Path) -> str:
    """Verify the trail on its screen, take a copy of it away, verify that from the copy alone, and return its text."""
    auditor.press(auditor.page.get_by_role("link", name="Trail"))
    auditor.press(auditor.button("Verify the trail"))
    auditor.sees("Integrity: intact")
    auditor.picture("verified")
    auditor.press(auditor.button("Copy the whole trail (JSONL)"))
    with auditor.page.expect_download() as started:
        auditor.button("Download trail").click()
    path = folder / "trail.jsonl"
    started.value.save_as(path)
    verified = subprocess.run(
        [sys.executable, "-m", "audit", "verify", str(path)], check=False, capture_output=True, text=True
    )
    assert "intact" in verified.stdout, verified  # as on another computer
    return path.read_text(encoding="utf-8")
