"""A record that arrives late, from the command line: the check says what is stale, `redraft` drafts that again."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from command import run

SAMPLES = Path(str(files("corpus") / "samples"))
LATE = "OOS-2021-099;1001;17;fct_rsd_weight;1.88;%;not more than 1.75 %;SP-20M-04;2021-04-29;II;;no;open;DEV-2021-009;;synthetic"


@pytest.fixture(scope="module")
def home(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(filled_home, folder)
    late = folder / "oos-late.csv"
    header = (SAMPLES / "synthetic" / "oos.csv").read_text(encoding="utf-8").splitlines()[0]
    late.write_text(f"{header}\n{LATE}\n", encoding="utf-8")
    assert run(folder, "ingest", str(late), "--json")["records"] == {"oos": 1}
    return folder


def stale(home: Path) -> set[str]:
    found = run(home, "check", "APR-2021-017", "--json", status=1)
    return {f["section"] for f in found["findings"] if f["rule"] == "stale"}


def test_the_stale_sections_are_drafted_again(home: Path) -> None:
    assert stale(home) == {"header", "scope_and_method", "executive_summary", "oos_oot"}
    assert (
        "writer" in run(home, "redraft", "APR-2021-017", "--json", status=2).lower()
    )  # the service account decides nothing
    one = run(home, "redraft", "APR-2021-017", "--section", "oos_oot", "--json", user="demo.writer")
    (section,) = one["sections"]
    assert set(section) >= {"id", "key", "changed", "kept", "withdrawn", "added"}
    assert (section["key"], section["withdrawn"], section["added"]) == ("oos_oot", 0, 1)
    assert section["changed"] > 0
    assert section["kept"] > section["changed"]
    rest = run(home, "redraft", "APR-2021-017", "--json", user="demo.writer")
    assert [s["key"] for s in rest["sections"]] == ["header", "executive_summary", "scope_and_method"]
    assert run(home, "redraft", "APR-2021-017", "--json", user="demo.writer")["sections"] == []
    assert "did not change" in run(home, "redraft", "APR-2021-017", "--section", "oos_oot", user="demo.writer", status=2)
    checked = run(home, "check", "APR-2021-017", "--json")
    assert not [f for f in checked["findings"] if f["severity"] == "blocks"]
    assert checked["numbers"]["found"] == checked["numbers"]["resolved"]
