"""A sentence in the words of the rules carries the references of the rules, whoever wrote it. Pure.

What the rules say of a section's evidence is worked out from that evidence, so no list of their sentences has to be kept: a sentence that
a drafter learns tomorrow is held to its references from then on. Any other words are held to the lexicon.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafting.checks.lexicon import GAP
from drafting.drafters.deterministic import RULES
from drafting.model import EvidencePack, Sentence, Span
from drafting.render import REFERENCE

FEWEST_LETTERS = 5  # of a lead: "§: §" are nobody's words, "For § at §" are the rule's
_TOKENS = re.compile(r"[:/.#]")


@dataclass(frozen=True)
class Part:
    """A clause of a sentence: its words with a gap for each reference, and the references."""

    words: str
    refs: tuple[str, ...]


Said = tuple[Part, ...]  # the lead, then what it lists


@dataclass(frozen=True)
class Judged:
    """A sentence beside those of the rules: whether it is one, which references differ from what, and which the list does not name."""

    whole: bool = False
    strange: tuple[tuple[int, str], ...] = ()
    unlisted: tuple[int, ...] = ()


def parts(masked: str, refs: Sequence[str]) -> Said:
    """Return the clauses of a sentence that is read without what its references print."""
    found, used = [], 0
    for piece in masked.split(";"):
        count = piece.count(GAP)
        found.append(Part(piece.strip(" .\n"), tuple(refs[used : used + count])))
        used += count
    return tuple(found)


@lru_cache(maxsize=256)
def by_rules(pack: EvidencePack) -> Mapping[str, tuple[Said, ...]]:
    """Return what the rules say of the evidence, by the words of the lead."""
    rule = RULES.get(pack.section)
    found: dict[str, list[Said]] = {}
    try:
        for template, _ in rule(pack) if rule else ():
            said = parts(REFERENCE.sub(GAP, template), REFERENCE.findall(template))
            if len(re.sub(r"\W", "", said[0].words)) >= FEWEST_LETTERS:
                found.setdefault(said[0].words, []).append(said)
    except (LookupError, ValueError):  # evidence kept by an earlier release may lack what the rules read today
        return {}
    return {words: tuple(every) for words, every in found.items()}


def beside_the_rules(sentence: Sentence, masked: str, pack: EvidencePack) -> Judged:
    """Hold the references of a sentence in the rules' words against the rules."""
    refs = [span.ref for span in sentence.spans]
    if masked.count(GAP) != len(refs):
        return Judged()
    said = parts(masked, refs)
    every = by_rules(pack).get(said[0].words, ())
    if not every or said in every:
        return Judged(whole=bool(every))
    listed = frozenset(part.words for one in every for part in one[1:])
    own = sorted(every, key=lambda one: one[0].refs != said[0].refs)  # of those that fit as well the one of the same record
    return min((_beside(said, one, listed) for one in own), key=lambda judged: (len(judged.strange), len(judged.unlisted)))


def _beside(said: Said, rule: Said, listed: frozenset[str]) -> Judged:
    """Hold a sentence against one with the same lead; what it lists may be less, or in another order."""
    lead, strange = rule[0], list[tuple[int, str]]()
    unlisted: list[int] = []
    moved = lead.refs != said[0].refs
    if not _moved(lead.refs, said[0].refs):
        strange += _differing(lead.refs, said[0].refs, 0)
    left, at = list(rule[1:]), len(said[0].refs)
    for part in said[1:]:
        options = [other for other in left if other.words == part.words]
        if part in options:
            left.remove(part)
        elif any(_moved((*lead.refs, *other.refs), (*said[0].refs, *part.refs)) for other in options):
            unlisted += [] if moved else range(at, at + len(part.refs))
        elif part.words in listed:
            differing = [_differing(other.refs, part.refs, at) for other in options]
            nearest = min(differing, key=len, default=None)
            strange += nearest or [(at + i, "another") for i in range(len(part.refs))]
        at += len(part.refs)
    return Judged(strange=tuple(strange), unlisted=tuple(unlisted))


def _differing(rule: Sequence[str], refs: Sequence[str], at: int) -> list[tuple[int, str]]:
    return [(at + i, one) for i, (one, other) in enumerate(zip(rule, refs, strict=True)) if one != other]


def _moved(rule: Sequence[str], refs: Sequence[str]) -> bool:
    """Tell whether the references are the rule's, or all of them of one other attribute or record where the rule's are of one."""
    names: dict[str, str] = {}
    seen: dict[str, int] = {}
    for one, other in zip(rule, refs, strict=True):
        old, new = _TOKENS.split(one), _TOKENS.split(other)
        if len(old) != len(new):
            return False
        for name, now in zip(old, new, strict=True):
            if names.setdefault(name, now) != now:
                return False
            seen[name] = seen.get(name, 0) + 1
    return all(name == now or seen[name] > 1 for name, now in names.items())


def by_the_rules(sentence: Sentence, masked: str, pack: EvidencePack) -> set[Span]:
    """Return the references that stand in a clause as the rules have it, whatever was written beside it."""
    trusted: set[Span] = set()
    for said in (one for every in by_rules(pack).values() for one in every):
        for part in said:
            start = masked.find(part.words) if GAP in part.words else -1
            first = masked.count(GAP, 0, start) if start >= 0 else 0
            spans = sentence.spans[first : first + len(part.refs)] if start >= 0 else ()
            of_facts = all(ref.startswith("fact:") for ref in part.refs)  # a cell is of the record that the sentence names
            if (
                spans
                and of_facts
                and tuple(s.ref for s in spans) == part.refs
                and len(re.sub(r"\W", "", part.words)) >= FEWEST_LETTERS
            ):
                trusted |= set(spans)
    return trusted
