"""Dispose of groups of signals: what a person found of them, with the record that it refers to, as one write with one entry."""

from sqlalchemy import Connection

from audit import governed
from audit.actions import Action
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Invalid, NotFound, Stale
from audit.identity import Role, account_by_id, check_usable, permit, said
from corpus import records, standing
from drafting import chart_decisions, charting, tables
from drafting.chart_decisions import Outcome
from drafting.context import Context
from drafting.evidence.control import Together
from drafting.present import last_document

DISPOSING = (Role.WRITER, Role.REVIEWER, Role.APPROVER)
NEEDS_RECORD = {  # the kinds of records that an outcome refers to
    Outcome.CAUSE: (),
    Outcome.INVESTIGATE: ("deviation", "capa"),
}


def dispose(
    ctx: Context, *, chosen: charting.Period, key: str, outcome: Outcome, reason: str, actor: Actor, record: str = ""
) -> Together:
    """Say what was found of a group of signals, for each attribute in it; return the group as it was.

    A known cause refers to a record, what is to be investigated to a deviation or CAPA. It holds for these signals and no others.
    """
    words = said(reason, "A reason")
    with ctx.database.read() as conn:
        permit(check_usable(account_by_id(conn, actor.id)), *DISPOSING)
        refers = _record(conn, chosen.product, outcome, record.strip())
        before = _read_at(conn, chosen.product)
    group = next((g for g in charting.groups(charting.loaded_of(ctx, chosen)) if g.key == key), None)
    if group is None:
        raise Stale(
            f"There is no group {key[:40]} in this period as it now reads.", remedy="Load the groups again, then decide."
        )
    at = ctx.clock.now()
    rows = [
        {
            "id": ctx.new_id(), "product": chosen.product, "strength": chosen.strength, "attribute": run.group.attribute,
            "content": run.content, "outcome": str(outcome), "record": refers, "reason": words, "account_id": actor.id,
            "user_id": actor.user_id, "at": utc_text(at),
        }
        for run in group.runs
    ]  # fmt: skip
    runs = [[r.group.attribute, r.group.first, r.group.last, r.group.signals] for r in group.runs]

    def work(conn: Connection) -> Together:
        permit(check_usable(account_by_id(conn, actor.id)), *DISPOSING)
        if before != _read_at(conn, chosen.product):
            raise Stale("Records or decisions came in meanwhile.", remedy="Load the groups again, then decide.")
        governed.record(
            conn, [(tables.signal_dispositions, row) for row in rows], at=at, zone=ctx.zone, actor=actor,
            action=Action.SIGNALS_DISPOSED, object_kind="signals", object_id=f"{chosen.product}/{key}", old={"disposition": group.told},
            new={"outcome": str(outcome), "record": refers, "runs": runs}, reason=words,
        )  # fmt: skip
        return group

    return ctx.database.write(work)


def _read_at(conn: Connection, product: str) -> tuple[str, int, int]:
    """Return what the groups of a product rest on: the last import, choices among sources, decisions about its charts."""
    return last_document(conn), standing.decisions(conn), chart_decisions.mark(conn, product)


def _record(conn: Connection, product: str, outcome: Outcome, record: str) -> str:
    """Return the record that an outcome refers to, as KIND/IDENTIFIER; raise where it needs one, or names one that does not exist."""
    kinds = NEEDS_RECORD.get(outcome)
    if not record:
        if kinds is not None:
            which = "a deviation or CAPA" if kinds else "the record of the cause"
            raise Invalid(
                f"'{outcome}' refers to {which}.", remedy="Name it as KIND/IDENTIFIER, for example deviation/DEV-2020-014."
            )
        return ""
    kind, slash, identifier = record.partition("/")
    found = records.record(conn, kind, identifier) if slash else None
    if found is None or found.product not in (None, "", "*", product):
        raise NotFound(
            f"Product {product} has no record {record[:80]}.", remedy="Name it as KIND/IDENTIFIER; import it first."
        )
    if kinds and kind not in kinds:
        raise Invalid(f"'{outcome}' refers to a deviation or CAPA, not to {record[:80]}.", remedy="Name one of these kinds.")
    return record
