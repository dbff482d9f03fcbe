"""The life cycle of a section, derived from what was decided and signed. Pure.

A decision stands while text, references and cited evidence are what they were; a signature is valid while the section reads as it
did and nobody returned it since. Nothing here stores a state: it follows from the rows.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Any

from audit.canonical import canonical, digest
from audit.identity import Account, Qualification, Role
from audit.signatures import Meaning
from drafting.added import cited_by, ref_of
from drafting.added import standing as standing_evidence
from drafting.model import EvidencePack, Sentence, Table, content
from drafting.render import held as held_by
from drafting.report_rows import AMENDED, DecisionRow, ReportRow, SectionRow, SentenceRow, SignedItem
from prompts.outline import SectionOutline

HASHES_KEPT = 4096  # of sentences and tables with their evidence: pure, and asked for at every run of a screen


class Capacity(StrEnum):
    """As what a person acts on a section."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    APPROVER = "approver"


class EditReason(StrEnum):
    """Why a sentence was edited or added."""

    CLARITY = "clearer wording, same meaning"
    CORRECTION = "corrected against the evidence"
    CONTEXT = "added context or judgement"
    OMISSION = "something required was missing"
    OVERSTATEMENT = "said more than the evidence supports"


class RejectReason(StrEnum):
    """Why a sentence was rejected."""

    WRONG = "contradicts the evidence"
    UNSUPPORTED = "not supported by the evidence"
    IRRELEVANT = "does not belong here"
    DUPLICATE = "said elsewhere"
    MISLEADING = "true but misleading"


class ReturnReason(StrEnum):
    """Why a section was returned."""

    INCOMPLETE = "incomplete"
    INCORRECT = "incorrect"
    EVIDENCE = "evidence is missing or does not support it"
    JUDGEMENT = "assessment not justified"


class ExcludeReason(StrEnum):
    """Why a record is left out of a report, or taken into it."""

    OUT_OF_PERIOD = "outside the period"
    IN_PERIOD = "inside the period"
    OTHER_PRODUCT = "another product or strength"
    DUPLICATE = "recorded twice"
    ELSEWHERE = "assessed in another report"
    CANCELLED = "record was cancelled"


EDIT_REASONS, REJECT_REASONS, RETURN_REASONS, EXCLUDE_REASONS = EditReason, RejectReason, ReturnReason, ExcludeReason
SAME_MEANING = EditReason.CLARITY

MEANING_OF = {
    Capacity.AUTHOR: Meaning.AUTHORSHIP,
    Capacity.REVIEWER: Meaning.REVIEW,
    Capacity.APPROVER: Meaning.APPROVAL,
}
CAPACITY_OF = {meaning: capacity for capacity, meaning in MEANING_OF.items()}
ROLE_OF = {Capacity.AUTHOR: Role.WRITER, Capacity.REVIEWER: Role.REVIEWER, Capacity.APPROVER: Role.APPROVER}
CLOSED = frozenset({"approved", "superseded"})  # of a report: a later change is an amendment
STATES = {Capacity.AUTHOR: "authored", Capacity.REVIEWER: "reviewed", Capacity.APPROVER: "approved"}
DECIDING = {
    Capacity.AUTHOR: frozenset({"accept", "edit", "reject", "add", "withdraw"}),
    Capacity.REVIEWER: frozenset({"confirm", "question", "propose"}),
    Capacity.APPROVER: frozenset[str](),
}


def evidence_hash(sentence: Sentence, pack: EvidencePack) -> str:
    """Return the hash of what the evidence says that a sentence cites; in which version of a file it stands plays no part."""
    tree = {}
    for ref in sorted({*sentence.cites, *(span.ref for span in sentence.spans)}):
        found = held_by(ref, pack)
        tree[ref] = digest(canonical(content(found))) if found else ""
    return digest(canonical(tree))


@lru_cache(maxsize=HASHES_KEPT)
def decided_hash(sentence: Sentence, pack: EvidencePack) -> str:
    """Return the hash a decision carries: text, references, cited evidence."""
    spans = [[s.start, s.end, s.ref] for s in sentence.spans]
    return digest(canonical({"text": sentence.text, "spans": spans, "evidence": evidence_hash(sentence, pack)}))


@lru_cache(maxsize=HASHES_KEPT)
def table_hash(table: Table) -> str:
    """Return the hash of a table as a person confirms it."""
    return digest(
        canonical({"columns": list(table.columns), "rows": [list(r) for r in table.rows], "refs": list(table.refs)})
    )


def undone(section: SectionRow) -> frozenset[str]:
    """Return the ids of decisions that were undone."""
    return section.undone


