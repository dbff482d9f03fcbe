"""A thousand drafts with one altered digit, identifier, unit or date: all blocked. A thousand clean ones: none."""

import random
import re
from collections.abc import Callable

import pytest

from drafting.checks.alignment import candidates, realign
from drafting.checks.engine import check_sentence
from drafting.model import Evidence, EvidencePack, Fact, Origin, Sentence, Severity, Span
from drafting.render import printed, render

SEED = 20_261_124
TEMPLATES = (
    "The mean of {fact:a.attribute} was {fact:a.mean} with a standard deviation of {fact:a.sd} over {fact:a.n} batches.",
    "Results ranged from {fact:a.min} in batch {record:batch/517} to {fact:a.max} in batch {record:batch/604}.",
    "{record:oos/OOS-2020-003}: batch {cell:oos/OOS-2020-003#batch}, {cell:oos/OOS-2020-003#result} against {cell:oos/OOS-2020-003#limit_text}.",
    "{record:deviation/DEV-2020-014} occurred at {cell:deviation/DEV-2020-014#occurred_at}.",
    "From {fact:from} to {fact:to}, {fact:a.n} batches were made.",
)


def evidence(kind: str, identifier: str, fields: dict[str, str], units: dict[str, str] | None = None) -> Evidence:
    return Evidence(kind, identifier, fields, units or {}, "sha256:x", "f.csv", "d", 7, {}, synthetic=True)


def pack(rng: random.Random) -> EvidencePack:
    def number(places: int) -> str:
        return f"{rng.randrange(10, 99)}.{rng.randrange(10**places):0{places}d}"

    def fact(name: str, value: str, unit: str = "") -> Fact:
        return Fact(name, value, value, unit, 134, "v1")

    facts = [
        fact("a.attribute", "api_ps01"), fact("a.mean", number(2), "%"), fact("a.sd", number(3), "%"),
        fact("a.n", str(rng.randrange(30, 300))), fact("a.min", number(1), "%"), fact("a.max", number(1), "%"),
        fact("from", f"20{rng.randrange(10, 30)}-05-01"), fact("to", f"20{rng.randrange(10, 30)}-04-30"),
    ]  # fmt: skip
    records = {
        "batch/517": evidence("batch", "517", {}),
        "batch/604": evidence("batch", "604", {}),
        "oos/OOS-2020-003": evidence(
            "oos", "OOS-2020-003", {"batch": "604", "result": number(1), "unit": "%", "limit_text": f"NLT {number(1)} %"}
        ),
        "deviation/DEV-2020-014": evidence("deviation", "DEV-2020-014", {"occurred_at": "2020-11-03T14:20"}),
    }
    return EvidencePack("s", {f.id: f for f in facts}, records)


def blocked(sentence: Sentence, evidence_pack: EvidencePack) -> bool:
    return any(f.severity is Severity.BLOCKS for f in check_sentence(sentence, evidence_pack, origin=Origin.MACHINE))


def altered(sentence: Sentence, start: int, end: int, new: str) -> Sentence:
    """Replace a stretch; the references are kept, and move with the text."""
    shift = len(new) - (end - start)
    spans = tuple(
        Span(s.start + (shift if s.start >= end else 0), s.end + (shift if s.end >= end else 0), s.ref)
        for s in sentence.spans
    )
    return Sentence(sentence.text[:start] + new + sentence.text[end:], spans, sentence.cites)


def one_digit(sentence: Sentence, rng: random.Random, _: EvidencePack) -> Sentence:
    place = rng.choice([m.start() for m in re.finditer(r"\d", sentence.text)])
    other = rng.choice([d for d in "0123456789" if d != sentence.text[place]])
    return altered(sentence, place, place + 1, other)


def other_literal(sentence: Sentence, rng: random.Random, evidence_pack: EvidencePack) -> Sentence:
    """Put another value that stands in the same evidence in the place of the right one."""
    span = rng.choice(sentence.spans)
    shown = sentence.text[span.start : span.end]
    others = [f.printed for f in evidence_pack.facts.values()] + [r.identifier for r in evidence_pack.records.values()]
    return altered(sentence, span.start, span.end, rng.choice([o for o in others if o != shown]))


