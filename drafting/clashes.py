"""Clashes between sources: those that nobody decided, those that a person decided, and the decision with its reason.

What is listed is bounded: the first `MOST` undecided records and results are compared, the rest is told as "more".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy import Connection

from audit.chain import Actor
from audit.errors import Invalid, NotFound
from audit.identity import Role, account_by_id, check_usable, permit
from corpus import clashes, preferences, records
from corpus.clashes import Clash
from corpus.model import SourceDocument
from corpus.preferences import Decision
from drafting.context import Context

MOST = 1000  # undecided records and results that are compared at a time
DECIDING = (Role.WRITER, Role.REVIEWER)
T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """What one current document says of a record or result that sources hold differently."""

    document: SourceDocument
    row: int | None
    place: str
    values: dict[str, str]
    """What it says of each field that differs; a field is absent where it says what is in force."""
    in_force: bool

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the columns of the file in which it says so."""
        return tuple(self.document.columns.get(name, name) for name in self.values)


@dataclass(frozen=True)
class Differing:
    """A record or result of which several current documents say different things, the one in force first."""

    kind: str
    identifier: str
    sources: tuple[Source, ...]
    why: str = ""
    """Why that is in force: as the first here, or chosen by a person."""

    @property
    def name(self) -> str:
        """Return how commands and entries name it."""
        return f"{self.kind}/{self.identifier}"

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields or attributes that differ."""
        return tuple(dict.fromkeys(name for source in self.sources for name in source.values))

    @property
    def seen(self) -> frozenset[str]:
        """Return the documents that are compared, for a decision to name."""
        return frozenset(source.document.id for source in self.sources)


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list; `more` where there are more than `total`, which were not counted."""

    items: tuple[T, ...]
    total: int
    more: bool = False


def undecided(
    ctx: Context, *, product: str | None = None, containing: str = "", skip: int = 0, limit: int = MOST
) -> Listed[Differing]:
    """List the records and results that nobody decided, records first; those that name no product belong to every one."""
    with ctx.database.read() as conn:
        records.require_product(conn, product)
        found = (group for group in clashes.subjects(conn) if containing.casefold() in group[0].name.casefold())
        first = list(islice((group for group in found if any(_is_of(c, product) for c in group)), MOST + 1))
        page = _differing(conn, first[:MOST][skip : skip + limit])
    return Listed(tuple(page), min(len(first), MOST), more=len(first) > MOST)


def decided(ctx: Context, *, product: str | None = None, skip: int = 0, limit: int = MOST) -> Listed[Decision]:
    """List what persons decided, the last decision first."""
    with ctx.database.read() as conn:
        records.require_product(conn, product)
        found = preferences.decided(conn)
        if product is not None:
            products = preferences.products(conn, found)
            found = [one for one in found if products.get(one.name, frozenset()) & {product, "*", None}]
    return Listed(tuple(found[skip : skip + limit]), len(found))


def one(ctx: Context, name: str) -> Differing | None:
    """Return what sources say of one record or result ("KIND/IDENTIFIER"), decided or not; None where they do not differ."""
    kind, _, identifier = name.partition("/")
    with ctx.database.read() as conn:
        found = list(clashes.explained(conn, clashes.of_subject(conn, kind, identifier)))
        return _differing(conn, [found])[0] if found else None


def prefer(
    ctx: Context, *, kind: str, identifier: str, document_id: str, reason: str, actor: Actor, seen: Collection[str] = ()
) -> Clash:
    """Let the source of a document count, as a writer or reviewer; return the clash as it was before.

    `seen` names the documents that were compared; Stale where others differ by now.
    """

    def work(conn: Connection) -> Clash:
        permit(check_usable(account_by_id(conn, actor.id)), *DECIDING)
        return preferences.prefer(
            conn, kind=kind, identifier=identifier, document_id=document_id, reason=reason, actor=actor,
            at=ctx.clock.now(), zone=ctx.zone, seen=seen,
        )  # fmt: skip

    return ctx.database.write(work)


def source_named(differing: Differing, said: str) -> SourceDocument:
    """Return the document that a person names among those that differ, by id or by name."""
    documents = list({source.document.id: source.document for source in differing.sources}.values())
    found = [d for d in documents if said in (d.id, d.shown)] or [d for d in documents if d.name == said]
    named = ", ".join(f"{d.shown} ({d.id})" for d in documents)
    if not found:
        raise NotFound(f"'{said[:80]}' is none of the sources of {differing.name}.", remedy=f"Choose among: {named}.")
    if len(found) > 1:
        raise Invalid(f"Several sources are named '{said[:80]}'.", remedy=f"Name one by its id: {named}.")
    return found[0]


def _is_of(clash: Clash, product: str | None) -> bool:
    return product is None or bool({clash.one.product, clash.other.product} & {product, "*", None})


def _differing(conn: Connection, subjects: Iterable[list[Clash]]) -> list[Differing]:
    known = {document.id: document for document in records.documents(conn)}
    return [Differing(group[0].kind, group[0].identifier, _sources(group, known), _why(group)) for group in subjects]


def _why(group: list[Clash]) -> str:
    return next((clash.why for clash in group if clash.waits), group[0].why)


def _sources(group: list[Clash], known: dict[str, SourceDocument]) -> tuple[Source, ...]:
    """Return each place once, that in force first, with every field of which another place says something else."""
    sides = {(said.document_id, str(said.locator)): said for clash in group for said in (clash.one, clash.other)}
    values: dict[tuple[str, str], dict[str, str]] = {}
    in_force = {(clash.one.document_id, str(clash.one.locator)) for clash in group}
    for said in (*(clash.one for clash in group), *(clash.other for clash in group)):
        values.setdefault((said.document_id, str(said.locator)), {}).update(said.values)
    return tuple(
        Source(known[key[0]], sides[key].row, sides[key].locator.place, told, in_force=key in in_force)
        for key, told in values.items()
    )
