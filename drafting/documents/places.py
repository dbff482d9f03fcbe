"""Say for each reference of a section where it stands, as the document prints it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from drafting.added import whole
from drafting.documents.evidence_list import Place
from drafting.evidence.kinds import LABELS, LISTINGS, label
from drafting.evidence.scope import titled
from drafting.model import Evidence, EvidencePack, Fact, Quote
from drafting.readmodel import AddedView, SectionView
from drafting.render import split_ref, stretch

STATISTICS = {
    "n": "n",
    "sd": "SD",
    "rsd": "RSD",
    "ppk": "Ppk",
    "ppk_low": "Ppk, lower bound",
    "ppk_high": "Ppk, upper bound",
}


def places(section: SectionView, pack: EvidencePack) -> dict[str, Place]:
    """Return the place of each reference that the section's sentences and tables hold."""
    added = {one.ref: _added(one) for one in section.added}
    found = {ref: _in_attachment(ref, pack, added) or added.get(ref) or _place(ref, pack) for ref in _refs(section)}
    return {ref: place for ref, place in found.items() if place is not None}


def _refs(section: SectionView) -> Iterator[str]:
    for sentence in section.sentences:
        yield from (cited.ref for cited in sentence.citations)
    for table in section.tables:
        yield from filter(None, table.refs)


def _place(ref: str, pack: EvidencePack) -> Place | None:
    kind, key, name = split_ref(ref)
    if kind == "fact" and key in pack.facts:
        return _fact(pack.facts[key], pack)
    if kind in ("record", "cell") and key in pack.records:
        return _record(pack.records[key], name)
    if kind == "passage" and key in pack.passages:
        return _passage(pack.passages[key])
    return None


def _added(one: AddedView) -> Place | None:
    """Return where what a person added comes from, who vouches for it and who confirmed it; a linked record has a place of its own."""
    if one.kind == "linked":
        return None
    confirmed = (
        f"confirmed by {one.confirmed_by}, {one.confirmed_at}" if one.confirmed_by else "NOT CONFIRMED by a second person"
    )
    title = "Declared by a person, not in the records" if one.kind == "declared" else "Attached by a person"
    where = f"{one.source}. {one.reason}. {one.by} ({one.user_id}), {one.at}; {confirmed}"
    return Place(one.ref, f"{title}: {one.title}", one.value, where)


def _in_attachment(ref: str, pack: EvidencePack, added: Mapping[str, Place | None]) -> Place | None:
    """Return the place of an attached file, or of a stretch of its text."""
    kind, key, name = split_ref(ref)
    place = added.get(whole(ref)) if kind == "attachment" else None
    if place is None:
        return None
    held = pack.attached[key]
    part = f"'{stretch(held, name)}', characters {name.replace('-', ' to ')} of its text" if name else ""
    return replace(place, part=part, document=held.name, sha256=held.sha256)


def _record(evidence: Evidence, name: str) -> Place:
    title = f"{LABELS.get(f'{evidence.kind}_id', label(evidence.kind))} {evidence.identifier}"
    return Place(
        evidence.ref, title, part=label(name) if name else "", where=evidence.place(), row=evidence.row,
        document=evidence.document_name, sha256=evidence.document, synthetic=evidence.synthetic,
    )  # fmt: skip


def _passage(quote: Quote) -> Place:
    return Place(
        f"passage:{quote.document}:{quote.place}", f"{quote.document_name}, {quote.place}", where=quote.place,
        document=quote.document_name, sha256=quote.document, synthetic=quote.synthetic,
    )  # fmt: skip


def _fact(fact: Fact, pack: EvidencePack) -> Place:
    subject, _, statistic = fact.id.rpartition(".")
    columns = fact.inputs.get("columns") or ()
    hashed = str(fact.inputs.get("hash", ""))
    if columns and hashed:  # a statistic: all of one column, over the same values, are one entry
        said = STATISTICS.get(statistic, "name" if statistic == "attribute" else statistic)
        absent = [f"{fact.inputs[k]} {k}" for k in ("missing", "censored") if fact.inputs.get(k)]
        return Place(
            f"column:{subject}:{hashed}", attribute_title(subject, pack), said, ", ".join([*columns, f"n = {fact.n}", *absent]),
            str(fact.inputs.get("query", "")), method=fact.method, inputs=hashed,
        )  # fmt: skip
    if columns:
        return _result(fact, pack, "; ".join(columns))
    query = str(fact.inputs.get("query", ""))
    if query:
        group, _, part = fact.id.partition(".")
        named = LISTINGS[group].title if group in LISTINGS else label(group)
        return Place(
            f"query:{group}", f"{named}, counted", words(part.partition(".")[0]), query, method=fact.method, inputs=hashed
        )
    ratio = " / ".join(words(str(fact.inputs[k])) for k in ("numerator", "denominator") if k in fact.inputs)
    return Place(f"given:{fact.method}:{ratio}", fact.method.capitalize(), words(fact.id), f"{ratio}." if ratio else "")


def _result(fact: Fact, pack: EvidencePack, where: str) -> Place:
    """Return the place of a result as written: the cell of its batch's own row, where the pack holds that row."""
    batch = str(fact.inputs.get("batch", ""))
    row = pack.records.get(f"batch/{batch}")
    title = f"Result of batch {batch}"
    if row is None or not where.startswith(row.place()):
        return Place(f"fact:{fact.id}", title, where=where)
    return Place(
        f"fact:{fact.id}",
        title,
        where=where,
        row=row.row,
        document=row.document_name,
        sha256=row.document,
        synthetic=row.synthetic,
    )


def attribute_title(attribute: str, pack: EvidencePack) -> str:
    """Return an attribute as people read it, with the name that its source column has."""
    named = pack.facts.get(f"{attribute}.attribute")
    return titled(named.value, attribute) if named else attribute


def words(name: str) -> str:
    """Return the rest of a fact's name as words."""
    return name.replace(".", ": ").replace("_", " ")
