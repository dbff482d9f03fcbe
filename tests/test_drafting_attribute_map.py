"""Names of several files are one attribute only by the site's map: proposed, confirmed with a reason, never joined by likeness."""

import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import command
import pytest
from desk import Desk, set_up

from audit import trail
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from corpus import attributemap
from corpus.attributemap import AttributeMap, SiteAttribute, parse, written
from corpus.ingest import ingest
from corpus.likenames import NameInUse, proposed
from corpus.profile_toml import parse as profile
from corpus.profiles import ProfileSet
from drafting import attribute_admin, configuration, queries
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import Loaded, ReportScope, load
from drafting.generate import draft_report, fingerprint
from prompts.outline import load_outlines
from review_ui.screens.attribute_names import joined

RESULTS = """
name = "{name}"
version = 1
title = "Results"
kind = "batch"
delimiter = ";"
encoding = "utf-8"
decimal_mark = "."
missing = [""]
key = ["batch"]
product = "product"
date = "start"
[columns.batch]
field = "batch"
[columns.product]
field = "product"
[columns.start]
field = "start"
type = "date"
[columns."{header}"]
attribute = "{header}"
type = "decimal"
unit = "{unit}"
group = "finished product"
"""
LIMITS = """
name = "limits"
version = 1
title = "Limits"
kind = "specification"
delimiter = ";"
encoding = "utf-8"
decimal_mark = "."
missing = [""]
key = ["specification_id"]
product = "product"
[columns.specification_id]
field = "specification_id"
[columns.product]
field = "product"
[columns.attribute]
field = "attribute"
[columns.lower_limit]
field = "lower_limit"
[columns.upper_limit]
field = "upper_limit"
[columns.unit]
field = "unit"
[columns.effective_from]
field = "effective_from"
[columns.effective_until]
field = "effective_until"
"""
FIRST, SECOND = "Assay", "Assay (HPLC), % LC"
YEAR = ReportScope("r", "apr_us", "A", "2025-01-01", "2025-12-31")
MAP = written(AttributeMap(0, "Ours", (SiteAttribute("assay", (FIRST, SECOND), unit="%"),)))


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    made = set_up(sqlite_database, clock, new_id, tmp_path)
    return Desk(replace(made.ctx, outlines=load_outlines()), made.people)


def bring(desk: Desk, folder: Path, text: str, rows: list[list[str]]) -> None:
    made = profile(text.encode(), file="p")
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([[c.header for c in made.columns], *rows])
    path = folder / f"{made.name}.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    ingest(
        desk.ctx.database, desk.ctx.clock, desk.ctx.new_id, paths=[path], profiles=ProfileSet((made,)), actor=desk.actor("writer"),
        zone="UTC",
    )  # fmt: skip


def two_files(
    desk: Desk, folder: Path, *, unit: str = "%", values: tuple[str, ...] = ("99.5", "100.1"), batch: str = "B"
) -> None:
    first = [[f"A{i}", "A", f"2025-01-0{i}", value] for i, value in enumerate(("98.5", "99.0", "99.5"), start=1)]
    second = [[f"{batch}{i}", "A", f"2025-02-0{i}", value] for i, value in enumerate(values, start=1)]
    bring(desk, folder, RESULTS.format(name="site_one", header=FIRST, unit="%"), first)
    bring(desk, folder, RESULTS.format(name="site_two", header=SECOND, unit=unit), second)


def loaded(desk: Desk, scope: ReportScope = YEAR) -> Loaded:
    with desk.ctx.database.read() as conn:
        return load(conn, scope)


def confirm(desk: Desk, text: str = MAP, *, replaces: str = "", who: str = "writer", reason: str = "one method") -> str:
    return attribute_admin.confirm(desk.ctx, text=text, reason=reason, replaces=replaces, actor=desk.actor(who)).sha256


