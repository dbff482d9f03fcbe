"""Carry-over: what stands in this report as the previous one had it, and no longer holds. Pure.

A reused sentence is judged figure by figure: one that a reference prints holds; one that had a reference last year is held against what that
reference prints now; any other against the facts that its words mean. What was reused and still holds is listed, not told. What cannot be
judged from the evidence is told once a section, and only of text that a person wrote.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from drafting.checks.alignment import realign
from drafting.checks.atoms import Kind
from drafting.checks.carried_claims import CARRIED
from drafting.checks.conclusions import check as concluded
from drafting.checks.findings import Shown, covered
from drafting.checks.followed import RULE, unaddressed
from drafting.checks.meant import equals, facts_meant, name_of, same_of_named
from drafting.checks.qualified import is_qualified
from drafting.checks.quantities import quantities
from drafting.checks.references import SUPPORTING_WORDS
from drafting.checks.reuse import Before, Previous, Said, Then, fact_of, parts, then_of
from drafting.checks.tokens import Found, Token, enumerate_tokens
from drafting.model import Evidence, EvidencePack, Fact, Finding, Origin, Sentence, Severity, Span
from drafting.render import known, printed, split_ref

ACTIONS = "previous_actions"


class State(StrEnum):
    """What became of a sentence of the previous report that stands in this one."""

    STALE = "no longer holds"
    OPEN = "not shown by the evidence"
    UPDATED = "brought up to date"
    HOLDS = "still true"


@dataclass(frozen=True)
class Fault:
    """Something carried over that no longer holds: its place, why, and the evidence that contradicts it."""

    start: int
    end: int
    why: str
    evidence: str = ""


@dataclass(frozen=True)
class Reused:
    """A sentence with what it repeats; `said` is None where only a figure is last year's."""

    said: Said | None
    state: State
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=8192)  # pure, and asked for at every run of a screen
def judge(sentence: Sentence, previous: Previous, pack: EvidencePack, section: str = "") -> Reused | None:
    """Judge a sentence of a section against the previous report; None where it repeats nothing of it."""
    loose = _loose(sentence, pack)
    said = previous.closest(sentence.text, section)
    if said is None:
        telling = [t for t in loose if len(t.text.strip()) > 1]  # in new words one digit is last year's by chance
        faults = tuple(f for token in telling if (f := _last_years(sentence.text, token, previous, pack)))
        return Reused(None, State.STALE, faults) if faults else None
    faults_found: list[Fault] = []
    left = 0
    before = realign(Sentence(said.text, said.spans), sentence.text, pack).spans
    old = {token.text for token in enumerate_tokens(said.text)}
    for token in loose:
        span = next((s for s in before if s.start <= token.start and token.end <= s.end), None)
        if span is None and token.text not in old:
            fault = _last_years(sentence.text, token, previous, pack)
            faults_found += [fault] if fault else []
            continue
        if span:
            held = _by_reference(sentence.text, span, pack)
        elif said.row:
            held = _by_row(sentence.text, token, said, previous, pack)
        else:
            held = _by_words(sentence.text, token, previous, pack)
        if isinstance(held, Fault):
            faults_found.append(held)
        left += held is None
    claims, claimed = ([], False) if said.row else _claims(sentence, pack)
    faults = tuple(dict.fromkeys([*faults_found, *claims]))
    if faults:
        return Reused(said, State.STALE, faults)
    if sentence.text.strip() != said.text.strip():
        return Reused(said, State.OPEN if left else State.UPDATED)
    return Reused(said, State.OPEN if left or not (claimed or _figures(sentence)) else State.HOLDS)


def _figures(sentence: Sentence) -> list[Found]:
    found = enumerate_tokens(sentence.text)
    return [t for t in found if not (t.kind is Token.WORD and t.text.lower() in SUPPORTING_WORDS)]


def _loose(sentence: Sentence, pack: EvidencePack) -> list[Found]:
    """Return the figures and identifiers that no reference prints."""
    tied = [s for s in sentence.spans if known(s.ref, pack) and sentence.text[s.start : s.end] == printed(s.ref, pack)]
    return [t for t in _figures(sentence) if not any(s.start <= t.start and t.end <= s.end for s in tied)]


def _by_reference(text: str, span: Span, pack: EvidencePack) -> Fault | bool | None:
    """Hold a figure that had a reference against what the same reference prints now; None where it prints nothing."""
    shown = text[span.start : span.end]
    kind, key, _ = split_ref(span.ref)
    if not known(span.ref, pack):
        if kind == "fact":
            return None
        if kind == "cell" and _is_of_named(text, shown, pack):
            return True
        return Fault(span.start, span.end, f"'{shown}' is of {key}, which is not in this report's evidence")
    item = _item(text, span.start)
    if kind == "cell" and key.partition("/")[2] not in item and _is_of_named(item, shown, pack):
        return True
    told = [f"fact:{fact.id}" for fact in same_of_named(key, item, pack)] if kind == "fact" else []
    meant = [span.ref] if span.ref in told or not told else told
    ref, now = meant[0], [printed(ref, pack) for ref in meant]
    return shown in now or Fault(span.start, span.end, f"'{shown}' was {_called(ref, pack)}; now it is {now[0]}", ref)


