"""`search`, `records`: find what was imported, and how it fits together."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from audit.errors import Invalid
from drafting.cli.importing import ingest
from drafting.cli.shared import OPTIONS, acting, emit, opened, period, progress_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from corpus.model import Record
    from drafting.context import Context

Json = Annotated[bool, OPTIONS]
Product = Annotated[str | None, typer.Option(help="Product code.")]
Since = Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(ingest)
    app.command()(search)
    app.command()(records)


def search(
    text: Annotated[str, typer.Argument(help="What to look for.")] = "",
    product: Product = None,
    k: Annotated[int, typer.Option("-k", help="How many hits.", min=1, max=1000)] = 10,
    kind: Annotated[str | None, typer.Option(help="Kind of document or record.")] = None,
    since: Since = None,
    until: Until = None,
    batch: Annotated[str | None, typer.Option(help="Only what belongs to this batch.")] = None,
    like: Annotated[str | None, typer.Option(help="Earlier deviations like this one, with what they share.")] = None,
    rerank: Annotated[bool, typer.Option(help="Order the first hits by how much of the question they hold.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Find records and passages: exact identifiers first, then by words and meaning."""
    from corpus.records import require_product  # noqa: PLC0415
    from corpus.rerank import CoverageReranker  # noqa: PLC0415
    from corpus.scope import Scope, extent  # noqa: PLC0415
    from corpus.search import search as find  # noqa: PLC0415
    from drafting.configuration import identifiers_in  # noqa: PLC0415

    if bool(text.strip()) == bool(like):
        raise Invalid("Say what to look for.", remedy="Give a text, or --like and a deviation.")
    first, last = period(since, until)
    if like and any((product, kind, first, last, batch, rerank)):
        raise Invalid(
            "--like takes no scope.", remedy="It compares with every earlier deviation; leave the other options out."
        )
    with opened() as ctx, progress_bar() as tell:
        acting(ctx)
        if ctx.index is not None:
            ctx.index.sync(ctx.database, tell)
        if like:
            _alike(ctx, like, k, as_json=as_json)
            return
        with ctx.database.read() as conn:
            require_product(conn, product)
            identifiers = identifiers_in(conn)
        hits = find(
            ctx.database, ctx.index, text=text, product=product, k=k, kind=kind, since=first, until=last, batch=batch,
            reranker=CoverageReranker() if rerank else None, identifiers=identifiers,
        )  # fmt: skip
        with ctx.database.read() as conn:
            searched = extent(conn, Scope(product, kind, first, last, batch))
    listed: list[dict[str, Any]] = [
        {"id": h.id, "score": h.score, "text": h.text, "document": h.document, "locator": str(h.locator)} for h in hits
    ]
    lines = [f"{h['locator']}: {h['text'][:160]}" for h in listed] or ["Nothing found."]
    scope = {
        "passages": searched.within, "of": searched.whole, "undated_left_out": searched.undated,
        "without_product": searched.unnamed, "records": searched.records, "of_records": searched.every_record,
    }  # fmt: skip
    emit({"hits": listed, "scope": scope}, as_json=as_json, text="\n".join([*lines, searched.told]))


def _alike(ctx: "Context", identifier: str, k: int, *, as_json: bool) -> None:
    from corpus.similar import similar  # noqa: PLC0415

    found = similar(ctx.database, ctx.index, identifier=identifier, k=k)
    listed = [
        {
            "id": s.passage.id, "record": s.record.identifier, "date": s.record.date, "title": s.record.get("title"),
            "text": s.passage.text, "document": s.passage.document_name, "locator": str(s.passage.locator),
            "same": dict(s.fields), "words": list(s.words),
        }
        for s in found
    ]  # fmt: skip
    lines = (
        f"{s.record.identifier} {s.record.date} {s.record.get('title')}: same {', '.join(s.fields) or 'nothing'}; words {', '.join(s.words)}"
        for s in found
    )
    emit({"like": identifier, "hits": listed}, as_json=as_json, text="\n".join(lines) or "No earlier deviation is like it.")


