"""Plausibility: min <= mean <= max, part <= total, dates in order. A record that breaks it is shown, and nothing is drafted from it. Pure."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise

from drafting.checks.findings import Shown, of_section
from drafting.model import Evidence, EvidencePack, Finding

ORDERED = {  # fields of a record whose dates follow each other
    "deviation": ("occurred_at", "detected_at", "reported_at", "closed_on"), "capa": ("opened_on", "closed_on"),
    "oos": ("opened_on", "closed_on"), "complaint": ("received_on", "closed_on"), "variation": ("submitted_on", "decided_on"),
    "specification": ("effective_from", "effective_until"), "change_control": ("opened_on", "closed_on"), "recall": ("opened_on", "closed_on"),
}  # fmt: skip
PARTS = (("outside", "n"), ("signals", "n"))
STATES = ("released", "rejected", "pending", "terminated")


def check(shown: Shown) -> Iterator[Finding]:
    """Yield the findings on a section's evidence, and on each sentence that is drafted from an implausible record."""
    yield from check_pack(shown.pack)
    broken = reversed_records(shown.pack)
    for key, (first, second) in broken.items():
        cells = {f"cell:{key}#{first}", f"cell:{key}#{second}"}
        if cells & shown.refs:
            message = f"{key}: {second} is before {first}; nothing is drafted from these dates before a person decides."
            yield of_section("plausibility", message, evidence=f"cell:{key}#{second}", warns=True)


@lru_cache(maxsize=256)
def check_pack(pack: EvidencePack) -> tuple[Finding, ...]:
    """Return the findings on the figures and records of a section."""
    return (*_notes(pack), *_statistics(pack), *_census(pack), *_dates(pack))


def _notes(pack: EvidencePack) -> Iterator[Finding]:
    for note in pack.notes:
        yield of_section("plausibility", note, warns=True)


def _exact(pack: EvidencePack, name: str) -> Decimal | None:
    try:
        return Decimal(pack.facts[name].exact) if name in pack.facts else None
    except InvalidOperation:
        return None


def _statistics(pack: EvidencePack) -> Iterator[Finding]:
    for fact in pack.facts.values():
        attribute, _, name = fact.id.rpartition(".")
        if name == "mean":
            low, mean, high = (_exact(pack, f"{attribute}.{stat}") for stat in ("min", "mean", "max"))
            if low is not None and mean is not None and high is not None and not low <= mean <= high:
                message = f"{attribute}: the mean lies outside its own extremes."
                yield of_section("plausibility", message, evidence=f"fact:{fact.id}")
        for part, whole in PARTS:
            some, every = _exact(pack, fact.id), _exact(pack, f"{attribute}.{whole}")
            if name == part and some is not None and every is not None and some > every:
                yield of_section("plausibility", f"{attribute}: {some} {part}, of {every}.", evidence=f"fact:{fact.id}")


def _census(pack: EvidencePack) -> Iterator[Finding]:
    made = _exact(pack, "census.made")
    parts = [_exact(pack, f"census.{state}") for state in STATES]
    if made is None or any(part is None for part in parts):
        return
    total = sum((part for part in parts if part is not None), Decimal(0))
    if total != made:
        message = f"The census does not balance: {made} made, {total} released, rejected, pending or terminated."
        yield of_section("plausibility", message, evidence="fact:census.made")


def reversed_records(pack: EvidencePack) -> dict[str, tuple[str, str]]:
    """Return the records whose dates run backwards, each with the two fields."""
    found = {}
    for key, record in pack.records.items():
        pair = _reversed(record)
        if pair:
            found[key] = pair
    return found


def _reversed(record: Evidence) -> tuple[str, str] | None:
    dated = [(name, record.fields.get(name) or "") for name in ORDERED.get(record.kind, ())]
    present = [(name, written) for name, written in dated if written[:4].isdigit()]
    for (first, early), (second, late) in pairwise(present):
        length = min(len(early), len(late))
        if late[:length] < early[:length]:
            return first, second
    return None


def _dates(pack: EvidencePack) -> Iterator[Finding]:
    for key, (first, second) in reversed_records(pack).items():
        message = (
            f"{key}: {second} ({pack.records[key].fields[second]}) is before {first} ({pack.records[key].fields[first]})."
        )
        yield of_section("plausibility", message, evidence=f"cell:{key}#{second}", warns=True)