def standing(section: SectionRow, subject: str, capacity: Capacity, present: str) -> DecisionRow | None:
    """Return the decision of a capacity that stands on a subject whose present hash is `present`."""
    gone = undone(section)
    kinds = {"confirm"} if subject.startswith("table:") else DECIDING[capacity]
    made = [
        d
        for d in section.decisions
        if d.subject == subject and d.capacity == capacity and d.decision in kinds and d.id not in gone
    ]
    return made[-1] if made and made[-1].hash == present else None


def answer_to(section: SectionRow, decision_id: str) -> DecisionRow | None:
    """Return the author's standing answer to a question or proposal."""
    gone = undone(section)
    made = [d for d in section.decisions if d.decision == "answer" and d.undoes == decision_id and d.id not in gone]
    return made[-1] if made else None


def last_author_decision(section: SectionRow, sentence: SentenceRow) -> str:
    """Return the author's last decision on a sentence that was not undone, whatever the evidence now says."""
    gone = undone(section)
    made = [
        d.decision
        for d in section.decisions
        if d.subject == sentence.id and d.capacity == Capacity.AUTHOR and d.decision in DECIDING[Capacity.AUTHOR] and d.id not in gone
    ]  # fmt: skip
    return made[-1] if made else ""


def is_withdrawn(section: SectionRow, sentence: SentenceRow) -> bool:
    """Tell whether a later draft no longer says the sentence, or a person's addition was undone."""
    last = last_author_decision(section, sentence)
    return last == "withdraw" or (sentence.origin == "person" and not last)


def current(section: SectionRow) -> list[SentenceRow]:
    """Return the sentences that the section says: neither rejected nor withdrawn."""
    return [s for s in section.sentences if last_author_decision(section, s) != "reject" and not is_withdrawn(section, s)]


def number_of(section: SectionRow, sentence: SentenceRow) -> int:
    """Return the number under which a sentence is shown: rejected ones keep theirs."""
    shown = [s.id for s in section.sentences if not is_withdrawn(section, s)]
    return shown.index(sentence.id) + 1


def canonical_hash(section: SectionRow) -> str:
    """Return the hash of the section as it reads: sentences, fields, evidence (which holds the tables), and what it cites of things added."""
    reading = current(section)
    tree: dict[str, Any] = {
        "section": section.id,
        "sentences": [[s.id, s.version, s.hash] for s in reading],
        "fields": {f.key: f.value for f in section.fields},
        "pack": section.pack_hash,
    }
    cited = {ref for s in reading for ref in cited_by(s.sentence)} if section.added else set()
    used = {ref_of(row): row.hash for row in standing_evidence(section.added) if ref_of(row) in cited}
    return digest(canonical({**tree, "added": used} if used else tree))


def decisions_hash(section: SectionRow) -> str:
    """Return the hash over every decision that was not undone."""
    return _decisions_hash(section.decisions)


def _decisions_hash(decisions: tuple[DecisionRow, ...]) -> str:
    gone = {d.undoes for d in decisions if d.decision == "undo"}
    listed = [[d.id, d.subject, d.decision, d.hash, d.user_id] for d in decisions if d.id not in gone]
    return digest(canonical(listed))


def made_since(section: SectionRow, signed: SignedItem) -> tuple[DecisionRow, ...] | None:
    """Return the decisions that were made after a signature; None where those that it covers are not here as they were signed."""
    covered = _covered(section.decisions, signed.decisions_hash)
    return None if covered is None else section.decisions[covered:]


@lru_cache(maxsize=HASHES_KEPT)
def _covered(decisions: tuple[DecisionRow, ...], signed_hash: str) -> int | None:
    """Return how many decisions, from the first, give the hash that was signed."""
    counts = range(len(decisions), -1, -1)
    return next((n for n in counts if _decisions_hash(decisions[:n]) == signed_hash), None)


def is_valid(section: SectionRow, signed: SignedItem) -> bool:
    """Tell whether a signature holds: same text, evidence and decisions; since then not returned, nothing decided anew.

    What others decide later leaves it: an author's signature outlasts the review.
    """
    if signed.text_hash != canonical_hash(section) or signed.evidence_hash != section.pack_hash:
        return False
    later = made_since(section, signed)
    return later is not None and not any(_takes_back(d, signed) for d in later)


def _takes_back(decision: DecisionRow, signed: SignedItem) -> bool:
    capacity = CAPACITY_OF.get(Meaning(signed.meaning))
    if decision.decision == "return" or capacity is None:
        return decision.decision == "return"
    return decision.capacity == capacity and decision.decision in DECIDING[capacity] | {"confirm", "undo"}


