"""Make a BEIR-format folder from the sample corpus: `python -m benchmarks.beir_sample FOLDER`.

Two sets of queries, each a folder of its own. Identifiers in a sentence, over the sample's records and passages. And 100 narrative
questions over its passages, as a person asks who remembers the event and not its words: they were written by hand from the events, before any was
ranked, and stand in `narrative_questions.tsv` with what they are about, so that what is relevant is known by construction. The seed
makes the same bytes each time.
"""

import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from corpus.listing import list_files
from corpus.prepare import Job, prepare
from corpus.profiles import load_profiles

SEED = 20_261_125
IDENTIFIED = (
    "deviation",
    "capa",
    "change_control",
    "complaint",
    "oos",
    "oot",
    "recall",
    "return",
    "validation",
    "utility",
    "sop",
)
IDENTIFIER_FRAMES = (
    "What is recorded under {}?",
    "show {} please",
    "{}",
    "status of {} and what came of it",
    "Is {} closed?",
)


@dataclass(frozen=True)
class Document:
    """A record or passage as a document of the collection; `about` is the record it belongs to."""

    id: str
    title: str
    text: str
    kind: str
    about: str


@dataclass(frozen=True)
class Query:
    """A query with the documents that answer it."""

    id: str
    text: str
    relevant: Mapping[str, int]


def sample_documents() -> list[Document]:
    """Read the shipped corpus into documents: one a record (its rows together), one a passage."""
    samples = Path(str(files("corpus") / "samples"))
    profiles = load_profiles(samples / "profiles")
    records: dict[str, Document] = {}
    passages: list[Document] = []
    for path in list_files([samples]):
        for new in prepare(Job(path, profiles)).documents:
            for r in new.read.records:
                said = "; ".join(f"{name}: {value}" for name, value in r.fields.items() if value and name != "origin")
                key = f"{r.kind}/{r.identifier}"
                before = records[key].text + "; " if key in records else ""
                records[key] = Document(key, r.identifier, f"{before}{said}", r.kind, r.identifier)
            passages += [
                Document(f"{path.name}#{n}", "", p.text, p.kind, p.record_identifier or path.name)
                for n, p in enumerate(new.read.passages, start=1)
            ]
    return [*records.values(), *passages]


def identifier_queries(documents: Sequence[Document]) -> list[Query]:
    """Ask for every record of the kinds that people call by number, and for some batches."""
    rng = random.Random(SEED)  # noqa: S311 - seeded on purpose
    named = [d for d in documents if d.title and d.kind in IDENTIFIED]
    batches = rng.sample([d for d in documents if d.kind == "batch"], 60)
    asked = [(d, rng.choice(IDENTIFIER_FRAMES).format(d.title)) for d in named]
    asked += [(d, f"what is known of batch {d.title}") for d in batches]
    return [Query(f"i{n}", text, {d.id: 1}) for n, (d, text) in enumerate(asked, start=1)]


def narrative_queries(documents: Sequence[Document]) -> list[Query]:
    """Ask in other words about events and sections of procedures; in the order of the seed."""
    lines = (Path(__file__).parent / "narrative_questions.tsv").read_text(encoding="utf-8").splitlines()
    asked = [line.split("\t") for line in lines]
    random.Random(SEED).shuffle(asked)  # noqa: S311 - seeded on purpose
    return [
        Query(f"n{n}", text, _answering(documents, targets.split("|"))) for n, (targets, text) in enumerate(asked, start=1)
    ]


def _answering(documents: Sequence[Document], targets: Sequence[str]) -> dict[str, int]:
    """Return the passages of the targets: "EVENT" (its description 2, what else tells of it 1) or "PROCEDURE/HEADING" (2)."""
    found: dict[str, int] = {}
    for target in targets:
        about, _, heading = target.partition("/")
        own = [d for d in documents if d.about == about and (not heading or d.text.startswith(f"{heading}:"))]
        if not own:
            raise ValueError(target)  # the sample corpus was changed: change the question
        found |= {d.id: 2 if heading or d.kind == "deviation" else 1 for d in own}
    return found


def write(folder: Path, documents: Sequence[Document], queries: Sequence[Query]) -> None:
    """Write a BEIR-format folder."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    lines = ({"_id": d.id, "title": d.title, "text": d.text} for d in documents)
    (folder / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    asked = "".join(json.dumps({"_id": q.id, "text": q.text}) + "\n" for q in queries)
    (folder / "queries.jsonl").write_text(asked, encoding="utf-8")
    judged = "".join(f"{q.id}\t{d}\t{grade}\n" for q in queries for d, grade in q.relevant.items())
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged, encoding="utf-8")


def main(folder: Path) -> None:
    """Write both folders."""
    documents = sample_documents()
    write(folder / "identifiers", documents, identifier_queries(documents))
    passages = [d for d in documents if not d.title]
    write(folder / "narratives", passages, narrative_queries(passages))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
