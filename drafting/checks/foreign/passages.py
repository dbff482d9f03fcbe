"""Hold what no table answers against the narratives of the evidence: a sentence that says the same in the same words. Pure.

A number is supported by the one that is the same thing there, by the words beside it: "66 °C" of what was reached is not the "60 °C" of a
range. Where the sentence is the same but for its numbers, or a part of it, the one in its place contradicts. A sentence that is only
similar contradicts nothing. What a sentence states of the same things is denied where the passage says it with "not".
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.roles import denied, role
from drafting.checks.foreign.tables import Passage
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import Line, Word, cut

LIKE, SAME = 0.6, 0.85  # part of the words of both sentences that they share
LEAST_WORDS = 3
MOST_COMPARED = 50
PARTICIPLE = 3  # words before a participle within which its copula stands
_COPULAS = frozenset(("was", "were", "is", "are", "been", "be"))


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
        most = shared.most_common(MOST_COMPARED)
        scored = [
            (max(2 * n / (len(said) + len(plain(self.words[at]))), LIKE if n == len(said) else 0), at) for at, n in most
        ]  # a part of a longer sentence is like it, too
        yield from sorted(((score, at) for score, at in scored if score >= LIKE), key=lambda x: (-x[0], x[1]))


def plain(words: Sequence[Word]) -> frozenset[str]:
    """Return the words by which sentences are compared: no numbers, no marks."""
    return frozenset(w.stem for w in words if w.kind in ("word", "code") and w.value is None and w.stem not in STOP)


def told(judged: Judged, line: Line, narratives: Narratives) -> Judged:
    """Return the verdict that the narratives give on a number which no table settled."""
    mine = next((k for k, w in enumerate(line.words) if w.start == judged.start and w.value is not None), None)
    if mine is None:
        return judged
    for score, at in narratives.like(line):
        passage, words = narratives.passages[at], narratives.words[at]
        place = f"{passage.file}, {passage.place}: '{passage.text}'"
        theirs = _same_role(line.words, mine, words)
        if theirs is not None and words[theirs].value == line.words[mine].value:
            return replace(
                judged, verdict=Verdict.SUPPORTED, message="", evidence=place, about="the same sentence", nowhere=False
            )
        whole = plain(line.words) <= plain(words)
        other = _instead(line.words, words, judged.start) if score >= SAME else None
        sure = theirs is not None and role(line.words, mine) == role(words, theirs)
        against = words[theirs] if theirs is not None and sure and (score >= SAME or whole) else other
        if against is not None and against.value != line.words[mine].value:
            message = f"'{judged.quote}' is contradicted: '{against.text}' in {place}."
            return replace(judged, verdict=Verdict.CONTRADICTED, message=message, evidence=place, about="the same sentence")
    return judged


def _same_role(mine: Sequence[Word], at: int, theirs: Sequence[Word]) -> int | None:
    """Return the number of a passage that is what a number is in its sentence, neither denied alone; None where none or several are."""
    own = role(mine, at)
    known = {
        k: role(theirs, k)
        for k, w in enumerate(theirs)
        if isinstance(w.value, Decimal) and denied(theirs, k) == denied(mine, at)
    }
    alike = [k for k, one in known.items() if one == own]
    if not alike and own.behind:
        alike = [k for k, one in known.items() if one.behind == own.behind]
    if not alike and not own.behind:
        alike = [k for k, one in known.items() if one.before == own.before]
    same = [k for k in alike if theirs[k].value == mine[at].value]
    return alike[0] if len(alike) == 1 else same[0] if same and own == known[same[0]] else None


def judge_statement(line: Line, narratives: Narratives) -> Iterator[Judged]:
    """Return the verdict on what a sentence states, where a passage says it of the same things in the same words, or denies it."""
    said, values = plain(line.words), {w.value for w in line.words if w.value is not None}
    stated = [k for k in predicates(line.words) if line.words[k].stem in said]
    for _, at in narratives.like(line) if stated else ():
        passage, words = narratives.passages[at], narratives.words[at]
        if not said <= plain(words) or not values <= {w.value for w in words}:
            continue
        held = {k: next(j for j, w in enumerate(words) if w.stem == line.words[k].stem) for k in stated}
        differing = [k for k, j in held.items() if denied(line.words, k) != denied(words, j)]
        place = f"{passage.file}, {passage.place}: '{passage.text}'"
        for k in differing[:1] or stated:
            word = line.words[k]
            message = f"'{word.text}' is contradicted: {place}." if differing else ""
            verdict = Verdict.CONTRADICTED if differing else Verdict.SUPPORTED
            yield Judged(word.start, word.end, word.text, "word", verdict, "the same sentence", message, place)
        return


def predicates(words: Sequence[Word]) -> Iterator[int]:
    """Return the places of the participles that are said of something: "was dried", "were not affected"."""
    for k, word in enumerate(words):
        lead = {w.text.casefold() for w in words[max(0, k - PARTICIPLE) : k]}
        if word.kind == "word" and word.text.endswith(("ed", "en")) and lead & _COPULAS:
            yield k


def _instead(one: Sequence[Word], other: Sequence[Word], start: int) -> Word | None:
    mine, theirs = _numbers(one), _numbers(other)
    at = next((k for k, w in enumerate(mine) if w.start == start), None)
    return theirs[at] if at is not None and len(mine) == len(theirs) else None


def _numbers(words: Sequence[Word]) -> list[Word]:
    return [w for w in words if isinstance(w.value, Decimal)]
