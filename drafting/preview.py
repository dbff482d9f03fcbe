"""What a report would rest on, before it is drafted: records in scope by kind, what is missing, what is late, what was refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from audit.errors import NotFound
from corpus import extracts, linked, records
from corpus.extracts import Statement
from drafting.context import Context
from drafting.evidence import listed
from drafting.evidence.scope import Loaded, ReportScope, load


@dataclass(frozen=True)
class KindInScope:
    """One record kind: how many records fall into the period, and those whose date is too coarse to tell."""

    kind: str
    in_scope: int
    undecidable: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScopePreview:
    """What stands ready for a draft, and what does not."""

    kinds: tuple[KindInScope, ...]
    missing: tuple[str, ...]  # kinds that the report accounts for and of which the store holds no record at all
    overdue: tuple[str, ...]  # CAPAs past their date at the end of the period
    undisposed: tuple[str, ...]  # batches without a disposition record
    refused: Mapping[str, int]  # file -> cells refused at import, of the files behind the records in scope
    strengths: tuple[str, ...]
    relative_to: Mapping[str, Statement]  # kind -> the extracts that its completeness is relative to
    disagreements: tuple[str, ...]  # what different sources say differently of the product's records


def preview(
    ctx: Context, *, kind: str, product: str, period_from: str, period_to: str, strength: str | None = None
) -> ScopePreview:
    """Say what a review of a product and period would rest on; nothing is written."""
    if kind not in ctx.outlines:
        raise NotFound(f"There is no report kind {kind}.", remedy=f"Kinds: {', '.join(ctx.outlines)}.")
    outline = ctx.outlines[kind]
    with ctx.database.read() as conn:
        loaded = load(conn, ReportScope("", kind, product, period_from, period_to, strength))
        present = {r.kind for r in records.current_records(conn)}
        wanted = dict.fromkeys(k for section in outline.sections for k in section.records)
        relative_to = extracts.statements(conn, wanted)
        disagreements = tuple(one.message for one in linked.disagreements(conn, product=product))
    capas = listed.used(loaded, "capa")
    return ScopePreview(
        kinds=tuple(_line(loaded, k) for k in wanted),
        missing=tuple(k for k in wanted if k not in present),
        overdue=tuple(r.identifier for r in listed.overdue(loaded, capas)),
        undisposed=_undisposed(loaded),
        refused=_refused(loaded),
        strengths=tuple(sorted({b.strength for b in loaded.batches if b.strength})),
        relative_to=relative_to,
        disagreements=disagreements,
    )


def _line(loaded: Loaded, kind: str) -> KindInScope:
    found = listed.used(loaded, kind)
    return KindInScope(kind, len(found), tuple(r.identifier for r in found if loaded.undecidable(r)))


def _undisposed(loaded: Loaded) -> tuple[str, ...]:
    disposed = {r.get("batch") for r in loaded.of("batch_disposition")}
    return tuple(b.identifier for b in loaded.batches if b.identifier not in disposed)


def _refused(loaded: Loaded) -> dict[str, int]:
    documents = {r.document.id: r.document for found in loaded.records.values() for r in found}
    return {d.name: d.balance.refused for d in documents.values() if d.balance.refused}
