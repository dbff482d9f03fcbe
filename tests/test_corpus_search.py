"""Search finds what a question names first, then words and meaning, and nothing outside its scope."""

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid
from corpus import lexical, records, tables
from corpus.embedding import HashedNgrams
from corpus.index import SearchIndex
from corpus.ingest import ImportResult, ingest
from corpus.listing import list_files
from corpus.profiles import ProfileSet, load_profiles
from corpus.search import Hit, search

ACTOR = Actor("a1", "m.lead", "Mara Lead", "training_lead", "s1")
PROFILES = Path(__file__).parents[1] / "corpus" / "samples" / "profiles"

NARRATIVES = {
    "DEV-2020-014.md": """---
product: 17
origin: synthetic
---
# Granulator stopped

During granulation of batch 627 the impeller stopped for 12 minutes. Residual moisture was 1.44 %.

# Immediate action

The mass was held; the granulating screen was exchanged.
""",
    "DEV-2020-020.md": """---
product: 23
---
# Label roll

Blister label roll of batch 700 carried the wrong expiry.
""",
    "SOP-PR-012.txt": """---
title: Cleaning of the granulator
effective: 2020-03-01
---
Rinse the granulator bowl with purified water before each batch.
""",
    "notes.md": "A note of the plant that names no record: the warehouse was painted.\n",
}


@pytest.fixture
def bring(database: Database, clock: Clock, new_id: Callable[[], str]) -> Callable[..., ImportResult]:
    if not inspect(database.engine).has_table("documents"):
        database.write(tables.create_all)

    def bring_in(*paths: Path, profiles: ProfileSet = ProfileSet(())) -> ImportResult:  # noqa: B008 - frozen
        return ingest(database, clock, new_id, paths=paths, profiles=profiles, actor=ACTOR, zone="UTC")

    return bring_in


@pytest.fixture
def filled(database: Database, bring: Callable[..., ImportResult], tmp_path: Path) -> Database:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, text in NARRATIVES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "README.md").write_text("Not a source.\n", encoding="utf-8")
    result = bring(folder)
    assert [d.name for d in result.documents] == sorted(NARRATIVES)
    return database


def names(hits: list[Hit]) -> list[str]:
    return [hit.document for hit in hits]


def test_narratives_take_kind_product_and_record_from_description_or_file_name(filled: Database) -> None:
    with filled.read() as conn:
        found = {r.identifier: r for r in records.current_records(conn)}
        assert {i: (r.kind, r.product, r.document.synthetic) for i, r in found.items()} == {
            "DEV-2020-014": ("deviation_narrative", "17", True),
            "DEV-2020-020": ("deviation_narrative", "23", False),
            "SOP-PR-012": ("sop", None, False),
        }
        assert (found["SOP-PR-012"].date, found["SOP-PR-012"].date_precision) == ("2020-03-01", "day")
        told = records.passages(conn, record_identifier="DEV-2020-014")
        assert [p.place for p in told] == ["line 7", "line 11"]
        assert told[1].text.startswith("Immediate action: The mass was held")
        assert all(p.synthetic for p in told)
        assert [p.kind for p in records.passages(conn, kind="narrative")] == ["narrative"]
        assert {p.record_identifier for p in records.passages(conn, product="17")} == {"DEV-2020-014", "SOP-PR-012", None}
        assert records.passages(conn, ids=[told[0].id]) == [told[0]]


def test_a_word_document_is_read_with_its_description_and_places(
    database: Database, bring: Callable[..., ImportResult], tmp_path: Path
) -> None:
    document = docx.Document()
    about = document.add_table(rows=0, cols=2)
    for key, value in (("id", "DEV-2020-030"), ("product", "17"), ("origin", "synthetic")):
        cells = about.add_row().cells
        cells[0].text, cells[1].text = key, value
    document.add_heading("What happened", level=1)
    document.add_paragraph("The tablet press was stopped at 10:32 after a punch broke.")
    buffer = io.BytesIO()
    document.save(buffer)
    (tmp_path / "report.docx").write_bytes(buffer.getvalue())
    bring(tmp_path / "report.docx")
    with database.read() as conn:
        one = records.record(conn, "deviation_narrative", "DEV-2020-030")
        assert one is not None
        assert (one.product, one.document.synthetic) == ("17", True)
        told = records.passages(conn, record_identifier="DEV-2020-030")
        assert any(p.place == "paragraph 2" and "punch broke" in p.text for p in told)


