"""See to it that no statement comes out as supported because its names exist: what nothing judged of them is told as not judged. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafting.checks.foreign.drift import DOWN, UP
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.verdicts import Judged, Verdict

STATEMENT = "statement"  # what a verdict on a whole statement is about
SUBJECT = "row"  # what a verdict is about that only says which row its subject is: its predicate is still to be judged
_COPULAS = frozenset(("was", "were", "is", "are", "has", "have", "had"))
NEAR = 5  # words before a verb within which its "when" stands
_EXPORTED = frozenset(("exported", "extracted", "printed", "compiled", "retrieved", "downloaded"))
_COMPARED = frozenset(
    ("than", "most", "least", "fewest", "highest", "lowest")
)  # with a value of a column these state something
_LIMITS = frozenset(("limit", "limits", "level", "levels"))
_KEPT = frozenset(
    ("exceeded", "breached", "violated", "met", "kept", "respected", "reached")
)  # with a limit these state something
_PLACES = frozenset(("selected row", "part of a name", "size"))
_JOINS = frozenset((",", ";", "and", "while", "whereas", "but", "which", "that"))


@dataclass(frozen=True)
class _Part:
    """The words of a subject with its predicate, the first word of the predicate, and whether it is the first of its subject."""

    first: int
    verb: int
    last: int


def judge_unjudged(reading: Reading, found: Sequence[Judged]) -> Iterator[Judged]:
    """Return "not found" for each statement about named things, or counted ones, of which only these were looked up."""
    words = reading.words
    told, bracketed = [j for j in found if judging(j)], _bracketed(reading)
    low = {w.text.casefold() for w in words}
    named = bool(_LIMITS & low and _KEPT & low) and any(j.kind == "name" for j in found)  # a code that no table lists
    compared = bool(reading.values) and bool(_COMPARED & {w.text.casefold() for w in words})
    moved = bool(reading.said) and bool((UP | DOWN) & low)  # "the mean viscosity increased after the change in July 2025"
    if any(j.verdict is Verdict.CONTRADICTED for j in found) or not (reading.entities or named or told or compared or moved):
        return  # a contradicted sentence needs no second finding, and one of which nothing is known makes no claim
    for part in _parts(reading):
        if _filed(reading, part):
            continue
        begin, end = words[part.first].start, words[part.last].end
        inside = [j for j in told if begin <= j.start < end or j.start <= words[part.verb].start < j.end]
        if any(
            j.start >= words[part.verb].start or (_at(reading, j) not in bracketed and j.about != SUBJECT) for j in inside
        ):
            continue
        said = words[part.verb : part.last + 1]
        quote = " ".join(w.text for w in said)
        message = f"'{quote}': names and figures exist, but what is stated of them was not judged."
        yield Judged(said[0].start, said[-1].end, quote, "word", Verdict.NOT_FOUND, STATEMENT, message)


def _filed(reading: Reading, part: _Part) -> bool:
    """Tell whether words only say when the records were taken out: "when the records were exported"."""
    low = [w.text.casefold() for w in reading.words]
    when = any(low[k] in ("when", "as", "until") for k in range(max(0, part.verb - NEAR), part.verb))
    return when and part.verb < part.last and set(low[part.verb + 1 : part.last + 1]) <= _EXPORTED


def judging(judged: Judged) -> bool:
    """Tell whether a verdict says more than that a name, or a day of some time, exists, or of which rows others are."""
    if judged.about in _PLACES and judged.verdict is Verdict.SUPPORTED:
        return False
    return judged.kind not in ("name", "date") or bool(judged.evidence and judged.about != "period")


def _parts(reading: Reading) -> Iterator[_Part]:
    """Return each predicate with its subject, a sentence without "was" or "has" whole."""
    words = reading.words
    end = next((k for k in range(len(words) - 1, -1, -1) if words[k].kind != "mark"), len(words) - 1)
    verbs = [k for k, w in enumerate(words) if w.text.casefold() in _COPULAS and k < end]
    if not verbs:
        yield _Part(0, 0, end)
        return
    first = 0
    for verb, following in zip(verbs, [*verbs[1:], len(words)], strict=True):
        last = end
        if following < len(words):
            last = max(
                (k - 1 for k in range(verb + 1, following) if words[k].text.casefold() in _JOINS), default=following - 1
            )
        if last > verb:
            yield _Part(first, verb, last)
        first = last + 1


def _bracketed(reading: Reading) -> frozenset[int]:
    """Return the words that stand in closed brackets."""
    found: set[int] = set()
    opened: int | None = None
    for k, word in enumerate(reading.words):
        if word.text == "(":
            opened = k
        elif word.text == ")" and opened is not None:
            found |= set(range(opened, k))
            opened = None
    return frozenset(found)


def _at(reading: Reading, judged: Judged) -> int:
    return next((k for k, w in enumerate(reading.words) if w.start >= judged.start), 0)
