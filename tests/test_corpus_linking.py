"""Records name one another across documents; what does not resolve, stands twice, stands alone or is absent is listed, never mended."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import linking_reference
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid
from corpus import linked, records
from corpus.identifiers import parse, shipped
from corpus.index_links import LinkIndex
from corpus.ingest import ingest
from corpus.linking import Duplicate, Gap, OneSided, Unresolved, gaps, references
from corpus.plausibility import same_literal
from corpus.profile_toml import parse as profile
from corpus.profiles import ProfileSet, load_profiles

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
WHO = Actor("a1", "import", "Import Service", "service")


def table(name: str, kind: str, key: str, *columns: str, attributes: tuple[str, ...] = (), date: str = "") -> str:
    """A profile of a small table whose headers are its fields."""
    head = f'name = "{name}"\nversion = 1\ntitle = "{name}"\nkind = "{kind}"\nkey = ["{key}"]\ndelimiter = ","\n'
    head += f'date = ["{date}"]\n' if date else ""
    made = [f'[columns.{c}]\n{"attribute" if c in attributes else "field"} = "{c}"\n' for c in columns]
    typed = [text + ('type = "decimal"\n' if c in attributes else "") for c, text in zip(columns, made, strict=True)]
    return head + "".join(typed)


BATCHES = table("batches", "batch", "batch", "batch", "made_on", "batch_yield", attributes=("batch_yield",))
PRESS = table("press", "press_log", "batch", "batch", "made_on", "speed")
RECORDS = table("batch_records", "batch_record", "batch", "batch", "batch_yield", "status")
DEVIATIONS = table(
    "deviations", "deviation", "deviation_id", "deviation_id", "batch", "description", "capa_ids", "closed_on"
)
CAPAS = table("capas", "capa", "capa_id", "capa_id", "deviation_id", "change")
PROFILES = ProfileSet(tuple(profile(t.encode(), file="t") for t in (BATCHES, PRESS, RECORDS, DEVIATIONS, CAPAS)))


@pytest.fixture
def bring(database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path) -> Callable[..., None]:
    def bring_in(**files: str) -> None:
        for name, text in files.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            ingest(database, clock, new_id, paths=[path], profiles=PROFILES, actor=WHO, zone="UTC")

    return bring_in


@dataclass(frozen=True)
class Found:
    unresolved: tuple[Unresolved, ...]
    duplicates: tuple[Duplicate, ...]
    orphans: tuple[str, ...]
    one_sided: tuple[OneSided, ...]
    gaps: tuple[Gap, ...]


def look(database: Database) -> Found:
    links = LinkIndex()
    links.refresh(database, shipped())
    with database.read() as conn:
        orphans = records.records_by_id(conn, links.orphans(shipped()).found)
        twice = tuple(linked.duplicates(conn))
    alone = tuple(record.identifier for record in orphans.values())
    return Found(links.unresolved().found, twice, alone, links.one_sided(shipped()).found, links.gaps(shipped()))


PLANT = {
    "batches": "batch,made_on,batch_yield\n101,2020-05-01,98.5\n102,2020-05-02,97\n104,2020-05-04,99\n",
    "deviations": (
        "deviation_id,batch,description,capa_ids,closed_on\n"
        "DEV-2020-001,101,see batch 102 and CAPA-2020-002,CAPA-2020-001,2020-06-01\n"
        "DEV-2020-003,103,like DEV-2020-001,,2020-07-01\n"
        "DEV-2020-004,,nothing else,,\n"
    ),
    "capas": "capa_id,deviation_id,change\nCAPA-2020-001,DEV-2020-001,CC-2020-009\n",
}


def test_references_are_resolved_from_batch_to_deviation_to_capa_to_change(
    bring: Callable[..., None], database: Database
) -> None:
    bring(**PLANT)
    found = look(database)
    with database.read() as conn:
        named = references(records.every_record(conn), records.passages(conn), shipped())
    pairs = {(r.source[1], r.target) for r in named}
    assert pairs == {
        ("DEV-2020-001", ("batch", "101")), ("DEV-2020-001", ("batch", "102")), ("DEV-2020-001", ("capa", "CAPA-2020-001")),
        ("DEV-2020-001", ("capa", "CAPA-2020-002")), ("DEV-2020-003", ("batch", "103")),
        ("DEV-2020-003", ("deviation", "DEV-2020-001")), ("CAPA-2020-001", ("deviation", "DEV-2020-001")),
        ("CAPA-2020-001", ("change", "CC-2020-009")),
    }  # fmt: skip
    assert [(u.kind, u.identifier) for u in found.unresolved] == [
        ("batch", "103"), ("capa", "CAPA-2020-002"), ("change", "CC-2020-009"),
    ]  # fmt: skip
    assert str(found.unresolved[1].references[0].locator) == "deviations.csv row 2, description"
    assert found.orphans == ("DEV-2020-004",)
    assert [(gap.kind, gap.missing, gap.number) for gap in found.gaps] == [
        ("batch", ("103",), 1), ("deviation", ("DEV-2020-002",), 1),
    ]  # fmt: skip


def test_one_identifier_in_two_documents_with_other_content_is_listed_with_both(
    bring: Callable[..., None], database: Database
) -> None:
    head = "deviation_id,batch,description,capa_ids,closed_on\n"
    bring(deviations=head + "DEV-2020-001,101,late,,2020-06-01\n", register=head + "DEV-2020-001,101,late,,01.07.2020\n")
    (duplicate,) = look(database).duplicates
    assert (duplicate.kind, duplicate.identifier, duplicate.fields) == ("deviation", "DEV-2020-001", ("closed_on",))
    assert [r.get("closed_on") for r in duplicate.records] == ["2020-06-01", "01.07.2020"]
    with database.read() as conn:
        (found,) = linked.disagreements(conn)
    assert found.name == "closed_on"
    assert [s.literal for s in found.statements] == ["2020-06-01", "01.07.2020"]
    assert "'01.07.2020' (register.csv row 2, closed_on)" in found.message


def test_the_same_content_twice_is_no_duplicate(bring: Callable[..., None], database: Database) -> None:
    head = "deviation_id,batch,description,capa_ids,closed_on\n"
    bring(deviations=head + "DEV-2020-001,101,late,,2020-06-13\n", register=head + "DEV-2020-001,101,late,,13.06.2020\n")
    assert look(database).duplicates == ()


def test_the_yield_of_a_batch_in_two_kinds_of_record_is_shown_with_both_cells(
    bring: Callable[..., None], database: Database
) -> None:
    bring(
        batches=PLANT["batches"],
        press="batch,made_on,speed\n101,01.05.2020,5\n102,2020-05-03,5\n",
        batch_records="batch,batch_yield,status\n101,98.50,made\n102,97.5,made\n",
    )
    with database.read() as conn:
        assert list(linked.contradictions(conn)) == []
        found = list(linked.disagreements(conn))
    assert [(d.subject, d.name, [s.literal for s in d.statements]) for d in found] == [
        # 98.5 is 98.50; 1 May, which could be 5 January, stays a disagreement; a status is of its record
        (("batch", "101"), "made_on", ["2020-05-01", "01.05.2020"]),
        (("batch", "102"), "made_on", ["2020-05-02", "2020-05-03"]),
        (("batch", "102"), "batch_yield", ["97.5", "97"]),
    ]  # fmt: skip
    places = [str(s.locator) for s in found[2].statements]
    assert places == ["batch_records.csv row 3, batch_yield", "batches.csv row 3, batch_yield"]


def test_two_files_that_measure_the_same_differently_are_both_kept_in_sight(
    bring: Callable[..., None], database: Database
) -> None:
    bring(batches=PLANT["batches"], second=PLANT["batches"].replace("97\n", "96.9\n"))
    with database.read() as conn:
        (found,) = linked.contradictions(conn)
        counted = records.measurements(conn, batches=["102"])
    assert (found.rule, found.batch) == ("one value", "102")
    assert [cell.literal for cell in found.cells] == ["97", "96.9"]
    assert "batches.csv row 3" in found.message
    assert "second.csv row 3" in found.message
    assert [m.literal for m in counted] == ["97"]  # the one that was first counts, and is not the only one shown


def test_what_one_register_knows_and_another_does_not_is_told_by_name(
    bring: Callable[..., None], database: Database
) -> None:
    bring(batches=PLANT["batches"], press="batch,made_on,speed\n101,,5\n105,,5\n")
    assert [(o.identifier, o.known_to, o.unknown_to) for o in look(database).one_sided] == [
        ("102", ("batches.csv",), ("press.csv",)),
        ("104", ("batches.csv",), ("press.csv",)),
        ("105", ("press.csv",), ("batches.csv",)),
    ]


def test_files_that_go_on_each_other_are_one_register(bring: Callable[..., None], database: Database) -> None:
    batches, press = "batch,made_on,batch_yield\n", "batch,made_on,speed\n"
    months = {f"batches_{n}": f"{batches}{100 + n},2020-{n:02}-01,98\n{101 + n},2020-{n:02}-02,98\n" for n in range(1, 7)}
    bring(**months)  # each month repeats the last batch of the one before
    assert look(database).one_sided == ()
    bring(press=f"{press}101,,5\n102,,5\n103,,5\n104,,5\n", press_later=f"{press}105,,5\n107,,5\n108,,5\n")
    assert [(o.identifier, o.known_to, o.unknown_to) for o in look(database).one_sided] == [
        ("106", ("batches_1.csv and 5 more",), ("press.csv and 1 more",)),
        ("108", ("press.csv and 1 more",), ("batches_1.csv and 5 more",)),
    ]


def test_a_register_goes_on_under_a_new_version_of_its_profile_and_not_under_another_header(
    database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    later = BATCHES.replace("version = 1", "version = 2")
    wider = table("batches", "batch", "batch", "batch", "made_on", "batch_yield", "line", attributes=("batch_yield",))
    head = "batch,made_on,batch_yield"
    for name, text, content in (
        ("a", BATCHES, f"{head}\n1,,98\n"),
        ("b", later, f"{head}\n2,,98\n"),
        ("c", wider, f"{head},line\n3,,98,L1\n"),
    ):
        path = tmp_path / f"{name}.csv"
        path.write_text(content, encoding="utf-8")
        ingest(
            database, clock, new_id, paths=[path], profiles=ProfileSet((profile(text.encode(), file="t"),)), actor=WHO, zone="UTC",
        )  # fmt: skip
    assert [(o.identifier, o.known_to, o.unknown_to) for o in look(database).one_sided] == [
        ("1", ("a.csv and 1 more",), ("c.csv",)),
        ("2", ("a.csv and 1 more",), ("c.csv",)),
        ("3", ("c.csv",), ("a.csv and 1 more",)),
    ]


@pytest.mark.parametrize(
    ("identifiers", "from_one", "missing"),
    [
        ([f"DEV-2020-{n:03}" for n in range(1, 32) if n != 7], True, ("DEV-2020-007",)),
        (["DEV-2020-003", "DEV-2021-001"], True, ("DEV-2020-001 to DEV-2020-002",)),
        (["101", "102", "105"], False, ("103 to 104",)),
        (["DEV-2020-001", "DEV-2020-002"], True, ()),
        ([f"DEV-2024-{n:03}" for n in range(1, 32)] + ["DEV-2025-001"], True, ()),
        ([f"DEV-2024-{n:03}" for n in range(1, 32) if n != 30] + ["DEV-2025-001"], True, ("DEV-2024-030",)),
        (["DEV-2024-001", "DEV-2024-002", "DEV-2025-003", "DEV-2025-005"], True, ("DEV-2025-004",)),
        (["DEV-2024-031", "DEV-2025-001"], False, ()),
        (["DEV-2024-031", "DEV-2025-034"], False, ("DEV-2025-032 to DEV-2025-033",)),
        (["DEV-2024-031", "DEV-2025-003"], False, ("DEV-2025-001 to DEV-2025-002",)),
        (["0009", "0011"], False, ("0010",)),
        (["A", "B"], False, ()),
        ([], False, ()),
    ],
)
def test_numbers_absent_from_a_sequence_are_named(identifiers: list[str], from_one: bool, missing: tuple[str, ...]) -> None:  # noqa: FBT001
    found = list(gaps("deviation", identifiers, from_one=from_one))
    assert tuple(name for gap in found for name in gap.missing) == missing


@given(st.sets(st.integers(1, 400), min_size=1), st.booleans())
def test_known_and_missing_numbers_fill_the_sequence(numbers: set[int], from_one: bool) -> None:  # noqa: FBT001
    found = list(gaps("x", [f"N-{n:04}" for n in numbers], from_one=from_one))
    expected = max(numbers) - (1 if from_one else min(numbers)) + 1 - len(numbers)
    assert sum(gap.number for gap in found) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("98.5", "98.50", True), ("98.5", "98,5", False), ("2020-05-13", "13.05.2020", True), ("2020-05-01", "01.05.2020", False),
        ("minor", "Minor", False), ("<0.05", "<0.05", True), ("<0.05", "0.05", False), (" a ", "a", True), ("", "0", False),
    ],
)  # fmt: skip
def test_two_literals_say_the_same_only_where_each_can_be_read_in_one_way(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert same_literal(one, other) is same


def test_the_sample_resolves_every_reference_and_knows_every_batch_everywhere(
    sqlite_database: Database, clock: Clock, new_id: Callable[[], str]
) -> None:
    ships = load_profiles(SAMPLES / "profiles")
    ingest(sqlite_database, clock, new_id, paths=[SAMPLES], profiles=ships, actor=WHO, zone="UTC")
    found = look(sqlite_database)
    assert (found.unresolved, found.duplicates, found.one_sided, found.gaps) == ((), (), (), ())
    with sqlite_database.read() as conn:
        everywhere = list(linked.contradictions(conn))
        assert len(everywhere) > len(list(linked.contradictions(conn, product="17"))) > 0
        assert everywhere == linking_reference.contradictions(conn, None)
        assert list(linked.disagreements(conn)) == []


WRONG = {
    "no kinds": ('name = "identifiers"\nversion = 1\n', "needs name"),
    "group": ("pattern = '(A)-1'\nrecords = ['a']", "no group"),
    "matches nothing": ("pattern = 'A*'\nrecords = ['a']", "matches nothing"),
    "text without group": ("text = 'batch 1'\nrecords = ['a']", "one group"),
    "no records": ("pattern = 'A'", "names no records"),
    "unknown key": ("pattern = 'A'\nrecords = ['a']\ncolour = 'red'", "colour"),
    "bad pattern": ("pattern = '('\nrecords = ['a']", "kinds.x.pattern"),
    "no way": ("records = ['a']", "says not how"),
    "sequence": ("pattern = 'A'\nrecords = ['a']\nsequence = 'decade'", "decade"),
    "no TOML": ("name =", "TOML"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_identifiers_is_named(case: str) -> None:
    text, told = WRONG[case]
    whole = text if case in ("no kinds", "no TOML") else f'name = "identifiers"\nversion = 1\n[kinds.x]\n{text}\n'
    with pytest.raises(Invalid, match=told):
        parse(whole.encode(), file="identifiers.toml")


OF_PRODUCTS = "batch,product,made_on"
LINES = {
    "made": f"{OF_PRODUCTS}\n101,17,\n102,23,\n104,17,\n990,23,\n993,23,\n",
    "pressed": "batch,product,speed\n101,17,5\n102,23,5\n993,23,5\n",
    "packed": "batch,product,lots\n102,23,1\n990,23,1\n993,23,1\n",  # a register of product 23 alone
}


def test_gaps_and_one_sided_identifiers_of_a_product_are_its_own(
    sqlite_database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    for name, text in LINES.items():
        made = table(name, "batch" if name == "made" else f"{name}_log", "batch", *text.partition("\n")[0].split(","))
        read = profile(made.replace('delimiter = ","', 'delimiter = ","\nproduct = "product"').encode(), file=name)
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        ingest(sqlite_database, clock, new_id, paths=[path], profiles=ProfileSet((read,)), actor=WHO, zone="UTC")
    links = LinkIndex()
    links.refresh(sqlite_database, shipped())
    missing = {p: [gap.missing for gap in links.gaps(shipped(), product=p)] for p in ("17", "23", "9", None)}
    assert missing["17"] == [("103",)]
    assert missing["23"] == [("103", "105 to 989", "991 to 992")]
    assert missing["9"] == []
    assert missing[None] == missing["23"]
    told = {
        p: [(o.identifier, o.known_to, o.unknown_to) for o in links.one_sided(shipped(), product=p).found]
        for p in ("17", "23")
    }
    assert told == {
        "17": [("104", ("made.csv",), ("pressed.csv",))],
        "23": [("990", ("made.csv", "packed.csv"), ("pressed.csv",))],
    }
    assert links.one_sided(shipped(), product="9").found == ()
    assert links.one_sided(shipped()).total == 3  # 101, 104 and 990: 101 was not packed
