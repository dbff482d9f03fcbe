"""Tell which numbers say nothing that can be counted or looked up: numbering, spans, idioms, times, things without a name in the evidence. Pure."""

from drafting.checks.foreign import counting
from drafting.checks.foreign.attributes import content_less
from drafting.checks.foreign.binding import COMBINED
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading, Said
from drafting.checks.units import read_unit

LONGEST_HEADING = 10  # words
REACH = 8  # words around a number within which others say that it speaks of other records
_MORE = frozenset(("more", "less", "higher", "lower", "above", "below"))
_LEFT = frozenset(("left", "remaining"))  # behind a time: when something was
_BEFORE_ONE = frozenset(("this", "that", "which", "another", "first", "last"))
_NO_PLURAL = frozenset(("was", "is", "has", "as", "its", "his", "this", "does", "percents"))
_RIVALS = frozenset(("over", "against", "versus", "vs"))
_OF_MORE = (["of", "which"], ["of", "whom"], ["of", "those"])
_WHOSE = frozenset(("his", "her", "its", "their"))
_CUTS = frozenset((",", ";", "while", "but", "and", "as"))
_SPANS = frozenset(("last", "past", "previous", "next", "final", "first", "opening"))


FAR = 6  # words behind a number, its unit among them, within which "above the" stands
_SIDES = frozenset(("above", "below", "over", "under"))
_ABOUT = frozenset(("about", "around", "some", "nearly", "almost", "only", "just", "roughly", "approximately"))
_CHANGED = frozenset((
    "increased", "rose", "risen", "grew", "grown", "improved", "raised", "climbed", "decreased", "fell", "fallen", "dropped", "declined", "reduced", "lowered",
    "shortened", "worsened", "shifted", "changed", "increase", "decrease", "rise", "drop", "reduction", "improvement",
))  # fmt: skip


def numbering(reading: Reading, at: int) -> bool:
    """Tell whether a number only numbers a heading: it begins a line of few words that ends without a stop."""
    words = reading.words
    titled = at == 0 and 1 < len(words) <= LONGEST_HEADING and words[1].text[:1].isupper()
    return titled and words[-1].text not in (".", "!", "?", ":")


def spans(reading: Reading, at: int) -> bool:
    """Tell whether a number only says how long a span is: "their last five games"."""
    measured = reading.words[at + 1 : at + 2] and read_unit(reading.words[at + 1].text) is not None
    value = reading.words[at].value
    whole = value is None or value == value.to_integral_value()
    return (
        at > 0
        and reading.words[at - 1].text.casefold() in _SPANS
        and whole
        and not (measured and reading.words[at].kind == "number")
    )


