"""What author and reviewer both do on a section: open it, open sources, confirm tables, record an own view, undo.

Every act re-reads the account, checks that the section still reads as it was shown, and leaves one entry. Nothing here is stored
as a state; `drafting.lifecycle` derives it. Deciding stands in `drafting.authoring` and `drafting.reviewing`.
"""

from sqlalchemy import Connection

from audit import governed
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, NotFound, NotPermitted
from audit.identity import Role, permit
from drafting import demands, lifecycle, tables
from drafting.context import Context
from drafting.evidence_first import asking
from drafting.lately import as_seen
from drafting.lifecycle import Capacity
from drafting.panel import evidence_of
from drafting.probes import live
from drafting.probes.seal import keyed, site_keys
from drafting.queries import load, section_id_of
from drafting.readmodel import EvidenceView, SectionView
from drafting.report_rows import DecisionRow
from drafting.review_store import Act, act, decision_of, kept, person, words
from drafting.shown import section_shown
from drafting.store import load_report, pack_holding, report_of_section, section_of_decision


def open_section(ctx: Context, *, report_id: str, section_key: str, actor: Actor) -> SectionView:
    """Show a section to a person and issue the view that decisions and signatures name."""

    def write(conn: Connection) -> SectionView:
        account = person(conn, actor)
        permit(account, Role.WRITER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.TRAINING_LEAD)
        section_id = section_id_of(conn, report_id, section_key)
        loaded = load(conn, ctx, report_id)
        view_id, at = ctx.new_id(), ctx.clock.now()
        loaded = asking.opened(conn, ctx, loaded, section_id, account, actor, at)
        view = section_shown(loaded, section_id, account, view_id=view_id)
        live.opened(conn, ctx, loaded, view, account, actor, at)
        seen = live.seen_by(conn, ctx, as_seen(conn, loaded, account, at), account)
        view = section_shown(seen, section_id, account, view_id=view_id)
        view = live.shown(conn, ctx, view, view_id, account)
        shown = keyed(site_keys(ctx.settings.home), view_id, shown_hash(view))
        issued = {
            "id": view_id, "section_id": section_id, "account_id": account.id, "canonical_hash": view.canonical_hash,
            "shown_hash": shown, "at": utc_text(at),
        }  # fmt: skip
        governed.record(
            conn, [(tables.views, issued)], at=at, zone=ctx.zone, actor=actor, action=Action.SECTION_OPENED, object_kind="section",
            object_id=section_id, new={"view": view_id, "text": view.canonical_hash, "shown": shown},
        )  # fmt: skip
        return view

    return ctx.database.write(write)


def shown_hash(view: SectionView) -> str:
    """Return the hash of everything that a view shows of a section."""
    return digest(
        canonical(
            {
                "hidden": view.hidden,
                "sentences": [[s.id, s.hash, s.text, s.state] for s in view.sentences],
                "fields": [[f.outline.key, f.version, f.value] for f in view.fields],
                "tables": [[t.id, lifecycle.table_hash(t)] for t in view.tables],
                "statements": list(view.statements),
                "added": [[one.id, one.state] for one in view.added],
            }
        )
    )


def open_source(ctx: Context, *, section_id: str, subject: str, ref: str, actor: Actor) -> EvidenceView:
    """Open the source of a reference deliberately; whether the rule demanded it is kept."""

    def write(conn: Connection) -> EvidenceView:
        account = person(conn, actor)
        permit(account, Role.WRITER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.TRAINING_LEAD)
        loaded = load(conn, ctx, report_of_section(conn, section_id), only=section_id)
        section, pack = loaded.report.section(section_id), loaded.packs[section_id]
        capacity, outline = lifecycle.capacity_of(section, account), loaded.outline_of(section)
        rows = {f"table:{table.id}": set(table.refs) for table in pack.tables}
        if subject not in rows and subject not in {sentence.id for sentence in section.sentences}:
            raise NotFound("That is no sentence or table of this section.", remedy="Load the page again.")
        shown_anyway = ref in rows.get(subject, ())  # a table's own row gives no machine text away
        if lifecycle.own_view_missing(section, outline, capacity, account.id) and not shown_anyway:
            raise Conflict("Record your own view first.", remedy="The draft is shown after that.")
        asked = loaded.asked(section_id, account.id) if capacity is Capacity.REVIEWER else ()
        if asked and not (shown_anyway and subject.removeprefix("table:") in {t for figure in asked for t in figure.tables}):
            raise Conflict("State the key figures of this section first.", remedy="The draft is shown after that.")
        view = evidence_of(conn, pack_holding(conn, loaded.report, pack, ref), ref)
        shown = live.seen_by(conn, ctx, loaded, account).findings[section_id]
        flagged = {f.sentence for f in shown if f.sentence}
        demanded = bool(asked) or (
            capacity is not None
            and demands.is_demanded(
                section, pack, outline, capacity, account_id=account.id, subject=subject, ref=ref, flagged=flagged
            )
        )
        at, opening = ctx.clock.now(), ctx.new_id()
        opened = {
            "id": opening, "section_id": section_id, "subject": subject, "ref": ref, "demanded": demanded,
            "capacity": str(capacity or ""), "account_id": account.id, "at": utc_text(at),
        }  # fmt: skip
        governed.record(
            conn, [(tables.openings, opened)], at=at, zone=ctx.zone, actor=actor, action=Action.SOURCE_VIEWED, object_kind="section",
            object_id=section_id, field=subject, new={"opening": opening, "ref": ref, "demanded": demanded},
        )  # fmt: skip
        return view

    return ctx.database.write(write)


