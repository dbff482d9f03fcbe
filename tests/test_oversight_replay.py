"""`oversight replay`: the measures over decisions made elsewhere, told apart from what the file cannot say; what cannot be read is refused by its place."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import Invalid
from audit.oversight.detector import START, step
from audit.oversight.reliance import Decision, reliance
from audit.oversight.replay import replayed
from drafting.overseeing.elsewhere import decisions_of

HEAD = "reviewer,truth,advice,final,initial"
DECISIONS = st.lists(
    st.builds(Decision, st.sampled_from("ab"), *[st.sampled_from("xyz")] * 3, st.none() | st.sampled_from("xyz")),
    min_size=1,
    max_size=80,
)


def run(*arguments: str, home: Path, status: int = 0) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("VERASCRIBE_")} | {"VERASCRIBE_HOME": str(home / "none")}
    command = [sys.executable, "-m", "drafting", "oversight", "replay", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=kept, check=False)
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert not (home / "none").exists()
    return done.stdout or done.stderr


def file(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "decided.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def test_the_measures_by_hand_and_the_home_stays_closed(tmp_path: Path) -> None:
    """Of 20 own wrong answers with right advice 12 were put right; of 20 own right ones with wrong advice 15 stood."""
    lines = ["ann,yes,yes,yes,no"] * 12 + ["ann,yes,yes,no,no"] * 8 + ["bob,yes,no,yes,yes"] * 15 + ["bob,yes,no,no,yes"] * 5
    tree = json.loads(run(str(file(tmp_path, *lines)), "--json", home=tmp_path))
    pooled = tree["pooled"]
    assert {name: (pooled[name]["value"], pooled[name]["n"]) for name in ("rair", "rsr", "switch_fraction", "agreement")} == {
        "rair": (0.6, 20), "rsr": (0.75, 20), "switch_fraction": (0.425, 40), "agreement": (0.425, 40),
    }  # fmt: skip
    assert (pooled["over_reliance"]["value"], pooled["under_reliance"]["value"]) == (0.25, 0.4)
    assert pooled["rair"]["low"] < 0.6 < pooled["rair"]["high"]
    assert pooled["d_prime"]["value"] == pytest.approx(0.6375 + 0.2410, abs=1e-3)  # z of 15.5 / 21, less z of 8.5 / 21
    ann, bob = tree["reviewers"]
    assert (ann["reviewer"], ann["rsr"]) == ("ann", {"value": None, "n": 0, "reason": "0 decisions: withheld below 10"})
    assert (bob["rair"]["value"], bob["catch_rate"]["n"]) == (None, 20)
    assert pooled["weight_of_advice"]["reason"] == "the answers are categories or codes, not measured values"
    assert pooled["initial_ms"]["reason"] == "no times"
    assert [one["reviewer"] for one in tree["detector"]] == ["ann", "bob"]


def test_without_own_answers_what_needs_them_is_withheld(tmp_path: Path) -> None:
    found = replayed(decisions_of(file(tmp_path, *["a,1,1,0"] * 20, head="reviewer,truth,advice,final")))["pooled"]
    assert {found[name]["reason"] for name in ("rair", "rsr", "switch_fraction")} == {
        "no answer before the advice (column initial)"
    }
    assert found["agreement"]["value"] == 0.0


def test_weight_of_advice_is_told_of_measured_values_only(tmp_path: Path) -> None:
    lines = [f"a,{n},{n + 10},{n + 5},{n}" for n in range(20)]
    found = replayed(decisions_of(file(tmp_path, *lines)))["pooled"]["weight_of_advice"]
    assert (found["value"], found["n"]) == (0.5, 20)
    codes = replayed(decisions_of(file(tmp_path, *["a,1,0,1,0"] * 20)))["pooled"]["weight_of_advice"]
    assert codes["value"] is None


def test_numbers_compare_by_value_and_codes_as_written(tmp_path: Path) -> None:
    found = decisions_of(file(tmp_path, "a,1,1.0,1.00,01"))
    assert found[0] == Decision("a", Decimal(1), Decimal("1.0"), Decimal("1.00"), "01")
    assert not found[0].faulty
    assert found[0].initial != found[0].truth


def test_fault_and_accepted_of_the_file_come_first_and_difficulty_reaches_the_alarm(tmp_path: Path) -> None:
    head = "reviewer,truth,advice,final,fault,accepted,difficulty"
    lines = ["a,x,x,x,1,1,-2.1972245773"] * 8 + ["a,x,y,y,0,0,"] * 10
    tree = replayed(decisions_of(file(tmp_path, *lines, head=head)))
    state, at = START, None
    for number in range(1, 9):
        state = step(state, missed=True, p=0.1)
        at = at or (number if state.statistic >= 200 else None)
    assert (tree["detector"][0]["alarm_at"], tree["detector"][0]["faults"]) == (at, 8)
    assert tree["pooled"]["under_reliance"]["value"] == 1.0
    hard = replayed([replace(d, difficulty=1.5) for d in decisions_of(file(tmp_path, *lines, head=head))])
    assert hard["detector"][0]["alarm_at"] is None


def test_a_careful_reviewer_raises_no_alarm_and_a_lapse_does(tmp_path: Path) -> None:
    numbers = random.Random(5)
    lines = ["careful,1,0," + str(int(numbers.random() > 0.05)) for _ in range(60)]
    lines += ["lapsed,1,0," + str(int(numbers.random() > (0.05 if n < 30 else 0.6))) for n in range(60)]
    found = replayed(decisions_of(file(tmp_path, *lines, head="reviewer,truth,advice,final")))["detector"]
    assert found[0]["alarm_at"] is None
    assert found[0]["statistic"] < 200
    assert 30 < found[1]["alarm_at"] <= found[1]["named_at"] <= 60
    assert found[1]["statistic"] >= 200


@given(DECISIONS)
def test_what_must_hold_of_every_set_of_decisions(decisions: list[Decision]) -> None:
    found = reliance(decisions, measured=False)
    own = [d for d in decisions if d.initial is not None]
    assert found.rates["over_reliance"].n + found.rates["under_reliance"].n == len(decisions)
    assert found.rates["rair"].n + found.rates["rsr"].n <= found.rates["switch_fraction"].n <= len(own)
    for figure in found.rates.values():
        if figure.value is None:
            assert figure.reason
        else:
            assert figure.low is not None
            assert figure.high is not None
            assert 0 <= figure.low <= figure.value <= figure.high <= 1
    names = {"x": "left", "y": "right", "z": "none"}
    other = [
        replace(d, truth=names[str(d.truth)], advice=names[str(d.advice)], final=names[str(d.final)],
                initial=None if d.initial is None else names[str(d.initial)])
        for d in decisions[::-1]
    ]  # fmt: skip
    assert reliance(other, measured=False) == found


@pytest.mark.parametrize(
    ("head", "line", "said"),
    [
        ("reviewer,truth,advice", "a,1,1", "row 1: no column final"),
        (f"{HEAD},final", "a,1,1,1,1,1", "row 1: the column final stands there twice"),
        (HEAD, "a,1,1,1", "row 2: 4 cells under 5 columns"),
        (HEAD, "a,1,1,,1", "row 2, column final: empty"),
        (HEAD, ",1,1,1,1", "row 2, column reviewer: empty"),
        (HEAD, f"a,1,1,{'9' * 201},1", "row 2, column final: '9999"),
        (HEAD, "a,1,1,x\x1b[31m,1", "row 2, column final: "),
        (f"{HEAD},fault", "a,1,1,1,1,yes", "row 2, column fault: 'yes'"),
        (f"{HEAD},accepted", "a,1,1,1,1,2", "row 2, column accepted: '2'"),
        (f"{HEAD},initial_ms", "a,1,1,1,1,-5", "row 2, column initial_ms: '-5'"),
        (f"{HEAD},final_ms", "a,1,1,1,1,1e99", "row 2, column final_ms: '1e99'"),
        (f"{HEAD},difficulty", "a,1,1,1,1,nan", "row 2, column difficulty: 'nan'"),
        (f"{HEAD},difficulty", "a,1,1,1,1,=1+1", "row 2, column difficulty: '=1+1'"),
        (HEAD, "", "a header and no data rows"),
        (HEAD, '"a,1,1,1,1', "decided.csv"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place(tmp_path: Path, head: str, line: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        decisions_of(file(tmp_path, line, head=head))
    assert said in refused.value.message
    assert refused.value.message.isprintable()
    assert refused.value.remedy


def test_the_command_tells_bad_input_in_one_line(tmp_path: Path) -> None:
    assert "There is no file" in run(str(tmp_path / "none.csv"), home=tmp_path, status=2)
    bad = file(tmp_path, "a,1,1,1,1,7", head=f"{HEAD},fault")
    told: dict[str, Any] = json.loads(run(str(bad), "--json", home=tmp_path, status=2))
    assert told == {"error": "decided.csv row 2, column fault: '7'.", "remedy": "Write 0 or 1.", "status": 2}
    good = file(tmp_path, *["a,1,1,1,1"] * 12)
    assert "--expected is 1.0" in run(str(good), "--expected", "1", home=tmp_path, status=2)
    assert "agreement: 1 (0.8" in run(str(good), home=tmp_path)


def test_semicolons_a_byte_order_mark_and_more_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "decided.csv"
    path.write_bytes("\ufeffReviewer;trial;Truth;Advice;Final\r\n=cmd();1;a,b;a,b;c\r\n".encode())
    (found,) = decisions_of(path)
    assert (found.reviewer, found.truth, found.taken) == ("=cmd()", "a,b", False)


@pytest.mark.parametrize("data", [bytes(range(256)), b"PK\x03\x04\x00\x00\n\x00"])
def test_a_file_that_is_no_text_is_told_what_to_do_here(tmp_path: Path, data: bytes) -> None:
    """There is no profile in this command that could name an encoding."""
    (tmp_path / "made.csv").write_bytes(data)
    with pytest.raises(Invalid, match="no text in UTF-8") as found:
        decisions_of(tmp_path / "made.csv")
    assert "Save it as CSV in UTF-8" in found.value.remedy
    assert "profile" not in found.value.remedy
