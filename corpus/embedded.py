"""Read one file and make the vectors of its passages, both in the worker process: the one that writes only inserts."""

from dataclasses import replace

from corpus.embedding import HashedNgrams, Vectors
from corpus.prepare import Job, Prepared, prepare


def prepare_embedded(job: Job) -> Prepared:
    """Read one file with the vectors of its passages; raise Invalid where nothing of it can be taken."""
    prepared = prepare(job)
    embedder = HashedNgrams()
    documents = tuple(
        replace(new, vectors=Vectors.of(embedder, [passage.text for passage in new.read.passages]))
        for new in prepared.documents
    )
    return replace(prepared, documents=documents)
