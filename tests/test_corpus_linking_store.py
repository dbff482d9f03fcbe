"""What the store answers of how records fit together is what comes out where everything is compared in memory."""

import shutil
import tempfile
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from linking_reference import contradictions, disagreements, everything
from sqlalchemy import event

from audit import tables as audit_tables
from audit.chain import Actor
from audit.clock import Clock, SystemClock
from audit.database import Database, open_database
from corpus import linked, records, tables
from corpus.identifiers import parse, shipped
from corpus.index_links import FILE, LinkIndex
from corpus.ingest import ingest
from corpus.plausibility import Disagreement
from corpus.profile_toml import parse as profile
from corpus.profiles import ProfileSet

WHO = Actor("a1", "import", "Import Service", "service")
MEASURED = ("h_min", "h_av", "h_max", "impurity_a", "impurities_total", "speed")
TABLES = {  # kind: key, fields, attributes
    "batch": ("batch", ("batch", "product", "made_on"), MEASURED),
    "press_log": ("batch", ("batch", "product", "made_on", "speed", "status"), ()),
    "deviation": ("deviation_id", ("deviation_id", "product", "batch", "description"), ()),
    "capa": ("capa_id", ("capa_id", "deviation_id"), ()),
}


def table(kind: str) -> str:
    key, fields, attributes = TABLES[kind]
    head = f'name = "{kind}"\nversion = 1\ntitle = "{kind}"\nkind = "{kind}"\nkey = ["{key}"]\ndelimiter = ","\nmissing = ["", "-"]\n'
    head += 'product = "product"\n' if "product" in fields else ""
    text = "".join(f'[columns.{c}]\nfield = "{c}"\n' + "passage = true\n" * (c == "description") for c in fields)
    return head + text + "".join(f'[columns.{c}]\nattribute = "{c}"\ntype = "decimal"\n' for c in attributes)


PROFILES = ProfileSet(tuple(profile(table(kind).encode(), file=kind) for kind in TABLES))
BATCHES = st.sampled_from(["1", "2", "3", "5", "008", "010"])
DEVIATIONS = st.sampled_from([f"DEV-2020-{n:03}" for n in (1, 2, 4)] + ["DEV-2021-001", "DEV-2020-002/A"])
CAPAS = st.sampled_from(["CAPA-2020-001", "CAPA-2020-003"])
NUMBERS = st.sampled_from(["1", "1.0", "2", "2.5", "<1", "-", "10", "9.99999999999999999", "10.00000000000000000001", "x"])
PROSE = st.lists(
    st.one_of(BATCHES.map("batch {}".format), DEVIATIONS, CAPAS, st.sampled_from(["CC-2020-007", "see", "then"])), max_size=4
).map(" ".join)
CELLS = {
    "batch": BATCHES, "product": st.sampled_from(["17", "18", "*", ""]), "made_on": st.sampled_from(["2020-05-13", "13.05.2020", "2020-06-01", ""]),
    "speed": st.sampled_from(["1", "1.0", "2", "-"]), "status": st.sampled_from(["a", "b"]), "deviation_id": DEVIATIONS,
    "description": PROSE, "capa_id": CAPAS, **dict.fromkeys(MEASURED[:5], NUMBERS),
}  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """A file of one of the tables, or a narrative, under one of few names, so that some take the place of others."""
    kind = draw(st.sampled_from([*TABLES, "narrative"]))
    if kind == "narrative":
        about = draw(st.sampled_from(["id: DEV-2020-001\n", "id: INV-1\nproduct: 17\n"]))
        return (
            "told.md",
            f"---\n{about}kind: narrative\n---\n\n## Part\n\n{draw(PROSE)} end\n\n## Other\n\n{draw(PROSE)} end\n",
        )
    _, fields, attributes = TABLES[kind]
    columns = [*fields, *attributes]
    rows = draw(st.lists(st.tuples(*(CELLS[column] for column in columns)), min_size=1, max_size=4))
    lines = [",".join(columns), *(",".join(row) for row in rows)]
    return f"{kind}{draw(st.integers(1, 2))}.csv", "\n".join(lines) + "\n"


def by_subject(found: Disagreement) -> tuple[object, ...]:
    kind, identifier = found.subject
    return records.natural(identifier), kind, found.name


