"""A profile of the site: proposed, tried with nothing stored, confirmed as a version with its entry, in force for later imports only."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, set_up
from sqlalchemy import func, select, text

from audit import trail
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from corpus import records, tables
from corpus.identifiers import shipped_text
from corpus.ingest import ingest
from corpus.profile_toml import parse
from corpus.profiles import load_profiles
from drafting import cli, configuration, profile_admin
from drafting.configuration import Configured
from drafting.evidence.kinds import LISTINGS
from drafting.generate import fingerprint
from drafting.importing import import_files

SHIPS = load_profiles(Path(__file__).parents[1] / "corpus" / "samples" / "profiles")
ROWS = "Charge;Made on;Assay (%)\nB-1;04.05.2020;99.5\nB-2;30.05.2020;98.25\nB-3;13.06.2020;n.a.\n"


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    made = set_up(database, clock, new_id, tmp_path)
    return Desk(replace(made.ctx, profiles=SHIPS), made.people)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "assay.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def proposal(desk: Desk, file: Path) -> str:
    (found,) = profile_admin.propose(desk.ctx, path=file)
    return found.text


def stored(desk: Desk) -> int:
    with desk.ctx.database.read() as conn:
        return conn.scalar(select(func.count()).select_from(tables.documents)) or 0


def bring(desk: Desk, file: Path) -> None:
    ingest(
        desk.ctx.database, desk.ctx.clock, desk.ctx.new_id, paths=[file], profiles=configuration.profiles_of(desk.ctx),
        actor=desk.actor("writer"), zone="UTC",
    )  # fmt: skip


def test_from_proposal_to_import_with_one_entry_an_act(desk: Desk, file: Path) -> None:
    with pytest.raises(Invalid, match="no import profile knows this header"):
        bring(desk, file)
    text_ = proposal(desk, file)
    tried = profile_admin.try_out(desk.ctx, path=file, text=text_)
    (part,) = tried.parts
    assert (part.kind, part.rows, part.measurements, part.balance.refused) == ("batch", 3, 3, 0)
    assert [r.date for r in part.records] == ["2020-05-04", "2020-05-30", "2020-06-13"]
    assert stored(desk) == 0
    mark = fingerprint(desk.ctx, desk.ctx.outlines["apr_us"])
    made = profile_admin.confirm(desk.ctx, text=text_, reason="assay of 2020", replaces="", actor=desk.actor("writer"))
    assert (made.name, made.version) == ("assay", 1)
    with desk.ctx.database.read() as conn:
        entries = trail.entries(conn, action=str(Action.CONFIG_ACTIVATED))
        assert configuration.altered(conn) == []
    (entry,) = entries
    assert (entry.object_kind, entry.object_id, entry.object_version) == ("import_profile", "assay", "1")
    assert (entry.old, entry.reason) == (None, "assay of 2020")
    assert entry.new == {"sha256": made.sha256, "version": 1, "withdrawn": False}
    assert fingerprint(desk.ctx, desk.ctx.outlines["apr_us"]) != mark  # new drafts carry the new configuration
    bring(desk, file)
    with desk.ctx.database.read() as conn:
        (document,) = records.documents(conn)
        assert document.profile == "assay/1"
        assert len(records.current_records(conn, kind="batch")) == 3


def test_a_new_version_replaces_the_one_that_was_seen_and_keeps_it(desk: Desk, file: Path) -> None:
    writer = desk.actor("writer")
    text_ = proposal(desk, file)
    first = profile_admin.confirm(desk.ctx, text=text_, reason="first", replaces="", actor=writer)
    better = text_.replace('kind = "batch"', 'kind = "batch"\nsynthetic = true')
    second = profile_admin.confirm(desk.ctx, text=better, reason="labelled", replaces=first.sha256, actor=writer)
    assert second.version == 2
    with pytest.raises(Conflict, match="Another version of 'assay' was confirmed since"):
        profile_admin.confirm(desk.ctx, text=text_, reason="late", replaces=first.sha256, actor=writer)
    with pytest.raises(Invalid, match="in force just so"):
        profile_admin.confirm(desk.ctx, text=better, reason="again", replaces=second.sha256, actor=writer)
    assert [v.version for v in profile_admin.history(desk.ctx, "assay")] == [1, 2]
    with desk.ctx.database.read() as conn:
        last = trail.entries(conn, action=str(Action.CONFIG_ACTIVATED))[-1]
    assert last.old == {"sha256": first.sha256, "version": 1}
    line = next(x for x in profile_admin.listed(desk.ctx) if x.profile.name == "assay")
    assert (line.profile.version, line.profile.synthetic, line.sha256) == (2, True, second.sha256)
    assert parse(second.text.encode(), file="x").version == 2


def test_a_version_of_a_profile_that_ships_goes_on_from_its_number_until_it_is_withdrawn(desk: Desk) -> None:
    ships = SHIPS.named("laboratory")
    made = profile_admin.confirm(
        desk.ctx, text=_text_of("laboratory").replace('"NA"]', '"NA", "n/a"]'), reason="n/a too", replaces="",
        actor=desk.actor("approver"),
    )  # fmt: skip
    assert made.version == ships.version + 1
    effective = configuration.profiles_of(desk.ctx)
    assert "n/a" in effective.named("laboratory").missing
    assert len(effective.profiles) == len(SHIPS.profiles)
    profile_admin.withdraw(desk.ctx, name="laboratory", reason="no", replaces=made.sha256, actor=desk.actor("writer"))
    assert configuration.profiles_of(desk.ctx).digest == SHIPS.digest
    with pytest.raises(NotFound):
        profile_admin.withdraw(desk.ctx, name="laboratory", reason="no", replaces=made.sha256, actor=desk.actor("writer"))


def _text_of(name: str) -> str:
    folder = Path(__file__).parents[1] / "corpus" / "samples" / "profiles"
    return (folder / f"{name}.toml").read_text(encoding="utf-8")


def test_a_profile_of_files_with_some_names_stands_beside_the_one_that_ships(desk: Desk, tmp_path: Path) -> None:
    second = _text_of("laboratory").replace('name = "laboratory"', 'name = "second_lab"\nfiles = ["lab2_*"]')
    profile_admin.confirm(desk.ctx, text=second, reason="a second laboratory", replaces="", actor=desk.actor("writer"))
    sample = Path(__file__).parents[1] / "corpus" / "samples" / "zagar" / "Laboratory.csv"
    lines = sample.read_text(encoding="utf-8-sig").splitlines()[:3]
    files = [tmp_path / name for name in ("lab2_may.csv", "other.csv")]
    for path in files:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = import_files(desk.ctx, paths=files, actor=desk.actor("writer"))
    assert {d.name: d.profile for d in done.documents} == {
        "lab2_may.csv": "second_lab/1",
        "other.csv": SHIPS.named("laboratory").label,
    }


def test_what_shares_a_header_is_told_before_it_is_confirmed(desk: Desk) -> None:
    def told(name: str, more: str = "") -> str:
        text = _text_of("capa").replace('name = "capa"', f'name = "{name}"{more}')
        return profile_admin.shares_header(desk.ctx, parse(text.encode(), file="capa.toml"))

    def confirm(name: str, more: str = "") -> None:
        text = _text_of("capa").replace('name = "capa"', f'name = "{name}"{more}')
        profile_admin.confirm(desk.ctx, text=text, reason="mine", replaces="", actor=desk.actor("writer"))

    assert told("capa") == ""
    assert "once confirmed, 'my_capa' reads such files in its place" in told("my_capa")
    confirm("my_capa")
    names = {p.name for p in configuration.profiles_of(desk.ctx).profiles}
    assert "my_capa" in names
    assert "capa" not in names
    assert "nothing tells their files apart" in told("third_capa")
    assert told("third_capa", '\nfiles = ["third*"]') == ""


@pytest.mark.parametrize("who", ["reviewer", "auditor", "admin"])
def test_who_may_not_write_confirms_no_profile(who: str, desk: Desk, file: Path) -> None:
    text_ = proposal(desk, file)
    with pytest.raises(NotPermitted):
        profile_admin.confirm(desk.ctx, text=text_, reason="me", replaces="", actor=desk.actor(who))
    with pytest.raises(NotPermitted):
        profile_admin.confirm_identifiers(desk.ctx, text=shipped_text(), reason="me", replaces="", actor=desk.actor(who))


def test_no_reason_no_version(desk: Desk, file: Path) -> None:
    with pytest.raises(Invalid, match="with a reason"):
        profile_admin.confirm(desk.ctx, text=proposal(desk, file), reason=" ", replaces="", actor=desk.actor("writer"))
    with desk.ctx.database.read() as conn:
        assert configuration.versions(conn, Configured.PROFILE) == []


def test_another_process_sees_a_confirmed_profile_at_once(desk: Desk, file: Path) -> None:
    before = configuration.profiles_of(desk.ctx)
    other = replace(desk.ctx, profiles=SHIPS)  # as another process holds it, opened before
    profile_admin.confirm(other, text=proposal(desk, file), reason="x", replaces="", actor=desk.actor("writer"))
    assert len(configuration.profiles_of(desk.ctx).profiles) == len(before.profiles) + 1


def test_a_try_tells_refusals_and_what_it_does_not_read(desk: Desk, file: Path, tmp_path: Path) -> None:
    text_ = proposal(desk, file)
    odd = tmp_path / "odd.csv"
    odd.write_text(ROWS.replace("98.25", "98,25") + ";;197\n", encoding="utf-8")
    (part,) = profile_admin.try_out(desk.ctx, path=odd, text=text_).parts
    assert [r.place for r in part.refusals] == ["row 3, Assay (%)", "row 5, Charge", "row 5, Made on", "row 5, Assay (%)"]
    story = tmp_path / "story.txt"
    story.write_text("Nothing of a table.", encoding="utf-8")
    tried = profile_admin.try_out(desk.ctx, path=story, text=text_)
    assert (tried.parts, tried.told) == ((), ("The profile 'assay' reads no table or form of story.txt.",))
    with pytest.raises(Invalid, match="columns"):
        profile_admin.try_out(desk.ctx, path=odd, text="name = 'x'")


def test_identifiers_of_the_site_are_confirmed_and_shape_proposals(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("title;ref\n" + "".join(f"t{n};NC/{n:04}/20\n" for n in range(1, 9)), encoding="utf-8")
    (before,) = profile_admin.propose(desk.ctx, path=path)
    assert before.profile.kind == "events"
    changed = shipped_text().replace("'DEV-\\d{4}-\\d{3}'", "'NC/\\d{4}/\\d{2}'")
    made = profile_admin.confirm_identifiers(desk.ctx, text=changed, reason="ours", replaces="", actor=desk.actor("writer"))
    (after,) = profile_admin.propose(desk.ctx, path=path)
    assert (after.profile.kind, after.profile.key) == ("deviation", ("ref",))
    with pytest.raises(Conflict):
        profile_admin.confirm_identifiers(desk.ctx, text=changed, reason="ours", replaces="", actor=desk.actor("writer"))
    assert made.version == 2


def test_a_version_that_was_altered_beneath_us_is_found(
    sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path, file: Path
) -> None:
    desk = set_up(sqlite_database, clock, new_id, tmp_path)
    profile_admin.confirm(desk.ctx, text=proposal(desk, file), reason="x", replaces="", actor=desk.actor("writer"))

    def tamper(conn: object) -> None:
        conn.execute(text("DROP TRIGGER configuration_versions_no_update"))  # type: ignore[attr-defined]
        conn.execute(text("UPDATE configuration_versions SET reason = 'y'"))  # type: ignore[attr-defined]

    sqlite_database.write(tamper)
    with sqlite_database.read() as conn:
        assert configuration.altered(conn) == ["import_profile assay version 1 is not what was confirmed"]


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["verascribe", "--home", str(home), *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out or out.err


def test_on_the_command_line_a_profile_is_proposed_and_tried_and_only_a_person_confirms_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, file: Path
) -> None:
    home, made = tmp_path / "home", tmp_path / "assay.toml"
    assert run(monkeypatch, capsys, home, "migrate")[0] == 0
    code, out = run(monkeypatch, capsys, home, "profile", "propose", str(file), "--json")
    (found,) = json.loads(out)["proposals"]
    assert (code, found["key"]) == (1, ["batch"])
    (asked,) = found["questions"]
    assert asked.startswith("Which group has each of ")
    assert found["columns"][2]["basis"] == [
        "its unit '%' stands in the header", "2 of 2 parse as decimals with '.'", "'n.a.' in 1 cells stands for no value",
    ]  # fmt: skip
    code, out = run(monkeypatch, capsys, home, "profile", "propose", str(file), "-o", str(made))
    assert (code, "1 question(s) to decide: Which group has each of" in out) == (1, True)
    code, out = run(monkeypatch, capsys, home, "profile", "try", str(file), str(made))
    assert (code, "cells: 9 in = 8 imported + 0 refused + 1 declared missing" in out) == (0, True)
    code, out = run(monkeypatch, capsys, home, "profile", "confirm", str(made), "--reason", "mine")
    assert code == 2
    assert "service" in out or "may not" in out or "role" in out
    code, out = run(monkeypatch, capsys, home, "profile", "list", "--json")
    assert len(json.loads(out)["profiles"]) == len(SHIPS.profiles)
    assert "TYPES" not in run(monkeypatch, capsys, home, "profile", "show", "laboratory")[1]
    assert "[kinds.deviation]" in run(monkeypatch, capsys, home, "profile", "identifiers")[1]


def test_what_sections_read_and_no_column_is_mapped_to_is_told_before_a_profile_is_confirmed() -> None:
    ships = {p.name: p for p in SHIPS.profiles}
    deviation = ships["deviation"]
    assert profile_admin.unread(deviation) == ""
    without = replace(deviation, columns=tuple(c for c in deviation.columns if c.field not in ("title", "closed_on")))
    assert profile_admin.unmapped(without) == ("title", "closed_on")
    assert "fields of deviation records, which no column is mapped to: title, closed_on." in profile_admin.unread(without)
    assert "lists records of the kind 'complaints'" in profile_admin.unread(replace(ships["complaint"], kind="complaints"))
    assert not [p.name for p in SHIPS.profiles if p.kind in LISTINGS and profile_admin.unread(p)]
