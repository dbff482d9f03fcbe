"""The command-line contract: keys, exit statuses, one line for every problem, no traceback."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import command
import pytest


def run(home: Path, *arguments: str, status: int = 0, pass_fds: tuple[int, ...] = ()) -> str:
    """Run a command as a person does, in a process of its own."""
    return command.said(command.process(home, *arguments, pass_fds=pass_fds), status)


def tree(home: Path, *arguments: str, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(home, *arguments, "--json", status=status))
    return found


@pytest.fixture(scope="module")
def demo(filled_demo: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(filled_demo[0], home)
    return home, filled_demo[1]


def report_of(demo: tuple[Path, dict[str, Any]], kind: str) -> str:
    return str(next(r["id"] for r in demo[1]["reports"] if r["kind"] == kind))


def test_the_demo_holds_two_drafted_reports_and_its_accounts(demo: tuple[Path, dict[str, Any]]) -> None:
    home, made = demo
    assert sorted(r["kind"] for r in made["reports"]) == ["apr_us", "deviation"]
    assert len(made["accounts"]) == 6
    for report in made["reports"]:
        exported = home / f"{report['kind']}.json"
        run(home, "export", report["id"], "--format", "json", "-o", str(exported))
        sections = json.loads(exported.read_text())["sections"]
        assert all(section["outcome"] in ("drafted", "rendered", "human") for section in sections)
        assert any(section["sentences"] for section in sections)


def test_a_second_demo_opens_the_same_home_and_overwrites_nothing(demo: tuple[Path, dict[str, Any]]) -> None:
    home, made = demo
    again = tree(home, "demo", "--no-ui")
    assert again["reports"] == made["reports"]
    assert again["created"] is False


def test_nothing_blocks_in_a_fresh_draft_and_every_number_is_tied_to_evidence(demo: tuple[Path, dict[str, Any]]) -> None:
    for report in demo[1]["reports"]:
        checked = tree(demo[0], "check", report["id"])
        assert [f for f in checked["findings"] if f["severity"] == "blocks"] == []
        assert checked["numbers"]["found"] == checked["numbers"]["resolved"] > 40


def test_the_demonstration_year_reconciles_its_oos_results(demo: tuple[Path, dict[str, Any]]) -> None:
    facts = {f["id"]: f for f in tree(demo[0], "facts", report_of(demo, "apr_us"))["facts"]}
    assert facts["census.made"]["value"] == "134"
    assert facts["oos.recomputed"]["value"] == facts["oos.count"]["value"] != "0"
    assert facts["oos.unrecorded"]["value"] == "0"
    assert set(facts["dissolution_av.mean"]) >= {"id", "name", "value", "exact", "unit", "n", "method", "inputs"}


def test_a_draft_says_what_is_complete(demo: tuple[Path, dict[str, Any]]) -> None:
    made = tree(demo[0], "draft", "pqr", "--product", "17", "--from", "2020-05-01", "--to", "2021-04-30")
    assert set(made) >= {"report", "sections", "completeness", "seconds", "drafter", "fingerprint"}
    for kind, line in made["completeness"].items():
        assert line["in_scope"] == line["included"] + line["excluded"] + line["unaccounted"], kind
        assert line["unaccounted"] == 0, kind


@pytest.mark.office
def test_the_word_file_is_the_same_twice_and_says_that_it_is_not_signed(
    demo: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    report = report_of(demo, "deviation")
    one = tree(demo[0], "export", report, "-o", str(tmp_path / "a.docx"))
    two = tree(demo[0], "export", report, "-o", str(tmp_path / "b.docx"))
    assert one["signed"] is False
    assert one["sha256"] == two["sha256"]
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        headers = "".join(archive.read(n).decode() for n in archive.namelist() if "header" in n)
        body = archive.read("word/document.xml").decode()
    assert "NOT SIGNED" in headers
    assert "DEMO HOME" in headers
    for said in ("DEV-2020-014", "AI-use statement", "synthetic", "w:tblHeader"):
        assert said in body


@pytest.mark.parametrize(
    "arguments",
    [
        ("reports", "--json"),
        ("check", "DR-DEV-2020-014"),
        ("export", "APR-2021-017", "-o", "x.md"),
        ("facts", "nothing", "--json"),
        ("records", "--since"),
        ("--user", "demo.writer", "user", "list", "--user", "other"),
        ("audit",),
    ],
)
def test_a_command_says_the_same_in_a_process_that_ran_others(
    demo: tuple[Path, dict[str, Any]], arguments: tuple[str, ...]
) -> None:
    here, there = command.done(demo[0], *arguments), command.process(demo[0], *arguments)
    assert (here.returncode, here.stdout) == (there.returncode, there.stdout)
    started = r"python -m [\w.]+( verascribe)?|verascribe"  # usage names how the program was started
    assert re.sub(started, "", here.stderr) == re.sub(started, "", there.stderr)


def test_search_finds_an_exact_identifier_first(demo: tuple[Path, dict[str, Any]]) -> None:
    hits = tree(demo[0], "search", "DEV-2020-014", "-k", "3")["hits"]
    assert "DEV-2020-014" in hits[0]["text"] + hits[0]["locator"] + hits[0]["id"]
    assert set(hits[0]) >= {"id", "score", "text", "document", "locator"}


def test_the_trail_verifies_live_and_exported_and_a_changed_byte_is_found(
    demo: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    live = tree(demo[0], "audit", "verify")
    assert (live["integrity"], live["findings"]) == ("intact", [])
    run(demo[0], "audit", "export", "-o", str(tmp_path / "out"))
    assert tree(demo[0], "audit", "verify", str(tmp_path / "out"))["integrity"] == "intact"
    path = tmp_path / "out" / "trail.jsonl"
    path.write_text(path.read_text().replace("demo.writer", "demo.wriTer", 1))
    assert tree(demo[0], "audit", "verify", str(tmp_path / "out"), status=1)["integrity"] == "broken"


def test_every_command_leaves_its_entry(demo: tuple[Path, dict[str, Any]]) -> None:
    listed = tree(demo[0], "audit", "log")["entries"]
    actions = {entry["action"] for entry in listed}
    assert actions >= {
        "system.home_created",
        "source.imported",
        "draft.requested",
        "report.created",
        "draft.generated",
        "access.key_enrolled",
    }
    assert tree(demo[0], "audit", "log", "--user", "nobody")["entries"] == []


def test_the_service_account_may_not_administer(demo: tuple[Path, dict[str, Any]]) -> None:
    assert "administrator" in run(demo[0], "user", "deactivate", "demo.writer", "--reason", "x", status=2)


def test_a_password_comes_from_a_descriptor_and_a_wrong_one_is_refused(demo: tuple[Path, dict[str, Any]]) -> None:
    for password, status in (("demo passphrase 1", 0), ("wrong", 2)):
        read, write = os.pipe()
        os.write(write, f"{password}\n".encode())
        os.close(write)
        run(
            demo[0],
            "--user",
            "demo.auditor",
            "--passphrase-fd",
            str(read),
            "records",
            "--kind",
            "recall",
            status=status,
            pass_fds=(read,),
        )
        os.close(read)


def test_doctor_and_oversight_answer(demo: tuple[Path, dict[str, Any]]) -> None:
    assert tree(demo[0], "doctor")["ok"] is True
    measured = tree(demo[0], "oversight", "report")
    assert measured["reviewers"] == []
    assert measured["site"]["decisions"] == 0


def test_a_foreign_text_is_held_against_its_evidence(demo: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("batch;assay\n0117;99.4\n")
    (tmp_path / "t.md").write_text("Assay of batch 0117 was 99.4 %, not 99.7 %.")
    found = tree(demo[0], "check-text", "--text", str(tmp_path / "t.md"), "--evidence", str(tmp_path / "e.csv"), status=1)
    assert [f["quote"] for f in found["findings"]] == ["99.7 %"]
    finding = found["findings"][0]
    assert (tmp_path / "t.md").read_text()[finding["start"] : finding["end"]] == finding["quote"]
    (tmp_path / "e.json").write_text('{"results": [{"batch": "0117", "assay": 99.7}]}')
    evidence = ("--evidence", str(tmp_path / "e.csv"), "--evidence", str(tmp_path / "e.json"))
    assert tree(demo[0], "check-text", "--text", str(tmp_path / "t.md"), *evidence)["findings"] == []


def test_a_foreign_text_is_checked_without_a_home_and_none_is_made(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("batch,assay\n0117,99.4\n0118,99.1\n")
    (tmp_path / "t.md").write_text("Assay of batch 0117 was 99.7 %.")
    asked = ("check-text", "--text", str(tmp_path / "t.md"), "--evidence", str(tmp_path / "e.csv"))
    assert [f["quote"] for f in tree(tmp_path / "none", *asked, status=1)["findings"]] == ["99.7 %"]
    assert not (tmp_path / "none").exists()
    assert "There is no home at" in run(tmp_path / "none", "--user", "ann", *asked, status=2)


def test_a_text_that_holds_nothing_to_check_is_told(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("batch,assay\n0117,99.4\n0118,99.1\n")
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "idle.txt").write_text("It rained.\n")
    evidence = ("--evidence", str(tmp_path / "e.csv"))
    said = run(tmp_path / "none", "check-text", "--text", str(tmp_path / "empty.txt"), *evidence, status=2)
    assert "empty.txt: the text holds nothing to check." in said
    said = run(tmp_path / "none", "check-text", "--text", str(tmp_path / "idle.txt"), *evidence)
    assert said.startswith("The text holds nothing to check")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("draft", "apr", "--product", "99", "--from", "2020-05-01", "--to", "2021-04-30"), "No batch of product 99"),
        (("draft", "review"), "no kind of report"),
        (("draft", "deviation"), "needs the deviation's identifier"),
        (("draft", "deviation", "DEV-1999-001"), "There is no deviation"),
        (("facts", "nothing"), "There is no report"),
        (("export", "nothing", "-o", "x.docx"), "There is no report"),
        (("ingest", "no-such-file.csv"), "no-such-file.csv"),
        (("audit", "verify", "no-such-folder"), "no exported trail"),
        (("check-text", "--text", "no.md", "--evidence", "no.csv"), "no text"),
        (("records", "--from", "2020-13-01"), "--from is no day: '2020-13-01'. Write it as YYYY-MM-DD"),
        (("records", "--to", "yesterday"), "--to is no day"),
        (("search", "x", "--from", "20200101"), "--from is no day"),
        (("records", "--kind", "devation"), "Kinds: "),
        (("audit", "log", "--from", "garbage"), "--from is no day or time"),
        (("export", "APR-2021-017", "-o", "no-such-folder/x.docx"), "There is no folder no-such-folder"),
        (
            ("export", "APR-2021-017", "-o", "x.md"),
            "A file named x.md does not hold docx. Name it x.docx, or choose another --format",
        ),
        (("export", "APR-2021-017", "--format", "json", "-o", "x.docx"), "does not hold json. Name it x.json"),
        (("--user", "demo.writer", "--passphrase-fd", "77", "records"), "File descriptor 77"),
    ],
)
def test_a_wrong_request_is_one_line_with_what_to_do(
    demo: tuple[Path, dict[str, Any]], arguments: tuple[str, ...], says: str
) -> None:
    assert says in run(demo[0], *arguments, status=2)


def test_a_problem_is_one_object_where_json_is_asked_for(demo: tuple[Path, dict[str, Any]]) -> None:
    told = json.loads(run(demo[0], "facts", "nothing", "--json", status=2))
    assert told == {"error": "There is no report nothing.", "remedy": "`verascribe reports` lists them.", "status": 2}


def test_reports_are_listed_with_their_state(demo: tuple[Path, dict[str, Any]]) -> None:
    listed = {r["number"]: r for r in tree(demo[0], "reports")["reports"]}
    assert {r["id"] for r in demo[1]["reports"]} <= {r["id"] for r in listed.values()}
    assert (listed["APR-2021-017"]["kind"], listed["APR-2021-017"]["state"]) == ("apr_us", "drafting")


def test_an_export_overwrites_only_what_it_is_told_to(demo: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("mine")
    wanted = ("export", "APR-2021-017", "--format", "json", "-o", str(path))
    assert "is there already" in run(demo[0], *wanted, status=2)
    assert path.read_text() == "mine"
    run(demo[0], *wanted, "--force")
    assert json.loads(path.read_text())["number"] == "APR-2021-017"


def test_a_port_that_is_taken_is_told_before_anybody_opens_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run(tmp_path / "home", "ui", "--port", str(taken.getsockname()[1]), status=2)
    assert "make demo PORT=N" in told
    assert not (tmp_path / "home").exists()


def test_bad_files_are_refused_by_place_and_reason(demo: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    assert "empty" in run(demo[0], "ingest", str(tmp_path / "empty.csv"), status=2)
    (tmp_path / "odd.csv").write_text("batch;colour\n1;red\n")
    assert "colour" in run(demo[0], "ingest", str(tmp_path / "odd.csv"), status=2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor",), ("user", "list"), ("check", "APR"), ("records",), ("search", "x"), ("audit", "verify"), ("audit", "log"),
        ("profile", "list"), ("extract", "list"), ("oversight", "report"),
    ],
)  # fmt: skip
def test_a_home_that_does_not_exist_is_told_and_not_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert "There is no home at" in run(tmp_path / "none", *arguments, status=2)
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty").mkdir()
    assert "There is no home at" in run(tmp_path / "empty", *arguments, status=2)
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_home_is_made_for_its_owner_alone_and_doctor_tells_where_it_is_not(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    before = os.umask(0o002)
    try:
        run(home, "migrate")
    finally:
        os.umask(before)
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "verascribe.sqlite").stat().st_mode & 0o777 == 0o600
    checks = {c["name"]: c for c in tree(home, "doctor")["checks"]}
    assert checks["rights"]["ok"] is True
    home.chmod(0o755)
    checks = {c["name"]: c for c in tree(home, "doctor", status=1)["checks"]}
    assert "(755)" in checks["rights"]["says"]


def test_a_home_with_records_is_never_made_a_demo(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("Product code;Batch Size (tablets);Normalisation factor\n1;240000;2.4\n")
    run(tmp_path / "home", "ingest", str(tmp_path / "d.csv"))
    assert "no demo" in run(tmp_path / "home", "demo", "--no-ui", status=2)


def test_help_names_every_command_of_the_contract(tmp_path: Path) -> None:
    said = run(tmp_path, "--help")
    for name in (
        "demo",
        "ui",
        "ingest",
        "search",
        "records",
        "draft",
        "facts",
        "check",
        "check-text",
        "export",
        "audit",
        "oversight",
        "user",
        "doctor",
    ):
        assert name in said


def test_help_loads_none_of_the_heavy_libraries() -> None:
    script = (
        "import sys; sys.argv = ['verascribe', '--help']\nfrom drafting.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'streamlit', 'sqlalchemy', 'chromadb', 'langchain_core', 'altair', 'rich.markdown', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
