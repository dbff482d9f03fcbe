"""Show the evidence behind one reference: the file, the row as it stands there, the cell, the limit, the chart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from audit.errors import NotFound
from corpus import records
from drafting.model import Attached, Declared, Evidence, EvidencePack, Fact
from drafting.readmodel import Citation, EvidenceView
from drafting.render import known, printed, split_ref, stretch

AROUND, SHOWN = 40, 4000  # characters: beside a stretch of an attachment, and of one shown as a whole
EXTREMES = {"min": "lowest_batch", "max": "highest_batch"}


def citation(ref: str, pack: EvidencePack) -> Citation:
    """Return a reference as a link."""
    kind, key, name = split_ref(ref)
    if kind == "fact":
        return Citation(ref, f"fact {key}")
    if kind == "passage" and key in pack.passages:
        quote = pack.passages[key]
        return Citation(ref, f"{quote.document_name} {quote.place}", quote.synthetic)
    if kind == "manual" and key in pack.declared:
        return Citation(ref, f"declared: {pack.declared[key].about}")
    if kind == "attachment" and key in pack.attached:
        attached = pack.attached[key]
        return Citation(ref, f"attached: {attached.name}" + (f", {_around(attached, name)}" if name else ""))
    if key in pack.records:
        return Citation(ref, pack.records[key].place(name), pack.records[key].synthetic)
    return Citation(ref, ref)


def evidence_of(conn: Connection, pack: EvidencePack, ref: str) -> EvidenceView:
    """Return the evidence behind a reference; raise NotFound where the pack does not hold it."""
    if not known(ref, pack):
        raise NotFound(f"The reference {ref} is not in this section's evidence.", remedy="Choose a citation of the section.")
    kind, key, name = split_ref(ref)
    if kind == "fact":
        return _fact(conn, pack, pack.facts[key], ref)
    if kind == "passage":
        quote = pack.passages[key]
        return EvidenceView(
            ref=ref,
            title=f"{quote.document_name} {quote.place}",
            kind=kind,
            document_name=quote.document_name,
            document_id=quote.document_id,
            document_sha256=quote.document,
            document_version=records.document(conn, quote.document_id).version,
            place=quote.place,
            text=quote.text,
            synthetic=quote.synthetic,
        )
    if kind == "manual":
        return _declared(pack.declared[key], ref)
    if kind == "attachment":
        return _attached(pack.attached[key], ref, name)
    return _record(conn, pack, pack.records[key], ref, name)


def _declared(declared: Declared, ref: str) -> EvidenceView:
    return EvidenceView(
        ref=ref,
        title=f"declared: {declared.about}",
        kind="manual",
        literal=declared.value,
        details=_vouched(declared) | {"why no record holds it": declared.reason},
    )


def _vouched(added: Declared | Attached) -> dict[str, str]:
    source = added.source
    return {
        "about": added.about, "who said or saw it": source.who, "when": source.when, "how it is known": source.how,
        "added by": f"{added.by}, {added.at}",
    }  # fmt: skip


def _attached(attached: Attached, ref: str, name: str) -> EvidenceView:
    unread = {"text": attached.unread} if attached.unread else {}
    return EvidenceView(
        ref=ref,
        title=f"attached: {attached.name}",
        kind="attachment",
        document_name=attached.name,
        document_sha256=attached.sha256,
        place=f"characters {name.replace('-', ' to ')} of its text" if name else "",
        literal=stretch(attached, name) if name else "",
        text=_around(attached, name) if name else attached.text[:SHOWN],
        details=_vouched(attached) | {"size": f"{attached.size:,} bytes"} | unread,
    )


def _around(attached: Attached, name: str) -> str:
    """Return a stretch of an attachment's text with the words around it, in one line."""
    start, end = (int(part) for part in name.split("-"))
    before, after = attached.text[max(0, start - AROUND) : start], attached.text[end : end + AROUND]
    return " ".join(f"\u2026{before}\u00bb{attached.text[start:end]}\u00ab{after}\u2026".split())


@dataclass(frozen=True)
class _Rows:
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[int, ...] = ()


def _rows(conn: Connection, document_id: str, row: int | None) -> _Rows:
    if row is None:
        return _Rows()
    try:
        columns, found = records.source_rows(conn, document_id, row=row)
    except NotFound:
        return _Rows()
    return _Rows(tuple(columns), tuple(tuple(cells) for _, cells in found), tuple(number for number, _ in found))


