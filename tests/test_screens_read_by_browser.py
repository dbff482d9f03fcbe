"""Two profiles of one header in a real Chromium: the file is refused with both names, and read by the one that a person names."""

from pathlib import Path

import pytest
from journey import Person, signed_in
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
NORTH, SOUTH = "assays_north", "assays_south"


@pytest.fixture
def assays(tmp_path: Path) -> Path:
    path = tmp_path / "assays of June.csv"
    path.write_text("lot,assay (%),made on\nKX-5811,99.1 %,2024-06-02\nKX-5812,98.7,2024-06-05\n", encoding="utf-8")
    return path


def test_a_file_that_two_profiles_know_is_read_by_the_one_a_person_names(
    browser: Browser, address: str, assays: Path
) -> None:
    writer = signed_in(browser, address, "demo.writer")
    sample = assays.with_name("assays of May.csv")
    sample.write_text("lot,assay (%),made on\nKX-4711,99.1,2024-05-02\nKX-4712,98.7,2024-05-05\n", encoding="utf-8")
    confirm(writer, sample, name=NORTH)
    confirm(writer, sample, name=SOUTH)
    bring_in(writer, assays)
    writer.sees("0 imported")
    refused_by_both(writer)
    by_name = writer.button("Import it by this profile")
    expect(by_name).to_be_disabled()  # nothing is chosen for the person
    writer.picture("read-by-refused")
    writer.choose(writer.page.get_by_role("combobox", name="Read it by"), SOUTH)
    writer.picture("read-by-chosen")
    writer.press(by_name)
    writer.sees("1 imported, 0 unchanged")
    read_by = writer.page.locator("[role=gridcell]", has_text=f"{SOUTH}/1")  # drawn, not written on the page
    expect(read_by.first).to_be_attached()
    writer.sees("column 'assay (%)': with a per cent sign 1 (row 2), without 1 (row 3)")
    expect(writer.page.get_by_role("combobox", name="Read it by")).to_have_count(0)  # no refused file is left
    writer.picture("read-by-imported")
    bring_in(writer, assays)
    refused_by_both(writer)  # naming it once settles nothing for later files
    assert writer.elsewhere == []


def refused_by_both(writer: Person) -> None:
    told = writer.page.locator("[data-testid=stCaptionContainer]", has_text="2 import profiles read this header")
    expect(told.first).to_contain_text(f"{NORTH}, {SOUTH}. Name the profile to read it by")


def confirm(writer: Person, path: Path, *, name: str) -> None:
    """Confirm what is proposed for a file under a name of its own."""
    writer.press(writer.page.get_by_role("link", name="Profiles"))
    writer.page.locator("input[type=file]").set_input_files(path)
    writer.press(writer.button("Propose"))
    writer.type(writer.page.get_by_label("Name of the profile"), name)
    writer.press(writer.button("Try on the file"))
    writer.sees("imported 6")
    writer.page.get_by_label("Reason").fill("Extract of a second laboratory.")
    writer.press(writer.button("Confirm the profile"))
    writer.sees(f"{name} version 1 is in force")


def bring_in(writer: Person, path: Path) -> None:
    writer.press(writer.page.get_by_role("link", name="Import"))
    writer.page.locator("input[type=file]").set_input_files(path)
    writer.sees("1 file(s)")
    writer.press(writer.page.get_by_role("button", name="Import", exact=True))
    writer.settle()
