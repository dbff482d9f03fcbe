"""Join the results that the site's attribute map names as one attribute, or say why they are not joined. Pure.

Nothing is joined by likeness, and nothing is converted. Names that differ in unit, in the limits that were in force at one time, or in
the value of one batch stay apart, with the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from corpus.attributemap import AttributeMap, SiteAttribute
from corpus.model import Measurement, Record

NAMED = 3  # places that a reason names


@dataclass(frozen=True)
class Harmonised:
    """What the map joined: `names` are those in files with the site's name of each, `refused` the site's names with the reason."""

    version: int = 0
    names: Mapping[str, SiteAttribute] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    def name(self, written: str) -> str:
        """Return the site's name of an attribute, or the one that is written where the map joins nothing under it."""
        meant = self.names.get(written)
        return meant.attribute if meant else written

    def joined(self, attribute: str) -> list[str]:
        """Return the names that were joined under a name of the site."""
        return sorted(name for name, meant in self.names.items() if meant.attribute == attribute)


def harmonise(known: AttributeMap, product: str, measured: Sequence[Measurement], records: Sequence[Record]) -> Harmonised:
    """Say what the map joins of a product's results; `records` are those that name attributes: specifications, stability, OOS, OOT."""
    names = known.of(product)
    if not names:
        return Harmonised(known.version)
    by_attribute: dict[SiteAttribute, list[Measurement]] = {}
    for m in measured:
        meant = names.get(m.attribute) or names.get(m.column)
        if meant:
            by_attribute.setdefault(meant, []).append(m)
    stated: dict[SiteAttribute, list[Record]] = {}
    for r in records:
        if meant := names.get(r.get("attribute")):
            stated.setdefault(meant, []).append(r)
    reasons = {
        meant.attribute: _reason(meant, by_attribute.get(meant, ()), stated.get(meant, ()))
        for meant in dict.fromkeys((*by_attribute, *stated))
    }
    refused = {attribute: reason for attribute, reason in reasons.items() if reason}
    used = {m.attribute: meant for meant, found in by_attribute.items() for m in found}
    used |= {r.get("attribute"): meant for meant, found in stated.items() for r in found}
    return Harmonised(known.version, {n: meant for n, meant in used.items() if meant.attribute not in refused}, refused)


def renamed(made: Harmonised, measured: Iterable[Measurement]) -> list[Measurement]:
    """Return measurements under the site's names; a result that two names give alike counts once."""
    first: dict[tuple[str, str, bool], str] = {}
    found = []
    for m in measured:
        meant = made.names.get(m.attribute)
        if meant is None:
            found.append(m)
        elif first.setdefault((m.batch, meant.attribute, m.primary), m.attribute) == m.attribute:
            found.append(replace(m, attribute=meant.attribute))
    return found


def _reason(meant: SiteAttribute, measured: Sequence[Measurement], stated: Sequence[Record]) -> str:
    """Return why the names of an attribute cannot be one series; "" where they can."""
    return _units(meant, measured, stated) or _limits(stated) or _values(measured)


def _units(meant: SiteAttribute, measured: Sequence[Measurement], stated: Sequence[Record]) -> str:
    found: dict[str, str] = {}
    for m in measured:
        found.setdefault(m.unit, f"{m.attribute} in {m.unit or 'no unit'} ({m.document_name})")
    for r in stated:
        if r.get("unit"):
            found.setdefault(r.get("unit"), f"{r.get('attribute')} in {r.get('unit')} ({r.kind} {r.identifier})")
    classes = {_class(unit) for unit in found} | ({_class(meant.unit)} if meant.unit else set())
    if len(classes) == 1 or not found:
        return ""
    asked = f"; the map asks for {meant.unit}" if meant.unit else ""
    return f"units differ: {'; '.join(list(found.values())[:NAMED])}{asked}"


def _class(unit: str) -> object:
    """Return what a unit measures and by which factor; an unknown one is of its own class."""
    from drafting.checks.units import read_unit  # noqa: PLC0415 - only where a map joins names

    read = read_unit(unit) if unit else None
    return (read.dimension, read.factor, read.offset) if read else unit


def _limits(stated: Sequence[Record]) -> str:
    found = [r for r in stated if r.kind == "specification"]
    for position, one in enumerate(found):
        for other in found[:position]:
            if one.get("attribute") != other.get("attribute") and _together(one, other) and _ends(one) != _ends(other):
                return f"limits differ: {_limit(other)}; {_limit(one)}"
    return ""


def _together(one: Record, other: Record) -> bool:
    strengths = {one.get("strength") or "*", other.get("strength") or "*"}
    alike = len(strengths) == 1 or "*" in strengths
    first = max(one.get("effective_from"), other.get("effective_from"))
    return alike and first <= min(one.get("effective_until") or "9999", other.get("effective_until") or "9999")


def _ends(specification: Record) -> tuple[object, object]:
    return _number(specification.get("lower_limit")), _number(specification.get("upper_limit"))


def _number(text: str) -> object:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _limit(specification: Record) -> str:
    low, high = specification.get("lower_limit") or "none", specification.get("upper_limit") or "none"
    return f"{specification.get('attribute')} from {low} to {high} ({specification.identifier})"


def _values(measured: Sequence[Measurement]) -> str:
    first: dict[tuple[str, bool], Measurement] = {}
    for m in measured:
        one = first.setdefault((m.batch, m.primary), m)
        if one.attribute != m.attribute and (one.value, one.state) != (m.value, m.state):
            return f"batch {m.batch} has {one.written} under {one.attribute} and {m.written} under {m.attribute}"
    return ""
