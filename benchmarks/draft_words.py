"""Faults of words in drafts by reference: a state, a denial, a sentence left out, a conclusion against the facts, and what is last year's."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.draft_plants import Maker, Plant, altered
from benchmarks.drafted import Drafted
from drafting.checks import carryover, engine
from drafting.checks.carryover import State
from drafting.checks.reuse import Before, Previous, Said, Then, parts
from drafting.evidence.kinds import LISTED, MANDATORY, TOPICS
from drafting.model import EvidencePack, Fact, Origin, Sentence, Severity
from drafting.previous import together
from drafting.render import known, printed, render, split_ref

CONCLUSIONS = (  # words, and the facts of which any that is not zero makes them false
    ("No OOS results were obtained.", "oos.recomputed oos.count"), ("All batches met specification.", "oos.recomputed oos.count"),
    ("None of the results was out of specification.", "oos.recomputed oos.count"), ("The results complied with the specification without exception.", "oos.recomputed oos.count"),
    ("Every batch conformed to its limits.", "oos.recomputed oos.count"), ("There were no complaints in the period.", "complaint.count"), ("The period was without complaints.", "complaint.count"),
    ("No deviations were opened.", "deviation.count"), ("No critical deviation occurred.", "deviation.class.critical"), ("No major deviations were raised.", "deviation.class.major"),
    ("All deviations have been closed.", "deviation.open_at_end"), ("There was no recurrence.", "deviation.recurring"), ("No CAPA was overdue.", "capa.overdue"),
    ("All CAPAs were completed by their due dates.", "capa.overdue"), ("No batch was rejected.", "census.rejected rejected.count"), ("All batches manufactured were released.", "census.rejected rejected.count census.pending census.terminated census.without_disposition"),
    ("No recall was necessary.", "recall.count"), ("No out-of-trend results were seen.", "oot.count"), ("None of the complaints was confirmed.", "complaint.confirmed.yes"),
    ("The process ran in a state of control.", "*.signals"), ("The process was statistically stable.", "*.signals"), ("No trend was observed.", "*.signals oot.count"),
)  # fmt: skip
WORDS = {  # of a state, and what a mistaken writer puts in its place
    "status": (("lay outside", "lay inside"), ("released", "rejected"), ("rejected", "released"), ("not confirmed", "confirmed"), ("not closed", "closed"), ("pending", "released"),
               ("failed the specification", "met the specification"), ("Past their due date", "Before their due date"), ("Recorded as not effective", "Recorded as effective"),
               ("Closed without an effectiveness", "Closed with an effectiveness"), ("major ", "minor "), ("critical ", "minor ")),
    "negation": (("lay outside", "did not lie outside"), ("was recorded as", "was not recorded as"), ("is recorded as", "is not recorded as"), ("is not valid", "is valid"),
                 ("occurred at", "did not occur at"), ("was detected at", "was not detected at"), ("were made", "were not made"), ("not closed", "closed"), ("not confirmed", "confirmed"),
                 ("failed the specification", "did not fail the specification"), ("Past their", "Not past their"), ("lack an OOS record", "do not lack an OOS record")),
}  # fmt: skip
OPENINGS, ENDINGS = (
    ("", "As in the year before: ", "In summary: "),
    ("", " This was reviewed.", " No further action was taken."),
)
Outcome = tuple[str, bool, bool]  # the text, whether it is wrong, whether it is blocked


def _words(kind: str) -> Maker:
    def make(rng: random.Random, draft: Drafted) -> Plant | None:
        places = [
            (n, m.start(), m.end(), new)
            for n, sentence in enumerate(draft.sentences)
            for old, new in WORDS[kind]
            for m in re.finditer(rf"(?<!is ){re.escape(old)}", sentence.text)
            if not any(s.start <= m.start() < s.end for s in sentence.spans)
        ]
        if not places:
            return None
        number, start, end, new = rng.choice(places)
        return replace(altered(draft, number, start, end, new), start=0, end=10_000)

    return make


def _omission(rng: random.Random, draft: Drafted) -> Plant | None:
    """Leave out a sentence that is the only one to name a mandatory record or a required figure."""
    needed = {f"fact:{name.rstrip('+')}" for name, _ in TOPICS.get(draft.outline.key, ()) if not name.endswith("+")}
    rules = MANDATORY.get(draft.outline.key, ())
    keys = {k for k, r in draft.pack.records.items() for rule in rules if r.kind == rule.kind and rule.needs(r.fields)}
    keys |= {
        ref.removeprefix("record:")
        for table, _ in LISTED.get(draft.outline.key, ())
        for t in draft.pack.tables
        if t.id == table
        for ref in t.refs
    }
    names = Counter(name for sentence in draft.sentences for name in {_subject(s.ref) for s in sentence.spans})
    able = [
        n
        for n, sentence in enumerate(draft.sentences)
        if any(_subject(s.ref) in needed | keys and names[_subject(s.ref)] == 1 for s in sentence.spans)
    ]
    return Plant(draft, rng.choice(able), None) if able else None


def _subject(ref: str) -> str:
    kind, key, _ = split_ref(ref)
    return ref if kind == "fact" else key


def _against(pack: EvidencePack, names: Sequence[str]) -> list[Fact]:
    return [f for name in names for f in pack.facts.values() if f.id == name or (name[0] == "*" and f.id.endswith(name[1:]))]


def concluded(rng: random.Random, drafts: Sequence[Drafted], count: int) -> list[Outcome]:
    """Add a conclusion to a section: a false one must be blocked, a true one must not."""
    able = [
        (d, text, facts) for d in drafts for text, against in CONCLUSIONS if (facts := _against(d.pack, against.split()))
    ]
    found = []
    for draft, text, facts in rng.choices(able, k=count):
        told = engine.check_sentence(Sentence(text), draft.pack, origin=Origin.PERSON)
        blocked = any(f.rule == "conclusions" and f.severity is Severity.BLOCKS for f in told)
        found.append((text, any(f.exact != "0" for f in facts), blocked))
    return found


def carried(rng: random.Random, pairs: Sequence[tuple[list[Drafted], list[Drafted]]], count: int) -> list[Outcome]:
    """Paste a sentence of last year's review into this year's as a person does, without references: a stale one must be blocked."""
    held = [(then, _before(then, now)) for then, now in pairs]
    found: list[Outcome] = []
    while len(found) < count:
        then, before = rng.choice(held)
        draft = rng.choice(then)
        said = rng.choice(draft.sentences)
        if not said.spans or not re.search(r"\d", said.text):
            continue
        now, refs = before.evidence, [s.ref for s in said.spans]
        changed = [r for r in refs if known(r, now) and printed(r, now) != printed(r, draft.pack)]
        gone = [r for r in refs if not known(r, now)]
        if gone and all(r.startswith("fact:") for r in gone):  # what is no longer computed leaves open whether it holds
            continue
        fresh = bool(changed) and not gone and said.template != "" and rng.random() < 1 / 2
        text = rng.choice(OPENINGS) + (render(said.template, now).text if fresh else said.text) + rng.choice(ENDINGS)
        stale = bool(changed or gone) and not fresh
        judged = [carryover.judge(part, before.previous, now, draft.outline.key) for _, part in parts(Sentence(text))]
        found.append((text, stale, any(one is not None and one.state is State.STALE for one in judged)))
    return found


def _before(then: Sequence[Drafted], now: Sequence[Drafted]) -> Before:
    evidence = [d.pack for d in then]
    facts = {name: Then(fact.printed, pack.section) for pack in evidence for name, fact in pack.facts.items()}
    said = tuple(Said(s.text, d.outline.title, d.outline.key, s.spans) for d in then for s in d.sentences)
    start, end = (facts[f"report.period_{name}"].printed for name in ("from", "to"))
    product = facts["report.product"].printed
    previous = Previous(
        f"{product} {start}",
        "last year's review",
        "Review",
        start,
        end,
        said=said,
        facts=facts,
        records=together(evidence).records,
    )
    return Before(previous, together([d.pack for d in now]))


OF_WORDS: dict[str, Maker] = {"status": _words("status"), "negation": _words("negation"), "omission": _omission}
