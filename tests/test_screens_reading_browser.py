"""An auditor in a real Chromium: from a search to the source row, from the trail to a copy that verifies, a chart of any attribute."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from journey import Person, signed_in
from playwright.sync_api import Browser

from audit.verify import State, verify_lines

pytestmark = pytest.mark.browser
SECONDS = 10  # for a chart, on a machine that does other work meanwhile


@pytest.fixture(scope="module")
def auditor(browser: Browser, address: str) -> Iterator[Person]:
    person = signed_in(browser, address, "demo.auditor")
    yield person
    assert person.elsewhere == []  # nothing was fetched from anywhere else
    person.page.close()


def go(person: Person, name: str) -> None:
    person.press(person.page.get_by_role("link", name=name, exact=True))
    person.page.get_by_role("heading", name=name).wait_for()


def test_a_result_of_a_search_opens_the_row_it_stands_in_and_the_address_outlives_a_reload(auditor: Person) -> None:
    go(auditor, "Search")
    auditor.type(auditor.page.get_by_label("Words, a batch number or a record number"), "OOS-2020-017")
    auditor.sees("OOS-2020-017")
    auditor.press(auditor.button("Open in source").first)
    auditor.sees("oos.csv")
    auditor.sees("cell by cell")
    assert "document=" in auditor.page.url
    assert "row=" in auditor.page.url
    auditor.page.reload()
    auditor.sees("cell by cell")
    auditor.picture("source-row")


def test_a_narrative_opens_at_the_passage_found(auditor: Person) -> None:
    go(auditor, "Search")
    auditor.type(
        auditor.page.get_by_label("Words, a batch number or a record number"), "operator emptied the tray interview"
    )
    auditor.choose(auditor.page.get_by_role("combobox", name="Kind"), "Investigation files")
    auditor.press(auditor.button("Open in source").first)
    auditor.sees("The passage that you came for begins at")


def test_the_copy_of_the_trail_that_is_downloaded_verifies(auditor: Person, tmp_path: Path) -> None:
    go(auditor, "Trail")
    auditor.press(auditor.button("Verify the trail"))
    auditor.sees("Integrity: intact")
    auditor.press(auditor.button("Copy the whole trail"))
    with auditor.page.expect_download() as started:
        auditor.button("Download trail.jsonl").click()
    path = tmp_path / "trail.jsonl"
    started.value.save_as(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    assert verify_lines(lines).integrity is State.INTACT
    assert '"action":"trail.exported"' in lines[-3]
    assert '"user_id":"demo.auditor"' in lines[-3]
    assert auditor.page.locator(".st-key-trail_table [data-testid=stElementToolbar]:visible").count() == 0


def test_a_chart_of_any_attribute_is_drawn_with_its_signals(auditor: Person) -> None:
    go(auditor, "Control charts")
    auditor.page.locator("[data-testid=stVegaLiteChart] :is(svg, canvas)").first.wait_for()
    started = time.monotonic()
    auditor.page.get_by_label("Attribute").click()
    auditor.page.keyboard.type("tbl_av_hardness")
    auditor.key("Enter")
    auditor.sees("The source contradicts itself on this attribute")
    auditor.page.locator("[data-testid=stVegaLiteChart] :is(svg, canvas)").first.wait_for()
    assert time.monotonic() - started < SECONDS
    auditor.picture("control-chart")
