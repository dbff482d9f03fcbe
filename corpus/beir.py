"""Measure retrieval on a BEIR-format folder: `corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv`.

Promise: the ranking measured is the product's own: its words index, its vectors compared exactly, its fusion, and what a question names
exactly (a document's title or id) first. nDCG uses linear gains, as trec_eval and the published BEIR figures do. Queries without a relevant
document are left out.
"""

import csv
import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import Invalid
from corpus.embedding import Embedder
from corpus.index_words import WordsIndex
from corpus.search import LEAST_SIMILARITY, fused, named_in
from corpus.vectors import Within

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPTH = 100  # documents of each ranking
MOST_DOCUMENTS = 1_000_000
LONGEST_LINE = 4 * 1024 * 1024
AT_ONCE = 256  # texts whose vectors are made together
ARMS = ("words", "meaning", "fused")


@dataclass(frozen=True)
class Collection:
    """Documents (title, text), queries, and how relevant a document is to a query."""

    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Measured:
    """What an evaluation found: each arm's figures by name."""

    arms: Mapping[str, Mapping[str, float]]
    queries: int
    documents: int
    build_seconds: float
    queries_per_second: float

    def tree(self) -> dict[str, Any]:
        """Return the figures for JSON: those of the fused ranking first."""
        return {
            **self.arms["fused"], "queries": self.queries, "documents": self.documents, "build_seconds": self.build_seconds,
            "queries_per_second": self.queries_per_second, "arms": {name: dict(found) for name, found in self.arms.items()},
        }  # fmt: skip


def read_collection(folder: Path) -> Collection:
    """Read a BEIR-format folder; raise Invalid with the file and line where it is none."""
    documents = {str(d["_id"]): (str(d.get("title") or ""), str(d["text"])) for d in _lines(folder / "corpus.jsonl")}
    queries = {str(q["_id"]): str(q["text"]) for q in _lines(folder / "queries.jsonl")}
    relevant: dict[str, dict[str, int]] = {}
    path = folder / "qrels" / "test.tsv"
    for number, row in enumerate(_rows(path), start=1):
        if number == 1 and not row[-1].strip().lstrip("-").isdigit():
            continue  # the header
        try:
            query, document, grade = row[0], row[-2], int(row[-1])
        except (IndexError, ValueError) as error:
            raise Invalid(f"{path.name} line {number} is no judgement.", remedy="Write: query, document, grade.") from error
        if grade > 0 and query in queries:
            relevant.setdefault(query, {})[document] = grade
    if not documents or not relevant:
        raise Invalid(f"{folder} holds no documents or no judged query.", remedy="Give a BEIR-format folder.")
    return Collection(documents, queries, relevant)


def evaluate(collection: Collection, embedder: Embedder) -> Measured:
    """Build the indexes, ask every judged query, and compare words, meaning and both."""
    started = time.perf_counter()
    ranker = _Ranker(collection, embedder)
    built = time.perf_counter() - started
    rankings: dict[str, dict[str, list[str]]] = {arm: {} for arm in ARMS}
    started = time.perf_counter()
    for query in collection.relevant:
        for arm, found in zip(ARMS, ranker.ask(collection.queries[query]), strict=True):
            rankings[arm][query] = found
    taken = time.perf_counter() - started
    arms = {arm: figures(rankings[arm], collection.relevant) for arm in ARMS}
    number = len(collection.relevant)
    return Measured(arms, number, len(collection.documents), round(built, 3), round(number / max(taken, 1e-9), 1))


def figures(rankings: Mapping[str, Sequence[str]], relevant: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return the means over the queries of nDCG@10, recall@5 and recall@100."""
    number = len(relevant)
    return {
        "ndcg@10": round(sum(ndcg(rankings[q], relevant[q], 10) for q in relevant) / number, 4),
        "recall@5": round(sum(recall(rankings[q], relevant[q], 5) for q in relevant) / number, 4),
        "recall@100": round(sum(recall(rankings[q], relevant[q], 100) for q in relevant) / number, 4),
    }


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the discounted gain of a ranking, as a share of the best possible one."""
    gained = sum(grades.get(key, 0) / math.log2(place + 1) for place, key in enumerate(ranking[:depth], start=1))
    ideal = sorted(grades.values(), reverse=True)[:depth]
    return gained / sum(grade / math.log2(place + 1) for place, grade in enumerate(ideal, start=1))


def recall(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the share of relevant documents among the first ones."""
    return len(grades.keys() & set(ranking[:depth])) / len(grades)


class _Ranker:
    """The product's rankings over a collection."""

    def __init__(self, collection: Collection, embedder: Embedder) -> None:
        self.embedder = embedder
        self.names = tuple(collection.documents)
        texts = [f"{title} {text}".strip() for title, text in collection.documents.values()]
        self.words = WordsIndex()
        self.words.build(enumerate(texts))
        self.vectors = Within({}, self.names, _matrix(embedder, texts))
        self.titled: dict[str, list[str]] = {}
        for name, (title, _) in collection.documents.items():
            for called in {name, title} - {""}:
                self.titled.setdefault(called, []).append(name)

    def ask(self, text: str) -> tuple[list[str], list[str], list[str]]:
        """Return the rankings by words, by meaning, and of both with what is named first."""
        words = [self.names[key] for key, _ in self.words.ranked(text, count=DEPTH)]
        vector = self.embedder.embed([text])[0]
        near = self.vectors.nearest(vector, count=DEPTH) if vector.any() else []
        meaning = [name for name, likeness in near if likeness >= LEAST_SIMILARITY]
        named = named_in(text)
        called = dict.fromkeys((*named.identifiers, *(number for _, number in named.numbered)))
        exact = list(dict.fromkeys(name for one in called for name in self.titled.get(one, ())))
        both = [name for name, _ in fused(words, meaning, weight=self.embedder.weight) if name not in exact]
        return words, meaning, [*exact, *both][:DEPTH]


def _matrix(embedder: Embedder, texts: Sequence[str]) -> "NDArray[np.float32]":
    import numpy as np  # noqa: PLC0415 - only where vectors are made

    parts = [embedder.embed(texts[start : start + AT_ONCE]) for start in range(0, len(texts), AT_ONCE)]
    return np.concatenate(parts)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_text(path), start=1):
        if not line.strip():
            continue
        if number > MOST_DOCUMENTS or len(line) > LONGEST_LINE:
            raise Invalid(f"{path.name} line {number} is too much.", remedy=f"At most {MOST_DOCUMENTS} lines are read.")
        try:
            tree = json.loads(line)
            if "_id" not in tree or "text" not in tree:
                raise ValueError  # noqa: TRY301 - one message for each line that is none
        except (ValueError, TypeError) as error:
            raise Invalid(f"{path.name} line {number} is no entry with _id and text.", remedy="Check the file.") from error
        yield tree


def _rows(path: Path) -> Iterator[list[str]]:
    yield from (row for row in csv.reader(_text(path), delimiter="\t", quoting=csv.QUOTE_NONE) if row)


def _text(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as stream:
            yield from stream
    except OSError as error:
        raise Invalid(f"{path} cannot be opened.", remedy="Give a BEIR-format folder.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path.name} is not UTF-8.", remedy="Save it as UTF-8.") from error
