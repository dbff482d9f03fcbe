"""Record contradictions: two sources of one section that disagree on the same fact are both shown; a person decides, with a reason. Pure."""

from collections.abc import Iterator
from functools import lru_cache

from drafting.checks.findings import of_section
from drafting.checks.quantities import quantities
from drafting.checks.units import converted
from drafting.model import Evidence, EvidencePack, Finding

DISPOSITIONS = {"released": frozenset({"rejected", "terminated"}), "rejected": frozenset({"released"})}


@lru_cache(maxsize=256)
def check_pack(pack: EvidencePack) -> tuple[Finding, ...]:
    """Return a warning for each pair of sources that disagree; both are named."""
    return (*_results(pack), *_limits(pack), *_dispositions(pack))


def _of(pack: EvidencePack, kind: str) -> Iterator[tuple[str, Evidence]]:
    yield from ((key, record) for key, record in pack.records.items() if record.kind == kind)


def _results(pack: EvidencePack) -> Iterator[Finding]:
    """Compare the result that an OOS or OOT record states with the result of that batch as measured."""
    for key, record in (*_of(pack, "oos"), *_of(pack, "oot")):
        fact = pack.facts.get(f"result.{record.fields.get('attribute')}.{record.fields.get('batch')}")
        stated = record.fields.get("result") or ""
        if fact is None or not stated:
            continue
        unit = record.fields.get("unit") or ""
        if not _same(f"{stated} {unit}".strip(), fact.printed):
            message = f"{record.identifier} states {stated} {unit} for batch {record.fields.get('batch')}; measured: {fact.printed}. A person decides, with a reason, which counts."
            yield of_section("contradictions", message, evidence=f"cell:{key}#result", warns=True)


def _limits(pack: EvidencePack) -> Iterator[Finding]:
    """Compare the limit that an OOS record states with the specifications of its attribute in this section."""
    for key, record in _of(pack, "oos"):
        stated = quantities(record.fields.get("limit_text") or "")
        found = [r for _, r in _of(pack, "specification") if r.fields.get("attribute") == record.fields.get("attribute")]
        if len(stated) != 1 or not found or stated[0].low is None:
            continue
        known = {value for r in found for name in ("lower_limit", "upper_limit") if (value := r.fields.get(name))}
        ends = {q.value for value in known for q in quantities(value)}
        if stated[0].low not in ends or stated[0].high not in ends:
            message = f"{record.identifier} states the limit '{record.fields['limit_text']}', the specification {', '.join(sorted(known))}. A person decides, with a reason, which counts."
            yield of_section("contradictions", message, evidence=f"cell:{key}#limit_text", warns=True)


def _dispositions(pack: EvidencePack) -> Iterator[Finding]:
    """Compare the disposition of a batch with the outcome of its OOS record."""
    disposed = {
        record.fields.get("batch"): (key, record.fields.get("disposition") or "")
        for key, record in _of(pack, "batch_disposition")
    }
    for key, record in _of(pack, "oos"):
        other, disposition = disposed.get(record.fields.get("batch"), ("", ""))
        outcome = (record.fields.get("outcome") or "").lower()
        if any(f"batch {state}" in outcome for state in DISPOSITIONS.get(disposition, ())):
            message = f"{record.identifier} says '{record.fields['outcome']}', {other} says {disposition}. A person decides, with a reason, which counts."
            yield of_section("contradictions", message, evidence=f"cell:{key}#outcome", warns=True)


def _same(one: str, other: str) -> bool:
    first, second = quantities(one), quantities(other)
    if len(first) != 1 or len(second) != 1 or first[0].value is None or second[0].value is None:
        return one == other
    if first[0].unit and second[0].unit:
        return converted(first[0].value, first[0].unit, second[0].unit) == second[0].value
    return first[0].value == second[0].value
