"""The first way to link records: everything that is current in memory at once. Kept as the reference of what the store answers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from corpus import plausibility, records
from corpus.identifiers import IdentifierKind, Identifiers
from corpus.linking import MOST_PLACES, Duplicate, Gap, Node, OneSided, Reference, Unresolved, duplicates, gaps
from corpus.model import Passage, Record
from corpus.plausibility import Contradiction, Disagreement


@dataclass(frozen=True)
class Linked:
    """What the records of a store say of one another."""

    references: tuple[Reference, ...]
    unresolved: tuple[Unresolved, ...]
    duplicates: tuple[Duplicate, ...]
    orphans: tuple[Record, ...]
    one_sided: tuple[OneSided, ...]
    gaps: tuple[Gap, ...]


def everything(conn: Connection, identifiers: Identifiers) -> Linked:
    """Link everything that is current."""
    return link(records.every_record(conn), records.passages(conn), identifiers)


def contradictions(conn: Connection, product: str | None) -> list[Contradiction]:
    """Find every contradiction within a batch."""
    return plausibility.contradictions(records.every_measurement(conn, product=product, primary_only=False))


def disagreements(conn: Connection, product: str | None) -> list[Disagreement]:
    """Find what documents say differently of one subject, where a record says it."""
    said = [r for r in records.every_record(conn) if product is None or r.product in (product, None, "*")]
    fields = sorted({name for record in said for name in record.fields})
    both = records.every_measurement(conn, product=product, attributes=fields, primary_only=False)
    found = plausibility.disagreements(plausibility.statements(said, both))
    return [d for d in found if not all(one.measured for one in d.statements)]


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


def _orphans(known: Mapping[Node, Record], references: Iterable[Reference], identifiers: Identifiers) -> Iterator[Record]:
    """Yield records of events (their numbers begin again each year) that name no record and are named by none."""
    events = {kind.name for kind in identifiers.kinds if kind.sequence == "year"}
    named = {reference.target for reference in references}
    naming = {reference.source for reference in references if reference.target in known}
    for (kind, identifier), record in known.items():
        if kind in events and (kind, identifier) not in named and (record.kind, record.identifier) not in naming:
            yield record


def _one_sided(records: Iterable[Record], identifiers: Identifiers) -> Iterator[OneSided]:
    """Compare the registers of a kind: the documents of one kind of record, profile and header, each record that of one identifier."""
    for kind in identifiers.kinds:
        registers: dict[object, set[str]] = defaultdict(set)
        files: dict[object, list[str]] = defaultdict(list)
        for record in records:
            one = _registered(kind, record)
            if one is None:
                continue
            document = record.document
            series = document.kind, (document.profile or "").split("/")[0], frozenset(document.columns.items())
            registers[series].add(one)
            if document.id not in files[series]:
                files[series].append(document.id)
        shown = {record.document.id: record.document.shown for record in records}
        names = {s: shown[ids[0]] + (f" and {len(ids) - 1} more" if len(ids) > 1 else "") for s, ids in files.items()}
        everything = set().union(*registers.values()) if len(registers) > 1 else set()
        for identifier in sorted(everything, key=_natural):
            knowing = [series for series, known in registers.items() if identifier in known]
            if len(knowing) < len(registers):
                others = tuple(name for series, name in names.items() if series not in knowing)
                yield OneSided(kind.name, identifier, tuple(names[series] for series in knowing), others)


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


def _natural(identifier: str) -> tuple[int, str]:
    return len(identifier), identifier
