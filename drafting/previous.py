"""Find the previous report of a product, and give the checks what they hold this one against.

It is the last report of the same kind (a review: of any variant), product and strength that was approved here, as it was kept at its approval, or the last one that was
imported as a text (kind previous_report), whichever period ended later. It is read once in a process, under its hash.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Connection, select

from audit import trail
from audit.actions import Action
from corpus import opening, records
from corpus.model import Record
from drafting import lifecycle, previous_text, tables
from drafting.checks.reuse import Before, Previous
from drafting.model import EvidencePack
from drafting.present import last_document
from drafting.report_rows import ReportRow
from drafting.store import load_pack
from prompts.outline import REVIEWS

KIND = "previous_report"
REPORTS_KEPT, MERGED_KEPT = 16, 16


def before(conn: Connection, report: ReportRow) -> Before | None:
    """Return what a report is held against; None where no previous one is known, and for a deviation report."""
    previous = None if report.subject else find(conn, report)
    if previous is None:
        return None
    packs = [load_pack(conn, section) for section in report.sections]
    said = [s.sentence.text for section in report.sections for s in lifecycle.current(section)]
    filled = [f.value for section in report.sections for f in section.fields]
    listed = frozenset(ref for pack in packs for table in pack.tables for ref in table.refs if ref)
    return Before(previous, whole(conn, report), "\n".join([*said, *filled]), listed)


def whole(conn: Connection, report: ReportRow) -> EvidencePack:
    """Return the evidence of all sections of a report as one."""
    merged = _place(*((s.pack_hash, s.as_of) for s in report.sections))
    if not merged:
        merged.append(together([load_pack(conn, section) for section in report.sections]))
    return merged[0]


def together(packs: Sequence[EvidencePack]) -> EvidencePack:
    """Return the evidence of several sections as one, without its tables and charts."""
    return EvidencePack(
        "report",
        {name: fact for pack in packs for name, fact in pack.facts.items()},
        {key: record for pack in packs for key, record in pack.records.items()},
        as_of=max((pack.as_of for pack in packs), default=0),
    )


@lru_cache(maxsize=MERGED_KEPT)
def _place(*_packs: tuple[str, int]) -> list[EvidencePack]:
    """Return the place where the evidence of packs by their hash is kept together, empty before it was first put together."""
    return []


@lru_cache(maxsize=REPORTS_KEPT)
def _read(_mark: str) -> list[Previous | None]:
    """Return the place where a previous report is kept by the hash of what it is read from, empty before it was first read."""
    return []


def find(conn: Connection, report: ReportRow) -> Previous | None:
    """Return the previous report of a report's kind and product, of a review in whatever variant: the one whose period ended last before this one's."""
    found = [p for p in (_approved(conn, report), _imported(conn, report)) if p is not None]
    return max(found, key=lambda p: (p.period_to, bool(p.report_id)), default=None)


def _approved(conn: Connection, report: ReportRow) -> Previous | None:
    table = tables.reports.c
    where = (
        table.kind.in_(REVIEWS if report.kind in REVIEWS else (report.kind,)),
        table.product == report.product,
        table.period_to < report.period_to,
        table.id != report.id,
    )
    query = select(table.id, table.strength).where(*where).order_by(table.period_to.desc(), table.seq.desc())
    for row in conn.execute(query):
        kept = (
            trail.entries(conn, object_id=row.id, action=str(Action.REPORT_KEPT))
            if (row.strength or "") == report.strength
            else []
        )
        if kept:
            mark: str = kept[-1].new["kept"]["json"]
            place = _read(mark)
            if not place:
                place.append(previous_text.approved(json.loads(trail.get_content(conn, mark)), mark))
            return place[0]
    return None


def _imported(conn: Connection, report: ReportRow) -> Previous | None:
    found = [p for record in _every(conn) if (p := _text(conn, record, report.product)) is not None]
    earlier = [p for p in found if not p.period_to or p.period_to < report.period_to]
    return max(earlier, key=lambda p: p.period_to, default=None)


def passed_over(conn: Connection, *, product: str, period_to: str, taken: Previous | None) -> list[tuple[str, str]]:
    """Return the imported reports that are not compared with a product's review though they may be meant, each with what to do."""
    codes, told = records.products(conn, besides=KIND), list[tuple[str, str]]()
    for record in _every(conn):
        stated = record.product
        found = _text(conn, record, product)
        if found is None and stated is None:
            why = f"it does not say at its beginning that it is of product {product}: where it is, import it again and name the product"
        elif found is None and not any(previous_text.is_of(stated, code) for code in codes):
            why = f"it states “{stated}” as its product, which no other record has: where {product} is meant, correct that row and import it again"
        elif found is not None and found.period_to >= period_to:
            why = f"its period ends on {found.period_to}, not before the end of this one"
        elif found is not None and found != taken:
            why = "another one, of a later period, is compared" if found.period_to else "it does not state its period"
        else:
            continue
        told.append((record.identifier, why))
    return told


def _every(conn: Connection) -> list[Record]:
    """Return the imported reports, of whatever product."""
    listed = _listed(str(conn.engine.url), last_document(conn))
    if not listed:
        listed.append(records.current_records(conn, kind=KIND))
    return listed[0]


@lru_cache(maxsize=REPORTS_KEPT)
def _listed(_store: str, _last: str) -> list[list[Record]]:
    """Return the place where the imported reports are listed, up to the last import."""
    return []


def _text(conn: Connection, record: Record, product: str) -> Previous | None:
    """Read an imported report; None where it is no text, or names no product and does not speak of this one."""
    document = record.document
    if document.profile is not None:
        return None
    place = _read(f"{document.sha256}/{document.id}/{product}")
    if not place:
        read = opening.narrative(conn, document)
        ours = previous_text.is_of(record.product, product) if record.product else previous_text.names_product(read, product)
        made = previous_text.imported(read, mark=document.sha256, document_id=document.id, name=record.identifier)
        place.append(made if ours else None)
    return place[0]