def _item(text: str, at: int) -> str:
    """Return the item of a list in which a figure stands; the whole text where it is no list."""
    return text[text.rfind(";", 0, at) + 1 :].partition(";")[0]


def _called(ref: str, pack: EvidencePack) -> str:
    kind, key, name = split_ref(ref)
    return name_of(pack.facts[key], pack) if kind == "fact" else f"{key.partition('/')[2]} {name.replace('_', ' ')}".strip()


def _is_of_named(text: str, shown: str, pack: EvidencePack) -> bool:
    """Tell whether a record that the text names has a cell that reads so."""
    named = [r for t in enumerate_tokens(text) if t.kind is Token.IDENTIFIER for r in _names(pack).get(t.text, ())]
    cells = ((r, f"cell:{r.kind}/{r.identifier}#{name}") for r in named for name in r.fields)
    return any(known(ref, pack) and printed(ref, pack) == shown for _, ref in cells)


def _by_words(text: str, token: Found, previous: Previous, pack: EvidencePack) -> Fault | bool | None:
    """Hold a figure against what its words mean; None where they leave it open."""
    if token.kind is Token.IDENTIFIER:
        return _identifier(token, previous, pack)
    if token.kind in (Token.DATE, Token.TIME):
        return _date(token, previous, pack)
    meant = facts_meant(text, token.start, token.end, pack)
    if not meant:
        return None
    if any(equals(token.text, fact) for fact in meant):
        return True
    was = [fact for fact in meant if _was(token.text, then_of(fact, previous, pack))]
    return _stands_for(token, (was or meant)[0], pack)


def _stands_for(token: Found, fact: Fact, pack: EvidencePack) -> Fault:
    why = f"'{token.text}' stands for {name_of(fact, pack)}, which is {fact.printed} now"
    return Fault(token.start, token.end, why, f"fact:{fact.id}")


def _was(text: str, then: Then | None) -> bool:
    return then is not None and _value(then.printed) is not None and _value(then.printed) == _value(text)


def _by_row(text: str, token: Found, said: Said, previous: Previous, pack: EvidencePack) -> Fault | bool | None:
    """Hold a figure of a row against the statistic of its column, or against the record that the row begins with."""
    first = text.partition("|")[0].strip()
    of_row = [f for f in pack.facts.values() if (then := then_of(f, previous, pack)) and then.place == said.place]
    meant = [f for f in of_row if _was(token.text, then_of(f, previous, pack))]
    if meant:
        return any(equals(token.text, fact) for fact in meant) or _stands_for(token, meant[0], pack)
    records = _names(pack).get(first, ())
    if token.start < text.find("|") or not records:
        return _identifier(token, previous, pack) if token.text == first else None
    return True if any(token.text in (value or "") for r in records for value in r.fields.values()) else None


def _identifier(token: Found, previous: Previous, pack: EvidencePack) -> Fault | bool | None:
    if token.text == previous.number:
        return True
    names = _names(pack)
    records = names.get(token.text, ())
    ended = [r for r in records if "effective_until" in r.fields]
    start = fact_of(pack, "report.period_from")
    if ended and start and all((r.fields["effective_until"] or "9999") < start for r in ended):
        until = ended[0].fields["effective_until"]
        return Fault(
            token.start,
            token.end,
            f"'{token.text}' was in force until {until}",
            f"cell:{ended[0].kind}/{ended[0].identifier}#effective_until",
        )
    if records:
        return True
    family = token.text.rpartition("-")[0].partition("-")[0]
    of_kind = {name.partition("-")[0] for name in names if "-" in name}
    if family in of_kind or (token.text.isdigit() and "batch" in {r.kind for r in pack.records.values()}):
        return Fault(token.start, token.end, f"'{token.text}' is no record of this report's period")
    return None


@lru_cache(maxsize=64)
def _names(pack: EvidencePack) -> dict[str, tuple[Evidence, ...]]:
    """Return the records by what they are called: their identifier, or the number that several rows of one kind share."""
    found: dict[str, list[Evidence]] = {}
    for record in pack.records.values():
        own = {record.identifier} | {record.fields.get(f"{record.kind.partition('_')[0]}_id"), record.fields.get("study_id")}
        for name in filter(None, own):
            found.setdefault(name, []).append(record)
    return {name: tuple(records) for name, records in found.items()}


