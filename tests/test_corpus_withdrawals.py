"""A new version of a file withdraws the parts that it no longer holds, keeps them, and never takes what it could not read for gone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from office_files import xlsx
from pdf_files import Pdf
from sqlalchemy import text

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from audit.clock import FixedClock
from audit.database import Database
from corpus import records, withdrawals
from corpus.caching import Mark, changes, current_passages, mark_of
from corpus.clashes import of_document
from corpus.index_words import WordsIndex
from corpus.ingest import ImportResult, ingest
from corpus.model import SourceDocument
from corpus.prepare import Job, prepare
from corpus.profile_toml import parse
from corpus.profiles import ProfileSet
from drafting.projections import verify_home

WHO = Actor("a1", "m.writer", "Mara Writer", "writer")
HEADER = ("id", "date", "class", "story")
PROFILE = """
name = "devs"
version = 1
title = "Deviations"
kind = "deviation"
missing = [""]
key = ["deviation_id"]
date = "date"
[columns.id]
field = "deviation_id"
[columns.date]
field = "date"
type = "date"
[columns.class]
field = "class"
[columns.story]
field = "story"
passage = true
"""
CAPAS = """
name = "capas"
version = 1
title = "CAPAs"
kind = "capa"
key = ["capa_id"]
[columns.capa]
field = "capa_id"
[columns.what]
field = "what"
"""
CAPA_ROWS = (("capa", "what"), ("CAPA-1", "Retrain"))
Sheets = Mapping[str, Sequence[Sequence[str]]]


def rows(*lines: str) -> list[tuple[str, ...]]:
    return [HEADER, *(tuple(line.split(";")) for line in lines)]


MAJOR = rows("DEV-1;2020-05-01;major;The sieve of the granulator broke")
MINOR = rows("DEV-2;2020-06-01;minor;A label was torn")


@dataclass(frozen=True)
class Store:
    """A store with the profiles, and a folder to import from."""

    database: Database
    take: Callable[[str, Sheets], ImportResult]

    def documents(self) -> list[str]:
        with self.database.read() as conn:
            return [f"{d.shown} {d.version}" for d in records.documents(conn)]

    def classes(self) -> dict[str, str]:
        with self.database.read() as conn:
            return {r.identifier: r.get("class") for r in records.current_records(conn, kind="deviation")}

    def sound(self) -> None:
        with self.database.read() as conn:
            assert verify_home(conn).findings == ()


@pytest.fixture
def store(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Store:
    profiles = ProfileSet((parse(PROFILE.encode(), file="devs.toml"), parse(CAPAS.encode(), file="capas.toml")))

    def take(name: str, sheets: Sheets) -> ImportResult:
        path = tmp_path / name
        path.write_bytes(xlsx(sheets))
        return ingest(database, clock, new_id, paths=[path], profiles=profiles, actor=WHO, zone="UTC")

    return Store(database, take)


def withdrawn(store: Store, result: ImportResult) -> SourceDocument:
    ((document, why),) = result.withdrawn
    with store.database.read() as conn:
        assert withdrawals.of_documents(conn, [document.id]) == {document.id: why}
        assert not records.is_current(conn, document.id)
        (entry,) = trail.entries(conn, object_id=document.id, action=str(Action.SOURCE_WITHDRAWN))
        assert (entry.reason, entry.new["withdrawn_by"], entry.actor) == (why.reason, why.by_document, WHO)
        assert document.part in why.reason
        assert records.document_bytes(conn, document)
        assert [r.place for r in of_passages(conn, document.id)]
    return document


def of_passages(conn: object, document_id: str) -> list[records.Passage]:
    ids = conn.scalars(text("SELECT id FROM passages WHERE document_id = :d"), {"d": document_id}).all()  # type: ignore[attr-defined]
    return records.passages(conn, ids=ids)  # type: ignore[arg-type]


def test_a_sheet_that_was_removed_is_withdrawn_and_kept(store: Store) -> None:
    store.take("devs.xlsx", {"First": MAJOR, "Second": MINOR})
    done = store.take("devs.xlsx", {"First": MAJOR})
    assert withdrawn(store, done).shown == "devs.xlsx, sheet Second"
    assert any("sheet Second, version 1, no longer counts" in said for said in done.warnings)
    assert store.documents() == ["devs.xlsx, sheet First 2"]
    assert store.classes() == {"DEV-1": "major"}
    store.sound()


@pytest.mark.parametrize("beside", [{}, {"Other": MINOR}])
def test_a_renamed_sheet_takes_the_place_of_the_old_one_without_a_clash(store: Store, beside: Sheets) -> None:
    store.take("devs.xlsx", {"First": MAJOR, **beside})
    done = store.take(
        "devs.xlsx", {"First 2020": rows("DEV-1;2020-05-01;critical;The sieve of the granulator broke"), **beside}
    )
    assert withdrawn(store, done).part == "sheet First"
    assert done.clashes == []
    assert store.classes()["DEV-1"] == "critical"
    store.sound()


def test_another_file_of_the_same_name_with_other_records_withdraws_nothing(store: Store) -> None:
    store.take("month.xlsx", {"May": MAJOR})
    done = store.take("month.xlsx", {"June": MINOR})
    assert done.withdrawn == []
    assert any("sheet May of an earlier import is not in this file and still counts" in said for said in done.warnings)
    assert store.classes() == {"DEV-1": "major", "DEV-2": "minor"}


def test_a_file_of_another_name_withdraws_nothing(store: Store) -> None:
    store.take("devs.xlsx", {"First": MAJOR, "Second": MINOR})
    assert store.take("copy.xlsx", {"First": MAJOR}).withdrawn == []
    assert store.classes() == {"DEV-1": "major", "DEV-2": "minor"}


@pytest.mark.parametrize("damaged", [[("id", "day", "klass"), *(row[:3] for row in MINOR[1:])], [("a note",)]])
def test_a_sheet_that_is_there_and_could_not_be_read_is_not_withdrawn(
    store: Store, damaged: Sequence[Sequence[str]]
) -> None:
    store.take("devs.xlsx", {"First": MAJOR, "Second": MINOR})
    done = store.take("devs.xlsx", {"First": MAJOR, "Second": damaged})
    assert done.withdrawn == []
    assert [refusal.locator for refusal in done.refused] == ["sheet Second"]
    assert any("sheet Second of an earlier import was not read from this file and still counts" in w for w in done.warnings)
    assert store.classes() == {"DEV-1": "major", "DEV-2": "minor"}


def test_a_sheet_of_another_kind_is_withdrawn_by_its_file_and_not_by_a_stranger(store: Store) -> None:
    store.take("book.xlsx", {"Deviations": MAJOR, "CAPAs": CAPA_ROWS})
    done = store.take("book.xlsx", {"Deviations": MAJOR})
    assert [document.part for document, _ in done.withdrawn] == ["sheet CAPAs"]
    store.take("other.xlsx", {"Deviations": MINOR})
    assert store.take("other.xlsx", {"CAPAs": CAPA_ROWS}).withdrawn == []


def test_old_bytes_bring_a_part_back_with_the_next_number_and_new_ones_withdraw_it_again(store: Store) -> None:
    old, new = {"First": MAJOR, "Second": MINOR}, {"First": MAJOR}
    store.take("devs.xlsx", old)
    store.take("devs.xlsx", new)
    assert store.take("devs.xlsx", new).withdrawn == []  # the same bytes again change nothing
    back = store.take("devs.xlsx", old)
    assert any("sheet Second was withdrawn before and counts again, as version 2" in said for said in back.warnings)
    assert store.documents() == ["devs.xlsx, sheet First 3", "devs.xlsx, sheet Second 2"]
    assert store.classes() == {"DEV-1": "major", "DEV-2": "minor"}
    (again,) = store.take("devs.xlsx", new).withdrawn
    assert (again[0].part, again[0].version) == ("sheet Second", 2)
    store.sound()


def test_a_part_that_comes_back_replaces_nothing_that_came_into_force_meanwhile(store: Store) -> None:
    other = {"Else": rows("DEV-2;2020-06-01;critical;A label was torn")}
    store.take("devs.xlsx", {"First": MAJOR, "Second": MINOR})
    assert len(store.take("other.xlsx", other).clashes) == 1
    assert store.classes()["DEV-2"] == "minor"
    store.take("devs.xlsx", {"First": MAJOR})
    assert store.classes()["DEV-2"] == "critical"
    done = store.take("devs.xlsx", {"First": MAJOR, "Second": MINOR})
    assert store.classes()["DEV-2"] == "critical"
    assert [clash.identifier for clash in done.clashes] == ["DEV-2"]


def test_a_part_left_over_by_an_earlier_release_is_withdrawn_by_the_next_version(store: Store) -> None:
    """Before parts were withdrawn, one stayed current beside later versions of its file."""
    store.take("devs.xlsx", {"First": MAJOR, "Second": MINOR})
    store.take("devs.xlsx", {"First": MAJOR, "Second": [("a note",)]})  # leaves it, as they did
    done = store.take("devs.xlsx", {"First": MAJOR})
    assert [document.part for document, _ in done.withdrawn] == ["sheet Second"]


def test_caches_let_go_of_what_was_withdrawn(store: Store, tmp_path: Path) -> None:
    index = WordsIndex(tmp_path / "index")
    store.take("devs.xlsx", {"First": MAJOR, "Second": MINOR})
    with store.database.read() as conn:
        index.refresh(conn)
        held = mark_of(conn)
        assert len(index.ranked("label torn", count=5)) == 1
    done = store.take("devs.xlsx", {"First": MAJOR})
    with store.database.read() as conn:
        changed = changes(conn, held)
        gone = {document.sequence for document, _ in done.withdrawn}
        assert gone <= set(changed.gone)
        assert not changed.anew
        assert changes(conn, mark_of(conn)).gone == ()
        assert changes(conn, Mark()).added == tuple(d.sequence for d in records.documents(conn))
        index.refresh(conn)
        assert index.ranked("label torn", count=5) == []
        assert index.size() == current_passages(conn)


def test_of_a_file_that_could_not_be_read_whole_it_is_not_known_what_stands_in_it(tmp_path: Path) -> None:
    path = tmp_path / "pages.pdf"
    profiles = ProfileSet((parse(PROFILE.encode(), file="devs.toml"),))
    path.write_bytes(Pdf().page().text(72, 700, "Words of the first page").bytes())
    assert prepare(Job(path, profiles)).parts is not None
    path.write_bytes(Pdf().page().text(72, 700, "Words of the first page").page().picture(8, 8, bytes(64)).bytes())
    assert prepare(Job(path, profiles)).parts is None


def test_clashes_are_found_among_what_counts_only(store: Store) -> None:
    store.take("devs.xlsx", {"First": MAJOR, "Second": MINOR})
    other = store.take("other.xlsx", {"Else": rows("DEV-2;2020-06-01;critical;A label was torn")}).documents[0]
    store.take("devs.xlsx", {"First": MAJOR})
    with store.database.read() as conn:
        assert of_document(conn, other.id) == []
