"""Tell which of the names before a number is the subject of its clause, and which only stand beside it. Pure."""

import calendar

from drafting.checks.foreign.attributes import BEHIND
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.reading import Mention, Reading

COUNTED = 3  # words of "one of six"
NEXT = 2  # words within which a number stands right behind a name
BESIDE, NOT_OWNER = 2, 3  # the ranks of names that own nothing
PERSONS = frozenset(("he", "she", "his", "her", "him", "who"))
_DAYS = frozenset(name.casefold() for name in (*calendar.day_name, *calendar.month_name))
_PARTS_REACH = 4  # words behind a name that may say a part of it
_GOES_ON = frozenset((",", "and", "but", "yet", "they"))
_OPENERS = frozenset(
    (
        "while",
        "when",
        "after",
        "before",
        "because",
        "since",
        "if",
        "where",
        "whereas",
        "against",
        "over",
        "but",
        "both",
        "than",
        "until",
        "though",
        "although",
        "like",
        "how",
        "what",
        "then",
        "out",
        "off",
    )
)
_NO_PARTICIPLES = frozenset(("during", "including", "regarding", "concerning", "following", "considering"))
_OPENING = frozenset((",", ";", "while", "and", "but"))  # behind these a clause begins
_TITLES = frozenset(
    (
        "with",
        "despite",
        "however",
        "meanwhile",
        "former",
        "fellow",
        "rookie",
        "coach",
        "veteran",
        "led",
        "only",
        "even",
        "with",
        "without",
        "thanks",
    )
)
_OBLIQUE = frozenset(("for", "of", "over", "against", "from", "to"))


def rank(reading: Reading, at: int, mention: Mention, before: list[Mention], parts: tuple[str, ...]) -> int:
    """Return how unlikely a name is to own a number: 0 for the nearest, more for one that only stands beside the subject."""
    words = reading.words
    since = without_brackets([w.text.casefold() for w in words[mention.last + 1 : at]])
    lead = [w.text.casefold() for w in words[max(0, mention.first - 2) : mention.first]]
    article = lead[-1:] == ["the"]
    preposition = lead[0] if article and len(lead) > 1 else lead[-1] if lead else ""
    nearest = mention is before[-1]
    person = PERSONS & {w.text.casefold() for w in words[before[-1].last + 1 : at]}
    behind = words[mention.last + 1].stem if mention.last + 1 < len(words) else ""
    beside = (person and article) or any(k == mention.last + 1 for k, _ in reading.nouns)
    relative = since[:1] == ["who"] or since[:2] == [",", "who"]
    if relative or beside:
        return 0 if relative else BESIDE
    if article and set(since[:_PARTS_REACH]) & set(parts):
        return NOT_OWNER
    if _passed_by(reading, mention, before, since):
        return 1
    first = next((n for n in reading.numbers if n > mention.last), at)
    counted = first == at <= mention.last + BEHIND + NEXT and "with" not in {
        w.text.casefold() for w in words[mention.last : first]
    }
    if len(before) > 1 and behind in ("'", "’"):  # "thanks to his side 's 5 goals"; but "beat his side 's record with 5"
        return 0 if counted else 1
    if nearest and len(before) > 1 and preposition in _OBLIQUE and since[:1] != ["("]:
        set_beside = preposition == "to" and not since and any(before[-2].last < n < mention.first for n in reading.numbers)
        return 0 if set_beside else 1  # "A won 47 points to the B 48"
    with_it = since[:1] == ["with"] or (since[:1] == ["in"] and since[2:3] == ["with"])  # "led the team in scoring with"
    inverted = lead[-1:] in (["was"], ["were"])  # "leading the Reds was A with 12"
    return 1 if nearest and len(before) > 1 and with_it and preposition != "by" and not inverted else 0


def _passed_by(reading: Reading, mention: Mention, before: list[Mention], since: list[str]) -> bool:
    """Tell whether a name is an object behind which the sentence goes on about its subject."""
    if mention is not before[-1]:
        return bool({"they", "it"} & set(since)) and is_object(reading, mention, before)
    if len(before) > 1 and (_participial(since) or PERSONS & set(since)) and _acted_on(reading, mention):
        return True  # "A led Leeds in scoring, as he had 12"
    goes_on = since[:1] not in (["to"], ["into"]) and bool(_GOES_ON & set(since))
    return goes_on and is_object(reading, mention, before)


def without_brackets(words: list[str]) -> list[str]:
    """Return words without what stands in brackets that are closed."""
    if "(" in words and ")" in words[words.index("(") :]:
        return words[: words.index("(")] + words[words.index(")", words.index("(")) + 1 :]
    return words


