"""The life cycle of a section, derived from what was decided and signed. Pure.

A decision stands while text, references and cited evidence are what they were; a signature is valid while the section reads as it
did and nobody returned it since. Nothing here stores a state: it follows from the rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum

from audit.canonical import canonical, digest
from audit.identity import Account, Qualification, Role
from audit.signatures import Meaning
from drafting.model import Evidence, EvidencePack, Fact, Finding, Quote, Sentence, Severity, Table
from drafting.readmodel import Missing
from drafting.render import split_ref
from drafting.store import DecisionRow, ReportRow, SectionRow, SentenceRow, SignedItem
from prompts.outline import SectionOutline, Tier

LOW_ROWS, LEAST, MOST_ROWS, FIFTH = 5, 3, 10, 5


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
STATES = {Capacity.AUTHOR: "authored", Capacity.REVIEWER: "reviewed", Capacity.APPROVER: "approved"}
DECIDING = {
    Capacity.AUTHOR: frozenset({"accept", "edit", "reject", "add"}),
    Capacity.REVIEWER: frozenset({"confirm", "question", "propose"}),
    Capacity.APPROVER: frozenset[str](),
}


def evidence_hash(sentence: Sentence, pack: EvidencePack) -> str:
    """Return the hash of the evidence that a sentence cites, as it stands in the pack."""
    tree = {}
    for ref in sorted({*sentence.cites, *(span.ref for span in sentence.spans)}):
        kind, key, _ = split_ref(ref)
        held: Mapping[str, Fact | Evidence | Quote] = pack.records
        if kind == "fact":
            held = pack.facts
        elif kind == "passage":
            held = pack.passages
        tree[ref] = digest(canonical(asdict(held[key]))) if key in held else ""
    return digest(canonical(tree))


def decided_hash(sentence: Sentence, pack: EvidencePack) -> str:
    """Return the hash a decision carries: text, references, cited evidence."""
    spans = [[s.start, s.end, s.ref] for s in sentence.spans]
    return digest(canonical({"text": sentence.text, "spans": spans, "evidence": evidence_hash(sentence, pack)}))


def table_hash(table: Table) -> str:
    """Return the hash of a table as a person confirms it."""
    return digest(
        canonical({"columns": list(table.columns), "rows": [list(r) for r in table.rows], "refs": list(table.refs)})
    )


def undone(section: SectionRow) -> frozenset[str]:
    """Return the ids of decisions that were undone."""
    return frozenset(d.undoes or "" for d in section.decisions if d.decision == "undo")


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
    """Tell whether a person's sentence was added and the addition undone."""
    return sentence.origin == "person" and not last_author_decision(section, sentence)


def current(section: SectionRow) -> list[SentenceRow]:
    """Return the sentences that the section says: neither rejected nor withdrawn."""
    return [s for s in section.sentences if last_author_decision(section, s) != "reject" and not is_withdrawn(section, s)]


def canonical_hash(section: SectionRow) -> str:
    """Return the hash of the section as it reads: sentences, fields, evidence (which holds the tables)."""
    tree = {
        "section": section.id,
        "sentences": [[s.id, s.version, s.hash] for s in current(section)],
        "fields": {f.key: f.value for f in section.fields},
        "pack": section.pack_hash,
    }
    return digest(canonical(tree))


def decisions_hash(section: SectionRow) -> str:
    """Return the hash over every decision that was not undone."""
    gone = undone(section)
    listed = [[d.id, d.subject, d.decision, d.hash, d.user_id] for d in section.decisions if d.id not in gone]
    return digest(canonical(listed))


def is_valid(section: SectionRow, signed: SignedItem) -> bool:
    """Tell whether a signature still holds: same text, same evidence, not returned since."""
    same = signed.text_hash == canonical_hash(section) and signed.evidence_hash == section.pack_hash
    return same and not any(d.decision == "return" and d.at >= signed.at for d in section.decisions)


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
    changing = {"edit", "add", "reject", "return", "undo", "accept"}
    acts = [(d.at, d.decision, d.user_id) for d in section.decisions if d.at >= signed.at and d.decision in changing]
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
    """Return drafting, authored, in review, approved or superseded."""
    states = [state(s) for s in report.sections]
    if "superseded" in report.events:
        return "superseded"
    if states and all(s == "approved" for s in states):
        return "approved"
    if "submitted" in report.events:
        return "in review"
    return "authored" if states and all(s != "drafted" for s in states) else "drafting"


