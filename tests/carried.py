"""Reused sentences with their labels: stale ones and ones that still hold, made from the stored facts of two years of one product."""

import json
import random
import re
from dataclasses import dataclass

from drafting import previous_text
from drafting.checks.reuse import Previous
from drafting.checks.tokens import Token, enumerate_tokens
from drafting.model import EvidencePack, Sentence
from drafting.previous import together
from drafting.render import known, printed, render

SEED, EACH, TIMES = 20261125, 100, 4
OPENINGS = ("", "", "As in the year before: ", "In summary, ", "It is noted that ")
ENDINGS = ("", "", " This was reviewed.", " No further action was taken.")
WORDS = (("was recorded", "is recorded"), ("The query over the period found", "The query over the whole period found"), ("results ranged", "the results ranged"), ("Held against", "When held against"))  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A sentence as a person typed it, and whether something in it is last year's and wrong now."""

    text: str
    stale: bool
    how: str
    section: str


def previous_of(exported: bytes) -> Previous:
    """Read last year's report as it is kept at its approval."""
    return previous_text.approved(json.loads(exported), "sha256:benchmark")


def labelled(exported: bytes, packs: dict[str, EvidencePack]) -> list[Labelled]:
    """Return stale sentences and true ones, in equal number and mixed order."""
    chance = random.Random(SEED)
    now = together(list(packs.values()))
    stale: list[Labelled] = []
    true: list[Labelled] = []
    for section in json.loads(exported)["sections"]:
        key = section["summary"]["key"]
        for said in section["sentences"] * TIMES:
            template = template_of(said)
            changed = [ref for ref in refs_of(said) if known(ref, now) and printed(ref, now) != printed_in(said, ref)]
            gone = [ref for ref in refs_of(said) if not known(ref, now) and not ref.startswith("fact:")]
            if changed or gone:
                stale.append(Labelled(retold(said["text"], chance), True, "verbatim or in other words", key))
            elif all(known(ref, now) for ref in refs_of(said)):
                true.append(Labelled(retold(said["text"], chance), False, "unchanged and still so", key))
            if changed and all(known(ref, now) for ref in refs_of(said)):
                fresh = render(template, now)
                true.append(Labelled(retold(fresh.text, chance), False, "brought up to date", key))
                mixed = half_updated(said, fresh, chance)
                if mixed:
                    stale.append(Labelled(mixed, True, "one figure left as it was", key))
    stale, true = list(dict.fromkeys(stale)), list(dict.fromkeys(true))
    chance.shuffle(stale)
    chance.shuffle(true)
    chosen = [*stale[:EACH], *true[:EACH]]
    chance.shuffle(chosen)
    return chosen


def refs_of(said: dict) -> list[str]:  # type: ignore[type-arg] # of JSON
    return [span["ref"] for span in said["spans"]]


def printed_in(said: dict, ref: str) -> str:  # type: ignore[type-arg]
    span = next(s for s in said["spans"] if s["ref"] == ref)
    return str(said["text"][span["start"] : span["end"]])


def template_of(said: dict) -> str:  # type: ignore[type-arg]
    made, end = [], 0
    for span in said["spans"]:
        made += [said["text"][end : span["start"]], f"{{{span['ref']}}}"]
        end = span["end"]
    return "".join([*made, said["text"][end:]])


def half_updated(said: dict, fresh: Sentence, chance: random.Random) -> str:  # type: ignore[type-arg]
    """Put one figure of last year back into a sentence that was brought up to date."""
    spans = [
        s
        for s in fresh.spans
        if re.search(r"\d", printed_in(said, s.ref)) and fresh.text[s.start : s.end] != printed_in(said, s.ref)
    ]
    if len(spans) < 2:
        return ""
    span = chance.choice(spans)
    old = printed_in(said, span.ref)
    return fresh.text[: span.start] + old + fresh.text[span.end :]


def retold(text: str, chance: random.Random) -> str:
    """Tell a sentence again as persons do: with an opening, an ending, or a word changed; its figures stay."""
    for old, new in WORDS:
        if chance.random() < 0.3:
            text = text.replace(old, new)
    opening, ending = chance.choice(OPENINGS), chance.choice(ENDINGS)
    first = enumerate_tokens(text[:12])
    if opening and not (first and first[0].start == 0 and first[0].kind is Token.IDENTIFIER):
        text = text[0].lower() + text[1:]
    return f"{opening}{text}{ending}"
