"""What the author of a section does: decide each sentence, add own ones, answer the reviewer, fill the human-only fields.

Each act is one write with one entry; it re-reads the account and checks that the section still reads as it was shown.
"""

from collections.abc import Mapping

from audit.actions import Action
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound
from drafting import lifecycle, tables
from drafting.checks import alignment, engine
from drafting.context import Context
from drafting.lifecycle import Capacity, EditReason, RejectReason
from drafting.model import Origin, Sentence, Severity
from drafting.render import printed
from drafting.report_rows import SentenceRow
from drafting.review_store import Act, act, chosen, decision_of, of_sentence, own_words, words
from drafting.store import section_of_decision

GAP = 1000


def accept(ctx: Context, *, sentence_id: str, version: int, seen: str, actor: Actor) -> str:
    """Accept a sentence as the author; refused while a blocking finding is on it."""

    def work(step: Act) -> str:
        row = step.sentence(sentence_id, version)
        pack = step.loaded.packs[step.section.id]
        outline, before, whole = step.loaded.outline_of(step.section), step.loaded.before, step.loaded.whole
        origin = Origin(row.origin)
        found = engine.check_in_report(
            sentence_id, row.sentence, pack, outline, origin=origin, before=before, whole=whole
        )  # fmt: skip
        blocking = [f for f in found if f.severity is Severity.BLOCKS]
        if blocking:
            raise Invalid(f"This sentence cannot be accepted: {blocking[0].message}", remedy="Edit or reject it.")
        made = lifecycle.standing(step.section, sentence_id, Capacity.AUTHOR, step.hash_of(row.sentence))
        if made is not None and made.decision in ("edit", "add") and made.version == version:
            raise Conflict(
                f"This sentence is already decided: {made.user_id} wrote these words.",
                remedy="Nothing was changed; edit it again or reject it.",
            )
        note = step.note(
            Action.SENTENCE_ACCEPTED, field=sentence_id, object_version=str(version), new={"text": row.hash},
            origin=step.origin(row),
        )  # fmt: skip
        return step.decide(sentence_id, "accept", note, version=version, hash_=step.hash_of(row.sentence))

    return act(ctx, section_of=of_sentence(sentence_id), actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def edit(
    ctx: Context, *, sentence_id: str, version: int, text: str, category: str, reason: str,
    seen: str, actor: Actor, picks: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Edit a sentence as the author; unchanged references are kept, new ones come only from `picks`."""

    def work(step: Act) -> str:
        row = step.sentence(sentence_id, version)
        why, said = chosen(category, EditReason), own_words(category, reason)
        pack, typed = step.loaded.packs[step.section.id], words(text, "The text")
        taken = alignment.displaced(row.sentence, typed, pack, picks or {})
        if taken is not None:
            raise Invalid(
                f"'{taken[0]}' stands where the evidence says '{printed(taken[1], pack)}': what a person adds does not take its place.",
                remedy="Correct the figure, or say what was added in a sentence of its own.",
            )
        after = alignment.tied(row.sentence, typed, pack, picks=picks or {})
        if after.text == row.sentence.text and after.spans == row.sentence.spans:
            raise Invalid("The text was not changed.", remedy="Accept it, or change it.")
        note = step.note(
            Action.SENTENCE_EDITED, field=sentence_id, object_version=str(version + 1), old=row.sentence.tree(),
            new=after.tree(), reason=f"{why}: {said}" if said else why, origin=step.origin(row),
        )  # fmt: skip
        step.put_version(sentence_id, version + 1, after, note)
        return step.decide(
            sentence_id, "edit", note, version=version + 1, hash_=step.hash_of(after), category=why, reason=said
        )

    return act(ctx, section_of=of_sentence(sentence_id), actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def reject(ctx: Context, *, sentence_id: str, version: int, category: str, reason: str, seen: str, actor: Actor) -> str:
    """Reject a sentence as the author; it stays readable and leaves the section."""

    def work(step: Act) -> str:
        row = step.sentence(sentence_id, version)
        why, said = chosen(category, RejectReason), own_words(category, reason)
        note = step.note(
            Action.SENTENCE_REJECTED, field=sentence_id, object_version=str(version), old=row.sentence.tree(),
            reason=f"{why}: {said}", origin=step.origin(row),
        )  # fmt: skip
        return step.decide(
            sentence_id, "reject", note, version=version, hash_=step.hash_of(row.sentence), category=why, reason=said
        )

    return act(ctx, section_of=of_sentence(sentence_id), actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def add(
    ctx: Context, *, section_id: str, after: str, text: str, category: str, reason: str,
    seen: str, actor: Actor, picks: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Add a person's sentence after the sentence `after` ("" puts it first); return the sentence's id."""

    def work(step: Act) -> str:
        why, said = chosen(category, EditReason), own_words(category, reason)
        position = _between(step.section.sentences, after)
        pack = step.loaded.packs[step.section.id]
        sentence = alignment.tied(Sentence(""), words(text, "The text"), pack, picks=picks or {})
        sentence_id = ctx.new_id()
        note = step.note(
            Action.SENTENCE_ADDED, field=sentence_id, object_version="1", new=sentence.tree(), reason=f"{why}: {said}"
        )
        note.put(tables.sentences, id=sentence_id, section_id=section_id, position=position, origin=str(Origin.PERSON))
        step.put_version(sentence_id, 1, sentence, note)
        step.decide(sentence_id, "add", note, hash_=step.hash_of(sentence), category=why, reason=said)
        return sentence_id

    return act(ctx, section_of=lambda _: section_id, actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def _between(sentences: tuple[SentenceRow, ...], after: str) -> int:
    if after and after not in {s.id for s in sentences}:
        raise NotFound("The sentence to add after is not in this section.", remedy="Load the section again.")
    start = next((s.position for s in sentences if s.id == after), 0)
    following = next((s.position for s in sentences if s.position > start), start + 2 * GAP)
    return (start + following) // 2


def answer(ctx: Context, *, decision_id: str, reason: str, seen: str, actor: Actor) -> str:
    """Answer a question or proposal as the author; the reviewer then decides again."""

    def work(step: Act) -> str:
        asked, said = decision_of(step, decision_id), words(reason, "The answer")
        if asked.decision not in ("question", "propose") or asked.id in lifecycle.undone(step.section):
            raise Conflict("There is no open question here.", remedy="Load the section again.")
        note = step.note(Action.QUESTION_ANSWERED, field=asked.subject, old=asked.reason or asked.proposal, new=said)
        return step.decide(
            asked.subject, "answer", note, version=asked.version, hash_=asked.hash, reason=said, undoes=decision_id
        )

    return act(
        ctx, section_of=lambda c: section_of_decision(c, decision_id), actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen
    )  # fmt: skip


def enter_field(ctx: Context, *, section_id: str, key: str, value: str, seen: str, actor: Actor) -> int:
    """Enter a field that only a person fills, as the author; return its version."""
    return enter_fields(ctx, section_id=section_id, values={key: value}, seen=seen, actor=actor)[key]


def enter_fields(
    ctx: Context, *, section_id: str, values: Mapping[str, str], seen: str, actor: Actor
) -> dict[str, int]:  # fmt: skip
    """Enter fields that only a person fills, as the author, each with its entry, all or none; return their versions."""
    return act(
        ctx,
        section_of=lambda _: section_id,
        actor=actor,
        capacity=Capacity.AUTHOR,
        work=lambda step: {key: _enter(step, key, value) for key, value in values.items()},
        seen=seen,
        with_own_view=False,
    )


def _enter(step: Act, key: str, value: str) -> int:
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
    note = step.note(
        Action.FIELD_ENTERED,
        field=f"field:{key}",
        object_version=str(version),
        old=before.value if before else None,
        new=said,
    )
    note.put(
        tables.field_versions, section_id=step.section.id, key=key, version=version, value=said,
        account_id=step.account.id, user_id=step.account.user_id, at=utc_text(step.at),
    )  # fmt: skip
    return version