def _date(token: Found, previous: Previous, pack: EvidencePack) -> Fault | bool | None:
    read = [q.iso for q in quantities(token.text) if q.kind is Kind.DATE and q.iso]
    if len(read) != 1:
        return None
    if read[0] in _written(pack):
        return True
    start, end, now = previous.period_from, previous.period_to, fact_of(pack, "report.period_from")
    length = len(read[0])
    if start and now and start[:length] <= read[0] <= end[:length] and read[0] < now[:length]:
        return Fault(
            token.start,
            token.end,
            f"'{token.text}' is a date of the previous period, and of no record of this one",
            "fact:report.period_from",
        )
    return None


@lru_cache(maxsize=64)
def _written(pack: EvidencePack) -> frozenset[str]:
    return frozenset(value for record in pack.records.values() for value in record.fields.values() if value)


def _claims(sentence: Sentence, pack: EvidencePack) -> tuple[list[Fault], bool]:
    """Return the statements that the evidence contradicts, and whether there is any that it could."""
    faults = [Fault(f.start, f.end, f.message, f.evidence) for f in concluded(sentence, pack)]
    claimed = False
    for claim in CARRIED:
        for match in claim.says.finditer(sentence.text):
            if covered(sentence, match.start(), match.end()) or is_qualified(sentence.text, match.start(), match.end()):
                continue
            claimed = True
            found = next(claim.against(pack, match, sentence.text), None)
            if found is not None and found[1] not in {f.evidence for f in faults}:
                faults.append(Fault(match.start(), match.end(), f"'{match[0]}' is contradicted: {found[0]}", found[1]))
    return faults, claimed


def _last_years(text: str, token: Found, previous: Previous, pack: EvidencePack) -> Fault | None:
    """Return a fault where a figure of a sentence in new words is last year's, and this year's is another."""
    if token.kind is not Token.NUMBER:
        return None
    meant = facts_meant(text, token.start, token.end, pack)
    if not meant or any(equals(token.text, fact) for fact in meant):
        return None
    for fact in meant:
        then = then_of(fact, previous, pack)
        if then is not None and _was(token.text, then):
            why = f"'{token.text}' is {name_of(fact, pack)} of {previous.number} ({then.place}); now it is {fact.printed}"
            return Fault(token.start, token.end, why, f"fact:{fact.id}")
    return None


def _value(text: str) -> object:
    found = [q.value for q in quantities(text)]
    return found[0] if len(found) == 1 else None


def check(shown: Shown, before: Before) -> Iterator[Finding]:
    """Yield the findings on a section: on its sentences, on the fields that people filled, and on last year's recommendations."""
    left: list[str] = []
    for sentence_id, sentence, origin in shown.sentences:
        for at, part in parts(sentence):
            reused = judge(part, before.previous, before.evidence, shown.outline.key)
            yield from _told(reused, part.text, at, before.previous, sentence_id)
            if origin is Origin.PERSON and reused and reused.state is State.OPEN:
                left.append(part.text)
    chosen = {field.key for field in shown.outline.fields if field.choices}
    for key, value in shown.fields.items():
        for _, part in parts(Sentence(value)) if key not in chosen else ():
            reused = judge(part, before.previous, before.evidence, shown.outline.key)
            yield from _told(reused, part.text, 0, before.previous, "")
            if reused and reused.state is State.OPEN:
                left.append(part.text)
    if left:
        several = f"{len(left)} sentences stand" if len(left) > 1 else "One sentence stands"
        message = f"{several} as in {before.previous.number}, and nothing in the evidence shows whether that still holds: “{left[0]}”"
        yield Finding(RULE, Severity.WARNS, message)
    if shown.outline.key == ACTIONS:
        yield from unaddressed(before)


def _told(reused: Reused | None, text: str, at: int, previous: Previous, sentence_id: str) -> Iterator[Finding]:
    for fault in reused.faults if reused else ():
        where = f"carried over from {previous.number} ({reused.said.place})" if reused and reused.said else "carried over"
        message = f"{where[0].upper()}{where[1:]}, no longer holds: {fault.why}."
        start, end, quote = at + fault.start, at + fault.end, text[fault.start : fault.end]
        if not sentence_id:
            start, end, quote = 0, 0, text
        yield Finding(RULE, Severity.BLOCKS, message, start, end, quote, fault.evidence, sentence=sentence_id)


def listed(sentences: Sequence[Sentence], before: Before, section: str = "") -> list[tuple[Sentence, Reused]]:
    """Return the sentences of a section that repeat the previous report, each with its state."""
    found = [(part, judge(part, before.previous, before.evidence, section)) for s in sentences for _, part in parts(s)]
    return [(part, reused) for part, reused in found if reused is not None]