def signed_as(section: SectionRow, capacity: Capacity) -> SignedItem | None:
    """Return the last valid signature of a capacity, given that those before it are valid too."""
    found = None
    for step in Capacity:
        valid = [s for s in section.signatures if s.meaning == MEANING_OF[step] and is_valid(section, s)]
        found = valid[-1] if valid else None
        if found is None or step is capacity:
            return found
    return found


def state(section: SectionRow) -> str:
    """Return drafted, authored, reviewed or approved."""
    reached = "drafted"
    for capacity in Capacity:
        if signed_as(section, capacity) is None:
            return reached
        reached = STATES[capacity]
    return reached


def since(section: SectionRow, signed: SignedItem) -> str:
    """Say what took a signature back; empty while it holds."""
    if is_valid(section, signed):
        return ""
    if signed.evidence_hash != section.pack_hash:
        return "The evidence changed."
    later = made_since(section, signed)
    if later is None:
        return "The decisions are not those that were signed."
    acts = [(d.at, d.decision, d.user_id) for d in later if _takes_back(d, signed)]
    acts += [(f.at, f"field {f.key}", f.user_id) for f in section.fields if f.at >= signed.at]
    if not acts:
        return "The text changed."
    at, what, who = max(acts)
    return f"{what} by {who}, {at[:16].replace('T', ' ')} UTC"


def returned(section: SectionRow) -> str:
    """Return why the section was returned, until authorship is signed again."""
    made = [d for d in section.decisions if d.decision == "return"]
    if not made or any(s.meaning == Meaning.AUTHORSHIP and s.at > made[-1].at for s in section.signatures):
        return ""
    return ": ".join(part for part in (made[-1].category, made[-1].reason) if part)


def report_state(report: ReportRow) -> str:
    """Return drafting, authored, in amendment, in review, approved or superseded."""
    states = [state(s) for s in report.sections]
    if "superseded" in report.events:
        return "superseded"
    if "approved" in report.events and all(s == "approved" for s in states):
        return "approved"
    if "submitted" in report.events:
        return "in review"
    if AMENDED in report.events:
        return "in amendment"
    return "authored" if states and all(s != "drafted" for s in states) else "drafting"


def people(section: SectionRow, capacity: Capacity) -> frozenset[str]:
    """Return the account ids of everybody who acted on a section in a capacity."""
    found = {d.account_id for d in section.decisions if d.capacity == capacity}
    found |= {s.account_id for s in section.signatures if s.meaning == MEANING_OF[capacity]}
    found |= {v.account_id for v in section.own_views if v.capacity == capacity}
    if capacity is Capacity.AUTHOR:
        found |= {f.account_id for f in section.field_history} | {row.account_id for row in section.added}
    return frozenset(found)


def capacity_of(section: SectionRow, account: Account | None) -> Capacity | None:
    """Return as what a person may act here; one who acted in one capacity has no other."""
    if account is None:
        return None
    open_to = [c for c in Capacity if account.has(ROLE_OF[c])]
    bound = [c for c in Capacity if account.id in people(section, c)]
    open_to = [c for c in open_to if not bound or c in bound]
    wanted = {"drafted": Capacity.AUTHOR, "authored": Capacity.REVIEWER}.get(state(section), Capacity.APPROVER)
    return wanted if wanted in open_to else (open_to[0] if open_to else None)


def qualification_for(
    account: Account, section_key: str, meaning: Meaning, today: str, *, basis: str = ""
) -> Qualification | None:
    """Return the current qualification on which the right to sign rests, one whose basis begins like `basis`."""
    for held in account.qualifications:
        kind = held.section_kind in ("*", section_key)
        current = held.valid_from <= today <= held.valid_until
        if kind and held.meaning == meaning and current and held.basis.startswith(basis):
            return held
    return None


def own_view_missing(section: SectionRow, outline: SectionOutline, capacity: Capacity | None, account_id: str) -> bool:
    """Tell whether machine text is held back until this person records a view."""
    if not outline.own_view or capacity not in (Capacity.AUTHOR, Capacity.REVIEWER):
        return False
    return not any(v.account_id == account_id and v.capacity == capacity for v in section.own_views)


def open_question(section: SectionRow, sentence: SentenceRow, pack: EvidencePack) -> DecisionRow | None:
    """Return the reviewer's question or proposal that waits for the author."""
    made = standing(section, sentence.id, Capacity.REVIEWER, decided_hash(sentence.sentence, pack))
    if made is None or made.decision == "confirm" or answer_to(section, made.id) is not None:
        return None
    return made
