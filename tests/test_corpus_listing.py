"""Nothing under a folder vanishes: each file is read, refused, or named or counted as not read; no link leads out of the folder."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid
from corpus import records
from corpus.ingest import ImportResult, ingest
from corpus.profiles import load_profiles
from drafting.cli.importing import _lines, _tree
from drafting.watching import watch

SHIPS = load_profiles(Path(__file__).parents[1] / "corpus" / "samples" / "profiles")
WHO = Actor("a1", "import", "Import Service", "service")
Import = Callable[..., ImportResult]


@pytest.fixture
def bring(database: Database, clock: Clock, new_id: Callable[[], str]) -> Import:
    def bring_in(*paths: Path) -> ImportResult:
        return ingest(database, clock, new_id, paths=paths, profiles=SHIPS, actor=WHO, zone="UTC")

    return bring_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "site"
    for name in ("a.md", "arch.zip", "image.png", "sub/weird.xyz", "README.md", ".DS_Store", ".git/x.csv"):
        path = made / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("A note of the site.", encoding="utf-8")
    return made


def test_files_of_unknown_kind_in_a_folder_are_named_and_hidden_ones_counted(bring: Import, folder: Path) -> None:
    done = bring(folder)
    names = ["arch.zip", "image.png", "sub/weird.xyz"]
    assert [d.name for d in done.documents] == ["a.md"]
    assert [name for name, _ in done.passed_over] == names
    assert done.notes == ["Passed over without a name here: 2 hidden, 1 that describe other files."]
    skipped = [one for one in _tree(done)["skipped"] if one["file"] in names]
    assert [(one["why"], one["rows"]) for one in skipped] == [("not a kind of file that is imported", [])] * 3
    assert "not read: sub/weird.xyz: not a kind of file that is imported" in _lines(done)


def test_a_folder_of_unknown_files_only_names_them(bring: Import, folder: Path) -> None:
    (folder / "a.md").unlink()
    with pytest.raises(Invalid, match=r"no source file to import.*arch\.zip.*image\.png"):
        bring(folder)


def test_a_named_file_of_unknown_kind_is_refused_and_the_others_go_in(
    bring: Import, folder: Path, database: Database
) -> None:
    done = bring(folder / "arch.zip", folder / "a.md")
    assert [d.name for d in done.documents] == ["a.md"]
    assert [(r.file, r.locator) for r in done.refused] == [("arch.zip", "whole file")]
    assert done.balance.endswith("; 1 file(s) refused whole: their cells are not counted")
    assert _tree(done)["cells"]["files_refused_whole"] == 1
    with database.read() as conn:
        assert [e.object_id for e in trail.entries(conn, action=str(Action.SOURCE_REFUSED))] == ["arch.zip"]


def test_no_link_leads_out_of_a_folder_and_a_named_one_is_followed(
    bring: Import, folder: Path, tmp_path: Path, database: Database
) -> None:
    secret = tmp_path / "outside.md"
    secret.write_text("Of nobody's concern.", encoding="utf-8")
    (folder / "out.md").symlink_to(secret)
    (folder / "elsewhere").symlink_to(tmp_path)
    (folder / "loop").symlink_to(".")
    (folder / "self.md").symlink_to("self.md")
    (folder / "inside.md").symlink_to("a.md")
    done = bring(folder)
    assert [d.name for d in done.documents] == ["a.md", "inside.md"]
    assert sorted(r.file for r in done.refused) == ["elsewhere", "out.md"]
    assert all("leads out of the folder" in r.reason and not r.literal for r in done.refused)
    assert {"loop", "self.md"} < {name for name, _ in done.passed_over}
    with database.read() as conn:
        assert not any("concern" in p.text for p in records.passages(conn))
    assert [d.name for d in bring(folder / "out.md").documents] == ["out.md"]


def test_a_name_that_no_text_can_hold_is_told(bring: Import, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.zip")).write_bytes(b"x")
    told = [name for name, _ in bring(folder).passed_over]
    assert len(told) == 4
    assert all(name.encode("utf-8") for name in told)


def test_a_watch_names_what_it_does_not_read_once(bring: Import, folder: Path) -> None:
    (folder / "a.md").unlink()
    (folder / "out.md").symlink_to("/etc/passwd")

    def once(due: Sequence[Path]) -> ImportResult:
        return bring(*due)

    rounds = list(watch(once, paths=[folder], seconds=1, pause=lambda _: None, rounds=3))
    assert [len(r.passed_over) for r in rounds] == [3]
    assert [r.file for r in rounds[0].refused] == ["out.md"]


def test_bytes_of_a_superseded_version_that_come_again_are_told(bring: Import, tmp_path: Path) -> None:
    file = tmp_path / "site.md"

    def brought(text: str) -> ImportResult:
        file.write_text(text, encoding="utf-8")
        return bring(file)

    assert brought("The first text.").warnings == brought("The second text.").warnings == []
    (said,) = brought("The first text.").warnings
    assert said.startswith("site.md: these are the bytes of version 1 of site.md (superseded on 2")
    assert said.endswith("); it is now version 3.")
    assert brought("The first text.").unchanged == ["site.md"]
    assert "bytes of version 2" in brought("The second text.").warnings[0]
