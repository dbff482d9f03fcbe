"""What a decision noted in a checked view must hold: what the same act of a review asks for, in the same words. Pure."""

from audit.errors import Invalid
from drafting.lifecycle import EditReason, ReturnReason
from drafting.probes.workflow import Noted
from drafting.review_store import LONGEST, chosen, own_words, words

DECISIONS = frozenset({"confirm", "question", "propose", "return", "undo"})


def complete(note: Noted) -> None:
    """Raise Invalid where the act of a review would: a question without words, a proposal without a reason, a return without either."""
    if note.decision not in DECISIONS or len(note.text) > LONGEST:
        raise Invalid("That is no decision of a reviewer.", remedy="Confirm, question, propose or return.")
    if note.decision == "question":
        words(note.text, "The question")
    elif note.decision == "propose":
        words(note.text, "The proposed text")
        own_words(chosen(note.category, EditReason), note.reason)
    elif note.decision == "return":
        chosen(note.category, ReturnReason)
        words(note.text, "A reason in your own words")