@pytest.mark.parametrize("name", ["broken.docx", "empty.md", "latin.txt"])
def test_a_broken_text_says_what_is_wrong(bring: Callable[..., ImportResult], tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes({"broken.docx": b"PK\x03\x04 no", "empty.md": b"\n\n", "latin.txt": b"\xe9t\xe9"}[name])
    with pytest.raises(Invalid, match=name) as problem:
        bring(tmp_path / name)
    assert problem.value.remedy


def test_with_several_files_the_unreadable_one_is_listed_and_the_others_go_in(
    bring: Callable[..., ImportResult], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("what;is;this\n1;2;3\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("The press was cleaned.\n", encoding="utf-8")
    result = bring(tmp_path, profiles=load_profiles(PROFILES))
    assert [(r.file, r.locator) for r in result.refused] == [("a.csv", "whole file")]
    assert "no import profile" in result.refused[0].reason
    assert [d.name for d in result.documents] == ["b.md"]


def test_an_identifier_comes_first_with_its_record_and_its_passages(filled: Database) -> None:
    hits = search(filled, None, text="what happened in dev-2020-014?")
    assert [hit.record_identifier for hit in hits[:3]] == ["DEV-2020-014"] * 3
    assert hits[0].text.startswith("deviation_narrative DEV-2020-014")
    assert str(hits[1].locator) == "DEV-2020-014.md line 7"
    assert hits[0].synthetic


def test_words_and_word_forms_find_passages_and_scope_holds(filled: Database) -> None:
    assert names(search(filled, None, text="blister label expiry"))[0] == "DEV-2020-020.md"
    assert set(names(search(filled, None, text="granulating"))) >= {"DEV-2020-014.md"}
    for text in ("granulator batch expiry label", "DEV-2020-020", "batch 700"):
        assert "DEV-2020-020.md" not in names(search(filled, None, text=text, product="17"))
    assert set(names(search(filled, None, text="granulator", kind="sop"))) == {"SOP-PR-012.txt"}
    assert search(filled, None, text="") == []
    assert search(filled, None, text="zzzzqqqq xxyyzz") == []
    assert len(search(filled, None, text="the granulator " * 5_000, k=2)) == 2


def test_decimals_are_whole_words(filled: Database) -> None:
    assert names(search(filled, None, text="1.44"))[0] == "DEV-2020-014.md"
    assert lexical.tokens("moisture 1.44 % of DEV-2020-014") == ["moisture", "1.44", "dev-2020-014"]


def test_the_index_answers_as_the_scan_does_and_is_rebuilt_from_the_database(
    filled: Database, bring: Callable[..., ImportResult], tmp_path: Path
) -> None:
    index = SearchIndex(tmp_path / "index", exact_up_to=0)  # every scope is too wide: Chroma answers
    for text in ("granulation impeller stopped", "cleaning with purified water", "DEV-2020-014"):
        assert [h.id for h in search(filled, index, text=text)] == [h.id for h in search(filled, None, text=text)]
    changed = tmp_path / "texts" / "notes.md"
    changed.write_text("The chiller of the coating room failed.\n", encoding="utf-8")
    bring(changed)
    hits = search(filled, index, text="chiller coating room")
    assert names(hits)[0] == "notes.md"
    assert not any("painted" in hit.text for hit in search(filled, index, text="warehouse painted"))


@given(st.text(max_size=200))
def test_vectors_are_of_unit_length_and_the_same_each_time(text: str) -> None:
    vectors = HashedNgrams().embed([text, text])
    assert vectors[0].tolist() == vectors[1].tolist()
    length = Decimal(str(float((vectors[0] ** 2).sum())))
    assert length == 0 or abs(length - 1) < Decimal("0.0001")


def test_a_folder_gives_its_sources_and_not_what_describes_or_makes_them(tmp_path: Path) -> None:
    for name in (
        "b.md",
        "a.csv",
        "sub/c.TXT",
        "README.md",
        ".hidden.md",
        ".git/d.md",
        "x.toml",
        "code/__init__.py",
        "code/e.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text\n", encoding="utf-8")
    assert [p.relative_to(tmp_path).as_posix() for p in list_files([tmp_path, tmp_path / "b.md"])] == [
        "a.csv",
        "b.md",
        "sub/c.TXT",
    ]
    with pytest.raises(Invalid, match="not a kind of file"):
        list_files([tmp_path / "x.toml"])
    with pytest.raises(Invalid, match="no source file"):
        list_files([])
