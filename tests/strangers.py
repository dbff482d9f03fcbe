"""A stranger's evidence, and what is said of a sentence about it: for the tests of `check-text`."""

from collections.abc import Mapping, Sequence

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.verdicts import Judged, Verdict


def index_of(files: Mapping[str, Sequence[Sequence[str]] | str]) -> Index:
    """Read tables by the names of their files: rows, or comma-separated lines."""
    grids = {
        name: [line.split(",") for line in rows.strip().splitlines()] if isinstance(rows, str) else [list(r) for r in rows]
        for name, rows in files.items()
    }
    return Index(assemble([Source(name, Contents((grid_of("", rows),))) for name, rows in grids.items()], Lexicon(), ()))


def judged(sentence: str, index: Index, title: str) -> list[Judged]:
    """Return the claims of a sentence that stands alone under a title."""
    head = f"{title.strip()}\n\n"
    return [j for j in judge(f"{head}{sentence}\n", index) if j.start >= len(head)]


def outcome(sentence: str, index: Index, title: str) -> str:
    """Return what a reader meets: "stopped", "warned", "supported", or "nothing"."""
    claims = judged(sentence, index, title)
    if any(j.verdict is Verdict.CONTRADICTED or j.nowhere for j in claims):
        return "stopped"
    return "warned" if any(j.verdict is Verdict.NOT_FOUND for j in claims) else "supported" if claims else "nothing"


def verdicts(index: Index, sentence: str, title: str) -> set[str]:
    return {str(j.verdict) for j in judged(sentence, index, title)}
