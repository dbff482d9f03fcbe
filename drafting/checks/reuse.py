"""The previous report as text, and which of its sentences stand again in this one. Pure.

Sentences are aligned by their words, figures and identifiers set aside, so that one whose numbers were brought up to date is found as well. A
row of a table is aligned by all that stands in it, since rows of one table have the same words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from drafting.checks.references import SUPPORTING_WORDS
from drafting.checks.tokens import Token, enumerate_tokens
from drafting.model import Evidence, EvidencePack, Fact, Sentence, Span

LEAST_WORDS = 3  # besides figures: "See table 4." is nobody's sentence
ALIKE, ALIKE_SHORT, HELD = 88.0, 96.0, 85.0  # of 100: a sentence, one of few words, one that stands inside another
SHORT = 6  # words
MOST_LINES = 10_000  # of a previous report that are compared
MASK = "#"
_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(]?[A-Z0-9])|\s*\n+\s*")
_WORD = re.compile(r"[\w%°#]+")


@dataclass(frozen=True)
class Said:
    """A sentence or table row of the previous report, where it stands, and the references that it had, where it had some."""

    text: str
    place: str
    section: str = ""
    spans: tuple[Span, ...] = ()
    row: bool = False


@dataclass(frozen=True)
class Then:
    """A figure of the previous report as it was printed, and its place."""

    printed: str
    place: str


@dataclass(frozen=True)
class Recommended:
    """A recommendation or action of the previous report."""

    text: str
    place: str
    identifier: str = ""
    due_on: str = ""
    report: str = ""  # number of the report that a record says it is of; "" where it stands in the previous report itself


@dataclass(frozen=True, eq=False)
class Previous:
    """The previous report of a product; `mark` is the hash of what it was read from, and names it."""

    mark: str
    number: str
    title: str
    period_from: str = ""
    period_to: str = ""
    report_id: str = ""  # of one that was approved here
    document_id: str = ""  # of one that was imported
    said: tuple[Said, ...] = ()
    facts: Mapping[str, Then] = field(default_factory=dict)  # fact id -> figure
    records: Mapping[str, Evidence] = field(default_factory=dict)  # "KIND/IDENTIFIER" -> evidence; of an imported one, none
    named: frozenset[str] = frozenset()  # identifiers in the first column of its tables
    recommended: tuple[Recommended, ...] = ()
    unsigned: bool = False  # an imported one that says so of itself

    def __hash__(self) -> int:
        """Key what is worked out from the report."""
        return hash(self.mark)

    def __eq__(self, other: object) -> bool:
        """Compare by what was read."""
        return isinstance(other, Previous) and other.mark == self.mark

    @cached_property
    def lines(self) -> tuple[Said, ...]:
        """Return what has words enough to be told again, cut into sentences."""
        return self._telling[:MOST_LINES]

    @property
    def left_out(self) -> int:
        """Return how many lines of a very long report are not compared."""
        return len(self._telling) - len(self.lines)

    @cached_property
    def _telling(self) -> tuple[Said, ...]:
        return tuple(piece for said in self.said for piece in cut(said) if _tells(piece))

    @cached_property
    def keys(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what sentences and rows are compared by; an empty text where the line is of the other sort."""
        return (
            tuple("" if said.row else masked(said.text) for said in self.lines),
            tuple(_bare(said.text) if said.row else "" for said in self.lines),
        )

    def closest(self, text: str, section: str = "") -> Said | None:
        """Return the line that a sentence repeats; None where it repeats none.

        Of lines with the same words the one of the same section is meant, then the one with the most figures of the sentence.
        """
        found = _closest(text, self)
        if found is None:
            return None
        sentences, rows = self.keys
        same = [n for n, key in enumerate(sentences) if key and key == sentences[found]] if not rows[found] else [found]
        shown = {token.text for token in enumerate_tokens(text)}
        return self.lines[max(same, key=lambda n: self._likeness(n, section, shown))]

    def _likeness(self, number: int, section: str, shown: set[str]) -> tuple[bool, int, int]:
        line = self.lines[number]
        return bool(section) and line.section == section, len(shown & {t.text for t in enumerate_tokens(line.text)}), -number


@dataclass(frozen=True)
class Before:
    """What a report is held against: the previous one, all evidence of this one, all that this one says, and what its tables list."""

    previous: Previous
    evidence: EvidencePack
    text: str = ""
    listed: frozenset[str] = frozenset()  # references of rows

    @property
    def end(self) -> str:
        """Return the last day of this report's period."""
        return fact_of(self.evidence, "report.period_to")