def _limit(pack: EvidencePack, attribute: str) -> tuple[str, str]:
    """Return the limit an attribute is held against and where it stands: the specification that its chart was drawn with."""
    in_force = next((c.limit_source for c in pack.charts if c.attribute == attribute), "")
    for evidence in pack.records.values():
        stated = evidence.fields.get("specification_id")
        if in_force and evidence.kind == "specification" and stated != in_force:
            continue
        if attribute and evidence.kind == "specification" and evidence.fields.get("attribute") == attribute:
            low, high = evidence.fields.get("lower_limit") or "", evidence.fields.get("upper_limit") or ""
            body = f"{low} to {high}" if low and high else f"NLT {low}" if low else f"NMT {high}" if high else ""
            return f"{body} {evidence.fields.get('unit') or ''}".strip(), evidence.place()
    return "", ""


def _chart(pack: EvidencePack, attribute: str) -> str:
    return next((c.id for c in pack.charts if attribute and c.attribute == attribute), "")


def _record(conn: Connection, pack: EvidencePack, evidence: Evidence, ref: str, name: str) -> EvidenceView:
    near = _rows(conn, evidence.document_id, evidence.row)
    attribute = evidence.fields.get("attribute") or name
    limit, source = _limit(pack, attribute)
    return EvidenceView(
        ref=ref,
        title=f"{evidence.kind.replace('_', ' ')} {evidence.identifier}" + (f", {name}" if name else ""),
        kind="cell" if name else "record",
        document_name=evidence.document_name,
        document_id=evidence.document_id,
        document_sha256=evidence.document,
        document_version=records.document(conn, evidence.document_id).version,
        place=evidence.place(name),
        columns=near.columns,
        rows=near.rows,
        row_numbers=near.numbers,
        marked_row=evidence.row,
        marked_column=evidence.columns.get(name, name),
        literal=(evidence.fields.get(name) or "") if name else evidence.identifier,
        limit=limit,
        limit_source=source,
        chart=_chart(pack, attribute),
        marked_batch=evidence.identifier if evidence.kind == "batch" else evidence.fields.get("batch") or "",
        synthetic=evidence.synthetic,
        details={k: v for k, v in evidence.fields.items() if v},
    )


def _fact(conn: Connection, pack: EvidencePack, fact: Fact, ref: str) -> EvidenceView:
    attribute, _, statistic = fact.id.rpartition(".")
    limit, source = _limit(pack, attribute)
    view = EvidenceView(
        ref=ref,
        title=f"{fact.id} = {printed(ref, pack)}",
        kind="fact",
        literal=fact.printed,
        text=fact.method if f"n = {fact.n}" in re.split("[,;] ", fact.method) else f"{fact.method}; n = {fact.n}",
        limit=limit,
        limit_source=source,
        chart=_chart(pack, attribute),
        details={"exact value": fact.exact, "n": str(fact.n), "method": fact.method}
        | {name.replace("_", " "): _shown(value) for name, value in fact.inputs.items()},
    )
    batch = str(fact.inputs.get(EXTREMES.get(statistic, ""), ""))
    return _with_cell(conn, view, (attribute, *fact.inputs.get("joined", ())), batch) if batch else view


def _with_cell(conn: Connection, view: EvidenceView, attributes: Sequence[str], batch: str) -> EvidenceView:
    """Add the cell of the batch whose value an extreme is."""
    found = records.measurements(conn, batches=[batch], attributes=attributes)
    if not found:
        return replace(view, marked_batch=batch)
    cell = found[-1]
    near = _rows(conn, cell.document_id, cell.row)
    document = records.document(conn, cell.document_id)
    return replace(
        view,
        document_name=cell.document_name,
        document_id=cell.document_id,
        document_sha256=cell.document_sha256,
        document_version=document.version,
        place=str(cell.locator),
        columns=near.columns,
        rows=near.rows,
        row_numbers=near.numbers,
        marked_row=cell.row,
        marked_column=cell.column,
        literal=cell.literal,
        marked_batch=batch,
        synthetic=document.synthetic,
    )


def _shown(value: object) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, (list, tuple)) else str(value)