def unknown(reading: Reading, at: int, before: list[Mention]) -> bool:
    """Tell whether a name of several words that the evidence does not know begins the clause of a number: nothing else owns it."""
    words = reading.words
    last = max((m.last for m in before if not _acted_on(reading, m)), default=-1)
    for k in range(last + 1, at - 1):
        opens = k == 0 or words[k - 1].text in _OPENING or (words[k - 1].text == "The" and k == 1)
        if opens and all(_capital(reading, place) for place in (k, k + 1)):
            end = next(place for place in range(k, at + 1) if place == at or not _capital(reading, place))
            behind = words[end]
            return end < at and behind.kind == "word" and behind.text.islower() and behind.stem not in STOP - {"had", "has"}
    return False


def stranger(reading: Reading, mention: Mention, parts: tuple[str, ...]) -> bool:
    """Tell whether a word beside a name of one word makes it that of someone else: "Lou Williams" where the evidence knows another Williams."""
    if mention.first != mention.last:
        return False
    whole = {key.casefold() for _, key in mention.what}
    if reading.words[mention.first].text.casefold() not in whole and _surname(reading, mention.last + 1):
        return True
    if not mention.first or not _capital(reading, mention.first - 1):
        return False
    word = reading.words[mention.first - 1].text.casefold()
    titled = word in STOP | _OPENERS or word in parts or word.endswith(("ing", "ly", "ed"))
    return not titled and (mention.first > 1 or word not in _TITLES)


def _surname(reading: Reading, at: int) -> bool:
    """Tell whether a word goes on with the name before it: a capital and small letters, no day, and a verb behind it."""
    words = reading.words
    if at + 1 >= len(words) or not _capital(reading, at) or not words[at].text[1:].islower():
        return False
    behind = words[at + 1]
    return (
        words[at].text.casefold() not in _DAYS
        and behind.kind == "word"
        and behind.text.islower()
        and behind.stem not in STOP
    )


def _capital(reading: Reading, at: int) -> bool:
    word = reading.words[at]
    return (
        word.kind == "word" and word.text[:1].isupper() and at not in reading.taken and word.text not in ("The", "In", "It")
    )


def with_behind(reading: Reading, mention: Mention, at: int) -> bool:
    """Tell whether "with" stands behind a name and a part of it, before any mark: what follows is the subject's."""
    since = [w.text.casefold() for w in reading.words[mention.last + 1 : at]]
    return "with" in since[: _PARTS_REACH + 1] and not {",", "and"} & set(since[: since.index("with")])


def _participial(since: list[str]) -> bool:
    """Tell whether what stands behind a name goes on with a participle: "carried the Reds, scoring 12"."""
    return since[:1] == [","] and since[1:2] != [] and since[1].endswith("ing") and since[1] not in _NO_PARTICIPLES


def _acted_on(reading: Reading, mention: Mention) -> bool:
    """Tell whether a verb stands right before a name: no mark, no preposition, no conjunction."""
    words = reading.words
    at = mention.first - 1 - (words[mention.first - 1].text.casefold() == "the") if mention.first else -1
    plain = at >= 0 and words[at].kind == "word" and words[at].text.islower()
    return plain and words[at].stem not in STOP and words[at].text.casefold() not in _OPENERS | _OBLIQUE


def is_object(reading: Reading, mention: Mention, before: list[Mention]) -> bool:
    """Tell whether a name is what another of its kind acts on: "A outscored the B": what goes on behind it is said of A."""
    words = reading.words
    at = mention.first - 1 - (words[mention.first - 1].text.casefold() == "the") if mention.first else -1
    if at < 0 or words[at].kind != "word" or words[at].stem in STOP or words[at].text.casefold() in _OPENERS:
        return False
    return words[at].text.islower() and any(m.last < at and nouns(m) == nouns(mention) for m in before[:-1])


def attributive(reading: Reading, mention: Mention, index: Index) -> bool:
    """Tell whether a name only says of whom someone is who was named: "A was the only other Leeds starter"."""
    words = reading.words
    behind = words[mention.last + 1].text.casefold() if mention.last + 1 < len(words) else ""
    earlier = max((m.last for m in reading.entities if m.last < mention.first), default=-1)
    between = {w.text.casefold() for w in words[earlier + 1 : mention.first]}
    lead = [w.text.casefold() for w in words[max(0, mention.first - COUNTED) : mention.first]]
    counted = lead[:2] == ["one", "of"]  # "A was one of six Reds with 16"
    return (
        (counted or behind in index.evidence.lexicon.parts) and earlier >= 0 and bool({"was", "is", "were", "are"} & between)
    )


def nouns(mention: Mention) -> set[str]:
    """Return what the entities of a mention are called."""
    return {noun for noun, _ in mention.what}