def test_alike_names_are_proposed_and_stay_apart_until_a_person_joins_them(desk: Desk, tmp_path: Path) -> None:
    two_files(desk, tmp_path)
    (likeness,) = attribute_admin.propose(desk.ctx)
    assert {likeness.one.attribute, likeness.other.attribute} == {FIRST, SECOND}
    assert {a: len(ms) for a, ms in loaded(desk).measurements.items()} == {FIRST: 3, SECOND: 2}
    mark = fingerprint(desk.ctx, desk.ctx.outlines["apr_us"])
    sha256 = confirm(desk)
    assert fingerprint(desk.ctx, desk.ctx.outlines["apr_us"]) != mark
    found = loaded(desk)
    assert {a: len(ms) for a, ms in found.measurements.items()} == {"assay": 5}
    fact = pack_of(found, desk.ctx.outlines["apr_us"].section("finished_product_quality")).facts["assay.mean"]
    assert (fact.value, fact.n, fact.unit) == ("99.32", 5, "%")
    assert fact.inputs["attribute_map"] == "version 1"
    assert fact.inputs["joined"] == [FIRST, SECOND]
    assert fact.inputs["columns"] == [f"site_one.csv: {FIRST}", f"site_two.csv: {SECOND}"]
    scope = pack_of(found, desk.ctx.outlines["apr_us"].section("scope_and_method"))
    names = next(t for t in scope.tables if t.id == "attribute_names")
    assert {(row[0], row[2]) for row in names.rows} == {("assay", FIRST), ("assay", SECOND)}
    assert "Version 1 of the site's attribute map joins the names of assay." in names.note
    assert attribute_admin.propose(desk.ctx) == []
    with desk.ctx.database.read() as conn:
        (entry,) = trail.entries(conn, action=str(Action.CONFIG_ACTIVATED))
        assert configuration.altered(conn) == []
    assert (entry.object_kind, entry.reason, entry.new) == (
        "attribute_map", "one method", {"sha256": sha256, "version": 1, "withdrawn": False},
    )  # fmt: skip


def test_a_map_that_ends_parts_the_names_again_and_every_version_is_kept(desk: Desk, tmp_path: Path) -> None:
    two_files(desk, tmp_path)
    sha256 = confirm(desk)
    with pytest.raises(Conflict):
        confirm(desk, MAP.replace("Ours", "Mine"))
    with pytest.raises(Invalid, match="in force just so"):
        confirm(desk, replaces=sha256)
    attribute_admin.withdraw(desk.ctx, reason="two methods after all", replaces=sha256, actor=desk.actor("writer"))
    assert set(loaded(desk).measurements) == {FIRST, SECOND}
    with pytest.raises(NotFound):
        attribute_admin.withdraw(desk.ctx, reason="again", replaces="", actor=desk.actor("writer"))
    assert [v.version for v in attribute_admin.history(desk.ctx)] == [1, 2]


@pytest.mark.parametrize("who", ["admin", "auditor", "reviewer"])
def test_only_who_writes_or_approves_confirms_and_with_a_reason(desk: Desk, who: str) -> None:
    with pytest.raises(NotPermitted):
        confirm(desk, who=who)
    with pytest.raises(Invalid, match="with a reason"):
        confirm(desk, reason=" ")


def test_names_in_different_units_are_refused_when_confirmed_and_when_they_come_later(desk: Desk, tmp_path: Path) -> None:
    two_files(desk, tmp_path, unit="mg")
    assert attribute_admin.propose(desk.ctx) == []
    with pytest.raises(
        Invalid, match=r"assay: product A, units differ: Assay in % \(site_one.csv\); Assay \(HPLC\), % LC in mg"
    ):
        confirm(desk)


def test_a_file_that_comes_later_in_another_unit_parts_the_names_and_the_report_says_so(desk: Desk, tmp_path: Path) -> None:
    confirm(desk)
    two_files(desk, tmp_path, unit="mg")
    found = loaded(desk)
    assert set(found.measurements) == {FIRST, SECOND}
    (note,) = pack_of(found, desk.ctx.outlines["apr_us"].section("scope_and_method")).notes
    assert note.startswith("Names of assay stay apart: units differ: Assay in %")


