"""Files that mutations found, each refused by name before anything is allocated for it; and the run that finds them."""

import io
import json
import os
import signal
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from evidence.sound import SOUND
from office_files import raw_xlsx, xls, zipped

from audit.errors import Invalid
from corpus.readers import spreadsheet

ROOT = Path(__file__).parents[1]
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def without_relation(data: bytes) -> bytes:
    """Return a workbook whose sheet no relation names as ours are read: calamine finds it all the same."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = (
        parts["xl/workbook.xml"].replace(b"<sheets>", b"<workbook>").replace(b"</sheets>", b"</workbook>")
    )
    return zipped(parts)


def placed(text: str) -> bytes:
    return raw_xlsx(f"<sheetData>{ONE}{text}</sheetData>")


FOUND = {
    "a cell below what its row says": (placed('<row r="2"><c r="A1048576"><v>1</v></c><c r="ZZ2"><v>1</v></c></row>'), "span 1048576 rows"),
    "a cell at no row that exists": (placed('<row r="9"><c r="B2147483648"><v>1</v></c></row>'), "more than 20000000 cells"),
    "a cell in small letters": (placed('<row r="2"><c r="zz1048576"><v>1</v></c></row>'), "more than 20000000 cells"),
    "a cell in no row": (placed('<sheetData r="99999999999"><c r="A99999999999"><v>1</v></c></sheetData>'), "more than 20000000 cells"),
    "a sheet in no list": (without_relation(placed('<row r="1048576"><c r="ZZ1048576"><v>1</v></c></row>')), "more than 20000000 cells"),
    "only a cell": (zipped({**dict.fromkeys(["[Content_Types].xml"], "<a/>"), "xl/workbook.xml": "<workbook/>", "xl/_rels/workbook.xml.rels": "<!--a--><Relationships><!--b--></Relationships>", "xl/sheetData.xml": "<c>sheetData</c>"}), "no sheet|workbook|not a readable"),
}  # fmt: skip


@pytest.mark.parametrize("case", FOUND)
def test_a_workbook_whose_cells_lie_is_refused_before_room_is_made_for_them(case: str) -> None:
    data, reason = FOUND[case]
    with pytest.raises(Invalid, match=reason):
        spreadsheet.read(data, file="odd.xlsx")


def old(kind: int, body: bytes, value: bytes) -> bytes:
    """Return an old workbook in which the first record of a kind begins otherwise."""
    sound = xls({"A": [["x", 1.5]], "B": [["y" * 5000]]})
    at = sound.index(struct.pack("<H", kind) + body) + 4
    return sound[:at] + value + sound[at + len(value) :]


DIMENSIONS = struct.pack("<H", 14) + struct.pack("<II", 0, 1)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (struct.pack("<IIHH", 9, 1, 0, 2), "ends before it begins"),
        (struct.pack("<IIHH", 0, 0xFFFFFFFF, 0, 2), "more than 20000000 cells"),
        (struct.pack("<IIHH", 0, 2, 0, 0xFFFF), "more than 2000 columns"),
    ],
)
def test_an_old_workbook_whose_size_is_a_lie_is_refused(value: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        spreadsheet.read(old(0x200, DIMENSIONS, value), file="odd.xls")


def test_an_old_cell_far_to_the_right_is_refused() -> None:
    with pytest.raises(Invalid, match="more than 2000 columns"):
        spreadsheet.read(old(0xFD, struct.pack("<HHH", 10, 0, 0), struct.pack("<HH", 0, 0xFF00)), file="odd.xls")


def command(*more: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks", "--only", "mutations", *more]


def test_mutated_files_all_end_with_a_named_outcome(tmp_path: Path) -> None:
    done = subprocess.run(
        command("--mutations", "500", "--keep", str(tmp_path)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    told = json.loads(done.stdout)["rows"][0]
    assert (told["mutations"], told["faults"], told["ratio"]) == (500, {}, 1.0)
    assert set(SOUND) | {"b2mml.xml"} == set(told["outcomes"])
    assert sum(n for counts in told["outcomes"].values() for n in counts.values()) == 500


def test_a_run_that_is_stopped_prints_what_it_has(tmp_path: Path) -> None:
    running = subprocess.Popen(
        command("--mutations", "1000000", "--keep", str(tmp_path)), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 200
    while not (tmp_path / "so-far.json").exists() and time.monotonic() < until and running.poll() is None:
        time.sleep(0.2)
    running.send_signal(signal.SIGTERM)
    printed, _ = running.communicate(timeout=60)
    assert 0 < json.loads(printed)["rows"][0]["mutations"] < 1_000_000


CHILD = """
import json, os, sys, time
from pathlib import Path
from benchmarks import mutations
from benchmarks.mutating import Mutations

def outcome_of(folder, name, data):
    number = int(name[1:].partition("-")[0])
    if number == 3:
        os.abort()
    if number == 5:
        time.sleep(60)
    return (mutations.FAULT, "LookupError in odd.py:1 (read)") if number == 7 else (mutations.READ, "")

found = mutations.Found()
mutations.run(Mutations({".txt": [b"a text"]}), count=10, keep=Path(sys.argv[1]), found=found, read=outcome_of, limit=1.0)
print(json.dumps([found.total, found.faults]))
"""


def test_a_reader_that_crashes_hangs_or_fails_is_counted_its_file_kept_and_the_run_goes_on(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    total, faults = json.loads(done.stdout)
    assert total == 10
    assert faults == {
        ".txt: crashed (status -6)": ["m3-.txt"],
        ".txt: took longer than 1 s": ["m5-.txt"],
        ".txt: LookupError in odd.py:1 (read)": ["m7-.txt"],
    }
    assert {p.name for p in tmp_path.iterdir()} == {"m3-.txt", "m5-.txt", "m7-.txt", "so-far.json"}
