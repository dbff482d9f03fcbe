"""The review: author and reviewer decide each sentence, open sources, confirm tables, fill fields; each act is one write.

Every act re-reads the account, checks that the section still reads as it was shown, and leaves one entry. Nothing here is stored
as a state; `drafting.lifecycle` derives it.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, insert

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound, NotPermitted
from audit.identity import Role, permit
from drafting import lifecycle, tables
from drafting.checks import alignment, engine
from drafting.context import Context
from drafting.lifecycle import Capacity, EditReason, ExcludeReason, RejectReason, ReturnReason
from drafting.model import Origin, Sentence, Severity
from drafting.panel import evidence_of
from drafting.queries import load, section_id_of, section_picture
from drafting.readmodel import EvidenceView, SectionView
from drafting.review_store import Act, act, chosen, own_words, person, refuse_closed, words
from drafting.store import (
    DecisionRow,
    SentenceRow,
    load_report,
    report_of_section,
    section_of_decision,
    section_of_sentence,
)

GAP = 1000


def open_section(ctx: Context, *, report_id: str, section_key: str, actor: Actor) -> SectionView:
    """Show a section to a person and issue the view that decisions and signatures name."""

    def write(conn: Connection) -> SectionView:
        account = person(conn, actor)
        permit(account, Role.WRITER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.TRAINING_LEAD)
        section_id = section_id_of(conn, report_id, section_key)
        loaded = load(conn, ctx, report_id)
        view_id, at = ctx.new_id(), ctx.clock.now()
        view = section_picture(loaded, section_id, account, view_id=view_id)
        shown = digest(canonical({"hidden": view.hidden, "sentences": [[s.id, s.hash, s.state] for s in view.sentences]}))
        conn.execute(
            insert(tables.views).values(
                id=view_id, section_id=section_id, account_id=account.id, canonical_hash=view.canonical_hash,
                shown_hash=shown, at=utc_text(at),
            )
        )  # fmt: skip
        trail.append(
            conn, at=at, zone=ctx.zone, actor=actor, action=Action.SECTION_OPENED, object_kind="section",
            object_id=section_id, new={"view": view_id, "text": view.canonical_hash, "shown": shown},
        )  # fmt: skip
        return view

    return ctx.database.write(write)


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
        view = evidence_of(conn, pack, ref)
        flagged = {f.sentence for f in loaded.findings[section_id] if f.sentence}
        demanded = capacity is not None and lifecycle.is_demanded(
            section, pack, outline, capacity, account_id=account.id, subject=subject, ref=ref, flagged=flagged
        )
        at = ctx.clock.now()
        conn.execute(
            insert(tables.openings).values(
                id=ctx.new_id(), section_id=section_id, subject=subject, ref=ref, demanded=demanded,
                capacity=str(capacity or ""), account_id=account.id, at=utc_text(at),
            )
        )  # fmt: skip
        trail.append(
            conn, at=at, zone=ctx.zone, actor=actor, action=Action.SOURCE_VIEWED, object_kind="section",
            object_id=section_id, field=subject, new={"ref": ref, "demanded": demanded},
        )  # fmt: skip
        return view

    return ctx.database.write(write)


def _of_sentence(sentence_id: str) -> Callable[[Connection], str]:
    return lambda conn: section_of_sentence(conn, sentence_id)


def accept(ctx: Context, *, sentence_id: str, version: int, seen: str, actor: Actor) -> str:
    """Accept a sentence as the author; refused while a blocking finding is on it."""

    def work(step: Act) -> str:
        row = step.sentence(sentence_id, version)
        pack = step.loaded.packs[step.section.id]
        found = engine.check_sentence(row.sentence, pack, origin=Origin(row.origin))
        blocking = [f for f in found if f.severity is Severity.BLOCKS]
        if blocking:
            raise Invalid(f"This sentence cannot be accepted: {blocking[0].message}", remedy="Edit or reject it.")
        seq = step.note(
            Action.SENTENCE_ACCEPTED, field=sentence_id, object_version=str(version), new={"text": row.hash},
            origin=step.origin(row),
        )  # fmt: skip
        return step.decide(sentence_id, "accept", seq, version=version, hash_=step.hash_of(row.sentence))

    return act(ctx, section_of=_of_sentence(sentence_id), actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def edit(
    ctx: Context, *, sentence_id: str, version: int, text: str, category: str, reason: str,
    seen: str, actor: Actor, picks: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Edit a sentence as the author; unchanged references are kept, new ones come only from `picks`."""

    def work(step: Act) -> str:
        row = step.sentence(sentence_id, version)
        why, said = chosen(category, EditReason), own_words(category, reason)
        after = alignment.realign(
            row.sentence, words(text, "The text"), step.loaded.packs[step.section.id], picks=picks or {}
        )
        if after.text == row.sentence.text and after.spans == row.sentence.spans:
            raise Invalid("The text was not changed.", remedy="Accept it, or change it.")
        seq = step.note(
            Action.SENTENCE_EDITED, field=sentence_id, object_version=str(version + 1), old=row.sentence.tree(),
            new=after.tree(), reason=f"{why}: {said}" if said else why, origin=step.origin(row),
        )  # fmt: skip
        step.put_version(sentence_id, version + 1, after, seq)
        return step.decide(
            sentence_id, "edit", seq, version=version + 1, hash_=step.hash_of(after), category=why, reason=said
        )

    return act(ctx, section_of=_of_sentence(sentence_id), actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def reject(ctx: Context, *, sentence_id: str, version: int, category: str, reason: str, seen: str, actor: Actor) -> str:
    """Reject a sentence as the author; it stays readable and leaves the section."""

    def work(step: Act) -> str:
        row = step.sentence(sentence_id, version)
        why, said = chosen(category, RejectReason), own_words(category, reason)
        seq = step.note(
            Action.SENTENCE_REJECTED, field=sentence_id, object_version=str(version), old=row.sentence.tree(),
            reason=f"{why}: {said}", origin=step.origin(row),
        )  # fmt: skip
        return step.decide(
            sentence_id, "reject", seq, version=version, hash_=step.hash_of(row.sentence), category=why, reason=said
        )

    return act(ctx, section_of=_of_sentence(sentence_id), actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def add(
    ctx: Context, *, section_id: str, after: str, text: str, category: str, reason: str,
    seen: str, actor: Actor, picks: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Add a person's sentence after the sentence `after` ("" puts it first); return the sentence's id."""

    def work(step: Act) -> str:
        why, said = chosen(category, EditReason), own_words(category, reason)
        position = _between(step.section.sentences, after)
        pack = step.loaded.packs[step.section.id]
        sentence = alignment.realign(Sentence(""), words(text, "The text"), pack, picks=picks or {})
        sentence_id = ctx.new_id()
        seq = step.note(
            Action.SENTENCE_ADDED, field=sentence_id, object_version="1", new=sentence.tree(), reason=f"{why}: {said}"
        )
        step.conn.execute(
            insert(tables.sentences).values(
                id=sentence_id,
                section_id=section_id,
                position=position,
                origin=str(Origin.PERSON),
                generation_id=None,
                seq=seq,
            )
        )
        step.put_version(sentence_id, 1, sentence, seq)
        step.decide(sentence_id, "add", seq, hash_=step.hash_of(sentence), category=why, reason=said)
        return sentence_id

    return act(ctx, section_of=lambda _: section_id, actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def _between(sentences: tuple[SentenceRow, ...], after: str) -> int:
    if after and after not in {s.id for s in sentences}:
        raise NotFound("The sentence to add after is not in this section.", remedy="Load the section again.")
    start = next((s.position for s in sentences if s.id == after), 0)
    following = next((s.position for s in sentences if s.position > start), start + 2 * GAP)
    return (start + following) // 2


def confirm(ctx: Context, *, sentence_id: str, version: int, seen: str, actor: Actor) -> str:
    """Confirm a sentence as the reviewer."""

    def work(step: Act) -> str:
        row = _reviewed(step, sentence_id, version)
        seq = step.note(Action.SENTENCE_CONFIRMED, field=sentence_id, object_version=str(version), new={"text": row.hash})
        return step.decide(sentence_id, "confirm", seq, version=version, hash_=step.hash_of(row.sentence))

    return act(ctx, section_of=_of_sentence(sentence_id), actor=actor, capacity=Capacity.REVIEWER, work=work, seen=seen)


def _reviewed(step: Act, sentence_id: str, version: int) -> SentenceRow:
    row = step.sentence(sentence_id, version)
    if row.id not in {s.id for s in lifecycle.current(step.section)}:
        raise Conflict("The author rejected this sentence.", remedy="Return the section if it belongs there.")
    return row


def question(ctx: Context, *, sentence_id: str, version: int, reason: str, seen: str, actor: Actor) -> str:
    """Ask the author about a sentence as the reviewer."""

    def work(step: Act) -> str:
        row, asked = _reviewed(step, sentence_id, version), words(reason, "The question")
        seq = step.note(Action.SENTENCE_QUESTIONED, field=sentence_id, object_version=str(version), reason=asked)
        return step.decide(sentence_id, "question", seq, version=version, hash_=step.hash_of(row.sentence), reason=asked)

    return act(ctx, section_of=_of_sentence(sentence_id), actor=actor, capacity=Capacity.REVIEWER, work=work, seen=seen)


def propose(
    ctx: Context, *, sentence_id: str, version: int, text: str, category: str, reason: str, seen: str, actor: Actor
) -> str:
    """Propose other words as the reviewer; the author takes them up by an edit, or answers."""

    def work(step: Act) -> str:
        row, proposal = _reviewed(step, sentence_id, version), words(text, "The proposed text")
        why, said = chosen(category, EditReason), own_words(category, reason)
        seq = step.note(
            Action.EDIT_PROPOSED, field=sentence_id, object_version=str(version), old=row.sentence.text, new=proposal,
            reason=f"{why}: {said}" if said else why,
        )  # fmt: skip
        return step.decide(
            sentence_id, "propose", seq, version=version, hash_=step.hash_of(row.sentence), category=why, reason=said,
            proposal=proposal,
        )  # fmt: skip

    return act(ctx, section_of=_of_sentence(sentence_id), actor=actor, capacity=Capacity.REVIEWER, work=work, seen=seen)


def answer(ctx: Context, *, decision_id: str, reason: str, seen: str, actor: Actor) -> str:
    """Answer a question or proposal as the author; the reviewer then decides again."""

    def work(step: Act) -> str:
        asked, said = _decision(step, decision_id), words(reason, "The answer")
        if asked.decision not in ("question", "propose") or asked.id in lifecycle.undone(step.section):
            raise Conflict("There is no open question here.", remedy="Load the section again.")
        seq = step.note(Action.QUESTION_ANSWERED, field=asked.subject, old=asked.reason or asked.proposal, new=said)
        return step.decide(
            asked.subject, "answer", seq, version=asked.version, hash_=asked.hash, reason=said, undoes=decision_id
        )

    return act(
        ctx, section_of=lambda c: section_of_decision(c, decision_id), actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen
    )  # fmt: skip


def _decision(step: Act, decision_id: str) -> DecisionRow:
    return next(d for d in step.section.decisions if d.id == decision_id)


UNDOABLE = frozenset({"accept", "edit", "reject", "add", "confirm", "question", "propose", "answer"})


def undo(ctx: Context, *, decision_id: str, reason: str, seen: str, actor: Actor) -> str:
    """Undo an own decision until the section is signed in that capacity; an undone edit brings the earlier text back."""
    with ctx.database.read() as conn:
        section = load_report(conn, report_of_section(conn, section_of_decision(conn, decision_id))).section(
            section_of_decision(conn, decision_id)
        )
    capacity = Capacity(next(d for d in section.decisions if d.id == decision_id).capacity)

    def work(step: Act) -> str:
        made = _decision(step, decision_id)
        _undoable(step, made)
        seq = step.note(
            Action.DECISION_UNDONE, field=made.subject, old={"decision": made.decision, "id": made.id}, reason=reason.strip()
        )
        if made.decision == "edit":
            row = next(s for s in step.section.sentences if s.id == made.subject)
            before = next(v for v in row.versions if v.number == made.version - 1)
            step.put_version(row.id, row.version + 1, before.sentence, seq)
        return step.decide(
            made.subject, "undo", seq, version=made.version, hash_=made.hash, reason=reason.strip(), undoes=decision_id
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
        rows = lifecycle.sampled_rows(section_id, step.capacity, table, tier)
        done = lifecycle.opened(step.section, step.account.id, step.capacity, subject)
        left = [ref for ref in rows if ref not in done]
        if left:
            raise Conflict(f"{len(left)} sampled row(s) were not opened yet: {left[0]}.", remedy="Open their source first.")
        hash_ = lifecycle.table_hash(table)
        seq = step.note(Action.TABLE_CONFIRMED, field=subject, new={"table": hash_, "capacity": str(step.capacity)})
        return step.decide(subject, "confirm", seq, hash_=hash_)

    return act(ctx, section_of=lambda _: section_id, actor=actor, capacity=capacity, work=work, seen=seen)


def enter_field(ctx: Context, *, section_id: str, key: str, value: str, seen: str, actor: Actor) -> int:
    """Enter a field that only a person fills, as the author; return its version."""

    def work(step: Act) -> int:
        outline = next((f for f in step.loaded.outline_of(step.section).fields if f.key == key), None)
        if outline is None:
            raise NotFound(f"This section has no field {key}.", remedy="Load the section again.")
        said = value.strip() if not outline.required else words(value, outline.label)
        if outline.choices and said and said not in outline.choices:
            raise Invalid(f"'{said}' is no answer to {outline.label}.", remedy=f"One of: {', '.join(outline.choices)}.")
        before = next((f for f in step.section.fields if f.key == key), None)
        if before is not None and before.value == said:
            return before.version
        version = before.version + 1 if before else 1
        seq = step.note(
            Action.FIELD_ENTERED,
            field=f"field:{key}",
            object_version=str(version),
            old=before.value if before else None,
            new=said,
        )
        step.conn.execute(
            insert(tables.field_versions).values(
                section_id=section_id, key=key, version=version, value=said, account_id=step.account.id,
                user_id=step.account.user_id, at=utc_text(step.at), seq=seq,
            )
        )  # fmt: skip
        return version

    return act(
        ctx,
        section_of=lambda _: section_id,
        actor=actor,
        capacity=Capacity.AUTHOR,
        work=work,
        seen=seen,
        with_own_view=False,
    )


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
        seq = step.note(Action.OWN_VIEW_RECORDED, field=str(step.capacity), new=said)
        step.conn.execute(
            insert(tables.own_views).values(
                section_id=section_id, account_id=step.account.id, capacity=str(step.capacity), text=said,
                at=utc_text(step.at), seq=seq,
            )
        )  # fmt: skip

    act(ctx, section_of=lambda _: section_id, actor=actor, capacity=capacity, work=work, with_own_view=False)


def return_section(ctx: Context, *, section_id: str, category: str, reason: str, actor: Actor) -> str:
    """Return a section to its author, as reviewer or approver; its signatures are taken back."""
    with ctx.database.read() as conn:
        section = load_report(conn, report_of_section(conn, section_id)).section(section_id)
        capacity = lifecycle.capacity_of(section, person(conn, actor))
    if capacity not in (Capacity.REVIEWER, Capacity.APPROVER):
        raise NotPermitted("This account may not return the section.", remedy="Its reviewer or approver does.")

    def work(step: Act) -> str:
        why, said = chosen(category, ReturnReason), words(reason, "A reason in your own words")
        if lifecycle.state(step.section) == "drafted":
            raise Conflict("The section is with its author.", remedy="Wait until authorship is signed.")
        seq = step.note(Action.SECTION_RETURNED, reason=f"{why}: {said}")
        return step.decide("section", "return", seq, category=why, reason=said)

    return act(ctx, section_of=lambda _: section_id, actor=actor, capacity=capacity, work=work, with_own_view=False)


def submit(ctx: Context, *, report_id: str, actor: Actor) -> None:
    """Submit a report for review; every section carries authorship."""

    def write(conn: Connection) -> None:
        account = person(conn, actor)
        permit(account, Role.WRITER)
        report = load_report(conn, report_id)
        outline = ctx.outlines[report.kind]
        left = [outline.section(s.key).title for s in report.sections if lifecycle.state(s) == "drafted"]
        if left:
            raise Conflict(f"{len(left)} section(s) carry no authorship: {', '.join(left[:3])}.", remedy="Sign them first.")
        if "submitted" in report.events:
            raise Conflict("The report is in review.", remedy="Its reviewer goes on.")
        at = ctx.clock.now()
        entry = trail.append(
            conn,
            at=at,
            zone=ctx.zone,
            actor=actor,
            action=Action.REPORT_SUBMITTED,
            object_kind="report",
            object_id=report_id,
        )
        conn.execute(
            insert(tables.report_events).values(
                report_id=report_id, number=len(report.events) + 1, event="submitted", reason=None, account_id=account.id,
                user_id=account.user_id, at=utc_text(at), seq=entry.seq,
            )
        )  # fmt: skip

    ctx.database.write(write)


def exclude(ctx: Context, *, report_id: str, record: str, category: str, reason: str, actor: Actor) -> None:
    """Leave a record in scope out of a report, with the reason; a writer's act."""
    _say(ctx, report_id, record, category, reason, actor, excluded=True)


def include(ctx: Context, *, report_id: str, record: str, category: str, reason: str, actor: Actor) -> None:
    """Take a record in scope into a report, with the reason; a writer's act."""
    _say(ctx, report_id, record, category, reason, actor, excluded=False)


def _say(ctx: Context, report_id: str, record: str, category: str, reason: str, actor: Actor, *, excluded: bool) -> None:
    def write(conn: Connection) -> None:
        account = person(conn, actor)
        permit(account, Role.WRITER)
        loaded = load(conn, ctx, report_id, only="none")
        report = loaded.report
        refuse_closed(loaded)
        kind, _, identifier = record.partition("/")
        if not any(line.kind == kind and identifier in line.in_scope for line in report.ledger):
            raise NotFound(f"{record} is not in the scope of {report.number}.", remedy="Choose a record from its ledger.")
        why, said = chosen(category, ExcludeReason), words(reason, "A reason in your own words")
        if report.decided.get(record) is excluded:
            raise Conflict(f"{record} is already decided this way.", remedy="Load the page again.")
        at = ctx.clock.now()
        action = Action.RECORD_EXCLUDED if excluded else Action.RECORD_INCLUDED
        entry = trail.append(
            conn, at=at, zone=ctx.zone, actor=actor, action=action, object_kind="report", object_id=report_id,
            field=record, reason=f"{why}: {said}",
        )  # fmt: skip
        conn.execute(
            insert(tables.exclusions).values(
                report_id=report_id, record=record, version=entry.seq, excluded=excluded, category=why, reason=said,
                account_id=account.id, user_id=account.user_id, at=utc_text(at), seq=entry.seq,
            )
        )  # fmt: skip

    ctx.database.write(write)