def unit(sentence: Sentence, rng: random.Random, evidence_pack: EvidencePack) -> Sentence:
    places = list(re.finditer(r" %", sentence.text))
    if not places:
        return one_digit(sentence, rng, evidence_pack)
    chosen = rng.choice(places)
    return altered(sentence, chosen.start(), chosen.end(), rng.choice([" mg", " ppm", "", " kN"]))


def inserted(sentence: Sentence, rng: random.Random, _: EvidencePack) -> Sentence:
    """Write a digit directly before or behind a rendered value, outside of it."""
    span = rng.choice([s for s in sentence.spans if sentence.text[s.start : s.end][-1].isdigit()] or list(sentence.spans))
    place = rng.choice([span.start, span.end])
    new = Sentence(sentence.text[:place] + "7" + sentence.text[place:], sentence.spans, sentence.cites)
    if place == span.end:
        later = tuple(Span(s.start + 1, s.end + 1, s.ref) if s.start >= place else s for s in sentence.spans)
    else:
        later = tuple(Span(s.start + 1, s.end + 1, s.ref) if s.start >= place else s for s in sentence.spans)
    return Sentence(new.text, later, new.cites)


@pytest.mark.parametrize("mutate", [one_digit, other_literal, unit, inserted], ids=lambda f: f.__name__)
def test_every_one_of_250_mutations_is_blocked(mutate: Callable[[Sentence, random.Random, EvidencePack], Sentence]) -> None:
    rng = random.Random(SEED)
    for _ in range(250):
        evidence_pack = pack(rng)
        sentence = render(rng.choice(TEMPLATES), evidence_pack)
        changed = mutate(sentence, rng, evidence_pack)
        assert changed.text != sentence.text
        assert blocked(changed, evidence_pack), changed.text


def test_none_of_a_thousand_clean_drafts_is_blocked() -> None:
    rng = random.Random(SEED)
    for _ in range(1000):
        evidence_pack = pack(rng)
        sentence = render(rng.choice(TEMPLATES), evidence_pack)
        assert not blocked(sentence, evidence_pack), sentence.text


def test_an_edit_keeps_references_of_what_is_unchanged() -> None:
    evidence_pack = pack(random.Random(1))
    before = render(TEMPLATES[0], evidence_pack)
    edited = realign(before, "In this period the mean of" + before.text.removeprefix("The mean of"), evidence_pack)
    assert {s.ref for s in edited.spans} == {s.ref for s in before.spans}
    assert not blocked(edited, evidence_pack)


def test_a_number_typed_by_hand_is_not_resolved_by_equality() -> None:
    evidence_pack = pack(random.Random(1))
    before = render(TEMPLATES[0], evidence_pack)
    wrong = before.text.replace(printed("fact:a.mean", evidence_pack), printed("fact:a.max", evidence_pack))
    edited = realign(before, wrong, evidence_pack)
    assert blocked(edited, evidence_pack)
    token = evidence_pack.facts["a.max"].printed
    assert "fact:a.max" in candidates(token, evidence_pack)
    picked = realign(before, wrong, evidence_pack, picks={token: "fact:a.max"})
    assert blocked(picked, evidence_pack)  # a person said which value it is; the sentence still calls it the mean
    worded = realign(
        before, wrong.replace("The mean of", "The highest result of"), evidence_pack, picks={token: "fact:a.max"}
    )
    assert not blocked(worded, evidence_pack)


def test_a_denial_that_a_fact_contradicts_is_blocked() -> None:
    evidence_pack = EvidencePack("s", {"oos.recomputed": Fact("oos.recomputed", "2", "2", "", 134, "v1")})
    found = check_sentence(Sentence("No result was outside its specification."), evidence_pack, origin=Origin.PERSON)
    assert [f.rule for f in found if f.severity is Severity.BLOCKS] == ["conclusions"]
