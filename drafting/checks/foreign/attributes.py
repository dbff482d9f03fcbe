"""Find the words that say what a number is of: right behind it ("6 rebounds", "18 - point"), before it ("yield was 98 %"), or shared by a list. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import LIMIT_WORDS, weight
from drafting.checks.foreign.reading import Reading, Said
from drafting.checks.foreign.words import STATISTICS, Word
from drafting.checks.units import read_unit

LEAST_LISTED = 2  # numbers of a list
OF_ROWS = 6  # words from an attribute to what rows are called: "of the 24 tested syrup batches"
BEHIND = 4  # words within which an attribute stands right behind its number
_ARTICLES = frozenset(("the", "his", "her", "their", "its"))
_TIMES = frozenset(("seconds", "minutes", "hours", "days", "weeks", "months", "years"))
_COLLECTIVES = frozenset(("pair", "dozen", "total"))
_BETWEEN = frozenset(("in", "of", "for", "to", "at", "by", "from", "on", "with", "was", "were", "is", "are", "than", "as"))
STOPS = frozenset((",", ";", "(", ")", "and", "while", "whereas", "but", "."))
_AFTER = frozenset(
    (",", ".", ")", ";", "for", "in", "by", "of", "on", "at", "from", "apiece", "each", "and", "while", "respectively")
)
_ON = frozenset(("and", "to", "compared", "than", "versus", "against", "while", ",", "but", "("))
_DENIED = frozenset(("without", "not", "never"))  # before "more than": at most
_HYPHENS = frozenset(("-", "–", "%"))
_RELATIONS = (
    (("not", "more", "than"), "<="), (("no", "more", "than"), "<="), (("at", "most"), "<="), (("up", "to"), "<="), (("nmt",), "<="),
    (("not", "less", "than"), ">="), (("no", "less", "than"), ">="), (("at", "least"), ">="), (("nlt",), ">="),
    (("more", "than"), ">"), (("over",), ">"), (("above",), ">"), (("exceeding",), ">"), (("exceeded",), ">"), (("exceeds",), ">"), (("exceed",), ">"), (("greater", "than"), ">"), (("higher", "than"), ">"),
    (("less", "than"), "<"), (("under",), "<"), (("below",), "<"), (("fewer", "than"), "<"), (("lower", "than"), "<"),
    (("almost",), "~"), (("nearly",), "~"), (("about",), "~"), (("around",), "~"), (("roughly",), "~"), (("approximately",), "~"),
    (("<",), "<"), ((">",), ">"), (("≤",), "<="), (("≥",), ">="),
)  # fmt: skip


_ENDING = {
    word: tuple((said, relation) for said, relation in _RELATIONS if said[-1] == word)
    for word in {said[-1] for said, _ in _RELATIONS}
}


def relation_of(words: tuple[Word, ...], at: int) -> str:
    """Return how a number is compared by the words right before it, or right behind: "20 or more"."""
    behind = [w.text.casefold() for w in words[at + 1 : at + 5]]
    tail = behind[behind.index("or") + 1 : behind.index("or") + 2] if "or" in behind[:2] else []
    return {"more": ">=", "higher": ">=", "less": "<=", "fewer": "<=", "lower": "<="}.get("".join(tail)) or relation_before(
        words, at
    )


def relation_before(words: tuple[Word, ...], at: int) -> str:
    """Return how a number is compared by the words right before it: ">", ">=", "<", "<=", or "" for equal."""
    behind = words[at + 1].text.casefold() if at + 1 < len(words) else ""
    if at and words[at - 1].text.casefold() == "over" and (behind in _TIMES or behind == "times"):
        return ""  # "over 46 minutes" is how long, "turned it over 12 times" how often
    for said, relation in _ENDING.get(words[at - 1].text.casefold(), ()) if at else ():
        run = words[max(0, at - len(said)) : at]
        if len(run) == len(said) and all(w.text.casefold() == s for w, s in zip(run, said, strict=True)):
            denied = {w.text.casefold() for w in words[max(0, at - len(said) - 3) : at - len(said)]} & _DENIED
            return {">": "<=", "<": ">="}.get(relation, relation) if denied else relation
    return ""


def attribute_of(reading: Reading, at: int, index: Index) -> Said | None:
    """Return the words of the attribute of a number, its percent sign among them where labels say percent."""
    whole = of_whole(reading, at)
    found = _attribute(reading, at if whole is None else whole, index)
    unit = reading.words[at + 1].text.casefold() if at + 1 < len(reading.words) else ""
    if found is None or unit not in ("percent", "%"):
        return found
    where = _where(reading, at)
    return replace(found, stems=(where or found.stems) | ({"percent"} & index.tokens))


def _where(reading: Reading, at: int) -> frozenset[str]:
    """Return what stands right before a clause that says a number of it: "struggled from long range, where they shot 32 percent"."""
    words = [w.text.casefold() for w in reading.words]
    begins = next((k for k in range(at - 1, 0, -1) if words[k] in STOPS or k in reading.numbers), 0)
    said = next((s for s in reading.said if begins - 2 <= s.last < begins), None)
    return said.stems if said and words[begins : begins + 2] == [",", "where"] else frozenset()


def _attribute(reading: Reading, at: int, index: Index) -> Said | None:
    """Return what stands right behind a number or its list, else before it where no other number has it."""
    spoken = [s for s in reading.said if s.stems & index.numeric_tokens]
    own = _respective(reading, at, spoken)
    if own is not None:
        return own
    for number in _listed(reading, at):
        behind = next((s for s in spoken if s.first > number), None)
        if behind is not None and behind.first - number <= BEHIND and _close(reading, number, behind.first):
            return behind
    before = [
        s
        for s in spoken
        if s.last < at and not (_records(s, index) and (s.first - 1 in reading.numbers or _of_rows(reading, s, spoken)))
    ]
    if before and at and reading.words[at - 1].text.casefold() == "including":
        return before[-1]  # "17 rebounds, including nine on the offensive end"
    if before and has_number(reading, before[-1], at) and not _carried(reading, before[-1], at):
        clause = max((k for k in range(at) if reading.words[k].text.casefold() in STOPS), default=-1)
        before = [s for s in before if s.first > clause and not has_number(reading, s, at)]
    measured = at + 1 < len(reading.words) and read_unit(reading.words[at + 1].text) is not None
    if not before or (_bracketed(reading, at) and not measured):
        return None
    if content_less(before[-1].stems) and len(before) > 1:  # "dissolution was 90 %, at a mean of 86 %": the statistic is new
        earlier = (_content(one) - LIMIT_WORDS - frozenset(index.row_nouns) for one in reversed(before[:-1]))
        kept: frozenset[str] = next((stems for stems in earlier if stems), frozenset())
        return Said(before[-1].first, before[-1].last, kept | before[-1].stems)
    return before[-1]


def _content(said: Said) -> frozenset[str]:
    return frozenset(s for s in said.stems if weight(s) == 1)


def _records(said: Said, index: Index) -> bool:
    """Tell whether words say what rows are called, and no more than that these have results: "the 23 batches with a result"."""
    own = _content(said)
    return said.stems <= index.evidence.nouns or (
        bool(own) and own <= index.evidence.nouns and not said.stems & set(STATISTICS)
    )


def _of_rows(reading: Reading, said: Said, spoken: Sequence[Said]) -> bool:
    """Tell whether a plural only says of which rows an attribute is: the "batches" of "the pH of the tested batches"."""
    words = reading.words
    before = next((s for s in reversed(spoken) if s.last < said.first), None)
    plural = words[said.last].text.casefold() != words[said.last].stem
    return bool(before and plural and words[before.last + 1].text == "of" and said.first - before.last <= OF_ROWS)


def _respective(reading: Reading, at: int, spoken: list[Said]) -> Said | None:
    """Return which of several attributes a number is of, by its order: "48 and 43 percent from the floor and from deep, respectively"."""
    end = next((k for k, w in enumerate(reading.words) if k > at and w.text.casefold() == "respectively"), None)
    numbers = next((found for n in reading.numbers for found in [_listed(reading, n)] if at in found), [at])
    if end is None or len(numbers) < LEAST_LISTED:
        return None
    of = [s for s in spoken if numbers[-1] < s.first < end]
    between = [w.text.casefold() for one, other in pairwise(of) for w in reading.words[one.last + 1 : other.first]]
    if (
        len(of) != len(numbers)
        or not set(between) & {"and", ","}
        or any(m.first > at and m.last < end for m in reading.entities)
    ):
        return None
    unit = reading.words[numbers[-1] + 1].text.casefold()
    said = of[numbers.index(at)]
    return replace(said, stems=said.stems | {"percent"}) if unit in ("percent", "%") else said


def of_whole(reading: Reading, at: int) -> int | None:
    """Return the number of someone's whole of which a number is a part: 113 in "38 of the Reds ' 113 points"."""
    words = reading.words
    if at + 2 >= len(words) or words[at + 1].text.casefold() != "of":
        return None
    first = at + 2 + (words[at + 2].text.casefold() in _ARTICLES)
    owners = {*(m.last for m in reading.entities if m.first == first), *(k for k, _ in reading.nouns if k == first)}
    return next((n for n in reading.numbers if n > first and possessor(reading, n) in owners), None)


