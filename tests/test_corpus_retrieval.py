"""The sample corpus is found by number, by words within a scope, and by what is like it; retrieval is measured on BEIR folders."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from audit.errors import Invalid, NotFound
from corpus import records
from corpus.beir import evaluate, figures, ndcg, read_collection, recall
from corpus.embedding import HashedNgrams
from corpus.ingest import ingest
from corpus.lexical import tokens
from corpus.rerank import CoverageReranker
from corpus.retriever import retriever
from corpus.scope import Scope
from corpus.search import search
from corpus.similar import similar
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context

ROOT = Path(__file__).parents[1]
SAMPLES = Path(str(files("corpus") / "samples"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    ctx = open_context(settings_from({}, home=str(tmp_path_factory.mktemp("home"))))
    paths = [SAMPLES / name for name in ("zagar", "synthetic", "narratives", "sops")]
    actor = service_account(ctx).actor()
    ingest(
        ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=actor, zone="UTC", workers=ctx.workers
    )
    yield ctx
    close_context(ctx)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("beir")
    subprocess.run([sys.executable, "-m", "benchmarks.beir_sample", str(made)], check=True, cwd=ROOT)
    return made


def test_every_identifier_query_finds_its_record_among_the_first_five(home: Context, folders: Path) -> None:
    asked = read_collection(folders / "identifiers")
    missed = []
    for query, relevant in asked.relevant.items():
        hits = search(home.database, home.index, text=asked.queries[query], k=5)
        found = {f"{hit.kind}/{hit.record_identifier}" for hit in hits if hit.text.startswith(f"{hit.kind} ")}
        if not relevant.keys() <= found:
            missed.append((asked.queries[query], sorted(relevant)))
    assert len(asked.relevant) > 250
    assert missed == []


def test_a_period_and_a_batch_bound_what_is_found(home: Context) -> None:
    text = "weight uniformity of cores above the limit"
    everywhere = search(home.database, home.index, text=text, k=50)
    year = search(home.database, home.index, text=text, k=50, since="2020-01-01", until="2020-12-31")
    assert 5 < len(year) <= len(everywhere) == 50
    with home.database.read() as conn:
        dated = {r.identifier for r in records.current_records(conn, since="2020-01-01", until="2020-12-31")}
        batch = {
            r.identifier
            for r in records.current_records(conn)
            if "825" in r.get("batches").split("|") or r.get("batch") == "825"
        }
    assert {hit.record_identifier for hit in year} <= dated
    of_batch = search(home.database, home.index, text=text, k=50, batch="825")
    assert of_batch
    assert {hit.record_identifier for hit in of_batch} <= batch | {"825"}
    assert "DEV-2020-014" in {hit.record_identifier for hit in of_batch}
    named = search(home.database, home.index, text="DEV-2020-014", k=50, until="2019-12-31")
    assert "DEV-2020-014" not in {hit.record_identifier for hit in named}
    assert search(home.database, home.index, text=text, batch="82") == [] or all(
        "825" not in (hit.record_identifier or "") for hit in search(home.database, home.index, text=text, batch="82")
    )
    with pytest.raises(Invalid, match="no day"):
        search(home.database, home.index, text=text, since="2020-13-01")


def test_earlier_deviations_like_one_are_told_with_what_they_share(home: Context) -> None:
    found = similar(home.database, home.index, identifier="DEV-2020-014", k=5)
    assert len(found) == 5
    with home.database.read() as conn:
        asked = records.record(conn, "deviation", "DEV-2020-014")
    assert asked is not None
    for other in found:
        assert (other.record.date or "") < (asked.date or "")
        assert other.record.identifier != "DEV-2020-014"
        assert other.words
    first = found[0]
    assert first.record.identifier in {"DEV-2020-001", "DEV-2020-008", "DEV-2020-013"}  # the same finding at the same tester
    assert first.fields["equipment_id"] == "IPC-02"
    assert all(asked.get(name) == value == first.record.get(name) for name, value in first.fields.items())
    with pytest.raises(NotFound):
        similar(home.database, home.index, identifier="DEV-1999-001")
    assert similar(home.database, home.index, identifier="DEV-2019-001") == []  # nothing is earlier than the first


def test_a_reranker_orders_the_first_hits_by_what_they_hold(home: Context) -> None:
    text = "leaflet of another product in cartons"
    plain = search(home.database, home.index, text=text, k=10)
    again = search(home.database, home.index, text=text, k=10, reranker=CoverageReranker())
    assert set(tokens(text)) <= set(tokens(again[0].text))
    assert again == search(home.database, home.index, text=text, k=10, reranker=CoverageReranker())
    assert [hit.score for hit in again] == sorted((hit.score for hit in again), reverse=True)
    assert {hit.score for hit in plain} != {hit.score for hit in again}
    scores = CoverageReranker().scores(
        "blocked spray gun", ["the spray gun was blocked", "a gun far from any spray that was blocked", "none"]
    )
    assert scores[0] > scores[1] > scores[2] == 0


def test_the_search_is_a_langchain_retriever(home: Context) -> None:
    asked = retriever(home.database, home.index, Scope(kind="sop"), k=3)
    documents = asked.invoke("who reports a deviation to quality assurance?")
    hits = search(home.database, home.index, text="who reports a deviation to quality assurance?", k=3, kind="sop")
    assert [d.id for d in documents] == [hit.id for hit in hits]
    assert documents[0].metadata["record"].startswith("SOP-")
    assert documents[0].metadata["place"]


def test_the_command_line_bounds_a_search_and_tells_what_is_like_a_deviation(home: Context) -> None:
    line = [sys.executable, "-m", "drafting", "--home", str(home.settings.home), "search"]

    def told(*arguments: str) -> dict[str, list[dict[str, object]]]:
        done = subprocess.run([*line, *arguments, "--json"], check=True, capture_output=True, text=True, cwd=ROOT)
        tree: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
        return tree

    bounded = told(
        "weight uniformity",
        "--product",
        "17",
        "--from",
        "2020-11-01",
        "--to",
        "2020-12-31",
        "--batch",
        "825",
        "-k",
        "3",
        "--rerank",
    )
    assert 0 < len(bounded["hits"]) <= 3
    assert {"id", "score", "text", "document", "locator"} <= bounded["hits"][0].keys()
    alike = told("--like", "DEV-2020-014", "-k", "2")
    assert [hit["date"] < "2020-11-25" for hit in alike["hits"]] == [True, True]  # type: ignore[operator]
    assert "equipment_id" in alike["hits"][0]["same"]  # type: ignore[operator]
    for wrong, said in (
        (["text", "--from", "2020-02-30"], "no day"),
        ([], "Say what to look for"),
        (["--like", "DEV-1"], "is not here"),
    ):
        done = subprocess.run([*line, *wrong], check=False, capture_output=True, text=True, cwd=ROOT)
        assert (done.returncode, said in done.stderr) == (2, True)


def test_figures_are_those_of_the_definition() -> None:
    grades = {"a": 2, "b": 1}
    assert ndcg(["a", "b"], grades, 10) == 1
    assert ndcg(["b", "a"], grades, 10) == pytest.approx((1 + 2 / 1.5849625007) / (2 + 1 / 1.5849625007))
    assert ndcg(["x"] * 10 + ["a"], grades, 10) == 0
    assert recall(["x", "b"], grades, 2) == 0.5
    assert figures({"q": ["a"]}, {"q": {"a": 1}}) == {"ndcg@10": 1.0, "recall@5": 1.0, "recall@100": 1.0}


def test_retrieval_is_measured_on_a_beir_folder_from_the_command_line(folders: Path, tmp_path: Path) -> None:
    line = [sys.executable, "-m", "drafting", "--home", str(tmp_path / "home"), "eval", "retrieval"]
    told = subprocess.run(
        [*line, str(folders / "identifiers"), "--json"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    tree = json.loads(told.stdout)
    assert {"ndcg@10", "recall@100", "queries", "build_seconds", "queries_per_second"} <= tree.keys()
    assert tree["recall@5"] == 1.0
    assert set(tree["arms"]) == {"words", "meaning", "fused"}
    narratives = evaluate(read_collection(folders / "narratives"), HashedNgrams())
    assert narratives.queries == 100
    words, both = narratives.arms["words"], narratives.arms["fused"]
    assert both["ndcg@10"] >= words["ndcg@10"] > 0.15  # without trained weights, meaning only fills up behind the words
    assert both["recall@100"] >= words["recall@100"]
    (tmp_path / "odd").mkdir()
    wrong = subprocess.run([*line, str(tmp_path / "odd")], check=False, capture_output=True, text=True, cwd=ROOT)
    assert wrong.returncode == 2
    assert "corpus.jsonl cannot be opened" in wrong.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("corpus.jsonl", "{\n", "corpus.jsonl line 1"),
        ("corpus.jsonl", '{"_id": "d"}\n', "corpus.jsonl line 1"),
        ("queries.jsonl", "[1]\n", "queries.jsonl line 1"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq\td\thigh\n", "test.tsv line 2"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "no judged query"),
    ],
)
def test_a_folder_that_is_no_collection_says_where(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d", "title": "", "text": "t"}\n', encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "t"}\n', encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\td\t1\n", encoding="utf-8")
    assert read_collection(tmp_path).relevant == {"q": {"d": 1}}
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Invalid, match=said):
        read_collection(tmp_path)
