"""Draft a stale section again in its place: new evidence, a new generation, and every decision that still holds carried over.

The drafter is asked before the write. Where its reply is refused, the section stays as it is and the exchange is kept. Human-only
fields are not touched; signatures fall by the rules of the life cycle, because the evidence is another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.errors import Conflict, Failed, Stale
from audit.identity import Role, permit
from corpus import records
from drafting import lifecycle
from drafting.added import Added, link_tree, tree
from drafting.adding import put_added, put_withdrawal
from drafting.carrying import Reworded, carry
from drafting.context import Context
from drafting.draft_store import LONGEST_DETAIL, generation_row, hashes, origin_of, put_exchange, sentence_rows, version_row
from drafting.generate import fingerprint
from drafting.lifecycle import Capacity
from drafting.model import Evidence
from drafting.present import present_of
from drafting.proposing import Proposal, propose
from drafting.queries import Loaded, load
from drafting.report_rows import AddedRow, SectionRow
from drafting.review_store import Act, Note, act, independent, person, refuse_closed
from drafting.staleness import changed_links
from drafting.store import report_of_section, with_added

WITHDRAWN = "the new draft no longer says it"
GONE = "the record is no longer in the corpus"


@dataclass(frozen=True)
class Redrafted:
    """What a new draft of a section brought: sentence ids, and why it was due."""

    section_id: str
    key: str
    outcome: str
    why: str
    kept: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class _Prepared:
    """What was proposed for a section as it read, before the write."""

    proposal: Proposal
    why: str
    mark: str
    read_as: str


def redraft_section(ctx: Context, *, section_id: str, actor: Actor) -> Redrafted:
    """Draft a stale section again as its author; raise Conflict where nothing changed or the report is closed."""
    prepared = _prepare(ctx, section_id, actor)
    if prepared.proposal.outcome in ("refused", "failed"):
        ctx.database.write(lambda conn: _keep_refused(conn, ctx, section_id, prepared, actor))
        raise Failed(
            f"The drafter gave nothing that can be used: {prepared.proposal.detail[:LONGEST_DETAIL]}",
            remedy="The section is as it was and the exchange is kept. Try again, or unset VERASCRIBE_MODEL.",
        )
    return act(
        ctx, section_of=lambda _: section_id, actor=actor, capacity=Capacity.AUTHOR, with_own_view=False,
        work=lambda step: _store(step, prepared),
    )  # fmt: skip


def stale_sections(ctx: Context, report_id: str) -> dict[str, str]:
    """Return the id of each stale section of a report with its key, in the order of the report."""
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_id)
    return {s.id: s.key for s in loaded.report.sections if loaded.stale[s.id]}


def _prepare(ctx: Context, section_id: str, actor: Actor) -> _Prepared:
    with ctx.database.read() as conn:
        account = person(conn, actor)
        permit(account, Role.WRITER)
        loaded = load(conn, ctx, report_of_section(conn, section_id), only=section_id)
        section = loaded.report.section(section_id)
        refuse_closed(loaded)
        independent(section, account, Capacity.AUTHOR)
        why = _due(loaded, section)
        pack = present_of(conn, loaded.report, loaded.outline).pack(section.key)
    proposal = propose(ctx, loaded.outline_of(section), pack)
    return _Prepared(proposal, why, fingerprint(ctx, loaded.outline), _reading(section))


def _due(loaded: Loaded, section: SectionRow) -> str:
    why = loaded.stale[section.id]
    if not why:
        raise Conflict("The evidence of this section did not change.", remedy="Go on with the section as it is.")
    return why


def _reading(section: SectionRow) -> str:
    return f"{section.generation_id} {lifecycle.canonical_hash(section)} {lifecycle.decisions_hash(section)}"


def _store(step: Act, prepared: _Prepared) -> Redrafted:
    proposal, section = prepared.proposal, step.section
    _due(step.loaded, section)
    now = present_of(step.conn, step.loaded.report, step.loaded.outline).sha256(section.key)
    if _reading(section) != prepared.read_as or now != proposal.pack.sha256:
        raise Stale(
            "The section or its evidence changed while it was drafted.", remedy="Nothing was changed; draft it again."
        )
    links = changed_links(step.conn, section)
    rows = tuple(_linked_anew(step, row, links) for row in section.added)
    after = with_added(step.conn, proposal.pack, rows)
    carried = carry(section, step.loaded.packs[section.id], after, proposal.sentences)
    kept, generation = put_exchange(step.conn, proposal), step.ctx.new_id()
    changed, withdrawn = tuple(c.row.id for c in carried.changed), tuple(row.id for row in carried.withdrawn)
    own = {c.row.id: digest(canonical(c.edited.tree())) for c in carried.changed if c.edited is not None}
    note = step.note(
        Action.SECTION_REDRAFTED, old={"pack": section.pack_hash, "generation": section.generation_id},
        new={**kept, "outcome": proposal.outcome, "detail": proposal.detail[:LONGEST_DETAIL], "sentences": hashes(proposal),
             "changed": changed, "own_words": own, "withdrawn": withdrawn, "added": len(carried.added), "kept": len(carried.kept)},
        reason=prepared.why, origin=origin_of(step.ctx, generation, prepared.mark),
    )  # fmt: skip
    note.rows.append(generation_row(step.ctx, generation, section.id, proposal, kept, prepared.mark))
    _relink(step, note, links)
    for row in carried.withdrawn:
        step.decide(row.id, "withdraw", note, version=row.version, hash_=step.hash_of(row.sentence), reason=WITHDRAWN)
    for item in carried.changed:
        _reword(step, item, note)
    added = tuple(step.ctx.new_id() for _ in carried.added)
    for sentence_id, new in zip(added, carried.added, strict=True):
        note.rows.extend(sentence_rows(step.ctx, sentence_id, section.id, new.position, new.sentence, generation))
    stayed = tuple(row.id for row in carried.kept)
    return Redrafted(section.id, section.key, proposal.outcome, prepared.why, stayed, changed, withdrawn, added)


def _linked_anew(step: Act, row: AddedRow, links: Mapping[str, Evidence | None]) -> AddedRow:
    """Return a row as it will count after the redraft: a link says what its record says now."""
    if row.id not in links:
        return row
    now = links[row.id]
    return replace(row, withdrawn=GONE) if now is None else replace(row, body=canonical(_link(step, row, now)))


def _link(step: Act, row: AddedRow, now: Evidence) -> dict[str, Any]:
    return link_tree(now, reason=tree(row)["reason"], by=tree(row)["by"], as_of=records.sequence(step.conn))


def _relink(step: Act, note: Note, links: Mapping[str, Evidence | None]) -> None:
    """Store the links anew whose records read otherwise now; one whose record is gone is withdrawn."""
    for row in step.section.added:
        now = links.get(row.id)
        if now is not None:
            put_added(step, note, step.ctx.new_id(), Added.LINKED, _link(step, row, now))
        elif row.id in links:
            put_withdrawal(step, note, row.id, GONE)


def _reword(step: Act, item: Reworded, note: Note) -> None:
    """Store the machine's version, then the person's words with the new values: who said which stays apart."""
    number, last = item.row.version, item.row.versions[-1]
    for sentence, by in ((item.drafted, ""), (item.edited, last.by)):
        if sentence is not None:
            number += 1
            note.rows.append(version_row(item.row.id, number, sentence, by=by, at=step.at))


def _keep_refused(conn: Connection, ctx: Context, section_id: str, prepared: _Prepared, actor: Actor) -> None:
    kept = put_exchange(conn, prepared.proposal)
    trail.append(
        conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.DRAFT_REFUSED, object_kind="section",
        object_id=section_id, new={**kept, "detail": prepared.proposal.detail[:LONGEST_DETAIL]}, reason=prepared.why,
        origin={"fingerprint": prepared.mark, "drafter": ctx.drafter.name},
    )  # fmt: skip
