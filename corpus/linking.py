"""How records name one another: references resolved across documents, and what does not fit together. Pure.

Promise: an identifier is found by the site's patterns, letter for letter. What is named and is no record, what is there twice, what
stands alone, what one register knows and another does not, and what is absent from a running number is listed; nothing is mended.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from audit.canonical import canonical, digest
from corpus.identifiers import IdentifierKind, Identifiers
from corpus.model import Locator, Passage, Record, SourceDocument
from corpus.plausibility import same_literal

Node = tuple[str, str]  # kind of identifier, identifier
MOST_PLACES = 20  # of one identifier that are listed


@dataclass(frozen=True)
class Reference:
    """A place that names an identifier, and the record in which it does so."""

    target: Node
    source: Node
    locator: Locator
    product: str | None = None


@dataclass(frozen=True)
class Unresolved:
    """An identifier that is named, and is that of no record."""

    kind: str
    identifier: str
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Duplicate:
    """A record that two current documents hold with different content: the fields that differ, each with both literals."""

    kind: str
    identifier: str
    records: tuple[Record, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class OneSided:
    """An identifier that some registers of its kind know and others do not; a register is a file, or files that go on each other."""

    kind: str
    identifier: str
    known_to: tuple[str, ...]
    unknown_to: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """Numbers absent from a running sequence, as ranges of identifiers; `known` is how many are there."""

    kind: str
    missing: tuple[str, ...]
    number: int
    known: int


def names_of(record: Record, identifiers: Identifiers) -> Iterator[Node]:
    """Yield the identifiers that name a record: its whole identifier, or the part of it that looks like one."""
    for kind in identifiers.of_record(record.kind):
        yield from ((kind.name, one) for one in _own(kind, record))


def _own(kind: IdentifierKind, record: Record) -> list[str]:
    if not kind.pattern:
        return [record.identifier]
    return [part for part in (record.identifier, *record.identifier.split("/")) if kind.is_one(part)]


def references(records: Iterable[Record], passages: Iterable[Passage], identifiers: Identifiers) -> Iterator[Reference]:
    """Yield where records and passages name an identifier that is not their own; one place for each pair of source and target."""
    seen: set[tuple[Node, Node]] = set()
    for reference in _named(records, passages, identifiers):
        pair = (reference.source, reference.target)
        if pair not in seen:
            seen.add(pair)
            yield reference


def _named(records: Iterable[Record], passages: Iterable[Passage], identifiers: Identifiers) -> Iterator[Reference]:
    for record in records:
        own = {(kind.name, one) for kind in identifiers.kinds for one in _own(kind, record) if kind.pattern}
        own |= {(kind.name, record.identifier) for kind in identifiers.of_record(record.kind)}
        source = (record.kind, record.identifier)
        for name, literal in record.fields.items():
            for kind, identifier in identifiers.in_field(name, literal or ""):
                if (kind.name, identifier) not in own:
                    yield Reference((kind.name, identifier), source, record.locator(name), record.product)
    for passage in passages:
        for kind, identifier in identifiers.in_text(passage.text):
            if identifier != passage.record_identifier:
                source = (passage.kind, passage.record_identifier or passage.document_name)
                yield Reference((kind.name, identifier), source, passage.locator, passage.product)


def duplicates(records: Iterable[Record]) -> Iterator[Duplicate]:
    """Yield each record of one kind and identifier that stands in two documents with different content."""
    grouped: dict[Node, list[Record]] = defaultdict(list)
    for record in records:
        grouped[record.kind, record.identifier].append(record)
    for (kind, identifier), found in grouped.items():
        if len({record.document.id for record in found}) > 1:
            names = tuple(dict.fromkeys(name for one, other in combinations(found, 2) for name in differing(one, other)))
            if names:
                yield Duplicate(kind, identifier, tuple(found), names)


def differing(one: Record, other: Record) -> tuple[str, ...]:
    """Return the fields of which two records say different things; a refused cell says something else than one that was read.

    A field whose column only one of the two files has is not compared.
    """
    names = [name for name in dict.fromkeys((*one.fields, *other.fields)) if _tells(one, name) and _tells(other, name)]
    return tuple(name for name in names if not same_literal(one.get(name), other.get(name)))


def _tells(record: Record, name: str) -> bool:
    return name in record.fields or name in record.document.columns


def registered(kind: IdentifierKind, record: Record) -> str | None:
    """Return the identifier whose register a record belongs to: its own one, or that of the field which is its whole key."""
    if record.row is None:
        return None
    if record.kind in kind.records and record.identifier in _own(kind, record):
        return record.identifier
    keyed = any(record.get(name) == record.identifier for name in kind.fields)
    return record.identifier if keyed else None


def register_of(document: SourceDocument) -> str:
    """Return what the files of one register share: kind of record, profile (in whatever version) and header.

    A site exports a list month by month: such files go on each other, whether their periods overlap or not.
    """
    profile = (document.profile or "").rpartition("/")[0]
    return digest(canonical([document.kind, profile, sorted(document.columns.items())]))


def named_register(first: str, files: int) -> str:
    """Return how a register is called: by its first file, and how many more it has."""
    return first if files == 1 else f"{first} and {files - 1} more"


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def gaps(kind: str, identifiers: Iterable[str], *, from_one: bool, own: Iterable[str] | None = None) -> Iterator[Gap]:
    """Yield what is absent from each sequence of running numbers, between its first and last one, or from 1 on.

    A new year in an identifier is no gap. Where `own` names some of them, no further than these reach: other numbers of the sequence may lie between them.
    """
    sequences = _sequences(identifiers)
    reach = sequences if own is None else _sequences(own)
    last: dict[tuple[str, str, int], int] = {}  # of the year before, of sequences that name their year
    for (before, after, width), every in sorted(sequences.items()):
        series = (_YEAR.sub("#", before), after, width)
        earlier, last[series] = last.get(series, 0) if _YEAR.search(before) else 0, max(every)
        mine = reach.get((before, after, width))
        if not mine:
            continue
        whole = from_one or own is None
        first = (_first(min(every), earlier, from_one=from_one) if whole else 0) or min(mine)
        numbers = {n for n in every if first <= n <= max(mine)}
        absent = list(_ranges(numbers, first))
        if absent:
            shown = tuple(_shown(before, after, width, start, end) for start, end in absent)
            yield Gap(kind, shown, sum(end - start + 1 for start, end in absent), len(numbers))


def _first(least: int, earlier: int, *, from_one: bool) -> int:
    """Return the number with which a sequence should begin, 0 where that is open; `earlier` is the last one of the year before, 0 for none.

    Numbers that restart each year run on over a new one only where they do so without a gap; numbers that run on begin anew where they are lower than before.
    """
    if from_one:
        return least if earlier and least == earlier + 1 else 1
    if not earlier:
        return 0
    return earlier + 1 if least > earlier else 1


def _sequences(identifiers: Iterable[str]) -> dict[tuple[str, str, int], set[int]]:
    """Return the numbers of each sequence: what stands before and after them, and their width where it is fixed."""
    sequences: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    for identifier in identifiers:
        parts = _last_number(identifier)
        if parts is not None:
            before, digits, after = parts
            sequences[before, after, len(digits) if digits.startswith("0") or before else 0].add(int(digits))
    return sequences


def _last_number(identifier: str) -> tuple[str, str, str] | None:
    found = re.fullmatch(r"(.*?)(\d{1,12})(\D*)", identifier)
    return (found[1], found[2], found[3]) if found else None


def _ranges(numbers: set[int], first: int) -> Iterator[tuple[int, int]]:
    expected = first
    for number in sorted(numbers):
        if number > expected:
            yield expected, number - 1
        expected = number + 1


def _shown(before: str, after: str, width: int, first: int, last: int) -> str:
    one, other = (f"{before}{number:0{width}d}{after}" for number in (first, last))
    return one if first == last else f"{one} to {other}"