def records(
    product: Product = None,
    kind: Annotated[str | None, typer.Option(help="Record kind, as deviation.")] = None,
    since: Since = None,
    until: Until = None,
    unresolved: Annotated[bool, typer.Option("--unresolved", help="Identifiers that are named and are no record.")] = False,  # noqa: FBT002
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Records in two documents with other content.")] = False,  # noqa: FBT002
    contradictions: Annotated[bool, typer.Option("--contradictions", help="What cannot all be true.")] = False,  # noqa: FBT002
    orphans: Annotated[bool, typer.Option("--orphans", help="Events that name no record and are named by none.")] = False,  # noqa: FBT002
    gaps: Annotated[bool, typer.Option("--gaps", help="Numbers absent, ids that one register only knows.")] = False,  # noqa: FBT002
    values: Annotated[
        int | None,
        typer.Option(
            help="With --json: at most so many measured values of each batch, and its refused cells.", min=1, max=10_000
        ),
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List records, or how they fit together."""
    from corpus.records import current_records  # noqa: PLC0415
    from drafting.cli.values import of_batches  # noqa: PLC0415
    from drafting.fitting import fitting  # noqa: PLC0415

    first, last = period(since, until)
    if values is not None and not as_json:
        raise Invalid("--values is of the JSON form.", remedy="Give --json too.")
    questions = {
        "unresolved": unresolved, "duplicates": duplicates, "orphans": orphans, "gaps": gaps, "one_sided": gaps,
        "contradictions": contradictions,
    }  # fmt: skip
    asked = [name for name, wanted in questions.items() if wanted]
    with opened() as ctx:
        acting(ctx)
        with ctx.database.read() as conn:
            _refuse_unknown(ctx, conn, kind)
            shown = as_json or not asked  # a question's answer names the records that it is about
            found = current_records(conn, product=product, kind=kind, since=first, until=last) if shown else []
            documents = _documents(conn, found)
            measured = of_batches(conn, found, most=values) if values is not None else {}
        told = fitting(ctx, asked, product=product) if asked else {}
    listed = [
        {
            "id": r.id, "kind": r.kind, "identifier": r.identifier, "product": r.product, "strength": r.strength, "date": r.date,
            "locator": str(r.locator()), "synthetic": r.document.synthetic, "fields": dict(r.fields),
            **measured.get(r.id, {}),
        }
        for r in found
    ]  # fmt: skip
    if asked:
        lines = "\n".join(str(one["message"]) for answer in told.values() for one in answer.found)
        tree = {name: answer.found for name, answer in told.items()}
        emit({"records": listed, "documents": documents, **tree}, as_json=as_json, text=lines or "Nothing to tell.")
        return
    text = "\n".join(f"{r['kind']} {r['identifier']} {r['date'] or ''} {r['locator']}" for r in listed)
    emit({"records": listed, "documents": documents}, as_json=as_json, text=text or "No records.")


def _documents(conn: "Connection", found: "Sequence[Record]") -> list[dict[str, Any]]:
    """Return the documents that records stand in, with what their readers told beside the text."""
    from corpus.notes import of_documents  # noqa: PLC0415

    named = {record.document.id: record.document for record in found}
    told = of_documents(conn, named)
    return [
        {"id": d.id, "name": d.shown, "version": d.version, "sha256": d.sha256, "notes": list(told.get(d.id, ()))}
        for d in sorted(named.values(), key=lambda d: d.sequence)
    ]


def _refuse_unknown(ctx: "Context", conn: "Connection", kind: str | None) -> None:
    """Raise Invalid for a kind that no record has, no profile makes and no report asks for: an empty answer would read as none."""
    from corpus.records import kinds  # noqa: PLC0415
    from drafting.configuration import profiles_of  # noqa: PLC0415
    from drafting.evidence.kinds import KINDS, LISTINGS  # noqa: PLC0415

    if kind is None:
        return
    known = {*kinds(conn), *(profile.kind for profile in profiles_of(ctx).profiles), *KINDS, *LISTINGS}
    if kind not in known:
        raise Invalid(f"There is no kind of record '{kind[:40]}'.", remedy=f"Kinds: {', '.join(sorted(known))}.")
