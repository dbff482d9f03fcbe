"""What a section demands before it is signed: sources opened by its risk tier, sentences decided, tables confirmed, fields filled. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from audit.canonical import digest
from drafting import lifecycle
from drafting.added import whole
from drafting.lifecycle import Capacity
from drafting.model import Evidence, EvidencePack, Fact, Finding, Sentence, Severity, Table
from drafting.panel import citation
from drafting.readmodel import Missing
from drafting.render import ADDED, held, split_ref
from drafting.report_rows import SectionRow
from prompts.outline import SectionOutline, Tier

LOW_ROWS, LEAST, MOST_ROWS, FIFTH = 5, 3, 10, 5
MOST_SOURCES = 3  # of one sentence: a report must stay signable


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
    return not any(s.origin != "person" and not lifecycle.is_withdrawn(section, s) for s in section.sentences)


def subjects(section: SectionRow, pack: EvidencePack) -> tuple[str, ...]:
    """Return what a reviewer decides in a section: its sentences, and its tables where these are confirmed as a whole."""
    tables = [f"table:{table.id}" for table in pack.tables] if confirms_tables(section) else []
    return (*(s.id for s in lifecycle.current(section)), *tables)


def demanded_sentences(
    section: SectionRow, capacity: Capacity, tier: Tier, flagged: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the sentences whose evidence must be opened: by the tier, and flagged ones always."""
    citing = [s.id for s in lifecycle.current(section) if s.sentence.cites]
    if tier is Tier.HIGH:
        return tuple(citing)
    share = max(LEAST, -(-len(citing) // FIFTH)) if tier is Tier.MEDIUM else 0
    chosen = set(sampled(section.id, capacity, citing, share)) | set(flagged)
    return tuple(s for s in citing if s in chosen)


def demanded_sources(
    section: SectionRow, capacity: Capacity, sentence: Sentence, pack: EvidencePack, tier: Tier
) -> tuple[tuple[str, ...], ...]:
    """Return the sources of a sentence that must be opened, each as the references of which one opens it.

    In a section of high risk they are the things that it cites: each record, each passage, figures that were computed from one set of
    values as one; at most three of them, sampled. Elsewhere any citation will do. What a person added stands in no record, so each of
    it is opened, whatever the tier.
    """
    cites = [ref for ref in sentence.cites if not ref.endswith(".attribute")] or list(sentence.cites)  # a name needs none
    added = tuple((ref,) for ref in cites if ref.startswith(ADDED))
    things: dict[str, list[str]] = {}
    for ref in (ref for ref in cites if not ref.startswith(ADDED)):
        things.setdefault(_thing(ref, pack) if tier is Tier.HIGH else "", []).append(ref)
    chosen = sampled(section.id, capacity, things, MOST_SOURCES)
    return (*(tuple(refs) for thing, refs in things.items() if thing in chosen), *added)


def _thing(ref: str, pack: EvidencePack) -> str:
    """Return what a reference is part of: a record, a passage, or the values that a figure was computed from."""
    found = held(ref, pack)
    if not isinstance(found, Fact):
        return whole(ref)
    if found.inputs.get("columns"):
        return f"fact:{found.id.rpartition('.')[0] if found.inputs.get('hash') else found.id}"
    return f"fact:{found.id.partition('.')[0]}"


def unopened(sources: Iterable[tuple[str, ...]], done: Collection[str]) -> list[tuple[str, ...]]:
    """Return the sources of which nothing was opened."""
    return [refs for refs in sources if not any(ref in done for ref in refs)]


def opened(section: SectionRow, account_id: str, capacity: Capacity, subject: str) -> frozenset[str]:
    """Return the references that a person opened for a subject in a capacity, since the machine last drafted it, on the section as it reads."""
    row = next((s for s in section.sentences if s.id == subject), None)
    since = row.drafted.at if row is not None and row.drafted is not None else ""
    mine = (account_id, str(capacity), subject)
    held = [o for o in section.openings if (o.account_id, o.capacity, o.subject) == mine and o.at >= since]
    return frozenset(o.ref for o in held if not o.checked)


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
    sentence = next((s for s in lifecycle.current(section) if s.id == subject), None)
    if sentence is None or subject not in demanded_sentences(section, capacity, outline.tier, flagged):
        return False
    sources = demanded_sources(section, capacity, sentence.sentence, pack, outline.tier)
    return any(ref in refs for refs in unopened(sources, before))


def signable(
    section: SectionRow, pack: EvidencePack, outline: SectionOutline, capacity: Capacity, *,
    account_id: str, findings: Sequence[Finding], stale: str = "", submitted: bool = False,
    unaccounted: Mapping[str, int] | None = None,
) -> tuple[Missing, ...]:  # fmt: skip
    """Return everything that keeps a person from signing the section in a capacity; empty where nothing does."""
    found: list[Missing] = []
    if stale:
        found.append(Missing(f"The evidence changed since the draft: {stale}", "stale"))
    if lifecycle.own_view_missing(section, outline, capacity, account_id):
        found.append(Missing("Record your own view before the draft is shown.", "own_view"))
    found += [Missing(f"Blocking: {f.message}", f.sentence) for f in findings if f.severity is Severity.BLOCKS]
    if capacity is Capacity.APPROVER:
        if lifecycle.signed_as(section, Capacity.REVIEWER) is None:
            found.append(Missing("The review is not signed.", "signatures"))
        for kind, number in (unaccounted or {}).items():
            found.append(Missing(f"{number} {kind.replace('_', ' ')} record(s) unaccounted for.", "completeness"))
        return tuple(found)
    if capacity is Capacity.REVIEWER:
        if lifecycle.signed_as(section, Capacity.AUTHOR) is None:
            found.append(Missing("Authorship is not signed.", "signatures"))
        if not submitted:
            found.append(Missing("The report was not submitted for review.", "report"))
    flagged = {f.sentence for f in findings if f.sentence}
    found += _undecided(section, pack, capacity)
    found += _fields(section, outline, capacity)
    found += _empty(section)
    found += _openings(section, pack, outline, capacity, account_id, flagged)
    found += _tables(section, pack, capacity)
    found += _questions(section, pack)
    return tuple(found)


def _undecided(section: SectionRow, pack: EvidencePack, capacity: Capacity) -> list[Missing]:
    found = []
    for sentence in lifecycle.current(section):
        number = lifecycle.number_of(section, sentence)
        made = lifecycle.standing(section, sentence.id, capacity, lifecycle.decided_hash(sentence.sentence, pack))
        if made is None:
            found.append(Missing(f"Sentence {number} is not decided.", sentence.id))
        elif capacity is Capacity.REVIEWER and made.decision != "confirm":
            found.append(Missing(f"Sentence {number} is not confirmed.", sentence.id))
    return found


def _fields(section: SectionRow, outline: SectionOutline, capacity: Capacity) -> list[Missing]:
    what = "Fill in" if capacity is Capacity.AUTHOR else "The author left open"
    filled = {f.key for f in section.fields if f.value.strip()}
    return [Missing(f"{what}: {f.label}", f"field:{f.key}") for f in outline.fields if f.required and f.key not in filled]


def _empty(section: SectionRow) -> list[Missing]:
    if section.outcome in ("refused", "failed", "insufficient") and not lifecycle.current(section):
        return [Missing("There is no draft: write at least one sentence.", "add")]
    return []


def _openings(
    section: SectionRow, pack: EvidencePack, outline: SectionOutline, capacity: Capacity, account_id: str, flagged: set[str]
) -> list[Missing]:
    found = []
    reading = lifecycle.current(section)
    wanted = set(demanded_sentences(section, capacity, outline.tier, flagged))
    for sentence in reading:
        number = lifecycle.number_of(section, sentence)
        if sentence.id in wanted:
            sources = demanded_sources(section, capacity, sentence.sentence, pack, outline.tier)
            left = unopened(sources, opened(section, account_id, capacity, sentence.id))
            found += [
                Missing(f"Open the evidence of sentence {number}: {_named(refs[0], pack)}.", sentence.id, refs[0])
                for refs in left
            ]
    if confirms_tables(section) or outline.tier is Tier.LOW:
        for table in pack.tables:
            done = opened(section, account_id, capacity, f"table:{table.id}")
            rows = sampled_rows(section.id, capacity, table, outline.tier)
            found += [
                Missing(f"Open the source of {_said(r)} in {table.title}.", f"table:{table.id}", r)
                for r in rows
                if r not in done
            ]
    return found


def _tables(section: SectionRow, pack: EvidencePack, capacity: Capacity) -> list[Missing]:
    if not confirms_tables(section):
        return []
    return [
        Missing(f"Confirm the table {table.title}.", f"table:{table.id}")
        for table in pack.tables
        if lifecycle.standing(section, f"table:{table.id}", capacity, lifecycle.table_hash(table)) is None
    ]


def _questions(section: SectionRow, pack: EvidencePack) -> list[Missing]:
    found = []
    for sentence in lifecycle.current(section):
        made = lifecycle.open_question(section, sentence, pack)
        if made is not None:
            what = "question" if made.decision == "question" else "proposal"
            found.append(Missing(f"A {what} of the reviewer is open: {made.reason}", sentence.id))
    return found


def _named(ref: str, pack: EvidencePack) -> str:
    """Return a source as people know it: a record by its identifier, anything else as it is cited."""
    found = held(ref, pack)
    return found.identifier if isinstance(found, Evidence) else citation(ref, pack).label


def _said(ref: str) -> str:
    """Return a reference as people read it."""
    kind, _, identifier = split_ref(ref)[1].partition("/")
    return f"{kind.replace('_', ' ')} {identifier}".strip()
