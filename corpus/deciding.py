"""What one decision is on: a clash, what came from the same cells, and what each source says of it at that moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from corpus import clashes, records, standing, tables
from corpus.clashes import Clash

Compared = dict[str, dict[str, list[str]]]  # first version of a source -> field or attribute -> what it says


def together(conn: Connection, found: Sequence[Clash]) -> list[list[Clash]]:
    """Find the other clashes that came from the cells of one: the results of a record, or the record of a result."""
    places = {(side.document_id, side.row) for clash in found for side in (clash.one, clash.other) if side.row is not None}
    of_result = found[0].kind == standing.RESULT
    table = tables.records if of_result else tables.measurements
    key = (table.c.kind, table.c.identifier) if of_result else (table.c.batch, table.c.attribute)
    keys = {
        (row[0], row[1])
        for document, at in sorted(places)
        for row in conn.execute(select(*key).where(table.c.document_id == document, table.c.row == at))
    }
    others = (clashes.of_subject(conn, *(one if of_result else (standing.RESULT, "/".join(one)))) for one in sorted(keys))
    return [other for other in others if other and _from_cells(other, found, of_result=of_result)]


def compared(conn: Connection, found: Sequence[Clash]) -> Compared:
    """Return what every current source that holds a record or result says of what differs."""
    clash = found[0]
    names = sorted({name for one in found for side in (one.one, one.other) for name, _ in side.values})
    source = standing.sources()
    origins = {row.id: row.origin for row in conn.execute(select(source.c.id, source.c.origin))}
    told: Compared = defaultdict(lambda: defaultdict(list))
    for document, name, literal in _said(conn, clash, names):
        told[origins[document]][name].append(literal)
    return {origin: dict(said) for origin, said in told.items()}


def _said(conn: Connection, clash: Clash, names: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    if clash.kind != standing.RESULT:
        held = (r for r in records.every_record(conn, identifiers=[clash.identifier]) if r.kind == clash.kind)
        return [(r.document.id, name, r.get(name)) for r in held for name in names]
    batches = {clash.identifier.removesuffix(f"/{name}") for name in names}
    cells = records.every_measurement(conn, batches=batches, attributes=names, primary_only=False)
    return [(m.document_id, name, literal) for m in cells for name, literal in clashes.said_of(m).values]


def _from_cells(other: Sequence[Clash], found: Sequence[Clash], *, of_result: bool) -> bool:
    record, result = (other, found) if of_result else (found, other)
    held = frozenset[tuple[str, int | None, str]]().union(*(clash.cells for clash in record))
    return all(clash.cells <= held for clash in result)
