"""Extent of condition on a plant with three products that share lots, equipment and a sampling point: who is concerned, and who is not."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, set_up

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Invalid
from corpus.ingest import ingest
from corpus.profile_toml import parse
from corpus.profiles import ProfileSet
from drafting import queries
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import Loaded, ReportScope, load
from drafting.generate import draft_report, packs_of
from drafting.model import EvidencePack, Table
from drafting.pictures import report_picture
from prompts.outline import load_outlines

HEAD = 'version = 1\ntitle = "t"\ndelimiter = ";"\nencoding = "utf-8"\ndecimal_mark = "."\nmissing = [""]\n'
BATCH = ("batch", "product", "start", "lots", "equipment_id", "sampling_points")
EVENT = (
    "deviation_id",
    "product",
    "occurred_at",
    "title",
    "category",
    "batches",
    "lot_id",
    "equipment_id",
    "sampling_point",
)
OUTCOME = ("batch", "product", "disposition")
BATCHES = [
    ["A1", "A", "2025-03-03", "LAC-7|EXC-1", "TP-01", "WP-3"],
    ["A2", "A", "2025-03-20", "LAC-8", "TP-01", "WP-4"],
    ["A3", "A", "2024-01-10", "LAC-7", "TP-01", "WP-3"],  # long before the event
    ["B1", "B", "2025-04-02", "LAC-7", "TP-02", "WP-3"],
    ["B2", "B", "2025-04-09", "LAC-9", "TP-01", "WP-4"],
    ["C1", "C", "2025-02-11", "LAC-7", "TP-03", "WP-9"],
    ["C2", "C", "2025-02-12", "LAC-9", "TP-03", "WP-9"],
]
EVENTS = [
    ["D-LOT", "", "2025-03-10", "Wrong label on a lot of lactose", "material", "", "LAC-7", "", ""],
    ["D-LOT-A", "A", "2025-03-10", "Lactose found damp", "material", "A1", "LAC-7", "", ""],
    ["D-EQ", "A", "2025-03-21", "Tablet press out of calibration", "equipment", "A2", "", "TP-01", ""],
    ["D-SP", "", "2025-03-04", "Count above the action level", "environment", "", "", "", "WP-3"],
    ["D-NONE", "C", "2025-02-12", "Line clearance late", "process", "C2", "LAC-99", "", ""],
    ["D-UNDATED", "A", "", "No date", "process", "A1", "", "", ""],
]


def profile(name: str, kind: str, columns: tuple[str, ...], key: str, date: str = "") -> str:
    dated = f'date = "{date}"\n' if date else ""
    typed = {
        name: 'type = "date"\n'
        if name == date
        else 'type = "list"\n'
        if name in ("lots", "batches", "sampling_points")
        else ""
        for name in columns
    }
    body = "".join(f'[columns.{c}]\nfield = "{c}"\n{typed[c]}' for c in columns)
    return f'name = "{name}"\nkind = "{kind}"\n{HEAD}key = ["{key}"]\nproduct = "product"\n{dated}{body}'


@pytest.fixture
def plant(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    made = set_up(sqlite_database, clock, new_id, tmp_path)
    desk = Desk(replace(made.ctx, outlines=load_outlines()), made.people)
    for name, kind, columns, key, date, rows in (
        ("batches", "batch", BATCH, "batch", "start", BATCHES), ("events", "deviation", EVENT, "deviation_id", "occurred_at", EVENTS),
        ("outcomes", "batch_disposition", OUTCOME, "batch", "", [["B1", "B", "released"], ["A1", "A", "pending"]]),
    ):  # fmt: skip
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows([columns, *rows])
        path = tmp_path / f"{name}.csv"
        path.write_text(out.getvalue(), encoding="utf-8")
        read = parse(profile(name, kind, columns, key, date).encode(), file="p")
        ingest(
            desk.ctx.database, desk.ctx.clock, desk.ctx.new_id, paths=[path], profiles=ProfileSet((read,)), actor=desk.actor("writer"),
            zone="UTC",
        )  # fmt: skip
    return desk


def extent(desk: Desk, deviation: str) -> EvidencePack:
    made = draft_report(desk.ctx, kind="deviation", subject=deviation, actor=desk.actor("writer"))
    with desk.ctx.database.read() as conn:
        return next(pack for _, key, pack in packs_of(conn, made.report_id) if key == "extent_of_condition")


def candidates(pack: EvidencePack) -> dict[str, tuple[str, ...]]:
    table: Table | None = next((t for t in pack.tables if t.id == "sharing"), None)
    return {row[0]: row[1:] for row in table.rows} if table else {}


def test_a_lot_is_followed_to_every_batch_of_every_product_whenever_it_was_used(plant: Desk) -> None:
    pack = extent(plant, "D-LOT")  # the event names no product
    found = candidates(pack)
    assert set(found) == {"A1", "A3", "B1", "C1"}
    assert found["B1"] == ("B", "2025-04-02", "lot LAC-7", "released")
    assert found["A1"][-1] == "pending"
    assert found["C1"][-1] == "no record"
    assert {pack.facts[f"extent.lot_named_1{end}"].exact for end in ("", "_products")} == {"4", "3"}
    assert all(f"batch/{name}" in pack.records for name in found)


def test_the_affected_batch_is_no_candidate_and_other_products_are_counted(plant: Desk) -> None:
    pack = extent(plant, "D-LOT-A")
    assert set(candidates(pack)) == {"A3", "B1", "C1"}
    assert pack.facts["extent.other_products"].exact == "2"


def test_equipment_is_followed_near_the_event_in_every_product(plant: Desk) -> None:
    pack = extent(plant, "D-EQ")
    found = candidates(pack)
    assert {name: row[2] for name, row in found.items()} == {"A1": "equipment TP-01", "B2": "equipment TP-01"}
    assert "A3" not in found  # 14 months before
    assert pack.facts["extent.equipment_named_1"].exact == "2"
    assert "within 3 months of the event" in str(pack.facts["extent.equipment_named_1"].inputs["query"])


def test_a_sampling_point_is_followed_near_the_event_in_every_product(plant: Desk) -> None:
    found = candidates(extent(plant, "D-SP"))
    assert {name: (row[0], row[2]) for name, row in found.items()} == {
        "A1": ("A", "sampling point WP-3"), "B1": ("B", "sampling point WP-3"),
    }  # fmt: skip


def test_what_nothing_shares_is_a_zero_of_a_query_and_batches_without_lots_share_none(plant: Desk) -> None:
    pack = extent(plant, "D-NONE")
    assert candidates(pack) == {}
    fact = pack.facts["extent.lot_named_1"]
    assert (fact.exact, fact.inputs["query"]) == ("0", "other batches of every product with lot LAC-99")
    assert pack.facts["extent.sharing_api_lot"].exact == "0"  # no batch names a lot of the active substance


def test_a_deviation_without_a_date_is_refused_in_words(plant: Desk) -> None:
    with pytest.raises(Invalid, match="D-UNDATED has no date"):
        extent(plant, "D-UNDATED")


def test_a_report_on_no_product_opens_with_its_sections(plant: Desk) -> None:
    made = draft_report(plant.ctx, kind="deviation", subject="D-LOT", actor=plant.actor("writer"))
    with plant.ctx.database.read() as conn:
        shown = report_picture(queries.load(conn, plant.ctx, made.report_id))
    assert (shown.product, shown.product_name, shown.subject) == ("", "", "D-LOT")
    assert len(shown.sections) == len(plant.ctx.outlines["deviation"].sections)


def test_a_batch_that_a_person_leaves_out_leaves_the_census(plant: Desk) -> None:
    def at(*left: str) -> Loaded:
        with plant.ctx.database.read() as conn:
            return load(conn, ReportScope("r", "apr_us", "A", "2025-01-01", "2025-12-31", exclusions=frozenset(left)))

    section = plant.ctx.outlines["apr_us"].section("batch_census")
    assert pack_of(at(), section).facts["census.made"].exact == "2"
    assert pack_of(at("batch/A2"), section).facts["census.made"].exact == "1"
