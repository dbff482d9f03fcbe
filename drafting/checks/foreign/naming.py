"""Collect what the evidence calls its rows: names, their parts and initials, other columns of names. Pure."""

import itertools
from collections.abc import Mapping

from drafting.checks.foreign.headers import nouns_of
from drafting.checks.foreign.labels import STOP, Phrase
from drafting.checks.foreign.tables import Column, Evidence, Table
from drafting.checks.foreign.words import cut

SHORTEST_NAME = 3
LEAST_NAME = 2
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
LEAST_PARTS, MOST_PARTS = 2, 4  # words of a name that a part of it may stand for
INITIALS = 2


def names_of(evidence: Evidence) -> Mapping[Phrase, tuple[tuple[str, str], ...]]:
    """Return the entities that a run of words names; a purely numeric name needs its noun before it and is not here."""
    found: dict[Phrase, set[tuple[str, str]]] = {}
    parts: dict[tuple[str, str], set[tuple[str, str]]] = {}
    lasts: dict[tuple[str, str], set[tuple[str, str]]] = {}  # a last name goes before the same as a first name
    for noun, key in evidence.entities:
        words = tuple(w.text.casefold() for w in cut(key) if w.kind != "mark")
        if not words or key.isdigit() or len("".join(words)) < LEAST_NAME:
            continue
        for said in {words, _initials(words, key)}:
            found.setdefault(said, set()).add((noun, key))
        if LEAST_PARTS <= len(words) <= MOST_PARTS and all(p[:1].isupper() for p in key.split()):
            last = [w for w in words if w not in _SUFFIXES][-1:]
            for part in words:
                if len(part) >= SHORTEST_NAME and part not in STOP and part not in _SUFFIXES:
                    (lasts if [part] == last else parts).setdefault((noun, part), set()).add((noun, key))
    for (noun, part), owners in (parts | lasts).items():
        if (part,) not in found or (noun, part) in lasts:
            found.setdefault((part,), set()).update(owners)
    _aliases(evidence, found)
    return {words: tuple(sorted(owners)) for words, owners in found.items()}


def _aliases(evidence: Evidence, found: dict[Phrase, set[tuple[str, str]]]) -> None:
    """Add what else names rows: the lexicon's columns, and columns of different names, as the party of an agreement."""
    taken = set(found)
    for number, table in enumerate(evidence.tables):
        also = evidence.lexicon.aliases.get(table.name, ())
        for column in table.columns:
            things = nouns_of(column.header)[-1:] and nouns_of(column.header)[-1] in evidence.nouns
            if column.header in also or (column.index != table.key and not things and _all_names(table, column)):
                for at, row in enumerate(table.rows):
                    entity = evidence.named(number, at)
                    words = tuple(w.text.casefold() for w in cut(row[column.index]) if w.kind != "mark")
                    if entity and words and (words not in taken or (column.header in also and len(words) > 1)):
                        found.setdefault(words, set()).add((entity.noun, entity.key))


def _initials(words: Phrase, key: str) -> Phrase:
    """Return a person's name with its initials written the other way: "C.J. Watson" and "CJ Watson"."""
    letters = [*itertools.takewhile(lambda w: len(w) == 1, words)]
    if 1 < len(letters) < len(words):
        return ("".join(letters), *words[len(letters) :])
    first = key.split(maxsplit=1)[0]
    return (
        (*words[0], *words[1:])
        if len(first) == len(words[0]) == INITIALS and first.isupper() and first.isalpha() and len(words) > 1
        else words
    )


def _all_names(table: Table, column: Column) -> bool:
    """Tell whether a column holds a different short name for each row: letters and digits, as of a party or a site."""
    cells = [row[column.index].strip() for row in table.rows]
    named = all(
        cell[:1].isupper() and any(ch.isdigit() for ch in cell) and len(cell.split()) <= MOST_PARTS for cell in cells
    )
    return column.kind == "text" and len(cells) > 1 and named and len(set(cells)) == len(cells)