def possessor(reading: Reading, at: int) -> int | None:
    """Return the last word of what a word belongs to, as the mark right before it says: "the Reds ' 113", "the side's 113"."""
    texts = [w.text.replace("’", "'") for w in reading.words[:at]]
    if texts[-1:] == ["'"]:
        return at - 2
    if texts[-2:] == ["'", "s"]:
        return at - 3
    return at - 1 if texts and texts[-1].endswith(("'s", "s'")) else None


def _listed(reading: Reading, at: int) -> list[int]:
    """Return a number and those that follow it in one list: "12 and 13 points", "12, 13 and 15 %"."""
    found = [at]
    for number in (n for n in reading.numbers if n > at):
        between = [w.text.casefold() for w in reading.words[found[-1] + 1 : number]]
        if between not in ([","], ["and"], ["or"], [",", "and"]):
            break
        found.append(number)
    return found


def has_number(reading: Reading, said: Said, at: int) -> bool:
    """Tell whether the words of an attribute stand right behind another number, which is of them: "in 23 minutes, hitting 5"."""
    number = max((n for n in reading.numbers if n < said.first and n != at), default=None)
    return number is not None and said.first - number <= BEHIND and _close(reading, number, said.first)


def _carried(reading: Reading, said: Said, at: int) -> bool:
    """Tell whether a number goes on with the attribute of the one before: "20 points for A and 18 for B", "12 of their own"."""
    behind = [w.text.casefold() for w in reading.words[at + 1 : at + 2]]
    unit = read_unit(behind[0]) is not None if behind else False
    between = {w.text.casefold() for w in reading.words[said.last + 1 : at]}
    return unit or not behind or (behind[0] in _AFTER and bool(between & _ON))


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