def test_one_unit_in_two_spellings_is_one_class(desk: Desk, tmp_path: Path) -> None:
    two_files(desk, tmp_path, unit="percent")
    confirm(desk)
    assert set(loaded(desk).measurements) == {"assay"}


@pytest.mark.parametrize(("lower", "refused"), [("95.0", False), ("95", False), ("97.0", True)])
def test_names_with_limits_of_their_own_are_one_only_where_these_agree(
    desk: Desk, tmp_path: Path, lower: str, *, refused: bool
) -> None:
    two_files(desk, tmp_path)
    stated = [
        ["S1", "A", FIRST, "95.0", "105.0", "%", "2024-01-01", ""], ["S2", "A", SECOND, lower, "105.0", "%", "2024-01-01", ""]
    ]  # fmt: skip
    bring(desk, tmp_path, LIMITS, stated)
    if refused:
        with pytest.raises(Invalid, match=r"limits differ: Assay from 95.0 to 105.0 \(S1\); Assay \(HPLC\), % LC from 97.0"):
            confirm(desk)
        return
    confirm(desk)
    section = desk.ctx.outlines["apr_us"].section("finished_product_quality")
    assert pack_of(loaded(desk), section).facts["assay.outside"].exact == "0"


def test_limits_that_followed_each_other_may_differ(desk: Desk, tmp_path: Path) -> None:
    two_files(desk, tmp_path)
    bring(desk, tmp_path, LIMITS, [
        ["S1", "A", FIRST, "95.0", "105.0", "%", "2024-01-01", "2025-01-31"],
        ["S2", "A", SECOND, "100.0", "105.0", "%", "2025-02-01", ""],
    ])  # fmt: skip
    confirm(desk)
    section = desk.ctx.outlines["apr_us"].section("finished_product_quality")
    assert pack_of(loaded(desk), section).facts["assay.outside"].exact == "1"  # 99.5 of February, by the limit of its day


@pytest.mark.parametrize(("value", "refused"), [("98.5", False), ("98.50", False), ("98.6", True)])
def test_a_batch_under_both_names_counts_once_and_differs_never(
    desk: Desk, tmp_path: Path, value: str, *, refused: bool
) -> None:
    two_files(desk, tmp_path, values=(value,), batch="A")
    if refused:
        with pytest.raises(Invalid, match=r"batch A1 has 98\.5 under Assay and 98\.6 under Assay"):
            confirm(desk)
        return
    confirm(desk)
    assert len(loaded(desk).measurements["assay"]) == 3


def test_a_map_of_one_product_joins_nothing_of_another(desk: Desk, tmp_path: Path) -> None:
    two_files(desk, tmp_path)
    confirm(desk, MAP.replace('product = "*"', 'product = "Z"'))
    assert set(loaded(desk).measurements) == {FIRST, SECOND}


def test_an_open_section_goes_stale_where_the_map_changes_what_it_says(desk: Desk, tmp_path: Path) -> None:
    two_files(desk, tmp_path)
    made = draft_report(
        desk.ctx, kind="apr_us", product="A", period_from="2025-01-01", period_to="2025-12-31", actor=desk.actor("writer")
    )
    confirm(desk)
    with desk.ctx.database.read() as conn:
        stale = queries.load(conn, desk.ctx, made.report_id).stale
    told = {s.key: stale[s.id] for s in made.sections}
    assert "Assay (HPLC), % LC.mean is gone" in told["finished_product_quality"]
    assert told["complaints"] == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[attributes]]\nattribute = "a"\nnames = ["x"]\n[[attributes]]\nattribute = "b"\nnames = ["x"]', "'x' stands for 'a' and for 'b'"),
        ('[[attributes]]\nattribute = "a"\nnames = ["x"]\n[[attributes]]\nattribute = "b"\nnames = ["a"]', "'a' stands for"),
        ('[[attributes]]\nattribute = "a"\nnames = []', "has a name and 1 to"),
        ('[[attributes]]\nattribute = "a"\nnames = ["x"]\nfactor = "2"', "unknown key factor"),
        ('[[attributes]]\nattribute = "a"\nnames = ["x\\ny"]', "one line"),
        ("attributes = 3", "not an attribute map"),
        ("attributes = [[", "not an attribute map"),
    ],
)  # fmt: skip
def test_a_map_that_is_none_is_refused_with_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        parse(text.encode(), file="map.toml")


