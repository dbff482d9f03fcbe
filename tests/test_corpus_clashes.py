"""A file of another name replaces nothing: what it says otherwise is listed, in the import, its entry and the evidence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect

import corpus.tables
from audit import trail
from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid, NotFound
from corpus import clashes, preferences, records
from corpus.ingest import ImportResult, ingest
from corpus.profiles import ProfileSet, load_profiles
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import ReportScope, load
from prompts.outline import SectionOutline, Tier

ACTOR = Actor("a1", "m.lead", "Mara Lead", "training_lead", "s1")
HEADER = "id;product;date;class;title"
RESULTS = "batch;code;start;assay"
DEVIATIONS = """
name = "devs"
version = 1
title = "Deviations"
kind = "deviation"
missing = [""]
key = ["deviation_id"]
product = "product"
date = "date"
[columns.id]
field = "deviation_id"
[columns.product]
field = "product"
[columns.date]
field = "date"
type = "date"
format = "YYYY-MM-DD"
[columns.class]
field = "class"
type = "enum"
values = ["critical", "major", "minor"]
[columns.title]
field = "title"
"""
ASSAYS = """
name = "assays"
version = 1
title = "Assays"
kind = "batch"
missing = ["", "#N/A"]
key = ["batch"]
product = "product_code"
date = "start"
[columns.batch]
field = "batch"
[columns.code]
field = "product_code"
[columns.start]
field = "start"
type = "date"
format = "YYYY-MM-DD"
[columns.assay]
attribute = "assay"
type = "decimal"
unit = "%"
"""
Take = Callable[..., ImportResult]


@pytest.fixture
def store(database: Database) -> Database:
    if not inspect(database.engine).has_table("documents"):
        database.write(corpus.tables.create_all)
    return database


@pytest.fixture
def take(store: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path) -> Take:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "devs.toml").write_text(DEVIATIONS, encoding="utf-8")
    (folder / "assays.toml").write_text(ASSAYS, encoding="utf-8")
    profiles: ProfileSet = load_profiles(folder)

    def take_in(name: str, *rows: str, header: str = HEADER) -> ImportResult:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return ingest(store, clock, new_id, paths=[path], profiles=profiles, actor=ACTOR, zone="UTC")

    return take_in


def class_of(store: Database, identifier: str = "DEV-1") -> str:
    with store.read() as conn:
        found = records.record(conn, "deviation", identifier)
        assert found is not None
        return found.get("class")


def test_another_file_turns_no_major_deviation_into_a_minor_one(store: Database, take: Take) -> None:
    take("register.csv", "DEV-1;7;2020-05-04;major;Hole", "DEV-2;7;2020-05-05;minor;Dust")
    result = take("rogue.csv", "DEV-1;7;2020-05-04;minor;Hole", "DEV-2;7;2020-05-05;minor;Dust")
    assert class_of(store) == "major"
    assert [(c.kind, c.identifier, c.first, c.second) for c in result.clashes] == [
        ("deviation", "DEV-1", "class 'major' (register.csv row 2)", "class 'minor' (rogue.csv row 2)")
    ]
    assert "rogue.csv" in result.warnings[0]
    assert "DEV-1" in result.warnings[0]
    with store.read() as conn:
        assert len([r for r in records.current_records(conn) if r.kind == "deviation"]) == 2  # equal content counts once
        entry = trail.entries(conn, action="source.imported")[-1]
        assert entry.new["clashes"] == {"count": 1, "named": ["deviation/DEV-1"]}


def test_a_new_version_of_the_first_source_replaces_its_own_row_and_no_other(store: Database, take: Take) -> None:
    take("register.csv", "DEV-1;7;2020-05-04;major;Hole")
    take("late.csv", "DEV-1;7;2020-05-04;minor;Hole", "DEV-3;7;2020-05-06;minor;Late")
    again = take("register.csv", "DEV-1;7;2020-05-04;critical;Hole", "DEV-3;7;2020-05-06;major;Late")
    assert class_of(store) == "critical"
    assert class_of(store, "DEV-3") == "minor"  # late.csv held it first
    assert {c.identifier for c in again.clashes} == {"DEV-1", "DEV-3"}


def test_a_half_refused_row_replaces_no_whole_one_and_a_whole_one_does_not_pass_unseen(store: Database, take: Take) -> None:
    take("register.csv", "DEV-1;7;2020-05-04;critical;Hole")
    result = take("half.csv", "DEV-1;7;2020-05-04;CRIT;Hole")
    assert [r.literal for r in result.refused] == ["CRIT"]
    assert class_of(store) == "critical"
    assert [c.second for c in result.clashes] == ["class '' (half.csv row 2)"]


def test_another_value_of_a_result_changes_no_mean_and_equal_ones_do_not_clash(store: Database, take: Take) -> None:
    take("lab.csv", "1;7;2020-05-04;99.10", "2;7;2020-05-05;98", header=RESULTS)
    assert not take("same.csv", "1;7;2020-05-04;99.1", header=RESULTS).clashes
    result = take("other.csv", "2;7;2020-05-05;88", header=RESULTS)
    assert [(c.name, c.first, c.second) for c in result.clashes] == [
        ("measurement/2/assay", "98 % (lab.csv row 3, assay)", "88 % (other.csv row 2, assay)")
    ]
    take("lab.csv", "1;7;2020-05-04;99.10", "2;7;2020-05-05;97", header=RESULTS)
    with store.read() as conn:
        assert [m.literal for m in records.measurements(conn)] == ["99.10", "97"]


def test_a_missing_result_of_another_file_takes_no_value_away(store: Database, take: Take) -> None:
    take("lab.csv", "1;7;2020-05-04;99.10", header=RESULTS)
    assert len(take("gap.csv", "1;7;2020-05-04;#N/A", header=RESULTS).clashes) == 1
    with store.read() as conn:
        assert [m.literal for m in records.measurements(conn)] == ["99.10"]


def test_a_section_that_rests_on_a_clash_says_so(store: Database, take: Take) -> None:
    take("register.csv", "DEV-1;7;2020-05-04;major;Hole")
    section = SectionOutline(
        "deviations", "1", "Deviations", "RA", Tier.HIGH, evidence=("list:deviation",), records=("deviation",)
    )
    scope = ReportScope("r1", "apr_us", "7", "2020-05-01", "2020-05-31")
    with store.read() as conn:
        assert pack_of(load(conn, scope), section).notes == ()
    take("rogue.csv", "DEV-1;7;2020-05-04;minor;Hole")
    with store.read() as conn:
        pack = pack_of(load(conn, scope), section)
        assert next(clashes.of_records(conn)).name == "deviation/DEV-1"
    assert pack.records["deviation/DEV-1"].fields["class"] == "major"
    assert len(pack.notes) == 1
    assert "rogue.csv" in pack.notes[0]


def test_a_person_decides_which_source_counts_with_one_entry(store: Database, take: Take, clock: Clock) -> None:
    take("register.csv", "DEV-1;7;2020-05-04;major;Hole")
    other = take("corrected.csv", "DEV-1;7;2020-05-04;critical;Hole").documents[0]

    def decide(document_id: str, reason: str = "Reclassified by QA", identifier: str = "DEV-1") -> clashes.Clash:
        return store.write(
            lambda conn: preferences.prefer(
                conn, kind="deviation", identifier=identifier, document_id=document_id, reason=reason, actor=ACTOR,
                at=clock.now(), zone="UTC",
            )
        )  # fmt: skip

    with pytest.raises(Invalid, match="reason"):
        decide(other.id, reason=" ")
    with pytest.raises(NotFound):
        decide(other.id, identifier="DEV-9")
    decide(other.id)
    assert class_of(store) == "critical"
    with store.read() as conn:
        (entry,) = trail.entries(conn, object_kind="clash")
        assert (entry.object_id, entry.reason) == ("deviation/DEV-1", "Reclassified by QA")
        assert preferences.altered(conn) == []
        assert len(list(clashes.of_records(conn))) == 1
        assert list(clashes.undecided(conn, clashes.of_records(conn))) == []
    take(
        "register.csv", "DEV-1;7;2020-05-04;minor;Hole"
    )  # a version that came after the decision is listed, and changes nothing
    assert class_of(store) == "critical"
    with store.read() as conn:
        assert len(list(clashes.undecided(conn, clashes.of_records(conn)))) == 1


def test_a_decision_on_a_result_moves_the_value_that_counts(store: Database, take: Take, clock: Clock) -> None:
    take("lab.csv", "1;7;2020-05-04;99.10", header=RESULTS)
    other = take("retest.csv", "1;7;2020-05-04;88", header=RESULTS).documents[0]
    store.write(
        lambda conn: preferences.prefer(
            conn, kind="measurement", identifier="1/assay", document_id=other.id, reason="Transcribed wrongly", actor=ACTOR,
            at=clock.now(), zone="UTC",
        )
    )  # fmt: skip
    with store.read() as conn:
        assert [m.literal for m in records.measurements(conn)] == ["88"]