def people(section: SectionRow, capacity: Capacity) -> frozenset[str]:
    """Return the account ids of everybody who acted on a section in a capacity."""
    found = {d.account_id for d in section.decisions if d.capacity == capacity}
    found |= {s.account_id for s in section.signatures if s.meaning == MEANING_OF[capacity]}
    found |= {v.account_id for v in section.own_views if v.capacity == capacity}
    if capacity is Capacity.AUTHOR:
        found |= {f.account_id for f in section.field_history}
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


def qualification_for(account: Account, section_key: str, meaning: Meaning, today: str) -> Qualification | None:
    """Return the current qualification on which the right to sign rests."""
    for held in account.qualifications:
        kind = held.section_kind in ("*", section_key)
        if kind and held.meaning == meaning and held.valid_from <= today <= held.valid_until:
            return held
    return None


def own_view_missing(section: SectionRow, outline: SectionOutline, capacity: Capacity | None, account_id: str) -> bool:
    """Tell whether machine text is held back until this person records a view."""
    if not outline.own_view or capacity not in (Capacity.AUTHOR, Capacity.REVIEWER):
        return False
    return not any(v.account_id == account_id and v.capacity == capacity for v in section.own_views)


def sampled(section_id: str, capacity: str, items: Collection[str], number: int) -> tuple[str, ...]:
    """Choose items by the hash of section, capacity and item: the same ones at every look."""
    ranked = sorted(dict.fromkeys(items), key=lambda item: digest(f"{section_id}|{capacity}|{item}"))
    return tuple(ranked[:number])


