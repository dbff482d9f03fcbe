"""Passages of a section: what its subject's own narrative says, the procedures and records it names, and what is most like it.

They are context and may be cited; they never decide what is in scope, and no figure is computed from them. The review of the year
before is no source: its sentences and figures must not be carried over. What became known after the report's last day is left out.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from corpus.model import Passage
from drafting.evidence.scope import NARRATIVE, Loaded, span_of
from drafting.model import Evidence, Quote
from prompts.outline import SectionOutline

VERSION = "1"  # of what is asked and how it is ranked, for the configuration fingerprint
OWN, PROCEDURES, NAMED, LIKE = 5, 2, 3, 2  # passages of each sort: a reader takes in a dozen
LEAST_LIKENESS = 0.3  # per question, of at most 2: below it a passage shares little more than common words
LONGEST_QUESTION = 4_000  # characters
TELLING = ("title", "description", "attribute")


@dataclass(frozen=True)
class _Ranking:
    """The passages that may be shown, in the order of their documents."""

    passages: tuple[Passage, ...]

    def best(
        self, wanted: Callable[[Passage], bool], most: int, *, by: Mapping[str, float], least: float = 0.0
    ) -> list[Passage]:
        found = [p for p in self.passages if wanted(p) and by.get(p.id, 0.0) >= least]
        return sorted(found, key=lambda p: -by.get(p.id, 0.0))[:most]  # ties stay in the order of the documents


def quotes(loaded: Loaded, section: SectionOutline, held: Mapping[str, Evidence]) -> dict[str, Quote]:
    """Return the passages of a section whose pack holds the records `held`. Pure."""
    words = f"{section.title}. {section.question}"
    about = _about(loaded, section, held)
    by_section = loaded.shelf.likeness(words)
    by_subject = loaded.shelf.likeness(about)
    both = {key: by_section.get(key, 0.0) + by_subject.get(key, 0.0) for key in {*by_section, *by_subject}}
    later = _later(loaded)
    ranking = _Ranking(tuple(p for p in loaded.shelf.passages if _may_show(loaded, p, held, later)))
    subject = loaded.scope.subject
    names = {e.identifier for e in held.values()} | _named(held, "deviation_id", "recurring_of")
    names -= {subject or ""}
    procedures = _named(held, "sop")
    questions = 2 if about else 1
    chosen = [
        *ranking.best(lambda p: p.record_identifier == subject and subject is not None, OWN, by=by_section),
        *ranking.best(lambda p: p.record_identifier in procedures, PROCEDURES, by=both),
        *ranking.best(lambda p: p.record_identifier in names - procedures, NAMED, by=both),
        *ranking.best(
            lambda p: p.record_identifier not in {subject, *names, *procedures}, LIKE, by=both,
            least=LEAST_LIKENESS * questions,
        ),
    ]  # fmt: skip
    return {quote.id: quote for quote in map(_quote, chosen)}


def _about(loaded: Loaded, section: SectionOutline, held: Mapping[str, Evidence]) -> str:
    """Say what the section is about in the words of its records: the deviation, or every record the section accounts for."""
    subject = next((r for r in loaded.of("deviation") if r.identifier == loaded.scope.subject), None)
    if subject is not None:
        return " ".join(subject.get(name) for name in TELLING)[:LONGEST_QUESTION]
    told = [e.fields.get(n) or "" for e in held.values() if e.kind in section.records for n in TELLING]
    return " ".join(dict.fromkeys(text for text in told if text))[:LONGEST_QUESTION]


def _named(held: Mapping[str, Evidence], *fields: str) -> set[str]:
    return {name for e in held.values() for f in fields for name in (e.fields.get(f) or "").split("|") if name}


def _may_show(loaded: Loaded, passage: Passage, held: Mapping[str, Evidence], later: Collection[str]) -> bool:
    """Tell whether a passage is neither left out by a person, nor a field of a record the pack holds, nor of a later day."""
    name = passage.record_identifier or ""
    if f"{passage.kind}/{name}" in held:
        return False
    if any(excluded.partition("/")[2] == name for excluded in loaded.scope.exclusions):
        return False
    return name not in later


def _later(loaded: Loaded) -> frozenset[str]:
    every = (r for kind in NARRATIVE for r in loaded.of(kind))
    return frozenset(r.identifier for r in every if span_of(r)[0] > loaded.scope.period_to)


def _quote(passage: Passage) -> Quote:
    """Return a passage under its place: a new version of the file that leaves it where it is keeps its citations."""
    return Quote(
        f"{passage.document_name}, {passage.place}", passage.text, passage.place, passage.document_sha256, passage.document_name, passage.document_id,
        passage.synthetic, passage.record_identifier or "",
    )  # fmt: skip
