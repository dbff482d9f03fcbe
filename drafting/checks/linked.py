"""What the words say of how two named records belong together, held against the cells by which records name each other. Pure.

A CAPA that is "linked to", "opened for" or "the result of" a deviation must name it or be named by it, a recurrence must be of the event that its
record names, and no record is told beside itself. Only kinds between which the evidence has such cells at all are judged.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from drafting.checks.findings import at
from drafting.checks.named_records import JOIN, NOUN, Named, named_in, widened, writers_words
from drafting.model import Evidence, EvidencePack, Finding, Sentence

_CAUSE = r"(?:for|from|under|on|due to|because of|out of|in response to|to address|to correct|as a result of|as a consequence of|in the course of)"
_LINKED = (
    r"(?:linked|tied|assigned) (?:to|with)|belong(?:s|ed|ing)? to|(?:led|leads|leading) to|result(?:s|ed|ing)? in|trigger(?:s|ed|ing)?(?: by)?|gave rise to"
    r"|(?:addressed|corrected|remedied|covered|prevented) (?:by|in|with|under|through)"
    rf"|(?:opened|raised|initiated|issued|started|created|set up|taken|defined|implemented|launched|introduced) {_CAUSE}|(?:result|consequence|outcome) of"
)
_AGAIN = r"(?:recurrence|repeat|repetition) of|repeat(?:s|ed|ing)?"
_ITSELF = r"apart from|different from|differ(?:s|ed)? from|same as|unlike|together with|caused by|see"
_BEFORE = (
    rf"(?P<it>\s+(?:it|this|that))?\s*:?\s+(?:the\s+)?(?:(?:major|minor|critical|earlier|corrective)\s+)?(?:{NOUN}\s+)?$"
)
_HOW = {
    name: re.compile(rf"\b(?P<how>{words}){_BEFORE}", re.IGNORECASE)
    for name, words in (("linked", _LINKED), ("again", _AGAIN), ("itself", f"{_LINKED}|{_AGAIN}|{_ITSELF}"))
}
_NOT = re.compile(r"\b(?:not|never|no longer|neither|nor)\s+(?:\w+\s+){0,2}$|n't\s+(?:\w+\s+)?$", re.IGNORECASE)
_PARTS = re.compile(r"[|,;]\s*")
ROLE_AGAIN = "recurring_of"


def check(sentence: Sentence, pack: EvidencePack, whole: EvidencePack | None = None) -> Iterator[Finding]:
    """Yield a finding for each record that is told to belong to another one to which its evidence does not link it."""
    text, wide = writers_words(sentence), widened(pack, whole) if whole else pack
    own = {
        span.start for span in sentence.spans if span.ref.startswith("cell:")
    }  # by which a record names another: true by itself
    every = [n for n in named_in(sentence, text, [0], wide) if sentence.text[n.start : n.end] == n.record.identifier]
    subjects: dict[int, Named | None] = {}  # by where what is linked stands; a list goes on with the same one
    for before, named in pairwise(every):
        between = text[before.end : named.start]
        if before.start in subjects and before.record.kind == named.record.kind and JOIN.fullmatch(between):
            subjects[named.start] = subjects[before.start]
        elif told := _told(between, "linked"):
            subjects[named.start] = _subject(every, named, of_sentence=bool(told["it"]))
        subject = subjects.get(named.start)
        if subject is not None:
            yield from _unlinked(sentence, subject.record, named, wide)
        yield from _again(sentence, every, named, between) if named.start not in own else ()


def _told(between: str, how: str) -> re.Match[str] | None:
    """Return the words before a record that say how it belongs to another; what is denied is not judged."""
    match = _HOW[how].search(between)
    return match if match and not _NOT.search(between[: match.start()]) else None


def _subject(every: list[Named], named: Named, *, of_sentence: bool) -> Named | None:
    """Return the record of another kind that was named last before, or first where "it" stands for what the sentence is about."""
    able = [n for n in every if n.end <= named.start and n.record.kind != named.record.kind]
    return able[0 if of_sentence else -1] if able else None


def _unlinked(sentence: Sentence, one: Evidence, named: Named, pack: EvidencePack) -> Iterator[Finding]:
    other, fields = named.record, _fields(pack, one.kind, named.record.kind)
    if not fields or _names(one, other) or _names(other, one):
        return
    kind, field = fields[0]
    holder = one if one.kind == kind else other
    message = f"{other.identifier} is told to belong to {one.identifier}, and neither record names the other."
    evidence = f"cell:{holder.kind}/{holder.identifier}#{field}" if holder.fields.get(field) else holder.ref
    yield at("identifiers", message, sentence, named.start, named.end, evidence=evidence)


def _again(sentence: Sentence, every: list[Named], named: Named, between: str) -> Iterator[Finding]:
    """Yield what is told of a record beside itself, and a recurrence of another event than its record names."""
    before = next((n for n in reversed(every) if n.end <= named.start and n.record.kind == named.record.kind), None)
    if before is None:
        return
    one, other = before.record, named.record
    if one.ref == other.ref and _HOW["itself"].search(between):
        message = f"{one.identifier} stands here beside itself."
        yield at("identifiers", message, sentence, named.start, named.end, evidence=one.ref)
    elif one.fields.get(ROLE_AGAIN) and _told(between, "again") and not _names(one, other):
        message = f"{one.identifier} repeats {one.fields[ROLE_AGAIN]} by its record, not {other.identifier}."
        evidence = f"cell:{one.kind}/{one.identifier}#{ROLE_AGAIN}"
        yield at("identifiers", message, sentence, named.start, named.end, evidence=evidence)


def _names(one: Evidence, other: Evidence) -> bool:
    """Tell whether a cell of a record names the other one."""
    name = re.compile(rf"(?<![\w-]){re.escape(other.identifier)}(?![\w-])")
    return any(value and name.search(value) for value in one.fields.values())


@lru_cache(maxsize=512)
def _fields(pack: EvidencePack, one: str, other: str) -> tuple[tuple[str, str], ...]:
    """Return the fields by which records of two kinds name each other anywhere in the evidence, with the kind that has them."""
    return tuple(_pointing(pack, one, other)) or tuple(_pointing(pack, other, one))


def _pointing(pack: EvidencePack, kind: str, to: str) -> Iterator[tuple[str, str]]:
    identifiers = {r.identifier for r in pack.records.values() if r.kind == to}
    held = [r.fields for r in pack.records.values() if r.kind == kind]
    for field in dict.fromkeys(name for fields in held for name in fields):
        if any(part in identifiers for fields in held for part in _PARTS.split(fields.get(field) or "")):
            yield kind, field
