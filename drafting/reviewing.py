"""What the reviewer of a section does: confirm, question or propose, sentence by sentence, or return the section.

A reviewer never rewrites: a proposal waits until the author takes it up.
"""

from audit.actions import Action
from audit.chain import Actor
from audit.errors import Conflict, NotPermitted
from drafting import lifecycle
from drafting.added import cited_by, ref_of, standing
from drafting.context import Context
from drafting.lifecycle import Capacity, EditReason, ReturnReason
from drafting.report_rows import SentenceRow
from drafting.review_store import Act, act, chosen, of_sentence, own_words, person, refuse_rejected, words
from drafting.store import load_report, report_of_section


def confirm(ctx: Context, *, sentence_id: str, version: int, seen: str, actor: Actor) -> str:
    """Confirm a sentence as the reviewer."""

    def work(step: Act) -> str:
        row = _reviewed(step, sentence_id, version)
        added = sorted(cited_by(row.sentence) & {ref_of(one) for one in standing(step.section.added)})
        confirmed = {"text": row.hash, **({"added": added} if added else {})}  # by a second person
        note = step.note(Action.SENTENCE_CONFIRMED, field=sentence_id, object_version=str(version), new=confirmed)
        return step.decide(sentence_id, "confirm", note, version=version, hash_=step.hash_of(row.sentence))

    return act(ctx, section_of=of_sentence(sentence_id), actor=actor, capacity=Capacity.REVIEWER, work=work, seen=seen)


def _reviewed(step: Act, sentence_id: str, version: int) -> SentenceRow:
    row = step.sentence(sentence_id, version)
    refuse_rejected(step.section, row.id)
    return row


def question(ctx: Context, *, sentence_id: str, version: int, reason: str, seen: str, actor: Actor) -> str:
    """Ask the author about a sentence as the reviewer."""

    def work(step: Act) -> str:
        row, asked = _reviewed(step, sentence_id, version), words(reason, "The question")
        note = step.note(Action.SENTENCE_QUESTIONED, field=sentence_id, object_version=str(version), reason=asked)
        return step.decide(sentence_id, "question", note, version=version, hash_=step.hash_of(row.sentence), reason=asked)

    return act(ctx, section_of=of_sentence(sentence_id), actor=actor, capacity=Capacity.REVIEWER, work=work, seen=seen)


def propose(
    ctx: Context, *, sentence_id: str, version: int, text: str, category: str, reason: str, seen: str, actor: Actor
) -> str:
    """Propose other words as the reviewer; the author takes them up by an edit, or answers."""

    def work(step: Act) -> str:
        row, proposal = _reviewed(step, sentence_id, version), words(text, "The proposed text")
        why, said = chosen(category, EditReason), own_words(category, reason)
        note = step.note(
            Action.EDIT_PROPOSED, field=sentence_id, object_version=str(version), old=row.sentence.text, new=proposal,
            reason=f"{why}: {said}" if said else why,
        )  # fmt: skip
        return step.decide(
            sentence_id, "propose", note, version=version, hash_=step.hash_of(row.sentence), category=why, reason=said,
            proposal=proposal,
        )  # fmt: skip

    return act(ctx, section_of=of_sentence(sentence_id), actor=actor, capacity=Capacity.REVIEWER, work=work, seen=seen)


def return_section(ctx: Context, *, section_id: str, category: str, reason: str, seen: str, actor: Actor) -> str:
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
        note = step.note(Action.SECTION_RETURNED, reason=f"{why}: {said}")
        return step.decide("section", "return", note, category=why, reason=said)

    return act(
        ctx, section_of=lambda _: section_id, actor=actor, capacity=capacity, work=work, seen=seen, with_own_view=False
    )
