"""Tie a number of a sentence to what it is about: the words of its attribute, and the entities that own it. Pure.

Rules of plain English only: the attribute stands right behind its number ("6 rebounds", "18 - point") or before it ("yield was 98 %");
the owner is the name right behind it ("0.16 % in batch 763"), else the last name before it, else the first one after it, else what the
sentence before spoke of. "the former", "the latter", "respectively", "of its own" and "them" choose among these.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from drafting.checks.foreign.attributes import BEHIND, STOPS
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import Entity, names_in

MOST_NAMES = 12  # before a number in its sentence: one of these owns it
NEXT = 2  # words within which a number stands right behind a name
REACH = 5  # words behind a number within which its owner follows
_OF = frozenset(("in", "for", "of", "from", "by", "at", "on"))
_THINGS = frozenset(("it", "its", "they", "their"))
_PERSONS = frozenset(("he", "she", "his", "her", "him", "who"))
_PARTS_REACH, _BESIDE, _NOT_OWNER = (
    4,
    2,
    3,
)  # words behind a name that may say a part of it; the ranks of names that own nothing
_OWN = frozenset(
    ("saw", "seen", "helped", "helping", "gave", "giving", "left", "leaving", "put", "led", "of")
)  # before "them": who is spoken of
_OTHERS = frozenset(
    ("other", "others", "earlier", "previous", "following", "next")
)  # of these the sentence before did not speak
_BACK = frozenset(("these", "those", "both", "two", "three", "such"))
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
_OBLIQUE = frozenset(("for", "of", "over", "against", "from", "to"))


@dataclass(frozen=True)
class Focus:
    """What the text spoke of last: entities, newest last, and the words of the last attribute."""

    entities: tuple[tuple[tuple[str, str], ...], ...] = ()
    stems: frozenset[str] = frozenset()
    noun: str = ""
    subject: tuple[tuple[str, str], ...] = ()  # what the last sentence with a name began with: "it" and "they" are that
    group: tuple[tuple[tuple[str, str], ...], ...] = ()  # the names that the last sentence listed together
    persons: tuple[tuple[tuple[str, str], ...], ...] = ()  # of the entities those without an article: "he" is one of them


def owners_of(reading: Reading, at: int, focus: Focus, index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return the candidates for the owner of a number, best first; several together where they are said together."""
    words = reading.words
    before = [m for m in reading.entities if m.last < at and not _attributive(reading, m, index)][-MOST_NAMES:]
    following = _following(reading, at, before, index)
    if following:
        yield from _entities(following, index)
    tail = [w.text.casefold() for w in words[at + 1 : at + 6]]
    if ("own" in tail and tail.index("own") < BEHIND and _possessive(tail)) and before:
        yield from _entities(before[0], index)
    if before:
        yield from _respectively(reading, at, index)
        yield from _chosen(reading, at, before, index)
    nearest_first = list(reversed(before))
    ranks = {m.first: _rank(reading, at, m, before, index.evidence.lexicon.parts) for m in before}
    if before and ranks[before[-1].first] == _NOT_OWNER and _with(reading, before[-1], at) and len(before) > 1:
        nearest_first = nearest_first[1:]  # "A led the Leeds bench with 12"
    elif (before and ranks[before[-1].first] == _NOT_OWNER) or _unknown(reading, at, before):
        return
    ordered = sorted(nearest_first, key=lambda m: ranks[m.first])
    if before and _PERSONS & {w.text.casefold() for w in words[before[-1].last + 1 : at]}:
        ordered = [m for m in ordered if ranks[m.first] != _BESIDE] or ordered
    if ordered and set(index.evidence.lexicon.opposite) & {w.text.casefold() for w in words[max(0, at - NEXT) : at]}:
        yield from ((e,) for known in _entities(ordered[0], index) for e in [rival(known[0], index)] if e)
    for mention in ordered:
        yield from _entities(mention, index)
    if (
        not before and words[0].text.casefold() in _THINGS and not _PERSONS & {w.text.casefold() for w in words[:at]}
    ):  # "They committed 18, four more than the Reds"
        yield from ((e,) for e in _known(focus.subject, index))
    many = population(reading, at) and not before
    for mention in (m for m in reading.entities if m.first > at and not (many and _parted(reading, at, m))):
        yield from _entities(mention, index)
    yield from _spoken_of(reading, at, focus, index)