def idiom(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether a number word counts nothing: "in this one", and the field's own idioms."""
    words = reading.words
    near = " ".join(w.text.casefold() for w in words[max(0, at - 2) : at + 3])
    pronoun = words[at].text.casefold() == "one" and not counting.directly(reading, at)
    of_which = [w.text.casefold() for w in words[max(0, at - 2) : at]] == ["of", "which"]
    if pronoun and at and not of_which and words[at - 1].text.casefold() in _BEFORE_ONE:
        return True
    return any(f" {said} " in f" {near} " for said in index.evidence.lexicon.idioms)


def part_of_more(reading: Reading, at: int) -> bool:
    """Tell whether a number is a part of one before, or how much more one is: "12 of which came late", "0.7 % more than in B"."""
    words = [w.text.casefold() for w in reading.words[at + 1 : at + 5]]
    unit = 2 if words[:2] == ["percentage", "points"] else int(bool(words) and read_unit(words[0]) is not None)
    plain = words[unit:]
    more = plain[:1] and plain[0] in _MORE and plain[1:2] == ["than"]
    counted = any(m.first > at for m in reading.values)
    if words[:1] == ["of"] and words[1:2] and words[1] in _WHOSE and at + 3 in reading.numbers:
        return True  # "17 of his 38 points"
    return bool(more) or changed(reading, at) or beyond(reading, at) or (words[:2] in _OF_MORE and not counted)


def beyond(reading: Reading, at: int) -> bool:
    """Tell whether a number may be how far the one before it lies beyond a limit: "118 ng/mg, 18 ng/mg above the limit"."""
    low = [w.text.casefold() for w in reading.words[at + 1 : at + FAR]]
    side = next((k for k, w in enumerate(low) if w in _SIDES), None)
    before = [n for n in reading.numbers if at - REACH <= n < at]
    return (
        bool(before)
        and side is not None
        and low[side + 1 : side + 2] in (["the"], ["its"])
        and not {",", "and"} & set(low[:side])
    )


def changed(reading: Reading, at: int) -> bool:
    """Tell whether a number is by how much something changed: "increased by about 5 %"."""
    low = [w.text.casefold() for w in reading.words[max(0, at - REACH) : at]]
    lead = low[:-1] if low[-1:] and low[-1] in _ABOUT else low
    return lead[-1:] == ["by"] and bool(_CHANGED & set(lead))


def counts_unknown(reading: Reading, at: int, attribute: Said | None, index: Index) -> bool:
    """Tell whether a number counts things that the evidence has no name for: "two hours", "a 25 - foot"."""
    behind = [w for w in reading.words[at + 1 : at + 4] if w.text not in ("-", "–")]
    if behind and behind[0].text.casefold() in ("other", "different"):
        behind = behind[1:]
    if len(behind) > 1 and read_unit(behind[0].text) is not None and behind[1].text.casefold() in _LEFT:
        return True
    hyphened = at + 1 < len(reading.words) and reading.words[at + 1].text in ("-", "–")
    if not behind or behind[0].kind != "word" or behind[0].value is not None or read_unit(behind[0].text) is not None:
        return False
    word = behind[0].text
    known = (
        behind[0].text.casefold() == "times"
        or index.meant(behind[0].stem)
        or behind[0].stem in index.row_nouns
        or (attribute is not None and attribute.first > at and not content_less(attribute.stems))
    )
    plural = word.islower() and word.endswith("s") and word not in _NO_PLURAL and behind[0].stem != word
    return not known and (plural or (hyphened and word.islower() and word not in ("to", "of", "for", "and")))


def elsewhere(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether a number speaks of what the evidence does not cover: such words stand near it; with a hyphen, right behind it."""
    words = reading.words
    first = max((k + 1 for k in range(at) if words[k].text == ","), default=0)
    near = " ".join(
        w.text.casefold() for w in words[max(first, at - REACH) : at + 1 + REACH] if w.text not in ("while", ";")
    )
    behind = " ".join(w.text.casefold() for w in words[at + 1 : at + 1 + REACH])
    sequences = index.evidence.lexicon.sequences
    if any(f"{behind} ".startswith(f"{phrase} ") for phrase in sequences):
        return True
    before = f" {' '.join(w.text.casefold() for w in words[:at])} "
    if any(f" {phrase} " in before for phrase in sequences) and COMBINED & set(before.split()):
        return True  # "two showings in a row, combining for 39"
    return any(
        f"{behind} ".startswith(f"{phrase} ") if phrase.startswith("-") else f" {phrase} " in f" {near} "
        for phrase in index.evidence.lexicon.elsewhere
    )


def sequential(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether the clause of a number speaks of a short sequence of records: "his third in a row, averaging 12"."""
    return any(f" {phrase} " in f" {clause(reading, at)} " for phrase in index.evidence.lexicon.sequences)


def passing(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether a number is one of a time or mark on the way, as its clause says: "within two points", "15 the rest of the way"."""
    words = [w.text.casefold() for w in reading.words]
    first = max((k + 1 for k in range(at) if words[k] in _CUTS), default=0)
    last = min((k for k in range(at, len(words)) if words[k] in _CUTS), default=len(words))
    near = f" {' '.join(words[first:last])} "
    rivals = (k for k in range(first + 1, last) if _RIVALS & set(words[max(first, k - 2) : k]))
    held = (index.vocabularies.get((words[k],)) for k in rivals if reading.words[k].text[:1].isupper())
    if any(known is not None and not known[0] for known in held):  # "40 points against a third side"
        return True
    return any(f" {phrase} " in near for phrase in index.evidence.lexicon.moments)


def clause(reading: Reading, at: int) -> str:
    """Return the words of the clause around a word, in lower case."""
    words = reading.words
    first = max((k + 1 for k in range(at) if words[k].text in (";", "while", "but")), default=0)
    last = min((k for k in range(at, len(words)) if words[k].text in (";", "while", "but")), default=len(words))
    return " ".join(w.text.casefold() for w in words[first:last])