def compare(database: Database, links: LinkIndex) -> None:
    """Compare every answer with the reference."""
    links.refresh(database, shipped())
    with database.read() as conn:
        expected = everything(conn, shipped())
        assert links.unresolved().found == expected.unresolved
        assert links.orphans(shipped()).found == tuple(record.id for record in expected.orphans)
        assert links.one_sided(shipped()).found == expected.one_sided
        assert links.gaps(shipped()) == expected.gaps
        twice = {(d.kind, d.identifier): d for d in linked.duplicates(conn)}
        assert twice == {(d.kind, d.identifier): d for d in expected.duplicates}
        assert links.unresolved(most=1).found == expected.unresolved[:1]
        assert links.unresolved(most=1).total == len(expected.unresolved)
        assert links.one_sided(shipped(), most=2).found == expected.one_sided[:2]
        for product in (None, "17"):
            assert list(linked.contradictions(conn, product=product)) == contradictions(conn, product)
            told = sorted(linked.disagreements(conn, product=product), key=by_subject)
            assert told == sorted(disagreements(conn, product), key=by_subject)


def bring(database: Database, clock: Clock, folder: Path, name: str, text: str, ids: Callable[[], str]) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    ingest(database, clock, ids, paths=[path], profiles=PROFILES, actor=WHO, zone="UTC")


@given(st.lists(files(), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_every_answer_is_that_of_the_reference_after_each_import(made: list[tuple[str, str]]) -> None:
    folder = Path(tempfile.mkdtemp())
    database, numbers = open_database(f"sqlite:///{folder / 'x.sqlite'}"), count()
    try:
        database.write(audit_tables.create_all)
        database.write(tables.create_all)
        links = LinkIndex(folder / "index")
        for name, text in made:
            bring(database, SystemClock(), folder, name, text, lambda: f"i{next(numbers):05}")
            compare(database, links)
        compare(database, LinkIndex())  # built at once as well as import by import
    finally:
        database.close()
        shutil.rmtree(folder)


SCENES = [
    ("batch1.csv", "17,2020-05-13,2,1,10,2,1,1"),
    ("batch2.csv", "18,2020-06-01,2,2.0,10,2,3,-"),
    ("press_log1.csv", "17,13.05.2020,2,a"),
    ("deviation1.csv", "17,9,batch 9 and CAPA-2020-001"),
    ("deviation2.csv", "17,9,batch 9 and CAPA-2020-003"),
    ("batch1.csv", "17,2020-05-14,3,1,10,2,1,1"),
]


def test_every_answer_is_that_of_the_reference_on_each_engine(
    database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    links = LinkIndex(tmp_path / "index")
    for name, cells in SCENES:
        kind = name[:-5]
        _, fields, attributes = TABLES[kind]
        keys = ("DEV-2020-001", "DEV-2020-003") if kind == "deviation" else ("1", "2", "4")
        rows = "".join(f"{key},{cells}\n" for key in keys)
        bring(database, clock, tmp_path, name, ",".join((*fields, *attributes)) + "\n" + rows, new_id)
        compare(database, links)
    with database.read() as conn:
        assert {found.rule for found in linked.contradictions(conn)} == {
            "min <= average <= max",
            "part <= total",
            "one value",
        }
        assert len(list(linked.duplicates(conn))) == 5
        assert {found.name for found in linked.disagreements(conn)} >= {"speed", "made_on", "description"}


def test_a_cache_that_is_no_cache_of_this_store_is_made_again(
    sqlite_database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / FILE).write_bytes(b"no database at all" * 100)
    bring(sqlite_database, clock, tmp_path, "capa1.csv", "capa_id,deviation_id\nCAPA-2020-001,DEV-2020-001\n", new_id)
    links = LinkIndex(folder)
    compare(sqlite_database, links)
    other = parse(
        b'name = "identifiers"\nversion = 2\n[kinds.deviation]\nrecords = ["deviation"]\npattern = "DEV-[0-9]"\n', file="i"
    )
    assert links.refresh(sqlite_database, other)
    assert links.unresolved().total == 0  # of these identifiers none is named
    assert links.refresh(sqlite_database, shipped())
    assert [one.identifier for one in links.unresolved().found] == ["DEV-2020-001"]
    assert not LinkIndex(folder).refresh(sqlite_database, shipped())  # what another process made is taken as it is


def test_what_is_asked_for_in_part_is_read_in_part(
    sqlite_database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path
) -> None:
    head = "capa_id,deviation_id\n"
    rows = "".join(f"CAPA-2020-{n:03},DEV-2020-{n:03}\n" for n in range(1, 400))
    bring(sqlite_database, clock, tmp_path, "capa1.csv", head + rows, new_id)
    bring(sqlite_database, clock, tmp_path, "capa2.csv", head + rows.replace(",DEV-2020", ",DEV-2021"), new_id)
    with sqlite_database.read() as conn:
        asked: list[str] = []
        event.listen(conn, "before_cursor_execute", lambda *told: asked.append(told[2]))
        first = list(islice(linked.duplicates(conn), 3))
        few = len(asked)
        assert len(list(linked.duplicates(conn))) == 399
    assert [one.identifier for one in first] == ["CAPA-2020-001", "CAPA-2020-002", "CAPA-2020-003"]
    assert few < len(asked) - few