UNDOABLE = frozenset({"accept", "edit", "reject", "add", "confirm", "question", "propose", "answer"})


def undo(ctx: Context, *, decision_id: str, reason: str, seen: str, actor: Actor) -> str:
    """Undo an own decision until the section is signed in that capacity; an undone edit brings the earlier text back."""
    with ctx.database.read() as conn:
        section = load_report(conn, report_of_section(conn, section_of_decision(conn, decision_id))).section(
            section_of_decision(conn, decision_id)
        )
    capacity = Capacity(next(d for d in section.decisions if d.id == decision_id).capacity)

    def work(step: Act) -> str:
        kept(reason)
        made = decision_of(step, decision_id)
        _undoable(step, made)
        note = step.note(
            Action.DECISION_UNDONE, field=made.subject, old={"decision": made.decision, "id": made.id}, reason=reason.strip()
        )
        if made.decision == "edit":
            row = next(s for s in step.section.sentences if s.id == made.subject)
            before = next(v for v in row.versions if v.number == made.version - 1)
            step.put_version(row.id, row.version + 1, before.sentence, note)
        return step.decide(
            made.subject, "undo", note, version=made.version, hash_=made.hash, reason=reason.strip(), undoes=decision_id
        )

    return act(ctx, section_of=lambda _: section.id, actor=actor, capacity=capacity, work=work, seen=seen)


def _undoable(step: Act, made: DecisionRow) -> None:
    if made.account_id != step.account.id:
        raise NotPermitted("Only the person who decided can undo it.", remedy="Decide yourself instead.")
    if made.decision not in UNDOABLE or made.id in lifecycle.undone(step.section):
        raise Conflict("There is nothing to undo.", remedy="Load the section again.")
    if lifecycle.signed_as(step.section, step.capacity) is not None:
        raise Conflict("The section is signed.", remedy="Decide anew: that takes the signature back and says why.")
    row = next((s for s in step.section.sentences if s.id == made.subject), None)
    if made.decision == "edit" and row is not None and row.version != made.version:
        raise Conflict("The sentence was edited again since.", remedy="Undo the later edit first.")


def confirm_table(ctx: Context, *, section_id: str, table_id: str, seen: str, actor: Actor) -> str:
    """Confirm a table as a whole, as author or reviewer, after its sampled rows were opened."""
    with ctx.database.read() as conn:
        section = load_report(conn, report_of_section(conn, section_id)).section(section_id)
        capacity = lifecycle.capacity_of(section, person(conn, actor))
    if capacity not in (Capacity.AUTHOR, Capacity.REVIEWER):
        raise NotPermitted("This account may not confirm tables here.", remedy="Author and reviewer do.")

    def work(step: Act) -> str:
        pack, subject = step.loaded.packs[section_id], f"table:{table_id}"
        table = next((t for t in pack.tables if t.id == table_id), None)
        if table is None:
            raise NotFound(f"There is no table {table_id} here.", remedy="Load the section again.")
        tier = step.loaded.outline_of(step.section).tier
        rows = demands.sampled_rows(section_id, step.capacity, table, tier)
        done = demands.opened(step.section, step.account.id, step.capacity, subject)
        left = [ref for ref in rows if ref not in done]
        if left:
            raise Conflict(f"{len(left)} sampled row(s) were not opened yet: {left[0]}.", remedy="Open their source first.")
        hash_ = lifecycle.table_hash(table)
        note = step.note(Action.TABLE_CONFIRMED, field=subject, new={"table": hash_, "capacity": str(step.capacity)})
        return step.decide(subject, "confirm", note, hash_=hash_)

    return act(ctx, section_of=lambda _: section_id, actor=actor, capacity=capacity, work=work, seen=seen)


def record_own_view(ctx: Context, *, section_id: str, text: str, actor: Actor) -> None:
    """Record what a person thinks before machine text is shown, as author or reviewer; once."""
    with ctx.database.read() as conn:
        section = load_report(conn, report_of_section(conn, section_id)).section(section_id)
        capacity = lifecycle.capacity_of(section, person(conn, actor))
    if capacity not in (Capacity.AUTHOR, Capacity.REVIEWER):
        raise NotPermitted("This account may not record a view here.", remedy="Author and reviewer do.")

    def work(step: Act) -> None:
        said = words(text, "Your view")
        if not lifecycle.own_view_missing(
            step.section, step.loaded.outline_of(step.section), step.capacity, step.account.id
        ):
            raise Conflict("Your view is recorded, or none is asked for here.", remedy="Go on to the draft.")
        note = step.note(Action.OWN_VIEW_RECORDED, field=str(step.capacity), new=said)
        note.put(
            tables.own_views, section_id=section_id, account_id=step.account.id, capacity=str(step.capacity), text=said,
            at=utc_text(step.at),
        )  # fmt: skip

    act(ctx, section_of=lambda _: section_id, actor=actor, capacity=capacity, work=work, with_own_view=False)
