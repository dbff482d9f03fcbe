"""How records fit together, for people to read: unresolved references, duplicates, orphans, gaps, contradictions."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from corpus.linking import Linked

NAMED = 3  # places of one identifier that a line names


def fitting(conn: "Connection", asked: set[str], *, product: str | None) -> tuple[dict[str, Any], list[str]]:
    """Return what was asked of references, as a tree and as lines; a product keeps what its records name or are."""
    if not asked:
        return {}, []
    from corpus.linked import linked  # noqa: PLC0415
    from drafting.configuration import identifiers_in  # noqa: PLC0415

    found = linked(conn, identifiers_in(conn))
    made = {
        "unresolved": _unresolved(found, product),
        "duplicates": _duplicates(found, product),
        "orphans": _orphans(found, product),
        "gaps": _gaps(found),
    }
    tree = {name: made[name] for name in made if name in asked}
    lines = [one["message"] for listed in tree.values() for one in listed]
    if "gaps" in asked:
        tree["one_sided"] = _one_sided(found)
        lines += [one["message"] for one in tree["one_sided"]]
    return tree, lines


def _unresolved(found: "Linked", product: str | None) -> list[dict[str, Any]]:
    made = []
    for one in found.unresolved:
        places = [str(r.locator) for r in one.references if product is None or r.product in (product, None, "*")]
        if places:
            message = f"{one.kind} {one.identifier} is no record; named in {'; '.join(places[:NAMED])}"
            made.append({"kind": one.kind, "identifier": one.identifier, "named_in": places, "message": message})
    return made


def _duplicates(found: "Linked", product: str | None) -> list[dict[str, Any]]:
    made = []
    for one in found.duplicates:
        if product is None or any(r.product in (product, None, "*") for r in one.records):
            said = [
                {"locator": str(r.locator()), "fields": {name: r.fields.get(name) for name in one.fields}}
                for r in one.records
            ]
            where = "; ".join(str(r.locator()) for r in one.records)
            message = f"{one.kind} {one.identifier} stands in {where}, and differs in {', '.join(one.fields)}"
            made.append(
                {
                    "kind": one.kind,
                    "identifier": one.identifier,
                    "fields": list(one.fields),
                    "records": said,
                    "message": message,
                }
            )
    return made


def _orphans(found: "Linked", product: str | None) -> list[dict[str, Any]]:
    return [
        {
            "kind": r.kind, "identifier": r.identifier, "locator": str(r.locator()),
            "message": f"{r.kind} {r.identifier} names no record and is named by none: {r.locator()}",
        }
        for r in found.orphans
        if product is None or r.product in (product, None, "*")
    ]  # fmt: skip


def _gaps(found: "Linked") -> list[dict[str, Any]]:
    return [
        {
            "kind": gap.kind, "missing": list(gap.missing), "number": gap.number, "known": gap.known,
            "message": f"{gap.kind}: {gap.number} absent beside {gap.known} known: {', '.join(gap.missing)}",
        }
        for gap in found.gaps
    ]  # fmt: skip


def _one_sided(found: "Linked") -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind, "identifier": one.identifier, "known_to": list(one.known_to), "unknown_to": list(one.unknown_to),
            "message": f"{one.kind} {one.identifier} is in {', '.join(one.known_to)} and not in {', '.join(one.unknown_to)}",
        }
        for one in found.one_sided
    ]  # fmt: skip


def contradicting(conn: "Connection", *, product: str | None) -> tuple[dict[str, Any], list[str]]:
    """Return what cannot all be true, as a tree and as lines: which cells, each literal, each place."""
    from corpus.linked import contradictions  # noqa: PLC0415

    found = contradictions(conn, product=product)
    within = [
        {
            "rule": one.rule, "kind": "batch", "identifier": one.batch, "message": one.message,
            "cells": [{"name": c.attribute, "literal": c.literal, "locator": str(c.locator)} for c in one.cells],
        }
        for one in found.within
    ]  # fmt: skip
    between = [
        {
            "rule": "one value", "kind": one.subject[0], "identifier": one.subject[1], "message": one.message,
            "cells": [{"name": c.name, "literal": c.literal, "locator": str(c.locator)} for c in one.statements],
        }
        for one in found.between
    ]  # fmt: skip
    lines = [*(one.message for one in found.within), *(one.message for one in found.between)]
    return {"contradictions": [*within, *between]}, lines
