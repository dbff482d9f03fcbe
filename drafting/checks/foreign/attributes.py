"""Find the words that say what a number is of: right behind it ("6 rebounds", "18 - point"), before it ("yield was 98 %"), or shared by a list. Pure."""

from itertools import pairwise

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import LIMIT_WORDS, weight
from drafting.checks.foreign.reading import Reading, Said
from drafting.checks.foreign.words import STATISTICS, Word

BEHIND = 4  # words within which an attribute stands right behind its number
_TIMES = frozenset(("seconds", "minutes", "hours", "days", "weeks", "months", "years"))
_COLLECTIVES = frozenset(("pair", "dozen", "total"))
_BETWEEN = frozenset(("in", "of", "for", "to", "at", "by", "from", "on", "with", "was", "were", "is", "are", "than", "as"))
STOPS = frozenset((",", ";", "(", ")", "and", "while", "whereas", "but", "."))
_HYPHENS = frozenset(("-", "–", "%"))
_RELATIONS = (
    (("not", "more", "than"), "<="), (("no", "more", "than"), "<="), (("at", "most"), "<="), (("up", "to"), "<="), (("nmt",), "<="),
    (("not", "less", "than"), ">="), (("no", "less", "than"), ">="), (("at", "least"), ">="), (("nlt",), ">="),
    (("more", "than"), ">"), (("over",), ">"), (("above",), ">"), (("exceeding",), ">"), (("greater", "than"), ">"), (("higher", "than"), ">"),
    (("less", "than"), "<"), (("under",), "<"), (("below",), "<"), (("fewer", "than"), "<"), (("lower", "than"), "<"),
    (("<",), "<"), ((">",), ">"), (("≤",), "<="), (("≥",), ">="),
)  # fmt: skip


def relation_before(words: tuple[Word, ...], at: int) -> str:
    """Return how a number is compared by the words right before it: ">", ">=", "<", "<=", or "" for equal."""
    behind = words[at + 1].text.casefold() if at + 1 < len(words) else ""
    if at and words[at - 1].text.casefold() == "over" and behind in _TIMES:
        return ""  # "over 46 minutes" is how long
    for said, relation in _RELATIONS:
        run = words[max(0, at - len(said)) : at]
        if len(run) == len(said) and all(w.text.casefold() == s for w, s in zip(run, said, strict=True)):
            return relation
    return ""


def attribute_of(reading: Reading, at: int, index: Index) -> Said | None:
    """Return the words of the attribute of a number: right behind it, else before it."""
    spoken = [s for s in reading.said if s.stems & index.numeric_tokens]
    behind = next((s for s in spoken if s.first > at), None)
    if behind is not None and behind.first - at <= BEHIND and _close(reading, at, behind.first):
        return behind
    before = [s for s in spoken if s.last < at]
    if not before:
        return None
    if _bracketed(reading, at):
        return None
    if content_less(before[-1].stems) and len(before) > 1:  # "dissolution was 90 %, at a mean of 86 %": the statistic is new
        earlier = (frozenset(s for s in one.stems if weight(s) == 1) - LIMIT_WORDS for one in reversed(before[:-1]))
        kept: frozenset[str] = next((stems for stems in earlier if stems), frozenset())
        return Said(before[-1].first, before[-1].last, kept | before[-1].stems)
    return before[-1]


def _bracketed(reading: Reading, at: int) -> bool:
    """Tell whether a number stands in brackets right behind a name: nothing before it says of what it is."""
    return at > 1 and reading.words[at - 1].text == "(" and any(m.last == at - 2 for m in reading.entities)


def content_less(stems: frozenset[str]) -> bool:
    """Tell whether stems say a statistic only."""
    return all(weight(s) < 1 for s in stems)


def _close(reading: Reading, at: int, first: int) -> bool:
    words = reading.words
    between = words[at + 1 : first]
    if any(m.first > at and m.last < first for m in reading.entities):
        return False
    counted = reading.words[at].text.casefold() in _COLLECTIVES and [w.text for w in between[:1]] == ["of"]
    first_word = next((w for w in between[counted:] if w.text not in _HYPHENS), None)
    passive = first_word is not None and first_word.text.casefold() in ("was", "were") and first_word is between[-1]
    return not any(w.text in STOPS or w.value is not None for w in between) and (
        first_word is None or passive or first_word.text.casefold() not in _BETWEEN
    )


def outer(reading: Reading, attribute: Said) -> frozenset[str]:
    """Return the statistic that is taken of an attribute which is a statistic itself: "lowest" in "lowest mean dissolution"."""
    stems = [w.stem for w in reading.words[attribute.first : attribute.last + 1]]
    pairs = (one for one, other in pairwise(stems) if one in STATISTICS and other in STATISTICS and one != other)
    return frozenset(list(pairs)[:1])
