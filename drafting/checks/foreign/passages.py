"""Hold what no table answers against the narratives of the evidence: a sentence that says the same in the same words. Pure.

A number that stands in such a sentence is supported by it. Where the sentence is the same but for its numbers, as many and in the same
order, the one in its place contradicts. A sentence that is only similar contradicts nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.tables import Passage
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import Line, Word, cut

LIKE, SAME = 0.6, 0.85  # part of the words of both sentences that they share
LEAST_WORDS = 3
MOST_COMPARED = 50


@dataclass(frozen=True)
class Narratives:
    """The sentences of the evidence, by their words."""

    passages: tuple[Passage, ...]

    @cached_property
    def words(self) -> tuple[tuple[Word, ...], ...]:
        """Return the words of each sentence."""
        return tuple(cut(p.text) for p in self.passages)

    @cached_property
    def by_word(self) -> Mapping[str, tuple[int, ...]]:
        """Return the sentences that have a word."""
        found: dict[str, list[int]] = {}
        for at, words in enumerate(self.words):
            for word in plain(words):
                found.setdefault(word, []).append(at)
        return {word: tuple(places) for word, places in found.items()}

    def like(self, line: Line) -> Iterator[tuple[float, int]]:
        """Return the sentences that say much the same as one, the most alike first."""
        said = plain(line.words)
        if len(said) < LEAST_WORDS:
            return
        shared = Counter(at for word in said for at in self.by_word.get(word, ()))
        scored = [(2 * n / (len(said) + len(plain(self.words[at]))), at) for at, n in shared.most_common(MOST_COMPARED)]
        yield from sorted(((score, at) for score, at in scored if score >= LIKE), key=lambda x: (-x[0], x[1]))


def plain(words: Sequence[Word]) -> frozenset[str]:
    """Return the words by which sentences are compared: no numbers, no marks."""
    return frozenset(w.stem for w in words if w.kind in ("word", "code") and w.value is None and w.stem not in STOP)


def told(judged: Judged, line: Line, narratives: Narratives) -> Judged:
    """Return the verdict that the narratives give on a number which no table settled."""
    said = next((w.value for w in line.words if w.start == judged.start), None)
    if said is None:
        return judged
    for score, at in narratives.like(line):
        passage, words = narratives.passages[at], narratives.words[at]
        place = f"{passage.file}, {passage.place}: '{passage.text}'"
        if any(w.value == said for w in words):
            return replace(
                judged, verdict=Verdict.SUPPORTED, message="", evidence=place, about="the same sentence", nowhere=False
            )
        other = _instead(line.words, words, judged.start) if score >= SAME else None
        if other is not None:
            message = f"'{judged.quote}' is contradicted: '{other.text}' in {place}."
            return replace(judged, verdict=Verdict.CONTRADICTED, message=message, evidence=place, about="the same sentence")
    return judged


def _instead(one: Sequence[Word], other: Sequence[Word], start: int) -> Word | None:
    mine, theirs = _numbers(one), _numbers(other)
    at = next((k for k, w in enumerate(mine) if w.start == start), None)
    return theirs[at] if at is not None and len(mine) == len(theirs) else None


def _numbers(words: Sequence[Word]) -> list[Word]:
    return [w for w in words if isinstance(w.value, Decimal)]
