"""What a section says of what was closed late, of complaints that belong together, and of complaints on a deviation's batch. Pure."""

from collections.abc import Iterator

from drafting.drafters.wording import Line, cell, counted, of_kind, record
from drafting.model import EvidencePack, Fact

MOST_LATE = 10


def _refs(pack: EvidencePack, table: str) -> list[str]:
    return [ref.removeprefix("record:") for t in pack.tables if t.id == table for ref in t.refs]


def capas(pack: EvidencePack) -> Iterator[Line]:
    """Name the CAPAs that were closed after their due date."""
    late = _refs(pack, "late.capa")
    if late:
        told = "; ".join(f"{record(k)} (due {cell(k, 'due_on')}, closed {cell(k, 'closed_on')})" for k in late[:MOST_LATE])
        yield f"Closed after the due date; {told}{_more(late)}.", ()


def deviations(pack: EvidencePack) -> Iterator[Line]:
    """Name the deviations that took longer than their limit, or than is usual, without a justification."""
    late = sorted(
        (f for key, f in pack.facts.items() if key.startswith("late.took_")), key=lambda f: int(f.id.rpartition("_")[2])
    )
    own = [f for f in late if _fields(pack, f).get("due_on")]
    usual = [f for f in late if f not in own]
    if own:
        told = "; ".join(_took(pack, f, f", due {cell(_key(f), 'due_on')}") for f in own[:MOST_LATE])
        yield f"Beyond their due date, without a justification on record; {told}{_more(own)}.", ()
    if usual:
        lead = "Longer than {fact:late.usual}, which is the usual limit and not the site's, and without a justification on record"
        yield f"{lead}; {'; '.join(_took(pack, f, '') for f in usual[:MOST_LATE])}{_more(usual)}.", ()


def _key(fact: Fact) -> str:
    return f"deviation/{fact.inputs['deviation']}"


def _fields(pack: EvidencePack, fact: Fact) -> dict[str, str | None]:
    return dict(pack.records[_key(fact)].fields)


def _took(pack: EvidencePack, fact: Fact, due: str) -> str:
    closed, end = _fields(pack, fact).get("closed_on") or "", pack.facts.get("report.period_to")
    is_open = not closed or (end is not None and closed > end.exact)
    return f"{record(_key(fact))} took {{fact:{fact.id}}}{due}{' and was not closed by then' if is_open else ''}"


def _more(found: list[str] | list[Fact]) -> str:
    return "; and others as in the table" if len(found) > MOST_LATE else ""


def same_defect(pack: EvidencePack) -> Iterator[Line]:
    """Name the complaints that share a batch and a category."""
    groups: dict[tuple[str | None, str | None], list[str]] = {}
    for key in _refs(pack, "same_defect"):
        fields = pack.records[key].fields
        groups.setdefault((fields.get("batch"), fields.get("category")), []).append(key)
    for keys in list(groups.values())[:MOST_LATE]:
        last, texts = keys[-1], {(pack.records[key].fields.get("description") or "").casefold() for key in keys}
        alike = f", with the same description: {cell(last, 'description')}" if len(texts) == 1 and texts != {""} else ""
        sure = [key for key in keys if pack.records[key].fields.get("confirmed") == "yes"]
        rest = f"; recorded as confirmed: {_listed(sure)}" if sure else ""
        yield (
            f"{_listed(keys)} share the batch {cell(last, 'batch')} and the category {cell(last, 'category')}{alike}{rest}.",
            (),
        )


def _listed(keys: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(map(record, keys[:-1])), record(keys[-1]))))


def on_the_batch(pack: EvidencePack) -> Iterator[Line]:
    """Say which complaints are on record of the batches of a deviation."""
    if "linked.complaint" not in pack.facts:
        return
    found = of_kind(pack, "complaint")
    told = "; ".join(
        f"{record(k)} on batch {cell(k, 'batch')}"
        + (f", received {cell(k, 'received_on')}" if pack.records[k].fields.get("received_on") else "")
        + (f": {cell(k, 'description')}" if pack.records[k].fields.get("description") else "")
        for k in found[:MOST_LATE]
    )
    are = counted(pack, "linked.complaint", "complaint is", "complaints are")
    yield f"Of the affected batches {are} on record{f'; {told}{_more(found)}' if found else ''}.", ()
