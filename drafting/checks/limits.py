"""Limits as results: a limit given where a result is spoken of, and a range of results that does not show conformity. Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from drafting.checks.findings import at
from drafting.checks.lexicon import LIMITS, RESULTS, WEAK
from drafting.checks.places import Place, places
from drafting.checks.qualified import is_denied
from drafting.model import EvidencePack, Finding, Sentence
from drafting.render import known

_CONFORMING = re.compile(
    r"\b(?:with)?in (?:the |its |their )?(?:specifications?|limits?)|\b(?:met|complied|conform(?:ed|s|ing)?|satisf(?:y|ied))\b",
    re.IGNORECASE,
)


def check(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    """Yield the findings on limits and on ranges said to conform."""
    found = [place for place in places(sentence) if known(place.span.ref, pack)]
    for place in found:
        if re.search(r"#(?:lower_limit|upper_limit|limit_text)$", place.span.ref) and _as_result(place):
            message = f"'{sentence.text[place.span.start : place.span.end]}' is a limit, and is given as a result."
            yield at("limits", message, sentence, place.span.start, place.span.end, evidence=place.span.ref)
    claim = _CONFORMING.search(sentence.text)
    if claim and not is_denied(sentence.text, claim.start()):
        yield from _not_shown(sentence, found, pack)


def _as_result(place: Place) -> bool:
    """Tell whether the words before a limit speak last of a result, and none behind it of a limit."""
    result, limit = ([m.end() for m in words.finditer(place.before)] for words in (RESULTS, LIMITS))
    if re.match(r"\s*(?:is|was|as|being)?\s*(?:the |a )?(?:limit|specification|acceptance)", place.right):
        return False
    return max(result, default=-1) > max(limit, default=-1) or (not limit and WEAK.search(place.before) is not None)


def _not_shown(sentence: Sentence, found: list[Place], pack: EvidencePack) -> Iterator[Finding]:
    """Compare the exact extremes that a sentence gives with the limits of their attribute: rounding must not hide a failure."""
    for place in found:
        attribute, _, stat = place.name.rpartition(".")
        if stat not in ("min", "max") or not place.span.ref.startswith("fact:"):
            continue
        key = next((k for k in pack.records if k.startswith("specification/") and k.endswith(f"/{attribute}")), None)
        field = "lower_limit" if stat == "min" else "upper_limit"
        limit, value = _decimal(pack.records[key].fields.get(field) if key else None), _decimal(pack.facts[place.name].exact)
        if limit is None or value is None:
            continue
        if (value < limit) if stat == "min" else (value > limit):
            message = f"{place.name} is {value}, outside the limit {limit}: this range does not show conformity."
            yield at("limits", message, sentence, place.span.start, place.span.end, evidence=f"cell:{key}#{field}")


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
