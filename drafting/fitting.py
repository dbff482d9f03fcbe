"""How records fit together, for people to read: unresolved references, duplicates, orphans, gaps, contradictions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from corpus.identifiers import Identifiers
    from corpus.index_links import LinkIndex
    from corpus.linking import Duplicate, Gap, OneSided, Unresolved
    from corpus.model import Record
    from corpus.plausibility import Contradiction, Disagreement
    from drafting.context import Context

NAMED = 3  # places of one identifier that a line names
QUESTIONS = ("unresolved", "duplicates", "orphans", "gaps", "one_sided", "contradictions")


@dataclass(frozen=True)
class Told:
    """The first answers to a question; `total` is None where there are more and nobody counted them."""

    found: tuple[dict[str, Any], ...]
    total: int | None


def fitting(ctx: "Context", asked: Iterable[str], *, product: str | None = None, most: int | None = None) -> dict[str, Told]:
    """Answer each question asked (of QUESTIONS), the first `most` answers of each; a product keeps what its records name or are.

    Absent numbers are those between the numbers of the product's records, or from 1 on, that no record of any product has.
    """
    from corpus.index_links import LinkIndex  # noqa: PLC0415 - only where it is asked
    from drafting.configuration import identifiers_in  # noqa: PLC0415 - as above

    wanted = [name for name in QUESTIONS if name in set(asked)]
    with ctx.database.read() as conn:
        identifiers = identifiers_in(conn)
    links = ctx.index.links if ctx.index is not None else LinkIndex()
    if set(wanted) - {"duplicates", "contradictions"}:
        links.refresh(ctx.database, identifiers)
    with ctx.database.read() as conn:
        return {name: _answer(conn, links, identifiers, name, product=product, most=most) for name in wanted}


def _answer(
    conn: "Connection", links: "LinkIndex", identifiers: "Identifiers", name: str, *, product: str | None, most: int | None
) -> Told:
    from corpus import linked, records  # noqa: PLC0415 - as above
    from corpus.index_links import EVERYTHING  # noqa: PLC0415 - as above

    limit = EVERYTHING if most is None else most
    if name == "unresolved":
        named = links.unresolved(product=product, most=limit)
        return Told(tuple(map(_unresolved, named.found)), named.total)
    if name == "orphans":
        alone = links.orphans(identifiers, product=product, most=limit)
        known = records.records_by_id(conn, alone.found)
        return Told(tuple(_orphan(known[key]) for key in alone.found if key in known), alone.total)
    if name == "one_sided":
        one_sided = links.one_sided(identifiers, product=product, most=limit)
        return Told(tuple(map(_one_sided, one_sided.found)), one_sided.total)
    if name == "gaps":
        gaps = links.gaps(identifiers, product=product)
        return Told(tuple(map(_gap, gaps[:most])), len(gaps))
    if name == "duplicates":
        own = (one for one in linked.duplicates(conn) if product is None or _of_product(one, product))
        return _first(map(_duplicate, own), most)
    within, between = linked.contradictions(conn, product=product), linked.disagreements(conn, product=product)
    return _first(_contradicting(within, between), most)


def _first(found: Iterator[dict[str, Any]], most: int | None) -> Told:
    first = tuple(islice(found, most))
    more = most is not None and next(found, None) is not None
    return Told(first, None if more else len(first))


def _unresolved(one: "Unresolved") -> dict[str, Any]:
    places = [str(reference.locator) for reference in one.references]
    message = f"{one.kind} {one.identifier} is no record; named in {'; '.join(places[:NAMED])}"
    return {"kind": one.kind, "identifier": one.identifier, "named_in": places, "message": message}


def _of_product(one: "Duplicate", product: str) -> bool:
    return any(record.product in (product, None, "*") for record in one.records)


def _duplicate(one: "Duplicate") -> dict[str, Any]:
    said = [{"locator": str(r.locator()), "fields": {name: r.fields.get(name) for name in one.fields}} for r in one.records]
    where = "; ".join(str(record.locator()) for record in one.records)
    message = f"{one.kind} {one.identifier} stands in {where}, and differs in {', '.join(one.fields)}"
    known = {"kind": one.kind, "identifier": one.identifier, "fields": list(one.fields)}
    return {**known, "records": said, "message": message}


def _orphan(record: "Record") -> dict[str, Any]:
    where = str(record.locator())
    message = f"{record.kind} {record.identifier} names no record and is named by none: {where}"
    return {"kind": record.kind, "identifier": record.identifier, "locator": where, "message": message}


def _gap(gap: "Gap") -> dict[str, Any]:
    message = f"{gap.kind}: {gap.number} absent beside {gap.known} known: {', '.join(gap.missing)}"
    return {"kind": gap.kind, "missing": list(gap.missing), "number": gap.number, "known": gap.known, "message": message}


def _one_sided(one: "OneSided") -> dict[str, Any]:
    message = f"{one.kind} {one.identifier} is in {', '.join(one.known_to)} and not in {', '.join(one.unknown_to)}"
    known = {"known_to": list(one.known_to), "unknown_to": list(one.unknown_to)}
    return {"kind": one.kind, "identifier": one.identifier, **known, "message": message}


def _contradicting(within: "Iterator[Contradiction]", between: "Iterator[Disagreement]") -> Iterator[dict[str, Any]]:
    """Yield what cannot all be true: which cells, each literal, each place."""
    for one in within:
        cells = [{"name": c.attribute, "literal": c.literal, "locator": str(c.locator)} for c in one.cells]
        yield {"rule": one.rule, "kind": "batch", "identifier": one.batch, "message": one.message, "cells": cells}
    for two in between:
        cells = [{"name": c.name, "literal": c.literal, "locator": str(c.locator)} for c in two.statements]
        kind, identifier = two.subject
        yield {"rule": "one value", "kind": kind, "identifier": identifier, "message": two.message, "cells": cells}
