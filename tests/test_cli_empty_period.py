"""A review of a product whose period has no batches is drafted on the command line; a product that no record names is refused."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import journey


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "drafting", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=journey.clean_environment(), check=False)


def test_a_period_without_batches_is_drafted_and_checked(filled_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    made = run(home, "draft", "apr", "--product", "17", "--from", "2031-01-01", "--to", "2031-12-31", "--json")
    assert made.returncode == 0, made.stderr
    number = json.loads(made.stdout)["number"]
    facts = {f["id"]: f["value"] for f in json.loads(run(home, "facts", number, "--json").stdout)["facts"]}
    assert (facts["census.made"], facts["deviation.count"], facts["stability_result.count"]) == ("0", "0", "0")
    assert facts["commitment.overdue"] == "3"  # what is due goes on without batches
    checked = json.loads(run(home, "check", number, "--json").stdout)
    assert not [f for f in checked["findings"] if f["severity"] == "blocks"]
    unknown = run(home, "draft", "apr", "--product", "99", "--from", "2031-01-01", "--to", "2031-12-31")
    assert unknown.returncode != 0
    assert "No batch of product 99 is in the store" in unknown.stderr
