"""Ask the store how its records fit together: references, duplicates, gaps, and what sources say differently."""

from dataclasses import dataclass

from sqlalchemy import Connection

from corpus import linking, plausibility, records
from corpus.identifiers import Identifiers
from corpus.linking import Linked
from corpus.plausibility import Contradiction, Disagreement


@dataclass(frozen=True)
class Contradictions:
    """What cannot all be true: within the measurements of a batch, and between documents."""

    within: tuple[Contradiction, ...]
    between: tuple[Disagreement, ...]


def linked(conn: Connection, identifiers: Identifiers) -> Linked:
    """Link everything that is current."""
    return linking.link(records.every_record(conn), records.passages(conn), identifiers)


def contradictions(conn: Connection, *, product: str | None = None) -> Contradictions:
    """Find every contradiction in what is current, also where a later import repeats an earlier one; of one product, if asked."""
    measured = records.every_measurement(conn, product=product, primary_only=False)
    return Contradictions(tuple(plausibility.contradictions(measured)), disagreements(conn, product=product))


def disagreements(conn: Connection, *, product: str | None = None) -> tuple[Disagreement, ...]:
    """Find what documents say differently of one subject, where a record says it; measurements alone are compared elsewhere."""
    said = [r for r in records.every_record(conn) if product is None or r.product in (product, None, "*")]
    fields = sorted({name for record in said for name in record.fields})
    both = records.every_measurement(conn, product=product, attributes=fields, primary_only=False)
    found = plausibility.disagreements(plausibility.statements(said, both))
    return tuple(d for d in found if not all(one.measured for one in d.statements))
