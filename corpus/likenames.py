"""Propose names of different files that may be one attribute: alike in words, of one unit, never side by side in one file. Pure.

A proposal joins nothing; a person confirms it in the attribute map or leaves it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import Connection, select

from corpus import tables
from corpus.attributemap import AttributeMap
from corpus.standing import current_document

ALIKE = 88  # of 100, by rapidfuzz's token sort or token set ratio
MOST_COMPARED = 1500  # names; more are compared no further, and the list says so
SHORT = 2  # letters of a word that may be a code: "impurity A" is not "impurity B"


@dataclass(frozen=True)
class NameInUse:
    """A name under which current files measure something."""

    attribute: str
    headers: tuple[str, ...]
    units: tuple[str, ...]
    products: tuple[str, ...]
    files: tuple[str, ...]
    documents: frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """Two names that may be one attribute, for a person to decide."""

    one: NameInUse
    other: NameInUse
    score: int

    @property
    def unit(self) -> str:
        """Return the unit that both are measured in."""
        return self.one.units[0]


def in_use(conn: Connection) -> list[NameInUse]:
    """List the names that current files measure under, with their headers, units, products and files."""
    m, d = tables.measurements.c, tables.documents.c
    query = select(m.attribute, m.column, m.unit, m.product, m.document_id, d.name).join(
        tables.documents, d.id == m.document_id
    )
    rows = conn.execute(query.where(current_document(m.document_id)).distinct()).all()
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for name, *rest in rows:
        grouped.setdefault(name, []).append(tuple(text or "" for text in rest))
    return [_named(name, found) for name, found in sorted(grouped.items())]


def _named(name: str, found: Sequence[tuple[str, ...]]) -> NameInUse:
    headers, units, products, documents, files = (tuple(sorted(set(column))) for column in zip(*found, strict=True))
    return NameInUse(name, headers, units, products, files, frozenset(documents))


def proposed(found: Sequence[NameInUse], known: AttributeMap) -> list[Likeness]:
    """Return pairs of names that may be one attribute and that the map does not join, the most alike first. Pure."""
    listed = found[:MOST_COMPARED]
    pairs = (_likeness(one, other) for one, other in combinations(listed, 2) if _apart(one, other, known))
    return sorted((p for p in pairs if p.score >= ALIKE), key=lambda p: (-p.score, p.one.attribute, p.other.attribute))


def _apart(one: NameInUse, other: NameInUse, known: AttributeMap) -> bool:
    """Tell whether two names may be one: no file has both, units agree, a product is shared, and the map joins them not yet."""
    if one.documents & other.documents or one.units != other.units or len(one.units) != 1:
        return False
    shared = set(one.products) & set(other.products)
    joined = ({known.of(p).get(one.attribute), known.of(p).get(other.attribute)} for p in shared) if known.version else ()
    return bool(shared) and not any(len(meant) == 1 and None not in meant for meant in joined)


def _likeness(one: NameInUse, other: NameInUse) -> Likeness:
    from rapidfuzz import fuzz  # noqa: PLC0415 - only where names are compared

    texts = [(a, b) for a in _spellings(one) for b in _spellings(other) if not _codes_differ(a, b)]
    scores = [max(fuzz.token_sort_ratio(a, b), fuzz.token_set_ratio(a, b)) for a, b in texts]
    return Likeness(one, other, int(max(scores, default=0)))


def _spellings(name: NameInUse) -> list[str]:
    return list(dict.fromkeys(" ".join(_words(text)) for text in (name.attribute, *name.headers)))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _codes_differ(one: str, other: str) -> bool:
    """Tell whether what two names do not share are numbers or single letters on both sides."""
    mine, theirs = set(one.split()) - set(other.split()), set(other.split()) - set(one.split())
    return (_has_code(mine) and _has_code(theirs)) or any(word.isdigit() for word in mine ^ theirs)


def _has_code(words: Iterable[str]) -> bool:
    return any(len(word) <= SHORT for word in words)
