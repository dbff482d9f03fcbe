"""Bringing in a folder of mixed files in a real Chromium: a profile corrected, refusals seen, the cell opened, the records found again."""

from pathlib import Path

import openpyxl
import pytest
from journey import Person, signed_in
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
DAMAGED = "1.412.698.315"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a site has it: a table that no profile knows, one with damaged cells, a workbook, a note, and a file of no use."""
    made = tmp_path / "from the site"
    (made / "deeper").mkdir(parents=True)
    lines = (SAMPLES / "zagar" / "Laboratory.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = [line.split(";") for line in lines[:21]]
    rows[4][20], rows[9][30] = DAMAGED, "not done"
    (made / "Laboratory of May.csv").write_text("\n".join(";".join(r) for r in rows) + "\n", encoding="utf-8")
    (made / "assays.csv").write_text(
        "lot,assay (%),made on\nKX-4711,99.1,2024-01-02\nKX-4712,98.7,2024-01-05\n", encoding="utf-8"
    )
    (made / "deeper" / "note.md").write_text(
        "# Observation at the blender\n\nThe operator heard an unusual rattling of the blender during lot KX-4711.\n", encoding="utf-8"
    )  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sizes"
    for line in (SAMPLES / "zagar" / "Normalization.csv").read_text(encoding="utf-8-sig").splitlines()[:4]:
        sheet.append(line.split(";"))
    book.save(made / "sizes.xlsx")
    (made / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    return made


def test_a_folder_of_mixed_files_is_brought_in_and_found_again(browser: Browser, address: str, folder: Path) -> None:
    writer = signed_in(browser, address, "demo.writer")
    drop(writer, folder)
    writer.sees("refused 2")
    writer.picture("import")
    the_refused_cell_stands_in_its_row(writer)
    a_profile_is_corrected_and_confirmed(writer, folder)
    writer.press(writer.page.get_by_role("link", name="Search"))
    writer.type(writer.page.get_by_label("Words, a batch number"), "KX-4712")
    writer.sees("KX-4712")
    writer.type(writer.page.get_by_label("Words, a batch number"), "strange noise rattled in the blending machine")
    writer.sees("unusual rattling")
    writer.picture("search-by-meaning")


def drop(writer: Person, folder: Path) -> None:
    writer.press(writer.page.get_by_role("link", name="Import"))
    writer.press(writer.page.get_by_role("radio", name="A folder"))
    writer.page.locator("input[type=file]").set_input_files(folder)
    writer.sees("5 file(s)")
    writer.press(writer.page.get_by_role("button", name="Import", exact=True))
    writer.sees("imported")


def the_refused_cell_stands_in_its_row(writer: Person) -> None:
    box = writer.page.locator("[data-testid=stDataFrame]").last.bounding_box()
    assert box is not None
    writer.page.mouse.click(box["x"] + 17, box["y"] + 52)  # the first refusal
    writer.settle()
    writer.press(writer.button("Open the cell in its row"))
    writer.sees("Laboratory of May.csv")
    writer.picture("refused-cell")
    writer.sees("grouped digits")


def a_profile_is_corrected_and_confirmed(writer: Person, folder: Path) -> None:
    writer.press(writer.page.get_by_role("link", name="Import"))
    writer.choose(writer.page.get_by_role("combobox", name="A file that was refused as a whole"), "from the site/assays.csv")
    writer.press(writer.button("Propose a profile for it"))
    writer.sees("Identifies a row")
    writer.type(writer.page.get_by_label("Title"), "Assays of the contract laboratory")
    writer.press(writer.button("Try on the file"))
    writer.sees("imported 6")
    writer.page.get_by_label("Reason").fill("First extract of this laboratory.")
    writer.press(writer.button("Confirm the profile"))
    writer.press(writer.page.get_by_role("link", name="Import"))
    writer.press(writer.page.get_by_role("radio", name="Files"))
    writer.page.locator("input[type=file]").set_input_files(folder / "assays.csv")
    writer.sees("1 file(s)")
    writer.press(writer.page.get_by_role("button", name="Import", exact=True))
    writer.sees("Nothing was refused")
