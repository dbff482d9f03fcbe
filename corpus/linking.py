"""How records name one another: references resolved across documents, and what does not fit together. Pure.

Promise: an identifier is found by the site's patterns, letter for letter. What is named and is no record, what is there twice, what
stands alone, what one register knows and another does not, and what is absent from a running number is listed; nothing is mended.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpus.identifiers import IdentifierKind, Identifiers
from corpus.model import Locator, Passage, Record
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
    """An identifier that some registers of its kind know and others do not."""

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


@dataclass(frozen=True)
class Linked:
    """What the records of a store say of one another."""

    references: tuple[Reference, ...]
    unresolved: tuple[Unresolved, ...]
    duplicates: tuple[Duplicate, ...]
    orphans: tuple[Record, ...]
    one_sided: tuple[OneSided, ...]
    gaps: tuple[Gap, ...]

    def around(self, kind: str, identifier: str) -> tuple[Reference, ...]:
        """Return the references that name an identifier or stand in its record."""
        node = (kind, identifier)
        return tuple(r for r in self.references if node in (r.target, r.source))


def link(records: Sequence[Record], passages: Iterable[Passage], identifiers: Identifiers) -> Linked:
    """Find every reference and say what does not resolve; `records` are those of every current document."""
    known = _known(records, identifiers)
    found = tuple(_once(_references(records, passages, identifiers)))
    named: dict[Node, list[Reference]] = defaultdict(list)
    for reference in found:
        named[reference.target].append(reference)
    unresolved = tuple(
        Unresolved(*node, tuple(places[:MOST_PLACES])) for node, places in sorted(named.items()) if node not in known
    )
    return Linked(
        references=found,
        unresolved=unresolved,
        duplicates=tuple(duplicates(records)),
        orphans=tuple(_orphans(known, found, identifiers)),
        one_sided=tuple(_one_sided(records, identifiers)),
        gaps=tuple(_gaps(known, identifiers)),
    )


def _known(records: Iterable[Record], identifiers: Identifiers) -> dict[Node, Record]:
    """Return the records by the identifiers that name them: the whole identifier, or the part of it that looks like one."""
    found: dict[Node, Record] = {}
    for record in records:
        for kind in identifiers.of_record(record.kind):
            found.update({(kind.name, one): record for one in _own(kind, record)})
    return found


def _own(kind: IdentifierKind, record: Record) -> list[str]:
    if not kind.pattern:
        return [record.identifier]
    return [part for part in (record.identifier, *record.identifier.split("/")) if kind.is_one(part)]


def _references(records: Iterable[Record], passages: Iterable[Passage], identifiers: Identifiers) -> Iterator[Reference]:
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


def _once(references: Iterable[Reference]) -> Iterator[Reference]:
    """Keep one place for each pair of source and target."""
    seen: set[tuple[Node, Node]] = set()
    for reference in references:
        pair = (reference.source, reference.target)
        if pair not in seen:
            seen.add(pair)
            yield reference


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


def _orphans(known: Mapping[Node, Record], references: Iterable[Reference], identifiers: Identifiers) -> Iterator[Record]:
    """Yield records of events (their numbers begin again each year) that name no record and are named by none."""
    events = {kind.name for kind in identifiers.kinds if kind.sequence == "year"}
    named = {reference.target for reference in references}
    naming = {reference.source for reference in references if reference.target in known}
    for (kind, identifier), record in known.items():
        if kind in events and (kind, identifier) not in named and (record.kind, record.identifier) not in naming:
            yield record


def _one_sided(records: Iterable[Record], identifiers: Identifiers) -> Iterator[OneSided]:
    """Compare the registers of a kind: documents whose every record is that of one identifier, as the batches of two files."""
    for kind in identifiers.kinds:
        registers: dict[str, set[str]] = defaultdict(set)
        for record in records:
            one = _registered(kind, record)
            if one is not None:
                registers[record.document.shown].add(one)
        everything = set().union(*registers.values()) if len(registers) > 1 else set()
        for identifier in sorted(everything, key=_natural):
            known_to = tuple(name for name, known in registers.items() if identifier in known)
            if len(known_to) < len(registers):
                yield OneSided(kind.name, identifier, known_to, tuple(name for name in registers if name not in known_to))


def _registered(kind: IdentifierKind, record: Record) -> str | None:
    """Return the identifier whose register a record belongs to: its own one, or that of the field which is its whole key."""
    if record.row is None:
        return None
    if record.kind in kind.records and record.identifier in _own(kind, record):
        return record.identifier
    keyed = any(record.get(name) == record.identifier for name in kind.fields)
    return record.identifier if keyed else None


def _gaps(known: Iterable[Node], identifiers: Identifiers) -> Iterator[Gap]:
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, identifier in known:
        by_kind[kind].add(identifier)
    for one in identifiers.kinds:
        if one.sequence:
            yield from gaps(one.name, by_kind[one.name], from_one=one.sequence == "year")


def gaps(kind: str, identifiers: Iterable[str], *, from_one: bool) -> Iterator[Gap]:
    """Yield what is absent from each sequence of running numbers, between its first and last one, or from 1 on."""
    sequences: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    for identifier in identifiers:
        parts = _last_number(identifier)
        if parts is not None:
            before, digits, after = parts
            sequences[before, after, len(digits) if digits.startswith("0") or before else 0].add(int(digits))
    for (before, after, width), numbers in sorted(sequences.items()):
        absent = list(_ranges(numbers, 1 if from_one else min(numbers)))
        if absent:
            shown = tuple(_shown(before, after, width, first, last) for first, last in absent)
            yield Gap(kind, shown, sum(last - first + 1 for first, last in absent), len(numbers))


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


def _natural(identifier: str) -> tuple[int, str]:
    return len(identifier), identifier
