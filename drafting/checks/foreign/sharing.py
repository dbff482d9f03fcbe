"""Judge what all of those counted are said to share: "two complaints concerned batch 2, both from DE". Pure."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from drafting.checks.foreign.counting import counted
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.verdicts import Judged, Verdict

_ALL = frozenset(("both", "all"))
_TIES = frozenset(
    ("from", "of", "in", "on", "were", "are", "was", "is", "with", "as", "them", "which", "for", "by", "the", "class")
)
REACH = 4  # words between "both" and what is shared


def judge_shared(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return a verdict for each value behind "both" or "all" that what was counted before is said to share."""
    words = reading.words
    for at, word in enumerate(words):
        comma = at > 0 and words[at - 1].text in (",", "(", ";")
        count = next(
            ((n, noun) for n in reversed(reading.numbers) for k, noun in reading.nouns if n < at and k == n + 1), None
        )
        value = next((m for m in _values(reading, text) if at < m.first <= at + REACH), None)
        if word.text.casefold() not in _ALL or not comma or count is None or value is None:
            continue
        if not {w.text.casefold() for w in words[at + 1 : value.first]} <= _TIES:
            continue
        said, noun = Decimal(value_of(words[count[0]])), count[1]
        rest = replace(reading, entities=tuple(m for m in reading.entities if m.first != value.first))
        whole = list(counted(noun, (), rest, text, elliptical=False))
        sharing = list(counted(noun, (value,), rest, text, elliptical=True))
        pairs = [(n, one) for (n, _), one in zip(whole, sharing, strict=False) if n == said]
        if len(whole) != len(sharing) or not pairs:
            continue
        yield _told(reading, at, value.last, right=any(one[0] == n for n, one in pairs), place=pairs[0][1])


def _values(reading: Reading, text: Text) -> Iterator[Mention]:
    """Return the values that words say, those among them that are names as well: a country with a licence of its own."""
    yield from reading.values
    for mention in reading.entities:
        stems = tuple(w.stem for w in reading.words[mention.first : mention.last + 1] if w.kind != "mark")
        held = text.index.values.get(stems, ())
        places = tuple(v for v in held if v[:2] not in text.index.evidence.references)
        if places:
            yield Mention(mention.first, mention.last, (), places)


def _told(reading: Reading, first: int, last: int, *, right: bool, place: tuple[int, str]) -> Judged:
    words = reading.words[first : last + 1]
    quote = " ".join(w.text for w in words)
    evidence = f"{place[0]} such rows ({place[1]})"
    message = "" if right else f"'{quote}' is contradicted: {evidence}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return Judged(words[0].start, words[-1].end, quote, "word", verdict, "shared value", message, evidence)
