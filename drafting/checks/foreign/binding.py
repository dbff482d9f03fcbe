"""Tie a number of a sentence to what it is about: the words of its attribute, and the entities that own it. Pure.

Rules of plain English only: the attribute stands right behind its number ("6 rebounds", "18 - point") or before it ("yield was 98 %");
the owner is the name right behind it ("0.16 % in batch 763"), else the last name before it, else the first one after it, else what the
sentence before spoke of. "the former", "the latter", "respectively", "of its own" and "them" choose among these.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from drafting.checks.foreign.attributes import BEHIND, STOPS, of_whole, possessor
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.opposed import against_itself, rival
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.subjects import (
    BESIDE,
    NEXT,
    NOT_OWNER,
    PERSONS,
    attributive,
    is_object,
    nouns,
    rank,
    stranger,
    unknown,
    with_behind,
    without_brackets,
)
from drafting.checks.foreign.superlatives import held_by
from drafting.checks.foreign.tables import Entity, names_in

MOST_NAMES = 12  # before a number in its sentence: one of these owns it
REACH = 5  # words behind a number within which its owner follows
_OF = frozenset(("in", "for", "of", "from", "by", "at", "on"))
_THINGS = frozenset(("it", "its", "they", "their"))
_OWN = frozenset(
    ("saw", "seen", "helped", "helping", "gave", "giving", "left", "leaving", "put", "led", "of")
)  # before "them": who is spoken of
_OTHERS = frozenset(
    ("other", "others", "earlier", "previous", "following", "next")
)  # of these the sentence before did not speak
_SEVERAL = {"two": 2, "both": 2, "duo": 2, "pair": 2, "three": 3, "trio": 3, "quartet": 4}  # of those listed before
_RELATIVE = frozenset(("that", "which", "who"))
COMBINED = frozenset(("combined", "combine", "combining"))
_BACK = frozenset(("these", "those", "both", "two", "three", "such"))


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
    before = [m for m in reading.entities if m.last < at and not attributive(reading, m, index)][-MOST_NAMES:]
    if not unknown(reading, at, before):
        yield from _candidates(reading, at, before, focus, index)


def _candidates(
    reading: Reading, at: int, before: list[Mention], focus: Focus, index: Index
) -> Iterator[tuple[Entity, ...]]:
    words = reading.words
    yield from _whole_of(reading, at, before, index)
    superlative = _runner_up(reading, before) or held_by(reading, at)
    if superlative:
        yield from _entities(superlative, index)
    following = _following(reading, at, before, index)
    if following:
        yield from _entities(following, index)
    tail = [w.text.casefold() for w in words[at + 1 : at + 6]]
    if ("own" in tail and tail.index("own") < BEHIND and _possessive(tail)) and before:
        yield from _entities(before[0], index)
    if before:
        yield from _respectively(reading, at, index)
        yield from _chosen(reading, at, before, index)
    ordered = _ordered(reading, at, before, index)
    if ordered is None:
        return
    yield from _named(reading, at, ordered, index)
    if (
        not before and words[0].text.casefold() in _THINGS and not PERSONS & {w.text.casefold() for w in words[:at]}
    ):  # "They committed 18, four more than the Reds"
        yield from ((e,) for e in _known(focus.subject, index))
    many = population(reading, at) and not before
    for mention in (m for m in reading.entities if m.first > at and not (many and _parted(reading, at, m))):
        yield from _entities(mention, index)
    yield from _spoken_of(reading, at, focus, index)


def _named(reading: Reading, at: int, ordered: list[Mention], index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return the owners that a sentence names before a number; the other of two where it speaks of that one."""
    near = {w.text.casefold() for w in reading.words[max(0, at - NEXT) : at]}
    turned = bool(near & set(index.evidence.lexicon.opposite))  # "the Reds forced 20 turnovers"
    for k, mention in enumerate(ordered):
        if (turned and not k) or against_itself(reading, mention, index):  # "the Reds held the Reds to 12"
            yield from ((e,) for known in _entities(mention, index) for e in [rival(known[0], index)] if e)
        yield from _entities(mention, index)


def _runner_up(reading: Reading, before: list[Mention]) -> Mention | None:
    """Return the name right before a number that follows the highest: "followed by batch 7 with 98.4 %"."""
    words = reading.words[max(0, before[-1].first - 3) : before[-1].first] if before else ()
    return before[-1] if [w.text.casefold() for w in words[:2]] == ["followed", "by"] else None