def _spoken_of(reading: Reading, at: int, focus: Focus, index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return the owners that a sentence without a name goes on about."""
    words = reading.words
    if reading.entities or _OTHERS & {w.text.casefold() for w in words} or population(reading, at):
        return
    later = [w.text.casefold() for w in words[:at] if w.text.casefold() in ("former", "latter")]
    pair = focus.group or focus.entities[-2:]
    said = {w.text.casefold() for w in words[:at]}
    if _THINGS & said and not later and not _PERSONS & said:
        yield from ((e,) for e in _known(focus.subject, index))
    spoken = focus.persons if _PERSONS & said else focus.entities
    for what in pair[:1] if later[-1:] == ["former"] else reversed(pair if later else spoken):
        yield from ((e,) for e in _known(what, index))


def _parted(reading: Reading, at: int, mention: Mention) -> bool:
    """Tell whether a name stands in another clause than a number before it."""
    return any(w.text in (";", ",") for w in reading.words[at : mention.first])


def population(reading: Reading, at: int) -> bool:
    """Tell whether a sentence speaks of many rows before a word: "yield of the batches"; not of "these batches", named before."""
    words = reading.words
    plural = (k for k, noun in reading.nouns if k < at and words[k].text.casefold() != noun and words[k].text.islower())
    return any(not _BACK & {w.text.casefold() for w in words[max(0, k - 2) : k]} for k in plural)


def _rank(reading: Reading, at: int, mention: Mention, before: list[Mention], parts: tuple[str, ...]) -> int:
    """Return how unlikely a name is to own a number: 0 for the nearest, more for one that only stands beside the subject."""
    words = reading.words
    since = _without_brackets([w.text.casefold() for w in words[mention.last + 1 : at]])
    lead = [w.text.casefold() for w in words[max(0, mention.first - 2) : mention.first]]
    article = lead[-1:] == ["the"]
    preposition = lead[0] if article and len(lead) > 1 else lead[-1] if lead else ""
    nearest = mention is before[-1]
    person = _PERSONS & {w.text.casefold() for w in words[before[-1].last + 1 : at]}
    behind = words[mention.last + 1].stem if mention.last + 1 < len(words) else ""
    beside = (person and article) or any(k == mention.last + 1 for k, _ in reading.nouns)
    if beside or since[:1] == ["who"] or since[:2] == [",", "who"]:
        return _BESIDE if beside else 0
    if article and set(since[:_PARTS_REACH]) & set(parts):
        return _NOT_OWNER
    if nearest and since[:1] not in (["to"], ["into"]) and _GOES_ON & set(since) and _is_object(reading, mention, before):
        return 1
    if not nearest and {"they", "it"} & set(since) and _is_object(reading, mention, before):
        return 1
    if nearest and len(before) > 1 and _participial(since) and _acted_on(reading, mention):
        return 1
    first = next((n for n in reading.numbers if n > mention.last), at)
    counted = first == at <= mention.last + BEHIND + NEXT and "with" not in {
        w.text.casefold() for w in words[mention.last : first]
    }
    if len(before) > 1 and behind in ("'", "’"):  # "thanks to his side 's 5 goals"; but "beat his side 's record with 5"
        return 0 if counted else 1
    if nearest and len(before) > 1 and preposition in _OBLIQUE and since[:1] != ["("]:
        return 1
    with_it = since[:1] == ["with"] or (since[:1] == ["in"] and since[2:3] == ["with"])  # "led the team in scoring with"
    return 1 if nearest and len(before) > 1 and with_it and preposition != "by" else 0


def _without_brackets(words: list[str]) -> list[str]:
    """Return words without what stands in brackets that are closed."""
    if "(" in words and ")" in words[words.index("(") :]:
        return words[: words.index("(")] + words[words.index(")", words.index("(")) + 1 :]
    return words


def _unknown(reading: Reading, at: int, before: list[Mention]) -> bool:
    """Tell whether a name of several words that the evidence does not know begins the clause of a number: nothing else owns it."""
    words = reading.words
    last = before[-1].last if before else -1
    for k in range(last + 1, at - 1):
        opens = k == 0 or words[k - 1].text in _OPENING or (words[k - 1].text == "The" and k == 1)
        if opens and all(_capital(reading, place) for place in (k, k + 1)):
            end = next(place for place in range(k, at + 1) if place == at or not _capital(reading, place))
            behind = words[end]
            return end < at and behind.kind == "word" and behind.text.islower() and behind.stem not in STOP - {"had", "has"}
    return False


def _capital(reading: Reading, at: int) -> bool:
    word = reading.words[at]
    return (
        word.kind == "word" and word.text[:1].isupper() and at not in reading.taken and word.text not in ("The", "In", "It")
    )


def _with(reading: Reading, mention: Mention, at: int) -> bool:
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


def _possessive(tail: list[str]) -> bool:
    return bool({"its", "their", "his", "her"} & set(tail))


def _is_object(reading: Reading, mention: Mention, before: list[Mention]) -> bool:
    """Tell whether a name is what another of its kind acts on: "A outscored the B": what goes on behind it is said of A."""
    words = reading.words
    at = mention.first - 1 - (words[mention.first - 1].text.casefold() == "the") if mention.first else -1
    if at < 0 or words[at].kind != "word" or words[at].stem in STOP or words[at].text.casefold() in _OPENERS:
        return False
    return words[at].text.islower() and any(m.last < at and _nouns(m) == _nouns(mention) for m in before[:-1])


def _attributive(reading: Reading, mention: Mention, index: Index) -> bool:
    """Tell whether a name only says of whom someone is who was named: "A was the only other Leeds starter"."""
    words = reading.words
    behind = words[mention.last + 1].text.casefold() if mention.last + 1 < len(words) else ""
    earlier = max((m.last for m in reading.entities if m.last < mention.first), default=-1)
    between = {w.text.casefold() for w in words[earlier + 1 : mention.first]}
    return behind in index.evidence.lexicon.parts and earlier >= 0 and bool({"was", "is", "were", "are"} & between)


def _following(reading: Reading, at: int, before: list[Mention], index: Index) -> Mention | None:
    """Return the name right behind a number: "0.16 % in batch 763"; not one that a further number stands before."""
    mention = next((m for m in reading.entities if m.first > at), None)
    if mention is None:
        return None
    between = [w.text.casefold() for w in reading.words[at + 1 : mention.first]]
    if between[-1] == "from" and _only_list(reading, at, mention):
        return mention
    said = {k for s in reading.said if s.first > at for k in range(s.first, s.last + 1)}
    if sum(1 for k in range(at + 1, mention.first) if k not in said) >= REACH:
        return None
    if "for" in between[-2:] and before and _refers(before[-1], mention, index):
        return None  # "16 points for the Reds" of one of them
    plain = not any(w in STOPS or w in ("to", "as", "over") for w in between)
    counted = any(at < n < mention.first for n in reading.numbers)
    return mention if plain and not counted and _OF & set(between) else None


def _only_list(reading: Reading, at: int, mention: Mention) -> bool:
    """Tell whether only numbers and what they are of stand up to a name: "20 points, five assists and four steals from A"."""
    said = {k for s in reading.said for k in range(s.first, s.last + 1)} | set(reading.numbers)
    rest = {reading.words[k].text.casefold() for k in range(at + 1, mention.first - 1) if k not in said}
    return rest <= {",", "and", "-", "a", "an"}


def _refers(one: Mention, other: Mention, index: Index) -> bool:
    """Tell whether the rows of one name another in a column."""
    wanted = {key for noun, key in other.what if noun not in _nouns(one)}
    return any(
        wanted & set(names_in(index.evidence.cell(t, r, c)))
        for entity in _known(one.what, index)
        for t, r in entity.rows
        for (table, c) in index.evidence.references
        if table == t
    )


def _chosen(reading: Reading, at: int, before: list[Mention], index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return the owner that "former", "latter", "them" or the order of a list chooses."""
    words = reading.words
    group = group_of(reading, before[-1])
    since = [w.text for w in words[before[-1].last + 1 : at]]
    if since[:1] == ["("] and ")" not in since:
        return  # in brackets behind its own name
    told = [w.text.casefold() for w in words[before[0].first : at]]
    if {"former", "latter"} & set(told):
        group = next((g for m in reversed(before) for g in [group_of(reading, m)] if len(g) > 1), group)
    if len(group) == 1 and _rank(reading, at, before[-1], before, index.evidence.lexicon.parts):
        return
    since = [w.text.casefold() for w in words[group[-1].last + 1 : at]]
    if len(group) > 1:
        if "latter" in since or "former" in since:
            later = [w for w in since if w in ("former", "latter")][-1]
            yield from _entities(group[0] if later == "former" else group[-1], index)
            return
        rest = [n for n in reading.numbers if n > before[-1].last]
        if not {"combined", "combine", "combining"} & set(since) and len(rest) == len(group) and at in rest:
            yield from _entities(group[rest.index(at)], index)
            return
        both = tuple(e for m in group for one in _entities(m, index) for e in one[:1])
        if len(both) == len(group):
            yield both
    elif "them" in since:
        lead = since[max(0, since.index("them") - 1) : since.index("them")]
        subject = next(_entities(before[-1], index), ())
        others = rival(subject[0], index) if subject else None
        if others and not _OWN & set(lead):
            yield (others,)


def _respectively(reading: Reading, at: int, index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return the owner of a number by its order, where "respectively" ends the list of numbers that belong to a list of names."""
    end = next((k for k, w in enumerate(reading.words) if k > at and w.text.casefold() == "respectively"), None)
    for mention in reading.entities if end is not None else ():
        group = group_of(reading, mention)
        listed = [n for n in reading.numbers if mention.last < n < (end or 0)][-len(group) :]
        if len(group) > 1 and mention == group[-1] and at in listed and len(listed) == len(group):
            yield from _entities(group[listed.index(at)], index)


def rival(entity: Entity, index: Index) -> Entity | None:
    """Return the other of two: the only other entity of the same table."""
    tables = {t for t, _ in entity.rows}
    same = [
        e
        for e in index.evidence.entities.values()
        if e.noun == entity.noun and {t for t, _ in e.rows} & tables and e.key != entity.key
    ]
    return same[0] if len(same) == 1 else None


def group_of(reading: Reading, mention: Mention) -> list[Mention]:
    """Return the names that are said together with one: "batches 763, 764 and 766"."""
    at = reading.entities.index(mention)
    group = [mention]
    for earlier in reversed(reading.entities[:at]):
        between = set(_without_brackets([w.text.casefold() for w in reading.words[earlier.last + 1 : group[0].first]]))
        if not between <= {",", "and", "&", "both"} or not between or _nouns(earlier) != _nouns(mention):
            break
        group.insert(0, earlier)
    return group


def joined(reading: Reading, at: int, focus: Focus, index: Index) -> tuple[Entity, ...]:
    """Return those who are said to combine for a number without a name: all of a kind ("the two teams"), else those listed together before."""
    words = reading.words
    said = {w.text.casefold() for w in words[:at]}
    many = [noun for k, noun in reading.nouns if k < at and words[k].text.casefold() != noun]
    if "they" not in said and any(m.last < at for m in reading.entities):
        return ()
    group = next((g for m in reversed(reading.entities) if m.last < at for g in [group_of(reading, m)] if len(g) > 1), [])
    if group:
        return tuple(e for m in group for e in _known(m.what, index)[:1])
    if many:
        tables = index.row_nouns.get(many[0], ())
        return tuple(e for e in index.evidence.entities.values() if {t for t, _ in e.rows} & set(tables))
    return tuple(e for what in focus.group for e in _known(what, index)) if said & _THINGS else ()


def _nouns(mention: Mention) -> set[str]:
    return {noun for noun, _ in mention.what}


def _entities(mention: Mention, index: Index) -> Iterator[tuple[Entity, ...]]:
    yield from ((e,) for e in _known(mention.what, index))


def _known(what: tuple[tuple[str, str], ...], index: Index) -> list[Entity]:
    return [index.evidence.entities[key] for key in what if key in index.evidence.entities]