def test_a_map_is_written_as_it_is_read() -> None:
    made = AttributeMap(
        3, 'Our "names"', (SiteAttribute("a", ("x\\y", "z"), "17", "%", "label"), SiteAttribute("b", ("q",)))
    )
    assert parse(written(made).encode(), file="m") == made
    assert attributemap.digest_of(made) != attributemap.digest_of(AttributeMap(3, "", made.attributes))


def named(attribute: str, document: str, unit: str = "%") -> NameInUse:
    return NameInUse(attribute, (attribute,), (unit,), ("A",), (f"{document}.csv",), frozenset({document}))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (named("Assay", "1"), named("assay_hplc", "2"), True),
        (named("Water content", "1"), named("water_content (KF)", "2"), True),
        (named("Dissolution 30 min", "1"), named("Dissolution 45 min", "2"), False),  # other numbers
        (named("impurity_a", "1"), named("impurity_b", "2"), False),  # other codes
        (named("Assay", "1"), named("assay_hplc", "1"), False),  # one file has both
        (named("Assay", "1"), named("assay_hplc", "2", "mg"), False),
        (named("Assay", "1"), named("Hardness", "2"), False),
    ],
)
def test_what_is_proposed_is_alike_of_one_unit_and_never_in_one_file(
    one: NameInUse, other: NameInUse, *, expected: bool
) -> None:
    assert bool(proposed([one, other], AttributeMap())) is expected


def test_rows_of_names_on_the_page_make_the_map() -> None:
    rows = [
        {"attribute": "assay", "name": FIRST, "product": "*", "unit": "%", "label": ""},
        {"attribute": "assay", "name": f" {SECOND} ", "product": None, "unit": None, "label": "assay"},
        {"attribute": "assay", "name": FIRST, "product": "17", "unit": "", "label": ""},
        {"attribute": "", "name": "left over", "product": "*", "unit": "", "label": ""},
        {"attribute": "water", "name": "", "product": "*", "unit": "", "label": ""},
    ]
    assert joined(rows) == (
        SiteAttribute("assay", (FIRST, SECOND), "*", "%", "assay"),
        SiteAttribute("assay", (FIRST,), "17"),
    )


def test_on_the_command_line_a_person_confirms_and_the_homes_own_account_does_not(filled_home: Path, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "map.toml"
    shutil.copytree(filled_home, home)
    for name, header in (("site_one", FIRST), ("site_two", SECOND)):
        (tmp_path / f"{name}.toml").write_text(RESULTS.format(name=name, header=header, unit="%"), encoding="utf-8")
        rows = f"batch;product;start;{header}\n{name};99;2025-01-02;99.5\n"
        (tmp_path / f"{name}.csv").write_text(rows, encoding="utf-8")
        command.run(home, "ingest", str(tmp_path / f"{name}.csv"), "--profile", str(tmp_path / f"{name}.toml"))
    found = command.run(home, "attributes", "propose", "-o", str(file), "--json", status=1)
    (likeness,) = found["proposals"]
    assert (likeness["one"]["attribute"], likeness["other"]["attribute"], likeness["unit"]) == (FIRST, SECOND, "%")
    assert "No attribute map is in force" in command.run(home, "attributes", "show")
    said = ("attributes", "confirm", str(file), "--reason", "one method")
    command.run(home, *said, status=2)
    assert command.run(home, *said, "--json", user="demo.writer")["version"] == 1
    shown = command.run(home, "attributes", "show", "--json")
    assert (shown["version"], shown["versions"][0]["by"]) == (1, "demo.writer")
    assert command.run(home, "audit", "verify", "--json")["integrity"] == "intact"
    ended = command.run(home, "attributes", "withdraw", "--reason", "two methods", "--json", user="demo.approver")
    assert (ended["version"], ended["withdrawn"]) == (2, True)
