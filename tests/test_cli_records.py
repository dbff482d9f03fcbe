"""`records --json --values`, periods that end before they begin, and wrong usage where JSON is asked for."""

import json
from pathlib import Path
from typing import Any

import pytest
from command import answer, tree

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples" / "zagar"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    lines = (SAMPLES / "Laboratory.csv").read_text(encoding="utf-8-sig").splitlines()[:4]
    cells = lines[2].split(";")
    cells[12] = "12x4"  # one cell of batch 2's row that is no number
    lines[2] = ";".join(cells)
    (folder / "Laboratory.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer(folder / "home", "ingest", str(folder / "Laboratory.csv"), status=1)
    return folder / "home"


def batches(home: Path, *more: str) -> list[dict[str, Any]]:
    return [r for r in tree(home, "records", "--kind", "batch", *more)["records"] if r["kind"] == "batch"]


def test_values_of_a_batch_are_those_of_its_row_with_their_cells(home: Path) -> None:
    header, *rows = [
        line.split(";") for line in (SAMPLES / "Laboratory.csv").read_text(encoding="utf-8-sig").splitlines()[:4]
    ]
    one = batches(home, "--values", "1000")[0]
    document = tree(home, "records", "--kind", "batch")["documents"][0]["id"]
    assert one["values_in_all"] == len(one["values"]) > 30
    for value in one["values"]:
        column = value["locator"].partition("row 2, ")[2]
        assert value["written"] == rows[0][header.index(column)]
        assert value["document"] == document
        assert (value["value"] is None) == (value["state"] != "value")
    assert one["refused"] == []


def test_a_refused_cell_stands_with_its_batch_alone(home: Path) -> None:
    first, second, third = batches(home, "--values", "1000")
    assert [(r["literal"], r["locator"].partition(", ")[0]) for r in second["refused"]] == [("12x4", "row 3")]
    assert first["refused"] == third["refused"] == []
    assert second["values_in_all"] == first["values_in_all"] - 1


def test_values_are_bounded_and_said_only_where_asked_for(home: Path) -> None:
    for one in batches(home, "--values", "5"):
        assert len(one["values"]) == 5 < one["values_in_all"]
    assert all("values" not in one for one in batches(home))
    assert "Give --json too" in answer(home, "records", "--values", "5", status=2)


@pytest.mark.parametrize("command", [("records",), ("search", "mixing")])
def test_a_period_that_ends_before_it_begins_is_told(home: Path, command: tuple[str, ...]) -> None:
    said = answer(home, *command, "--from", "2024-06-01", "--to", "2024-01-01", status=2)
    assert "ends before it begins" in said


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(("search", "x", "-k", "0"), "-k"), (("records", "--nothing"), "--nothing"), (("nothing",), "nothing")],
)
def test_wrong_usage_is_one_object_where_json_is_asked_for(home: Path, arguments: tuple[str, ...], named: str) -> None:
    wrong = json.loads(answer(home, *arguments, "--json", status=2))
    assert named in wrong["error"]
    assert (wrong["status"], bool(wrong["remedy"])) == (2, True)


def test_what_a_command_ends_with_is_the_same_with_json(home: Path) -> None:
    assert json.loads(answer(home, "doctor", "--json"))["checks"]
    assert "Usage" in answer(home, "records", "--json", "--help")
