"""A clash from its import to its decision in a real Chromium: told, opened at the cell, decided with a reason, listed, the section stale."""

from pathlib import Path

import pytest
from journey import Person, signed_in
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
DEVIATIONS = Path(__file__).parents[1] / "corpus" / "samples" / "synthetic" / "deviation.csv"
NUMBER, REPORT, SECTION = "DEV-2020-010", "APR-2021-017", "9 Deviations"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    header, *lines = DEVIATIONS.read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith(NUMBER)).replace(";minor;", ";critical;")
    path = tmp_path / "register of the site.csv"
    path.write_text(f"{header}\n{line}\n", encoding="utf-8")
    return path


def test_a_clash_is_told_opened_decided_and_makes_its_section_stale(browser: Browser, address: str, other: Path) -> None:
    writer = signed_in(browser, address, "demo.writer")
    bring_in(writer, other)
    writer.sees("say different things of 1 record")
    bring_in(writer, other)  # the same bytes once more settle nothing
    writer.sees("1 unchanged")
    writer.sees("say different things of 1 record")
    writer.picture("clash-import")
    the_section_leads_to_the_clash(writer)
    writer.sees(f"Deviation {NUMBER}")
    writer.picture("clashes")
    writer.press(writer.button("Open the cell").last)
    writer.sees("register of the site.csv")
    writer.sees("reads critical")
    writer.page.go_back()
    writer.sees("1 to decide")
    writer.settle()
    writer.press(writer.button("register of the site.csv counts"))
    writer.sees("Say why this source counts")
    writer.type(writer.page.get_by_label("Why this source counts"), "Reclassified by the quality unit")
    writer.press(writer.button("register of the site.csv counts"))
    writer.sees("Nothing waits for a decision")
    writer.tab("Decided")
    writer.sees("1 decision(s)")
    writer.picture("clashes-decided")
    writer.open_report(REPORT)
    writer.open_section(SECTION)
    writer.sees(f"deviation/{NUMBER} changed")
    assert writer.elsewhere == []


def bring_in(writer: Person, path: Path) -> None:
    writer.press(writer.page.get_by_role("link", name="Import"))
    writer.page.locator("input[type=file]").set_input_files(path)
    writer.sees("1 file(s)")
    writer.press(writer.page.get_by_role("button", name="Import", exact=True))
    writer.settle()


def the_section_leads_to_the_clash(writer: Person) -> None:
    """The draft says that sources differ once it is drafted again, and leads to them."""
    writer.open_report(REPORT)
    writer.open_section(SECTION)
    writer.press(writer.button("Draft this section again"))
    writer.sees("a person decides which counts")
    writer.picture("clash-section")
    writer.press(writer.button("Sources differ: decide which counts"))