def sampled_rows(section_id: str, capacity: str, table: Table, tier: Tier) -> tuple[str, ...]:
    """Return the references of the rows that must be opened before a table is confirmed."""
    refs = [ref for ref in dict.fromkeys(table.refs) if ref]
    share = min(MOST_ROWS, max(LEAST, -(-len(refs) // FIFTH)))
    return sampled(section_id, capacity, refs, LOW_ROWS if tier is Tier.LOW else share)


def confirms_tables(section: SectionRow) -> bool:
    """Tell whether tables are confirmed as a whole: there is no machine prose to decide."""
    return not any(s.origin != "person" for s in section.sentences)


def demanded_sentences(
    section: SectionRow, capacity: Capacity, tier: Tier, flagged: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the sentences whose evidence must be opened: by the tier, and flagged ones always."""
    citing = [s.id for s in current(section) if s.sentence.cites]
    if tier is Tier.HIGH:
        return tuple(citing)
    share = max(LEAST, -(-len(citing) // FIFTH)) if tier is Tier.MEDIUM else 0
    chosen = set(sampled(section.id, capacity, citing, share)) | set(flagged)
    return tuple(s for s in citing if s in chosen)


def opened(section: SectionRow, account_id: str, capacity: Capacity, subject: str) -> frozenset[str]:
    """Return the references that a person opened for a subject in a capacity."""
    return frozenset(
        o.ref for o in section.openings if (o.account_id, o.capacity, o.subject) == (account_id, str(capacity), subject)
    )


def is_demanded(
    section: SectionRow, pack: EvidencePack, outline: SectionOutline, capacity: Capacity, *,
    account_id: str, subject: str, ref: str, flagged: Collection[str] = (),
) -> bool:  # fmt: skip
    """Tell whether opening a reference fulfils a demand that was not fulfilled before."""
    before = opened(section, account_id, capacity, subject)
    if subject.startswith("table:"):
        table = next((t for t in pack.tables if f"table:{t.id}" == subject), None)
        wanted = table is not None and (confirms_tables(section) or outline.tier is Tier.LOW)
        rows = sampled_rows(section.id, capacity, table, outline.tier) if table is not None and wanted else ()
        return ref in rows and ref not in before
    sentence = next((s for s in current(section) if s.id == subject), None)
    if sentence is None or subject not in demanded_sentences(section, capacity, outline.tier, flagged):
        return False
    cited = set(sentence.sentence.cites)
    return ref in cited and not cited & before


def signable(
    section: SectionRow, pack: EvidencePack, outline: SectionOutline, capacity: Capacity, *,
    account_id: str, findings: Sequence[Finding], stale: str = "", submitted: bool = False,
    unaccounted: Mapping[str, int] | None = None,
) -> tuple[Missing, ...]:  # fmt: skip
    """Return everything that keeps a person from signing the section in a capacity; empty where nothing does."""
    found: list[Missing] = []
    if stale:
        found.append(Missing(f"The evidence changed since the draft: {stale}", "stale"))
    if own_view_missing(section, outline, capacity, account_id):
        found.append(Missing("Record your own view before the draft is shown.", "own_view"))
    found += [Missing(f"Blocking: {f.message}", f.sentence) for f in findings if f.severity is Severity.BLOCKS]
    if capacity is Capacity.APPROVER:
        if signed_as(section, Capacity.REVIEWER) is None:
            found.append(Missing("The review is not signed.", "signatures"))
        for kind, number in (unaccounted or {}).items():
            found.append(Missing(f"{number} {kind.replace('_', ' ')} record(s) unaccounted for.", "completeness"))
        return tuple(found)
    if capacity is Capacity.REVIEWER:
        if signed_as(section, Capacity.AUTHOR) is None:
            found.append(Missing("Authorship is not signed.", "signatures"))
        if not submitted:
            found.append(Missing("The report was not submitted for review.", "report"))
    flagged = {f.sentence for f in findings if f.sentence}
    found += _undecided(section, pack, capacity)
    found += _fields(section, outline)
    found += _empty(section)
    found += _openings(section, pack, outline, capacity, account_id, flagged)
    found += _tables(section, pack, capacity)
    found += _questions(section, pack)
    return tuple(found)


def _undecided(section: SectionRow, pack: EvidencePack, capacity: Capacity) -> list[Missing]:
    found = []
    for number, sentence in enumerate(current(section), start=1):
        made = standing(section, sentence.id, capacity, decided_hash(sentence.sentence, pack))
        if made is None:
            found.append(Missing(f"Sentence {number} is not decided.", sentence.id))
        elif capacity is Capacity.REVIEWER and made.decision != "confirm":
            found.append(Missing(f"Sentence {number} is not confirmed.", sentence.id))
    return found


def _fields(section: SectionRow, outline: SectionOutline) -> list[Missing]:
    filled = {f.key for f in section.fields if f.value.strip()}
    return [Missing(f"Fill in: {f.label}", f"field:{f.key}") for f in outline.fields if f.required and f.key not in filled]


def _empty(section: SectionRow) -> list[Missing]:
    if section.outcome in ("refused", "insufficient") and not current(section):
        return [Missing("There is no draft: write at least one sentence.", "add")]
    return []


def _openings(
    section: SectionRow, pack: EvidencePack, outline: SectionOutline, capacity: Capacity, account_id: str, flagged: set[str]
) -> list[Missing]:
    found = []
    by_id = {s.id: s for s in section.sentences}
    for number, subject in enumerate(demanded_sentences(section, capacity, outline.tier, flagged), start=1):
        if not opened(section, account_id, capacity, subject) & set(by_id[subject].sentence.cites):
            text = by_id[subject].sentence.text
            found.append(Missing(f"Open the evidence of sentence: {text[:50]} ({number})", subject))
    if confirms_tables(section) or outline.tier is Tier.LOW:
        for table in pack.tables:
            done = opened(section, account_id, capacity, f"table:{table.id}")
            rows = sampled_rows(section.id, capacity, table, outline.tier)
            found += [
                Missing(f"Open the source of {r} in {table.title}.", f"table:{table.id}") for r in rows if r not in done
            ]
    return found


def _tables(section: SectionRow, pack: EvidencePack, capacity: Capacity) -> list[Missing]:
    if not confirms_tables(section):
        return []
    return [
        Missing(f"Confirm the table {table.title}.", f"table:{table.id}")
        for table in pack.tables
        if standing(section, f"table:{table.id}", capacity, table_hash(table)) is None
    ]


def open_question(section: SectionRow, sentence: SentenceRow, pack: EvidencePack) -> DecisionRow | None:
    """Return the reviewer's question or proposal that waits for the author."""
    made = standing(section, sentence.id, Capacity.REVIEWER, decided_hash(sentence.sentence, pack))
    if made is None or made.decision == "confirm" or answer_to(section, made.id) is not None:
        return None
    return made


def _questions(section: SectionRow, pack: EvidencePack) -> list[Missing]:
    found = []
    for sentence in current(section):
        made = open_question(section, sentence, pack)
        if made is not None:
            what = "question" if made.decision == "question" else "proposal"
            found.append(Missing(f"A {what} of the reviewer is open: {made.reason}", sentence.id))
    return found
