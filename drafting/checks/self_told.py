"""Words of number for which a sentence itself accounts: it lists as many, or its references say the same. Pure.

"Three batches were rejected: A, B and C", "two failed (2)", "six weeks after", "in a hundred batches": each follows from what the sentence
refers to, and from nothing else. A number that it does not account for must be tied to evidence.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from drafting.checks.findings import record_of
from drafting.checks.lexicon import GAP
from drafting.checks.quantities import quantities
from drafting.model import Sentence

_TIMES = {"twice": 2, "thrice": 3}
_AT_LEAST_ONE = re.compile(r"\bat least one\b", re.IGNORECASE)
_BASE = re.compile(r"\b(?:an?|one|per|each|every)\s+(?:average\s+)?(?P<base>hundred|thousand|million)\b", re.IGNORECASE)
_SPAN = re.compile(
    r"\b(?P<word>[a-z]+)\s+(?P<unit>days?|weeks?|months?|years?)\s+(?:after|before|later|earlier)\b", re.IGNORECASE
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
_NEXT_IN_BRACKETS = re.compile(rf"(?:[^(){GAP};]|\([^(){GAP};]*\))*\((?P<gap>{GAP}+)")
_NOUNS = tuple(  # what is counted, and the kinds of records of which as many must be listed
    (re.compile(rf"\s+(?:\w+\s+){{0,3}}?(?:{words})\b", re.IGNORECASE), frozenset(kinds.split()))
    for words, kinds in (
        ("batches|lots|rejections|releases", "batch material_lot"), ("deviations|events", "deviation"), ("CAPAs|actions", "capa previous_action"), ("changes", "change_control"),
        ("complaints", "complaint"), ("OOS|results", "oos oot stability_result"), ("returns", "return"), ("recalls", "recall"), ("agreements", "agreement"),
    )
)  # fmt: skip
_NEAR = 20
_AS_MANY = re.compile(r"\s+(?:times\s+)?(?:as|the number)\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|all but|the (?:other|remaining))\s*$", re.IGNORECASE)


def is_self_told(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether the sentence accounts for the word of number that stands at a place."""
    word = sentence.text[start:end].lower()
    if any(m.start() <= start and end <= m.end() for m in _AT_LEAST_ONE.finditer(sentence.text)):
        return True
    if any(m.start("base") <= start and end <= m.end("base") for m in _BASE.finditer(sentence.text)):
        return any(re.search(r"rate|per_million|share", span.ref) for span in sentence.spans)
    number = 1 if word == "one" else _TIMES.get(word) or _value(word)
    return number is not None and number in {
        *_of_figures(sentence, start, end),
        *_listed(sentence, start, end),
        *_in_brackets(sentence, end),
        *_between_days(sentence, start),
    }


def _of_figures(sentence: Sentence, start: int, end: int) -> Iterator[int]:
    """Yield what counts of the sentence make: one in brackets behind, what two differ by, and how many times one is the other."""
    text, counts = sentence.text, [s for s in sentence.spans if s.ref.startswith("fact:")]
    shown = {s: text[s.start : s.end] for s in counts}
    yield from (int(shown[s]) for s in counts if s.start > end and text[s.start - 1] == "(" and shown[s].isdecimal())
    if re.search(r"\S\s$", text[:start]) and any(s.end == start - 1 and s.ref.endswith((".min", ".max")) for s in counts):
        yield 1  # an extreme is of one batch: "at 87.9 % one batch"
    for one, other in pairwise(int(shown[s]) for s in counts if shown[s].isdecimal()):
        if _AS_MANY.match(text, end):
            yield round(max(one, other) / max(1, min(one, other)))
        elif _ONLY.search(text[:start]):
            yield abs(one - other)


def _value(word: str) -> int | None:
    read = quantities(word) if word.isalpha() else ()
    return int(read[0].low) if len(read) == 1 and read[0].low is not None and read[0].low.denominator == 1 else None


def _listed(sentence: Sentence, start: int, end: int) -> Iterator[int]:
    """Yield how many records of one kind the sentence names, each by its identifier; one is no list."""
    kinds = next((kinds for words, kinds in _NOUNS if words.match(sentence.text, end)), None)
    named = {
        (record_of(s.ref).partition("/")[0], record_of(s.ref))
        for s in sentence.spans
        if record_of(s.ref).partition("/")[2] == sentence.text[s.start : s.end] or s.ref.startswith("record:")
    }
    near = any(s.start >= start or start - s.end < _NEAR for s in sentence.spans)
    counts = Counter("batch" if kind == "batch_disposition" else kind for kind, _ in named)
    yield from (n for kind, n in counts.items() if n > 1 and near and (kinds is None or kind in kinds))


def _in_brackets(sentence: Sentence, end: int) -> Iterator[int]:
    """Yield the count that a reference in brackets repeats: "two for core weight (2)"."""
    text = sentence.text
    for span in sentence.spans:
        text = text[: span.start] + GAP * (span.end - span.start) + text[span.end :]
    match = _NEXT_IN_BRACKETS.match(text, end)
    shown = sentence.text[match.start("gap") : match.end("gap")] if match else ""
    yield from [int(shown)] if shown.isdecimal() else []


def _between_days(sentence: Sentence, start: int) -> Iterator[int]:
    """Yield how many days, weeks, months or years lie between the two days that the sentence gives."""
    told = next((m for m in _SPAN.finditer(sentence.text) if m.start("word") == start), None)
    days = [date.fromisoformat(shown) for s in sentence.spans if _DATE.fullmatch(shown := sentence.text[s.start : s.end])]
    if told and len(days) == 2:  # noqa: PLR2004 - between two
        yield round(abs((days[1] - days[0]).days) / _DAYS[told["unit"].lower().rstrip("s")])
