"""A review of a product whose period has no batches is drafted on the command line; a product that no record names is refused."""

import json
import shutil
from pathlib import Path

from command import done


def test_a_period_without_batches_is_drafted_and_checked(filled_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    made = done(home, "draft", "apr", "--product", "17", "--from", "2031-01-01", "--to", "2031-12-31", "--json")
    assert made.returncode == 0, made.stderr
    number = json.loads(made.stdout)["number"]
    facts = {f["id"]: f["value"] for f in json.loads(done(home, "facts", number, "--json").stdout)["facts"]}
    assert (facts["census.made"], facts["deviation.count"], facts["stability_result.count"]) == ("0", "0", "0")
    assert facts["commitment.overdue"] == "3"  # what is due goes on without batches
    checked = json.loads(done(home, "check", number, "--json").stdout)
    assert not [f for f in checked["findings"] if f["severity"] == "blocks"]
    unknown = done(home, "draft", "apr", "--product", "99", "--from", "2031-01-01", "--to", "2031-12-31")
    assert unknown.returncode != 0
    assert "No batch of product 99 is in the store" in unknown.stderr
