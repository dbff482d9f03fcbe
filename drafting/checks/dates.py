"""Dates: each is exactly that of the record it speaks of, and the words of order beside two of them agree with them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from drafting.checks.findings import at
from drafting.checks.lexicon import GAP
from drafting.checks.numbers import is_moment
from drafting.checks.places import Place, places
from drafting.checks.quantities import quantities
from drafting.checks.references import misprinted, untied
from drafting.checks.tokens import Token
from drafting.model import EvidencePack, Finding, Sentence
from drafting.render import known, printed

_BEFORE = re.compile(r"\b(?:before|prior to|earlier than|preceding|ahead of)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|following|later than|subsequent to)\b", re.IGNORECASE)
_SAME = re.compile(r"\bon the same day\b|\bthe same day\b", re.IGNORECASE)
_WITHIN = re.compile(r"\bwithin ([^,;§]*?days?|hours?)\b|\b([^,;§]{1,20}? days?) (?:after|later|before)\b", re.IGNORECASE)
_DAY = 86_400


def check(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    """Yield the findings on dates and times."""
    for ref, finding in misprinted(sentence, pack):
        if not ref.startswith("record:") and is_moment(printed(ref, pack)):
            yield replace(finding, rule="dates")
    for token, finding in untied(sentence):
        if token.kind in (Token.DATE, Token.TIME):
            yield replace(finding, rule="dates")
    yield from _order(sentence, pack)


def _order(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    if not any(words.search(sentence.text) for words in (_BEFORE, _AFTER, _SAME, _WITHIN)):
        return
    dated = [
        place
        for place in places(sentence)
        if known(place.span.ref, pack) and is_moment(sentence.text[place.span.start : place.span.end])
    ]
    for one, other in pairwise(dated):
        between = sentence.text[one.span.end : other.span.start]
        if one.clause == other.clause and len(between) < 120:  # noqa: PLR2004 - words of order stand near
            yield from _compared(sentence, one, other, between)


def _compared(sentence: Sentence, one: Place, other: Place, between: str) -> Iterator[Finding]:
    first, second = (_moment(sentence.text[p.span.start : p.span.end]) for p in (one, other))
    if first is None or second is None:
        return
    start, end = one.span.start, other.span.end
    said = between.replace(GAP, "")
    for pattern, holds in ((_BEFORE, first < second), (_AFTER, first > second), (_SAME, first.date() == second.date())):
        word = pattern.search(said)
        if word and not holds:
            message = f"'{word[0]}' does not agree with the dates {sentence.text[one.span.start : one.span.end]} and {sentence.text[other.span.start : other.span.end]}."
            yield at("dates", message, sentence, start, end, evidence=other.span.ref)
            return
    apart = _WITHIN.search(said)
    allowed = quantities(apart[0]) if apart else ()
    if apart and allowed and allowed[-1].high is not None and allowed[-1].unit and allowed[-1].unit.dimension == (("s", 1),):
        limit = allowed[-1].high * allowed[-1].unit.factor
        days = abs((second - first).total_seconds())
        exact = not apart[0].lower().startswith("within")
        if days > limit or (exact and days // _DAY != limit // _DAY):
            message = f"'{apart[0]}' does not agree with the dates: {days // _DAY:.0f} days lie between them."
            yield at("dates", message, sentence, start, end, evidence=other.span.ref)


def _moment(text: str) -> datetime | None:
    """Return a date or date-time as written, without its zone; None where it is too coarse to compare."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None