def then_of(fact: Fact, previous: Previous, pack: EvidencePack) -> Then | None:
    """Return what a fact was in the previous report: under its name, or under what people call its attribute."""
    if fact.id in previous.facts:
        return previous.facts[fact.id]
    attribute, _, statistic = fact.id.rpartition(".")
    label = pack.facts.get(f"{attribute}.attribute")
    return previous.facts.get(f"{label.value.lower()}.{statistic}") if label else None


def fact_of(pack: EvidencePack, name: str) -> str:
    """Return the exact text of a fact; "" where the evidence has none."""
    return pack.facts[name].exact if name in pack.facts else ""


def pieces(text: str) -> list[tuple[int, str]]:
    """Cut a text into sentences, each with its place."""
    found, start = [], 0
    for match in _END.finditer(text):
        found.append((start, text[start : match.start()]))
        start = match.end()
    found.append((start, text[start:]))
    return [(at, piece) for at, piece in found if piece.strip()]


def cut(said: Said) -> list[Said]:
    """Cut what was said into its sentences, each with its own references; a row stays whole."""
    if said.row:
        return [said]
    return [Said(part.text, said.place, said.section, part.spans) for _, part in parts(Sentence(said.text, said.spans))]


@lru_cache(maxsize=8192)  # pure, and asked for at every run of a screen
def parts(sentence: Sentence) -> tuple[tuple[int, Sentence], ...]:
    """Cut a sentence that is several into each, with its place; a reference that a cut would go through keeps its sentence whole."""
    found = pieces(sentence.text)
    cuts = [at for at, _ in found[1:]]
    if any(span.start < at < span.end for at in cuts for span in sentence.spans):
        return ((0, sentence),)
    return tuple(
        (at, Sentence(text, tuple(Span(s.start - at, s.end - at, s.ref) for s in sentence.spans if at <= s.start < at + len(text))))
        for at, text in found
    )  # fmt: skip


@lru_cache(maxsize=16384)
def masked(text: str) -> str:
    """Return a text's words in small letters, each figure, date and identifier as one mark; "no" and "all" are words."""
    made, end = [], 0
    for token in enumerate_tokens(text):
        if token.kind is Token.WORD and token.text.lower() in SUPPORTING_WORDS:
            continue
        made += [text[end : token.start], MASK]
        end = token.end
    return _bare("".join([*made, text[end:]]))


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def words_of(key: str) -> int:
    """Return how many words a masked text has besides its marks."""
    return sum(1 for word in key.split() if MASK not in word)


def _tells(said: Said) -> bool:
    return words_of(masked(said.text)) >= LEAST_WORDS or (said.row and len(said.text.split("|")) >= LEAST_WORDS)


@lru_cache(maxsize=16384)  # by text: a report's sentences are asked for at every run of a screen
def _closest(text: str, previous: Previous) -> int | None:
    """Return the number of the line that a text repeats."""
    sentences, rows = previous.keys
    key = masked(text)
    if "|" in text:
        found = _best(_bare(text), rows, ALIKE)
        if found is not None:
            return found
    count = words_of(key)
    if count < LEAST_WORDS:
        return None
    if key in sentences:
        return sentences.index(key)
    best = _best(key, sentences, ALIKE if count >= SHORT else ALIKE_SHORT)
    if best is None and MASK in key:  # a part of an old sentence, or an old one with words before or behind it
        best = next((n for n, other in enumerate(sentences) if _holds(key, other) or _holds(other, key)), None)
    return _inside(key, sentences) if best is None else best


def _holds(inner: str, outer: str) -> bool:
    return MASK in inner and f" {inner} " in f" {outer} " and words_of(inner) >= LEAST_WORDS  # the dearest last


def _best(key: str, others: Sequence[str], least: float) -> int | None:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only where there is a previous report

    found = process.extractOne(key, others, scorer=fuzz.ratio, score_cutoff=least)
    return None if found is None or not found[0] else int(found[2])


def _inside(key: str, others: Sequence[str]) -> int | None:
    """Return the line of some length that stands whole inside a longer text."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - as above

    inner = [other if len(other) < len(key) and words_of(other) >= SHORT - 1 else "" for other in others]
    found = process.extractOne(key, inner, scorer=fuzz.partial_ratio, score_cutoff=HELD)
    return None if found is None or not found[0] else int(found[2])