def _ordered(reading: Reading, at: int, before: list[Mention], index: Index) -> list[Mention] | None:
    """Return the names before a number, its likeliest owner first; None where what owns it has no name in the evidence."""
    ranks = {m.first: rank(reading, at, m, before, index.evidence.lexicon.parts) for m in before}
    nearest_first = list(reversed(before))
    if before and ranks[before[-1].first] == NOT_OWNER and with_behind(reading, before[-1], at) and len(before) > 1:
        nearest_first = nearest_first[1:]  # "A led the Leeds bench with 12"
    elif before and (ranks[before[-1].first] == NOT_OWNER or stranger(reading, before[-1], index.evidence.lexicon.parts)):
        return None
    ordered = sorted(nearest_first, key=lambda m: ranks[m.first])
    if before and PERSONS & {w.text.casefold() for w in reading.words[before[-1].last + 1 : at]}:
        return [m for m in ordered if ranks[m.first] != BESIDE] or ordered
    return ordered


def _spoken_of(reading: Reading, at: int, focus: Focus, index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return the owners that a sentence without a name goes on about."""
    words = reading.words
    if reading.entities or _OTHERS & {w.text.casefold() for w in words} or population(reading, at):
        return
    later = [w.text.casefold() for w in words[:at] if w.text.casefold() in ("former", "latter")]
    pair = focus.group or focus.entities[-2:]
    said = {w.text.casefold() for w in words[:at]}
    if _THINGS & said and not later and not PERSONS & said:
        yield from ((e,) for e in _known(focus.subject, index))
    spoken = focus.persons if PERSONS & said else focus.entities
    for what in pair[:1] if later[-1:] == ["former"] else reversed(pair if later else spoken):
        yield from ((e,) for e in _known(what, index))


def _whole_of(reading: Reading, at: int, before: list[Mention], index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return what someone belongs to, where a number is said of that by its kind: "38 of the side's 113 goals"."""
    noun = next((n for k, n in reading.nouns if before and k == possessor(reading, at)), None)
    tables = set(index.row_nouns.get(noun, ())) if noun else set()
    wholes = (e for e in index.evidence.entities.values() if {t for t, _ in e.rows} & tables)
    yield from ((e,) for e in wholes if any(belongs(one, e, index) for one in _known(before[-1].what, index)))


def _parted(reading: Reading, at: int, mention: Mention) -> bool:
    """Tell whether a name stands in another clause than a number before it."""
    return any(w.text in (";", ",") for w in reading.words[at : mention.first])


def population(reading: Reading, at: int) -> bool:
    """Tell whether a sentence speaks of many rows before a word: "yield of the batches"; not of "these batches", named before."""
    words = reading.words
    plural = (
        k for k, _ in reading.nouns if k < at and words[k].text.casefold() != words[k].stem and words[k].text.islower()
    )
    return any(not _BACK & {w.text.casefold() for w in words[max(0, k - 2) : k]} for k in plural)


def _possessive(tail: list[str]) -> bool:
    return bool({"its", "their", "his", "her"} & set(tail))


def _following(reading: Reading, at: int, before: list[Mention], index: Index) -> Mention | None:
    """Return the name right behind a number: "0.16 % in batch 763"; not one that a further number stands before."""
    mention = next((m for m in reading.entities if m.first > at), None)
    if mention is None or of_whole(reading, at) is not None:
        return None
    between = [w.text.casefold() for w in reading.words[at + 1 : mention.first]]
    if between[-1:] == ["from"] and _only_list(reading, at, mention):
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
    wanted = {key for noun, key in other.what if noun not in nouns(one)}
    return any(
        wanted & set(names_in(index.evidence.cell(t, r, c)))
        for entity in _known(one.what, index)
        for t, r in entity.rows
        for (table, c) in index.evidence.references
        if table == t
    )


def belongs(one: Entity, other: Entity, index: Index) -> bool:
    """Tell whether the rows of one name another, of another kind, in a column."""
    return one.noun != other.noun and any(
        other.key in names_in(index.evidence.cell(t, r, c))
        for t, r in one.rows
        for (table, c), noun in index.evidence.references.items()
        if table == t and noun == other.noun
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
    since = [w.text.casefold() for w in words[group[-1].last + 1 : at]]
    if len(group) == 1:
        if "them" in since and not _OWN & set(since[max(0, since.index("them") - 1) : since.index("them")]):
            yield from _them(reading, at, before, index)
        return
    if "latter" in since or "former" in since:
        later = [w for w in since if w in ("former", "latter")][-1]
        yield from _entities(group[0] if later == "former" else group[-1], index)
        return
    rest = [n for n in reading.numbers if n > before[-1].last]
    if not COMBINED & set(since) and len(rest) == len(group) and at in rest:
        yield from _entities(group[rest.index(at)], index)
        return
    both = tuple(e for m in group for one in _entities(m, index) for e in one[:1])
    if len(both) == len(group):
        yield both


def _them(reading: Reading, at: int, before: list[Mention], index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return whom "them" means: what another acts on ("A held the B to 38 and forced them into 17"), else the other of two."""
    named = before[-1]
    acts = _RELATIVE & {
        w.text.casefold() for w in reading.words[named.last + 1 : at]
    }  # "a Reds defence that held them to 38"
    if not acts and is_object(reading, named, [m for m in before if m.what != named.what or m is named]):
        yield from _entities(named, index)
    elif not rank(reading, at, named, before, index.evidence.lexicon.parts):
        subject = next(_entities(named, index), ())
        others = rival(subject[0], index) if subject else None
        yield from ((e,) for e in (others,) if e)


def _respectively(reading: Reading, at: int, index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return the owner of a number by its order, where "respectively" ends the list of numbers that belong to a list of names."""
    end = next((k for k, w in enumerate(reading.words) if k > at and w.text.casefold() == "respectively"), None)
    for mention in reading.entities if end is not None else ():
        group = group_of(reading, mention)
        listed = [n for n in reading.numbers if mention.last < n < (end or 0)][-len(group) :]
        if len(group) > 1 and mention == group[-1] and at in listed and len(listed) == len(group):
            yield from _entities(group[listed.index(at)], index)


def group_of(reading: Reading, mention: Mention) -> list[Mention]:
    """Return the names that are said together with one: "batches 763, 764 and 766", "neither 763 nor 764"."""
    at = reading.entities.index(mention)
    group = [mention]
    for earlier in reversed(reading.entities[:at]):
        between = set(without_brackets([w.text.casefold() for w in reading.words[earlier.last + 1 : group[0].first]]))
        if not between <= {",", "and", "&", "both", "nor"} or not between or nouns(earlier) != nouns(mention):
            break
        group.insert(0, earlier)
    return group


def joined(reading: Reading, at: int, focus: Focus, index: Index) -> tuple[Entity, ...]:
    """Return those who are said to combine for a number without a name: all of a kind ("the two teams"), else those listed together before."""
    words = reading.words
    said = {w.text.casefold() for w in words[:at]}
    many = [noun for k, noun in reading.nouns if k < at and words[k].text.casefold() != words[k].stem]
    before = [m for m in reading.entities if m.last < at]
    group = next((g for m in reversed(before) for g in [group_of(reading, m)] if len(g) > 1), [])
    told = words[at - 1].text.casefold() == "combined" if at else False  # "led the Reds with a combined 12"
    if "they" not in said and before and not (told and group and nouns(before[-1]) != nouns(group[-1])):
        return ()
    if group:
        return tuple(e for m in group for e in _known(m.what, index)[:1])
    if many:
        tables = index.row_nouns.get(many[0], ())
        return tuple(e for e in index.evidence.entities.values() if {t for t, _ in e.rows} & set(tables))
    meant = said & _THINGS or len(focus.group) in {_SEVERAL[w] for w in said & _SEVERAL.keys()}  # "they", "the duo"
    return tuple(e for what in focus.group for e in _known(what, index)[:1]) if meant else ()


def _entities(mention: Mention, index: Index) -> Iterator[tuple[Entity, ...]]:
    yield from ((e,) for e in _known(mention.what, index))


def _known(what: tuple[tuple[str, str], ...], index: Index) -> list[Entity]:
    """Return the entities that a name may mean: of several none without a single value."""
    known = [index.evidence.entities[key] for key in what if key in index.evidence.entities]
    return [e for e in known if _filled(e, index)] or known if len(known) > 1 else known


def _filled(entity: Entity, index: Index) -> bool:
    """Tell whether any number of an entity's rows is there."""
    tables = index.evidence.tables
    return any(
        index.evidence.cell(t, r, c.index).strip() for t, r in entity.rows for c in tables[t].columns if c.kind == "number"
    )
