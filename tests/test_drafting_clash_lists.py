"""Clashes as a person finds them: listed, paged and decided by a screen's use cases and on the command line, told again at each import."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command import run
from desk import Desk, set_up

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Invalid, NotFound, NotPermitted, Stale
from corpus import plausibility, records
from corpus.ingest import ImportResult
from corpus.profile_toml import parse as profile
from corpus.profiles import ProfileSet
from drafting import clashes
from drafting.evidence.scope import ReportScope, load
from drafting.importing import import_files

BATCHES = """
name = "batches"
version = 1
title = "Batches"
kind = "batch"
missing = [""]
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

[columns.line]
field = "line"

[columns.assay]
attribute = "assay"
type = "decimal"
unit = "%"
"""
HEADER = "batch;code;start;line;assay"
Take = Callable[..., ImportResult]


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    made = set_up(database, clock, new_id, tmp_path)
    return Desk(replace(made.ctx, profiles=ProfileSet((profile(BATCHES.encode(), file="batches.toml"),))), made.people)


@pytest.fixture
def take(desk: Desk, tmp_path: Path) -> Take:
    def take_in(name: str, *rows: str) -> ImportResult:
        (tmp_path / name).write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        return import_files(desk.ctx, paths=[tmp_path / name], actor=desk.actor("writer"))

    return take_in


def row(batch: str, line: str = "L1", assay: str = "99.1", product: str = "17") -> str:
    return f"{batch};{product};2025-05-04;{line};{assay}"


def decide(desk: Desk, name: str, file: str, reason: str = "Corrected in the log", *, by: str = "reviewer") -> None:
    found = clashes.one(desk.ctx, name)
    assert found is not None
    clashes.prefer(
        desk.ctx, kind=found.kind, identifier=found.identifier, document_id=clashes.source_named(found, file).id, reason=reason,
        actor=desk.actor(by), seen=found.seen,
    )  # fmt: skip


def names(desk: Desk, **asked: Any) -> list[str]:
    return [differing.name for differing in clashes.undecided(desk.ctx, **asked).items]


def test_every_undecided_clash_is_listed_with_each_source_and_its_place(desk: Desk, take: Take) -> None:
    take("a.csv", row("1"), row("2"), row("3"))
    take("b.csv", row("1", line="L2"), row("2", assay="88"), row("3", assay="99.10"))
    take("c.csv", row("1", line="L3", assay="99.2"))
    found = clashes.undecided(desk.ctx)
    assert ([d.name for d in found.items], found.total, found.more) == (
        ["batch/1", "measurement/1/assay", "measurement/2/assay"],
        3,
        False,
    )
    batch, _, result = found.items
    assert [(s.document.name, s.row, s.in_force, s.values["line"]) for s in batch.sources] == [
        ("a.csv", 2, True, "L1"),
        ("b.csv", 2, False, "L2"),
        ("c.csv", 2, False, "L3"),
    ]
    assert [(s.document.name, s.place, s.values, s.headers) for s in result.sources] == [
        ("a.csv", "row 3, assay", {"assay": "99.1 %"}, ("assay",)),
        ("b.csv", "row 3, assay", {"assay": "88 %"}, ("assay",)),
    ]


def test_a_list_is_paged_and_narrowed_by_product_and_name(desk: Desk, take: Take) -> None:
    batches = [f"{n:03d}" for n in range(1, 8)]
    take("a.csv", *(row(b, product="17" if b < "005" else "23") for b in batches))
    take("b.csv", *(row(b, line="L2", product="17" if b < "005" else "23") for b in batches))
    assert names(desk, skip=2, limit=2) == ["batch/003", "batch/004"]
    assert names(desk, product="23") == ["batch/005", "batch/006", "batch/007"]
    assert names(desk, containing="BATCH/006") == ["batch/006"]
    assert clashes.undecided(desk.ctx, limit=2).total == 7


def test_more_keys_than_one_question_takes_are_all_listed(desk: Desk, take: Take) -> None:
    batches = [f"{n:04d}" for n in range(1200)]
    take("a.csv", *(row(b) for b in batches))
    take("b.csv", *(row(b, assay="88" if b < "0600" else "99.1") for b in batches))
    found = clashes.undecided(desk.ctx)
    assert [d.identifier for d in found.items] == [f"{b}/assay" for b in batches[:600]]


def test_more_clashes_than_are_compared_are_told_as_more(desk: Desk, take: Take) -> None:
    batches = [f"{n:04d}" for n in range(clashes.MOST + 5)]
    take("a.csv", *(row(b) for b in batches))
    take("b.csv", *(row(b, line="L2") for b in batches))
    found = clashes.undecided(desk.ctx, limit=10)
    assert (len(found.items), found.total, found.more) == (10, clashes.MOST, True)


def test_a_decision_is_listed_with_who_when_why_and_which_source(desk: Desk, take: Take) -> None:
    take("a.csv", row("1"), row("9", product="23"))
    take("b.csv", row("1", line="L2", assay="88"), row("9", line="L2", product="23"))
    decide(desk, "batch/1", "b.csv")
    decide(desk, "batch/1", "a.csv", "The log was right", by="writer")
    decide(desk, "measurement/1/assay", "b.csv")
    decide(desk, "batch/9", "b.csv")
    assert names(desk) == []
    made = clashes.decided(desk.ctx, product="17")
    assert [(d.name, d.document.name, d.user_id, d.reason, d.counts) for d in made.items] == [
        ("measurement/1/assay", "b.csv", "reviewer", "Corrected in the log", True),
        ("batch/1", "a.csv", "writer", "The log was right", True),
        ("batch/1", "b.csv", "reviewer", "Corrected in the log", False),
    ]
    assert made.items[0].at.startswith("2026-03-02T08:00")
    assert [d.name for d in clashes.decided(desk.ctx, skip=1, limit=1).items] == ["measurement/1/assay"]


def test_only_a_writer_or_reviewer_decides_with_a_reason(desk: Desk, take: Take) -> None:
    take("a.csv", row("1"))
    take("b.csv", row("1", line="L2"))
    for name in ("auditor", "approver", "admin"):
        with pytest.raises(NotPermitted):
            decide(desk, "batch/1", "b.csv", by=name)
    with pytest.raises(Invalid, match="reason"):
        decide(desk, "batch/1", "b.csv", "  ")
    with pytest.raises(NotFound, match="none of the sources"):
        decide(desk, "batch/1", "c.csv")
    assert names(desk) == ["batch/1"]


def test_who_compared_other_versions_does_not_decide(desk: Desk, take: Take) -> None:
    take("a.csv", row("1"))
    take("b.csv", row("1", line="L2"))
    seen = clashes.one(desk.ctx, "batch/1")
    assert seen is not None
    take("a.csv", row("1", line="L7"))
    with pytest.raises(Stale):
        clashes.prefer(
            desk.ctx, kind="batch", identifier="1", document_id=seen.sources[1].document.id, reason="Seen before",
            actor=desk.actor("writer"), seen=seen.seen,
        )  # fmt: skip


def test_a_source_that_comes_after_a_decision_is_compared_with_every_other(desk: Desk, take: Take) -> None:
    take("a.csv", row("1"))
    take("b.csv", row("1", line="L2"))
    decide(desk, "batch/1", "b.csv")
    take("c.csv", row("1", line="L3", product="23"))
    for product in (None, "17", "23"):
        (again,) = (d for d in clashes.undecided(desk.ctx, product=product).items if d.kind == "batch")
        assert [(s.document.name, s.in_force) for s in again.sources] == [
            ("b.csv", True),
            ("a.csv", False),
            ("c.csv", False),
        ]
    clashes.prefer(
        desk.ctx, kind="batch", identifier="1", document_id=again.sources[2].document.id, reason="The last word",
        actor=desk.actor("writer"), seen=again.seen,
    )  # fmt: skip
    assert names(desk) == []


def test_a_decision_does_not_outlive_the_source_that_was_chosen(desk: Desk, take: Take) -> None:
    take("a.csv", row("1"))
    take("b.csv", row("1", line="L2"))
    take("c.csv", row("1", line="L3"), row("2"))
    decide(desk, "batch/1", "c.csv")
    assert names(desk) == []
    take("c.csv", row("2"))  # the chosen source says nothing of it any more: between the others nobody decided
    assert names(desk) == ["batch/1"]


def test_an_unchanged_file_tells_its_undecided_clash_again(desk: Desk, take: Take) -> None:
    take("a.csv", row("1"))
    first = take("b.csv", row("1", line="L2"))
    again = take("b.csv", row("1", line="L2"))
    assert (again.unchanged, again.clashes) == (["b.csv"], first.clashes)
    assert "b.csv and other files say different things" in again.warnings[0]
    decide(desk, "batch/1", "a.csv")
    assert take("b.csv", row("1", line="L2")).clashes == []


def test_a_decided_result_contradicts_nothing_any_more(desk: Desk, take: Take) -> None:
    take("a.csv", row("1"), row("2"))
    take("b.csv", row("1", assay="88"), row("2", assay="77"))
    scope = ReportScope("r", "apr_us", "17", "2025-05-01", "2025-05-31")

    def contradicted() -> list[str]:
        with desk.ctx.database.read() as conn:
            loaded = load(conn, scope)
            assert len(plausibility.contradictions(records.every_measurement(conn))) == 2
        return [c.batch for c in loaded.contradictions]

    assert contradicted() == ["1", "2"]
    decide(desk, "measurement/1/assay", "b.csv")
    assert contradicted() == ["2"]


# --- command line -----------------------------------------------------------------------------------------------------


def test_the_command_line_lists_decides_and_tells_again(filled_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    source = next(p for p in (Path(records.__file__).parent / "samples" / "synthetic").glob("deviation.csv"))
    header, *lines = source.read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith("DEV-2020-002"))
    other = tmp_path / "site.csv"
    other.write_text(f"{header}\n{line.replace(';minor;', ';critical;')}\n", encoding="utf-8")
    name = "deviation/DEV-2020-002"

    assert run(home, "clashes", "--json") == {"clashes": [], "total": 0, "more": False}
    told = run(home, "ingest", str(other), "--json", status=1)["clashes"]
    assert run(home, "ingest", str(other), "--json", status=1)["clashes"] == told
    assert told[0]["identifier"] == "DEV-2020-002"
    (listed,) = run(home, "clashes", "--product", "17", "--json", status=1)["clashes"]
    assert (listed["name"], [s["says"] for s in listed["sources"]]) == (name, [{"class": "minor"}, {"class": "critical"}])
    assert run(home, "clashes", "--product", "23", "--json")["total"] == 0
    assert "otherwise: site.csv row 2: class 'critical'" in run(home, "clashes", status=1)

    prefer = ("clashes", "prefer", name, "--source", "site.csv", "--reason", "Reclassified by QA")
    assert "writer or reviewer" in run(home, *prefer, status=2)  # the service account decides nothing
    assert "writer or reviewer" in run(home, *prefer, user="demo.auditor", status=2)
    assert "none of the sources" in run(
        home, "clashes", "prefer", name, "--source", "x.csv", "--reason", "y", user="demo.writer", status=2
    )
    assert "do not differ" in run(
        home, "clashes", "prefer", "batch/1", "--source", "x", "--reason", "y", user="demo.writer", status=2
    )
    assert run(home, *prefer, "--json", user="demo.writer")["file"] == "site.csv"
    assert run(home, "clashes", "--json")["total"] == 0
    (made,) = run(home, "clashes", "--decided", "--json")["decided"]
    assert (made["name"], made["file"], made["by"], made["reason"], made["counts"]) == (
        name, "site.csv", "demo.writer", "Reclassified by QA", True,
    )  # fmt: skip
    assert run(home, "ingest", str(other), "--json")["clashes"] == []
    assert run(home, "audit", "verify", "--json")["findings"] == []
